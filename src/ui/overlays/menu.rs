//! One of a few: the sort menu, a choice of scopes. Each item carries what choosing it asks for.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use crate::ui::action::Action;
use crate::ui::canvas::{Canvas, Line, Target, fit};
use crate::ui::data::Data;
use crate::ui::keymap::Context;
use crate::ui::layout::row;
use crate::ui::part::{Available, Cx, Part, Want};
use crate::ui::theme::Role;
use crate::ui::widgets::dialog::dialog;
use crate::ui::widgets::list::ListState;

/// One choice.
#[derive(Clone, Debug)]
pub struct Item {
    /// What it is called.
    pub label: String,
    /// More about it.
    pub note: String,
    /// What choosing it asks for.
    pub wants: Vec<Want>,
}

/// One of a few.
#[derive(Clone, Debug)]
pub struct Menu {
    title: String,
    items: Vec<Item>,
    list: ListState,
}

impl Menu {
    /// A menu with the cursor on one of its items.
    pub fn new(title: impl Into<String>, items: Vec<Item>, cursor: usize) -> Self {
        Self { title: title.into(), items, list: ListState { cursor, ..ListState::default() } }
    }

    fn choose(&self, cx: &mut Cx) {
        cx.close();
        if let Some(item) = self.items.get(self.list.cursor) {
            for want in &item.wants {
                cx.want(want.clone());
            }
        }
    }

    fn height(&self, screen: Rect) -> u16 {
        (self.items.len() as u16 + 2).min(screen.height.saturating_sub(2))
    }
}

impl Part for Menu {
    fn contexts(&self, _: &Data) -> Vec<Context> {
        vec![Context::Menu, Context::Overlay]
    }

    fn hints(&self, _: &Data) -> Vec<Action> {
        vec![Action::Down, Action::Open, Action::Back]
    }

    fn available(&self, _: &Data, action: Action) -> Available {
        let known = matches!(
            action,
            Action::Open | Action::Back | Action::Left | Action::Right | Action::NextPane | Action::PrevPane
        );
        Available::when(known || ListState::moves(action), "Close this first")
    }

    fn act(&mut self, cx: &mut Cx, action: Action) {
        match action {
            Action::Open | Action::Right => self.choose(cx),
            Action::Back | Action::Left => cx.close(),
            Action::NextPane => self.list.by(1, self.items.len()),
            Action::PrevPane => self.list.by(-1, self.items.len()),
            _ => _ = self.list.act(action, self.items.len()),
        }
    }

    fn click(&mut self, cx: &mut Cx, _: u8, item: usize) {
        self.list.cursor = item;
        self.choose(cx);
    }

    fn wheel(&mut self, _: &mut Cx, _: u8, rows: isize) {
        self.list.by(rows.signum(), self.items.len());
    }

    fn layout(&mut self, _: &Data, screen: Rect) {
        self.list.fit(self.items.len(), self.height(screen).saturating_sub(2) as usize);
    }

    fn paint(&self, data: &Data, canvas: &mut Canvas, screen: Rect) {
        let symbols = data.theme.symbols;
        let label = self.items.iter().map(|i| i.label.width()).max().unwrap_or(0);
        let note = self.items.iter().map(|i| i.note.width()).max().unwrap_or(0);
        let width = (label + note + 8).max(self.title.width() + 6) as u16;
        let inner = dialog(canvas, screen, width, self.height(screen), &self.title, &Line::new());
        for (at, index) in self.list.window(self.items.len(), inner.height as usize).enumerate() {
            let item = &self.items[index];
            let here = index == self.list.cursor;
            let place = row(inner, at as u16);
            let line = Line::of(if here { symbols.cursor } else { " " }, Role::Accent)
                .put(" ", Role::Text)
                .put(fit(&item.label, label, symbols.cut, false), Role::Text)
                .put("  ", Role::Text)
                .put(item.note.as_str(), Role::Dim);
            if here {
                canvas.ground(place, Role::Cursor);
                canvas.line_on(place, &line, data.theme.style(Role::Cursor));
            } else {
                canvas.line(place, &line);
            }
            canvas.hit(place, Target::Item(0, index));
        }
    }
}
