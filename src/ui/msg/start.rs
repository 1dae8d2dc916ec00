//! What is known at start: the accounts and platforms, and how the program is to look and behave. It comes once; what
//! changes afterwards is an answer (`reply`) or progress.

use jiff::civil::Date;

use crate::domain::account::Account;
use crate::domain::capabilities::Capabilities;
use crate::domain::ids::PlatformId;
use crate::domain::problem::Problem;
use crate::ui::keymap::Keymap;
use crate::ui::theme::Theme;

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
