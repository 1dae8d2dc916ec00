//! A one-line text field: what is typed, and a window of it that always holds the cursor.

use crossterm::event::{Event, KeyEvent};
use ratatui::layout::{Position, Rect};
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::domain::text::shown;
use crate::ui::canvas::{Canvas, Line};
use crate::ui::keymap::Key;
use crate::ui::theme::Role;

/// A one-line text field.
#[derive(Clone, Debug, Default)]
pub struct TextField(Input);

impl TextField {
    /// A field that holds this text, the cursor after it.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Input::new(text.into()))
    }

    /// What is in it.
    pub fn value(&self) -> &str {
        self.0.value()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.value().is_empty()
    }

    /// Takes a key if it edits; says whether it did.
    pub fn key(&mut self, event: KeyEvent) -> bool {
        Key::of(event).edits() && {
            self.0.handle_event(&Event::Key(event));
            true
        }
    }

    /// Puts text in at the cursor; line breaks become spaces.
    pub fn paste(&mut self, text: &str) {
        for c in text.chars() {
            let c = if c.is_control() { ' ' } else { c };
            self.0.handle(tui_input::InputRequest::InsertChar(c));
        }
    }

    /// Empties it.
    pub fn clear(&mut self) {
        self.0 = Input::default();
    }

    /// Paints what fits, and the terminal's cursor if it has focus.
    pub fn paint(&self, canvas: &mut Canvas, area: Rect, role: Role, focused: bool) {
        if area.is_empty() {
            return;
        }
        let before: String = self.value().chars().take(self.0.cursor()).collect();
        let before = shown(&before).to_string();
        let after: String = self.value().chars().skip(self.0.cursor()).collect();
        let room = area.width.saturating_sub(1) as usize;
        let mut head = before.as_str();
        while head.width() > room {
            let Some(first) = head.graphemes(true).next() else { break };
            head = &head[first.len()..];
        }
        let column = head.width() as u16;
        canvas.line(area, &Line::of(head, role).put(shown(&after).to_string(), role));
        if focused {
            *canvas.cursor = Some(Position { x: area.x + column.min(area.width - 1), y: area.y });
        }
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::{KeyCode, KeyModifiers};

    use super::*;

    fn press(field: &mut TextField, code: KeyCode) -> bool {
        field.key(KeyEvent::new(code, KeyModifiers::NONE))
    }

    #[test]
    fn typing_edits_and_other_keys_pass() {
        let mut field = TextField::new("dec");
        for c in "af".chars() {
            assert!(press(&mut field, KeyCode::Char(c)));
        }
        assert!(press(&mut field, KeyCode::Backspace));
        assert!(!press(&mut field, KeyCode::Enter) && !press(&mut field, KeyCode::Down));
        assert!(!field.key(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL)));
        assert_eq!(field.value(), "deca");
    }

    #[test]
    fn pasted_line_breaks_become_spaces() {
        let mut field = TextField::default();
        field.paste("free\nshipping");
        assert_eq!(field.value(), "free shipping");
    }
}
