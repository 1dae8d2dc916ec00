//! The snapshot in memory: every account, campaign, ad group and negative, in columns, sorted so that the
//! negatives of a campaign or an ad group stand side by side. Immutable; a sync or an apply replaces it whole.
//!
//! [`CatalogBuilder`] makes one, [`Catalog::query`] filters and sorts it, [`Overlay`] lays the staged changes
//! over it, the views ([`NegativeView`] and the others) read single rows without copying.

mod alphabet;
mod append;
mod builder;
mod columns;
mod days;
mod find;
#[cfg(test)]
pub(crate) mod fixture;
mod interned;
mod ix;
mod live;
mod order;
mod overlay;
pub mod positives;
mod query;
mod scan;
mod scope;
mod shelve;
mod terms;
mod view;

use std::sync::atomic::AtomicU32;
use std::sync::{Arc, OnceLock};

pub use self::builder::{AccountRow, AdGroupRow, CatalogBuilder, NegativeRow};
pub(crate) use self::columns::fold;
pub use self::days::Day;
pub use self::ix::{AccountIx, AdGroupIx, AdGroupSlot, CampaignIx, CampaignSlot, NegIx};
pub use self::live::{IdleReason, Liveness};
pub use self::order::{Column, Sort};
pub use self::overlay::{AddedRow, Mark, Overlay, OverlayRow};
pub use self::query::{Archived, Cancel, Query, Row, Rows};
pub use self::scope::{Counts, Scope};
pub use self::terms::{
    AccountTerms, EntryIx, PlaceFinder, PlaceSlot, TermIx, TermView, Terms, TermsBuilder, TextIx,
};
pub use self::view::{AdGroupView, CampaignView, NegativeView};

use self::columns::{Ids, Packed, Texts, Words};
use super::campaign::{Holds, ParentState, Targeting};

#[derive(Default)]
struct Campaigns {
    account: Vec<AccountIx>,
    ids: Ids,
    names: Texts,
    state: Vec<ParentState>,
    native_state: Vec<u32>,
    targeting: Vec<Targeting>,
    native_type: Vec<u32>,
    holds: Vec<Holds>,
}

#[derive(Default)]
struct AdGroups {
    campaign: Vec<CampaignIx>,
    ids: Ids,
    names: Texts,
    state: Vec<ParentState>,
    native_state: Vec<u32>,
    /// The first ad group of each campaign, and the number of all at the end.
    first: Vec<u32>,
}

impl AdGroups {
    /// Negatives are kept on shelves: each campaign has one for its own, followed by one for each of its ad groups.
    fn shelf_of_campaign(&self, campaign: CampaignIx) -> usize {
        self.first[campaign.at()] as usize + campaign.at()
    }

    fn shelf(&self, group: AdGroupIx) -> usize {
        group.at() + self.campaign[group.at()].at() + 1
    }
}

#[derive(Default)]
struct Negatives {
    /// The ad group, or the campaign with [`builder::OF_CAMPAIGN`] set.
    parent: Vec<u32>,
    ids: Ids,
    texts: Texts,
    /// Row and word number of those that have a brand's name, ascending.
    brand_names: Vec<(u32, u32)>,
    packed: Vec<Packed>,
    native_state: Vec<u32>,
    /// Microseconds since 1970, or [`builder::NO_TIME`].
    created: Vec<i64>,
    first_seen: Vec<u16>,
    /// The first row of each shelf, and the number of all rows at the end.
    starts: Vec<u32>,
}

impl Negatives {
    /// Makes room for so many more rows, but for their texts.
    fn reserve(&mut self, rows: usize) {
        self.parent.reserve(rows);
        self.ids.reserve(rows);
        self.packed.reserve(rows);
        self.native_state.reserve(rows);
        self.created.reserve(rows);
        self.first_seen.reserve(rows);
    }

    fn shrink(&mut self) {
        self.texts.shrink();
        self.ids.shrink();
    }
}

/// The snapshot in memory. Shared as an `Arc`; nothing in it changes but indexes that are made when first needed.
pub struct Catalog {
    accounts: Vec<AccountRow>,
    campaigns: Campaigns,
    ad_groups: AdGroups,
    negatives: Negatives,
    words: Words,
    left_out: usize,
    /// The first campaign of each account, and the number of all at the end.
    first_campaign: Vec<u32>,
    /// Per shelf, how many negatives before it are switched off, and how many archived.
    before: Vec<(u32, u32)>,
    by_text: OnceLock<alphabet::TextOrder>,
    same_text: OnceLock<find::SameText>,
    by_id: OnceLock<Vec<u32>>,
    /// How many ids were looked for before there was an index of them.
    looked_up: AtomicU32,
    /// Tells this catalog's results from another's.
    stamp: Arc<()>,
}

impl Catalog {
    fn assemble(
        accounts: Vec<AccountRow>,
        campaigns: Campaigns,
        ad_groups: AdGroups,
        negatives: Negatives,
        words: Words,
        left_out: usize,
    ) -> Self {
        use super::negative::State;
        let mut first_campaign = vec![0_u32; accounts.len() + 1];
        for account in &campaigns.account {
            first_campaign[usize::from(account.0) + 1] += 1;
        }
        for account in 1..first_campaign.len() {
            first_campaign[account] += first_campaign[account - 1];
        }
        let mut before = Vec::with_capacity(negatives.starts.len());
        let (mut paused, mut archived) = (0, 0);
        before.push((0, 0));
        for shelf in negatives.starts.windows(2) {
            for packed in &negatives.packed[shelf[0] as usize..shelf[1] as usize] {
                match packed.state() {
                    State::Enabled => {}
                    State::Paused => paused += 1,
                    State::Archived => archived += 1,
                }
            }
            before.push((paused, archived));
        }
        Self {
            accounts,
            campaigns,
            ad_groups,
            negatives,
            words,
            left_out,
            first_campaign,
            before,
            by_text: OnceLock::new(),
            same_text: OnceLock::new(),
            by_id: OnceLock::new(),
            looked_up: AtomicU32::new(0),
            stamp: Arc::new(()),
        }
    }

    /// The number of negatives.
    pub fn len(&self) -> usize {
        self.negatives.packed.len()
    }

    /// Whether there is no negative at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of campaigns.
    pub fn campaign_count(&self) -> usize {
        self.campaigns.account.len()
    }

    /// The number of ad groups.
    pub fn ad_group_count(&self) -> usize {
        self.ad_groups.campaign.len()
    }

    /// Every account, in the order in which they were added.
    pub fn accounts(&self) -> &[AccountRow] {
        &self.accounts
    }

    /// One account.
    pub fn account(&self, account: AccountIx) -> &AccountRow {
        &self.accounts[account.at()]
    }

    /// How many negatives did not fit (more than 2^31); to be said when it is not 0.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// Makes the indexes that the first sorted query and the first judgement would make. Called behind the first
    /// result, so that nobody waits.
    pub fn warm(&self) {
        self.text_order();
        self.same_text();
    }
}

impl Default for Catalog {
    fn default() -> Self {
        CatalogBuilder::default().finish()
    }
}

impl std::fmt::Debug for Catalog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Catalog")
            .field("accounts", &self.accounts.len())
            .field("campaigns", &self.campaign_count())
            .field("ad_groups", &self.ad_group_count())
            .field("negatives", &self.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
