//! What-if answers as a screen keeps them: asked of the shell with every change, the last question alone awaited, the
//! old answers in sight until the new ones come. What is said of them is `domain::simulate`'s business.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::canvas::Line;
use super::data::Data;
use super::effect::Effect;
use super::msg::Reply;
use super::overlays::add::sheet::Grid;
use super::overlays::blocked;
use super::part::{Available, Cx};
use super::remote::Ticket;
use super::theme::Role;
use crate::domain::problem::Problem;
use crate::domain::simulate::{Answer, Answers, Part, Question, Tone, Total, days};
use crate::domain::term::TermPeriod;
use crate::domain::text::Text;

/// The most questions that a form asks one by one; of longer lists the lines in sight, and all of them for their sum.
pub const MOST: usize = 2_000;

/// Answers to what a screen asked last.
#[derive(Clone, Debug, Default)]
pub struct WhatIf {
    asked: Vec<Question>,
    awaited: Option<Ticket>,
    /// The place of each question among the answers.
    places: FxHashMap<Question, usize>,
    answers: Arc<Answers>,
    totals: Vec<Total>,
    /// The sum of a list that is too long to be asked one by one.
    sum: Sum,
    problem: Option<Problem>,
}

/// The sum of a long list.
#[derive(Clone, Debug, Default)]
enum Sum {
    /// The list is short.
    #[default]
    None,
    /// It was asked for.
    Awaited(Ticket),
    /// It is among the totals.
    Here,
}

impl WhatIf {
    /// Asks, unless just this was asked already. Whatever was under way is void.
    pub fn ask(&mut self, cx: &mut Cx, questions: Vec<Question>) {
        if questions == self.asked {
            return;
        }
        if let Some(before) = self.awaited.take() {
            cx.emit(Effect::Cancel(before));
        }
        self.asked = questions;
        if !self.is_long() {
            self.totals.clear();
        }
        if self.asked.is_empty() {
            return;
        }
        let ticket = cx.ticket();
        self.awaited = Some(ticket);
        cx.emit(Effect::Simulate(ticket, self.asked.clone(), 0));
    }

    /// Asks for the sum of a list that is too long to be asked one by one; `None`: it is short. Whatever sum was under
    /// way is void.
    pub fn sum_up(&mut self, cx: &mut Cx, grid: Option<Grid>) {
        if let Sum::Awaited(before) = std::mem::take(&mut self.sum) {
            cx.emit(Effect::Cancel(before));
        }
        let Some(grid) = grid else { return };
        self.totals.clear();
        let ticket = cx.ticket();
        self.sum = Sum::Awaited(ticket);
        cx.emit(Effect::SumUp(ticket, Box::new(grid)));
    }

    fn is_long(&self) -> bool {
        !matches!(self.sum, Sum::None)
    }

    /// Forgets everything: the snapshot is another.
    pub fn forget(&mut self) {
        // What is under way may still answer; nobody awaits it.
        *self = Self::default();
    }

    /// The search terms are others: what is asked next is asked anew. What was answered stays in sight until then.
    pub fn renew(&mut self, cx: &mut Cx) {
        if let Some(before) = self.awaited.take() {
            cx.emit(Effect::Cancel(before));
        }
        self.asked.clear();
    }

    /// Takes a reply if it is the awaited one; says whether it was.
    pub fn take(&mut self, ticket: Ticket, reply: &Result<Reply, Problem>) -> bool {
        if matches!(self.sum, Sum::Awaited(awaited) if awaited == ticket) {
            self.sum = Sum::Here;
            if let Ok(Reply::Simulated(answers)) = reply {
                self.totals.clone_from(&answers.totals);
            }
            return true;
        }
        if self.awaited != Some(ticket) {
            return false;
        }
        self.awaited = None;
        match reply {
            Ok(Reply::Simulated(answers)) => {
                self.problem = None;
                self.places = self.asked.iter().cloned().zip(0..answers.each.len()).collect();
                self.answers = Arc::clone(answers);
                if !self.is_long() {
                    self.totals.clone_from(&answers.totals);
                }
            }
            Ok(_) => {}
            Err(problem) => {
                self.places.clear();
                self.answers = Arc::default();
                self.problem = Some(problem.clone());
            }
        }
        true
    }

    /// The answer to a question; `None` until it is here.
    pub fn of(&self, question: &Question) -> Option<&Answer> {
        self.answers.each.get(*self.places.get(question)?)
    }

    /// What all that was asked last comes to, by currency; empty until it is here.
    pub fn totals(&self) -> &[Total] {
        &self.totals
    }

    /// Why there are no answers.
    pub fn problem(&self) -> Option<&Problem> {
        self.problem.as_ref()
    }

    /// The days of all loaded terms that answers speak of; `None` when none are loaded.
    pub fn days(&self) -> Option<TermPeriod> {
        self.answers.each.iter().filter_map(|answer| answer.days).reduce(TermPeriod::join)
    }

    /// Whether anything has been answered.
    pub fn is_answered(&self) -> bool {
        !self.answers.each.is_empty()
    }

    /// Whether there are terms to list, and why not.
    pub fn can_list(&self) -> Available {
        let finds = |answer: &Answer| !answer.is_nothing();
        match (self.is_answered(), self.days()) {
            (false, _) => Available::no("The search terms are still being read"),
            (true, None) => Available::no("No search terms are loaded"),
            (true, Some(_)) => {
                Available::when(self.answers.each.iter().any(finds), "No loaded search term is blocked by it")
            }
        }
    }
}

/// The most terms that are listed.
const MOST_LISTED: usize = 5_000;

/// A list of terms that was asked for.
#[derive(Clone, Debug, Default)]
pub struct Listing(Option<Asked>);

/// What a list is of.
#[derive(Clone, Debug)]
struct Asked {
    ticket: Ticket,
    what: String,
    /// The negatives by their texts, where there are several to be told apart.
    names: Vec<Text>,
}

impl Listing {
    /// Asks for the terms that some negatives block or would.
    pub fn ask(&mut self, cx: &mut Cx, what: String, questions: Vec<Question>) {
        let ticket = cx.ticket();
        let names = if questions.len() > 1 {
            questions.iter().map(|question| question.text.clone()).collect()
        } else {
            Vec::new()
        };
        self.0 = Some(Asked { ticket, what, names });
        cx.emit(Effect::Simulate(ticket, questions, MOST_LISTED));
    }

    /// Opens the list if it is the awaited one; says whether it was.
    pub fn take(&mut self, cx: &mut Cx, ticket: Ticket, reply: &Result<Reply, Problem>) -> bool {
        let Some(Asked { what, names, .. }) = self.0.take_if(|asked| asked.ticket == ticket) else {
            return false;
        };
        match reply {
            Ok(Reply::Simulated(answers)) => cx.open(blocked::terms(&what, &names, answers, cx.data)),
            Ok(_) => {}
            Err(problem) => cx.fail(problem.clone()),
        }
        true
    }
}

/// The colour of a part.
pub fn role(tone: Tone) -> Role {
    match tone {
        Tone::Plain => Role::Text,
        Tone::Dim => Role::Dim,
        Tone::Doubt => Role::Warn,
        Tone::Danger => Role::Bad,
    }
}

/// Parts of an answer on one line.
pub fn line(parts: &[Part], data: &Data) -> Line {
    let between = format!(" {} ", data.theme.symbols.dot);
    let mut line = Line::new();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            line = line.put(between.as_str(), Role::Dim);
        }
        line = line.put(part.text.as_str(), role(part.tone));
    }
    line
}

/// The days of terms, for a line that has money on it.
pub fn dates(period: TermPeriod, data: &Data) -> String {
    let today = data.clock.wall.to_zoned(data.zone.clone()).date();
    let said = days(period, today);
    // An en dash is no ASCII.
    if data.theme.ascii { said.replace('–', "-") } else { said }
}

/// Answers of several places as one; the terms of two places are counted in both.
pub fn join<'a>(answers: impl IntoIterator<Item = &'a Answer>) -> Option<Answer> {
    answers.into_iter().cloned().reduce(|mut all, one| {
        if all.days.is_none() || (all.is_nothing() && all.currency != one.currency) {
            all.currency.clone_from(&one.currency);
        }
        all.days = all.days.into_iter().chain(one.days).reduce(TermPeriod::join);
        // Amounts of another currency cannot be added; its terms still count.
        let same = all.currency == one.currency;
        all.blocks += one.blocks;
        all.may_block += one.may_block;
        if same {
            all.blocked += one.blocked;
            all.may += one.may;
        }
        all.fresh &= one.fresh;
        for (place, orders) in one.moves {
            match all.moves.iter_mut().find(|(known, _)| *known == place) {
                Some((_, sum)) => *sum += orders,
                None => all.moves.push((place, orders)),
            }
        }
        all
    })
}
