//! Browse: accounts, campaigns and ad groups on the left, the negatives of whatever is focused on the right,
//! details below. This file has its state and what keys do to it; [`view`] paints, [`stage`] decides what `t` and
//! `d` mean, [`rows`] keeps the result of the query.

pub mod marks;
pub mod place;
pub mod rows;
pub mod seen;
pub mod stage;
pub mod tree;
pub mod view;

#[cfg(test)]
mod tests;

use crossterm::event::KeyEvent;
use ratatui::layout::Rect;
use strum::VariantArray;

use self::place::Place;
use self::rows::RowsPane;
use self::seen::Seen;
use self::stage::Decided;
use self::tree::Tree;
use super::super::action::Action;
use super::super::canvas::{Canvas, Line, counted};
use super::super::data::{AccountNow, Data};
use super::super::effect::Effect;
use super::super::keymap::Context;
use super::super::layout::WIDE;
use super::super::msg::Reply;
use super::super::overlays::Overlay;
use super::super::overlays::confirm::Confirm;
use super::super::overlays::menu::{Item, Menu};
use super::super::part::{Available, Changed, Cx, Part, Want};
use super::super::remote::Ticket;
use super::super::theme::Role;
use crate::domain::catalog::{Column, Scope};
use crate::domain::problem::Problem;

/// Which pane has focus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// The tree.
    #[default]
    Tree,
    /// The negatives.
    Rows,
}

/// The state of Browse.
#[derive(Clone, Debug, Default)]
pub struct Browse {
    /// Accounts, campaigns, ad groups.
    pub tree: Tree,
    /// The negatives.
    pub rows: RowsPane,
    /// Which of both has focus.
    pub pane: Pane,
    /// The place whose negatives are shown.
    pub place: Option<Place>,
}

/// The most rows that one action stages at a time.
const MOST_AT_ONCE: usize = 10_000;

impl Browse {
    /// Shows a place of the present snapshot.
    pub fn focus(&mut self, cx: &mut Cx, scope: Scope) {
        let Some(place) = cx.data.catalog().and_then(|catalog| Place::of(catalog, scope)) else { return };
        self.tree.reveal(cx.data, &place);
        self.pane = Pane::Rows;
        self.rows.clear_filter();
        self.go(cx, place);
    }

    /// Sorts by a column; the column it is sorted by already turns round.
    pub fn sort_by(&mut self, cx: &mut Cx, column: Column) {
        self.rows.sort_by(column);
        self.query(cx);
    }

    fn go(&mut self, cx: &mut Cx, place: Place) {
        if self.place.as_ref() != Some(&place) {
            self.place = Some(place);
            self.rows.start_over();
            self.query(cx);
        }
    }

    /// Follows the tree's cursor.
    fn follow(&mut self, cx: &mut Cx) {
        if let Some(place) = self.tree.place(cx.data) {
            self.go(cx, place);
        }
    }

    fn query(&mut self, cx: &mut Cx) {
        let scope = cx.data.catalog().and_then(|catalog| self.place.as_ref()?.scope(catalog));
        if let Some(scope) = scope {
            self.rows.query(cx, scope);
        }
    }

    /// The rows that an action is about: the marked ones, else the one under the cursor.
    pub fn subjects(&self) -> Vec<Seen> {
        if self.rows.marks.is_empty() {
            self.rows.under_cursor().into_iter().collect()
        } else {
            self.rows.marked()
        }
    }

    fn stageable(&self, data: &Data, decide: fn(&Data, &[Seen]) -> Decided) -> Available {
        if data.catalog().is_none() {
            return Available::no("The snapshot is still loading");
        }
        if self.pane == Pane::Tree && self.rows.marks.is_empty() {
            return Available::no("Go to a negative first (tab or l)");
        }
        if self.rows.marks.len() > MOST_AT_ONCE {
            return Available::no("More than 10,000 are marked: mark fewer at a time");
        }
        if !self.rows.marks.is_empty() {
            return Available::Ready;
        }
        let Some(row) = self.rows.under_cursor() else { return Available::no("There is no negative here") };
        let decided = decide(data, std::slice::from_ref(&row));
        let reason = decided.refused.first().map(|reason| format!("Not possible: {reason}"));
        reason.map_or(Available::Ready, Available::Disabled)
    }

    fn toggle(&mut self, cx: &mut Cx) {
        let decided = stage::toggle(cx.data, &self.subjects());
        if decided.instead.is_empty() {
            self.staged(cx, decided, "");
            return;
        }
        let n = decided.instead.len();
        let what = if n == 1 { "it".to_owned() } else { format!("{} of them", counted(n, "negative")) };
        let mut lines = vec![
            Line::of(
                format!("{} has no pause. The nearest it has is to archive {what},", decided.platform),
                Role::Text,
            ),
            Line::of("for good: switching back on would make a new one.", Role::Warn),
        ];
        let asked = decided.count();
        if asked > 0 {
            lines.push(Line::of(format!("{} are switched as asked.", counted(asked, "other")), Role::Dim));
        }
        lines.push(Line::of("This stages; nothing is sent yet.", Role::Dim));
        let mut staging = decided.staging;
        staging.add.extend(decided.instead);
        let say = said(staging.add.len() + staging.drop.len(), &[]);
        let wants = vec![Want::Stage(Box::new(staging), say)];
        cx.open(Overlay::Confirm(
            Confirm::new("Archive instead?", lines, "Stage archiving", wants).dangerous(),
        ));
        self.rows.unmark();
    }

    fn remove(&mut self, cx: &mut Cx) {
        let decided = stage::remove(cx.data, &self.subjects());
        let platform = decided.platform;
        let note = match self.account(cx.data).map(|a| a.capabilities.removal) {
            _ if decided.staging.add.is_empty() => String::new(),
            Some(crate::domain::capabilities::Removal::Archive) => format!("{platform} archives for good"),
            Some(_) => format!("{platform} has no delete: it will be switched off"),
            None => String::new(),
        };
        self.staged(cx, decided, &note);
    }

    fn staged(&mut self, cx: &mut Cx, decided: Decided, note: &str) {
        let n = decided.count();
        let mut notes: Vec<String> = Vec::new();
        if !note.is_empty() {
            notes.push(note.to_owned());
        }
        if decided.left_out > 0 {
            let why: Vec<String> = decided.refused.into_iter().collect();
            notes.push(format!("{} left out: {}", decided.left_out, why.join("; ")));
        }
        if n == 0 {
            cx.say(notes.join("; "));
            return;
        }
        let dropped = decided.staging.add.is_empty();
        let say =
            if dropped { format!("{} taken out of staging", counted(n, "change")) } else { said(n, &notes) };
        cx.stage(decided.staging, say);
        self.rows.unmark();
    }

    fn back(&mut self, cx: &mut Cx) {
        if self.rows.end_range() {
            return;
        }
        if self.rows.is_filtered() {
            self.rows.clear_filter();
            self.query(cx);
        } else if !self.rows.marks.is_empty() {
            self.rows.unmark();
        } else {
            self.pane = match self.pane {
                Pane::Rows => Pane::Tree,
                Pane::Tree => Pane::Rows,
            };
        }
    }

    fn into(&mut self, cx: &mut Cx) {
        match self.pane {
            Pane::Tree => {
                if self.tree.open(cx.data) {
                    self.follow(cx);
                } else {
                    self.pane = Pane::Rows;
                }
            }
            Pane::Rows => {
                if let Some(row) = self.rows.under_cursor() {
                    cx.open(Overlay::Pager(view::everything(cx.data, &row)));
                }
            }
        }
    }

    fn copy(&self, cx: &mut Cx) {
        let text = match self.pane {
            Pane::Rows => self.rows.under_cursor().map(|row| row.text().raw().to_owned()),
            Pane::Tree => self.place.as_ref().and_then(|place| place::trail(cx.data, place).pop()),
        };
        if let Some(text) = text {
            cx.say(format!("Copied: {}", crate::domain::text::shown(&text)));
            cx.emit(Effect::Copy(text));
        }
    }

    fn sort_menu(&self, cx: &mut Cx) {
        let sort = self.rows.sort();
        let items = Column::VARIANTS.iter().map(|column| Item {
            label: rows::column_title(*column).to_owned(),
            note: if *column == sort.column { "now; again turns it round".to_owned() } else { String::new() },
            wants: vec![Want::Sort(*column)],
        });
        let at = Column::VARIANTS.iter().position(|column| *column == sort.column).unwrap_or(0);
        cx.open(Overlay::Menu(Menu::new("Sort by", items.collect(), at)));
    }
}

fn said(n: usize, notes: &[String]) -> String {
    let mut parts = vec![format!("{} staged, not sent", counted(n, "change"))];
    parts.extend_from_slice(notes);
    parts.push("u takes it back".to_owned());
    parts.join("; ")
}

impl Part for Browse {
    fn contexts(&self, _: &Data) -> Vec<Context> {
        if self.rows.filtering { vec![Context::Filter] } else { vec![Context::Browse, Context::List] }
    }

    fn hints(&self, data: &Data) -> Vec<Action> {
        if self.rows.filtering {
            return vec![Action::Open, Action::Back];
        }
        match self.pane {
            Pane::Tree => {
                vec![Action::Open, Action::Left, Action::NextPane, Action::Add, Action::Filter, Action::Refresh]
            }
            Pane::Rows => {
                let mut hints = vec![Action::Add, Action::Remove, Action::Toggle, Action::Mark, Action::Filter];
                if !data.staged.is_empty() {
                    hints.extend([Action::GoPlan, Action::Undo]);
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
            Action::Add | Action::Edit => Available::no("There is no form yet"),
            Action::Mark | Action::MarkRange | Action::MarkInvert => on_row(),
            Action::Filter | Action::Sort | Action::SortReverse => loaded(),
            Action::Copy => {
                Available::when(self.pane == Pane::Tree || !self.rows.is_empty(), "There is nothing to copy")
            }
            Action::CopyRows => match on_row() {
                Available::Ready if self.rows.marks.len() > rows::MOST_COPIED => {
                    Available::no("More than 1,000 rows: use `unbid list --format csv`")
                }
                other => other,
            },
            Action::Up
            | Action::Down
            | Action::HalfUp
            | Action::HalfDown
            | Action::PageUp
            | Action::PageDown
            | Action::Top
            | Action::Bottom
            | Action::Left
            | Action::Right
            | Action::Open
            | Action::ColumnsLeft
            | Action::ColumnsRight => Available::Ready,
            _ => Available::no("Not on this screen"),
        }
    }

    fn act(&mut self, cx: &mut Cx, action: Action) {
        match action {
            Action::Open if self.rows.filtering => self.rows.filtering = false,
            Action::Back if self.rows.filtering => {
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
                self.rows.filtering = true;
            }
            Action::Sort => self.sort_menu(cx),
            Action::SortReverse => self.sort_by(cx, self.rows.sort().column),
            Action::Toggle => self.toggle(cx),
            Action::Remove => self.remove(cx),
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
    }

    fn editing(&self) -> bool {
        self.rows.filtering
    }

    fn type_key(&mut self, cx: &mut Cx, key: KeyEvent) -> bool {
        let taken = self.rows.type_key(key);
        if taken && self.rows.understood() {
            self.query(cx);
        }
        taken
    }

    fn paste(&mut self, cx: &mut Cx, text: &str) {
        if self.rows.filtering {
            self.rows.paste(text);
            self.query(cx);
        }
    }

    fn click(&mut self, cx: &mut Cx, list: u8, item: usize) {
        self.rows.filtering = false;
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
            self.rows.list.cursor = item;
            if again {
                self.into(cx);
            }
        }
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
    }

    fn reply(&mut self, cx: &mut Cx, ticket: Ticket, reply: &Result<Reply, Problem>) {
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
    }

    fn changed(&mut self, cx: &mut Cx, what: Changed) {
        match what {
            Changed::Catalog => {
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
        self.rows.filtering = false;
        self.pane = if pane == 0 { Pane::Tree } else { Pane::Rows };
    }

    fn layout(&mut self, data: &Data, area: Rect) {
        let areas = view::areas(data, area, self.pane);
        let nodes = self.tree.len();
        self.tree.list.fit(nodes, areas.tree.height as usize);
        let len = self.rows.len();
        self.rows.list.fit(len, super::super::widgets::table::rows_in(areas.table));
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
