//! Queries: the rows of a scope that a filter lets through, sorted, with the exact count. Runs off the UI thread,
//! can be cancelled by the next key, and brings back row numbers. How rows are found fast is in [`scan`](super::scan).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::super::filter::Filter;
use super::{Catalog, NegIx, Overlay, Scope, Sort};

/// Whether archived negatives are among the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Archived {
    /// Only where the filter asks for them (`state:archived`).
    #[default]
    Hidden,
    /// Always.
    Shown,
}

/// What rows are wanted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// Of which part of the catalog.
    pub scope: Scope,
    /// Which of them.
    pub filter: Filter,
    /// In which order.
    pub sort: Sort,
    /// Whether archived ones are among them.
    pub archived: Archived,
}

/// A word to stop, shared between who waits for a query and who runs it.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Asks to stop.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether to stop.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// One row of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Row {
    /// A negative of the snapshot.
    Existing(NegIx),
    /// A staged addition, by its number.
    Added(u64),
}

/// Marks a row that is a staged addition: its index among the overlay's.
const ADDED: u32 = 1 << 31;

/// The result of a query. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Rows {
    order: Arc<Vec<u32>>,
    added: Arc<[u64]>,
    total: usize,
    query: Query,
    stamp: Arc<()>,
    overlay: u64,
}

impl Rows {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// How many there would be without the filter: the 3,480 of "12 of 3,480".
    pub fn total(&self) -> usize {
        self.total
    }

    /// The row at a place.
    pub fn get(&self, at: usize) -> Option<Row> {
        self.order.get(at).map(|row| self.decode(*row))
    }

    fn decode(&self, row: u32) -> Row {
        if row & ADDED == 0 {
            Row::Existing(NegIx(row))
        } else {
            Row::Added(self.added[(row & !ADDED) as usize])
        }
    }

    /// All rows in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Row> + '_ {
        self.order.iter().map(|row| self.decode(*row))
    }

    /// The place of a row, for keeping the focus on it.
    pub fn position(&self, row: Row) -> Option<usize> {
        let wanted = match row {
            Row::Existing(ix) => ix.0,
            Row::Added(number) => ADDED | self.added.iter().position(|added| *added == number)? as u32,
        };
        self.order.iter().position(|row| *row == wanted)
    }

    /// What was asked.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// Whether every row of a new query, asked of the same catalog and overlay, is among these, in the same order.
    fn holds_all_of(&self, query: &Query, catalog: &Catalog, overlay: &Overlay) -> bool {
        Arc::ptr_eq(&self.stamp, &catalog.stamp)
            && self.overlay == overlay.fingerprint()
            && self.query.scope == query.scope
            && self.query.sort == query.sort
            && self.query.archived == query.archived
            && self.query.filter.names_archived() == query.filter.names_archived()
            && query.filter.narrows(&self.query.filter)
    }
}

impl Catalog {
    /// The rows of a query; `None` when it was cancelled. The previous result of the same screen, if given,
    /// is narrowed where the new filter only adds to the old one. A filter with a problem lets everything through
    /// that its sound parts do; who shows rows keeps the old ones instead (see [`Filter::problem`]).
    pub fn query(
        &self,
        query: &Query,
        overlay: &Overlay,
        previous: Option<&Rows>,
        cancel: &Cancel,
    ) -> Option<Rows> {
        let hide = query.archived == Archived::Hidden && !query.filter.names_archived();
        let counts = self.counts(query.scope);
        let total = if hide { counts.standing() } else { counts.all() };
        // Narrowing reads rows here and there; past a few in a hundred, one pass over all texts is faster.
        let narrow = previous
            .filter(|rows| rows.len() < total / 16 + 1 && rows.holds_all_of(query, self, overlay))
            .map(|rows| rows.order.iter().copied().filter(|row| row & ADDED == 0).collect::<Vec<u32>>());
        let mut rows = if let Some(rows) = narrow {
            self.narrow(rows, &query.filter, overlay, cancel)?
        } else {
            let rows = self.scan(query.scope, &query.filter, hide, overlay, cancel)?;
            self.sort_rows(rows, query.sort, cancel)?
        };
        let (mut added, mut tester) = (Vec::new(), query.filter.tester());
        let mut added_total = 0;
        for (at, addition) in overlay.added().iter().enumerate() {
            if self.in_scope(query.scope, addition.campaign, addition.ad_group) {
                added_total += 1;
                if tester.hits(&super::scan::Addition { catalog: self, row: addition }) {
                    added.push((at, addition));
                }
            }
        }
        added.sort_by(|(_, a), (_, b)| self.compare_added(a, b, query.sort));
        let places: Vec<usize> =
            added.iter().map(|(_, addition)| self.place_of_added(&rows, addition, query.sort)).collect();
        rows.reserve_exact(added.len());
        for ((at, _), place) in added.iter().zip(places).rev() {
            rows.insert(place, ADDED | *at as u32);
        }
        Some(Rows {
            order: Arc::new(rows),
            added: overlay.added().iter().map(|addition| addition.number).collect(),
            total: total + added_total,
            query: query.clone(),
            stamp: Arc::clone(&self.stamp),
            overlay: overlay.fingerprint(),
        })
    }
}
