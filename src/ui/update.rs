//! The only place where the model changes: a message in, effects out. Nothing here is heavier than a screenful;
//! what is goes out as an effect and comes back as a message, which `answers` takes; `journal` has what is cut off,
//! settled and taken back.

mod answers;
mod journal;

use std::collections::VecDeque;
use std::time::Duration;

use crossterm::event::{KeyEvent, MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::action::Action;
use super::available::available;
use super::canvas::{Line, Target};
use super::data::PATIENCE;
use super::effect::Effect;
use super::keymap::{Key, Resolved};
use super::layout;
use super::model::Model;
use super::msg::{LogEntry, Msg};
use super::overlays::confirm::Confirm;
use super::overlays::{Overlay, help, palette};
use super::part::{Available, Cx, Part, Want};
use super::remote::Remote;
use super::screens::ScreenId;
use super::screens::plan::PlanScreen;
use super::toast::Toast;
use super::view;

/// How many rows the opening asks for: more than any terminal shows.
const OPENING_ROWS: usize = 200;
/// How many rows a turn of the wheel moves.
const WHEEL_ROWS: isize = 3;

/// Takes what happened and says what is to be done.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let mut run = Run { model, out: Vec::new(), wants: VecDeque::new() };
    run.take(msg);
    run.carry_out();
    run.settle();
    run.out
}

/// One message being handled.
struct Run<'m> {
    model: &'m mut Model,
    out: Vec<Effect>,
    wants: VecDeque<Want>,
}

impl Run<'_> {
    fn take(&mut self, msg: Msg) {
        match msg {
            Msg::Start(mut start) => {
                let now = self.model.data.clock.monotonic;
                for problem in std::mem::take(&mut start.said) {
                    self.model.toasts.say(Toast::Failure(problem), now);
                }
                self.model.data.start(*start);
                if !self.model.data.accounts.is_empty() {
                    let ticket = self.model.tickets.draw();
                    self.model.data.opened.ask(ticket, now);
                    self.out.push(Effect::LoadOpening(ticket, OPENING_ROWS));
                    self.load_catalog();
                    self.look_around();
                }
                self.on_screen(|part, cx| part.shown(cx));
            }
            Msg::Key(key) => self.key(key),
            Msg::Paste(text) => self.on_top(|part, cx| part.paste(cx, &text)),
            Msg::Mouse(mouse) => self.mouse(mouse),
            Msg::Resized(width, height) => self.model.data.size = (width, height),
            Msg::Clock(clock) => {
                self.model.data.clock = clock;
                self.model.toasts.expire(clock.monotonic);
                if self.look_again().is_some_and(|at| at <= clock.monotonic) {
                    self.look_around();
                }
            }
            Msg::Done(ticket, reply) => self.done(ticket, &reply),
            Msg::Progress(ticket, progress) => {
                if self.model.data.sync.awaits(ticket) {
                    self.synced_part(&progress);
                }
                self.settling(ticket, &progress);
                if self.model.data.fetch.awaits(ticket) {
                    self.fetched_part(&progress);
                }
                self.on_all(|part, cx| part.progress(cx, ticket, &progress));
            }
            Msg::Logged(entry) => self.model.data.note(*entry),
        }
    }

    // Keys and mouse.

    fn key(&mut self, key: KeyEvent) {
        self.model.toasts.seen();
        self.model.screens.audit.put_off(self.model.data.clock.monotonic);
        if self.model.top().editing() && self.model.footer.is_none() {
            let mut taken = false;
            self.on_top(|part, cx| taken = part.type_key(cx, key));
            if taken {
                self.model.pending.clear();
                return;
            }
        }
        let contexts = self.model.contexts();
        self.model.pending.push(Key::of(key));
        let mut resolved = self.model.data.keymap.resolve(&contexts, &self.model.pending);
        if resolved == Resolved::Nothing && self.model.pending.len() > 1 {
            self.model.pending = vec![Key::of(key)];
            resolved = self.model.data.keymap.resolve(&contexts, &self.model.pending);
        }
        match resolved {
            Resolved::Partial => {}
            Resolved::Nothing => self.model.pending.clear(),
            Resolved::Action(action) => {
                self.model.pending.clear();
                self.perform(action);
            }
        }
    }

    fn mouse(&mut self, mouse: MouseEvent) {
        if matches!(mouse.kind, MouseEventKind::Moved | MouseEventKind::Drag(_) | MouseEventKind::Up(_)) {
            return;
        }
        let (width, height) = self.model.data.size;
        let seen = view::paint(self.model, &mut Buffer::empty(Rect::new(0, 0, width, height)));
        let Some(target) = seen.hits.at(mouse.column, mouse.row) else { return };
        match (mouse.kind, target) {
            (MouseEventKind::Down(MouseButton::Left), target) => {
                self.model.toasts.seen();
                match target {
                    Target::Act(action) => self.perform(action),
                    Target::Tab(screen) => self.perform(screen.action()),
                    Target::Item(list, item) => {
                        self.model.footer = None;
                        self.on_top(|part, cx| part.click(cx, list, item));
                    }
                    Target::List(_) | Target::Nothing => {}
                }
            }
            (MouseEventKind::ScrollDown, Target::List(list) | Target::Item(list, _)) => {
                self.on_top(|part, cx| part.wheel(cx, list, WHEEL_ROWS));
            }
            (MouseEventKind::ScrollUp, Target::List(list) | Target::Item(list, _)) => {
                self.on_top(|part, cx| part.wheel(cx, list, -WHEEL_ROWS));
            }
            _ => {}
        }
    }

    // Actions.

    fn perform(&mut self, action: Action) {
        if let Some(hint) = self.model.footer
            && self.footer(hint, action)
        {
            return;
        }
        match available(self.model, action) {
            Available::Disabled(reason) => self.say(Toast::note(format!("{reason}."))),
            Available::Ready => self.ready(action),
        }
    }

    fn ready(&mut self, action: Action) {
        match action {
            Action::QuitNow => self.leave(),
            Action::Quit if self.model.overlays.is_empty() => self.quit(),
            Action::Back if self.model.toasts.dismiss() => {}
            Action::Help if !matches!(self.model.overlays.last(), Some(Overlay::Pager(_))) => {
                let pager = help::pager(self.model);
                self.model.overlays.push(Overlay::Pager(pager));
            }
            Action::Palette => {
                let palette = palette::Palette::new(self.model);
                self.model.overlays.push(Overlay::Palette(palette));
            }
            Action::Undo => self.undo(),
            Action::Redo => {
                if !self.take_back(false) {
                    self.say(Toast::note("Nothing to stage again."));
                }
            }
            Action::Settle => self.settle_open(),
            Action::Refresh => {
                let account = self.model.top().account(&self.model.data).map(|a| a.account.identity.clone());
                self.sync(account.into_iter().collect());
            }
            Action::RefreshAll => {
                let all = self.model.data.accounts.iter().map(|a| a.account.identity.clone()).collect();
                self.sync(all);
            }
            Action::StopSending => self.on_plan(PlanScreen::stop),
            Action::FetchTerms => {
                let all = self.model.data.accounts.iter().map(|a| a.account.identity.clone()).collect();
                self.fetch_terms(all, None);
            }
            Action::StopSync => {
                for running in [&self.model.data.sync, &self.model.data.fetch] {
                    if let Remote::Loading { ticket, .. } = running {
                        self.out.push(Effect::Cancel(*ticket));
                    }
                }
            }
            Action::Mouse => {
                self.model.data.mouse = !self.model.data.mouse;
                self.out.push(Effect::SetMouse(self.model.data.mouse));
            }
            Action::NextPane | Action::PrevPane if self.model.overlays.is_empty() => {
                self.pane(action == Action::NextPane);
            }
            _ => match ScreenId::of(action) {
                Some(screen) => self.go(screen),
                None => self.on_top(|part, cx| part.act(cx, action)),
            },
        }
    }

    /// Keys while the footer has focus; false for those that are not its own.
    fn footer(&mut self, hint: usize, action: Action) -> bool {
        let hints = view::footer_hints(self.model);
        match action {
            Action::Left | Action::Up => self.model.footer = Some(hint.saturating_sub(1)),
            Action::Right | Action::Down => {
                self.model.footer = Some((hint + 1).min(hints.len().saturating_sub(1)));
            }
            Action::Back => self.model.footer = None,
            Action::Open => {
                self.model.footer = None;
                if let Some(action) = hints.get(hint) {
                    self.perform(*action);
                }
            }
            _ => return false,
        }
        true
    }

    fn pane(&mut self, forward: bool) {
        let screen = self.model.shown_screen();
        let (panes, focused) = self.model.screen_part().panes(&self.model.data);
        let stops = panes + 1;
        let at = if self.model.footer.is_some() { panes } else { focused };
        let next = if forward { (at + 1) % stops } else { (at + stops - 1) % stops };
        self.model.footer = (next == panes).then_some(0);
        if next < panes {
            self.model.screens.part_mut(screen).focus_pane(&self.model.data, next);
        }
    }

    fn quit(&mut self) {
        match self.model.screen {
            ScreenId::Browse => self.leave(),
            _ => self.go(ScreenId::Browse),
        }
    }

    /// Ends the program. While something is sent it asks first; asked for again, it ends.
    fn leave(&mut self) {
        let asked = matches!(self.model.overlays.last(), Some(Overlay::Confirm(ask)) if ask.quits());
        if self.model.screens.plan.running().is_none() || asked {
            self.out.push(Effect::Quit);
            return;
        }
        let lines = [
            "Something is being sent. Quitting waits for the request in flight;",
            "what has not gone out stays staged.",
        ];
        let lines = lines.into_iter().map(Line::from).collect();
        let ask = Confirm::new("Quit while sending?", lines, "Quit", vec![Want::Emit(Effect::Quit)]);
        self.model.overlays.push(Overlay::Confirm(ask.dangerous()));
    }

    fn go(&mut self, screen: ScreenId) {
        self.model.overlays.clear();
        self.model.footer = None;
        if self.model.screen != screen {
            self.on_screen(|part, cx| part.hidden(cx));
            self.model.screen = screen;
            self.on_screen(|part, cx| part.shown(cx));
            if matches!(screen, ScreenId::Plan | ScreenId::History | ScreenId::Accounts) {
                self.look_around();
            }
        }
    }

    /// Takes back the last staging; with nothing staged what was sent last; on History the operation in focus.
    fn undo(&mut self) {
        let focused = match self.model.shown_screen() {
            ScreenId::History => self.model.screens.history.focused(),
            _ => None,
        };
        if focused.is_some() || !self.take_back(true) {
            self.undo_sent(focused);
        }
    }

    /// Takes back the last step of staging, or stages it again; false when there is none.
    fn take_back(&mut self, undo: bool) -> bool {
        let ticket = self.model.tickets.draw();
        let ledger = &mut self.model.ledger;
        let staged = &self.model.data.staged;
        let staging = if undo { ledger.undo(ticket, staged) } else { ledger.redo(ticket, staged) };
        let Some(staging) = staging else { return false };
        self.out.push(Effect::Stage(ticket, Box::new(staging)));
        true
    }

    // Parts and what they want.

    fn say(&mut self, toast: Toast) {
        if let Toast::Failure(problem) = &toast {
            // What failed stays on the log screen when it is dismissed here.
            self.model.data.note(LogEntry::failure(self.model.data.clock.wall, problem.clone()));
        }
        self.model.toasts.say(toast, self.model.data.clock.monotonic);
    }

    fn on_top(&mut self, f: impl FnOnce(&mut dyn Part, &mut Cx)) {
        if self.model.overlays.is_empty() {
            return self.on_screen(f);
        }
        let Model { data, overlays, tickets, .. } = &mut *self.model;
        let mut wants = Vec::new();
        if let Some(overlay) = overlays.last_mut() {
            f(overlay.part_mut(), &mut Cx { data, tickets, wants: &mut wants });
        }
        self.wants.extend(wants);
    }

    fn on_screen(&mut self, f: impl FnOnce(&mut dyn Part, &mut Cx)) {
        let screen = self.model.shown_screen();
        let Model { data, screens, tickets, .. } = &mut *self.model;
        let mut wants = Vec::new();
        f(screens.part_mut(screen), &mut Cx { data, tickets, wants: &mut wants });
        self.wants.extend(wants);
    }

    fn on_all(&mut self, mut f: impl FnMut(&mut dyn Part, &mut Cx)) {
        let Model { data, screens, overlays, tickets, .. } = &mut *self.model;
        let mut wants = Vec::new();
        for part in screens.all_mut() {
            f(part, &mut Cx { data, tickets, wants: &mut wants });
        }
        for overlay in overlays {
            f(overlay.part_mut(), &mut Cx { data, tickets, wants: &mut wants });
        }
        self.wants.extend(wants);
    }

    fn carry_out(&mut self) {
        while let Some(want) = self.wants.pop_front() {
            match want {
                Want::Emit(effect) => self.out.push(effect),
                Want::Open(overlay) => self.model.overlays.push(*overlay),
                Want::Close => _ = self.model.overlays.pop(),
                Want::Go(screen) => self.go(screen),
                Want::Act(action) => self.perform(action),
                Want::Say(toast) => self.say(toast),
                Want::Stage(staging, say) => {
                    let ticket = self.model.tickets.draw();
                    self.model.ledger.sent(ticket, say);
                    self.out.push(Effect::Stage(ticket, staging));
                }
                Want::Focus(scope) => {
                    self.go(ScreenId::Browse);
                    self.on_browse(|browse, cx| browse.focus(cx, scope));
                }
                Want::Past(operation) => {
                    self.go(ScreenId::History);
                    let Model { data, screens, tickets, .. } = &mut *self.model;
                    let mut wants = Vec::new();
                    screens.history.drill(&mut Cx { data, tickets, wants: &mut wants }, operation);
                    self.wants.extend(wants);
                }
                Want::Send(sending) => self.on_plan(|plan, cx| plan.begin(cx, *sending)),
                Want::LoadTerms => self.load_terms(),
                Want::Review(reviews) => {
                    let ticket = self.model.tickets.draw();
                    self.model.data.reviewing.ask(ticket, self.model.data.clock.monotonic);
                    self.out.push(Effect::Review(ticket, reviews));
                }
                Want::NarrowAudit(only) => {
                    let Model { data, screens, tickets, .. } = &mut *self.model;
                    screens.audit.narrow(&Cx { data, tickets, wants: &mut Vec::new() }, only);
                }
                Want::SortTerms(column) => self.on_terms(|terms, cx| terms.sort_by(cx, column)),
                Want::Sort(column) => self.on_browse(|browse, cx| browse.sort_by(cx, column)),
            }
        }
    }

    fn on_browse(&mut self, f: impl FnOnce(&mut super::screens::browse::Browse, &mut Cx)) {
        let Model { data, screens, tickets, .. } = &mut *self.model;
        let mut wants = Vec::new();
        f(&mut screens.browse, &mut Cx { data, tickets, wants: &mut wants });
        self.wants.extend(wants);
    }

    fn on_terms(&mut self, f: impl FnOnce(&mut super::screens::terms::Terms, &mut Cx)) {
        let Model { data, screens, tickets, .. } = &mut *self.model;
        let mut wants = Vec::new();
        f(&mut screens.terms, &mut Cx { data, tickets, wants: &mut wants });
        self.wants.extend(wants);
    }

    fn on_plan(&mut self, f: impl FnOnce(&mut PlanScreen, &mut Cx)) {
        let Model { data, screens, tickets, .. } = &mut *self.model;
        let mut wants = Vec::new();
        f(&mut screens.plan, &mut Cx { data, tickets, wants: &mut wants });
        self.wants.extend(wants);
    }

    /// Sets scroll offsets for what will be painted, and asks to be woken when something is due.
    fn settle(&mut self) {
        self.audit_if_due();
        let size = self.model.data.size;
        let body = layout::frame(size).body;
        let screen = self.model.shown_screen();
        let Model { data, screens, overlays, .. } = &mut *self.model;
        screens.part_mut(screen).layout(data, body);
        for overlay in overlays {
            overlay.part_mut().layout(data, Rect::new(0, 0, size.0, size.1));
        }
        let wake = self.due();
        if wake != self.model.wake {
            self.model.wake = wake;
            self.out.extend(wake.map(Effect::WakeAt));
        }
    }

    /// When the picture changes by itself: a spinner, a note that goes, an age.
    fn due(&self) -> Option<Duration> {
        let data = &self.model.data;
        let now = data.clock.monotonic;
        let sending = self.model.screens.plan.sending_since();
        let waits = [
            data.sync.since(),
            data.fetch.since(),
            data.catalog.since(),
            self.model.top().waiting(data),
            data.settling.since(),
            sending,
        ];
        let spinner = waits.into_iter().flatten().map(|since| match data.slow(since) {
            false => since + PATIENCE,
            true if data.motion => now + Duration::from_millis(100 - (now.as_millis() % 100) as u64),
            true => now + Duration::from_mins(1),
        });
        // Seconds are counted down while something is sent, also where nothing turns.
        let second = sending.or(data.settling.since()).map(|_| Duration::from_secs(now.as_secs() + 1));
        let again = self.look_again();
        spinner
            .chain(second)
            .chain(again)
            .chain(self.model.toasts.until())
            .chain(view::age_changes(data))
            .chain(self.model.screens.audit.due())
            .min()
    }
}
