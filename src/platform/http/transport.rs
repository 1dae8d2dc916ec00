//! What carries requests: reqwest ([`OverReqwest`](super::OverReqwest)), or in tests a server in the same
//! process. A transport retries nothing, follows no redirect and logs nothing.

use std::time::Duration;

use secrecy::SecretString;

use crate::domain::request::{Method, Response};
use crate::platform::traits::Pending;

/// A request with everything on it, secrets too: made just before the send, never logged or stored.
pub struct WireRequest {
    /// The verb.
    pub method: Method,
    /// The absolute address.
    pub url: String,
    /// Headers that are no secret.
    pub headers: Vec<(String, String)>,
    /// Headers that are.
    pub secret_headers: Vec<(String, SecretString)>,
    /// The body; a token call's body is a secret too.
    pub body: bytes::Bytes,
    /// How long the whole exchange may take.
    pub timeout: Duration,
    /// The most bytes of body that are read.
    pub most_bytes: usize,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransportError {
    /// No connection was made: nothing can have happened.
    NotConnected(String),
    /// The line broke or the time ran out after bytes may have gone out.
    Broken(String),
    /// An answer came that could not be read whole: too large, cut short.
    Unreadable(String),
}

/// Carries a request and brings its answer. Follows no redirect.
pub trait Transport: Send + Sync {
    /// Sends one request and reads the whole answer.
    fn send(&self, request: WireRequest) -> Pending<'_, Result<Response, TransportError>>;
}
