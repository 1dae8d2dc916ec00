//! The picture of the audit: rules at the left, the findings of one at the right, why below. On narrow screens one of the
//! two lists at a time.

use ratatui::layout::Rect;

use super::part::{FINDINGS_LIST, RULES_LIST};
use super::{AuditScreen, Pane, counts, rows, title};
use crate::domain::audit::{Finding, RULES, Severity};
use crate::domain::money::amount;
use crate::domain::text::shown;
use crate::ui::canvas::{Canvas, Line, Target, count, counted, fit};
use crate::ui::data::Data;
use crate::ui::layout::{WIDE, inset, row, split_bottom, split_left, split_top};
use crate::ui::msg::AuditNow;
use crate::ui::overlays::pager::{Content, Pager};
use crate::ui::remote::Remote;
use crate::ui::theme::Role;
use crate::ui::widgets::details::{Details, wrap};
use crate::ui::widgets::notice::Notice;
use crate::ui::widgets::table::{Cell, Column, Table, TableRow, Width};

const RULES_WIDTH: u16 = 46;
const WHY_LINES: u16 = 6;
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
    let why = if right.height > 2 * WHY_LINES { WHY_LINES } else { 4.min(right.height / 2) };
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
        paint_rules(screen, now, canvas, &areas);
    }
    if !areas.findings.is_empty() {
        paint_findings(screen, data, now, canvas, &areas);
    }
}

/// What was looked at, and how much is wrong.
fn head(screen: &AuditScreen, data: &Data) -> Line {
    let dot = data.theme.symbols.dot;
    let mut line = Line::of(" Audit", Role::Focus);
    let Some(now) = data.audit.value() else { return line };
    let counts = counts(now);
    line = line.put(format!("  {}", counted(now.report.negatives, "negative")), Role::Dim);
    let mut put = |n: usize, one: &str, role: Role| {
        let role = if n > 0 { role } else { Role::Dim };
        let text = format!(" {dot} {}", counted(n, one));
        line = std::mem::take(&mut line).put(text, role);
    };
    put(counts.error, "error", Role::Bad);
    put(counts.warning, "warning", Role::Warn);
    line = line.put(format!(" {dot} {} info", count(counts.info)), Role::Dim);
    if !now.ignored.is_empty() {
        line = line.put(format!(" {dot} {} ignored", count(now.ignored.len())), Role::Dim);
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
    line
}

fn sign(severity: Severity) -> (&'static str, Role) {
    match severity {
        Severity::Error => ("!", Role::Bad),
        Severity::Warning => ("~", Role::Warn),
        Severity::Info => (".", Role::Dim),
    }
}

fn paint_rules(screen: &AuditScreen, now: &AuditNow, canvas: &mut Canvas, areas: &Areas) {
    let focused = screen.pane == Pane::Rules;
    canvas.pane(areas.rules_frame, &title_of("Rules", focused), &Line::new(), focused);
    canvas.hit(areas.rules, Target::List(RULES_LIST));
    let (cut, cursor) = (canvas.theme.symbols.cut, canvas.theme.symbols.cursor);
    let window = screen.rules.window(screen.lines.len(), areas.rules.height as usize);
    for (at, index) in window.enumerate() {
        let line = &screen.lines[index];
        let place = row(areas.rules, at as u16);
        let (sign, role) = sign(line.severity);
        let here = index == screen.rules.cursor;
        let tally = format!("{:>5} {:>8}", count(line.findings.len()), rows::weight(now, line));
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
    }
    lines.push(fix_line(finding));
    for (at, line) in lines.iter().enumerate() {
        canvas.line(row(areas.why, at as u16), line);
    }
}

fn fix_line(finding: &Finding) -> Line {
    match fix_words(finding) {
        Some(words) => Line::of("f ", Role::Key).put(format!("stages {words}"), Role::Accent),
        None => Line::of("Nothing that could be staged mends it; ? explains the rule.", Role::Dim),
    }
}

/// What a finding's fix would stage.
fn fix_words(finding: &Finding) -> Option<String> {
    let fix = finding.fix.as_ref()?;
    let part = |n: usize, one: &str| (n > 0).then(|| counted(n, one));
    let parts: Vec<String> =
        [part(fix.remove.len(), "removal"), part(fix.add.len(), "addition")].into_iter().flatten().collect();
    Some(parts.join(" and "))
}

fn table_row(screen: &AuditScreen, now: &AuditNow, finding: &Finding) -> TableRow {
    let (money, orders) = rows::money(now, finding);
    let lost = finding.severity == Severity::Error && finding.figures.is_some_and(|figures| figures.orders > 0);
    TableRow {
        sign: Some(sign(finding.severity)),
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

/// Everything of the finding under the cursor.
pub(super) fn everything(screen: &AuditScreen, data: &Data) -> Option<Pager> {
    let now = data.audit.value()?;
    let finding = screen.finding(data)?;
    let info = finding.info();
    let currency = rows::currency(now, finding);
    let money = finding.figures.map(|figures| {
        let days = finding.days.map_or_else(String::new, |days| format!(", {days}"));
        format!(
            "{}: {} clicks, cost {}, {} orders, {}{days}",
            counted(finding.terms, "search term"),
            count(figures.clicks as usize),
            amount(figures.spend, currency),
            count(figures.orders as usize),
            amount(figures.sales, currency),
        )
    });
    let mut details = Details::default()
        .pair("why", finding.message.as_str())
        .pair("rule", format!("{} ({})", info.id, info.title))
        .pair("severity", finding.severity.to_string())
        .pair("account", now.catalog.account(finding.account).name.to_string())
        .pair(
            "campaign",
            finding.campaign.map(|ix| now.catalog.campaign(ix).name().to_string()).unwrap_or_default(),
        )
        .pair(
            "ad group",
            finding.ad_group.map(|ix| now.catalog.ad_group(ix).name().to_string()).unwrap_or_default(),
        )
        .pair("search terms", money.unwrap_or_default())
        .pair("f stages", fix_words(finding).unwrap_or_else(|| "nothing".to_owned()))
        .pair("finding", finding.id.to_string())
        .gap();
    for ix in finding.negatives.iter().take(MOST_ROWS) {
        let negative = now.catalog.negative(*ix);
        let says = format!("{} {} (id {})", negative.text(), negative.liveness().says(), negative.id().shown());
        details = details.pair("negative", says);
    }
    details = details.pair("", more(finding.negatives.len()));
    for ix in finding.keywords.iter().take(MOST_ROWS) {
        let keyword = now.positives.get(*ix);
        let group = now.catalog.ad_group(keyword.ad_group_ix());
        let match_type: &str = keyword.match_type().into();
        let says =
            format!("{} ({match_type}, {}, id {})", shown(keyword.text()), group.name(), keyword.id().shown());
        details = details.pair("keyword", says);
    }
    details = details.pair("", more(finding.keywords.len()));
    Some(Pager::new(info.title, Content::Details(details)).copies(finding.id.to_string()))
}

/// How many rows of a finding are named.
const MOST_ROWS: usize = 50;

fn more(rows: usize) -> String {
    if rows > MOST_ROWS { format!("and {} more", count(rows - MOST_ROWS)) } else { String::new() }
}

/// What the rule under the cursor means, on one page.
pub(super) fn explanation(screen: &AuditScreen) -> Vec<Line> {
    let Some(line) = screen.rule() else { return Vec::new() };
    let info = RULES[line.rule].info();
    let mut lines = vec![Line::of(format!("{}: {}", info.id, info.title), Role::Title), Line::new()];
    for paragraph in info.page {
        lines.extend(wrap(paragraph, PAGE_WIDTH).into_iter().map(Line::from));
        lines.push(Line::new());
    }
    lines.push(Line::of(format!("`[audit] off = [\"{}\"]` switches it off.", info.id), Role::Dim));
    lines.push(Line::new());
    lines
}

/// A page fits the narrowest screen.
const PAGE_WIDTH: usize = 68;

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
            let narrowed = screen.only.is_some().then(|| "n shows the other accounts too.".to_owned());
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
fn in_sight(screen: &AuditScreen, now: &AuditNow, ix: crate::domain::catalog::AccountIx) -> bool {
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
