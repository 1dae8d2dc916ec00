//! A question before something that is not easily taken back. Its answer is what the asker put in; a dangerous
//! one may demand that a name is typed.

use crossterm::event::KeyEvent;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use crate::ui::action::Action;
use crate::ui::canvas::{Canvas, Line, Target};
use crate::ui::data::Data;
use crate::ui::effect::Effect;
use crate::ui::keymap::Context;
use crate::ui::layout::row;
use crate::ui::part::{Available, Cx, Part, Want};
use crate::ui::theme::Role;
use crate::ui::widgets::dialog::dialog;
use crate::ui::widgets::input::TextField;

/// A question.
#[derive(Clone, Debug)]
pub struct Confirm {
    title: String,
    lines: Vec<Line>,
    yes: String,
    no: &'static str,
    wants: Vec<Want>,
    danger: bool,
    /// What must be typed, and what was.
    typed: Option<(String, TextField)>,
    on_yes: bool,
}

impl Confirm {
    /// A question with what saying yes asks for. The cursor stands on the harmless answer when it is dangerous.
    pub fn new(title: impl Into<String>, lines: Vec<Line>, yes: impl Into<String>, wants: Vec<Want>) -> Self {
        Self {
            title: title.into(),
            lines,
            yes: yes.into(),
            no: "Cancel",
            wants,
            danger: false,
            typed: None,
            on_yes: true,
        }
    }

    /// Calls the harmless answer so.
    #[must_use]
    pub fn no(mut self, label: &'static str) -> Self {
        self.no = label;
        self
    }

    /// Puts the cursor on yes although it is dangerous: for what takes back something that was confirmed before.
    #[must_use]
    pub fn ready(mut self) -> Self {
        self.on_yes = true;
        self
    }

    /// Marks it dangerous: enter alone does not say yes.
    #[must_use]
    pub fn dangerous(mut self) -> Self {
        self.danger = true;
        self.on_yes = false;
        self
    }

    /// Demands that this is typed before yes is taken.
    #[must_use]
    pub fn typed(mut self, name: impl Into<String>) -> Self {
        self.typed = Some((name.into(), TextField::default()));
        self
    }

    /// Whether saying yes ends the program.
    pub fn quits(&self) -> bool {
        self.wants.iter().any(|want| matches!(want, Want::Emit(Effect::Quit)))
    }

    fn settled(&self) -> bool {
        self.typed.as_ref().is_none_or(|(name, field)| field.value().trim() == name)
    }

    fn answer(&self, cx: &mut Cx, yes: bool) {
        if yes && !self.settled() {
            return;
        }
        cx.close();
        if yes {
            for want in &self.wants {
                cx.want(want.clone());
            }
        }
    }
}

impl Part for Confirm {
    fn contexts(&self, _: &Data) -> Vec<Context> {
        vec![Context::Overlay]
    }

    fn hints(&self, _: &Data) -> Vec<Action> {
        vec![Action::NextPane, Action::Open, Action::Back]
    }

    fn available(&self, _: &Data, action: Action) -> Available {
        match action {
            Action::Open if self.on_yes && !self.settled() => match &self.typed {
                Some((name, _)) => Available::no(format!("Type {name} first")),
                None => Available::Ready,
            },
            Action::Open
            | Action::Back
            | Action::Left
            | Action::Right
            | Action::Up
            | Action::Down
            | Action::NextPane
            | Action::PrevPane => Available::Ready,
            _ => Available::no("Answer this first"),
        }
    }

    fn act(&mut self, cx: &mut Cx, action: Action) {
        match action {
            Action::Open => self.answer(cx, self.on_yes),
            Action::Back => self.answer(cx, false),
            _ => self.on_yes = !self.on_yes,
        }
    }

    fn editing(&self) -> bool {
        self.typed.is_some()
    }

    fn type_key(&mut self, _: &mut Cx, key: KeyEvent) -> bool {
        let Some((_, field)) = &mut self.typed else { return false };
        let taken = field.key(key);
        if taken {
            self.on_yes = self.settled();
        }
        taken
    }

    fn paste(&mut self, _: &mut Cx, text: &str) {
        if let Some((_, field)) = &mut self.typed {
            field.paste(text);
        }
    }

    fn click(&mut self, cx: &mut Cx, _: u8, item: usize) {
        self.answer(cx, item == 1);
    }

    fn layout(&mut self, _: &Data, _: Rect) {}

    fn paint(&self, data: &Data, canvas: &mut Canvas, screen: Rect) {
        let symbols = data.theme.symbols;
        let widest = self.lines.iter().map(Line::width).max().unwrap_or(0).max(self.title.width() + 2);
        let extra = if self.typed.is_some() { 2 } else { 0 };
        let height = self.lines.len() as u16 + 4 + extra;
        let inner = dialog(canvas, screen, widest.max(32) as u16 + 4, height, &self.title, &Line::new());
        let mut at = 0;
        for line in &self.lines {
            canvas.line(row(inner, at), line);
            at += 1;
        }
        if let Some((name, field)) = &self.typed {
            let ask = Line::of("Type ", Role::Text).put(name.as_str(), Role::Title).put(": ", Role::Text);
            let place = row(inner, at + 1);
            let took = canvas.line(place, &ask);
            let rest = Rect { x: place.x + took, width: place.width - took, ..place };
            field.paint(canvas, rest, Role::Accent, true);
            at += extra;
        }
        let place = row(inner, at + 1);
        let button = |label: &str, on: bool, role: Role| {
            let cursor = if on { symbols.cursor } else { " " };
            Line::of(format!("{cursor}[ {label} ]"), if on { role } else { Role::Dim })
        };
        let no = button(self.no, !self.on_yes, Role::Cursor);
        let yes = button(&self.yes, self.on_yes, if self.danger { Role::Alarm } else { Role::Cursor });
        let took = canvas.line(place, &no);
        canvas.hit(Rect { width: took, ..place }, Target::Item(0, 0));
        let rest = Rect { x: place.x + took + 2, width: place.width.saturating_sub(took + 2), ..place };
        let took = canvas.line(rest, &yes);
        canvas.hit(Rect { width: took, ..rest }, Target::Item(0, 1));
    }
}
