//! Accounts: of each whether it is signed in, who it is, how old its data is and why, what its platform allows,
//! and a check on demand. What stands in the details is in `details`.

mod details;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

use ratatui::layout::Rect;

use crate::domain::account::Identity;
use crate::domain::clock::age;
use crate::domain::problem::{Problem, ProblemKind};
use crate::ui::action::Action;
use crate::ui::canvas::{Canvas, Line, count, counted};
use crate::ui::data::{AccountNow, Data};
use crate::ui::effect::Effect;
use crate::ui::keymap::Context;
use crate::ui::layout::{WIDE, inset, split_bottom, split_left};
use crate::ui::msg::{CheckLine, Reply};
use crate::ui::overlays::Overlay;
use crate::ui::overlays::pager::{Content, Pager};
use crate::ui::part::{Available, Cx, Part, Want};
use crate::ui::remote::{Remote, Ticket};
use crate::ui::screens::{ScreenId, first_run, plan};
use crate::ui::theme::Role;
use crate::ui::widgets::list::ListState;
use crate::ui::widgets::table::{self, Cell, Column, Table, TableRow, Width};

/// The state of the accounts' screen.
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    list: ListState,
    /// What the last check of each account found.
    checks: BTreeMap<Identity, Remote<Vec<CheckLine>>>,
}

impl Accounts {
    fn now<'d>(&self, data: &'d Data) -> Option<&'d AccountNow> {
        data.accounts.get(self.list.cursor)
    }

    fn check(&mut self, cx: &mut Cx) {
        let Some(identity) = self.now(cx.data).map(|now| now.account.identity.clone()) else { return };
        let ticket = cx.ticket();
        self.checks.entry(identity.clone()).or_default().ask(ticket, cx.data.clock.monotonic);
        cx.emit(Effect::Check(ticket, identity));
    }

    fn checked(&self, now: &AccountNow) -> Option<&Remote<Vec<CheckLine>>> {
        self.checks.get(&now.account.identity)
    }
}

/// What state an account is in: sign, words, and what they mean.
pub(super) fn state(now: &AccountNow, data: &Data) -> (&'static str, String, Role) {
    let symbols = data.theme.symbols;
    if let Some(counts) = now.syncing {
        return (data.spinner(), format!("refreshing, {}", count(counts.negatives)), Role::Accent);
    }
    if let Some(problem) = &now.problem {
        return (symbols.failed, format!("cannot be used: {}", problem.title), Role::Bad);
    }
    if let Some(sender) = plan::words::sender(data, &now.account.identity) {
        return ("!", sender, Role::Warn);
    }
    match (&now.snapshot.stale, now.snapshot.fetched) {
        (Some(problem), _) if problem.kind == ProblemKind::Auth => {
            (symbols.failed, format!("not signed in: {}", problem.title), Role::Bad)
        }
        (Some(problem), _) => ("!", format!("stale: {}", problem.title), Role::Warn),
        (None, Some(_)) => (symbols.ok, "signed in".to_owned(), Role::Good),
        (None, None) => match &data.opened {
            Remote::Ready(()) => ("?", "not tried yet".to_owned(), Role::Dim),
            Remote::Failed { problem, .. } => (symbols.failed, problem.title.clone(), Role::Bad),
            Remote::Absent | Remote::Loading { .. } => ("?", "opening".to_owned(), Role::Dim),
        },
    }
}

/// What may be done with an account, in words; empty where everything may.
pub(super) fn rights(now: &AccountNow, data: &Data) -> &'static str {
    match now {
        _ if data.read_only || now.account.read_only => "read-only",
        now if now.account.protected => "protected",
        _ => "",
    }
}

const LIST: u8 = 0;
const COLUMNS: [Column; 6] = [
    Column::new("Account", Width::Share(16, 2)),
    Column::new("Platform", Width::Fixed(10)),
    Column::new("Where", Width::Fixed(7)).drops(3),
    Column::new("State", Width::Share(16, 3)),
    Column::new("Data", Width::Fixed(7)).drops(1),
    Column::new("Negatives", Width::Fixed(9)).drops(2).right(),
];

fn table_row(now: &AccountNow, data: &Data) -> TableRow {
    let (sign, said, role) = state(now, data);
    let rights = rights(now, data);
    let said = if rights.is_empty() { said } else { format!("{said}, {rights}") };
    let known = data.opened.value().is_some();
    let none = if known { "none" } else { "" };
    let fetched = now.snapshot.fetched.map_or_else(|| none.to_owned(), |at| age(at, data.clock.wall));
    let negatives = if known { count(now.snapshot.negatives) } else { String::new() };
    TableRow {
        sign: Some((sign, role)),
        cells: vec![
            Cell::new(now.account.name.to_string()),
            Cell::of(now.capabilities.title, Role::Dim),
            match (&now.problem, now.account.live) {
                // Without a connection nobody knows where it leads.
                (Some(_), _) => Cell::new(""),
                (None, true) => Cell::of("LIVE", Role::Warn),
                (None, false) => Cell::of("sandbox", Role::Dim),
            },
            Cell::of(said, role),
            Cell::of(fetched, if now.snapshot.stale.is_some() { Role::Warn } else { Role::Dim }),
            Cell::of(negatives, Role::Dim),
        ],
        ..TableRow::default()
    }
}

/// The list's frame and room, the details' frame and room. Without frames at narrow widths, where the details
/// are below.
fn areas(data: &Data, area: Rect) -> (Rect, Rect, Rect, Rect) {
    let inside = |area: Rect| Rect {
        x: area.x + 1,
        y: area.y + 1,
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(2),
    };
    if data.size.0 >= WIDE {
        let (left, right) = split_left(area, area.width * 11 / 20);
        return (left, inside(left), right, inset(inside(right), 1));
    }
    let none = Rect { width: 0, height: 0, ..area };
    let rows = (data.accounts.len() as u16 + 2).min(area.height / 2);
    let (table, details) = split_bottom(area, area.height.saturating_sub(rows));
    (none, table, none, inset(details, 1))
}

impl Part for Accounts {
    fn contexts(&self, _: &Data) -> Vec<Context> {
        vec![Context::Accounts, Context::List]
    }

    fn hints(&self, data: &Data) -> Vec<Action> {
        if data.accounts.is_empty() {
            return vec![Action::GoBrowse];
        }
        vec![Action::Check, Action::Refresh, Action::RefreshAll, Action::Open, Action::AddAccount, Action::Back]
    }

    fn available(&self, data: &Data, action: Action) -> Available {
        match action {
            Action::Check => match self.now(data) {
                None => Available::no("There is no account yet"),
                Some(now) if self.checked(now).is_some_and(|one| one.since().is_some()) => {
                    Available::no(format!("{} is being checked", now.account.name))
                }
                Some(_) => Available::Ready,
            },
            Action::Open | Action::Right | Action::Copy => {
                Available::when(self.now(data).is_some(), "There is no account yet")
            }
            Action::AddAccount | Action::Left => Available::Ready,
            _ => Available::when(ListState::moves(action), "Not on this screen"),
        }
    }

    fn act(&mut self, cx: &mut Cx, action: Action) {
        match action {
            Action::Check => self.check(cx),
            Action::Open | Action::Right => {
                if let Some(now) = self.now(cx.data) {
                    let details = details::of(now, self.checked(now), cx.data);
                    let copies = now.account.identity.native.as_str();
                    let title = now.account.name.to_string();
                    cx.open(Overlay::Pager(Pager::new(title, Content::Details(details)).copies(copies)));
                }
            }
            Action::Copy => {
                if let Some(now) = self.now(cx.data) {
                    cx.emit(Effect::Copy(now.account.identity.native.to_string()));
                    cx.say(format!("Copied the {} id of {}", now.capabilities.title, now.account.name));
                }
            }
            Action::AddAccount => cx.open(Overlay::Pager(first_run::adding(cx.data))),
            Action::Back | Action::Left => cx.want(Want::Go(ScreenId::Browse)),
            _ => {
                self.list.act(action, cx.data.accounts.len());
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

    fn wheel(&mut self, cx: &mut Cx, _: u8, rows: isize) {
        self.list.wheel(rows, cx.data.accounts.len());
    }

    fn reply(&mut self, _: &mut Cx, ticket: Ticket, reply: &Result<Reply, Problem>) {
        let answer = match reply {
            Ok(Reply::Checked(lines)) => Ok(lines.clone()),
            Ok(_) => return,
            Err(problem) => Err(problem.clone()),
        };
        if let Some(one) = self.checks.values_mut().find(|one| one.awaits(ticket)) {
            one.take(ticket, answer);
        }
    }

    fn layout(&mut self, data: &Data, area: Rect) {
        self.list.fit(data.accounts.len(), table::rows_in(areas(data, area).1));
    }

    fn paint(&self, data: &Data, canvas: &mut Canvas, area: Rect) {
        let (list_frame, list, details_frame, room) = areas(data, area);
        if !list_frame.is_empty() {
            let n = counted(data.accounts.len(), "account");
            canvas.pane(list_frame, &Line::of(n, Role::Focus), &Line::new(), true);
            canvas.pane(details_frame, &Line::of("Details", Role::Border), &Line::new(), false);
        }
        let Some(now) = self.now(data) else {
            canvas
                .line(inset(list, 2), &"No account is configured yet: Browse (1) shows how to add one.".into());
            return;
        };
        let table = Table {
            list: LIST,
            columns: &COLUMNS,
            len: data.accounts.len(),
            state: self.list,
            focused: true,
            skip: 0,
            sorted: None,
        };
        table.paint(canvas, list, |at| {
            data.accounts.get(at).map(|now| table_row(now, data)).unwrap_or_default()
        });
        details::of(now, self.checked(now), data).paint(canvas, room, 0);
    }

    fn trail(&self, data: &Data) -> Vec<String> {
        let name = self.now(data).map(|now| now.account.name.to_string());
        std::iter::once("Accounts".to_owned()).chain(name).collect()
    }

    fn account<'d>(&self, data: &'d Data) -> Option<&'d AccountNow> {
        self.now(data)
    }

    fn waiting(&self, data: &Data) -> Option<Duration> {
        self.checked(self.now(data)?)?.since()
    }
}
