//! A table that paints only the rows in sight. Columns drop at narrow widths in a given order; the essential
//! ones never. Before the cells stands a gutter: cursor, mark, and the sign of what is staged.

use std::borrow::Cow;

use ratatui::layout::Rect;

use super::list::ListState;
use crate::ui::canvas::{Canvas, Line, Target, fit};
use crate::ui::layout::{row, split_top};
use crate::ui::theme::Role;

/// How wide a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// This many columns.
    Fixed(u16),
    /// At least so many, and a share of what is left.
    Share(u16, u16),
}

impl Width {
    fn least(self) -> u16 {
        match self {
            Self::Fixed(width) | Self::Share(width, _) => width,
        }
    }
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its heading.
    pub title: &'static str,
    /// How wide it is.
    pub width: Width,
    /// When it drops: 0 never, else the highest first.
    pub drop: u8,
    /// Numbers stand at the right.
    pub right: bool,
}

impl Column {
    /// A column that never drops.
    pub const fn new(title: &'static str, width: Width) -> Self {
        Self { title, width, drop: 0, right: false }
    }

    /// Lets it drop: the highest number first.
    #[must_use]
    pub const fn drops(mut self, order: u8) -> Self {
        self.drop = order;
        self
    }

    /// Aligns it right.
    #[must_use]
    pub const fn right(mut self) -> Self {
        self.right = true;
        self
    }
}

/// A piece of a row.
#[derive(Clone, Debug)]
pub struct Cell {
    /// What it says.
    pub text: Cow<'static, str>,
    /// What it means.
    pub role: Role,
}

impl Cell {
    /// A plain cell.
    pub fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self { text: text.into(), role: Role::Text }
    }

    /// A cell in a role.
    pub fn of(text: impl Into<Cow<'static, str>>, role: Role) -> Self {
        Self { text: text.into(), role }
    }
}

/// One row in sight.
#[derive(Clone, Debug, Default)]
pub struct TableRow {
    /// What is staged for it: `+`, `~`, `-`, or nothing.
    pub sign: Option<(&'static str, Role)>,
    /// Whether it is marked.
    pub marked: bool,
    /// A heading over the rows below instead of cells.
    pub heading: Option<Line>,
    /// Its cells, one per column.
    pub cells: Vec<Cell>,
}

/// What a table is painted from.
pub struct Table<'a> {
    /// Its number among the screen's lists, for the mouse.
    pub list: u8,
    /// Its columns.
    pub columns: &'a [Column],
    /// How many rows it has.
    pub len: usize,
    /// Cursor and offset.
    pub state: ListState,
    /// Whether keys go to it.
    pub focused: bool,
    /// How many of the columns that can drop are scrolled away at the left.
    pub skip: usize,
    /// The column that rows are sorted by, and whether downwards.
    pub sorted: Option<(usize, bool)>,
}

/// The gutter: cursor, mark, sign, and a space.
pub const GUTTER: u16 = 4;

/// The columns in sight, each with its width.
pub fn visible(columns: &[Column], skip: usize, width: u16) -> Vec<(usize, u16)> {
    let skippable = columns.iter().filter(|c| c.drop > 0).count();
    let skip = skip.min(skippable.saturating_sub(1));
    let mut skipped = 0;
    let mut shown: Vec<usize> = (0..columns.len())
        .filter(|at| {
            let leave = columns[*at].drop > 0 && skipped < skip;
            skipped += usize::from(leave);
            !leave
        })
        .collect();
    let least =
        |shown: &[usize]| shown.iter().map(|at| columns[*at].width.least() + 1).sum::<u16>().saturating_sub(1);
    while least(&shown) > width {
        let Some(at) = (0..shown.len())
            .filter(|at| columns[shown[*at]].drop > 0)
            .max_by_key(|at| columns[shown[*at]].drop)
        else {
            break;
        };
        shown.remove(at);
    }
    let spare = width.saturating_sub(least(&shown));
    let shares: u16 = shown.iter().map(|at| share(columns[*at])).sum();
    let mut given = 0;
    let takes_rest = shown.iter().rposition(|at| share(columns[*at]) > 0);
    shown
        .iter()
        .enumerate()
        .map(|(n, at)| {
            let part = (u32::from(spare) * u32::from(share(columns[*at])) / u32::from(shares.max(1))) as u16;
            let part = if Some(n) == takes_rest { spare - given } else { part };
            given += part;
            (*at, columns[*at].width.least() + part)
        })
        .collect()
}

fn share(column: Column) -> u16 {
    match column.width {
        Width::Fixed(_) => 0,
        Width::Share(_, share) => share,
    }
}

/// How many rows fit into an area, below the heading.
pub fn rows_in(area: Rect) -> usize {
    area.height.saturating_sub(1) as usize
}

impl Table<'_> {
    /// Paints heading and rows.
    pub fn paint(&self, canvas: &mut Canvas, area: Rect, at: impl Fn(usize) -> TableRow) {
        let (head, body) = split_top(area, 1);
        let columns = visible(self.columns, self.skip, area.width.saturating_sub(GUTTER));
        self.heading(canvas, head, &columns);
        canvas.hit(body, Target::List(self.list));
        for (line, index) in self.state.window(self.len, body.height as usize).enumerate() {
            let place = row(body, line as u16);
            self.row(canvas, place, &columns, index, &at(index));
            canvas.hit(place, Target::Item(self.list, index));
        }
    }

    fn heading(&self, canvas: &mut Canvas, area: Rect, columns: &[(usize, u16)]) {
        let symbols = canvas.theme.symbols;
        let mut line = Line::of(" ".repeat(GUTTER as usize), Role::Dim);
        for (n, (at, width)) in columns.iter().enumerate() {
            let column = &self.columns[*at];
            let title = match self.sorted {
                Some((by, down)) if by == *at => {
                    format!("{} {}", column.title, if down { symbols.descending } else { symbols.ascending })
                }
                _ => column.title.to_owned(),
            };
            let title = fit(&title, *width as usize, symbols.cut, column.right);
            line = line.put(if n == 0 { "" } else { " " }, Role::Dim).put(title, Role::Dim);
        }
        canvas.line(area, &line);
    }

    fn row(&self, canvas: &mut Canvas, area: Rect, columns: &[(usize, u16)], index: usize, row: &TableRow) {
        let symbols = canvas.theme.symbols;
        let here = index == self.state.cursor;
        let role = match (here, self.focused) {
            (true, true) => Some(Role::Cursor),
            (true, false) => Some(Role::Resting),
            _ => None,
        };
        let cursor = if here && self.focused { symbols.cursor } else { " " };
        let (sign, sign_role) = row.sign.unwrap_or((" ", Role::Text));
        let mut line = Line::of(cursor, Role::Accent)
            .put(if row.marked { "*" } else { " " }, Role::Mark)
            .put(sign, sign_role)
            .put(" ", Role::Text);
        if let Some(heading) = &row.heading {
            line = line.join(heading.clone());
        } else {
            for (n, (at, width)) in columns.iter().enumerate() {
                let Some(cell) = row.cells.get(*at) else { continue };
                let text = fit(&cell.text, *width as usize, symbols.cut, self.columns[*at].right);
                line = line.put(if n == 0 { "" } else { " " }, Role::Text).put(text, cell.role);
            }
        }
        if let Some(role) = role {
            canvas.ground(area, role);
            let ground = canvas.theme.style(role);
            canvas.line_on(area, &line, ground);
        } else {
            canvas.line(area, &line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 4] = [
        Column::new("State", Width::Fixed(10)),
        Column::new("Text", Width::Share(12, 3)),
        Column::new("Match", Width::Fixed(7)).drops(1),
        Column::new("Where", Width::Share(10, 1)).drops(2),
    ];

    fn titles(width: u16, skip: usize) -> Vec<(&'static str, u16)> {
        visible(&COLUMNS, skip, width).iter().map(|(at, width)| (COLUMNS[*at].title, *width)).collect()
    }

    #[test]
    fn columns_drop_in_order_and_the_essential_ones_stay() {
        assert_eq!(titles(50, 0), [("State", 10), ("Text", 18), ("Match", 7), ("Where", 12)]);
        assert_eq!(titles(35, 0), [("State", 10), ("Text", 16), ("Match", 7)]);
        assert_eq!(titles(25, 0), [("State", 10), ("Text", 14)]);
        assert_eq!(titles(5, 0), [("State", 10), ("Text", 12)]);
    }

    #[test]
    fn scrolling_brings_dropped_columns_into_sight() {
        assert_eq!(titles(36, 1), [("State", 10), ("Text", 13), ("Where", 11)]);
        assert_eq!(titles(36, 9), titles(36, 1));
    }
}
