//! Time as a value. The shell reads the clocks and hands this in; nothing in `domain` or `ui` reads time.

use std::time::Duration;

use jiff::Timestamp;

/// One reading of both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The time of day, for ages and dates that people see.
    pub wall: Timestamp,
    /// Time since the program's start, for waits and durations; never set back.
    pub monotonic: Duration,
}

/// An age in the fewest characters that help: `now`, `5 min`, `3 h`, `12 d`.
///
/// ```
/// use unbid::domain::clock::age;
/// let now: jiff::Timestamp = "2026-10-01T12:00:00Z".parse().unwrap();
/// assert_eq!(age("2026-10-01T11:58:00Z".parse().unwrap(), now), "2 min");
/// assert_eq!(age("2026-09-20T12:00:00Z".parse().unwrap(), now), "11 d");
/// ```
pub fn age(then: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second().saturating_sub(then.as_second());
    match seconds {
        ..60 => "now".to_owned(),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}
