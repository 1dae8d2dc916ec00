//! CSV in which no cell is a formula: what a spreadsheet would take for one gets an apostrophe in front.

use std::io::{self, Write};

use super::Cells;
use crate::domain::csv::guarded;
use crate::domain::text::shown_whole;

/// Writes headings and records.
pub fn write<R: Cells>(out: &mut impl Write, rows: &[R]) -> io::Result<()> {
    write_part(out, rows, true)
}

/// Writes records, with the headings before them or without.
pub fn write_part<R: Cells>(out: &mut impl Write, rows: &[R], headings: bool) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    if headings {
        writer.write_record(R::KEYS).map_err(inner)?;
    }
    for row in rows {
        let cells = row.record();
        writer
            .write_record(cells.iter().map(|cell| guarded(&shown_whole(cell).cow()).into_owned()))
            .map_err(inner)?;
    }
    writer.flush()
}

/// The writer's own error keeps what the file system said, such as that nobody reads any more.
fn inner(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Row(&'static str);

    impl Cells for Row {
        const HEADINGS: &'static [&'static str] = &["text"];
        fn cells(&self) -> Vec<String> {
            vec![self.0.to_owned()]
        }
    }

    #[test]
    fn cells_are_whole_tame_and_no_formulas() {
        let mut out = Vec::new();
        write(&mut out, &[Row("=cmd|' /C calc'!A0"), Row("a\u{1b}]0;x\u{7}b"), Row("\t=1")])
            .expect("a Vec takes all");
        assert_eq!(String::from_utf8_lossy(&out), "text\n'=cmd|' /C calc'!A0\na␛]0;x␇b\n'␉=1\n");
    }
}
