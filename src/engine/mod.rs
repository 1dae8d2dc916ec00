//! The use cases, async, shared by screen and commands: sync, list, stage, plan, apply, settle. Names no platform:
//! it knows [`Connection`](crate::platform::Connection)s, [`Store`] and `domain`.
//!
//! Start at [`Engine`]. The life of a change: [`Engine::stage`], [`Engine::plan`], [`Engine::needs`] (what must be
//! confirmed), [`Engine::apply`]. What an earlier run left open: [`Engine::settle_unsettled`]. What was sent:
//! [`Engine::history`], [`Engine::past`]; taking it back: [`Engine::stage_undo`].

mod apply;
mod audit;
mod baseline;
mod catalog;
mod consent;
mod desk;
mod history;
mod history_view;
mod list;
mod member;
mod open;
mod place;
mod plan;
mod plan_view;
mod positives;
mod resolve;
mod rows;
mod simulate;
mod stage;
mod sync;
mod terms;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod time;
mod undo;
mod weigh;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Mutex;

use crate::domain::account::{AccountName, Identity};
use crate::domain::catalog::positives::Positives;
use crate::domain::catalog::{Catalog, Terms};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::simulate::Simulator;
use crate::domain::text::Text;
use crate::store::{LoadedPeriod, Store};

pub use apply::{AccountResult, ApplyEvent, ApplyReport, ApplyStep, ChangeResult, LOOKING_AGAIN, Progress};
pub use audit::{AuditAsk, Audited};
pub use baseline::{BASELINE_FILE, Baseline};
pub use consent::{Confirmation, Consent, Counts};
pub use history::CutOff;
pub use history_view::{AttemptView, OperationView, PastChangeView, PastView};
pub use list::RowFilter;
pub use member::Member;
pub use open::{IdentityChange, one_name_each};
pub use plan_view::{ChangeView, PlanView, RequestView};
pub use resolve::{Narrow, Target};
pub use rows::{Parents, Row, STAGED_PREFIX, staged_number};
pub use simulate::{Simulate, SimulateView, Simulated, SimulatedTerm, SimulatedTotal, Wanted};
pub use stage::{Note, StageError, Staging};
pub use sync::{AccountSync, SyncCounts, SyncEvent, SyncOptions, SyncOutcome, SyncReport};
pub use terms::{
    AccountFetch, FetchCounts, FetchEvent, FetchOptions, FetchOutcome, ReportFile, TermsIntake, TermsLoaded,
    TermsProgress, is_fetched,
};
pub use time::{SystemTime, Time};
pub use undo::{UndoNote, UndoStaging};

/// What the engine needs to know of the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How long after an unknown outcome a listing is trusted (`apply.settle_ms`).
    pub settle: Duration,
    /// What is older than this is refreshed at start (`sync.max_age`).
    pub max_age: Duration,
    /// Nothing may be sent in this session (`--read-only`).
    pub read_only: bool,
}

/// What an engine is made of.
pub struct Parts {
    /// The local database.
    pub store: Store,
    /// The configured accounts, in the config's order; those that could not be connected too.
    pub members: Vec<Member>,
    /// The configuration's part.
    pub settings: Settings,
    /// The time of day and ids.
    pub time: Arc<dyn Time>,
    /// The user's name on this machine: who sends.
    pub who: Text,
}

/// Which staged changes are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    /// All of them.
    #[default]
    All,
    /// Those of these accounts.
    Accounts(Vec<AccountName>),
    /// Those with these numbers.
    Changes(Vec<u64>),
}

impl Selection {
    /// Whether a change is meant.
    pub(crate) fn has(&self, account: &AccountName, number: u64) -> bool {
        match self {
            Self::All => true,
            Self::Accounts(names) => names.contains(account),
            Self::Changes(numbers) => numbers.contains(&number),
        }
    }
}

/// The use cases over one store and its accounts. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    parts: Parts,
    changed: Vec<IdentityChange>,
    catalog: Mutex<Option<Arc<Catalog>>>,
    /// With the snapshot that they are bound to.
    positives: Mutex<Option<(Arc<Catalog>, Arc<Positives>)>>,
    /// With the reports that they were loaded from.
    terms: Mutex<Option<(Vec<LoadedPeriod>, Arc<Terms>)>>,
    simulator: Mutex<Option<Arc<Simulator>>>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("members", &self.inner.parts.members).finish_non_exhaustive()
    }
}

impl Engine {
    /// The configured accounts, in the config's order.
    pub fn members(&self) -> &[Member] {
        &self.inner.parts.members
    }

    /// An account by its label.
    pub fn member(&self, name: &AccountName) -> Option<&Member> {
        self.members().iter().find(|member| member.name == *name)
    }

    /// The account that has this identity, or had it the last time and cannot be connected now.
    pub fn member_of(&self, identity: &Identity) -> Option<&Member> {
        self.members().iter().find(|member| member.identity() == Some(identity))
    }

    /// The accounts of these labels, in the config's order; all when none is given. A label that no account has is
    /// refused with those that there are.
    pub fn choose(&self, names: &[AccountName]) -> Result<Vec<&Member>, Problem> {
        if let Some(unknown) = names.iter().find(|name| self.member(name).is_none()) {
            let known: Vec<String> = self.members().iter().map(|member| member.name.to_string()).collect();
            let hint = if known.is_empty() {
                "No account is configured yet; run `unbid` to see how to add one.".to_owned()
            } else {
                format!("The configured accounts are: {}.", known.join(", "))
            };
            return Err(Problem::new(ProblemKind::Usage, format!("There is no account {unknown}")).hint(hint));
        }
        Ok(self.members().iter().filter(|member| names.is_empty() || names.contains(&member.name)).collect())
    }

    /// Names whose identity changed since the last time; what was staged for the former one is held back.
    pub fn identity_changes(&self) -> &[IdentityChange] {
        &self.inner.changed
    }

    /// The configuration's part.
    pub fn settings(&self) -> &Settings {
        &self.inner.parts.settings
    }

    /// Whether nothing may be sent in this session.
    pub fn read_only(&self) -> bool {
        self.settings().read_only
    }

    /// Refused when nothing at all may be sent in this session.
    pub fn may_send(&self) -> Result<(), Problem> {
        consent::may_send(self)
    }

    /// What must be confirmed before a plan may be sent; nothing when it has nothing to send. Refused when nothing
    /// may be sent at all: the session is read-only, or every account of the plan is.
    pub fn needs(&self, plan: &crate::domain::plan::Plan) -> Result<Vec<Confirmation>, Problem> {
        consent::needs(self, plan)
    }

    /// The local database.
    pub fn store(&self) -> &Store {
        &self.inner.parts.store
    }

    pub(crate) fn time(&self) -> &dyn Time {
        self.inner.parts.time.as_ref()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.time().now()
    }

    pub(crate) fn who(&self) -> &Text {
        &self.inner.parts.who
    }
}
