//! The snapshot: what the platforms held when they were last listed. A listing is collected aside and becomes
//! visible whole, at its commit; what could not be listed stays as it was, marked stale.

mod apply;
mod commit;
mod fill;
mod load;
mod merge;
mod parcel;
mod positives;
mod rows;
mod spool;
mod vanished;
mod whole;

use jiff::Timestamp;

use crate::domain::account::Identity;
use crate::domain::campaign::{AdGroup, Campaign};
use crate::domain::ids::CampaignId;
use crate::domain::keyword::Keyword;
use crate::domain::negative::Negative;
use crate::domain::problem::Problem;

use super::Store;
use super::accounts::Counts;

pub use load::{CampaignSummary, FirstPage};
pub use vanished::VanishedRow;

use spool::Spool;

/// What a listing is about. What it does not name stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotScope {
    /// Only these campaigns; `None` for all.
    pub campaigns: Option<Vec<CampaignId>>,
    /// Campaigns and ad groups.
    pub structure: bool,
    /// Negatives.
    pub negatives: bool,
    /// Positive keywords and product targets.
    pub keywords: bool,
}

impl SnapshotScope {
    /// Campaigns, ad groups and negatives of the whole account.
    pub const ALL: Self = Self { campaigns: None, structure: true, negatives: true, keywords: false };
}

/// Rows that a listing brought.
#[derive(Clone, Debug, PartialEq)]
pub enum Page {
    /// Campaigns.
    Campaigns(Vec<Campaign>),
    /// Ad groups.
    AdGroups(Vec<AdGroup>),
    /// Negatives.
    Negatives(Vec<Negative>),
    /// Positive keywords and product targets.
    Keywords(Vec<Keyword>),
}

/// What a commit did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed {
    /// What the account holds now.
    pub counts: Counts,
    /// How many campaigns changed, were added or went away; the others were not written at all.
    pub changed_campaigns: u32,
}

/// Collects a listing of one account. Rows replace each other by key, so a list that begins again simply goes on;
/// dropping it leaves the old snapshot as it was.
#[derive(Debug)]
#[must_use = "nothing is visible before the commit"]
pub struct SnapshotWriter {
    store: Store,
    identity: Identity,
    started: Timestamp,
    scope: SnapshotScope,
    spool: Spool,
}

impl Store {
    /// Begins to collect a listing. Takes no lock and blocks nobody. Negatives applied since `started` stay as
    /// they were applied, whatever the listing says: hand in the time before its first call, or an earlier one
    /// where a platform is known to show changes late.
    pub fn begin_snapshot(
        &self,
        identity: &Identity,
        started: Timestamp,
        scope: SnapshotScope,
    ) -> SnapshotWriter {
        SnapshotWriter {
            store: self.clone(),
            identity: identity.clone(),
            started,
            scope,
            spool: Spool::default(),
        }
    }
}

impl SnapshotWriter {
    /// Adds a page. Works in memory: quick enough for an async thread.
    pub fn put(&mut self, page: Page) {
        self.spool.put(page);
    }

    /// Marks a part that could not be listed: these campaigns, or with `None` the account as a whole. What the
    /// snapshot holds of it stays, but for rows that came all the same.
    pub fn failed(&mut self, campaigns: Option<&[CampaignId]>, why: &Problem) {
        match campaigns {
            None => self.spool.failed_whole = Some(why.clone()),
            Some(campaigns) => {
                self.spool.failed.extend(campaigns.iter().map(|campaign| (campaign.clone(), why.clone())));
            }
        }
    }

    /// How many rows came so far, those that came twice counted twice.
    pub fn received(&self) -> Counts {
        self.spool.received
    }

    /// Makes the listing visible, at once and whole.
    pub async fn commit(self, fetched_at: Timestamp) -> std::result::Result<Committed, Problem> {
        let Self { store, identity, started, scope, spool } = self;
        let committed =
            store.write(move |db| commit::commit(db, &identity, started, &scope, spool, fetched_at)).await?;
        store.link.shrink_log();
        Ok(committed)
    }
}

#[cfg(test)]
mod tests;
