//! The request log: what `GET /requests` answers. Kept in memory, the oldest entries go when it is full.

use std::collections::VecDeque;

use jiff::Timestamp;
use serde::Serialize;

use super::platform::Platform;

/// More calls than any test makes; a bound all the same.
const KEPT: usize = 200_000;

/// One call.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// `req-1` and on; what negatives keep as `created_by_request`.
    pub id: String,
    /// When it came, by the real clock.
    pub time: String,
    /// The listener it came to.
    pub platform: Platform,
    /// HTTP method.
    pub method: String,
    /// Path as received.
    pub path: String,
    /// Query as received, if any.
    pub query: Option<String>,
    /// Answered status; null while in work and when the connection was closed without an answer.
    pub status: Option<u16>,
    /// Items of the batch that was sent, or of the list that was given; null for other calls.
    pub items: Option<usize>,
    /// The fault that acted on it, if any.
    pub fault: Option<&'static str>,
}

/// The entries, and the number of the next call.
#[derive(Debug, Default)]
pub struct RequestLog {
    entries: VecDeque<Entry>,
    /// Calls so far; the newest has this number.
    count: u32,
}

/// How a request's number is written.
pub fn request_id(number: u32) -> String {
    format!("req-{number}")
}

impl RequestLog {
    /// Notes that a call came, and gives its number (from 1).
    pub fn begin(&mut self, platform: Platform, method: &str, path: &str, query: Option<&str>) -> u32 {
        self.count += 1;
        if self.entries.len() == KEPT {
            self.entries.pop_front();
        }
        self.entries.push_back(Entry {
            id: request_id(self.count),
            time: Timestamp::now().to_string(),
            platform,
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.map(str::to_owned),
            status: None,
            items: None,
            fault: None,
        });
        self.count
    }

    /// Notes how a call ended; nothing when its entry is gone already.
    pub fn end(&mut self, number: u32, status: Option<u16>, items: Option<usize>, fault: Option<&'static str>) {
        let age = self.count.checked_sub(number).map(|age| age as usize + 1);
        let place = age.and_then(|age| self.entries.len().checked_sub(age));
        if let Some(entry) = place.and_then(|place| self.entries.get_mut(place)) {
            entry.status = status;
            entry.items = items;
            entry.fault = fault;
        }
    }

    /// All entries, oldest first.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_that_end_out_of_order_keep_their_own_entries() {
        let mut log = RequestLog::default();
        let first = log.begin(Platform::Sams, "GET", "/a", None);
        let second = log.begin(Platform::Ebay, "POST", "/b", Some("x=1"));
        log.end(second, Some(200), Some(3), None);
        log.end(first, None, None, Some("drop_after"));
        log.end(99, Some(500), None, None);
        let entries: Vec<_> = log.entries().collect();
        assert_eq!((entries[0].status, entries[0].fault), (None, Some("drop_after")));
        assert_eq!((entries[1].status, entries[1].items), (Some(200), Some(3)));
        assert_eq!(entries[1].id, request_id(second));
    }
}
