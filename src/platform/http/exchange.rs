//! Calls to token endpoints: outside the buckets, tried again freely, and never logged beyond path and status.
//! What is in the answer is read by the platform's `auth.rs`.

use secrecy::ExposeSecret;
use tokio::time::Instant;

use super::address::{self, Origin};
use super::auth::TokenCall;
use super::channel::{TIMEOUT, signed};
use super::log::Entry;
use super::mask::{Secrets, without_tokens};
use super::retry::{self, Next, Tries};
use super::transport::{TransportError, WireRequest};
use super::words;
use super::{Http, USER_AGENT};
use crate::domain::account::AccountName;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{Class, Method, Response};

/// See [`Http::exchange`].
pub(super) async fn exchange(http: &Http, account: &AccountName, call: TokenCall) -> Result<Response, Problem> {
    let origin = Origin::of(&call.url).map_err(|why| {
        Problem::new(ProblemKind::Config, format!("The token address {why}")).detail(&call.url)
    })?;
    let form = call.form.iter().map(|(key, value)| (*key, value.expose_secret()));
    let body = url_encoded(form);
    let headers = call.headers.iter().map(|(_, value)| value);
    let secrets = Secrets::of(headers.chain(call.form.iter().map(|(_, value)| value)));
    let mut tries = Tries::default();
    loop {
        let wire = WireRequest {
            method: Method::Post,
            url: call.url.clone(),
            headers: vec![
                ("Content-Type".to_owned(), "application/x-www-form-urlencoded".to_owned()),
                ("Accept".to_owned(), "application/json".to_owned()),
                ("User-Agent".to_owned(), USER_AGENT.to_owned()),
            ],
            secret_headers: call.headers.iter().map(|(n, v)| ((*n).to_owned(), v.clone())).collect(),
            body: body.clone(),
            timeout: TIMEOUT,
            most_bytes: 1 << 20,
        };
        let started = Instant::now();
        let end = http.transport.send(wire).await;
        // A refresh token may stay the same and be named again by a good answer, which is read and not shown.
        let end =
            end.map(|response| if response.ok() { response } else { without_tokens(secrets.out_of(response)) });
        let took = started.elapsed();
        let kind = retry::classify(&end, false);
        let asked = end.as_ref().ok().and_then(|response| retry::retry_after(response, http.now()));
        let next = retry::decide(Class::Read, kind, &tries, asked);
        let problem = match &end {
            Ok(response) if response.ok() => None,
            Ok(_) => Some("refused".to_owned()),
            Err(
                TransportError::NotConnected(why)
                | TransportError::Broken(why)
                | TransportError::Unreadable(why),
            ) => Some(why.clone()),
        };
        http.log.write(Entry {
            number: 0,
            when: http.now().saturating_sub(signed(took)).unwrap_or_default(),
            account: account.clone(),
            operation: "token".to_owned(),
            method: Method::Post,
            origin: origin.as_str().to_owned(),
            path: address::path_of(&call.url),
            status: end.as_ref().ok().map(|response| response.status),
            took,
            attempt: tries.failed + tries.throttled + 1,
            problem: problem.clone(),
        });
        match (next, end) {
            (Next::Again, _) => {
                let wait = asked.unwrap_or_else(|| retry::backoff(tries.failed + tries.throttled, &http.dice));
                tries.count(kind);
                http.pause(account, wait, "signing in again shortly").await;
            }
            (_, Ok(response)) => return Ok(response),
            (_, Err(_)) => {
                let why = problem.unwrap_or_default();
                return Err(Problem::new(ProblemKind::Network, format!("{account} cannot sign in: no answer"))
                    .hint(words::no_answer(&why))
                    .detail(format!("POST {}: {why}", call.url)));
            }
        }
    }
}

/// A form as HTML writes it.
fn url_encoded<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> bytes::Bytes {
    // The parser of addresses has the same encoder; any address will do.
    let Ok(mut url) = reqwest::Url::parse("http://localhost/") else { return bytes::Bytes::new() };
    url.query_pairs_mut().extend_pairs(pairs);
    url.query().unwrap_or_default().to_owned().into()
}
