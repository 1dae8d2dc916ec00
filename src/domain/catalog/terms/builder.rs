//! Builds [`Terms`] from rows in any order and sorts them once at the end, by the catalog that they belong to.

use compact_str::CompactString;
use rustc_hash::FxHashMap;

use super::super::super::account::Identity;
use super::super::super::money::{Currency, Micros};
use super::super::super::term::{Figures, Named, TermPeriod};
use super::super::days::Day;
use super::super::interned::Interned;
use super::super::shelve::shelve;
use super::super::{Catalog, Scope};
use super::places::{Key, Place, Spot, resolve};
use super::{AccountTerms, Columns, Terms, TextIx};

/// A place while terms are being built; see [`TermsBuilder::place`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlaceSlot(u32);

/// One row while it is being sorted.
#[derive(Clone, Copy)]
pub(super) struct Raw {
    pub place: u32,
    pub text: u32,
    pub from: Day,
    pub to: Day,
    pub impressions: u32,
    pub clicks: u32,
    pub orders: u32,
    pub spend: i64,
    pub sales: i64,
}

/// Collects search terms: accounts first, then places and texts, then rows.
///
/// ```
/// use unbid::domain::account::Identity;
/// use unbid::domain::catalog::{Catalog, TermsBuilder};
/// use unbid::domain::ids::PlatformId;
/// use unbid::domain::term::{Figures, Named};
///
/// let mut builder = TermsBuilder::default();
/// let identity = Identity {
///     platform: PlatformId::new("amazon"), origin: "https://example.com".into(), native: "1".into(),
/// };
/// builder.begin_account(&identity, Vec::new(), None);
/// let place = builder.place(Named::Id("10"), Some(Named::Id("100")));
/// let text = builder.text("Decaf Beans");
/// let day = jiff::civil::date(2026, 9, 1).into();
/// builder.push(place, text, day, day, &Figures { clicks: 3, ..Figures::default() });
/// let terms = builder.finish(&Catalog::default());
/// assert_eq!((terms.len(), terms.unresolved()), (0, 1), "an empty catalog knows no campaign");
/// ```
#[derive(Default)]
pub struct TermsBuilder {
    accounts: Vec<AccountTerms>,
    places: Vec<Place>,
    known: FxHashMap<Place, PlaceSlot>,
    texts: Interned,
    rows: Vec<Raw>,
}

impl TermsBuilder {
    /// Makes room, where the number of rows is known.
    pub fn reserve(&mut self, rows: usize) {
        self.rows.reserve(rows);
    }

    /// Goes on with an account: the places that follow are its.
    pub fn begin_account(&mut self, identity: &Identity, periods: Vec<TermPeriod>, currency: Option<Currency>) {
        let identity = identity.clone();
        self.accounts.push(AccountTerms {
            identity,
            periods,
            currency,
            rows: 0,
            unresolved: 0,
            late_days: None,
        });
    }

    /// Notes how many of the newest days of the account begun last may still lack orders, where its reports tell.
    pub fn told_late(&mut self, days: Option<u16>) {
        if let Some(account) = self.accounts.last_mut() {
            account.late_days = days;
        }
    }

    /// A campaign, or an ad group of it, of the account begun last.
    pub fn place(&mut self, campaign: Named<&str>, ad_group: Option<Named<&str>>) -> PlaceSlot {
        let account = self.accounts.len().saturating_sub(1) as u16;
        let place = Place { account, campaign: key(campaign), ad_group: ad_group.map(key) };
        if let Some(slot) = self.known.get(&place) {
            return *slot;
        }
        let slot = PlaceSlot(self.places.len() as u32);
        self.places.push(place.clone());
        self.known.insert(place, slot);
        slot
    }

    /// A search term as the report writes it.
    pub fn text(&mut self, raw: &str) -> TextIx {
        TextIx(self.texts.intern(raw))
    }

    /// Adds a row. Figures past 2^32 are kept as 2^32 - 1; money is kept whole.
    pub fn push(&mut self, place: PlaceSlot, text: TextIx, from: Day, to: Day, figures: &Figures) {
        let small = |figure: u64| u32::try_from(figure).unwrap_or(u32::MAX);
        self.rows.push(Raw {
            place: place.0,
            text: text.0,
            from,
            to,
            impressions: small(figures.impressions),
            clicks: small(figures.clicks),
            orders: small(figures.orders),
            spend: figures.spend.0,
            sales: figures.sales.0,
        });
    }

    /// Sorts everything by the catalog's campaigns and ad groups.
    pub fn finish(mut self, catalog: &Catalog) -> Terms {
        self.texts.shrink();
        assemble(catalog, self.accounts, self.places, self.texts, &self.rows)
    }
}

fn key(named: Named<&str>) -> Key {
    match named {
        Named::Id(id) => Named::Id(CompactString::new(id)),
        Named::Name(name) => Named::Name(name),
    }
}

/// Resolves the places in a catalog and sorts the rows by it.
pub(super) fn assemble(
    catalog: &Catalog,
    mut accounts: Vec<AccountTerms>,
    places: Vec<Place>,
    texts: Interned,
    rows: &[Raw],
) -> Terms {
    let identities: Vec<Identity> = accounts.iter().map(|account| account.identity.clone()).collect();
    let spots = resolve(&places, &identities, catalog);
    // One shelf more than the catalog has: for what is in none of its campaigns.
    let lost = catalog.shelf_count() as u32;
    let shelf_of: Vec<u32> = spots.iter().map(|spot| spot.map_or(lost, |spot| shelf(catalog, spot))).collect();
    let (mut order, starts) = shelve(rows.len(), lost as usize + 1, |row| shelf_of[rows[row].place as usize]);
    for shelf in starts.windows(2) {
        order[shelf[0] as usize..shelf[1] as usize].sort_unstable_by_key(|&row| {
            let row = &rows[row as usize];
            (row.text, row.from, row.to, row.place)
        });
    }
    for row in rows {
        let place = row.place as usize;
        let account = &mut accounts[usize::from(places[place].account)];
        account.rows += 1;
        account.unresolved += usize::from(spots[place].is_none_or(|spot| spot.astray));
    }
    let columns = Columns::gather(rows, &order);
    let entries = entries(&columns, &starts);
    Terms {
        of_account: identities.iter().map(|identity| catalog.find_account(identity)).collect(),
        accounts,
        places,
        spots,
        texts,
        columns,
        starts,
        entries,
        by_text: std::sync::OnceLock::new(),
        stamp: std::sync::Arc::clone(&catalog.stamp),
    }
}

fn shelf(catalog: &Catalog, spot: Spot) -> u32 {
    let scope = spot.ad_group.map_or(Scope::CampaignLevel(spot.campaign), Scope::AdGroup);
    catalog.shelves(scope)[0].start as u32
}

/// The first row of each entry (one text on one shelf), and the number of all resolved rows at the end.
fn entries(columns: &Columns, starts: &[u32]) -> Vec<u32> {
    let mut entries = Vec::new();
    for shelf in starts[..starts.len() - 1].windows(2) {
        for row in shelf[0]..shelf[1] {
            let same = row > shelf[0] && columns.text[row as usize] == columns.text[row as usize - 1];
            if !same {
                entries.push(row);
            }
        }
    }
    entries.push(starts[starts.len() - 2]);
    entries.shrink_to_fit();
    entries
}

impl Columns {
    fn gather(rows: &[Raw], order: &[u32]) -> Self {
        let mut columns = Self::default();
        columns.reserve(order.len());
        for &row in order {
            let row = &rows[row as usize];
            columns.place.push(row.place);
            columns.text.push(row.text);
            columns.from.push(row.from);
            columns.to.push(row.to);
            columns.impressions.push(row.impressions);
            columns.clicks.push(row.clicks);
            columns.orders.push(row.orders);
            columns.spend.push(row.spend);
            columns.sales.push(row.sales);
        }
        columns
    }

    fn reserve(&mut self, rows: usize) {
        self.place.reserve_exact(rows);
        self.text.reserve_exact(rows);
        self.from.reserve_exact(rows);
        self.to.reserve_exact(rows);
        self.impressions.reserve_exact(rows);
        self.clicks.reserve_exact(rows);
        self.orders.reserve_exact(rows);
        self.spend.reserve_exact(rows);
        self.sales.reserve_exact(rows);
    }

    /// A row as it was before it was sorted.
    pub(super) fn raw(&self, row: usize) -> Raw {
        Raw {
            place: self.place[row],
            text: self.text[row],
            from: self.from[row],
            to: self.to[row],
            impressions: self.impressions[row],
            clicks: self.clicks[row],
            orders: self.orders[row],
            spend: self.spend[row],
            sales: self.sales[row],
        }
    }

    /// What a row counts.
    pub(super) fn figures(&self, row: usize) -> Figures {
        Figures {
            impressions: self.impressions[row].into(),
            clicks: self.clicks[row].into(),
            spend: Micros(self.spend[row]),
            orders: self.orders[row].into(),
            sales: Micros(self.sales[row]),
        }
    }
}
