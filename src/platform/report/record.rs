//! One record of a file, its cells in one string that is used again and again, and what hands records over.

use std::sync::Arc;

use crate::domain::problem::Problem;

/// A record's cells.
#[derive(Debug, Default)]
pub(super) struct Record {
    text: String,
    ends: Vec<usize>,
}

/// The most bytes that a record may have: a row of a report has a few hundred.
pub(super) const LONGEST: usize = 1 << 18;
/// The most cells that a record may have.
pub(super) const MOST_CELLS: usize = 1_024;

impl Record {
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    pub(super) fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
    }

    /// Takes a record whose cells stand one after the other.
    pub(super) fn set(&mut self, text: &str, ends: &[usize]) {
        self.clear();
        self.text.push_str(text);
        self.ends.extend_from_slice(ends);
    }

    /// A cell without the space around it; empty where there is none.
    pub(super) fn get(&self, at: usize) -> &str {
        let Some(&end) = self.ends.get(at) else { return "" };
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        self.text.get(start..end).unwrap_or_default().trim()
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| self.get(at))
    }

    /// Whether nothing stands in it.
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// What comes next in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A record, with its line.
    Record(u64),
    /// A line that is none, and why.
    Bad(u64, &'static str),
    /// Nothing more.
    End,
}

/// A file as records, the heading among them.
pub(super) trait Table {
    /// Reads the next record.
    fn next(&mut self, record: &mut Record) -> Result<Found, Problem>;

    /// Whether it is text whose cells a sign parts, as spreadsheets open it.
    fn is_delimited(&self) -> bool {
        false
    }

    /// Whether the last record ended with the file instead of with its line.
    fn is_cut(&self) -> bool {
        false
    }

    /// Whether decimals stand after a comma: in files whose cells a comma cannot part.
    fn decimal_comma(&self) -> bool {
        false
    }

    /// The tab of a workbook that it is; `None` for other files.
    fn tab(&self) -> Option<&Arc<str>> {
        None
    }
}
