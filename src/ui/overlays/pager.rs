//! Text to read in a box, scrolled by lines: the help, everything of a row, the exact requests.

use std::borrow::Cow;

use ratatui::layout::Rect;

use crate::ui::action::Action;
use crate::ui::canvas::{Canvas, Line, Target};
use crate::ui::data::Data;
use crate::ui::effect::Effect;
use crate::ui::keymap::Context;
use crate::ui::layout::row;
use crate::ui::part::{Available, Cx, Part, Want};
use crate::ui::theme::Role;
use crate::ui::widgets::details::Details;
use crate::ui::widgets::dialog::dialog;
use crate::ui::widgets::list::ListState;

/// What is read.
#[derive(Clone, Debug)]
pub enum Content {
    /// Lines as they are.
    Lines(Vec<Line>),
    /// Names and values, wrapped to the width.
    Details(Details),
}

/// Text to read in a box.
#[derive(Clone, Debug)]
pub struct Pager {
    title: String,
    content: Content,
    /// What `y` copies; nothing where there is nothing to copy.
    copies: String,
    /// Where `enter` leads; without it `enter` closes.
    leads: Option<Box<Want>>,
    width: u16,
    offset: usize,
    height: usize,
}

/// How wide a box is where the screen is wide enough.
const WIDTH: u16 = 100;

impl Pager {
    /// How many columns the text has on a screen of this width.
    pub fn columns(screen: u16) -> usize {
        WIDTH.min(screen.saturating_sub(4)).saturating_sub(4).into()
    }

    /// A box with a title.
    pub fn new(title: impl Into<String>, content: Content) -> Self {
        Self {
            title: title.into(),
            content,
            copies: String::new(),
            leads: None,
            width: WIDTH,
            offset: 0,
            height: 0,
        }
    }

    /// Lets `enter` lead somewhere.
    #[must_use]
    pub fn leads(mut self, to: Want) -> Self {
        self.leads = Some(Box::new(to));
        self
    }

    /// Lets `y` copy this.
    #[must_use]
    pub fn copies(mut self, text: impl Into<String>) -> Self {
        self.copies = text.into();
        self
    }

    /// The lines for a width; those that are there already are not copied, the requests of a large plan are many.
    fn lines(&self, width: u16) -> Cow<'_, [Line]> {
        match &self.content {
            Content::Lines(lines) => Cow::Borrowed(lines),
            Content::Details(details) => Cow::Owned(details.lines(width)),
        }
    }

    fn size(&self, screen: Rect) -> (u16, u16, usize) {
        let width = self.width.min(screen.width.saturating_sub(4));
        let lines = self.lines(width.saturating_sub(4)).len();
        let height =
            u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(2).min(screen.height.saturating_sub(2));
        (width, height, lines)
    }
}

impl Part for Pager {
    fn contexts(&self, _: &Data) -> Vec<Context> {
        vec![Context::Pager, Context::Overlay]
    }

    fn hints(&self, _: &Data) -> Vec<Action> {
        let mut hints = vec![Action::Down, Action::Back];
        if self.leads.is_some() {
            hints.insert(0, Action::Open);
        }
        if !self.copies.is_empty() {
            hints.push(Action::Copy);
        }
        hints
    }

    fn available(&self, _: &Data, action: Action) -> Available {
        match action {
            Action::Copy => Available::when(!self.copies.is_empty(), "There is nothing to copy here"),
            Action::Open
            | Action::Left
            | Action::Right
            | Action::NextPane
            | Action::PrevPane
            | Action::Back
            | Action::Help => Available::Ready,
            _ => Available::when(ListState::moves(action), "Close this first"),
        }
    }

    fn act(&mut self, cx: &mut Cx, action: Action) {
        let rows = self.height.max(1);
        let page = rows.cast_signed();
        let (_, _, lines) = self.size(Rect::new(0, 0, cx.data.size.0, cx.data.size.1));
        let last = lines.saturating_sub(rows);
        let by = |offset: usize, rows: isize| offset.saturating_add_signed(rows).min(last);
        match action {
            Action::Up => self.offset = by(self.offset, -1),
            Action::Down => self.offset = by(self.offset, 1),
            Action::HalfUp => self.offset = by(self.offset, -(page / 2)),
            Action::HalfDown => self.offset = by(self.offset, page / 2),
            Action::PageUp => self.offset = by(self.offset, -page),
            Action::PageDown => self.offset = by(self.offset, page),
            Action::Top => self.offset = 0,
            Action::Bottom => self.offset = last,
            Action::Copy => {
                cx.emit(Effect::Copy(self.copies.clone()));
                cx.say("Copied.");
            }
            Action::Open if self.leads.is_some() => {
                cx.close();
                if let Some(to) = &self.leads {
                    cx.want((**to).clone());
                }
            }
            Action::Back | Action::Open | Action::Left | Action::Help => cx.close(),
            _ => {}
        }
    }

    fn wheel(&mut self, cx: &mut Cx, _: u8, rows: isize) {
        for _ in 0..rows.unsigned_abs() {
            self.act(cx, if rows > 0 { Action::Down } else { Action::Up });
        }
    }

    fn layout(&mut self, _: &Data, screen: Rect) {
        let (_, height, lines) = self.size(screen);
        self.height = height.saturating_sub(2) as usize;
        self.offset = self.offset.min(lines.saturating_sub(self.height));
    }

    fn paint(&self, data: &Data, canvas: &mut Canvas, screen: Rect) {
        let (width, height, lines) = self.size(screen);
        let room = height.saturating_sub(2) as usize;
        let place = if lines > room {
            Line::of(format!("{}-{} of {lines}", self.offset + 1, (self.offset + room).min(lines)), Role::Dim)
        } else {
            Line::new()
        };
        let dot = data.theme.symbols.dot;
        let inner = dialog(canvas, screen, width, height, &self.title, &place);
        canvas.hit(inner, Target::List(0));
        let all = self.lines(width.saturating_sub(4));
        for (at, line) in all.iter().skip(self.offset).take(inner.height as usize).enumerate() {
            canvas.line(row(inner, at as u16), line);
        }
        if all.is_empty() {
            canvas.line(inner, &Line::of(dot, Role::Dim));
        }
    }
}
