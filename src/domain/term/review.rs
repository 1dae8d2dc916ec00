//! Search terms that somebody has looked at, so that the same list does not come back every day. Says when one is
//! hidden; who shows lists decides what to do about it.

use jiff::Timestamp;
use jiff::civil::Date;

use super::super::account::Identity;
use super::super::ids::{AdGroupId, CampaignId};
use super::super::money::Micros;
use super::super::text::Text;

/// Which search term was looked at: one text at one place.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReviewKey {
    /// The account.
    pub account: Identity,
    /// The campaign.
    pub campaign: CampaignId,
    /// The ad group, where there is one.
    pub ad_group: Option<AdGroupId>,
    /// The text in its normal form.
    pub term: Text,
}

/// What came of looking at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// When somebody looked.
    pub at: Timestamp,
    /// Until which day it is put off; `None` until it has cost as much again.
    pub until: Option<Date>,
    /// What it had cost by then.
    pub spend: Micros,
    /// Why; may be empty.
    pub reason: Text,
}

impl Review {
    /// Whether it need not be looked at again: not before its day, or not before it has cost twice as much.
    ///
    /// ```
    /// use jiff::{Timestamp, civil::date};
    /// use unbid::domain::{money::Micros, term::Review};
    /// let seen = Review { at: Timestamp::UNIX_EPOCH, until: None, spend: Micros(5_000_000), reason: "".into() };
    /// assert!(seen.hides(date(2026, 10, 1), Micros(9_990_000)));
    /// assert!(!seen.hides(date(2026, 10, 1), Micros(10_000_000)));
    /// let snoozed = Review { until: Some(date(2026, 10, 8)), ..seen };
    /// assert!(snoozed.hides(date(2026, 10, 7), Micros(99_000_000)));
    /// assert!(!snoozed.hides(date(2026, 10, 8), Micros(1)));
    /// ```
    pub fn hides(&self, today: Date, spend: Micros) -> bool {
        match self.until {
            Some(day) => today < day,
            None => spend.0 < self.spend.0.saturating_mul(2).max(1),
        }
    }
}
