//! The question before anything is sent: which account, LIVE or SANDBOX, how many of what, and what stays. A
//! protected account asks for its name, many removals for their number; the engine checks both once more.

use std::collections::BTreeSet;

use super::words;
use crate::domain::plan::{AccountPlan, Plan, PlannedChange, REMOVALS_WITHOUT_COUNT};
use crate::ui::canvas::{Line, counted};
use crate::ui::data::Data;
use crate::ui::effect::Sending;
use crate::ui::overlays::Overlay;
use crate::ui::overlays::confirm::Confirm;
use crate::ui::part::Want;
use crate::ui::theme::Role;
use crate::ui::widgets::details::wrap;

/// Asks before these changes of a plan are sent. What takes back something that was confirmed before stands on yes:
/// `u A enter` is all it takes.
pub fn before(data: &Data, plan: &Plan, pick: &BTreeSet<u64>, undo: bool) -> Overlay {
    let parts: Vec<(&AccountPlan, Vec<&PlannedChange>)> = plan
        .accounts
        .iter()
        .map(|part| (part, part.changes.iter().filter(|one| pick.contains(&one.number)).collect()))
        .filter(|(_, changes): &(_, Vec<_>)| !changes.is_empty())
        .collect();
    let removals = parts.iter().flat_map(|(_, changes)| changes).filter(|one| one.change.is_removal()).count();
    let many = removals > REMOVALS_WITHOUT_COUNT;
    let account = |part: &AccountPlan| data.account(&part.account);
    let guarded: Vec<_> = parts
        .iter()
        .filter(|(part, _)| account(part).is_some_and(|one| one.account.protected))
        .map(|(part, _)| part.name.clone())
        .collect();
    let sending = Sending {
        plan: plan.id,
        pick: pick.iter().copied().collect(),
        names: guarded.clone(),
        removals: many.then_some(removals),
    };

    let dot = data.theme.symbols.dot;
    let room = usize::from(data.size.0.saturating_sub(10)).clamp(20, 80);
    let mut lines = Vec::new();
    let mut put =
        |text: String, role| lines.extend(wrap(&text, room).into_iter().map(|line| Line::of(line, role)));
    for (part, changes) in &parts {
        let requests = part.requests.iter().filter(|one| one.changes.iter().any(|n| pick.contains(n))).count();
        let what = words::by_kind(changes.iter().copied(), account(part).map(|one| one.capabilities));
        let requests = counted(requests, "request");
        if parts.len() == 1 {
            put(format!("{what} {dot} {requests}"), Role::Text);
        } else {
            put(format!("{}: {what} {dot} {requests}", place(data, part)), Role::Text);
        }
    }
    if let Some(stays) = stays(data, plan, pick) {
        put(stays, Role::Dim);
    }
    let live = parts.iter().any(|(part, _)| account(part).is_none_or(|one| one.account.live));
    if live {
        put("This changes what is live.".to_owned(), Role::Warn);
    }

    let typed: Vec<(String, String)> = guarded
        .iter()
        .map(|name| (format!("{name} is protected"), name.to_string()))
        .chain(many.then(|| (format!("{removals} negatives are removed"), removals.to_string())))
        .collect();
    let count = pick.len();
    let title = match parts.as_slice() {
        [(part, _)] => format!("Send {} to {}?", counted(count, "change"), place(data, part)),
        parts => format!("Send {} to {}?", counted(count, "change"), counted(parts.len(), "account")),
    };
    let send = format!("Send {count}");
    let mut wants = vec![Want::Send(Box::new(sending))];
    // What must be typed besides the first comes as questions after it.
    for (why, what) in typed.iter().skip(1).rev() {
        let ask =
            Confirm::new(title.as_str(), vec![Line::of(format!("{why}."), Role::Warn)], send.as_str(), wants);
        wants = vec![Want::Open(Box::new(Overlay::Confirm(ask.dangerous().typed(what.as_str()))))];
    }
    let yes = if typed.len() > 1 { "Go on" } else { send.as_str() };
    let Some((why, what)) = typed.first() else {
        let ask = Confirm::new(title, lines, yes, wants);
        let ask = if live || removals > 0 { ask.dangerous() } else { ask };
        return Overlay::Confirm(if undo { ask.ready() } else { ask });
    };
    lines.push(Line::of(format!("{why}."), Role::Warn));
    Overlay::Confirm(Confirm::new(title, lines, yes, wants).dangerous().typed(what.as_str()))
}

/// An account as the question names it: `acme-us (Amazon, LIVE)`.
fn place(data: &Data, part: &AccountPlan) -> String {
    match data.account(&part.account) {
        Some(one) => {
            let live = if one.account.live { "LIVE" } else { "SANDBOX" };
            format!("{} ({}, {live})", part.name, one.capabilities.title)
        }
        None => part.name.to_string(),
    }
}

/// What is staged and not sent.
fn stays(data: &Data, plan: &Plan, pick: &BTreeSet<u64>) -> Option<String> {
    let mut left = Vec::new();
    let planned: BTreeSet<u64> =
        plan.accounts.iter().flat_map(|part| &part.changes).map(|one| one.number).collect();
    for part in &plan.accounts {
        let rest = part.changes.iter().filter(|one| !pick.contains(&one.number));
        let (stuck, free): (Vec<_>, Vec<_>) = rest.partition(|one| one.problem.is_some());
        if !free.is_empty() {
            left.push(format!("{} of {}", counted(free.len(), "change"), part.name));
        }
        if !stuck.is_empty() {
            left.push(format!("{} of {} that cannot be sent", counted(stuck.len(), "change"), part.name));
        }
    }
    let others = data.staged.iter().filter(|one| !planned.contains(&one.number)).count();
    if others > 0 {
        left.push(format!("{} outside of this plan", counted(others, "change")));
    }
    (!left.is_empty()).then(|| format!("Stays staged: {}.", left.join(", ")))
}
