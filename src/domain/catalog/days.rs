//! Days as small numbers: what the catalog keeps of a date. Rows of search terms show them as [`Day`]; of negatives only
//! [`builder`](super::builder) and [`view`](super::view) see the bare numbers.

use jiff::civil::Date;

/// Days are counted from the last day of 1999, so that 0 can stand for "not known"; the last one is in 2179.
const BEFORE_FIRST: Date = Date::constant(1999, 12, 31);

/// The number of a day; days outside of the range become its nearest end.
pub(super) fn number(day: Date) -> u16 {
    let days = (day - BEFORE_FIRST).get_days();
    u16::try_from(days.max(1)).unwrap_or(u16::MAX)
}

/// The day of a number; `None` for 0.
pub(super) fn day(number: u16) -> Option<Date> {
    let days = jiff::Span::new().days(i64::from(number));
    if number == 0 { None } else { BEFORE_FIRST.checked_add(days).ok() }
}

/// A day in two bytes, from the first of January 2000 to 2179; days outside of that become its nearest end.
///
/// ```
/// use jiff::civil::date;
/// use unbid::domain::catalog::Day;
/// let day = Day::from(date(2026, 9, 30));
/// assert!(day > Day::from(date(2026, 9, 1)));
/// assert_eq!(day.back(29).date(), date(2026, 9, 1));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(u16);

impl From<Date> for Day {
    fn from(date: Date) -> Self {
        Self(number(date))
    }
}

impl Day {
    /// The date.
    pub fn date(self) -> Date {
        day(self.0).unwrap_or(BEFORE_FIRST)
    }

    /// The day so many days before.
    #[must_use]
    pub fn back(self, days: u16) -> Self {
        Self(self.0.saturating_sub(days).max(1))
    }

    /// How many days lie between a day and a later one; 0 for an earlier one.
    pub fn until(self, later: Self) -> u16 {
        later.0.saturating_sub(self.0)
    }
}

/// Sorts instants and days together: microseconds since 1970, moved so that none is negative.
pub(super) fn instant_key(micros: i64) -> u64 {
    micros.cast_unsigned() ^ (1 << 63)
}

/// The key of a day's first instant in UTC.
pub(super) fn number_start(number: u16) -> u64 {
    /// Days from 1970-01-01 to the day before the first.
    const OFFSET: i64 = 10_956;
    instant_key((i64::from(number) + OFFSET) * 86_400_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_come_back_and_the_rest_is_brought_into_range() {
        let date = |text: &str| text.parse::<Date>().unwrap();
        for text in ["2000-01-01", "2024-02-29", "2026-10-01", "2179-06-05"] {
            assert_eq!(day(number(date(text))), Some(date(text)), "{text}");
        }
        assert_eq!(number(date("1970-01-01")), 1);
        assert_eq!(number(date("2999-01-01")), u16::MAX);
        assert_eq!(day(0), None);
    }

    #[test]
    fn days_and_instants_sort_together() {
        let instant = |text: &str| instant_key(text.parse::<jiff::Timestamp>().unwrap().as_microsecond());
        let start = number_start(number("2026-10-01".parse().unwrap()));
        assert_eq!(start, instant("2026-10-01T00:00:00Z"));
        assert!(instant("1969-12-31T00:00:00Z") < instant("1970-01-01T00:00:00Z"));
    }
}
