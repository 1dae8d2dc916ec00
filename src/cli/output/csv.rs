//! CSV in which no cell is a formula: what a spreadsheet would take for one gets an apostrophe in front.

use std::borrow::Cow;
use std::io::{self, Write};

use super::Cells;
use crate::domain::text::shown;

/// Writes headings and records.
pub fn write<R: Cells>(out: &mut impl Write, rows: &[R]) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(R::KEYS).map_err(inner)?;
    for row in rows {
        let cells = row.record();
        writer
            .write_record(cells.iter().map(|cell| guarded(&shown(cell).cow()).into_owned()))
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

/// Spreadsheets run what begins with one of these, some also in its full-width form.
fn guarded(cell: &str) -> Cow<'_, str> {
    let formula = cell
        .trim_start_matches(['"', ' ', '\''])
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '␉', '␍']);
    if formula { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for cell in ["=1+1", "+1", "-1", "@x", "\"=1", " =1", "＝1"] {
            assert!(guarded(cell).starts_with('\''), "{cell}");
        }
        assert_eq!(guarded("soda-pop"), "soda-pop");
    }
}
