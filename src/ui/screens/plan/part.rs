//! Plan as a part of the screen: contexts, hints, what can be done and why not, and where each action and answer
//! goes. What they then do stands in [`super`].

use std::time::Duration;

use ratatui::layout::Rect;

use super::delivery::Delivery;
use super::lines::PlanLine;
use super::{PlanScreen, requests, sendable, view, words};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::shown;
use crate::ui::action::Action;
use crate::ui::canvas::{Canvas, Line, counted};
use crate::ui::data::{AccountNow, Data};
use crate::ui::effect::{Effect, Staging};
use crate::ui::keymap::Context;
use crate::ui::msg::{Progress, Reply};
use crate::ui::overlays::Overlay;
use crate::ui::part::{Available, Changed, Cx, Part, Want};
use crate::ui::remote::{Remote, Ticket};
use crate::ui::screens::ScreenId;
use crate::ui::theme::Role;
use crate::ui::widgets::list::ListState;
use crate::ui::widgets::table;

impl PlanScreen {
    fn can_send(&self, data: &Data) -> Available {
        if let Some(one) = self.running() {
            return Available::no(format!("Wait until {} is sent", one.names()));
        }
        if let Some(said) = self.sent_elsewhere(data) {
            return Available::no(said);
        }
        match &self.plan {
            Remote::Absent => Available::no("Nothing is staged: a, t or d in Browse stage something"),
            Remote::Loading { .. } => Available::no("The plan is being made"),
            Remote::Failed { .. } => Available::no("There is no plan: enter tries again"),
            Remote::Ready(_) if !self.choice().is_empty() => Available::Ready,
            Remote::Ready(_) => match self.focused() {
                Some(part) => {
                    let why = part.changes.iter().find_map(|one| one.problem.as_ref());
                    let why = why.map_or_else(String::new, |why| format!(": {}", why.title));
                    Available::no(format!("Nothing of {} can be sent{why}", part.name))
                }
                None => Available::no("Nothing is left to send of this account"),
            },
        }
    }

    /// What would be sent goes to an account that another process is sending to.
    fn sent_elsewhere(&self, data: &Data) -> Option<String> {
        let choice = self.choice();
        let parts = self.plan.value().into_iter().flat_map(|plan| &plan.accounts);
        let mut chosen = parts.filter(|part| part.changes.iter().any(|one| choice.contains(&one.number)));
        chosen.find_map(|part| Some(format!("{} is {}", part.name, words::sender(data, &part.account)?)))
    }

    fn can_pick(&self) -> Available {
        if self.running().is_some() {
            return Available::no("Something is being sent");
        }
        match self.line() {
            Some(PlanLine::Change(row)) if !row.planned => Available::no("It is not staged any more"),
            Some(PlanLine::Change(row)) => match &row.change.problem {
                Some(problem) => Available::no(format!("It cannot be sent: {}", problem.title)),
                None => Available::Ready,
            },
            Some(PlanLine::Account(..)) => {
                let any = self.focused().is_some_and(|part| sendable(part).next().is_some());
                Available::when(any, "Nothing of this account can be sent")
            }
            None => Available::no("Nothing is staged"),
        }
    }

    fn details(&self, cx: &mut Cx) {
        match self.line() {
            Some(PlanLine::Change(row)) => {
                let pager = requests::everything(row, self.fate(row.change.number), cx.data);
                cx.open(Overlay::Pager(pager));
            }
            Some(PlanLine::Account(..)) => self.requests(cx),
            None => {}
        }
    }

    fn requests(&self, cx: &mut Cx) {
        if let Some(part) = self.focused() {
            let change = self.row().map(|row| row.change.number);
            cx.open(Overlay::Pager(requests::pager(part, change, cx.data)));
        }
    }
}

impl Part for PlanScreen {
    fn contexts(&self, _: &Data) -> Vec<Context> {
        let mut contexts = vec![Context::Plan, Context::List];
        if self.running().is_some() {
            contexts.insert(0, Context::Sending);
        }
        contexts
    }

    fn hints(&self, data: &Data) -> Vec<Action> {
        if self.running().is_some() {
            return vec![Action::StopSending, Action::Open, Action::Back];
        }
        if self.lines.is_empty() {
            return if data.cut_off().is_empty() {
                vec![Action::GoBrowse]
            } else {
                vec![Action::Settle, Action::GoBrowse]
            };
        }
        let mut hints = Vec::new();
        if !data.staged.is_empty() {
            hints.extend([Action::Send, Action::Pick, Action::Requests, Action::DropChange]);
        }
        if self.available(data, Action::RetryFailed) == Available::Ready {
            hints.push(Action::RetryFailed);
        }
        hints.push(Action::Open);
        if !data.staged.is_empty() || self.takes_back(data) {
            hints.push(Action::Undo);
        }
        hints.push(Action::Back);
        hints
    }

    fn available(&self, data: &Data, action: Action) -> Available {
        match action {
            Action::Send => self.can_send(data),
            Action::Pick => self.can_pick(),
            Action::DropChange => match self.line() {
                _ if self.running().is_some() => Available::no("Something is being sent"),
                Some(PlanLine::Change(row)) => Available::when(row.planned, "It is not staged any more"),
                _ => Available::no("Go to a change first"),
            },
            Action::BlockedTerms => self.can_list(),
            Action::Requests => match self.focused() {
                Some(part) if part.requests.is_empty() => {
                    Available::no(format!("Nothing of {} can be sent: there are no requests", part.name))
                }
                Some(part) => {
                    let carried = |number: u64| part.requests.iter().any(|one| one.changes.contains(&number));
                    let carried = self.row().is_none_or(|row| carried(row.change.number));
                    Available::when(carried, "It is in no request: it cannot be sent")
                }
                None => Available::no("Nothing of this account is to be sent"),
            },
            Action::RetryFailed => {
                let failed = self.deliveries.iter().flat_map(Delivery::failed).next().is_some();
                Available::when(failed && self.running().is_none(), "Nothing has failed")
            }
            Action::Copy => Available::when(self.row().is_some(), "Go to a change first"),
            Action::Open => {
                let again = matches!(self.plan, Remote::Failed { .. });
                Available::when(again || !self.lines.is_empty(), "Nothing is staged")
            }
            Action::Left | Action::Right => Available::Ready,
            _ => Available::when(ListState::moves(action), "Not on this screen"),
        }
    }

    fn act(&mut self, cx: &mut Cx, action: Action) {
        match action {
            Action::Send => {
                if let Some(question) = self.question(cx.data) {
                    cx.open(question);
                }
            }
            Action::Pick => self.pick(),
            Action::DropChange => {
                if let Some(row) = self.row() {
                    let text = words::text(&row.change.change);
                    cx.stage(
                        Staging::drop(vec![row.change.number]),
                        format!("{text} taken out of staging; u takes it back"),
                    );
                }
            }
            Action::Requests => self.requests(cx),
            Action::BlockedTerms => self.list_terms(cx),
            Action::RetryFailed => self.retry(cx),
            Action::Copy => {
                if let Some(row) = self.row() {
                    let text = row.change.change.text().copied().into_owned();
                    cx.say(format!("Copied: {}", shown(&text)));
                    cx.emit(Effect::Copy(text));
                }
            }
            Action::Open | Action::Right if matches!(self.plan, Remote::Failed { .. }) => self.refresh(cx),
            Action::Open | Action::Right => self.details(cx),
            Action::Back if self.only.is_some() => {
                let others = self.others(cx.data);
                self.only = None;
                self.picked.clear();
                if others > 0 {
                    self.refresh(cx);
                } else {
                    cx.want(Want::Go(ScreenId::Browse));
                }
            }
            Action::Back if !self.picked.is_empty() => self.picked.clear(),
            Action::Back | Action::Left => cx.want(Want::Go(ScreenId::Browse)),
            _ => {
                let len = self.lines.len();
                self.list.act(action, len);
            }
        }
    }

    fn click(&mut self, cx: &mut Cx, _: u8, item: usize) {
        let again = self.list.cursor == item;
        self.list.cursor = item.min(self.lines.len().saturating_sub(1));
        if again {
            self.details(cx);
        }
    }

    fn wheel(&mut self, _: &mut Cx, _: u8, rows: isize) {
        let len = self.lines.len();
        self.list.wheel(rows, len);
    }

    fn reply(&mut self, cx: &mut Cx, ticket: Ticket, reply: &Result<Reply, Problem>) {
        if self.whatif.take(ticket, reply) || self.listing.take(cx, ticket, reply) {
            return;
        }
        match reply {
            Ok(Reply::Plan(plan)) => {
                self.planned(cx.data, ticket, plan);
                self.wonder(cx);
            }
            Ok(Reply::Sent(sent)) => self.sent(cx, ticket, sent),
            Ok(_) => {}
            Err(problem) => {
                self.retry = None;
                self.plan.take(ticket, Err(problem.clone()));
                if self.not_sent(cx, ticket) && problem.kind != ProblemKind::Cancelled {
                    cx.fail(problem.clone());
                }
            }
        }
    }

    fn progress(&mut self, _: &mut Cx, ticket: Ticket, progress: &Progress) {
        if let Progress::Send(account, event) = progress
            && let Some(one) = self.deliveries.iter_mut().find(|one| one.ticket == ticket && !one.over)
        {
            one.take(account, event);
        }
    }

    fn changed(&mut self, cx: &mut Cx, what: Changed) {
        match what {
            Changed::Catalog => self.whatif.forget(),
            Changed::Terms => {
                // The same plan, weighed by other search terms.
                self.whatif.renew(cx);
                return self.wonder(cx);
            }
            _ => {}
        }
        self.refresh(cx);
    }

    fn shown(&mut self, cx: &mut Cx) {
        self.in_sight = true;
        let behind = self.plan.value().is_none() && !cx.data.staged.is_empty();
        if self.dirty || behind {
            self.refresh(cx);
        }
    }

    fn hidden(&mut self, _: &mut Cx) {
        self.in_sight = false;
    }

    fn layout(&mut self, data: &Data, area: Rect) {
        let areas = view::areas(self, data, area);
        let len = self.lines.len();
        self.list.fit(len, table::rows_in(areas.table));
    }

    fn paint(&self, data: &Data, canvas: &mut Canvas, area: Rect) {
        view::paint(self, data, canvas, area);
    }

    fn trail(&self, data: &Data) -> Vec<String> {
        let dot = data.theme.symbols.dot;
        let plan = self.plan.value().filter(|_| !data.staged.is_empty());
        let why = self.only.as_ref().map(|only| format!("{} {dot} ", only.why)).unwrap_or_default();
        vec![plan.map_or_else(|| "Plan".to_owned(), |plan| format!("Plan {dot} {why}{}", words::sum(plan)))]
    }

    fn status(&self, data: &Data) -> Line {
        let picked = match self.picked.len() {
            0 => Line::new(),
            n => Line::of(format!("{} picked", counted(n, "change")), Role::Mark),
        };
        match self.others(data) {
            0 => picked,
            n => picked.put(format!(", esc: {n} more staged"), Role::Dim),
        }
    }

    fn account<'d>(&self, data: &'d Data) -> Option<&'d AccountNow> {
        data.account(self.line()?.account())
    }

    fn waiting(&self, _: &Data) -> Option<Duration> {
        self.plan.since()
    }
}
