//! Between domain values and columns: words, times, JSON. What does not decode is damage, never a guess.

use std::str::FromStr;

use jiff::civil::Date;
use jiff::{Span, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::{Result, StoreError};

/// A value as JSON text.
pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|error| StoreError::damaged(format!("cannot be written as JSON: {error}")))
}

/// A value from JSON text; `what` names the column for the error.
pub(crate) fn from_json<T: DeserializeOwned>(text: &str, what: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| StoreError::damaged(format!("{what} does not decode: {error}")))
}

/// One of our words, a time or an id from its text.
pub(crate) fn parse<T: FromStr>(text: &str, what: &str) -> Result<T> {
    text.parse().map_err(|_| StoreError::damaged(format!("{what} does not decode: {text}")))
}

/// A time that may be missing.
pub(crate) fn time(text: Option<&str>, what: &str) -> Result<Option<Timestamp>> {
    text.map(|text| parse(text, what)).transpose()
}
/// Days since 1970-01-01 of a time's date in UTC.
pub(crate) fn day(at: Timestamp) -> i32 {
    // A timestamp spans the years -9999 to 9999: fewer than four million days.
    at.as_second().div_euclid(86_400) as i32
}

/// The date of a number of days since 1970-01-01.
pub(crate) fn date(day: i32) -> Result<Date> {
    Span::new()
        .try_days(day)
        .and_then(|days| Date::constant(1970, 1, 1).checked_add(days))
        .map_err(|_| StoreError::damaged(format!("{day} is no day")))
}
