//! History: what was sent, operation by operation, the newest first, from the journal. Taking back what was sent
//! comes with a later version; this screen only tells.

use std::time::Duration;

use ratatui::layout::Rect;

use crate::domain::journal::{Entry, OutcomeKind};
use crate::domain::problem::Problem;
use crate::ui::action::Action;
use crate::ui::canvas::{Canvas, Line, counted};
use crate::ui::data::{AccountNow, Data};
use crate::ui::effect::Effect;
use crate::ui::keymap::Context;
use crate::ui::layout::{inset, row, split_bottom, split_top};
use crate::ui::moment::moment;
use crate::ui::msg::Reply;
use crate::ui::overlays::Overlay;
use crate::ui::overlays::pager::{Content, Pager};
use crate::ui::part::{Available, Cx, Part, Want};
use crate::ui::remote::{Remote, Ticket};
use crate::ui::screens::ScreenId;
use crate::ui::screens::plan::words;
use crate::ui::theme::Role;
use crate::ui::widgets::details::{Details, wrap};
use crate::ui::widgets::list::ListState;
use crate::ui::widgets::table::{self, Cell, Column, Table, TableRow, Width};

/// How many operations are shown.
const MOST: usize = 500;

/// The state of the history.
#[derive(Clone, Debug, Default)]
pub struct History {
    past: Remote<Vec<Entry>>,
    list: ListState,
    in_sight: bool,
}

impl History {
    fn all(&self) -> &[Entry] {
        self.past.value().map(Vec::as_slice).unwrap_or_default()
    }

    fn one(&self) -> Option<&Entry> {
        self.all().get(self.list.cursor)
    }

    fn load(&mut self, cx: &mut Cx) {
        let ticket = cx.ticket();
        self.past.ask(ticket, cx.data.clock.monotonic);
        cx.emit(Effect::LoadHistory(ticket, MOST));
    }
}

fn came(one: &Entry) -> String {
    let counts: Vec<(OutcomeKind, usize)> = one.counts.iter().map(|(kind, n)| (*kind, *n as usize)).collect();
    words::tally(counts.iter().map(|(kind, n)| (kind, n)))
}

fn unsettled(one: &Entry) -> bool {
    one.operation.ended.is_none() || one.counts.iter().any(|(kind, n)| *kind == OutcomeKind::Unknown && *n > 0)
}

/// The end of an id: enough to tell operations apart on the screen, all of it stands in the details.
fn short(id: &str) -> String {
    id.chars().skip(id.chars().count().saturating_sub(8)).collect()
}

fn everything(one: &Entry, data: &Data) -> Pager {
    let operation = &one.operation;
    let id = operation.id.to_string();
    let ended = match operation.ended {
        Some(at) => format!("{} ({at})", moment(at, data)),
        None => "not yet: it runs, or was cut off".to_owned(),
    };
    let details = Details::default()
        .pair("account", operation.name.to_string())
        .pair("who", operation.who.shown().to_string())
        .pair("began", format!("{} ({})", moment(operation.began, data), operation.began))
        .pair("ended", ended)
        .pair("came of it", came(one))
        .pair_in("open", if unsettled(one) { SETTLES } else { "" }, Role::Warn)
        .gap()
        .pair("operation", id.as_str())
        .pair("plan", operation.plan.to_string())
        .pair("identity", crate::domain::text::shown(&operation.account.key()).to_string());
    Pager::new(format!("Operation {}", short(&id)), Content::Details(details)).copies(id)
}

const SETTLES: &str = "Not settled: the next sending to this account settles it first.";

const LIST: u8 = 0;
const DETAIL_LINES: u16 = 2;
const COLUMNS: [Column; 6] = [
    Column::new("When", Width::Fixed(17)),
    Column::new("Account", Width::Share(16, 1)),
    Column::new("What came of it", Width::Share(24, 3)),
    Column::new("Who", Width::Share(8, 1)).drops(1),
    Column::new("Operation", Width::Fixed(9)).drops(2),
    Column::new("Plan", Width::Fixed(8)).drops(3),
];

fn table_row(one: &Entry, data: &Data) -> TableRow {
    let symbols = data.theme.symbols;
    let bad = |kind: OutcomeKind| one.counts.iter().any(|(has, n)| *has == kind && *n > 0);
    let (sign, role) = if unsettled(one) {
        ("?", Role::Warn)
    } else if bad(OutcomeKind::Rejected) {
        (symbols.failed, Role::Bad)
    } else {
        (symbols.ok, Role::Good)
    };
    TableRow {
        sign: Some((sign, role)),
        cells: vec![
            Cell::of(moment(one.operation.began, data), Role::Dim),
            Cell::new(one.operation.name.to_string()),
            Cell::of(came(one), if role == Role::Good { Role::Text } else { role }),
            Cell::of(one.operation.who.shown().to_string(), Role::Dim),
            Cell::of(short(&one.operation.id.to_string()), Role::Dim),
            Cell::of(short(&one.operation.plan.to_string()), Role::Dim),
        ],
        ..TableRow::default()
    }
}

fn areas(area: Rect) -> (Rect, Rect, Rect) {
    let (head, rest) = split_top(area, 1);
    let (table, details) = split_bottom(rest, DETAIL_LINES);
    (head, table, inset(details, 1))
}

impl Part for History {
    fn contexts(&self, _: &Data) -> Vec<Context> {
        vec![Context::List]
    }

    fn hints(&self, _: &Data) -> Vec<Action> {
        vec![Action::Down, Action::Open, Action::Copy, Action::Back]
    }

    fn available(&self, _: &Data, action: Action) -> Available {
        let mut list = self.list;
        match action {
            Action::Open | Action::Right if matches!(self.past, Remote::Failed { .. }) => Available::Ready,
            Action::Open | Action::Right | Action::Copy => {
                Available::when(self.one().is_some(), "Nothing was sent yet")
            }
            Action::Left => Available::Ready,
            _ => Available::when(list.act(action, self.all().len()), "Not on this screen"),
        }
    }

    fn act(&mut self, cx: &mut Cx, action: Action) {
        match action {
            Action::Open | Action::Right if matches!(self.past, Remote::Failed { .. }) => self.load(cx),
            Action::Open | Action::Right => {
                if let Some(one) = self.one() {
                    cx.open(Overlay::Pager(everything(one, cx.data)));
                }
            }
            Action::Copy => {
                if let Some(one) = self.one() {
                    cx.emit(Effect::Copy(one.operation.id.to_string()));
                    cx.say("Copied the operation's id");
                }
            }
            Action::Back | Action::Left => cx.want(Want::Go(ScreenId::Browse)),
            _ => {
                let len = self.all().len();
                self.list.act(action, len);
            }
        }
    }

    fn click(&mut self, cx: &mut Cx, _: u8, item: usize) {
        let again = self.list.cursor == item;
        self.list.cursor = item;
        if again {
            self.act(cx, Action::Open);
        }
    }

    fn wheel(&mut self, _: &mut Cx, _: u8, rows: isize) {
        let len = self.all().len();
        self.list.wheel(rows, len);
    }

    fn reply(&mut self, cx: &mut Cx, ticket: Ticket, reply: &Result<Reply, Problem>) {
        match reply {
            Ok(Reply::History(past)) => _ = self.past.take(ticket, Ok(past.clone())),
            Ok(Reply::Sent(_)) if self.in_sight => self.load(cx),
            Ok(_) => {}
            Err(problem) => _ = self.past.take(ticket, Err(problem.clone())),
        }
    }

    fn shown(&mut self, cx: &mut Cx) {
        self.in_sight = true;
        self.load(cx);
    }

    fn hidden(&mut self, _: &mut Cx) {
        self.in_sight = false;
    }

    fn layout(&mut self, _: &Data, area: Rect) {
        let len = self.all().len();
        self.list.fit(len, table::rows_in(areas(area).1));
    }

    fn paint(&self, data: &Data, canvas: &mut Canvas, area: Rect) {
        let (head, table, details) = areas(area);
        let title = Line::of(" History", Role::Focus);
        let n = self.all().len();
        canvas.line(head, &title.put(format!("  {}", counted(n, "operation")), Role::Dim));
        let Some(one) = self.one() else {
            let area = inset(table, 2);
            for (at, (text, role)) in nothing(&self.past, data, area.width).into_iter().enumerate() {
                canvas.line(row(area, 1 + at as u16), &Line::of(text, role));
            }
            return;
        };
        let shown = Table {
            list: LIST,
            columns: &COLUMNS,
            len: n,
            state: self.list,
            focused: true,
            skip: 0,
            sorted: None,
        };
        shown.paint(canvas, table, |at| self.all().get(at).map(|one| table_row(one, data)).unwrap_or_default());
        let who = one.operation.who.shown().to_string();
        let began = moment(one.operation.began, data);
        let line = format!("{who} sent this to {} at {began}: {}", one.operation.name, came(one));
        canvas.line(row(details, 0), &Line::of(line, Role::Text));
        if unsettled(one) {
            canvas.line(row(details, 1), &Line::of(SETTLES, Role::Warn));
        }
    }

    fn trail(&self, _: &Data) -> Vec<String> {
        vec!["History".to_owned()]
    }

    fn account<'d>(&self, data: &'d Data) -> Option<&'d AccountNow> {
        data.account(&self.one()?.operation.account)
    }

    fn waiting(&self, _: &Data) -> Option<Duration> {
        self.past.since()
    }
}

/// Without an operation: why, and what to do.
fn nothing(past: &Remote<Vec<Entry>>, data: &Data, width: u16) -> Vec<(String, Role)> {
    match past {
        Remote::Failed { problem, .. } => {
            let mut lines = vec![(format!("{} {}", data.theme.symbols.failed, problem.title), Role::Bad)];
            for (text, role) in [(&problem.detail, Role::Dim), (&problem.hint, Role::Text)] {
                lines.extend(wrap(text, width as usize).into_iter().map(|line| (line, role)));
            }
            lines.push(("enter tries again".to_owned(), Role::Accent));
            lines
        }
        Remote::Loading { since, .. } if data.slow(*since) => {
            vec![(format!("{} reading the journal", data.spinner()), Role::Accent)]
        }
        Remote::Loading { .. } => Vec::new(),
        Remote::Absent | Remote::Ready(_) => vec![
            ("Nothing was sent yet.".to_owned(), Role::Text),
            ("What Plan (4) sends stands here, with what came of it.".to_owned(), Role::Dim),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{OperationId, PlanId};
    use crate::domain::journal::Operation;
    use crate::domain::problem::ProblemKind;
    use crate::ui::msg::Msg;
    use crate::ui::testing::{Shell, accounts};

    fn past(n: u128, account: usize, ended: bool, counts: &[(OutcomeKind, u32)]) -> Entry {
        let account = accounts().remove(account).account;
        let operation = Operation {
            id: OperationId::from_uuid(uuid::Uuid::from_u128(n)),
            plan: PlanId::from_uuid(uuid::Uuid::from_u128(n << 64)),
            account: account.identity,
            name: account.name,
            who: "ann".into(),
            began: "2026-09-30T14:02:10Z".parse().unwrap(),
            ended: ended.then(|| "2026-09-30T14:02:14Z".parse().unwrap()),
        };
        Entry {
            number: n as u64,
            operation,
            counts: counts.to_vec(),
            takes_back: Vec::new(),
            taken_back: Vec::new(),
        }
    }

    fn filled(width: u16, height: u16) -> Shell {
        use OutcomeKind::{Already, Applied, Rejected, Unknown};
        let mut shell = Shell::new(width, height);
        shell.past = vec![
            past(3, 0, false, &[(Applied, 40), (Unknown, 2)]),
            past(2, 1, true, &[(Applied, 3), (Rejected, 1)]),
            past(1, 2, true, &[(Applied, 1_200), (Already, 4)]),
        ];
        shell.press("5");
        shell
    }

    #[test]
    fn empty_says_what_will_stand_here() {
        let mut shell = Shell::new(80, 24);
        shell.press("5");
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
    fn enter_shows_everything_of_an_operation() {
        let mut shell = filled(80, 24);
        shell.press("enter");
        insta::assert_snapshot!(shell.picture());
    }

    #[test]
    fn loading_and_failing_are_said() {
        let mut shell = Shell::new(80, 24);
        shell.answers = false;
        shell.press("5");
        assert!(!shell.shows("reading the journal"));
        shell.wait(Duration::from_millis(200));
        assert!(shell.shows("reading the journal"));
        let ticket = shell.effects().into_iter().find_map(|effect| match effect {
            Effect::LoadHistory(ticket, _) => Some(ticket),
            _ => None,
        });
        let problem = Problem::new(ProblemKind::Storage, "The journal cannot be read")
            .detail("disk I/O error")
            .hint("Run `unbid doctor`.");
        shell.send(Msg::Done(ticket.unwrap(), Err(problem)));
        insta::assert_snapshot!(shell.picture());
        shell.answers = true;
        shell.press("enter");
        assert!(shell.shows("Nothing was sent yet"));
    }
}
