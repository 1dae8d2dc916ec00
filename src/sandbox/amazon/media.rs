//! Media types and the `Prefer` header. Types are compared without regard to case (the spec writes `spNegativeKeyword`, many clients all lower case).
//! A parameter on a vendor type (`; charset=utf-8`) is refused, as the real service does.

use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};

use super::error::Refusal;

/// Whether `Accept` allows one of the types; no `Accept` allows any.
///
/// # Errors
/// 406.
pub fn accepts(headers: &HeaderMap, offered: &[&str]) -> Result<(), Refusal> {
    let mut values = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).peekable();
    if values.peek().is_none() {
        return Ok(());
    }
    let fits = values.flat_map(|value| value.split(',')).any(|range| {
        let range = range.split(';').next().unwrap_or_default().trim();
        matches!(range, "" | "*/*" | "application/*")
            || offered.iter().any(|media| media.eq_ignore_ascii_case(range))
    });
    if fits { Ok(()) } else { Err(Refusal::not_acceptable()) }
}

/// Whether the body is of the type. Only a call without a body may leave it out.
///
/// # Errors
/// 415.
pub fn consumes(headers: &HeaderMap, body: &[u8], media: &str) -> Result<(), Refusal> {
    match headers.get(CONTENT_TYPE) {
        None if body.is_empty() => Ok(()),
        None => Err(Refusal::media_type("null")),
        Some(value) if value.to_str().is_ok_and(|value| value.trim().eq_ignore_ascii_case(media)) => Ok(()),
        Some(value) => Err(Refusal::media_type(&String::from_utf8_lossy(value.as_bytes()))),
    }
}

/// The one preference that is understood, as it stands in `Prefer` and `Preference-Applied`.
pub const REPRESENTATION: HeaderValue = HeaderValue::from_static("return=representation");

/// Whether `Prefer` asks for whole objects: one header with several values and several headers mean the same.
pub fn prefers_representation(headers: &HeaderMap) -> bool {
    let wanted = |value: &str| {
        let value: String = value.chars().filter(|letter| !letter.is_whitespace() && *letter != '"').collect();
        value.eq_ignore_ascii_case("return=representation")
    };
    let mut values = headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
    values.any(|value| value.split(',').any(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEDIA: &str = "application/vnd.spNegativeKeyword.v3+json";

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn case_does_not_matter_but_a_charset_does() {
        let good = headers(&[("content-type", "application/vnd.spnegativekeyword.v3+json")]);
        assert!(consumes(&good, b"{}", MEDIA).is_ok());
        let charset = headers(&[("content-type", "application/vnd.spNegativeKeyword.v3+json; charset=utf-8")]);
        assert!(consumes(&charset, b"{}", MEDIA).is_err());
        assert!(consumes(&headers(&[("content-type", "application/json")]), b"{}", MEDIA).is_err());
        assert!(consumes(&headers(&[]), b"{}", MEDIA).is_err());
        assert!(consumes(&headers(&[]), b"", MEDIA).is_ok());
    }

    #[test]
    fn accept_takes_the_type_a_wildcard_or_nothing() {
        assert!(accepts(&headers(&[]), &[MEDIA]).is_ok());
        assert!(accepts(&headers(&[("accept", "text/html, */*;q=0.1")]), &[MEDIA]).is_ok());
        assert!(
            accepts(&headers(&[("accept", "application/VND.spNegativeKeyword.v3+json")]), &[MEDIA]).is_ok()
        );
        assert!(accepts(&headers(&[("accept", "application/json")]), &[MEDIA]).is_err());
    }

    #[test]
    fn preferences_may_be_many() {
        assert!(prefers_representation(&headers(&[("prefer", "respond-async, return=representation")])));
        assert!(prefers_representation(&headers(&[("prefer", "x=1"), ("prefer", "return=representation")])));
        assert!(!prefers_representation(&headers(&[("prefer", "return=minimal")])));
    }
}
