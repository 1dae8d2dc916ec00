//! History as a part of the screen: contexts, hints, what can be done and why not, and where each action and answer
//! goes.

use std::time::Duration;

use ratatui::layout::Rect;

use super::{History, requests, view};
use crate::domain::problem::Problem;
use crate::ui::action::Action;
use crate::ui::canvas::Canvas;
use crate::ui::data::{AccountNow, Data};
use crate::ui::effect::Effect;
use crate::ui::keymap::Context;
use crate::ui::msg::Reply;
use crate::ui::overlays::Overlay;
use crate::ui::part::{Available, Cx, Part, Want};
use crate::ui::remote::Ticket;
use crate::ui::screens::ScreenId;
use crate::ui::widgets::list::ListState;

impl History {
    fn list_available(&self, action: Action) -> Available {
        match action {
            Action::Open | Action::Right | Action::Copy => {
                Available::when(self.one().is_some(), "Nothing was sent yet")
            }
            Action::Requests => Available::no("Go into the operation first (enter)"),
            Action::Left | Action::Back => Available::Ready,
            _ => Available::when(ListState::moves(action), "Not on this screen"),
        }
    }

    fn open(&mut self, cx: &mut Cx) {
        match &self.inside {
            Some(inside) => {
                if let (Some(past), Some(change)) = (inside.past.value(), inside.change()) {
                    cx.open(Overlay::Pager(requests::everything(change, past, cx.data)));
                }
            }
            None => {
                if let Some(id) = self.one().map(|one| one.operation.id) {
                    self.drill(cx, id);
                }
            }
        }
    }

    fn copy(&self, cx: &mut Cx) {
        let copied = match &self.inside {
            Some(inside) => inside.change().map(|one| (one.change.text().raw().to_owned(), "text")),
            None => self.one().map(|one| (one.operation.id.to_string(), "operation's id")),
        };
        if let Some((text, what)) = copied {
            cx.emit(Effect::Copy(text));
            cx.say(format!("Copied the {what}"));
        }
    }
}

impl Part for History {
    fn contexts(&self, _: &Data) -> Vec<Context> {
        vec![Context::History, Context::List]
    }

    fn hints(&self, data: &Data) -> Vec<Action> {
        let mut hints = match &self.inside {
            Some(_) => vec![Action::Open, Action::Requests],
            None => vec![Action::Down, Action::Open],
        };
        if self.focused().is_some() {
            hints.push(Action::Undo);
        }
        if !data.cut_off().is_empty() {
            hints.push(Action::Settle);
        }
        hints.extend([Action::Copy, Action::Back]);
        hints
    }

    fn available(&self, _: &Data, action: Action) -> Available {
        let failed = self.trouble().0.is_some();
        match (&self.inside, action) {
            (_, Action::Open | Action::Right) if failed => Available::Ready,
            (None, _) => self.list_available(action),
            (Some(inside), Action::Open | Action::Right | Action::Copy) => {
                Available::when(inside.change().is_some(), "There is no change here")
            }
            (Some(inside), Action::Requests) => {
                let change = inside.change().map(|one| one.number);
                let any = inside.past.value().is_some_and(|past| {
                    past.attempts.iter().any(|one| change.is_none_or(|number| one.changes.contains(&number)))
                });
                Available::when(any, "It went out in no request")
            }
            (Some(_), Action::Left | Action::Back) => Available::Ready,
            (Some(_), _) => Available::when(ListState::moves(action), "Not on this screen"),
        }
    }

    fn act(&mut self, cx: &mut Cx, action: Action) {
        match action {
            Action::Open | Action::Right if self.trouble().0.is_some() => self.load(cx),
            Action::Open | Action::Right => self.open(cx),
            Action::Requests => {
                if let Some(inside) = &self.inside
                    && let Some(past) = inside.past.value()
                {
                    let change = inside.change().map(|one| one.number);
                    cx.open(Overlay::Pager(requests::pager(past, change, cx.data)));
                }
            }
            Action::Copy => self.copy(cx),
            Action::Back | Action::Left => {
                if !self.leave() {
                    cx.want(Want::Go(ScreenId::Browse));
                }
            }
            _ => {
                let (list, len) = self.list_mut();
                list.act(action, len);
            }
        }
    }

    fn click(&mut self, cx: &mut Cx, _: u8, item: usize) {
        let (list, _) = self.list_mut();
        let again = list.cursor == item;
        list.cursor = item;
        if again {
            self.open(cx);
        }
    }

    fn wheel(&mut self, _: &mut Cx, _: u8, rows: isize) {
        let (list, len) = self.list_mut();
        list.wheel(rows, len);
    }

    fn reply(&mut self, cx: &mut Cx, ticket: Ticket, reply: &Result<Reply, Problem>) {
        match reply {
            Ok(Reply::History(entries)) => {
                let under = self.one().map(|one| one.operation.id);
                if self.entries.take(ticket, Ok(entries.clone())) {
                    // The cursor stays on its operation when newer ones come in above it.
                    let at = entries.iter().position(|one| Some(one.operation.id) == under);
                    self.list.cursor = at.unwrap_or(self.list.cursor);
                }
            }
            Ok(Reply::Operation(past)) => {
                if let Some(inside) = &mut self.inside {
                    inside.past.take(ticket, Ok(past.clone()));
                }
            }
            Ok(Reply::Sent(_) | Reply::Settled(_)) if self.in_sight => self.load(cx),
            Ok(_) => {}
            Err(problem) => self.failed(ticket, problem),
        }
    }

    fn shown(&mut self, cx: &mut Cx) {
        self.in_sight = true;
        self.load(cx);
    }

    fn hidden(&mut self, _: &mut Cx) {
        self.in_sight = false;
    }

    fn layout(&mut self, _: &Data, area: Rect) {
        let rows = view::rows(area);
        let (list, len) = self.list_mut();
        list.fit(len, rows);
    }

    fn paint(&self, data: &Data, canvas: &mut Canvas, area: Rect) {
        view::paint(self, data, canvas, area);
    }

    fn trail(&self, _: &Data) -> Vec<String> {
        let inside = self.inside.as_ref().and_then(|inside| inside.past.value());
        let number = inside.map(|past| format!("Operation {}", past.entry.number));
        std::iter::once("History".to_owned()).chain(number).collect()
    }

    fn account<'d>(&self, data: &'d Data) -> Option<&'d AccountNow> {
        let inside = self.inside.as_ref().and_then(|inside| inside.past.value());
        let entry = inside.map(|past| &past.entry).or_else(|| self.one())?;
        data.account(&entry.operation.account)
    }

    fn waiting(&self, _: &Data) -> Option<Duration> {
        self.trouble().1
    }
}
