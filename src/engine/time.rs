//! What the engine reads of the world besides store and platforms: the time of day and new ids. Waiting is
//! tokio's, so that a test that pauses its clock and hands in a [`Time`] of its own owns all of time.

use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

/// The time of day, and ids that nobody else has.
pub trait Time: Send + Sync {
    /// The time of day: for what people see, and for ages across restarts.
    fn now(&self) -> Timestamp;

    /// A new id, ordered by time.
    fn id(&self) -> Uuid;
}

/// The machine's clock and randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemTime;

impl Time for SystemTime {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn id(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// `now` plus a wait, for people: when it will be over.
pub(super) fn after(now: Timestamp, wait: Duration) -> Timestamp {
    jiff::SignedDuration::try_from(wait).ok().and_then(|wait| now.checked_add(wait).ok()).unwrap_or(now)
}
