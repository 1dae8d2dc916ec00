//! What a name stood for the last time: for accounts that cannot be connected now, whose snapshot is shown all
//! the same. Binding names is `accounts.rs`'s business.

use rusqlite::OptionalExtension;

use crate::domain::account::{AccountName, Identity};
use crate::domain::problem::Problem;

use super::Store;
use super::accounts::identity;

impl Store {
    /// The identity that a name stands for, as it was bound last; `None` for a name never seen.
    pub async fn identity_of(&self, name: &AccountName) -> std::result::Result<Option<Identity>, Problem> {
        let name = name.clone();
        self.read(move |db| {
            let sql =
                "SELECT platform, origin, native FROM labels JOIN accounts ON accounts.id = labels.account
                WHERE name = ?1 AND current = 1";
            Ok(db.query_row(sql, [name.as_str()], |row| identity(row, 0)).optional()?)
        })
        .await
    }
}
