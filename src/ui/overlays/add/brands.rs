//! Brands by name: what is typed, what the platform answered, what is picked. One question is under way at a
//! time; what was typed meanwhile is asked next, so that a platform is not asked once a letter.

use crossterm::event::KeyEvent;
use ratatui::layout::Rect;

use super::lines::Entry;
use super::view::{self, Areas};
use super::{AddForm, Field};
use crate::domain::account::Identity;
use crate::domain::problem::Problem;
use crate::ui::canvas::{Canvas, Line, Target, count};
use crate::ui::data::Data;
use crate::ui::effect::Effect;
use crate::ui::layout::{inset, row, split_top};
use crate::ui::msg::{BrandHit, Reply};
use crate::ui::part::Cx;
use crate::ui::remote::{Remote, Ticket};
use crate::ui::theme::Role;
use crate::ui::widgets::input::TextField;
use crate::ui::widgets::list::ListState;

/// So many letters are worth a question; none at all asks for what the platform recommends.
const LEAST: usize = 2;

/// Brands by name.
#[derive(Clone, Debug, Default)]
pub struct Brands {
    /// What is typed.
    pub field: TextField,
    /// What the platform answered.
    pub hits: Remote<Vec<BrandHit>>,
    /// What is picked.
    pub picked: Vec<BrandHit>,
    /// Where the list of answers stands.
    pub list: ListState,
    asked: Option<String>,
}

impl Brands {
    /// With one brand picked.
    pub fn with(hit: BrandHit) -> Self {
        Self { picked: vec![hit], ..Self::default() }
    }

    /// Takes a key into the search field.
    pub fn type_key(&mut self, cx: &mut Cx, account: Option<&Identity>, key: KeyEvent) -> bool {
        let taken = self.field.key(key);
        // A name need not wait for what is recommended.
        let free = self.hits.since().is_none() || self.asked.as_deref() == Some("");
        if taken && free {
            self.ask(cx, account);
        }
        taken
    }

    /// Asks for what is typed.
    pub fn ask(&mut self, cx: &mut Cx, account: Option<&Identity>) {
        let name = self.field.value().trim();
        let Some(account) = account.filter(|_| name.is_empty() || name.chars().count() >= LEAST) else {
            self.hits = Remote::Absent;
            self.asked = None;
            return;
        };
        if self.asked.as_deref() == Some(name) && self.hits.problem().is_none() {
            return;
        }
        self.asked = Some(name.to_owned());
        let ticket = cx.ticket();
        self.hits.ask(ticket, cx.data.clock.monotonic);
        cx.emit(Effect::Brands(ticket, account.clone(), name.to_owned()));
    }

    /// Takes an answer if it is awaited; asks on if more was typed meanwhile.
    pub fn reply(
        &mut self,
        cx: &mut Cx,
        account: Option<&Identity>,
        ticket: Ticket,
        reply: &Result<Reply, Problem>,
    ) {
        let taken = match reply {
            Ok(Reply::Brands(hits)) => self.hits.take(ticket, Ok(hits.clone())),
            Err(problem) => self.hits.take(ticket, Err(problem.clone())),
            Ok(_) => false,
        };
        if taken {
            self.list = ListState { page: self.list.page, ..ListState::default() };
            if self.asked.as_deref() != Some(self.field.value().trim()) {
                self.ask(cx, account);
            }
        }
    }

    /// What the platform answered last.
    pub fn all(&self) -> &[BrandHit] {
        self.hits.value().map_or(&[], Vec::as_slice)
    }

    /// Whether a brand is picked.
    pub fn is_picked(&self, hit: &BrandHit) -> bool {
        self.picked.iter().any(|picked| picked.id == hit.id)
    }

    /// Picks the brand under the cursor, or no longer.
    pub fn toggle(&mut self) {
        let Some(hit) = self.all().get(self.list.cursor).cloned() else { return };
        if self.is_picked(&hit) {
            self.picked.retain(|picked| picked.id != hit.id);
        } else {
            self.picked.push(hit);
        }
    }

    /// What is picked, as lines.
    pub fn entries(&self) -> Vec<Entry> {
        let picked = self.picked.iter().enumerate();
        picked
            .map(|(row, hit)| Entry { row, text: hit.id.clone(), name: Some(hit.name.clone()), marked: None })
            .collect()
    }

    /// Keeps these only.
    pub fn keep(&mut self, rows: &[usize]) {
        self.picked = rows.iter().filter_map(|row| self.picked.get(*row).cloned()).collect();
    }
}

/// Paints the search field, the platform's answer and what is picked.
pub(super) fn paint(form: &AddForm, data: &Data, canvas: &mut Canvas, areas: &Areas) {
    let (left, right, words, wide) = areas.for_brands();
    let brands = &form.brands;
    let focused = matches!(form.focus, Field::Search | Field::Hits) && form.picker.is_none();
    let whose = form.brand_account().and_then(|id| data.account(id));
    let title = whose.map_or_else(|| "Brands".to_owned(), |a| format!("Brands of {}", a.capabilities.title));
    let inner = canvas.pane(left, &Line::of(title, Role::Dim), &Line::new(), focused);
    let (field, rest) = split_top(inner, 1);
    let took = canvas.line(field, &Line::of(" Name: ", Role::Key));
    canvas.hit(field, Target::Item(SEARCH, 0));
    let field = Rect { x: field.x + took, width: field.width.saturating_sub(took), ..field };
    brands.field.paint(canvas, field, Role::Text, focused && form.focus == Field::Search);
    canvas.hit(rest, Target::List(HITS));
    hits(form, data, canvas, rest);
    let place = |hit: &BrandHit| brands.picked.iter().position(|picked| picked.id == hit.id);
    if wide {
        let title = format!("{} picked", count(brands.picked.len()));
        let beside = canvas.pane(right, &Line::of(title, Role::Dim), &Line::new(), false);
        for entry in 0..brands.picked.len().min(beside.height as usize) {
            let (sign, role) = view::sign(form, data, entry);
            let said = form.sheet.says(entry, data, form.overlay()).swap_remove(0);
            let text = format!(" {}: {said}", brands.picked[entry].name.shown());
            canvas.line(inset(row(beside, entry as u16), 1), &Line::of(sign, role).put(text, role));
        }
        return;
    }
    let here = brands.all().get(brands.list.cursor).and_then(place);
    view::words(form, data, canvas, words, here.or(brands.picked.len().checked_sub(1)));
}

/// The platform's answer, or why there is none.
fn hits(form: &AddForm, data: &Data, canvas: &mut Canvas, area: Rect) {
    let brands = &form.brands;
    let symbols = data.theme.symbols;
    let all = brands.all();
    let say = match &brands.hits {
        _ if form.edit.is_some() => {
            Some((format!("{} stays; its state can change", form.brands.picked[0].name.shown()), Role::Text))
        }
        Remote::Absent => Some(("Type a part of a brand's name; space picks".to_owned(), Role::Dim)),
        Remote::Loading { since, .. } if data.slow(*since) => {
            Some((format!("{} asking for brands", data.spinner()), Role::Accent))
        }
        Remote::Failed { problem, .. } => Some((format!("{} {}", symbols.failed, problem.title), Role::Bad)),
        Remote::Ready(hits) if hits.is_empty() => Some(("No brand is called like this".to_owned(), Role::Dim)),
        _ => None,
    };
    let mut area = area;
    if let Some((say, role)) = say {
        let (line, rest) = split_top(area, 1);
        canvas.line(inset(line, 1), &Line::of(say, role));
        area = rest;
        if let (Remote::Failed { problem, .. }, true) = (&brands.hits, area.height > 0) {
            let why = [problem.detail.as_str(), problem.hint.as_str()].join(" ");
            canvas.line(inset(area, 3), &Line::of(why.trim(), Role::Dim));
            return;
        }
    }
    for (at, index) in brands.list.window(all.len(), area.height as usize).enumerate() {
        let place = row(area, at as u16);
        let hit = &all[index];
        let here = index == brands.list.cursor && form.focus == Field::Hits;
        let cursor = if here { symbols.cursor } else { " " };
        let picked = brands.picked.iter().position(|picked| picked.id == hit.id);
        let mark = if picked.is_some() { "[x] " } else { "[ ] " };
        let mut line = Line::of(cursor, Role::Accent)
            .put(mark, Role::Mark)
            .put(hit.name.shown().to_string(), Role::Text)
            .put(format!("  {}", hit.id.shown()), Role::Dim);
        if let Some(entry) = picked {
            let (sign, role) = view::sign(form, data, entry);
            line = line.put(format!("  {sign}"), role);
        }
        if here {
            canvas.ground(place, Role::Cursor);
            canvas.line_on(place, &line, data.theme.style(Role::Cursor));
        } else {
            canvas.line(place, &line);
        }
        canvas.hit(place, Target::Item(HITS, index));
    }
}

/// The numbers of the search field and of the answers among the form's lists: their places in the order of `tab`.
const SEARCH: u8 = 5;
const HITS: u8 = 6;
