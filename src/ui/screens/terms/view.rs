//! How the search terms look: where things stand, what a line says, what the details tell, what an empty screen teaches.

use ratatui::layout::Rect;

use super::Terms;
use super::rows::LIST;
use crate::domain::matching::Verdict;
use crate::domain::money::amount;
use crate::domain::negative::MatchType;
use crate::domain::sift::{Blocked, By, Column, LineRows, Sifter, TermLine, View};
use crate::domain::text::shown;
use crate::ui::canvas::{Canvas, Line, count, counted};
use crate::ui::data::Data;
use crate::ui::layout::{WIDE, inset, row, split_bottom, split_top};
use crate::ui::moment;
use crate::ui::theme::Role;
use crate::ui::whatif;
use crate::ui::widgets::notice::Notice;
use crate::ui::widgets::table::{self, Cell, Table, TableRow, Width};

/// Where things stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Areas {
    /// The list's border, or at narrow widths its title line.
    pub frame: Rect,
    /// The table, its heading included.
    pub table: Rect,
    /// The details' border; empty at narrow widths.
    pub below: Rect,
    /// The details.
    pub details: Rect,
}

const DETAIL_LINES: u16 = 3;

/// Where things stand in an area.
pub fn areas(data: &Data, area: Rect) -> Areas {
    if data.size.0 >= WIDE {
        let (frame, below) = split_bottom(area, DETAIL_LINES + 2);
        let inside = |r: Rect| Rect {
            x: r.x + 1,
            y: r.y + 1,
            width: r.width.saturating_sub(2),
            height: r.height.saturating_sub(2),
        };
        return Areas { frame, table: inside(frame), below, details: inset(inside(below), 1) };
    }
    let (frame, rest) = split_top(area, 1);
    let (table, details) = split_bottom(rest, DETAIL_LINES);
    Areas { frame, table, below: Rect { width: 0, height: 0, ..area }, details: inset(details, 1) }
}

const COLUMNS: [table::Column; 8] = [
    table::Column::new("Term", Width::Share(20, 4)),
    table::Column::new("Where", Width::Share(16, 3)).drops(4),
    table::Column::new("Impressions", Width::Fixed(11)).drops(5).right(),
    table::Column::new("Clicks", Width::Fixed(7)).right(),
    table::Column::new("Spend", Width::Fixed(10)).right(),
    table::Column::new("Orders", Width::Fixed(7)).right(),
    table::Column::new("Sales", Width::Fixed(10)).drops(3).right(),
    table::Column::new("Blocked", Width::Share(12, 2)).drops(1),
];

/// Paints the screen.
pub fn paint(terms: &Terms, data: &Data, canvas: &mut Canvas, area: Rect) {
    let areas = areas(data, area);
    let title = terms.words.as_ref().map_or_else(|| title(terms, data), |words| words.head(data));
    if areas.below.is_empty() {
        canvas.line(areas.frame, &Line::of(" ", Role::Text).join(title));
    } else {
        canvas.pane(areas.frame, &title, &Line::new(), true);
        canvas.pane(areas.below, &Line::of("Details", Role::Border), &Line::new(), false);
    }
    if let Some(words) = &terms.words {
        words.paint(canvas, areas.table);
        let told = [
            "Each run of words counts every search term it stands in; enter shows those.",
            "A phrase negative of such words would block them all: orders are lost where there are any.",
        ];
        for (at, line) in told.into_iter().enumerate() {
            canvas.line(row(areas.details, at as u16), &Line::of(line, Role::Dim));
        }
        return;
    }
    field(terms, canvas, &areas);
    table(terms, data, canvas, areas.table);
    for (at, line) in details(terms, data).iter().take(areas.details.height as usize).enumerate() {
        canvas.line(row(areas.details, at as u16), line);
    }
}

/// The title up to the filter.
fn head(terms: &Terms) -> String {
    let lines = &terms.lines;
    let view = lines.view.title();
    match lines.found() {
        Some(found) if lines.is_filtered() => {
            format!("Search terms, {view}  {} of {}", count(found.len()), count(found.total()))
        }
        Some(found) => format!("Search terms, {view}  {}", count(found.total())),
        None => format!("Search terms, {view}"),
    }
}

fn title(terms: &Terms, data: &Data) -> Line {
    let lines = &terms.lines;
    let mut line = Line::of(head(terms), Role::Focus);
    if lines.since().is_some_and(|since| data.slow(since)) {
        line = line.put(format!(" {}", data.spinner()), Role::Accent);
    }
    line = lines.filter.behind(line);
    if lines.filter.remark().is_some() {
        // It takes the room of the sums.
        return line;
    }
    let sums = lines.found().map(LineRows::sums).unwrap_or_default();
    if sums.is_empty() {
        return line;
    }
    let said = sums.iter().map(|(currency, sum)| {
        let orders = counted(usize::try_from(sum.orders).unwrap_or(usize::MAX), "order");
        format!("{}, {orders}", amount(sum.spend, currency.as_ref()))
    });
    let dot = data.theme.symbols.dot;
    line.put(format!("  {dot} cost {}", said.collect::<Vec<_>>().join("; ")), Role::Dim)
}

/// The terminal's cursor in the filter's line.
fn field(terms: &Terms, canvas: &mut Canvas, areas: &Areas) {
    let indent = if areas.below.is_empty() { 1 } else { 2 };
    terms.lines.filter.paint(canvas, areas.frame, indent, &head(terms));
}

fn table(terms: &Terms, data: &Data, canvas: &mut Canvas, area: Rect) {
    let lines = &terms.lines;
    let Some(sifter) = lines.sifter().filter(|_| !lines.is_empty()) else {
        return empty(terms, data).paint(canvas, area);
    };
    let by = match lines.order.column {
        Column::Term => 0,
        Column::Where => 1,
        Column::Impressions => 2,
        Column::Clicks => 3,
        Column::Spend => 4,
        Column::Orders => 5,
        Column::Sales => 6,
        Column::Blocked => 7,
    };
    let table = Table {
        list: LIST,
        columns: &COLUMNS,
        len: lines.len(),
        state: lines.list,
        focused: true,
        skip: lines.skip,
        sorted: Some((by, lines.order.down)),
    };
    table.paint(canvas, area, |at| match lines.at(at) {
        Some(line) => {
            let (figures, currency) = (line.figures, sifter.currency_of(&line));
            let n = |figure: u64| count(usize::try_from(figure).unwrap_or(usize::MAX));
            let staged = matches!(line.blocked, Some(Blocked { by: By::Staged(_), .. }));
            let old = !line.new || line.blocked.is_some();
            TableRow {
                sign: staged.then_some(("+", Role::Good)),
                marked: lines.is_marked(at),
                heading: None,
                cells: vec![
                    Cell::of(
                        shown(sifter.terms().written(line.text)).to_string(),
                        if old { Role::Dim } else { Role::Text },
                    ),
                    Cell::of(place(sifter, &line, data), Role::Dim),
                    Cell::of(n(figures.impressions), Role::Dim),
                    Cell::of(n(figures.clicks), Role::Dim),
                    Cell::new(amount(figures.spend, currency)),
                    Cell::of(n(figures.orders), if figures.orders == 0 { Role::Dim } else { Role::Good }),
                    Cell::of(amount(figures.sales, currency), Role::Dim),
                    blocked_cell(&line),
                ],
            }
        }
        None => TableRow { cells: vec![Cell::of("gone", Role::Dim)], ..TableRow::default() },
    });
}

fn place(sifter: &Sifter, line: &TermLine, data: &Data) -> String {
    let campaign = sifter.catalog().campaign(line.campaign);
    let between = data.theme.symbols.trail;
    match line.ad_group {
        Some(group) => format!("{} {between} {}", campaign.name(), sifter.catalog().ad_group(group).name()),
        None => campaign.name().to_string(),
    }
}

fn blocked_cell(line: &TermLine) -> Cell {
    match line.blocked {
        None if line.new => Cell::of("no", Role::Dim),
        None => Cell::of("no, reviewed", Role::Dim),
        Some(blocked) => match (blocked.by, blocked.verdict) {
            (By::Staged(_), _) => Cell::of("not sent", Role::Good),
            (_, Verdict::Blocks) => Cell::of("yes", Role::Text),
            _ => Cell::of("maybe", Role::Warn),
        },
    }
}

/// What the line under the cursor says.
fn details(terms: &Terms, data: &Data) -> Vec<Line> {
    let Some((sifter, line)) = terms.lines.sifter().zip(terms.lines.under_cursor()) else { return Vec::new() };
    let days = sifter.days(line.entry);
    let clicked = sifter.rows_with_clicks(line.entry);
    let symbols = data.theme.symbols;
    let dot = symbols.dot;
    let daily = if clicked > 1 { format!(" on {}", counted(clicked, "day")) } else { String::new() };
    let mut first = format!(
        "{} {dot} {} {dot} {}{daily}",
        shown(sifter.terms().written(line.text)),
        place(sifter, &line, data),
        counted(usize::try_from(line.figures.clicks).unwrap_or(usize::MAX), "click"),
    );
    if let Some(asin) = sifter.asin(&line) {
        first = format!("{first} {dot} a product page: a makes {asin} a product negative");
    }
    let currency = sifter.currency_of(&line);
    let money = if line.figures.orders == 0 {
        format!("cost {}, 0 orders", amount(line.figures.spend, currency))
    } else {
        let orders = counted(usize::try_from(line.figures.orders).unwrap_or(usize::MAX), "order");
        let sales = amount(line.figures.sales, currency);
        format!("cost {}, had {orders}, {sales}", amount(line.figures.spend, currency))
    };
    // Beside the money, where narrow screens do not cut them off.
    let dates = whatif::dates(days, data);
    let settled = if line.settled { "" } else { ", too young for its orders to have come" };
    vec![
        Line::of(first, Role::Text),
        blocked_line(sifter, &line, data),
        Line::of(format!("{money} {dot} {dates}{settled}{}", review(sifter, &line, data)), Role::Dim),
    ]
}

fn blocked_line(sifter: &Sifter, line: &TermLine, data: &Data) -> Line {
    let Some(blocked) = line.blocked else { return Line::of("nothing blocks it", Role::Text) };
    match blocked.by {
        By::Staged(number) => {
            let text = data
                .staged(number)
                .map_or_else(String::new, |staged| format!(" by \"{}\"", shown(staged.change.text().raw())));
            Line::of(format!("will be blocked{text}: staged, not sent"), Role::Good)
        }
        By::Existing(ix) => {
            let negative = sifter.catalog().negative(ix);
            let match_word = match negative.match_type() {
                Some(MatchType::Exact) => "exact",
                Some(MatchType::Phrase) => "phrase",
                None => "product",
            };
            let place = if negative.ad_group().is_some() { "its ad group" } else { "its campaign" };
            let what = format!("\"{}\" ({match_word}, {place})", shown(negative.text_raw()));
            if blocked.verdict == Verdict::Blocks {
                Line::of(format!("blocked by {what}"), Role::Text)
            } else {
                let why = "plural, accent, hyphen: not documented";
                Line::of(format!("may be blocked by {what}: {why}"), Role::Warn)
            }
        }
    }
}

fn review(sifter: &Sifter, line: &TermLine, data: &Data) -> String {
    let Some(review) = sifter.review(line.entry) else { return String::new() };
    let when = moment::moment(review.at, data);
    let why = if review.reason.is_empty() { String::new() } else { format!(": {}", review.reason.shown()) };
    let back = match (review.until, line.new) {
        (_, true) => ", and is back".to_owned(),
        (Some(day), false) => format!(", until {}", day.strftime("%-d %b")),
        (None, false) => ", until it has cost as much again".to_owned(),
    };
    format!(" {} reviewed {when}{back}{why}", data.theme.symbols.dot)
}

fn empty(terms: &Terms, data: &Data) -> Notice {
    let lines = &terms.lines;
    if let Some(problem) = lines.problem().or_else(|| data.terms.problem()) {
        Notice::failed(problem, data)
    } else if data.terms.value().is_none() || lines.found().is_none() {
        let since = data.terms.since().or_else(|| lines.since()).or_else(|| data.catalog.since());
        Notice::waiting("opening the search terms", since, data)
    } else if data.term_days.is_empty() {
        Notice::new("No search terms are loaded. They show what a negative blocks, before you send it.")
            .then("")
            .put("unbid terms fetch", Role::Text)
            .then("  asks the platforms for their reports")
            .put("unbid terms import FILE --account NAME", Role::Text)
            .then("  loads a report that you downloaded")
    } else if lines.is_filtered() {
        let total = lines.found().map_or(0, LineRows::total);
        Notice::new(format!("0 of {} match", count(total))).then("esc clears the filter")
    } else if lines.view == View::Waste {
        let all = data.terms.value().map_or(0, Sifter::len);
        Notice::new(format!("Nothing here is waste: {}", View::Waste.says()))
            .then(format!("w shows all {}", count(all)))
    } else {
        Notice::new("No search terms of known campaigns; r refreshes the account")
    }
}
