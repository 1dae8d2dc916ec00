//! Unpacks a file and tells what it is by its first bytes, never by its name: gzip, UTF-16 or UTF-8, JSON or cells parted
//! by a sign, zip. Bounds what a small file can unpack to.

use std::io::{self, BufReader, Cursor, Read};

use flate2::bufread::MultiGzDecoder;

use super::archive::{self, Inside};
use super::book::Book;
use super::delimited::Delimited;
use super::json::Json;
use super::record::Table;
use super::{refused, unreadable};
use crate::domain::problem::Problem;

/// The most bytes that a report may unpack to. The largest that a platform makes have a million rows.
const MOST_BYTES: u64 = 4 << 30;

pub(super) type Source<'r> = Box<dyn Read + Send + 'r>;

/// A file, as far as its first bytes tell.
pub(super) enum Opened<'r> {
    /// One table.
    Table(Box<dyn Table + 'r>),
    /// A workbook: one of its tabs may be a report.
    Book(Book),
}

/// Opens a report.
pub(super) fn open(file: Source<'_>) -> Result<Opened<'_>, Problem> {
    let (magic, file) = peek(file)?;
    if magic.starts_with(&[0x1f, 0x8b]) {
        let unpacked = MultiGzDecoder::new(BufReader::new(file));
        return text(Box::new(Bounded { inner: unpacked, left: MOST_BYTES })).map(Opened::Table);
    }
    if magic.starts_with(b"PK\x03\x04") {
        return match archive::open(file)? {
            Inside::Workbook(packed) => Book::open(packed).map(Opened::Book),
            Inside::Report(file) => {
                text(Box::new(Bounded { inner: file, left: MOST_BYTES })).map(Opened::Table)
            }
        };
    }
    // "[MS-CFB] Compound File Binary": workbooks before 2007, and later ones that have a password.
    if magic.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(refused("The file is a workbook of the old sort, or protected by a password")
            .hint("Save it as an .xlsx workbook without a password, or its search-term tab as CSV."));
    }
    text(Box::new(Bounded { inner: file, left: MOST_BYTES })).map(Opened::Table)
}

fn text<'r>(file: Source<'r>) -> Result<Box<dyn Table + 'r>, Problem> {
    let (magic, file) = peek(file)?;
    let file: Source<'r> = match magic[..] {
        [0xff, 0xfe, ..] => Box::new(Utf16::new(file, u16::from_le_bytes)),
        [0xfe, 0xff, ..] => Box::new(Utf16::new(file, u16::from_be_bytes)),
        // Without the mark: no heading has a NUL, and most have two Latin letters in a row.
        [a, 0, b, 0] if a != 0 && b != 0 => Box::new(Utf16::new(file, u16::from_le_bytes)),
        [0, a, 0, b] if a != 0 && b != 0 => Box::new(Utf16::new(file, u16::from_be_bytes)),
        _ => file,
    };
    let (sample, file) = sample(file)?;
    let begin = sample.first().copied();
    // The reader's first look is the whole sample.
    let file = BufReader::with_capacity(SAMPLE, Cursor::new(sample).chain(file));
    match begin {
        None => Err(refused("The file is empty")),
        Some(b'[' | b'{') => Ok(Box::new(Json::new(file))),
        Some(_) => Ok(Box::new(Delimited::new(file)?)),
    }
}

/// How much of a text is looked at before it is known what it is, in bytes.
const SAMPLE: usize = 1 << 16;

/// The first bytes of a text, without the mark of its encoding and empty lines before it, and the rest.
fn sample(mut file: Source<'_>) -> Result<(Vec<u8>, Source<'_>), Problem> {
    let mut sample = Vec::with_capacity(SAMPLE);
    file.by_ref().take(SAMPLE as u64).read_to_end(&mut sample).map_err(|error| unreadable(&error))?;
    if sample.starts_with(b"\xef\xbb\xbf") {
        sample.drain(..3);
    }
    let blank = sample.iter().take_while(|byte| byte.is_ascii_whitespace() && **byte != b'\t').count();
    sample.drain(..blank);
    Ok((sample, file))
}

/// The first four bytes of a file, and the file as it was.
fn peek(mut file: Source<'_>) -> Result<(Vec<u8>, Source<'_>), Problem> {
    let mut magic = Vec::with_capacity(4);
    file.by_ref().take(4).read_to_end(&mut magic).map_err(|error| unreadable(&error))?;
    let whole = Cursor::new(magic.clone()).chain(file);
    Ok((magic, Box::new(whole)))
}

/// Ends in an error after so many bytes.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::FileTooLarge,
                "it unpacks to more than 4 GiB: no platform's report is as large",
            )
        })?;
        Ok(read)
    }
}

/// UTF-16 as UTF-8. What is no character stands as the replacement character.
struct Utf16<R> {
    inner: BufReader<R>,
    unit: fn([u8; 2]) -> u16,
    /// The first half of a pair.
    high: Option<u16>,
    ready: Vec<u8>,
    given: usize,
}

impl<R: Read> Utf16<R> {
    fn new(inner: R, unit: fn([u8; 2]) -> u16) -> Self {
        Self { inner: BufReader::new(inner), unit, high: None, ready: Vec::new(), given: 0 }
    }

    fn fill(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.given = 0;
        let mut chars = String::new();
        for _ in 0..4_096 {
            let mut pair = [0; 2];
            if self.inner.read(&mut pair[..1])? == 0 {
                break;
            }
            // A byte left over at the end is no character.
            if self.inner.read_exact(&mut pair[1..]).is_err() {
                chars.push(char::REPLACEMENT_CHARACTER);
                break;
            }
            let unit = (self.unit)(pair);
            match (self.high.take(), unit) {
                (None, 0xd800..=0xdbff) => self.high = Some(unit),
                (high, _) => {
                    let units = high.into_iter().chain([unit]);
                    let decoded = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
                    chars.extend(decoded);
                }
            }
        }
        self.ready.extend_from_slice(chars.as_bytes());
        Ok(())
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.given == self.ready.len() {
            self.fill()?;
            if self.ready.is_empty() && self.high.is_some() {
                // The next pass completes the pair, or finds the end.
                self.fill()?;
            }
        }
        let left = &self.ready[self.given..];
        let n = left.len().min(into.len());
        into[..n].copy_from_slice(&left[..n]);
        self.given += n;
        Ok(n)
    }
}
