//! `createNegativeKeyword` and `updateNegativeKeyword`, and what single and bulk calls share: reading a body, making one, changing one.
//! Only the status of a negative can change, and archived is final.

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::super::call::Call;
use super::super::gateway::{Refused, refusal};
use super::super::model::Pool;
use super::super::pipeline::Items;
use super::super::platform::Platform;
use super::super::realm::Realm;
use super::auth::{Scopes, allow};
use super::error::Fault;
use super::rules::New;
use super::{Inbound, negatives};

/// Reads a JSON body; only `application/json` is taken, with whatever parameters.
///
/// # Errors
/// 415, or 400 with 2004.
pub fn body<T: DeserializeOwned>(inbound: &Inbound, bytes: &Bytes) -> Result<T, Refused> {
    let kind =
        inbound.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        let text = format!("Content-Type {kind:?} is not supported, use application/json");
        return Err(refusal(Platform::Ebay, StatusCode::UNSUPPORTED_MEDIA_TYPE, &text).into());
    }
    serde_json::from_slice(bytes).map_err(|error| Fault::new(2004).with("reason", &error).into())
}

/// Fault `reject_items`: a refusal that any of the operations may give and that is certain.
pub fn rejected() -> Fault {
    Fault::new(35089)
}

/// `POST /negative_keyword`: 201 with an empty body; where it is, is in `Location`.
pub async fn create(inbound: Inbound, bytes: Bytes) -> Result<Response, Refused> {
    allow(&inbound, Scopes::MARKETING)?;
    let new: New = body(&inbound, &bytes)?;
    let mut realm = inbound.app.realm_mut(Platform::Ebay);
    let id = make(&mut realm, &inbound.call, 0, &new)?;
    let mut response = StatusCode::CREATED.into_response();
    // Host and id are text that headers take.
    if let Ok(location) = HeaderValue::from_str(&inbound.marketing_url(&format!("/negative_keyword/{id}"))) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response.extensions_mut().insert(Items(1));
    Ok(response)
}

/// Makes one negative; `index` is its place in a batch.
///
/// # Errors
/// Why not.
pub fn make(realm: &mut Realm, call: &Call, index: usize, new: &New) -> Result<u64, Fault> {
    if call.rejects(index) {
        return Err(rejected());
    }
    let checked = new.check(realm, call)?;
    Ok(realm.add_negative(checked, call))
}

/// `UpdateNegativeKeywordRequest`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Update {
    negative_keyword_status: Option<String>,
}

/// `PUT /negative_keyword/{negative_keyword_id}`: 204.
pub async fn update(inbound: Inbound, Path(id): Path<String>, bytes: Bytes) -> Result<Response, Refused> {
    allow(&inbound, Scopes::MARKETING)?;
    let update: Update = body(&inbound, &bytes)?;
    let mut realm = inbound.app.realm_mut(Platform::Ebay);
    let status = update.negative_keyword_status.as_deref();
    change(&mut realm, &inbound.call, 0, &id, status)?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.extensions_mut().insert(Items(1));
    Ok(response)
}

/// Changes the status of one negative; `index` is its place in a batch. Setting an active one active changes nothing.
///
/// # Errors
/// Why not.
pub fn change(
    realm: &mut Realm,
    call: &Call,
    index: usize,
    id: &str,
    status: Option<&str>,
) -> Result<(), Fault> {
    if call.rejects(index) {
        return Err(rejected());
    }
    let status =
        status.filter(|status| negatives::STATUSES.contains(status)).ok_or_else(|| Fault::new(36342))?;
    let negative = negatives::find(realm, id)?;
    if negative.is_archived() {
        return Err(Fault::new(36343).with("negativeKeywordId", id));
    }
    let native = negative.id;
    if negative.state != status {
        realm.set_state(Pool::GroupKeyword, native, status, call);
    }
    Ok(())
}
