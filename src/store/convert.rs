//! Between domain values and columns: words, times, JSON. What does not decode is damage, never a guess.

use std::str::FromStr;

use jiff::Timestamp;
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
