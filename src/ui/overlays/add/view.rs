//! Paints the form: where to, the rows of choices, the lines with what is said of each, the summary and the button.
//! Wide, what is said stands beside each line; narrow, a sign before it and the words of one line below.

use ratatui::layout::{Position, Rect};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::{ALL, AddForm, Field, options, spots};
use crate::domain::negative::Kind;
use crate::domain::text::shown;
use crate::ui::canvas::{Canvas, Line, Target, count, counted, cut};
use crate::ui::data::Data;
use crate::ui::layout::{inset, row, split_bottom, split_left, split_top};
use crate::ui::theme::Role;
use crate::ui::widgets::details::wrap;
use crate::ui::widgets::dialog::dialog;

/// From this inner width on, what is said stands beside the lines, and all choices in one row.
const WIDE: u16 = 108;
/// The widest the form gets.
const WIDEST: u16 = 136;
/// The tallest the form gets.
const TALLEST: u16 = 30;
/// The column of the first choice.
const LABEL: u16 = 10;

/// Where things stand in the form.
pub(super) struct Areas {
    outer: Rect,
    to: Rect,
    sort: Rect,
    reach: Rect,
    left: Rect,
    right: Rect,
    /// The room of the lines, inside their border.
    pub lines: Rect,
    words: Rect,
    extras: Rect,
    foot: Rect,
    wide: bool,
}

/// Where things stand, for an area.
pub(super) fn areas(form: &AddForm, data: &Data, body: Rect) -> Areas {
    let outer =
        Rect { width: body.width.saturating_sub(2).min(WIDEST), height: body.height.min(TALLEST), ..body };
    let inner_width = outer.width.saturating_sub(4);
    let wide = inner_width >= WIDE;
    let inner = Rect {
        x: body.x + (body.width - outer.width) / 2 + 2,
        y: body.y + (body.height - outer.height) / 2 + 1,
        width: inner_width,
        height: outer.height.saturating_sub(2),
    };
    let extras = extras(form, data).len() as u16;
    let (to, rest) = split_top(inner, 1);
    let (sort, rest) = split_top(rest, if wide { 1 } else { 2 });
    let (reach, rest) = split_top(rest, 1);
    let (rest, foot) = split_bottom(rest, 1);
    let (rest, extras) = split_bottom(rest, extras);
    let (rest, words) = split_bottom(rest, if rest.height > 6 { 2 } else { 1 });
    let (left, right) =
        if wide { split_left(rest, rest.width * 2 / 5) } else { (rest, Rect { width: 0, ..rest }) };
    let lines = Rect {
        x: left.x + 1,
        y: left.y + 1,
        width: left.width.saturating_sub(2),
        height: left.height.saturating_sub(2),
    };
    Areas { outer, to, sort, reach, left, right, lines, words, extras, foot, wide }
}

/// The fields between the lines and the button.
fn extras(form: &AddForm, data: &Data) -> Vec<Field> {
    let fields = form.fields(data).into_iter();
    fields.filter(|field| matches!(field, Field::Signs | Field::Raise | Field::Covered)).collect()
}

/// How many choices a row has, and which is chosen; no choices for other fields.
pub(super) fn choice(form: &AddForm, data: &Data, field: Field) -> (usize, usize) {
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

fn list(field: Field) -> u8 {
    ALL.iter().position(|other| *other == field).unwrap_or(0) as u8
}

/// Paints the form.
pub(super) fn paint(form: &AddForm, data: &Data, canvas: &mut Canvas, body: Rect) {
    let areas = areas(form, data, body);
    let title = if form.edit.is_some() { "Edit the negative" } else { "Add negatives" };
    let _ = dialog(canvas, body, areas.outer.width, areas.outer.height, title, &Line::new());
    radio(form, data, canvas, areas.to, Field::To, "To");
    let (first, second) = split_top(areas.sort, 1);
    let took = radio(form, data, canvas, first, Field::Kind, "Kind");
    let mut place = second;
    if areas.wide {
        place = Rect { x: first.x + took + 2, width: first.width.saturating_sub(took + 2), ..first };
    }
    if form.sort.kind == Kind::Keyword {
        let took = radio(form, data, canvas, place, Field::Match, "Match");
        place = Rect { x: place.x + took + 2, width: place.width.saturating_sub(took + 2), ..place };
    }
    radio(form, data, canvas, place, Field::State, "State");
    reach(form, data, canvas, areas.reach);
    if form.sort.kind == Kind::Brand {
        super::brands::paint(form, data, canvas, &areas);
    } else {
        lines(form, data, canvas, &areas);
    }
    for (at, field) in extras(form, data).into_iter().enumerate() {
        extra(form, data, canvas, row(areas.extras, at as u16), field);
    }
    foot(form, data, canvas, areas.foot);
}

/// A row of choices; the columns it took. One choice alone is said without a ring before it.
fn radio(form: &AddForm, data: &Data, canvas: &mut Canvas, area: Rect, field: Field, label: &str) -> u16 {
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

fn reach(form: &AddForm, data: &Data, canvas: &mut Canvas, area: Rect) {
    if let Some(edit) = &form.edit {
        canvas.line(inset(area, 1), &Line::of(edit.says(form), Role::Warn));
        return;
    }
    let all = form.in_all(data);
    if !all.0.is_empty() && area.width < WIDE {
        // What all lines would block weighs more than where to, which stands right above.
        canvas.line(inset(area, 2), &all);
        return;
    }
    let area = Rect { x: area.x + LABEL.min(area.width), width: area.width.saturating_sub(LABEL), ..area };
    let reach = spots::reach(data, form.chosen(), &form.sheet.targets);
    if form.choices.get(form.to).is_some_and(|choice| choice.label == reach) && area.width >= WIDE - LABEL {
        // It is said in full right above.
        return;
    }
    let between = format!(" {} ", data.theme.symbols.trail);
    let mut end = reach.as_str();
    while let (true, Some((_, rest))) = (end.width() > area.width as usize, end.split_once(between.as_str())) {
        end = rest;
    }
    canvas.line(area, &Line::of(end, Role::Dim));
}

/// The lines, and what is said of them.
fn lines(form: &AddForm, data: &Data, canvas: &mut Canvas, areas: &Areas) {
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
pub(super) fn sign(form: &AddForm, data: &Data, entry: usize) -> (&'static str, Role) {
    if form.sheet.of(entry).is_empty() {
        return (data.theme.symbols.dot, Role::Dim);
    }
    if form.answer(entry).is_some_and(|answer| answer.lost_orders() > 0) {
        return ("!", Role::Bad);
    }
    form.sheet.tally(entry).sign(&data.theme.symbols)
}

/// Everything that is said of one line.
pub(super) fn words(form: &AddForm, data: &Data, canvas: &mut Canvas, area: Rect, entry: Option<usize>) {
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

fn extra(form: &AddForm, data: &Data, canvas: &mut Canvas, area: Rect, field: Field) {
    let focused = form.focus == field && form.picker.is_none();
    let role = if focused { Role::Focus } else { Role::Text };
    if field == Field::Signs {
        let label = format!("Quotes, brackets ({})", count(form.lines.signed()));
        radio(form, data, canvas, area, field, &label);
        return;
    }
    let text = if field == Field::Raise {
        format!("[ Write {} with capital letters ]", counted(form.lines.lower_asins(), "ASIN"))
    } else {
        let covered = form.sheet.total().map_or(0, |(total, _)| total.covered);
        let sign = if form.with_covered { "x" } else { " " };
        format!("[{sign}] stage the {} covered too: something wider blocks all of it", count(covered))
    };
    let cursor = if focused { data.theme.symbols.cursor } else { " " };
    let took = canvas.line(area, &Line::of(cursor, Role::Accent).put(format!(" {text}"), role));
    canvas.hit(Rect { width: took, ..area }, Target::Item(list(field), 0));
}

fn foot(form: &AddForm, data: &Data, canvas: &mut Canvas, area: Rect) {
    let symbols = data.theme.symbols;
    let focused = form.focus == Field::Stage && form.picker.is_none();
    let label = match form.to_stage() {
        Some(n) => format!("[ Stage {} ]", count(n)),
        None => "[ Stage ]".to_owned(),
    };
    let role = match (focused, form.hindrance().is_some()) {
        (true, _) => Role::Cursor,
        (false, true) => Role::Dim,
        (false, false) => Role::Accent,
    };
    let cursor = if focused { symbols.cursor } else { " " };
    let button = Line::of(cursor, Role::Accent).put(label, role);
    let width = (button.width() as u16).min(area.width);
    let place = Rect { x: area.right() - width, width, ..area };
    canvas.line(place, &button);
    canvas.hit(place, Target::Item(list(Field::Stage), 0));
    let rest = Rect { width: area.width - width, ..area };
    let rest = inset(rest, 1);
    canvas.line(rest, &summary(form, data, rest.width as usize));
}

fn summary(form: &AddForm, data: &Data, width: usize) -> Line {
    let (entries, judged) = (form.sheet.entries.len(), form.sheet.total());
    let mut line = Line::new();
    match judged {
        _ if form.edit.is_some() => {}
        _ if form.sheet.targets.is_empty() => line = line.put("nowhere to add to yet", Role::Warn),
        _ if entries == 0 => line = line.put("nothing to stage yet", Role::Dim),
        None if form.sheet.size() > super::sheet::MOST => {
            line = line.put(form.hindrance().unwrap_or_default(), Role::Bad);
        }
        None => {
            line =
                line.put(format!("judging {}{}", counted(entries, "line"), data.theme.symbols.cut), Role::Dim);
        }
        Some((total, to_fix)) => {
            let parts = [
                (total.stage, "to stage", Role::Good),
                (total.switch, "to switch", Role::Warn),
                (total.covered, "covered", Role::Dim),
                (total.skip, "there", Role::Dim),
                (to_fix, "to fix", Role::Bad),
            ];
            for (n, what, role) in parts.into_iter().filter(|(n, ..)| *n > 0) {
                let comma = if line.0.is_empty() { "" } else { ", " };
                line = line.put(comma, Role::Dim).put(format!("{} {what}", count(n)), role);
            }
        }
    }
    let all = form.in_all(data);
    let dot = format!(" {} ", data.theme.symbols.dot);
    // A narrow form says it above the lines.
    if !all.0.is_empty() && line.width() + dot.width() + all.width() <= width {
        return line.put(dot, Role::Dim).join(all);
    }
    let holds = spots::holds(data, &form.sheet.targets);
    let dot = if line.0.is_empty() { String::new() } else { format!(" {} ", data.theme.symbols.dot) };
    let whole = line.clone().put(format!("{dot}{holds}"), Role::Dim);
    // How much is held gives way to how much is staged.
    if !holds.is_empty() && whole.width() <= width { whole } else { line }
}

/// The parts of [`Areas`] that the brands are painted in: left, right, words, and whether it is wide.
impl Areas {
    pub(super) fn for_brands(&self) -> (Rect, Rect, Rect, bool) {
        (self.left, self.right, self.words, self.wide)
    }
}
