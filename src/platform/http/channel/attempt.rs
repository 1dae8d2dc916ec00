//! One attempt: what goes out on the wire, and the entry that the log keeps of it. Secrets go out in headers of their own
//! and are masked in what comes back; whether there is another attempt is decided in `retry`.

use std::time::Duration;

use tokio::time::Instant;

use super::{Channel, Manner, signed};
use crate::domain::request::{Request, Response};
use crate::platform::http::auth::Signed;
use crate::platform::http::bucket::Place;
use crate::platform::http::log::Entry;
use crate::platform::http::mask::Secrets;
use crate::platform::http::retry::Next;
use crate::platform::http::transport::{TransportError, WireRequest};
use crate::platform::http::{USER_AGENT, address, words};

impl Channel {
    /// Sends a signed request; says when it went out. The place is given back when the answer is whole.
    pub(super) async fn exchange(
        &self,
        request: &Request,
        body: bytes::Bytes,
        signed: Signed,
        place: Place,
        manner: Manner,
    ) -> (Instant, Result<Response, TransportError>) {
        let mut headers: Vec<(String, String)> =
            request.headers.iter().map(|(name, value)| (name.to_string(), value.clone())).collect();
        headers.push(("User-Agent".to_owned(), USER_AGENT.to_owned()));
        let wire = WireRequest {
            method: request.method,
            url: request.url.clone(),
            headers,
            secret_headers: signed.headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            body,
            timeout: manner.timeout,
            most_bytes: manner.most_bytes,
        };
        let secrets = Secrets::of(wire.secret_headers.iter().map(|(_, value)| value));
        let started = Instant::now();
        let end = self.http.transport.send(wire).await;
        drop(place);
        (started, end.map(|response| secrets.out_of(response)))
    }

    /// Writes the attempt to the log, and what comes next.
    #[expect(clippy::too_many_arguments, reason = "one attempt's facts, written in one place")]
    pub(super) fn log(
        &self,
        request: &Request,
        attempt: u32,
        started: Instant,
        now: Instant,
        end: &Result<Response, TransportError>,
        next: Next,
        wait: Duration,
    ) {
        let problem = match end {
            Ok(response) if response.ok() => None,
            // A redirect that was awaited.
            Ok(response) if next == Next::Answer && response.status < 400 => None,
            Ok(response) => {
                let complaint = (self.setup.explain)(response);
                Some([complaint.code, complaint.text].into_iter().flatten().collect::<Vec<_>>().join(" "))
            }
            Err(error) => Some(words::lost(self.setup.platform, request, error).detail),
        };
        let problem = problem.map(|what| match next {
            Next::Again => format!("{what} (again in {:.1} s)", wait.as_secs_f64()),
            Next::Refresh => format!("{what} (again with a new token)"),
            Next::Unknown => format!("{what} (whether it was done is not known)"),
            Next::Answer | Next::NotSent => what,
        });
        let took = now - started;
        self.http.log.write(Entry {
            number: 0,
            when: self.http.now().saturating_sub(signed(took)).unwrap_or_default(),
            account: self.setup.account.clone(),
            operation: request.operation.to_string(),
            method: request.method,
            origin: self.setup.origin.as_str().to_owned(),
            path: address::path_of(&request.url),
            status: end.as_ref().ok().map(|response| response.status),
            took,
            attempt,
            problem,
        });
    }
}
