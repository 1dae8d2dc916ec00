//! What happens while a plan is sent, as values: the Plan screen and the progress bar show the same. Nothing here
//! decides anything; see `run.rs`.

use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::account::AccountName;
use crate::domain::ids::OperationId;
use crate::domain::journal::Outcome;
use crate::domain::problem::Problem;

/// Where events go. Called from the tasks that send; must not block.
pub type Progress<E> = Arc<dyn Fn(E) + Send + Sync>;

/// What a sending says while [`ApplyStep::LookingAgain`] lasts; the time follows.
pub const LOOKING_AGAIN: &str = "looking again at what seems changed, waits";

/// One thing that happened, and to which account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplyEvent {
    /// The account.
    pub account: AccountName,
    /// What happened.
    pub what: ApplyStep,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApplyStep {
    /// An operation began.
    Began {
        /// The operation.
        operation: OperationId,
        /// The changes it will send.
        changes: usize,
        /// The requests it will take, if nothing goes wrong.
        requests: usize,
    },
    /// The objects of the next request are read once more before it is sent.
    Reading {
        /// How many.
        objects: usize,
    },
    /// Some looked changed or gone. Lists show late what was done a moment ago, so they are read again before that
    /// counts.
    LookingAgain {
        /// When.
        until: Timestamp,
    },
    /// A request goes out: "request 2 of 3".
    Sending {
        /// Its place, from 1.
        request: usize,
        /// How many there are now.
        of: usize,
        /// The changes it carries.
        changes: Vec<u64>,
    },
    /// The platform asks to wait before some changes go out again.
    Throttled {
        /// Until when.
        until: Timestamp,
        /// The changes that wait.
        changes: Vec<u64>,
    },
    /// No answer came for some changes; the platform is asked what is there: "no answer yet, checking (12 s)".
    Settling {
        /// When it is asked.
        until: Timestamp,
        /// The changes.
        changes: Vec<u64>,
    },
    /// What became of a change. A later event for the same change replaces it.
    Outcome {
        /// The change.
        number: u64,
        /// What became of it.
        outcome: Outcome,
    },
    /// The account is done.
    Ended {
        /// Why not everything was sent, if so.
        problem: Option<Problem>,
    },
}
