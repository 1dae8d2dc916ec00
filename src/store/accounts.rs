//! Accounts as the store knows them: rows keyed by identity, with the names that stood for them. The name is
//! a label; nothing of one identity is ever handed out for another.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::domain::account::{Account, AccountName, Identity};
use crate::domain::ids::PlatformId;
use crate::domain::problem::Problem;

use super::Store;
use super::convert::{from_json, time};
use super::error::Result;

/// What the store knew of an account's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Registered {
    /// Neither name nor identity was known.
    New,
    /// The name stands for what it stood for.
    Same,
    /// The name stood for another identity before, whose staged changes are held back: they are kept under
    /// that identity and never go to this one. Told until none are left, at least once.
    Changed {
        /// What the name stood for.
        old: Identity,
        /// How many changes are staged for it.
        staged: u32,
    },
}

/// How much an account or a campaign holds in the snapshot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Campaigns.
    pub campaigns: u32,
    /// Ad groups.
    pub ad_groups: u32,
    /// Negatives, archived ones included.
    pub negatives: u32,
    /// Archived negatives.
    pub archived: u32,
    /// Positive keywords and product targets.
    pub keywords: u32,
}

/// An account's snapshot in figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountSummary {
    /// The account.
    pub identity: Identity,
    /// When the whole account was last listed; `None` before the first time.
    pub fetched_at: Option<Timestamp>,
    /// When its positive keywords were last listed.
    pub keywords_fetched_at: Option<Timestamp>,
    /// Why the account as a whole is older than it should be.
    pub stale: Option<Problem>,
    /// How many of its campaigns could not be listed the last time, and one reason.
    pub stale_campaigns: Option<(u32, Problem)>,
    /// What it holds.
    pub counts: Counts,
}

impl Store {
    /// What a name stood for besides `now` and how many changes are staged for it; `None` where nothing is held back.
    /// Binds nothing.
    pub async fn held_back(
        &self,
        name: &AccountName,
        now: &Identity,
    ) -> std::result::Result<Option<(Identity, u32)>, Problem> {
        let (name, now) = (name.clone(), now.clone());
        self.read(move |db| Ok(before(db, &name, &now)?.filter(|(_, staged)| *staged > 0))).await
    }

    /// Binds accounts' names to their identities and says of each what its name stood for before.
    pub async fn register(&self, accounts: &[Account]) -> std::result::Result<Vec<Registered>, Problem> {
        let names: Vec<(AccountName, Identity)> =
            accounts.iter().map(|account| (account.name.clone(), account.identity.clone())).collect();
        // Every start asks, before the first frame; only a new name or a changed one is worth a commit.
        let as_they_were: Option<Vec<Registered>> = {
            let names = names.clone();
            self.read(move |db| names.iter().map(|(name, identity)| known(db, name, identity)).collect())
                .await?
        };
        if let Some(registered) = as_they_were {
            return Ok(registered);
        }
        self.write(move |db| {
            let one = |(name, identity): &(AccountName, Identity)| match known(db, name, identity)? {
                Some(registered) => Ok(registered),
                None => bind(db, name, identity),
            };
            names.iter().map(one).collect()
        })
        .await
    }

    /// Every account of the snapshot in figures, those asked for and in their order.
    pub async fn accounts(&self, identities: &[Identity]) -> std::result::Result<Vec<AccountSummary>, Problem> {
        let identities = identities.to_vec();
        self.read(move |db| summaries(db, &identities)).await
    }

    /// Marks an account stale: nothing of it could be listed. What the snapshot holds of it stays.
    pub async fn mark_stale(&self, identity: &Identity, why: &Problem) -> std::result::Result<(), Problem> {
        let (identity, why) = (identity.clone(), why.clone());
        self.write(move |db| {
            let account = ensure(db, &identity)?;
            db.execute(
                "UPDATE accounts SET stale = ?2 WHERE id = ?1",
                (account, super::convert::to_json(&why)?),
            )?;
            Ok(())
        })
        .await
    }
}

/// The row of an identity, if there is one.
pub(crate) fn find(db: &Connection, identity: &Identity) -> Result<Option<i64>> {
    let sql = "SELECT id FROM accounts WHERE platform = ?1 AND origin = ?2 AND native = ?3";
    let key = (identity.platform.as_str(), identity.origin.as_str(), identity.native.as_str());
    Ok(db.prepare_cached(sql)?.query_row(key, |row| row.get(0)).optional()?)
}

/// The row of an identity, made where there is none.
pub(crate) fn ensure(db: &Connection, identity: &Identity) -> Result<i64> {
    if let Some(id) = find(db, identity)? {
        return Ok(id);
    }
    let key = (identity.platform.as_str(), identity.origin.as_str(), identity.native.as_str());
    db.execute("INSERT INTO accounts (platform, origin, native) VALUES (?1, ?2, ?3)", key)?;
    Ok(db.last_insert_rowid())
}

/// The identity in three columns that start at `at`.
pub(crate) fn identity(row: &Row<'_>, at: usize) -> rusqlite::Result<Identity> {
    Ok(Identity {
        platform: PlatformId::new(row.get_ref(at)?.as_str()?),
        origin: row.get_ref(at + 1)?.as_str()?.into(),
        native: row.get_ref(at + 2)?.as_str()?.into(),
    })
}

fn is_current(db: &Connection, name: &AccountName, identity: &Identity) -> Result<bool> {
    let Some(account) = find(db, identity)? else { return Ok(false) };
    let sql = "SELECT current FROM labels WHERE name = ?1 AND account = ?2";
    Ok(db.query_row(sql, (name.as_str(), account), |row| row.get(0)).optional()? == Some(true))
}

/// What the name stood for besides `now`, with what is staged for it: the one with most staged, then the last.
fn before(db: &Connection, name: &AccountName, now: &Identity) -> Result<Option<(Identity, u32)>> {
    let sql =
        "SELECT platform, origin, native, (SELECT count(*) FROM staged WHERE account = accounts.id) AS held
        FROM labels JOIN accounts ON accounts.id = labels.account
        WHERE name = ?1 AND NOT (platform = ?2 AND origin = ?3 AND native = ?4)
        ORDER BY held DESC, current DESC, accounts.id DESC LIMIT 1";
    let key = (name.as_str(), now.platform.as_str(), now.origin.as_str(), now.native.as_str());
    Ok(db.query_row(sql, key, |row| Ok((identity(row, 0)?, row.get(3)?))).optional()?)
}

/// What there is to say of a name that is bound as it should be; `None` when it must be bound first.
fn known(db: &Connection, name: &AccountName, identity: &Identity) -> Result<Option<Registered>> {
    if !is_current(db, name, identity)? {
        return Ok(None);
    }
    Ok(Some(match before(db, name, identity)? {
        Some((old, staged)) if staged > 0 => Registered::Changed { old, staged },
        _ => Registered::Same,
    }))
}

fn bind(db: &Connection, name: &AccountName, identity: &Identity) -> Result<Registered> {
    let account = ensure(db, identity)?;
    let before = before(db, name, identity)?;
    db.execute("UPDATE labels SET current = 0 WHERE name = ?1", [name.as_str()])?;
    db.execute(
        "INSERT INTO labels (name, account, current) VALUES (?1, ?2, 1)
            ON CONFLICT (name, account) DO UPDATE SET current = 1",
        (name.as_str(), account),
    )?;
    Ok(match before {
        Some((old, staged)) => Registered::Changed { old, staged },
        None => Registered::New,
    })
}

/// The figures of the accounts asked for, in their order; one that was never synced has none yet.
pub(crate) fn summaries(db: &Connection, identities: &[Identity]) -> Result<Vec<AccountSummary>> {
    identities.iter().map(|identity| Ok(summary(db, identity)?.unwrap_or_else(|| empty(identity)))).collect()
}

fn empty(identity: &Identity) -> AccountSummary {
    AccountSummary {
        identity: identity.clone(),
        fetched_at: None,
        keywords_fetched_at: None,
        stale: None,
        stale_campaigns: None,
        counts: Counts::default(),
    }
}

fn summary(db: &Connection, identity: &Identity) -> Result<Option<AccountSummary>> {
    let Some(account) = find(db, identity)? else { return Ok(None) };
    let sql =
        "SELECT fetched_at, keywords_fetched_at, stale, campaigns, ad_groups, negatives, archived, keywords
        FROM accounts WHERE id = ?1";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([account])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let stale: Option<&str> = row.get_ref(2)?.as_str_or_null().map_err(rusqlite::Error::from)?;
    let late = db
        .prepare_cached("SELECT count(*), min(stale) FROM campaigns WHERE account = ?1 AND stale IS NOT NULL")?
        .query_row([account], |row| Ok((row.get::<_, u32>(0)?, row.get::<_, Option<String>>(1)?)))?;
    Ok(Some(AccountSummary {
        identity: identity.clone(),
        fetched_at: time(row.get::<_, Option<String>>(0)?.as_deref(), "accounts.fetched_at")?,
        keywords_fetched_at: time(row.get::<_, Option<String>>(1)?.as_deref(), "accounts.keywords_fetched_at")?,
        stale: stale.map(|text| from_json(text, "accounts.stale")).transpose()?,
        stale_campaigns: match late {
            (count, Some(why)) => Some((count, from_json(&why, "campaigns.stale")?)),
            (_, None) => None,
        },
        counts: Counts {
            campaigns: row.get(3)?,
            ad_groups: row.get(4)?,
            negatives: row.get(5)?,
            archived: row.get(6)?,
            keywords: row.get(7)?,
        },
    }))
}
