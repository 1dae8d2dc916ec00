//! A place in the tree that outlives a snapshot: account, campaign, ad group by their native ids; and how a place
//! of the present snapshot is called.

use crate::domain::account::Identity;
use crate::domain::catalog::{Catalog, Scope};
use crate::domain::ids::{AdGroupId, CampaignId};
use crate::ui::data::Data;

/// A place in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its account.
    pub account: Identity,
    /// Its campaign.
    pub campaign: Option<CampaignId>,
    /// Its ad group.
    pub ad_group: Option<AdGroupId>,
}

impl Place {
    /// An account as a whole.
    pub fn of_account(account: &Identity) -> Self {
        Self { account: account.clone(), campaign: None, ad_group: None }
    }

    /// The place that a scope of a snapshot names.
    pub fn of(catalog: &Catalog, scope: Scope) -> Option<Self> {
        let (campaign, group) = match scope {
            Scope::All => return None,
            Scope::Account(ix) => return Some(Self::of_account(&catalog.account(ix).identity)),
            Scope::Campaign(ix) | Scope::CampaignLevel(ix) => (catalog.campaign(ix), None),
            Scope::AdGroup(ix) | Scope::Reaching(ix) => {
                let group = catalog.ad_group(ix);
                (group.campaign(), Some(group.id()))
            }
        };
        Some(Self {
            account: campaign.account().identity.clone(),
            campaign: Some(campaign.id()),
            ad_group: group,
        })
    }

    /// The rows that belong to it: all of an account or campaign, all that reach an ad group. What is gone from
    /// the snapshot falls back to what held it.
    pub fn scope(&self, catalog: &Catalog) -> Option<Scope> {
        let account = catalog.find_account(&self.account)?;
        let Some(campaign) = self.campaign.as_ref().and_then(|id| catalog.find_campaign(account, id)) else {
            return Some(Scope::Account(account));
        };
        let group = self.ad_group.as_ref().and_then(|id| catalog.find_ad_group(campaign, id));
        Some(group.map_or(Scope::Campaign(campaign), Scope::Reaching))
    }
}

/// The parts of a place's trail, as a screen may show them.
pub fn trail(data: &Data, place: &Place) -> Vec<String> {
    let Some(account) = data.account(&place.account) else { return Vec::new() };
    let mut trail = vec![account.account.name.to_string()];
    let Some(catalog) = data.catalog() else { return trail };
    match place.scope(catalog) {
        Some(Scope::Campaign(ix)) => trail.push(catalog.campaign(ix).name().to_string()),
        Some(Scope::Reaching(ix)) => {
            let group = catalog.ad_group(ix);
            trail.push(group.campaign().name().to_string());
            trail.push(group.name().to_string());
        }
        _ => {}
    }
    trail
}

/// What sort of place a scope is, and its trail in one line.
pub fn named(data: &Data, scope: Scope) -> (&'static str, String) {
    let kind = match scope {
        Scope::All => "everything",
        Scope::Account(_) => "account",
        Scope::Campaign(_) | Scope::CampaignLevel(_) => "campaign",
        Scope::AdGroup(_) | Scope::Reaching(_) => "ad group",
    };
    let place = data.catalog().and_then(|catalog| Place::of(catalog, scope));
    let between = format!(" {} ", data.theme.symbols.trail);
    (kind, place.map_or_else(String::new, |place| trail(data, &place).join(&between)))
}
