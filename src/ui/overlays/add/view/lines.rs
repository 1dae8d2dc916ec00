//! The lines of the form: the text with its cursor, the sign before or beside each line, and the words on the one that
//! the cursor is on. What is said comes from the sheet and the what-ifs; here is only where it stands.

use ratatui::layout::{Position, Rect};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::Areas;
use super::choices::list;
use crate::domain::negative::Kind;
use crate::domain::text::shown;
use crate::ui::canvas::{Canvas, Line, Target, count, cut};
use crate::ui::data::Data;
use crate::ui::layout::{inset, row, split_left};
use crate::ui::overlays::add::{AddForm, Field};
use crate::ui::theme::Role;
use crate::ui::widgets::details::wrap;

/// The lines, and what is said of them.
pub fn lines(form: &AddForm, data: &Data, canvas: &mut Canvas, areas: &Areas) {
    let focused = form.focus == Field::Text && form.picker.is_none();
    let all = form.lines.all();
    let (at, column) = form.lines.cursor();
    let title = match (form.sort.kind, form.edit.is_some()) {
        (_, true) => "Text",
        (Kind::Product, _) => "ASINs, one per line",
        _ => "One per line; paste a list",
    };
    let place = if all.len() > 1 {
        Line::of(format!("{} of {}", count(at + 1), count(all.len())), Role::Dim)
    } else {
        Line::new()
    };
    let inner = canvas.pane(areas.left, &Line::of(title, Role::Dim), &place, focused);
    canvas.hit(inner, Target::List(list(Field::Text)));
    let beside = areas.wide.then(|| {
        let title = Line::of(form.said_title(data), Role::Dim);
        canvas.pane(areas.right, &title, &Line::new(), false)
    });
    for (n, index) in (form.lines.offset..all.len()).take(inner.height as usize).enumerate() {
        let place = row(inner, n as u16);
        canvas.hit(place, Target::Item(list(Field::Text), index));
        let entry = form.sheet.entry_at(index);
        let sign = entry.map_or((" ", Role::Dim), |entry| sign(form, data, entry));
        let text = if let Some(beside) = beside {
            if let Some(entry) = entry {
                let said = Line::of(sign.0, sign.1).put(" ", sign.1).join(form.said(data, entry, sign.1));
                canvas.line(inset(row(beside, n as u16), 1), &said);
            }
            inset(place, 1)
        } else {
            canvas.line(place, &Line::of(sign.0, sign.1));
            split_left(place, 2).1
        };
        text_line(canvas, text, &all[index], (focused && index == at).then_some(column));
    }
    if form.lines.all().iter().all(String::is_empty) && !focused {
        canvas.line(inset(inner, 2), &Line::of("Go here with tab and type, or paste a list", Role::Dim));
    }
    words(form, data, canvas, areas.words, form.sheet.entry_at(at));
}

/// One line of text; with a cursor the part that holds it, and the terminal's cursor there.
fn text_line(canvas: &mut Canvas, area: Rect, line: &str, cursor: Option<usize>) {
    let Some(column) = cursor else {
        canvas.line(area, &Line::of(shown(line).to_string(), Role::Text));
        return;
    };
    if area.is_empty() {
        return;
    }
    let split = line.char_indices().nth(column).map_or(line.len(), |(at, _)| at);
    let (before, after) = (shown(&line[..split]).to_string(), shown(&line[split..]).to_string());
    let room = area.width.saturating_sub(1) as usize;
    let mut head = before.as_str();
    while head.width() > room {
        let Some(first) = head.graphemes(true).next() else { break };
        head = &head[first.len()..];
    }
    canvas.line(area, &Line::of(head, Role::Text).put(after, Role::Text));
    *canvas.cursor = Some(Position { x: area.x + (head.width() as u16).min(area.width - 1), y: area.y });
}

/// The sign of a line; dots until it is known.
pub fn sign(form: &AddForm, data: &Data, entry: usize) -> (&'static str, Role) {
    if form.sheet.of(entry).is_empty() {
        return (data.theme.symbols.dot, Role::Dim);
    }
    if form.answer(entry).is_some_and(|answer| answer.lost_orders() > 0) {
        return ("!", Role::Bad);
    }
    form.sheet.tally(entry).sign(&data.theme.symbols)
}

/// Everything that is said of one line.
pub fn words(form: &AddForm, data: &Data, canvas: &mut Canvas, area: Rect, entry: Option<usize>) {
    let Some(entry) = entry else { return };
    let mut said = form.sheet.says(entry, data, form.overlay());
    if form.sheet.of(entry).is_empty() {
        return;
    }
    if let Some(answer) = form.answer(entry).filter(|answer| answer.days.is_some()) {
        // What it would block comes first: the rest is no hindrance.
        let fine = said.first().is_some_and(|first| first == "fine");
        said.drain(..usize::from(fine));
        said.splice(0..0, answer.parts().into_iter().map(|part| part.text));
    }
    said.extend(form.said_of(data, entry));
    let (sign, role) = sign(form, data, entry);
    let text = form.sheet.entries[entry].name.as_ref().unwrap_or(&form.sheet.entries[entry].text);
    let text = cut(&text.shown().cow(), 30, data.theme.symbols.cut).into_owned();
    let between = format!(" {} ", data.theme.symbols.dot);
    let whole = format!("{sign} {text}: {}", said.join(&between));
    for (at, part) in wrap(&whole, (area.width as usize).saturating_sub(2).max(8)).into_iter().enumerate() {
        canvas.line(inset(row(area, at as u16), 1), &Line::of(part, role));
    }
}
