//! Rows of choices: what a field offers, which is chosen, and how such a row is painted. What may be chosen at some
//! places is said by `options`; choosing is the form's.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use crate::ui::canvas::{Canvas, Line, Target, counted, cut};
use crate::ui::data::Data;
use crate::ui::overlays::add::{ALL, AddForm, Field, options};
use crate::ui::theme::Role;

/// The column of the first choice.
pub const LABEL: u16 = 10;

/// How many choices a row has, and which is chosen; no choices for other fields.
pub fn choice(form: &AddForm, data: &Data, field: Field) -> (usize, usize) {
    let (labels, at) = labels(form, data, field);
    (labels.len(), at)
}

fn labels(form: &AddForm, data: &Data, field: Field) -> (Vec<String>, usize) {
    fn words<T: Copy + PartialEq>(all: &[T], chosen: T, word: impl Fn(T) -> String) -> (Vec<String>, usize) {
        let at = all.iter().position(|one| *one == chosen).unwrap_or(0);
        (all.iter().map(|one| word(*one)).collect(), at)
    }
    match field {
        Field::To => {
            let mut labels: Vec<String> = form.choices.iter().map(|choice| choice.label.clone()).collect();
            if form.edit.is_none() {
                labels.push(match form.picked.len() {
                    0 => "pick scopes".to_owned(),
                    n => format!("{} picked", counted(n, "scope")),
                });
            }
            (labels, form.to)
        }
        Field::Kind => words(&form.kinds(data), form.sort.kind, |kind| options::kind_word(kind).to_owned()),
        Field::Match => {
            words(&options::matches(&form.rules(data)), form.sort.match_type, |one| one.to_string())
        }
        Field::State => words(&options::states(&form.rules(data)), form.sort.state, |one| one.to_string()),
        Field::Signs => {
            let labels = vec!["mean phrase, exact".to_owned(), "are text".to_owned()];
            (labels, usize::from(!form.signs))
        }
        _ => (Vec::new(), 0),
    }
}

/// The number of a field's list, for the mouse.
pub fn list(field: Field) -> u8 {
    ALL.iter().position(|other| *other == field).unwrap_or(0) as u8
}

/// A row of choices; the columns it took. One choice alone is said without a ring before it.
pub fn radio(form: &AddForm, data: &Data, canvas: &mut Canvas, area: Rect, field: Field, label: &str) -> u16 {
    let (labels, chosen) = labels(form, data, field);
    let focused = form.focus == field && form.picker.is_none();
    let symbols = data.theme.symbols;
    let cursor = if focused { symbols.cursor } else { " " };
    let gap = usize::from(LABEL - 2).max(label.len() + 2);
    let gap = if matches!(field, Field::Match | Field::State) && area.x > 12 { label.len() + 2 } else { gap };
    let role = if focused { Role::Focus } else { Role::Dim };
    let head = Line::of(cursor, Role::Accent).put(" ", Role::Text).put(format!("{label:<gap$}"), role);
    let mut x = area.x + canvas.line(area, &head);
    let alone = labels.len() == 1;
    let dot = if data.theme.ascii { "*" } else { "•" };
    let others: usize = labels.iter().skip(1).map(|label| label.width() + 6).sum();
    for (at, label) in labels.iter().enumerate() {
        let ring = match (alone, at == chosen) {
            (true, _) => String::new(),
            (_, true) => format!("({dot}) "),
            (_, false) => "( ) ".to_owned(),
        };
        let room = if at == 0 {
            (area.right().saturating_sub(x) as usize).saturating_sub(others + 4)
        } else {
            label.width()
        };
        // The end of a trail says more than its beginning.
        let end = label.rsplit_once(&format!(" {} ", symbols.trail)).map_or(label.as_str(), |(_, end)| end);
        let label = if label.width() > room { end } else { label };
        let text = format!("{ring}{}", cut(label, room.max(8), symbols.cut));
        let role = match (at == chosen, focused) {
            (true, true) => Role::Focus,
            (true, false) => Role::Text,
            _ => Role::Dim,
        };
        let place = Rect { x, width: area.right().saturating_sub(x), ..area };
        let took = canvas.line(place, &Line::of(text, role));
        canvas.hit(Rect { width: took, ..place }, Target::Item(list(field), at));
        x = (x + took + 2).min(area.right());
    }
    x.saturating_sub(area.x)
}
