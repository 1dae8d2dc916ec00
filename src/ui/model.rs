//! The whole state of the screen. Only [`update`](super::update::update) changes it; the view only reads it.

use std::time::Duration;

use super::data::Data;
use super::keymap::{Context, Key};
use super::overlays::Overlay;
use super::part::Part;
use super::remote::{Ticket, Tickets};
use super::screens::{ScreenId, Screens};
use super::staging::Ledger;
use super::toast::Toasts;
use crate::domain::clock::Clock;

/// The whole state of the screen.
#[derive(Clone, Debug)]
pub struct Model {
    /// What the shell has told.
    pub data: Data,
    /// The screen in sight.
    pub screen: ScreenId,
    /// Every screen's own state.
    pub screens: Screens,
    /// What lies over the screen, the topmost last.
    pub overlays: Vec<Overlay>,
    /// What is being said.
    pub toasts: Toasts,
    /// What `u` and `U` can do.
    pub ledger: Ledger,
    /// The hint in the footer that has focus, when the footer has.
    pub footer: Option<usize>,
    /// The request for what takes back what was sent.
    pub(super) undoing: Option<Ticket>,
    /// When it was last looked who else is sending.
    pub(super) looked: Duration,
    /// The beginning of a key sequence.
    pub pending: Vec<Key>,
    pub(super) tickets: Tickets,
    pub(super) wake: Option<Duration>,
}

impl Model {
    /// The state before the start's message.
    pub fn new(size: (u16, u16), clock: Clock) -> Self {
        Self {
            data: Data::new(size, clock),
            screen: ScreenId::Browse,
            screens: Screens::default(),
            overlays: Vec::new(),
            toasts: Toasts::default(),
            ledger: Ledger::default(),
            footer: None,
            undoing: None,
            looked: Duration::ZERO,
            pending: Vec::new(),
            tickets: Tickets::default(),
            wake: None,
        }
    }

    /// The screen in sight.
    pub fn screen_part(&self) -> &dyn Part {
        self.screens.part(self.shown_screen())
    }

    /// What keys go to: the topmost overlay, else the screen.
    pub fn top(&self) -> &dyn Part {
        match self.overlays.last() {
            Some(overlay) => overlay.part(),
            None => self.screen_part(),
        }
    }

    /// The screen in sight: without an account, Browse is the first run.
    pub fn shown_screen(&self) -> ScreenId {
        if self.screen == ScreenId::Browse && self.data.started && self.data.accounts.is_empty() {
            ScreenId::FirstRun
        } else {
            self.screen
        }
    }

    /// Where keys are looked up now, innermost first.
    pub fn contexts(&self) -> Vec<Context> {
        if self.footer.is_some() && self.overlays.is_empty() {
            return vec![Context::Overlay, Context::Global, Context::Always];
        }
        self.contexts_without_footer()
    }

    /// Where keys are looked up when the footer has no focus: what its hints show.
    pub(super) fn contexts_without_footer(&self) -> Vec<Context> {
        let mut contexts = self.top().contexts(&self.data);
        if self.overlays.is_empty() && !contexts.contains(&Context::Filter) {
            contexts.push(Context::Global);
        }
        contexts.push(Context::Always);
        contexts
    }
}
