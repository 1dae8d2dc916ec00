//! The journal's words: an operation, what was intended, what came of it. Append-only; secrets never.

use jiff::Timestamp;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::account::{AccountName, Identity};
use super::change::Change;
use super::ids::{NegativeId, OperationId, PlanId};
use super::negative::NegativeKey;
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

/// An operation in figures, as the history lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number in this journal, from 1: how people name it.
    pub number: u64,
    /// The operation.
    pub operation: Operation,
    /// How many changes ended in each outcome; kinds without any are left out.
    pub counts: Vec<(OutcomeKind, u32)>,
    /// The numbers of the operations that it took something back of.
    pub takes_back: Vec<u64>,
    /// The numbers of the operations that took something of it back.
    pub taken_back: Vec<u64>,
}

impl Entry {
    /// How many of its changes ended so.
    pub fn count(&self, kind: OutcomeKind) -> u32 {
        self.counts.iter().find(|(has, _)| *has == kind).map_or(0, |(_, n)| *n)
    }

    /// Whether something of it is open: it runs, was cut off, or has a change without an answer.
    pub fn is_open(&self) -> bool {
        self.operation.ended.is_none() || self.count(OutcomeKind::Unknown) > 0
    }
}

/// One change of an operation, with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastChange {
    /// Its number.
    pub number: u64,
    /// What was to be done.
    pub change: Change,
    /// What came of it; `None` while nothing is known.
    pub outcome: Option<Outcome>,
    /// When that was written.
    pub at: Option<Timestamp>,
    /// The number of the operation that took it back, if one did and was not taken back itself.
    pub taken_back: Option<u64>,
}

impl PastChange {
    /// What became of it; a change that nothing is known of has no answer.
    pub fn kind(&self) -> OutcomeKind {
        self.outcome.as_ref().map_or(OutcomeKind::Unknown, |outcome| outcome.kind)
    }
}

/// An operation, whole: its changes, and the exact requests and answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    /// The operation in figures.
    pub entry: Entry,
    /// Its changes, by number.
    pub changes: Vec<PastChange>,
    /// Its requests, in the order they went out.
    pub attempts: Vec<Attempt>,
}

/// The operation that touched a negative last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touch {
    /// Its number.
    pub number: u64,
    /// The operation.
    pub operation: OperationId,
    /// Who sent it.
    pub who: Text,
    /// When it began.
    pub began: Timestamp,
}

/// Which operations a negative has met, by their places in [`Touches`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touched {
    /// The one that touched it last.
    pub last: usize,
    /// The one that added it; `None` where it was not this journal's.
    pub added: Option<usize>,
}

/// Which operation touched each negative last, and which added it, as far as this journal knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touches {
    operations: Vec<Touch>,
    rows: FxHashMap<Identity, FxHashMap<NegativeKey, Touched>>,
}

impl Touches {
    /// Of these operations, by place in them.
    pub fn new(
        operations: Vec<Touch>,
        rows: impl IntoIterator<Item = (Identity, NegativeKey, Touched)>,
    ) -> Self {
        let mut touches = Self { operations, rows: FxHashMap::default() };
        for (account, key, touched) in rows {
            touches.rows.entry(account).or_default().insert(key, touched);
        }
        touches
    }

    /// Whether nothing was sent yet.
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// The operation that touched this negative last.
    pub fn of(&self, account: &Identity, key: &NegativeKey) -> Option<&Touch> {
        self.operations.get(self.rows.get(account)?.get(key)?.last)
    }

    /// The operation that added this negative, where it was one of ours.
    pub fn added(&self, account: &Identity, key: &NegativeKey) -> Option<&Touch> {
        self.operations.get(self.rows.get(account)?.get(key)?.added?)
    }
}
