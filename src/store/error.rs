//! What can go wrong in the store, and how it is told: every failure becomes a [`Problem`] that names the
//! file, carries SQLite's own words, and says what to do. No failure is swallowed here.

use std::path::Path;

use rusqlite::ErrorCode;

use crate::domain::problem::{Problem, ProblemKind};

/// A failure below the store's surface.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// SQLite failed.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// What was read is not what was written.
    #[error("{0}")]
    Damaged(String),
    /// A file or folder failed.
    #[error("{doing}: {source}")]
    File {
        /// What was tried.
        doing: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// A newer program wrote this database.
    #[error("schema {found}, this program knows up to {known}")]
    Newer {
        /// The file's schema.
        found: u32,
        /// The newest that this program knows.
        known: u32,
    },
    /// The store understood and refuses.
    #[error("{0}")]
    Refused(Problem),
    /// The thread that writes has ended.
    #[error("the thread that writes to the database has ended")]
    Gone,
}

/// What this module's siblings return.
pub(crate) type Result<T> = std::result::Result<T, StoreError>;

impl StoreError {
    /// A part of the database that does not decode.
    pub(crate) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged(what.into())
    }

    /// Tells it in the user's words; `file` is the database.
    pub(crate) fn into_problem(self, file: &Path) -> Problem {
        let at = |text: &dyn std::fmt::Display| format!("{}: {text}", file.display());
        let folder = file.parent().unwrap_or(file).display().to_string();
        match self {
            Self::Refused(problem) => problem,
            Self::Gone => Problem::new(ProblemKind::Storage, "The local database stopped working")
                .detail(at(&self))
                .hint("Start unbid again; what was staged and sent is kept."),
            Self::Damaged(what) => damaged(&at(&what)),
            Self::Newer { .. } => {
                Problem::new(ProblemKind::Storage, "The local database was written by a newer unbid")
                    .detail(at(&self))
                    .hint("Update unbid, or use another folder with --data-dir. Nothing was changed.")
            }
            Self::File { .. } => Problem::new(ProblemKind::Storage, "The data folder cannot be used")
                .detail(at(&self))
                .hint(format!(
                    "Check that {folder} is a folder you may write to, or choose another with --data-dir."
                )),
            Self::Sqlite(error) => {
                let text = at(&error);
                match error.sqlite_error_code() {
                    Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => damaged(&text),
                    Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                        Problem::new(ProblemKind::Busy, "Another program holds the local database")
                            .detail(text)
                            .hint("Close the other program, or wait until it is done, then try again.")
                    }
                    Some(ErrorCode::DiskFull) => Problem::new(ProblemKind::Storage, "The disk is full")
                        .detail(text)
                        .hint(format!("Make room where {folder} lies, then try again; what was journaled before is kept.")),
                    Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                        Problem::new(ProblemKind::Storage, "The local database cannot be written").detail(text).hint(
                            format!("Check that you may write to {folder}, or choose another folder with --data-dir."),
                        )
                    }
                    Some(ErrorCode::SystemIoFailure) => {
                        Problem::new(ProblemKind::Storage, "The disk failed under the local database")
                            .detail(text)
                            .hint("Check the disk and its free space, then try again.")
                    }
                    _ => Problem::new(ProblemKind::Storage, "The local database failed")
                        .detail(text)
                        .hint("Run `unbid doctor`; it says whether the file is sound."),
                }
            }
        }
    }
}

fn damaged(text: &str) -> Problem {
    Problem::new(ProblemKind::Storage, "The local database is damaged")
        .detail(text)
        .hint("Run `unbid doctor --fix`: it sets the file aside, never deletes it, and starts a new one.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::ffi;

    #[test]
    fn every_failure_of_sqlite_names_the_file_and_a_next_step() {
        for (code, kind, title) in [
            (ffi::SQLITE_CORRUPT, ProblemKind::Storage, "The local database is damaged"),
            (ffi::SQLITE_NOTADB, ProblemKind::Storage, "The local database is damaged"),
            (ffi::SQLITE_BUSY, ProblemKind::Busy, "Another program holds the local database"),
            (ffi::SQLITE_FULL, ProblemKind::Storage, "The disk is full"),
            (ffi::SQLITE_READONLY, ProblemKind::Storage, "The local database cannot be written"),
            (ffi::SQLITE_CANTOPEN, ProblemKind::Storage, "The local database cannot be written"),
            (ffi::SQLITE_IOERR_FSYNC, ProblemKind::Storage, "The disk failed under the local database"),
            (ffi::SQLITE_MISUSE, ProblemKind::Storage, "The local database failed"),
        ] {
            let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), Some("its own words".to_owned()));
            let problem = StoreError::from(error).into_problem(Path::new("/data/unbid.db"));
            assert_eq!((problem.kind, problem.title.as_str()), (kind, title));
            assert_eq!(problem.detail, "/data/unbid.db: its own words");
            assert!(!problem.hint.is_empty());
        }
    }
}
