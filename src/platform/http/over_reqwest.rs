//! The transport for the real network: reqwest over rustls with the ring provider. No redirects, no
//! retries, bodies read with a limit.

use std::sync::OnceLock;
use std::time::Duration;

use bytes::BytesMut;
use futures::StreamExt;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::ExposeSecret;

use super::address::is_loopback;
use super::transport::{Transport, TransportError, WireRequest};
use crate::domain::request::{Method, Response};
use crate::platform::traits::Pending;

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(15);

/// Carries requests over the network. The clients are made at first use, so that a start off line costs nothing.
#[derive(Default)]
pub struct OverReqwest {
    /// For hosts elsewhere: the system's proxy applies.
    far: OnceLock<Result<reqwest::Client, String>>,
    /// For this machine: a proxy would be the wrong way round.
    near: OnceLock<Result<reqwest::Client, String>>,
}

fn client(loopback: bool) -> Result<reqwest::Client, String> {
    // reqwest is built without a TLS provider and panics at the first client unless one is installed for the
    // process. An error means that one is there already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(CONNECT)
        .tcp_nodelay(true);
    if loopback {
        builder = builder.no_proxy();
    } else {
        builder = builder.https_only(true);
    }
    builder.build().map_err(|error| words(&error))
}

impl Transport for OverReqwest {
    fn send(&self, request: WireRequest) -> Pending<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            let url = reqwest::Url::parse(&request.url)
                .map_err(|error| TransportError::NotConnected(error.to_string()))?;
            let loopback = is_loopback(&url);
            let slot = if loopback { &self.near } else { &self.far };
            let client = slot
                .get_or_init(|| client(loopback))
                .as_ref()
                .map_err(|why| TransportError::NotConnected(why.clone()))?;
            exchange(client, url, request).await
        })
    }
}

async fn exchange(
    client: &reqwest::Client,
    url: reqwest::Url,
    request: WireRequest,
) -> Result<Response, TransportError> {
    let method = match request.method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Delete => reqwest::Method::DELETE,
    };
    let headers = headers(&request).map_err(TransportError::NotConnected)?;
    let sent =
        client.request(method, url).headers(headers).timeout(request.timeout).body(request.body).send().await;
    let answer = sent.map_err(|error| {
        // A failure to connect is certain; anything later may have reached the other side.
        if error.is_connect() || error.is_builder() {
            TransportError::NotConnected(words(&error))
        } else {
            TransportError::Broken(words(&error))
        }
    })?;
    let status = answer.status().as_u16();
    let headers = answer
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let mut body = BytesMut::new();
    let mut chunks = answer.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| TransportError::Unreadable(words(&error)))?;
        if body.len() + chunk.len() > request.most_bytes {
            return Err(TransportError::Unreadable(format!(
                "the answer is larger than {} bytes",
                request.most_bytes
            )));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Response { status, headers, body: body.freeze() })
}

fn headers(request: &WireRequest) -> Result<HeaderMap, String> {
    let mut map = HeaderMap::with_capacity(request.headers.len() + request.secret_headers.len());
    let open = request.headers.iter().map(|(name, value)| (name, value.as_str(), false));
    let secret = request.secret_headers.iter().map(|(name, value)| (name, value.expose_secret(), true));
    for (name, value, sensitive) in open.chain(secret) {
        let key = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| format!("the header name {name:?} is not allowed"))?;
        // The value stays out of the message: it may be the secret.
        let mut value = HeaderValue::from_str(value)
            .map_err(|_| format!("the value of header {name} has characters that no header can carry"))?;
        value.set_sensitive(sensitive);
        map.append(key, value);
    }
    Ok(map)
}

/// An error with its causes, without the address: that is in the log already, and its query may be long.
fn words(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let mut deepest: &dyn std::error::Error = error;
    while let Some(cause) = deepest.source() {
        deepest = cause;
    }
    if std::ptr::eq(deepest, std::ptr::from_ref(error)) {
        return if error.is_connect() { "cannot connect".to_owned() } else { "the exchange failed".to_owned() };
    }
    deepest.to_string()
}
