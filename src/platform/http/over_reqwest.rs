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

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// Answers one connection with these bytes, then closes it; gives what was asked.
    async fn answered(answer: &'static str, most_bytes: usize) -> (Result<Response, TransportError>, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/x?y=1", listener.local_addr().unwrap());
        let serve = async {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut asked = vec![0; 4_096];
            let length = socket.read(&mut asked).await.unwrap();
            socket.write_all(answer.as_bytes()).await.unwrap();
            socket.shutdown().await.unwrap();
            asked.truncate(length);
            String::from_utf8(asked).unwrap()
        };
        let transport = OverReqwest::default();
        tokio::join!(transport.send(request(url, most_bytes)), serve)
    }

    fn request(url: String, most_bytes: usize) -> WireRequest {
        WireRequest {
            method: Method::Post,
            url,
            headers: vec![("Content-Type".into(), "application/vnd.spCampaign.v3+json".into())],
            secret_headers: vec![("Authorization".into(), "Bearer t".into())],
            body: Bytes::from_static(b"{}"),
            timeout: Duration::from_mins(1),
            most_bytes,
        }
    }

    #[tokio::test]
    async fn headers_go_out_as_given_and_the_answer_comes_whole() {
        let (end, asked) = answered("HTTP/1.1 207 x\r\nContent-Length: 2\r\nX-Amz-Rid: R\r\n\r\n{}", 100).await;
        let answer = end.unwrap();
        assert_eq!((answer.status, &answer.body[..]), (207, &b"{}"[..]));
        assert_eq!(answer.header("x-amz-rid"), Some("R"));
        let asked = asked.to_lowercase();
        assert!(asked.starts_with("post /x?y=1 http/1.1\r\n"), "{asked}");
        assert!(asked.contains("content-type: application/vnd.spcampaign.v3+json\r\n"), "{asked}");
        assert!(asked.contains("authorization: bearer t\r\n"), "{asked}");
    }

    #[tokio::test]
    async fn a_redirect_is_an_answer_and_is_not_followed() {
        let (end, _) =
            answered("HTTP/1.1 302 x\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", 100).await;
        assert_eq!(end.unwrap().status, 302);
    }

    #[tokio::test]
    async fn what_may_have_arrived_is_told_from_what_cannot_have() {
        let (closed, _) = answered("", 100).await;
        assert!(matches!(closed, Err(TransportError::Broken(_))), "{closed:?}");
        let (cut, _) = answered("HTTP/1.1 200 x\r\nContent-Length: 9\r\n\r\n{}", 100).await;
        assert!(matches!(cut, Err(TransportError::Unreadable(_))), "{cut:?}");
        let (large, _) = answered("HTTP/1.1 200 x\r\nContent-Length: 9\r\n\r\n123456789", 8).await;
        assert!(matches!(large, Err(TransportError::Unreadable(_))), "{large:?}");
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let nobody = OverReqwest::default().send(request(format!("http://{free}/"), 100)).await;
        assert!(matches!(nobody, Err(TransportError::NotConnected(_))), "{nobody:?}");
    }

    #[tokio::test]
    async fn plain_http_goes_to_this_machine_only() {
        let end = OverReqwest::default().send(request("http://203.0.113.1/".into(), 100)).await;
        assert!(matches!(end, Err(TransportError::NotConnected(_))), "{end:?}");
    }
}
