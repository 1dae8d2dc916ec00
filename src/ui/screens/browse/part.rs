//! Browse as a part of the screen: contexts, hints, what can be done and why not, and where each action, key and
//! answer goes. What they then do stands in [`super`].

use crossterm::event::KeyEvent;
use ratatui::layout::Rect;

use super::{Browse, Pane, place, rows, stage, tree, view};
use crate::domain::problem::Problem;
use crate::ui::action::Action;
use crate::ui::canvas::{Canvas, Line, counted};
use crate::ui::data::{AccountNow, Data};
use crate::ui::effect::Effect;
use crate::ui::keymap::Context;
use crate::ui::layout::WIDE;
use crate::ui::msg::Reply;
use crate::ui::overlays::Overlay;
use crate::ui::overlays::add::AddForm;
use crate::ui::part::{Available, Changed, Cx, Part};
use crate::ui::remote::Ticket;
use crate::ui::theme::Role;
use crate::ui::widgets::list::ListState;
use crate::ui::widgets::table;

impl Part for Browse {
    fn contexts(&self, _: &Data) -> Vec<Context> {
        if self.rows.filter.typing { vec![Context::Filter] } else { vec![Context::Browse, Context::List] }
    }

    fn hints(&self, data: &Data) -> Vec<Action> {
        if self.rows.filter.typing {
            return vec![Action::Open, Action::Back];
        }
        match self.pane {
            Pane::Tree => {
                vec![Action::Open, Action::NextPane, Action::Add, Action::Filter, Action::Refresh, Action::Copy]
            }
            Pane::Rows => {
                let mut hints = vec![Action::Add, Action::Remove, Action::Toggle, Action::Mark, Action::Filter];
                if !data.staged.is_empty() {
                    hints.extend([Action::GoPlan, Action::Undo]);
                }
                if data.size.0 < WIDE {
                    hints.push(Action::Left);
                }
                hints.extend([Action::Open, Action::Sort]);
                hints
            }
        }
    }

    fn available(&self, data: &Data, action: Action) -> Available {
        let loaded = || Available::when(data.catalog().is_some(), "The snapshot is still loading");
        let on_row = || match (self.pane, self.rows.len()) {
            (Pane::Tree, _) => Available::no("Go to the negatives first (tab or l)"),
            (Pane::Rows, 0) => Available::no("There is no negative here"),
            (Pane::Rows, _) => loaded(),
        };
        match action {
            Action::Toggle => self.stageable(data, stage::toggle),
            Action::Remove => self.stageable(data, stage::remove),
            Action::BlockedTerms => self.can_list(data),
            Action::Add => match (data.catalog(), &self.place) {
                (Some(_), Some(_)) => Available::Ready,
                (Some(_), None) => Available::no("There is no account to add to"),
                (None, _) => Available::no("The snapshot is still loading"),
            },
            Action::Edit if self.rows.marks.len() > 1 => Available::no("Edit takes one row: esc unmarks"),
            Action::Edit | Action::Mark | Action::MarkRange | Action::MarkInvert => on_row(),
            // Typed before the snapshot is there, a filter waits for it; refused, its letters would be taken for actions.
            Action::Filter => Available::when(self.place.is_some(), "There is no account yet"),
            Action::Sort | Action::SortReverse => loaded(),
            Action::Copy => {
                Available::when(self.pane == Pane::Tree || !self.rows.is_empty(), "There is nothing to copy")
            }
            Action::CopyRows => match on_row() {
                Available::Ready if self.rows.marks.len() > rows::MOST_COPIED => {
                    Available::no("More than 1,000 rows: use `unbid list --format csv`")
                }
                other => other,
            },
            Action::Left | Action::Right | Action::Open | Action::ColumnsLeft | Action::ColumnsRight => {
                Available::Ready
            }
            _ => Available::when(ListState::moves(action), "Not on this screen"),
        }
    }

    fn act(&mut self, cx: &mut Cx, action: Action) {
        match action {
            Action::Open if self.rows.filter.typing => self.rows.filter.typing = false,
            Action::Back if self.rows.filter.typing => {
                self.rows.clear_filter();
                self.query(cx);
            }
            Action::Back => self.back(cx),
            Action::Open | Action::Right => self.into(cx),
            Action::Left => match self.pane {
                Pane::Tree => {
                    self.tree.close(cx.data);
                    self.follow(cx);
                }
                Pane::Rows => self.pane = Pane::Tree,
            },
            Action::Filter => {
                self.pane = Pane::Rows;
                self.rows.filter.typing = true;
            }
            Action::Sort => self.sort_menu(cx),
            Action::SortReverse => self.sort_by(cx, self.rows.sort().column),
            Action::Toggle => self.toggle(cx),
            Action::Remove => self.remove(cx),
            Action::BlockedTerms => self.list_terms(cx),
            Action::Add => {
                if let Some(form) = AddForm::add(cx, self) {
                    cx.open(Overlay::Add(Box::new(form)));
                }
            }
            Action::Edit => {
                let row = self.subjects().into_iter().next();
                match row.and_then(|row| AddForm::edit(cx, &row)) {
                    Some(form) => cx.open(Overlay::Add(Box::new(form))),
                    None => cx.say("There is no negative here."),
                }
            }
            Action::Copy => self.copy(cx),
            Action::CopyRows => {
                let (csv, n) = self.rows.csv(cx.data);
                cx.say(format!("Copied {} as CSV", counted(n, "row")));
                cx.emit(Effect::Copy(csv));
            }
            _ if self.pane == Pane::Tree => {
                if self.tree.act(action) {
                    self.follow(cx);
                }
            }
            _ => self.rows.act(action),
        }
        self.wonder(cx);
    }

    fn editing(&self) -> bool {
        self.rows.filter.typing
    }

    fn type_key(&mut self, cx: &mut Cx, key: KeyEvent) -> bool {
        let taken = self.rows.filter.key(key);
        if taken && self.rows.filter.understood() {
            self.query(cx);
        }
        taken
    }

    fn paste(&mut self, cx: &mut Cx, text: &str) {
        if self.rows.filter.typing {
            self.rows.filter.paste(text);
            self.query(cx);
        }
    }

    fn click(&mut self, cx: &mut Cx, list: u8, item: usize) {
        self.rows.filter.typing = false;
        if list == tree::LIST {
            let again = self.pane == Pane::Tree && self.tree.list.cursor == item;
            self.pane = Pane::Tree;
            self.tree.list.cursor = item;
            if again && !self.tree.open(cx.data) {
                self.tree.close(cx.data);
            }
            self.follow(cx);
        } else {
            let again = self.pane == Pane::Rows && self.rows.list.cursor == item;
            self.pane = Pane::Rows;
            self.rows.put(item);
            if again {
                self.into(cx);
            }
        }
        self.wonder(cx);
    }

    fn wheel(&mut self, cx: &mut Cx, list: u8, rows: isize) {
        if list == tree::LIST {
            let len = self.tree.len();
            self.tree.list.wheel(rows, len);
            self.follow(cx);
        } else {
            let len = self.rows.len();
            self.rows.list.wheel(rows, len);
        }
        self.wonder(cx);
    }

    fn reply(&mut self, cx: &mut Cx, ticket: Ticket, reply: &Result<Reply, Problem>) {
        if self.whatif.take(ticket, reply) || self.listing.take(cx, ticket, reply) {
            return;
        }
        match reply {
            Ok(Reply::Opening(_)) => {
                self.rows.opening(cx.data);
            }
            Ok(Reply::Found(found)) => self.rows.found(cx.data, ticket, found),
            Err(problem) => {
                if self.rows.failed(ticket, problem) {
                    cx.fail(problem.clone());
                }
            }
            Ok(_) => {}
        }
        self.wonder(cx);
    }

    fn changed(&mut self, cx: &mut Cx, what: Changed) {
        match what {
            Changed::Catalog => {
                self.whatif.forget();
                let place = self.place.clone();
                match place.as_ref() {
                    // The first snapshot opens what is in focus; a later one leaves the tree as it was.
                    Some(place) if self.rows.total().is_none() => self.tree.reveal(cx.data, place),
                    place => self.tree.rebuild(cx.data, place),
                }
                if let Some(lost) = self.rows.new_catalog(cx.data) {
                    cx.say(format!("{} taken away: the snapshot is a new one", counted(lost, "mark")));
                }
                self.follow(cx);
            }
            Changed::Staged => self.rows.new_overlay(cx.data),
            Changed::Terms => {
                self.whatif.renew(cx);
                return self.wonder(cx);
            }
            Changed::Audit => return,
        }
        self.query(cx);
    }

    fn shown(&mut self, cx: &mut Cx) {
        if self.tree.is_empty() {
            self.tree.rebuild(cx.data, None);
            if cx.data.size.0 < WIDE {
                self.pane = Pane::Rows;
            }
        }
        self.follow(cx);
    }

    fn panes(&self, _: &Data) -> (usize, usize) {
        (2, self.pane as usize)
    }

    fn focus_pane(&mut self, _: &Data, pane: usize) {
        self.rows.filter.typing = false;
        self.pane = if pane == 0 { Pane::Tree } else { Pane::Rows };
    }

    fn layout(&mut self, data: &Data, area: Rect) {
        let areas = view::areas(data, area, self.pane);
        let nodes = self.tree.len();
        self.tree.list.fit(nodes, areas.tree.height as usize);
        let len = self.rows.len();
        self.rows.list.fit(len, table::rows_in(areas.table));
    }

    fn paint(&self, data: &Data, canvas: &mut Canvas, area: Rect) {
        view::paint(self, data, canvas, area);
    }

    fn trail(&self, data: &Data) -> Vec<String> {
        self.place.as_ref().map(|place| place::trail(data, place)).unwrap_or_default()
    }

    fn status(&self, _: &Data) -> Line {
        let marks = &self.rows.marks;
        match (self.rows.range_len(), marks.is_empty()) {
            (Some(n), _) => Line::of(format!("range of {n}: v or space marks it"), Role::Mark),
            (None, true) => Line::new(),
            (None, false) => {
                Line::of(format!("{} marked, {} hidden", marks.len(), self.rows.hidden()), Role::Mark)
            }
        }
    }

    fn account<'d>(&self, data: &'d Data) -> Option<&'d AccountNow> {
        data.account(&self.place.as_ref()?.account)
    }

    fn waiting(&self, _: &Data) -> Option<std::time::Duration> {
        self.rows.since()
    }
}
