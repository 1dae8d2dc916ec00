//! What speaks for it that a search term, or a run of words, only costs: clicks and days that had time to sell.

use super::super::catalog::{Day, EntryIx};
use super::super::term::{Figures, TermPeriod};
use super::rates::Rate;
use super::{Context, Desk, blocked};

/// Clicks and days that had time to sell, and what everything cost.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Evidence {
    /// What all rows brought and cost, the newest days among them.
    pub sum: Figures,
    /// Clicks of days old enough that their orders have come.
    pub settled_clicks: u64,
    /// The first and the last day with clicks; a row of several days counts as its ends.
    pub days: Option<(Day, Day)>,
}

impl Evidence {
    /// That of one entry.
    pub(super) fn of(desk: &Desk<'_>, entry: EntryIx) -> Self {
        let cx = desk.cx;
        let settled = cx.settled(desk.account());
        let mut found = Self::default();
        for row in cx.rows(entry) {
            let (figures, (from, to)) = (cx.terms().figures(row), cx.terms().days(row));
            found.sum += figures;
            if figures.clicks == 0 {
                continue;
            }
            if let Some(settled) = settled.filter(|settled| *settled >= from) {
                // A row of many days has settled as far as its days have.
                let (old, all) = (from.until(settled.min(to)) + 1, from.until(to) + 1);
                found.settled_clicks += figures.clicks * u64::from(old) / u64::from(all);
            }
            found.days = Some(found.days.map_or((from, to), |days| (days.0.min(from), days.1.max(to))));
        }
        found
    }

    /// Both together.
    pub(super) fn and(self, other: Self) -> Self {
        let days = match (self.days, other.days) {
            (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
            (a, b) => a.or(b),
        };
        Self { sum: self.sum + other.sum, settled_clicks: self.settled_clicks + other.settled_clicks, days }
    }

    /// Whether it is enough to say that this only costs.
    pub(super) fn is_waste(&self, cx: &Context<'_>, rate: &Rate) -> bool {
        let spread = self.days.is_some_and(|(first, last)| {
            // Two ends are two days of clicks at least; more days than that are only asked for by the configuration.
            first.until(last) + 1 >= cx.config().thresholds.waste_days
        });
        self.sum.orders == 0
            && spread
            && self.settled_clicks >= rate.least_clicks(cx)
            && rate.cost.is_none_or(|cost| self.sum.spend.0 >= cost)
    }
}

/// The days of an entry's rows.
pub(super) fn days(desk: &Desk<'_>, entries: impl Iterator<Item = EntryIx>) -> Option<TermPeriod> {
    entries.fold(None, |days, entry| {
        let own = blocked::days_of(desk, desk.cx.rows(entry));
        match (days, own) {
            (Some(days), Some(own)) => Some(TermPeriod::join(days, own)),
            (days, own) => days.or(own),
        }
    })
}
