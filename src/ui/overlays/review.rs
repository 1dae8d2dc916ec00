//! Over the search terms: marks some as reviewed, until they have cost as much again, or puts them off for a while, with
//! a reason or without. What was marked comes back by the last choice.

use crossterm::event::KeyEvent;
use jiff::{Span, Timestamp, civil::Date};
use ratatui::layout::Rect;

use crate::domain::sift::TermLine;
use crate::domain::term::{Review, ReviewKey};
use crate::ui::action::Action;
use crate::ui::canvas::{Canvas, Line, Target, counted};
use crate::ui::data::Data;
use crate::ui::keymap::Context;
use crate::ui::layout::row;
use crate::ui::part::{Available, Cx, Part, Want};
use crate::ui::theme::Role;
use crate::ui::widgets::dialog::dialog;
use crate::ui::widgets::input::TextField;

/// What can be done with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    Reviewed,
    Week,
    Month,
    Anew,
}

const CHOICES: [Choice; 4] = [Choice::Reviewed, Choice::Week, Choice::Month, Choice::Anew];

impl Choice {
    fn label(self) -> &'static str {
        match self {
            Self::Reviewed => "reviewed: comes back when it has cost as much again",
            Self::Week => "put off for 7 days",
            Self::Month => "put off for 30 days",
            Self::Anew => "look at it anew",
        }
    }
}

/// The form.
#[derive(Clone, Debug)]
pub struct ReviewForm {
    lines: Vec<(ReviewKey, TermLine)>,
    choice: usize,
    reason: TextField,
    on_reason: bool,
}

impl ReviewForm {
    /// A form about these lines.
    pub fn new(lines: Vec<(ReviewKey, TermLine)>) -> Self {
        Self { lines, choice: 0, reason: TextField::default(), on_reason: false }
    }

    fn decide(&self, cx: &mut Cx) {
        let choice = CHOICES[self.choice.min(CHOICES.len() - 1)];
        let at = cx.data.clock.wall;
        let review = |line: &TermLine| Review {
            at,
            until: until(choice, at, cx.data),
            spend: line.figures.spend,
            reason: self.reason.value().trim().into(),
        };
        let reviews: Vec<(ReviewKey, Option<Review>)> = self
            .lines
            .iter()
            .map(|(key, line)| (key.clone(), (choice != Choice::Anew).then(|| review(line))))
            .collect();
        let n = counted(reviews.len(), "search term");
        cx.want(Want::Review(reviews));
        cx.say(match choice {
            Choice::Reviewed => format!("{n} marked as reviewed; w shows all"),
            Choice::Week => format!("{n} put off for 7 days; w shows all"),
            Choice::Month => format!("{n} put off for 30 days; w shows all"),
            Choice::Anew => format!("{n} to be looked at anew"),
        });
        cx.close();
    }
}

/// The day on which what is put off comes back.
fn until(choice: Choice, at: Timestamp, data: &Data) -> Option<Date> {
    let days = match choice {
        Choice::Week => 7,
        Choice::Month => 30,
        Choice::Reviewed | Choice::Anew => return None,
    };
    at.to_zoned(data.zone.clone()).date().checked_add(Span::new().days(days)).ok()
}

impl Part for ReviewForm {
    fn contexts(&self, _: &Data) -> Vec<Context> {
        vec![Context::Overlay]
    }

    fn hints(&self, _: &Data) -> Vec<Action> {
        vec![Action::Down, Action::NextPane, Action::Open, Action::Back]
    }

    fn available(&self, _: &Data, action: Action) -> Available {
        let known = matches!(
            action,
            Action::Open
                | Action::Back
                | Action::Up
                | Action::Down
                | Action::NextPane
                | Action::PrevPane
                | Action::Left
                | Action::Right
        );
        Available::when(known, "Close this first")
    }

    fn act(&mut self, cx: &mut Cx, action: Action) {
        match action {
            Action::Open => self.decide(cx),
            Action::Back => cx.close(),
            Action::NextPane | Action::PrevPane => self.on_reason = !self.on_reason,
            Action::Up | Action::Left => self.choice = self.choice.saturating_sub(1),
            Action::Down | Action::Right => self.choice = (self.choice + 1).min(CHOICES.len() - 1),
            _ => {}
        }
    }

    fn editing(&self) -> bool {
        self.on_reason
    }

    fn type_key(&mut self, _: &mut Cx, key: KeyEvent) -> bool {
        self.reason.key(key)
    }

    fn paste(&mut self, _: &mut Cx, text: &str) {
        if self.on_reason {
            self.reason.paste(text);
        }
    }

    fn click(&mut self, cx: &mut Cx, _: u8, item: usize) {
        self.choice = item;
        self.decide(cx);
    }

    fn layout(&mut self, _: &Data, _: Rect) {}

    fn paint(&self, data: &Data, canvas: &mut Canvas, screen: Rect) {
        let title = format!("Review {}", counted(self.lines.len(), "search term"));
        let inner = dialog(canvas, screen, 62, CHOICES.len() as u16 + 6, &title, &Line::new());
        for (at, choice) in CHOICES.iter().enumerate() {
            let here = at == self.choice;
            let place = row(inner, at as u16);
            let cursor = if here { data.theme.symbols.cursor } else { " " };
            let line = Line::of(format!("{cursor} {}", choice.label()), Role::Text);
            if here {
                let ground = if self.on_reason { Role::Resting } else { Role::Cursor };
                canvas.ground(place, ground);
                canvas.line_on(place, &line, data.theme.style(ground));
            } else {
                canvas.line(place, &line);
            }
            canvas.hit(place, Target::Item(0, at));
        }
        let place = row(inner, CHOICES.len() as u16 + 1);
        let took = canvas.line(place, &Line::of("Why (tab): ", Role::Dim));
        let rest = Rect { x: place.x + took, width: place.width.saturating_sub(took), ..place };
        self.reason.paint(canvas, rest, Role::Accent, self.on_reason);
        let note = Line::of("Only on this machine; nothing is sent.", Role::Dim);
        canvas.line(row(inner, CHOICES.len() as u16 + 3), &note);
    }
}
