//! CSV cells that no spreadsheet takes for a formula, and the way back. How records are written is not here.

use std::borrow::Cow;

use super::text::shown_whole;

/// A cell as a spreadsheet may open it: what it would take for a formula gets an apostrophe in front.
///
/// ```
/// use unbid::domain::csv::{guarded, unguarded};
/// assert_eq!(guarded("=1+1"), "'=1+1");
/// assert_eq!(guarded("soda-pop"), "soda-pop");
/// assert_eq!(unguarded(&guarded("=1+1")), "=1+1");
/// ```
pub fn guarded(cell: &str) -> Cow<'_, str> {
    if is_formula(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// A cell as it was before [`guarded`]: nothing else loses an apostrophe.
pub fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(cell)
}

/// A cell for the clipboard: a spreadsheet reads it as text, a terminal that it is pasted into survives it. Quoted where
/// it must be, never a formula, without control and bidi characters.
pub fn copied(raw: &str) -> String {
    let tame = shown_whole(raw).cow();
    let cell = guarded(&tame);
    if cell.contains([',', '"']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.into_owned() }
}

/// Spreadsheets run what begins with one of these signs, some also in its full-width form; white space and quotes
/// before it are passed over by some ("CSV Injection", OWASP). A tab or a line end in front is enough for others.
fn is_formula(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['\t', '\r', '\n'])
        || cell
            .trim_start_matches(|c: char| {
                c.is_whitespace() || c.is_control() || "\"'“”␉␊␍\u{feff}\u{200b}".contains(c)
            })
            .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for cell in [
            "=1+1", "+1", "-1", "@x", "\"=1", " =1", "＝1", "\t=1", "\tx", "\rx", "\n@x", "'=1", "\u{a0}=1",
            "\u{1b}=1", "␉=1",
        ] {
            assert!(guarded(cell).starts_with('\''), "{cell:?}");
        }
        for tame in ["soda-pop", "1=1", "'til dawn", "", "\"quoted\""] {
            assert_eq!(guarded(tame), tame);
        }
    }

    #[test]
    fn a_copied_cell_is_one_tame_cell() {
        assert_eq!(copied("soda-pop"), "soda-pop");
        assert_eq!(copied("=1,\"a\""), "\"'=1,\"\"a\"\"\"");
        for wild in ["a\u{1b}]52;c;x\u{7}", "a\nrm\r", "a\u{202e}b\u{2066}c", "a\u{9b}31m"] {
            let cell = copied(wild);
            let bidi = ['\u{202e}', '\u{2066}'];
            assert!(!cell.contains(|c: char| c.is_control() || bidi.contains(&c)), "{cell:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn the_way_back_is_the_way_back(cell in "['\"\t\r =+@＝-]{0,4}\\PC{0,6}") {
            let guarded = guarded(&cell).into_owned();
            proptest::prop_assert_eq!(unguarded(&guarded), cell.as_str());
        }
    }
}
