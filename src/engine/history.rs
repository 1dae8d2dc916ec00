//! The journal as people read it: operations, their changes with what became of them, the exact requests and answers.
//! Only reads; what an operation means for recovery is in `apply/resume.rs`, taking one back in `undo.rs`.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::account::{AccountName, Identity};
use crate::domain::ids::OperationId;
use crate::domain::journal::{Entry, OutcomeKind, Past, PastChange};
use crate::domain::problem::{Problem, ProblemKind};
use crate::store::Holder;

use super::Engine;
use super::undo::{Chain, Link, unknown};

/// An operation that was cut off, or has changes without an answer, and that nobody is sending just now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutOff {
    /// The operation in figures.
    pub entry: Entry,
    /// How many of its changes were sent and have no answer.
    pub unknown: usize,
    /// How many were never sent; they are still staged.
    pub unsent: usize,
}

impl Engine {
    /// The newest operations of these accounts, newest first; without a name those of every account there ever was.
    pub async fn history(&self, accounts: &[AccountName], limit: usize) -> Result<Vec<Entry>, Problem> {
        if accounts.is_empty() {
            return self.store().operations(None, limit).await;
        }
        let mut entries = Vec::new();
        for member in self.choose(accounts)? {
            if let Some(identity) = member.identity() {
                entries.extend(self.store().operations(Some(identity.clone()), limit).await?);
            }
        }
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.number));
        entries.truncate(limit);
        Ok(entries)
    }

    /// The operation that somebody names: by its number, its id, or the end of its id.
    pub async fn find_operation(&self, name: &str) -> Result<OperationId, Problem> {
        match self.store().operations_named(name.trim()).await?.as_slice() {
            [one] => Ok(*one),
            [] => Err(unknown(name)),
            several => {
                let ids: Vec<String> = several.iter().map(ToString::to_string).collect();
                let name = crate::domain::text::shown(name);
                Err(Problem::new(ProblemKind::Usage, format!("{name} means {} operations", ids.len()))
                    .detail(ids.join(", "))
                    .hint("Give the whole id, or the operation's number."))
            }
        }
    }

    /// One operation, whole: its changes (those that were cut off too), its requests and answers, and what of it was
    /// taken back.
    pub async fn past(&self, id: OperationId) -> Result<Past, Problem> {
        let (record, entry) = (self.store().operation(id).await?, self.store().entry(id).await?);
        let (Some(record), Some(entry)) = (record, entry) else { return Err(unknown(&id.to_string())) };
        let mut changes: BTreeMap<u64, PastChange> = BTreeMap::new();
        for planned in self.changes_of(&record).await? {
            let (number, change) = (planned.number, planned.change);
            changes.insert(number, PastChange { number, change, outcome: None, at: None, taken_back: None });
        }
        let mut chain = Chain::new(self);
        for one in record.outcomes {
            let mut taken_back = None;
            if one.outcome.kind == OutcomeKind::Applied
                && !entry.taken_back.is_empty()
                && let Link::TakenBack(by) = chain.end(id, one.number).await?
            {
                taken_back = Some(by);
            }
            let past = PastChange {
                number: one.number,
                change: one.change,
                outcome: Some(one.outcome),
                at: Some(one.at),
                taken_back,
            };
            changes.insert(one.number, past);
        }
        Ok(Past { entry, changes: changes.into_values().collect(), attempts: record.attempts })
    }

    /// The operations of the configured accounts that were cut off, oldest first. Those that are being sent just now
    /// are not among them.
    pub async fn cut_off(&self) -> Result<Vec<CutOff>, Problem> {
        let mut found = Vec::new();
        for record in self.store().unsettled(None).await? {
            let account = &record.operation.account;
            if self.member_of(account).is_none() || self.store().holder(account)?.is_some() {
                continue;
            }
            let Some(entry) = self.store().entry(record.operation.id).await? else { continue };
            let open = super::apply::open(&record);
            let settled: BTreeSet<u64> = record.outcomes.iter().map(|one| one.number).collect();
            let changes = self.changes_of(&record).await?;
            let unsent = changes
                .iter()
                .filter(|planned| !open.contains(&planned.number) && !settled.contains(&planned.number))
                .count();
            found.push(CutOff { entry, unknown: open.len(), unsent });
        }
        Ok(found)
    }

    /// Who is sending to which account just now, this process included.
    pub fn sending(&self) -> Result<Vec<(Identity, Holder)>, Problem> {
        let mut held = Vec::new();
        for identity in self.members().iter().filter_map(|member| member.identity()) {
            if let Some(holder) = self.store().holder(identity)? {
                held.push((identity.clone(), holder));
            }
        }
        Ok(held)
    }
}
