//! `bulkCreateNegativeKeyword` and `bulkUpdateNegativeKeyword`: 200 when all went well, else 207 with a status per item.
//! What is wrong with the call as a whole refuses it whole, and nothing is done.

use std::collections::{HashMap, HashSet};

use axum::Json;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::super::call::Call;
use super::super::gateway::Refused;
use super::super::model::fold;
use super::super::pipeline::Items;
use super::super::platform::Platform;
use super::super::realm::Realm;
use super::auth::{Scopes, allow};
use super::error::Fault;
use super::rules::{self, New};
use super::{Inbound, campaigns, wire, write};

/// The most items of a call. eBay tells its figure in 36337 only.
const MOST: usize = 500;

#[derive(Debug, Deserialize)]
#[serde(bound = "T: serde::Deserialize<'de>")]
struct Bulk<T> {
    #[serde(default)]
    requests: Option<Vec<T>>,
}

impl<T> Bulk<T> {
    /// The items, if their number is fine.
    fn open(self) -> Result<Vec<T>, Fault> {
        let items = self.requests.unwrap_or_default();
        match items.len() {
            0 => Err(Fault::new(35033)),
            count if count > MOST => {
                Err(Fault::new(36337).with("maxSupportedNegativeKeywordRequestNumberInBulk", &MOST))
            }
            _ => Ok(items),
        }
    }
}

/// What came of an item, the status of a good one, and what identifies it.
type Outcome = (Result<(), Fault>, StatusCode, Map<String, Value>);

/// Results in the shape of both calls.
fn answer(call: &Call, mut results: Vec<Outcome>) -> Response {
    call.reorder(&mut results);
    let count = results.len();
    let all_well = results.iter().all(|(result, ..)| result.is_ok());
    let responses: Vec<Value> = results
        .into_iter()
        .map(|(result, good, mut item)| {
            let status = result.as_ref().map_or_else(Fault::status, |()| good);
            item.insert("statusCode".into(), status.as_u16().into());
            if let Err(error) = result {
                item.insert("errors".into(), json!([error.json()]));
            }
            Value::Object(item)
        })
        .collect();
    let status = if all_well { StatusCode::OK } else { StatusCode::MULTI_STATUS };
    let mut response = (status, Json(json!({"responses": responses}))).into_response();
    response.extensions_mut().insert(Items(count));
    response
}

/// `POST /bulk_create_negative_keyword`.
pub async fn create(inbound: Inbound, bytes: Bytes) -> Result<Response, Refused> {
    allow(&inbound, Scopes::MARKETING)?;
    let items = write::body::<Bulk<New>>(&inbound, &bytes)?.open()?;
    let mut realm = inbound.app.realm_mut(Platform::Ebay);
    check_whole(&realm, &inbound.call, &items)?;
    let mut results = Vec::with_capacity(items.len());
    for (index, new) in items.iter().enumerate() {
        let made = write::make(&mut realm, &inbound.call, index, new);
        let mut item = Map::new();
        for (key, value) in [
            ("adGroupId", &new.ad_group_id),
            ("campaignId", &new.campaign_id),
            ("negativeKeywordText", &new.negative_keyword_text),
        ] {
            if let Some(value) = value {
                item.insert(key.into(), value.as_str().into());
            }
        }
        // A word that is none of the enum's is not repeated.
        if let Some(matching) = new.matching() {
            item.insert("negativeKeywordMatchType".into(), wire::match_word(matching).into());
        }
        if let Ok(id) = made {
            item.insert("negativeKeywordId".into(), id.to_string().into());
            item.insert("href".into(), inbound.marketing_url(&format!("/negative_keyword/{id}")).into());
        }
        results.push((made.map(drop), StatusCode::CREATED, item));
    }
    Ok(answer(&inbound.call, results))
}

/// What refuses a bulk create as a whole.
fn check_whole(realm: &Realm, call: &Call, items: &[New]) -> Result<(), Fault> {
    let smart = |new: &New| {
        let campaign = new.scope().and_then(|(campaign, _)| campaigns::find(realm, campaign).ok());
        campaign.is_some_and(wire::is_smart)
    };
    if items.iter().all(smart) {
        return Err(Fault::new(35129));
    }
    let mut seen = HashSet::new();
    let mut wanted: HashMap<u64, u32> = HashMap::new();
    for new in items {
        let Some((_, group)) = new.scope() else { continue };
        if let (Some(text), Some(matching)) = (new.text(), new.matching())
            && !seen.insert((group, fold(text), matching))
            && !call.accepts_duplicates()
        {
            return Err(Fault::new(36338));
        }
        if let Some(group) = group.parse().ok().and_then(|id| realm.ad_groups.get(id)) {
            *wanted.entry(group.id).or_default() += 1;
        }
    }
    // An ad group without any room is told item by item (36335).
    let short = wanted.iter().map(|(group, count)| (rules::room(realm, *group), *count));
    let short = short.filter(|(room, count)| (1..*count).contains(room)).map(|(room, _)| room).min();
    match short {
        Some(room) => Err(Fault::new(36339).with("maxSupportedNegativeKeywordRequestNumber", &room)),
        None => Ok(()),
    }
}

/// `UpdateNegativeKeywordIdRequest`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Update {
    #[serde(deserialize_with = "rules::id")]
    negative_keyword_id: Option<String>,
    negative_keyword_status: Option<String>,
}

impl Update {
    fn id(&self) -> Result<&str, Fault> {
        let id = self.negative_keyword_id.as_deref().map(str::trim).filter(|id| !id.is_empty());
        let id = id.ok_or_else(|| Fault::new(36348))?;
        if id.bytes().all(|byte| byte.is_ascii_digit()) { Ok(id) } else { Err(Fault::new(36349)) }
    }
}

/// `POST /bulk_update_negative_keyword`.
pub async fn update(inbound: Inbound, bytes: Bytes) -> Result<Response, Refused> {
    allow(&inbound, Scopes::MARKETING)?;
    let items = write::body::<Bulk<Update>>(&inbound, &bytes)?.open()?;
    let mut seen = HashSet::new();
    if !items.iter().filter_map(|item| item.id().ok()).all(|id| seen.insert(id)) {
        return Err(Fault::new(36341).into());
    }
    let mut realm = inbound.app.realm_mut(Platform::Ebay);
    let mut results = Vec::with_capacity(items.len());
    for (index, update) in items.iter().enumerate() {
        let status = update.negative_keyword_status.as_deref();
        let result = update.id().and_then(|id| write::change(&mut realm, &inbound.call, index, id, status));
        let mut item = Map::new();
        if let Some(id) = &update.negative_keyword_id {
            item.insert("negativeKeywordId".into(), id.as_str().into());
        }
        results.push((result, StatusCode::OK, item));
    }
    Ok(answer(&inbound.call, results))
}
