//! What lists of search terms show: a *line* is one text at one place (an entry of [`Terms`]), with its sums, what blocks
//! it, whether its silence says something yet, and whether somebody looked at it. [`Sifter`] holds all that for one
//! snapshot; `query` filters and sorts it, `ngrams` sums runs of words. Heavy: computed off the UI thread, to be cancelled.

mod blocks;
mod ngrams;
mod query;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::account::Identity;
use super::capabilities::Capabilities;
use super::catalog::{
    AccountIx, AdGroupIx, CampaignIx, Cancel, Catalog, Day, EntryIx, Overlay, Scope, TermIx, Terms, TextIx,
};
use super::ids::{AdGroupId, CampaignId};
use super::matching::Rules;
use super::money::Currency;
use super::term::{Figures, Review, ReviewKey, TermPeriod, asin_of};

pub use blocks::{Blocked, By};
pub use ngrams::{Ngram, Ngrams, WORDS};
pub use query::{Column, LineRows, Order, SiftQuery, View};

use blocks::Blocks;

/// What is known of an account beside the snapshot.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The account.
    pub identity: Identity,
    /// What its platform allows.
    pub capabilities: &'static Capabilities,
}

/// Search terms with everything that a list shows of them. Cheap to clone; nothing in it changes.
#[derive(Clone)]
pub struct Sifter {
    catalog: Arc<Catalog>,
    terms: Arc<Terms>,
    blocks: Arc<Blocks>,
    /// What staged additions will block, by entry: the change's number.
    staged: Arc<FxHashMap<u32, Blocked>>,
    reviews: Arc<FxHashMap<u32, Review>>,
    /// Of each account of the snapshot the last day on which silence says something, and how it compares.
    accounts: Arc<Vec<(Option<Day>, Rules)>>,
    today: Date,
}

/// One line: a text at a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TermLine {
    /// Which.
    pub entry: EntryIx,
    /// Its campaign.
    pub campaign: CampaignIx,
    /// Its ad group; `None` where the report tells none.
    pub ad_group: Option<AdGroupIx>,
    /// Its text.
    pub text: TextIx,
    /// What came of it, on all loaded days.
    pub figures: Figures,
    /// Whether clicks are old enough for their orders to have come.
    pub settled: bool,
    /// What blocks it.
    pub blocked: Option<Blocked>,
    /// Whether nobody has looked at it, or it has come back since.
    pub new: bool,
}

impl Sifter {
    /// Gathers everything; `None` when cancelled.
    pub fn new(
        catalog: Arc<Catalog>,
        terms: Arc<Terms>,
        overlay: &Overlay,
        facts: &[Facts],
        reviews: &[(ReviewKey, Review)],
        today: Date,
        cancel: &Cancel,
    ) -> Option<Self> {
        let of = |identity: &Identity| facts.iter().find(|one| one.identity == *identity);
        let accounts = catalog.accounts().iter().zip(0..).map(|(account, ix)| {
            let capabilities = of(&account.identity).map(|one| one.capabilities);
            let late = capabilities.map_or(0, |capabilities| capabilities.late_orders_days.value);
            let settled = terms.account(AccountIx(ix)).and_then(|loaded| loaded.settled(late));
            (settled, capabilities.map(Rules::of).unwrap_or_default())
        });
        let accounts: Vec<(Option<Day>, Rules)> = accounts.collect();
        let blocks = Blocks::find(&catalog, &terms, |account| accounts[account.at()].1, cancel)?;
        let sifter = Self {
            catalog,
            terms,
            blocks: Arc::new(blocks),
            staged: Arc::default(),
            reviews: Arc::default(),
            accounts: Arc::new(accounts),
            today,
        };
        sifter.with(overlay, reviews, today, cancel)
    }

    /// The same with other staged changes and reviews.
    pub fn with(
        &self,
        overlay: &Overlay,
        reviews: &[(ReviewKey, Review)],
        today: Date,
        cancel: &Cancel,
    ) -> Option<Self> {
        let rules = |account: AccountIx| self.accounts[account.at()].1;
        let staged = blocks::staged(&self.catalog, &self.terms, overlay, rules, cancel)?;
        let found = reviews.iter().filter_map(|(key, review)| Some((self.find(key)?.0, review.clone())));
        let reviews = Arc::new(found.collect());
        Some(Self { staged: Arc::new(staged), reviews, today, ..self.clone() })
    }

    /// The snapshot.
    pub fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// The search terms.
    pub fn terms(&self) -> &Arc<Terms> {
        &self.terms
    }

    /// How many lines there are in all.
    pub fn len(&self) -> usize {
        self.terms.entry_count()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A line.
    pub fn line(&self, entry: EntryIx) -> TermLine {
        let first = self.terms.first_of(entry);
        let (campaign, ad_group) = self.terms.parent(first);
        let account = self.catalog.campaign(campaign).account_ix();
        let (figures, settled) = self.sums(entry, account);
        TermLine {
            entry,
            campaign,
            ad_group,
            text: self.terms.text_of(first),
            figures,
            settled,
            blocked: self.blocked(entry),
            new: self.is_new(entry, figures),
        }
    }

    /// Sums of an entry's rows, and whether one with clicks begins on a day that is settled: what a row of many days
    /// counts is settled for the most part.
    fn sums(&self, entry: EntryIx, account: AccountIx) -> (Figures, bool) {
        let last = self.accounts[account.at()].0;
        let (mut sum, mut settled) = (Figures::default(), false);
        for row in self.terms.rows_of(entry) {
            let figures = self.terms.figures(row);
            sum += figures;
            settled |= figures.clicks > 0 && last.is_some_and(|last| self.terms.days(row).0 <= last);
        }
        (sum, settled)
    }

    /// What blocks an entry: for certain, else what is staged, else what may.
    fn blocked(&self, entry: EntryIx) -> Option<Blocked> {
        let there = self.blocks.of(entry);
        let staged = self.staged.get(&entry.0).copied();
        [there, staged].into_iter().flatten().max_by_key(Blocked::rank)
    }

    fn is_new(&self, entry: EntryIx, figures: Figures) -> bool {
        self.reviews.get(&entry.0).is_none_or(|review| !review.hides(self.today, figures.spend))
    }

    /// What somebody said when looking at it.
    pub fn review(&self, entry: EntryIx) -> Option<&Review> {
        self.reviews.get(&entry.0)
    }

    /// The days of a line's rows.
    pub fn days(&self, entry: EntryIx) -> TermPeriod {
        let rows = self.terms.rows_of(entry).map(|row| self.terms.days(row));
        let (from, to) = rows.fold((None, None), |(first, last): (Option<Day>, Option<Day>), (from, to)| {
            (Some(first.map_or(from, |day| day.min(from))), Some(last.map_or(to, |day| day.max(to))))
        });
        let day = |day: Option<Day>| day.map_or(self.today, Day::date);
        TermPeriod { from: day(from), to: day(to) }
    }

    /// On how many days it was clicked, as far as its rows tell days apart.
    pub fn rows_with_clicks(&self, entry: EntryIx) -> usize {
        self.terms.rows_of(entry).filter(|row: &TermIx| self.terms.figures(*row).clicks > 0).count()
    }

    /// The account of a line.
    pub fn account_of(&self, line: &TermLine) -> AccountIx {
        self.catalog.campaign(line.campaign).account_ix()
    }

    /// The currency of a line's amounts.
    pub fn currency_of(&self, line: &TermLine) -> Option<&Currency> {
        self.terms.account(self.account_of(line))?.currency.as_ref()
    }

    /// The ASIN that a line's term is, where its platform has product negatives.
    pub fn asin(&self, line: &TermLine) -> Option<String> {
        let products = self.accounts[self.account_of(line).at()].1.products;
        products.then(|| asin_of(self.terms.text(line.text))).flatten()
    }

    /// What tells a line from every other, also in a newer snapshot.
    pub fn key(&self, entry: EntryIx) -> ReviewKey {
        let line = self.line(entry);
        let campaign = self.catalog.campaign(line.campaign);
        ReviewKey {
            account: campaign.account().identity.clone(),
            campaign: campaign.id(),
            ad_group: line.ad_group.map(|group| self.catalog.ad_group(group).id()),
            term: self.terms.text(line.text).into(),
        }
    }

    /// The line of a key.
    pub fn find(&self, key: &ReviewKey) -> Option<EntryIx> {
        let account = self.catalog.find_account(&key.account)?;
        let campaign = self.find_campaign(account, &key.campaign)?;
        let group = match &key.ad_group {
            Some(id) => Some(self.find_group(campaign, id)?),
            None => None,
        };
        let text = self.terms.find_text(key.term.raw())?;
        let row = self.terms.rows_of_text(text).find(|row| self.terms.parent(*row) == (campaign, group))?;
        Some(self.terms.entry_of(row))
    }

    fn find_campaign(&self, account: AccountIx, id: &CampaignId) -> Option<CampaignIx> {
        self.catalog.find_campaign(account, id)
    }

    fn find_group(&self, campaign: CampaignIx, id: &AdGroupId) -> Option<AdGroupIx> {
        self.catalog.find_ad_group(campaign, id)
    }

    /// The entries of a scope, ascending.
    fn entries_in(&self, scope: Scope) -> impl Iterator<Item = u32> + use<> {
        let [first, second] = self.terms.entries_in(&self.catalog, scope);
        first.chain(second)
    }
}

impl std::fmt::Debug for Sifter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sifter").field("lines", &self.len()).finish_non_exhaustive()
    }
}
