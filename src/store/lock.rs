//! One lock per account identity, an OS file lock in the data folder: two processes never send to one account
//! at once. The file's text only tells people who holds it; the lock itself ends with its process.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};

use jiff::Timestamp;

use crate::domain::account::Identity;
use crate::domain::problem::{Problem, ProblemKind};

use super::Store;
use super::error::{Result, StoreError};
use super::link::lock_file;

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
}

fn take(folder: &std::path::Path, identity: &Identity, now: Timestamp) -> Result<AccountLock> {
    let mut file = lock_file(folder, &name(identity))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(StoreError::Refused(held(&mut file))),
        Err(TryLockError::Error(source)) => return Err(StoreError::File { doing: "taking a lock", source }),
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
    let mut holder = String::new();
    // Who it is helps, but the answer is the same when the text cannot be read.
    if file.take(200).read_to_string(&mut holder).is_err() || holder.is_empty() {
        "another process".clone_into(&mut holder);
    }
    Problem::new(ProblemKind::Busy, "Changes are being sent to this account already")
        .detail(format!("being sent by {holder}"))
        .hint("Wait until it is done, or stop it, then try again.")
}

/// A file name of an identity: its hash, because origins hold slashes and colons.
fn name(identity: &Identity) -> String {
    let hash = ring::digest::digest(&ring::digest::SHA256, identity.key().as_bytes());
    let number = hash.as_ref().iter().take(16).fold(0_u128, |sum, byte| sum << 8 | u128::from(*byte));
    format!("{number:032x}")
}
