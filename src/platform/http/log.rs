//! The request log: what was asked, what came, how long it took. A ring in memory, a broadcast for the
//! screen, a tracing event for `-v`. No header and no body ever comes in here.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{broadcast, watch};

use super::held;
use crate::domain::account::AccountName;
use crate::domain::request::Method;
use crate::domain::text::shown;

/// How many entries are kept.
const KEPT: usize = 2_000;

/// One attempt of one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number in this process, from 1.
    pub number: u64,
    /// When it began.
    pub when: Timestamp,
    /// Whose it is.
    pub account: AccountName,
    /// The platform's own name of the operation.
    pub operation: String,
    /// The verb.
    pub method: Method,
    /// Scheme, host and port.
    pub origin: String,
    /// Path and query, harmless to show.
    pub path: String,
    /// The answer's status; `None` when none came.
    pub status: Option<u16>,
    /// How long it took.
    pub took: Duration,
    /// Which attempt of the call it was, from 1.
    pub attempt: u32,
    /// What was wrong, and what is done about it; `None` when all is well.
    pub problem: Option<String>,
}

impl Entry {
    /// How often the call had been sent before.
    pub fn retries(&self) -> u32 {
        self.attempt.saturating_sub(1)
    }
}

/// A call that waits before it is sent (again).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Tells it from the others.
    pub number: u64,
    /// Whose it is.
    pub account: AccountName,
    /// Until when.
    pub until: Timestamp,
    /// Why, in words: `asked to slow down`, `server error 503`.
    pub why: String,
}

/// Calls of one account since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Calls {
    /// How many were made, repeated ones each time.
    pub made: u64,
    /// How many of them met a throttle.
    pub throttled: u64,
}

impl std::fmt::Display for Calls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} made, {} met a throttle", self.made, self.throttled)
    }
}

pub(super) struct Log {
    ring: Mutex<(u64, VecDeque<Arc<Entry>>)>,
    /// Counted apart: the ring forgets.
    calls: Mutex<BTreeMap<AccountName, Calls>>,
    sender: broadcast::Sender<Arc<Entry>>,
    waiting: watch::Sender<Vec<Waiting>>,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            ring: Mutex::default(),
            calls: Mutex::default(),
            sender: broadcast::channel(256).0,
            waiting: watch::channel(Vec::new()).0,
        }
    }
}

impl Log {
    /// Writes an entry; its number is given here.
    pub(super) fn write(&self, mut entry: Entry) {
        entry.path = shown(&entry.path).to_string();
        entry.problem = entry.problem.map(|text| shown(&text).to_string());
        {
            let mut calls = held(&self.calls);
            let calls = calls.entry(entry.account.clone()).or_default();
            calls.made += 1;
            calls.throttled += u64::from(entry.status == Some(429));
        }
        let entry = {
            let mut ring = held(&self.ring);
            ring.0 += 1;
            entry.number = ring.0;
            let entry = Arc::new(entry);
            if ring.1.len() == KEPT {
                ring.1.pop_front();
            }
            ring.1.push_back(Arc::clone(&entry));
            entry
        };
        tracing::info!(
            target: "unbid::http",
            account = %entry.account,
            status = entry.status,
            ms = entry.took.as_millis() as u64,
            attempt = entry.attempt,
            problem = entry.problem.as_deref(),
            "{} {}{}", entry.method, entry.origin, entry.path
        );
        // An error means that nobody listens, which is fine.
        let _ = self.sender.send(entry);
    }

    pub(super) fn entries(&self) -> Vec<Arc<Entry>> {
        held(&self.ring).1.iter().cloned().collect()
    }

    pub(super) fn calls(&self) -> BTreeMap<AccountName, Calls> {
        held(&self.calls).clone()
    }

    pub(super) fn follow(&self) -> broadcast::Receiver<Arc<Entry>> {
        self.sender.subscribe()
    }

    pub(super) fn waiting(&self) -> watch::Receiver<Vec<Waiting>> {
        self.waiting.subscribe()
    }

    /// Shows a wait until the guard goes, also when the call is cancelled.
    pub(super) fn show_wait(&self, account: &AccountName, until: Timestamp, why: &str) -> WaitGuard<'_> {
        let mut number = 0;
        self.waiting.send_modify(|all| {
            number = all.last().map_or(1, |last| last.number + 1);
            let why = shown(why).to_string();
            all.push(Waiting { number, account: account.clone(), until, why });
        });
        WaitGuard { log: self, number }
    }
}

/// Takes a shown wait back when dropped.
pub(super) struct WaitGuard<'a> {
    log: &'a Log,
    number: u64,
}

impl Drop for WaitGuard<'_> {
    fn drop(&mut self) {
        self.log.waiting.send_modify(|all| all.retain(|wait| wait.number != self.number));
    }
}
