//! Every screen in every situation at both sizes, as pictures: one file for each screen and size, in which the
//! situations follow each other. A screen's own tests are beside it; this one only looks that nothing is missing.

use ratatui::style::Color;
use strum::VariantArray;

use super::effect::Effect;
use super::msg::{Msg, SnapshotState};
use super::remote::Ticket;
use super::screens::ScreenId;
use super::testing::{Shell, accounts, empty, stage_some, start, term_rows};
use crate::domain::problem::{Problem, ProblemKind};

/// What a person may meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, VariantArray)]
enum Situation {
    /// Everything there, without colour.
    Mono,
    /// Accounts without anything in them.
    Empty,
    /// Nothing has answered yet, for longer than one waits without a word.
    Loading,
    /// Everything that was asked for failed.
    Error,
    /// Everything there, and nothing may be sent.
    ReadOnly,
}

/// The screens, and the form that lies over Browse, by the keys that lead there.
fn places() -> Vec<(String, String)> {
    let mut places: Vec<_> = ScreenId::VARIANTS
        .iter()
        .map(|screen| {
            let keys = screen.number().map(|number| number.to_string()).unwrap_or_default();
            (screen.title().to_lowercase(), keys)
        })
        .collect();
    places.push(("add".to_owned(), "a".to_owned()));
    places
}

/// The request that an effect is, where it may fail.
fn ticket(effect: &Effect) -> Option<Ticket> {
    match effect {
        Effect::LoadOpening(ticket, _)
        | Effect::LoadCatalog(ticket)
        | Effect::Query(ticket, _)
        | Effect::BuildPlan(ticket, _)
        | Effect::LoadHistory(ticket, _)
        | Effect::LoadTerms(ticket)
        | Effect::Audit(ticket)
        | Effect::Sync(ticket, _) => Some(*ticket),
        _ => None,
    }
}

/// A model in a situation, led somewhere.
fn arranged(situation: Situation, keys: &str, first_run: bool, (width, height): (u16, u16)) -> Shell {
    let mut shell = Shell::asleep(width, height);
    if situation == Situation::Empty {
        (shell.catalog, shell.opening) = (empty().into(), SnapshotState::default());
    }
    if matches!(situation, Situation::Mono | Situation::ReadOnly) {
        shell.term_rows = term_rows();
    }
    shell.answers = !matches!(situation, Situation::Loading | Situation::Error);
    let mut start = start(if first_run { Vec::new() } else { accounts() });
    start.read_only = situation == Situation::ReadOnly;
    shell.send(Msg::Start(Box::new(start)));
    if matches!(situation, Situation::Mono | Situation::ReadOnly) && !first_run {
        stage_some(&mut shell);
    }
    if !keys.is_empty() {
        shell.press(keys);
    }
    if situation == Situation::Error {
        let why = Problem::new(ProblemKind::Storage, "The local database cannot be read")
            .detail("unbid.db: disk I/O error")
            .hint("Run `unbid doctor`.");
        let asked: Vec<Ticket> = shell.effects().iter().filter_map(ticket).collect();
        for ticket in asked {
            shell.send(Msg::Done(ticket, Err(why.clone())));
        }
    }
    shell.wait(std::time::Duration::from_millis(500));
    shell
}

#[test]
fn every_screen_in_every_situation_at_both_sizes() {
    for (place, keys) in places() {
        for size in [(80, 24), (140, 45)] {
            let picture = |situation: &Situation| {
                let shell = arranged(*situation, &keys, place == "welcome", size);
                format!("=== {situation:?}\n{}\n", shell.picture())
            };
            let pictures: Vec<String> = Situation::VARIANTS.iter().map(picture).collect();
            insta::assert_snapshot!(format!("{place}_{}x{}", size.0, size.1), pictures.concat());
        }
    }
}

#[test]
fn mono_has_no_colour_anywhere() {
    for (place, keys) in places() {
        for situation in Situation::VARIANTS {
            let shell = arranged(*situation, &keys, place == "welcome", (80, 24));
            let coloured = shell.cells().iter().any(|cell| (cell.fg, cell.bg) != (Color::Reset, Color::Reset));
            assert!(!coloured, "{place}, {situation:?}");
        }
    }
}
