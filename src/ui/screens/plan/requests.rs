//! The exact requests, for `x`, and everything of one change, for `enter`. Secrets stand as ***: a plan never
//! holds them.

use super::delivery::Fate;
use super::lines::Row;
use super::words;
use crate::domain::plan::AccountPlan;
use crate::domain::request::{Body, Request};
use crate::domain::text::shown;
use crate::ui::canvas::{Line, counted};
use crate::ui::data::Data;
use crate::ui::overlays::pager::{Content, Pager};
use crate::ui::theme::Role;
use crate::ui::widgets::details::{Details, wrap};

/// What stands for a secret.
const MASK: &str = "***";

/// An account's requests; with a change, only the one that carries it.
pub fn pager(part: &AccountPlan, change: Option<u64>, data: &Data) -> Pager {
    let dot = data.theme.symbols.dot;
    let of = part.requests.len();
    // What the pager has inside its borders now: nothing of a request may be out of sight.
    let room = usize::from(data.size.0.min(104).saturating_sub(8)).max(20);
    let mut lines = Vec::new();
    let mut copies = String::new();
    for (at, one) in part.requests.iter().enumerate() {
        if change.is_some_and(|number| !one.changes.contains(&number)) {
            continue;
        }
        if !lines.is_empty() {
            lines.push(Line::new());
            copies.push('\n');
        }
        let head = format!(
            "Request {} of {of} {dot} {} {dot} {}",
            at + 1,
            shown(&one.request.operation),
            counted(one.changes.len(), "change")
        );
        lines.push(Line::of(head, Role::Title));
        for (text, role) in request(&one.request) {
            copies.push_str(&text);
            copies.push('\n');
            lines.extend(folded(&text, room).into_iter().map(|part| Line::of(part, role)));
        }
    }
    Pager::new(format!("Requests {dot} {}", part.name), Content::Lines(lines)).copies(copies)
}

/// A line in pieces of at most a width, each as deep as the first.
pub fn folded(line: &str, width: usize) -> Vec<String> {
    let text = line.trim_start_matches(' ');
    let indent = &line[..line.len() - text.len()];
    let room = width.saturating_sub(indent.len()).max(8);
    wrap(text, room).into_iter().map(|part| format!("{indent}{part}")).collect()
}

/// One request: the line, the headers, the body.
pub fn request(request: &Request) -> Vec<(String, Role)> {
    let mut lines = vec![(format!("{} {}", request.method, shown(&request.url)), Role::Accent)];
    for (name, value) in &request.headers {
        lines.push((format!("{}: {}", shown(name), shown(value)), Role::Dim));
    }
    for name in &request.secret_headers {
        lines.push((format!("{}: {MASK}", shown(name)), Role::Dim));
    }
    if let Body::Json(body) = &request.body {
        lines.push((String::new(), Role::Text));
        let pretty = serde_json::to_string_pretty(body).unwrap_or_else(|error| error.to_string());
        lines.extend(pretty.lines().map(|line| (shown(line).to_string(), Role::Text)));
    }
    lines
}

/// Everything of a change.
pub fn everything(row: &Row, fate: Option<&Fate>, data: &Data) -> Pager {
    let change = &row.change.change;
    let account = data.account(&row.account);
    let capabilities = account.map(|one| one.capabilities);
    let does = words::does(change, capabilities, &data.theme.symbols);
    let mut details = Details::default()
        .pair("text", change.text().shown().to_string())
        .pair("match", words::match_word(change))
        .pair("where", words::place(data, &row.account, change))
        .pair("account", account.map(|one| one.account.name.to_string()).unwrap_or_default())
        .gap()
        .pair("does", does.as_str());
    for caution in words::cautions(row, &does) {
        details = details.pair_in("mind", shown(caution).to_string(), Role::Warn);
    }
    if let Some(problem) = &row.change.problem {
        details = details
            .pair_in("cannot be sent", problem.title.as_str(), Role::Bad)
            .pair("", problem.detail.as_str())
            .pair("do", problem.hint.as_str());
    }
    match fate {
        Some(Fate::Done(outcome)) => {
            details = details
                .gap()
                .pair("became", words::became(outcome, capabilities))
                .pair("code", outcome.code.as_ref().map(|code| code.shown().to_string()).unwrap_or_default())
                .pair(
                    "the platform's text",
                    outcome.message.as_ref().map(|text| text.shown().to_string()).unwrap_or_default(),
                )
                .pair("id there", outcome.id.as_ref().map(|id| id.shown().to_string()).unwrap_or_default());
        }
        Some(Fate::Checking(_)) => details = details.gap().pair("became", "no answer yet, checking"),
        Some(Fate::Going) => details = details.gap().pair("became", "on its way"),
        Some(Fate::Waiting) => details = details.gap().pair("became", "waits for its turn"),
        None => {}
    }
    details = details.gap().pair("number", row.change.number.to_string());
    if let Some(target) = change.target() {
        details = details
            .pair("id", target.id.shown().to_string())
            .pair("platform says", target.native_state.shown().to_string());
    }
    details = details
        .pair("campaign id", change.campaign().shown().to_string())
        .pair("ad group id", change.ad_group().map(|id| id.shown().to_string()).unwrap_or_default());
    Pager::new(words::text(change), Content::Details(details)).copies(change.text().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_at_their_depth_and_lose_nothing() {
        assert_eq!(folded("  \"text\": \"a b\"", 40), ["  \"text\": \"a b\""]);
        let url = "PUT http://127.0.0.1/sell/marketing/v1";
        assert_eq!(folded(url, 20).concat().replace(' ', ""), url.replace(' ', ""));
        assert!(folded("    decaf espresso beans", 14).iter().all(|part| part.starts_with("    ")));
    }
}
