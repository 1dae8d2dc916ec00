//! How Plan looks: the accounts' headings with their changes below, one line on the sending, and what there is to
//! say of the line under the cursor.

use ratatui::layout::Rect;

use super::delivery::{Delivery, Leg};
use super::lines::{PlanLine, Row};
use super::{PlanScreen, whatif, words};
use crate::domain::account::Identity;
use crate::domain::problem::Problem;
use crate::ui::canvas::{Canvas, Line, counted};
use crate::ui::data::Data;
use crate::ui::layout::{WIDE, inset, row, split_bottom, split_top};
use crate::ui::meter;
use crate::ui::moment::time;
use crate::ui::theme::Role;
use crate::ui::whatif::dates;
use crate::ui::widgets::details::wrap;
use crate::ui::widgets::notice::Notice;
use crate::ui::widgets::table::{Cell, Column, GUTTER, Table, TableRow, Width, visible};

/// Where the parts stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Areas {
    /// The border around the changes; empty at narrow widths.
    frame: Rect,
    /// The line on the sending; empty while there is nothing to say.
    sending: Rect,
    /// The changes, their heading included.
    pub table: Rect,
    /// The border around the details.
    details_frame: Rect,
    /// The details.
    details: Rect,
}

const DETAIL_LINES: u16 = 4;
/// The number of the list, for the mouse.
const LIST: u8 = 0;

/// Where the parts stand in an area.
pub fn areas(screen: &PlanScreen, data: &Data, area: Rect) -> Areas {
    let said = sending_lines(screen, data, area.width.saturating_sub(if data.size.0 >= WIDE { 4 } else { 2 }));
    let said = if said.is_empty() { u16::from(screen.total(data).is_some()) } else { said.len() as u16 };
    let none = Rect { width: 0, height: 0, ..area };
    let (frame, details_frame, inner, details) = if data.size.0 >= WIDE {
        let (upper, lower) = split_bottom(area, DETAIL_LINES + 2);
        (upper, lower, inside(upper), inset(inside(lower), 1))
    } else {
        let (upper, lower) = split_bottom(area, DETAIL_LINES);
        (none, none, upper, inset(lower, 1))
    };
    let (sending, table) = split_top(inner, said);
    Areas { frame, sending: inset(sending, 1), table, details_frame, details }
}

fn inside(area: Rect) -> Rect {
    Rect {
        x: area.x + 1,
        y: area.y + 1,
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(2),
    }
}

const COLUMNS: [Column; 4] = [
    Column::new("Where", Width::Share(24, 3)).drops(2),
    Column::new("Text", Width::Share(18, 3)),
    Column::new("Match", Width::Fixed(6)).drops(1),
    Column::new("What it does", Width::Share(32, 4)),
];

/// Paints the screen.
pub fn paint(screen: &PlanScreen, data: &Data, canvas: &mut Canvas, area: Rect) {
    let areas = areas(screen, data, area);
    if !areas.frame.is_empty() {
        canvas.pane(areas.frame, &Line::of("Changes", Role::Focus), &Line::new(), true);
        canvas.pane(areas.details_frame, &Line::of("Details", Role::Border), &Line::new(), false);
    }
    if screen.deliveries.is_empty()
        && let Some(line) = screen.total(data)
    {
        canvas.line(areas.sending, &line);
    }
    for (at, line) in sending_lines(screen, data, areas.sending.width).iter().enumerate() {
        canvas.line(row(areas.sending, at as u16), line);
    }
    if screen.lines.is_empty() {
        empty(screen, data).paint(canvas, areas.table);
        return;
    }
    let table = Table {
        list: LIST,
        columns: &COLUMNS,
        len: screen.lines.len(),
        state: screen.list,
        focused: true,
        skip: 0,
        sorted: None,
    };
    let room = visible(&COLUMNS, 0, areas.table.width.saturating_sub(GUTTER));
    let room = room.first().filter(|(at, _)| *at == 0).map_or(0, |(_, width)| *width as usize);
    table.paint(canvas, areas.table, |at| match &screen.lines[at] {
        PlanLine::Account(account, name) => {
            TableRow { heading: Some(heading(screen, data, account, &name.to_string())), ..TableRow::default() }
        }
        PlanLine::Change(row) => table_row(screen, data, row, room),
    });
    for (at, line) in details(screen, data, areas.details.width).iter().enumerate() {
        canvas.line(row(areas.details, at as u16), line);
    }
}

fn table_row(screen: &PlanScreen, data: &Data, row: &Row, room: usize) -> TableRow {
    let change = &row.change.change;
    let (sign, sign_role, mut said, mut said_role) = words::row(row, screen.fate(row.change.number), data);
    let unsent = screen.fate(row.change.number).is_none() && row.planned;
    if let Some(answer) = screen.answer(&row.account, &row.change).filter(|one| unsent && !one.is_nothing()) {
        let (brief, danger) = whatif::brief(answer);
        said = format!("{said} {} {brief}", data.theme.symbols.dot);
        said_role = if danger { Role::Bad } else { said_role };
    }
    TableRow {
        sign: Some((sign, sign_role)),
        marked: screen.picked.contains(&row.change.number),
        heading: None,
        cells: vec![
            Cell::of(words::place_in(data, &row.account, change, room), Role::Dim),
            Cell::new(words::text(change)),
            Cell::of(words::match_word(change), Role::Dim),
            Cell::of(said, said_role),
        ],
    }
}

/// An account in one line: what would be sent to it, what was sent, what stands in the way.
fn heading(screen: &PlanScreen, data: &Data, account: &Identity, name: &str) -> Line {
    let dot = data.theme.symbols.dot;
    let now = data.account(account);
    let mut line = Line::of(name, Role::Title);
    if let Some(now) = now {
        line = line.put(format!(" {dot} {}", now.capabilities.title), Role::Title);
    }
    let sent: Vec<&Delivery> =
        screen.deliveries.iter().filter(|one| one.legs.iter().any(|leg| leg.account == *account)).collect();
    for one in &sent {
        let counts = one.counted(Some(account));
        if one.over || !counts.is_empty() {
            line = line.put(format!(" {dot} {}", words::tally(&counts)), Role::Accent);
        }
    }
    let running = sent.iter().any(|one| !one.over);
    let part = screen.plan.value().and_then(|plan| plan.accounts.iter().find(|part| part.account == *account));
    if let Some(part) = part.filter(|_| !running && !data.staged.is_empty()) {
        let stuck = part.changes.iter().filter(|one| one.problem.is_some()).count();
        let left = if sent.is_empty() { "" } else { " left" };
        let what = format!(
            " {dot} {}{left}, {}",
            counted(part.changes.len(), "change"),
            counted(part.requests.len(), "request")
        );
        line = line.put(what, Role::Dim);
        if stuck > 0 {
            line = line.put(format!(" {dot} {stuck} cannot be sent"), Role::Bad);
        }
    }
    if let Some(sender) = words::sender(data, account) {
        line = line.put(format!(" {dot} {sender}"), Role::Warn);
    }
    if let Some(problem) = problem(screen, account) {
        line = line.put(format!(" {dot} {}", problem.title), Role::Bad);
    }
    match now {
        Some(now) if data.read_only || now.account.read_only => {
            line.put(format!(" {dot} read-only"), Role::Warn)
        }
        Some(now) if now.account.protected => line.put(format!(" {dot} protected"), Role::Warn),
        Some(_) => line,
        None => line.put(format!(" {dot} not configured now"), Role::Warn),
    }
}

/// Why not everything was sent to an account.
fn problem<'s>(screen: &'s PlanScreen, account: &Identity) -> Option<&'s Problem> {
    let legs = screen.deliveries.iter().rev().flat_map(|one| &one.legs);
    legs.filter(|leg| leg.account == *account).find_map(|leg| leg.problem.as_ref())
}

/// The lines on the sending: how far it is and the way out of it, or how it ended.
fn sending_lines(screen: &PlanScreen, data: &Data, width: u16) -> Vec<Line> {
    let dot = data.theme.symbols.dot;
    let Some(one) = screen.deliveries.last() else { return Vec::new() };
    if one.over {
        let names: Vec<String> = one.legs.iter().map(|leg| leg.name.to_string()).collect();
        let mut said = format!("{}: {}", names.join(", "), words::tally(&one.counted(None)));
        let mut within: Vec<&str> = Vec::new();
        for leg in &one.legs {
            let acts = data.account(&leg.account).map_or("", |now| now.capabilities.acts_within);
            if !acts.is_empty() && !within.contains(&acts) {
                within.push(acts);
            }
        }
        if !within.is_empty() {
            said = format!("{said} {dot} active within {}", within.join(" or "));
        }
        if one.failed().next().is_some() {
            said = format!("{said} {dot} f tries the failed ones again");
        }
        if screen.takes_back(data) {
            said = format!("{said} {dot} u takes it back");
        }
        return folded(&said, width);
    }
    let legs: Vec<String> = one.legs.iter().map(|leg| leg_words(leg, one.legs.len() > 1, data)).collect();
    let mut said = format!("{} {}", data.spinner(), legs.join(", "));
    if one.stopping {
        said = format!("{said} {dot} stopping after the request in flight");
    } else {
        said = format!("{said} {dot} esc leaves it running, x x stops");
    }
    folded(&said, width)
}

/// At most this many lines are taken from the table for the sending.
const MOST_SENDING_LINES: usize = 3;

fn folded(said: &str, width: u16) -> Vec<Line> {
    let lines = wrap(said, width as usize).into_iter().take(MOST_SENDING_LINES);
    lines.map(|line| Line::of(line, Role::Accent)).collect()
}

fn leg_words(leg: &Leg, named: bool, data: &Data) -> String {
    let dot = data.theme.symbols.dot;
    let mut said = match leg.request {
        0 => "before the first request".to_owned(),
        n => format!("request {n} of {}", leg.of),
    };
    if named {
        said = format!("{}: {said}", leg.name);
    }
    if let Some((until, why)) = leg.waits.as_ref().filter(|(until, _)| *until > data.clock.wall) {
        let at = time(*until, data);
        let title = data.account(&leg.account).map_or("the platform", |now| now.capabilities.title);
        let why = if why == "asked to slow down" { format!("throttled by {title}") } else { why.clone() };
        said = format!("{said} {dot} {why} until {at}");
    }
    said
}

/// What there is to say of the line under the cursor.
fn details(screen: &PlanScreen, data: &Data, width: u16) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut put = |text: &str, role: Role| {
        lines.extend(wrap(text, width as usize).into_iter().map(|part| Line::of(part, role)));
    };
    match screen.line() {
        Some(PlanLine::Account(account, _)) => match problem(screen, account) {
            Some(problem) => say(problem, &mut put),
            None => account_lines(screen, data, account, &mut put),
        },
        Some(PlanLine::Change(row)) => {
            let (_, _, said, role) = words::row(row, screen.fate(row.change.number), data);
            let text = words::text(&row.change.change);
            put(&format!("{text}: {said}"), if role == Role::Dim { Role::Text } else { role });
            let name = data.account(&row.account).map_or_else(String::new, |now| now.account.name.to_string());
            let place = words::place(data, &row.account, &row.change.change);
            let full = words::meter(data, &row.account, &row.change.change).filter(|_| row.planned);
            let dot = data.theme.symbols.dot;
            let said = full.map_or_else(String::new, |full| format!(" {dot} {}", meter::words(full)));
            let role = full.map_or(Role::Dim, meter::role);
            put(&format!("{name} {} {place}{said}", data.theme.symbols.trail), role);
            if let Some((answer, days)) =
                screen.answer(&row.account, &row.change).and_then(|one| Some((one, one.days?)))
            {
                let dot = format!(" {} ", data.theme.symbols.dot);
                let role = if answer.lost_orders() > 0 { Role::Bad } else { Role::Text };
                put(&format!("{}{dot}terms {}", answer.says(&dot), dates(days, data)), role);
            }
            match &row.change.problem {
                Some(problem) if row.planned => {
                    put(&format!("{} {}", problem.detail, problem.hint), Role::Text);
                }
                _ => {
                    let capabilities = data.account(&row.account).map(|now| now.capabilities);
                    let does = words::does(&row.change.change, capabilities, &data.theme.symbols);
                    for caution in words::cautions(row, &does).skip(1) {
                        put(caution, Role::Warn);
                    }
                }
            }
        }
        None => {}
    }
    lines.truncate(DETAIL_LINES as usize);
    lines
}

fn say(problem: &Problem, put: &mut impl FnMut(&str, Role)) {
    put(&problem.title, Role::Bad);
    for (text, role) in [(&problem.detail, Role::Dim), (&problem.hint, Role::Text)] {
        if !text.is_empty() {
            put(text, role);
        }
    }
}

fn account_lines(screen: &PlanScreen, data: &Data, account: &Identity, put: &mut impl FnMut(&str, Role)) {
    let Some(now) = data.account(account) else {
        put("What was staged for another identity of this name is held back and never sent.", Role::Warn);
        return;
    };
    let live = if now.account.live { "LIVE" } else { "SANDBOX" };
    let dot = data.theme.symbols.dot;
    put(&format!("{} {dot} {} {dot} {live}", now.account.name, now.capabilities.title), Role::Text);
    let part = screen.plan.value().and_then(|plan| plan.accounts.iter().find(|part| part.account == *account));
    if let Some(part) = part {
        put(&words::by_kind(part.changes.iter(), Some(now.capabilities)), Role::Dim);
    }
    let acts = now.capabilities.acts_within;
    if !acts.is_empty() {
        put(&format!("Changes act within {acts}."), Role::Dim);
    }
    if now.account.protected {
        put("Protected: sending asks to type its name.", Role::Warn);
    }
}

/// Without a line: why, and what to do.
fn empty(screen: &PlanScreen, data: &Data) -> Notice {
    if let Some(problem) = screen.plan.problem() {
        Notice::failed(problem, data).put("enter tries again", Role::Accent)
    } else if let Some(since) = screen.plan.since() {
        Notice::waiting("making the plan", Some(since), data)
    } else if let Some(problem) = data.opened.problem() {
        Notice::failed(problem, data)
    } else if data.opened.value().is_none() {
        Notice::waiting("looking what is staged", data.opened.since(), data)
    } else {
        Notice::new("Nothing is staged, so there is nothing to send.")
            .then("In Browse (1): a adds, t switches on or off, d removes. All of them only stage.")
    }
}
