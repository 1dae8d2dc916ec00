//! What the journal tells of single negatives: which were added here and when, which were taken away. Reads only; what an
//! outcome means for recovery is `journal`'s business.

use jiff::Timestamp;
use rusqlite::Connection;

use crate::domain::account::Identity;
use crate::domain::change::Change;
use crate::domain::journal::Outcome;
use crate::domain::negative::NegativeKey;
use crate::domain::problem::Problem;

use super::Store;
use super::accounts::identity;
use super::convert::{from_json, parse};
use super::error::Result;

/// Something that was done to a negative from here, and confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// The account.
    pub account: Identity,
    /// The negative.
    pub key: NegativeKey,
    /// Whether it was taken away; else it was added.
    pub removed: bool,
    /// When that was confirmed.
    pub at: Timestamp,
}

impl Store {
    /// Every confirmed addition and removal, oldest first.
    pub async fn deeds(&self) -> std::result::Result<Vec<Deed>, Problem> {
        self.read(deeds).await
    }
}

fn deeds(db: &Connection) -> Result<Vec<Deed>> {
    let sql = "SELECT change, outcome, at, platform, origin, native FROM outcomes
        JOIN operations ON operations.seq = outcomes.operation JOIN accounts ON accounts.id = operations.account
        WHERE kind IN ('applied', 'already') ORDER BY outcomes.seq";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let text = |at: usize| row.get_ref(at)?.as_str().map_err(rusqlite::Error::from);
        let change: Change = from_json(text(0)?, "outcomes.change")?;
        let key = match &change {
            Change::Add { new } => {
                let outcome: Outcome = from_json(text(1)?, "outcomes.outcome")?;
                let Some(id) = outcome.id else { continue };
                NegativeKey { kind: new.kind, level: new.level(), id }
            }
            Change::SetState { target, .. } | Change::Remove { target } => target.key(),
        };
        let removed = change.is_removal();
        if removed || matches!(change, Change::Add { .. }) {
            found.push(Deed { account: identity(row, 3)?, key, removed, at: parse(text(2)?, "outcomes.at")? });
        }
    }
    Ok(found)
}
