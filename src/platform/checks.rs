//! What every platform's `check` has in common: how far the clocks are apart. Knows no platform.

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::Response;

use super::traits::Check;

/// Compares this machine's clock with the `Date` of an answer (RFC 9110, 6.6.1); `None` where it has none.
pub fn clock(response: &Response, now: Timestamp, most: Duration) -> Option<Check> {
    let theirs =
        jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(response.header("date")?.trim()).ok()?;
    let apart = now.duration_since(theirs).unsigned_abs();
    let result = if apart <= most {
        Ok(format!("{} s apart", apart.as_secs()))
    } else {
        let word = if now > theirs { "ahead" } else { "behind" };
        Err(Problem::new(ProblemKind::Auth, format!("This machine's clock is {} s {word}", apart.as_secs()))
            .detail(format!("the platform says {theirs}, this machine {now}"))
            .hint("Set the clock (turn on network time), then try again."))
    };
    Some(Check { what: "clock".to_owned(), result })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(date: Option<&str>) -> Option<Check> {
        let headers = date.map(|date| ("date".to_owned(), date.to_owned())).into_iter().collect();
        let response = Response { status: 200, headers, body: bytes::Bytes::new() };
        clock(&response, "2026-10-01T00:03:00Z".parse().unwrap(), Duration::from_mins(1))
    }

    #[test]
    fn a_clock_that_is_off_is_told_with_its_direction() {
        assert!(check(Some("Thu, 01 Oct 2026 00:02:30 GMT")).unwrap().result.is_ok());
        let ahead = check(Some("Thu, 01 Oct 2026 00:00:00 GMT")).unwrap().result.unwrap_err();
        assert_eq!(ahead.title, "This machine's clock is 180 s ahead");
        let behind = check(Some("Thu, 01 Oct 2026 00:06:01 GMT")).unwrap().result.unwrap_err();
        assert_eq!(behind.title, "This machine's clock is 181 s behind");
        assert_eq!(check(None), None);
        assert_eq!(check(Some("yesterday")), None);
    }
}
