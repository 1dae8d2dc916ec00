//! Paints the form: where everything stands, the rows between, the summary and the button. `choices` paints the rows of
//! choices, `lines` the lines with what is said of each: wide beside each line, narrow a sign before it and the words
//! of one line below. Nothing is judged here; that is `sheet`.

mod choices;
mod lines;

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

pub(super) use self::choices::choice;
use self::choices::{LABEL, list, radio};
use self::lines::lines;
pub(super) use self::lines::{sign, words};
use super::{AddForm, Field, spots};
use crate::domain::negative::Kind;
use crate::ui::canvas::{Canvas, Line, Target, count, counted};
use crate::ui::data::Data;
use crate::ui::layout::{inset, row, split_bottom, split_left, split_top};
use crate::ui::theme::Role;
use crate::ui::widgets::dialog::dialog;

/// From this inner width on, what is said stands beside the lines, and all choices in one row.
const WIDE: u16 = 108;
/// The widest the form gets.
const WIDEST: u16 = 136;
/// The tallest the form gets.
const TALLEST: u16 = 30;

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

impl Areas {
    /// What the brands are painted in: left, right, words, and whether it is wide.
    pub(super) fn for_brands(&self) -> (Rect, Rect, Rect, bool) {
        (self.left, self.right, self.words, self.wide)
    }
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
