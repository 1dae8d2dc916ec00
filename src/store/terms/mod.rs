//! Search terms: reports are collected aside and become visible whole, at their commit. Periods of an account never
//! overlap; what a new report does to older ones is said at [`Overlap`]. Knows no files and no platforms.

mod load;
mod parcel;
mod review;
#[cfg(test)]
mod tests;
mod write;

use jiff::Timestamp;

use crate::domain::account::Identity;
use crate::domain::money::Currency;
use crate::domain::problem::Problem;
use crate::domain::term::{TermPeriod, TermRow};
use crate::domain::text::Text;

use super::Store;

/// A loaded report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadedPeriod {
    /// Its account.
    pub account: Identity,
    /// Its days.
    pub days: TermPeriod,
    /// The currency of its amounts.
    pub currency: Currency,
    /// The file or the platform's report that it came from.
    pub source: Text,
    /// When it was loaded.
    pub loaded_at: Timestamp,
    /// How many rows it has.
    pub rows: u64,
    /// What became of the rest of its lines.
    pub aside: Aside,
    /// How many of its newest days may still lack orders; `None` where it does not tell.
    pub late_days: Option<u16>,
}

/// Lines of a report that are no rows, and rows that are not at home yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Aside {
    /// Lines that could not be read.
    pub rejected: u64,
    /// Lines that are no search terms: item ids, `*`, totals.
    pub left_out: u64,
    /// Rows whose campaign or ad group the snapshot did not have when they were loaded. They are kept.
    pub unresolved: u64,
}

/// What a report may do to those loaded before. The very same days always take the old ones' place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlap {
    /// Overlapping days are refused.
    Refuse,
    /// Older rows of any of its days go. What an older report has of other days stays; a row of it that reaches into
    /// these days goes with what it counted before them.
    Replace,
}

/// What a commit did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommittedTerms {
    /// The report as it is loaded now.
    pub loaded: LoadedPeriod,
    /// How many older rows went.
    pub replaced: u64,
}

/// How many rows lie in a parcel.
const PARCEL: usize = 16_384;

/// Collects a report of one account, compactly and in memory. Dropping it leaves everything as it was.
#[derive(Debug)]
#[must_use = "nothing is visible before the commit"]
pub struct TermsWriter {
    store: Store,
    identity: Identity,
    chunk: Vec<TermRow>,
    parcels: Vec<Vec<u8>>,
    rows: u64,
    days: Option<TermPeriod>,
    late_days: Option<u16>,
}

impl Store {
    /// Begins to collect a report. Takes no lock and blocks nobody.
    pub fn begin_terms(&self, identity: &Identity) -> TermsWriter {
        TermsWriter {
            store: self.clone(),
            identity: identity.clone(),
            chunk: Vec::new(),
            parcels: Vec::new(),
            rows: 0,
            days: None,
            late_days: None,
        }
    }
}

impl TermsWriter {
    /// Adds rows, all of one currency. Quick enough for an async thread when they are some hundreds.
    pub fn put(&mut self, rows: impl IntoIterator<Item = TermRow>) {
        for row in rows {
            let days = TermPeriod { from: row.from, to: row.to };
            self.days = Some(self.days.map_or(days, |known| known.join(days)));
            self.rows += 1;
            self.chunk.push(row);
            if self.chunk.len() == PARCEL {
                self.parcels.push(parcel::encode(&mut self.chunk));
                self.chunk.clear();
            }
        }
    }

    /// Notes how many of the report's newest days may still lack orders, where it tells.
    pub fn told_late(&mut self, days: Option<u16>) {
        self.late_days = days;
    }

    /// How many rows came so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The days of the rows that came so far.
    pub fn days(&self) -> Option<TermPeriod> {
        self.days
    }

    /// Makes the report visible, at once and whole. `days` are those that were asked for, where they are known: a
    /// report says nothing of days without clicks. Refused (kind `Usage`) when days overlap, or the currency is not
    /// that of the account's other reports.
    pub async fn commit(
        mut self,
        days: TermPeriod,
        currency: Currency,
        source: Text,
        aside: Aside,
        overlap: Overlap,
        loaded_at: Timestamp,
    ) -> std::result::Result<CommittedTerms, Problem> {
        if !self.chunk.is_empty() {
            self.parcels.push(parcel::encode(&mut self.chunk));
        }
        let days = self.days.map_or(days, |own| own.join(days));
        let Self { store, identity, parcels, rows, late_days, .. } = self;
        let loaded =
            LoadedPeriod { account: identity, days, currency, source, loaded_at, rows, aside, late_days };
        let committed = store.write(move |db| write::commit(db, loaded, &parcels, overlap)).await?;
        store.link.shrink_log();
        Ok(committed)
    }
}
