//! Asks for a reason in one line: why a finding is meant as it is. What it decides goes out as a want.

use crossterm::event::KeyEvent;
use ratatui::layout::Rect;

use crate::domain::audit::Finding;
use crate::ui::action::Action;
use crate::ui::canvas::{Canvas, Line};
use crate::ui::data::Data;
use crate::ui::effect::Effect;
use crate::ui::keymap::Context;
use crate::ui::layout::row;
use crate::ui::part::{Available, Cx, Part};
use crate::ui::theme::Role;
use crate::ui::widgets::details::wrap;
use crate::ui::widgets::dialog::dialog;
use crate::ui::widgets::input::TextField;

/// Asks why findings are meant as they are.
#[derive(Clone, Debug)]
pub struct Reason {
    findings: Vec<Finding>,
    /// Where it will be noted.
    file: String,
    field: TextField,
}

const WIDTH: u16 = 72;

impl Reason {
    /// For these findings, noted in that file.
    pub fn new(findings: Vec<Finding>, file: String) -> Self {
        Self { findings, file, field: TextField::default() }
    }

    fn lines(&self, width: usize) -> Vec<Line> {
        let what = match self.findings.as_slice() {
            [one] => one.message.clone(),
            several => format!("{} findings, by their ids", several.len()),
        };
        let mut lines: Vec<Line> = wrap(&what, width).into_iter().take(4).map(Line::from).collect();
        lines.push(Line::new());
        lines.extend(
            wrap(&format!("Noted in {}", self.file), width).into_iter().map(|line| Line::of(line, Role::Dim)),
        );
        lines
    }
}

impl Part for Reason {
    fn contexts(&self, _: &Data) -> Vec<Context> {
        vec![Context::Overlay]
    }

    fn hints(&self, _: &Data) -> Vec<Action> {
        vec![Action::Open, Action::Back]
    }

    fn available(&self, _: &Data, action: Action) -> Available {
        match action {
            Action::Open => Available::when(!self.field.value().trim().is_empty(), "Type a reason first"),
            Action::Back => Available::Ready,
            _ => Available::no("Answer this first"),
        }
    }

    fn act(&mut self, cx: &mut Cx, action: Action) {
        cx.close();
        if action == Action::Open {
            let ticket = cx.ticket();
            let reason = self.field.value().trim().to_owned();
            cx.emit(Effect::Ignore(ticket, self.findings.clone(), reason));
        }
    }

    fn editing(&self) -> bool {
        true
    }

    fn type_key(&mut self, _: &mut Cx, key: KeyEvent) -> bool {
        self.field.key(key)
    }

    fn paste(&mut self, _: &mut Cx, text: &str) {
        self.field.paste(text);
    }

    fn layout(&mut self, _: &Data, _: Rect) {}

    fn paint(&self, _: &Data, canvas: &mut Canvas, screen: Rect) {
        let width = WIDTH.min(screen.width.saturating_sub(4));
        let lines = self.lines(width.saturating_sub(4) as usize);
        let inner = dialog(canvas, screen, width, lines.len() as u16 + 4, "Ignore: why?", &Line::new());
        for (at, line) in lines.iter().enumerate() {
            canvas.line(row(inner, at as u16), line);
        }
        let place = row(inner, lines.len() as u16 + 1);
        let ask = Line::of("Reason: ", Role::Title);
        let took = ask.width().min(place.width as usize) as u16;
        canvas.line(place, &ask);
        let rest = Rect { x: place.x + took, width: place.width - took, ..place };
        self.field.paint(canvas, rest, Role::Accent, true);
    }
}
