//! Builds a [`Catalog`] from rows in any order, parents before children, and sorts it once at the end.
//! Keeps no row as a struct: what the store reads goes straight into columns.

use compact_str::CompactString;
use jiff::Timestamp;
use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::super::account::{AccountName, Identity};
use super::super::campaign::{AdGroup, Campaign, ParentState};
use super::super::negative::{Kind, MatchType, Negative, State};
use super::columns::{Arena, Ids, Packed, Words, fold_into};
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

/// What is kept of a negative until it is sorted: in one place, because sorting reads rows in any order.
struct RawNegative {
    created: i64,
    /// The ad group's slot, or the campaign's with [`OF_CAMPAIGN`] set.
    parent: u32,
    native_state: u32,
    first_seen: u16,
    packed: Packed,
}

#[derive(Default)]
struct RawNegatives {
    rows: Vec<RawNegative>,
    ids: Ids,
    texts: Arena,
    brand_names: Vec<(u32, u32)>,
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
    negatives: RawNegatives,
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
        self.negatives.rows.reserve(negatives);
        self.negatives.ids.reserve(negatives);
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
        let raw = &mut self.negatives;
        let number = raw.rows.len() as u32;
        if number >= MOST_ROWS {
            self.left_out += 1;
            return;
        }
        raw.texts.push(row.text);
        raw.ids.push(row.id);
        if let Some(brand) = row.brand_name {
            raw.brand_names.push((number, self.words.number(brand)));
        }
        if self.last_day.0 != row.first_seen {
            self.last_day = (row.first_seen, row.first_seen.map_or(0, days::number));
        }
        raw.rows.push(RawNegative {
            created: row.created.map_or(NO_TIME, Timestamp::as_microsecond),
            parent: row.ad_group.map_or(row.campaign.0 | OF_CAMPAIGN, |slot| slot.0),
            native_state: self.words.number(row.native_state),
            first_seen: self.last_day.1,
            packed: Packed::new(row.kind, row.match_type, row.state),
        });
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
        let campaign_of = |slot: usize| campaign_at[rows.campaign[slot] as usize];
        let (mut order, first) = shelve(rows.campaign.len(), campaigns.account.len(), campaign_of);
        let (mut folded, mut name) = (Arena::default(), String::new());
        for slot in 0..rows.campaign.len() {
            name.clear();
            fold_into(rows.names.get(slot), &mut name);
            folded.push(&name);
        }
        for campaign in first.windows(2) {
            let groups = &mut order[campaign[0] as usize..campaign[1] as usize];
            groups.sort_by(|&a, &b| folded.get(a as usize).cmp(folded.get(b as usize)));
        }
        let mut sorted = AdGroups::default();
        let mut place = vec![0; order.len()];
        for (ix, &slot) in order.iter().enumerate() {
            let slot = slot as usize;
            place[slot] = ix as u32;
            sorted.campaign.push(CampaignIx(campaign_of(slot)));
            sorted.ids.push_from(&rows.ids, slot);
            sorted.names.push(rows.names.get(slot));
            sorted.state.push(rows.state[slot]);
            sorted.native_state.push(rows.native_state[slot]);
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
        let raw = std::mem::take(&mut self.negatives);
        let total = raw.rows.len();
        // Parent and shelf by slot, so that the million rows look up one number each.
        let of_group: Vec<(u32, u32)> =
            ad_group_at.iter().map(|&ix| (ix, ad_groups.shelf(AdGroupIx(ix)) as u32)).collect();
        let of_campaign: Vec<(u32, u32)> = campaign_at
            .iter()
            .map(|&ix| (ix | OF_CAMPAIGN, ad_groups.shelf_of_campaign(CampaignIx(ix)) as u32))
            .collect();
        let place = |row: usize| {
            let parent = raw.rows[row].parent;
            if parent & OF_CAMPAIGN == 0 {
                of_group[parent as usize]
            } else {
                of_campaign[(parent & !OF_CAMPAIGN) as usize]
            }
        };
        let shelves = campaigns.account.len() + ad_groups.campaign.len();
        let (order, starts) = shelve(total, shelves, |row| place(row).1);

        let mut sorted = Negatives::with_capacity(total, raw.texts.bytes());
        let mut texts = std::mem::take(&mut sorted.texts);
        std::thread::scope(|threads| {
            threads.spawn(|| order.iter().for_each(|&old| _ = texts.push(raw.texts.get(old as usize))));
            for &old in &order {
                let row = &raw.rows[old as usize];
                sorted.ids.push_from(&raw.ids, old as usize);
                sorted.parent.push(place(old as usize).0);
                sorted.packed.push(row.packed);
                sorted.native_state.push(row.native_state);
                sorted.created.push(row.created);
                sorted.first_seen.push(row.first_seen);
            }
        });
        sorted.texts = texts;
        sorted.starts = starts;
        sorted.brand_names = renumber(&raw.brand_names, &order);
        sorted.shrink();
        sorted
    }
}

/// Sorts rows by shelf, keeping their order on each: the rows in order, and the first of each shelf with the number
/// of all rows at the end.
pub(super) fn shelve(rows: usize, shelves: usize, shelf: impl Fn(usize) -> u32) -> (Vec<u32>, Vec<u32>) {
    let mut first = vec![0_u32; shelves + 1];
    let on: Vec<u32> = (0..rows).map(&shelf).collect();
    for &shelf in &on {
        first[shelf as usize + 1] += 1;
    }
    for at in 1..first.len() {
        first[at] += first[at - 1];
    }
    let mut next = first.clone();
    let mut order = vec![0_u32; rows];
    for (row, &shelf) in on.iter().enumerate() {
        let next = &mut next[shelf as usize];
        order[*next as usize] = row as u32;
        *next += 1;
    }
    (order, first)
}

/// Gives rows of the old order their numbers in the new one, and sorts by them.
fn renumber(named: &[(u32, u32)], order: &[u32]) -> Vec<(u32, u32)> {
    if named.is_empty() {
        return Vec::new();
    }
    let mut place = vec![0_u32; order.len()];
    for (new, &old) in order.iter().enumerate() {
        place[old as usize] = new as u32;
    }
    let mut renumbered: Vec<(u32, u32)> =
        named.iter().map(|&(old, name)| (place[old as usize], name)).collect();
    renumbered.sort_unstable();
    renumbered
}
