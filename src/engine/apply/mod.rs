//! Sends plans: consent, locks, what an earlier run left open, the plan's id spent, then every account beside the
//! others. Names no platform; one account's sending is `run.rs`, what got no answer `settle.rs`.

mod drift;
mod events;
mod evidence;
mod exchange;
mod landed;
mod listing;
mod report;
mod resume;
mod run;
mod settle;
mod twins;

use std::sync::Arc;

use futures::future::join_all;
use rustc_hash::FxHashMap;
use tokio_util::sync::CancellationToken;

pub use events::{ApplyEvent, ApplyStep, LOOKING_AGAIN, Progress};
pub use report::{AccountResult, ApplyReport, ChangeResult};
pub(super) use resume::open;

use crate::domain::account::AccountName;
use crate::domain::change::Change;
use crate::domain::ids::OperationId;
use crate::domain::journal::{Operation, Outcome, OutcomeKind};
use crate::domain::plan::{AccountPlan, Plan, PlannedChange};
use crate::domain::problem::{Problem, ProblemKind};
use crate::platform::Connection;
use crate::store::AccountLock;

use super::{Consent, Engine, Selection};
use run::Run;

/// One account's part of a plan, ready to be sent.
struct Ready<'a> {
    part: &'a AccountPlan,
    connection: Arc<dyn Connection>,
    lock: AccountLock,
}

impl Engine {
    /// Sends a saved plan, or what `pick` chooses of it (which becomes a plan of its own, with what the user saw).
    ///
    /// Per account: takes the lock, settles what an earlier run left open, then sends request after request, the
    /// accounts beside each other. Additions go as they are; objects of other changes are read just before. On
    /// `cancel` the request in flight ends, everything is journaled, and the rest stays staged.
    ///
    /// An error means that nothing was sent: consent is missing, the plan is spent or what is staged has changed
    /// since. What went wrong later is in the report.
    pub async fn apply(
        &self,
        plan: &Plan,
        pick: &Selection,
        consent: &Consent,
        progress: Progress<ApplyEvent>,
        cancel: CancellationToken,
    ) -> Result<ApplyReport, Problem> {
        let narrowed;
        let plan = if matches!(pick, Selection::All) {
            plan
        } else {
            narrowed = self.narrow(plan, pick).await?;
            &narrowed
        };
        consent.check(&self.needs(plan)?)?;
        if plan.sendable().next().is_none() {
            return Ok(held(plan));
        }
        let (mut ready, mut report) = self.take_locks(plan);
        let earlier = join_all(
            ready.iter().map(|one| self.resume_account(&one.connection, &one.lock, &progress, &cancel)),
        )
        .await;
        for (one, earlier) in ready.iter().zip(earlier) {
            let open = earlier.changes.iter().any(|change| change.outcome.kind == OutcomeKind::Unknown);
            report = report.with_earlier(earlier);
            if open {
                skip(&mut report, one.part, "changes sent before have no answer yet");
            }
        }
        ready.retain(|one| {
            !report
                .changes
                .iter()
                .any(|change| change.account == one.part.name && change.outcome.kind == OutcomeKind::Unknown)
        });
        for one in &ready {
            self.still_staged(one.part).await?;
        }
        if !ready.is_empty() {
            self.store().spend(plan.id, self.now()).await?;
        }
        let sent = join_all(ready.iter().map(|one| self.send_part(plan, one, &progress, &cancel))).await;
        for part in sent {
            report = part.with_earlier(report);
        }
        self.forget_catalog().await;
        Ok(in_order(plan, report))
    }

    /// Locks every account that has something to send; the others are in the report already, with the reason.
    fn take_locks<'p>(&self, plan: &'p Plan) -> (Vec<Ready<'p>>, ApplyReport) {
        let mut ready = Vec::new();
        let mut report = ApplyReport::default();
        for part in &plan.accounts {
            if part.changes.iter().all(|change| change.problem.is_some()) {
                hold(&mut report, part);
                continue;
            }
            let locked = self.open_way(part).and_then(|connection| {
                let lock = self.store().lock(&part.account, self.now())?;
                Ok(Ready { part, connection, lock })
            });
            match locked {
                Ok(one) => ready.push(one),
                Err(problem) => {
                    skip(&mut report, part, &problem.title);
                    report.accounts.push(AccountResult {
                        account: part.name.clone(),
                        settled: Vec::new(),
                        operation: None,
                        problem: Some(problem),
                    });
                }
            }
        }
        (ready, report)
    }

    /// The connection for a part of a plan, if it may be sent there.
    fn open_way(&self, part: &AccountPlan) -> Result<Arc<dyn Connection>, Problem> {
        let Some(member) = self.member_of(&part.account) else {
            return Err(Problem::new(ProblemKind::Usage, format!("{} is another account now", part.name))
                .detail(format!("the plan was made for {}", part.account.key()))
                .hint("What was staged for the former account is held back; `unbid unstage` drops it."));
        };
        if member.read_only || self.read_only() {
            return Err(Problem::new(ProblemKind::Usage, format!("{} is read-only", part.name))
                .hint("Set `read_only = false` for it in the config to send."));
        }
        member.link.clone()
    }

    /// Refuses when a change of the plan is no longer staged as it was.
    async fn still_staged(&self, part: &AccountPlan) -> Result<(), Problem> {
        let staged = self.store().staged(Some(part.account.clone())).await?;
        let staged: FxHashMap<u64, &Change> = staged.iter().map(|one| (one.number, &one.change)).collect();
        let mut sendable = part.changes.iter().filter(|planned| planned.problem.is_none());
        if sendable.all(|planned| staged.get(&planned.number) == Some(&&planned.change)) {
            Ok(())
        } else {
            Err(super::plan::stale(&part.name))
        }
    }

    async fn send_part(
        &self,
        plan: &Plan,
        ready: &Ready<'_>,
        progress: &Progress<ApplyEvent>,
        cancel: &CancellationToken,
    ) -> ApplyReport {
        let part = ready.part;
        let mut report = ApplyReport::default();
        let operation = Operation {
            id: OperationId::from_uuid(self.time().id()),
            plan: plan.id,
            account: part.account.clone(),
            name: part.name.clone(),
            who: self.who().clone(),
            began: self.now(),
            ended: None,
        };
        if let Err(problem) = self.store().begin(&operation).await {
            skip(&mut report, part, &problem.title);
            report.accounts.push(AccountResult {
                account: part.name.clone(),
                settled: Vec::new(),
                operation: None,
                problem: Some(problem),
            });
            return report;
        }
        let sendable: Vec<PlannedChange> =
            part.changes.iter().filter(|planned| planned.problem.is_none()).cloned().collect();
        let mut run = Run::new(self, Arc::clone(&ready.connection), operation.id, sendable, progress, cancel);
        run.tell(ApplyStep::Began {
            operation: operation.id,
            changes: run.changes.len(),
            requests: part.requests.len(),
        });
        let problem = run.send_all(part.requests.clone()).await;
        let problem = self.finish(&mut run, problem).await;
        hold(&mut report, part);
        report.changes.extend(results(&part.name, &run));
        report.accounts.retain(|account| account.account != part.name);
        report.accounts.push(AccountResult {
            account: part.name.clone(),
            settled: Vec::new(),
            operation: Some(operation.id),
            problem,
        });
        report
    }

    /// What follows a run: the snapshot takes what was seen, and the operation ends if nothing is open.
    async fn finish(&self, run: &mut Run<'_>, problem: Option<Problem>) -> Option<Problem> {
        let identity = run.connection.account().identity.clone();
        let rows: Vec<_> = std::mem::take(&mut run.seen).into_values().collect();
        let gone = std::mem::take(&mut run.gone);
        let now = self.now();
        let mut kept = Ok(());
        if !rows.is_empty() {
            kept = self.store().apply_rows(&identity, &rows, now).await;
        }
        if !gone.is_empty() {
            kept = kept.and(self.store().drop_rows(&identity, &gone, now).await);
        }
        let over = run.unknown.is_empty() && !run.unwritten;
        let ended = if over { self.store().end(run.operation, self.now()).await } else { Ok(()) };
        let problem = problem.or(kept.err()).or(ended.err());
        run.tell(ApplyStep::Ended { problem: problem.clone() });
        problem
    }
}

/// Every outcome of a run.
fn results<'r>(account: &'r AccountName, run: &'r Run<'_>) -> impl Iterator<Item = ChangeResult> + 'r {
    run.changes.keys().map(|number| ChangeResult {
        number: *number,
        account: account.clone(),
        // `close` gave every change one; a change without any was certainly not sent.
        outcome: run.outcomes.get(number).cloned().unwrap_or_else(|| Outcome::new(OutcomeKind::Skipped)),
    })
}

/// The sendable changes of a part stay staged, with the reason.
fn skip(report: &mut ApplyReport, part: &AccountPlan, why: &str) {
    hold(report, part);
    for planned in part.changes.iter().filter(|planned| planned.problem.is_none()) {
        report.changes.push(ChangeResult {
            number: planned.number,
            account: part.name.clone(),
            outcome: Outcome::new(OutcomeKind::Skipped).message(why),
        });
    }
}

/// The changes of a part that have a problem are reported as skipped for it.
fn hold(report: &mut ApplyReport, part: &AccountPlan) {
    for planned in &part.changes {
        if let Some(problem) = &planned.problem {
            report.changes.push(ChangeResult {
                number: planned.number,
                account: part.name.clone(),
                outcome: Outcome::new(OutcomeKind::Skipped).message(problem.title.as_str()),
            });
        }
    }
}

/// The report of a plan with nothing to send.
fn held(plan: &Plan) -> ApplyReport {
    let mut report = ApplyReport::default();
    for part in &plan.accounts {
        hold(&mut report, part);
    }
    in_order(plan, report)
}

/// Accounts in the plan's order, changes by number.
fn in_order(plan: &Plan, mut report: ApplyReport) -> ApplyReport {
    let place = |name: &AccountName| plan.accounts.iter().position(|part| part.name == *name);
    report.accounts.sort_by_key(|account| place(&account.account));
    report.changes.sort_by_key(|change| change.number);
    report
}
