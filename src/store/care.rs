//! Care for the file, for `doctor`: look whether it is sound, set a bad one aside. Never deletes anything.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::domain::problem::{Problem, ProblemKind};

use super::Store;
use super::error::{Result, StoreError};
use super::link::FILE;

impl Store {
    /// Reads the whole file and says whether it is sound; the detail of the problem lists what is not.
    pub async fn check(&self) -> std::result::Result<(), Problem> {
        self.read(|db| {
            let mut statement = db.prepare("PRAGMA quick_check(20)")?;
            let found: Vec<String> =
                statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
            if found == ["ok"] { Ok(()) } else { Err(StoreError::damaged(found.join("; "))) }
        })
        .await
    }
}

/// Renames a database and its companions, so that the next [`Store::open`] makes a new one, and returns where it
/// lies now. No handle may be open on it. Nothing is deleted and nothing that was there is overwritten.
pub fn set_aside(data_dir: &Path, now: Timestamp) -> std::result::Result<PathBuf, Problem> {
    let file = data_dir.join(FILE);
    let stamp = now.strftime("%Y%m%dT%H%M%SZ").to_string();
    let mut name = format!("unbid-{stamp}.db");
    for again in 2.. {
        if !data_dir.join(&name).exists() {
            break;
        }
        name = format!("unbid-{stamp}-{again}.db");
    }
    let aside = data_dir.join(name);
    rename_all(&file, &aside).map_err(|error| error.into_problem(&file))?;
    Ok(aside)
}

/// Renames the companions along: the log of a database belongs to it under its own name only.
fn rename_all(from: &Path, to: &Path) -> Result<()> {
    if !from.exists() {
        let nothing = Problem::new(ProblemKind::Storage, "There is no local database to set aside")
            .detail(from.display().to_string());
        return Err(StoreError::Refused(nothing));
    }
    let with = |path: &Path, tail: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(tail);
        PathBuf::from(name)
    };
    // The companions first: were it cut off between, a log without its database is harmless, and the other way
    // round SQLite would apply the old log to a new file.
    for tail in ["-wal", "-shm", ""] {
        let part = with(from, tail);
        if part.exists() {
            fs::rename(&part, with(to, tail))
                .map_err(|source| StoreError::File { doing: "setting the database aside", source })?;
        }
    }
    Ok(())
}
