//! The search terms as a person uses them: the morning's check, marks, reviews, words, whole screens.

use crate::domain::change::Change;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::sift::View;
use crate::ui::effect::Effect;
use crate::ui::msg::{Msg, Reply};
use crate::ui::testing::{Shell, accounts, start};

fn on_terms(width: u16, height: u16) -> Shell {
    let mut shell = Shell::new(width, height);
    shell.term_rows = crate::ui::testing::term_rows();
    shell.press("2");
    shell
}

fn staged(shell: &Shell) -> Vec<String> {
    let one = |change: &Change| match change {
        Change::Add { new } => {
            let group = new.ad_group.as_ref().map_or("campaign", |id| id.raw());
            let matched = new.match_type.map_or("product".to_owned(), |one| one.to_string());
            format!("{matched} {} at {group}", new.text.raw())
        }
        other => other.action().to_owned(),
    };
    shell.staged.iter().map(|staged| one(&staged.change)).collect()
}

#[test]
fn wide_screen() {
    insta::assert_snapshot!(on_terms(140, 45).picture());
}

#[test]
fn narrow_screen() {
    insta::assert_snapshot!(on_terms(80, 24).picture());
}

#[test]
fn without_terms_the_screen_teaches_how_to_load_them() {
    let mut shell = Shell::new(80, 24);
    shell.press("2");
    insta::assert_snapshot!(shell.picture());
}

#[test]
fn loading_shows_a_spinner_only_when_it_takes_long() {
    let mut shell = Shell::new(80, 24);
    shell.answers = false;
    shell.press("2");
    assert!(!shell.shows("Opening the search terms"));
    shell.wait(std::time::Duration::from_millis(200));
    insta::assert_snapshot!(shell.picture());
}

#[test]
fn terms_that_cannot_be_read_say_why() {
    let mut shell = Shell::new(80, 24);
    shell.answers = false;
    shell.press("2");
    let ticket = shell.asked.iter().find_map(|effect| match effect {
        Effect::LoadTerms(ticket) => Some(*ticket),
        _ => None,
    });
    let problem =
        Problem::new(ProblemKind::Storage, "The local database is damaged").hint("Run `unbid doctor`.");
    shell.send(Msg::Done(ticket.unwrap(), Err(problem)));
    insta::assert_snapshot!(shell.picture());
}

#[test]
fn read_only_sessions_look_and_stage_nothing() {
    let mut shell = Shell::with(80, 24, crate::ui::msg::Start { read_only: true, ..start(accounts()) });
    shell.term_rows = crate::ui::testing::term_rows();
    shell.press("2 space a");
    assert!(shell.shows("Read-only"));
    insta::assert_snapshot!(shell.picture());
}

#[test]
fn the_mornings_check_is_a_few_keys() {
    let mut shell = on_terms(140, 45);
    assert!(shell.shows("2 Terms 2"));
    shell.press("space space a");
    insta::assert_snapshot!(shell.picture());
    shell.press("p enter");
    assert_eq!(staged(&shell), ["phrase free coffee beans at g1", "phrase green grinder at g3"]);
    assert!(!shell.shows("2 Terms 2"), "what is staged is dealt with");
    assert!(shell.model.overlays.is_empty());
    shell.press("p");
    assert!(shell.shows("green grinder"));
}

#[test]
fn a_term_that_is_a_product_becomes_a_product_negative_and_the_campaign_can_be_chosen() {
    let mut shell = on_terms(140, 45);
    shell.press("w /").type_text("kind:asin").press("enter a enter");
    shell.press("esc /").type_text("free").press("enter a tab right enter");
    assert_eq!(staged(&shell), ["product B000000001 at g2", "exact free coffee beans at campaign"]);
}

#[test]
fn what_was_reviewed_does_not_come_back_tomorrow() {
    let mut shell = on_terms(140, 45);
    shell.press("space i");
    insta::assert_snapshot!(shell.picture());
    shell.press("tab").type_text("brand talk").press("enter");
    assert!(!shell.shows("free coffee beans"));
    shell.press("w");
    assert!(shell.shows("free coffee beans") && shell.shows("reviewed"));
    assert_eq!(shell.reviews.len(), 1);
    assert_eq!(shell.reviews[0].1.reason.raw(), "brand talk");
}

#[test]
fn filters_compare_figures_and_narrow_what_is_shown() {
    let mut shell = on_terms(140, 45);
    shell.press("w /").type_text("spend>10 orders:0").press("enter");
    assert!(shell.shows("2 of 8"), "{}", shell.picture());
    shell.press("esc");
    assert!(!shell.shows(" of 8"));
    shell.press("esc");
    assert_eq!(shell.model.screens.terms.lines.view, View::Waste);
}

#[test]
fn words_sum_up_and_lead_back_to_their_terms() {
    let mut shell = on_terms(140, 45);
    shell.press("w n");
    insta::assert_snapshot!(shell.picture());
    shell.press("enter");
    assert!(shell.model.screens.terms.words.is_none());
    assert!(shell.model.screens.terms.lines.is_filtered());
    shell.press("esc enter");
    assert!(shell.shows("in the whole account"));
    shell.press("esc");
    assert!(shell.model.screens.terms.words.is_none());
}

#[test]
fn the_terms_of_a_run_are_those_it_was_counted_in() {
    let mut shell = on_terms(140, 45);
    shell.press("w /").type_text("spend>1").press("enter n");
    let run = shell.model.screens.terms.words.as_ref().and_then(|words| words.under_cursor().cloned());
    shell.press("enter");
    let lines = &shell.model.screens.terms.lines;
    assert_eq!(Some(lines.len()), run.map(|run| run.lines));
    assert!(lines.filter.text().starts_with("spend>1 \""), "{}", lines.filter.text());
}

#[test]
fn money_has_its_dates_beside_it_on_narrow_screens_too() {
    let shell = on_terms(80, 24);
    let picture = shell.picture();
    let money = picture.lines().find(|line| line.contains("cost") && line.contains("0 orders ·")).unwrap();
    assert!(money.contains("Sep"), "{money}");
}

#[test]
fn a_failed_review_is_told() {
    let mut shell = on_terms(140, 45);
    shell.answers = false;
    shell.press("i enter");
    let ticket = shell.asked.iter().find_map(|effect| match effect {
        Effect::Review(ticket, _) => Some(*ticket),
        _ => None,
    });
    shell.send(Msg::Done(ticket.unwrap(), Err(Problem::new(ProblemKind::Storage, "The disk is full"))));
    assert!(shell.shows("The disk is full"));
}

#[test]
fn an_answer_to_an_older_question_changes_nothing() {
    let mut shell = on_terms(140, 45);
    shell.answers = false;
    shell.press("w w");
    let tickets: Vec<_> = shell
        .asked
        .iter()
        .filter_map(|effect| match effect {
            Effect::QueryTerms(ticket, _) => Some(*ticket),
            _ => None,
        })
        .collect();
    let sifter = shell.model.screens.terms.lines.sifter().unwrap().clone();
    let found =
        crate::ui::msg::LinesFound { sifter, rows: crate::domain::sift::LineRows::default(), kept: None };
    shell.send(Msg::Done(tickets[0], Ok(Reply::Lines(found))));
    assert!(shell.shows("green grinder"));
}

#[test]
fn sorting_turns_round_and_marks_survive_it() {
    let mut shell = on_terms(140, 45);
    shell.press("space S");
    let first = shell.model.screens.terms.lines.at(0).unwrap();
    assert_eq!(first.figures.spend.0, 10_020_000);
    assert!(shell.shows("1 marked, 0 hidden"));
    let marked: Vec<_> = shell.model.screens.terms.lines.marks.iter().collect();
    shell.press("*");
    let inverted: Vec<_> = shell.model.screens.terms.lines.marks.iter().collect();
    assert!(inverted.len() == 1 && inverted != marked);
}

#[test]
fn no_size_panics() {
    let mut shell = on_terms(140, 45);
    shell.press("space a");
    for size in [(60, 16), (61, 17), (80, 24), (99, 20), (100, 20), (200, 60), (1, 1)] {
        shell.resize(size.0, size.1);
    }
    shell.press("esc n");
    for size in [(60, 16), (100, 16)] {
        shell.resize(size.0, size.1);
    }
}
