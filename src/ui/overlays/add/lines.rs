//! The lines of the form: a text area whose lines are texts, and what each line asks for. Quotes around a line
//! are read as phrase and brackets as exact, as keyword lists of other tools write them.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui_textarea::{CursorMove, TextArea};

use crate::domain::capabilities::is_asin;
use crate::domain::negative::MatchType;
use crate::domain::text::Text;
use crate::ui::keymap::Key;

/// What one line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The line in the text area, or the place in the list of picked brands.
    pub row: usize,
    /// Keyword text, ASIN or brand id.
    pub text: Text,
    /// A brand's name.
    pub name: Option<Text>,
    /// The match type that its signs ask for.
    pub marked: Option<MatchType>,
}

/// The text area.
#[derive(Clone, Debug)]
pub struct Lines {
    area: TextArea<'static>,
    /// The first line in sight.
    pub offset: usize,
    /// How many lines were in sight at the last layout.
    pub page: usize,
}

impl Default for Lines {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

/// A line without the quotes or brackets around it, and what they ask for.
///
/// ```
/// use unbid::{domain::negative::MatchType, ui::overlays::add::lines::unmarked};
/// assert_eq!(unmarked("\"free beans\""), ("free beans", Some(MatchType::Phrase)));
/// assert_eq!(unmarked("[free beans]"), ("free beans", Some(MatchType::Exact)));
/// assert_eq!(unmarked("free \"beans\""), ("free \"beans\"", None));
/// ```
pub fn unmarked(line: &str) -> (&str, Option<MatchType>) {
    let inner = |open: char, close: char| {
        let inner = line.strip_prefix(open)?.strip_suffix(close)?;
        (!inner.trim().is_empty() && !inner.contains([open, close])).then(|| inner.trim())
    };
    if let Some(inner) = inner('"', '"').or_else(|| inner('“', '”')) {
        return (inner, Some(MatchType::Phrase));
    }
    inner('[', ']').map_or((line, None), |inner| (inner, Some(MatchType::Exact)))
}

impl Lines {
    /// A text area that holds these lines, the cursor at the end.
    pub fn new(lines: Vec<String>) -> Self {
        let mut area = TextArea::new(lines);
        area.move_cursor(CursorMove::Bottom);
        area.move_cursor(CursorMove::End);
        Self { area, offset: 0, page: 0 }
    }

    /// Every line.
    pub fn all(&self) -> &[String] {
        self.area.lines()
    }

    /// The line and column of the cursor.
    pub fn cursor(&self) -> (usize, usize) {
        let cursor = self.area.cursor();
        (cursor.0, cursor.1)
    }

    /// Puts the cursor on a line, at its end.
    pub fn put(&mut self, line: usize) {
        let line = u16::try_from(line.min(self.all().len().saturating_sub(1))).unwrap_or(u16::MAX);
        self.area.move_cursor(CursorMove::Jump(line, u16::MAX));
    }

    /// Whether nothing is written.
    pub fn is_blank(&self) -> bool {
        self.all().iter().all(|line| line.trim().is_empty())
    }

    /// Takes a key if it edits or moves; says whether it was one, and whether the text is another now.
    pub fn key(&mut self, event: KeyEvent) -> Option<bool> {
        let page = self.page.max(1);
        let steps = |area: &mut TextArea<'static>, step: CursorMove| {
            for _ in 0..page {
                area.move_cursor(step);
            }
        };
        match event.code {
            KeyCode::Enter => self.area.insert_newline(),
            KeyCode::Up => self.area.move_cursor(CursorMove::Up),
            KeyCode::Down => self.area.move_cursor(CursorMove::Down),
            KeyCode::PageUp => steps(&mut self.area, CursorMove::Up),
            KeyCode::PageDown => steps(&mut self.area, CursorMove::Down),
            _ if Key::of(event).edits() => return Some(self.area.input(event)),
            _ => return None,
        }
        Some(event.code == KeyCode::Enter)
    }

    /// Puts text in at the cursor, line breaks and all.
    pub fn paste(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', " ");
        self.area.insert_str(text);
    }

    /// Scrolls so that the cursor's line is in sight.
    pub fn fit(&mut self, height: usize) {
        self.page = height;
        let (row, _) = self.cursor();
        let lowest = (row + 1).saturating_sub(height);
        self.offset = self.offset.clamp(lowest.min(row), row).min(self.all().len().saturating_sub(height));
    }

    /// Scrolls by some lines and takes the cursor along.
    pub fn wheel(&mut self, rows: isize) {
        let last = self.all().len().saturating_sub(self.page);
        self.offset = self.offset.saturating_add_signed(rows).min(last);
        let (row, _) = self.cursor();
        let bottom = (self.offset + self.page.max(1)).saturating_sub(1);
        if row != row.clamp(self.offset, bottom) {
            self.put(row.clamp(self.offset, bottom));
        }
    }

    /// What the lines ask for; empty ones nothing.
    pub fn entries(&self, signs: bool) -> Vec<Entry> {
        let filled = self.all().iter().enumerate().filter(|(_, line)| !line.trim().is_empty());
        filled
            .map(|(row, line)| {
                let line = line.trim();
                let (text, marked) = if signs { unmarked(line) } else { (line, None) };
                Entry { row, text: text.into(), name: None, marked }
            })
            .collect()
    }

    /// How many lines have quotes or brackets around them.
    pub fn signed(&self) -> usize {
        self.all().iter().filter(|line| unmarked(line.trim()).1.is_some()).count()
    }

    /// How many lines would be ASINs with capital letters.
    pub fn lower_asins(&self) -> usize {
        self.all().iter().filter(|line| is_lower_asin(line.trim())).count()
    }

    /// Writes those with capital letters.
    pub fn raise_asins(&mut self) {
        let (row, _) = self.cursor();
        let raised = |line: &String| {
            if is_lower_asin(line.trim()) { line.trim().to_uppercase() } else { line.clone() }
        };
        *self =
            Self { offset: self.offset, page: self.page, ..Self::new(self.all().iter().map(raised).collect()) };
        self.put(row);
    }

    /// Keeps these lines only.
    pub fn keep(&mut self, rows: &[usize]) {
        let kept = rows.iter().filter_map(|row| self.all().get(*row).cloned()).collect();
        *self = Self { offset: 0, page: self.page, ..Self::new(kept) };
    }
}

fn is_lower_asin(line: &str) -> bool {
    !is_asin(&line.into())
        && is_asin(&line.to_ascii_uppercase().into())
        && line.contains(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_list_is_one_text_a_line() {
        let mut lines = Lines::default();
        lines.paste("free beans\r\n\r\n  \"decaf pods\" \r[tea]\n");
        let texts: Vec<_> =
            lines.entries(true).into_iter().map(|e| (e.row, e.text.raw().to_owned(), e.marked)).collect();
        assert_eq!(
            texts,
            [
                (0, "free beans".to_owned(), None),
                (2, "decaf pods".to_owned(), Some(MatchType::Phrase)),
                (3, "tea".to_owned(), Some(MatchType::Exact)),
            ]
        );
        assert_eq!(lines.signed(), 2);
        assert_eq!(lines.entries(false)[1].text.raw(), "\"decaf pods\"");
    }

    #[test]
    fn lower_case_asins_are_raised_and_words_are_not() {
        let mut lines = Lines::new(vec!["b07yt8nvf9".into(), "strawberry".into(), "B07YT8NVF9".into()]);
        assert_eq!(lines.lower_asins(), 1);
        lines.raise_asins();
        assert_eq!(lines.all(), ["B07YT8NVF9", "strawberry", "B07YT8NVF9"]);
    }

    #[test]
    fn the_cursor_stays_in_sight() {
        let mut lines = Lines::new((0..100).map(|n| format!("line {n}")).collect());
        lines.fit(10);
        assert_eq!(lines.offset, 90);
        lines.put(3);
        lines.fit(10);
        assert_eq!(lines.offset, 3);
        lines.wheel(20);
        assert_eq!((lines.offset, lines.cursor().0), (23, 23));
    }
}
