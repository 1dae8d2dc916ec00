//! What became of changes: staged, sent, cut off, taken back. Each that changes staging brings all of it, so that no
//! part adds up differences; what is told while a plan is being sent is in `progress`.

use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::account::{AccountName, Identity};
use crate::domain::catalog::Overlay;
use crate::domain::change::Staged;
use crate::domain::ids::OperationId;
use crate::domain::journal::{Entry, Outcome};
use crate::domain::problem::Problem;

/// What is staged after a `Stage`.
#[derive(Clone, Debug, Default)]
pub struct StagedNow {
    /// Everything that is staged, oldest first.
    pub all: Vec<Staged>,
    /// The numbers given to what was added or put back, in the order of the request.
    pub added: Vec<u64>,
    /// What was dropped from staging: as asked, and what the new changes replace or undo.
    pub dropped: Vec<Staged>,
    /// What was not staged as asked, and why: there already, or made a change of state.
    pub notes: Vec<String>,
    /// What is staged, laid over the newest snapshot handed in.
    pub overlay: Arc<Overlay>,
}

/// What takes operations back, staged.
#[derive(Clone, Debug, Default)]
pub struct Undoing {
    /// The numbers of the operations.
    pub operations: Vec<u64>,
    /// What is staged now; `added` is what takes them back, `notes` what cannot be.
    pub staged: StagedNow,
}

/// What goes on around this program's own sending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// Operations that were cut off, oldest first.
    pub cut_off: Vec<CutOff>,
    /// Accounts that another process is sending to.
    pub senders: Vec<(Identity, Sender)>,
}

/// An operation that was cut off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutOff {
    /// The operation in figures.
    pub entry: Entry,
    /// How many of its changes were sent and have no answer.
    pub unknown: usize,
    /// How many were never sent; they are still staged.
    pub unsent: usize,
}

/// Another process that is sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sender {
    /// The process.
    pub pid: u32,
    /// Since when.
    pub since: Timestamp,
}

/// How a sending ended.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The operation that was made; `None` when nothing had to be sent.
    pub operation: Option<OperationId>,
    /// What became of each change.
    pub outcomes: Vec<(u64, Outcome)>,
    /// Why not everything was sent, account by account.
    pub problems: Vec<(AccountName, Problem)>,
    /// What is still staged.
    pub staged: Vec<Staged>,
    /// What is still staged, laid over the newest snapshot handed in.
    pub overlay: Arc<Overlay>,
}
