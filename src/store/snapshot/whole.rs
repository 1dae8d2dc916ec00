//! The whole catalog in one pass over the parcels in their order. The first frame's rows are [`load`](super::load)'s,
//! what a parcel's rows become is [`fill`](super::fill)'s.

use std::sync::{Mutex, PoisonError, mpsc};

use rusqlite::Connection;

use crate::domain::account::Account;
use crate::domain::campaign::Campaign;
use crate::domain::catalog::{AccountIx, Catalog, CatalogBuilder};
use crate::store::accounts::find;
use crate::store::error::{Result, StoreError};

use super::commit::{CAMPAIGN_COLUMNS, campaign};
use super::fill::Loader;
use super::load::{account_row, blob, figures, select};

/// How many negatives are decoded in one go: enough that handing them over costs nothing.
const BATCH: usize = 16_384;
/// How many batches wait for the other thread; the reading thread decodes what is more.
const AHEAD: usize = 2;

/// A run of campaigns with their parcels, as they are read.
#[derive(Default)]
struct Batch {
    /// Its place among the batches.
    number: usize,
    negatives: usize,
    campaigns: Vec<(AccountIx, Campaign, Parcel, Parcel)>,
}

type Parcel = Option<Vec<u8>>;

/// What came of a batch, with its number.
type Part = (usize, CatalogBuilder);

impl Batch {
    fn decode(self) -> Result<Part> {
        let mut loader = Loader::default();
        loader.builder.reserve(self.negatives);
        for (account, campaign, groups, negatives) in self.campaigns {
            let slot = loader.builder.add_campaign(account, campaign);
            loader.parcels(slot, groups.as_deref(), negatives.as_deref(), usize::MAX)?;
        }
        Ok((self.number, loader.builder))
    }
}

/// Reading is one thread's work, decoding as much again: two threads share both, whoever is free decodes.
pub(crate) fn load(db: &Connection, accounts: &[Account]) -> Result<Catalog> {
    let figures = figures(db, accounts)?;
    let mut whole = CatalogBuilder::default();
    let rows = accounts.iter().zip(&figures);
    let kept: Vec<AccountIx> =
        rows.map(|(account, figures)| whole.add_account(account_row(account, figures))).collect();
    let (batches, queue) = mpsc::sync_channel(AHEAD);
    let queue = Mutex::new(queue);
    let mut parts = std::thread::scope(|scope| {
        let helper = scope.spawn(|| decode(&queue));
        // A failure of the helper does not keep the reader: what is not taken from it, it decodes itself.
        let fed = feed(db, accounts, &kept, &batches);
        // The helper waits until nobody can hand anything over any more.
        drop(batches);
        let mut parts = fed?;
        parts.extend(decode(&queue)?);
        parts.extend(helper.join().unwrap_or(Err(StoreError::Gone))?);
        Ok::<_, StoreError>(parts)
    })?;
    parts.sort_unstable_by_key(|(number, _)| *number);
    whole.append(parts.into_iter().map(|(_, part)| part).collect());
    Ok(whole.finish())
}

/// Reads all parcels and hands them over; decodes itself what nobody is free for.
fn feed(
    db: &Connection,
    accounts: &[Account],
    kept: &[AccountIx],
    batches: &mpsc::SyncSender<Batch>,
) -> Result<Vec<Part>> {
    let (mut batch, mut parts) = (Batch::default(), Vec::new());
    let mut hand_over = |batch: &mut Batch| {
        let next = Batch { number: batch.number + 1, ..Batch::default() };
        match batches.try_send(std::mem::replace(batch, next)) {
            Ok(()) => Ok(()),
            Err(mpsc::TrySendError::Full(batch) | mpsc::TrySendError::Disconnected(batch)) => {
                batch.decode().map(|part| parts.push(part))
            }
        }
    };
    for (account, ix) in accounts.iter().zip(kept) {
        let Some(row) = find(db, &account.identity)? else { continue };
        let mut statement = db.prepare_cached(&select())?;
        let mut rows = statement.query([row])?;
        while let Some(row) = rows.next()? {
            let owned = |at| blob(row, at).map(|parcel| parcel.map(<[u8]>::to_vec));
            let kept = campaign(row)?;
            batch.campaigns.push((*ix, kept.campaign, owned(CAMPAIGN_COLUMNS)?, owned(CAMPAIGN_COLUMNS + 1)?));
            batch.negatives += kept.held.negatives as usize;
            if batch.negatives >= BATCH {
                hand_over(&mut batch)?;
            }
        }
    }
    hand_over(&mut batch)?;
    Ok(parts)
}

/// Decodes what is handed over, until that ends.
fn decode(queue: &Mutex<mpsc::Receiver<Batch>>) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    loop {
        // A panic elsewhere leaves the queue whole.
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(batch) = next else { return Ok(parts) };
        parts.push(batch.decode()?);
    }
}
