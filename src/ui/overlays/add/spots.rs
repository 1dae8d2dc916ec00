//! Where new negatives go: places by native ids, so that they outlive a snapshot, the choices that the form
//! offers, and which campaigns and ad groups a choice comes to on each platform. Changes nothing.

use rustc_hash::FxHashSet;

use crate::domain::account::Identity;
use crate::domain::campaign::ParentState;
use crate::domain::capabilities::Capabilities;
use crate::domain::catalog::{AccountIx, AdGroupIx, CampaignIx, Catalog, Scope};
use crate::domain::ids::{AdGroupId, CampaignId};
use crate::domain::negative::{Kind, Level};
use crate::ui::canvas::{count, counted};
use crate::ui::data::Data;
use crate::ui::meter;
use crate::ui::screens::browse::place::{Place, named};

/// A campaign or an ad group that negatives can be attached to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Spot {
    /// Its account.
    pub account: Identity,
    /// Its campaign.
    pub campaign: CampaignId,
    /// Its ad group; `None` for the campaign itself.
    pub ad_group: Option<AdGroupId>,
}

impl Spot {
    /// The spot that a place names; `None` for an account.
    pub fn of(place: &Place) -> Option<Self> {
        let campaign = place.campaign.clone()?;
        Some(Self { account: place.account.clone(), campaign, ad_group: place.ad_group.clone() })
    }

    /// The campaign of it.
    #[must_use]
    pub fn to_campaign(&self) -> Self {
        Self { ad_group: None, ..self.clone() }
    }

    /// Where it is in a snapshot; `None` when it is gone.
    pub fn find(&self, catalog: &Catalog) -> Option<(AccountIx, CampaignIx, Option<AdGroupIx>)> {
        let account = catalog.find_account(&self.account)?;
        let campaign = catalog.find_campaign(account, &self.campaign)?;
        let group = match &self.ad_group {
            Some(id) => Some(catalog.find_ad_group(campaign, id)?),
            None => None,
        };
        Some((account, campaign, group))
    }

    /// The negatives that are its own.
    fn own(&self, catalog: &Catalog) -> Option<Scope> {
        let (_, campaign, group) = self.find(catalog)?;
        Some(group.map_or(Scope::CampaignLevel(campaign), Scope::AdGroup))
    }

    /// Its trail in one line.
    pub fn named(&self, data: &Data) -> String {
        let scope = data.catalog().and_then(|catalog| {
            let (_, campaign, group) = self.find(catalog)?;
            Some(group.map_or(Scope::Campaign(campaign), Scope::AdGroup))
        });
        scope.map_or_else(|| "gone since the last refresh".to_owned(), |scope| named(data, scope).1)
    }
}

/// One of the choices for where to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What it is called.
    pub label: String,
    /// What it names.
    pub spots: Vec<Spot>,
}

fn distinct(spots: impl IntoIterator<Item = Spot>) -> Vec<Spot> {
    let mut seen = FxHashSet::default();
    spots.into_iter().filter(|spot| seen.insert(spot.clone())).collect()
}

fn has_campaign_level(data: &Data, account: &Identity) -> bool {
    data.account(account).is_some_and(|a| a.capabilities.has_level(Level::Campaign))
}

/// The choices for the place in focus.
pub fn of_place(data: &Data, place: &Place) -> Vec<Choice> {
    let Some(spot) = Spot::of(place) else { return Vec::new() };
    let whole = spot.to_campaign();
    let groups = groups_of(data, &whole);
    let at_campaign = has_campaign_level(data, &spot.account);
    let mut choices = vec![Choice { label: spot.named(data), spots: vec![spot.clone()] }];
    let counted = counted(groups.len(), "ad group");
    if spot.ad_group.is_some() {
        let label = if at_campaign { "its campaign".to_owned() } else { format!("its campaign's {counted}") };
        choices.push(Choice { label, spots: vec![whole] });
    } else if at_campaign && !groups.is_empty() {
        let label =
            if groups.len() == 1 { "its one ad group".to_owned() } else { format!("each of its {counted}") };
        choices.push(Choice { label, spots: groups });
    }
    choices
}

/// The choices for rows: each at its own place, or at its campaign.
pub fn of_rows(data: &Data, own: Vec<Spot>) -> Vec<Choice> {
    let own = distinct(own);
    let campaigns = distinct(own.iter().map(Spot::to_campaign));
    if let [one] = own.as_slice() {
        let place = Place {
            account: one.account.clone(),
            campaign: Some(one.campaign.clone()),
            ad_group: one.ad_group.clone(),
        };
        return of_place(data, &place);
    }
    let groups = own.iter().filter(|spot| spot.ad_group.is_some()).count();
    let label = if groups == own.len() {
        format!("each at its own ad group ({})", count(groups))
    } else {
        format!("each where it is now ({})", counted(own.len(), "place"))
    };
    let campaign = match campaigns.len() {
        1 => "its campaign".to_owned(),
        n => format!("their {}", counted(n, "campaign")),
    };
    vec![Choice { label, spots: own }, Choice { label: campaign, spots: campaigns }]
}

/// A campaign's ad groups but the archived ones.
fn groups_of(data: &Data, campaign: &Spot) -> Vec<Spot> {
    let Some(catalog) = data.catalog() else { return Vec::new() };
    let Some((_, ix, _)) = campaign.find(catalog) else { return Vec::new() };
    catalog
        .ad_groups_of(ix)
        .filter(|group| group.state() != ParentState::Archived)
        .map(|group| Spot { ad_group: Some(group.id()), ..campaign.clone() })
        .collect()
}

/// What some spots come to for a kind: a campaign whose platform has no such negatives at campaign level is all
/// its ad groups.
pub fn expand(data: &Data, spots: &[Spot], kind: Kind) -> Vec<Spot> {
    let lacks = |spot: &Spot| {
        let capabilities = data.account(&spot.account).map(|a| a.capabilities);
        spot.ad_group.is_none() && capabilities.is_some_and(|c| c.kind(kind, Level::Campaign).is_none())
    };
    distinct(spots.iter().flat_map(|spot| if lacks(spot) { groups_of(data, spot) } else { vec![spot.clone()] }))
}

/// What platforms the spots are on.
pub fn platforms(data: &Data, spots: &[Spot]) -> Vec<&'static Capabilities> {
    let mut accounts: Vec<&Identity> = Vec::new();
    let mut found: Vec<&'static Capabilities> = Vec::new();
    for spot in spots {
        if accounts.contains(&&spot.account) {
            continue;
        }
        accounts.push(&spot.account);
        if let Some(account) = data.account(&spot.account)
            && !found.iter().any(|other| other.title == account.capabilities.title)
        {
            found.push(account.capabilities);
        }
    }
    found
}

/// How far it reaches, for the line below the choices: what is chosen, and what that comes to.
pub fn reach(data: &Data, chosen: &[Spot], targets: &[Spot]) -> String {
    let Some(catalog) = data.catalog() else { return "The snapshot is still loading".to_owned() };
    if chosen.is_empty() {
        return "Nowhere yet: choose \"pick scopes\" and press enter".to_owned();
    }
    let campaigns = targets.iter().filter(|spot| spot.ad_group.is_none()).count();
    let groups = targets.len() - campaigns;
    let spread = chosen.iter().filter(|spot| spot.ad_group.is_none()).count() > campaigns;
    let mut said = match (campaigns, groups) {
        (0, 0) => "no ad group to attach it to".to_owned(),
        (1, 0) => {
            let groups = targets[0].find(catalog).map_or(0, |(_, ix, _)| catalog.campaign(ix).ad_group_count());
            format!("campaign level: reaches {}", all(groups))
        }
        (n, 0) => format!("{}, each at campaign level", counted(n, "campaign")),
        (0, 1) => targets[0].named(data),
        (0, n) => format!("{}, each on its own", counted(n, "ad group")),
        (n, m) => format!("{} and {}", counted(n, "campaign"), counted(m, "ad group")),
    };
    if spread {
        let lacking: Vec<&str> = platforms(data, chosen).iter().map(|c| c.title).collect();
        let said_all = if groups == 1 { all(1) } else { format!("all {said}") };
        said = format!("{said_all}: {} has no campaign level", lacking.join(", "));
    }
    said
}

fn all(groups: usize) -> String {
    match groups {
        1 => "its one ad group".to_owned(),
        n => format!("all its {}", counted(n, "ad group")),
    }
}

/// How much the targets hold, against what they can.
pub fn holds(data: &Data, targets: &[Spot]) -> String {
    let Some(catalog) = data.catalog() else { return String::new() };
    let held = |spot: &Spot| meter::of(data, &spot.account, spot.own(catalog)?);
    let fullest = targets.iter().take(MOST_COUNTED).filter_map(held).max_by_key(|meter| meter.after);
    let Some(fullest) = fullest else { return String::new() };
    match targets.len() {
        1 => meter::words(fullest),
        many => format!("fullest of {}: {}", count(many), meter::words(fullest)),
    }
}

/// The most places that are counted for one line of words.
const MOST_COUNTED: usize = 1_000;
