//! Everything one platform holds, with the look-ups its protocol needs.
//! It knows no HTTP and no rule of a platform (lengths, caps, allowed states): those are in the platform's folder.

use std::borrow::Cow;

use compact_str::CompactString;
use jiff::civil::Date;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::{Hash, Hasher};

use super::call::Call;
use super::lag::Shadows;
use super::model::{
    Account, AdGroup, Brand, Campaign, Keyword, Match, Negative, NegativeKind, Planted, Pool, Target, Term,
    fold, is_archived,
};
use super::reports::Jobs;
use super::table::Table;

/// The first native ids of a platform's tables.
#[derive(Debug, Clone, Copy)]
pub struct FirstIds {
    /// Campaigns.
    pub campaign: u64,
    /// Ad groups.
    pub ad_group: u64,
    /// Positive keywords.
    pub keyword: u64,
    /// Positive targets.
    pub target: u64,
    /// Negatives per pool.
    pub negative: [u64; Pool::COUNT],
}

/// What a new negative needs; the realm adds id and times.
#[derive(Debug, Clone)]
pub struct NewNegative {
    /// Native id of its campaign.
    pub campaign_id: u64,
    /// Native id of its ad group; none at campaign level.
    pub ad_group_id: Option<u64>,
    /// Keyword, product or brand.
    pub kind: NegativeKind,
    /// Match type of a keyword.
    pub matching: Option<Match>,
    /// Text as it is to be stored.
    pub text: CompactString,
    /// The platform's word.
    pub state: CompactString,
}

/// Which negatives a list asks for.
#[derive(Debug, Clone, Copy)]
pub enum Scope<'a> {
    /// All of an account (an index into [`Realm::accounts`]).
    Account(usize),
    /// At these campaigns, or at the ad groups of these campaigns. Unknown ids give nothing.
    Campaigns(&'a [u64]),
    /// At these ad groups. Unknown ids give nothing.
    AdGroups(&'a [u64]),
}

/// One platform's data.
#[derive(Debug)]
pub struct Realm {
    /// The world's day.
    pub today: Date,
    /// Profiles, marketplaces or advertisers.
    pub accounts: Vec<Account>,
    /// Campaigns by id.
    pub campaigns: Table<Campaign>,
    /// Ad groups by id.
    pub ad_groups: Table<AdGroup>,
    /// Positive keywords by id.
    pub keywords: Table<Keyword>,
    /// Positive targeting clauses by id.
    pub targets: Table<Target>,
    /// Search-term rows, by campaign.
    pub terms: Vec<Term>,
    /// The mistakes that the world was built with.
    pub planted: Vec<Planted>,
    /// Brands, by id.
    pub brands: Vec<Brand>,
    /// Requested reports.
    pub jobs: Jobs,
    pub(super) negatives: [Table<Negative>; Pool::COUNT],
    /// Newest negative per scope, kind, match type and folded text (hashed; verified on a hit).
    pub(super) twins: FxHashMap<u64, u64>,
    pub(super) shadows: Shadows,
}

impl Realm {
    /// An empty platform.
    pub fn new(today: Date, first: FirstIds) -> Self {
        Self {
            today,
            accounts: Vec::new(),
            campaigns: Table::new(first.campaign),
            ad_groups: Table::new(first.ad_group),
            keywords: Table::new(first.keyword),
            targets: Table::new(first.target),
            terms: Vec::new(),
            planted: Vec::new(),
            brands: Vec::new(),
            jobs: Jobs::default(),
            negatives: first.negative.map(Table::new),
            twins: FxHashMap::default(),
            shadows: Shadows::default(),
        }
    }

    /// Room for about this many negatives more, all in the pool.
    pub fn reserve_negatives(&mut self, pool: Pool, rows: usize) {
        self.negatives[pool.index()].reserve(rows);
        self.twins.reserve(rows);
    }

    /// The account with this key (profile id, marketplace, advertiser id).
    pub fn account(&self, key: &str) -> Option<usize> {
        self.accounts.iter().position(|account| account.key == key)
    }

    /// Adds a campaign to its account.
    pub fn add_campaign(&mut self, make: impl FnOnce(u64) -> Campaign) -> u64 {
        let id = self.campaigns.push(make);
        if let Some(account) = self.campaigns.get(id).map(|campaign| campaign.account) {
            self.accounts[account].campaigns.push(id);
        }
        id
    }

    /// Adds an ad group to its campaign, which must exist.
    pub fn add_ad_group(&mut self, make: impl FnOnce(u64) -> AdGroup) -> u64 {
        let id = self.ad_groups.push(make);
        let campaign = self.ad_groups.get(id).map(|group| group.campaign_id);
        if let Some(campaign) = campaign.and_then(|campaign| self.campaigns.get_mut(campaign)) {
            campaign.ad_groups.push(id);
        }
        id
    }

    /// Adds a positive keyword to its ad group.
    pub fn add_keyword(&mut self, make: impl FnOnce(u64) -> Keyword) -> u64 {
        let id = self.keywords.push(make);
        let group = self.keywords.get(id).map(|keyword| keyword.ad_group_id);
        if let Some(group) = group.and_then(|group| self.ad_groups.get_mut(group)) {
            group.keywords.push(id);
        }
        id
    }

    /// Adds a positive targeting clause to its ad group.
    pub fn add_target(&mut self, make: impl FnOnce(u64) -> Target) -> u64 {
        let id = self.targets.push(make);
        let group = self.targets.get(id).map(|target| target.ad_group_id);
        if let Some(group) = group.and_then(|group| self.ad_groups.get_mut(group)) {
            group.targets.push(id);
        }
        id
    }

    /// The account of a campaign.
    pub fn account_of(&self, campaign_id: u64) -> Option<usize> {
        self.campaigns.get(campaign_id).map(|campaign| campaign.account)
    }

    /// A campaign, if it belongs to the account.
    pub fn campaign_in(&self, account: usize, campaign_id: u64) -> Option<&Campaign> {
        self.campaigns.get(campaign_id).filter(|campaign| campaign.account == account)
    }

    /// An ad group with its campaign, if both belong to the account.
    pub fn ad_group_in(&self, account: usize, ad_group_id: u64) -> Option<(&AdGroup, &Campaign)> {
        let group = self.ad_groups.get(ad_group_id)?;
        Some((group, self.campaign_in(account, group.campaign_id)?))
    }

    /// Negatives of a pool, by id.
    pub fn negatives(&self, pool: Pool) -> &Table<Negative> {
        &self.negatives[pool.index()]
    }

    /// A negative, if it belongs to the account.
    pub fn negative_in(&self, account: usize, pool: Pool, id: u64) -> Option<&Negative> {
        let negative = self.negatives(pool).get(id)?;
        self.campaign_in(account, negative.campaign_id)?;
        Some(negative)
    }

    /// The negatives of a parent that share a pool.
    pub fn shelf(
        &self,
        campaign_id: u64,
        ad_group_id: Option<u64>,
        pool: Pool,
    ) -> Option<&super::model::Shelf> {
        match ad_group_id {
            Some(group) => self.ad_groups.get(group).map(|group| &group.negatives[pool.shelf()]),
            None => self.campaigns.get(campaign_id).map(|campaign| &campaign.negatives[pool.shelf()]),
        }
    }

    /// Ids of a scope's negatives in a pool, ascending: the order of every list and its pages.
    pub fn negative_ids(&self, pool: Pool, scope: Scope<'_>) -> Cow<'_, [u64]> {
        let mut ids = Vec::new();
        let mut take = |campaign: u64, group: Option<u64>| {
            if let Some(shelf) = self.shelf(campaign, group, pool) {
                ids.extend_from_slice(&shelf.ids);
            }
        };
        match scope {
            Scope::Account(account) => {
                let ids = self.accounts.get(account).map(|account| account.negatives[pool.index()].as_slice());
                return Cow::Borrowed(ids.unwrap_or_default());
            }
            Scope::Campaigns(campaigns) if pool.is_campaign_level() => {
                for &campaign in campaigns {
                    take(campaign, None);
                }
            }
            Scope::Campaigns(campaigns) => {
                for campaign in campaigns.iter().filter_map(|&id| self.campaigns.get(id)) {
                    campaign.ad_groups.iter().for_each(|&group| take(campaign.id, Some(group)));
                }
            }
            Scope::AdGroups(_) if pool.is_campaign_level() => {}
            Scope::AdGroups(groups) => groups.iter().for_each(|&group| take(0, Some(group))),
        }
        ids.sort_unstable();
        ids.dedup();
        Cow::Owned(ids)
    }

    pub(super) fn twin_key(new: &NewNegative) -> u64 {
        let mut hasher = FxHasher::default();
        (new.campaign_id, new.ad_group_id, new.kind, new.matching, fold(&new.text)).hash(&mut hasher);
        hasher.finish()
    }

    /// An unarchived negative of the same scope, kind, match type and folded text. Sam's disabled ones count.
    pub fn twin(&self, new: &NewNegative) -> Option<&Negative> {
        let pool = Pool::of(new.kind, new.ad_group_id.is_none());
        let wanted = fold(&new.text);
        let mut id = self.twins.get(&Self::twin_key(new)).copied().unwrap_or(0);
        while let Some(negative) = self.negatives(pool).get(id) {
            let same = negative.campaign_id == new.campaign_id
                && negative.ad_group_id == new.ad_group_id
                && negative.kind == new.kind
                && negative.matching == new.matching
                && fold(&negative.text) == wanted;
            if same && !negative.is_archived() {
                return Some(negative);
            }
            id = negative.older_twin;
        }
        None
    }

    /// Stores a negative whose parents exist, and gives its id. `call` is the request that asked for it.
    pub fn add_negative(&mut self, new: NewNegative, call: &Call) -> u64 {
        let key = Self::twin_key(&new);
        let pool = Pool::of(new.kind, new.ad_group_id.is_none());
        let archived = is_archived(&new.state);
        let (campaign_id, ad_group_id) = (new.campaign_id, new.ad_group_id);
        let newest = self.negatives[pool.index()].next_id();
        let older_twin = self.twins.insert(key, newest).unwrap_or(0);
        let id = self.negatives[pool.index()].push(|id| Negative {
            id,
            campaign_id,
            ad_group_id,
            kind: new.kind,
            matching: new.matching,
            text: new.text,
            state: new.state,
            created: call.world_time,
            updated: call.world_time,
            created_by: call.id,
            older_twin,
        });
        if let Some(account) = self.account_of(campaign_id) {
            self.accounts[account].negatives[pool.index()].push(id);
        }
        if let Some(shelf) = self.shelf_mut(campaign_id, ad_group_id, pool) {
            shelf.ids.push(id);
            shelf.unarchived += u32::from(!archived);
        }
        self.hide(pool, id, None, call);
        id
    }

    /// Gives a negative another state. False when there is no such negative.
    pub fn set_state(&mut self, pool: Pool, id: u64, state: &str, call: &Call) -> bool {
        let Some(negative) = self.negatives[pool.index()].get_mut(id) else {
            return false;
        };
        let (was, is) = (negative.is_archived(), is_archived(state));
        let before = std::mem::replace(&mut negative.state, CompactString::from(state));
        negative.updated = call.world_time;
        let (campaign_id, ad_group_id) = (negative.campaign_id, negative.ad_group_id);
        if let Some(shelf) = self.shelf_mut(campaign_id, ad_group_id, pool) {
            shelf.unarchived = shelf.unarchived + u32::from(was && !is) - u32::from(!was && is);
        }
        self.hide(pool, id, Some(before), call);
        true
    }

    pub(super) fn shelf_mut(
        &mut self,
        campaign: u64,
        group: Option<u64>,
        pool: Pool,
    ) -> Option<&mut super::model::Shelf> {
        match group {
            Some(group) => self.ad_groups.get_mut(group).map(|group| &mut group.negatives[pool.shelf()]),
            None => self.campaigns.get_mut(campaign).map(|campaign| &mut campaign.negatives[pool.shelf()]),
        }
    }

    fn hide(&mut self, pool: Pool, id: u64, before: Option<CompactString>, call: &Call) {
        if let Some(lag) = call.effects.lag {
            self.shadows.hide((pool, id), before, lag);
        }
    }

    /// To be called once at the start of every list of negatives: time passes for what is hidden (fault `lag`).
    pub fn begin_list(&mut self) {
        self.shadows.begin_list();
    }

    /// The state in which lists show this negative; none while it is still hidden.
    pub fn listed_state<'a>(&'a self, negative: &'a Negative) -> Option<&'a str> {
        self.shadows.listed((negative.pool(), negative.id), &negative.state)
    }
}
