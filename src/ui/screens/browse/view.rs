//! How Browse looks: where its panes stand and what a row says. The lines below the rows are [`details`].

use ratatui::layout::Rect;

use super::rows::{self, column_title};
use super::seen::{Seen, Thing};
use super::{Browse, Pane, details};
use crate::domain::catalog::{Column, Mark};
use crate::domain::negative::State;
use crate::ui::canvas::{Canvas, Line, Target, count, counted};
use crate::ui::data::Data;
use crate::ui::layout::{WIDE, inset, row, split_bottom, split_left, split_top};
use crate::ui::theme::Role;
use crate::ui::widgets::notice::Notice;
use crate::ui::widgets::table::{self, Cell, Table, TableRow, Width};

/// Where the panes stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Areas {
    /// The tree's border; empty when it is hidden.
    pub tree_box: Rect,
    /// The tree.
    pub tree: Rect,
    /// The negatives' border, or at narrow widths their title line.
    pub rows_box: Rect,
    /// The table, its heading included.
    pub table: Rect,
    /// The details.
    pub details: Rect,
    /// Whether panes have borders.
    pub wide: bool,
}

const DETAIL_LINES: u16 = 3;

/// Where the panes stand in an area. At narrow widths the tree lies over the rows while it has focus.
pub fn areas(data: &Data, area: Rect, pane: Pane) -> Areas {
    let none = Rect { width: 0, height: 0, ..area };
    if data.size.0 >= WIDE {
        let (tree_box, right) = split_left(area, (area.width * 7 / 20).clamp(36, 60));
        let (upper, lower) = split_bottom(right, DETAIL_LINES + 2);
        let inside = |r: Rect| Rect {
            x: r.x + 1,
            y: r.y + 1,
            width: r.width.saturating_sub(2),
            height: r.height.saturating_sub(2),
        };
        return Areas {
            tree_box,
            tree: inside(tree_box),
            rows_box: upper,
            table: inside(upper),
            details: inset(inside(lower), 1),
            wide: true,
        };
    }
    let (title, rest) = split_top(area, 1);
    let (table, details) = split_bottom(rest, DETAIL_LINES);
    let tree_box = if pane == Pane::Tree { split_left(area, (area.width * 3 / 5).max(44)).0 } else { none };
    let inner = Rect {
        x: tree_box.x + 1,
        y: tree_box.y + 1,
        width: tree_box.width.saturating_sub(2),
        height: tree_box.height.saturating_sub(2),
    };
    Areas { tree_box, tree: inner, rows_box: title, table, details: inset(details, 1), wide: false }
}

const COLUMNS: [table::Column; 5] = [
    table::Column::new("State", Width::Share(11, 1)),
    table::Column::new("Text", Width::Share(18, 4)),
    table::Column::new("Match", Width::Fixed(6)).drops(1),
    table::Column::new("Where", Width::Share(16, 3)).drops(2),
    table::Column::new("Since", Width::Fixed(11)).drops(3),
];

/// Paints the screen.
pub fn paint(browse: &Browse, data: &Data, canvas: &mut Canvas, area: Rect) {
    let areas = areas(data, area, browse.pane);
    let title = title(browse, data);
    let sort = if browse.rows.sort().column == Column::Id { sort_line(browse, data) } else { Line::new() };
    let focused = browse.pane == Pane::Rows;
    if areas.wide {
        canvas.pane(areas.rows_box, &title, &sort, focused);
        let below = Rect {
            x: areas.rows_box.x,
            y: areas.rows_box.bottom(),
            width: areas.rows_box.width,
            height: area.bottom().saturating_sub(areas.rows_box.bottom()),
        };
        canvas.pane(below, &Line::of("Details", Role::Border), &Line::new(), false);
    } else {
        canvas.line(areas.rows_box, &Line::of(" ", Role::Text).join(title.clone()));
        let room = areas.rows_box.width.saturating_sub(title.width() as u16 + 2);
        let right = Rect { x: areas.rows_box.right() - room, width: room.saturating_sub(1), ..areas.rows_box };
        canvas.line_right(right, &sort);
    }
    field(browse, canvas, &areas);
    table(browse, data, canvas, areas.table);
    let told = details::lines(browse, data, areas.details.width);
    for (at, line) in told.iter().take(areas.details.height as usize).enumerate() {
        canvas.line(row(areas.details, at as u16), line);
    }
    if !areas.tree_box.is_empty() {
        if !areas.wide {
            canvas.clear(areas.tree_box);
            canvas.hit(areas.tree_box, Target::Nothing);
        }
        let on_tree = browse.pane == Pane::Tree;
        let role = if on_tree { Role::Focus } else { Role::Border };
        canvas.pane(areas.tree_box, &Line::of("Accounts", role), &Line::new(), on_tree);
        browse.tree.paint(data, canvas, areas.tree, on_tree);
    }
}

const HEAD: &str = "Negatives";

fn title(browse: &Browse, data: &Data) -> Line {
    let rows = &browse.rows;
    let role = if browse.pane == Pane::Rows { Role::Focus } else { Role::Border };
    let mut line = Line::of(HEAD, role);
    line = match rows.total() {
        Some(total) if rows.is_filtered() => {
            line.put(format!("  {} of {}", count(rows.len()), count(total)), Role::Accent)
        }
        Some(total) => line.put(format!("  {}", count(total)), Role::Dim),
        None => line,
    };
    if rows.since().is_some_and(|since| data.slow(since)) {
        line = line.put(format!(" {}", data.spinner()), Role::Accent);
    }
    rows.filter.behind(line)
}

/// The terminal's cursor in the filter's line.
fn field(browse: &Browse, canvas: &mut Canvas, areas: &Areas) {
    let rows = &browse.rows;
    let before = match rows.total() {
        Some(total) if rows.is_filtered() => format!("{HEAD}  {} of {}", count(rows.len()), count(total)),
        Some(total) => format!("{HEAD}  {}", count(total)),
        None => HEAD.to_owned(),
    };
    let indent = if areas.wide { 2 } else { 1 };
    rows.filter.paint(canvas, areas.rows_box, indent, &before);
}

fn sort_line(browse: &Browse, data: &Data) -> Line {
    let sort = browse.rows.sort();
    let symbols = data.theme.symbols;
    let sign = if sort.reverse { symbols.descending } else { symbols.ascending };
    Line::of(format!("{} {sign}", column_title(sort.column).to_lowercase()), Role::Dim)
}

fn table(browse: &Browse, data: &Data, canvas: &mut Canvas, area: Rect) {
    let rows = &browse.rows;
    if rows.is_empty() {
        empty(browse, data).paint(canvas, area);
        return;
    }
    let sort = rows.sort();
    let by = match sort.column {
        Column::State => Some(0),
        Column::Text => Some(1),
        Column::Match => Some(2),
        Column::Where => Some(3),
        Column::Since => Some(4),
        Column::Id => None,
    };
    let table = Table {
        list: rows::LIST,
        columns: &COLUMNS,
        len: rows.len(),
        state: rows.list,
        focused: browse.pane == Pane::Rows,
        skip: rows.skip,
        sorted: by.map(|by| (by, sort.reverse)),
    };
    let state_room = table::visible(&COLUMNS, rows.skip, area.width.saturating_sub(table::GUTTER))
        .first()
        .map_or(10, |c| c.1);
    // Since is the last column.
    let since_room = table::visible(&COLUMNS, rows.skip, area.width.saturating_sub(table::GUTTER))
        .last()
        .map_or(11, |c| c.1);
    let here = browse.place.as_ref();
    let in_account = here.is_none_or(|place| place.campaign.is_none());
    table.paint(canvas, area, |at| match rows.at(at) {
        Some(seen) => TableRow {
            sign: sign(&seen),
            marked: rows.is_marked(at),
            heading: None,
            cells: vec![
                state_cell(&seen, data, state_room as usize),
                Cell::of(seen.shown_text(), text_role(&seen)),
                Cell::of(seen.match_word(), Role::Dim),
                Cell::of(where_text(&seen, data, in_account), Role::Dim),
                Cell::of(since_text(&seen, data, since_room as usize), Role::Dim),
            ],
        },
        None => TableRow { cells: vec![Cell::of("gone", Role::Dim)], ..TableRow::default() },
    });
}

fn empty(browse: &Browse, data: &Data) -> Notice {
    let rows = &browse.rows;
    let account = browse.place.as_ref().and_then(|place| data.account(&place.account));
    let never = account.is_some_and(|a| a.snapshot.fetched.is_none());
    if let Some(problem) = rows.problem().or_else(|| data.catalog.problem()) {
        Notice::failed(problem, data)
    } else if data.catalog().is_none() {
        Notice::waiting("opening the snapshot", data.catalog.since(), data)
    } else if rows.is_filtered() {
        let total = count(rows.total().unwrap_or(0));
        Notice::new(format!("0 of {total} match")).then("esc clears the filter")
    } else if let Some(account) = account.filter(|a| a.syncing.is_some()) {
        let n = account.syncing.unwrap_or_default().negatives;
        Notice::new(format!("{} refreshing: {} so far", data.spinner(), counted(n, "negative")))
    } else if never {
        Notice::new("Nothing was fetched from this account yet").then("r fetches it")
    } else {
        Notice::new("No negatives here").then("a adds some; nothing is sent before p and A")
    }
}

fn sign(seen: &Seen) -> Option<(&'static str, Role)> {
    match (&seen.thing, seen.staged) {
        (Thing::New(..), _) => Some(("+", Role::Good)),
        (_, Some((_, Mark::SetState(_)))) => Some(("~", Role::Warn)),
        (_, Some((_, Mark::Remove))) => Some(("-", Role::Bad)),
        _ => None,
    }
}

fn text_role(seen: &Seen) -> Role {
    let off = seen.idle.is_some() || seen.state() != State::Enabled;
    if off && seen.staged.is_none() { Role::Dim } else { Role::Text }
}

fn state_cell(seen: &Seen, data: &Data, room: usize) -> Cell {
    let symbols = data.theme.symbols;
    let state: &'static str = seen.state().into();
    let own = match (seen.state(), seen.idle) {
        (State::Enabled, None) => symbols.on,
        (State::Enabled, Some(_)) => symbols.idle,
        (State::Paused, _) => symbols.off,
        (State::Archived, _) => symbols.gone,
    };
    if let Thing::New(..) = seen.thing {
        let on = if seen.state() == State::Enabled { "new".to_owned() } else { format!("new, {state}") };
        return Cell::of(format!("{own} {on}"), Role::Good);
    }
    match (seen.staged, seen.state(), seen.idle) {
        (Some((_, Mark::SetState(to))), ..) => Cell::of(format!("{own} {} {to}", symbols.arrow), Role::Warn),
        (Some((_, Mark::Remove)), ..) => {
            let removed =
                data.account(&seen.account).map_or(State::Archived, |a| a.capabilities.removed_state());
            let word = if removed == State::Archived { "archive" } else { "off" };
            Cell::of(format!("{own} {} {word}", symbols.arrow), Role::Bad)
        }
        (None, State::Enabled, Some(reason)) => {
            let whole = format!("{own} idle ({reason})");
            let fits = whole.chars().count() <= room;
            Cell::of(if fits { whole } else { format!("{own} idle") }, Role::Warn)
        }
        (None, State::Enabled, None) => Cell::of(format!("{own} {state}"), Role::Good),
        _ => Cell::of(format!("{own} {state}"), Role::Dim),
    }
}

/// Where a negative acts: shorter the closer one looks.
fn where_text(seen: &Seen, data: &Data, in_account: bool) -> String {
    let ended = |word: &str, carries: bool| if carries { String::new() } else { format!(" ({word})") };
    let state: &'static str = seen.campaign_state.into();
    let campaign = format!("{}{}", seen.campaign.shown(), ended(state, seen.campaign_state.carries()));
    let own = match &seen.ad_group {
        Some((name, state)) => {
            let word: &'static str = (*state).into();
            format!("{}{}", name.shown(), ended(word, state.carries()))
        }
        None if seen.groups == 0 => "whole campaign".to_owned(),
        None => format!("all {}", counted(seen.groups, "group")),
    };
    if in_account { format!("{campaign} {} {own}", data.theme.symbols.trail) } else { own }
}

/// Since when it is there, and the operation of ours that touched it last.
fn since_text(seen: &Seen, data: &Data, room: usize) -> String {
    if matches!(seen.thing, Thing::New(..)) || seen.staged.is_some() {
        return "not sent".to_owned();
    }
    let day = details::since(seen, data).map(|day| details::day_text(day, data)).unwrap_or_default();
    let Some(touch) = details::touch(seen, data) else { return day };
    let operation = format!("op {}", touch.number);
    let whole = format!("{day} {operation}");
    if !day.is_empty() && whole.len() <= room { whole } else { operation }
}
