//! The emulated eBay: its token endpoint, what Sell Marketing v1 has for negative keywords and search queries, and the advertising eligibility of Sell Account v1.
//! It shares no code with the client; its facts are eBay's official `OpenAPI` files.
//! `error.rs` is the catalogue of errors, `campaigns.rs`, `ad_groups.rs` and `negatives.rs` read, `write.rs` and `bulk.rs` write,
//! `reports.rs` makes search query reports.

mod ad_groups;
mod auth;
mod bulk;
mod campaigns;
mod eligibility;
mod error;
mod negatives;
mod query;
mod reports;
mod reports_error;
mod reports_metadata;
mod reports_request;
mod rules;
mod wire;
mod write;

use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::app::App;
use super::call::Call;
use super::gateway::{Refused, refusal};
use super::platform::Platform;
use error::Fault;

/// Base path of Sell Marketing.
const MARKETING: &str = "/sell/marketing/v1";

/// What a handler that reads gives.
type Answer = Result<Response, Fault>;

/// eBay's routes.
pub fn routes() -> Router<App> {
    let marketing = |path: &str| format!("{MARKETING}{path}");
    Router::new()
        .route("/identity/v1/oauth2/token", post(auth::token))
        .route("/sell/account/v1/advertising_eligibility", get(eligibility::of))
        .route(&marketing("/ad_campaign"), get(campaigns::all))
        .route(&marketing("/ad_campaign/{campaign}"), get(campaigns::one))
        .route(&marketing("/ad_campaign/{campaign}/ad_group"), get(ad_groups::all))
        .route(&marketing("/ad_campaign/{campaign}/ad_group/{ad_group}"), get(ad_groups::one))
        .route(&marketing("/ad_campaign/{campaign}/keyword"), get(ad_groups::keywords))
        .route(&marketing("/negative_keyword"), get(negatives::all).post(write::create))
        .route(&marketing("/negative_keyword/{negative}"), get(negatives::one).put(write::update))
        .route(&marketing("/ad_report_metadata"), get(reports_metadata::all))
        .route(&marketing("/ad_report_metadata/{report_type}"), get(reports_metadata::one))
        .route(&marketing("/ad_report_task"), get(reports::all).post(reports::create))
        .route(&marketing("/ad_report_task/{task}"), get(reports::one).delete(reports::delete))
        .route(&marketing("/ad_report/{report}"), get(reports::download))
        .route(&marketing("/bulk_create_negative_keyword"), post(bulk::create))
        .route(&marketing("/bulk_update_negative_keyword"), post(bulk::update))
        .method_not_allowed_fallback(async || {
            refusal(Platform::Ebay, StatusCode::METHOD_NOT_ALLOWED, "Method not allowed")
        })
        .fallback(async || refusal(Platform::Ebay, StatusCode::NOT_FOUND, "Resource not found"))
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        fault.into_response().into()
    }
}

/// A call with all that handlers ask of it but its body.
struct Inbound {
    app: App,
    call: Call,
    headers: HeaderMap,
    uri: Uri,
}

impl FromRequestParts<App> for Inbound {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        // The way of every call puts it there, see `pipeline.rs`.
        let Some(call) = parts.extensions.get::<Call>().cloned() else {
            return Err(refusal(Platform::Ebay, StatusCode::INTERNAL_SERVER_ERROR, "No call").into());
        };
        Ok(Self { app: app.clone(), call, headers: parts.headers.clone(), uri: parts.uri.clone() })
    }
}

impl Inbound {
    /// Origin under which the client reached this listener.
    fn origin(&self) -> String {
        let host = self.headers.get("host").and_then(|host| host.to_str().ok());
        format!("http://{}", host.unwrap_or("api.ebay.com"))
    }

    /// Whole URL of a path below Sell Marketing.
    fn marketing_url(&self, path: &str) -> String {
        format!("{}{MARKETING}{path}", self.origin())
    }
}
