//! Reads search-term reports from files: what the platforms' consoles and report services give, packed or not, as rows
//! of the domain. What a platform calls its columns is data in its `report.rs`; everything else is told apart here.
//!
//! [`read()`] goes through a file once, with bounded memory whatever the file holds: `open` unpacks, `archive` looks into
//! zip files, `delimited`, `json` and `book` make records, `columns` finds the heading, `value` reads numbers, money and
//! days, `rows` puts a row together.

mod archive;
mod book;
mod columns;
mod delimited;
mod json;
mod open;
mod record;
mod rows;
#[cfg(test)]
mod tests;
mod value;
#[cfg(test)]
mod workbook_tests;

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use crate::domain::money::Currency;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::term::{TermColumn, TermPeriod, TermRow};

use columns::Heading;
use open::Opened;
use record::{Found, Record};
use rows::Reader;

/// What a platform's reports are like.
#[derive(Clone, Copy, Debug)]
pub struct ReportRules {
    /// The report's name as people know it.
    pub title: &'static str,
    /// The headings under which each column is known, the likeliest first; compared without case, spaces and signs.
    pub headings: &'static [(TermColumn, &'static [&'static str])],
    /// Why a row is no search term, such as an item's id; `None` when it is one.
    pub leaves_out: fn(&str) -> Option<&'static str>,
    /// The currency of reports that tell none; `None` where accounts differ.
    pub currency: Option<&'static str>,
}

/// Headings that somebody mapped by hand.
pub type ColumnMap = BTreeMap<TermColumn, String>;

/// What is known of a file beside its bytes.
#[derive(Clone, Debug, Default)]
pub struct Asked<'a> {
    /// Its name: some name their days in it.
    pub name: &'a str,
    /// The days it covers, for files that do not say.
    pub days: Option<TermPeriod>,
    /// The currency of its amounts, for files that do not say.
    pub currency: Option<Currency>,
    /// Headings mapped by hand.
    pub columns: ColumnMap,
}

/// What became of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A row.
    Row(Box<TermRow>),
    /// No search term; why.
    LeftOut(&'static str),
    /// It could not be read.
    Rejected(Rejected),
}

/// A line that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The tab of a workbook that it is in.
    pub tab: Option<Arc<str>>,
    /// Its number in the file or tab, from 1; 0 where nobody knows it.
    pub line: u64,
    /// The column that is to blame, in words.
    pub column: Option<String>,
    /// Why.
    pub reason: String,
}

impl Rejected {
    /// A row that is rejected as a whole.
    pub fn new(line: u64, reason: impl Into<String>) -> Self {
        Self { tab: None, line, column: None, reason: reason.into() }
    }

    /// Where it is, and why: `line 4, column Clicks: ten is no number`. Its words are the file's.
    pub fn says(&self) -> String {
        let row = match (&self.tab, self.line) {
            (_, 0) => "a row".to_owned(),
            (None, line) => format!("line {line}"),
            (Some(tab), row) => format!("tab {tab}, row {row}"),
        };
        let column = self.column.as_ref().map(|column| format!(", {column}")).unwrap_or_default();
        format!("{row}{column}: {}", self.reason)
    }
}

/// Reads a report to its end and hands over every line; how many days after a click it counts orders, where its headings
/// tell. An error means that the file as a whole is no such report:
/// nothing of it should be kept.
pub fn read<'r>(
    rules: &ReportRules,
    file: impl Read + Send + 'r,
    asked: &Asked<'_>,
    take: &mut dyn FnMut(Line) -> Result<(), Problem>,
) -> Result<Option<u16>, Problem> {
    let mut record = Record::default();
    let (mut table, heading): (Box<dyn record::Table + 'r>, Heading) = match open::open(Box::new(file))? {
        Opened::Table(mut table) => {
            let found = columns::find(rules, &asked.columns, table.as_mut(), &mut record)?;
            (table, found.map_err(|lacks| lacks.problem)?)
        }
        Opened::Book(book) => {
            let (tab, heading) = book.find(|tab, record| columns::find(rules, &asked.columns, tab, record))?;
            (Box::new(tab), heading)
        }
    };
    let (tab, width) = (table.tab().cloned(), heading.columns.width());
    let late_days = heading.columns.days_of_orders();
    let mut reader = Reader::new(rules, asked, heading, table.decimal_comma(), tab.clone())?;
    loop {
        match table.next(&mut record)? {
            Found::End => return Ok(late_days),
            Found::Bad(line, reason) => {
                take(Line::Rejected(Rejected { tab: tab.clone(), ..Rejected::new(line, reason) }))?;
            }
            // A footer is one cell; what has more and ends with the file was a row once.
            Found::Record(line) if table.is_cut() && (2..width).contains(&record.len()) => {
                take(Line::Rejected(Rejected::new(line, "ends with the file: the rest may be missing")))?;
            }
            Found::Record(line) => {
                if let Some(line) = reader.line(line, &record)? {
                    take(line)?;
                }
            }
        }
    }
}

/// A file that is no report.
fn refused(title: impl AsRef<str>) -> Problem {
    Problem::new(ProblemKind::Usage, title)
}

/// A file that cannot be read to its end.
fn unreadable(error: &std::io::Error) -> Problem {
    let damaged = matches!(
        error.kind(),
        std::io::ErrorKind::InvalidInput | std::io::ErrorKind::InvalidData | std::io::ErrorKind::UnexpectedEof
    );
    let title = if damaged { "The report is damaged" } else { "The report cannot be read" };
    refused(title).detail(error.to_string()).hint("Download it once more and try again.")
}
