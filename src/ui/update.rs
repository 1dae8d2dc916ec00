//! The only place where the model changes: a message in, effects out. Nothing here is heavier than a screenful; what is
//! goes out as an effect and comes back as a message. `input` has keys and mouse, `actions` what they do, `parts` what
//! screens and overlays ask for, `answers` what comes back, `journal` what is cut off, settled and taken back.

mod actions;
mod answers;
mod input;
mod journal;
mod parts;

use std::collections::VecDeque;
use std::time::Duration;

use ratatui::layout::Rect;

use super::data::PATIENCE;
use super::effect::Effect;
use super::layout;
use super::model::Model;
use super::msg::Msg;
use super::part::Want;
use super::toast::Toast;
use super::view;

/// How many rows the opening asks for: more than any terminal shows.
const OPENING_ROWS: usize = 200;

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
