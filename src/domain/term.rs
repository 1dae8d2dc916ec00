//! Search terms: what people typed before an ad was shown, as a platform's report tells it, and what they did then.
//! Pure values; a million of them in memory are [`Terms`](super::catalog::Terms).

mod column;
mod review;

use std::ops::{Add, AddAssign};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::ids::{AdGroupId, CampaignId};
use super::money::{Currency, Micros};
use super::text::Text;

pub use column::TermColumn;
pub use review::{Review, ReviewKey};

/// What came of showing ads for a search term. Sums of money are of one currency only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// How often an ad was shown.
    pub impressions: u64,
    /// How often it was clicked.
    pub clicks: u64,
    /// What the clicks cost.
    pub spend: Micros,
    /// How many orders the platform ascribes to them.
    pub orders: u64,
    /// What those orders were worth.
    pub sales: Micros,
}

impl Add for Figures {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            impressions: self.impressions.saturating_add(other.impressions),
            clicks: self.clicks.saturating_add(other.clicks),
            spend: self.spend + other.spend,
            orders: self.orders.saturating_add(other.orders),
            sales: self.sales + other.sales,
        }
    }
}

impl AddAssign for Figures {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl std::iter::Sum for Figures {
    fn sum<I: Iterator<Item = Self>>(figures: I) -> Self {
        figures.fold(Self::default(), Add::add)
    }
}

/// A campaign or an ad group as a report names it: files made for people often know no ids.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Named<I> {
    /// By its native id.
    Id(I),
    /// By its name.
    Name(Text),
}

impl<I> Named<I> {
    /// The id, where it is known.
    pub fn id(&self) -> Option<&I> {
        match self {
            Self::Id(id) => Some(id),
            Self::Name(_) => None,
        }
    }
}

/// One row of a search-term report. Amounts are in the currency of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermRow {
    /// Its campaign.
    pub campaign: Named<CampaignId>,
    /// Its ad group; `None` where the report tells none.
    pub ad_group: Option<Named<AdGroupId>>,
    /// The term as the report writes it; a product page shows as its ASIN in lower case.
    pub text: Text,
    /// The first day that the figures count.
    pub from: Date,
    /// The last one; the same as `from` where the report has a row for each day.
    pub to: Date,
    /// What came of it.
    pub figures: Figures,
    /// The currency of its amounts.
    pub currency: Currency,
}

/// Days of a report, both ends counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TermPeriod {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

impl TermPeriod {
    /// Whether they share a day.
    ///
    /// ```
    /// use unbid::domain::term::TermPeriod;
    /// let days = |from: &str, to: &str| TermPeriod { from: from.parse().unwrap(), to: to.parse().unwrap() };
    /// assert!(days("2026-09-01", "2026-09-30").overlaps(days("2026-09-30", "2026-10-02")));
    /// assert!(!days("2026-09-01", "2026-09-30").overlaps(days("2026-10-01", "2026-10-02")));
    /// ```
    pub fn overlaps(self, other: Self) -> bool {
        self.from <= other.to && other.from <= self.to
    }

    /// Whether a day is one of them.
    pub fn has(self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }

    /// The days from the first to the last of both.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        Self { from: self.from.min(other.from), to: self.to.max(other.to) }
    }
}

impl std::fmt::Display for TermPeriod {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} to {}", self.from, self.to)
    }
}

/// The ASIN that a search term is, in the form that a product negative has; `None` when it is a search for words.
///
/// Amazon's reports print product pages as ASINs in lower case among the search terms ("Search term report", Amazon Ads
/// API documentation). Ten letters alone may be a word, so that only `b0…` and the ten digits of an ISBN count.
///
/// ```
/// use unbid::domain::term::asin_of;
/// assert_eq!(asin_of("b00ipgvvz4").as_deref(), Some("B00IPGVVZ4"));
/// assert_eq!(asin_of("030640615x"), None, "its check digit is wrong");
/// assert_eq!(asin_of("0306406152").as_deref(), Some("0306406152"));
/// assert_eq!(asin_of("headphones"), None);
/// ```
pub fn asin_of(term: &str) -> Option<String> {
    let bytes = term.as_bytes();
    if bytes.len() != 10 || !bytes.iter().all(u8::is_ascii_alphanumeric) {
        return None;
    }
    let begins = bytes[0].eq_ignore_ascii_case(&b'b') && bytes[1] == b'0';
    (begins || is_isbn(bytes)).then(|| term.to_ascii_uppercase())
}

/// Whether ten characters are an ISBN-10: nine digits and the check digit that ISO 2108 asks for.
fn is_isbn(bytes: &[u8]) -> bool {
    let mut sum = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let digit = match byte {
            b'0'..=b'9' => u32::from(byte - b'0'),
            b'x' | b'X' if at == 9 => 10,
            _ => return false,
        };
        sum += digit * (10 - at as u32);
    }
    sum % 11 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_never_wrap() {
        let much = Figures { impressions: u64::MAX, spend: Micros(i64::MAX), ..Figures::default() };
        let sum: Figures = [much, much].into_iter().sum();
        assert_eq!((sum.impressions, sum.spend), (u64::MAX, Micros(i64::MAX)));
    }

    #[test]
    fn periods_join_and_know_their_days() {
        let days = |from: &str, to: &str| TermPeriod { from: from.parse().unwrap(), to: to.parse().unwrap() };
        let both = days("2026-09-01", "2026-09-30").join(days("2026-08-15", "2026-09-02"));
        assert_eq!(both, days("2026-08-15", "2026-09-30"));
        assert!(both.has(both.from) && both.has(both.to) && !both.has(both.to.tomorrow().unwrap()));
        assert_eq!(both.to_string(), "2026-08-15 to 2026-09-30");
    }

    #[test]
    fn words_of_ten_letters_are_no_products() {
        for word in ["headphones", "B07 YT8NVF", "1234567890", "b07yt8nvf", "ｂ07yt8nvf9"] {
            assert_eq!(asin_of(word), None, "{word}");
        }
        assert_eq!(asin_of("080442957X").as_deref(), Some("080442957X"));
    }
}
