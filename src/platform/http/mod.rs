//! One HTTP client for every platform: auth, pacing, retry, request log with masked secrets. It knows no
//! platform; what differs comes in by [`Setup`]. Start at [`Channel::send`]; everything goes out through a
//! [`Transport`].

mod address;
mod auth;
mod bucket;
mod channel;
mod download;
mod exchange;
mod log;
mod mask;
mod over_reqwest;
mod pace;
mod retry;
mod transport;
mod words;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::sync::{broadcast, watch};

pub use address::Origin;
pub use auth::{Auth, Fresh, Signed, Token, TokenCall, given};
pub use bucket::AT_ONCE;
pub use channel::{Channel, Explain, Setup};
pub use log::{Calls, Entry, Waiting};
pub use over_reqwest::OverReqwest;
pub use transport::{Transport, TransportError, WireRequest};
pub use words::{Complaint, gist, one_line};

use crate::domain::account::AccountName;
use crate::domain::problem::Problem;
use crate::domain::request::Response;

/// Reads the time of day; handed in by the shell. Needed for signatures, log entries, `Retry-After` as a date.
pub type Wall = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What this client calls itself.
pub const USER_AGENT: &str = concat!("unbid/", env!("CARGO_PKG_VERSION"));

/// The client that every connection shares: the transport, the buckets, the tokens, the request log.
pub struct Http {
    transport: Arc<dyn Transport>,
    wall: Wall,
    buckets: Mutex<HashMap<String, Arc<bucket::Bucket>>>,
    hosts: Mutex<HashMap<String, Arc<bucket::Host>>>,
    tokens: Mutex<HashMap<[u8; 32], Arc<Token>>>,
    log: log::Log,
    dice: retry::Dice,
}

impl Http {
    /// A client over a transport, with the time of day from `wall`.
    pub fn new(transport: Arc<dyn Transport>, wall: Wall) -> Arc<Self> {
        let seed = wall().as_nanosecond().unsigned_abs() as u64;
        Arc::new(Self {
            transport,
            wall,
            buckets: Mutex::default(),
            hosts: Mutex::default(),
            tokens: Mutex::default(),
            log: log::Log::default(),
            dice: retry::Dice::new(seed),
        })
    }

    /// The client for the real network.
    pub fn over_network(wall: Wall) -> Arc<Self> {
        Self::new(Arc::new(OverReqwest::default()), wall)
    }

    /// The time of day.
    pub fn now(&self) -> Timestamp {
        (self.wall)()
    }

    /// A way to one API with one account's credentials. Channels with the same bucket key share its pace.
    pub fn channel(self: &Arc<Self>, setup: Setup) -> Channel {
        let host = held(&self.hosts).entry(setup.origin.as_str().to_owned()).or_default().clone();
        let mut buckets = held(&self.buckets);
        let number = buckets.len();
        let bucket = buckets
            .entry(setup.bucket.clone())
            .or_insert_with(|| Arc::new(bucket::Bucket::new(number, host)))
            .clone();
        drop(buckets);
        Channel::new(Arc::clone(self), setup, bucket)
    }

    /// The cached access token of a credential, shared by every account that names the same parts (token
    /// address, client, refresh token). Only a hash of the parts is kept.
    pub fn token(&self, credential: &[&str]) -> Arc<Token> {
        let mut hash = ring::digest::Context::new(&ring::digest::SHA256);
        for part in credential {
            hash.update(&(part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        let mut key = [0; 32];
        key.copy_from_slice(hash.finish().as_ref());
        held(&self.tokens).entry(key).or_default().clone()
    }

    /// Asks a token endpoint: a form out, any answer back. Asking twice is harmless, so lost answers, 429 and
    /// 5xx are tried again; the log gets the path and the status, never the form or the answer.
    pub async fn exchange(&self, account: &AccountName, call: TokenCall) -> Result<Response, Problem> {
        exchange::exchange(self, account, call).await
    }

    /// Fetches a file that a platform made, from whatever host the platform keeps it on (https, or this machine), without
    /// credentials. Tried again as a reading call is; the log and errors get its address without the query.
    pub async fn download(
        &self,
        platform: &str,
        account: &AccountName,
        operation: &str,
        url: &str,
    ) -> Result<bytes::Bytes, Problem> {
        download::download(self, platform, account, operation, url).await
    }

    /// The newest entries of the request log, oldest first.
    pub fn log(&self) -> Vec<Arc<Entry>> {
        self.log.entries()
    }

    /// How many calls each account has made since the start, and how many met a throttle.
    pub fn calls(&self) -> BTreeMap<AccountName, Calls> {
        self.log.calls()
    }

    /// New entries of the request log as they come.
    pub fn follow_log(&self) -> broadcast::Receiver<Arc<Entry>> {
        self.log.follow()
    }

    /// The calls that wait because a platform asked to slow down or a call is tried again.
    pub fn waiting(&self) -> watch::Receiver<Vec<Waiting>> {
        self.log.waiting()
    }
}

/// What a mutex guards, also after a panic elsewhere: every guarded value here is whole between statements.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
