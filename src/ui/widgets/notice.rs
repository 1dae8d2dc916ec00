//! What stands where rows would be: why there are none, and what to do about it. Lines wrap, so that nothing of it is
//! lost on a narrow screen.

use std::time::Duration;

use ratatui::layout::Rect;

use super::details::wrap;
use crate::domain::problem::Problem;
use crate::ui::canvas::{Canvas, Line};
use crate::ui::data::Data;
use crate::ui::layout::{inset, row};
use crate::ui::theme::Role;

/// Some lines in place of rows.
#[derive(Clone, Debug, Default)]
pub struct Notice(Vec<(String, Role)>);

impl Notice {
    /// What there is to say.
    pub fn new(text: impl Into<String>) -> Self {
        Self::in_role(text, Role::Text)
    }

    /// What there is to say, in a role.
    pub fn in_role(text: impl Into<String>, role: Role) -> Self {
        Self(vec![(text.into(), role)])
    }

    /// Something is on its way; a spinner says so once it takes long.
    pub fn waiting(what: &str, since: Option<Duration>, data: &Data) -> Self {
        let slow = since.is_some_and(|since| data.slow(since));
        let said = slow.then(|| (format!("{} {what}", data.spinner()), Role::Accent));
        Self(said.into_iter().collect())
    }

    /// Something failed: what, the platform's or the system's own words, the next step.
    pub fn failed(problem: &Problem, data: &Data) -> Self {
        let lines = [
            (format!("{} {}", data.theme.symbols.failed, problem.title), Role::Bad),
            (problem.detail.clone(), Role::Dim),
            (problem.hint.clone(), Role::Text),
        ];
        Self(lines.into_iter().filter(|(text, _)| !text.is_empty()).collect())
    }

    /// What to do, or what else to know.
    #[must_use]
    pub fn then(self, text: impl Into<String>) -> Self {
        self.put(text, Role::Dim)
    }

    /// A further line in a role.
    #[must_use]
    pub fn put(mut self, text: impl Into<String>, role: Role) -> Self {
        self.0.push((text.into(), role));
        self
    }

    /// Paints it, a row below the top.
    pub fn paint(self, canvas: &mut Canvas, area: Rect) {
        let area = inset(area, 2);
        let lines = self.0.into_iter().flat_map(|(text, role)| {
            wrap(&text, area.width as usize).into_iter().map(move |line| (line, role))
        });
        for (at, (text, role)) in (1..area.height).zip(lines) {
            canvas.line(row(area, at), &Line::of(text, role));
        }
    }
}
