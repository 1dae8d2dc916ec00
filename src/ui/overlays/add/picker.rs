//! Several campaigns and ad groups by name: type, mark, done. With nothing typed it lists what is marked.

use crossterm::event::KeyEvent;
use ratatui::layout::Rect;

use super::spots::Spot;
use crate::domain::catalog::Scope;
use crate::domain::problem::Problem;
use crate::ui::action::Action;
use crate::ui::canvas::{Canvas, Line, Target, fit};
use crate::ui::data::Data;
use crate::ui::effect::Effect;
use crate::ui::layout::{row, split_bottom, split_top};
use crate::ui::msg::Reply;
use crate::ui::part::Cx;
use crate::ui::remote::{Remote, Ticket};
use crate::ui::screens::browse::place::Place;
use crate::ui::theme::Role;
use crate::ui::widgets::dialog::dialog;
use crate::ui::widgets::input::TextField;
use crate::ui::widgets::list::ListState;

/// Several scopes by name.
#[derive(Clone, Debug)]
pub struct Picker {
    field: TextField,
    found: Remote<Vec<Spot>>,
    /// What is marked.
    pub picked: Vec<Spot>,
    list: ListState,
}

/// The number of its list.
pub const LIST: u8 = 20;

impl Picker {
    /// With what is marked already.
    pub fn new(picked: Vec<Spot>) -> Self {
        Self { field: TextField::default(), found: Remote::Absent, picked, list: ListState::default() }
    }

    fn shown(&self) -> &[Spot] {
        if self.field.is_empty() { &self.picked } else { self.found.value().map_or(&[], Vec::as_slice) }
    }

    /// Takes a key into the field.
    pub fn type_key(&mut self, cx: &mut Cx, key: KeyEvent) -> bool {
        let taken = self.field.key(key);
        if taken {
            self.ask(cx);
        }
        taken
    }

    /// Puts text into the field.
    pub fn paste(&mut self, cx: &mut Cx, text: &str) {
        self.field.paste(text);
        self.ask(cx);
    }

    fn ask(&mut self, cx: &mut Cx) {
        self.list = ListState { page: self.list.page, ..ListState::default() };
        if self.field.is_empty() {
            self.found = Remote::Absent;
        } else {
            let ticket = cx.ticket();
            self.found.ask(ticket, cx.data.clock.monotonic);
            cx.emit(Effect::FindPlaces(ticket, self.field.value().to_owned()));
        }
    }

    /// Takes an answer if it is awaited. Accounts hold no negatives of their own and are left out.
    pub fn reply(&mut self, cx: &mut Cx, ticket: Ticket, reply: &Result<Reply, Problem>) {
        match reply {
            Ok(Reply::Places(places)) => {
                let Some(catalog) = cx.data.catalog() else { return };
                let spot = |scope: &Scope| Spot::of(&Place::of(catalog, *scope)?);
                self.found.take(ticket, Ok(places.iter().filter_map(spot).collect()));
            }
            Err(problem) => _ = self.found.take(ticket, Err(problem.clone())),
            Ok(_) => {}
        }
    }

    /// Does an action; true when it is done.
    pub fn act(&mut self, action: Action) -> bool {
        let len = self.shown().len();
        match action {
            Action::Open => self.toggle(),
            Action::Back | Action::NextPane | Action::PrevPane => return true,
            _ => _ = self.list.act(action, len),
        }
        false
    }

    /// Marks an item by the mouse.
    pub fn click(&mut self, item: usize) {
        self.list.cursor = item;
        self.toggle();
    }

    fn toggle(&mut self) {
        let Some(spot) = self.shown().get(self.list.cursor).cloned() else { return };
        if self.picked.contains(&spot) {
            self.picked.retain(|picked| *picked != spot);
        } else {
            self.picked.push(spot);
        }
    }

    fn room(screen: Rect) -> (u16, u16) {
        (screen.width.saturating_sub(8).min(90), screen.height.saturating_sub(4).min(18))
    }

    /// Sets its scroll offset.
    pub fn layout(&mut self, screen: Rect) {
        let (_, height) = Self::room(screen);
        self.list.fit(self.shown().len(), height.saturating_sub(5) as usize);
    }

    /// Paints it.
    pub fn paint(&self, data: &Data, canvas: &mut Canvas, screen: Rect) {
        let (width, height) = Self::room(screen);
        let picked = Line::of(format!("{} picked", self.picked.len()), Role::Accent);
        let inner = dialog(canvas, screen, width, height, "Pick campaigns and ad groups by name", &picked);
        let (field, rest) = split_top(inner, 2);
        let (rest, foot) = split_bottom(rest, 1);
        canvas.line(foot, &Line::of("enter marks or unmarks   tab or esc: done", Role::Dim));
        let took = canvas.line(field, &Line::of("Name: ", Role::Key));
        let field = Rect { x: field.x + took, width: field.width.saturating_sub(took), ..field };
        self.field.paint(canvas, field, Role::Text, true);
        canvas.hit(rest, Target::List(LIST));
        let shown = self.shown();
        if shown.is_empty() {
            let text = match (&self.found, self.field.is_empty()) {
                (Remote::Failed { problem, .. }, _) => problem.title.clone(),
                (_, true) => "Type a part of a name.".to_owned(),
                (Remote::Ready(_), _) => "No campaign or ad group is called like this.".to_owned(),
                _ => String::new(),
            };
            canvas.line(rest, &Line::of(text, Role::Dim));
        }
        let symbols = data.theme.symbols;
        for (at, index) in self.list.window(shown.len(), rest.height as usize).enumerate() {
            let place = row(rest, at as u16);
            let here = index == self.list.cursor;
            let mark = if self.picked.contains(&shown[index]) { "[x] " } else { "[ ] " };
            let cursor = if here { symbols.cursor } else { " " };
            let sort = if shown[index].ad_group.is_some() { "ad group" } else { "campaign" };
            let name =
                fit(&shown[index].named(data), (place.width as usize).saturating_sub(16), symbols.cut, false);
            let line = Line::of(format!("{cursor} "), Role::Accent)
                .put(mark, Role::Mark)
                .put(name, Role::Text)
                .put(format!(" {sort}"), Role::Dim);
            if here {
                canvas.ground(place, Role::Cursor);
                canvas.line_on(place, &line, data.theme.style(Role::Cursor));
            } else {
                canvas.line(place, &line);
            }
            canvas.hit(place, Target::Item(LIST, index));
        }
    }
}
