//! Zip archives: a workbook, or one report that was packed. What a small file can unpack to is measured before anything of
//! it is kept. What is in a workbook is read by `book`.

use std::io::{self, Cursor, Read, Write};

use flate2::read::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

use super::open::Source;
use super::record::LONGEST;
use super::{refused, unreadable};
use crate::domain::problem::Problem;

/// The most bytes of an archive: it is held in memory, because its table of contents is at its end.
const MOST_PACKED: u64 = 128 << 20;
/// The most bytes that the tabs of a workbook may unpack to. They are streamed; one with as many rows as a spreadsheet can
/// have ("Excel specifications and limits": 1,048,576) has some 1.2 GB.
const MOST_TABS: u64 = 2 << 30;
/// The most bytes that everything else of a workbook may unpack to: it is held in memory while the tabs are read.
const MOST_REST: u64 = 128 << 20;

/// What was in an archive.
pub(super) enum Inside {
    /// A workbook, packed as it is.
    Workbook(Vec<u8>),
    /// A report.
    Report(Source<'static>),
}

/// Opens an archive.
pub(super) fn open(file: impl Read) -> Result<Inside, Problem> {
    let mut packed = Vec::new();
    file.take(MOST_PACKED + 1).read_to_end(&mut packed).map_err(|error| unreadable(&error))?;
    if packed.len() as u64 > MOST_PACKED {
        return Err(too_large("The workbook or archive is larger than 128 MiB"));
    }
    let mut archive = ZipArchive::new(Cursor::new(&packed[..])).map_err(|error| damaged(&error))?;
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.map(std::borrow::Cow::into_owned))
        .collect::<Result<_, _>>()
        .map_err(|error| damaged(&error))?;
    // "ECMA-376 Part 2, Open Packaging Conventions": every workbook has this part.
    if names.iter().any(|name| name == "[Content_Types].xml") {
        measure(&mut archive, MOST_TABS, MOST_REST)?;
        return Ok(Inside::Workbook(packed));
    }
    let is_report = |name: &&String| {
        let name = name.to_lowercase();
        !name.starts_with("__macosx") && [".csv", ".tsv", ".txt", ".json"].iter().any(|end| name.ends_with(end))
    };
    let reports: Vec<&String> = names.iter().filter(is_report).collect();
    match reports[..] {
        [name] => {
            let entry = archive.by_name(name).map_err(|error| damaged(&error))?;
            let (begin, length, how) = (entry.data_start(), entry.compressed_size(), entry.compression());
            drop(entry);
            let mut bytes = Cursor::new(packed);
            bytes.set_position(begin.unwrap_or(u64::MAX));
            let bytes = bytes.take(length);
            Ok(Inside::Report(if how == CompressionMethod::Stored {
                Box::new(bytes)
            } else {
                // The only other one that this program knows; `by_name` has refused the rest.
                Box::new(DeflateDecoder::new(bytes))
            }))
        }
        [] => Err(refused("The archive holds no report")
            .detail(format!("it holds {}", names.iter().take(10).cloned().collect::<Vec<_>>().join(", ")))
            .hint("Unpack it, and import the report.")),
        _ => Err(refused(format!("The archive holds {} reports", reports.len()))
            .detail(reports.into_iter().take(10).cloned().collect::<Vec<_>>().join(", "))
            .hint("Unpack it, and import them one by one.")),
    }
}

/// Unpacks every part of a workbook to nowhere, so that none is larger than it says: so many bytes may the tabs have, and
/// so many the rest.
fn measure(archive: &mut ZipArchive<Cursor<&[u8]>>, mut tabs: u64, mut rest: u64) -> Result<(), Problem> {
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).map_err(|error| damaged(&error))?;
        let name = part.name().map_err(|error| damaged(&error))?.to_lowercase();
        let left = if name.contains("worksheets/sheet") { &mut tabs } else { &mut rest };
        let mut gauge = Gauge::default();
        let size =
            io::copy(&mut (&mut part).take(*left + 1), &mut gauge).map_err(|error| unreadable(&error))?;
        *left = left
            .checked_sub(size)
            .ok_or_else(|| too_large("The workbook unpacks to more than any report would need"))?;
        // Room is made for as many texts as the list says that it has, before the first is read.
        if gauge.counted > size {
            return Err(damaged(&format!("{name} says that it has {} texts", gauge.counted)));
        }
        if gauge.longest > LONGEST && [".xml", ".rels"].iter().any(|end| name.ends_with(end)) {
            return Err(damaged(&format!("{name} has a text that is longer than any cell can be")));
        }
    }
    Ok(())
}

fn too_large(title: &str) -> Problem {
    refused(title).hint("Save its search-term tab as CSV, and import that file.")
}

pub(super) fn damaged(error: &dyn std::fmt::Display) -> Problem {
    refused("The workbook or archive is damaged, or protected by a password")
        .detail(error.to_string())
        .hint("Download it once more; open and save one that has a password without it.")
}

/// Looks at what passes: the longest run between two tags, and what a list says of its own length.
#[derive(Default)]
struct Gauge {
    longest: usize,
    run: usize,
    counted: u64,
    /// The end of what came before, in case that the word is cut in two.
    tail: Vec<u8>,
}

/// The attribute of `sst` that tells how many texts there are ("ECMA-376 Part 1, 18.4.9").
const COUNT: &[u8] = b"uniqueCount";
/// The word, a sign, a quote and the longest number.
const TAIL: usize = 48;

impl Gauge {
    fn count(&mut self, bytes: &[u8]) {
        for at in memchr::memmem::find_iter(bytes, COUNT) {
            let after = bytes[at + COUNT.len()..].iter().take(TAIL - COUNT.len());
            let digits = after.skip_while(|b| b"= '\"\t\r\n".contains(b)).take_while(|b| b.is_ascii_digit());
            let number =
                digits.fold(0_u64, |sum, b| sum.saturating_mul(10).saturating_add(u64::from(b - b'0')));
            self.counted = self.counted.max(number);
        }
    }
}

impl Write for Gauge {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut last = 0;
        for at in memchr::memchr2_iter(b'<', b'>', bytes) {
            self.longest = self.longest.max(self.run + at - last);
            (self.run, last) = (0, at);
        }
        self.run += bytes.len() - last;
        self.longest = self.longest.max(self.run);
        let seam: Vec<u8> = [&self.tail[..], &bytes[..bytes.len().min(TAIL)]].concat();
        self.count(&seam);
        self.count(bytes);
        let whole = if bytes.len() < TAIL { &seam[..] } else { bytes };
        self.tail = whole[whole.len().saturating_sub(TAIL)..].to_vec();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gauge(parts: &[&str]) -> Gauge {
        let mut gauge = Gauge::default();
        for part in parts {
            gauge.write_all(part.as_bytes()).unwrap();
        }
        gauge
    }

    #[test]
    fn what_unpacks_to_too_much_is_refused() {
        use zip::ZipWriter;
        use zip::write::SimpleFileOptions;
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in [("xl/worksheets/sheet1.xml", 30_000), ("xl/media/image1.png", 20_000)] {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(&vec![0; bytes]).unwrap();
        }
        let packed = zip.finish().unwrap().into_inner();
        assert!(packed.len() < 1_000, "it is a bomb");
        let fits = |tabs, rest| measure(&mut ZipArchive::new(Cursor::new(&packed[..])).unwrap(), tabs, rest);
        assert_eq!(fits(30_000, 20_000), Ok(()));
        for (tabs, rest) in [(29_999, 20_000), (30_000, 19_999)] {
            assert!(fits(tabs, rest).unwrap_err().title.contains("unpacks to more"));
        }
    }

    #[test]
    fn what_a_list_says_of_its_length_is_seen_wherever_it_is_cut() {
        let text = "<sst count=\"7\" uniqueCount = \"123456789012\"><si/>";
        for at in 0..text.len() {
            let (a, b) = text.split_at(at);
            assert_eq!(gauge(&[a, b]).counted, 123_456_789_012, "{a}|{b}");
        }
        let one_by_one: Vec<&str> = text.split_inclusive(|_| true).collect();
        assert_eq!(gauge(&one_by_one).counted, 123_456_789_012);
        assert_eq!(gauge(&["<sst uniqueCount=\"99999999999999999999999\">"]).counted, u64::MAX);
    }

    #[test]
    fn the_longest_run_between_tags_is_measured_across_pieces() {
        assert_eq!(gauge(&["<a>", "xxxx", "yyyy", "</a>"]).longest, 9);
        assert_eq!(gauge(&["xxxx"]).longest, 4);
    }
}
