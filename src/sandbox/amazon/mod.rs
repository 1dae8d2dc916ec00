//! The emulated Amazon Ads: Login with Amazon's token endpoint, `/v2/profiles`, what Sponsored Products v3 has for negatives, and the search terms of reporting v3.
//! It shares no code with the client; its facts are the official `OpenAPI` files (Sponsored Products v3, Profiles v2, Offline Report).
//! `resource.rs` tells the lists and the four kinds of negatives apart, `list.rs` and `write.rs` serve them, `error.rs` has the error bodies.

mod auth;
mod brands;
mod error;
mod filter;
mod items;
mod list;
mod media;
mod page;
mod profiles;
mod reports;
mod reports_file;
mod reports_request;
mod resource;
mod rules;
mod serving;
mod wire;
mod write;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, get, on, post};

use super::app::App;
use super::call::Call;
use super::gateway::refusal;
use super::platform::Platform;
use error::Refusal;
use resource::{ENTITIES, NEGATIVES};

/// What a handler gives.
type Answer = Result<Response, Refusal>;

/// Amazon's routes.
pub fn routes() -> Router<App> {
    let mut router = Router::new()
        .route("/auth/o2/token", post(auth::token))
        .route("/v2/profiles", get(profiles::all))
        .route("/v2/profiles/{id}", get(profiles::one))
        .route("/reporting/reports", post(reports::create))
        .route("/reporting/reports/{id}", get(reports::one).delete(reports::cancel))
        .route(&format!("{}/{{id}}/{{file}}", reports::STORAGE), get(reports::download))
        .route("/sp/negativeTargets/brands/search", post(brands::search))
        .route("/sp/negativeTargets/brands/recommendations", get(brands::recommendations));
    for entity in &ENTITIES {
        router = router.route(entity.path, serve(MethodFilter::POST, entity, list::entities));
    }
    for kind in &NEGATIVES {
        router = router
            .route(kind.list.path, serve(MethodFilter::POST, kind, list::negatives))
            .route(kind.path, serve(MethodFilter::POST, kind, write::create))
            .route(kind.path, serve(MethodFilter::PUT, kind, write::update))
            .route(kind.delete_path, serve(MethodFilter::POST, kind, write::delete));
    }
    router
        .method_not_allowed_fallback(async || {
            refusal(Platform::Amazon, StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
        })
        .fallback(async || refusal(Platform::Amazon, StatusCode::NOT_FOUND, "Method Not Found"))
}

/// A route that hands the whole call to a function, with the resource that its path stands for.
fn serve<R: Sync>(
    method: MethodFilter,
    resource: &'static R,
    with: fn(&App, &Call, &'static R, &HeaderMap, &Bytes) -> Answer,
) -> MethodRouter<App> {
    on(
        method,
        async move |State(app): State<App>,
                    Extension(call): Extension<Call>,
                    headers: HeaderMap,
                    body: Bytes| { with(&app, &call, resource, &headers, &body) },
    )
}
