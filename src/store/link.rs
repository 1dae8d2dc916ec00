//! Connections: how the file is opened, the thread that alone writes, the pool that reads. Knows no table;
//! see [`schema`](super::schema) for those.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Sender};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use tokio::sync::oneshot;

use super::error::{Result, StoreError};
use super::schema;

/// The database's name in the data folder.
pub(crate) const FILE: &str = "unbid.db";

/// How long a writer waits for another process's commit; a snapshot of a million rows takes about a second.
const PATIENCE: Duration = Duration::from_secs(10);

/// A write-ahead log larger than this is emptied after a snapshot, in bytes.
const LARGE_LOG: u64 = 8 << 20;

/// A job for the thread that writes.
type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// One open database: a writer and its readers.
pub(crate) struct Link {
    file: PathBuf,
    // `None` only while dropping: the thread ends when this end of the channel does.
    jobs: Option<Sender<Job>>,
    writer: Option<JoinHandle<()>>,
    idle: Mutex<Vec<Connection>>,
}

impl Link {
    /// Opens the database of a data folder, making folder and file where there are none.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        make_folder(folder)?;
        keep_folder(folder)?;
        let file = folder.join(FILE);
        let fresh = make_file(&file)?;
        let mut first = connect(&file)?;
        if schema::version(&first)? < schema::LATEST {
            // Two processes may start on an empty folder at once, and SQLite does not wait for its turn
            // while the journal mode changes: a lock of our own does.
            let gate = lock_file(folder, "schema")?;
            gate.lock().map_err(|source| StoreError::File { doing: "waiting for another unbid", source })?;
            migrate(&mut first, gate, fresh)?;
        }
        let (jobs, queue) = mpsc::channel::<Job>();
        let mut connection = connect(&file)?;
        // A promise of the journal is kept through a power cut: every commit reaches the disk.
        connection.pragma_update(None, "synchronous", "full")?;
        let writer = thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || {
                for job in queue {
                    job(&mut connection);
                }
            })
            .map_err(|source| StoreError::File { doing: "starting the thread that writes", source })?;
        Ok(Self { file, jobs: Some(jobs), writer: Some(writer), idle: Mutex::new(vec![first]) })
    }

    /// The database.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// Hands a job to the thread that writes: one immediate transaction, committed when the job succeeds, rolled
    /// back when it fails. The job runs to its end even when nobody waits for the answer any more.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Transaction<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.run(move |connection| transact(connection, job)).await
    }

    /// Hands a job to the thread that writes, outside a transaction.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let jobs = self.jobs.as_ref().ok_or(StoreError::Gone)?;
        jobs.send(Box::new(move |connection| {
            // Whoever asked may have gone; the work is done all the same.
            drop(reply.send(job(connection)));
        }))
        .map_err(|_| StoreError::Gone)?;
        answer.await.map_err(|_| StoreError::Gone)?
    }

    /// Reads on this very thread: for the first frame, before anything else runs.
    pub(crate) fn read_now<T>(&self, job: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let idle = self.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => connect(&self.file)?,
        };
        // One view of the database for all the statements of a job.
        let answer = {
            let view = connection.unchecked_transaction()?;
            let answer = job(&view);
            view.finish()?;
            answer
        };
        self.idle().push(connection);
        answer
    }

    /// After a large commit: moves the write-ahead log into the database and gives its room back, so that the next
    /// start need not read it. Nobody waits for it, and it waits for nobody: a reader in the way only puts it off.
    pub(crate) fn shrink_log(&self) {
        let mut log = self.file.clone().into_os_string();
        log.push("-wal");
        let large = fs::metadata(log).is_ok_and(|log| log.len() > LARGE_LOG);
        if let Some(jobs) = self.jobs.as_ref().filter(|_| large) {
            // What fails here is no loss: the commit is safe, and the next writer meets the same trouble and tells.
            drop(jobs.send(Box::new(|connection| {
                drop(connection.busy_timeout(Duration::ZERO));
                drop(connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())));
                drop(connection.busy_timeout(PATIENCE));
            })));
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        // A panic elsewhere leaves the list of connections whole.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        // Close everything, the writer last: whoever closes last empties the write-ahead log.
        self.idle().clear();
        self.jobs = None;
        if let Some(writer) = self.writer.take() {
            // It can only have ended by a panic that the job's caller was already told of.
            drop(writer.join());
        }
    }
}

/// Brings the schema up to date, and notes in the lock's file that there is one: a database that was cut down to
/// nothing would else pass for a new one, and its journal be forgotten without a word.
fn migrate(connection: &mut Connection, mut gate: File, fresh: bool) -> Result<()> {
    const MADE: &str = "the database was made";
    let noting = |source| StoreError::File { doing: "noting that the database is made", source };
    let mut note = String::new();
    gate.read_to_string(&mut note).map_err(noting)?;
    if schema::version(connection)? == 0 && note == MADE && !fresh {
        return Err(StoreError::damaged("the file is empty, and was not before"));
    }
    schema::migrate(connection)?;
    if note != MADE {
        gate.set_len(0).and_then(|()| gate.rewind()).map_err(noting)?;
        gate.write_all(MADE.as_bytes()).map_err(noting)?;
    }
    Ok(())
}

/// Runs a job in one immediate transaction. A newer unbid may have brought the schema forward since this one opened
/// the database: then nothing is written, and so nothing is sent.
pub(crate) fn transact<T>(
    connection: &mut Connection,
    job: impl FnOnce(&Transaction<'_>) -> Result<T>,
) -> Result<T> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    schema::version(&transaction)?;
    let answer = job(&transaction)?;
    transaction.commit()?;
    Ok(answer)
}

fn connect(file: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.execute_batch("PRAGMA foreign_keys = on; PRAGMA journal_size_limit = 16777216;")?;
    if connection.is_readonly("main")? {
        let denied = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        return Err(StoreError::File { doing: "opening for writing", source: denied });
    }
    Ok(connection)
}

/// Opens (and makes) a lock's file in the data folder.
pub(crate) fn lock_file(folder: &Path, name: &str) -> Result<File> {
    let locks = folder.join("locks");
    make_folder(&locks)?;
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    private(&mut options);
    options
        .open(locks.join(format!("{name}.lock")))
        .map_err(|source| StoreError::File { doing: "opening a lock", source })
}

/// A folder that only its owner may look into; one that is there already keeps its mode.
fn make_folder(folder: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|source| StoreError::File { doing: "making the folder", source })
}

/// The database's file, only its owner's; SQLite gives its companions the same mode. One that is there is never
/// opened here: closing it would drop the locks that SQLite holds on it in this process. Says whether it is new.
fn make_file(file: &Path) -> Result<bool> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    private(&mut options);
    match options.open(file) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => keep_private(file).map(|()| false),
        Err(source) => Err(StoreError::File { doing: "making the database", source }),
    }
}

/// A link in the database's place leads its permissions, its log and its locks elsewhere: none is followed.
#[cfg(unix)]
fn keep_private(file: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let failed = |source| StoreError::File { doing: "making the database private", source };
    let found = fs::symlink_metadata(file).map_err(failed)?;
    if found.is_symlink() {
        let link = std::io::Error::other("it is a symbolic link; name the folder of the real file");
        return Err(StoreError::File { doing: "opening the database", source: link });
    }
    if found.is_file() && found.permissions().mode() & 0o077 != 0 {
        fs::set_permissions(file, fs::Permissions::from_mode(0o600)).map_err(failed)?;
    }
    Ok(())
}

/// Nobody else may put files into the data folder: who can, can put another database in place of this one. Only that
/// right is taken away, because the folder may be somebody's choice; everything in it is private anyway. Where a
/// folder is everybody's by intent (`/tmp`, with the sticky bit), others cannot replace what is ours.
#[cfg(unix)]
fn keep_folder(folder: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let failed = |source| StoreError::File { doing: "keeping others out of the folder", source };
    let mode = fs::metadata(folder).map_err(failed)?.permissions().mode();
    if mode & 0o022 != 0 && mode & 0o1000 == 0 {
        fs::set_permissions(folder, fs::Permissions::from_mode(mode & 0o7755)).map_err(failed)?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn keep_folder(_: &Path) -> Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn keep_private(_: &Path) -> Result<()> {
    Ok(())
}

fn private(options: &mut OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    #[cfg(not(unix))]
    let _ = options;
}
