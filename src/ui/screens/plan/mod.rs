//! Plan: what would be sent, account by account, the sending of it, and what became of it. This file has its state
//! and what is done to it; `part` takes actions, `view` paints, `ask` asks before anything is sent.
//!
//! Nothing is sent but by a plan that was shown: a plan is made whenever the screen comes into sight or staging
//! changes under it, and what is sent is a choice of that very plan.

mod ask;
pub mod delivery;
mod lines;
mod part;
pub mod requests;
#[cfg(test)]
mod tests;
mod view;
mod whatif;
pub mod words;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use self::delivery::{Delivery, Fate};
use self::lines::{PlanLine, Row};
use crate::domain::journal::OutcomeKind;
use crate::domain::plan::{AccountPlan, Plan};
use crate::ui::canvas::{Line, counted};
use crate::ui::data::Data;
use crate::ui::effect::{Effect, Sending, Staging};
use crate::ui::moment::time;
use crate::ui::msg::Sent;
use crate::ui::overlays::Overlay;
use crate::ui::part::Cx;
use crate::ui::remote::{Remote, Ticket};
use crate::ui::theme::Role;
use crate::ui::whatif::{Listing, WhatIf};
use crate::ui::widgets::list::ListState;

/// The state of the Plan screen.
#[derive(Clone, Debug, Default)]
pub struct PlanScreen {
    /// The present plan.
    plan: Remote<Arc<Plan>>,
    /// Whether the plan is older than what it was made of.
    dirty: bool,
    in_sight: bool,
    lines: Vec<PlanLine>,
    list: ListState,
    /// The numbers picked for sending; none means those of the focused account.
    picked: BTreeSet<u64>,
    /// What was sent since the last plan of anything new, the last one maybe still running.
    deliveries: Vec<Delivery>,
    /// What the planned additions would block.
    whatif: WhatIf,
    listing: Listing,
    /// The plan is made of these changes alone.
    only: Option<Only>,
    /// "Retry failed" waits for what is staged anew.
    retry: Option<Retry>,
}

/// A plan of its own, apart from what else is staged.
#[derive(Clone, Debug)]
struct Only {
    /// What it is for, as the header says it.
    why: String,
    /// Whether it takes back what was sent.
    undo: bool,
    /// Its changes.
    numbers: BTreeSet<u64>,
    /// Whether all of it is still to be picked.
    fresh: bool,
}

/// What is to be tried again.
#[derive(Clone, Debug)]
struct Retry {
    /// What is still staged.
    open: BTreeSet<u64>,
    /// What was staged before the rest was staged anew.
    before: BTreeSet<u64>,
}

impl PlanScreen {
    /// Asks for a plan of what is staged now, if one can be needed.
    fn refresh(&mut self, cx: &mut Cx) {
        if self.running().is_some() || !self.in_sight {
            self.dirty = true;
            return;
        }
        self.dirty = false;
        self.narrow(cx.data);
        if cx.data.staged.is_empty() {
            self.plan = Remote::Absent;
            self.picked.clear();
            self.rebuild(cx.data);
            return;
        }
        let ticket = cx.ticket();
        self.plan.ask(ticket, cx.data.clock.monotonic);
        let only = self.only.as_ref().map(|only| only.numbers.iter().copied().collect());
        cx.emit(Effect::BuildPlan(ticket, only));
    }

    /// Keeps a plan of its own to what is still staged of it; with nothing left it is over.
    fn narrow(&mut self, data: &Data) {
        let staged: BTreeSet<u64> = data.staged.iter().map(|one| one.number).collect();
        if let Some(retry) = self.retry.take() {
            let numbers = retry.open.into_iter().chain(staged.difference(&retry.before).copied());
            let numbers = numbers.filter(|number| staged.contains(number)).collect();
            self.only = Some(Only { why: "once more".to_owned(), undo: false, numbers, fresh: true });
        }
        if let Some(only) = &mut self.only {
            only.numbers.retain(|number| staged.contains(number));
        }
        if self.only.as_ref().is_some_and(|only| only.numbers.is_empty()) {
            self.only = None;
        }
    }

    /// The next plan is made of what takes these operations back, and nothing else.
    pub fn only_undo(&mut self, operations: &[u64], numbers: Vec<u64>) {
        let named: Vec<String> = operations.iter().map(ToString::to_string).collect();
        let s = if named.len() == 1 { "" } else { "s" };
        let why = format!("taking back operation{s} {}", named.join(", "));
        self.only = Some(Only { why, undo: true, numbers: numbers.into_iter().collect(), fresh: true });
        self.picked.clear();
        self.dirty = true;
    }

    /// How much else is staged than what the plan in sight is made of.
    fn others(&self, data: &Data) -> usize {
        self.only.as_ref().map_or(0, |only| data.staged.len().saturating_sub(only.numbers.len()))
    }

    /// Takes the plan that was asked for.
    fn planned(&mut self, data: &Data, ticket: Ticket, plan: &Arc<Plan>) {
        let before: BTreeSet<u64> = self.known();
        if !self.plan.take(ticket, Ok(plan.clone())) {
            return;
        }
        let now: Vec<(u64, bool)> = changes(plan).map(|one| (one.number, one.problem.is_none())).collect();
        let fresh = |number: &u64| !before.contains(number);
        let own = self.only.as_mut().is_some_and(|only| std::mem::take(&mut only.fresh));
        if self.running().is_none() && (own || now.iter().any(|(number, _)| fresh(number))) {
            self.deliveries.clear();
        }
        self.picked.retain(|number| now.contains(&(*number, true)));
        if own {
            self.picked = now.iter().filter(|(_, sendable)| *sendable).map(|(number, _)| *number).collect();
        }
        self.rebuild(data);
    }

    /// Every number that is on the screen.
    fn known(&self) -> BTreeSet<u64> {
        self.lines.iter().filter_map(PlanLine::row).map(|row| row.change.number).collect()
    }

    /// Makes the lines anew; the cursor stays on its change.
    fn rebuild(&mut self, data: &Data) {
        let under = self.row().map(|row| row.change.number);
        let first = self.lines.is_empty();
        self.lines = lines::build(self.plan.value().map(AsRef::as_ref), &self.deliveries, data);
        let at = |line: &PlanLine| line.row().is_some_and(|row| Some(row.change.number) == under);
        if let Some(at) = self.lines.iter().position(at) {
            self.list.cursor = at;
        } else if first {
            self.list.cursor = usize::from(self.lines.len() > 1);
        }
        self.list.cursor = self.list.cursor.min(self.lines.len().saturating_sub(1));
    }

    fn line(&self) -> Option<&PlanLine> {
        self.lines.get(self.list.cursor)
    }

    /// The change under the cursor.
    fn row(&self) -> Option<&Row> {
        self.line()?.row()
    }

    /// The part of the present plan that the cursor is in.
    fn focused(&self) -> Option<&AccountPlan> {
        let account = self.line()?.account();
        self.plan.value()?.accounts.iter().find(|part| part.account == *account)
    }

    /// Where a change stands, if it was sent from here.
    fn fate(&self, number: u64) -> Option<&Fate> {
        self.deliveries.iter().rev().find_map(|one| one.fates.get(&number))
    }

    /// What `A` would send: the picked, else what of the focused account can be sent.
    fn choice(&self) -> BTreeSet<u64> {
        if !self.picked.is_empty() {
            return self.picked.clone();
        }
        self.focused().into_iter().flat_map(sendable).collect()
    }

    /// The sending that is under way.
    pub fn running(&self) -> Option<&Delivery> {
        self.deliveries.last().filter(|one| !one.over)
    }

    /// Begins to send what was confirmed.
    pub fn begin(&mut self, cx: &mut Cx, sending: Sending) {
        let Some(plan) = self.plan.value().filter(|plan| plan.id == sending.plan).cloned() else {
            cx.say("The plan has changed meanwhile: look at it again");
            return;
        };
        let ticket = cx.ticket();
        self.deliveries.push(Delivery::new(ticket, cx.data.clock.monotonic, plan, &sending.pick));
        self.picked.clear();
        cx.emit(Effect::Send(ticket, Box::new(sending)));
        self.rebuild(cx.data);
    }

    /// Stops after the request in flight.
    pub fn stop(&mut self, cx: &mut Cx) {
        if let Some(one) = self.deliveries.last_mut().filter(|one| !one.over) {
            one.stopping = true;
            cx.emit(Effect::Cancel(one.ticket));
        }
    }

    /// Takes the end of a sending.
    fn sent(&mut self, cx: &mut Cx, ticket: Ticket, sent: &Sent) {
        let Some(one) = self.deliveries.iter_mut().find(|one| one.ticket == ticket && !one.over) else {
            return;
        };
        one.end(sent);
        let names: Vec<String> = one.legs.iter().map(|leg| leg.name.to_string()).collect();
        let tally = words::tally(&one.counted(None));
        if !self.in_sight {
            cx.say(format!("{}: {tally}; 4 shows them", names.join(", ")));
        }
        self.refresh(cx);
        self.rebuild(cx.data);
    }

    /// A sending that did not come about.
    fn not_sent(&mut self, cx: &mut Cx, ticket: Ticket) -> bool {
        let before = self.deliveries.len();
        self.deliveries.retain(|one| one.ticket != ticket || one.over);
        let ours = before != self.deliveries.len();
        if ours {
            self.refresh(cx);
            self.rebuild(cx.data);
        }
        ours
    }

    /// Stages what was refused once more, and picks it together with what was not sent.
    fn retry(&mut self, cx: &mut Cx) {
        let mut staging = Staging::default();
        let mut again = BTreeSet::new();
        for (account, one, kind) in self.deliveries.iter().flat_map(Delivery::failed) {
            if kind == OutcomeKind::Rejected {
                staging.add.push((account.clone(), one.change.clone()));
            } else {
                again.insert(one.number);
            }
        }
        let before = cx.data.staged.iter().map(|one| one.number).collect();
        self.retry = Some(Retry { open: again, before });
        if staging.is_empty() {
            self.refresh(cx);
        } else {
            let n = staging.add.len();
            cx.stage(staging, format!("{} staged again, not sent", counted(n, "change")));
        }
    }

    /// Picks or unpicks the change under the cursor, or all of an account.
    fn pick(&mut self) {
        let numbers: Vec<u64> = match self.line() {
            Some(PlanLine::Change(row)) => vec![row.change.number],
            Some(PlanLine::Account(..)) => self.focused().into_iter().flat_map(sendable).collect(),
            None => return,
        };
        if numbers.iter().all(|number| self.picked.contains(number)) {
            self.picked.retain(|number| !numbers.contains(number));
        } else {
            self.picked.extend(numbers);
        }
        if self.row().is_some() {
            let len = self.lines.len();
            self.list.by(1, len);
        }
    }

    fn question(&self, data: &Data) -> Option<Overlay> {
        let undo = self.only.as_ref().is_some_and(|only| only.undo);
        Some(ask::before(data, self.plan.value()?, &self.choice(), undo))
    }

    /// Whether `u` would take back what was sent from here.
    fn takes_back(&self, data: &Data) -> bool {
        let sent = self.deliveries.last().is_some_and(|one| {
            one.over && one.counted(None).get(&OutcomeKind::Applied).is_some_and(|n| *n > 0)
        });
        sent && data.staged.is_empty() && !data.read_only
    }

    /// What the header says on every screen while something is sent.
    pub fn progress(&self, data: &Data) -> Option<Line> {
        let one = self.running()?;
        let legs: Vec<String> = one
            .legs
            .iter()
            .filter(|leg| leg.request > 0)
            .map(|leg| {
                let wait = leg.waits.as_ref().filter(|(until, _)| *until > data.clock.wall);
                let wait = wait.map(|(until, _)| format!(", waits until {}", time(*until, data)));
                format!("{} {} of {}{}", leg.name, leg.request, leg.of, wait.unwrap_or_default())
            })
            .collect();
        let what = if one.stopping { "stopping" } else { "sending" };
        Some(Line::of(format!("{} {what} {}", data.spinner(), legs.join(", ")), Role::Accent))
    }

    /// Since when something is sent.
    pub fn sending_since(&self) -> Option<Duration> {
        self.running().map(|one| one.since)
    }
}

/// The changes of a plan.
fn changes(plan: &Plan) -> impl Iterator<Item = &crate::domain::plan::PlannedChange> {
    plan.accounts.iter().flat_map(|part| &part.changes)
}

/// The numbers of an account's changes that can be sent.
fn sendable(part: &AccountPlan) -> impl Iterator<Item = u64> {
    part.changes.iter().filter(|one| one.problem.is_none()).map(|one| one.number)
}
