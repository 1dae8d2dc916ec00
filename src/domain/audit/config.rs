//! What a user may set of the audit: rules off, thresholds, own words. Where it stands in the file is `config`'s business.

use std::collections::BTreeMap;

use super::super::account::AccountName;

/// `[audit]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AuditConfig {
    /// Ids of rules that are not asked.
    pub off: Vec<String>,
    /// Names of one's own brands: a negative that blocks one is an error.
    pub own_brands: Vec<String>,
    /// Names of rivals: a one-word phrase negative that is one of them is meant as it is.
    pub competitors: Vec<String>,
    /// Words that one's offers live on: never suggested as negatives, and a one-word phrase that is one is reported.
    pub protected_words: Vec<String>,
    /// Days until the orders of a click have come, for accounts where the platform's usual figure is wrong.
    pub late_days: BTreeMap<AccountName, u16>,
    /// Where rules begin to speak.
    pub thresholds: Thresholds,
}

/// Where rules begin to speak.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// `conflict-revenue`: orders from before the negative was there.
    pub revenue_orders: u64,
    /// `conflict-revenue`: days after which no blocked term should sell any more.
    pub revenue_after_days: u16,
    /// `near-limit`, and when `redundant` is a warning: percent of a cap.
    pub near_limit_percent: usize,
    /// `promote`: live ad groups that must all have the negative.
    pub promote_groups: usize,
    /// `broad-reach`: percent of the campaign's clicks.
    pub broad_reach_percent: u64,
    /// `waste`: clicks at least.
    pub waste_clicks: u64,
    /// `waste`: clicks at least, in terms of how many an order takes.
    pub waste_click_factor: f64,
    /// `waste`: days at least.
    pub waste_days: u16,
    /// `waste`: search terms that a run of words must be in.
    pub waste_terms: usize,
    /// `waste`: words that such a run has at most.
    pub waste_words: usize,
    /// `waste`: orders from which on an ad group, campaign or account tells its own conversion rate.
    pub rate_orders: u64,
    /// `waste`: the conversion rate where nothing tells one, in percent.
    pub rate_percent: f64,
    /// `vanished`: days for which one is reported.
    pub vanished_days: u16,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            revenue_orders: 2,
            revenue_after_days: 3,
            near_limit_percent: 90,
            promote_groups: 3,
            broad_reach_percent: 5,
            waste_clicks: 12,
            waste_click_factor: 3.0,
            waste_days: 2,
            waste_terms: 3,
            waste_words: 4,
            rate_orders: 20,
            rate_percent: 10.0,
            vanished_days: 30,
        }
    }
}
