//! SQLite: accounts, snapshot, staged changes, plans, journal, locks. Speaks domain types only and reads no
//! clock; every failure comes back as a `Problem` that names the file and what to do.
//!
//! [`Store`] is a handle to clone. One thread writes (every commit reaches the disk), reads run beside it on
//! a pool; several processes may use one data folder at once.

mod accounts;
mod care;
mod codec;
mod convert;
mod deeds;
mod error;
mod journal;
mod labels;
mod link;
mod lock;
mod plans;
mod schema;
mod snapshot;
mod staging;
mod terms;
mod undo;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, Transaction};

use crate::domain::problem::Problem;

pub use accounts::{AccountSummary, Counts, Registered};
pub use care::set_aside;
pub use deeds::Deed;
pub use journal::{OperationRecord, OutcomeRecord};
pub use lock::{AccountLock, Holder};
pub use snapshot::{CampaignSummary, Committed, FirstPage, Page, SnapshotScope, SnapshotWriter, VanishedRow};
pub use terms::{Aside, CommittedTerms, LoadedPeriod, Overlap, TermsWriter};
pub use undo::{TakingBack, Way};

use error::{Result, StoreError};
use link::Link;

/// The local database of a data folder. Cheap to clone; the file closes with the last clone.
#[derive(Clone)]
pub struct Store {
    link: Arc<Link>,
    folder: Arc<Path>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("file", &self.link.file()).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the database of a data folder, making both where there are none, and brings its schema up to date.
    /// Does no slow work: a sound file is taken at its word until [`Store::check`] is asked.
    pub fn open(data_dir: &Path) -> std::result::Result<Self, Problem> {
        match Link::open(data_dir) {
            Ok(link) => Ok(Self { link: Arc::new(link), folder: data_dir.into() }),
            Err(error) => Err(error.into_problem(&data_dir.join(link::FILE))),
        }
    }

    /// The database's file.
    pub fn file(&self) -> PathBuf {
        self.link.file().to_owned()
    }

    /// Tells a failure in the user's words.
    fn told<T>(&self, answer: Result<T>) -> std::result::Result<T, Problem> {
        answer.map_err(|error| error.into_problem(self.link.file()))
    }

    /// One durable transaction on the thread that writes.
    async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Transaction<'_>) -> Result<T> + Send + 'static,
    ) -> std::result::Result<T, Problem> {
        self.told(self.link.write(job).await)
    }

    /// One read off the async threads.
    async fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> std::result::Result<T, Problem> {
        let link = Arc::clone(&self.link);
        let answer = tokio::task::spawn_blocking(move || link.read_now(job)).await;
        self.told(answer.unwrap_or(Err(StoreError::Gone)))
    }

    /// One read on this very thread: for the first frame.
    fn read_now<T>(&self, job: impl FnOnce(&Connection) -> Result<T>) -> std::result::Result<T, Problem> {
        self.told(self.link.read_now(job))
    }
}

#[cfg(test)]
mod tests;
