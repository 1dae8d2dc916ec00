//! Rows on stdout: a table for people, CSV, JSON, one JSON object a line. Foreign text is harmless in
//! each of them.

mod csv;
mod json;
mod table;

use std::io::{self, Write};

use clap::ValueEnum;
use serde::Serialize;

use crate::domain::problem::{Problem, ProblemKind};

/// How rows are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Columns for people.
    #[default]
    Table,
    /// Comma-separated, formulas made harmless.
    Csv,
    /// One JSON document.
    Json,
    /// One JSON object a line.
    Ndjson,
}

/// A row of a table, and of a CSV file.
pub trait Cells {
    /// The table's headings.
    const HEADINGS: &'static [&'static str];
    /// The CSV file's headings; those of the table where it holds no more.
    const KEYS: &'static [&'static str] = Self::HEADINGS;

    /// One cell per heading, as the text is (the writer makes it harmless).
    fn cells(&self) -> Vec<String>;

    /// One cell per key.
    fn record(&self) -> Vec<String> {
        self.cells()
    }
}

/// Prints rows in any format: JSON through serde, the others as cells.
pub fn rows<R: Cells + Serialize>(rows: &[R], format: Format, color: bool) -> Result<(), Problem> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    match format {
        Format::Table => table::write(&mut out, rows, color),
        Format::Csv => csv::write(&mut out, rows),
        Format::Json => json::write(&mut out, &rows),
        Format::Ndjson => rows.iter().try_for_each(|row| json::write_line(&mut out, row)),
    }
    .and_then(|()| out.flush())
    .or_else(unheard)
}

/// Prints rows as they come, so that a million of them are never in memory; a table alone waits for all of them, because
/// its columns are as wide as their widest cell.
pub struct Printer {
    format: Format,
    color: bool,
    /// A table's rows so far.
    table: Vec<Vec<String>>,
    begun: bool,
    /// Nobody reads any more.
    unheard: bool,
}

impl Printer {
    /// Prints nothing yet.
    pub fn new(format: Format, color: bool) -> Self {
        Self { format, color, table: Vec::new(), begun: false, unheard: false }
    }

    /// Prints rows.
    pub fn put<R: Cells + Serialize>(&mut self, rows: &[R]) -> Result<(), Problem> {
        if self.unheard || rows.is_empty() {
            return Ok(());
        }
        if self.format == Format::Table {
            self.table.extend(rows.iter().map(Cells::cells));
            return Ok(());
        }
        let mut out = io::BufWriter::new(io::stdout().lock());
        let begun = std::mem::replace(&mut self.begun, true);
        let written = match self.format {
            Format::Json => rows.iter().enumerate().try_for_each(|(at, row)| {
                out.write_all(if begun || at > 0 { b",\n" } else { b"[\n" })?;
                json::write_bare(&mut out, row)
            }),
            Format::Csv => csv::write_part(&mut out, rows, !begun),
            _ => rows.iter().try_for_each(|row| json::write_line(&mut out, row)),
        };
        self.heard(written.and_then(|()| out.flush()))
    }

    /// Prints what is left: a table, an array's end, headings over no rows.
    pub fn end<R: Cells + Serialize>(mut self) -> Result<(), Problem> {
        if self.unheard {
            return Ok(());
        }
        let mut out = io::BufWriter::new(io::stdout().lock());
        let written = match self.format {
            Format::Table => table::write_cells(&mut out, R::HEADINGS, &self.table, self.color),
            Format::Json if self.begun => out.write_all(b"\n]\n"),
            Format::Json => out.write_all(b"[]\n"),
            Format::Csv if !self.begun => csv::write_part::<R>(&mut out, &[], true),
            _ => Ok(()),
        };
        self.heard(written.and_then(|()| out.flush()))
    }

    fn heard(&mut self, written: io::Result<()>) -> Result<(), Problem> {
        self.unheard = written.is_err();
        written.or_else(unheard)
    }
}

/// Prints rows that JSON shows in another shape: as a table, or as CSV.
pub fn cells<R: Cells>(rows: &[R], csv: bool, color: bool) -> Result<(), Problem> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    if csv { csv::write(&mut out, rows) } else { table::write(&mut out, rows, color) }
        .and_then(|()| out.flush())
        .or_else(unheard)
}

/// Prints one JSON document; `ndjson` prints it on one line.
pub fn document<T: Serialize>(value: &T, format: Format) -> Result<(), Problem> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    match format {
        Format::Ndjson => json::write_line(&mut out, value),
        _ => json::write(&mut out, value),
    }
    .and_then(|()| out.flush())
    .or_else(unheard)
}

/// A reader that went away (`| head`) is no failure.
#[allow(clippy::needless_pass_by_value, reason = "it is handed to or_else")]
pub fn unheard(error: io::Error) -> Result<(), Problem> {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Ok(());
    }
    Err(Problem::new(ProblemKind::Storage, "The result cannot be written").detail(error.to_string()))
}
