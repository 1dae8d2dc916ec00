//! The pane of negatives: the result of the last query with the snapshot it was made from, filter, order, marks.
//! A result is always read with its own snapshot: row numbers of another mean nothing.

use std::sync::Arc;
use std::time::Duration;

use super::marks::Marks;
use super::place::Place;
use super::seen::Seen;
use crate::domain::catalog::{Archived, Catalog, Column, Overlay, Query, Row, Rows, Scope, Sort};
use crate::domain::csv::copied;
use crate::domain::problem::Problem;
use crate::ui::action::Action;
use crate::ui::data::Data;
use crate::ui::effect::{Effect, Wanted};
use crate::ui::msg::{Found, RowId};
use crate::ui::part::Cx;
use crate::ui::remote::{Remote, Ticket};
use crate::ui::widgets::filter_line::FilterLine;
use crate::ui::widgets::list::ListState;

/// A result, with what its row numbers belong to.
#[derive(Clone, Debug)]
struct Outcome {
    catalog: Arc<Catalog>,
    overlay: Arc<Overlay>,
    rows: Rows,
}

/// The pane of negatives.
#[derive(Clone, Debug, Default)]
pub struct RowsPane {
    result: Remote<Outcome>,
    /// The first rows, until there is a result.
    opening: Vec<Seen>,
    /// Cursor and offset.
    pub list: ListState,
    /// What narrows the rows.
    pub filter: FilterLine,
    sort: Sort,
    /// Which rows are marked.
    pub marks: Marks,
    hidden: usize,
    range_from: Option<usize>,
    /// Whether the cursor stands where the person put it: then it follows its row into the next result.
    placed: bool,
    /// How many columns are scrolled away.
    pub skip: usize,
}

/// The pane's number among the screen's lists.
pub const LIST: u8 = 1;
/// The most rows that are copied at once: terminals take no more.
pub const MOST_COPIED: usize = 1_000;
/// The most marks that are carried over to a newer snapshot.
const MOST_CARRIED: usize = 200;

/// How a column is called.
pub fn column_title(column: Column) -> &'static str {
    match column {
        Column::Text => "Text",
        Column::State => "State",
        Column::Match => "Match",
        Column::Where => "Where",
        Column::Since => "Since",
        Column::Id => "Id",
    }
}

impl RowsPane {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.result.value().map_or(self.opening.len(), |result| result.rows.len())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many there would be without the filter; `None` before the first result.
    pub fn total(&self) -> Option<usize> {
        self.result.value().map(|result| result.rows.total())
    }

    /// The row at a place.
    pub fn at(&self, at: usize) -> Option<Seen> {
        match self.result.value() {
            Some(result) => Seen::of(&result.catalog, &result.overlay, result.rows.get(at)?),
            None => self.opening.get(at).cloned(),
        }
    }

    fn row(&self, at: usize) -> Option<Row> {
        self.result.value()?.rows.get(at)
    }

    /// Whether a row is marked, or would be by the range.
    pub fn is_marked(&self, at: usize) -> bool {
        let ranged = self
            .range_from
            .is_some_and(|from| (from.min(self.list.cursor)..=from.max(self.list.cursor)).contains(&at));
        ranged || self.row(at).is_some_and(|row| self.marks.has(row))
    }

    /// The row under the cursor.
    pub fn under_cursor(&self) -> Option<Seen> {
        self.at(self.list.cursor)
    }

    /// The marked rows.
    pub fn marked(&self) -> Vec<Seen> {
        let Some(result) = self.result.value() else { return Vec::new() };
        self.marks.iter().filter_map(|row| Seen::of(&result.catalog, &result.overlay, row)).collect()
    }

    /// How many marked rows the filter or the place hides.
    pub fn hidden(&self) -> usize {
        self.hidden
    }

    /// How many rows the range holds.
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

    /// Whether a filter narrows the rows.
    pub fn is_filtered(&self) -> bool {
        !self.filter.is_empty()
    }

    /// How rows are sorted.
    pub fn sort(&self) -> Sort {
        self.sort
    }

    /// Sorts by a column, or turns the order round.
    pub fn sort_by(&mut self, column: Column) {
        self.sort = Sort { column, reverse: column == self.sort.column && !self.sort.reverse };
    }

    /// Takes the first rows of the store.
    pub fn opening(&mut self, data: &Data) {
        self.opening = data.opening.iter().flatten().map(Seen::opening).collect();
    }

    /// Another place is shown: no cursor, no range; filter and order stay.
    pub fn start_over(&mut self) {
        self.list = ListState { page: self.list.page, ..ListState::default() };
        self.range_from = None;
        self.placed = false;
        self.opening.clear();
    }

    /// Asks for the rows of a scope. A filter that cannot be read keeps the rows there are.
    pub fn query(&mut self, cx: &mut Cx, scope: Scope) {
        if !self.filter.understood() {
            return;
        }
        let ticket = cx.ticket();
        let keep = self.under_cursor().map(|row| row.id()).filter(|_| self.placed);
        self.result.ask(ticket, cx.data.clock.monotonic);
        let query =
            Query { scope, filter: self.filter.filter().clone(), sort: self.sort, archived: Archived::Hidden };
        cx.emit(Effect::Query(ticket, Box::new(Wanted { query, keep })));
    }

    /// Takes the answer to the newest query.
    pub fn found(&mut self, data: &Data, ticket: Ticket, found: &Found) {
        let Some(catalog) = data.catalog() else { return };
        let result =
            Outcome { catalog: catalog.clone(), overlay: data.overlay.clone(), rows: found.rows.clone() };
        if self.result.take(ticket, Ok(result)) {
            self.list.cursor = found.kept.unwrap_or(0);
            self.opening.clear();
            self.count_hidden();
        }
    }

    /// A query failed; says whether it was the newest.
    pub fn failed(&mut self, ticket: Ticket, problem: &Problem) -> bool {
        self.result.take(ticket, Err(problem.clone()))
    }

    /// There is a newer snapshot: a few marks are carried over, many are lost; says how many.
    pub fn new_catalog(&mut self, data: &Data) -> Option<usize> {
        let marked = self.marks.len();
        let few = if marked <= MOST_CARRIED { self.marked() } else { Vec::new() };
        self.unmark();
        let catalog = data.catalog()?;
        for seen in few {
            if let Some(row) = find(catalog, &seen) {
                self.marks.set(row, true);
            }
        }
        let lost = marked - self.marks.len();
        (lost > 0).then_some(lost)
    }

    /// Something else is staged: signs change at once, rows follow with the next result.
    pub fn new_overlay(&mut self, data: &Data) {
        let newest = data.catalog().cloned();
        if let Remote::Ready(result) | Remote::Loading { old: Some(result), .. } = &mut self.result
            && newest.is_some_and(|catalog| Arc::ptr_eq(&catalog, &result.catalog))
        {
            result.overlay = data.overlay.clone();
        }
    }

    /// Takes the filter away.
    pub fn clear_filter(&mut self) {
        self.placed |= self.is_filtered() && !self.is_empty();
        self.filter.clear();
    }

    // Marks and movement.

    /// Puts the cursor on a row, as a click does.
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
                if let Some(row) = self.row(self.list.cursor) {
                    self.marks.set(row, !self.marks.has(row));
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
            Action::ColumnsRight => self.skip = (self.skip + 1).min(2),
            _ => _ = self.list.act(action, len),
        }
    }

    fn mark_range(&mut self) {
        let Some(from) = self.range_from.take() else { return };
        for at in from.min(self.list.cursor)..=from.max(self.list.cursor) {
            if let Some(row) = self.row(at) {
                self.marks.set(row, true);
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

    // Copying.

    /// The marked rows, or the one under the cursor, as CSV with a heading; and how many.
    pub fn csv(&self, data: &Data) -> (String, usize) {
        let rows =
            if self.marks.is_empty() { self.under_cursor().into_iter().collect() } else { self.marked() };
        let mut out = String::from("account,state,text,match,level,campaign,ad_group,id\n");
        for row in &rows {
            let account =
                data.account(&row.account).map(|a| a.account.name.as_str().to_owned()).unwrap_or_default();
            let id = match row.id() {
                RowId::Existing(_, key) => key.id.raw().to_owned(),
                RowId::Added(number) => format!("staged:{number}"),
            };
            let group = row.ad_group.as_ref().map_or("", |(name, _)| name.raw());
            let state: &str = row.state().into();
            let level: &str = row.level().into();
            let cells =
                [&account, state, row.text().raw(), row.match_word(), level, row.campaign.raw(), group, &id];
            let cells: Vec<String> = cells.into_iter().map(copied).collect();
            out.push_str(&cells.join(","));
            out.push('\n');
        }
        (out, rows.len())
    }
}

/// A row of an older snapshot in a newer one, looked for where it was.
fn find(catalog: &Catalog, seen: &Seen) -> Option<Row> {
    match seen.id() {
        RowId::Added(number) => Some(Row::Added(number)),
        RowId::Existing(account, key) => {
            let (campaign, ad_group) = match &seen.thing {
                super::seen::Thing::Existing(negative) => {
                    (negative.campaign.clone(), negative.ad_group.clone())
                }
                super::seen::Thing::New(..) => return None,
            };
            let place = Place { account, campaign: Some(campaign), ad_group };
            let scope = place.scope(catalog)?;
            catalog.negatives_in(scope).find(|ix| catalog.negative(*ix).key() == key).map(Row::Existing)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(copied("decaf, free"), "\"decaf, free\"");
        assert_eq!(copied("=1+1"), "'=1+1");
        assert_eq!(copied("say \"hi\""), "\"say \"\"hi\"\"\"");
    }
}
