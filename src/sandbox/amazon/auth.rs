//! Login with Amazon's token endpoint, and the headers that every call carries: bearer token, client id, scope.
//! Bodies of the token endpoint are OAuth's own; those of calls are in `error.rs`.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, http::HeaderValue};
use serde_json::json;

use super::super::app::App;
use super::super::call::Call;
use super::super::platform::Platform;
use super::super::tokens::TokenState;
use super::error::Refusal;

/// How long an access token lives, in seconds ("Access tokens" in the public authorization guide).
const LIFETIME: u64 = 3_600;

type Fields = Form<Vec<(String, String)>>;

/// `POST /auth/o2/token` with the refresh grant or the authorization code grant.
pub async fn token(State(app): State<App>, form: Result<Fields, FormRejection>) -> Response {
    let Ok(Form(fields)) = form else {
        return failure(StatusCode::BAD_REQUEST, "invalid_request", "The request must be form-urlencoded");
    };
    let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let missing = |name: &str| {
        let text = format!("The request is missing a required parameter : {name}");
        failure(StatusCode::BAD_REQUEST, "invalid_request", &text)
    };
    let Some(grant) = field("grant_type") else { return missing("grant_type") };
    let known = &app.credentials().amazon;
    for name in ["client_id", "client_secret"] {
        if field(name).is_none_or(str::is_empty) {
            return missing(name);
        }
    }
    if field("client_id") != Some(&known.client_id) || field("client_secret") != Some(&known.client_secret) {
        return failure(StatusCode::UNAUTHORIZED, "invalid_client", "Client authentication failed");
    }
    match grant {
        "refresh_token" => match field("refresh_token") {
            None => return missing("refresh_token"),
            Some(token) if token == known.refresh_token => {}
            Some(_) => return bad_grant("refresh_token"),
        },
        // The sandbox has no consent page: any code is good, but one that says that it is not.
        "authorization_code" => match (field("code"), field("redirect_uri")) {
            (None | Some(""), _) => return missing("code"),
            (_, None | Some("")) => return missing("redirect_uri"),
            (Some("expired" | "invalid"), _) => return bad_grant("code"),
            _ => {}
        },
        _ => {
            let text = "The authorization grant type is not supported by the authorization server";
            return failure(StatusCode::BAD_REQUEST, "unsupported_grant_type", text);
        }
    }
    let body = json!({
        "access_token": app.tokens().issue(Platform::Amazon, "Atza|", LIFETIME),
        "refresh_token": known.refresh_token,
        "token_type": "bearer",
        "expires_in": LIFETIME,
    });
    no_store((StatusCode::OK, Json(body)).into_response())
}

fn bad_grant(parameter: &str) -> Response {
    let text = format!("The request has an invalid grant parameter : {parameter}");
    failure(StatusCode::BAD_REQUEST, "invalid_grant", &text)
}

fn failure(status: StatusCode, error: &str, description: &str) -> Response {
    no_store((status, Json(json!({"error": error, "error_description": description}))).into_response())
}

fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim).filter(|value| !value.is_empty())
}

/// Whether the call carries a good bearer token and the client id that belongs to it.
///
/// # Errors
/// 401.
pub fn client(app: &App, call: &Call, headers: &HeaderMap) -> Result<(), Refusal> {
    let bearer = text(headers, "authorization").and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    let token = bearer.ok_or_else(|| Refusal::unauthorized("Authorization header is missing"))?;
    if call.expires_token() {
        app.tokens().expire(Platform::Amazon, token);
    }
    match app.tokens().check(Platform::Amazon, token) {
        TokenState::Good => {}
        TokenState::Expired => return Err(Refusal::unauthorized("Access token has expired")),
        TokenState::Unknown => return Err(Refusal::unauthorized("Invalid access token")),
    }
    match text(headers, "amazon-advertising-api-clientid") {
        Some(id) if id == app.credentials().amazon.client_id => Ok(()),
        Some(_) => Err(Refusal::unauthorized("ClientId does not match the access token")),
        None => Err(Refusal::unauthorized("ClientId header is missing")),
    }
}

/// The profile of a call's scope, as its place among the accounts.
///
/// # Errors
/// 401.
pub fn profile(app: &App, call: &Call, headers: &HeaderMap) -> Result<usize, Refusal> {
    client(app, call, headers)?;
    let scope = text(headers, "amazon-advertising-api-scope");
    let scope = scope.ok_or_else(|| Refusal::unauthorized("Scope header is missing"))?;
    let found = app.realm(Platform::Amazon).account(scope);
    found.ok_or_else(|| Refusal::unauthorized("No matching advertiser found for scope"))
}
