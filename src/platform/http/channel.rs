//! One account's way to one API: sign, pace, send, judge, send again where that is safe. Bodies are read by
//! the platform folders; whether a call may be repeated is decided in `retry`.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use super::address::{self, Origin};
use super::auth::{Auth, Signed};
use super::bucket::{Bucket, Place};
use super::download;
use super::log::Entry;
use super::mask::Secrets;
use super::retry::{self, End, Next, Tries};
use super::transport::{TransportError, WireRequest};
use super::words::{self, Complaint};
use super::{Http, USER_AGENT};
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
/// Waits shorter than this are not worth a word on the screen.
pub(super) const WORTH_SHOWING: Duration = Duration::from_millis(500);

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
                    tries.throttled += u32::from(throttled);
                    tries.failed += u32::from(!throttled);
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

    /// Waits for a place and for the pace; an error says until when it would have to wait, when that is too long.
    async fn turn(&self) -> Result<Place, Instant> {
        let place = self.bucket.place().await;
        loop {
            let now = Instant::now();
            let Err(until) = self.bucket.turn(now) else { return Ok(place) };
            let wait = until - now;
            if wait > retry::MOST_WAIT {
                return Err(until);
            }
            let _shown = (wait >= WORTH_SHOWING).then(|| self.show(wait, "asked to slow down"));
            sleep_until(until).await;
        }
    }

    /// Waits before the next attempt. What the platform asked for holds the whole bucket.
    async fn wait(&self, kind: End, wait: Duration, asked: bool) {
        if kind == End::Throttled {
            // The bucket is held already, and `turn` shows it.
            return;
        }
        if asked {
            self.bucket.hold_until(Instant::now() + wait);
            return;
        }
        let why = match kind {
            End::Failed => "the platform failed, trying again",
            End::NotConnected => "no connection, trying again",
            _ => "the line broke, trying again",
        };
        let _shown = (wait >= WORTH_SHOWING).then(|| self.show(wait, why));
        sleep(wait).await;
    }

    fn held(&self, until: Instant) -> Problem {
        let wait = until.saturating_duration_since(Instant::now());
        let at = self.http.now().saturating_add(signed(wait)).unwrap_or_default();
        words::held(self.setup.platform, &self.setup.account, at)
    }

    fn show(&self, wait: Duration, why: &str) -> super::log::WaitGuard<'_> {
        let now = self.http.now();
        self.http.log.show_wait(&self.setup.account, now.saturating_add(signed(wait)).unwrap_or(now), why)
    }

    async fn exchange(
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

    /// Why the call is given up.
    fn stop(&self, request: &Request, kind: End, end: Result<Response, TransportError>) -> Problem {
        match end {
            Err(error) => words::lost(self.setup.platform, request, &error),
            Ok(response) if kind == End::Expired => {
                let refusal = self.refusal(request, &response);
                words::not_accepted(self.setup.platform, &self.setup.account, &refusal)
            }
            Ok(response) => self.refusal(request, &response),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one attempt's facts, written in one place")]
    fn log(
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

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

    use super::*;
    use crate::domain::request::Method;
    use crate::platform::http::{Transport, held};
    use crate::platform::traits::Pending;

    type Answer = Result<(u16, Vec<(&'static str, &'static str)>), TransportError>;

    /// Answers from a list, and keeps what was sent.
    #[derive(Default)]
    struct Script {
        answers: Mutex<VecDeque<Answer>>,
        sent: Mutex<Vec<WireRequest>>,
    }

    impl Transport for Script {
        fn send(&self, request: WireRequest) -> Pending<'_, Result<Response, TransportError>> {
            held(&self.sent).push(request);
            let answer = held(&self.answers).pop_front().expect("one more call than answers");
            Box::pin(async move {
                answer.map(|(status, headers)| Response {
                    status,
                    headers: headers.into_iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect(),
                    body: bytes::Bytes::new(),
                })
            })
        }
    }

    #[derive(Default)]
    struct Key(AtomicU64);

    impl Auth for Key {
        fn sign<'a>(&'a self, _: &'a Request) -> Pending<'a, Result<Signed, Problem>> {
            let stamp = self.0.load(SeqCst);
            Box::pin(async move {
                Ok(Signed { headers: vec![("Authorization", format!("Bearer s3cret{stamp}").into())], stamp })
            })
        }

        fn discard(&self, stamp: u64) {
            let _ = self.0.compare_exchange(stamp, stamp + 1, SeqCst, SeqCst);
        }
    }

    fn channel(answers: Vec<Answer>) -> (Arc<Script>, Channel) {
        let script = Arc::new(Script { answers: Mutex::new(answers.into()), ..Script::default() });
        let http = Http::new(script.clone(), Arc::new(|| "2026-10-01T00:00:00Z".parse().unwrap()));
        let channel = http.channel(Setup {
            platform: "Amazon",
            account: AccountName::new("acme"),
            origin: Origin::of("https://api.example").unwrap(),
            bucket: "b".into(),
            auth: Arc::new(Key::default()),
            explain: |_| Complaint { text: Some("why".into()), ..Complaint::default() },
            slow_down: None,
        });
        (script, channel)
    }

    fn request(class: Class) -> Request {
        Request {
            operation: "Op".into(),
            method: Method::Post,
            url: "https://api.example/x?page=2".into(),
            headers: vec![],
            secret_headers: vec!["Authorization".into()],
            body: Body::Empty,
            class,
        }
    }

    #[expect(clippy::unnecessary_wraps, reason = "one of the answers of a script")]
    fn status(status: u16) -> Answer {
        Ok((status, vec![]))
    }

    #[tokio::test(start_paused = true)]
    async fn retry_after_is_waited_out_and_seen_by_who_watches() {
        let (script, channel) = channel(vec![Ok((429, vec![("retry-after", "7")])), status(200)]);
        let watch = channel.http().waiting();
        let began = Instant::now();
        let seen = async {
            sleep(Duration::from_secs(1)).await;
            watch.borrow().clone()
        };
        let call = request(Class::Create);
        let (answer, seen) = tokio::join!(channel.send(&call), seen);
        assert_eq!(answer.unwrap().status, 200);
        assert_eq!(began.elapsed(), Duration::from_secs(7));
        assert_eq!(seen[0].until, "2026-10-01T00:00:07Z".parse().unwrap());
        assert!(watch.borrow().is_empty());
        assert_eq!(held(&script.sent).len(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn what_asks_for_hours_is_left_alone_for_hours_and_nobody_sits_them_out() {
        for asked in ["3600", "99999999999999999999", "Thu, 01 Oct 2099 00:00:00 GMT"] {
            let (script, channel) = channel(vec![Ok((429, vec![("retry-after", asked)])), status(200)]);
            let call = request(Class::Create);
            let began = Instant::now();
            assert!(matches!(channel.send(&call).await, Err(SendError::NotSent(_))), "{asked}");
            sleep(Duration::from_secs(2000)).await;
            let error = channel.send(&call).await.unwrap_err();
            assert!(matches!(&error, SendError::NotSent(problem) if problem.kind == ProblemKind::Throttled));
            assert!(began.elapsed() < Duration::from_secs(2001), "{asked}");
            assert_eq!(held(&script.sent).len(), 1);
            sleep(if asked == "3600" { Duration::from_secs(1600) } else { LONGEST_HOLD }).await;
            assert_eq!(channel.send(&call).await.unwrap().status, 200);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn retry_after_zero_is_no_leave_to_hammer() {
        let zero = || Ok((429, vec![("retry-after", "0")]));
        let (_, channel) = channel(vec![zero(), zero(), zero(), status(200)]);
        let began = Instant::now();
        assert!(channel.send(&request(Class::Create)).await.is_ok());
        assert!(began.elapsed() > Duration::from_secs(2), "{:?}", began.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_cancelled_wait_is_shown_no_more_and_gives_its_place_back() {
        let (_, channel) = channel(vec![Ok((429, vec![("retry-after", "500")]))]);
        let call = request(Class::Read);
        assert!(tokio::time::timeout(Duration::from_secs(3), channel.send(&call)).await.is_err());
        assert!(channel.http().waiting().borrow().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_ends_a_wait_at_once_and_an_attempt_under_way_not_at_all() {
        let stop_after = |seconds| {
            let stop = CancellationToken::new();
            let (when, early) = (stop.clone(), Duration::from_secs(seconds));
            tokio::spawn(async move {
                sleep(early).await;
                when.cancel();
            });
            stop
        };
        let lost = || Err(TransportError::Broken("reset".into()));
        // Asked to wait: certain that nothing was done.
        let (script, throttled) = channel(vec![Ok((429, vec![("retry-after", "600")]))]);
        let began = Instant::now();
        let end = throttled.send_until(&request(Class::Create), &stop_after(5)).await.unwrap_err();
        assert!(
            matches!(&end, SendError::NotSent(problem) if problem.kind == ProblemKind::Cancelled),
            "{end:?}"
        );
        assert_eq!(began.elapsed(), Duration::from_secs(5));
        assert_eq!(held(&script.sent).len(), 1);
        assert!(throttled.http().waiting().borrow().is_empty());
        // One that comes later waits for the same, and ends as soon.
        let end = throttled.send_until(&request(Class::Create), &stop_after(5)).await.unwrap_err();
        assert!(matches!(end, SendError::NotSent(_)), "{end:?}");
        assert_eq!(began.elapsed(), Duration::from_secs(10));
        // Waiting to repeat what may have been done.
        let (script, doubtful) = channel(vec![lost(), lost(), lost()]);
        let stop = CancellationToken::new();
        let call = request(Class::Update);
        let sending = doubtful.send_until(&call, &stop);
        let stopping = async {
            let mut waiting = doubtful.http().waiting();
            waiting.wait_for(|calls| !calls.is_empty()).await.unwrap();
            stop.cancel();
        };
        let (end, ()) = tokio::join!(sending, stopping);
        assert!(matches!(end, Err(SendError::Unknown(_))), "{end:?}");
        assert!(held(&script.sent).len() < 3);
        // Stopped before: nothing begins.
        let (script, fine) = channel(vec![]);
        assert!(matches!(fine.send_until(&call, &stop).await, Err(SendError::NotSent(_))));
        assert!(held(&script.sent).is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn an_expired_token_is_renewed_once() {
        let (script, ok) = channel(vec![status(401), status(200)]);
        assert!(ok.send(&request(Class::Create)).await.is_ok());
        let sent: Vec<String> = held(&script.sent)
            .iter()
            .map(|wire| secrecy::ExposeSecret::expose_secret(&wire.secret_headers[0].1).to_owned())
            .collect();
        assert_eq!(sent, ["Bearer s3cret0", "Bearer s3cret1"]);
        let (_, refused) = channel(vec![status(401), status(401)]);
        let error = refused.send(&request(Class::Create)).await.unwrap_err();
        assert!(
            matches!(&error, SendError::NotSent(problem) if problem.kind == ProblemKind::Auth),
            "{error:?}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_create_without_an_answer_is_sent_once_and_unknown() {
        for end in [Err(TransportError::Broken("reset".into())), status(503)] {
            let (script, channel) = channel(vec![end]);
            let error = channel.send(&request(Class::Create)).await.unwrap_err();
            assert!(matches!(error, SendError::Unknown(_)), "{error:?}");
            assert_eq!(held(&script.sent).len(), 1);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_update_whose_first_answer_was_lost_stays_unknown_when_the_rest_is_refused_by_auth() {
        let (_, channel) = channel(vec![Err(TransportError::Broken("reset".into())), status(401), status(401)]);
        let error = channel.send(&request(Class::Update)).await.unwrap_err();
        assert!(matches!(error, SendError::Unknown(_)), "{error:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_of_what_an_earlier_attempt_may_have_done_says_nothing() {
        let lost = || Err(TransportError::Broken("reset".into()));
        let (_, refused) = channel(vec![lost(), status(400)]);
        let error = refused.send(&request(Class::Update)).await.unwrap_err();
        assert!(matches!(error, SendError::Unknown(_)), "{error:?}");
        let (_, done) = channel(vec![lost(), status(207)]);
        assert!(done.send(&request(Class::Update)).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_read_is_sent_again_and_a_redirect_is_not_followed() {
        let lost = || Err(TransportError::Unreadable("cut".into()));
        let (_, again) = channel(vec![lost(), status(500), status(200)]);
        assert!(again.read(&request(Class::Read)).await.is_ok());
        let (script, moved) = channel(vec![Ok((302, vec![("location", "https://evil.example/")]))]);
        let problem = moved.read(&request(Class::Read)).await.unwrap_err();
        assert!(problem.detail.contains("302") && problem.detail.contains("evil.example"), "{problem}");
        assert_eq!(held(&script.sent).len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_file_that_lies_elsewhere_is_fetched_from_there_without_credentials() {
        let moved = Ok((302, vec![("location", "https://files.example/x.gz?sig=1")]));
        let (script, channel) = channel(vec![moved, status(200)]);
        assert!(channel.file(&request(Class::Read)).await.is_ok());
        let sent = held(&script.sent);
        let secrets: Vec<usize> = sent.iter().map(|wire| wire.secret_headers.len()).collect();
        assert_eq!(secrets, [1, 0]);
        assert_eq!(sent[1].url, "https://files.example/x.gz?sig=1");
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_goes_to_another_origin() {
        let (script, channel) = channel(vec![]);
        let mut call = request(Class::Read);
        call.url = "https://other.example/x".into();
        assert!(channel.read(&call).await.is_err());
        assert!(held(&script.sent).is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn the_log_tells_each_attempt_and_no_secret() {
        let (_, channel) = channel(vec![status(500), status(400)]);
        let mut follow = channel.http().follow_log();
        let answer = channel.send(&request(Class::Read)).await.unwrap();
        assert_eq!(answer.status, 400);
        let log = channel.http().log();
        assert_eq!(log.len(), 2);
        assert_eq!(log[1].retries(), 1);
        assert_eq!(log[1].path, "/x?page=2");
        assert_eq!(log[1].problem.as_deref(), Some("why"));
        assert_eq!(*follow.recv().await.unwrap(), *log[0]);
        assert!(!format!("{log:?}").contains("s3cret"));
    }
}
