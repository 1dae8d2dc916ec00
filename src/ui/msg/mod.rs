//! What happened: the only thing that [`update`](super::update::update) takes. The shell makes these from the
//! terminal, the clock and the engine's answers; what it must bring for each effect is said at
//! [`Effect`](super::effect::Effect). Values only: nothing here does anything. `start` has what is known at start,
//! `reply` the answers (`snapshot` and `staging` what they carry), `progress` what is told while something goes on.

mod progress;
mod reply;
mod snapshot;
mod staging;
mod start;

use crossterm::event::{KeyEvent, MouseEvent};

pub use self::progress::{FetchCounts, LogEntry, Progress, SendEvent, SyncCounts};
pub use self::reply::{AuditNow, BrandHit, CheckLine, IgnoredNow, Reply};
pub use self::snapshot::{CatalogNow, Found, LinesFound, Opening, Row, RowId, SnapshotState};
pub use self::staging::{Around, CutOff, Sender, Sent, StagedNow, Undoing};
pub use self::start::{AccountStart, FetchPlan, PlatformStart, Start};
use super::remote::Ticket;
use crate::domain::clock::Clock;
use crate::domain::problem::Problem;

/// One thing that happened.
#[derive(Clone, Debug)]
pub enum Msg {
    /// The program starts: what is configured and what the platforms allow. Sent once, before all else.
    Start(Box<Start>),
    /// A key went down (releases are not handed in).
    Key(KeyEvent),
    /// Text was pasted (bracketed paste).
    Paste(String),
    /// The mouse.
    Mouse(MouseEvent),
    /// The terminal has this many columns and rows.
    Resized(u16, u16),
    /// What the clocks say. Handed in before anything else that happened, and at the time of a `WakeAt`.
    Clock(Clock),
    /// A request is answered, for good.
    Done(Ticket, Result<Reply, Problem>),
    /// A request is under way.
    Progress(Ticket, Progress),
    /// A line for the log screen: every request to a platform, and every error.
    Logged(Box<LogEntry>),
}
