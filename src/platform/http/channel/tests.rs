//! How a channel repeats, waits and gives up, over a transport that answers from a list.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use tokio::time::sleep;

use super::*;
use crate::domain::request::Method;
use crate::platform::http::{Signed, Transport, WireRequest, held};
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
    assert!(matches!(&end, SendError::NotSent(problem) if problem.kind == ProblemKind::Cancelled), "{end:?}");
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
    assert!(matches!(&error, SendError::NotSent(problem) if problem.kind == ProblemKind::Auth), "{error:?}");
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
