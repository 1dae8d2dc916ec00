//! Over the search terms: adds the marked ones as negatives, each at its own ad group or at its campaign. The match type
//! is first in focus, so that `a p enter` does it. What can be staged is; the rest is said with its reason.

mod view;

use std::collections::BTreeSet;

use ratatui::layout::Rect;
use rustc_hash::FxHashSet;

use super::add::sheet::{self, Asked};
use crate::domain::account::Identity;
use crate::domain::change::{Change, NewNegative};
use crate::domain::judge::{Advice, Judgement};
use crate::domain::money::amount;
use crate::domain::negative::{Kind, Level, MatchType, State};
use crate::domain::sift::{Sifter, TermLine};
use crate::domain::simulate::Question;
use crate::domain::term::Figures;
use crate::ui::action::Action;
use crate::ui::canvas::{Canvas, count, counted};
use crate::ui::data::Data;
use crate::ui::effect::{Effect, Staging};
use crate::ui::keymap::Context;
use crate::ui::msg::Reply;
use crate::ui::part::{Available, Changed, Cx, Part};
use crate::ui::remote::Ticket;
use crate::ui::whatif::WhatIf;

/// So many additions are judged at once, between two keys.
const AT_ONCE: usize = 200;
/// A field of the form, in the order of `tab`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Match,
    To,
    Stage,
}

const FIELDS: [Field; 3] = [Field::Match, Field::To, Field::Stage];

/// The form.
#[derive(Clone, Debug)]
pub struct TermsForm {
    sifter: Sifter,
    lines: Vec<TermLine>,
    match_type: MatchType,
    /// At the campaign, not at each one's own ad group.
    to_campaign: bool,
    focus: usize,
    /// The additions, those of an account side by side.
    asked: Vec<Asked>,
    judged: Option<Vec<Judgement>>,
    awaited: Option<Ticket>,
    /// What each would block.
    whatif: WhatIf,
    /// Stage as soon as everything is judged.
    eager: bool,
    sent: bool,
}

impl TermsForm {
    /// A form for these lines of these terms.
    pub fn new(cx: &mut Cx, sifter: Sifter, lines: Vec<TermLine>) -> Self {
        let mut form = Self {
            sifter,
            lines,
            match_type: MatchType::Exact,
            to_campaign: false,
            focus: 0,
            asked: Vec::new(),
            judged: None,
            awaited: None,
            whatif: WhatIf::default(),
            eager: false,
            sent: false,
        };
        form.refresh(cx);
        form
    }

    fn field(&self) -> Field {
        FIELDS[self.focus.min(FIELDS.len() - 1)]
    }

    /// Whether a platform of the lines has the match type.
    fn has_phrase(&self, data: &Data) -> bool {
        let mut accounts: Vec<Identity> = self.lines.iter().map(|line| self.account(line)).collect();
        accounts.dedup();
        accounts.iter().filter_map(|id| data.account(id)).any(|account| {
            let rules = account.capabilities.kinds.iter().filter(|rule| rule.kind == Kind::Keyword);
            rules.flat_map(|rule| rule.matches).any(|one| *one == MatchType::Phrase)
        })
    }

    fn account(&self, line: &TermLine) -> Identity {
        self.sifter.catalog().campaign(line.campaign).account().identity.clone()
    }

    /// The additions as they are now: a term that is an ASIN is a product, and what stands twice is made once.
    fn refresh(&mut self, cx: &mut Cx) {
        let mut asked: Vec<Asked> = Vec::new();
        let mut seen = FxHashSet::default();
        for line in &self.lines {
            let account = self.account(line);
            let asin = self.sifter.asin(line);
            let kind = if asin.is_some() { Kind::Product } else { Kind::Keyword };
            let campaign = self.sifter.catalog().campaign(line.campaign);
            let at_campaign = self.to_campaign
                && cx
                    .data
                    .account(&account)
                    .is_some_and(|a| a.capabilities.kind(kind, Level::Campaign).is_some());
            let group = line.ad_group.map(|group| self.sifter.catalog().ad_group(group).id());
            let text = asin.unwrap_or_else(|| self.sifter.terms().written(line.text).to_owned());
            let new = NewNegative {
                kind,
                campaign: campaign.id(),
                ad_group: group.filter(|_| !at_campaign),
                text: text.into(),
                brand_name: None,
                match_type: (kind == Kind::Keyword).then_some(self.match_type),
                state: State::Enabled,
            };
            if !seen.insert((account.clone(), new.campaign.clone(), new.ad_group.clone(), new.text.clone())) {
                continue;
            }
            match asked.iter_mut().find(|(known, _)| *known == account) {
                Some((_, all)) => all.push(new),
                None => asked.push((account, vec![new])),
            }
        }
        self.asked = asked;
        self.wonder(cx);
        self.judge(cx);
    }

    /// Asks what all of it would block.
    fn wonder(&mut self, cx: &mut Cx) {
        let new = self.asked.iter().flat_map(|(account, all)| all.iter().map(move |new| (account, new)));
        self.whatif.ask(cx, new.map(|(account, new)| Question::of_new(account, new)).collect());
    }

    fn size(&self) -> usize {
        self.asked.iter().map(|(_, new)| new.len()).sum()
    }

    fn judge(&mut self, cx: &mut Cx) {
        self.judged = None;
        let Some(catalog) = cx.data.catalog() else { return };
        if self.size() <= AT_ONCE {
            self.awaited = None;
            let of = |id: &Identity| cx.data.account(id).map(|a| a.capabilities);
            self.judged = Some(sheet::judge(&self.asked, catalog, &cx.data.overlay, of));
        } else {
            let ticket = cx.ticket();
            self.awaited = Some(ticket);
            cx.emit(Effect::Judge(ticket, self.asked.clone()));
        }
    }

    /// Every addition with what is said of it.
    fn all(&self) -> impl Iterator<Item = (&Identity, &NewNegative, &Judgement)> {
        let new = self.asked.iter().flat_map(|(account, all)| all.iter().map(move |new| (account, new)));
        new.zip(self.judged.iter().flatten()).map(|((account, new), judgement)| (account, new, judgement))
    }

    /// What is staged, and why the rest is not.
    fn gather(&self, data: &Data) -> (Staging, BTreeSet<String>, usize) {
        let (mut staging, mut reasons, mut left) = (Staging::default(), BTreeSet::new(), 0);
        let mut switched = FxHashSet::default();
        for (account, new, judgement) in self.all() {
            match judgement.advice() {
                Advice::Stage => {
                    staging.add.push((account.clone(), Change::Add { new: new.clone() }));
                }
                Advice::SetState { row, to } => {
                    if let Some(catalog) = data.catalog().filter(|_| switched.insert(row)) {
                        let target = catalog.negative(row).to_negative();
                        staging.add.push((account.clone(), Change::SetState { target, to }));
                    }
                }
                _ => {
                    left += 1;
                    reasons.insert(Self::says(data, account, judgement));
                }
            }
        }
        (staging, reasons, left)
    }

    fn says(data: &Data, account: &Identity, judgement: &Judgement) -> String {
        match (data.account(account), data.catalog()) {
            (Some(account), Some(catalog)) => judgement.says(account.capabilities, catalog, &data.overlay),
            _ => "its account is gone".to_owned(),
        }
    }

    fn stage(&mut self, cx: &mut Cx) {
        if self.sent {
            return cx.say("It is being staged.");
        }
        if self.judged.is_none() {
            self.eager = true;
            return cx.say("Every term is judged first; then they are staged.");
        }
        self.eager = false;
        let (staging, reasons, left) = self.gather(cx.data);
        let reasons = in_words(&reasons);
        if staging.is_empty() {
            return cx.say(format!("Nothing to stage: {reasons}."));
        }
        let mut say = format!("{} staged, not sent", counted(staging.add.len(), "change"));
        if left > 0 {
            say = format!("{say}; {} left out: {reasons}", count(left));
        }
        self.sent = true;
        cx.stage(staging, format!("{say}; u takes it back"));
    }

    /// What the lines cost and sold, currency by currency.
    fn sums(&self) -> String {
        let mut sums: Vec<(Option<crate::domain::money::Currency>, Figures)> = Vec::new();
        for line in &self.lines {
            let currency = self.sifter.currency_of(line).cloned();
            match sums.iter_mut().find(|(known, _)| *known == currency) {
                Some((_, sum)) => *sum += line.figures,
                None => sums.push((currency, line.figures)),
            }
        }
        let said = sums.iter().map(|(currency, sum)| {
            let currency = currency.as_ref();
            if sum.orders == 0 {
                format!("cost {}, 0 orders", amount(sum.spend, currency))
            } else {
                let orders = counted(usize::try_from(sum.orders).unwrap_or(usize::MAX), "order");
                format!("cost {}, had {orders}, {}", amount(sum.spend, currency), amount(sum.sales, currency))
            }
        });
        said.collect::<Vec<_>>().join("; ")
    }

    fn turn(&mut self, cx: &mut Cx) {
        match self.field() {
            Field::Match if self.match_type == MatchType::Phrase => self.match_type = MatchType::Exact,
            Field::Match if self.has_phrase(cx.data) => self.match_type = MatchType::Phrase,
            Field::To => self.to_campaign = !self.to_campaign,
            Field::Match | Field::Stage => return,
        }
        self.refresh(cx);
    }
}

/// The first reasons, and how many more there are.
fn in_words(reasons: &BTreeSet<String>) -> String {
    let first: Vec<&str> = reasons.iter().take(2).map(String::as_str).collect();
    let more = reasons.len() - first.len();
    let more = if more > 0 { format!("; and {more} more reasons") } else { String::new() };
    format!("{}{more}", first.join("; "))
}

impl Part for TermsForm {
    fn contexts(&self, _: &Data) -> Vec<Context> {
        vec![Context::TermsForm, Context::Overlay]
    }

    fn hints(&self, _: &Data) -> Vec<Action> {
        vec![Action::MatchPhrase, Action::MatchExact, Action::NextPane, Action::StageForm, Action::Back]
    }

    fn available(&self, data: &Data, action: Action) -> Available {
        match action {
            Action::MatchPhrase => {
                Available::when(self.has_phrase(data), "No platform of these has phrase negatives")
            }
            Action::MatchExact
            | Action::Open
            | Action::StageForm
            | Action::Back
            | Action::NextPane
            | Action::PrevPane
            | Action::Up
            | Action::Down
            | Action::Left
            | Action::Right => Available::Ready,
            _ => Available::no("Close this first"),
        }
    }

    fn act(&mut self, cx: &mut Cx, action: Action) {
        match action {
            Action::MatchPhrase | Action::MatchExact => {
                let phrase = action == Action::MatchPhrase;
                self.match_type = if phrase { MatchType::Phrase } else { MatchType::Exact };
                self.refresh(cx);
            }
            Action::Open | Action::StageForm => self.stage(cx),
            Action::Back => cx.close(),
            Action::NextPane | Action::Down => self.focus = (self.focus + 1) % FIELDS.len(),
            Action::PrevPane | Action::Up => self.focus = (self.focus + FIELDS.len() - 1) % FIELDS.len(),
            Action::Left | Action::Right => self.turn(cx),
            _ => {}
        }
    }

    fn click(&mut self, cx: &mut Cx, _: u8, item: usize) {
        self.focus = item;
        if self.field() == Field::Stage { self.stage(cx) } else { self.turn(cx) }
    }

    fn reply(&mut self, cx: &mut Cx, ticket: Ticket, reply: &Result<Reply, crate::domain::problem::Problem>) {
        if self.whatif.take(ticket, reply) {
            return;
        }
        if self.awaited != Some(ticket) {
            if self.sent && reply.is_err() {
                self.sent = false;
            }
            return;
        }
        self.awaited = None;
        if let Ok(Reply::Judged(judged)) = reply {
            self.judged = Some(judged.clone());
            if self.eager {
                self.stage(cx);
            }
        }
    }

    fn changed(&mut self, cx: &mut Cx, what: Changed) {
        match what {
            Changed::Staged if self.sent => cx.close(),
            Changed::Staged => self.judge(cx),
            // The lines are of a snapshot that is no more.
            Changed::Catalog => cx.close(),
            Changed::Terms => {
                self.whatif.renew(cx);
                self.wonder(cx);
            }
            Changed::Audit => {}
        }
    }

    fn layout(&mut self, _: &Data, _: Rect) {}

    fn paint(&self, data: &Data, canvas: &mut Canvas, screen: Rect) {
        view::paint(self, data, canvas, screen);
    }
}
