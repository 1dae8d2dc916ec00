//! Staged changes: they survive a crash, each keeps its number, and no number is ever given twice. What may
//! replace what is the engine's business.

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::domain::account::Identity;
use crate::domain::change::{Change, Staged};
use crate::domain::problem::Problem;

use super::Store;
use super::accounts::{ensure, find, identity};
use super::convert::{from_json, parse, to_json};
use super::error::Result;

impl Store {
    /// Stages changes, all or none, in order.
    pub async fn stage(
        &self,
        changes: Vec<(Identity, Change)>,
        at: Timestamp,
    ) -> std::result::Result<Vec<Staged>, Problem> {
        self.write(move |db| {
            changes.into_iter().map(|(account, change)| put(db, account, change, at)).collect()
        })
        .await
    }

    /// Drops staged changes by number, all in one go, and returns those that were there.
    pub async fn unstage(&self, numbers: Vec<u64>) -> std::result::Result<Vec<Staged>, Problem> {
        self.write(move |db| {
            let mut find = db.prepare_cached(&format!("{SELECT} WHERE number = ?1"))?;
            let mut delete = db.prepare_cached("DELETE FROM staged WHERE number = ?1")?;
            let mut dropped = Vec::new();
            for number in numbers {
                dropped.extend(collect(find.query([number.cast_signed()])?)?);
                delete.execute([number.cast_signed()])?;
            }
            Ok(dropped)
        })
        .await
    }

    /// Drops everything staged, for one account or for all, and returns it.
    pub async fn unstage_all(&self, account: Option<Identity>) -> std::result::Result<Vec<Staged>, Problem> {
        self.write(move |db| {
            let dropped = staged(db, account.as_ref())?;
            match account {
                None => db.execute("DELETE FROM staged", [])?,
                Some(account) => db.execute("DELETE FROM staged WHERE account = ?1", [find(db, &account)?])?,
            };
            Ok(dropped)
        })
        .await
    }

    /// Puts dropped changes back under their old numbers: undo and redo of staging. One that was sent and settled
    /// meanwhile stays gone, as does one whose number is staged already. Returns those that are staged now.
    pub async fn restage(&self, changes: Vec<Staged>) -> std::result::Result<Vec<Staged>, Problem> {
        self.write(move |db| {
            let mut insert = db.prepare_cached(
                "INSERT INTO staged (number, account, change, at) SELECT ?1, ?2, ?3, ?4
                    WHERE NOT EXISTS (SELECT 1 FROM outcomes WHERE number = ?1 AND kind IN ('applied', 'already', 'rejected'))
                    ON CONFLICT (number) DO NOTHING",
            )?;
            let mut back = Vec::with_capacity(changes.len());
            for change in changes {
                let account = ensure(db, &change.account)?;
                let number = change.number.cast_signed();
                if insert.execute(params![number, account, to_json(&change.change)?, change.at.to_string()])? == 1 {
                    back.push(change);
                }
            }
            Ok(back)
        })
        .await
    }

    /// What is staged, oldest first: for one account, or for all (those held back for another identity included).
    pub async fn staged(&self, account: Option<Identity>) -> std::result::Result<Vec<Staged>, Problem> {
        self.read(move |db| staged(db, account.as_ref())).await
    }

    /// The same on this very thread: for the first frame.
    pub fn staged_now(&self, account: Option<&Identity>) -> std::result::Result<Vec<Staged>, Problem> {
        self.read_now(|db| staged(db, account))
    }
}

const SELECT: &str =
    "SELECT number, platform, origin, native, change, at FROM staged JOIN accounts ON accounts.id = account";

/// Stages one change.
pub(super) fn put(db: &Connection, account: Identity, change: Change, at: Timestamp) -> Result<Staged> {
    let key = ensure(db, &account)?;
    db.prepare_cached("INSERT INTO staged (account, change, at) VALUES (?1, ?2, ?3)")?.execute(params![
        key,
        to_json(&change)?,
        at.to_string()
    ])?;
    Ok(Staged { number: db.last_insert_rowid().cast_unsigned(), account, change, at })
}

fn staged(db: &Connection, account: Option<&Identity>) -> Result<Vec<Staged>> {
    match account {
        None => collect(db.prepare_cached(&format!("{SELECT} ORDER BY number"))?.query([])?),
        Some(account) => {
            let sql = format!("{SELECT} WHERE account = ?1 ORDER BY number");
            collect(db.prepare_cached(&sql)?.query([find(db, account)?])?)
        }
    }
}

fn collect(mut rows: rusqlite::Rows<'_>) -> Result<Vec<Staged>> {
    let mut staged = Vec::new();
    while let Some(row) = rows.next()? {
        staged.push(one(row)?);
    }
    Ok(staged)
}

fn one(row: &Row<'_>) -> Result<Staged> {
    Ok(Staged {
        number: row.get::<_, i64>(0)?.cast_unsigned(),
        account: identity(row, 1)?,
        change: from_json(row.get_ref(4)?.as_str().map_err(rusqlite::Error::from)?, "staged.change")?,
        at: parse(row.get_ref(5)?.as_str().map_err(rusqlite::Error::from)?, "staged.at")?,
    })
}
