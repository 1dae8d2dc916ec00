//! What goes on while a request is under way, and the lines of the log. Nothing here ends a request: that is its
//! answer, in `reply`.

use jiff::Timestamp;

use super::SnapshotState;
use crate::domain::account::{AccountName, Identity};
use crate::domain::ids::OperationId;
use crate::domain::journal::Outcome;
use crate::domain::problem::Problem;
use crate::domain::request::Method;
use crate::domain::term::TermPeriod;

/// How far a request is.
#[derive(Clone, Debug)]
pub enum Progress {
    /// Of a `Sync`: what has come of one account so far.
    Sync(Identity, SyncCounts),
    /// Of a `Sync`: one account is done and in the store, or failed.
    AccountSynced(Identity, Result<SnapshotState, Problem>),
    /// Of a `FetchTerms`: what has come of one account so far.
    Fetch(Identity, FetchCounts),
    /// Of a `FetchTerms`: one account is done. Its terms are loaded of these days (`None`: of no day); an error says why
    /// not all of them could be had, and what was there before stays.
    AccountFetched(Identity, Result<Option<TermPeriod>, Problem>),
    /// Of a `Send`: what happens at one account.
    Send(AccountName, SendEvent),
}

/// What has come of an account so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SyncCounts {
    /// Campaigns.
    pub campaigns: usize,
    /// Ad groups.
    pub ad_groups: usize,
    /// Negatives.
    pub negatives: usize,
}

/// What has come of an account's search terms so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FetchCounts {
    /// Reports that were asked for.
    pub reports: usize,
    /// Those that are loaded.
    pub loaded: usize,
    /// Rows that came.
    pub rows: u64,
}

/// What happens while a plan is sent.
#[derive(Clone, Debug)]
pub enum SendEvent {
    /// The plan is spent and the operation is in the journal.
    Began {
        /// The operation.
        operation: OperationId,
        /// How many requests there are.
        requests: usize,
    },
    /// A request goes out.
    Sending {
        /// Its place, from 1.
        request: usize,
        /// How many there are now.
        of: usize,
        /// The changes it carries.
        changes: Vec<u64>,
    },
    /// The platform asked to wait.
    Waiting {
        /// Until when.
        until: Timestamp,
        /// Why, such as `asked to slow down`.
        why: String,
    },
    /// What became of a change. `Unknown` may be followed by what the reading back found.
    Settled {
        /// The change.
        number: u64,
        /// What became of it.
        outcome: Outcome,
    },
    /// Changes without an answer are being looked for on the platform.
    Checking {
        /// Until when absence says nothing.
        until: Timestamp,
        /// The changes.
        changes: Vec<u64>,
    },
}

/// A line of the log: one request to a platform, or an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// When.
    pub at: Timestamp,
    /// The account's label, where there is one.
    pub account: Option<String>,
    /// Method and path, without secrets.
    pub call: Option<(Method, String)>,
    /// The answer's status.
    pub status: Option<u16>,
    /// How long it took.
    pub took: std::time::Duration,
    /// How often it was tried again.
    pub retries: u32,
    /// What went wrong.
    pub problem: Option<Problem>,
}

impl LogEntry {
    /// An error that is no request.
    pub fn failure(at: Timestamp, problem: Problem) -> Self {
        let took = std::time::Duration::ZERO;
        Self { at, account: None, call: None, status: None, took, retries: 0, problem: Some(problem) }
    }
}
