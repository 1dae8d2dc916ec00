//! What-if: what negatives would block among the loaded search terms of their scope, what those cost and what they sold.
//! Pure and made for being asked often: the terms' words are indexed once. `words` says the answers.
//!
//! A negative that works removes its own evidence, so of one that is there only rows count that began before it was, and
//! rows of other places since. Costs count what is blocked for sure; what only may be is told beside.

mod words;

use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::account::Identity;
use super::campaign::ParentState;
use super::capabilities::Capabilities;
use super::catalog::positives::Positives;
use super::catalog::{AccountIx, AdGroupIx, Catalog, Day, Scope, TermIx, Terms, TextIx};
use super::change::NewNegative;
use super::ids::{AdGroupId, CampaignId};
use super::keyword::PositiveMatch;
use super::matching::{Pattern, Rules, TermIndex, Verdict};
use super::money::{Currency, Micros};
use super::negative::{Kind, MatchType, Negative};
use super::term::{Figures, TermPeriod};
use super::text::Text;

pub use self::words::{Part, Tone, days};

/// One negative, somewhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Question {
    /// Whose.
    pub account: Identity,
    /// Its campaign; `None` for the account as a whole.
    pub campaign: Option<CampaignId>,
    /// Its ad group; `None` for the campaign as a whole.
    pub ad_group: Option<AdGroupId>,
    /// What it names.
    pub kind: Kind,
    /// How it matches.
    pub match_type: Option<MatchType>,
    /// Its text.
    pub text: Text,
    /// The day since when it is there; `None` when it is not.
    pub since: Option<Date>,
}

impl Question {
    /// What a new negative would block.
    pub fn of_new(account: &Identity, new: &NewNegative) -> Self {
        Self {
            account: account.clone(),
            campaign: Some(new.campaign.clone()),
            ad_group: new.ad_group.clone(),
            kind: new.kind,
            match_type: new.match_type,
            text: new.text.clone(),
            since: None,
        }
    }

    /// What one that is there has blocked: in its scope before `since`, elsewhere since.
    pub fn of_existing(account: &Identity, negative: &Negative, since: Option<Date>) -> Self {
        Self {
            account: account.clone(),
            campaign: Some(negative.campaign.clone()),
            ad_group: negative.ad_group.clone(),
            kind: negative.kind,
            match_type: negative.match_type,
            text: negative.text.clone(),
            since,
        }
    }

    fn pattern(&self) -> Pattern<'_> {
        Pattern { kind: self.kind, match_type: self.match_type, text: self.text.raw() }
    }
}

/// Where orders of a blocked term go on: an exact keyword elsewhere that is the term.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The campaign's name.
    pub campaign: Text,
    /// The ad group's name.
    pub ad_group: Text,
}

/// One search term that would be blocked, or may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockedTerm {
    /// As the report first wrote it.
    pub term: Text,
    /// How sure it is.
    pub verdict: Verdict,
    /// What its rows count.
    pub figures: Figures,
    /// Where it is served all the same.
    pub moves_to: Option<Place>,
}

/// What a negative would block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// How many terms it blocks.
    pub blocks: usize,
    /// How many more it may block.
    pub may_block: usize,
    /// What those that it blocks count.
    pub blocked: Figures,
    /// What those that it may block count.
    pub may: Figures,
    /// Of the orders of `blocked`: how many go on elsewhere, and where, the most first.
    pub moves: Vec<(Place, u64)>,
    /// Whether all that it blocks is so new that orders may still come.
    pub fresh: bool,
    /// The currency of all amounts.
    pub currency: Option<Currency>,
    /// The days of the account's loaded terms, as far as they were asked about; `None` when there are none.
    pub days: Option<TermPeriod>,
    /// The terms, as many as were asked for: the best selling first, then the dearest.
    pub terms: Vec<BlockedTerm>,
}

/// What several negatives block together, in one currency: a row that two of them block counts once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Total {
    /// The currency; `None` where no row told one.
    pub currency: Option<Currency>,
    /// How many terms are blocked.
    pub blocks: usize,
    /// How many more may be.
    pub may_block: usize,
    /// What those that are blocked count.
    pub blocked: Figures,
    /// Of their orders, how many go on elsewhere.
    pub moved: u64,
}

/// Answers, in the order of the questions, and what they come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// One per question.
    pub each: Vec<Answer>,
    /// One per currency.
    pub totals: Vec<Total>,
}

/// The loaded terms, ready to be asked.
#[derive(Debug)]
pub struct Simulator {
    catalog: Arc<Catalog>,
    terms: Arc<Terms>,
    positives: Option<Arc<Positives>>,
    /// The terms' words, once per sort of rules.
    indexes: Mutex<Vec<(Rules, Arc<TermIndex>)>>,
}

/// What all questions have in common.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asking {
    /// Only rows that reach this day or a later one.
    pub from: Option<Date>,
    /// How many terms each answer lists.
    pub list: usize,
}

/// Rows that some question found, by account.
type Seen = FxHashMap<AccountIx, FxHashMap<TermIx, (Verdict, bool)>>;

impl Simulator {
    /// For terms that are numbered by that very catalog. Without positives nothing is said of where orders go on.
    pub fn new(catalog: Arc<Catalog>, terms: Arc<Terms>, positives: Option<Arc<Positives>>) -> Self {
        Self { catalog, terms, positives, indexes: Mutex::default() }
    }

    /// The catalog that it speaks of.
    pub fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// The terms that it reads.
    pub fn terms(&self) -> &Arc<Terms> {
        &self.terms
    }

    fn index(&self, rules: Rules) -> Arc<TermIndex> {
        // Every entry is whole between statements, so a panic elsewhere leaves nothing half done.
        let mut indexes = self.indexes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, index)) = indexes.iter().find(|(known, _)| *known == rules) {
            return Arc::clone(index);
        }
        let index = Arc::new(TermIndex::new(rules, self.terms.distinct()));
        indexes.push((rules, Arc::clone(&index)));
        index
    }

    /// Answers all questions; `None` once `stop` says so. An account or place that is not in the catalog blocks nothing.
    pub fn ask(
        &self,
        questions: &[Question],
        asking: Asking,
        capabilities: impl Fn(&Identity) -> Option<&'static Capabilities>,
        stop: impl Fn() -> bool,
    ) -> Option<Answers> {
        let mut answers = Answers::default();
        let mut seen = Seen::default();
        let mut spans: FxHashMap<AccountIx, Option<TermPeriod>> = FxHashMap::default();
        for question in questions {
            if stop() {
                return None;
            }
            let found = capabilities(&question.account).and_then(|capabilities| {
                let account = self.catalog.find_account(&question.account)?;
                let days = *spans.entry(account).or_insert_with(|| self.span(account, asking.from));
                Some(self.answer(question, account, days, asking, capabilities, &mut seen))
            });
            answers.each.push(found.unwrap_or_default());
        }
        answers.totals = self.totals(&seen);
        Some(answers)
    }

    /// The days that an account's rows tell about: those of its reports, or, from a day on, no more than its rows reach.
    fn span(&self, account: AccountIx, from: Option<Date>) -> Option<TermPeriod> {
        let span = self.terms.account(account)?.span()?;
        let Some(from) = from.filter(|from| *from > span.from) else { return Some(span) };
        if from > span.to {
            return None;
        }
        // A row of several days counts whole, so its first day may be before the one asked for.
        let rows = self.terms.rows_in(&self.catalog, Scope::Account(account));
        let reaching = rows.filter(|row| self.terms.reaches(*row, Some(from)));
        let first =
            reaching.map(|row| self.terms.days(row).0).min().map_or(from, |first| first.date().min(from));
        Some(TermPeriod { from: first, to: span.to })
    }

    fn scope(&self, question: &Question, account: AccountIx) -> Option<Scope> {
        let Some(campaign) = &question.campaign else { return Some(Scope::Account(account)) };
        let campaign = self.catalog.find_campaign(account, campaign)?;
        match &question.ad_group {
            None => Some(Scope::Campaign(campaign)),
            Some(group) => Some(Scope::AdGroup(self.catalog.find_ad_group(campaign, group)?)),
        }
    }

    fn answer(
        &self,
        question: &Question,
        account: AccountIx,
        days: Option<TermPeriod>,
        asking: Asking,
        capabilities: &Capabilities,
        seen: &mut Seen,
    ) -> Answer {
        let loaded = self.terms.account(account);
        let mut answer =
            Answer { days, currency: loaded.and_then(|one| one.currency.clone()), ..Answer::default() };
        let Some((scope, days)) = self.scope(question, account).zip(days) else { return answer };
        let within = self.terms.ranges(&self.catalog, scope);
        let all = self.terms.ranges(&self.catalog, Scope::Account(account));
        let since = question.since.map(Day::from);
        let counts = |row: TermIx| {
            let (first, _) = self.terms.days(row);
            let inside = within.iter().any(|range| range.contains(&row.0));
            let timely = match (inside, since) {
                (true, Some(since)) => first < since,
                (true, None) => true,
                (false, Some(since)) => first >= since && all.iter().any(|range| range.contains(&row.0)),
                (false, None) => false,
            };
            timely && self.terms.reaches(row, asking.from)
        };
        let usual = capabilities.late_orders_days.value;
        let open = loaded.and_then(|loaded| loaded.settled(usual)).unwrap_or_else(|| Day::from(days.to));
        answer.fresh = true;
        let account_seen = seen.entry(account).or_default();
        let mut moves: FxHashMap<Place, u64> = FxHashMap::default();
        for hit in self.index(Rules::of(capabilities)).blocked_by(question.pattern()) {
            let text = TextIx(hit.term);
            let rows: Vec<TermIx> = self.terms.rows_of_text(text).filter(|row| counts(*row)).collect();
            if rows.is_empty() {
                continue;
            }
            let figures = self.terms.sum(rows.iter().copied());
            let blocks = hit.verdict == Verdict::Blocks;
            let moves_to = if figures.orders > 0 { self.served(text, account, scope) } else { None };
            for row in &rows {
                let entry = (hit.verdict, moves_to.is_some());
                match account_seen.entry(*row) {
                    Entry::Vacant(place) => _ = place.insert(entry),
                    Entry::Occupied(mut place) if place.get().0 < hit.verdict => _ = place.insert(entry),
                    Entry::Occupied(_) => {}
                }
            }
            if blocks {
                answer.blocks += 1;
                answer.blocked += figures;
                answer.fresh &= rows.iter().all(|row| self.terms.days(*row).1 > open);
                if let Some(place) = &moves_to {
                    *moves.entry(place.clone()).or_default() += figures.orders;
                }
            } else {
                answer.may_block += 1;
                answer.may += figures;
            }
            if asking.list > 0 {
                let term = Text::new(self.terms.written(text));
                answer.terms.push(BlockedTerm { term, verdict: hit.verdict, figures, moves_to });
            }
        }
        answer.moves = moves.into_iter().collect();
        answer.moves.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.campaign.cmp(&b.0.campaign)));
        // Whole texts decide in the end, so that the same rows always come in the same order.
        answer.terms.sort_by(|a, b| {
            let rank = |one: &BlockedTerm| {
                (one.figures.sales, one.figures.orders, one.figures.spend, one.figures.clicks)
            };
            rank(b).cmp(&rank(a)).then_with(|| a.term.cmp(&b.term))
        });
        answer.terms.truncate(asking.list);
        answer
    }

    /// The place outside of a scope where an exact keyword that is running is this very text.
    fn served(&self, text: TextIx, account: AccountIx, scope: Scope) -> Option<Place> {
        let positives = self.positives.as_ref()?;
        let known = positives.find_text(self.terms.text(text))?;
        let outside = |group: AdGroupIx| match scope {
            Scope::Campaign(campaign) => self.catalog.ad_group(group).campaign().ix() != campaign,
            Scope::AdGroup(own) => own != group,
            _ => false,
        };
        let mut serving = positives.with_text(known).filter(|one| {
            let group = self.catalog.ad_group(one.ad_group_ix());
            let running = [one.state(), group.state(), group.campaign().state()];
            one.match_type() == PositiveMatch::Exact
                && running.iter().all(|state| *state == ParentState::Enabled)
                && group.campaign().account_ix() == account
                && outside(group.ix())
        });
        serving.next().map(|one| {
            let group = self.catalog.ad_group(one.ad_group_ix());
            Place { campaign: Text::new(group.campaign().name_raw()), ad_group: Text::new(group.name_raw()) }
        })
    }

    fn totals(&self, seen: &Seen) -> Vec<Total> {
        let mut totals: Vec<Total> = Vec::new();
        let mut accounts: Vec<_> = seen.iter().collect();
        accounts.sort_unstable_by_key(|(account, _)| **account);
        for (account, rows) in accounts {
            let Some(loaded) = self.terms.account(*account).filter(|_| !rows.is_empty()) else { continue };
            let at = totals.iter().position(|total| total.currency == loaded.currency).unwrap_or_else(|| {
                let currency = loaded.currency.clone();
                let none = Figures::default();
                totals.push(Total { currency, blocks: 0, may_block: 0, blocked: none, moved: 0 });
                totals.len() - 1
            });
            let total = &mut totals[at];
            let mut texts: FxHashMap<TextIx, Verdict> = FxHashMap::default();
            for (row, (verdict, moves)) in rows {
                let best = texts.entry(self.terms.text_of(*row)).or_default();
                *best = (*best).max(*verdict);
                if *verdict == Verdict::Blocks {
                    let figures = self.terms.figures(*row);
                    total.blocked += figures;
                    total.moved += if *moves { figures.orders } else { 0 };
                }
            }
            let blocks = texts.values().filter(|verdict| **verdict == Verdict::Blocks).count();
            total.blocks += blocks;
            total.may_block += texts.len() - blocks;
        }
        totals
    }
}

impl Answer {
    /// The orders that nobody would serve any more.
    pub fn lost_orders(&self) -> u64 {
        let moved: u64 = self.moves.iter().map(|(_, orders)| orders).sum();
        self.blocked.orders.saturating_sub(moved)
    }

    /// Whether nothing is blocked, for sure or perhaps.
    pub fn is_nothing(&self) -> bool {
        self.blocks + self.may_block == 0
    }

    /// What it cost.
    pub fn cost(&self) -> Micros {
        self.blocked.spend
    }
}

#[cfg(test)]
mod tests;
