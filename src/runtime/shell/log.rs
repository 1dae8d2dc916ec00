//! Follows the client's request log: each entry becomes a line of the log screen as it comes. Secrets are masked before
//! they get here, in `platform::http`.

use std::sync::Arc;

use tokio::sync::{broadcast, mpsc};

use crate::domain::problem::{Problem, ProblemKind};
use crate::platform::http::Entry;
use crate::ui::msg::{LogEntry, Msg};

/// Hands every request of the log in as it comes.
pub(super) async fn follow(mut log: broadcast::Receiver<Arc<Entry>>, inbox: mpsc::UnboundedSender<Msg>) {
    loop {
        match log.recv().await {
            Ok(entry) => {
                if inbox.send(Msg::Logged(Box::new(line(&entry)))).is_err() {
                    return;
                }
            }
            // A burst went by faster than it could be read; the ring of the client has it.
            Err(broadcast::error::RecvError::Lagged(_)) => {}
            Err(broadcast::error::RecvError::Closed) => return,
        }
    }
}

fn line(entry: &Entry) -> LogEntry {
    LogEntry {
        at: entry.when,
        account: Some(entry.account.to_string()),
        call: Some((entry.method, entry.path.clone())),
        status: entry.status,
        took: entry.took,
        retries: entry.retries(),
        problem: entry.problem.as_ref().map(|why| Problem::new(ProblemKind::Network, why)),
    }
}
