//! Workbooks: the tab whose heading is a search-term report's, row by row. The reader of cells borrows the workbook, so that
//! a thread of its own has both and hands rows over in batches; what it cannot read ends in an error, never in fewer rows.

use std::io::Cursor;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use calamine::{DataRef, Reader, Xlsx};

use super::archive::damaged;
use super::columns::{Heading, Lacks};
use super::record::{Found, LONGEST, MOST_CELLS, Record, Table};
use super::{refused, unreadable};
use crate::domain::problem::Problem;
use crate::domain::text::shown;

/// The most rows that travel together.
const BATCH: usize = 256;
/// The most bytes of text that do.
const BATCH_BYTES: usize = 1 << 20;
/// How many rows travel first: enough for most headings.
const FIRST_BATCH: usize = 8;

/// A row's number, and its cells; none where they are too many or too long.
type Row = (u64, Option<Record>);

/// What the thread hands over.
enum Piece {
    Rows(Vec<Row>),
    /// The tab has no more rows.
    End,
    /// It cannot be read any further.
    Broken(String),
}

/// A workbook whose tabs come one after the other.
pub(super) struct Book(Receiver<Tab>);

impl Book {
    /// Opens a workbook whose parts were measured.
    pub(super) fn open(packed: Vec<u8>) -> Result<Self, Problem> {
        let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(packed)).map_err(|error| damaged(&error))?;
        let mut names = workbook.sheet_names();
        // Amazon's bulksheets have a tab of search terms per sort of campaign behind those of the campaigns.
        names.sort_by_key(|name| !name.to_lowercase().replace('_', " ").contains("search term"));
        let (tabs, book) = sync_channel(0);
        let read_all = move || {
            for name in names {
                let (to, batches) = sync_channel(4);
                let tab = Tab { name: name.as_str().into(), batches, batch: Vec::new().into_iter() };
                if tabs.send(tab).is_err() {
                    // A tab before had the heading, and is done with.
                    return;
                }
                let end = match read(&mut workbook, &name, &to) {
                    Ok(()) => Piece::End,
                    Err(why) => Piece::Broken(why),
                };
                // Whoever listened may have gone to the next tab.
                let _ = to.send(end);
            }
        };
        let spawned = std::thread::Builder::new().name("workbook".to_owned()).spawn(read_all);
        spawned.map(|_| Self(book)).map_err(|error| unreadable(&error))
    }

    /// The first tab in which a heading is found, with the heading. Where none has one, the error is of the tab that comes
    /// nearest to it, and names all.
    pub(super) fn find(
        self,
        mut heading: impl FnMut(&mut dyn Table, &mut Record) -> Result<Result<Heading, Lacks>, Problem>,
    ) -> Result<(Tab, Heading), Problem> {
        let (mut record, mut names) = (Record::default(), Vec::new());
        let mut best: Option<(usize, Arc<str>, Problem)> = None;
        for mut tab in self.0 {
            names.push(shown(&tab.name).to_string());
            let (missing, problem) = match heading(&mut tab, &mut record) {
                Ok(Ok(heading)) => return Ok((tab, heading)),
                Ok(Err(Lacks { missing, problem })) => (missing, problem),
                // A chart has no rows; a broken tab is told of only when no other will do.
                Err(problem) => (usize::MAX, problem),
            };
            if best.as_ref().is_none_or(|(least, ..)| missing < *least) {
                best = Some((missing, tab.name, problem));
            }
        }
        let Some((_, name, problem)) = best else { return Err(refused("The workbook has no tabs")) };
        let all = if names.len() > 1 { format!("; its tabs are {}", names.join(", ")) } else { String::new() };
        let detail = format!("tab {}: {}{all}", shown(&name), problem.detail);
        Err(problem.detail(detail))
    }
}

/// One tab.
pub(super) struct Tab {
    name: Arc<str>,
    batches: Receiver<Piece>,
    batch: std::vec::IntoIter<Row>,
}

impl Table for Tab {
    fn next(&mut self, record: &mut Record) -> Result<Found, Problem> {
        loop {
            match self.batch.next() {
                Some((row, Some(cells))) => {
                    *record = cells;
                    return Ok(Found::Record(row));
                }
                Some((row, None)) => return Ok(Found::Bad(row, "is longer than any row can be")),
                None => {}
            }
            let broken = |why: &str| damaged(&format!("tab {}: {why}", shown(&self.name)));
            match self.batches.recv() {
                Ok(Piece::Rows(batch)) => self.batch = batch.into_iter(),
                Ok(Piece::End) => return Ok(Found::End),
                Ok(Piece::Broken(why)) => return Err(broken(&why)),
                // The thread has panicked: what is missing must not pass for the end.
                Err(_) => return Err(broken("its reader gave up")),
            }
        }
    }

    fn tab(&self) -> Option<&Arc<str>> {
        Some(&self.name)
    }
}

/// Hands over the rows of a tab; ends early when nobody listens any more.
fn read(workbook: &mut Xlsx<Cursor<Vec<u8>>>, name: &str, to: &SyncSender<Piece>) -> Result<(), String> {
    let mut cells = workbook.worksheet_cells_reader(name).map_err(|error| error.to_string())?;
    let mut packer = Packer { most: FIRST_BATCH, ..Packer::default() };
    let mut at = (1, 1);
    loop {
        let cell = cells.next_cell().map_err(|error| {
            let (row, column) = at;
            format!("behind row {row}, column {}: {error}", letters(column - 1))
        })?;
        let Some(cell) = cell else { break };
        let (row, column) = cell.get_position();
        let (row, column) = (u64::from(row) + 1, column as usize);
        at = (row, column + 1);
        if let Some(batch) = packer.put(row, column, cell.get_value())
            && to.send(Piece::Rows(batch)).is_err()
        {
            return Ok(());
        }
    }
    // As above: nobody listens when it fails.
    let _ = to.send(Piece::Rows(packer.end()));
    Ok(())
}

/// Puts cells together to rows, and rows to batches.
#[derive(Default)]
struct Packer {
    row: u64,
    /// The cells of the row, used again and again; `len` of them are set.
    cells: Vec<String>,
    len: usize,
    bytes: usize,
    batch: Vec<Row>,
    batch_bytes: usize,
    most: usize,
}

impl Packer {
    /// Takes a cell; a batch when one is full.
    fn put(&mut self, row: u64, column: usize, value: &DataRef<'_>) -> Option<Vec<Row>> {
        let mut full = None;
        if row != self.row {
            self.close();
            self.row = row;
            if self.batch.len() >= self.most || self.batch_bytes >= BATCH_BYTES {
                (self.most, self.batch_bytes) = (BATCH, 0);
                full = Some(std::mem::take(&mut self.batch));
            }
        }
        if matches!(value, DataRef::Empty) {
            return full;
        }
        self.len = self.len.max(column + 1);
        if column < MOST_CELLS && self.bytes <= LONGEST {
            if self.cells.len() <= column {
                self.cells.resize(column + 1, String::new());
            }
            let cell = &mut self.cells[column];
            cell.clear();
            write(value, cell);
            self.bytes += cell.len();
        }
        full
    }

    fn close(&mut self) {
        if self.len > 0 {
            let fits = self.len <= MOST_CELLS && self.bytes <= LONGEST;
            let record = fits.then(|| {
                let mut record = Record::default();
                self.cells[..self.len].iter().for_each(|cell| record.push(cell));
                record
            });
            self.batch_bytes += self.bytes;
            self.batch.push((self.row, record));
        }
        self.cells.iter_mut().for_each(String::clear);
        (self.len, self.bytes) = (0, 0);
    }

    fn end(mut self) -> Vec<Row> {
        self.close();
        self.batch
    }
}

/// From here on, a spreadsheet's numbers are not exact to the unit.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Writes a cell as the same cell of a CSV file would be.
fn write(cell: &DataRef<'_>, into: &mut String) {
    use std::fmt::Write;
    // Writing to a string cannot fail.
    let _ = match cell {
        DataRef::Int(number) => write!(into, "{number}"),
        // As a spreadsheet writes it to a CSV file; an id that was such a number is known by it as rounded.
        DataRef::Float(number) if number.abs() >= EXACT => write!(into, "{number:E}"),
        DataRef::Float(number) => write!(into, "{number}"),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            write!(into, "{text}")
        }
        DataRef::SharedString(text) => write!(into, "{text}"),
        DataRef::Bool(yes) => write!(into, "{yes}"),
        DataRef::DateTime(at) if at.is_datetime() => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            write!(into, "{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTime(at) => write!(into, "{}", at.as_f64()),
        DataRef::Error(error) => write!(into, "{error}"),
        DataRef::Empty => Ok(()),
    };
}

/// A column as spreadsheets name it: `A` to `Z`, then `AA`.
pub(super) fn letters(mut column: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + (column % 26) as u8));
        match (column / 26).checked_sub(1) {
            Some(rest) => column = rest,
            None => return letters.into_iter().rev().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_spreadsheets_name_them() {
        for (column, name) in
            [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
        {
            assert_eq!(letters(column), name);
        }
    }

    #[test]
    fn numbers_are_written_so_that_they_are_read_again() {
        for (number, written) in
            [(12.0, "12"), (3.4, "3.4"), (0.0, "0"), (1e15, "1000000000000000"), (2.5e17, "2.5E17")]
        {
            let mut text = String::new();
            write(&DataRef::Float(number), &mut text);
            assert_eq!(text, written);
        }
    }

    #[test]
    fn a_row_that_no_report_has_is_told_and_costs_no_memory() {
        let mut packer = Packer { most: BATCH, ..Packer::default() };
        let long = DataRef::String("x".repeat(LONGEST));
        for column in 0..3 {
            assert!(packer.put(1, column, &long).is_none());
        }
        packer.put(2, MOST_CELLS, &DataRef::Int(1));
        packer.put(3, 0, &DataRef::Int(1));
        packer.put(4, 2, &DataRef::Empty);
        let rows = packer.end();
        let read: Vec<_> = rows.iter().map(|(row, cells)| (*row, cells.is_some())).collect();
        assert_eq!(read, [(1, false), (2, false), (3, true)]);
    }
}
