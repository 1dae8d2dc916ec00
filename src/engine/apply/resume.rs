//! Takes up operations that were cut off or have changes without an answer: reads back, never sends. What was
//! never sent, or left no trace, stays staged and is part of the next plan.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::future::join_all;
use jiff::SignedDuration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::domain::account::AccountName;
use crate::domain::change::Change;
use crate::domain::journal::OutcomeKind;
use crate::domain::plan::{Fingerprint, PlannedChange};
use crate::domain::problem::Problem;
use crate::engine::Engine;
use crate::platform::Connection;
use crate::store::{AccountLock, OperationRecord};

use super::events::{ApplyEvent, ApplyStep, Progress};
use super::report::{AccountResult, ApplyReport, ChangeResult};
use super::run::Run;

/// No platform's lists lag behind for so long.
const LONG_AGO: SignedDuration = SignedDuration::from_hours(24);

impl Engine {
    /// Settles what earlier runs left open at these accounts (none named: all). Sends nothing. Reports the changes
    /// that were open and the operations they belong to; an account that another process is sending to has that
    /// as its problem.
    pub async fn settle_unsettled(
        &self,
        accounts: &[AccountName],
        progress: Progress<ApplyEvent>,
        cancel: CancellationToken,
    ) -> Result<ApplyReport, Problem> {
        let mut open = Vec::new();
        let mut report = ApplyReport::default();
        for member in self.choose(accounts)? {
            let Some(identity) = member.identity() else { continue };
            if self.store().unsettled(Some(identity.clone())).await?.is_empty() {
                continue;
            }
            let locked = member.link.clone().and_then(|connection| {
                let lock = self.store().lock(identity, self.now())?;
                Ok((connection, lock))
            });
            match locked {
                Ok(pair) => open.push(pair),
                Err(problem) => report.accounts.push(AccountResult {
                    account: member.name.clone(),
                    settled: Vec::new(),
                    operation: None,
                    problem: Some(problem),
                }),
            }
        }
        let settled = join_all(
            open.iter().map(|(connection, lock)| self.resume_account(connection, lock, &progress, &cancel)),
        )
        .await;
        for one in settled {
            report = report.with_earlier(one);
        }
        if !open.is_empty() {
            self.forget_catalog().await;
        }
        Ok(report)
    }

    /// The same for one account whose lock is held: the oldest operation first.
    pub(super) async fn resume_account(
        &self,
        connection: &Arc<dyn Connection>,
        _held: &AccountLock,
        progress: &Progress<ApplyEvent>,
        cancel: &CancellationToken,
    ) -> ApplyReport {
        let account = connection.account();
        let mut report = ApplyReport::default();
        let mut result = AccountResult {
            account: account.name.clone(),
            settled: Vec::new(),
            operation: None,
            problem: None,
        };
        match self.store().unsettled(Some(account.identity.clone())).await {
            Ok(records) => {
                for record in records {
                    result.settled.push(record.operation.id);
                    match self.resume(connection, &record, progress, cancel).await {
                        Ok(changes) => report.changes.extend(changes),
                        Err((changes, problem)) => {
                            report.changes.extend(changes);
                            result.problem = Some(problem);
                        }
                    }
                }
            }
            Err(problem) => result.problem = Some(problem),
        }
        if !result.settled.is_empty() || result.problem.is_some() {
            report.accounts.push(result);
        }
        report
    }

    async fn resume(
        &self,
        connection: &Arc<dyn Connection>,
        record: &OperationRecord,
        progress: &Progress<ApplyEvent>,
        cancel: &CancellationToken,
    ) -> Result<Vec<ChangeResult>, (Vec<ChangeResult>, Problem)> {
        let name = &connection.account().name;
        let changes = self.changes_of(record).await.map_err(|problem| (Vec::new(), problem))?;
        let open = open(record);
        let mut run = Run::new(self, Arc::clone(connection), record.operation.id, changes, progress, cancel);
        for one in &record.outcomes {
            run.outcomes.insert(one.number, one.outcome.clone());
        }
        run.old = self.now().duration_since(record.operation.began) > LONG_AGO;
        for attempt in &record.attempts {
            run.sent_in.extend(attempt.changes.iter().map(|number| (*number, attempt.number)));
        }
        // All of the wait: nobody knows when the last byte went out, and wall clocks can be set.
        let ready = Instant::now() + self.settings().settle;
        for number in &open {
            run.unknown.insert(*number, ready);
            // Without an outcome `close` would call it not sent.
            run.outcomes.entry(*number).or_insert_with(|| {
                crate::domain::journal::Outcome::new(OutcomeKind::Unknown).message("the answer was never read")
            });
        }
        let before: BTreeSet<u64> = record.outcomes.iter().map(|one| one.number).collect();
        run.tell(ApplyStep::Began { operation: record.operation.id, changes: open.len(), requests: 0 });
        let problem = run.settle(false).await.err();
        let closed = run.close("cut off before it was sent: it is still staged").await;
        let problem = self.finish(&mut run, problem.or(closed.err())).await;
        let changes = super::results(name, &run)
            .filter(|change| open.contains(&change.number) || !before.contains(&change.number))
            .collect();
        match problem {
            None => Ok(changes),
            Some(problem) => Err((changes, problem)),
        }
    }

    /// The changes of an operation, as its plan had them.
    pub(in crate::engine) async fn changes_of(
        &self,
        record: &OperationRecord,
    ) -> Result<Vec<PlannedChange>, Problem> {
        let plan = self.store().plan(record.operation.plan).await?;
        let part = plan
            .and_then(|plan| plan.accounts.into_iter().find(|part| part.account == record.operation.account));
        Ok(match part {
            Some(part) => part.changes.into_iter().filter(|planned| planned.problem.is_none()).collect(),
            // The plan is gone: the journal still has what was sent and answered.
            None => record.outcomes.iter().map(|one| planned(one.number, &one.change)).collect(),
        })
    }

    /// The numbers of the changes that were sent to an account and have no answer: they are in no new plan.
    pub(in crate::engine) async fn open_numbers(
        &self,
        identity: &crate::domain::account::Identity,
    ) -> Result<BTreeSet<u64>, Problem> {
        let records = self.store().unsettled(Some(identity.clone())).await?;
        Ok(records.iter().flat_map(open).collect())
    }
}

/// The changes of an operation that were sent and have no answer.
pub(in crate::engine) fn open(record: &OperationRecord) -> BTreeSet<u64> {
    let known: BTreeMap<u64, OutcomeKind> =
        record.outcomes.iter().map(|one| (one.number, one.outcome.kind)).collect();
    let sent = record.attempts.iter().flat_map(|attempt| attempt.changes.iter().copied());
    sent.filter(|number| known.get(number).is_none_or(|kind| *kind == OutcomeKind::Unknown)).collect()
}

fn planned(number: u64, change: &Change) -> PlannedChange {
    PlannedChange {
        number,
        change: change.clone(),
        fingerprint: Fingerprint {
            match_type: change.target().and_then(|target| target.match_type),
            text: change.text().clone(),
            state: change.target().map(|target| target.state),
            campaign_native_state: crate::domain::text::Text::default(),
            ad_group_native_state: None,
        },
        problem: None,
        cautions: Vec::new(),
    }
}
