//! The emulated Sam's Club ads API: signed requests, JSON arrays, integer ids, negatives at ad groups that can be switched off but not deleted.
//! It shares no code with the client; its facts are the public pages of developer.samsclub.com.
//! `auth.rs` judges who calls, `lists.rs` reads, `negatives.rs` writes, `reports.rs` makes search-term reports, `wire.rs` has the JSON.

mod auth;
mod lists;
mod negatives;
mod reports;
mod wire;

#[cfg(test)]
mod tests;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Serialize;

use super::app::App;
use super::gateway::refusal;
use super::pipeline::Items;
use super::platform::Platform;

/// Sam's routes, standing where the service base stands.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/campaigns", get(lists::campaigns))
        .route("/api/v1/adGroups", get(lists::ad_groups))
        .route("/api/v1/keywords", get(lists::keywords))
        .route("/api/v1/keyword_suggestions", get(lists::suggestions))
        .route("/api/v1/api_usage_analyze", get(lists::usage))
        .route("/api/v1/latestReportDate", get(lists::latest_report_date))
        .route("/api/v2/snapshot/report", post(reports::create))
        .route("/api/v2/snapshot", get(reports::look))
        .route("/file/{name}", get(reports::file))
        .route("/storage/{name}", get(reports::storage))
        .route(
            "/api/v1/negative_keywords",
            get(lists::negatives).post(negatives::create).put(negatives::update),
        )
        .fallback(async || {
            refusal(Platform::Sams, StatusCode::NOT_FOUND, "The requested resource was not found")
        })
        .method_not_allowed_fallback(async || {
            refusal(
                Platform::Sams,
                StatusCode::METHOD_NOT_ALLOWED,
                "The method is not allowed for the requested resource",
            )
        })
}

/// 200 with a JSON array, and the number of items for the log.
fn reply<T: Serialize + ?Sized>(items: usize, body: &T) -> Response {
    let mut response = (StatusCode::OK, Json(body)).into_response();
    response.extensions_mut().insert(Items(items));
    response
}
