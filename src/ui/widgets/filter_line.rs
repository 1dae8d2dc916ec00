//! The line that a filter is typed in, beside the title of the rows it narrows. It understands what is typed and says
//! what is wrong with it; asking for rows is the pane's.

use crossterm::event::KeyEvent;
use ratatui::layout::Rect;

use super::input::TextField;
use crate::domain::filter::Filter;
use crate::domain::text::shown;
use crate::ui::canvas::{Canvas, Line};
use crate::ui::theme::Role;

/// A filter and the line it is typed in.
#[derive(Clone, Debug, Default)]
pub struct FilterLine {
    field: TextField,
    filter: Filter,
    /// Whether it has focus.
    pub typing: bool,
}

impl FilterLine {
    /// With this in it, without focus.
    pub fn of(text: &str) -> Self {
        Self { field: TextField::new(text), filter: Filter::parse(text), typing: false }
    }

    /// What is typed, understood as far as it could be.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// What is typed.
    pub fn text(&self) -> &str {
        self.field.value()
    }

    /// Whether nothing is typed.
    pub fn is_empty(&self) -> bool {
        self.field.is_empty()
    }

    /// Whether the filter can be read.
    pub fn understood(&self) -> bool {
        self.filter.problem().is_none()
    }

    /// Takes a key if it edits; says whether it did.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        let taken = self.field.key(key);
        if taken {
            self.filter = Filter::parse(self.field.value());
        }
        taken
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) {
        self.field.paste(text);
        self.filter = Filter::parse(self.field.value());
    }

    /// Takes the filter and the focus away.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// What there is to say of what is typed: what is wrong, else what is worth knowing.
    pub fn remark(&self) -> Option<(&str, Role)> {
        let wrong = self.filter.problem().map(|problem| (problem.reason.as_str(), Role::Bad));
        wrong.or_else(|| self.filter.remark().map(|remark| (remark, Role::Dim)))
    }

    /// Puts it behind a title, with what there is to say of it, while it has focus or narrows anything.
    pub fn behind(&self, title: Line) -> Line {
        if !self.typing && self.is_empty() {
            return title;
        }
        let text = shown(self.field.value()).to_string();
        let gap = if self.typing { " " } else { "" };
        let line = title.put("  / ", Role::Key).put(format!("{text}{gap}"), Role::Accent);
        match self.remark() {
            Some((said, role)) => line.put(format!("  {}", shown(said)), role),
            None => line,
        }
    }

    /// Paints the field with the terminal's cursor in it, where [`behind`](Self::behind) has put it: `indent` columns
    /// into the top line of a frame, after a title of this text.
    pub fn paint(&self, canvas: &mut Canvas, frame: Rect, indent: u16, title: &str) {
        if !self.typing {
            return;
        }
        let x = frame.x + indent + title.chars().count() as u16 + 4;
        let place = Rect {
            x: x.min(frame.right()),
            width: frame.right().saturating_sub(x + 1),
            height: 1.min(frame.height),
            ..frame
        };
        self.field.paint(canvas, place, Role::Accent, true);
    }
}
