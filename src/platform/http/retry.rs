//! Classify first, then decide: what an attempt's end means, and whether the call may go out again. Pure but
//! for [`Dice`]; the loop that acts on it is [`Channel`](super::Channel).

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::Timestamp;

use super::transport::TransportError;
use crate::domain::request::{Class, Response};

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// An answer that is for the caller: success, or a refusal of what was asked.
    Answer,
    /// 429: nothing was done.
    Throttled,
    /// The token or signature has expired: nothing was done.
    Expired,
    /// 5xx or 408: whatever was asked may have been done.
    Failed,
    /// 3xx: never followed, for credentials must not go to another host.
    Redirected,
    /// No connection: nothing was done.
    NotConnected,
    /// The line broke: it may have been done.
    Broken,
    /// The answer could not be read: it may have been done.
    Unreadable,
}

/// What to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Hand the answer to the caller.
    Answer,
    /// Wait, then send again.
    Again,
    /// Drop the token, then send again at once.
    Refresh,
    /// Stop; nothing can have happened.
    NotSent,
    /// Stop; only a listing can tell what happened.
    Unknown,
}

/// What was tried already.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tries {
    /// Attempts that were throttled.
    pub(super) throttled: u32,
    /// Attempts that failed otherwise.
    pub(super) failed: u32,
    /// Whether the token was renewed for this call.
    pub(super) refreshed: bool,
    /// Whether an attempt of this call may have been done although no answer came.
    pub(super) in_doubt: bool,
}

impl Tries {
    /// Counts an attempt after which there is another.
    pub(super) fn count(&mut self, kind: End) {
        match kind {
            End::Throttled => self.throttled += 1,
            _ => self.failed += 1,
        }
    }
}

/// How often a throttled call is sent again.
const MOST_THROTTLED: u32 = 12;
/// How often a failed one is.
const MOST_FAILED: u32 = 4;
/// A platform that asks for a longer wait than this gets an error instead.
pub(super) const MOST_WAIT: Duration = Duration::from_mins(10);

pub(super) fn classify(end: &Result<Response, TransportError>, expired: bool) -> End {
    match end {
        Ok(_) if expired => End::Expired,
        Ok(response) => match response.status {
            429 => End::Throttled,
            408 | 500.. => End::Failed,
            300..=399 => End::Redirected,
            _ => End::Answer,
        },
        Err(TransportError::NotConnected(_)) => End::NotConnected,
        Err(TransportError::Broken(_)) => End::Broken,
        Err(TransportError::Unreadable(_)) => End::Unreadable,
    }
}

/// `wait` is what the platform asked for, if it did.
pub(super) fn decide(class: Class, end: End, tries: &Tries, wait: Option<Duration>) -> Next {
    // An earlier attempt of an update may have been done: then nothing later can say "not sent".
    let stop = if tries.in_doubt && class != Class::Read { Next::Unknown } else { Next::NotSent };
    let patient = wait.is_none_or(|wait| wait <= MOST_WAIT);
    match end {
        End::Answer => Next::Answer,
        End::Expired if tries.refreshed => stop,
        End::Expired => Next::Refresh,
        End::Throttled if tries.throttled < MOST_THROTTLED && patient => Next::Again,
        End::NotConnected if tries.failed < MOST_FAILED => Next::Again,
        End::Redirected | End::Throttled | End::NotConnected => stop,
        End::Failed | End::Broken | End::Unreadable => match class {
            Class::Read | Class::Update if tries.failed < MOST_FAILED && patient => Next::Again,
            Class::Read => Next::NotSent,
            Class::Create | Class::Update => Next::Unknown,
        },
    }
}

/// How long to wait before attempt number `failed + 1`: half a second, doubling, at most 30 s, between half and
/// all of it.
pub(super) fn backoff(failed: u32, dice: &Dice) -> Duration {
    let whole = Duration::from_millis(500 << failed.min(6)).min(Duration::from_secs(30));
    whole.mul_f64(0.5 + 0.5 * dice.throw())
}

/// What `Retry-After` asks for: seconds, or a date that is measured against the answer's own `Date` where there
/// is one, so that a wrong clock here does no harm (RFC 9110, 10.2.3).
pub(super) fn retry_after(response: &Response, now: Timestamp) -> Option<Duration> {
    let asked = response.header("retry-after")?.trim();
    if let Ok(seconds) = asked.parse::<f64>() {
        // More than a duration holds is still a wish to be left alone.
        return (seconds >= 0.0).then(|| Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX));
    }
    let until = date(asked)?;
    let now = response.header("date").and_then(date).unwrap_or(now);
    Some(Duration::try_from(until.duration_since(now)).unwrap_or_default())
}

/// A date as HTTP writes it.
pub(super) fn date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text.trim()).ok()
}

/// Numbers that need only differ between processes: jitter, not secrets.
pub(super) struct Dice(AtomicU64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// A number from 0 to 1 (splitmix64).
    fn throw(&self) -> f64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut x = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ (x >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRESH: Tries = Tries { throttled: 0, failed: 0, refreshed: false, in_doubt: false };

    #[test]
    fn a_create_goes_out_again_only_when_nothing_can_have_happened() {
        for (end, next) in [
            (End::Throttled, Next::Again),
            (End::NotConnected, Next::Again),
            (End::Expired, Next::Refresh),
            (End::Failed, Next::Unknown),
            (End::Broken, Next::Unknown),
            (End::Unreadable, Next::Unknown),
            (End::Redirected, Next::NotSent),
            (End::Answer, Next::Answer),
        ] {
            assert_eq!(decide(Class::Create, end, &FRESH, None), next, "{end:?}");
        }
        let again = Tries { refreshed: true, ..FRESH };
        assert_eq!(decide(Class::Create, End::Expired, &again, None), Next::NotSent);
    }

    #[test]
    fn reads_and_updates_are_tried_again_and_an_update_in_doubt_stays_in_doubt() {
        for end in [End::Throttled, End::Failed, End::NotConnected, End::Broken, End::Unreadable] {
            assert_eq!(decide(Class::Read, end, &FRESH, None), Next::Again, "{end:?}");
            assert_eq!(decide(Class::Update, end, &FRESH, None), Next::Again, "{end:?}");
        }
        let spent = Tries { failed: MOST_FAILED, in_doubt: true, ..FRESH };
        assert_eq!(decide(Class::Read, End::Broken, &spent, None), Next::NotSent);
        assert_eq!(decide(Class::Update, End::Broken, &spent, None), Next::Unknown);
        assert_eq!(decide(Class::Update, End::NotConnected, &spent, None), Next::Unknown);
    }

    #[test]
    fn an_hour_is_too_long_to_wait() {
        let hour = Some(Duration::from_hours(1));
        assert_eq!(decide(Class::Read, End::Throttled, &FRESH, hour), Next::NotSent);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = "2026-10-01T00:00:00Z".parse().unwrap();
        let ask = |headers: &[(&str, &str)]| {
            let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
            retry_after(&Response { status: 429, headers, body: bytes::Bytes::new() }, now)
        };
        assert_eq!(ask(&[("retry-after", "3")]), Some(Duration::from_secs(3)));
        assert_eq!(ask(&[("retry-after", "Thu, 01 Oct 2026 00:00:07 GMT")]), Some(Duration::from_secs(7)));
        assert_eq!(ask(&[("retry-after", "Wed, 30 Sep 2026 00:00:07 GMT")]), Some(Duration::ZERO));
        let own_clock = ("date", "Wed, 30 Sep 2026 00:00:02 GMT");
        assert_eq!(
            ask(&[("retry-after", "Wed, 30 Sep 2026 00:00:07 GMT"), own_clock]),
            Some(Duration::from_secs(5))
        );
        assert_eq!(ask(&[("retry-after", "1e300")]), Some(Duration::MAX));
        assert_eq!(ask(&[("retry-after", "soon")]), None);
        assert_eq!(ask(&[("retry-after", "-1")]), None);
        assert_eq!(ask(&[]), None);
    }

    #[test]
    fn backoff_grows_to_half_a_minute_with_jitter() {
        let dice = Dice::new(7);
        for failed in 0..100 {
            let wait = backoff(failed, &dice);
            let whole = Duration::from_millis(500 << failed.min(6)).min(Duration::from_secs(30));
            assert!(wait >= whole / 2 && wait <= whole, "{failed}: {wait:?}");
        }
        assert_ne!(backoff(3, &dice), backoff(3, &dice));
    }
}
