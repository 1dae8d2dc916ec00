//! Log: every request to a platform and every error, the newest last, followed until the cursor goes up. Errors
//! stay with title, detail and hint on `enter`. Secrets never come here: the shell leaves them out.

use ratatui::layout::Rect;

use crate::domain::text::shown;
use crate::ui::action::Action;
use crate::ui::canvas::{Canvas, Line, count, counted};
use crate::ui::data::{AccountNow, Data};
use crate::ui::effect::Effect;
use crate::ui::keymap::Context;
use crate::ui::layout::{inset, row, split_bottom, split_top};
use crate::ui::moment::{moment, time};
use crate::ui::msg::LogEntry;
use crate::ui::overlays::Overlay;
use crate::ui::overlays::pager::{Content, Pager};
use crate::ui::part::{Available, Cx, Part, Want};
use crate::ui::screens::ScreenId;
use crate::ui::theme::Role;
use crate::ui::widgets::details::{Details, wrap};
use crate::ui::widgets::list::ListState;
use crate::ui::widgets::notice::Notice;
use crate::ui::widgets::table::{self, Cell, Column, Table, TableRow, Width};

/// The state of the log.
#[derive(Clone, Debug, Default)]
pub struct Log {
    list: ListState,
    /// The line under the cursor, counted from the first that ever was; `None` follows the newest.
    held: Option<usize>,
}

impl Log {
    fn entry<'d>(&self, data: &'d Data) -> Option<&'d LogEntry> {
        data.log.get(self.list.cursor)
    }

    /// Holds the line under the cursor, or follows when it is the newest.
    fn hold(&mut self, data: &Data) {
        let last = self.list.cursor + 1 >= data.log.len();
        self.held = (!last).then_some(data.log_gone + self.list.cursor);
    }
}

fn call(entry: &LogEntry) -> String {
    match &entry.call {
        Some((method, path)) => format!("{method} {}", shown(path)),
        None => String::new(),
    }
}

fn status(entry: &LogEntry) -> (String, Role) {
    match (entry.status, &entry.problem) {
        (Some(status @ 200..300), None) => (status.to_string(), Role::Good),
        (Some(status), _) => (status.to_string(), if status >= 400 { Role::Bad } else { Role::Warn }),
        (None, _) if entry.call.is_some() => ("none".to_owned(), Role::Bad),
        (None, _) => ("error".to_owned(), Role::Bad),
    }
}

fn everything(entry: &LogEntry, data: &Data) -> Pager {
    let (status, role) = status(entry);
    let mut details = Details::default()
        .pair("at", format!("{} ({})", moment(entry.at, data), entry.at))
        .pair("account", entry.account.as_deref().map(shown_text).unwrap_or_default())
        .pair("request", call(entry));
    if entry.call.is_some() {
        details = details
            .pair_in("status", status, role)
            .pair("took", format!("{} ms", entry.took.as_millis()))
            .pair("tried again", counted(entry.retries as usize, "time"));
    }
    let mut copies = call(entry);
    if let Some(problem) = &entry.problem {
        details = details
            .gap()
            .pair_in("problem", problem.title.as_str(), Role::Bad)
            .pair("detail", problem.detail.as_str())
            .pair("do", problem.hint.as_str());
        copies = [copies, problem.to_string()].join(" ");
    }
    let title = if entry.call.is_some() { "Request" } else { "Error" };
    Pager::new(title, Content::Details(details)).copies(copies)
}

const LIST: u8 = 0;
const DETAIL_LINES: u16 = 3;
const COLUMNS: [Column; 7] = [
    Column::new("Time", Width::Fixed(8)),
    Column::new("Account", Width::Share(14, 1)).drops(3),
    Column::new("Request", Width::Share(24, 4)),
    Column::new("Status", Width::Fixed(6)),
    Column::new("ms", Width::Fixed(6)).drops(2).right(),
    Column::new("Again", Width::Fixed(5)).drops(4).right(),
    Column::new("Problem", Width::Share(14, 3)).drops(1),
];

fn table_row(entry: &LogEntry, data: &Data) -> TableRow {
    let (status, role) = status(entry);
    let failed = data.theme.symbols.failed;
    let problem = entry.problem.as_ref().map(|problem| problem.title.clone()).unwrap_or_default();
    let (ms, again) = match (&entry.call, entry.retries) {
        (None, _) => (String::new(), String::new()),
        (Some(_), 0) => (count(entry.took.as_millis() as usize), String::new()),
        (Some(_), n) => (count(entry.took.as_millis() as usize), n.to_string()),
    };
    let what = if entry.call.is_some() { call(entry) } else { problem.clone() };
    TableRow {
        sign: entry.problem.is_some().then_some((failed, Role::Bad)),
        cells: vec![
            Cell::of(time(entry.at, data), Role::Dim),
            Cell::of(entry.account.as_deref().map(shown_text).unwrap_or_default(), Role::Dim),
            Cell::of(what, if entry.call.is_some() { Role::Text } else { Role::Bad }),
            Cell::of(status, role),
            Cell::of(ms, Role::Dim),
            Cell::of(again, Role::Warn),
            Cell::of(if entry.call.is_some() { problem } else { String::new() }, Role::Bad),
        ],
        ..TableRow::default()
    }
}

fn areas(area: Rect) -> (Rect, Rect, Rect) {
    let (head, rest) = split_top(area, 1);
    let (table, details) = split_bottom(rest, DETAIL_LINES);
    (head, table, inset(details, 1))
}

impl Part for Log {
    fn contexts(&self, _: &Data) -> Vec<Context> {
        vec![Context::List]
    }

    fn hints(&self, _: &Data) -> Vec<Action> {
        vec![Action::Up, Action::Bottom, Action::Open, Action::Copy, Action::Back]
    }

    fn available(&self, data: &Data, action: Action) -> Available {
        match action {
            Action::Open | Action::Right | Action::Copy => {
                Available::when(self.entry(data).is_some(), "Nothing was asked yet")
            }
            Action::Left => Available::Ready,
            _ => Available::when(ListState::moves(action), "Not on this screen"),
        }
    }

    fn act(&mut self, cx: &mut Cx, action: Action) {
        match action {
            Action::Open | Action::Right => {
                if let Some(entry) = self.entry(cx.data) {
                    cx.open(Overlay::Pager(everything(entry, cx.data)));
                }
            }
            Action::Copy => {
                if let Some(entry) = self.entry(cx.data) {
                    let text = entry.problem.as_ref().map_or_else(|| call(entry), ToString::to_string);
                    cx.emit(Effect::Copy(text));
                    cx.say("Copied.");
                }
            }
            Action::Back | Action::Left => cx.want(Want::Go(ScreenId::Browse)),
            _ => {
                self.list.act(action, cx.data.log.len());
                self.hold(cx.data);
            }
        }
    }

    fn click(&mut self, cx: &mut Cx, _: u8, item: usize) {
        let again = self.list.cursor == item;
        self.list.cursor = item;
        self.hold(cx.data);
        if again {
            self.act(cx, Action::Open);
        }
    }

    fn wheel(&mut self, cx: &mut Cx, _: u8, rows: isize) {
        self.list.wheel(rows, cx.data.log.len());
        self.hold(cx.data);
    }

    fn layout(&mut self, data: &Data, area: Rect) {
        let len = data.log.len();
        self.list.cursor = match self.held {
            Some(at) => at.saturating_sub(data.log_gone),
            None => len.saturating_sub(1),
        };
        self.list.fit(len, table::rows_in(areas(area).1));
    }

    fn paint(&self, data: &Data, canvas: &mut Canvas, area: Rect) {
        let (head, table, details) = areas(area);
        let len = data.log.len();
        let failed = data.log.iter().filter(|entry| entry.problem.is_some()).count();
        let mut title = Line::of(" Log", Role::Focus).put(format!("  {}", counted(len, "line")), Role::Dim);
        if failed > 0 {
            title = title.put(format!(", {}", counted(failed, "problem")), Role::Bad);
        }
        let following = if self.held.is_none() { "following the newest " } else { "G follows the newest " };
        let took = canvas.line(head, &title);
        let rest = Rect { x: head.x + took, width: head.width - took, ..head };
        canvas.line_right(rest, &Line::of(following, Role::Dim));
        if len == 0 {
            return Notice::new("No request has gone out yet.")
                .then("Every request to a platform and every error stands here; r refreshes an account.")
                .paint(canvas, table);
        }
        let shown = Table {
            list: LIST,
            columns: &COLUMNS,
            len,
            state: self.list,
            focused: true,
            skip: 0,
            sorted: None,
        };
        shown.paint(canvas, table, |at| {
            data.log.get(at).map(|entry| table_row(entry, data)).unwrap_or_default()
        });
        let Some(entry) = self.entry(data) else { return };
        let mut lines: Vec<Line> = Vec::new();
        let first = [entry.account.as_deref().map(shown_text).unwrap_or_default(), call(entry)];
        lines.push(Line::of(first.join(" ").trim(), Role::Text));
        if let Some(problem) = &entry.problem {
            let text = [&problem.title, &problem.detail, &problem.hint];
            let text: Vec<&str> =
                text.into_iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
            let text = text.join(&format!(" {} ", data.theme.symbols.dot));
            lines.extend(wrap(&text, details.width as usize).into_iter().map(|line| Line::of(line, Role::Bad)));
        }
        for (at, line) in lines.iter().take(DETAIL_LINES as usize).enumerate() {
            canvas.line(row(details, at as u16), line);
        }
    }

    fn trail(&self, _: &Data) -> Vec<String> {
        vec!["Log".to_owned()]
    }

    fn account<'d>(&self, data: &'d Data) -> Option<&'d AccountNow> {
        let name = self.entry(data)?.account.as_deref()?;
        data.accounts.iter().find(|one| one.account.name.as_str() == name)
    }
}

fn shown_text(text: &str) -> String {
    shown(text).to_string()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::problem::{Problem, ProblemKind};
    use crate::domain::request::Method;
    use crate::ui::data::LOG_LINES;
    use crate::ui::msg::Msg;
    use crate::ui::testing::{NOW, Shell};

    fn entry(path: &str, status: u16) -> LogEntry {
        LogEntry {
            at: NOW.parse().unwrap(),
            account: Some("acme-us".to_owned()),
            call: Some((Method::Post, path.to_owned())),
            status: Some(status),
            took: Duration::from_millis(1_240),
            retries: 0,
            problem: None,
        }
    }

    fn log(shell: &mut Shell, entry: LogEntry) {
        shell.send(Msg::Logged(Box::new(entry)));
    }

    fn filled(width: u16, height: u16) -> Shell {
        let mut shell = Shell::new(width, height);
        log(&mut shell, entry("/sp/campaigns/list", 200));
        let throttled = Problem::new(ProblemKind::Network, "asked to slow down, again in 2 s");
        log(
            &mut shell,
            LogEntry { retries: 2, problem: Some(throttled), ..entry("/sp/negativeKeywords", 429) },
        );
        let problem = Problem::new(ProblemKind::Auth, "The refresh token is not accepted")
            .detail("400 invalid_grant")
            .hint("Run `unbid login acme-us`.");
        log(&mut shell, LogEntry { call: None, status: None, problem: Some(problem), ..entry("", 0) });
        shell.press("6");
        shell
    }

    #[test]
    fn empty_says_what_will_stand_here() {
        let mut shell = Shell::new(80, 24);
        shell.press("6");
        insta::assert_snapshot!(shell.picture());
    }

    #[test]
    fn narrow_screen() {
        insta::assert_snapshot!(filled(80, 24).picture());
    }

    #[test]
    fn wide_screen() {
        insta::assert_snapshot!(filled(140, 45).picture());
    }

    #[test]
    fn enter_shows_title_detail_and_hint() {
        let mut shell = filled(80, 24);
        shell.press("enter");
        insta::assert_snapshot!(shell.picture());
    }

    #[test]
    fn it_follows_the_newest_until_the_cursor_goes_up() {
        let mut shell = filled(80, 24);
        log(&mut shell, entry("/fourth", 200));
        assert!(shell.line_with("› ").contains("/fourth"));
        shell.press("k k");
        for n in 0..LOG_LINES {
            log(&mut shell, entry(&format!("/later/{n}"), 200));
            if n == LOG_LINES - 10 {
                assert!(shell.line_with("› ").contains("/sp/negativeKeywords"), "its line is held");
                shell.press("j");
            }
        }
        assert!(shell.line_with("› ").contains("/later/0"), "what fell off takes the cursor along");
        shell.press("G");
        log(&mut shell, entry("/newest", 200));
        assert!(shell.line_with("› ").contains("/newest"));
    }

    #[test]
    fn a_failure_that_was_said_stays_here() {
        let mut shell = Shell::new(80, 24);
        shell.answers = false;
        shell.press("R");
        let ticket = shell.effects().into_iter().find_map(|effect| match effect {
            Effect::Sync(ticket, _) => Some(ticket),
            _ => None,
        });
        let problem = Problem::new(ProblemKind::Network, "Amazon cannot be reached");
        shell.send(Msg::Done(ticket.unwrap(), Err(problem)));
        shell.press("esc 6");
        assert!(shell.line_with("› ").contains("Amazon cannot be reached"));
    }
}
