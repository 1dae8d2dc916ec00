//! Answers that are none: garbage, depth, paging without end, ways that lead elsewhere, secrets that come back. Each
//! ends in a typed error that names the call, after a bounded number of calls, all of them to the account's own hosts.

use std::sync::{Arc, Mutex};

use secrecy::ExposeSecret;
use serde_json::{Value, json};
use unbid::domain::journal::OutcomeKind;
use unbid::domain::negative::State;
use unbid::domain::problem::{Problem, ProblemKind};
use unbid::domain::request::{Method, Response};
use unbid::platform::http::{Transport, TransportError, WireRequest};
use unbid::platform::traits::{Answer, Pending, Scope, SendError};
use unbid::platform::{Connection, registry};
use unbid::sandbox::Options;

use crate::corpus::{self, wild};
use crate::support::{Bench, keyword, list, one_request, planned, spot};

/// What was asked, secrets and all.
#[derive(Clone)]
struct Asked {
    method: Method,
    url: String,
    body: String,
    secrets: Vec<String>,
}

impl Asked {
    fn is_token(&self) -> bool {
        self.url.ends_with("/token")
    }
}

type Rewrite = Arc<dyn Fn(&Asked, Response) -> Response + Send + Sync>;

/// Stands between client and sandbox and rewrites answers.
struct Between {
    inner: Arc<dyn Transport>,
    rewrite: Mutex<Option<Rewrite>>,
    asked: Mutex<Vec<Asked>>,
}

impl Between {
    fn rewrites(&self, how: impl Fn(&Asked, Response) -> Response + Send + Sync + 'static) {
        *self.rewrite.lock().unwrap() = Some(Arc::new(how));
        self.asked.lock().unwrap().clear();
    }

    fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

struct Handle(Arc<Between>);

impl Transport for Handle {
    fn send(&self, request: WireRequest) -> Pending<'_, Result<Response, TransportError>> {
        let asked = Asked {
            method: request.method,
            url: request.url.clone(),
            body: String::from_utf8_lossy(&request.body).into_owned(),
            secrets: request.secret_headers.iter().map(|(_, value)| value.expose_secret().to_owned()).collect(),
        };
        self.0.asked.lock().unwrap().push(asked.clone());
        let rewrite = self.0.rewrite.lock().unwrap().clone();
        Box::pin(async move {
            let response = self.0.inner.send(request).await?;
            Ok(match rewrite {
                Some(rewrite) => rewrite(&asked, response),
                None => response,
            })
        })
    }
}

/// A sandbox with somebody in between.
fn tapped() -> (Bench, Arc<Between>) {
    let mut tap = None;
    let bench = Bench::through(Options::default(), |inner| {
        let between = Arc::new(Between { inner, rewrite: Mutex::default(), asked: Mutex::default() });
        tap = Some(Arc::clone(&between));
        Arc::new(Handle(between))
    });
    (bench, tap.expect("made just now"))
}

fn answer(status: u16, body: impl Into<Vec<u8>>) -> Response {
    Response { status, headers: Vec::new(), body: body.into().into() }
}

/// A problem is of a sort, says what failed where, and cannot steer a terminal.
#[track_caller]
fn assert_told(what: &str, problem: &Problem) {
    let text = problem.to_string();
    assert!(wild(&text).is_empty(), "{what}: {text:?}");
    assert!(text.len() < 8_000, "{what}: {} bytes", text.len());
    assert!(!problem.hint.is_empty(), "{what}: {text}");
    // A platform that asks to stay away for long is not asked: there is no call to name.
    assert!(
        problem.kind == ProblemKind::Throttled
            || [
                "/sp/",
                "/sell/",
                "/api/v1/",
                "/v2/",
                "/identity/",
                "/auth/",
                "token",
                "getNegativeKeywords",
                "getCampaigns",
                "getAdGroups"
            ]
            .iter()
            .any(|part| text.contains(part)),
        "{what} does not say where: {text}"
    );
}

async fn problems(connection: &dyn Connection) -> Vec<Problem> {
    match list(connection, &Scope::SNAPSHOT).await {
        Ok(listing) => listing.failures,
        Err(problem) => vec![problem],
    }
}

#[tokio::test(start_paused = true)]
async fn a_listing_of_garbage_is_a_typed_error_and_never_an_empty_account() {
    for platform in registry() {
        let (bench, between) = tapped();
        let connection = bench.connect(*platform);
        for (what, body) in corpus::bodies() {
            for status in [200, 207, 404, 500] {
                let body = body.clone();
                between.rewrites(
                    move |asked, response| {
                        if asked.is_token() { response } else { answer(status, body.clone()) }
                    },
                );
                let what = format!("{} {status} {what}", platform.id());
                let told = problems(&*connection).await;
                assert!(!told.is_empty(), "{what} passes for a listing");
                for problem in &told {
                    assert_told(&what, problem);
                }
                let calls = between.asked().len();
                assert!(calls < 60, "{what}: {calls} calls");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_garbage_answer_to_a_create_is_never_taken_for_done_and_is_sent_once() {
    for platform in registry() {
        let (bench, between) = tapped();
        let connection = bench.connect(*platform);
        let spot = spot(&*connection).await;
        for (number, (what, body)) in corpus::bodies().into_iter().enumerate() {
            for status in [200, 207] {
                let text = format!("garbage {number} {status}");
                let changes = planned([keyword(&*connection, &spot, &text, State::Enabled)]);
                let request = one_request(&*connection, &changes);
                let body = body.clone();
                between.rewrites(move |asked, response| {
                    if asked.is_token() || asked.method == Method::Get {
                        response
                    } else {
                        answer(status, body.clone())
                    }
                });
                let end = connection.send(&request).await;
                let what = format!("{} {status} {what}", platform.id());
                match &end {
                    Ok(response) => {
                        for (_, said) in connection.read(&request, &changes, response) {
                            let unknown =
                                matches!(&said, Answer::Settled(one) if one.kind == OutcomeKind::Unknown);
                            assert!(unknown, "{what}: {said:?}");
                        }
                    }
                    Err(SendError::Unknown(problem)) => assert_told(&what, problem),
                    Err(SendError::NotSent(problem)) => panic!("{what}: it was sent: {problem}"),
                }
                assert_eq!(between.asked().iter().filter(|asked| !asked.is_token()).count(), 1, "{what}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_never_ends_is_given_up() {
    for platform in registry() {
        let bench = Bench::small();
        let connection = bench.connect(*platform);
        bench.faults(json!([{"platform": platform.id(), "kind": "repeat_page"}])).await;
        let told = problems(&*connection).await;
        let calls = bench.asked("/").await.len();
        assert!(calls < 2_000, "{}: {calls} calls", platform.id());
        for problem in &told {
            assert_told(&platform.id().to_string(), problem);
        }
    }
}

/// Puts another host wherever an answer names a place to go to.
fn elsewhere(response: Response) -> Response {
    let Ok(mut value) = serde_json::from_slice::<Value>(&response.body) else { return response };
    if let Some(object) = value.as_object_mut() {
        for key in ["next", "href", "prev"] {
            if object.contains_key(key) {
                let old =
                    object[key].as_str().and_then(|url| url.split_once('?')).map_or("", |(_, query)| query);
                object[key] = json!(format!("https://evil.example/collect?{old}"));
            }
        }
    }
    let mut headers = response.headers.clone();
    for (name, value) in &mut headers {
        if name.eq_ignore_ascii_case("location") {
            let id = value.rsplit('/').next().unwrap_or_default();
            *value = format!("http://evil.example/{id}");
        }
    }
    headers.push(("Link".to_owned(), "<https://evil.example/next>; rel=next".to_owned()));
    Response { headers, body: value.to_string().into(), ..response }
}

#[tokio::test(start_paused = true)]
async fn a_way_that_leads_to_another_host_is_not_taken() {
    for platform in registry() {
        let (bench, between) = tapped();
        let connection = bench.connect(*platform);
        let whole = list(&*connection, &Scope::SNAPSHOT).await.unwrap();
        between.rewrites(|_, response| elsewhere(response));
        let again = list(&*connection, &Scope::SNAPSHOT).await.unwrap();
        assert!(again.negatives == whole.negatives, "{}", platform.id());
        let spot = spot(&*connection).await;
        let changes = planned([keyword(&*connection, &spot, "elsewhere", State::Enabled)]);
        let request = one_request(&*connection, &changes);
        let response = connection.send(&request).await.unwrap();
        let said = connection.read(&request, &changes, &response);
        let Answer::Settled(outcome) = &said[0].1 else { panic!("{said:?}") };
        assert_eq!(outcome.kind, OutcomeKind::Applied, "{said:?}");
        for asked in between.asked() {
            assert!(asked.url.starts_with("http://127.0.0.1:"), "{}", asked.url);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn no_redirect_is_followed_and_no_secret_goes_elsewhere() {
    for platform in registry() {
        for status in [301, 302, 303, 307, 308] {
            for to in ["https://evil.example/", "http://127.0.0.1:9/", "//evil.example/", "/elsewhere"] {
                let (bench, between) = tapped();
                let connection = bench.connect(*platform);
                between.rewrites(move |_, _| Response {
                    headers: vec![("location".to_owned(), to.to_owned())],
                    ..answer(status, "")
                });
                let told = problems(&*connection).await;
                assert!(!told.is_empty(), "{} {status} {to}", platform.id());
                for asked in between.asked() {
                    assert!(!asked.url.contains("evil") && !asked.url.contains(":9/"), "{}", asked.url);
                    assert!(!asked.url.ends_with("/elsewhere"), "{}", asked.url);
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn secrets_that_an_answer_repeats_are_taken_out_before_anybody_sees_them() {
    for platform in registry() {
        for status in [200, 400, 401, 403, 500, 302] {
            let (bench, between) = tapped();
            let connection = bench.connect(*platform);
            let spot = spot(&*connection).await;
            let changes = planned([keyword(&*connection, &spot, "echo", State::Enabled)]);
            let request = one_request(&*connection, &changes);
            between.rewrites(move |asked, response| {
                if asked.is_token() && response.ok() {
                    return response;
                }
                let said = format!("you sent {} and {}", asked.secrets.join(", "), asked.body);
                let body = json!({"message": said, "details": said, "error_description": said,
                    "errors": [{"message": said, "longMessage": said}]});
                Response { headers: vec![("location".to_owned(), said)], ..answer(status, body.to_string()) }
            });
            let end = connection.send(&request).await;
            let mut seen = vec![format!("{end:?}")];
            if let Ok(response) = &end {
                seen.push(String::from_utf8_lossy(&response.body).into_owned());
                seen.push(format!("{:?}", connection.read(&request, &changes, response)));
            }
            for problem in problems(&*connection).await {
                seen.push(problem.to_string());
            }
            for check in connection.check().await {
                seen.push(format!("{check:?}"));
            }
            seen.push(format!("{:?}", bench.http.log()));
            let seen = seen.join("\n");
            let asked = between.asked();
            assert!(!asked.is_empty());
            for secret in asked.iter().flat_map(|asked| &asked.secrets).filter(|secret| secret.len() >= 30) {
                let secret = secret.split(' ').next_back().unwrap_or_default();
                assert!(!seen.contains(secret), "{} {status}: {secret} in {seen}", platform.id());
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_answered_with_garbage_is_told_and_quotes_no_secret() {
    for platform in registry() {
        if !platform.fields().iter().any(|field| field.key == "refresh_token") {
            continue;
        }
        let mut bodies = corpus::bodies();
        bodies.extend([
            (
                "endless life",
                br#"{"access_token":"Atza|c4n4ry-token","expires_in":18446744073709551615}"#.to_vec(),
            ),
            ("no life", br#"{"access_token":"Atza|c4n4ry-token","expires_in":0}"#.to_vec()),
            ("life before", br#"{"access_token":"Atza|c4n4ry-token","expires_in":-1}"#.to_vec()),
            ("two lines", br#"{"access_token":"Atza|c4n4ry\r\nX-Evil: 1","expires_in":3600}"#.to_vec()),
            ("no text", br#"{"access_token":7,"expires_in":3600}"#.to_vec()),
        ]);
        for (what, body) in bodies {
            for status in [200, 400, 500] {
                let (bench, between) = tapped();
                let body = body.clone();
                between.rewrites(
                    move |asked, response| {
                        if asked.is_token() { answer(status, body.clone()) } else { response }
                    },
                );
                let what = format!("{} {status} {what}", platform.id());
                let connection = bench.connect(*platform);
                let told = problems(&*connection).await;
                assert!(!told.is_empty(), "{what}");
                for problem in &told {
                    assert!(wild(&problem.to_string()).is_empty(), "{what}: {problem}");
                    assert!(!problem.to_string().contains("c4n4ry"), "{what}: {problem}");
                    assert!(!problem.hint.is_empty(), "{what}: {problem}");
                }
                let calls = between.asked().len();
                assert!(calls < 100, "{what}: {calls} calls");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn headers_that_are_absurd_do_no_harm() {
    for platform in registry() {
        for (name, value) in [
            ("retry-after", "99999999999999999999"),
            ("retry-after", "-5"),
            ("retry-after", "1e308"),
            ("retry-after", "NaN"),
            ("retry-after", "inf"),
            ("retry-after", "Fri, 31 Dec 9999 23:59:59 GMT"),
            ("retry-after", "\u{1b}[2J"),
            ("date", "Fri, 31 Dec 9999 23:59:59 GMT"),
            ("date", "Thu, 01 Jan 1970 00:00:00 GMT"),
            ("x-amz-request-id", "\u{1b}]0;pwn\u{7}\u{202e}"),
        ] {
            for status in [429, 400] {
                let (bench, between) = tapped();
                between.rewrites(move |asked, response| {
                    if asked.is_token() {
                        return response;
                    }
                    let headers = vec![(name.to_owned(), value.to_owned())];
                    Response { headers, ..answer(status, "{\"message\":\"\\u001b[2Jno\"}") }
                });
                let connection = bench.connect(*platform);
                let what = format!("{} {status} {name}: {value}", platform.id());
                for problem in problems(&*connection).await {
                    assert_told(&what, &problem);
                    let kinds =
                        [ProblemKind::Throttled, ProblemKind::Server, ProblemKind::Refused, ProblemKind::Auth];
                    assert!(kinds.contains(&problem.kind), "{what}: {problem}");
                }
                assert!(wild(&format!("{:?}", bench.http.log())).is_empty(), "{what}");
            }
        }
    }
}
