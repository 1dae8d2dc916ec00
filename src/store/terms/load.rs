//! From the database into memory: what is loaded in figures, the rows one after the other, and all of them at once.

use std::sync::Arc;
use std::sync::mpsc;

use jiff::civil::Date;
use rusqlite::Connection;
use tokio::sync::mpsc::Sender;

use crate::domain::account::Identity;
use crate::domain::catalog::{Catalog, Day, PlaceSlot, Terms, TermsBuilder, TextIx};
use crate::domain::money::Currency;
use crate::domain::problem::Problem;
use crate::domain::term::{Figures, Named, TermPeriod, TermRow};
use crate::store::Store;
use crate::store::accounts::find;
use crate::store::convert::parse;
use crate::store::error::{Result, StoreError};

use super::parcel::{Visitor, each, visit};
use super::write::day;
use super::{Aside, LoadedPeriod};

/// How many rows one message of [`Store::each_term`] holds at most.
const BATCH: usize = 1_000;
/// How many parcels the reading thread may be ahead of the building one.
const AHEAD: usize = 8;
/// For how many rows of an account room is made ahead.
const MOST_RESERVED: u64 = 4_000_000;

impl Store {
    /// What is loaded of these accounts, account by account in their order, there by day.
    pub async fn term_periods(
        &self,
        identities: &[Identity],
    ) -> std::result::Result<Vec<LoadedPeriod>, Problem> {
        let identities = identities.to_vec();
        self.read(move |db| all_periods(db, &identities)).await
    }

    /// The same on this very thread: for the first frame.
    pub fn term_periods_now(&self, identities: &[Identity]) -> std::result::Result<Vec<LoadedPeriod>, Problem> {
        self.read_now(|db| all_periods(db, identities))
    }

    /// Every search term of these accounts in memory, numbered by a catalog.
    pub async fn load_terms(
        &self,
        identities: &[Identity],
        catalog: Arc<Catalog>,
    ) -> std::result::Result<Terms, Problem> {
        let identities = identities.to_vec();
        self.read(move |db| load(db, &identities, &catalog)).await
    }

    /// Hands the rows of an account to a channel, as they are stored, those that end before `since` left out. Ends
    /// early when nobody listens any more.
    pub async fn each_term(
        &self,
        identity: &Identity,
        since: Option<Date>,
        to: Sender<Vec<TermRow>>,
    ) -> std::result::Result<(), Problem> {
        let identity = identity.clone();
        self.read(move |db| {
            let Some(account) = find(db, &identity)? else { return Ok(()) };
            for (id, period) in periods(db, account, &identity)? {
                if since.is_some_and(|since| period.days.to < since) {
                    continue;
                }
                for parcel in blobs(db, id)? {
                    let mut batch = Vec::with_capacity(BATCH);
                    let mut heard = true;
                    each(&parcel, &mut |row| {
                        if heard && since.is_none_or(|since| row.days.to >= since) {
                            batch.push(row.row(&period.currency));
                            if batch.len() == BATCH {
                                heard = to.blocking_send(std::mem::take(&mut batch)).is_ok();
                            }
                        }
                        Ok(())
                    })?;
                    if !heard || to.blocking_send(batch).is_err() {
                        return Ok(());
                    }
                }
            }
            Ok(())
        })
        .await
    }
}

fn all_periods(db: &Connection, identities: &[Identity]) -> Result<Vec<LoadedPeriod>> {
    let mut all = Vec::new();
    for identity in identities {
        if let Some(account) = find(db, identity)? {
            all.extend(periods(db, account, identity)?.into_iter().map(|(_, period)| period));
        }
    }
    Ok(all)
}

/// The reports of an account with their rows' numbers, by day.
pub(super) fn periods(db: &Connection, account: i64, identity: &Identity) -> Result<Vec<(i64, LoadedPeriod)>> {
    let sql = "SELECT id, first, last, currency, source, loaded_at, rows, rejected, left_out, unresolved,
        late_days FROM term_periods WHERE account = ?1 ORDER BY first";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([account])?;
    let mut periods = Vec::new();
    while let Some(row) = rows.next()? {
        let text = |at| Ok::<_, StoreError>(row.get_ref(at)?.as_str().map_err(rusqlite::Error::from)?);
        let count = |at| Ok::<_, StoreError>(row.get::<_, i64>(at)?.cast_unsigned());
        periods.push((
            row.get(0)?,
            LoadedPeriod {
                account: identity.clone(),
                days: TermPeriod {
                    from: day(text(1)?, "term_periods.first")?,
                    to: day(text(2)?, "term_periods.last")?,
                },
                currency: Currency::new(text(3)?),
                source: text(4)?.into(),
                loaded_at: parse(text(5)?, "term_periods.loaded_at")?,
                rows: count(6)?,
                aside: Aside { rejected: count(7)?, left_out: count(8)?, unresolved: count(9)? },
                late_days: row.get(10)?,
            },
        ));
    }
    Ok(periods)
}

/// The parcels of a period.
pub(super) fn blobs(db: &Connection, period: i64) -> Result<Vec<Vec<u8>>> {
    let mut statement = db.prepare_cached("SELECT data FROM term_parcels WHERE period = ?1 ORDER BY id")?;
    let blobs = statement.query_map([period], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(blobs)
}

/// What one thread reads and the other builds from, in order.
enum Step {
    Account(Identity, Vec<LoadedPeriod>),
    Parcel(Vec<u8>),
}

fn load(db: &Connection, identities: &[Identity], catalog: &Catalog) -> Result<Terms> {
    std::thread::scope(|scope| {
        let (steps, queue) = mpsc::sync_channel(AHEAD);
        let builder = scope.spawn(move || build(queue, catalog));
        let fed = feed(db, identities, &steps);
        drop(steps);
        // The builder's own failure comes first: it is why nobody took the steps any more.
        let built = builder.join().unwrap_or(Err(StoreError::Gone))?;
        fed.map(|()| built)
    })
}

fn feed(db: &Connection, identities: &[Identity], steps: &mpsc::SyncSender<Step>) -> Result<()> {
    let send = |step| steps.send(step).map_err(|_| StoreError::Gone);
    for identity in identities {
        let periods = match find(db, identity)? {
            Some(account) => periods(db, account, identity)?,
            None => Vec::new(),
        };
        let (ids, periods): (Vec<i64>, Vec<LoadedPeriod>) = periods.into_iter().unzip();
        send(Step::Account(identity.clone(), periods))?;
        let mut statement = db.prepare_cached("SELECT data FROM term_parcels WHERE period = ?1 ORDER BY id")?;
        for id in ids {
            let mut rows = statement.query([id])?;
            while let Some(row) = rows.next()? {
                send(Step::Parcel(row.get(0)?))?;
            }
        }
    }
    Ok(())
}

fn build(steps: mpsc::Receiver<Step>, catalog: &Catalog) -> Result<Terms> {
    let mut into = Filler { builder: TermsBuilder::default(), place: None, text: None, day: None };
    for step in steps {
        match step {
            Step::Account(identity, periods) => {
                let rows: u64 = periods.iter().map(|period| period.rows).sum();
                // A damaged figure must not ask for all the memory there is.
                into.builder.reserve(rows.min(MOST_RESERVED) as usize);
                let mut currencies = periods.iter().map(|period| &period.currency);
                let currency = currencies.rfind(|currency| !currency.code().is_empty()).cloned();
                // The newest that tells: an account does not turn from a seller's into a vendor's.
                let late = periods.iter().rev().find_map(|period| period.late_days);
                let days = periods.into_iter().map(|period| period.days).collect();
                into.builder.begin_account(&identity, days, currency);
                into.builder.told_late(late);
            }
            Step::Parcel(parcel) => visit(&parcel, &mut into)?,
        }
    }
    Ok(into.builder.finish(catalog))
}

/// Moves the rows of parcels into terms.
struct Filler {
    builder: TermsBuilder,
    place: Option<PlaceSlot>,
    text: Option<TextIx>,
    /// The last day met: most rows share it with the one before.
    day: Option<(Date, Day)>,
}

impl Filler {
    fn day(&mut self, date: Date) -> Day {
        match self.day {
            Some((known, day)) if known == date => day,
            _ => {
                let day = Day::from(date);
                self.day = Some((date, day));
                day
            }
        }
    }
}

impl Visitor for Filler {
    fn place(&mut self, campaign: Named<&str>, ad_group: Option<Named<&str>>) {
        self.place = Some(self.builder.place(campaign, ad_group));
    }

    fn text(&mut self, raw: &str) {
        self.text = Some(self.builder.text(raw));
    }

    fn row(&mut self, days: TermPeriod, figures: Figures) -> Result<()> {
        let (Some(place), Some(text)) = (self.place, self.text) else {
            return Err(crate::store::codec::broken());
        };
        let (first, last) = (self.day(days.from), self.day(days.to));
        self.builder.push(place, text, first, last, &figures);
        Ok(())
    }
}
