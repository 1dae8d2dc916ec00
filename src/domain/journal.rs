//! The journal's words: an operation, what was intended, what came of it. Append-only; secrets never.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::account::{AccountName, Identity};
use super::ids::{NegativeId, OperationId, PlanId};
use super::request::Request;
use super::text::Text;
use super::words::words;

words! {
    /// What became of a change.
    pub enum OutcomeKind {
        /// The platform did it.
        Applied,
        /// It was already there.
        Already,
        /// The platform refused it.
        Rejected,
        /// It was sent and no answer came; to be settled by reading back.
        Unknown,
        /// The object changed on the platform since the plan was made; nothing was sent.
        Drifted,
        /// It was not sent.
        Skipped,
    }
}

/// What became of a change, with the platform's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// What became of it.
    pub kind: OutcomeKind,
    /// The negative's id on the platform, where it is known.
    pub id: Option<NegativeId>,
    /// The platform's own code.
    pub code: Option<Text>,
    /// The platform's own text, or ours where there is none.
    pub message: Option<Text>,
}

impl Outcome {
    /// An outcome of a kind, with nothing more to say.
    pub fn new(kind: OutcomeKind) -> Self {
        Self { kind, id: None, code: None, message: None }
    }

    /// Done, with the id that the platform gave or confirmed.
    pub fn applied(id: Option<NegativeId>) -> Self {
        Self { id, ..Self::new(OutcomeKind::Applied) }
    }

    /// Refused, with the platform's code and text.
    pub fn rejected(code: impl Into<Text>, message: impl Into<Text>) -> Self {
        Self { code: Some(code.into()), message: Some(message.into()), ..Self::new(OutcomeKind::Rejected) }
    }

    /// Adds the text that goes with it.
    #[must_use]
    pub fn message(mut self, message: impl Into<Text>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// Adds the code that goes with it.
    #[must_use]
    pub fn code(mut self, code: impl Into<Text>) -> Self {
        self.code = Some(code.into());
        self
    }
}

/// One sending of a plan's part to one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// Its id.
    pub id: OperationId,
    /// The plan it sends.
    pub plan: PlanId,
    /// Whom it goes to.
    pub account: Identity,
    /// The account's label at the time.
    pub name: AccountName,
    /// Who sent it: the user's name on this machine.
    pub who: Text,
    /// When it began.
    pub began: Timestamp,
    /// When its last outcome was written; `None` while it runs or after it was cut off.
    pub ended: Option<Timestamp>,
}

/// One attempt of one request: written before the first byte goes out, completed after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    /// The operation it belongs to.
    pub operation: OperationId,
    /// Its place in the operation, from 1.
    pub number: u32,
    /// What is sent.
    pub request: Request,
    /// The changes it carries, in item order.
    pub changes: Vec<u64>,
    /// When the intent was written.
    pub intended: Timestamp,
    /// The answer's status; `None` when none came.
    pub status: Option<u16>,
    /// The answer's body, cut to a sensible length, or why none came.
    pub answer: Option<Text>,
    /// When the answer was written.
    pub answered: Option<Timestamp>,
}
