//! Answers that come from in front of a platform's own handlers: throttling, faults, unknown paths, too large bodies.
//! Each platform has its own shape for them; what its handlers answer themselves is in its folder.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::platform::Platform;

/// An error of the platform's front.
///
/// Amazon: `{"code","message"}`, the codes as in the Sponsored Products v3 spec. eBay: `{"errors":[…]}` with the gateway's ids (2001 too many
/// requests, 2002 not found). Sam's: the gateway of `developer.api.us.walmart.com` answers with `details.Description`.
pub fn refusal(platform: Platform, status: StatusCode, message: &str) -> Response {
    let body = match platform {
        Platform::Amazon => {
            let code = match status {
                StatusCode::BAD_REQUEST => "INVALID_ARGUMENT",
                StatusCode::UNAUTHORIZED => "UNAUTHORIZED",
                StatusCode::FORBIDDEN => "ACCESS_DENIED",
                StatusCode::NOT_FOUND => "NOT_FOUND",
                StatusCode::UNSUPPORTED_MEDIA_TYPE => "UNSUPPORTED_MEDIA_TYPE",
                StatusCode::TOO_MANY_REQUESTS => "THROTTLED",
                _ => "INTERNAL_ERROR",
            };
            json!({"code": code, "message": message})
        }
        Platform::Ebay => {
            let (id, domain, category) = match status {
                StatusCode::UNAUTHORIZED => (1001, "OAuth", "REQUEST"),
                StatusCode::FORBIDDEN => (1100, "ACCESS", "REQUEST"),
                StatusCode::NOT_FOUND => (2002, "ACCESS", "REQUEST"),
                StatusCode::TOO_MANY_REQUESTS => (2001, "ACCESS", "REQUEST"),
                status if status.is_server_error() => (35001, "API_MARKETING", "APPLICATION"),
                _ => (2003, "ACCESS", "REQUEST"),
            };
            json!({"errors": [{"errorId": id, "domain": domain, "category": category, "message": message}]})
        }
        Platform::Sams => json!({"details": {
            "Description": message, "wm_svc.version": "1.0.0", "wm_svc.name": "api-sams", "wm_svc.env": "sandbox"}}),
    };
    (status, Json(body)).into_response()
}

/// An answer on the way out of a handler by `?`; boxed, because a response is large.
#[derive(Debug)]
pub struct Refused(Box<Response>);

impl From<Response> for Refused {
    fn from(response: Response) -> Self {
        Self(Box::new(response))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        *self.0
    }
}
