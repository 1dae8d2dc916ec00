//! The form as a part of the screen: contexts, hints, what can be done and why not, and where each action, key and
//! answer goes.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;

use super::picker::{self, Picker};
use super::{ALL, AddForm, Field, view};
use crate::domain::negative::Kind;
use crate::domain::problem::Problem;
use crate::ui::action::Action;
use crate::ui::canvas::{Canvas, Line};
use crate::ui::data::{AccountNow, Data};
use crate::ui::keymap::Context;
use crate::ui::layout::frame;
use crate::ui::msg::Reply;
use crate::ui::overlays::Overlay;
use crate::ui::overlays::confirm::Confirm;
use crate::ui::part::{Available, Changed, Cx, Part, Want};
use crate::ui::remote::Ticket;
use crate::ui::theme::Role;

impl AddForm {
    fn step(&mut self, data: &Data, forward: bool) {
        let fields = self.fields(data);
        let at = fields.iter().position(|field| *field == self.focus).unwrap_or(0);
        let n = fields.len();
        self.focus = fields[if forward { (at + 1) % n } else { (at + n - 1) % n }];
    }

    /// Moves the choice of the row with focus; says whether it is one.
    fn choose(&mut self, cx: &mut Cx, by: isize) -> bool {
        let (len, at) = view::choice(self, cx.data, self.focus);
        if len == 0 {
            return false;
        }
        let at = (at.cast_signed() + by).rem_euclid(len.cast_signed()).unsigned_abs();
        self.choose_at(cx, at);
        true
    }

    fn choose_at(&mut self, cx: &mut Cx, at: usize) {
        let rules = self.rules(cx.data);
        match self.focus {
            Field::To => self.to = at.min(self.choices.len()),
            Field::Kind => self.sort.kind = self.kinds(cx.data).get(at).copied().unwrap_or(self.sort.kind),
            Field::Match => {
                let all = super::options::matches(&rules);
                self.sort.match_type = all.get(at).copied().unwrap_or(self.sort.match_type);
            }
            Field::State => {
                let all = super::options::states(&rules);
                self.sort.state = all.get(at).copied().unwrap_or(self.sort.state);
            }
            Field::Signs => self.signs = at == 0,
            _ => return,
        }
        if self.focus == Field::Kind && self.sort.kind == Kind::Brand {
            let account = self.brand_account().cloned();
            self.brands.ask(cx, account.as_ref());
        }
        self.refresh(cx);
    }

    /// What enter, a click, and in rows of choices space do.
    fn press(&mut self, cx: &mut Cx) {
        match self.focus {
            Field::To if self.to == self.choices.len() => self.picker = Some(Picker::new(self.picked.clone())),
            Field::Covered => self.with_covered = !self.with_covered,
            Field::Raise => {
                self.lines.raise_asins();
                self.focus = Field::Text;
                self.typed(cx);
            }
            Field::Hits => {
                self.brands.toggle();
                self.typed(cx);
            }
            Field::Stage => cx.want(Want::Act(Action::StageForm)),
            _ => self.step(cx.data, true),
        }
    }

    fn back(&mut self, cx: &mut Cx) {
        let Some(lost) = self.unsaved() else { return cx.close() };
        let lines = vec![
            Line::of(format!("This discards {lost}."), Role::Text),
            Line::of("Nothing of it is staged.", Role::Dim),
        ];
        cx.open(Overlay::Confirm(
            Confirm::new("Close the form?", lines, "Discard", vec![Want::Close]).dangerous(),
        ));
    }

    fn close_picker(&mut self, cx: &mut Cx) {
        if let Some(picker) = self.picker.take() {
            self.picked = picker.picked;
            self.to = self.choices.len();
            if !self.picked.is_empty() {
                self.focus = if self.sort.kind == Kind::Brand { Field::Search } else { Field::Text };
            }
            self.refresh(cx);
        }
    }
}

impl Part for AddForm {
    fn contexts(&self, _: &Data) -> Vec<Context> {
        if self.picker.is_some() { vec![Context::Overlay] } else { vec![Context::Form, Context::Overlay] }
    }

    fn hints(&self, _: &Data) -> Vec<Action> {
        if self.picker.is_some() {
            return vec![Action::Open, Action::Down, Action::Back];
        }
        vec![Action::NextPane, Action::StageForm, Action::BlockedTerms, Action::Back]
    }

    fn available(&self, _: &Data, action: Action) -> Available {
        match action {
            Action::StageForm if self.picker.is_none() => {
                self.hindrance().map_or(Available::Ready, Available::Disabled)
            }
            Action::BlockedTerms if self.picker.is_none() => self.can_list(),
            Action::Up
            | Action::Down
            | Action::Left
            | Action::Right
            | Action::PageUp
            | Action::PageDown
            | Action::Top
            | Action::Bottom
            | Action::Open
            | Action::Back
            | Action::NextPane
            | Action::PrevPane => Available::Ready,
            _ => Available::no("Close this first"),
        }
    }

    fn act(&mut self, cx: &mut Cx, action: Action) {
        if let Some(picker) = &mut self.picker {
            if picker.act(action) {
                self.close_picker(cx);
            }
            return;
        }
        let hits = self.brands.all().len();
        match action {
            Action::NextPane => self.step(cx.data, true),
            Action::PrevPane => self.step(cx.data, false),
            Action::Back => self.back(cx),
            Action::StageForm => self.stage(cx),
            Action::BlockedTerms => self.list_terms(cx),
            Action::Open => self.press(cx),
            Action::Up if self.focus == Field::Hits && self.brands.list.cursor == 0 => {
                self.focus = Field::Search;
            }
            _ if self.focus == Field::Hits && self.brands.list.act(action, hits) => {}
            Action::Left => _ = self.choose(cx, -1),
            Action::Right => _ = self.choose(cx, 1),
            Action::Up => self.step(cx.data, false),
            Action::Down => self.step(cx.data, true),
            _ => {}
        }
    }

    fn editing(&self) -> bool {
        true
    }

    fn type_key(&mut self, cx: &mut Cx, key: KeyEvent) -> bool {
        if let Some(picker) = &mut self.picker {
            return picker.type_key(cx, key);
        }
        match self.focus {
            Field::Text => match self.lines.key(key) {
                Some(changed) => {
                    if changed {
                        self.typed(cx);
                    } else {
                        self.wonder(cx);
                    }
                    true
                }
                None => false,
            },
            Field::Search => {
                let account = self.brand_account().cloned();
                self.brands.type_key(cx, account.as_ref(), key)
            }
            _ if key.code == KeyCode::Char(' ') => {
                let pick = self.focus == Field::To && self.to == self.choices.len();
                if pick || !self.choose(cx, 1) {
                    self.press(cx);
                }
                true
            }
            _ => false,
        }
    }

    fn paste(&mut self, cx: &mut Cx, text: &str) {
        if let Some(picker) = &mut self.picker {
            return picker.paste(cx, text);
        }
        if self.sort.kind == Kind::Brand {
            self.focus = Field::Search;
            self.brands.field.paste(text);
            let account = self.brand_account().cloned();
            return self.brands.ask(cx, account.as_ref());
        }
        self.focus = Field::Text;
        self.lines.paste(text);
        self.typed(cx);
    }

    fn click(&mut self, cx: &mut Cx, list: u8, item: usize) {
        if let Some(picker) = &mut self.picker {
            if list == picker::LIST {
                picker.click(item);
            }
            return;
        }
        let Some(field) = ALL.get(list as usize).copied() else { return };
        self.focus = field;
        match field {
            Field::To | Field::Kind | Field::Match | Field::State | Field::Signs => {
                self.choose_at(cx, item);
                if field == Field::To && item == self.choices.len() {
                    self.press(cx);
                }
            }
            Field::Text => {
                self.lines.put(item);
                self.wonder(cx);
            }
            Field::Search => {}
            Field::Hits => {
                self.brands.list.cursor = item;
                self.press(cx);
            }
            Field::Raise | Field::Covered | Field::Stage => self.press(cx),
        }
    }

    fn wheel(&mut self, cx: &mut Cx, list: u8, rows: isize) {
        match ALL.get(list as usize) {
            Some(Field::Text) => {
                self.lines.wheel(rows);
                self.wonder(cx);
            }
            Some(Field::Hits) => {
                let len = self.brands.all().len();
                self.brands.list.wheel(rows, len);
            }
            _ => {}
        }
    }

    fn reply(&mut self, cx: &mut Cx, ticket: Ticket, reply: &Result<Reply, Problem>) {
        if self.whatif.take(ticket, reply) || self.listing.take(cx, ticket, reply) {
            return;
        }
        let again = match reply {
            Ok(Reply::Judged(judged)) => self.sheet.answered(ticket, Some(judged)),
            Err(_) => {
                // Nothing was staged; the form is as it was.
                self.sent = None;
                self.sheet.answered(ticket, None)
            }
            Ok(_) => false,
        };
        if again {
            self.judge(cx);
        }
        if self.eager && self.sheet.is_judged() {
            self.stage(cx);
        }
        let account = self.brand_account().cloned();
        self.brands.reply(cx, account.as_ref(), ticket, reply);
        if let Some(picker) = &mut self.picker {
            picker.reply(cx, ticket, reply);
        }
    }

    /// What was judged was of another snapshot or another staging.
    fn changed(&mut self, cx: &mut Cx, what: Changed) {
        if what == Changed::Terms {
            // The same lines, weighed by other search terms.
            self.whatif.renew(cx);
            self.sum_up(cx);
            return self.wonder(cx);
        }
        self.sheet.forget();
        if what == Changed::Catalog {
            self.whatif.forget();
        }
        if let Some(keep) = self.sent.take_if(|_| what == Changed::Staged) {
            self.staged(cx, &keep);
        }
        if let Some(edit) = &mut self.edit {
            edit.lay(cx.data);
        }
        self.refresh(cx);
    }

    fn layout(&mut self, data: &Data, _: Rect) {
        let body = frame(data.size).body;
        let areas = view::areas(self, data, body);
        self.lines.fit(areas.lines.height as usize);
        let rows = self.lines.offset..self.lines.offset + areas.lines.height as usize;
        let sort = self.sort;
        if sort.kind != Kind::Brand {
            self.sheet.look(data, rows, sort);
        }
        let hits = self.brands.all().len();
        self.brands.list.fit(hits, areas.lines.height.saturating_sub(1) as usize);
        if let Some(picker) = &mut self.picker {
            picker.layout(body);
        }
    }

    fn paint(&self, data: &Data, canvas: &mut Canvas, area: Rect) {
        view::paint(self, data, canvas, area);
        if let Some(picker) = &self.picker {
            picker.paint(data, canvas, area);
        }
    }

    /// One that may not be written to comes first: it is the reason why nothing can be staged.
    fn account<'d>(&self, data: &'d Data) -> Option<&'d AccountNow> {
        let mut accounts = self.sheet.targets.iter().filter_map(|spot| data.account(&spot.account));
        let first = accounts.next();
        first
            .into_iter()
            .chain(accounts)
            .find(|a| a.account.read_only)
            .or(first)
            .or_else(|| data.account(&self.account))
    }

    fn waiting(&self, _: &Data) -> Option<std::time::Duration> {
        self.brands.hits.since()
    }
}
