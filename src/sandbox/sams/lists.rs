//! The reading calls of the emulated Sam's. No paging: the platform documents none.
//! Writes are in `negatives.rs`.

use std::collections::HashMap;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use super::super::app::App;
use super::super::gateway::{Refused, refusal};
use super::super::model::{Campaign, Pool};
use super::super::platform::Platform;
use super::super::realm::{Realm, Scope};
use super::auth::Signed;
use super::reply;
use super::wire::{AdGroupItem, CampaignItem, KeywordItem, NegativeItem};

/// The query of a call, names and values decoded.
pub type Params = Query<HashMap<String, String>>;

/// A parameter that is wrong: 400.
pub fn bad(message: &str) -> Refused {
    refusal(Platform::Sams, StatusCode::BAD_REQUEST, message).into()
}

/// Something that is not there: 404.
pub fn missing(what: &str, id: u64) -> Refused {
    refusal(Platform::Sams, StatusCode::NOT_FOUND, &format!("{what} {id} not found")).into()
}

/// An integer of the query.
fn number(params: &Params, name: &str) -> Result<Option<u64>, Refused> {
    match params.get(name).map(|value| value.trim()) {
        None | Some("") => Ok(None),
        Some(value) => {
            value.parse().map(Some).map_err(|_| bad(&format!("Invalid parameter. {name} is an integer")))
        }
    }
}

fn required(params: &Params, name: &str) -> Result<u64, Refused> {
    number(params, name)?.ok_or_else(|| bad(&format!("Invalid parameter. {name} is required")))
}

/// The account of the advertiser that the query names.
pub fn advertiser(realm: &Realm, params: &Params) -> Result<(usize, u64), Refused> {
    let id = required(params, "advertiserId")?;
    let account = realm.account(&id.to_string()).ok_or_else(|| missing("advertiserId", id))?;
    Ok((account, id))
}

/// A campaign that is not deleted.
fn campaign(realm: &Realm, account: Option<usize>, id: u64) -> Result<&Campaign, Refused> {
    let found = realm.campaigns.get(id);
    let found = found.filter(|campaign| account.is_none_or(|account| campaign.account == account));
    found.filter(|campaign| campaign.state != "deleted").ok_or_else(|| missing("campaignId", id))
}

/// `GET /api/v1/campaigns`: "Deleted campaigns will not be included."
pub async fn campaigns(State(app): State<App>, _: Signed, params: Params) -> Result<Response, Refused> {
    let realm = app.realm(Platform::Sams);
    let (account, advertiser_id) = advertiser(&realm, &params)?;
    let only = number(&params, "campaignId")?;
    if let Some(id) = only {
        campaign(&realm, Some(account), id)?;
    }
    let name = params.get("filter[name]");
    let items: Vec<_> = realm.accounts[account]
        .campaigns
        .iter()
        .filter_map(|&id| realm.campaigns.get(id))
        .filter(|campaign| campaign.state != "deleted" && only.is_none_or(|only| only == campaign.id))
        .filter(|campaign| name.is_none_or(|name| campaign.name == *name))
        .map(|campaign| CampaignItem::new(campaign, advertiser_id))
        .collect();
    Ok(reply(items.len(), &items))
}

/// `GET /api/v1/adGroups`.
pub async fn ad_groups(State(app): State<App>, _: Signed, params: Params) -> Result<Response, Refused> {
    let realm = app.realm(Platform::Sams);
    let (account, _) = advertiser(&realm, &params)?;
    let campaigns = match number(&params, "campaignId")? {
        Some(id) => vec![campaign(&realm, Some(account), id)?],
        None => realm.accounts[account]
            .campaigns
            .iter()
            .filter_map(|&id| realm.campaigns.get(id))
            .filter(|campaign| campaign.state != "deleted")
            .collect(),
    };
    let items: Vec<AdGroupItem<'_>> = campaigns
        .into_iter()
        .flat_map(|campaign| campaign.ad_groups.iter())
        .filter_map(|&id| realm.ad_groups.get(id))
        .map(AdGroupItem::from)
        .collect();
    Ok(reply(items.len(), &items))
}

/// `GET /api/v1/keywords`: by campaign only.
pub async fn keywords(State(app): State<App>, _: Signed, params: Params) -> Result<Response, Refused> {
    let realm = app.realm(Platform::Sams);
    let campaign = campaign(&realm, None, required(&params, "campaignId")?)?;
    let items: Vec<KeywordItem<'_>> = campaign
        .ad_groups
        .iter()
        .filter_map(|&id| realm.ad_groups.get(id))
        .flat_map(|group| group.keywords.iter())
        .filter_map(|&id| realm.keywords.get(id))
        .map(KeywordItem::from)
        .collect();
    Ok(reply(items.len(), &items))
}

/// `GET /api/v1/negative_keywords`: advertiser and campaign are required; disabled ones are listed too.
pub async fn negatives(State(app): State<App>, _: Signed, params: Params) -> Result<Response, Refused> {
    app.realm_mut(Platform::Sams).begin_list();
    let realm = app.realm(Platform::Sams);
    let (account, _) = advertiser(&realm, &params)?;
    let campaign = campaign(&realm, Some(account), required(&params, "campaignId")?)?;
    let ids = realm.negative_ids(Pool::GroupKeyword, Scope::Campaigns(&[campaign.id]));
    let items: Vec<NegativeItem<'_>> = ids
        .iter()
        .filter_map(|&id| realm.negatives(Pool::GroupKeyword).get(id))
        .filter_map(|negative| Some(NegativeItem::new(negative, realm.listed_state(negative)?)))
        .collect();
    Ok(reply(items.len(), &items))
}

/// `GET /api/v1/keyword_suggestions`: for an ad group; the score ranks from 1, the highest is the best.
pub async fn suggestions(State(app): State<App>, _: Signed, params: Params) -> Result<Response, Refused> {
    let realm = app.realm(Platform::Sams);
    let id = required(&params, "adGroupId")?;
    let group = realm.ad_groups.get(id).ok_or_else(|| missing("adGroupId", id))?;
    let keywords: Vec<_> = group.keywords.iter().filter_map(|&id| realm.keywords.get(id)).take(10).collect();
    let items: Vec<_> = keywords
        .iter()
        .enumerate()
        .map(|(place, keyword)| {
            let bid = f64::from(keyword.bid_cents) / 100.0;
            json!({"query": format!("{} bulk", keyword.text), "score": keywords.len() - place, "suggestedBid": bid})
        })
        .collect();
    Ok(reply(items.len(), &items))
}

/// `GET /api/v1/api_usage_analyze`: operations of the last hour; here all since the start, a sandbox is seldom older.
pub async fn usage(State(app): State<App>, _: Signed) -> Response {
    let operations: usize = app
        .log()
        .entries()
        .filter(|entry| entry.platform == Platform::Sams)
        .map(|entry| if entry.method == "GET" { 1 } else { entry.items.unwrap_or(1) })
        .sum();
    reply(1, &[json!({"count": operations.to_string()})])
}

/// `GET /api/v1/latestReportDate`: yesterday.
pub async fn latest_report_date(State(app): State<App>, _: Signed) -> Response {
    let today = app.options().today;
    let date = today.yesterday().unwrap_or(today);
    reply(1, &[json!({"latestReportDate": date.to_string()})])
}
