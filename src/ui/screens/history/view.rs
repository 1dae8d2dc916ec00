//! How History looks: the operations, or one of them with its changes, and what there is to say of the line under the
//! cursor.

use ratatui::layout::Rect;

use super::super::plan::words as plan_words;
use super::{History, Inside, words};
use crate::domain::journal::{Entry, Past, PastChange};
use crate::ui::canvas::{Canvas, Line, counted};
use crate::ui::data::Data;
use crate::ui::layout::{inset, row, split_bottom, split_top};
use crate::ui::moment::moment;
use crate::ui::theme::Role;
use crate::ui::widgets::details::wrap;
use crate::ui::widgets::list::ListState;
use crate::ui::widgets::notice::Notice;
use crate::ui::widgets::table::{self, Cell, Column, GUTTER, Table, TableRow, Width, visible};

/// The number of the list, for the mouse.
const LIST: u8 = 0;
const DETAIL_LINES: u16 = 3;

const OPERATIONS: [Column; 5] = [
    Column::new("Op", Width::Fixed(5)).right(),
    Column::new("When", Width::Fixed(17)),
    Column::new("Account", Width::Share(14, 1)),
    Column::new("What came of it", Width::Share(24, 4)),
    Column::new("Who", Width::Share(6, 1)).drops(1),
];

const CHANGES: [Column; 4] = [
    Column::new("Where", Width::Share(24, 3)).drops(2),
    Column::new("Text", Width::Share(18, 3)),
    Column::new("Match", Width::Fixed(6)).drops(1),
    Column::new("What came of it", Width::Share(32, 4)),
];

/// The head line, the table, the details.
fn areas(area: Rect) -> (Rect, Rect, Rect) {
    let (head, rest) = split_top(area, 1);
    let (table, details) = split_bottom(rest, DETAIL_LINES);
    (head, table, inset(details, 1))
}

/// How many rows are in sight.
pub fn rows(area: Rect) -> usize {
    table::rows_in(areas(area).1)
}

/// Paints the screen.
pub fn paint(history: &History, data: &Data, canvas: &mut Canvas, area: Rect) {
    match &history.inside {
        Some(inside) => operation(history, inside, data, canvas, area),
        None => operations(history, data, canvas, area),
    }
}

fn operations(history: &History, data: &Data, canvas: &mut Canvas, area: Rect) {
    let (head, table, details) = areas(area);
    let n = history.all().len();
    let title = Line::of(" History", Role::Focus).put(format!("  {}", counted(n, "operation")), Role::Dim);
    canvas.line(head, &title);
    let Some(one) = history.one() else { return empty(history, data).paint(canvas, table) };
    list(&OPERATIONS, n, history.list)
        .paint(canvas, table, |at| history.all().get(at).map(|one| entry_row(one, data)).unwrap_or_default());
    let mut lines =
        said(&format!("{}: {}", words::sent(one, data), words::came(one, data)), Role::Text, details);
    lines.extend(said(&words::todo(one, data), Role::Warn, details));
    put(canvas, details, &lines);
}

fn operation(history: &History, inside: &Inside, data: &Data, canvas: &mut Canvas, area: Rect) {
    let (head, table, details) = areas(area);
    let Some(past) = inside.past.value() else {
        canvas.line(head, &Line::of(" Operation", Role::Focus));
        return empty(history, data).paint(canvas, table);
    };
    let one = &past.entry;
    let dot = data.theme.symbols.dot;
    let title = Line::of(format!(" Operation {}", one.number), Role::Focus)
        .put(format!("  {} {dot} {}", words::sent(one, data), words::came(one, data)), Role::Dim);
    canvas.line(head, &title);
    if inside.changes().is_empty() {
        canvas.line(row(inset(table, 2), 1), &Line::of("It has no changes.", Role::Dim));
        return;
    }
    let room = visible(&CHANGES, 0, table.width.saturating_sub(GUTTER));
    let room = room.first().filter(|(at, _)| *at == 0).map_or(0, |(_, width)| *width as usize);
    list(&CHANGES, inside.changes().len(), inside.list).paint(canvas, table, |at| {
        inside.changes().get(at).map(|one| change_row(one, past, data, room)).unwrap_or_default()
    });
    let Some(change) = inside.change() else { return };
    let (_, became, role) = words::change(change, past, &one.operation.account, data);
    let text = plan_words::text(&change.change);
    let role = if role == Role::Dim { Role::Text } else { role };
    let mut lines = said(&format!("{text}: {became}"), role, details);
    let place = plan_words::place(data, &one.operation.account, &change.change);
    let trail = data.theme.symbols.trail;
    lines.extend(said(&format!("{} {trail} {place}", one.operation.name), Role::Dim, details));
    lines.extend(said(&words::todo(one, data), Role::Warn, details));
    put(canvas, details, &lines);
}

fn list(columns: &[Column], len: usize, state: ListState) -> Table<'_> {
    Table { list: LIST, columns, len, state, focused: true, skip: 0, sorted: None }
}

fn entry_row(one: &Entry, data: &Data) -> TableRow {
    let (sign, role) = words::sign(one, data);
    TableRow {
        sign: Some((sign, role)),
        cells: vec![
            Cell::of(one.number.to_string(), Role::Dim),
            Cell::of(moment(one.operation.began, data), Role::Dim),
            Cell::new(one.operation.name.to_string()),
            Cell::of(words::came(one, data), if role == Role::Good { Role::Text } else { role }),
            Cell::of(one.operation.who.shown().to_string(), Role::Dim),
        ],
        ..TableRow::default()
    }
}

fn change_row(one: &PastChange, past: &Past, data: &Data, room: usize) -> TableRow {
    let account = &past.entry.operation.account;
    let (sign, said, role) = words::change(one, past, account, data);
    TableRow {
        sign: Some((sign, role)),
        cells: vec![
            Cell::of(plan_words::place_in(data, account, &one.change, room), Role::Dim),
            Cell::new(plan_words::text(&one.change)),
            Cell::of(plan_words::match_word(&one.change), Role::Dim),
            Cell::of(said, if role == Role::Good { Role::Text } else { role }),
        ],
        ..TableRow::default()
    }
}

/// A text in lines; none where it is empty.
fn said(text: &str, role: Role, area: Rect) -> Vec<Line> {
    if text.is_empty() {
        return Vec::new();
    }
    wrap(text, area.width as usize).into_iter().map(|line| Line::of(line, role)).collect()
}

fn put(canvas: &mut Canvas, area: Rect, lines: &[Line]) {
    for (at, line) in lines.iter().take(area.height as usize).enumerate() {
        canvas.line(row(area, at as u16), line);
    }
}

/// Without anything to list: why, and what to do.
fn empty(history: &History, data: &Data) -> Notice {
    match history.trouble() {
        (Some(problem), _) => Notice::failed(problem, data).put("enter tries again", Role::Accent),
        (None, Some(since)) => Notice::waiting("reading the journal", Some(since), data),
        (None, None) => Notice::new("Nothing was sent yet.")
            .then("What Plan (4) sends stands here, with what came of it; u takes it back."),
    }
}
