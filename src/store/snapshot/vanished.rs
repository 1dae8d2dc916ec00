//! Negatives that a listing had no longer. Noted while the listing is committed, from what differs of a campaign; whether
//! it was our own doing is the journal's to say.

use jiff::civil::Date;
use rusqlite::{Connection, params};
use rustc_hash::FxHashSet;

use crate::domain::account::Identity;
use crate::domain::ids::CampaignId;
use crate::domain::negative::{Negative, State};
use crate::domain::problem::Problem;
use crate::store::Store;
use crate::store::accounts::find;
use crate::store::convert::{date, from_json, parse, to_json};
use crate::store::error::Result;

use super::parcel::Rows;
use super::rows::{NegativeRow, Row};

/// A negative that is no longer listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VanishedRow {
    /// Its account.
    pub account: Identity,
    /// The negative as the last listing that had it told it.
    pub negative: Negative,
    /// The day of the first listing without it.
    pub gone: Date,
}

impl Store {
    /// The negatives that vanished from these accounts and did not come back.
    pub async fn vanished(&self, accounts: &[Identity]) -> std::result::Result<Vec<VanishedRow>, Problem> {
        let accounts = accounts.to_vec();
        self.read(move |db| {
            let sql =
                "SELECT negative, gone FROM vanished WHERE account = ?1 ORDER BY kind, level, length(native), native";
            let mut found = Vec::new();
            for account in accounts {
                let mut statement = db.prepare_cached(sql)?;
                let mut rows = statement.query([find(db, &account)?])?;
                while let Some(row) = rows.next()? {
                    let text = |at: usize| row.get_ref(at)?.as_str().map_err(rusqlite::Error::from);
                    found.push(VanishedRow {
                        account: account.clone(),
                        negative: from_json(text(0)?, "vanished.negative")?,
                        gone: parse(text(1)?, "vanished.gone")?,
                    });
                }
            }
            Ok(found)
        })
        .await
    }
}

/// Notes what a campaign had and has no longer, and forgets what came back. `today` counts days since 1970.
pub(crate) fn note(
    db: &Connection,
    account: i64,
    campaign: &CampaignId,
    (old, new): (Option<&[u8]>, Option<&[u8]>),
    today: i32,
) -> Result<()> {
    let any = || -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM vanished WHERE account = ?1)";
        Ok(db.prepare_cached(sql)?.query_row([account], |row| row.get(0))?)
    };
    // Most campaigns do not change, and a first listing has nothing to lose.
    if old == new || (old.is_none() && !any()?) {
        return Ok(());
    }
    let (old, new) = (all(old)?, all(new)?);
    let keys = |rows: &[NegativeRow<'_>]| -> FxHashSet<_> {
        rows.iter().map(|row| (row.kind, row.ad_group.is_some(), row.id.to_owned())).collect()
    };
    let (before, now) = (keys(&old), keys(&new));
    let is_in = |set: &FxHashSet<_>, row: &NegativeRow<'_>| {
        set.contains(&(row.kind, row.ad_group.is_some(), row.id.to_owned()))
    };
    for row in old.iter().filter(|row| row.state != State::Archived && !is_in(&now, row)) {
        let negative = row.negative(campaign);
        let (kind, level): (&str, &str) = (negative.kind.into(), negative.level().into());
        let sql = "INSERT OR IGNORE INTO vanished (account, kind, level, native, negative, gone) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        db.prepare_cached(sql)?.execute(params![
            account,
            kind,
            level,
            row.id(),
            to_json(&negative)?,
            date(today)?.to_string(),
        ])?;
    }
    if any()? {
        for row in new.iter().filter(|row| !is_in(&before, row)) {
            let (kind, level, id) = row.key();
            let (kind, level): (&str, &str) = (kind.into(), level.into());
            let sql = "DELETE FROM vanished WHERE account = ?1 AND kind = ?2 AND level = ?3 AND native = ?4";
            db.prepare_cached(sql)?.execute(params![account, kind, level, id])?;
        }
    }
    Ok(())
}

fn all(parcel: Option<&[u8]>) -> Result<Vec<NegativeRow<'_>>> {
    let mut from = Rows::open(parcel)?;
    let mut rows = Vec::new();
    while let Some(row) = from.next()? {
        rows.push(row);
    }
    Ok(rows)
}
