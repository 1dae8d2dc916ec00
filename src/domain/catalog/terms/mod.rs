//! Search terms in memory: the rows of reports in columns, sorted so that those of a campaign or an ad group stand
//! side by side, there by text, there by day. Immutable, and good for the one catalog whose numbers it speaks.
//!
//! [`TermsBuilder`] makes one, [`Terms::rebind`] moves it to a newer snapshot. Rows of one text at one place are an
//! *entry*: what a list of search terms shows as a line. Each distinct normalised text is kept once ([`TextIx`]).

mod builder;
mod places;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

use super::super::account::Identity;
use super::super::money::Currency;
use super::super::term::{Figures, TermPeriod};
use super::interned::Interned;
use super::ix::row_number;
use super::{AccountIx, AdGroupIx, CampaignIx, Catalog, Day, Scope};

pub use builder::{PlaceSlot, TermsBuilder};
pub use places::PlaceFinder;

use places::{Place, Spot};

row_number!(
    /// A row of search terms: sorted by campaign and ad group, there by text, there by day.
    TermIx(u32)
);
row_number!(
    /// A distinct normalised text of search terms.
    TextIx(u32)
);
row_number!(
    /// All rows of one text at one place.
    EntryIx(u32)
);

/// What is loaded of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountTerms {
    /// The account.
    pub identity: Identity,
    /// The days that reports were loaded of, ascending; they never overlap.
    pub periods: Vec<TermPeriod>,
    /// The currency of every amount of the account; `None` before the first row.
    pub currency: Option<Currency>,
    /// How many rows there are, unresolved ones included.
    pub rows: usize,
    /// How many of them name a campaign or ad group that the snapshot does not have.
    pub unresolved: usize,
    /// How many of the newest days may still lack orders, where the reports tell.
    pub late_days: Option<u16>,
}

impl AccountTerms {
    /// The days from the first to the last loaded one.
    pub fn span(&self) -> Option<TermPeriod> {
        self.periods.iter().copied().reduce(TermPeriod::join)
    }

    /// The last day on which silence says that there were no orders: what the reports tell, else what is usual on the
    /// platform.
    pub fn settled(&self, usual: u16) -> Option<Day> {
        Some(Day::from(self.span()?.to).back(self.late_days.unwrap_or(usual)))
    }
}

/// One row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TermView {
    /// Its campaign.
    pub campaign: CampaignIx,
    /// Its ad group; `None` where the report tells none that the catalog has.
    pub ad_group: Option<AdGroupIx>,
    /// Its text.
    pub text: TextIx,
    /// The first day that it counts.
    pub from: Day,
    /// The last day that it counts.
    pub to: Day,
    /// What it counts.
    pub figures: Figures,
}

#[derive(Default)]
struct Columns {
    place: Vec<u32>,
    text: Vec<u32>,
    from: Vec<Day>,
    to: Vec<Day>,
    impressions: Vec<u32>,
    clicks: Vec<u32>,
    orders: Vec<u32>,
    /// Millionths of the account's currency, as are sales.
    spend: Vec<i64>,
    sales: Vec<i64>,
}

/// The search terms of all accounts. Shared as an `Arc`; nothing in it changes but indexes made when first needed.
pub struct Terms {
    accounts: Vec<AccountTerms>,
    /// What each of `accounts` is in the catalog.
    of_account: Vec<Option<AccountIx>>,
    places: Vec<Place>,
    spots: Vec<Option<Spot>>,
    texts: Interned,
    /// Rows of the catalog's shelves, in their order, then the unresolved ones.
    columns: Columns,
    /// The first row of each shelf of the catalog, of the unresolved ones, and the number of all rows at the end.
    starts: Vec<u32>,
    entries: Vec<u32>,
    by_text: OnceLock<(Vec<u32>, Vec<u32>)>,
    stamp: Arc<()>,
}

impl Terms {
    /// The number of rows whose campaign is in the catalog: those that [`TermIx`] numbers.
    pub fn len(&self) -> usize {
        self.starts[self.starts.len() - 2] as usize
    }

    /// Whether there is no such row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many rows name a campaign or ad group that the catalog does not have. Those with a known campaign are
    /// among the rows all the same, without their ad group.
    pub fn unresolved(&self) -> usize {
        self.accounts.iter().map(|account| account.unresolved).sum()
    }

    /// Whether these are numbered by that very catalog.
    pub fn is_of(&self, catalog: &Catalog) -> bool {
        Arc::ptr_eq(&self.stamp, &catalog.stamp)
    }

    /// The same rows, numbered by another catalog: after a sync or an apply.
    #[must_use]
    pub fn rebind(&self, catalog: &Catalog) -> Self {
        let rows: Vec<builder::Raw> = (0..self.columns.text.len()).map(|row| self.columns.raw(row)).collect();
        let mut accounts = self.accounts.clone();
        for account in &mut accounts {
            (account.rows, account.unresolved) = (0, 0);
        }
        builder::assemble(catalog, accounts, self.places.clone(), self.texts.clone(), &rows)
    }

    /// What is loaded, account by account.
    pub fn accounts(&self) -> &[AccountTerms] {
        &self.accounts
    }

    /// What is loaded of an account.
    pub fn account(&self, account: AccountIx) -> Option<&AccountTerms> {
        let at = self.of_account.iter().position(|known| *known == Some(account))?;
        Some(&self.accounts[at])
    }

    /// The days from the first to the last loaded one of all accounts.
    pub fn span(&self) -> Option<TermPeriod> {
        self.accounts.iter().filter_map(AccountTerms::span).reduce(TermPeriod::join)
    }

    /// One row.
    pub fn row(&self, row: TermIx) -> TermView {
        let at = row.at();
        let (campaign, ad_group) = self.parent(row);
        TermView {
            campaign,
            ad_group,
            text: TextIx(self.columns.text[at]),
            from: self.columns.from[at],
            to: self.columns.to[at],
            figures: self.columns.figures(at),
        }
    }

    /// The campaign and ad group of a row.
    pub fn parent(&self, row: TermIx) -> (CampaignIx, Option<AdGroupIx>) {
        let spot = self.spots[self.columns.place[row.at()] as usize];
        // Rows without a campaign lie past those that a `TermIx` of this catalog numbers.
        spot.map_or((CampaignIx(0), None), |spot| (spot.campaign, spot.ad_group))
    }

    /// What a row counts.
    pub fn figures(&self, row: TermIx) -> Figures {
        self.columns.figures(row.at())
    }

    /// The text of a row.
    pub fn text_of(&self, row: TermIx) -> TextIx {
        TextIx(self.columns.text[row.at()])
    }

    /// The days of a row.
    pub fn days(&self, row: TermIx) -> (Day, Day) {
        (self.columns.from[row.at()], self.columns.to[row.at()])
    }

    /// Whether a row counts from a day on: its last day is that day or a later one. Without a day every row does.
    pub fn reaches(&self, row: TermIx, since: Option<Date>) -> bool {
        since.is_none_or(|since| self.days(row).1 >= Day::from(since))
    }

    /// What some rows count together; they should be of one account, because currencies differ.
    pub fn sum(&self, rows: impl IntoIterator<Item = TermIx>) -> Figures {
        rows.into_iter().map(|row| self.figures(row)).sum()
    }

    /// How many distinct texts there are.
    pub fn text_count(&self) -> usize {
        self.texts.len()
    }

    /// A normalised text.
    pub fn text(&self, text: TextIx) -> &str {
        self.texts.get(text.0)
    }

    /// A text as the report first wrote it.
    pub fn written(&self, text: TextIx) -> &str {
        self.texts.written(text.0)
    }

    /// Every distinct normalised text, in the order of [`TextIx`].
    pub fn distinct(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.text_count()).map(|at| self.texts.get(at as u32))
    }

    /// The number of a text in the form that [`normalise`](fn@super::super::matching::normalise) gives.
    pub fn find_text(&self, normalised: &str) -> Option<TextIx> {
        self.texts.find(normalised).map(TextIx)
    }

    /// The rows of a text, ascending.
    pub fn rows_of_text(&self, text: TextIx) -> impl ExactSizeIterator<Item = TermIx> + '_ {
        let (starts, rows) = self.by_text.get_or_init(|| self.index_texts());
        let range = starts[text.at()] as usize..starts[text.at() + 1] as usize;
        rows[range].iter().map(|row| TermIx(*row))
    }

    fn index_texts(&self) -> (Vec<u32>, Vec<u32>) {
        let (rows, starts) = super::shelve::shelve(self.len(), self.text_count(), |row| self.columns.text[row]);
        (starts, rows)
    }

    /// The rows of a scope, ascending. What a negative of a campaign reaches is [`Scope::Campaign`], what one of an ad
    /// group does is [`Scope::AdGroup`].
    pub fn rows_in(&self, catalog: &Catalog, scope: Scope) -> impl Iterator<Item = TermIx> + use<> {
        let [first, second] = self.ranges(catalog, scope);
        first.chain(second).map(TermIx)
    }

    /// The rows of a scope: one range, or two where its parts do not stand side by side.
    pub fn ranges(&self, catalog: &Catalog, scope: Scope) -> [Range<u32>; 2] {
        catalog.shelves(scope).map(|shelves| self.starts[shelves.start]..self.starts[shelves.end])
    }

    /// How many entries there are.
    pub fn entry_count(&self) -> usize {
        self.entries.len() - 1
    }

    /// The rows of an entry; never none.
    pub fn rows_of(&self, entry: EntryIx) -> impl ExactSizeIterator<Item = TermIx> + use<> {
        (self.entries[entry.at()]..self.entries[entry.at() + 1]).map(TermIx)
    }

    /// The first row of an entry: its place and text are those of all its rows.
    pub fn first_of(&self, entry: EntryIx) -> TermIx {
        TermIx(self.entries[entry.at()])
    }

    /// The entry that a row belongs to.
    pub fn entry_of(&self, row: TermIx) -> EntryIx {
        EntryIx(self.entries.partition_point(|first| *first <= row.0) as u32 - 1)
    }

    /// The entries of a scope.
    pub fn entries_in(&self, catalog: &Catalog, scope: Scope) -> [Range<u32>; 2] {
        self.ranges(catalog, scope).map(|rows| {
            let at = |row: u32| self.entries.partition_point(|first| *first < row) as u32;
            at(rows.start)..at(rows.end)
        })
    }
}

impl Default for Terms {
    fn default() -> Self {
        TermsBuilder::default().finish(&Catalog::default())
    }
}

impl std::fmt::Debug for Terms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Terms")
            .field("accounts", &self.accounts.len())
            .field("rows", &self.len())
            .field("texts", &self.text_count())
            .finish_non_exhaustive()
    }
}
