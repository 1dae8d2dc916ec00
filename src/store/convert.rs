//! Between domain values and columns: words, times, JSON. What does not decode is damage, never a guess.

use std::str::FromStr;

use jiff::civil::Date;
use jiff::{Span, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::codec::checksum;
use super::error::{Result, StoreError};

/// A value as JSON text, with a checksum behind it: a flipped bit must not turn one plan or outcome into another.
pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<String> {
    let json = serde_json::to_string(value)
        .map_err(|error| StoreError::damaged(format!("cannot be written as JSON: {error}")))?;
    Ok(sealed(&json))
}

/// A text with a checksum behind it.
pub(crate) fn sealed(text: &str) -> String {
    format!("{text}#{:016x}", checksum(text.as_bytes()))
}

/// A text without its checksum; `None` when it is not what was written. Older ones have none.
pub(crate) fn unsealed(text: &str) -> Option<&str> {
    match text.rsplit_once('#') {
        Some((text, sum)) if sum.len() == 16 => {
            (u64::from_str_radix(sum, 16) == Ok(checksum(text.as_bytes()))).then_some(text)
        }
        _ => Some(text),
    }
}

/// A value from JSON text; `what` names the column for the error. What was written before there were checksums has
/// none.
pub(crate) fn from_json<T: DeserializeOwned>(text: &str, what: &str) -> Result<T> {
    let broken = |why: &dyn std::fmt::Display| StoreError::damaged(format!("{what} does not decode: {why}"));
    let json = unsealed(text).ok_or_else(|| broken(&"it is not what was written"))?;
    serde_json::from_str(json).map_err(|error| broken(&error))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flipped_bit_anywhere_in_a_value_is_noticed_and_older_values_are_read() {
        let value = vec!["decaf #1".to_owned(), "#0123456789abcdef".to_owned()];
        let text = to_json(&value).unwrap();
        assert_eq!(from_json::<Vec<String>>(&text, "x").unwrap(), value);
        assert_eq!(from_json::<Vec<String>>(r#"["decaf #1"]"#, "x").unwrap(), ["decaf #1"]);
        for at in 0..text.len() {
            for bit in 0..7 {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                let flipped = String::from_utf8(bytes).unwrap();
                // A checksum in capitals says the same.
                if let Ok(read) = from_json::<Vec<String>>(&flipped, "x") {
                    assert_eq!(read, value, "{flipped}");
                }
            }
        }
    }
}
