//! Takes the secrets of a call out of its answer, before anybody reads, logs or journals it: gateways and error pages
//! like to repeat what they were sent.

use std::borrow::Cow;

use bytes::Bytes;
use memchr::memmem;
use secrecy::{ExposeSecret, SecretString};

use crate::domain::request::Response;

/// What stands in a secret's place.
const STARS: &str = "***";
/// What is shorter is no secret (a key's version, a time), and would be found in innocent words.
const SHORTEST: usize = 12;

/// The secrets of one call.
pub(super) struct Secrets(Vec<SecretString>);

impl Secrets {
    /// Header values and form fields as they are sent.
    pub(super) fn of<'a>(values: impl Iterator<Item = &'a SecretString>) -> Self {
        Self(values.filter(|value| bare(value).len() >= SHORTEST).cloned().collect())
    }

    /// The answer without them.
    pub(super) fn out_of(&self, mut response: Response) -> Response {
        for secret in &self.0 {
            let secret = bare(secret);
            if let Some(clean) = without(&response.body, secret) {
                response.body = clean;
            }
            for (_, value) in &mut response.headers {
                if let Cow::Owned(clean) = replaced(value, secret) {
                    *value = clean;
                }
            }
        }
        response
    }
}

/// A refusal without the tokens that it may hand out all the same; what is no JSON object stays as it is.
pub(super) fn without_tokens(mut response: Response) -> Response {
    const TOKENS: [&str; 3] = ["access_token", "refresh_token", "id_token"];
    if let Ok(mut map) = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&response.body) {
        let before = map.len();
        map.retain(|key, _| !TOKENS.contains(&key.as_str()));
        if map.len() < before {
            response.body = serde_json::Value::Object(map).to_string().into();
        }
    }
    response
}

/// A header's value without the word for its sort.
fn bare(secret: &SecretString) -> &str {
    let value = secret.expose_secret();
    value
        .split_once(' ')
        .filter(|(sort, _)| ["Bearer", "Basic"].contains(sort))
        .map_or(value, |(_, token)| token)
}

fn replaced<'a>(text: &'a str, secret: &str) -> Cow<'a, str> {
    if text.contains(secret) { Cow::Owned(text.replace(secret, STARS)) } else { Cow::Borrowed(text) }
}

/// The body with stars; `None` where the secret is not in it, which is nearly always.
fn without(body: &Bytes, secret: &str) -> Option<Bytes> {
    let finder = memmem::Finder::new(secret.as_bytes());
    let mut at = finder.find(body)?;
    let mut clean = Vec::with_capacity(body.len());
    let mut from = 0;
    loop {
        clean.extend_from_slice(&body[from..at]);
        clean.extend_from_slice(STARS.as_bytes());
        from = at + secret.len();
        match finder.find(&body[from..]) {
            Some(next) => at = from + next,
            None => break,
        }
    }
    clean.extend_from_slice(&body[from..]);
    Some(clean.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_hands_out_no_token() {
        let refused = |body: &'static str| {
            let body = Bytes::from_static(body.as_bytes());
            without_tokens(Response { status: 400, headers: Vec::new(), body }).body
        };
        assert_eq!(&refused(r#"{"error":"x","access_token":"t"}"#)[..], br#"{"error":"x"}"#);
        assert_eq!(&refused("refresh_token is wrong")[..], b"refresh_token is wrong");
    }

    #[test]
    fn what_was_sent_as_a_secret_does_not_come_back() {
        let token = SecretString::from("Bearer Atza|0123456789");
        let secrets = Secrets::of([&token, &SecretString::from("1")].into_iter());
        let response = Response {
            status: 401,
            headers: vec![("x-echo".into(), "Bearer Atza|0123456789".into()), ("x-key".into(), "1".into())],
            body: Bytes::from_static(b"no Atza|0123456789, nor \xff Atza|0123456789Atza|0123456789 1"),
        };
        let clean = secrets.out_of(response);
        assert_eq!(&clean.body[..], b"no ***, nor \xff ****** 1");
        assert_eq!((clean.header("x-echo"), clean.header("x-key")), (Some("Bearer ***"), Some("1")));
    }
}
