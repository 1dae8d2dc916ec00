//! Where the view paints: a buffer that clips instead of panicking, styles by role only, and the hit map that
//! tells the mouse what is where. Widgets build on it; nothing else touches the buffer.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::action::Action;
use super::screens::ScreenId;
use super::theme::{Role, Theme};

/// What a place on the screen stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A hint: pressing it performs the action.
    Act(Action),
    /// A screen's tab.
    Tab(ScreenId),
    /// The room of a list, for the wheel.
    List(u8),
    /// An item of a list: which list, which item.
    Item(u8, usize),
    /// Takes the click and does nothing: an overlay's ground.
    Nothing,
}

/// Which places stand for what; the last painted lies on top.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HitMap(Vec<(Rect, Target)>);

impl HitMap {
    /// What a click there means.
    pub fn at(&self, x: u16, y: u16) -> Option<Target> {
        self.0.iter().rev().find(|(area, _)| area.contains(Position { x, y })).map(|(_, target)| *target)
    }

    /// Every place, in painting order; for tests.
    pub fn targets(&self) -> impl Iterator<Item = &(Rect, Target)> {
        self.0.iter()
    }
}

/// A line of text in roles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line(pub Vec<(String, Role)>);

impl Line {
    /// An empty line.
    pub fn new() -> Self {
        Self::default()
    }

    /// A line of one piece.
    pub fn of(text: impl Into<String>, role: Role) -> Self {
        Self(vec![(text.into(), role)])
    }

    /// Adds a piece.
    #[must_use]
    pub fn put(mut self, text: impl Into<String>, role: Role) -> Self {
        self.0.push((text.into(), role));
        self
    }

    /// Adds what another line holds.
    #[must_use]
    pub fn join(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// How many columns it takes.
    pub fn width(&self) -> usize {
        self.0.iter().map(|(text, _)| text.width()).sum()
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        Self::of(text, Role::Text)
    }
}

impl From<String> for Line {
    fn from(text: String) -> Self {
        Self::of(text, Role::Text)
    }
}

/// What the view paints on.
pub struct Canvas<'a> {
    /// The cells.
    pub buf: &'a mut Buffer,
    /// What is where.
    pub hits: &'a mut HitMap,
    /// Where the terminal's cursor stands, when a text field has focus.
    pub cursor: &'a mut Option<Position>,
    /// What roles look like.
    pub theme: &'a Theme,
}

impl Canvas<'_> {
    /// Marks a place.
    pub fn hit(&mut self, area: Rect, target: Target) {
        if !area.is_empty() {
            self.hits.0.push((area, target));
        }
    }

    /// Paints a line at the top left of an area, cut at its width. Returns the columns it took.
    pub fn line(&mut self, area: Rect, line: &Line) -> u16 {
        self.line_on(area, line, Style::new())
    }

    /// As [`Self::line`], over a ground: the ground's colours lie under every piece.
    pub fn line_on(&mut self, area: Rect, line: &Line, ground: Style) -> u16 {
        let area = area.intersection(self.buf.area);
        if area.is_empty() {
            return 0;
        }
        let mut left = area.width as usize;
        let mut x = area.x;
        let whole = line.width();
        for (at, (text, role)) in line.0.iter().enumerate() {
            if left == 0 {
                break;
            }
            let last = at + 1 == line.0.len() || text.width() >= left;
            let cut = if last && whole > area.width as usize {
                cut_hard(text, left, self.theme.symbols.cut)
            } else {
                Cow::Borrowed(text.as_str())
            };
            let style = ground.patch(self.theme.style(*role));
            let (end, _) = self.buf.set_stringn(x, area.y, &cut, left, style);
            left -= (end - x) as usize;
            x = end;
        }
        x - area.x
    }

    /// Paints a line so that it ends at the right of an area; nothing if it does not fit.
    pub fn line_right(&mut self, area: Rect, line: &Line) {
        let width = line.width() as u16;
        if width <= area.width {
            self.line(Rect { x: area.right() - width, width, ..area }, line);
        }
    }

    /// Lays a role under an area.
    pub fn ground(&mut self, area: Rect, role: Role) {
        let area = area.intersection(self.buf.area);
        self.buf.set_style(area, self.theme.style(role));
    }

    /// Empties an area.
    pub fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.buf.area);
        for y in area.top()..area.bottom() {
            for x in area.left()..area.right() {
                self.buf[(x, y)].reset();
            }
        }
    }

    /// Draws a border with titles at the left and right of its top, and yields the room inside.
    pub fn pane(&mut self, area: Rect, left: &Line, right: &Line, focused: bool) -> Rect {
        let area = area.intersection(self.buf.area);
        if area.width < 2 || area.height < 2 {
            return Rect { width: 0, height: 0, ..area };
        }
        let role = if focused { Role::Focus } else { Role::Border };
        let (across, down, corners) = if self.theme.ascii {
            ("-", "|", ["+", "+", "+", "+"])
        } else {
            ("─", "│", ["┌", "┐", "└", "┘"])
        };
        let style = self.theme.style(role);
        let (end, bottom) = (area.right() - 1, area.bottom() - 1);
        for x in area.left()..=end {
            self.buf[(x, area.top())].set_symbol(across).set_style(style);
            self.buf[(x, bottom)].set_symbol(across).set_style(style);
        }
        for y in area.top()..=bottom {
            self.buf[(area.left(), y)].set_symbol(down).set_style(style);
            self.buf[(end, y)].set_symbol(down).set_style(style);
        }
        let places = [(area.x, area.y), (end, area.y), (area.x, bottom), (end, bottom)];
        for (place, corner) in places.into_iter().zip(corners) {
            self.buf[place].set_symbol(corner);
        }
        let title = Rect { x: area.x + 1, width: area.width - 2, height: 1, ..area };
        let mut took = 0;
        if !left.0.is_empty() {
            took = self.line(title, &Line::new().put(" ", role).join(left.clone()).put(" ", role));
        }
        if !right.0.is_empty() {
            let rest = Rect { x: title.x + took, width: title.width - took, ..title };
            self.line_right(rest, &Line::new().put(" ", role).join(right.clone()).put(" ", role));
        }
        Rect { x: area.x + 1, y: area.y + 1, width: area.width - 2, height: area.height - 2 }
    }
}

/// A text cut to a width, with a sign where it was cut; never in the middle of a grapheme.
///
/// ```
/// use unbid::ui::canvas::cut;
/// assert_eq!(cut("free shipping", 13, "…"), "free shipping");
/// assert_eq!(cut("free shipping", 6, "…"), "free …");
/// assert_eq!(cut("珈琲豆", 4, "…"), "珈…");
/// ```
pub fn cut<'a>(text: &'a str, width: usize, sign: &str) -> Cow<'a, str> {
    if text.width() <= width { Cow::Borrowed(text) } else { cut_hard(text, width, sign) }
}

fn cut_hard<'a>(text: &'a str, width: usize, sign: &str) -> Cow<'a, str> {
    let room = width.saturating_sub(sign.width());
    let mut out = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        if used + grapheme.width() > room {
            break;
        }
        used += grapheme.width();
        out.push_str(grapheme);
    }
    if width >= sign.width() {
        out.push_str(sign);
    }
    Cow::Owned(out)
}

/// A text cut or filled with spaces to exactly a width.
pub fn fit(text: &str, width: usize, sign: &str, right: bool) -> String {
    let text = cut(text, width, sign);
    let gap = " ".repeat(width.saturating_sub(text.width()));
    if right { format!("{gap}{text}") } else { format!("{text}{gap}") }
}

/// A count with thousands apart, as people read it.
///
/// ```
/// assert_eq!(unbid::ui::canvas::count(1_204_311), "1,204,311");
/// ```
pub fn count(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A count in at most four columns.
///
/// ```
/// use unbid::ui::canvas::short_count;
/// assert_eq!([short_count(980), short_count(3_140), short_count(31_400), short_count(1_204_311)], ["980", "3.1k", "31k", "1.2M"]);
/// ```
pub fn short_count(n: usize) -> String {
    let tenths = |unit: usize, sign: &str| match n / (unit / 10) {
        t if t < 100 => format!("{}.{}{sign}", t / 10, t % 10),
        t => format!("{}{sign}", t / 10),
    };
    match n {
        ..1_000 => n.to_string(),
        1_000..1_000_000 => tenths(1_000, "k"),
        _ => tenths(1_000_000, "M"),
    }
}

/// A count with its noun: `1 change`, `3 changes`.
pub fn counted(n: usize, noun: &str) -> String {
    format!("{} {noun}{}", count(n), if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn painted(width: u16, f: impl FnOnce(&mut Canvas, Rect)) -> String {
        let area = Rect::new(0, 0, width, 1);
        let mut buf = Buffer::empty(area);
        let theme = Theme::named("mono", false, false).unwrap();
        let mut canvas =
            Canvas { buf: &mut buf, hits: &mut HitMap::default(), cursor: &mut None, theme: &theme };
        f(&mut canvas, area);
        (0..width).map(|x| buf[(x, 0)].symbol().to_owned()).collect()
    }

    #[test]
    fn a_line_is_cut_where_it_does_not_fit() {
        let line = Line::new().put("Espresso", Role::Text).put(" manual", Role::Dim);
        assert_eq!(painted(15, |c, area| _ = c.line(area, &line)), "Espresso manual");
        assert_eq!(painted(12, |c, area| _ = c.line(area, &line)), "Espresso ma…");
        assert_eq!(painted(5, |c, area| _ = c.line(area, &line)), "Espr…");
    }

    #[test]
    fn painting_outside_is_clipped() {
        painted(3, |c, _| {
            let far = Rect::new(90, 90, 10, 10);
            c.line(far, &"x".into());
            c.clear(far);
            c.ground(far, Role::Cursor);
            c.pane(far, &"x".into(), &Line::new(), true);
        });
    }

    #[test]
    fn the_last_painted_is_hit() {
        let mut hits = HitMap::default();
        hits.0.push((Rect::new(0, 0, 9, 9), Target::List(0)));
        hits.0.push((Rect::new(2, 2, 1, 1), Target::Item(0, 4)));
        assert_eq!(
            (hits.at(2, 2), hits.at(1, 1), hits.at(9, 9)),
            (Some(Target::Item(0, 4)), Some(Target::List(0)), None)
        );
    }
}
