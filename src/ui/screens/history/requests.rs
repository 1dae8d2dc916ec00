//! The exact requests of an operation with their answers, for `x`, and everything of a change or an operation, for
//! reading. Secrets stand as ***: the journal never had them.

use super::super::plan::requests::{folded, request};
use super::super::plan::words as plan_words;
use super::words;
use crate::domain::journal::{Attempt, Past, PastChange};
use crate::domain::text::shown;
use crate::ui::canvas::{Line, counted};
use crate::ui::data::Data;
use crate::ui::moment::{moment, time};
use crate::ui::overlays::pager::{Content, Pager};
use crate::ui::theme::Role;
use crate::ui::widgets::details::Details;

/// The requests and answers of an operation; with a change, only those that carried it.
pub fn pager(past: &Past, change: Option<u64>, data: &Data) -> Pager {
    let dot = data.theme.symbols.dot;
    let of = past.attempts.len();
    // What the pager has inside its borders now: nothing of a request may be out of sight.
    let room = usize::from(data.size.0.min(104).saturating_sub(8)).max(20);
    let mut lines = Vec::new();
    let mut copies = String::new();
    let carried = |one: &&Attempt| change.is_none_or(|number| one.changes.contains(&number));
    for one in past.attempts.iter().filter(carried) {
        if !lines.is_empty() {
            lines.push(Line::new());
            copies.push('\n');
        }
        let head = format!(
            "Request {} of {of} {dot} {} {dot} {} {dot} {}",
            one.number,
            shown(&one.request.operation),
            counted(one.changes.len(), "change"),
            time(one.intended, data)
        );
        lines.push(Line::of(head, Role::Title));
        for (text, role) in request(&one.request).into_iter().chain(answer(one, data)) {
            copies.push_str(&text);
            copies.push('\n');
            lines.extend(folded(&text, room).into_iter().map(|part| Line::of(part, role)));
        }
    }
    Pager::new(format!("Operation {} {dot} requests and answers", past.entry.number), Content::Lines(lines))
        .copies(copies)
}

/// What came back for a request.
fn answer(one: &Attempt, data: &Data) -> Vec<(String, Role)> {
    let dot = data.theme.symbols.dot;
    let head = match (one.status, one.answered) {
        (Some(status), Some(at)) => {
            let role = if (200..300).contains(&status) { Role::Good } else { Role::Bad };
            (format!("Answer {dot} {status} {dot} {}", time(at, data)), role)
        }
        (_, Some(at)) => (format!("No answer {dot} {}", time(at, data)), Role::Warn),
        (_, None) => ("No answer: it was cut off here".to_owned(), Role::Warn),
    };
    let mut lines = vec![(String::new(), Role::Text), head];
    if let Some(text) = &one.answer {
        let pretty = serde_json::from_str::<serde_json::Value>(text.raw())
            .and_then(|value| serde_json::to_string_pretty(&value))
            .unwrap_or_else(|_| text.raw().to_owned());
        lines.extend(pretty.lines().map(|line| (shown(line).to_string(), Role::Text)));
    }
    lines
}

/// Everything of a change.
pub fn everything(one: &PastChange, past: &Past, data: &Data) -> Pager {
    let change = &one.change;
    let operation = &past.entry.operation;
    let now = data.account(&operation.account);
    let capabilities = now.map(|now| now.capabilities);
    let (_, said, role) = words::change(one, past, &operation.account, data);
    let outcome = one.outcome.as_ref();
    let text = |text: Option<&crate::domain::text::Text>| text.map(|text| text.shown().to_string());
    let mut details = Details::default()
        .pair("text", change.text().shown().to_string())
        .pair("match", plan_words::match_word(change))
        .pair("where", plan_words::place(data, &operation.account, change))
        .pair("account", operation.name.to_string())
        .gap()
        .pair("did", plan_words::does(change, capabilities, &data.theme.symbols))
        .pair_in("became", said, role)
        .pair("code", text(outcome.and_then(|one| one.code.as_ref())).unwrap_or_default())
        .pair("the platform's text", text(outcome.and_then(|one| one.message.as_ref())).unwrap_or_default())
        .pair("at", one.at.map(|at| format!("{} ({at})", moment(at, data))).unwrap_or_default())
        .gap()
        .pair("number", one.number.to_string())
        .pair(
            "id there",
            outcome.and_then(|one| one.id.as_ref()).map(|id| id.shown().to_string()).unwrap_or_default(),
        );
    if let Some(target) = change.target() {
        details = details.pair("id before", target.id.shown().to_string());
    }
    let attempts: Vec<String> = past
        .attempts
        .iter()
        .filter(|attempt| attempt.changes.contains(&one.number))
        .map(|attempt| attempt.number.to_string())
        .collect();
    let attempts = if attempts.is_empty() { "none".to_owned() } else { attempts.join(", ") };
    details = details
        .pair("campaign id", change.campaign().shown().to_string())
        .pair("ad group id", change.ad_group().map(|id| id.shown().to_string()).unwrap_or_default())
        .pair("in requests", format!("{attempts} (x shows them)"))
        .gap()
        .pair("operation", format!("{} ({})", past.entry.number, operation.id))
        .pair("plan", operation.plan.to_string())
        .pair("identity", shown(&operation.account.key()).to_string());
    Pager::new(plan_words::text(change), Content::Details(details)).copies(change.text().raw())
}
