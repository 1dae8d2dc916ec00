//! What the shell has told so far: accounts, snapshot, staging, clock, size. Screens read it and keep none of
//! it; only [`update`](super::update::update) writes it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::keymap::Keymap;
use super::msg::{
    Around, AuditNow, CutOff, FetchCounts, FetchPlan, LogEntry, PlatformStart, Row, Sender, SnapshotState,
    Start, SyncCounts,
};
use super::remote::Remote;
use super::theme::Theme;
use crate::domain::account::{Account, Identity};
use crate::domain::capabilities::Capabilities;
use crate::domain::catalog::{AccountIx, Catalog, Overlay};
use crate::domain::change::Staged;
use crate::domain::clock::Clock;
use crate::domain::journal::Touches;
use crate::domain::problem::Problem;
use crate::domain::sift::Sifter;
use crate::domain::term::TermPeriod;

/// An account and what is known of it.
#[derive(Clone, Debug)]
pub struct AccountNow {
    /// The account.
    pub account: Account,
    /// What its platform allows.
    pub capabilities: &'static Capabilities,
    /// Why it cannot be used; `None` when it can.
    pub problem: Option<Problem>,
    /// What is known of its snapshot.
    pub snapshot: SnapshotState,
    /// What has come so far, while it is refreshed.
    pub syncing: Option<SyncCounts>,
    /// What has come so far, while its search terms are fetched.
    pub fetching: Option<FetchCounts>,
    /// The days that its search terms are loaded of, as the last fetch told.
    pub terms: Option<TermPeriod>,
    /// Why they could not all be fetched the last time.
    pub terms_problem: Option<Problem>,
    /// Its calls to the platform, as far as the log has told them.
    pub calls: Calls,
}

/// Calls to a platform.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Calls {
    /// How many were made since the start.
    pub made: usize,
    /// How many of them met a throttle.
    pub throttled: usize,
}

/// Everything that screens read.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own, told by the shell")]
pub struct Data {
    /// What the clocks said last.
    pub clock: Clock,
    /// The zone in which times of day are shown.
    pub zone: TimeZone,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// Whether the start's message has come.
    pub started: bool,
    /// The program's version.
    pub version: String,
    /// Where the configuration is, or would be.
    pub config: String,
    /// Nothing may be staged or sent.
    pub read_only: bool,
    /// Every platform there is.
    pub platforms: Vec<PlatformStart>,
    /// Which keys do what.
    pub keymap: Keymap,
    /// What it looks like.
    pub theme: Theme,
    /// Whether the mouse is on.
    pub mouse: bool,
    /// Whether spinners turn.
    pub motion: bool,
    /// What is older than this refreshes at start.
    pub max_age: Duration,
    /// The accounts, in the order of the config.
    pub accounts: Vec<AccountNow>,
    /// Whether the store has said what it holds of the accounts.
    pub opened: Remote<()>,
    /// The first rows, until the catalog is here.
    pub opening: Option<Vec<Row>>,
    /// The snapshot.
    pub catalog: Remote<Arc<Catalog>>,
    /// The search terms; asked for when first needed.
    pub terms: Remote<Sifter>,
    /// What is being remembered of what was looked at.
    pub reviewing: Remote<()>,
    /// The days that they are loaded of, account by account.
    pub term_days: Vec<(Identity, TermPeriod)>,
    /// What is staged, by the snapshot's rows.
    pub overlay: Arc<Overlay>,
    /// What is staged, oldest first.
    pub staged: Vec<Staged>,
    /// Which operation touched each negative last.
    pub touches: Arc<Touches>,
    /// What was cut off, and who else is sending.
    pub around: Remote<Around>,
    /// The running settling of changes without an answer, with the moment when the platform is asked.
    pub settling: Remote<Option<Timestamp>>,
    /// What the audit found.
    pub audit: Remote<AuditNow>,
    /// The running refresh.
    pub sync: Remote<()>,
    /// How search terms are fetched.
    pub fetch_plan: FetchPlan,
    /// Whether they are to be fetched once the refresh of the start is over.
    pub fetch_due: bool,
    /// The running fetch of search terms.
    pub fetch: Remote<()>,
    /// The newest requests and errors, newest last.
    pub log: VecDeque<LogEntry>,
    /// How many lines fell off its beginning.
    pub log_gone: usize,
}

/// How many lines the log keeps.
pub(super) const LOG_LINES: usize = 2_000;
/// How long something may take before a spinner shows.
pub const PATIENCE: Duration = Duration::from_millis(150);

impl Data {
    /// What is known before anything was told.
    pub fn new(size: (u16, u16), clock: Clock) -> Self {
        Self {
            clock,
            zone: TimeZone::UTC,
            size,
            started: false,
            version: String::new(),
            config: String::new(),
            read_only: false,
            platforms: Vec::new(),
            keymap: Keymap::default(),
            theme: Theme::plain(),
            mouse: false,
            motion: true,
            max_age: Duration::MAX,
            accounts: Vec::new(),
            opened: Remote::Absent,
            opening: None,
            catalog: Remote::Absent,
            terms: Remote::Absent,
            reviewing: Remote::Absent,
            term_days: Vec::new(),
            overlay: Arc::default(),
            staged: Vec::new(),
            touches: Arc::default(),
            around: Remote::Absent,
            settling: Remote::Absent,
            audit: Remote::Absent,
            sync: Remote::Absent,
            fetch_plan: FetchPlan { at_start: false, max_age: Duration::MAX, days: 60, until: None },
            fetch_due: false,
            fetch: Remote::Absent,
            log: VecDeque::new(),
            log_gone: 0,
        }
    }

    /// Takes what is known at start.
    pub fn start(&mut self, start: Start) {
        self.started = true;
        self.zone = start.zone;
        self.version = start.version;
        self.config = start.config;
        self.read_only = start.read_only;
        self.platforms = start.platforms;
        self.keymap = start.keymap;
        self.theme = start.theme;
        self.mouse = start.mouse;
        self.motion = start.motion;
        self.max_age = start.max_age;
        self.fetch_plan = start.terms;
        self.accounts = start
            .accounts
            .into_iter()
            .map(|a| AccountNow {
                account: a.account,
                capabilities: a.capabilities,
                problem: a.problem,
                snapshot: SnapshotState::default(),
                syncing: None,
                fetching: None,
                terms: None,
                terms_problem: None,
                calls: Calls::default(),
            })
            .collect();
    }

    /// The snapshot, if it is in memory.
    pub fn catalog(&self) -> Option<&Arc<Catalog>> {
        self.catalog.value()
    }

    /// An account by its identity.
    pub fn account(&self, identity: &Identity) -> Option<&AccountNow> {
        self.accounts.iter().find(|a| a.account.identity == *identity)
    }

    /// An account of the snapshot.
    pub fn account_ix(&self, ix: AccountIx) -> Option<&AccountNow> {
        self.account(&self.catalog()?.account(ix).identity)
    }

    /// A staged change by its number.
    pub fn staged(&self, number: u64) -> Option<&Staged> {
        self.staged.iter().find(|s| s.number == number)
    }

    /// Another process that is sending to an account just now.
    pub fn sender(&self, identity: &Identity) -> Option<Sender> {
        let around = self.around.value()?;
        around.senders.iter().find(|(account, _)| account == identity).map(|(_, sender)| *sender)
    }

    /// The operations that were cut off.
    pub fn cut_off(&self) -> &[CutOff] {
        self.around.value().map_or(&[], |around| &around.cut_off)
    }

    /// Whether something awaited since then is worth a spinner.
    pub fn slow(&self, since: Duration) -> bool {
        self.clock.monotonic.saturating_sub(since) >= PATIENCE
    }

    /// The spinner's sign at this moment.
    pub fn spinner(&self) -> &'static str {
        let steps = self.theme.symbols.spinner;
        let step = if self.motion { self.clock.monotonic.as_millis() / 100 } else { 0 };
        steps.get((step % steps.len() as u128) as usize).copied().unwrap_or("")
    }

    /// Adds a line to the log; the oldest falls off when it is full.
    pub fn note(&mut self, entry: LogEntry) {
        let caller = |a: &&mut AccountNow| {
            entry.call.is_some() && entry.account.as_deref() == Some(a.account.name.as_str())
        };
        if let Some(account) = self.accounts.iter_mut().find(caller) {
            account.calls.made += 1;
            account.calls.throttled += usize::from(entry.status == Some(429));
        }
        self.log.push_back(entry);
        if self.log.len() > LOG_LINES {
            self.log.pop_front();
            self.log_gone += 1;
        }
    }

    /// Whether an account is live: not loopback, not the platform's sandbox.
    pub fn any_live(&self) -> bool {
        self.accounts.iter().any(|a| a.account.live)
    }
}
