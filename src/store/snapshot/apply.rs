//! What an apply learned: rows that the platform answered or read back go into the snapshot at once, so that it
//! shows what is there without a new listing. Remembers them, because a listing on its way may not know them yet.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::domain::account::Identity;
use crate::domain::ids::CampaignId;
use crate::domain::negative::{Negative, NegativeKey};
use crate::domain::problem::Problem;
use crate::store::Store;
use crate::store::accounts::ensure;
use crate::store::convert::day;
use crate::store::error::Result;

use super::Page;
use super::commit::{CAMPAIGN, Kept, campaign, parcels, recount, unnamed, write};
use super::merge::{Held, Parcels, Part, Rules, merge};
use super::parcel::Rows;
use super::rows::{NegativeRow, Row};
use super::spool::{Pile, Spool, put};

impl Store {
    /// Takes negatives as the platform answered them into the snapshot, in place of those with the same key.
    pub async fn apply_rows(
        &self,
        identity: &Identity,
        negatives: &[Negative],
        at: Timestamp,
    ) -> std::result::Result<(), Problem> {
        let (identity, negatives) = (identity.clone(), negatives.to_vec());
        self.write(move |db| {
            let account = ensure(db, &identity)?;
            touch(db, account, &negatives, at)?;
            let mut spool = Spool::default();
            spool.put(Page::Negatives(negatives));
            for (id, pile) in spool.piles {
                rewrite(db, account, &id, at, Part::Upsert, |_| Ok(pile))?;
            }
            recount(db, account).map(drop)
        })
        .await
    }

    /// Takes negatives that the platform no longer has out of the snapshot.
    pub async fn drop_rows(
        &self,
        identity: &Identity,
        negatives: &[Negative],
        at: Timestamp,
    ) -> std::result::Result<(), Problem> {
        let (identity, negatives) = (identity.clone(), negatives.to_vec());
        self.write(move |db| {
            let account = ensure(db, &identity)?;
            touch(db, account, &negatives, at)?;
            let mut gone: FxHashMap<&CampaignId, FxHashSet<NegativeKey>> = FxHashMap::default();
            for negative in &negatives {
                gone.entry(&negative.campaign).or_default().insert(negative.key());
            }
            for (id, gone) in gone {
                rewrite(db, account, id, at, Part::Replace, |old| without(old, &gone))?;
            }
            recount(db, account).map(drop)
        })
        .await
    }
}

/// A pile of everything that is there but for some rows.
fn without(old: &Parcels, gone: &FxHashSet<NegativeKey>) -> Result<Pile> {
    let mut pile = Pile::default();
    let mut rows = Rows::<NegativeRow<'_>>::open(old.negatives.as_deref())?;
    while let Some(row) = rows.next()? {
        let (kind, level, id) = row.key();
        if !gone.contains(&NegativeKey { kind, level, id: id.into() }) {
            put(&mut pile.negatives, &row);
        }
    }
    Ok(pile)
}

fn rewrite(
    db: &Connection,
    account: i64,
    id: &CampaignId,
    at: Timestamp,
    part: Part,
    pile: impl FnOnce(&Parcels) -> Result<Pile>,
) -> Result<()> {
    let before = find(db, account, id)?;
    let old = match &before {
        Some(before) => parcels(db, before.row)?,
        None => Parcels::default(),
    };
    let pile = pile(&old)?;
    let rules = Rules {
        structure: Part::Untouched,
        negatives: part,
        keywords: Part::Untouched,
        today: day(at),
        settled: &FxHashSet::default(),
    };
    let (new, held) =
        merge(&old, before.as_ref().map_or_else(Held::default, |before| before.held), &pile, &rules)?;
    let (campaign, stale) = match &before {
        Some(before) => (before.campaign.clone(), before.stale.clone()),
        None => (unnamed(id), None),
    };
    write(db, account, before.as_ref(), &campaign, (&old, &new), held, stale.as_deref())?;
    Ok(())
}

fn find(db: &Connection, account: i64, id: &CampaignId) -> Result<Option<Kept>> {
    let sql = format!("SELECT {CAMPAIGN} FROM campaigns WHERE account = ?1 AND native = ?2");
    let mut statement = db.prepare_cached(&sql)?;
    let found = statement.query_row((account, id.raw()), |row| Ok(campaign(row))).optional()?;
    found.transpose()
}

fn touch(db: &Connection, account: i64, negatives: &[Negative], at: Timestamp) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO touched (account, kind, level, native, at) VALUES (?1, ?2, ?3, ?4, ?5)";
    let mut insert = db.prepare_cached(sql)?;
    for negative in negatives {
        let (kind, level): (&str, &str) = (negative.kind.into(), negative.level().into());
        insert.execute((account, kind, level, negative.id.raw(), at.as_millisecond()))?;
    }
    Ok(())
}
