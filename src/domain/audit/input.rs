//! What an audit is made over, and what of it lies outside of the catalog: platforms' rules, the journal's memory.

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::super::capabilities::Capabilities;
use super::super::catalog::positives::Positives;
use super::super::catalog::{AccountIx, Catalog, NegIx, Terms};
use super::super::negative::Negative;
use super::AuditConfig;

/// Everything that an audit looks at. Positives and terms must be of that very catalog.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The snapshot.
    pub catalog: &'a Catalog,
    /// Its positive keywords and targets.
    pub positives: &'a Positives,
    /// Its search terms.
    pub terms: &'a Terms,
    /// Of each of the catalog's accounts what the catalog does not tell, in its order.
    pub accounts: &'a [AccountFacts],
    /// What the journal and earlier snapshots tell.
    pub journal: &'a JournalFacts,
    /// What the user set.
    pub config: &'a AuditConfig,
    /// Only these rules; none named: all that are not off.
    pub rules: &'a [String],
    /// Only findings of these accounts; none named: all.
    pub only: &'a [AccountIx],
    /// Only rows of search terms whose last day is this one or a later one.
    pub since: Option<Date>,
}

/// What the catalog does not tell of an account.
#[derive(Clone, Debug, Default)]
pub struct AccountFacts {
    /// What its platform allows; `None` when the platform is not known any more.
    pub capabilities: Option<&'static Capabilities>,
    /// Accounts of one seller on several platforms share a group.
    pub group: String,
}

/// What the journal and earlier snapshots tell.
#[derive(Clone, Debug, Default)]
pub struct JournalFacts {
    /// The day on which we added a negative, for those that we added.
    pub added: FxHashMap<NegIx, Date>,
    /// Negatives that a listing no longer had, although we did not remove them.
    pub vanished: Vec<Vanished>,
}

/// A negative that is gone without our doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vanished {
    /// Its account.
    pub account: AccountIx,
    /// The negative as the last listing that had it told it.
    pub negative: Negative,
    /// The day of the first listing that had it no longer.
    pub gone: Date,
}
