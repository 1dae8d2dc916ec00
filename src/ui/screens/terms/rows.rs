//! The list of search terms: the result of the last query with the terms it was made from, view, filter, order, marks.
//! A result is always read with its own terms: numbers of others mean nothing.

use std::sync::Arc;
use std::time::Duration;

use super::marks::Marks;
use crate::domain::catalog::{EntryIx, Scope};
use crate::domain::csv::copied;
use crate::domain::problem::Problem;
use crate::domain::sift::{Column, LineRows, Order, SiftQuery, Sifter, TermLine, View};
use crate::domain::term::ReviewKey;
use crate::ui::action::Action;
use crate::ui::effect::{Effect, TermsWanted};
use crate::ui::msg::LinesFound;
use crate::ui::part::Cx;
use crate::ui::remote::{Remote, Ticket};
use crate::ui::widgets::filter_line::FilterLine;
use crate::ui::widgets::list::ListState;

/// The list's number among the screen's.
pub const LIST: u8 = 0;
/// The most lines that are copied at once: terminals take no more.
pub const MOST_COPIED: usize = 1_000;
/// The most marks that are carried over to a newer snapshot.
const MOST_CARRIED: usize = 200;

/// A result, with what its numbers belong to.
#[derive(Clone, Debug)]
struct Outcome {
    sifter: Sifter,
    rows: LineRows,
}

/// The list of search terms.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    result: Remote<Outcome>,
    /// Cursor and offset.
    pub list: ListState,
    /// What narrows the lines.
    pub filter: FilterLine,
    /// Which saved view.
    pub view: View,
    /// The order.
    pub order: Order,
    /// Which lines are marked.
    pub marks: Marks,
    hidden: usize,
    range_from: Option<usize>,
    placed: bool,
    /// How many columns are scrolled away.
    pub skip: usize,
}

impl Lines {
    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.result.value().map_or(0, |result| result.rows.len())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The result of the last query.
    pub fn found(&self) -> Option<&LineRows> {
        self.result.value().map(|result| &result.rows)
    }

    /// The terms that the lines are of.
    pub fn sifter(&self) -> Option<&Sifter> {
        self.result.value().map(|result| &result.sifter)
    }

    /// The line at a place.
    pub fn at(&self, at: usize) -> Option<TermLine> {
        let result = self.result.value()?;
        Some(result.sifter.line(result.rows.get(at)?))
    }

    fn entry(&self, at: usize) -> Option<EntryIx> {
        self.result.value()?.rows.get(at)
    }

    /// Whether a line is marked, or would be by the range.
    pub fn is_marked(&self, at: usize) -> bool {
        let ranged = self
            .range_from
            .is_some_and(|from| (from.min(self.list.cursor)..=from.max(self.list.cursor)).contains(&at));
        ranged || self.entry(at).is_some_and(|entry| self.marks.has(entry))
    }

    /// The line under the cursor.
    pub fn under_cursor(&self) -> Option<TermLine> {
        self.at(self.list.cursor)
    }

    /// The lines that an action is about: the marked ones, else the one under the cursor.
    pub fn subjects(&self) -> Vec<TermLine> {
        match self.sifter() {
            Some(sifter) if !self.marks.is_empty() => {
                self.marks.iter().map(|entry| sifter.line(entry)).collect()
            }
            _ => self.under_cursor().into_iter().collect(),
        }
    }

    /// How many marked lines view and filter hide.
    pub fn hidden(&self) -> usize {
        self.hidden
    }

    /// How many lines the range holds.
    pub fn range_len(&self) -> Option<usize> {
        Some(self.range_from?.abs_diff(self.list.cursor) + 1)
    }

    /// Since when a result is awaited.
    pub fn since(&self) -> Option<Duration> {
        self.result.since()
    }

    /// Why there is no result.
    pub fn problem(&self) -> Option<&Problem> {
        self.result.problem()
    }

    /// Whether a filter narrows the lines.
    pub fn is_filtered(&self) -> bool {
        !self.filter.is_empty()
    }

    /// Sorts by a column; the column it is sorted by already turns round.
    pub fn sort_by(&mut self, column: Column) {
        self.order = if self.order.column == column {
            Order { down: !self.order.down, ..self.order }
        } else {
            Order::by(column)
        };
    }

    /// What is asked for now.
    pub fn wanted(&self) -> SiftQuery {
        SiftQuery {
            scope: Scope::All,
            view: self.view,
            filter: self.filter.filter().clone(),
            order: self.order,
        }
    }

    /// Asks for the lines. A filter that cannot be read keeps the lines there are.
    pub fn query(&mut self, cx: &mut Cx) {
        if !self.filter.understood() || cx.data.terms.value().is_none() {
            return;
        }
        let ticket = cx.ticket();
        let keep = self.sifter().zip(self.under_cursor()).filter(|_| self.placed);
        let keep = keep.map(|(sifter, line)| sifter.key(line.entry));
        self.result.ask(ticket, cx.data.clock.monotonic);
        cx.emit(Effect::QueryTerms(ticket, Box::new(TermsWanted { query: self.wanted(), keep })));
    }

    /// Takes the answer to the newest query; says whether it was.
    pub fn take(&mut self, ticket: Ticket, found: &LinesFound) -> bool {
        if !self.result.awaits(ticket) {
            return false;
        }
        let carried = self.carry(&found.sifter);
        let result = Outcome { sifter: found.sifter.clone(), rows: found.rows.clone() };
        let taken = self.result.take(ticket, Ok(result));
        if let Some(marks) = carried {
            self.marks = marks;
            self.range_from = None;
        }
        self.list.cursor = found.kept.unwrap_or(if self.placed { self.list.cursor } else { 0 });
        self.count_hidden();
        taken
    }

    /// The marks in newer terms, a few of them; `None` while the terms are the same.
    fn carry(&self, newer: &Sifter) -> Option<Marks> {
        let old = self.sifter().filter(|old| !Arc::ptr_eq(old.terms(), newer.terms()))?;
        let mut marks = Marks::default();
        if self.marks.len() <= MOST_CARRIED {
            for entry in self.marks.iter() {
                if let Some(entry) = newer.find(&old.key(entry)) {
                    marks.set(entry, true);
                }
            }
        }
        Some(marks)
    }

    /// A query failed; says whether it was the newest.
    pub fn failed(&mut self, ticket: Ticket, problem: &Problem) -> bool {
        self.result.take(ticket, Err(problem.clone()))
    }

    // Filter.

    /// Filters by this.
    pub fn filter_by(&mut self, text: &str) {
        self.filter = FilterLine::of(text);
        self.placed = false;
    }

    /// Takes the filter away.
    pub fn clear_filter(&mut self) {
        self.placed |= self.is_filtered() && !self.is_empty();
        self.filter.clear();
    }

    // Marks and movement.

    /// Puts the cursor on a line, as a click does.
    pub fn put(&mut self, at: usize) {
        self.list.cursor = at;
        self.placed = true;
    }

    /// Moves, marks, scrolls columns.
    pub fn act(&mut self, action: Action) {
        let len = self.len();
        self.placed = true;
        match action {
            Action::Mark | Action::MarkRange if self.range_from.is_some() => self.mark_range(),
            Action::Mark => {
                if let Some(entry) = self.entry(self.list.cursor) {
                    self.marks.set(entry, !self.marks.has(entry));
                }
                self.list.by(1, len);
            }
            Action::MarkRange => self.range_from = Some(self.list.cursor),
            Action::MarkInvert => {
                if let Some(result) = self.result.value() {
                    self.marks.invert(&result.rows);
                }
            }
            Action::ColumnsLeft => self.skip = self.skip.saturating_sub(1),
            Action::ColumnsRight => self.skip = (self.skip + 1).min(4),
            _ => _ = self.list.act(action, len),
        }
    }

    fn mark_range(&mut self) {
        let Some(from) = self.range_from.take() else { return };
        for at in from.min(self.list.cursor)..=from.max(self.list.cursor) {
            if let Some(entry) = self.entry(at) {
                self.marks.set(entry, true);
            }
        }
    }

    /// Ends the range without marking; says whether there was one.
    pub fn end_range(&mut self) -> bool {
        self.range_from.take().is_some()
    }

    /// Takes all marks away.
    pub fn unmark(&mut self) {
        self.marks.clear();
        self.hidden = 0;
        self.range_from = None;
    }

    fn count_hidden(&mut self) {
        self.hidden = self.result.value().map_or(0, |result| self.marks.hidden(&result.rows));
    }

    /// What tells the subjects from all other lines.
    pub fn keys(&self) -> Vec<(ReviewKey, TermLine)> {
        let Some(sifter) = self.sifter() else { return Vec::new() };
        self.subjects().into_iter().map(|line| (sifter.key(line.entry), line)).collect()
    }

    /// The subjects as CSV with a heading; and how many.
    pub fn csv(&self) -> (String, usize) {
        let mut out =
            String::from("account,campaign,ad_group,term,impressions,clicks,spend,orders,sales,currency\n");
        let lines = self.subjects();
        let Some(sifter) = self.sifter() else { return (out, 0) };
        for line in &lines {
            let campaign = sifter.catalog().campaign(line.campaign);
            let group = line.ad_group.map_or("", |group| sifter.catalog().ad_group(group).name_raw());
            let figures = line.figures;
            let cells = [
                campaign.account().name.as_str().to_owned(),
                campaign.name_raw().to_owned(),
                group.to_owned(),
                sifter.terms().written(line.text).to_owned(),
                figures.impressions.to_string(),
                figures.clicks.to_string(),
                format!("{:.2}", figures.spend.units()),
                figures.orders.to_string(),
                format!("{:.2}", figures.sales.units()),
                sifter.currency_of(line).map_or("", |currency| currency.code()).to_owned(),
            ];
            let cells: Vec<String> = cells.iter().map(|cell| copied(cell)).collect();
            out.push_str(&cells.join(","));
            out.push('\n');
        }
        (out, lines.len())
    }
}
