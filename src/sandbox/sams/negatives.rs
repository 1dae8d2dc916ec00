//! Adding negatives and switching them on and off: at most 50 items a call, judged one by one.
//! The platform publishes no text of a failed item; those here are made up, and nobody should match on them.

use std::collections::HashMap;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::de::DeserializeOwned;

use super::super::app::App;
use super::super::call::Call;
use super::super::gateway::{Refused, refusal};
use super::super::model::{Match, NegativeKind, Pool};
use super::super::platform::Platform;
use super::super::realm::{NewNegative, Realm};
use super::auth::Signed;
use super::reply;
use super::wire::{ItemResult, NEGATIVE_EXACT, NegativeCreate, NegativeUpdate};

/// "Maximum 50 negative keywords can be added for each request" (developer.samsclub.com, "Negative Keywords"; batches of updates alike, "Ad Groups").
const BATCH: usize = 50;
/// "total number of negative keywords can be added is 1000" (same page); read as per ad group, as the page "Ad Groups" has it for positives.
const PER_AD_GROUP: usize = 1_000;
/// "Limit on keyword character length is 80" (same page).
const LENGTH: usize = 80;

/// The items of a batch; what is no array, empty or too long is refused as a whole.
fn batch<T: DeserializeOwned>(body: &Bytes) -> Result<Vec<T>, Refused> {
    let refuse = |message: &str| Refused::from(refusal(Platform::Sams, StatusCode::BAD_REQUEST, message));
    let items: Vec<T> = serde_json::from_slice(body).map_err(|error| {
        refuse(&format!("Invalid parameter. The request body is not a JSON array of items: {error}"))
    })?;
    match items.len() {
        0 => Err(refuse("Invalid parameter. The request body is empty")),
        1..=BATCH => Ok(items),
        _ => Err(refuse("Whole-request failure - batch size exceeds the maximum of 50.")),
    }
}

/// `POST /api/v1/negative_keywords`. The campaign of the body counts; one in the query is ignored.
pub async fn create(
    State(app): State<App>,
    _: Signed,
    Extension(call): Extension<Call>,
    body: Bytes,
) -> Result<Response, Refused> {
    let items: Vec<NegativeCreate> = batch(&body)?;
    let mut realm = app.realm_mut(Platform::Sams);
    let mut results: Vec<ItemResult> = items
        .into_iter()
        .enumerate()
        .map(|(index, item)| {
            let result = if call.rejects(index) {
                Err("The keyword could not be processed".to_owned())
            } else {
                new_negative(&realm, &item, &call).map(|new| realm.add_negative(new, &call))
            };
            ItemResult::created(item.keyword_text.map(|text| call.stored_text(&text).into_string()), result)
        })
        .collect();
    call.reorder(&mut results);
    Ok(reply(results.len(), &results))
}

fn new_negative(realm: &Realm, item: &NegativeCreate, call: &Call) -> Result<NewNegative, String> {
    let campaign_id = item.campaign_id.ok_or("campaignId is required")?;
    let group_id = item.ad_group_id.ok_or("adGroupId is required")?;
    let matching = item.negative_match_type.as_deref().ok_or("negativeMatchType is required")?;
    let state = known_state(item.state.as_deref())?;
    let text = call.stored_text(item.keyword_text.as_deref().ok_or("keywordText is required")?);

    let campaign = realm.campaigns.get(campaign_id).filter(|campaign| campaign.state != "deleted");
    let campaign = campaign.ok_or_else(|| format!("Campaign {campaign_id} does not exist"))?;
    let group = realm
        .ad_groups
        .get(group_id)
        .filter(|group| group.campaign_id == campaign.id && group.state != "deleted");
    let group = group.ok_or_else(|| format!("Ad group {group_id} does not exist in campaign {campaign_id}"))?;
    if matching != NEGATIVE_EXACT {
        return Err("negativeMatchType must be negativeExact".to_owned());
    }
    if text.trim().is_empty() {
        return Err("keywordText must not be empty".to_owned());
    }
    if text.chars().count() > LENGTH {
        return Err(format!("keywordText exceeds the maximum length of {LENGTH} characters"));
    }
    let new = NewNegative {
        campaign_id,
        ad_group_id: Some(group_id),
        kind: NegativeKind::Keyword,
        matching: Some(Match::Exact),
        text,
        state: state.into(),
    };
    // A disabled twin counts: the platform has no delete, and adding again is refused.
    if !call.accepts_duplicates() && realm.twin(&new).is_some() {
        return Err("Negative keyword already exists in the ad group".to_owned());
    }
    if group.negatives[Pool::GroupKeyword.shelf()].unarchived as usize >= PER_AD_GROUP {
        return Err(format!("The ad group has reached the limit of {PER_AD_GROUP} negative keywords"));
    }
    Ok(new)
}

fn known_state(state: Option<&str>) -> Result<&str, String> {
    match state {
        Some(state @ ("enabled" | "disabled")) => Ok(state),
        Some(_) => Err("state must be enabled or disabled".to_owned()),
        None => Err("state is required".to_owned()),
    }
}

/// `PUT /api/v1/negative_keywords`: only the state changes; an advertiser or campaign in the query narrows what may be changed.
pub async fn update(
    State(app): State<App>,
    _: Signed,
    Extension(call): Extension<Call>,
    params: Query<HashMap<String, String>>,
    body: Bytes,
) -> Result<Response, Refused> {
    let items: Vec<NegativeUpdate> = batch(&body)?;
    let mut realm = app.realm_mut(Platform::Sams);
    let mut results: Vec<ItemResult> = items
        .iter()
        .enumerate()
        .map(|(index, item)| {
            let result = if call.rejects(index) {
                Err("The keyword could not be processed".to_owned())
            } else {
                set_state(&mut realm, item, &params, &call)
            };
            ItemResult::updated(item.keyword_id, result)
        })
        .collect();
    call.reorder(&mut results);
    Ok(reply(results.len(), &results))
}

fn set_state(
    realm: &mut Realm,
    item: &NegativeUpdate,
    within: &HashMap<String, String>,
    call: &Call,
) -> Result<(), String> {
    let id = item.keyword_id.ok_or("keywordId is required")?;
    let state = known_state(item.state.as_deref())?;
    let found = realm.negatives(Pool::GroupKeyword).get(id).filter(|negative| {
        let campaign =
            within.get("campaignId").is_none_or(|wanted| *wanted == negative.campaign_id.to_string());
        let account = realm.account_of(negative.campaign_id).map(|account| &realm.accounts[account].key);
        campaign && within.get("advertiserId").is_none_or(|wanted| Some(wanted) == account)
    });
    if found.is_none() {
        return Err(format!("Negative keyword {id} does not exist"));
    }
    realm.set_state(Pool::GroupKeyword, id, state, call);
    Ok(())
}
