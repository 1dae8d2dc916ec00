//! The control server: how tests and people look into the sandbox and change it behind the client's back.
//! It is not part of any platform, not logged and not hit by faults.

mod mutate;
mod rows;
pub mod words;
mod world;

#[cfg(test)]
mod tests;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router, body::Bytes};
use serde_json::json;

use super::app::App;
use super::faults::Rule;

/// The control server's routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/state", get(rows::state))
        .route("/terms", get(rows::terms))
        .route("/world", get(world::world))
        .route("/requests", get(requests))
        .route("/mutate", post(mutate::mutate))
        .route("/reset", post(reset))
        .route("/faults", put(faults))
        .fallback(async || problem(StatusCode::NOT_FOUND, "no such control call"))
}

/// An error of the control server.
fn problem(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({"error": message}))).into_response()
}

async fn requests(State(app): State<App>) -> Response {
    Json(app.log().entries().cloned().collect::<Vec<_>>()).into_response()
}

async fn reset(State(app): State<App>) -> Response {
    match tokio::task::spawn_blocking(move || app.reset()).await {
        Ok(()) => Json(json!({"reset": true})).into_response(),
        Err(error) => problem(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}

async fn faults(State(app): State<App>, body: Bytes) -> Response {
    match Rule::list(&body) {
        Ok(rules) => {
            let count = rules.len();
            app.set_faults(rules);
            Json(json!({"faults": count})).into_response()
        }
        Err(error) => problem(StatusCode::BAD_REQUEST, &error),
    }
}
