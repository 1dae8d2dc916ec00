//! The journal as JSON, as scripts read it: operations in figures, and one of them with its changes, requests and
//! answers, secret headers as `***`. Only arranges what the journal holds.

use jiff::Timestamp;
use serde::Serialize;

use crate::domain::account::{AccountName, Identity};
use crate::domain::ids::PlatformId;
use crate::domain::journal::{Attempt, Entry, OutcomeKind, Past};
use crate::domain::plan::PlannedRequest;
use crate::domain::problem::Problem;
use crate::store::Holder;

use super::Engine;
use super::plan_view::{ChangeView, RequestView};

/// An operation, arranged for scripts and tables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OperationView {
    /// Its number in this journal.
    pub number: u64,
    /// Its id.
    pub operation: String,
    /// The plan that it sent.
    pub plan: String,
    /// The account's label at the time.
    pub account: AccountName,
    /// Its platform.
    pub platform: PlatformId,
    /// The API that it went to.
    pub origin: String,
    /// Who sent it.
    pub who: String,
    /// When it began.
    pub began: Timestamp,
    /// When its last outcome was written.
    pub ended: Option<Timestamp>,
    /// `done`, `sending`, or `cut-off`.
    pub state: &'static str,
    /// Who is sending it, while it is being sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pid: Option<u32>,
    /// Changes that the platform did.
    pub applied: u32,
    /// Changes that were there already.
    pub already: u32,
    /// Changes that the platform refused.
    pub rejected: u32,
    /// Changes without an answer, as far as that is written down.
    pub unknown: u32,
    /// Changes whose object had changed.
    pub drifted: u32,
    /// Changes that were not sent.
    pub skipped: u32,
    /// The numbers of the operations that it took something back of.
    pub takes_back: Vec<u64>,
    /// The numbers of the operations that took something of it back.
    pub taken_back_by: Vec<u64>,
}

/// One operation with its changes, requests and answers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PastView {
    /// The operation.
    #[serde(flatten)]
    pub operation: OperationView,
    /// Its changes, by number.
    pub changes: Vec<PastChangeView>,
    /// Its requests, in the order they went out.
    pub requests: Vec<AttemptView>,
}

/// One change of an operation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PastChangeView {
    /// What was to be done.
    #[serde(flatten)]
    pub change: ChangeView,
    /// What became of it; `unknown` while no answer is known.
    pub outcome: OutcomeKind,
    /// The negative's id on the platform.
    pub id: Option<String>,
    /// The platform's text.
    pub message: Option<String>,
    /// The platform's code.
    pub code: Option<String>,
    /// When that was written.
    pub at: Option<Timestamp>,
    /// The number of the operation that took it back.
    pub taken_back_by: Option<u64>,
}

/// One request with its answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AttemptView {
    /// Its place, from 1.
    pub number: u32,
    /// The request.
    #[serde(flatten)]
    pub request: RequestView,
    /// When its intent was written, before it went out.
    pub intended: Timestamp,
    /// When the answer was written.
    pub answered: Option<Timestamp>,
    /// The answer's status; null when none came.
    pub status: Option<u16>,
    /// The answer's body, or why none came.
    pub answer: Option<String>,
}

impl Engine {
    /// Arranges operations.
    pub fn arrange(&self, entries: &[Entry]) -> Result<Vec<OperationView>, Problem> {
        let sending = self.sending()?;
        Ok(entries.iter().map(|entry| OperationView::of(entry, &sending)).collect())
    }

    /// Arranges one operation with all there is of it.
    pub async fn arrange_past(&self, past: &Past) -> Result<PastView, Problem> {
        let catalog = self.catalog().await?;
        let operation = &past.entry.operation;
        let changes = past.changes.iter().map(|one| {
            let change = ChangeView::of(&catalog, &operation.name, &operation.account, one.number, &one.change);
            let outcome = one.outcome.as_ref();
            let raw = |text: Option<&crate::domain::text::Text>| text.map(|text| text.raw().to_owned());
            PastChangeView {
                change,
                outcome: one.kind(),
                id: outcome.and_then(|outcome| outcome.id.as_ref()).map(|id| id.raw().to_owned()),
                message: raw(outcome.and_then(|outcome| outcome.message.as_ref())),
                code: raw(outcome.and_then(|outcome| outcome.code.as_ref())),
                at: one.at,
                taken_back_by: one.taken_back,
            }
        });
        Ok(PastView {
            operation: OperationView::of(&past.entry, &self.sending()?),
            changes: changes.collect(),
            requests: past.attempts.iter().map(|one| AttemptView::of(&operation.name, one)).collect(),
        })
    }
}

impl OperationView {
    fn of(entry: &Entry, sending: &[(Identity, Holder)]) -> Self {
        let operation = &entry.operation;
        let holder = sending.iter().find(|(account, _)| *account == operation.account);
        let holder = holder.map(|(_, holder)| holder).filter(|_| operation.ended.is_none());
        Self {
            number: entry.number,
            operation: operation.id.to_string(),
            plan: operation.plan.to_string(),
            account: operation.name.clone(),
            platform: operation.account.platform.clone(),
            origin: operation.account.origin.to_string(),
            who: operation.who.raw().to_owned(),
            began: operation.began,
            ended: operation.ended,
            state: match holder {
                Some(_) => "sending",
                None if entry.is_open() => "cut-off",
                None => "done",
            },
            pid: holder.map(|holder| holder.pid),
            applied: entry.count(OutcomeKind::Applied),
            already: entry.count(OutcomeKind::Already),
            rejected: entry.count(OutcomeKind::Rejected),
            unknown: entry.count(OutcomeKind::Unknown),
            drifted: entry.count(OutcomeKind::Drifted),
            skipped: entry.count(OutcomeKind::Skipped),
            takes_back: entry.takes_back.clone(),
            taken_back_by: entry.taken_back.clone(),
        }
    }
}

impl AttemptView {
    fn of(account: &AccountName, attempt: &Attempt) -> Self {
        let planned = PlannedRequest { request: attempt.request.clone(), changes: attempt.changes.clone() };
        Self {
            number: attempt.number,
            request: RequestView::of(account, &planned),
            intended: attempt.intended,
            answered: attempt.answered,
            status: attempt.status,
            answer: attempt.answer.as_ref().map(|answer| answer.raw().to_owned()),
        }
    }
}
