//! What History says of an operation and of its changes. Words only; `view` paints.

use super::super::plan::words::{became, does, outcome_sign, sender, tally};
use crate::domain::account::Identity;
use crate::domain::journal::{Entry, OutcomeKind, Past, PastChange};
use crate::ui::canvas::counted;
use crate::ui::data::Data;
use crate::ui::moment::moment;
use crate::ui::msg::CutOff;
use crate::ui::theme::Role;

/// Where an operation stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// All of it is known.
    Done,
    /// It is being sent, here or by another process.
    Running(String),
    /// It was cut off, or has changes without an answer.
    CutOff(Box<CutOff>),
}

/// Where an operation stands.
pub fn standing(one: &Entry, data: &Data) -> Standing {
    if let Some(cut_off) = data.cut_off().iter().find(|cut| cut.entry.operation.id == one.operation.id) {
        return Standing::CutOff(Box::new(cut_off.clone()));
    }
    if one.operation.ended.is_some() {
        return Standing::Done;
    }
    Standing::Running(sender(data, &one.operation.account).unwrap_or_else(|| "being sent".to_owned()))
}

/// The sign and role of an operation.
pub fn sign(one: &Entry, data: &Data) -> (&'static str, Role) {
    let symbols = &data.theme.symbols;
    match standing(one, data) {
        Standing::CutOff(_) => ("?", Role::Warn),
        Standing::Running(_) => (symbols.arrow, Role::Accent),
        Standing::Done if one.count(OutcomeKind::Rejected) > 0 => (symbols.failed, Role::Bad),
        Standing::Done if one.count(OutcomeKind::Drifted) > 0 => (symbols.differs, Role::Warn),
        Standing::Done => (symbols.ok, Role::Good),
    }
}

/// What came of an operation, and what took it back.
pub fn came(one: &Entry, data: &Data) -> String {
    let dot = data.theme.symbols.dot;
    let counts: Vec<(OutcomeKind, usize)> = one.counts.iter().map(|(kind, n)| (*kind, *n as usize)).collect();
    let mut said = match (standing(one, data), counts.is_empty()) {
        (Standing::Running(how), true) => how,
        (Standing::CutOff(_), true) => "cut off".to_owned(),
        (_, _) => tally(counts.iter().map(|(kind, n)| (kind, n))),
    };
    if !one.takes_back.is_empty() {
        said = format!("{said} {dot} took back {}", numbers(&one.takes_back));
    }
    if !one.taken_back.is_empty() {
        said = format!("{said} {dot} taken back by {}", numbers(&one.taken_back));
    }
    said
}

fn numbers(all: &[u64]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Who sent it, where to and when.
pub fn sent(one: &Entry, data: &Data) -> String {
    let operation = &one.operation;
    let ended = match operation.ended {
        Some(at) if at.duration_since(operation.began).as_secs() >= 60 => {
            format!(", done at {}", moment(at, data))
        }
        _ => String::new(),
    };
    format!(
        "{} sent this to {} at {}{ended}",
        operation.who.shown(),
        operation.name,
        moment(operation.began, data)
    )
}

/// What is to be done about an operation; empty where nothing is.
pub fn todo(one: &Entry, data: &Data) -> String {
    match standing(one, data) {
        Standing::Done if data.account(&one.operation.account).is_none() => {
            "It went to an account that is not configured now: it cannot be taken back.".to_owned()
        }
        Standing::Done => String::new(),
        Standing::Running(how) => format!("It is {how}."),
        Standing::CutOff(cut_off) => {
            let mut said = Vec::new();
            if cut_off.unknown > 0 {
                said.push(format!("{} without an answer", counted(cut_off.unknown, "change")));
            }
            if cut_off.unsent > 0 {
                said.push(format!("{} never sent, still staged", counted(cut_off.unsent, "change")));
            }
            let said = if said.is_empty() { String::new() } else { format!(": {}", said.join(", ")) };
            format!("Cut off{said}. c asks the platform what is there; it sends nothing.")
        }
    }
}

/// A change with what became of it: sign, words, role.
pub fn change(one: &PastChange, past: &Past, account: &Identity, data: &Data) -> (&'static str, String, Role) {
    let symbols = &data.theme.symbols;
    let dot = symbols.dot;
    let capabilities = data.account(account).map(|now| now.capabilities);
    let does = does(&one.change, capabilities, symbols);
    let Some(outcome) = &one.outcome else {
        let went_out = past.attempts.iter().any(|attempt| attempt.changes.contains(&one.number));
        return if went_out {
            ("?", format!("no answer yet {dot} {does}"), Role::Warn)
        } else {
            (dot, format!("never sent {dot} {does}"), Role::Dim)
        };
    };
    let (sign, role) = outcome_sign(outcome.kind, symbols);
    let said = match (outcome.kind, one.taken_back) {
        (OutcomeKind::Applied, Some(by)) => format!("sent, taken back by operation {by} {dot} {does}"),
        (OutcomeKind::Applied, None) => format!("sent {dot} {does}"),
        _ => became(outcome, capabilities),
    };
    (sign, said, role)
}
