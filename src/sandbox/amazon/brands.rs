//! Brands that product negatives can name: search by name, and one's own as recommendations.
//! Operations `searchBrands` and `getNegativeBrands` of the Sponsored Products v3 spec. Errors say `details`, as the older resources' do.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::super::app::App;
use super::super::call::Call;
use super::super::model::{Brand, fold};
use super::super::pipeline::Items;
use super::super::platform::Platform;
use super::filter::object;
use super::{Answer, Refusal, auth, media};

const REQUEST: &str = "application/vnd.spproducttargeting.v3+json";
const RESPONSE: &str = "application/vnd.spproducttargetingresponse.v3+json";
/// The most brands of an answer.
const MOST: usize = 100;

/// `POST /sp/negativeTargets/brands/search`.
pub async fn search(
    State(app): State<App>,
    Extension(call): Extension<Call>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let keyword = open(&app, &call, &headers)
        .and_then(|()| media::consumes(&headers, &body, REQUEST))
        .and_then(|()| keyword(&body))
        .map_err(Refusal::older)?;
    let realm = app.realm(Platform::Amazon);
    Ok(answer(realm.brands.iter().filter(|brand| fold(&brand.name).contains(&keyword))))
}

/// `GET /sp/negativeTargets/brands/recommendations`: the advertiser's own brands.
pub async fn recommendations(
    State(app): State<App>,
    Extension(call): Extension<Call>,
    headers: HeaderMap,
) -> Answer {
    open(&app, &call, &headers).map_err(Refusal::older)?;
    let realm = app.realm(Platform::Amazon);
    let own = |brand: &&Brand| super::super::world::OWN_BRANDS.contains(&brand.name.as_str());
    Ok(answer(realm.brands.iter().filter(own)))
}

/// Clients send either type in `Accept`; the spec's is that of the answer.
fn open(app: &App, call: &Call, headers: &HeaderMap) -> Result<(), Refusal> {
    auth::profile(app, call, headers)?;
    media::accepts(headers, &[RESPONSE, REQUEST])
}

fn keyword(body: &[u8]) -> Result<String, Refusal> {
    match object(body)?.get("keyword") {
        Some(Value::String(keyword)) if !keyword.trim().is_empty() => Ok(fold(keyword)),
        _ => Err(Refusal::invalid("keyword is required")),
    }
}

fn answer<'a>(brands: impl Iterator<Item = &'a Brand>) -> Response {
    let found: Vec<Value> =
        brands.take(MOST).map(|brand| json!({"id": brand.id, "name": brand.name})).collect();
    let items = Items(found.len());
    let mut response = Json(found).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(RESPONSE));
    response.extensions_mut().insert(items);
    response
}
