//! The rows of a report: the world's search-term rows of one account and some days, added up by day or over all days.

use std::collections::BTreeMap;

use jiff::Span;
use jiff::civil::Date;

use super::super::model::{AdGroup, Campaign, Term};
use super::super::realm::Realm;

/// What one row of a report stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A day.
    Daily,
    /// All days of the report.
    Summary,
}

/// One row of a report.
#[derive(Debug)]
pub struct Line<'a> {
    /// Its campaign.
    pub campaign: &'a Campaign,
    /// Its ad group.
    pub group: &'a AdGroup,
    /// What the shopper typed.
    pub text: &'a str,
    /// The day; the report's last one in a summary.
    pub day: Date,
    /// Sums: impressions, clicks, orders, spend in cents, sales in cents.
    pub impressions: u64,
    /// Clicks.
    pub clicks: u64,
    /// Orders.
    pub orders: u64,
    /// Spend in cents.
    pub spend_cents: u64,
    /// Sales in cents.
    pub sales_cents: u64,
}

/// The rows of an account in these days, by campaign, ad group, text and day. `shows` leaves campaigns out.
pub fn lines<'a>(
    realm: &'a Realm,
    account: usize,
    (from, to): (Date, Date),
    unit: Unit,
    shows: impl Fn(&Campaign) -> bool,
) -> Vec<Line<'a>> {
    let mut sums: BTreeMap<(u64, u64, &str, Date), Line<'a>> = BTreeMap::new();
    for term in &realm.terms {
        let Some(day) = day_of(realm, term).filter(|day| from <= *day && *day <= to) else { continue };
        let Some((group, campaign)) = realm.ad_group_in(account, term.ad_group_id) else { continue };
        if !shows(campaign) {
            continue;
        }
        let day = if unit == Unit::Daily { day } else { to };
        let line = sums.entry((campaign.id, group.id, term.text.as_str(), day)).or_insert(Line {
            campaign,
            group,
            text: &term.text,
            day,
            impressions: 0,
            clicks: 0,
            orders: 0,
            spend_cents: 0,
            sales_cents: 0,
        });
        line.impressions += u64::from(term.impressions);
        line.clicks += u64::from(term.clicks);
        line.orders += u64::from(term.orders);
        line.spend_cents += u64::from(term.spend_cents);
        line.sales_cents += u64::from(term.sales_cents);
    }
    sums.into_values().collect()
}

fn day_of(realm: &Realm, term: &Term) -> Option<Date> {
    realm.today.checked_sub(Span::new().days(i64::from(term.days_ago))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::Options;
    use crate::sandbox::platform::Platform;

    #[test]
    fn a_summary_adds_up_what_the_days_tell() {
        let realm = &crate::sandbox::world::build(&Options::default())[Platform::Amazon.index()];
        let days = (jiff::civil::date(2026, 8, 2), jiff::civil::date(2026, 9, 30));
        let daily = lines(realm, 0, days, Unit::Daily, |_| true);
        let summary = lines(realm, 0, days, Unit::Summary, |_| true);
        assert!(daily.len() > summary.len() && !summary.is_empty());
        let clicks = |lines: &[Line<'_>]| lines.iter().map(|line| line.clicks).sum::<u64>();
        assert_eq!(clicks(&daily), clicks(&summary));
        assert!(daily.iter().all(|line| days.0 <= line.day && line.day <= days.1));
        assert!(lines(realm, 0, days, Unit::Daily, |_| false).is_empty());
    }
}
