//! Parts and what they want: how each comes to handle something, and how what it asks for is carried out once it has
//! returned. Only here does a part get at what lies outside it.

use super::Run;
use crate::ui::effect::Effect;
use crate::ui::model::Model;
use crate::ui::msg::LogEntry;
use crate::ui::overlays::Overlay;
use crate::ui::part::{Cx, Part, Want};
use crate::ui::screens::{ScreenId, Screens};
use crate::ui::toast::Toast;

impl Run<'_> {
    /// Lets `f` have parts handle something. What they want waits until all have.
    pub(super) fn parts(&mut self, f: impl FnOnce(&mut Screens, &mut Vec<Overlay>, &mut Cx)) {
        let Model { data, screens, overlays, tickets, .. } = &mut *self.model;
        f(screens, overlays, &mut Cx { data, tickets, wants: &mut self.wants });
    }

    /// The part that keys go to: the topmost overlay, else the screen in sight.
    pub(super) fn on_top(&mut self, f: impl FnOnce(&mut dyn Part, &mut Cx)) {
        let screen = self.model.shown_screen();
        self.parts(|screens, overlays, cx| match overlays.last_mut() {
            Some(overlay) => f(overlay.part_mut(), cx),
            None => f(screens.part_mut(screen), cx),
        });
    }

    /// The screen in sight, whatever lies over it.
    pub(super) fn on_screen(&mut self, f: impl FnOnce(&mut dyn Part, &mut Cx)) {
        let screen = self.model.shown_screen();
        self.parts(|screens, _, cx| f(screens.part_mut(screen), cx));
    }

    /// Every part, in sight or not.
    pub(super) fn on_all(&mut self, mut f: impl FnMut(&mut dyn Part, &mut Cx)) {
        self.parts(|screens, overlays, cx| {
            for part in screens.all_mut() {
                f(part, cx);
            }
            for overlay in overlays {
                f(overlay.part_mut(), cx);
            }
        });
    }

    /// Says something, and keeps what failed for the log screen.
    pub(super) fn say(&mut self, toast: Toast) {
        if let Toast::Failure(problem) = &toast {
            // What failed stays on the log screen when it is dismissed here.
            self.model.data.note(LogEntry::failure(self.model.data.clock.wall, problem.clone()));
        }
        self.model.toasts.say(toast, self.model.data.clock.monotonic);
    }

    /// Does what parts have asked for, in that order, and what that leads to.
    pub(super) fn carry_out(&mut self) {
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
                    self.parts(|screens, _, cx| screens.browse.focus(cx, scope));
                }
                Want::Past(operation) => {
                    self.go(ScreenId::History);
                    self.parts(|screens, _, cx| screens.history.drill(cx, operation));
                }
                Want::Send(sending) => self.parts(|screens, _, cx| screens.plan.begin(cx, *sending)),
                Want::LoadTerms => self.load_terms(),
                Want::Review(reviews) => {
                    let ticket = self.model.tickets.draw();
                    self.model.data.reviewing.ask(ticket, self.model.data.clock.monotonic);
                    self.out.push(Effect::Review(ticket, reviews));
                }
                Want::NarrowAudit(only) => self.parts(|screens, _, cx| screens.audit.narrow(cx, only)),
                Want::SortTerms(column) => self.parts(|screens, _, cx| screens.terms.sort_by(cx, column)),
                Want::Sort(column) => self.parts(|screens, _, cx| screens.browse.sort_by(cx, column)),
            }
        }
    }
}
