//! Keys, clicks, time, and the picture as text: what a person at a [`Shell`] does and sees.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;

use super::super::effect::Effect;
use super::super::msg::Msg;
use super::super::view::{self, Painted};
use super::Shell;
use crate::domain::clock::Clock;

impl Shell {
    /// Presses keys, written as in the keymap and parted by spaces.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ') {
            let (code, mods) = match key {
                "enter" => (KeyCode::Enter, KeyModifiers::NONE),
                "esc" => (KeyCode::Esc, KeyModifiers::NONE),
                "tab" => (KeyCode::Tab, KeyModifiers::NONE),
                "shift-tab" => (KeyCode::BackTab, KeyModifiers::SHIFT),
                "space" => (KeyCode::Char(' '), KeyModifiers::NONE),
                "backspace" => (KeyCode::Backspace, KeyModifiers::NONE),
                "up" => (KeyCode::Up, KeyModifiers::NONE),
                "down" => (KeyCode::Down, KeyModifiers::NONE),
                "left" => (KeyCode::Left, KeyModifiers::NONE),
                "right" => (KeyCode::Right, KeyModifiers::NONE),
                other => match other.strip_prefix("ctrl-") {
                    Some(c) => (KeyCode::Char(c.chars().next().unwrap()), KeyModifiers::CONTROL),
                    None => (KeyCode::Char(other.chars().next().unwrap()), KeyModifiers::NONE),
                },
            };
            self.send(Msg::Key(KeyEvent::new(code, mods)));
        }
        self
    }

    /// Types text, letter by letter.
    pub fn type_text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.send(Msg::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)));
        }
        self
    }

    /// Clicks where this text stands first.
    pub fn click(&mut self, text: &str) -> &mut Self {
        let picture = self.picture();
        let (row, line) = picture.lines().enumerate().find(|(_, line)| line.contains(text)).unwrap();
        let column = line[..line.find(text).unwrap()].chars().count() as u16;
        self.mouse(MouseEventKind::Down(MouseButton::Left), column, row as u16)
    }

    /// Turns the wheel down over a cell.
    pub fn wheel(&mut self, column: u16, row: u16) -> &mut Self {
        self.mouse(MouseEventKind::ScrollDown, column, row)
    }

    fn mouse(&mut self, kind: MouseEventKind, column: u16, row: u16) -> &mut Self {
        self.send(Msg::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }));
        self
    }

    /// Lets time pass.
    pub fn wait(&mut self, time: Duration) -> &mut Self {
        let Clock { wall, monotonic } = self.model.data.clock;
        self.send(Msg::Clock(Clock { wall: wall + time, monotonic: monotonic + time }));
        self
    }

    /// The effects since the last look.
    pub fn effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.asked)
    }

    fn painted(&self) -> (Buffer, Painted) {
        let (width, height) = self.model.data.size;
        let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
        let painted = view::paint(&self.model, &mut buf);
        (buf, painted)
    }

    /// The picture's cells.
    pub fn cells(&self) -> Vec<Cell> {
        self.painted().0.content
    }

    /// The picture as text, without the spaces at the ends of lines.
    pub fn picture(&self) -> String {
        let (buf, _) = self.painted();
        let line = |y: u16| {
            let mut line = String::new();
            let mut skip = 0;
            for x in 0..buf.area.width {
                let symbol = buf[(x, y)].symbol();
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                skip = unicode_width::UnicodeWidthStr::width(symbol).saturating_sub(1);
                line.push_str(symbol);
            }
            line.trim_end().to_owned()
        };
        (0..buf.area.height).map(line).collect::<Vec<_>>().join("\n")
    }

    /// The one line of the picture that holds a text.
    pub fn line_with(&self, text: &str) -> String {
        let picture = self.picture();
        picture
            .lines()
            .find(|line| line.contains(text))
            .unwrap_or_else(|| panic!("no {text:?} in\n{picture}"))
            .to_owned()
    }

    /// Whether a text is on the screen.
    pub fn shows(&self, text: &str) -> bool {
        self.picture().contains(text)
    }

    /// Paints at a size; for tests that only want no panic.
    pub fn resize(&mut self, width: u16, height: u16) {
        self.send(Msg::Resized(width, height));
        let _ = self.picture();
    }
}
