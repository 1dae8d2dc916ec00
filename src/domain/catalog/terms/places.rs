//! Where search terms were seen: campaigns and ad groups as reports name them, and what they are in a catalog.
//! A name stands for the one that bears it; of several, for the one that is not archived.

use compact_str::CompactString;
use rustc_hash::FxHashMap;

use super::super::super::account::Identity;
use super::super::super::campaign::ParentState;
use super::super::super::ids::{AdGroupId, CampaignId};
use super::super::super::term::Named;
use super::super::{AccountIx, AdGroupIx, CampaignIx, Catalog};

/// An id or a name, as the report has it.
pub(super) type Key = Named<CompactString>;

/// A place as a report names it. Of a value of [`Named::Name`] only the text counts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Place {
    /// The account, as the terms number it.
    pub account: u16,
    pub campaign: Key,
    pub ad_group: Option<Key>,
}

/// What a place is in a catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub campaign: CampaignIx,
    pub ad_group: Option<AdGroupIx>,
    /// The report names an ad group that the catalog does not have.
    pub astray: bool,
}

/// Looks up every place; `None` where the campaign is not in the catalog.
pub(super) fn resolve(places: &[Place], accounts: &[Identity], catalog: &Catalog) -> Vec<Option<Spot>> {
    let accounts: Vec<Option<AccountIx>> =
        accounts.iter().map(|identity| catalog.find_account(identity)).collect();
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_unstable_by(|&a, &b| {
        let key = |at: usize| (places[at].account, text(&places[at].campaign));
        key(a).cmp(&key(b))
    });
    let mut spots = vec![None; places.len()];
    for of_account in order.chunk_by(|&a, &b| places[a].account == places[b].account) {
        let Some(account) = accounts[usize::from(places[of_account[0]].account)] else { continue };
        let campaigns = campaigns(catalog, account);
        for of_campaign in of_account.chunk_by(|&a, &b| places[a].campaign == places[b].campaign) {
            let Some(campaign) = campaigns.find(&places[of_campaign[0]].campaign) else { continue };
            let groups = ad_groups(catalog, campaign);
            for &at in of_campaign {
                let ad_group = places[at].ad_group.as_ref().map(|key| groups.find(key));
                spots[at] =
                    Some(Spot { campaign, ad_group: ad_group.flatten(), astray: ad_group == Some(None) });
            }
        }
    }
    spots
}

fn text(key: &Key) -> (bool, &str) {
    match key {
        Named::Id(id) => (false, id),
        Named::Name(name) => (true, name.raw()),
    }
}

/// Finds campaigns and ad groups of an account by what a report calls them: by id, or by a name that only one bears (of
/// several, the one that is not archived).
pub struct PlaceFinder {
    account: Option<AccountIx>,
    campaigns: Directory<CampaignIx>,
    ad_groups: FxHashMap<CampaignIx, Directory<AdGroupIx>>,
}

impl PlaceFinder {
    /// A finder in one account of a catalog; one that finds nothing when the account is not in it.
    pub fn new(catalog: &Catalog, identity: &Identity) -> Self {
        let account = catalog.find_account(identity);
        let campaigns = account.map(|account| campaigns(catalog, account)).unwrap_or_default();
        Self { account, campaigns, ad_groups: FxHashMap::default() }
    }

    /// Whether the account is in the catalog.
    pub fn knows_account(&self) -> bool {
        self.account.is_some()
    }

    /// A campaign of the account; the catalog must be the one of [`PlaceFinder::new`].
    pub fn campaign(&self, campaign: &Named<CampaignId>) -> Option<CampaignIx> {
        match campaign {
            Named::Id(id) => self.campaigns.by_id(id.raw()),
            Named::Name(name) => self.campaigns.by_name(name.raw()),
        }
    }

    /// An ad group of a campaign of the account.
    pub fn ad_group(
        &mut self,
        catalog: &Catalog,
        campaign: CampaignIx,
        ad_group: &Named<AdGroupId>,
    ) -> Option<AdGroupIx> {
        let groups = self.ad_groups.entry(campaign).or_insert_with(|| ad_groups(catalog, campaign));
        match ad_group {
            Named::Id(id) => groups.by_id(id.raw()),
            Named::Name(name) => groups.by_name(name.raw()),
        }
    }
}

fn campaigns(catalog: &Catalog, account: AccountIx) -> Directory<CampaignIx> {
    let all = catalog.campaigns_of(account);
    Directory::of(all.map(|one| (one.ix(), one.id().raw().into(), one.name_raw(), one.state())))
}

fn ad_groups(catalog: &Catalog, campaign: CampaignIx) -> Directory<AdGroupIx> {
    let all = catalog.ad_groups_of(campaign);
    Directory::of(all.map(|one| (one.ix(), one.id().raw().into(), one.name_raw(), one.state())))
}

/// The campaigns of an account, or the ad groups of a campaign, by id and by name.
struct Directory<Ix> {
    ids: FxHashMap<CompactString, Ix>,
    /// `None` where several bear the name.
    names: FxHashMap<CompactString, (Option<Ix>, bool)>,
}

impl<Ix> Default for Directory<Ix> {
    fn default() -> Self {
        Self { ids: FxHashMap::default(), names: FxHashMap::default() }
    }
}

impl<Ix: Copy> Directory<Ix> {
    fn of<'a>(entries: impl Iterator<Item = (Ix, CompactString, &'a str, ParentState)>) -> Self {
        let mut directory = Self { ids: FxHashMap::default(), names: FxHashMap::default() };
        for (ix, id, name, state) in entries {
            directory.ids.insert(id, ix);
            let there = !matches!(state, ParentState::Archived);
            directory
                .names
                .entry(CompactString::new(name.trim()))
                .and_modify(|known| match (known.1, there) {
                    (true, false) => {}
                    (false, true) => *known = (Some(ix), true),
                    _ => known.0 = None,
                })
                .or_insert((Some(ix), there));
        }
        directory
    }

    fn find(&self, key: &Key) -> Option<Ix> {
        match key {
            Named::Id(id) => self.by_id(id),
            Named::Name(name) => self.by_name(name.raw()),
        }
    }

    fn by_id(&self, id: &str) -> Option<Ix> {
        self.ids.get(id).copied()
    }

    fn by_name(&self, name: &str) -> Option<Ix> {
        self.names.get(name.trim())?.0
    }
}
