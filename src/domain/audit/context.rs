//! What all rules share: the input, an index of each account's live negatives, and sums that more than one rule asks
//! for. Made once; then read by every thread.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::civil::Date;
use rustc_hash::FxHashSet;

use super::super::campaign::ParentState;
use super::super::capabilities::Capabilities;
use super::super::catalog::positives::{PositiveIx, PositiveTextIx, PositiveView, Positives};
use super::super::catalog::{
    AccountIx, AdGroupIx, CampaignIx, Cancel, Catalog, Day, EntryIx, Liveness, NegIx, Scope, TermIx, Terms,
};
use super::super::keyword::PositiveMatch;
use super::super::matching::{BlockerIndex, Depth, Pattern, PatternIx, Rules, normal, tokens};
use super::super::money::Currency;
use super::super::negative::Kind;
use super::super::term::{Figures, TermPeriod};
use super::{AuditConfig, Input};

/// Stands for a negative that no text is compared with.
const NO_PATTERN: u32 = u32::MAX;

/// What all rules share.
pub struct Context<'a> {
    input: Input<'a>,
    indexes: Vec<BlockerIndex>,
    /// Of each negative its pattern in its account's index.
    patterns: Vec<u32>,
    /// Of each account, what all its search terms brought and cost.
    sums: Vec<Figures>,
    /// Of each account, the first day of the rows that are looked at.
    firsts: Vec<Option<Day>>,
    brands: Vec<String>,
    brand_runs: FxHashSet<String>,
    competitors: FxHashSet<String>,
    guarded: Vec<String>,
    isolated: OnceLock<FxHashSet<(AccountIx, usize)>>,
}

impl<'a> Context<'a> {
    /// Indexes the live negatives of the chosen accounts, side by side; `None` when cancelled.
    pub(super) fn new(input: Input<'a>, cancel: &Cancel) -> Option<Self> {
        let catalog = input.catalog;
        let accounts = catalog.accounts().len();
        let next = AtomicUsize::new(0);
        let work = || {
            let mut done = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                if at >= accounts || cancel.is_cancelled() {
                    return done;
                }
                done.push((at, index(&input, AccountIx(at as u16), cancel)));
            }
        };
        let mut indexed: Vec<(usize, Indexed)> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..super::walk::threads()).map(|_| scope.spawn(work)).collect();
            // A panic in a rule is told as one, not swallowed.
            let all = threads
                .into_iter()
                .map(|thread| thread.join().unwrap_or_else(|why| std::panic::resume_unwind(why)));
            all.flatten().collect()
        });
        if cancel.is_cancelled() {
            return None;
        }
        indexed.sort_by_key(|(at, _)| *at);
        let mut patterns = vec![NO_PATTERN; catalog.len()];
        let mut per_account = Vec::with_capacity(accounts);
        for (_, one) in indexed {
            for (row, pattern) in one.rows {
                patterns[row.at()] = pattern.0;
            }
            per_account.push(one.index);
        }
        let words = |list: &[String]| -> Vec<String> {
            list.iter().map(|word| normal(word).into_owned()).filter(|word| !word.is_empty()).collect()
        };
        let brands = words(&input.config.own_brands);
        let mut context = Self {
            input,
            indexes: per_account,
            patterns,
            sums: vec![Figures::default(); accounts],
            firsts: vec![None; accounts],
            brand_runs: runs(&brands),
            brands,
            competitors: words(&input.config.competitors).into_iter().collect(),
            guarded: words(&input.config.protected_words),
            isolated: OnceLock::new(),
        };
        for at in 0..context.terms().len() as u32 {
            let row = TermIx(at);
            if context.counts(row) {
                let account = catalog.campaign(context.terms().parent(row).0).account_ix();
                let figures = input.terms.figures(row);
                context.sums[account.at()] += figures;
                let first = &mut context.firsts[account.at()];
                let day = input.terms.days(row).0;
                *first = Some(first.map_or(day, |before| before.min(day)));
            }
        }
        Some(context)
    }

    /// The snapshot.
    pub fn catalog(&self) -> &'a Catalog {
        self.input.catalog
    }

    /// Its positive keywords and targets.
    pub fn positives(&self) -> &'a Positives {
        self.input.positives
    }

    /// Its search terms.
    pub fn terms(&self) -> &'a Terms {
        self.input.terms
    }

    /// Everything that was handed in.
    pub fn input(&self) -> &Input<'a> {
        &self.input
    }

    /// What the user set.
    pub fn config(&self) -> &'a AuditConfig {
        self.input.config
    }

    /// What an account's platform allows.
    pub fn capabilities(&self, account: AccountIx) -> Option<&'static Capabilities> {
        self.input.accounts.get(account.at())?.capabilities
    }

    /// The account group of an account.
    pub fn group(&self, account: AccountIx) -> &'a str {
        self.input.accounts.get(account.at()).map_or("", |facts| &facts.group)
    }

    /// Whether findings of an account are asked for.
    pub fn wants(&self, account: AccountIx) -> bool {
        self.input.only.is_empty() || self.input.only.contains(&account)
    }

    /// The index of an account's live negatives.
    pub(super) fn index(&self, account: AccountIx) -> &BlockerIndex {
        &self.indexes[account.at()]
    }

    /// The pattern of a live negative in its account's index.
    pub(super) fn pattern(&self, row: NegIx) -> Option<PatternIx> {
        let pattern = self.patterns[row.at()];
        (pattern != NO_PATTERN).then_some(PatternIx(pattern))
    }

    /// The currency of an account's amounts.
    pub fn currency(&self, account: AccountIx) -> Option<&'a Currency> {
        self.input.terms.account(account)?.currency.as_ref()
    }

    /// The days of an account's search terms, from the first that is looked at to the last.
    pub fn days(&self, account: AccountIx) -> Option<TermPeriod> {
        let span = self.input.terms.account(account)?.span()?;
        let Some(since) = self.input.since.filter(|since| *since > span.from) else { return Some(span) };
        // A row of several days counts whole, so its first day may be before the one asked for.
        let from = self.firsts[account.at()].map_or(since, |first| first.date().min(since));
        Some(TermPeriod { from, to: span.to })
    }

    /// The last day of an account's search terms on which silence says that there were no orders.
    pub fn settled(&self, account: AccountIx) -> Option<Day> {
        let terms = self.input.terms.account(account)?;
        let name = &self.catalog().account(account).name;
        // What the user set comes before what the reports tell.
        match self.config().late_days.get(name) {
            Some(set) => Some(Day::from(terms.span()?.to).back(*set)),
            None => {
                terms.settled(self.capabilities(account).map_or(0, |allowed| allowed.late_orders_days.value))
            }
        }
    }

    /// What all search terms of an account brought and cost.
    pub fn sum(&self, account: AccountIx) -> Figures {
        self.sums[account.at()]
    }

    /// The day before which search terms are not looked at.
    pub(super) fn since(&self) -> Option<Date> {
        self.input.since
    }

    /// Whether a row of search terms is looked at.
    pub(super) fn counts(&self, row: TermIx) -> bool {
        self.terms().reaches(row, self.input.since)
    }

    /// The rows of an entry that are looked at.
    pub fn rows(&self, entry: EntryIx) -> impl Iterator<Item = TermIx> + '_ {
        self.terms().rows_of(entry).filter(|row| self.counts(*row))
    }

    /// Since when a negative is there: our journal, else the platform's word, else the first snapshot that held it.
    pub fn there_since(&self, row: NegIx) -> Option<Date> {
        self.input.journal.added.get(&row).copied().or_else(|| self.catalog().negative(row).since())
    }

    /// Whether a positive can serve: switched on, and nothing above it archived or ended.
    pub fn serves(&self, positive: PositiveIx) -> bool {
        let one = self.positives().get(positive);
        one.state() == ParentState::Enabled && self.carries(one.ad_group_ix())
    }

    /// Whether an ad group and its campaign are neither archived nor ended.
    pub fn carries(&self, group: AdGroupIx) -> bool {
        let group = self.catalog().ad_group(group);
        group.state().carries() && group.campaign().state().carries()
    }

    /// The exact keywords of an account that have a text, those in one ad group (or one campaign) aside: those that
    /// serve, and those that do not.
    pub fn exact_elsewhere(
        &self,
        account: AccountIx,
        text: &str,
        here: Scope,
    ) -> (Vec<PositiveIx>, Vec<PositiveIx>) {
        let Some(text) = self.positives().find_text(text) else { return (Vec::new(), Vec::new()) };
        let exact = self.positives().with_text(text).filter(|one| {
            let group = self.catalog().ad_group(one.ad_group_ix());
            one.match_type() == PositiveMatch::Exact
                && group.campaign().account_ix() == account
                && match here {
                    Scope::AdGroup(own) => own != group.ix(),
                    Scope::CampaignLevel(own) | Scope::Campaign(own) => own != group.campaign().ix(),
                    _ => true,
                }
        });
        exact.map(PositiveView::ix).partition(|one| self.serves(*one))
    }

    /// One's own brands, in the form in which texts are compared.
    pub fn brands(&self) -> &[String] {
        &self.brands
    }

    /// Whether a run of words is one of those that a brand consists of, or a brand.
    pub(super) fn is_brand_run(&self, text: &str) -> bool {
        self.brand_runs.contains(text)
    }

    /// Whether a text is a rival's name.
    pub fn is_competitor(&self, text: &str) -> bool {
        self.competitors.contains(text)
    }

    /// The first protected word that a text holds as a run of whole words.
    pub fn guards(&self, text: &str) -> Option<&str> {
        self.guarded.iter().map(String::as_str).find(|word| has_run(text, word))
    }

    /// Whether a live positive keyword of the account has a brand in it: then its negatives elsewhere are isolation.
    pub(super) fn is_isolated(&self, account: AccountIx, brand: usize) -> bool {
        self.isolated.get_or_init(|| self.isolations()).contains(&(account, brand))
    }

    fn isolations(&self) -> FxHashSet<(AccountIx, usize)> {
        let mut found = FxHashSet::default();
        for text in 0..self.positives().text_count() as u32 {
            let text = PositiveTextIx(text);
            for (at, brand) in self.brands.iter().enumerate() {
                if has_run(self.positives().text(text), brand) {
                    let live = self.positives().with_text(text).filter(|one| {
                        !matches!(one.match_type(), PositiveMatch::Product | PositiveMatch::Other)
                            && self.serves(one.ix())
                    });
                    found.extend(
                        live.map(|one| {
                            (self.catalog().ad_group(one.ad_group_ix()).campaign().account_ix(), at)
                        }),
                    );
                }
            }
        }
        found
    }

    /// The name of a place, for people.
    pub fn place(&self, campaign: CampaignIx, group: Option<AdGroupIx>) -> String {
        let name = self.catalog().campaign(campaign).name();
        match group {
            None => name.to_string(),
            Some(group) => format!("{name} › {}", self.catalog().ad_group(group).name()),
        }
    }
}

/// Whether the words of `part` stand in `whole`, in order and next to each other; both in the compared form.
pub(super) fn has_run(whole: &str, part: &str) -> bool {
    let ends = |at: usize| whole.as_bytes().get(at).is_none_or(|byte| *byte == b' ');
    let begins = |at: usize| at == 0 || whole.as_bytes()[at - 1] == b' ';
    memchr::memmem::find_iter(whole.as_bytes(), part.as_bytes()).any(|at| begins(at) && ends(at + part.len()))
}

/// Every run of words of these texts.
fn runs(texts: &[String]) -> FxHashSet<String> {
    let mut found = FxHashSet::default();
    for text in texts {
        let words: Vec<&str> = tokens(text).collect();
        for length in 1..=words.len() {
            found.extend(words.windows(length).map(|run| run.join(" ")));
        }
    }
    found
}

struct Indexed {
    index: BlockerIndex,
    rows: Vec<(NegIx, PatternIx)>,
}

/// Puts an account's live negatives into an index. Accounts that nobody asked for have an empty one.
fn index(input: &Input<'_>, account: AccountIx, cancel: &Cancel) -> Indexed {
    let catalog = input.catalog;
    let allowed = input.accounts.get(account.at()).and_then(|facts| facts.capabilities);
    let rules = allowed.map_or_else(Rules::default, Rules::of);
    let mut index = BlockerIndex::new(rules, Depth::Soft);
    let mut rows = Vec::new();
    let asked = input.only.is_empty() || input.only.contains(&account);
    if asked && allowed.is_some() {
        for campaign in catalog.campaigns_of(account) {
            if cancel.is_cancelled() {
                break;
            }
            for row in catalog.negatives_in(Scope::Campaign(campaign.ix())) {
                let negative = catalog.negative(row);
                if negative.kind() == Kind::Brand || catalog.liveness(row) != Liveness::Live {
                    continue;
                }
                let pattern = Pattern {
                    kind: negative.kind(),
                    match_type: negative.match_type(),
                    text: negative.text_raw(),
                };
                rows.extend(index.insert(pattern).map(|pattern| (row, pattern)));
            }
        }
    }
    Indexed { index, rows }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_whole_words() {
        assert!(has_run("green card holder", "card") && has_run("card", "card") && has_run("a b c", "b c"));
        assert!(!has_run("green card", "car") && !has_run("scar", "car") && !has_run("a b", "b a"));
        assert!(has_run("carcar car", "car"), "a later one counts");
    }

    #[test]
    fn a_brand_is_hit_by_any_run_of_its_words() {
        let runs = runs(&["acme coffee".to_owned()]);
        let mut all: Vec<&str> = runs.iter().map(String::as_str).collect();
        all.sort_unstable();
        assert_eq!(all, ["acme", "acme coffee", "coffee"]);
    }
}
