//! Runs of one to four words with the sums of the terms they stand in: of all lines in sight, or of one term. They come
//! from the shell; this keeps the answer and the place in it, and paints them.

use std::sync::Arc;
use std::time::Duration;

use ratatui::layout::Rect;

use crate::domain::money::amount;
use crate::domain::problem::Problem;
use crate::domain::sift::{Ngram, Ngrams};
use crate::domain::text::shown;
use crate::ui::canvas::{Canvas, Line, count};
use crate::ui::data::Data;
use crate::ui::layout::{inset, row};
use crate::ui::remote::{Remote, Ticket};
use crate::ui::theme::Role;
use crate::ui::widgets::list::ListState;
use crate::ui::widgets::table::{Cell, Column, Table, TableRow, Width};

/// The list's number among the screen's.
pub const LIST: u8 = 1;

const COLUMNS: [Column; 7] = [
    Column::new("Words", Width::Share(18, 4)),
    Column::new("Terms", Width::Fixed(7)).right(),
    Column::new("Impressions", Width::Fixed(11)).drops(3).right(),
    Column::new("Clicks", Width::Fixed(8)).drops(1).right(),
    Column::new("Spend", Width::Fixed(11)).right(),
    Column::new("Orders", Width::Fixed(7)).right(),
    Column::new("Sales", Width::Fixed(11)).drops(2).right(),
];

/// Runs of words.
#[derive(Clone, Debug)]
pub struct Words {
    /// Whose they are.
    pub title: String,
    /// Of all lines in sight, not of one term in the whole account.
    pub in_sight: bool,
    result: Remote<Arc<Ngrams>>,
    /// Cursor and offset.
    pub list: ListState,
}

impl Words {
    /// An empty list that awaits its answer.
    pub fn new(title: String, in_sight: bool, ticket: Ticket, now: Duration) -> Self {
        let mut result = Remote::Absent;
        result.ask(ticket, now);
        Self { title, in_sight, result, list: ListState::default() }
    }

    /// Takes the answer if it is awaited.
    pub fn take(&mut self, ticket: Ticket, words: Result<Arc<Ngrams>, Problem>) -> bool {
        self.result.take(ticket, words)
    }

    /// How many runs there are.
    pub fn len(&self) -> usize {
        self.result.value().map_or(0, |words| words.runs.len())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The run under the cursor.
    pub fn under_cursor(&self) -> Option<&Ngram> {
        self.result.value()?.runs.get(self.list.cursor)
    }

    /// Since when the answer is awaited.
    pub fn since(&self) -> Option<Duration> {
        self.result.since()
    }

    /// What stands above the list.
    pub fn head(&self, data: &Data) -> Line {
        let mut line = Line::of(self.title.as_str(), Role::Focus);
        if let Some(words) = self.result.value() {
            line = line.put(format!("  {}", count(words.runs.len())), Role::Dim);
            if words.left_out > 0 {
                line = line
                    .put(format!(", the costliest of {}", count(words.runs.len() + words.left_out)), Role::Dim);
            }
        }
        if self.since().is_some_and(|since| data.slow(since)) {
            line = line.put(format!(" {}", data.spinner()), Role::Accent);
        }
        line
    }

    /// Paints the list.
    pub fn paint(&self, canvas: &mut Canvas, area: Rect) {
        let Some(words) = self.result.value().filter(|words| !words.runs.is_empty()) else {
            let said = match (self.result.problem(), self.since()) {
                (Some(problem), _) => Line::of(problem.title.as_str(), Role::Bad),
                (None, Some(_)) => Line::of("Summing the words", Role::Dim),
                (None, None) => Line::of("No words stand in two search terms or more", Role::Text),
            };
            canvas.line(row(inset(area, 2), 1), &said);
            canvas.line(row(inset(area, 2), 2), &Line::of("esc goes back", Role::Dim));
            return;
        };
        let table = Table {
            list: LIST,
            columns: &COLUMNS,
            len: words.runs.len(),
            state: self.list,
            focused: true,
            skip: 0,
            sorted: Some((4, true)),
        };
        table.paint(canvas, area, |at| {
            let Some(run) = words.runs.get(at) else { return TableRow::default() };
            let (figures, currency) = (run.figures, run.currency.as_ref());
            let n = |figure: u64| count(usize::try_from(figure).unwrap_or(usize::MAX));
            TableRow {
                cells: vec![
                    Cell::new(shown(&run.text).to_string()),
                    Cell::of(count(run.lines), Role::Dim),
                    Cell::of(n(figures.impressions), Role::Dim),
                    Cell::of(n(figures.clicks), Role::Dim),
                    Cell::new(amount(figures.spend, currency)),
                    Cell::of(n(figures.orders), if figures.orders == 0 { Role::Warn } else { Role::Good }),
                    Cell::of(amount(figures.sales, currency), Role::Dim),
                ],
                ..TableRow::default()
            }
        });
    }
}
