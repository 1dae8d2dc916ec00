//! Money: an amount in millionths of a currency unit, with its currency. Sums never mix currencies.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use super::text::shown;

/// An ISO 4217 code as the platform wrote it, such as `USD`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Currency(CompactString);

impl Currency {
    /// Takes a currency code.
    pub fn new(code: &str) -> Self {
        Self(CompactString::new(code))
    }

    /// The code.
    pub fn code(&self) -> &str {
        &self.0
    }
}

/// An amount in millionths of its currency's unit; exact for every amount that the platforms print.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Micros(pub i64);

impl Micros {
    /// Rounds a decimal amount to millionths.
    pub fn from_units(units: f64) -> Self {
        Self((units * 1e6).round() as i64)
    }

    /// The amount in units, for JSON.
    pub fn units(self) -> f64 {
        self.0 as f64 / 1e6
    }
}

impl std::ops::Add for Micros {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl std::iter::Sum for Micros {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), std::ops::Add::add)
    }
}

/// An amount for people: `$1,204.10`, `£3.00`, `CAD 12.50`; without its currency where that is not known.
///
/// ```
/// use unbid::domain::money::{Currency, Micros, amount};
/// assert_eq!(amount(Micros(1_204_104_999), Some(&Currency::new("USD"))), "$1,204.10");
/// assert_eq!(amount(Micros(-12_500_000), Some(&Currency::new("CAD"))), "-CAD 12.50");
/// ```
pub fn amount(micros: Micros, currency: Option<&Currency>) -> String {
    let code = currency.map_or("", Currency::code);
    let sign = match code {
        "USD" => "$",
        "EUR" => "€",
        "GBP" => "£",
        "" => "",
        other => &format!("{} ", shown(other)),
    };
    let cents = (micros.0.unsigned_abs() + 5_000) / 10_000;
    let (units, cents) = (cents / 100, cents % 100);
    let digits = units.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let minus = if micros.0 < 0 { "-" } else { "" };
    format!("{minus}{sign}{grouped}.{cents:02}")
}
