//! Everything of an account: who it is, its state and why, what its platform allows (a figure that no official
//! page prints is marked as a guess), and what the last check found.

use super::{rights, state};
use crate::domain::capabilities::{Capabilities, Certainty, Fact, Removal};
use crate::domain::clock::age;
use crate::domain::negative::Level;
use crate::domain::problem::Problem;
use crate::domain::text::shown;
use crate::ui::canvas::{count, counted};
use crate::ui::data::{AccountNow, Data};
use crate::ui::moment::moment;
use crate::ui::msg::CheckLine;
use crate::ui::remote::Remote;
use crate::ui::theme::Role;
use crate::ui::widgets::details::Details;

/// Everything of an account.
pub fn of(now: &AccountNow, checked: Option<&Remote<Vec<CheckLine>>>, data: &Data) -> Details {
    let (_, said, role) = state(now, data);
    let mut details = Details::default().pair_in("state", said, role);
    if let Some(problem) = now.problem.as_ref().or(now.snapshot.stale.as_ref()) {
        details = why(details, problem);
    }
    details = check(details, checked, data);
    let fetched = now.snapshot.fetched.map_or_else(
        || "never".to_owned(),
        |at| format!("{}, {} old", moment(at, data), age(at, data.clock.wall)).replace("now old", "just now"),
    );
    let held = format!(
        "{}, {}",
        counted(now.snapshot.campaigns, "campaign"),
        counted(now.snapshot.negatives, "negative")
    );
    // Before the store has said so, nothing is known of either.
    let (fetched, held) = if data.opened.value().is_some() { (fetched, held) } else { Default::default() };
    let staged = data.staged.iter().filter(|one| one.account == now.account.identity).count();
    let staged = if staged == 0 { String::new() } else { format!("{}, not sent", counted(staged, "change")) };
    let identity = &now.account.identity;
    let place = match (&now.problem, now.account.live) {
        (Some(_), _) => "",
        (None, true) => " (LIVE)",
        (None, false) => " (sandbox)",
    };
    let rights = match rights(now, data) {
        "read-only" => "read-only: nothing is staged or sent",
        "protected" => "protected: sending asks to type its name",
        _ => "changes may be staged and sent",
    };
    details = details.pair("last refresh", fetched).pair("holds", held).pair_in("staged", staged, Role::Accent);
    details = terms(details, now, data)
        .pair("calls", calls(now))
        .pair("may", rights)
        .gap()
        .pair("platform", format!("{}{place}", now.capabilities.title))
        .pair(
            "id there",
            if identity.origin.is_empty() { String::new() } else { shown(&identity.native).to_string() },
        )
        .pair("origin", shown(&identity.origin).to_string())
        .pair("group", shown(&now.account.group).to_string())
        .gap();
    limits(details, now.capabilities)
}

/// The days that search terms are loaded of, and how the last fetch went.
fn terms(details: Details, now: &AccountNow, data: &Data) -> Details {
    let said = match (now.fetching, now.terms) {
        (Some(counts), _) if counts.loaded == 0 && counts.rows == 0 => {
            format!("{} waiting for {}", data.spinner(), counted(counts.reports, "report"))
        }
        (Some(counts), _) => {
            let rows = counted(counts.rows as usize, "row");
            format!("{} {} of {}, {rows}", data.spinner(), counts.loaded, counted(counts.reports, "report"))
        }
        (None, Some(days)) => days.to_string(),
        (None, None) => String::new(),
    };
    // Before the first fetch nothing is said: they may be loaded all the same.
    let details = details.pair("search terms", said);
    match &now.terms_problem {
        None => details,
        Some(problem) => why(details.pair_in("not all came", problem.title.as_str(), Role::Bad), problem),
    }
}

/// How many calls were made, and how often the platform asked to slow down.
fn calls(now: &AccountNow) -> String {
    let calls = now.calls;
    match (calls.made, calls.throttled) {
        (0, _) => String::new(),
        (made, 0) => format!("{} made", count(made)),
        (made, throttled) => format!("{} made, {} met a throttle", count(made), count(throttled)),
    }
}

fn why(details: Details, problem: &Problem) -> Details {
    details.pair("because", problem.detail.as_str()).pair_in("do", problem.hint.as_str(), Role::Accent)
}

fn check(details: Details, checked: Option<&Remote<Vec<CheckLine>>>, data: &Data) -> Details {
    let symbols = data.theme.symbols;
    match checked {
        None | Some(Remote::Absent) => details,
        Some(Remote::Loading { .. }) => {
            details.pair_in("check", format!("{} asking", data.spinner()), Role::Accent)
        }
        Some(Remote::Failed { problem, .. }) => {
            why(details.pair_in("check", format!("{} {}", symbols.failed, problem.title), Role::Bad), problem)
        }
        Some(Remote::Ready(lines)) => lines.iter().fold(details, |details, line| match &line.result {
            Ok(said) => {
                details.pair_in("check", format!("{} {}: {}", symbols.ok, line.what, shown(said)), Role::Good)
            }
            Err(problem) => {
                let said = format!("{} {}: {}", symbols.failed, line.what, problem.title);
                why(details.pair_in("check", said, Role::Bad), problem)
            }
        }),
    }
}

fn figure(fact: Option<Fact<usize>>, unit: &str) -> String {
    let Some(fact) = fact else { return String::new() };
    let guess = if fact.certainty == Certainty::Guessed { " (guess)" } else { "" };
    format!("{} {unit}{guess}", count(fact.value))
}

fn joined(parts: impl IntoIterator<Item = String>) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn limits(details: Details, platform: &Capabilities) -> Details {
    let kinds = |level: Level| {
        let of = platform.kinds.iter().filter(move |rule| rule.level == level);
        joined(of.map(|rule| {
            let matches: Vec<String> = rule.matches.iter().map(ToString::to_string).collect();
            let kind: &'static str = rule.kind.into();
            if matches.is_empty() { kind.to_owned() } else { format!("{kind} ({})", matches.join(", ")) }
        }))
    };
    let text = &platform.text;
    details
        .pair("in ad groups", kinds(Level::AdGroup))
        .pair("in campaigns", kinds(Level::Campaign))
        .pair(
            "a text",
            joined([
                figure(Some(text.most_chars), "characters"),
                figure(text.most_words_exact, "words if exact"),
                figure(text.most_words_phrase, "words if phrase"),
            ]),
        )
        .pair(
            "at most",
            joined([
                figure(platform.cap.per_ad_group, "in an ad group"),
                figure(platform.cap.per_campaign, "in a campaign"),
            ]),
        )
        .pair(
            "a request",
            joined([
                figure(Some(platform.most_per_create), "new"),
                figure(Some(platform.most_per_update), "changed"),
            ]),
        )
        .pair(
            "to remove",
            match platform.removal {
                Removal::Archive => "archives for good",
                Removal::SwitchOff => "switches off: there is no delete",
            },
        )
        .pair("acts within", platform.acts_within)
}
