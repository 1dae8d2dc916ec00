//! Browse: accounts, campaigns and ad groups on the left, the negatives of whatever is focused on the right,
//! details below. This file has its state and what is done to it; `part` takes actions and keys, [`view`] paints,
//! [`stage`] decides what `t` and `d` mean, [`rows`] keeps the result of the query.

pub mod details;
pub mod marks;
mod part;
pub mod place;
pub mod rows;
pub mod seen;
pub mod stage;
pub mod tree;
pub mod view;

#[cfg(test)]
mod tests;

use strum::VariantArray;

use self::place::Place;
use self::rows::RowsPane;
use self::seen::Seen;
use self::stage::Decided;
use self::tree::Tree;
use crate::domain::capabilities::Removal;
use crate::domain::catalog::{Column, Scope};
use crate::domain::text::shown;
use crate::ui::canvas::{Line, counted};
use crate::ui::data::Data;
use crate::ui::effect::Effect;
use crate::ui::layout::WIDE;
use crate::ui::overlays::Overlay;
use crate::ui::overlays::confirm::Confirm;
use crate::ui::overlays::menu::{Item, Menu};
use crate::ui::part::{Available, Cx, Part, Want};
use crate::ui::theme::Role;
use crate::ui::whatif::{Listing, WhatIf};

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
    /// What the negative under the cursor has blocked, or would.
    pub whatif: WhatIf,
    listing: Listing,
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

    /// Asks what the negative under the cursor has blocked, or would.
    fn wonder(&mut self, cx: &mut Cx) {
        let under = self.rows.under_cursor().filter(|_| self.in_rows() && cx.data.catalog().is_some());
        let question = under.as_ref().and_then(|seen| details::question(seen, cx.data));
        self.whatif.ask(cx, question.into_iter().collect());
    }

    /// Whether there are search terms to list for the negative under the cursor.
    fn can_list(&self, data: &Data) -> Available {
        let under = self.rows.under_cursor().filter(|_| self.in_rows());
        match under.as_ref().map(|seen| details::question(seen, data)) {
            None => Available::no("Go to a negative first (tab or l)"),
            Some(None) => Available::no("What it blocks is not known"),
            Some(Some(_)) => self.whatif.can_list(),
        }
    }

    /// Lists the search terms of the negative under the cursor.
    fn list_terms(&mut self, cx: &mut Cx) {
        let Some(seen) = self.rows.under_cursor() else { return };
        let questions = details::question(&seen, cx.data).into_iter().collect();
        self.listing.ask(cx, seen.shown_text(), questions);
    }

    /// Whether keys go to the negatives.
    pub fn in_rows(&self) -> bool {
        self.pane == Pane::Rows
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
            Some(Removal::Archive) => format!("{platform} archives for good"),
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
            // Beside the rows the tree is one step back; over them it is what esc closes.
            self.pane = if cx.data.size.0 >= WIDE { Pane::Tree } else { Pane::Rows };
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
                    cx.open(Overlay::Pager(details::everything(cx.data, &row)));
                }
            }
        }
    }

    fn copy(&self, cx: &mut Cx) {
        let text = match self.pane {
            Pane::Rows => self.rows.under_cursor().map(|row| row.text().copied().into_owned()),
            Pane::Tree => self.place.as_ref().and_then(|place| place::trail(cx.data, place).pop()),
        };
        if let Some(text) = text {
            cx.say(format!("Copied: {}", shown(&text)));
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
