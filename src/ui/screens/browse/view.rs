//! How Browse looks: where its panes stand, what a row says, the details below, and everything of a row.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use ratatui::layout::Rect;

use super::rows::{self, column_title};
use super::seen::{Seen, Thing};
use super::{Browse, Pane};
use crate::domain::catalog::{Column, Mark, Scope};
use crate::domain::negative::{Kind, Level, MatchType, State};
use crate::ui::canvas::{Canvas, Line, Target, count, counted};
use crate::ui::data::Data;
use crate::ui::layout::{WIDE, inset, row, split_bottom, split_left, split_top};
use crate::ui::overlays::pager::{Content, Pager};
use crate::ui::theme::Role;
use crate::ui::widgets::details::Details;
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
        let (tree_box, right) = split_left(area, (area.width * 3 / 10).clamp(34, 48));
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
    table::Column::new("State", Width::Share(10, 1)),
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
    details(browse, data, canvas, areas.details);
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
    if let Some(since) = rows.since().filter(|since| data.slow(*since)) {
        line = line.put(format!(" {}", data.spinner()), Role::Accent);
        let _ = since;
    }
    if rows.filtering || rows.is_filtered() {
        let text = crate::domain::text::shown(rows.field.value()).to_string();
        let gap = if rows.filtering { " " } else { "" };
        line = line.put("  / ", Role::Key).put(format!("{text}{gap}"), Role::Accent);
        if let Some(problem) = rows.filter_problem() {
            line = line.put(format!("  {}", crate::domain::text::shown(&problem.reason)), Role::Bad);
        } else if let Some(remark) = rows.filter_remark() {
            line = line.put(format!("  {}", crate::domain::text::shown(remark)), Role::Dim);
        }
    }
    line
}

/// The terminal's cursor in the filter's line.
fn field(browse: &Browse, canvas: &mut Canvas, areas: &Areas) {
    let rows = &browse.rows;
    if !rows.filtering {
        return;
    }
    let before = match rows.total() {
        Some(total) if rows.is_filtered() => format!("{HEAD}  {} of {}", count(rows.len()), count(total)),
        Some(total) => format!("{HEAD}  {}", count(total)),
        None => HEAD.to_owned(),
    };
    let indent = if areas.wide { 2 } else { 1 };
    let x = areas.rows_box.x + indent + before.chars().count() as u16 + 4;
    let place = Rect {
        x: x.min(areas.rows_box.right()),
        width: areas.rows_box.right().saturating_sub(x + 1),
        height: 1.min(areas.rows_box.height),
        ..areas.rows_box
    };
    rows.field.paint(canvas, place, Role::Accent, true);
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
        empty(browse, data, canvas, area);
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
    let state_room =
        table::visible(&COLUMNS, rows.skip, area.width.saturating_sub(3)).first().map_or(10, |c| c.1);
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
                Cell::of(since_text(&seen, data), Role::Dim),
            ],
        },
        None => TableRow { cells: vec![Cell::of("gone", Role::Dim)], ..TableRow::default() },
    });
}

fn empty(browse: &Browse, data: &Data, canvas: &mut Canvas, area: Rect) {
    let area = inset(area, 2);
    let rows = &browse.rows;
    let account = browse.place.as_ref().and_then(|place| data.account(&place.account));
    let never = account.is_some_and(|a| a.snapshot.fetched.is_none());
    let (first, then) = if let Some(problem) = rows.problem().or_else(|| data.catalog.problem()) {
        (Line::of(problem.title.as_str(), Role::Bad), problem.hint.clone())
    } else if data.catalog().is_none() {
        let waited = data.catalog.since().is_some_and(|since| data.slow(since));
        let text = if waited { format!("{} Opening the snapshot", data.spinner()) } else { String::new() };
        (Line::of(text, Role::Dim), String::new())
    } else if rows.is_filtered() {
        let total = count(rows.total().unwrap_or(0));
        (Line::of(format!("0 of {total} match"), Role::Text), "esc clears the filter".to_owned())
    } else if let Some(account) = account.filter(|a| a.syncing.is_some()) {
        let n = account.syncing.unwrap_or_default().negatives;
        (
            Line::of(format!("{} refreshing: {} so far", data.spinner(), counted(n, "negative")), Role::Text),
            String::new(),
        )
    } else if never {
        (Line::of("Nothing was fetched from this account yet", Role::Text), "r fetches it".to_owned())
    } else {
        (Line::of("No negatives here", Role::Text), "a adds some; nothing is sent before p and A".to_owned())
    };
    canvas.line(row(area, 1), &first);
    canvas.line(row(area, 2), &Line::of(then, Role::Dim));
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

fn since_text(seen: &Seen, data: &Data) -> String {
    if matches!(seen.thing, Thing::New(..)) || seen.staged.is_some() {
        return "not sent".to_owned();
    }
    seen.since().map(|day| day_text(day, data)).unwrap_or_default()
}

fn day_text(day: Date, data: &Data) -> String {
    let today = data.clock.wall.to_zoned(TimeZone::UTC).date();
    day.strftime(if day.year() == today.year() { "%-d %b" } else { "%-d %b %Y" }).to_string()
}

// Details.

fn details(browse: &Browse, data: &Data, canvas: &mut Canvas, area: Rect) {
    let lines = match browse.pane {
        Pane::Tree => place_lines(browse, data),
        Pane::Rows => match browse.rows.under_cursor() {
            Some(seen) => row_lines(&seen, data),
            None => place_lines(browse, data),
        },
    };
    for (at, line) in lines.iter().take(area.height as usize).enumerate() {
        canvas.line(row(area, at as u16), line);
    }
}

/// What a negative does, in words.
fn blocks(seen: &Seen) -> String {
    let text = seen.shown_text();
    let reach = match (&seen.ad_group, seen.groups) {
        (Some(_), _) => "in its ad group".to_owned(),
        (None, 0) => "in its whole campaign".to_owned(),
        (None, n) => format!("in all {}", counted(n, "ad group")),
    };
    match (seen.kind(), seen.match_type()) {
        (Kind::Keyword, Some(MatchType::Phrase)) => format!("searches that contain \"{text}\", {reach}"),
        (Kind::Keyword, _) => format!("the search \"{text}\", {reach}"),
        (Kind::Product, _) => format!("the product {text}, {reach}"),
        (Kind::Brand, _) => format!("products of {text}, {reach}"),
    }
}

fn row_lines(seen: &Seen, data: &Data) -> Vec<Line> {
    let dot = data.theme.symbols.dot;
    let first = match (&seen.thing, seen.state(), seen.idle) {
        (_, State::Enabled, Some(reason)) => {
            Line::of(format!("Idle, {reason}: would block {}", blocks(seen)), Role::Warn)
        }
        (Thing::New(..), ..) => Line::of(format!("Will block {}", blocks(seen)), Role::Text),
        (_, State::Enabled, None) => {
            let since = seen.since().map(|day| format!(" since {}", day_text(day, data))).unwrap_or_default();
            Line::of(format!("Blocks {}{since}", blocks(seen)), Role::Text)
        }
        (_, State::Paused, _) => Line::of(format!("Switched off; would block {}", blocks(seen)), Role::Dim),
        (_, State::Archived, _) => Line::of(format!("Archived; blocked {}", blocks(seen)), Role::Dim),
    };
    let trail = data.theme.symbols.trail;
    let account = data.account(&seen.account).map(|a| a.account.name.to_string()).unwrap_or_default();
    let group =
        seen.ad_group.as_ref().map(|(name, _)| format!(" {trail} {}", name.shown())).unwrap_or_default();
    let second = Line::of(format!("{account} {trail} {}{group}", seen.campaign.shown()), Role::Dim);
    let third = match (&seen.thing, seen.staged) {
        (Thing::New(number, _), _) => {
            Line::of(format!("Staged as {number}, not sent {dot} d takes it out"), Role::Accent)
        }
        (_, Some((number, mark))) => {
            let what = match mark {
                Mark::SetState(to) => format!("to {to}"),
                Mark::Remove => "to be removed".to_owned(),
            };
            Line::of(format!("Staged as {number}, not sent: {what} {dot} d takes it back"), Role::Accent)
        }
        (Thing::Existing(negative), None) => Line::of(
            format!(
                "{} {dot} id {} {dot} enter: everything",
                negative.native_state.shown(),
                negative.id.shown()
            ),
            Role::Dim,
        ),
    };
    vec![first, second, third]
}

fn place_lines(browse: &Browse, data: &Data) -> Vec<Line> {
    let Some(place) = &browse.place else { return Vec::new() };
    let dot = data.theme.symbols.dot;
    let Some(account) = data.account(&place.account) else { return Vec::new() };
    let title = account.capabilities.title;
    let counts = |scope| {
        data.catalog().map_or_else(String::new, |catalog| {
            let counts = catalog.counts(scope);
            format!(
                "{} on {dot} {} off {dot} {} archived",
                count(counts.enabled),
                count(counts.paused),
                count(counts.archived)
            )
        })
    };
    match data.catalog().and_then(|catalog| Some((catalog, place.scope(catalog)?))) {
        Some((catalog, Scope::Campaign(ix))) => {
            let campaign = catalog.campaign(ix);
            let holds: &str = match campaign.holds() {
                crate::domain::campaign::Holds::Yes => "",
                crate::domain::campaign::Holds::Inert => " · negatives have no effect in it",
                crate::domain::campaign::Holds::No => " · takes no negatives",
            };
            vec![
                Line::of(
                    format!("{} {dot} {} campaign of {title}", campaign.name(), campaign.native_type()),
                    Role::Text,
                ),
                Line::of(
                    format!(
                        "{} {dot} {}{holds}",
                        campaign.native_state(),
                        counted(campaign.ad_group_count(), "ad group")
                    ),
                    Role::Dim,
                ),
                Line::of(counts(Scope::Campaign(ix)), Role::Dim),
            ]
        }
        Some((catalog, Scope::Reaching(ix))) => {
            let group = catalog.ad_group(ix);
            let shared = catalog.counts(Scope::CampaignLevel(group.campaign().ix())).standing();
            vec![
                Line::of(format!("{} {dot} ad group of {}", group.name(), group.campaign().name()), Role::Text),
                Line::of(
                    format!("{} {dot} {} more from its campaign", group.native_state(), count(shared)),
                    Role::Dim,
                ),
                Line::of(format!("own: {}", counts(Scope::AdGroup(ix))), Role::Dim),
            ]
        }
        found => {
            let second = match &account.snapshot.stale {
                Some(problem) => Line::of(format!("Not refreshed: {}", problem.title), Role::Warn),
                None => Line::of(counted(account.snapshot.campaigns, "campaign"), Role::Dim),
            };
            let third = found.map(|(_, scope)| Line::of(counts(scope), Role::Dim)).unwrap_or_default();
            vec![Line::of(format!("{} {dot} {title}", account.account.name), Role::Text), second, third]
        }
    }
}

/// Everything of a row, for `enter`.
pub fn everything(data: &Data, seen: &Seen) -> Pager {
    let campaign_state: &'static str = seen.campaign_state.into();
    let level: &'static str = if seen.level() == Level::AdGroup { "ad group" } else { "campaign" };
    let account = data.account(&seen.account);
    let state: &'static str = seen.state().into();
    let mut details = Details::default()
        .pair("text", seen.text().shown().to_string())
        .pair("brand", seen.brand_name().map(|name| name.shown().to_string()).unwrap_or_default())
        .pair("kind", <&'static str>::from(seen.kind()))
        .pair("match", seen.match_word())
        .pair("blocks", blocks(seen))
        .gap()
        .pair("state", state)
        .pair_in("idle because", seen.idle.unwrap_or_default(), Role::Warn);
    if let Thing::Existing(negative) = &seen.thing {
        details = details.pair("platform says", negative.native_state.shown().to_string());
    }
    let staged = match (&seen.thing, seen.staged) {
        (Thing::New(number, _), _) => format!("{number}: to be made"),
        (_, Some((number, Mark::SetState(to)))) => format!("{number}: to {to}"),
        (_, Some((number, Mark::Remove))) => format!("{number}: to be removed"),
        _ => String::new(),
    };
    details = details.pair_in("staged, not sent", staged, Role::Accent).gap();
    if let Some(account) = account {
        let live = if account.account.live { "live" } else { "sandbox" };
        details = details
            .pair("account", format!("{} ({}, {live})", account.account.name, account.capabilities.title))
            .pair("origin", crate::domain::text::shown(&account.account.identity.origin).to_string());
    }
    details =
        details.pair("level", level).pair("campaign", format!("{} ({campaign_state})", seen.campaign.shown()));
    if let Some((name, state)) = &seen.ad_group {
        let state: &'static str = (*state).into();
        details = details.pair("ad group", format!("{} ({state})", name.shown()));
    }
    if let Thing::Existing(negative) = &seen.thing {
        details = details
            .gap()
            .pair("id", negative.id.shown().to_string())
            .pair("campaign id", negative.campaign.shown().to_string())
            .pair(
                "ad group id",
                negative.ad_group.as_ref().map(|id| id.shown().to_string()).unwrap_or_default(),
            )
            .pair("made", negative.created.map(|at| at.to_string()).unwrap_or_default())
            .pair("first seen", seen.first_seen.map(|day| day.to_string()).unwrap_or_default());
    }
    let copies = match &seen.thing {
        Thing::Existing(negative) => negative.id.raw().to_owned(),
        Thing::New(_, new) => new.text.raw().to_owned(),
    };
    Pager::new(seen.shown_text(), Content::Details(details)).copies(copies)
}
