//! Keys, mouse and the footer: which action or item is meant, and which pane has focus. What an action then does is in
//! `actions`; a text field's own keys are its part's.

use crossterm::event::{KeyEvent, MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Run;
use crate::ui::action::Action;
use crate::ui::canvas::Target;
use crate::ui::keymap::{Key, Resolved};
use crate::ui::view;

/// How many rows a turn of the wheel moves.
const WHEEL_ROWS: isize = 3;

impl Run<'_> {
    pub(super) fn key(&mut self, key: KeyEvent) {
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

    pub(super) fn mouse(&mut self, mouse: MouseEvent) {
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

    /// Keys while the footer has focus; false for those that are not its own.
    pub(super) fn footer(&mut self, hint: usize, action: Action) -> bool {
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

    pub(super) fn pane(&mut self, forward: bool) {
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
}
