//! Collects the rows of a [`Catalog`], in any order, parents before children. Keeps no row as a struct: what the
//! store reads goes straight into the columns of the catalog, where it stays if it came in order
//! ([`shelve`](super::shelve)); several builders may collect side by side ([`CatalogBuilder::append`]).

use compact_str::CompactString;
use jiff::Timestamp;
use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::super::account::{AccountName, Identity};
use super::super::campaign::{AdGroup, Campaign, ParentState};
use super::super::negative::{Kind, MatchType, Negative, State};
use super::columns::{Packed, Words};
use super::ix::{AccountIx, AdGroupSlot, CampaignIx, CampaignSlot};
use super::{AdGroups, Negatives, days};

/// An account as the catalog knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// What it is.
    pub identity: Identity,
    /// Its label.
    pub name: AccountName,
    /// When its snapshot was fetched; `None` before the first.
    pub fetched_at: Option<Timestamp>,
    /// Why the snapshot is older than the last try, in the user's words; `None` when it is not.
    pub stale: Option<String>,
}

/// One ad group as the store reads it.
#[derive(Clone, Copy, Debug)]
pub struct AdGroupRow<'a> {
    /// Its campaign, as [`CatalogBuilder::add_campaign`] numbered it.
    pub campaign: CampaignSlot,
    /// Its native id.
    pub id: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Our word for its state.
    pub state: ParentState,
    /// The platform's word for its state.
    pub native_state: &'a str,
}

/// One negative as the store reads it.
#[derive(Clone, Copy, Debug)]
pub struct NegativeRow<'a> {
    /// Its campaign, as [`CatalogBuilder::add_campaign`] numbered it.
    pub campaign: CampaignSlot,
    /// Its ad group, as [`CatalogBuilder::push_ad_group`] numbered it; `None` at campaign level. It must be one
    /// of that campaign.
    pub ad_group: Option<AdGroupSlot>,
    /// Its native id.
    pub id: &'a str,
    /// What it names.
    pub kind: Kind,
    /// Keyword text, ASIN, or brand id.
    pub text: &'a str,
    /// A brand's name.
    pub brand_name: Option<&'a str>,
    /// How a keyword matches.
    pub match_type: Option<MatchType>,
    /// Our word for its state.
    pub state: State,
    /// The platform's word for its state.
    pub native_state: &'a str,
    /// When the platform says it was made; kept to the microsecond.
    pub created: Option<Timestamp>,
    /// The day of the first snapshot that held it.
    pub first_seen: Option<Date>,
}

/// Marks a parent that is a campaign.
pub(super) const OF_CAMPAIGN: u32 = 1 << 31;
/// Row numbers from here on stand for staged additions in a result; see [`Rows`](super::Rows).
pub(super) const MOST_ROWS: u32 = 1 << 31;
/// Stands for "the platform does not say when".
pub(super) const NO_TIME: i64 = i64::MIN;

/// Collects accounts, campaigns, ad groups and negatives and makes a catalog of them.
///
/// ```
/// use unbid::domain::catalog::{AccountRow, CatalogBuilder};
/// # use unbid::domain::{account::{AccountName, Identity}, ids::PlatformId};
/// let mut builder = CatalogBuilder::default();
/// builder.add_account(AccountRow {
///     identity: Identity { platform: PlatformId::from_static("ebay"), origin: "https://api.ebay.com".into(), native: "EBAY_US".into() },
///     name: AccountName::new("acme-ebay"),
///     fetched_at: None,
///     stale: None,
/// });
/// let catalog = builder.finish();
/// assert_eq!((catalog.accounts().len(), catalog.len()), (1, 0));
/// ```
#[derive(Default)]
pub struct CatalogBuilder {
    pub(super) accounts: Vec<AccountRow>,
    pub(super) campaigns: Vec<(AccountIx, Campaign)>,
    /// As they came: what stands for their campaigns are slots.
    pub(super) ad_groups: AdGroups,
    /// As they came: what stands for their parents are slots.
    pub(super) negatives: Negatives,
    pub(super) words: Words,
    pub(super) left_out: usize,
    last_day: (Option<Date>, u16),
    campaign_slots: FxHashMap<(AccountIx, CompactString), CampaignSlot>,
    ad_group_slots: FxHashMap<(CampaignSlot, CompactString), AdGroupSlot>,
    resolved: (usize, usize),
}

impl CatalogBuilder {
    /// Makes room, where the number of negatives is known.
    pub fn reserve(&mut self, negatives: usize) {
        self.negatives.reserve(negatives);
    }

    /// Adds an account. Accounts keep the order in which they are added.
    pub fn add_account(&mut self, account: AccountRow) -> AccountIx {
        self.accounts.push(account);
        AccountIx((self.accounts.len() - 1) as u16)
    }

    /// Adds a campaign of an account added before.
    pub fn add_campaign(&mut self, account: AccountIx, campaign: Campaign) -> CampaignSlot {
        self.campaigns.push((account, campaign));
        CampaignSlot((self.campaigns.len() - 1) as u32)
    }

    /// Adds an ad group of a campaign added before.
    pub fn push_ad_group(&mut self, row: AdGroupRow<'_>) -> AdGroupSlot {
        let native = self.words.number(row.native_state);
        let columns = &mut self.ad_groups;
        columns.campaign.push(CampaignIx(row.campaign.0));
        columns.ids.push(row.id);
        columns.names.push(row.name);
        columns.state.push(row.state);
        columns.native_state.push(native);
        AdGroupSlot((columns.campaign.len() - 1) as u32)
    }

    /// Adds a negative of a campaign and ad group added before. This is the path for a million rows.
    pub fn push_negative(&mut self, row: NegativeRow<'_>) {
        let columns = &mut self.negatives;
        let number = columns.packed.len() as u32;
        if number >= MOST_ROWS {
            self.left_out += 1;
            return;
        }
        columns.texts.push(row.text);
        columns.ids.push(row.id);
        if let Some(brand) = row.brand_name {
            columns.brand_names.push((number, self.words.number(brand)));
        }
        if self.last_day.0 != row.first_seen {
            self.last_day = (row.first_seen, row.first_seen.map_or(0, days::number));
        }
        columns.created.push(row.created.map_or(NO_TIME, Timestamp::as_microsecond));
        columns.parent.push(row.ad_group.map_or(row.campaign.0 | OF_CAMPAIGN, |slot| slot.0));
        columns.native_state.push(self.words.number(row.native_state));
        columns.first_seen.push(self.last_day.1);
        columns.packed.push(Packed::new(row.kind, row.match_type, row.state));
    }

    /// Adds an ad group by its own ids; `None`, and nothing added, when its campaign is not known.
    pub fn add_ad_group(&mut self, account: AccountIx, group: &AdGroup) -> Option<AdGroupSlot> {
        self.resolve();
        let campaign = *self.campaign_slots.get(&(account, CompactString::new(group.campaign.raw())))?;
        Some(self.push_ad_group(AdGroupRow {
            campaign,
            id: group.id.raw(),
            name: group.name.raw(),
            state: group.state,
            native_state: group.native_state.raw(),
        }))
    }

    /// Adds a negative by its own ids; false, and nothing added, when its campaign or ad group is not known.
    pub fn add_negative(&mut self, account: AccountIx, negative: &Negative, first_seen: Option<Date>) -> bool {
        self.resolve();
        let key = (account, CompactString::new(negative.campaign.raw()));
        let Some(&campaign) = self.campaign_slots.get(&key) else { return false };
        let ad_group = match &negative.ad_group {
            None => None,
            Some(id) => match self.ad_group_slots.get(&(campaign, CompactString::new(id.raw()))) {
                None => return false,
                found => found.copied(),
            },
        };
        self.push_negative(NegativeRow {
            campaign,
            ad_group,
            id: negative.id.raw(),
            kind: negative.kind,
            text: negative.text.raw(),
            brand_name: negative.brand_name.as_ref().map(super::super::text::Text::raw),
            match_type: negative.match_type,
            state: negative.state,
            native_state: negative.native_state.raw(),
            created: negative.created,
            first_seen,
        });
        true
    }

    /// Takes the parents added since the last call into the tables of ids.
    fn resolve(&mut self) {
        for slot in self.resolved.0..self.campaigns.len() {
            let (account, campaign) = &self.campaigns[slot];
            let key = (*account, CompactString::new(campaign.id.raw()));
            self.campaign_slots.insert(key, CampaignSlot(slot as u32));
        }
        for slot in self.resolved.1..self.ad_groups.campaign.len() {
            let key = (CampaignSlot(self.ad_groups.campaign[slot].0), self.ad_groups.ids.get(slot));
            self.ad_group_slots.insert(key, AdGroupSlot(slot as u32));
        }
        self.resolved = (self.campaigns.len(), self.ad_groups.campaign.len());
    }
}
