//! Everything, fuzzily: actions with their keys and the reason where one cannot be done, and places by name.
//! Actions are matched here; places are found by the shell, because there may be hundreds of thousands.

use crossterm::event::KeyEvent;
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use ratatui::layout::Rect;
use strum::VariantArray;

use crate::domain::catalog::Scope;
use crate::domain::problem::Problem;
use crate::ui::action::Action;
use crate::ui::available::available;
use crate::ui::canvas::{Canvas, Line, Target, fit};
use crate::ui::data::Data;
use crate::ui::effect::Effect;
use crate::ui::keymap::Context;
use crate::ui::layout::{row, split_top};
use crate::ui::model::Model;
use crate::ui::msg::Reply;
use crate::ui::part::{Available, Changed, Cx, Part, Want};
use crate::ui::remote::{Remote, Ticket};
use crate::ui::screens::browse::place;
use crate::ui::theme::Role;
use crate::ui::widgets::dialog::dialog;
use crate::ui::widgets::input::TextField;
use crate::ui::widgets::list::ListState;

/// An action as it stood when the palette was opened.
#[derive(Clone, Debug)]
struct Entry {
    action: Action,
    key: String,
    available: Available,
}

/// What a line stands for.
#[derive(Clone, Copy, Debug)]
enum Hit {
    Action(usize),
    Place(Scope),
}

/// The palette.
#[derive(Clone, Debug)]
pub struct Palette {
    field: TextField,
    entries: Vec<Entry>,
    hits: Vec<Hit>,
    places: Remote<Vec<Scope>>,
    list: ListState,
}

/// Movements are no business of the palette.
fn listed(action: Action) -> bool {
    use crate::ui::action::Group;
    action.info().group != Group::Move && !matches!(action, Action::Palette | Action::StageForm)
}

impl Palette {
    /// Everything that can be asked for where the person is.
    pub fn new(model: &Model) -> Self {
        let contexts = model.contexts();
        let mut entries: Vec<Entry> = Action::VARIANTS
            .iter()
            .filter(|action| listed(**action))
            .map(|action| Entry {
                action: *action,
                key: model.data.keymap.hint(&contexts, *action).unwrap_or_default(),
                available: available(model, *action),
            })
            .collect();
        entries.sort_by_key(|entry| entry.available != Available::Ready);
        let mut palette = Self {
            field: TextField::default(),
            entries,
            hits: Vec::new(),
            places: Remote::Absent,
            list: ListState::default(),
        };
        palette.gather();
        palette
    }

    fn gather(&mut self) {
        let pattern = Pattern::parse(self.field.value(), CaseMatching::Ignore, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut chars = Vec::new();
        let typed = self.field.value().trim().to_lowercase();
        let mut scored: Vec<(bool, u32, usize)> = self
            .entries
            .iter()
            .enumerate()
            .filter_map(|(at, entry)| {
                let text = format!("{} {}", entry.action.info().title, entry.action.info().short);
                let score = pattern.score(Utf32Str::new(&text, &mut chars), &mut matcher)?;
                Some((!text.to_lowercase().contains(&typed), score, at))
            })
            .collect();
        // What can be done and holds the text as typed comes first, then places, then what cannot be done; what is only
        // like the text comes when there is nothing else.
        scored.sort_by_key(|(loose, score, at)| {
            let barred = self.entries[*at].available != Available::Ready;
            (*loose, barred, std::cmp::Reverse(*score), *at)
        });
        let tight = scored.iter().filter(|(loose, ..)| !loose).count();
        if tight > 0 || self.places.value().is_some_and(|places| !places.is_empty()) {
            scored.truncate(tight);
        }
        self.hits = scored.into_iter().map(|(.., at)| Hit::Action(at)).collect();
        let places: Vec<Hit> =
            self.places.value().into_iter().flatten().map(|scope| Hit::Place(*scope)).collect();
        let ready = self.hits.iter().take(tight).take_while(|hit| self.can(**hit)).count();
        self.hits.splice(ready..ready, places);
    }

    fn can(&self, hit: Hit) -> bool {
        matches!(hit, Hit::Action(at) if self.entries[at].available == Available::Ready)
    }

    fn typed(&mut self, cx: &mut Cx) {
        self.list = ListState { page: self.list.page, ..ListState::default() };
        if self.field.is_empty() {
            self.places = Remote::Absent;
        } else if cx.data.catalog().is_some() {
            let ticket = cx.ticket();
            self.places.ask(ticket, cx.data.clock.monotonic);
            cx.emit(Effect::FindPlaces(ticket, self.field.value().to_owned()));
        }
        self.gather();
    }

    fn choose(&self, cx: &mut Cx) {
        cx.close();
        match self.hits.get(self.list.cursor) {
            Some(Hit::Action(at)) => cx.want(Want::Act(self.entries[*at].action)),
            Some(Hit::Place(scope)) => cx.want(Want::Focus(*scope)),
            None => {}
        }
    }

    fn room(screen: Rect) -> (u16, u16) {
        (screen.width.saturating_sub(8).min(90), screen.height.saturating_sub(4).min(20))
    }

    fn line(&self, data: &Data, hit: Hit, width: usize) -> Line {
        let symbols = data.theme.symbols;
        match hit {
            Hit::Action(at) => {
                let Entry { action, key, available } = &self.entries[at];
                let title = action.info().title;
                let (role, reason) = match available {
                    Available::Ready => (Role::Text, ""),
                    Available::Disabled(reason) => (Role::Dim, reason.as_str()),
                };
                let left = if reason.is_empty() { title.to_owned() } else { format!("{title}: {reason}") };
                Line::of(fit(&left, width.saturating_sub(12), symbols.cut, false), role)
                    .put(fit(key, 12, symbols.cut, true), Role::Key)
            }
            Hit::Place(scope) => {
                let (kind, path) = place::named(data, scope);
                Line::of(fit(&path, width.saturating_sub(12), symbols.cut, false), Role::Text)
                    .put(fit(kind, 12, symbols.cut, true), Role::Dim)
            }
        }
    }
}

impl Part for Palette {
    fn contexts(&self, _: &Data) -> Vec<Context> {
        vec![Context::Overlay]
    }

    fn hints(&self, _: &Data) -> Vec<Action> {
        vec![Action::Down, Action::Open, Action::Back]
    }

    fn available(&self, _: &Data, action: Action) -> Available {
        let known = matches!(action, Action::Open | Action::Back | Action::NextPane | Action::PrevPane);
        Available::when(known || ListState::moves(action), "Close this first")
    }

    fn act(&mut self, cx: &mut Cx, action: Action) {
        match action {
            Action::Open => self.choose(cx),
            Action::Back => cx.close(),
            Action::NextPane => self.list.by(1, self.hits.len()),
            Action::PrevPane => self.list.by(-1, self.hits.len()),
            _ => _ = self.list.act(action, self.hits.len()),
        }
    }

    fn editing(&self) -> bool {
        true
    }

    fn type_key(&mut self, cx: &mut Cx, key: KeyEvent) -> bool {
        let taken = self.field.key(key);
        if taken {
            self.typed(cx);
        }
        taken
    }

    fn paste(&mut self, cx: &mut Cx, text: &str) {
        self.field.paste(text);
        self.typed(cx);
    }

    fn click(&mut self, cx: &mut Cx, _: u8, item: usize) {
        self.list.cursor = item;
        self.choose(cx);
    }

    fn wheel(&mut self, _: &mut Cx, _: u8, rows: isize) {
        self.list.wheel(rows, self.hits.len());
    }

    fn reply(&mut self, _: &mut Cx, ticket: Ticket, reply: &Result<Reply, Problem>) {
        let taken = match reply {
            Ok(Reply::Places(places)) => self.places.take(ticket, Ok(places.clone())),
            Err(problem) => self.places.take(ticket, Err(problem.clone())),
            Ok(_) => false,
        };
        if taken {
            self.gather();
        }
    }

    /// Row numbers of an older snapshot mean nothing: look again.
    fn changed(&mut self, cx: &mut Cx, what: Changed) {
        if what == Changed::Catalog {
            self.places = Remote::Absent;
            self.typed(cx);
        }
    }

    fn layout(&mut self, _: &Data, screen: Rect) {
        let (_, height) = Self::room(screen);
        self.list.fit(self.hits.len(), height.saturating_sub(4) as usize);
    }

    fn paint(&self, data: &Data, canvas: &mut Canvas, screen: Rect) {
        let (width, height) = Self::room(screen);
        let inner = dialog(canvas, screen, width, height, "Find an action or a place", &Line::new());
        let (field, rest) = split_top(inner, 2);
        let took = canvas.line(field, &Line::of(": ", Role::Key));
        let field = Rect { x: field.x + took, width: field.width.saturating_sub(took), ..field };
        self.field.paint(canvas, field, Role::Text, true);
        canvas.hit(rest, Target::List(0));
        if self.hits.is_empty() {
            canvas.line(rest, &Line::of("Nothing is called like this; esc closes.", Role::Dim));
        }
        for (at, index) in self.list.window(self.hits.len(), rest.height as usize).enumerate() {
            let here = index == self.list.cursor;
            let place = row(rest, at as u16);
            let cursor = if here { data.theme.symbols.cursor } else { " " };
            let line = Line::of(format!("{cursor} "), Role::Accent).join(self.line(
                data,
                self.hits[index],
                (place.width as usize).saturating_sub(2),
            ));
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
