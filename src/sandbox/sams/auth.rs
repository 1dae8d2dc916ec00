//! Who is calling: bearer token, and the signature over consumer id, timestamp and key version.
//! The signature covers no path and no body, so one may be used for any call while its time lasts.

use std::time::{SystemTime, UNIX_EPOCH};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

use super::super::app::App;
use super::super::call::Call;
use super::super::credentials::Credentials;
use super::super::gateway::refusal;
use super::super::platform::Platform;

/// How long a signature is good, either way: 180 seconds, as the sibling APIs on the same gateway say ("expire every 3 minutes").
const WINDOW_MS: i128 = 180_000;

/// Proof that the call came with good credentials; as an argument of a handler it refuses all others.
#[derive(Debug, Clone, Copy)]
pub struct Signed;

impl FromRequestParts<App> for Signed {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        let expired = parts.extensions.get::<Call>().is_some_and(Call::expires_token);
        match check(&parts.headers, app.credentials(), now.cast_signed(), expired) {
            Ok(()) => Ok(Self),
            Err((status, message)) => Err(refusal(Platform::Sams, status, &message)),
        }
    }
}

/// Checks the headers of a call. Header names as on developer.samsclub.com, "Authentication"; the messages as the sibling
/// APIs on the same gateway give them.
fn check(
    headers: &HeaderMap,
    credentials: &Credentials,
    now_ms: i128,
    token_expired: bool,
) -> Result<(), (StatusCode, String)> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let (Some(authorization), Some(consumer), Some(timestamp), Some(version), Some(signature)) = (
        header("authorization"),
        header("wm_consumer.id"),
        header("wm_consumer.intimestamp"),
        header("wm_sec.key_version"),
        header("wm_sec.auth_signature"),
    ) else {
        let message =
            "Request is missing required security headers, please read documentation for security headers.";
        return Err((StatusCode::UNAUTHORIZED, message.to_owned()));
    };
    let unauthorized = |message: String| Err((StatusCode::UNAUTHORIZED, message));
    if consumer != credentials.sams_consumer_id {
        let message = "The Consumer ID is not subscribed to the service name.";
        return Err((StatusCode::FORBIDDEN, message.to_owned()));
    }
    let fresh = timestamp.parse::<i128>().is_ok_and(|signed| (now_ms - signed).abs() <= WINDOW_MS);
    if !fresh {
        return unauthorized(format!("The Timestamp {timestamp} passed for the signature has expired ."));
    }
    let failed = "Could not authenticate in-request, auth signature :  Signature verification failed: api-sams, version: 1.0.0, env: sandbox";
    let Ok(raw) = STANDARD.decode(signature) else {
        return unauthorized(failed.to_owned());
    };
    if raw.len() != 256 {
        let message = format!(
            "IAM Exception: IAM-1000: Signature length not correct: got {} but was expecting 256.",
            raw.len()
        );
        return unauthorized(message);
    }
    let signed = format!("{consumer}\n{timestamp}\n{version}\n");
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &credentials.sams_public_key);
    if version != credentials.sams_key_version || key.verify(signed.as_bytes(), &raw).is_err() {
        return unauthorized(failed.to_owned());
    }
    if token_expired {
        return unauthorized("The bearer token has expired.".to_owned());
    }
    // The scheme's name is compared without case, as everywhere (RFC 9110, 11.1).
    let token = authorization.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    match token {
        Some((_, token)) if token.trim() == credentials.sams_auth_token => Ok(()),
        // The platform's own status list has 403, not 401, for wrong credentials.
        _ => Err((StatusCode::FORBIDDEN, "Unauthorized: invalid credentials".to_owned())),
    }
}

#[cfg(test)]
pub mod tests {
    use axum::http::HeaderValue;
    use ring::rand::SystemRandom;
    use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
    use rustls::pki_types::PrivatePkcs8KeyDer;
    use rustls::pki_types::pem::PemObject;

    use super::super::super::credentials::SAMS_PRIVATE_KEY;
    use super::*;

    fn sign(text: &str) -> String {
        let key = PrivatePkcs8KeyDer::from_pem_slice(SAMS_PRIVATE_KEY.as_bytes()).expect("pem");
        let pair = RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()).expect("rsa");
        let mut signature = vec![0; pair.public().modulus_len()];
        pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature).expect("sign");
        STANDARD.encode(signature)
    }

    /// The headers of a good call, signed at this time.
    pub fn headers(credentials: &Credentials, at_ms: i128) -> HeaderMap {
        let (id, version) = (&credentials.sams_consumer_id, &credentials.sams_key_version);
        let mut headers = HeaderMap::new();
        let mut put = |name: &'static str, value: &str| {
            headers.insert(name, HeaderValue::from_str(value).expect("header"));
        };
        put("authorization", &format!("Bearer {}", credentials.sams_auth_token));
        put("wm_consumer.id", id);
        put("wm_consumer.intimestamp", &at_ms.to_string());
        put("wm_sec.key_version", version);
        put("wm_sec.auth_signature", &sign(&format!("{id}\n{at_ms}\n{version}\n")));
        headers
    }

    const NOW: i128 = 1_790_000_000_000;

    fn status(headers: &HeaderMap, now: i128) -> Option<u16> {
        check(headers, &Credentials::new(1), now, false).err().map(|(status, _)| status.as_u16())
    }

    #[test]
    fn a_signature_is_good_for_three_minutes_and_more_than_once() {
        let headers = headers(&Credentials::new(1), NOW);
        assert_eq!(status(&headers, NOW), None);
        assert_eq!(status(&headers, NOW + 180_000), None);
        assert_eq!(status(&headers, NOW - 180_000), None);
        assert_eq!(status(&headers, NOW + 180_001), Some(401));
        assert_eq!(status(&headers, NOW - 180_001), Some(401));
    }

    #[test]
    fn the_signed_text_ends_in_a_line_feed() {
        let credentials = Credentials::new(1);
        let mut headers = headers(&credentials, NOW);
        let short = format!("{}\n{NOW}\n1", credentials.sams_consumer_id);
        headers.insert("wm_sec.auth_signature", HeaderValue::from_str(&sign(&short)).expect("header"));
        assert_eq!(status(&headers, NOW), Some(401));
    }

    #[test]
    fn each_header_counts() {
        for name in [
            "authorization",
            "wm_consumer.id",
            "wm_consumer.intimestamp",
            "wm_sec.key_version",
            "wm_sec.auth_signature",
        ] {
            let mut headers = headers(&Credentials::new(1), NOW);
            headers.remove(name);
            assert_eq!(status(&headers, NOW), Some(401), "{name}");
        }
        let change = |name: &'static str, value: &'static str| {
            let mut headers = headers(&Credentials::new(1), NOW);
            headers.insert(name, HeaderValue::from_static(value));
            status(&headers, NOW)
        };
        assert_eq!(change("authorization", "Bearer wrong"), Some(403));
        assert_eq!(change("wm_consumer.id", "somebody"), Some(403));
        assert_eq!(change("wm_sec.key_version", "2"), Some(401));
        assert_eq!(change("wm_sec.auth_signature", "AAAA"), Some(401));
        assert_eq!(change("wm_consumer.intimestamp", "1790000000"), Some(401));
    }

    #[test]
    fn a_fault_expires_the_token() {
        let headers = headers(&Credentials::new(1), NOW);
        let refused = check(&headers, &Credentials::new(1), NOW, true).expect_err("expired");
        assert_eq!(refused.0, StatusCode::UNAUTHORIZED);
    }
}
