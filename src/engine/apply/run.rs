//! Sends one account's part of a plan, request after request, until nothing is open. Decides nothing about accounts
//! or consent (`mod.rs`); one request is `exchange.rs`, what got no answer `settle.rs`.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use rustc_hash::{FxHashMap, FxHashSet};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::domain::account::AccountName;
use crate::domain::change::Change;
use crate::domain::ids::OperationId;
use crate::domain::journal::{Outcome, OutcomeKind};
use crate::domain::negative::{Negative, NegativeKey};
use crate::domain::plan::{PlannedChange, PlannedRequest};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::Text;
use crate::engine::time::after;
use crate::engine::{Engine, Progress};
use crate::platform::Connection;

use super::drift::{Seen, compare};
use super::events::{ApplyEvent, ApplyStep};

/// How often one change may go out in one operation, throttling and settling together.
pub(super) const MOST_SENDS: u32 = 8;
/// How often a throttled change is tried again before it stays staged.
const MOST_AGAIN: u32 = 6;
/// The first wait before a throttled change goes out again; doubled each time.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// The longest such wait.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// One account's operation while it runs.
pub(super) struct Run<'a> {
    pub(super) engine: &'a Engine,
    pub(super) connection: Arc<dyn Connection>,
    pub(super) account: AccountName,
    pub(super) operation: OperationId,
    /// When this began: what was done before is shown by listings made the settling time later.
    began: Instant,
    /// Every change of the operation, by number.
    pub(super) changes: BTreeMap<u64, PlannedChange>,
    /// What came of them so far.
    pub(super) outcomes: BTreeMap<u64, Outcome>,
    /// Those without an answer, with the moment from which a listing is trusted.
    pub(super) unknown: BTreeMap<u64, Instant>,
    /// What the platform answered to those of them that it gave an answer to, one that leaves open what it did.
    pub(super) answered: FxHashMap<u64, Text>,
    /// Those to send again, with the reason.
    pub(super) again: BTreeMap<u64, Text>,
    /// Those that were to go out again, too often.
    gave_up: BTreeMap<u64, Text>,
    /// Additions that were refused because an equal one is there, to be looked at.
    pub(super) twins: BTreeMap<u64, Outcome>,
    /// How often each went out.
    pub(super) sends: FxHashMap<u64, u32>,
    /// The attempt that carried each last.
    pub(super) sent_in: FxHashMap<u64, u32>,
    /// Unknown ones that a listing which counts has lacked once.
    pub(super) missed: FxHashSet<u64>,
    /// Those that went out again although only the time spoke for it.
    pub(super) in_doubt: FxHashSet<u64>,
    /// The last of them, which the others wait for.
    pub(super) leader: Option<u64>,
    /// How often one did.
    pub(super) sent_ahead: u32,
    /// Refusals of what may have gone out twice: they count once it is certain that nothing was done.
    pub(super) refused_again: BTreeMap<u64, Outcome>,
    /// When an answer last confirmed something.
    pub(super) confirmed_at: Option<Instant>,
    /// The operation is so old that what it confirmed may be gone for other reasons than late lists.
    pub(super) old: bool,
    /// Those whose object was read just now.
    pub(super) fresh: FxHashSet<u64>,
    /// Rows as the platform confirmed or showed them: for the snapshot.
    pub(super) seen: BTreeMap<NegativeKey, Negative>,
    /// Rows that are no longer there.
    pub(super) gone: Vec<Negative>,
    /// The journal lacks an outcome: the operation must not end, so that it is taken up again.
    pub(super) unwritten: bool,
    pub(super) attempts: u32,
    again_rounds: u32,
    pub(super) refusals: u32,
    pub(super) progress: &'a Progress<ApplyEvent>,
    pub(super) cancel: &'a CancellationToken,
}

impl<'a> Run<'a> {
    /// An operation with nothing sent yet.
    pub(super) fn new(
        engine: &'a Engine,
        connection: Arc<dyn Connection>,
        operation: OperationId,
        changes: impl IntoIterator<Item = PlannedChange>,
        progress: &'a Progress<ApplyEvent>,
        cancel: &'a CancellationToken,
    ) -> Self {
        Self {
            engine,
            account: connection.account().name.clone(),
            connection,
            operation,
            began: Instant::now(),
            changes: changes.into_iter().map(|change| (change.number, change)).collect(),
            outcomes: BTreeMap::new(),
            unknown: BTreeMap::new(),
            answered: FxHashMap::default(),
            again: BTreeMap::new(),
            gave_up: BTreeMap::new(),
            twins: BTreeMap::new(),
            sends: FxHashMap::default(),
            sent_in: FxHashMap::default(),
            missed: FxHashSet::default(),
            in_doubt: FxHashSet::default(),
            leader: None,
            sent_ahead: 0,
            refused_again: BTreeMap::new(),
            confirmed_at: None,
            old: false,
            fresh: FxHashSet::default(),
            seen: BTreeMap::new(),
            gone: Vec::new(),
            unwritten: false,
            attempts: 0,
            again_rounds: 0,
            refusals: 0,
            progress,
            cancel,
        }
    }

    /// Tells what happened.
    pub(super) fn tell(&self, what: ApplyStep) {
        (self.progress)(ApplyEvent { account: self.account.clone(), what });
    }

    /// Sends the requests and whatever must go out again, until nothing is open. The problem says why not
    /// everything went out. Afterwards every change has an outcome, in the journal too unless that is the problem.
    pub(super) async fn send_all(&mut self, requests: Vec<PlannedRequest>) -> Option<Problem> {
        let mut queue = VecDeque::from(requests);
        let ended = self.drain(&mut queue).await;
        let problem = ended.err();
        let why = problem.as_ref().map_or("not sent", |problem| problem.title.as_str());
        let closing = self.close(why).await;
        problem.or(closing.err())
    }

    async fn drain(&mut self, queue: &mut VecDeque<PlannedRequest>) -> Result<(), Problem> {
        loop {
            while let Some(request) = queue.pop_front() {
                if self.cancel.is_cancelled() {
                    return Err(stopped());
                }
                self.step(request, queue).await?;
            }
            if !self.again.is_empty() {
                self.wait_again().await?;
                queue.extend(self.prepare_again());
            } else if !self.twins.is_empty() {
                self.look_at_twins().await?;
            } else if self.unknown.is_empty() {
                return Ok(());
            } else {
                let absent = self.settle(true).await?;
                queue.extend(absent);
            }
        }
    }

    /// One request: its objects are read first when it overwrites any; when some changed, what is left is
    /// prepared anew and goes to the front.
    async fn step(
        &mut self,
        request: PlannedRequest,
        queue: &mut VecDeque<PlannedRequest>,
    ) -> Result<(), Problem> {
        let stale: Vec<Negative> = self
            .of(&request.changes)
            .filter(|planned| !self.fresh.contains(&planned.number))
            .filter_map(|planned| planned.change.target().cloned())
            .collect();
        if !stale.is_empty() && self.reread(&request.changes, &stale).await? {
            let kept: Vec<PlannedChange> = self
                .of(&request.changes)
                .filter(|planned| !self.outcomes.contains_key(&planned.number))
                .cloned()
                .collect();
            for request in self.connection.prepare(&kept).into_iter().rev() {
                queue.push_front(request);
            }
            return Ok(());
        }
        self.exchange(&request, queue.len()).await
    }

    /// Reads objects once more; true when one of them is not what the plan saw, so that the request must change.
    ///
    /// What looks changed or gone may only be shown late: lists lag behind what was done a moment ago, by ourselves
    /// too. It counts in a listing made the settling time or more after the operation began, which shows all that
    /// was done before; so one operation waits for that once at most.
    async fn reread(&mut self, numbers: &[u64], targets: &[Negative]) -> Result<bool, Problem> {
        self.tell(ApplyStep::Reading { objects: targets.len() });
        let trusted = self.began + self.engine.settings().settle;
        let early = Instant::now() < trusted;
        let mut rows = self.ask(self.connection.read_back(targets)).await;
        if early && rows.as_ref().is_ok_and(|rows| self.differs(numbers, rows)) {
            let until = after(self.engine.now(), trusted.saturating_duration_since(Instant::now()));
            self.tell(ApplyStep::LookingAgain { until });
            if !self.pause(trusted).await {
                return Err(stopped());
            }
            rows = self.ask(self.connection.read_back(targets)).await;
        }
        let rows = match rows {
            Ok(rows) => rows,
            Err(problem) => {
                let message =
                    Text::new(format!("not sent: it could not be read before the send ({})", problem.title));
                let outcome = Outcome::new(OutcomeKind::Skipped).message(message);
                let skipped: Vec<_> = numbers.iter().map(|number| (*number, outcome.clone())).collect();
                self.record(skipped).await?;
                return self.refused(problem).map(|()| true);
            }
        };
        let now: FxHashMap<NegativeKey, Negative> = rows.into_iter().map(|row| (row.key(), row)).collect();
        let capabilities = self.connection.capabilities();
        let mut outcomes = Vec::new();
        for number in numbers {
            let Some(planned) = self.changes.get(number) else { continue };
            let Some(target) = planned.change.target() else { continue };
            let row = now.get(&target.key());
            match row {
                Some(row) => drop(self.seen.insert(row.key(), row.clone())),
                None => self.gone.push(target.clone()),
            }
            match compare(planned, row, capabilities) {
                Seen::Same => {
                    self.fresh.insert(*number);
                }
                Seen::There => {
                    let outcome = Outcome { id: Some(target.id.clone()), ..Outcome::new(OutcomeKind::Already) };
                    outcomes.push((*number, outcome));
                }
                Seen::Drifted(how) => outcomes.push((*number, Outcome::new(OutcomeKind::Drifted).message(how))),
            }
        }
        let changed = !outcomes.is_empty();
        self.record(outcomes).await?;
        Ok(changed)
    }

    /// Whether any object is shown otherwise than the plan saw it.
    fn differs(&self, numbers: &[u64], rows: &[Negative]) -> bool {
        let now: FxHashMap<NegativeKey, &Negative> = rows.iter().map(|row| (row.key(), row)).collect();
        self.of(numbers).any(|planned| {
            let Some(target) = planned.change.target() else { return false };
            let row = now.get(&target.key()).copied();
            compare(planned, row, self.connection.capabilities()) != Seen::Same
        })
    }

    /// Writes outcomes into the journal and tells them. They count here even when the journal fails.
    pub(super) async fn record(&mut self, outcomes: Vec<(u64, Outcome)>) -> Result<(), Problem> {
        if outcomes.is_empty() {
            return Ok(());
        }
        let mut written: Vec<(u64, Change, Outcome)> = Vec::with_capacity(outcomes.len());
        for (number, outcome) in outcomes {
            if outcome.kind == OutcomeKind::Unknown {
                self.unknown.insert(number, Instant::now() + self.engine.settings().settle);
            } else {
                self.unknown.remove(&number);
                self.missed.remove(&number);
            }
            self.again.remove(&number);
            if let Some(planned) = self.changes.get(&number) {
                if let Some(row) = super::landed::row(planned, &outcome, self.connection.capabilities()) {
                    // What a listing showed is nearer the truth than what we make of a bare id.
                    let shown =
                        matches!(planned.change, Change::Add { .. }) && self.seen.contains_key(&row.key());
                    if !shown {
                        self.seen.insert(row.key(), row);
                    }
                }
                written.push((number, planned.change.clone(), outcome.clone()));
            }
            self.outcomes.insert(number, outcome.clone());
            self.tell(ApplyStep::Outcome { number, outcome });
        }
        let kept = self.engine.store().settle(self.operation, &written, self.engine.now()).await;
        self.unwritten |= kept.is_err();
        kept
    }

    /// Whether it makes sense to go on after a refusal that came before anything was sent.
    pub(super) fn refused(&mut self, problem: Problem) -> Result<(), Problem> {
        self.refusals += 1;
        let passes =
            matches!(problem.kind, ProblemKind::Throttled | ProblemKind::Network | ProblemKind::Server);
        if passes && self.refusals < 3 { Ok(()) } else { Err(problem) }
    }

    /// Waits before throttled changes go out again.
    async fn wait_again(&mut self) -> Result<(), Problem> {
        let wait = (FIRST_WAIT * 2_u32.pow(self.again_rounds.min(10))).min(LONGEST_WAIT);
        self.again_rounds += 1;
        let until = after(self.engine.now(), wait);
        self.tell(ApplyStep::Throttled { until, changes: self.again.keys().copied().collect() });
        if self.pause(Instant::now() + wait).await { Ok(()) } else { Err(stopped()) }
    }

    /// The requests of what may go out again; what went out too often stays staged, with the reason.
    fn prepare_again(&mut self) -> Vec<PlannedRequest> {
        let exhausted = self.again_rounds > MOST_AGAIN;
        let sendable: Vec<PlannedChange> = self
            .again
            .keys()
            .filter(|number| !exhausted && self.sends.get(*number).is_none_or(|sends| *sends < MOST_SENDS))
            .filter_map(|number| self.changes.get(number).cloned())
            .collect();
        let going: FxHashSet<u64> = sendable.iter().map(|planned| planned.number).collect();
        for (number, why) in std::mem::take(&mut self.again) {
            if !going.contains(&number) {
                self.gave_up.insert(number, why);
            }
        }
        self.connection.prepare(&sendable)
    }

    /// Sleeps until then; false when it was cancelled meanwhile.
    pub(super) async fn pause(&self, until: Instant) -> bool {
        tokio::select! {
            () = self.cancel.cancelled() => false,
            () = tokio::time::sleep_until(until) => true,
        }
    }

    /// Asks for what does no harm when it is cut off, however long the platform keeps it waiting; a stop ends it.
    pub(super) async fn ask<T>(&self, asking: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
        self.cancel.run_until_cancelled(asking).await.unwrap_or_else(|| Err(stopped()))
    }

    /// Gives every change without an outcome one: it was not sent. Those with no answer stay unknown.
    pub(super) async fn close(&mut self, why: &str) -> Result<(), Problem> {
        // What could not be looked at is taken at the platform's word.
        let twins: Vec<(u64, Outcome)> = std::mem::take(&mut self.twins).into_iter().collect();
        self.record(twins).await?;
        let left: Vec<(u64, Outcome)> = self
            .changes
            .keys()
            .filter(|number| !self.outcomes.contains_key(*number))
            .map(|number| {
                let said = self.gave_up.get(number).or_else(|| self.again.get(number)).cloned();
                let message = said.unwrap_or_else(|| Text::new(why));
                (*number, Outcome::new(OutcomeKind::Skipped).message(message))
            })
            .collect();
        self.record(left).await
    }

    /// The changes of these numbers, in that order.
    pub(super) fn of<'s>(&'s self, numbers: &'s [u64]) -> impl Iterator<Item = &'s PlannedChange> {
        numbers.iter().filter_map(|number| self.changes.get(number))
    }
}

/// The user stopped it.
pub(super) fn stopped() -> Problem {
    Problem::new(ProblemKind::Cancelled, "Stopped before it was sent")
        .hint("What was not sent is still staged; what has no answer is settled the next time.")
}
