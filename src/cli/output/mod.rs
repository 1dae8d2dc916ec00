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
