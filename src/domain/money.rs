//! Money: an amount in millionths of a currency unit, with its currency. Sums never mix currencies.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

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
