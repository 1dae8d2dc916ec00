//! Migrations: the files of `assets/schema`, applied in order, each in a transaction of its own that also
//! moves `user_version`. A file that was released is never edited; a change is a new file.

use rusqlite::{Connection, TransactionBehavior};

use super::error::{Result, StoreError};

/// Every migration, oldest first; the schema's version is how many were applied.
const MIGRATIONS: &[&str] = &[
    include_str!("../../assets/schema/001_snapshot.sql"),
    include_str!("../../assets/schema/002_staging.sql"),
    include_str!("../../assets/schema/003_journal.sql"),
    include_str!("../../assets/schema/004_undo.sql"),
    include_str!("../../assets/schema/005_terms.sql"),
    include_str!("../../assets/schema/006_vanished.sql"),
    include_str!("../../assets/schema/007_sums.sql"),
    include_str!("../../assets/schema/008_since.sql"),
];

/// The schema that this program writes.
pub(crate) const LATEST: u32 = MIGRATIONS.len() as u32;

/// The schema of an open database; an error when a newer program wrote it.
pub(crate) fn version(connection: &Connection) -> Result<u32> {
    let found: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > LATEST { Err(StoreError::Newer { found, known: LATEST }) } else { Ok(found) }
}

/// Brings a database to [`LATEST`]. Safe when two processes do it at once.
pub(crate) fn migrate(connection: &mut Connection) -> Result<()> {
    if version(connection)? == 0 {
        // The file remembers it.
        connection.pragma_update(None, "journal_mode", "wal")?;
    }
    for (before, sql) in (0_u32..).zip(MIGRATIONS) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if version(&transaction)? == before {
            transaction.execute_batch(sql)?;
            transaction.pragma_update(None, "user_version", before + 1)?;
            transaction.commit()?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_migration_applies_once_and_in_order() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        assert_eq!(version(&connection).unwrap(), LATEST);
        migrate(&mut connection).unwrap();
        assert_eq!(version(&connection).unwrap(), LATEST);
    }

    #[test]
    fn a_newer_schema_is_told_not_used() {
        let connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "user_version", LATEST + 1).unwrap();
        assert!(matches!(version(&connection), Err(StoreError::Newer { found, .. }) if found == LATEST + 1));
    }
}
