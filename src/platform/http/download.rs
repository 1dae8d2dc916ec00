//! Files that a platform made for us, wherever it keeps them: fetched without credentials, for the address itself is the
//! key to them. So its query never comes into a log or an error. Files on the API's own host go by [`Channel::file`].
//!
//! [`Channel::file`]: super::Channel::file

use std::time::Duration;

use tokio::time::Instant;

use super::address::{self, Origin};
use super::channel::signed;
use super::log::Entry;
use super::retry::{self, Next, Tries};
use super::transport::{TransportError, WireRequest};
use super::words::gist;
use super::{Http, USER_AGENT};
use crate::domain::account::AccountName;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{Class, Method, Response};

/// How long a file may take.
pub(super) const TIMEOUT: Duration = Duration::from_mins(15);
/// The most bytes of a packed file: a million rows are a tenth of it.
pub(super) const MOST_BYTES: usize = 512 << 20;

/// See [`Http::download`].
pub(super) async fn download(
    http: &Http,
    platform: &str,
    account: &AccountName,
    operation: &str,
    url: &str,
) -> Result<bytes::Bytes, Problem> {
    let place = url.split(['?', '#']).next().unwrap_or_default();
    let origin = Origin::of(url).map_err(|why| {
        Problem::new(ProblemKind::Reply, format!("{platform} names a place for {operation} that is not safe"))
            .detail(format!("{place} {why}"))
            .hint("Nothing was fetched. Try again; if it stays, the platform may have changed its interface.")
    })?;
    let mut tries = Tries::default();
    loop {
        let wire = WireRequest {
            method: Method::Get,
            url: url.to_owned(),
            headers: vec![("User-Agent".to_owned(), USER_AGENT.to_owned())],
            secret_headers: Vec::new(),
            body: bytes::Bytes::new(),
            timeout: TIMEOUT,
            most_bytes: MOST_BYTES,
        };
        let started = Instant::now();
        let end = http.transport.send(wire).await;
        let took = started.elapsed();
        let kind = retry::classify(&end, false);
        let asked = end.as_ref().ok().and_then(|response| retry::retry_after(response, http.now()));
        let next = retry::decide(Class::Read, kind, &tries, asked);
        let problem = said(&end);
        http.log.write(Entry {
            number: 0,
            when: http.now().saturating_sub(signed(took)).unwrap_or_default(),
            account: account.clone(),
            operation: operation.to_owned(),
            method: Method::Get,
            origin: origin.as_str().to_owned(),
            path: address::path_of(place),
            status: end.as_ref().ok().map(|response| response.status),
            took,
            attempt: tries.failed + tries.throttled + 1,
            problem: problem.clone(),
        });
        match (next, end) {
            (Next::Answer, Ok(response)) if response.ok() => return Ok(response.body),
            (Next::Again, _) => {
                let wait = asked.unwrap_or_else(|| retry::backoff(tries.failed + tries.throttled, &http.dice));
                tries.count(kind);
                http.pause(account, wait, "downloading again shortly").await;
            }
            (_, end) => {
                let kind = if end.is_ok() { ProblemKind::Server } else { ProblemKind::Network };
                let title = format!("{platform}'s file of {operation} could not be downloaded");
                return Err(Problem::new(kind, title)
                    .detail(format!("{place}: {}", problem.unwrap_or_default()))
                    .hint("Try again: a new address is asked for then."));
            }
        }
    }
}

/// What was wrong with an end, if anything.
fn said(end: &Result<Response, TransportError>) -> Option<String> {
    match end {
        Ok(response) if response.ok() => None,
        Ok(response) => {
            Some(format!("{} {}", response.status, gist(&response.body).unwrap_or_default()).trim().to_owned())
        }
        Err(
            TransportError::NotConnected(why) | TransportError::Broken(why) | TransportError::Unreadable(why),
        ) => Some(why.clone()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::platform::http::{Transport, held};
    use crate::platform::traits::Pending;

    /// Answers each call with the next status, and keeps what was sent.
    #[derive(Default)]
    struct Script {
        statuses: Mutex<Vec<u16>>,
        sent: Mutex<Vec<WireRequest>>,
    }

    impl Transport for Script {
        fn send(&self, request: WireRequest) -> Pending<'_, Result<Response, TransportError>> {
            held(&self.sent).push(request);
            let status = held(&self.statuses).remove(0);
            Box::pin(async move {
                let body = bytes::Bytes::from_static(b"<Error><Code>AccessDenied</Code></Error>");
                Ok(Response { status, headers: vec![("location".into(), "https://elsewhere/".into())], body })
            })
        }
    }

    async fn fetch(statuses: &[u16], url: &str) -> (Arc<Script>, Arc<Http>, Result<bytes::Bytes, Problem>) {
        let script = Arc::new(Script { statuses: Mutex::new(statuses.to_vec()), ..Script::default() });
        let http = Http::new(script.clone(), Arc::new(|| "2026-10-01T00:00:00Z".parse().unwrap()));
        let file = http.download("Amazon", &AccountName::new("acme"), "report", url).await;
        (script, http, file)
    }

    const URL: &str = "https://files.example/report.gz?X-Amz-Signature=s3cret";

    #[tokio::test(start_paused = true)]
    async fn a_file_is_fetched_without_credentials_and_again_when_its_host_stumbles() {
        let (script, http, file) = fetch(&[503, 200], URL).await;
        assert!(file.is_ok());
        let sent = held(&script.sent);
        assert_eq!(sent.len(), 2);
        assert!(sent.iter().all(|request| request.secret_headers.is_empty() && request.url == URL));
        let log = http.log();
        assert_eq!((log[0].path.as_str(), log[0].status), ("/report.gz", Some(503)));
        assert!(!format!("{log:?}").contains("s3cret"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_is_told_without_the_signature_and_a_redirect_is_not_followed() {
        for status in [403, 302] {
            let (script, _, file) = fetch(&[status], URL).await;
            let problem = file.unwrap_err();
            assert!(problem.detail.contains(&status.to_string()), "{problem}");
            assert!(!problem.to_string().contains("s3cret"), "{problem}");
            assert_eq!(held(&script.sent).len(), 1);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_fetched_over_plain_http_from_elsewhere() {
        let (script, _, file) = fetch(&[], "http://files.example/report.gz").await;
        assert!(file.is_err());
        assert!(held(&script.sent).is_empty());
    }
}
