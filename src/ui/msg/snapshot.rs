//! What the snapshot says: whole, as the first rows before it is in memory, and as the rows and lines a query found.
//! Rows are numbers into the snapshot or the terms that come with them, never into another.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::account::Identity;
use crate::domain::campaign::{Holds, ParentState};
use crate::domain::catalog::{Catalog, Overlay, Rows};
use crate::domain::change::Staged;
use crate::domain::journal::Touches;
use crate::domain::negative::{Negative, NegativeKey};
use crate::domain::problem::Problem;
use crate::domain::sift::{LineRows, Sifter};
use crate::domain::term::TermPeriod;
use crate::domain::text::Text;

/// The snapshot in memory, and what is staged laid over it.
#[derive(Clone, Debug)]
pub struct CatalogNow {
    /// The snapshot.
    pub catalog: Arc<Catalog>,
    /// The staged changes, by its rows.
    pub overlay: Arc<Overlay>,
    /// Which operation touched each negative last.
    pub touches: Arc<Touches>,
}

/// What the store can say at once, before the catalog is in memory.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    /// What is known of each account's snapshot.
    pub accounts: Vec<(Identity, SnapshotState)>,
    /// What is staged, oldest first.
    pub staged: Vec<Staged>,
    /// The first rows of the first account, by text.
    pub rows: Vec<Row>,
    /// The days that search terms are loaded of, account by account.
    pub terms: Vec<(Identity, TermPeriod)>,
}

/// What is known of an account's snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SnapshotState {
    /// When it was fetched; `None` before the first refresh.
    pub fetched: Option<Timestamp>,
    /// Why it is older than the last try.
    pub stale: Option<Problem>,
    /// How many campaigns it holds.
    pub campaigns: usize,
    /// How many negatives it holds.
    pub negatives: usize,
}

/// One negative with what surrounds it: all that a table row or the details need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its account.
    pub account: Identity,
    /// The negative.
    pub negative: Negative,
    /// Its campaign's name.
    pub campaign: Text,
    /// Its campaign's state.
    pub campaign_state: ParentState,
    /// What negatives can do in its campaign.
    pub campaign_holds: Holds,
    /// Its ad group's name and state; `None` at campaign level.
    pub ad_group: Option<(Text, ParentState)>,
    /// The day of the first snapshot that held it.
    pub first_seen: Option<Date>,
}

/// What tells a row from every other, also in a newer snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RowId {
    /// A negative of the snapshot.
    Existing(Identity, NegativeKey),
    /// A staged addition, by its number.
    Added(u64),
}

/// What a query found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The rows that match, in order.
    pub rows: Rows,
    /// Where the row that was to be kept is now.
    pub kept: Option<usize>,
}

/// The lines that a query found, with the terms they are numbered by.
#[derive(Clone, Debug)]
pub struct LinesFound {
    /// The terms.
    pub sifter: Sifter,
    /// The lines, in order.
    pub rows: LineRows,
    /// Where the line that was to be kept is now.
    pub kept: Option<usize>,
}
