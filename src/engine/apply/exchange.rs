//! One request: intent on the disk, send, answer, what the answer says of each change. The order of these writes is
//! what recovery rests on; which request goes when is `run.rs`'s business.

use rustc_hash::FxHashMap;
use tokio::time::Instant;

use crate::domain::change::Change;
use crate::domain::journal::{Attempt, Outcome, OutcomeKind};
use crate::domain::plan::{PlannedChange, PlannedRequest};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::Response;
use crate::domain::text::Text;
use crate::platform::traits::{Answer, SendError};

use super::events::ApplyStep;
use super::run::Run;

impl Run<'_> {
    /// Intent, send, answer, outcomes.
    pub(super) async fn exchange(&mut self, request: &PlannedRequest, behind: usize) -> Result<(), Problem> {
        self.attempts += 1;
        let attempt = Attempt {
            operation: self.operation,
            number: self.attempts,
            request: request.request.clone(),
            changes: request.changes.clone(),
            intended: self.engine.now(),
            status: None,
            answer: None,
            answered: None,
        };
        // Only what is on the disk may go out.
        self.engine.store().intend(&attempt).await?;
        for number in &request.changes {
            *self.sends.entry(*number).or_default() += 1;
            self.sent_in.insert(*number, self.attempts);
            self.fresh.remove(number);
        }
        self.tell(ApplyStep::Sending {
            request: self.attempts as usize,
            of: self.attempts as usize + behind,
            changes: request.changes.clone(),
        });
        match self.connection.send_until(request, self.cancel).await {
            Ok(response) => {
                self.refusals = 0;
                let kept =
                    self.keep_answer(Some(response.status), &String::from_utf8_lossy(&response.body)).await;
                let read = self.read(request, &response).await;
                kept.and(read)
            }
            Err(SendError::NotSent(problem)) => {
                let kept = self.keep_answer(None, &format!("not sent: {problem}")).await;
                let reason = Text::new(problem.title.as_str());
                self.again.extend(request.changes.iter().map(|number| (*number, reason.clone())));
                kept.and(self.refused(problem))
            }
            Err(SendError::Unknown(problem)) => {
                let answered = matches!(
                    problem.kind,
                    ProblemKind::Server | ProblemKind::Throttled | ProblemKind::Reply | ProblemKind::Refused
                );
                let word = if answered { "unclear answer" } else { "no answer" };
                let kept = self.keep_answer(None, &format!("{word}: {problem}")).await;
                for number in &request.changes {
                    if answered {
                        self.answered.insert(*number, Text::new(said(&problem)));
                    } else {
                        self.answered.remove(number);
                    }
                }
                let outcome = Outcome::new(OutcomeKind::Unknown).message(problem.title.as_str());
                let outcomes = request.changes.iter().map(|number| (*number, outcome.clone())).collect();
                kept.and(self.record(outcomes).await)
            }
        }
    }

    async fn keep_answer(&self, status: Option<u16>, body: &str) -> Result<(), Problem> {
        self.engine.store().answer(self.operation, self.attempts, status, body, self.engine.now()).await
    }

    /// What an answer says of each change; one that it does not speak of is unknown.
    async fn read(&mut self, request: &PlannedRequest, response: &Response) -> Result<(), Problem> {
        let carried: Vec<PlannedChange> = self.of(&request.changes).cloned().collect();
        let mut said: FxHashMap<u64, Answer> = FxHashMap::default();
        for (number, answer) in self.connection.read(request, &carried, response) {
            said.entry(number).or_insert(answer);
        }
        let mut outcomes = Vec::new();
        for number in &request.changes {
            match said.remove(number) {
                Some(Answer::Settled(outcome)) => outcomes.extend(self.weigh(*number, outcome)),
                Some(Answer::Again(why)) => {
                    self.again.insert(*number, why);
                }
                None => outcomes.push((
                    *number,
                    Outcome::new(OutcomeKind::Unknown).message("the platform's answer does not speak of it"),
                )),
            }
        }
        if outcomes.iter().any(|(_, outcome)| outcome.kind == OutcomeKind::Applied) {
            self.confirmed_at = Some(Instant::now());
        }
        self.record(outcomes).await
    }

    /// An outcome that says less than it seems to is put aside until a listing tells the rest.
    fn weigh(&mut self, number: u64, outcome: Outcome) -> Option<(u64, Outcome)> {
        let adds = matches!(self.changes.get(&number)?.change, Change::Add { .. });
        match outcome.kind {
            // It was read just before and was not so: what did it is an earlier attempt of this very call.
            OutcomeKind::Already if !adds => Some((number, Outcome { kind: OutcomeKind::Applied, ..outcome })),
            // An equal one is there; in which state, `twins.rs` looks.
            OutcomeKind::Already if adds && outcome.id.is_none() => {
                self.twins.insert(number, outcome);
                None
            }
            // A change of state that got no answer goes out again within one call, and an addition did although no
            // list could prove that the first time nothing was done: the refusal may be due to what the first one
            // did, and counts when a look shows that it did nothing.
            OutcomeKind::Rejected if !adds || self.in_doubt.contains(&number) => {
                let message = outcome.message.clone().unwrap_or_default();
                self.refused_again.insert(number, outcome);
                Some((number, Outcome::new(OutcomeKind::Unknown).message(message)))
            }
            // The object was read just before and was not there yet: this very request did it, sent again after its
            // first answer was lost. So it is ours, and can be taken back.
            OutcomeKind::Already if !adds => Some((number, Outcome { kind: OutcomeKind::Applied, ..outcome })),
            _ => Some((number, outcome)),
        }
    }
}

/// A problem in one line.
fn said(problem: &Problem) -> String {
    let detail = problem.detail.lines().next().unwrap_or_default();
    if detail.is_empty() { problem.title.clone() } else { format!("{} ({detail})", problem.title) }
}
