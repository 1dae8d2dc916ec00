//! Orders to the shell: plain values that a test can compare and print. The shell executes them off the UI
//! thread and answers with [`Msg::Done`](super::msg::Msg::Done) under the same ticket.
//!
//! | Effect | Brings back |
//! |---|---|
//! | `LoadOpening` | `Reply::Opening`, at once: a `LIMIT` query and stored counts, nothing that reads a million rows |
//! | `LoadCatalog` | `Reply::Catalog`: the snapshot of all accounts. It is handed in before any `Found` made from it |
//! | `Query` | `Reply::Found` against the newest catalog handed in; a newer `Query` makes an unfinished one void, and needs no answer then |
//! | `FindPlaces` | `Reply::Places`, by [`places::find`](super::overlays::places::find) on the newest catalog; a newer one makes it void |
//! | `Stage` | `Reply::Staged`; the three lists in one transaction, or an error and nothing changed |
//! | `Sync` | `Progress::Sync` by counts, `Progress::AccountSynced` per account, at the end `Reply::Synced`; stopped by `Cancel` |
//! | `FetchTerms` | `Progress::Fetch` by counts, `Progress::AccountFetched` per account, at the end `Reply::TermsFetched`; stopped by `Cancel` |
//! | `BuildPlan` | `Reply::Plan`, saved |
//! | `Send` | `Progress::Send`, at the end `Reply::Sent`; stopped after the request in flight by `Cancel` |
//! | `Judge` | `Reply::Judged`, by [`sheet::judge`](super::overlays::add::sheet::judge) on the newest catalog handed in |
//! | `Simulate` | `Reply::Simulated`, of the newest snapshot and search terms; nothing once `Cancel`led |
//! | `SumUp` | the same, with nothing but the totals |
//! | `Brands` | `Reply::Brands` |
//! | `Check` | `Reply::Checked` |
//! | `LoadHistory` | `Reply::History` |
//! | `LoadOperation` | `Reply::Operation` |
//! | `Undo` | `Reply::Undoing`: staged, or an error and nothing changed |
//! | `LookAround` | `Reply::Around` |
//! | `Settle` | `Progress::Send`, at the end `Reply::Settled`; sends nothing |
//! | `LoadTerms` | `Reply::Terms`: every search term, numbered by the newest catalog handed in, with what is staged and what was looked at |
//! | `QueryTerms` | `Reply::Lines` against the newest terms handed in; a newer one makes an unfinished one void, as for `SumWords` |
//! | `SumWords` | `Reply::Words` |
//! | `Review` | `Reply::Reviewed` |
//! | `Audit` | `Reply::Audit`, over the newest catalog; a newer one makes it void, and needs no answer then |
//! | `Ignore`, `Heed` | `Reply::Ignored`, once it is in the file |
//! | the others | nothing |

use std::time::Duration;

use jiff::civil::Date;

use super::msg::RowId;
use super::overlays::add::sheet::Grid;
use super::remote::Ticket;
use crate::domain::account::{AccountName, Identity};
use crate::domain::audit::{Finding, FindingId};
use crate::domain::catalog::Query;
use crate::domain::change::{Change, NewNegative, Staged};
use crate::domain::ids::{OperationId, PlanId};
use crate::domain::sift::SiftQuery;
use crate::domain::simulate::Question;
use crate::domain::term::{Review, ReviewKey};

/// One order.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// What the store can say at once, with this many rows of the first account.
    LoadOpening(Ticket, usize),
    /// The snapshot of all accounts into memory.
    LoadCatalog(Ticket),
    /// Rows of the catalog.
    Query(Ticket, Box<Wanted>),
    /// Accounts, campaigns and ad groups whose names are like this.
    FindPlaces(Ticket, String),
    /// Changes what is staged.
    Stage(Ticket, Box<Staging>),
    /// Refreshes these accounts.
    Sync(Ticket, Vec<Identity>),
    /// Fetches the search terms of these accounts.
    FetchTerms(Ticket, Vec<Identity>, Fetching),
    /// Makes and saves a plan of staged changes: these numbers, or all.
    BuildPlan(Ticket, Option<Vec<u64>>),
    /// Sends what is picked of a saved plan.
    Send(Ticket, Box<Sending>),
    /// Ends a request: a `Sync` without a trace, a `Send` after the request in flight. It still answers.
    Cancel(Ticket),
    /// What is to be said of a long list of additions.
    Judge(Ticket, Vec<(Identity, Vec<NewNegative>)>),
    /// What negatives would block among the search terms, and so many of those terms of each.
    Simulate(Ticket, Vec<Question>, usize),
    /// What a long list of additions would block together.
    SumUp(Ticket, Box<Grid>),
    /// Brands of the account's platform whose names match.
    Brands(Ticket, Identity, String),
    /// Whether the account can be reached and used.
    Check(Ticket, Identity),
    /// The operations of the journal, the newest this many.
    LoadHistory(Ticket, usize),
    /// One operation of the journal, whole.
    LoadOperation(Ticket, OperationId),
    /// Stages what takes an operation back, or without one the last sending.
    Undo(Ticket, Option<OperationId>),
    /// What was cut off, and who else is sending.
    LookAround(Ticket),
    /// Asks the platforms what became of the changes without an answer.
    Settle(Ticket),
    /// Every search term into memory.
    LoadTerms(Ticket),
    /// Lines of search terms.
    QueryTerms(Ticket, Box<TermsWanted>),
    /// Runs of words with their sums.
    SumWords(Ticket, Box<WordsWanted>),
    /// Remembers what was looked at among the search terms, or forgets it.
    Review(Ticket, Vec<(ReviewKey, Option<Review>)>),
    /// Audits the snapshot; keywords that are older than it are listed first.
    Audit(Ticket),
    /// Notes these findings as meant, for this reason.
    Ignore(Ticket, Vec<Finding>, String),
    /// Takes that back: these findings are to be looked at again.
    Heed(Ticket, Vec<FindingId>),
    /// Puts text on the clipboard by OSC 52.
    Copy(String),
    /// Opens an address in a browser.
    OpenUrl(String),
    /// Leaves the screen, runs another command of this program (`demo`, `doctor`), and ends with it.
    Run(&'static str),
    /// Hands in a `Clock` at this monotonic time; the latest order replaces the one before.
    WakeAt(Duration),
    /// Mouse capture on or off.
    SetMouse(bool),
    /// Ends the program. Staged changes are in the store.
    Quit,
}

/// How search terms are to be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fetching {
    /// How many days.
    pub days: u16,
    /// The last day; `None` for the last one that is over where the account is.
    pub until: Option<Date>,
    /// Only accounts whose terms are older than this; `None` for all.
    pub older_than: Option<Duration>,
}

/// What is to be sent, with what was confirmed in the dialog before.
#[derive(Clone, Debug, PartialEq)]
pub struct Sending {
    /// The saved plan.
    pub plan: PlanId,
    /// The numbers of the changes to be sent; the others stay.
    pub pick: Vec<u64>,
    /// The names of protected accounts that were typed.
    pub names: Vec<AccountName>,
    /// The number of removals that was typed.
    pub removals: Option<usize>,
}

/// Which rows are wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// Scope, filter and order. The shell may narrow its last result (see [`Rows`](crate::domain::catalog::Rows)).
    pub query: Query,
    /// The row under the cursor: the answer says where it is now.
    pub keep: Option<RowId>,
}

/// Which lines of search terms are wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct TermsWanted {
    /// View, filter and order.
    pub query: SiftQuery,
    /// The line under the cursor: the answer says where it is now.
    pub keep: Option<ReviewKey>,
}

/// Whose runs of words are wanted.
#[derive(Clone, Debug, PartialEq)]
pub enum WordsWanted {
    /// Those of all lines of a query.
    Lines(SiftQuery),
    /// Those of one line's term, summed over its account.
    Term(ReviewKey),
}

/// What is to be changed in staging, in one transaction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Staging {
    /// New changes, in this order.
    pub add: Vec<(Identity, Change)>,
    /// The numbers of changes to be dropped.
    pub drop: Vec<u64>,
    /// Dropped changes to be put back (redo, or undo of a drop).
    pub restore: Vec<Staged>,
}

impl Staging {
    /// Stages new changes.
    pub fn add(changes: Vec<(Identity, Change)>) -> Self {
        Self { add: changes, ..Self::default() }
    }

    /// Drops staged ones.
    pub fn drop(numbers: Vec<u64>) -> Self {
        Self { drop: numbers, ..Self::default() }
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.add.is_empty() && self.drop.is_empty() && self.restore.is_empty()
    }
}
