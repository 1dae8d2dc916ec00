//! What actions do that are the whole program's: refresh, undo, screens, help, quit. All others go to the part on top.
//! Whether an action can be done is asked here and nowhere else, so that read-only mode is one line in `available`.

use super::Run;
use crate::ui::action::Action;
use crate::ui::available::available;
use crate::ui::canvas::Line;
use crate::ui::effect::Effect;
use crate::ui::overlays::confirm::Confirm;
use crate::ui::overlays::{Overlay, help, palette};
use crate::ui::part::{Available, Want};
use crate::ui::remote::Remote;
use crate::ui::screens::ScreenId;
use crate::ui::toast::Toast;

impl Run<'_> {
    pub(super) fn perform(&mut self, action: Action) {
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
            Action::StopSending => self.parts(|screens, _, cx| screens.plan.stop(cx)),
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

    pub(super) fn go(&mut self, screen: ScreenId) {
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
}
