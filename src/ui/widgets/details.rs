//! Names and values, one pair a line, the values aligned; long values wrap under themselves.

use ratatui::layout::Rect;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::ui::canvas::{Canvas, Line, fit};
use crate::ui::layout::row;
use crate::ui::theme::Role;

/// Names and values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details(Vec<(String, String, Role)>);

impl Details {
    /// Adds a pair; nothing where the value is empty.
    #[must_use]
    pub fn pair(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.pair_in(name, value, Role::Text)
    }

    /// Adds a pair whose value has a role.
    #[must_use]
    pub fn pair_in(mut self, name: impl Into<String>, value: impl Into<String>, role: Role) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.0.push((name.into(), value, role));
        }
        self
    }

    /// Adds an empty line.
    #[must_use]
    pub fn gap(mut self) -> Self {
        self.0.push((String::new(), String::new(), Role::Text));
        self
    }

    /// The lines for a width.
    pub fn lines(&self, width: u16) -> Vec<Line> {
        let names = self.0.iter().map(|(name, ..)| name.width()).max().unwrap_or(0);
        let room = (width as usize).saturating_sub(names + 2).max(8);
        let mut lines = Vec::new();
        for (name, value, role) in &self.0 {
            for (at, part) in wrap(value, room).into_iter().enumerate() {
                let name = if at == 0 { name.as_str() } else { "" };
                lines.push(
                    Line::of(fit(name, names, "", false), Role::Dim).put("  ", Role::Text).put(part, *role),
                );
            }
        }
        lines
    }

    /// Paints the lines from an offset on.
    pub fn paint(&self, canvas: &mut Canvas, area: Rect, offset: usize) {
        for (at, line) in self.lines(area.width).iter().skip(offset).take(area.height as usize).enumerate() {
            canvas.line(row(area, at as u16), line);
        }
    }
}

/// A text in pieces of at most a width, broken at spaces where there are any.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            if !line.is_empty() && line.width() + 1 + word.width() > width {
                lines.push(std::mem::take(&mut line));
            } else if !line.is_empty() {
                line.push(' ');
            }
            for grapheme in word.graphemes(true) {
                if !line.is_empty() && line.width() + grapheme.width() > width {
                    lines.push(std::mem::take(&mut line));
                }
                line.push_str(grapheme);
            }
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_wrap_and_long_ones_break() {
        assert_eq!(wrap("a bb ccc", 4), ["a bb", "ccc"]);
        assert_eq!(wrap("abcdefgh x", 3), ["abc", "def", "gh", "x"]);
        assert_eq!(wrap("", 3), [""]);
        assert_eq!(wrap("a\nb", 9), ["a", "b"]);
    }

    #[test]
    fn values_are_aligned_and_empty_ones_left_out() {
        let details = Details::default().pair("id", "7").pair("since", "").pair("campaign", "Espresso");
        let lines: Vec<String> =
            details.lines(40).iter().map(|line| line.0.iter().map(|(t, _)| t.as_str()).collect()).collect();
        assert_eq!(lines, ["id        7", "campaign  Espresso"]);
    }
}
