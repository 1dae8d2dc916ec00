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

/// What is left of a wait of `whole` that began at `since`: all of it when the clock was set back meanwhile,
/// because then nobody knows how much has passed.
pub(super) fn left(since: Timestamp, now: Timestamp, whole: Duration) -> Duration {
    match Duration::try_from(now.duration_since(since)) {
        Ok(passed) => whole.saturating_sub(passed),
        Err(_) => whole,
    }
}

/// `now` plus a wait, for people: when it will be over.
pub(super) fn after(now: Timestamp, wait: Duration) -> Timestamp {
    jiff::SignedDuration::try_from(wait).ok().and_then(|wait| now.checked_add(wait).ok()).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_shrinks_with_time_and_starts_anew_when_the_clock_was_set_back() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let whole = Duration::from_secs(15);
        let since = at("2026-10-01T12:00:00Z");
        assert_eq!(left(since, at("2026-10-01T12:00:05Z"), whole), Duration::from_secs(10));
        assert_eq!(left(since, at("2026-10-01T13:00:00Z"), whole), Duration::ZERO);
        assert_eq!(left(since, at("2026-10-01T11:00:00Z"), whole), whole);
    }
}
