//! What is said at the foot of the screen: notes for a moment, failures until they are dismissed.

use std::time::Duration;

use ratatui::layout::Rect;

use super::canvas::{Canvas, Line};
use super::data::Data;
use super::layout::{inset, row, split_bottom};
use super::theme::Role;
use super::widgets::details::wrap;
use crate::domain::problem::Problem;

/// Something said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Toast {
    /// It goes by itself.
    Note(String),
    /// It stays until dismissed.
    Failure(Problem),
}

impl Toast {
    /// A note.
    pub fn note(text: impl Into<String>) -> Self {
        Self::Note(text.into())
    }
}

/// How long a note stays.
const STAY: Duration = Duration::from_secs(5);

/// What is being said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Toasts {
    note: Option<(String, Duration)>,
    failures: Vec<Problem>,
}

impl Toasts {
    /// Says something, from now on. The same failure is not said twice.
    pub fn say(&mut self, toast: Toast, now: Duration) {
        match toast {
            Toast::Note(text) => self.note = Some((text, now + STAY)),
            Toast::Failure(problem) => {
                self.failures.retain(|other| *other != problem);
                self.failures.push(problem);
            }
        }
    }

    /// Dismisses the newest failure; says whether there was one.
    pub fn dismiss(&mut self) -> bool {
        self.failures.pop().is_some()
    }

    /// Takes away the note whose time is over.
    pub fn expire(&mut self, now: Duration) {
        self.note.take_if(|(_, until)| *until <= now);
    }

    /// A key was pressed: the note has been seen.
    pub fn seen(&mut self) {
        self.note = None;
    }

    /// When the note goes.
    pub fn until(&self) -> Option<Duration> {
        self.note.as_ref().map(|(_, until)| *until)
    }

    /// The note in sight.
    pub fn note(&self) -> Option<&str> {
        self.note.as_ref().map(|(text, _)| text.as_str())
    }

    /// The failure in sight.
    pub fn failure(&self) -> Option<&Problem> {
        self.failures.last()
    }

    /// Paints it at the foot of the body.
    pub fn paint(&self, data: &Data, canvas: &mut Canvas, body: Rect) {
        let symbols = data.theme.symbols;
        if let Some(problem) = self.failure() {
            let width = body.width.saturating_sub(6) as usize;
            let mut lines: Vec<(String, Role)> = Vec::new();
            for (text, role) in [(&problem.detail, Role::Dim), (&problem.hint, Role::Text)] {
                if !text.is_empty() {
                    lines.extend(wrap(text, width).into_iter().take(3).map(|line| (line, role)));
                }
            }
            let height = lines.len() as u16 + 2;
            let area = inset(split_bottom(body, height).1, 1);
            canvas.clear(area);
            let title = Line::of(format!("{} {}", symbols.failed, problem.title), Role::Bad);
            let more = match self.failures.len() {
                1 => "esc dismisses".to_owned(),
                n => format!("1 of {n} {} esc dismisses", symbols.dot),
            };
            let inner = inset(canvas.pane(area, &title, &Line::of(more, Role::Dim), false), 1);
            for (at, (text, role)) in lines.into_iter().enumerate() {
                canvas.line(row(inner, at as u16), &Line::of(text, role));
            }
        } else if let Some(note) = self.note() {
            let area = split_bottom(body, 1).1;
            canvas.clear(area);
            canvas.line(area, &Line::of(" ", Role::Text).put(note, Role::Accent));
        }
    }
}
