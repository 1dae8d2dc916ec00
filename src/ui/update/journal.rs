//! What lies beyond the plan in sight: operations that were cut off, other processes that send, settling, taking back
//! what was sent. Nothing here sends anything; a plan that takes something back is shown like any.

use std::time::Duration;

use super::Run;
use crate::domain::ids::OperationId;
use crate::domain::journal::OutcomeKind;
use crate::domain::problem::Problem;
use crate::ui::action::Action;
use crate::ui::canvas::{Line, counted};
use crate::ui::effect::Effect;
use crate::ui::msg::{Around, Progress, Reply, SendEvent, Sent, Undoing};
use crate::ui::overlays::Overlay;
use crate::ui::overlays::confirm::Confirm;
use crate::ui::part::{Changed, Want};
use crate::ui::remote::Ticket;
use crate::ui::screens::ScreenId;
use crate::ui::screens::plan::words;
use crate::ui::theme::Role;
use crate::ui::toast::Toast;

/// How often another process's sending is looked at, while it lasts and is in sight.
const AGAIN: Duration = Duration::from_secs(2);

impl Run<'_> {
    /// Asks what was cut off and who else is sending.
    pub(super) fn look_around(&mut self) {
        let data = &mut self.model.data;
        if data.accounts.is_empty() {
            return;
        }
        let ticket = self.model.tickets.draw();
        data.around.ask(ticket, data.clock.monotonic);
        self.model.looked = data.clock.monotonic;
        self.out.push(Effect::LookAround(ticket));
    }

    /// When to look again; `None` while nobody else is sending, or it is not in sight.
    pub(super) fn look_again(&self) -> Option<Duration> {
        let around = &self.model.data.around;
        let others = around.since().is_none() && around.value().is_some_and(|now| !now.senders.is_empty());
        let in_sight = matches!(self.model.screen, ScreenId::Plan | ScreenId::History | ScreenId::Accounts);
        (others && in_sight).then_some(self.model.looked + AGAIN)
    }

    /// Takes what is going on. At the start an operation that was cut off is offered for settling.
    pub(super) fn around(&mut self, ticket: Ticket, around: &Around) {
        let first = self.model.data.around.value().is_none();
        if !self.model.data.around.take(ticket, Ok(around.clone())) || !first || around.cut_off.is_empty() {
            return;
        }
        if self.model.overlays.is_empty() {
            let offer = offer(around, usize::from(self.model.data.size.0));
            self.model.overlays.push(Overlay::Confirm(offer));
        }
    }

    /// Asks the platforms about changes without an answer.
    pub(super) fn settle_open(&mut self) {
        let data = &mut self.model.data;
        if data.settling.since().is_some() {
            return;
        }
        let ticket = self.model.tickets.draw();
        data.settling.ask(ticket, data.clock.monotonic);
        self.out.push(Effect::Settle(ticket));
    }

    /// A settling goes on: when the platform is asked.
    pub(super) fn settling(&mut self, ticket: Ticket, progress: &Progress) {
        let until = match progress {
            Progress::Send(_, SendEvent::Checking { until, .. } | SendEvent::Waiting { until, .. }) => *until,
            _ => return,
        };
        let data = &mut self.model.data;
        if let Some(since) = data.settling.since().filter(|_| data.settling.take(ticket, Ok(Some(until)))) {
            data.settling.ask(ticket, since);
        }
    }

    /// Takes what settling found.
    pub(super) fn settled(&mut self, ticket: Ticket, sent: &Sent) {
        if !self.model.data.settling.take(ticket, Ok(None)) {
            return;
        }
        self.model.ledger.forget();
        self.model.data.staged.clone_from(&sent.staged);
        self.model.data.overlay = sent.overlay.clone();
        let mut counts: Vec<(OutcomeKind, usize)> = Vec::new();
        for (_, outcome) in &sent.outcomes {
            match counts.iter_mut().find(|(kind, _)| *kind == outcome.kind) {
                Some((_, n)) => *n += 1,
                None => counts.push((outcome.kind, 1)),
            }
        }
        counts.sort_unstable();
        if !counts.is_empty() {
            let tally = words::tally(counts.iter().map(|(kind, n)| (kind, n)));
            self.say(Toast::note(format!("Settled: {tally}; what was not sent is still staged")));
        } else if sent.problems.is_empty() {
            self.say(Toast::note("Nothing waits for an answer"));
        }
        for (name, problem) in &sent.problems {
            let problem = Problem { title: format!("{name}: {}", problem.title), ..problem.clone() };
            self.say(Toast::Failure(problem));
        }
        self.look_around();
        self.load_catalog();
        self.on_all(|part, cx| part.changed(cx, Changed::Staged));
    }

    /// Asks for what takes back an operation, or the last sending.
    pub(super) fn undo_sent(&mut self, operation: Option<OperationId>) {
        if self.model.undoing.is_some() {
            return;
        }
        let ticket = self.model.tickets.draw();
        self.model.undoing = Some(ticket);
        self.out.push(Effect::Undo(ticket, operation));
    }

    /// What takes operations back is staged: shows it as a plan of its own.
    pub(super) fn undoing(&mut self, ticket: Ticket, undoing: &Undoing) {
        if self.model.undoing.take_if(|awaited| *awaited == ticket).is_none() {
            return;
        }
        let now = &undoing.staged;
        self.model.ledger.staged(now);
        self.model.data.staged.clone_from(&now.all);
        self.model.data.overlay = now.overlay.clone();
        let n = counted(now.added.len(), "change");
        let mut say = format!("{n} staged to take it back, not sent; A sends, u drops");
        if let Some(first) = now.notes.first() {
            let more = now.notes.len() - 1;
            let more = if more == 0 { String::new() } else { format!(" (and {more} more)") };
            say = format!("Left out: {first}{more}; {say}");
        }
        let (operations, numbers) = (undoing.operations.clone(), now.added.clone());
        self.parts(|screens, _, _| screens.plan.only_undo(&operations, numbers));
        self.go(ScreenId::Plan);
        self.on_all(|part, cx| part.changed(cx, Changed::Staged));
        self.say(Toast::note(say));
    }

    /// A request of this file failed; says whether it was one.
    pub(super) fn journal_failed(&mut self, ticket: Ticket, problem: &Problem) -> bool {
        let undoing = self.model.undoing.take_if(|awaited| *awaited == ticket).is_some();
        let data = &mut self.model.data;
        let around = data.around.take(ticket, Err(problem.clone()));
        data.settling.take(ticket, Err(problem.clone())) || undoing || around
    }

    /// Takes a reply that belongs here.
    pub(super) fn journal_reply(&mut self, ticket: Ticket, reply: &Reply) {
        match reply {
            Reply::Around(around) => self.around(ticket, around),
            Reply::Settled(sent) => self.settled(ticket, sent),
            Reply::Undoing(undoing) => self.undoing(ticket, undoing),
            _ => {}
        }
    }
}

/// The question at the start. Settling only asks, so that yes is under the cursor.
fn offer(around: &Around, width: usize) -> Confirm {
    let room = width.saturating_sub(12).clamp(20, 72);
    let mut lines = Vec::new();
    let mut put = |text: &str, role| {
        let wrapped = crate::ui::widgets::details::wrap(text, room);
        lines.extend(wrapped.into_iter().map(|line| Line::of(line, role)));
    };
    for one in &around.cut_off {
        let operation = &one.entry.operation;
        let mut said = Vec::new();
        if one.unknown > 0 {
            said.push(format!("{} without an answer", counted(one.unknown, "change")));
        }
        if one.unsent > 0 {
            said.push(format!("{} never sent, still staged", counted(one.unsent, "change")));
        }
        if said.is_empty() {
            said.push("all of its outcomes are known".to_owned());
        }
        let said = said.join(", ");
        match around.cut_off.len() {
            1 => put(&format!("{said}."), Role::Text),
            _ => put(&format!("Operation {} of {}: {said}.", one.entry.number, operation.name), Role::Text),
        }
    }
    put("Settling asks the platform what is there. It sends nothing.", Role::Dim);
    let title = match around.cut_off.as_slice() {
        [one] => format!("Operation {} of {} was cut off", one.entry.number, one.entry.operation.name),
        several => format!("{} operations were cut off", several.len()),
    };
    Confirm::new(title, lines, "Settle now", vec![Want::Act(Action::Settle)]).no("Later")
}
