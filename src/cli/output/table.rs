//! A table for people: columns as wide as their widest cell, the last one as it comes.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::Cells;
use crate::domain::text::shown;
use crate::ui::canvas::cut;

const GAP: &str = "  ";

/// Writes headings and rows.
pub fn write<R: Cells>(out: &mut impl Write, rows: &[R], color: bool) -> io::Result<()> {
    let cells: Vec<Vec<String>> = rows.iter().map(Cells::cells).collect();
    write_cells(out, R::HEADINGS, &cells, color)
}

/// Writes headings and cells.
pub fn write_cells(
    out: &mut impl Write,
    headings: &[&str],
    cells: &[Vec<String>],
    color: bool,
) -> io::Result<()> {
    let cells: Vec<Vec<String>> =
        cells.iter().map(|row| row.iter().map(|cell| brief(cell)).collect()).collect();
    let headings: Vec<String> = headings.iter().map(|heading| heading.to_uppercase()).collect();
    let widths: Vec<usize> = headings
        .iter()
        .enumerate()
        .map(|(column, heading)| {
            let widest = cells.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max();
            widest.unwrap_or(0).max(heading.width())
        })
        .collect();
    let (bold, plain) = if color { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
    writeln!(out, "{bold}{}{plain}", line(&headings, &widths))?;
    cells.iter().try_for_each(|row| writeln!(out, "{}", line(row, &widths)))
}

/// Every row is as wide as the widest cell: one name of a megabyte must not make a gigabyte of spaces.
const WIDEST: usize = 200;

fn brief(cell: &str) -> String {
    cut(&shown(cell).cow(), WIDEST, "…").into_owned()
}

fn line(cells: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        line.push_str(cell);
        line.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width())));
        line.push_str(GAP);
    }
    line.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_endless_cell_does_not_widen_every_row_without_end() {
        let flood: &'static str = "é".repeat(1 << 20).leak();
        let mut out = Vec::new();
        write(&mut out, &[Row(flood, "enabled"), Row("b", "paused")], false).expect("a Vec takes all");
        assert!(out.len() < 2_000, "{}", out.len());
        assert!(String::from_utf8_lossy(&out).contains("é…  enabled"));
    }

    struct Row(&'static str, &'static str);

    impl Cells for Row {
        const HEADINGS: &'static [&'static str] = &["text", "state"];
        fn cells(&self) -> Vec<String> {
            vec![self.0.to_owned(), self.1.to_owned()]
        }
    }

    #[test]
    fn columns_line_up_by_what_is_seen() {
        let mut out = Vec::new();
        write(&mut out, &[Row("珈琲", "enabled"), Row("a\u{1b}b", "paused")], false).expect("a Vec takes all");
        assert_eq!(String::from_utf8_lossy(&out), "TEXT  STATE\n珈琲  enabled\na␛b   paused\n");
    }
}
