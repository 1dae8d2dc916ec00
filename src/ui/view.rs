//! The picture: header, tabs, the screen, what lies over it, the footer. Only reads; returns the hit map for the
//! mouse and the place of the terminal's cursor.

use std::time::Duration;

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use strum::VariantArray;

use super::action::Action;
use super::available::available;
use super::canvas::{Canvas, HitMap, Line, Target, count, counted};
use super::data::Data;
use super::layout::{self, frame};
use super::model::Model;
use super::part::Available;
use super::screens::ScreenId;
use super::theme::Role;
use super::whatif;
use crate::domain::clock::age;
use crate::domain::term::TermPeriod;

/// What painting leaves behind.
#[derive(Clone, Debug, Default)]
pub struct Painted {
    /// What is where.
    pub hits: HitMap,
    /// Where the terminal's cursor stands.
    pub cursor: Option<Position>,
}

/// Paints the model.
pub fn paint(model: &Model, buf: &mut Buffer) -> Painted {
    let mut painted = Painted::default();
    let size = (buf.area.width, buf.area.height);
    let mut canvas =
        Canvas { buf, hits: &mut painted.hits, cursor: &mut painted.cursor, theme: &model.data.theme };
    let screen = Rect::new(0, 0, size.0, size.1);
    canvas.ground(screen, Role::Text);
    if !layout::fits(size) {
        let (width, height) = layout::LEAST;
        let needs = format!("unbid needs {width}x{height}; this is {}x{}", size.0, size.1);
        canvas.line(screen, &needs.into());
        return painted;
    }
    let parts = frame(size);
    header(model, &mut canvas, parts.header);
    tabs(model, &mut canvas, parts.tabs);
    model.screen_part().paint(&model.data, &mut canvas, parts.body);
    for overlay in &model.overlays {
        overlay.part().paint(&model.data, &mut canvas, parts.body);
    }
    model.toasts.paint(&model.data, &mut canvas, parts.body);
    footer(model, &mut canvas, parts.footer);
    painted
}

fn header(model: &Model, canvas: &mut Canvas, area: Rect) {
    let data = &model.data;
    let symbols = data.theme.symbols;
    let mut left = Line::of(" unbid ", Role::Title);
    if !data.accounts.is_empty() {
        left =
            if data.any_live() { left.put(" LIVE ", Role::Alarm) } else { left.put(" SANDBOX ", Role::Badge) };
    }
    if data.read_only {
        left = left.put(" ", Role::Text).put(" READ-ONLY ", Role::Badge);
    }
    let trail = model.screen_part().trail(data);
    for (at, step) in trail.iter().enumerate() {
        let between = if at == 0 { "  ".to_owned() } else { format!(" {} ", symbols.trail) };
        let role = if at + 1 == trail.len() { Role::Title } else { Role::Dim };
        left = left.put(between, Role::Dim).put(step.as_str(), role);
    }
    let right = status(model);
    let room = area.width.saturating_sub(right.width() as u16);
    canvas.line_right(area, &right);
    canvas.line(Rect { width: room.saturating_sub(1), ..area }, &left);
}

/// The right of the header: a running refresh or the age of the data, and what is not sent.
fn status(model: &Model) -> Line {
    let data = &model.data;
    let dot = data.theme.symbols.dot;
    let sending = model.screens.plan.progress(data);
    let mut line = match data.sync.since() {
        _ if sending.is_some() => sending.unwrap_or_default(),
        _ if data.settling.since().is_some() => settling(data),
        Some(since) if data.slow(since) => {
            let running: Vec<_> = data.accounts.iter().filter_map(|a| a.syncing).collect();
            let negatives: usize = running.iter().map(|c| c.negatives).sum();
            let text = format!("{} refreshing {dot} {}", data.spinner(), counted(negatives, "negative"));
            Line::of(text, Role::Accent)
        }
        _ => match data.fetch.since() {
            Some(since) if data.slow(since) => {
                let running = data.accounts.iter().filter_map(|a| a.fetching);
                let (loaded, asked) =
                    running.fold((0, 0), |(loaded, asked), one| (loaded + one.loaded, asked + one.reports));
                let text = format!("{} fetching terms {dot} {loaded} of {asked} reports", data.spinner());
                Line::of(text, Role::Accent)
            }
            _ => age_line(model),
        },
    };
    if !data.staged.is_empty() {
        line = line.put("   ", Role::Text).put(format!("{} not sent", count(data.staged.len())), Role::Warn);
    }
    line.put(" ", Role::Text)
}

/// A settling: what it waits for.
fn settling(data: &Data) -> Line {
    let left =
        data.settling.value().and_then(|until| *until).map(|until| until.duration_since(data.clock.wall));
    let left = left.filter(jiff::SignedDuration::is_positive).map(|left| {
        let seconds = left.as_secs() + i64::from(left.subsec_nanos() > 0);
        format!(" ({seconds} s)")
    });
    let text = format!("{} checking what has no answer{}", data.spinner(), left.unwrap_or_default());
    Line::of(text, Role::Accent)
}

fn age_line(model: &Model) -> Line {
    let data = &model.data;
    if data.accounts.is_empty() {
        return Line::of(format!("unbid {}", data.version), Role::Dim);
    }
    let in_focus = model.screen_part().account(data);
    let snapshot = in_focus.map(|a| &a.snapshot);
    let fetched = snapshot.map_or_else(|| oldest(data), |s| s.fetched);
    let stale = snapshot.is_some_and(|s| s.stale.is_some());
    let text = match fetched {
        Some(at) => format!("data {}", age(at, data.clock.wall)),
        None if data.opened.value().is_some() => "no data yet".to_owned(),
        None => String::new(),
    };
    let line =
        if stale { Line::of(format!("{text}, refresh failed"), Role::Warn) } else { Line::of(text, Role::Dim) };
    match term_days(model) {
        Some(days) if data.size.0 >= 72 => {
            let dot = data.theme.symbols.dot;
            line.put(format!(" {dot} terms {}", whatif::dates(days, data)), Role::Dim)
        }
        _ => line,
    }
}

/// The days of the loaded terms: of the account in focus, else of all.
fn term_days(model: &Model) -> Option<TermPeriod> {
    let data = &model.data;
    let in_focus = model.screen_part().account(data).map(|one| &one.account.identity);
    let days = data.term_days.iter().filter(|(of, _)| in_focus.is_none_or(|identity| of == identity));
    days.map(|(_, days)| *days).reduce(TermPeriod::join)
}

fn oldest(data: &Data) -> Option<Timestamp> {
    data.accounts.iter().filter_map(|a| a.snapshot.fetched).min()
}

/// When an age in sight changes, in monotonic time.
pub fn age_changes(data: &Data) -> Option<Duration> {
    let next = |at: Timestamp| {
        let seconds = data.clock.wall.duration_since(at).as_secs().max(0).unsigned_abs();
        let step = if seconds < 3_600 { 60 } else { 3_600 };
        step - seconds % step
    };
    let seconds = data.accounts.iter().filter_map(|a| a.snapshot.fetched).map(next).min()?;
    Some(Duration::from_secs(data.clock.monotonic.as_secs() + seconds))
}

fn tabs(model: &Model, canvas: &mut Canvas, area: Rect) {
    let data = &model.data;
    let mut x = area.x + 1;
    if data.accounts.is_empty() {
        return;
    }
    for id in ScreenId::VARIANTS {
        let Some(number) = id.number() else { continue };
        let here = model.screen == *id;
        let mut line = Line::of(number.to_string(), if here { Role::Focus } else { Role::Key })
            .put(" ", Role::Text)
            .put(id.title(), if here { Role::Focus } else { Role::Text });
        let tally = tally(model, *id);
        if !tally.is_empty() {
            line = line.put(format!(" {tally}"), Role::Warn);
        }
        let place = Rect { x, width: area.right().saturating_sub(x), ..area };
        let took = canvas.line(place, &line);
        if here {
            canvas.ground(Rect { x, width: took, ..area }, Role::Resting);
        }
        canvas.hit(Rect { x, width: took, ..area }, Target::Tab(*id));
        x = (x + took + 3).min(area.right());
    }
}

/// The count beside a tab; empty where there is nothing to count.
fn tally(model: &Model, id: ScreenId) -> String {
    let data = &model.data;
    let found = model.screens.audit.counts();
    let n = match id {
        ScreenId::Terms => model.screens.terms.waste(),
        ScreenId::Audit if found.error > 0 => found.error,
        ScreenId::Audit => found.warning,
        ScreenId::Plan => data.staged.len(),
        ScreenId::Accounts => {
            data.accounts.iter().filter(|a| a.problem.is_some() || a.snapshot.stale.is_some()).count()
        }
        _ => 0,
    };
    match (n, id) {
        (0, _) => String::new(),
        (n, ScreenId::Accounts) => format!("{n}!"),
        // Errors are what the eye should find; without any, warnings are counted.
        (n, ScreenId::Audit) if found.error > 0 => format!("{n}!"),
        (n, _) => count(n),
    }
}

/// The hints in the footer, in order: those of what has focus, then palette and help.
pub fn footer_hints(model: &Model) -> Vec<Action> {
    let mut hints = model.top().hints(&model.data);
    if model.overlays.is_empty() {
        hints.extend([Action::Palette, Action::Help]);
    }
    hints
}

fn footer(model: &Model, canvas: &mut Canvas, area: Rect) {
    let data = &model.data;
    // The hints' keys are those of what the footer stands for, also while the footer itself has focus.
    let contexts = model.contexts_without_footer();
    let hints = footer_hints(model);
    let fixed = if model.overlays.is_empty() { 2 } else { 0 };
    let piece = |action: Action| {
        let key = data.keymap.hint(&contexts, action).unwrap_or_default();
        let role = match available(model, action) {
            Available::Ready => Role::Text,
            Available::Disabled(_) => Role::Dim,
        };
        Line::of(key, if role == Role::Dim { Role::Dim } else { Role::Key })
            .put(" ", Role::Text)
            .put(if fixed == 0 { action.short_in_front() } else { action.info().short }, role)
    };
    let (loose, last) = hints.split_at(hints.len() - fixed);
    let mut x = area.right().saturating_sub(1);
    for (at, action) in last.iter().enumerate().rev() {
        let line = piece(*action);
        x = x.saturating_sub(line.width() as u16);
        put_hint(
            model,
            canvas,
            Rect { x, width: line.width() as u16, ..area },
            &line,
            *action,
            loose.len() + at,
        );
        x = x.saturating_sub(2);
    }
    let mut status = model.top().status(data);
    if !model.pending.is_empty() {
        let keys: Vec<String> = model.pending.iter().map(ToString::to_string).collect();
        status = Line::of(format!("{} …", keys.join(" ")), Role::Accent);
    }
    if !status.0.is_empty() {
        x = x.saturating_sub(status.width() as u16 + 1);
        canvas.line(Rect { x, width: status.width() as u16, ..area }, &status);
    }
    let end = x;
    let mut x = area.x + 1;
    for (at, action) in loose.iter().enumerate() {
        let line = piece(*action);
        let width = line.width() as u16;
        if x + width + 1 > end {
            break;
        }
        put_hint(model, canvas, Rect { x, width, ..area }, &line, *action, at);
        x += width + 2;
    }
}

fn put_hint(model: &Model, canvas: &mut Canvas, area: Rect, line: &Line, action: Action, at: usize) {
    if model.footer == Some(at) && model.overlays.is_empty() {
        canvas.ground(area, Role::Cursor);
        canvas.line_on(area, line, model.data.theme.style(Role::Cursor));
    } else {
        canvas.line(area, line);
    }
    canvas.hit(area, Target::Act(action));
}
