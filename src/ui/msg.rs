//! What happened: the only thing that [`update`](super::update::update) takes. The shell makes these from the
//! terminal, the clock and the engine's answers; what it must bring for each effect is said at
//! [`Effect`](super::effect::Effect).

use std::collections::BTreeSet;
use std::sync::Arc;

use crossterm::event::{KeyEvent, MouseEvent};
use jiff::Timestamp;
use jiff::civil::Date;

use super::keymap::Keymap;
use super::remote::Ticket;
use super::theme::Theme;
use crate::domain::account::{Account, AccountName, Identity};
use crate::domain::audit::{FindingId, Report};
use crate::domain::campaign::{Holds, ParentState};
use crate::domain::capabilities::Capabilities;
use crate::domain::catalog::positives::Positives;
use crate::domain::catalog::{Catalog, Overlay, Rows, Scope, Terms};
use crate::domain::change::Staged;
use crate::domain::clock::Clock;
use crate::domain::ids::{OperationId, PlatformId};
use crate::domain::journal::{Entry, Outcome, Past, Touches};
use crate::domain::judge::Judgement;
use crate::domain::negative::{Negative, NegativeKey};
use crate::domain::plan::Plan;
use crate::domain::problem::Problem;
use crate::domain::request::Method;
use crate::domain::sift::{LineRows, Ngrams, Sifter};
use crate::domain::simulate::Answers;
use crate::domain::term::TermPeriod;
use crate::domain::text::Text;

/// One thing that happened.
#[derive(Clone, Debug)]
pub enum Msg {
    /// The program starts: what is configured and what the platforms allow. Sent once, before all else.
    Start(Box<Start>),
    /// A key went down (releases are not handed in).
    Key(KeyEvent),
    /// Text was pasted (bracketed paste).
    Paste(String),
    /// The mouse.
    Mouse(MouseEvent),
    /// The terminal has this many columns and rows.
    Resized(u16, u16),
    /// What the clocks say. Handed in before anything else that happened, and at the time of a `WakeAt`.
    Clock(Clock),
    /// A request is answered, for good.
    Done(Ticket, Result<Reply, Problem>),
    /// A request is under way.
    Progress(Ticket, Progress),
    /// A line for the log screen: every request to a platform, and every error.
    Logged(Box<LogEntry>),
}

/// What is known at start.
#[derive(Clone, Debug)]
pub struct Start {
    /// The program's version.
    pub version: String,
    /// The zone in which times of day are shown.
    pub zone: jiff::tz::TimeZone,
    /// Where the configuration is, or would be.
    pub config: String,
    /// Nothing may be staged or sent.
    pub read_only: bool,
    /// The configured accounts, in the order of the file.
    pub accounts: Vec<AccountStart>,
    /// Every platform there is, for the first-run help.
    pub platforms: Vec<PlatformStart>,
    /// Which keys do what.
    pub keymap: Keymap,
    /// What it looks like (`[ui] theme`, `ascii`, `NO_COLOR`).
    pub theme: Theme,
    /// Whether the mouse is on at start (`[ui] mouse`).
    pub mouse: bool,
    /// Whether spinners turn (`[ui] motion`).
    pub motion: bool,
    /// What is older than this refreshes at start (`[sync] max_age`).
    pub max_age: std::time::Duration,
    /// What must be said at once, and stays until it is dismissed.
    pub said: Vec<Problem>,
    /// How search terms are fetched (`[terms]`).
    pub terms: FetchPlan,
}

/// How search terms are fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FetchPlan {
    /// Whether they are fetched at start, behind the screen.
    pub at_start: bool,
    /// Only those that are older than this.
    pub max_age: std::time::Duration,
    /// How many days.
    pub days: u16,
    /// The last day; `None` for the last one that is over where the account is.
    pub until: Option<Date>,
}

/// An account with what its platform allows.
#[derive(Clone, Debug)]
pub struct AccountStart {
    /// The account.
    pub account: Account,
    /// What its platform allows.
    pub capabilities: &'static Capabilities,
    /// Why it cannot be used; `None` when it can.
    pub problem: Option<Problem>,
}

/// A platform, for people who add an account.
#[derive(Clone, Debug)]
pub struct PlatformStart {
    /// Its name in the config.
    pub id: PlatformId,
    /// Its name as people write it.
    pub title: &'static str,
    /// Its account keys: key, whether it must be there, and what it is.
    pub fields: Vec<(&'static str, bool, &'static str)>,
}

/// The answer to a request.
#[derive(Clone, Debug)]
pub enum Reply {
    /// To `LoadOpening`.
    Opening(Opening),
    /// To `LoadCatalog`.
    Catalog(CatalogNow),
    /// To `Query`.
    Found(Found),
    /// To `Stage`.
    Staged(StagedNow),
    /// To `Sync`: the accounts that failed, and why. Their old snapshot stays.
    Synced(Vec<(Identity, Problem)>),
    /// To `FetchTerms`: every account was told by its progress.
    TermsFetched,
    /// To `BuildPlan`.
    Plan(Arc<Plan>),
    /// To `Send`.
    Sent(Sent),
    /// To `Judge`: one for each, in the order asked.
    Judged(Vec<Judgement>),
    /// To `Simulate`.
    Simulated(Arc<Answers>),
    /// To `Brands`.
    Brands(Vec<BrandHit>),
    /// To `Check`.
    Checked(Vec<CheckLine>),
    /// To `FindPlaces`: the best first.
    Places(Vec<Scope>),
    /// To `LoadTerms`.
    Terms(Sifter),
    /// To `QueryTerms`.
    Lines(LinesFound),
    /// To `SumWords`.
    Words(Arc<Ngrams>),
    /// To `Review`.
    Reviewed,
    /// To `Audit`.
    Audit(AuditNow),
    /// To `Ignore`.
    Ignored(IgnoredNow),
    /// To `LoadHistory`: newest first.
    History(Vec<Entry>),
    /// To `LoadOperation`.
    Operation(Arc<Past>),
    /// To `Undo`.
    Undoing(Undoing),
    /// To `LookAround`.
    Around(Around),
    /// To `Settle`: as a sending, of the changes that were open.
    Settled(Sent),
}

/// What the audit found, with what it was made over: findings speak in its row numbers.
#[derive(Clone, Debug)]
pub struct AuditNow {
    /// The snapshot.
    pub catalog: Arc<Catalog>,
    /// Its positive keywords and targets.
    pub positives: Arc<Positives>,
    /// Its search terms.
    pub terms: Arc<Terms>,
    /// What was found.
    pub report: Arc<Report>,
    /// The findings that are meant as they are.
    pub ignored: Arc<BTreeSet<FindingId>>,
    /// The file that holds those.
    pub baseline: String,
}

/// What is ignored after an `Ignore`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IgnoredNow {
    /// The findings that are meant as they are.
    pub ids: Arc<BTreeSet<FindingId>>,
    /// The file that holds them.
    pub file: String,
}

/// The snapshot in memory, and what is staged laid over it.
#[derive(Clone, Debug)]
pub struct CatalogNow {
    /// The snapshot.
    pub catalog: Arc<Catalog>,
    /// The staged changes, by its rows.
    pub overlay: Arc<Overlay>,
    /// Which operation touched each negative last.
    pub touches: Arc<Touches>,
}

/// What the store can say at once, before the catalog is in memory.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    /// What is known of each account's snapshot.
    pub accounts: Vec<(Identity, SnapshotState)>,
    /// What is staged, oldest first.
    pub staged: Vec<Staged>,
    /// The first rows of the first account, by text.
    pub rows: Vec<Row>,
    /// The days that search terms are loaded of, account by account.
    pub terms: Vec<(Identity, TermPeriod)>,
}

/// What is known of an account's snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SnapshotState {
    /// When it was fetched; `None` before the first refresh.
    pub fetched: Option<Timestamp>,
    /// Why it is older than the last try.
    pub stale: Option<Problem>,
    /// How many campaigns it holds.
    pub campaigns: usize,
    /// How many negatives it holds.
    pub negatives: usize,
}

/// One negative with what surrounds it: all that a table row or the details need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its account.
    pub account: Identity,
    /// The negative.
    pub negative: Negative,
    /// Its campaign's name.
    pub campaign: Text,
    /// Its campaign's state.
    pub campaign_state: ParentState,
    /// What negatives can do in its campaign.
    pub campaign_holds: Holds,
    /// Its ad group's name and state; `None` at campaign level.
    pub ad_group: Option<(Text, ParentState)>,
    /// The day of the first snapshot that held it.
    pub first_seen: Option<Date>,
}

/// What tells a row from every other, also in a newer snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RowId {
    /// A negative of the snapshot.
    Existing(Identity, NegativeKey),
    /// A staged addition, by its number.
    Added(u64),
}

/// What a query found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The rows that match, in order.
    pub rows: Rows,
    /// Where the row that was to be kept is now.
    pub kept: Option<usize>,
}

/// The lines that a query found, with the terms they are numbered by.
#[derive(Clone, Debug)]
pub struct LinesFound {
    /// The terms.
    pub sifter: Sifter,
    /// The lines, in order.
    pub rows: LineRows,
    /// Where the line that was to be kept is now.
    pub kept: Option<usize>,
}

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

/// A brand that the platform offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrandHit {
    /// Its id, which is what is sent.
    pub id: Text,
    /// Its name.
    pub name: Text,
}

/// One line of an account's check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckLine {
    /// What was looked at.
    pub what: String,
    /// Fine, or what is wrong.
    pub result: Result<String, Problem>,
}

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
