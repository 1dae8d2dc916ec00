//! One HTTP client for every platform: auth, pacing, retry, request log with masked secrets. Everything
//! goes out through a [`Transport`](transport::Transport).

pub mod transport;

use std::sync::Arc;

/// The client that every connection shares.
pub struct Http {
    /// What carries the bytes.
    #[allow(dead_code, reason = "the caller that uses it comes next")]
    transport: Arc<dyn transport::Transport>,
}

impl Http {
    /// A client over a transport.
    pub fn new(transport: Arc<dyn transport::Transport>) -> Arc<Self> {
        Arc::new(Self { transport })
    }
}
