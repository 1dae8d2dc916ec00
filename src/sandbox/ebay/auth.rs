//! eBay's token endpoint (refresh, code and application grants), and the bearer token of every call with its scopes.
//! The token endpoint answers with OAuth's own bodies, not with `errors`. A token carries its scopes, so that none has to be remembered.

use axum::Json;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;

use super::super::app::App;
use super::super::platform::Platform;
use super::super::tokens::TokenState;
use super::Inbound;
use super::error::Fault;

/// How long an access token lives, in seconds (eBay's "Getting access tokens" guides).
const LIFETIME: u64 = 7_200;
/// How long a refresh token lives: about 18 months.
const REFRESH_LIFETIME: u64 = 47_304_000;
const SCOPE: &str = "https://api.ebay.com/oauth/api_scope";

/// What a token may be used for, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scopes(u8);

impl Scopes {
    /// Reads and writes of Sell Marketing.
    pub const MARKETING: Self = Self(1);
    /// Reads of Sell Marketing.
    pub const MARKETING_READ: Self = Self(1 | 2);
    /// Reads of Sell Account.
    pub const ACCOUNT_READ: Self = Self(4 | 8);
    /// What an application may do without any seller.
    pub const BASE: Self = Self(16);
    /// What the seller has consented to.
    const ALL: Self = Self(15);

    /// The scopes of a space-separated list; other scopes of eBay's count for nothing here. None when one is no scope at all.
    fn read(list: &str) -> Option<Self> {
        let bit = |scope: &str| match scope.strip_prefix(SCOPE)? {
            "/sell.marketing" => Some(1),
            "/sell.marketing.readonly" => Some(2),
            "/sell.account" => Some(4),
            "/sell.account.readonly" => Some(8),
            "" => Some(16),
            other => other.starts_with('/').then_some(0),
        };
        list.split_whitespace().try_fold(0, |sum, scope| Some(sum | bit(scope)?)).map(Self)
    }

    fn of_token(token: &str) -> Self {
        let bits = token.split("#s^").nth(1).and_then(|rest| rest.split('#').next());
        Self(bits.and_then(|bits| bits.parse().ok()).unwrap_or(0))
    }
}

type Fields = Form<Vec<(String, String)>>;

/// `POST /identity/v1/oauth2/token` with the refresh grant or the authorization code grant.
pub async fn token(
    State(app): State<App>,
    headers: HeaderMap,
    form: Result<Fields, FormRejection>,
) -> Response {
    let known = app.credentials();
    if basic(&headers) != Some((known.ebay.client_id.clone(), known.ebay.client_secret.clone())) {
        return failure(StatusCode::UNAUTHORIZED, "invalid_client", "client authentication failed");
    }
    let Ok(Form(fields)) = form else {
        return failure(StatusCode::BAD_REQUEST, "invalid_request", "request is not form-urlencoded");
    };
    let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let invalid = |text: &str| failure(StatusCode::BAD_REQUEST, "invalid_grant", text);
    let application = field("grant_type") == Some("client_credentials");
    let with_refresh = match field("grant_type") {
        // A token of the application's own ("Client credentials grant"): no seller, no refresh token.
        Some("client_credentials") => false,
        Some("refresh_token") if field("refresh_token") == Some(&known.ebay.refresh_token) => false,
        Some("refresh_token") => {
            return invalid(
                "the provided authorization refresh token is invalid or was issued to another client",
            );
        }
        // The sandbox has no consent page: any code is good, but one that says that it is not.
        Some("authorization_code") => match (field("code"), field("redirect_uri")) {
            (None | Some("" | "expired" | "invalid"), _) => {
                return invalid(
                    "the provided authorization grant code is invalid or was issued to another client",
                );
            }
            (_, uri) if uri != Some(&known.ebay_ru_name) => {
                return invalid("the redirect_uri does not match the RuName of the application");
            }
            _ => true,
        },
        Some(_) => {
            return failure(
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "grant type in request is not supported",
            );
        }
        None => {
            return failure(
                StatusCode::BAD_REQUEST,
                "invalid_request",
                "request is missing a required parameter",
            );
        }
    };
    let asked = field("scope").filter(|list| !list.is_empty());
    let granted = match asked {
        Some(list) => Scopes::read(list).filter(|scopes| !application || *scopes == Scopes::BASE),
        // "Required" in that grant.
        None => (!application).then_some(Scopes::ALL),
    };
    let Some(Scopes(bits)) = granted else {
        let text =
            "The requested scope is invalid, unknown, malformed, or exceeds the scope granted to the client";
        return failure(StatusCode::BAD_REQUEST, "invalid_scope", text);
    };
    let prefix = format!("v^1.1#i^1#p^3#r^0#f^0#I^3#s^{bits}#t^");
    let mut body = json!({
        "access_token": app.tokens().issue(Platform::Ebay, &prefix, LIFETIME),
        "expires_in": LIFETIME,
        "token_type": if application { "Application Access Token" } else { "User Access Token" },
    });
    if with_refresh {
        body["refresh_token"] = json!(known.ebay.refresh_token);
        body["refresh_token_expires_in"] = json!(REFRESH_LIFETIME);
    }
    (StatusCode::OK, Json(body)).into_response()
}

fn failure(status: StatusCode, error: &str, description: &str) -> Response {
    (status, Json(json!({"error": error, "error_description": description}))).into_response()
}

fn credentials<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (found, rest) = value.trim().split_once(' ')?;
    found.eq_ignore_ascii_case(scheme).then(|| rest.trim())
}

/// Client id and secret.
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let pair = BASE64_STANDARD.decode(credentials(headers, "basic")?).ok()?;
    let pair = String::from_utf8(pair).ok()?;
    pair.split_once(':').map(|(id, secret)| (id.to_owned(), secret.to_owned()))
}

/// Whether the call carries a good token that has one of the scopes.
///
/// # Errors
/// 401 with 1001 or 1002, 403 with 1100.
pub fn allow(inbound: &Inbound, one_of: Scopes) -> Result<(), Fault> {
    let token = credentials(&inbound.headers, "bearer").filter(|token| !token.is_empty());
    let token = token.ok_or_else(|| Fault::new(1002))?;
    let tokens = inbound.app.tokens();
    if inbound.call.expires_token() {
        tokens.expire(Platform::Ebay, token);
    }
    match tokens.check(Platform::Ebay, token) {
        TokenState::Good if Scopes::of_token(token).0 & one_of.0 != 0 => Ok(()),
        TokenState::Good => Err(Fault::new(1100)),
        TokenState::Expired | TokenState::Unknown => Err(Fault::new(1001)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_separated_by_spaces_only() {
        let read = |list: &str| Scopes::read(list).map(|scopes| scopes.0);
        assert_eq!(read(&format!("{SCOPE}/sell.marketing {SCOPE}/sell.account.readonly")), Some(9));
        assert_eq!(read(SCOPE), Some(16));
        assert_eq!(read(&format!("{SCOPE}/sell.inventory")), Some(0));
        assert_eq!(read("sell.marketing"), None);
        // Joined by anything else it is one unknown scope: a token that later fails with 403.
        assert_eq!(read(&format!("{SCOPE}/sell.marketing,{SCOPE}/sell.account")), Some(0));
    }

    #[test]
    fn a_token_tells_its_scopes() {
        assert_eq!(Scopes::of_token("v^1.1#i^1#s^9#t^abc"), Scopes(9));
        assert_eq!(Scopes::of_token("anything"), Scopes(0));
    }
}
