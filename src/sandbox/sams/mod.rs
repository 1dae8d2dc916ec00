//! The emulated Sam's Club ads API: signed requests, JSON arrays, integer ids.
//! It shares no code with the client; its facts are the public pages of developer.samsclub.com.

use axum::Router;
use axum::http::StatusCode;

use super::app::App;
use super::gateway::refusal;
use super::platform::Platform;

/// Sam's routes, directly at the service base.
pub fn routes() -> Router<App> {
    Router::new().fallback(async || {
        refusal(Platform::Sams, StatusCode::NOT_FOUND, "The requested resource was not found")
    })
}
