//! Cells parted by commas, semicolons or tabs, quoted where they must be. A record that has no end in sight is an error,
//! not a reason to read on.

use std::io::{BufRead, BufReader, Read};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::record::{Found, LONGEST, MOST_CELLS, Record, Table};
use super::{refused, unreadable};
use crate::domain::problem::Problem;

/// A file of parted cells.
pub(super) struct Delimited<R> {
    file: BufReader<R>,
    reader: Reader,
    by: u8,
    text: Vec<u8>,
    ends: Vec<usize>,
    cut: bool,
}

impl<R: Read> Delimited<R> {
    /// Opens a file; the sign is the one that stands most often in its first lines.
    pub(super) fn new(mut file: BufReader<R>) -> Result<Self, Problem> {
        let by = delimiter(file.fill_buf().map_err(|error| unreadable(&error))?);
        // Tab-separated reports quote nothing: a quote in a search term is the searcher's.
        let reader = ReaderBuilder::new().delimiter(by).quoting(by != b'\t').build();
        Ok(Self { file, reader, by, text: vec![0; LONGEST], ends: vec![0; MOST_CELLS], cut: false })
    }
}

impl<R: Read> Delimited<R> {
    /// How many line feeds are left of what was read: the second half of the last line's end, and empty lines.
    fn line_feeds(&mut self) -> Result<u64, Problem> {
        let input = self.file.fill_buf().map_err(|error| unreadable(&error))?;
        let ends = input.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
        Ok(ends.filter(|byte| **byte == b'\n').count() as u64)
    }
}

/// How many lines are looked at for the sign that parts cells.
const LINES_LOOKED_AT: usize = 20;

fn delimiter(begin: &[u8]) -> u8 {
    let signs = [b'\t', b',', b';'];
    // The heading has more cells than whatever stands before it.
    let best = begin
        .split(|byte| *byte == b'\n')
        .take(LINES_LOOKED_AT)
        .flat_map(|line| signs.map(|sign| (memchr::memchr_iter(sign, line).count(), sign)))
        .max_by_key(|(count, sign)| (*count, *sign == b'\t'));
    best.filter(|(count, _)| *count > 0).map_or(b',', |(_, sign)| sign)
}

impl<R: Read> Table for Delimited<R> {
    fn next(&mut self, record: &mut Record) -> Result<Found, Problem> {
        let line = self.reader.line() + self.line_feeds()?;
        let (mut text, mut ends) = (0, 0);
        loop {
            let input = self.file.fill_buf().map_err(|error| unreadable(&error))?;
            let (result, read, wrote, ended) =
                self.reader.read_record(input, &mut self.text[text..], &mut self.ends[ends..]);
            self.cut = input.is_empty();
            self.file.consume(read);
            text += wrote;
            ends += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    return Err(refused("The file is no report: a row of it is longer than any can be")
                        .detail(format!("the row that begins in line {line}"))
                        .hint("An open quote can cause it. Save the report anew as CSV or TSV."));
                }
                ReadRecordResult::Record => {
                    return Ok(match std::str::from_utf8(&self.text[..text]) {
                        Ok(cells) => {
                            record.set(cells, &self.ends[..ends]);
                            Found::Record(line)
                        }
                        Err(_) => Found::Bad(line, "is not UTF-8 text: save the file as CSV UTF-8"),
                    });
                }
                ReadRecordResult::End => return Ok(Found::End),
            }
        }
    }

    fn is_delimited(&self) -> bool {
        true
    }

    fn is_cut(&self) -> bool {
        self.cut
    }

    fn decimal_comma(&self) -> bool {
        self.by == b';'
    }
}
