//! The way of every call to a platform: log, faults, body limit, handler, faults on the answer, log.
//! A closed connection is told by the extension [`Dropped`] on the response; `listen.rs` closes the socket, and a caller
//! of a router without a socket has to treat such a response as "connection closed without an answer".

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::stream;
use serde_json::Value;

use super::app::App;
use super::call::Call;
use super::faults::{Kind, RetryAfter, Seen, Verdict};
use super::gateway::refusal;
use super::platform::Platform;

/// The largest body that a platform reads; 1,000 negatives are a tenth of it.
const BODY_LIMIT: usize = 4 * 1024 * 1024;

/// Extension of a response that must not be sent: the connection closes instead. Its status is 444.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dropped;

/// Extension of a response: how many items the batch or the list had, for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Items(pub usize);

/// What every router of a platform is wrapped in.
pub async fn run(State((app, platform)): State<(App, Platform)>, request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let number = app.log().begin(platform, method.as_str(), &path, request.uri().query());
    let issues_tokens = platform.token_path() == Some(path.as_str());
    let seen = Seen { platform, method: method.as_str(), path: &path, issues_tokens };
    let verdict = app.faults().judge(&seen);

    let fault = verdict.acting.as_ref().map(Kind::word).or(verdict.throttled.map(|_| "throttle"));
    let response = answer(&app, platform, number, request, next, &verdict).await;
    let status =
        if response.extensions().get::<Dropped>().is_some() { None } else { Some(response.status().as_u16()) };
    let items = response.extensions().get::<Items>().map(|items| items.0);
    app.log().end(number, status, items, fault);
    response
}

async fn answer(
    app: &App,
    platform: Platform,
    number: u32,
    request: Request,
    next: Next,
    verdict: &Verdict,
) -> Response {
    wait(verdict.latency).await;
    match &verdict.acting {
        Some(Kind::DropBefore) => return dropped(),
        Some(Kind::Delay { ms }) => wait(Duration::from_millis(*ms)).await,
        Some(Kind::Status { status, retry_after, body }) => {
            return fault_status(platform, *status, retry_after.as_ref(), body.as_ref());
        }
        Some(Kind::HtmlError { status }) => return html_error(*status),
        _ => {}
    }
    if let Some(seconds) = verdict.throttled {
        let mut response = refusal(platform, StatusCode::TOO_MANY_REQUESTS, "Too many requests");
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        return finish(response, verdict).await;
    }
    let (mut parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        return refusal(platform, StatusCode::PAYLOAD_TOO_LARGE, "The request body is too large or broken off");
    };
    parts.extensions.insert(Call::new(number, app.world_time(number), verdict));
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    finish(response, verdict).await
}

async fn wait(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
}

fn dropped() -> Response {
    let mut response = StatusCode::from_u16(444).unwrap_or(StatusCode::BAD_GATEWAY).into_response();
    response.extensions_mut().insert(Dropped);
    response
}

fn fault_status(
    platform: Platform,
    status: u16,
    retry_after: Option<&RetryAfter>,
    body: Option<&Value>,
) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = match body {
        None => refusal(platform, status, status.canonical_reason().unwrap_or("Error")),
        Some(Value::String(text)) => (status, text.clone()).into_response(),
        Some(json) => (status, axum::Json(json)).into_response(),
    };
    let value = match retry_after {
        None => None,
        Some(RetryAfter::Seconds(seconds)) => Some(HeaderValue::from(*seconds)),
        Some(RetryAfter::Text(text)) => HeaderValue::from_str(text).ok(),
    };
    if let Some(value) = value {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

fn html_error(status: Option<u16>) -> Response {
    let status =
        status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    let reason = status.canonical_reason().unwrap_or("Error");
    let page = format!(
        "<html>\r\n<head><title>{0} {reason}</title></head>\r\n<body>\r\n<center><h1>{0} {reason}</h1></center>\r\n</body>\r\n</html>\r\n",
        status.as_u16()
    );
    (status, [(header::CONTENT_TYPE, "text/html")], page).into_response()
}

/// The faults on the way back.
async fn finish(response: Response, verdict: &Verdict) -> Response {
    let spoil = match verdict.acting {
        Some(Kind::DropAfter) => return keep_items(&response, dropped()),
        Some(Kind::TruncateBody | Kind::BadJson) => verdict.acting.clone(),
        _ => None,
    };
    if spoil.is_none() && verdict.effects.bytes_per_second.is_none() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // Our own handlers' bodies: in memory and whole.
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let half = whole.slice(..whole.len() / 2);
    let (bytes, truncated) = match spoil {
        Some(Kind::TruncateBody) => {
            parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len().max(1)));
            (half, true)
        }
        Some(_) => {
            parts.headers.remove(header::CONTENT_LENGTH);
            (if half.is_empty() { Bytes::from_static(b"{\"") } else { half }, false)
        }
        None => (whole, false),
    };
    Response::from_parts(parts, paced(bytes, truncated, verdict.effects.bytes_per_second))
}

fn keep_items(from: &Response, mut to: Response) -> Response {
    if let Some(items) = from.extensions().get::<Items>() {
        to.extensions_mut().insert(*items);
    }
    to
}

/// A body that comes in tenths of a second, and may break off at its end.
fn paced(bytes: Bytes, truncated: bool, bytes_per_second: Option<u64>) -> Body {
    if !truncated && bytes_per_second.is_none() {
        return Body::from(bytes);
    }
    let chunk =
        bytes_per_second.map_or(usize::MAX, |pace| usize::try_from(pace / 10).unwrap_or(usize::MAX).max(1));
    let pause =
        bytes_per_second.map_or(Duration::ZERO, |pace| Duration::from_secs_f64(chunk as f64 / pace as f64));
    Body::from_stream(stream::unfold((bytes, truncated), move |(mut rest, truncated)| async move {
        if rest.is_empty() {
            // Lets the server send what it has: with an error at hand at once it would drop that, too.
            tokio::task::yield_now().await;
            let broken = std::io::Error::new(std::io::ErrorKind::ConnectionAborted, "body cut off by a fault");
            return truncated.then_some((Err(broken), (rest, false)));
        }
        wait(pause).await;
        let next = rest.split_to(chunk.min(rest.len()));
        Some((Ok(next), (rest, truncated)))
    }))
}

#[cfg(test)]
#[path = "pipeline_tests.rs"]
mod tests;
