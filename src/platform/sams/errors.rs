//! What Sam's Club says when it refuses: no shape is documented for an error body, so any is read. Nothing is
//! decided by the texts, which are published nowhere.

use serde_json::Value;

use crate::domain::request::Response;
use crate::platform::http::{Complaint, gist};

/// Where gateways and services on the same host put their text, the most telling first.
const KEYS: [&str; 10] = [
    "details",
    "Description",
    "description",
    "message",
    "errorMessage",
    "error_description",
    "error",
    "errors",
    "info",
    "reason",
];

/// The text in a body or a part of one; `None` for nothing but white space.
pub(super) fn said(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Array(items) => items.iter().find_map(said),
        Value::Object(map) => KEYS.iter().find_map(|key| map.get(*key).and_then(said)),
        _ => None,
    }
}

/// What a failed answer says, for problems and the request log. Takes any bytes.
pub(super) fn explain(response: &Response) -> Complaint {
    let text = match serde_json::from_slice::<Value>(&response.body) {
        Ok(value) => said(&value).or_else(|| gist(&response.body)),
        Err(_) => gist(&response.body),
    };
    // developer.samsclub.com, "Status Codes"; 401 is the gateway's.
    let hint = match response.status {
        401 => Some(
            "Check consumer_id, key_version and private_key, and this machine's clock: a signature is good for minutes only.",
        ),
        403 => Some(
            "Check auth_token and consumer_id, and that Sam's Club lets this partner write for this advertiser.",
        ),
        404 => Some("Check advertiser_id, and refresh: the campaign may be gone."),
        429 => Some("Sam's Club counts operations per hour and asks to wait 10 minutes."),
        _ => None,
    };
    Complaint { code: None, text, request_id: None, hint: hint.map(str::to_owned) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(body: &str) -> Option<String> {
        let body = bytes::Bytes::copy_from_slice(body.as_bytes());
        explain(&Response { status: 401, headers: Vec::new(), body }).text
    }

    #[test]
    fn an_error_is_read_whatever_its_shape() {
        let gateway = r#"{"details":{"Description":"Could not authenticate in-request, auth signature :  Signature verification failed: affil-product, version: 2.0.0, env: prod",
            "wm_svc.version":"2.0.0","wm_svc.name":"affil-product","wm_svc.env":"prod"}}"#;
        assert!(text(gateway).unwrap().starts_with("Could not authenticate in-request"));
        for body in [
            r#"{"message":"no"}"#,
            r#"{"error":{"code":"X","message":"no"}}"#,
            r#"{"errors":[{"code":"X","description":"no"}]}"#,
            r#"[{"code":"failure","details":" no "}]"#,
            r#""no""#,
            "no",
        ] {
            assert_eq!(text(body).as_deref(), Some("no"), "{body}");
        }
        assert_eq!(text("<html><title>520</title>").as_deref(), Some("a web page: 520"));
        assert_eq!(text(""), None);
        assert_eq!(text(r#"{"code":7}"#).as_deref(), Some(r#"{"code":7}"#));
    }
}
