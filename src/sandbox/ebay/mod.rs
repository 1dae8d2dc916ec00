//! The emulated eBay (Sell Marketing v1 and what belongs to it).
//! It shares no code with the client; its facts are the official `OpenAPI` files.

use axum::Router;
use axum::http::StatusCode;

use super::app::App;
use super::gateway::refusal;
use super::platform::Platform;

/// eBay's routes.
pub fn routes() -> Router<App> {
    Router::new().fallback(async || refusal(Platform::Ebay, StatusCode::NOT_FOUND, "Resource not found"))
}
