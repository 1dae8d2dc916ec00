//! What is in a campaign: `getAdGroups`, `getAdGroup`, `getKeywords`. Smart campaigns refuse all three.
//! Negatives are no part of a campaign's path; they are in `negatives.rs`.

use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse;

use super::super::model::Campaign;
use super::super::platform::Platform;
use super::super::realm::Realm;
use super::auth::{Scopes, allow};
use super::error::Fault;
use super::query::Query;
use super::{Answer, Inbound, campaigns, wire};

/// A campaign that has ad groups of the seller's own, and its currency.
fn open<'a>(realm: &'a Realm, id: &str) -> Result<(&'a Campaign, &'static str), Fault> {
    let campaign = campaigns::find(realm, id)?;
    if wire::is_smart(campaign) {
        return Err(Fault::new(35129));
    }
    Ok((campaign, realm.accounts[campaign.account].currency))
}

/// `GET /ad_campaign/{campaign_id}/ad_group`.
pub async fn all(inbound: Inbound, Path(campaign): Path<String>) -> Answer {
    allow(&inbound, Scopes::MARKETING_READ)?;
    let query = Query::of(&inbound);
    let window = query.window()?;
    let realm = inbound.app.realm(Platform::Ebay);
    let (campaign, currency) = open(&realm, &campaign)?;
    let states = query.list("ad_group_status");
    let rows = campaign.ad_groups.iter().filter_map(|id| realm.ad_groups.get(*id));
    let rows = rows.filter(|group| states.as_ref().is_none_or(|states| states.contains(&group.state.as_str())));
    Ok(window.page(&inbound, "adGroups", rows, |group| wire::ad_group(group, currency)))
}

/// `GET /ad_campaign/{campaign_id}/ad_group/{ad_group_id}`.
pub async fn one(inbound: Inbound, Path((campaign, group)): Path<(String, String)>) -> Answer {
    allow(&inbound, Scopes::MARKETING_READ)?;
    let realm = inbound.app.realm(Platform::Ebay);
    let (campaign, currency) = open(&realm, &campaign)?;
    if !wire::is_per_click(campaign) {
        return Err(Fault::new(36213));
    }
    let found = group.trim().parse().ok().and_then(|id| realm.ad_groups.get(id));
    match found.filter(|group| group.campaign_id == campaign.id) {
        Some(group) => Ok(Json(wire::ad_group(group, currency)).into_response()),
        None => Err(Fault::new(36210).with("ad_group_id", &group)),
    }
}

/// `GET /ad_campaign/{campaign_id}/keyword`, in the order of ad groups.
pub async fn keywords(inbound: Inbound, Path(campaign): Path<String>) -> Answer {
    allow(&inbound, Scopes::MARKETING_READ)?;
    let query = Query::of(&inbound);
    let window = query.window()?;
    let groups = query.ids("ad_group_ids");
    let given = query.list("ad_group_ids").map_or(0, |ids| ids.len());
    if groups.as_ref().is_some_and(|groups| groups.len() < given) {
        return Err(Fault::new(36314).with("adGroupIdsDelimiter", ","));
    }
    let realm = inbound.app.realm(Platform::Ebay);
    let (campaign, currency) = open(&realm, &campaign)?;
    let states = query.list("keyword_status");
    let rows = campaign
        .ad_groups
        .iter()
        .filter(|id| groups.as_ref().is_none_or(|groups| groups.contains(id)))
        .filter_map(|id| realm.ad_groups.get(*id))
        .flat_map(|group| group.keywords.iter().filter_map(|id| realm.keywords.get(*id)))
        .filter(|keyword| states.as_ref().is_none_or(|states| states.contains(&keyword.state.as_str())));
    Ok(window.page(&inbound, "keywords", rows, |keyword| wire::keyword(keyword, currency)))
}
