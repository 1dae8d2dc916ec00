//! The picture of the audit: rules at the left, the findings of one at the right, why below. On narrow screens one of the
//! two lists at a time.

use ratatui::layout::Rect;

use super::pages::fix_words;
use super::part::{FINDINGS_LIST, RULES_LIST};
use super::{AuditScreen, Pane, View, negatives_of, rows, title};
use crate::domain::audit::{Finding, RULES, Severity};
use crate::ui::canvas::{Canvas, Line, Target, count, counted, fit};
use crate::ui::data::Data;
use crate::ui::layout::{WIDE, inset, row, split_bottom, split_left, split_top};
use crate::ui::msg::AuditNow;
use crate::ui::remote::Remote;
use crate::ui::theme::Role;
use crate::ui::widgets::details::wrap;
use crate::ui::widgets::notice::Notice;
use crate::ui::widgets::table::{Cell, Column, Table, TableRow, Width};

const RULES_WIDTH: u16 = 48;
/// How high the box that says why is, with its frame: on tall screens, on others, on low ones.
const WHY_LINES: [u16; 3] = [10, 6, 4];
const COLUMNS: [Column; 6] = [
    Column::new("Text", Width::Share(16, 3)),
    Column::new("Match", Width::Fixed(6)).drops(2),
    Column::new("Money", Width::Fixed(11)).right().drops(1),
    Column::new("Orders", Width::Fixed(10)).right().drops(4),
    Column::new("Where", Width::Share(12, 2)).drops(3),
    Column::new("Account", Width::Share(10, 1)).drops(5),
];

/// Where things stand.
pub(super) struct Areas {
    head: Rect,
    rules_frame: Rect,
    pub(super) rules: Rect,
    findings_frame: Rect,
    pub(super) findings: Rect,
    why_frame: Rect,
    why: Rect,
}

/// The areas for a size; a list that is not in sight has none.
pub(super) fn areas(area: Rect, pane: Pane) -> Areas {
    let (head, rest) = split_top(area, 1);
    let framed = |frame: Rect| {
        let (_, inner) = split_top(frame, 1);
        let (inner, _) = split_bottom(inner, 1);
        inset(inner, 1)
    };
    let none = Rect { width: 0, height: 0, ..rest };
    let (left, right) = match pane {
        _ if area.width >= WIDE => split_left(rest, RULES_WIDTH),
        Pane::Rules => (rest, none),
        Pane::Findings => (none, rest),
    };
    let why = WHY_LINES.into_iter().find(|lines| right.height > 2 * lines).unwrap_or(right.height / 2);
    let why = if why == WHY_LINES[0] && right.height <= 3 * why { WHY_LINES[1] } else { why };
    let (findings_frame, why_frame) = split_bottom(right, why);
    Areas {
        head,
        rules_frame: left,
        rules: framed(left),
        findings_frame,
        findings: framed(findings_frame),
        why_frame,
        why: framed(why_frame),
    }
}

/// Paints the screen.
pub(super) fn paint(screen: &AuditScreen, data: &Data, canvas: &mut Canvas, area: Rect) {
    let areas = areas(area, screen.pane);
    canvas.line(areas.head, &head(screen, data));
    let Some(now) = data.audit.value().filter(|_| !screen.lines.is_empty()) else {
        let (_, rest) = split_top(area, 1);
        return nothing(screen, data).paint(canvas, rest);
    };
    if !areas.rules.is_empty() {
        paint_rules(screen, canvas, &areas);
    }
    if !areas.findings.is_empty() {
        paint_findings(screen, data, now, canvas, &areas);
    }
}

/// What was looked at, and how much is wrong.
fn head(screen: &AuditScreen, data: &Data) -> Line {
    let dot = data.theme.symbols.dot;
    let title = if screen.view == View::All { " Audit, all" } else { " Audit" };
    let mut line = Line::of(title, Role::Focus);
    let Some(now) = data.audit.value() else { return line };
    let counts = screen.found;
    // With the signs that stand before rules and findings.
    for (severity, n, says) in [
        (Severity::Error, counts.error, counted(counts.error, "error")),
        (Severity::Warning, counts.warning, counted(counts.warning, "warning")),
        (Severity::Info, counts.info, format!("{} info", count(counts.info))),
    ] {
        let (sign, role) = sign(severity);
        let between = if severity == Severity::Error { " ".to_owned() } else { format!(" {dot}") };
        line = line.put(format!("{between} "), Role::Dim);
        line = line.put(format!("{sign} {says}"), if n > 0 { role } else { Role::Dim });
    }
    if screen.ignored > 0 {
        line = line.put(format!(" {dot} {} ignored", count(screen.ignored)), Role::Dim);
    }
    if let Remote::Failed { .. } = data.audit {
        line = line.put(format!(" {dot} the last one failed"), Role::Bad);
    } else if data.audit.since().is_some_and(|since| data.slow(since)) {
        line = line.put(format!(" {dot} {} auditing anew", data.spinner()), Role::Accent);
    }
    let blind = now.report.without_terms.iter().filter(|ix| in_sight(screen, now, **ix)).count();
    if blind > 0 {
        line = line.put(format!(" {dot} no terms of {}", counted(blind, "account")), Role::Warn);
    }
    let negatives = negatives_of(now, screen.only.as_ref());
    if counts.hidden > 0 {
        line = line.put(format!(" {dot} {} meant to be so", count(counts.hidden)), Role::Dim);
    }
    line.put(format!(" {dot} of {}", counted(negatives, "negative")), Role::Dim)
}

fn sign(severity: Severity) -> (&'static str, Role) {
    match severity {
        Severity::Error => ("!", Role::Bad),
        Severity::Warning => ("~", Role::Warn),
        Severity::Info => (".", Role::Dim),
    }
}

fn paint_rules(screen: &AuditScreen, canvas: &mut Canvas, areas: &Areas) {
    let focused = screen.pane == Pane::Rules;
    let columns = Line::of("found    money", Role::Dim);
    canvas.pane(areas.rules_frame, &title_of("Rules", focused), &columns, focused);
    canvas.hit(areas.rules, Target::List(RULES_LIST));
    let (cut, cursor) = (canvas.theme.symbols.cut, canvas.theme.symbols.cursor);
    let window = screen.rules.window(screen.lines.len(), areas.rules.height as usize);
    for (at, index) in window.enumerate() {
        let line = &screen.lines[index];
        let place = row(areas.rules, at as u16);
        let (sign, role) = sign(line.severity);
        let here = index == screen.rules.cursor;
        let tally = format!("{:>5} {:>8}", count(line.findings.len()), line.weight);
        let room = (place.width as usize).saturating_sub(tally.len() + 5);
        let text = Line::of(if here && focused { cursor } else { " " }, Role::Accent)
            .put(sign, role)
            .put(" ", Role::Text)
            .put(fit(title(line.rule), room, cut, false), Role::Text)
            .put(" ", Role::Text)
            .put(tally, Role::Dim);
        if here {
            let ground = if focused { Role::Cursor } else { Role::Resting };
            canvas.ground(place, ground);
            let style = canvas.theme.style(ground);
            canvas.line_on(place, &text, style);
        } else {
            canvas.line(place, &text);
        }
        canvas.hit(place, Target::Item(RULES_LIST, index));
    }
}

fn title_of(text: &str, focused: bool) -> Line {
    Line::of(text, if focused { Role::Focus } else { Role::Border })
}

fn paint_findings(screen: &AuditScreen, data: &Data, now: &AuditNow, canvas: &mut Canvas, areas: &Areas) {
    let Some(line) = screen.rule() else { return };
    let focused = screen.pane == Pane::Findings;
    let info = RULES[line.rule].info();
    let heading = title_of(&format!("{}: {}", info.id, info.title), focused);
    let right =
        Line::of(format!("{} of {}", screen.findings.cursor + 1, count(line.findings.len())), Role::Dim);
    canvas.pane(areas.findings_frame, &heading, &right, focused);
    let shown = Table {
        list: FINDINGS_LIST,
        columns: &COLUMNS,
        len: line.findings.len(),
        state: screen.findings,
        focused,
        skip: 0,
        sorted: None,
    };
    shown.paint(canvas, areas.findings, |at| {
        let finding = line.findings.get(at).and_then(|place| now.report.findings.get(*place));
        finding.map(|finding| table_row(screen, now, finding)).unwrap_or_default()
    });
    canvas.pane(areas.why_frame, &Line::of("Why", Role::Border), &Line::new(), false);
    let Some(finding) = screen.finding(data) else { return };
    let mut lines: Vec<Line> =
        wrap(&finding.message, areas.why.width as usize).into_iter().map(Line::from).collect();
    let most = (areas.why.height as usize).saturating_sub(1).max(1);
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.pop() {
            // enter shows the rest.
            lines.push(last.put(format!(" {}", canvas.theme.symbols.cut), Role::Dim));
        }
    }
    lines.push(fix_line(screen, now, finding));
    for (at, line) in lines.iter().enumerate() {
        canvas.line(row(areas.why, at as u16), line);
    }
}

fn fix_line(screen: &AuditScreen, now: &AuditNow, finding: &Finding) -> Line {
    let line = match fix_words(finding) {
        _ if now.ignored.contains(&finding.id) => {
            Line::of("ignored; i", Role::Dim).put(" takes that back", Role::Dim)
        }
        Some(words) if screen.staged.has(now, finding) => {
            Line::of(format!("{words} staged, not sent; p shows it"), Role::Good)
        }
        Some(words) => Line::of("f", Role::Key).put(format!(" stages {words}"), Role::Accent),
        None => Line::of("nothing to stage", Role::Dim),
    };
    line.put("  ?", Role::Key).put(" explains the rule", Role::Dim)
}

fn table_row(screen: &AuditScreen, now: &AuditNow, finding: &Finding) -> TableRow {
    let (money, orders) = rows::money(now, finding);
    let lost = finding.severity == Severity::Error && finding.figures.is_some_and(|figures| figures.orders > 0);
    let sign = match sign(finding.severity) {
        _ if now.ignored.contains(&finding.id) => ("i", Role::Dim),
        _ if screen.staged.has(now, finding) => {
            let adds = finding.fix.as_ref().is_some_and(|fix| !fix.add.is_empty());
            (if adds { "+" } else { "-" }, Role::Good)
        }
        sign => sign,
    };
    TableRow {
        sign: Some(sign),
        marked: screen.marked.contains(&finding.id),
        cells: vec![
            Cell::new(rows::text(now, finding)),
            Cell::of(rows::sort(finding), Role::Dim),
            Cell::of(money, if lost { Role::Bad } else { Role::Text }),
            Cell::of(orders, Role::Dim),
            Cell::of(rows::place(now, finding), Role::Dim),
            Cell::of(now.catalog.account(finding.account).name.to_string(), Role::Dim),
        ],
        ..TableRow::default()
    }
}

/// Without a finding: why, and what to do.
fn nothing(screen: &AuditScreen, data: &Data) -> Notice {
    match &data.audit {
        Remote::Failed { problem, .. } => Notice::failed(problem, data).put("enter tries again", Role::Accent),
        Remote::Ready(_) | Remote::Loading { old: Some(_), .. }
            if data.accounts.iter().all(|one| one.snapshot.fetched.is_none()) =>
        {
            Notice::new("Nothing was fetched yet, so there is nothing to audit").then("R fetches every account")
        }
        Remote::Ready(_) | Remote::Loading { old: Some(_), .. } => {
            let narrowed = screen.only.is_some().then(|| "esc shows the other accounts too.".to_owned());
            let missing = data.audit.value().into_iter().flat_map(|now| missing(screen, now));
            let clean =
                narrowed.into_iter().fold(Notice::in_role("Nothing is wrong.", Role::Good), Notice::then);
            missing.fold(clean, |notice, text| notice.put(text, Role::Warn))
        }
        Remote::Loading { since, .. } => Notice::waiting("auditing", Some(*since), data),
        Remote::Absent => match (data.catalog.problem(), data.catalog()) {
            (Some(problem), _) => Notice::failed(problem, data),
            (None, Some(_)) => Notice::in_role("The audit begins in a moment.", Role::Dim),
            (None, None) => Notice::waiting("opening the snapshot", data.catalog.since(), data),
        },
    }
}

/// Whether an account's findings are shown.
pub(super) fn in_sight(screen: &AuditScreen, now: &AuditNow, ix: crate::domain::catalog::AccountIx) -> bool {
    screen.only.as_ref().is_none_or(|only| *only == now.catalog.account(ix).identity)
}

/// What an audit could not look at.
fn missing(screen: &AuditScreen, now: &AuditNow) -> Vec<String> {
    let names = |accounts: &[crate::domain::catalog::AccountIx]| {
        let shown = accounts.iter().filter(|ix| in_sight(screen, now, **ix));
        let names: Vec<String> = shown.map(|ix| now.catalog.account(*ix).name.to_string()).collect();
        names.join(", ")
    };
    let mut found = Vec::new();
    let report = &now.report;
    let (terms, positives) = (names(&report.without_terms), names(&report.without_positives));
    if !terms.is_empty() {
        found.push(format!("No search terms are loaded of {terms}: nothing is said of money."));
    }
    if !positives.is_empty() {
        found.push(format!("The keywords of {positives} were never listed: no conflict is seen."));
    }
    found
}
