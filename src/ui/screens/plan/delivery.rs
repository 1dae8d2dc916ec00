//! One sending and what has become of its changes so far, from the shell's events. Decides nothing and paints
//! nothing; how an outcome reads is in `words`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::domain::account::{AccountName, Identity};
use crate::domain::journal::{Outcome, OutcomeKind};
use crate::domain::plan::{Plan, PlannedChange};
use crate::domain::problem::Problem;
use crate::ui::msg::{SendEvent, Sent};
use crate::ui::remote::Ticket;

/// Where one change stands while and after it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Its request has not gone out.
    Waiting,
    /// Its request is on its way.
    Going,
    /// No answer came; the platform is asked what is there when this moment has come.
    Checking(Timestamp),
    /// Known, as far as it can be.
    Done(Outcome),
}

/// One account's part of a sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// The account.
    pub account: Identity,
    /// Its label.
    pub name: AccountName,
    /// The request on its way, from 1; 0 before the first.
    pub request: usize,
    /// How many there are.
    pub of: usize,
    /// Until when the platform asked to wait, and why.
    pub waits: Option<(Timestamp, String)>,
    /// Why not everything was sent.
    pub problem: Option<Problem>,
}

/// One sending.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Its request to the shell.
    pub ticket: Ticket,
    /// Since when it runs.
    pub since: Duration,
    /// The plan that it sends, or a part of.
    pub plan: Arc<Plan>,
    /// The changes that it sends.
    pub numbers: BTreeSet<u64>,
    /// Its accounts.
    pub legs: Vec<Leg>,
    /// The fate of each change.
    pub fates: BTreeMap<u64, Fate>,
    /// Whether it has ended.
    pub over: bool,
    /// Whether it was told to stop.
    pub stopping: bool,
}

impl Delivery {
    /// A sending that begins.
    pub fn new(ticket: Ticket, since: Duration, plan: Arc<Plan>, pick: &[u64]) -> Self {
        let numbers: BTreeSet<u64> = pick.iter().copied().collect();
        let legs = plan
            .accounts
            .iter()
            .filter(|part| part.changes.iter().any(|one| numbers.contains(&one.number)))
            .map(|part| Leg {
                account: part.account.clone(),
                name: part.name.clone(),
                request: 0,
                of: part
                    .requests
                    .iter()
                    .filter(|request| request.changes.iter().any(|n| numbers.contains(n)))
                    .count(),
                waits: None,
                problem: None,
            })
            .collect();
        let fates = numbers.iter().map(|number| (*number, Fate::Waiting)).collect();
        Self { ticket, since, plan, numbers, legs, fates, over: false, stopping: false }
    }

    /// Its accounts by name.
    pub fn names(&self) -> String {
        self.legs.iter().map(|leg| leg.name.to_string()).collect::<Vec<_>>().join(", ")
    }

    /// Takes what happened at one account.
    pub fn take(&mut self, account: &AccountName, event: &SendEvent) {
        let Some(leg) = self.legs.iter_mut().find(|leg| leg.name == *account) else { return };
        match event {
            SendEvent::Began { requests, .. } => leg.of = *requests,
            SendEvent::Sending { request, of, changes } => {
                (leg.request, leg.of, leg.waits) = (*request, *of, None);
                self.put(changes, &Fate::Going);
            }
            SendEvent::Waiting { until, why } => leg.waits = Some((*until, why.clone())),
            SendEvent::Settled { number, outcome } => {
                leg.waits = None;
                self.put(&[*number], &Fate::Done(outcome.clone()));
            }
            SendEvent::Checking { until, changes } => self.put(changes, &Fate::Checking(*until)),
        }
    }

    fn put(&mut self, numbers: &[u64], fate: &Fate) {
        for number in numbers {
            self.fates.insert(*number, fate.clone());
        }
    }

    /// Takes how it ended.
    pub fn end(&mut self, sent: &Sent) {
        for (number, outcome) in &sent.outcomes {
            self.fates.insert(*number, Fate::Done(outcome.clone()));
        }
        for leg in &mut self.legs {
            leg.waits = None;
            leg.problem = sent.problems.iter().find(|(name, _)| *name == leg.name).map(|(_, why)| why.clone());
        }
        self.over = true;
    }

    /// How many of its changes came out so, in one account or in all.
    pub fn counted(&self, account: Option<&Identity>) -> BTreeMap<OutcomeKind, usize> {
        let mut counts = BTreeMap::new();
        for one in self.changes(account) {
            if let Some(Fate::Done(outcome)) = self.fates.get(&one.number) {
                *counts.entry(outcome.kind).or_default() += 1;
            }
        }
        counts
    }

    /// Its changes, of one account or of all.
    pub fn changes<'a>(&'a self, account: Option<&'a Identity>) -> impl Iterator<Item = &'a PlannedChange> {
        self.plan
            .accounts
            .iter()
            .filter(move |part| account.is_none_or(|account| part.account == *account))
            .flat_map(|part| &part.changes)
            .filter(|one| self.numbers.contains(&one.number))
    }

    /// Those that another try may help: refused, drifted, not sent.
    pub fn failed(&self) -> impl Iterator<Item = (&Identity, &PlannedChange, OutcomeKind)> {
        use OutcomeKind::{Drifted, Rejected, Skipped};
        self.plan.accounts.iter().flat_map(move |part| {
            part.changes.iter().filter_map(move |one| match self.fates.get(&one.number) {
                Some(Fate::Done(outcome)) if self.over && self.numbers.contains(&one.number) => {
                    let again = matches!(outcome.kind, Drifted | Rejected | Skipped);
                    again.then_some((&part.account, one, outcome.kind))
                }
                _ => None,
            })
        })
    }
}
