//! Keys and answers of the audit's screen.

use std::time::Duration;

use ratatui::layout::Rect;

use super::stage::StagedFixes;
use super::view::{self, areas};
use super::{AuditScreen, Pane, Standing, View, pages};
use crate::domain::audit::Finding;
use crate::domain::negative::Kind;
use crate::ui::action::Action;
use crate::ui::canvas::{Canvas, Line, count, counted};
use crate::ui::data::{AccountNow, Data};
use crate::ui::keymap::Context;
use crate::ui::msg::{Progress, Reply};
use crate::ui::overlays::Overlay;
use crate::ui::part::{Available, Changed, Cx, Part, Want};
use crate::ui::remote::{Remote, Ticket};
use crate::ui::screens::ScreenId;
use crate::ui::theme::Role;
use crate::ui::widgets::list::ListState;
use crate::ui::widgets::table;

/// The list of rules, for the mouse.
pub(super) const RULES_LIST: u8 = 0;
/// The list of findings.
pub(super) const FINDINGS_LIST: u8 = 1;

impl AuditScreen {
    fn found(&self) -> usize {
        self.rule().map_or(0, |line| line.findings.len())
    }

    /// The list with focus, and how long it is.
    fn moved(&mut self, action: Action) -> bool {
        match self.pane {
            Pane::Rules => {
                let before = self.rules.cursor;
                let moved = self.rules.act(action, self.lines.len());
                if self.rules.cursor != before {
                    self.findings.cursor = 0;
                }
                moved
            }
            Pane::Findings => {
                let len = self.found();
                self.findings.act(action, len)
            }
        }
    }

    fn mark(&mut self, data: &Data) {
        if let Some(id) = self.finding(data).map(|finding| finding.id)
            && !self.marked.remove(&id)
        {
            self.marked.insert(id);
        }
        let len = self.found();
        self.findings.by(1, len);
    }

    /// Turns the marks of the rule's findings round.
    fn invert(&mut self, data: &Data) {
        let Some((now, line)) = data.audit.value().zip(self.lines.get(self.rules.cursor)) else { return };
        for id in line.findings.iter().filter_map(|at| Some(now.report.findings.get(*at)?.id)) {
            if !self.marked.remove(&id) {
                self.marked.insert(id);
            }
        }
    }

    fn can_list(&self, data: &Data) -> Available {
        let asks = |one: &Finding| {
            let known = one.subject.kind != Kind::Brand;
            known && one.terms > 0 && (!one.negatives.is_empty() || one.fix.is_some())
        };
        match self.finding(data).filter(|_| self.pane == Pane::Findings) {
            None => Available::no(CHOOSE),
            Some(finding) => Available::when(asks(finding), "This finding is not about search terms"),
        }
    }
}

/// What to do before something can be done with a finding.
const CHOOSE: &str = "Choose a finding first: enter shows them";

impl Part for AuditScreen {
    fn contexts(&self, _: &Data) -> Vec<Context> {
        vec![Context::Audit, Context::List]
    }

    fn hints(&self, _: &Data) -> Vec<Action> {
        match self.pane {
            Pane::Rules => vec![Action::Open, Action::Narrow, Action::NextView, Action::Back],
            Pane::Findings => vec![
                Action::Fix,
                Action::Ignore,
                Action::Open,
                Action::Mark,
                Action::Narrow,
                Action::BlockedTerms,
                Action::MarkInvert,
                Action::Back,
            ],
        }
    }

    fn available(&self, data: &Data, action: Action) -> Available {
        let some = !self.lines.is_empty();
        let here = self.pane == Pane::Findings && self.finding(data).is_some();
        match action {
            Action::Open | Action::Right if matches!(data.audit, Remote::Failed { .. }) => Available::Ready,
            Action::Open | Action::Right => Available::when(some, "Nothing was found"),
            Action::Mark | Action::MarkInvert | Action::Copy => Available::when(here, CHOOSE),
            Action::Fix => self.can_fix(data),
            Action::Ignore => Available::when(!self.chosen(data).is_empty(), CHOOSE),
            Action::BlockedTerms => self.can_list(data),
            Action::Narrow => Available::when(data.accounts.len() > 1, "There is one account only"),
            Action::Left | Action::NextView => Available::Ready,
            _ => Available::when(ListState::moves(action), "Not on this screen"),
        }
    }

    fn act(&mut self, cx: &mut Cx, action: Action) {
        match action {
            Action::Open | Action::Right if matches!(cx.data.audit, Remote::Failed { .. }) => {
                self.due = Some(cx.data.clock.monotonic);
            }
            Action::Open | Action::Right if self.pane == Pane::Rules => self.pane = Pane::Findings,
            Action::Open | Action::Right => {
                if let Some(pager) = pages::everything(self, cx.data) {
                    cx.open(Overlay::Pager(pager));
                }
            }
            Action::Back if self.pane == Pane::Findings && !self.marked.is_empty() => self.marked.clear(),
            Action::Back | Action::Left if self.pane == Pane::Findings => self.pane = Pane::Rules,
            Action::Back if self.view == View::All => self.next_view(cx),
            Action::Back if self.only.is_some() => self.narrow(cx, None),
            Action::Back | Action::Left => cx.want(Want::Go(ScreenId::Browse)),
            Action::Mark => self.mark(cx.data),
            Action::Fix => self.fix(cx),
            Action::Ignore => self.ignore(cx),
            Action::MarkInvert => self.invert(cx.data),
            Action::Narrow => self.offer_accounts(cx),
            Action::NextView => self.next_view(cx),
            Action::BlockedTerms => self.list_terms(cx),
            Action::Copy => self.copy(cx),
            _ => _ = self.moved(action),
        }
    }

    fn click(&mut self, cx: &mut Cx, list: u8, item: usize) {
        let (pane, state) = match list {
            RULES_LIST => (Pane::Rules, &mut self.rules),
            _ => (Pane::Findings, &mut self.findings),
        };
        let again = self.pane == pane && state.cursor == item;
        state.cursor = item;
        self.pane = pane;
        if pane == Pane::Rules && !again {
            self.findings.cursor = 0;
        }
        if again {
            self.act(cx, Action::Open);
        }
    }

    fn wheel(&mut self, _: &mut Cx, list: u8, rows: isize) {
        let found = self.found();
        match list {
            RULES_LIST => self.rules.wheel(rows, self.lines.len()),
            _ => self.findings.wheel(rows, found),
        }
    }

    fn reply(&mut self, cx: &mut Cx, ticket: Ticket, reply: &Result<Reply, crate::domain::problem::Problem>) {
        if self.listing.take(cx, ticket, reply) {
            return;
        }
        match reply {
            Ok(Reply::Ignored(ignored)) => {
                self.marked.clear();
                let n = ignored.ids.len();
                cx.say(format!("{} ignored, noted in {}", counted(n, "finding"), ignored.file));
            }
            // Also where nobody looked at the terms yet, so that none came into memory.
            Ok(Reply::TermsFetched) if std::mem::take(&mut self.fetched) => self.anew(cx.data),
            _ => {}
        }
    }

    fn progress(&mut self, _: &mut Cx, _: Ticket, progress: &Progress) {
        self.fetched |= matches!(progress, Progress::Fetch(_, counts) if counts.loaded > 0);
    }

    fn changed(&mut self, cx: &mut Cx, what: Changed) {
        match what {
            Changed::Catalog => self.anew(cx.data),
            // A running audit may have them already.
            Changed::Terms if cx.data.audit.since().is_some() => {
                if self.standing == Standing::Newest {
                    self.standing = Standing::InDoubt;
                }
            }
            Changed::Terms => self.catch_up(cx.data),
            Changed::Audit => {
                self.relist(cx.data);
                if self.standing == Standing::InDoubt {
                    self.standing = Standing::Newest;
                    self.catch_up(cx.data);
                }
            }
            Changed::Staged => self.staged = StagedFixes::new(&cx.data.staged),
        }
    }

    fn shown(&mut self, cx: &mut Cx) {
        self.in_sight = true;
        if self.standing == Standing::Behind {
            self.due = Some(cx.data.clock.monotonic);
        }
    }

    fn hidden(&mut self, _: &mut Cx) {
        self.in_sight = false;
    }

    fn panes(&self, _: &Data) -> (usize, usize) {
        (if self.lines.is_empty() { 1 } else { 2 }, usize::from(self.pane == Pane::Findings))
    }

    fn focus_pane(&mut self, _: &Data, pane: usize) {
        self.pane = if pane == 0 { Pane::Rules } else { Pane::Findings };
    }

    fn layout(&mut self, _: &Data, area: Rect) {
        let areas = areas(area, self.pane);
        self.rules.fit(self.lines.len(), areas.rules.height as usize);
        let found = self.found();
        self.findings.fit(found, table::rows_in(areas.findings));
    }

    fn paint(&self, data: &Data, canvas: &mut Canvas, area: Rect) {
        view::paint(self, data, canvas, area);
    }

    fn about(&self, data: &Data) -> Vec<Line> {
        pages::explanation(self, data)
    }

    fn trail(&self, data: &Data) -> Vec<String> {
        let only = self.only.as_ref().and_then(|only| data.account(only));
        std::iter::once("Audit".to_owned()).chain(only.map(|one| one.account.name.to_string())).collect()
    }

    fn status(&self, _: &Data) -> Line {
        match self.marked.len() {
            0 => Line::new(),
            n => Line::of(format!("{} marked", count(n)), Role::Mark),
        }
    }

    fn account<'d>(&self, data: &'d Data) -> Option<&'d AccountNow> {
        let of_finding = || {
            let now = data.audit.value()?;
            data.account(self.finding(data)?.identity(&now.catalog))
        };
        match &self.only {
            Some(only) => data.account(only),
            None if self.pane == Pane::Findings => of_finding(),
            None => None,
        }
    }

    fn waiting(&self, data: &Data) -> Option<Duration> {
        data.audit.since()
    }
}
