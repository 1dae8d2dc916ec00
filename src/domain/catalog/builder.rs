//! Builds a [`Catalog`] from rows in any order, parents before children, and sorts it once at the end.
//! Keeps no row as a struct: what the store reads goes straight into columns.

use compact_str::CompactString;
use jiff::Timestamp;
use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::super::account::{AccountName, Identity};
use super::super::campaign::{AdGroup, Campaign, ParentState};
use super::super::negative::{Kind, MatchType, Negative, State};
use super::columns::{Arena, Ids, Packed, Texts, Words};
use super::ix::{AccountIx, AdGroupIx, AdGroupSlot, CampaignIx, CampaignSlot};
use super::{AdGroups, Campaigns, Catalog, Negatives, days};

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

#[derive(Default)]
struct AdGroupColumns {
    campaign: Vec<u32>,
    ids: Ids,
    names: Arena,
    state: Vec<ParentState>,
    native_state: Vec<u32>,
}

#[derive(Default)]
struct NegativeColumns {
    /// The ad group's slot, or the campaign's with [`OF_CAMPAIGN`] set.
    parent: Vec<u32>,
    ids: Ids,
    texts: Arena,
    brand_names: Vec<(u32, u32)>,
    packed: Vec<Packed>,
    native_state: Vec<u32>,
    created: Vec<i64>,
    first_seen: Vec<u16>,
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
    accounts: Vec<AccountRow>,
    campaigns: Vec<(AccountIx, Campaign)>,
    ad_groups: AdGroupColumns,
    negatives: NegativeColumns,
    words: Words,
    left_out: usize,
    last_day: (Option<Date>, u16),
    campaign_slots: FxHashMap<(AccountIx, CompactString), CampaignSlot>,
    ad_group_slots: FxHashMap<(CampaignSlot, CompactString), AdGroupSlot>,
    resolved: (usize, usize),
}

impl CatalogBuilder {
    /// Makes room, where the number of negatives is known.
    pub fn reserve(&mut self, negatives: usize) {
        let columns = &mut self.negatives;
        columns.parent.reserve(negatives);
        columns.ids.reserve(negatives);
        columns.packed.reserve(negatives);
        columns.native_state.reserve(negatives);
        columns.created.reserve(negatives);
        columns.first_seen.reserve(negatives);
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
        columns.campaign.push(row.campaign.0);
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
        columns.parent.push(row.ad_group.map_or(row.campaign.0 | OF_CAMPAIGN, |slot| slot.0));
        columns.ids.push(row.id);
        if let Some(brand) = row.brand_name {
            columns.brand_names.push((number, self.words.number(brand)));
        }
        columns.packed.push(Packed::new(row.kind, row.match_type, row.state));
        columns.native_state.push(self.words.number(row.native_state));
        columns.created.push(row.created.map_or(NO_TIME, Timestamp::as_microsecond));
        if self.last_day.0 != row.first_seen {
            self.last_day = (row.first_seen, row.first_seen.map_or(0, days::number));
        }
        columns.first_seen.push(self.last_day.1);
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
            let key = (CampaignSlot(self.ad_groups.campaign[slot]), self.ad_groups.ids.get(slot));
            self.ad_group_slots.insert(key, AdGroupSlot(slot as u32));
        }
        self.resolved = (self.campaigns.len(), self.ad_groups.campaign.len());
    }

    /// Sorts everything and makes the catalog.
    pub fn finish(mut self) -> Catalog {
        let (campaigns, campaign_at) = self.sort_campaigns();
        let (ad_groups, ad_group_at) = self.sort_ad_groups(&campaigns, &campaign_at);
        let negatives = self.sort_negatives(&campaigns, &ad_groups, &campaign_at, &ad_group_at);
        Catalog::assemble(self.accounts, campaigns, ad_groups, negatives, self.words, self.left_out)
    }

    fn sort_campaigns(&mut self) -> (Campaigns, Vec<u32>) {
        let rows = std::mem::take(&mut self.campaigns);
        let mut order: Vec<u32> = (0..rows.len() as u32).collect();
        order.sort_by_cached_key(|&slot| {
            let (account, campaign) = &rows[slot as usize];
            (*account, super::columns::fold(campaign.name.raw()), campaign.id.clone())
        });
        let mut sorted = Campaigns::default();
        let mut place = vec![0; rows.len()];
        for (ix, &slot) in order.iter().enumerate() {
            let (account, campaign) = &rows[slot as usize];
            place[slot as usize] = ix as u32;
            sorted.account.push(*account);
            sorted.ids.push(campaign.id.raw());
            sorted.names.push(campaign.name.raw());
            sorted.state.push(campaign.state);
            sorted.native_state.push(self.words.number(campaign.native_state.raw()));
            sorted.targeting.push(campaign.targeting);
            sorted.native_type.push(self.words.number(campaign.native_type.raw()));
            sorted.holds.push(campaign.holds);
        }
        (sorted, place)
    }

    fn sort_ad_groups(&mut self, campaigns: &Campaigns, campaign_at: &[u32]) -> (AdGroups, Vec<u32>) {
        let rows = std::mem::take(&mut self.ad_groups);
        let mut folded = Texts::default();
        for slot in 0..rows.campaign.len() {
            folded.push(rows.names.get(slot));
        }
        let mut order: Vec<u32> = (0..rows.campaign.len() as u32).collect();
        order.sort_unstable_by(|&a, &b| {
            let (a, b) = (a as usize, b as usize);
            let by_campaign =
                campaign_at[rows.campaign[a] as usize].cmp(&campaign_at[rows.campaign[b] as usize]);
            by_campaign
                .then_with(|| folded.folded(a).cmp(folded.folded(b)))
                .then_with(|| rows.ids.compare(a, b))
                .then(a.cmp(&b))
        });
        let mut sorted = AdGroups::default();
        let mut place = vec![0; order.len()];
        let mut first = vec![0_u32; campaigns.account.len() + 1];
        for (ix, &slot) in order.iter().enumerate() {
            let slot = slot as usize;
            let campaign = campaign_at[rows.campaign[slot] as usize];
            place[slot] = ix as u32;
            first[campaign as usize + 1] += 1;
            sorted.campaign.push(CampaignIx(campaign));
            sorted.ids.push_from(&rows.ids, slot);
            sorted.names.push(rows.names.get(slot));
            sorted.state.push(rows.state[slot]);
            sorted.native_state.push(rows.native_state[slot]);
        }
        for campaign in 1..first.len() {
            first[campaign] += first[campaign - 1];
        }
        sorted.first = first;
        (sorted, place)
    }

    fn sort_negatives(
        &mut self,
        campaigns: &Campaigns,
        ad_groups: &AdGroups,
        campaign_at: &[u32],
        ad_group_at: &[u32],
    ) -> Negatives {
        let rows = std::mem::take(&mut self.negatives);
        let total = rows.packed.len();
        let mut starts = vec![0_u32; campaigns.account.len() + ad_groups.campaign.len() + 1];
        let place: Vec<(u32, u32)> = rows
            .parent
            .iter()
            .map(|&parent| {
                let (place, at) = if parent & OF_CAMPAIGN == 0 {
                    let group = AdGroupIx(ad_group_at[parent as usize]);
                    (group.0, ad_groups.shelf(group))
                } else {
                    let campaign = CampaignIx(campaign_at[(parent & !OF_CAMPAIGN) as usize]);
                    (campaign.0 | OF_CAMPAIGN, ad_groups.shelf_of_campaign(campaign))
                };
                starts[at + 1] += 1;
                (place, at as u32)
            })
            .collect();
        for shelf in 1..starts.len() {
            starts[shelf] += starts[shelf - 1];
        }
        let mut next = starts.clone();
        let mut order = vec![0_u32; total];
        for (old, &(_, shelf)) in place.iter().enumerate() {
            order[next[shelf as usize] as usize] = old as u32;
            next[shelf as usize] += 1;
        }
        let mut sorted = Negatives::with_capacity(total, rows.texts.bytes());
        sorted.starts = starts;
        let mut new_place = if rows.brand_names.is_empty() { Vec::new() } else { vec![0_u32; total] };
        for (new, &old) in order.iter().enumerate() {
            let old = old as usize;
            sorted.texts.push(rows.texts.get(old));
            sorted.ids.push_from(&rows.ids, old);
            sorted.parent.push(place[old].0);
            sorted.packed.push(rows.packed[old]);
            sorted.native_state.push(rows.native_state[old]);
            sorted.created.push(rows.created[old]);
            sorted.first_seen.push(rows.first_seen[old]);
            if let Some(place) = new_place.get_mut(old) {
                *place = new as u32;
            }
        }
        sorted.brand_names =
            rows.brand_names.iter().map(|&(old, name)| (new_place[old as usize], name)).collect();
        sorted.brand_names.sort_unstable();
        sorted.shrink();
        sorted
    }
}
