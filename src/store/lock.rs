//! One lock per account identity, an OS file lock in the data folder: two processes never send to one account
//! at once. The file's text only tells people who holds it; the lock itself ends with its process.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::time::Duration;

use jiff::Timestamp;

use crate::domain::account::Identity;
use crate::domain::problem::{Problem, ProblemKind};

use super::Store;
use super::error::{Result, StoreError};
use super::link::lock_file;

/// How often a lock is asked for before it counts as held, and the pause between: looking takes far less.
const TRIES: u32 = 4;
const GLANCE: Duration = Duration::from_millis(2);

/// Who is sending to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The process.
    pub pid: u32,
    /// Since when.
    pub since: Timestamp,
}

/// The right to send to an account; given back when dropped.
#[derive(Debug)]
pub struct AccountLock {
    // Closing the file gives the lock back, also when the process dies.
    _file: File,
}

impl Store {
    /// Takes the lock of an account, or says at once who holds it and since when.
    pub fn lock(&self, identity: &Identity, now: Timestamp) -> std::result::Result<AccountLock, Problem> {
        self.told(take(&self.folder, identity, now))
    }

    /// Who is sending to an account just now, this process included; `None` when nobody is. Takes nothing.
    pub fn holder(&self, identity: &Identity) -> std::result::Result<Option<Holder>, Problem> {
        self.told(look(&self.folder, identity))
    }
}

fn look(folder: &std::path::Path, identity: &Identity) -> Result<Option<Holder>> {
    // Asked for as a reader, the lock stands in no other reader's way, and in a sender's for this instant only.
    let mut file = lock_file(folder, &name(identity))?;
    match file.try_lock_shared() {
        Ok(()) => Ok(None),
        Err(TryLockError::WouldBlock) => {
            Ok(Some(holder(&mut file).unwrap_or(Holder { pid: 0, since: Timestamp::UNIX_EPOCH })))
        }
        Err(TryLockError::Error(source)) => Err(StoreError::File { doing: "looking at a lock", source }),
    }
}

/// What the holder wrote into the file: `pid 4711 since 2026-10-01T12:00:00Z`.
fn holder(file: &mut File) -> Option<Holder> {
    let mut text = String::new();
    file.take(200).read_to_string(&mut text).ok()?;
    let (pid, since) = text.strip_prefix("pid ")?.split_once(" since ")?;
    Some(Holder { pid: pid.parse().ok()?, since: since.parse().ok()? })
}

fn take(folder: &std::path::Path, identity: &Identity, now: Timestamp) -> Result<AccountLock> {
    let mut file = lock_file(folder, &name(identity))?;
    let mut tries = TRIES;
    loop {
        tries -= 1;
        match file.try_lock() {
            Ok(()) => break,
            // Somebody may only be looking who holds it.
            Err(TryLockError::WouldBlock) if tries > 0 => std::thread::sleep(GLANCE),
            Err(TryLockError::WouldBlock) => return Err(StoreError::Refused(held(&mut file))),
            Err(TryLockError::Error(source)) => {
                return Err(StoreError::File { doing: "taking a lock", source });
            }
        }
    }
    sign(&mut file, &format!("pid {} since {now}", std::process::id()))
        .map_err(|source| StoreError::File { doing: "writing who holds a lock", source })?;
    Ok(AccountLock { _file: file })
}

/// Writes over what the last holder left.
fn sign(file: &mut File, text: &str) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(text.as_bytes())
}

fn held(file: &mut File) -> Problem {
    // Who it is helps, but the answer is the same when the text cannot be read.
    let by = match holder(file) {
        Some(Holder { pid, since }) => format!("pid {pid} since {}", since.strftime("%Y-%m-%d %H:%M:%S UTC")),
        None => "another process".to_owned(),
    };
    Problem::new(ProblemKind::Busy, format!("being sent by {by}"))
        .detail("two processes never send to one account at once")
        .hint("Wait until it is done, or stop it, then try again.")
}

/// A file name of an identity: its hash, because origins hold slashes and colons.
fn name(identity: &Identity) -> String {
    let hash = ring::digest::digest(&ring::digest::SHA256, identity.key().as_bytes());
    let number = hash.as_ref().iter().take(16).fold(0_u128, |sum, byte| sum << 8 | u128::from(*byte));
    format!("{number:032x}")
}
