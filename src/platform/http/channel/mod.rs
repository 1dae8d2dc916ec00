//! One account's way to one API: sign, pace, send, judge, send again where that is safe. Bodies are read by
//! the platform folders; whether a call may be repeated is decided in `retry`. `waits` has what comes before an attempt,
//! `attempt` the attempt itself.

mod attempt;
#[cfg(test)]
mod tests;
mod waits;

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::Http;
use super::address::{self, Origin};
use super::auth::Auth;
use super::bucket::Bucket;
use super::download;
use super::retry::{self, End, Next, Tries};
use super::transport::TransportError;
use super::words::{self, Complaint};
use crate::domain::account::AccountName;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{Body, Class, Request, Response};
use crate::platform::traits::SendError;

/// How long one exchange may take, body included.
pub(super) const TIMEOUT: Duration = Duration::from_mins(2);
/// The most bytes of an answer. The longest list page (1,000 items) has well under 1 MB.
const MOST_BYTES: usize = 64 << 20;
/// A platform that asks for longer than a call waits is left alone for as long as it asks, but not longer than this.
const LONGEST_HOLD: Duration = Duration::from_hours(24);

/// Reads an error body; must take any bytes.
pub type Explain = fn(&Response) -> Complaint;

/// What a channel needs to know.
pub struct Setup {
    /// The platform's name as people write it.
    pub platform: &'static str,
    /// Whose it is.
    pub account: AccountName,
    /// The only place that requests may go to.
    pub origin: Origin,
    /// Channels of one key share a pace.
    pub bucket: String,
    /// The secret headers.
    pub auth: Arc<dyn Auth>,
    /// Reads the platform's error bodies.
    pub explain: Explain,
    /// How long to wait after a 429 without `Retry-After`, where the platform's documents say so.
    pub slow_down: Option<Duration>,
}

/// How an exchange goes, beyond the request.
#[derive(Clone, Copy)]
struct Manner {
    timeout: Duration,
    most_bytes: usize,
    /// Whether a redirect is an answer. It is never followed with credentials.
    redirects: bool,
}

const USUAL: Manner = Manner { timeout: TIMEOUT, most_bytes: MOST_BYTES, redirects: false };
const FILE: Manner = Manner { timeout: download::TIMEOUT, most_bytes: download::MOST_BYTES, redirects: true };

/// One account's way to one API.
pub struct Channel {
    http: Arc<Http>,
    setup: Setup,
    bucket: Arc<Bucket>,
}

impl Channel {
    pub(super) fn new(http: Arc<Http>, setup: Setup, bucket: Arc<Bucket>) -> Self {
        Self { http, setup, bucket }
    }

    /// Sends a request and brings the answer, whatever its status, when it is an answer: 2xx, or 4xx that refuses
    /// what was asked. Waits as the platform asks; renews an expired token once; repeats what `request.class`
    /// allows. Cancelled by dropping.
    pub async fn send(&self, request: &Request) -> Result<Response, SendError> {
        self.carry(request, USUAL, &CancellationToken::new()).await
    }

    /// The same, but `stop` ends every wait before an attempt, whoever asked for it and for however long. An attempt
    /// under way goes on to its end: its answer is worth having.
    pub async fn send_until(&self, request: &Request, stop: &CancellationToken) -> Result<Response, SendError> {
        self.carry(request, USUAL, stop).await
    }

    async fn carry(
        &self,
        request: &Request,
        manner: Manner,
        stop: &CancellationToken,
    ) -> Result<Response, SendError> {
        if !self.setup.origin.holds(&request.url) {
            return Err(SendError::NotSent(
                Problem::new(
                    ProblemKind::Usage,
                    format!("{} is not at {}", request.operation, self.setup.origin.as_str()),
                )
                .detail(&request.url)
                .hint("The account's address has changed since this was planned: make the plan again."),
            ));
        }
        let body = match &request.body {
            Body::Empty => bytes::Bytes::new(),
            // A JSON value always has a text form: its keys are strings.
            Body::Json(value) => value.to_string().into_bytes().into(),
        };
        let mut tries = Tries::default();
        let mut attempt = 0;
        loop {
            attempt += 1;
            // All that comes before an attempt: its turn, which may be minutes away, and a token.
            let ready = async {
                let place = self.turn().await.map_err(|until| self.held(until))?;
                Ok::<_, Problem>((place, self.setup.auth.sign(request).await?))
            };
            let ready = stop.run_until_cancelled(ready).await.unwrap_or_else(|| Err(halted(&tries)));
            let (place, signed) = ready.map_err(|problem| stopped(request, &tries, problem))?;
            let stamp = signed.stamp;
            let (started, end) = self.exchange(request, body.clone(), signed, place, manner).await;
            let now = Instant::now();
            let expired = end.as_ref().is_ok_and(|response| self.setup.auth.expired(response));
            let kind = retry::classify(&end, expired);
            let asked = end.as_ref().ok().and_then(|response| retry::retry_after(response, self.http.now()));
            // "At once" is no answer to too many calls: then it is waited as without a word.
            let asked = asked.filter(|wait| !wait.is_zero());
            let asked = asked.or(self.setup.slow_down.filter(|_| kind == End::Throttled));
            let next = match kind {
                End::Redirected if manner.redirects => Next::Answer,
                kind => retry::decide(request.class, kind, &tries, asked),
            };
            let throttled = kind == End::Throttled;
            let wait = asked
                .unwrap_or_else(|| {
                    retry::backoff(if throttled { tries.throttled + 1 } else { tries.failed }, &self.http.dice)
                })
                .min(LONGEST_HOLD);
            match (&end, throttled) {
                (_, true) => self.bucket.refused(started, now, wait),
                (Ok(_), false) => self.bucket.accepted(started, now),
                (Err(_), false) => {}
            }
            self.log(request, attempt, started, now, &end, next, wait);
            match next {
                Next::Answer => {
                    if let Ok(response) = &end
                        && tries.in_doubt
                        && request.class != Class::Read
                        && !response.ok()
                    {
                        // A refusal of the second attempt may be due to the first: "already archived".
                        return Err(SendError::Unknown(self.refusal(request, response)));
                    }
                }
                Next::Refresh => {
                    self.setup.auth.discard(stamp);
                    tries.refreshed = true;
                    continue;
                }
                Next::Again => {
                    tries.count(kind);
                    tries.in_doubt |= matches!(kind, End::Failed | End::Broken | End::Unreadable);
                    // Stopped meanwhile, the loop ends where the next attempt would begin.
                    stop.run_until_cancelled(self.wait(kind, wait, asked.is_some())).await;
                    continue;
                }
                Next::NotSent | Next::Unknown => {
                    let problem = self.stop(request, kind, end);
                    return Err(if next == Next::Unknown {
                        SendError::Unknown(problem)
                    } else {
                        SendError::NotSent(problem)
                    });
                }
            }
            return end.map_err(|error| SendError::Unknown(words::lost(self.setup.platform, request, &error)));
        }
    }

    /// Sends a reading request; anything but 2xx is a problem.
    pub async fn read(&self, request: &Request) -> Result<Response, Problem> {
        match self.send(request).await {
            Ok(response) if response.ok() => Ok(response),
            Ok(response) => Err(self.refusal(request, &response)),
            Err(error) => Err(error.problem().clone()),
        }
    }

    /// Fetches a file on the API's own host. Where the platform points elsewhere for it, it comes from there, without
    /// credentials.
    pub async fn file(&self, request: &Request) -> Result<bytes::Bytes, Problem> {
        let never = CancellationToken::new();
        let response = self.carry(request, FILE, &never).await.map_err(|error| error.problem().clone())?;
        let to = response.header("location").filter(|_| (300..=399).contains(&response.status));
        match to.and_then(|to| address::join(&request.url, to)) {
            Some(url) => {
                let setup = &self.setup;
                self.http.download(setup.platform, &setup.account, &request.operation, &url).await
            }
            None if response.ok() => Ok(response.body),
            None => Err(self.refusal(request, &response)),
        }
    }

    /// An answer that is no success as a problem: endpoint, status, the platform's code and text, its request id.
    pub fn refusal(&self, request: &Request, response: &Response) -> Problem {
        words::refusal(
            self.setup.platform,
            &self.setup.account,
            request,
            response,
            &(self.setup.explain)(response),
        )
    }

    /// An answer whose body is not what the platform documents.
    pub fn unreadable(&self, request: &Request, response: &Response, why: &str) -> Problem {
        words::unreadable(self.setup.platform, request, response, why)
    }

    /// Whether an address is on the API's own host.
    pub fn is_home(&self, url: &str) -> bool {
        self.setup.origin.holds(url)
    }

    /// Whose it is.
    pub fn account(&self) -> &AccountName {
        &self.setup.account
    }

    /// The client it belongs to.
    pub fn http(&self) -> &Arc<Http> {
        &self.http
    }

    /// Why the call is given up.
    fn stop(&self, request: &Request, kind: End, end: Result<Response, TransportError>) -> Problem {
        match end {
            Err(error) => words::lost(self.setup.platform, request, &error),
            Ok(response) if kind == End::Expired => {
                let refusal = self.refusal(request, &response);
                let hint = (self.setup.explain)(&response).hint;
                words::not_accepted(self.setup.platform, &self.setup.account, &refusal, hint)
            }
            Ok(response) => self.refusal(request, &response),
        }
    }
}

/// A duration as jiff adds it.
pub(super) fn signed(duration: Duration) -> jiff::SignedDuration {
    jiff::SignedDuration::try_from(duration).unwrap_or(jiff::SignedDuration::MAX)
}

/// The user stopped it before an attempt.
fn halted(tries: &Tries) -> Problem {
    let title = if tries.in_doubt { "Stopped before it was tried again" } else { "Stopped before it was sent" };
    Problem::new(ProblemKind::Cancelled, title)
}

/// Stopped, or signing failed: nothing went out this time, but an earlier attempt may have been done.
fn stopped(request: &Request, tries: &Tries, problem: Problem) -> SendError {
    if tries.in_doubt && request.class != Class::Read {
        SendError::Unknown(problem)
    } else {
        SendError::NotSent(problem)
    }
}
