//! The way of a call, driven without sockets and on a paused clock.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode};
use serde_json::{Value, json};
use tokio::time::Instant;
use tower::ServiceExt;

use super::Dropped;
use crate::sandbox::{Emulation, Options, Platform, Rule};

struct Api {
    emulation: Emulation,
    router: Router,
}

impl Api {
    fn with(rules: &Value) -> Self {
        let faults = Rule::list(rules.to_string().as_bytes()).expect("rules");
        let emulation = Emulation::new(Options { faults, ..Options::default() });
        let router = emulation.router(Platform::Sams);
        Self { emulation, router }
    }

    async fn call(&self) -> Response<Body> {
        let request = Request::builder().uri("/api/v1/campaigns").body(Body::empty()).expect("request");
        self.router.clone().oneshot(request).await.expect("answer")
    }

    fn logged(&self) -> Vec<Value> {
        let app = &self.emulation.0;
        app.log().entries().map(|entry| serde_json::to_value(entry).expect("entry")).collect()
    }
}

#[tokio::test]
async fn without_faults_the_handler_answers_and_the_log_tells() {
    let api = Api::with(&json!([]));
    assert_eq!(api.call().await.status(), StatusCode::UNAUTHORIZED);
    let log = api.logged();
    assert_eq!(
        (&log[0]["platform"], &log[0]["method"], &log[0]["status"]),
        (&json!("sams"), &json!("GET"), &json!(401))
    );
    assert_eq!((&log[0]["id"], &log[0]["fault"]), (&json!("req-1"), &Value::Null));
}

#[tokio::test]
async fn a_closed_connection_shows_by_its_extension_and_has_no_status_in_the_log() {
    for kind in ["drop_before", "drop_after"] {
        let api = Api::with(&json!([{"kind": kind}]));
        let response = api.call().await;
        assert_eq!(response.extensions().get::<Dropped>(), Some(&Dropped));
        assert_eq!(api.logged()[0]["status"], Value::Null);
        assert_eq!(api.logged()[0]["fault"], kind);
    }
}

#[tokio::test]
async fn a_status_comes_with_retry_after_and_the_wanted_body() {
    let api = Api::with(&json!([
        {"times": 1, "kind": "status", "status": 503, "retry_after": 7, "body": {"x": 1}},
        {"after": 1, "times": 1, "kind": "status", "status": 429, "retry_after": "Wed, 21 Oct 2026 07:28:00 GMT"},
    ]));
    let first = api.call().await;
    assert_eq!((first.status().as_u16(), &first.headers()["retry-after"]), (503, &"7".parse().expect("value")));
    assert_eq!(to_bytes(first.into_body(), 100).await.expect("body"), "{\"x\":1}");
    let second = api.call().await;
    assert_eq!(second.status(), 429);
    assert_eq!(second.headers()["retry-after"], "Wed, 21 Oct 2026 07:28:00 GMT");
    let body: Value =
        serde_json::from_slice(&to_bytes(second.into_body(), 1_000).await.expect("body")).expect("JSON");
    assert!(body["details"]["Description"].is_string());
    assert_eq!(api.call().await.status(), 401);
}

#[tokio::test(start_paused = true)]
async fn latency_and_delay_go_by_the_clock_that_tests_can_pause() {
    let api = Api::with(&json!([{"kind": "latency", "ms": 50}, {"times": 1, "kind": "delay", "ms": 1000}]));
    let start = Instant::now();
    api.call().await;
    assert_eq!(start.elapsed(), Duration::from_millis(1_050));
    api.call().await;
    assert_eq!(start.elapsed(), Duration::from_millis(1_100));
}

#[tokio::test(start_paused = true)]
async fn a_throttle_answers_429_with_whole_seconds() {
    let api = Api::with(&json!([{"kind": "throttle", "per_second": 1}]));
    assert_eq!(api.call().await.status(), 401);
    let refused = api.call().await;
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()["retry-after"]),
        (429, &"1".parse().expect("value"))
    );
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(api.call().await.status(), 401);
}

#[tokio::test]
async fn bodies_can_be_html_broken_or_cut_off() {
    let api = Api::with(
        &json!([{"times": 1, "kind": "html_error", "status": 502}, {"after": 1, "times": 1, "kind": "bad_json"},
                                {"after": 2, "kind": "truncate_body"}]),
    );
    let html = api.call().await;
    assert_eq!(
        (html.status().as_u16(), &html.headers()["content-type"]),
        (502, &"text/html".parse().expect("value"))
    );
    let broken = to_bytes(api.call().await.into_body(), 1_000).await.expect("a whole body");
    assert!(serde_json::from_slice::<Value>(&broken).is_err());
    let cut = api.call().await;
    assert!(cut.headers().contains_key("content-length"));
    assert!(to_bytes(cut.into_body(), 1_000).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_slow_body_takes_its_time_and_is_whole() {
    let api = Api::with(&json!([{"kind": "slow_body", "bytes_per_second": 20}]));
    let start = Instant::now();
    let body = to_bytes(api.call().await.into_body(), 1_000).await.expect("body");
    assert!(serde_json::from_slice::<Value>(&body).is_ok());
    let seconds = body.len() as u64 / 20;
    assert!((seconds..=seconds + 1).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_body_over_the_limit_is_not_read() {
    let api = Api::with(&json!([]));
    let body = Body::from(vec![b' '; 5 * 1024 * 1024]);
    let request =
        Request::builder().method("POST").uri("/api/v1/negative_keywords").body(body).expect("request");
    assert_eq!(api.router.clone().oneshot(request).await.expect("answer").status(), 413);
}
