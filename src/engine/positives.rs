//! Positive keywords and targets in the snapshot: listed after all else, because only the audit and what it knows of
//! harvested terms need them, and nobody should wait for them to see the negatives.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::domain::account::{AccountName, Identity};
use crate::domain::problem::Problem;
use crate::platform::Connection;
use crate::platform::traits::{Fetched, Scope};
use crate::store::{Page, SnapshotScope};

use super::Engine;

/// Positive keywords and targets of the whole account, and nothing else.
const POSITIVES: Scope = Scope { campaigns: None, structure: false, negatives: false, keywords: true };

/// What came of a listing of positives.
#[derive(Debug, Default)]
pub(super) struct Listed {
    pub(super) rows: usize,
    pub(super) calls: usize,
    pub(super) problems: Vec<Problem>,
}

impl Engine {
    /// Lists the positives of these accounts (none named: all) whose snapshot is newer than its positives. Gives
    /// what could not be listed; what the snapshot holds of it stays. An error means that nothing was tried.
    pub async fn refresh_positives(
        &self,
        accounts: &[AccountName],
        cancel: &CancellationToken,
    ) -> Result<Vec<(AccountName, Problem)>, Problem> {
        let mut old = Vec::new();
        for member in self.choose(accounts)? {
            if let (Some(identity), Ok(connection)) = (member.identity(), &member.link)
                && self.is_behind(identity).await?
            {
                old.push((member, Arc::clone(connection)));
            }
        }
        if old.is_empty() {
            return Ok(Vec::new());
        }
        let all = old.iter().map(|(member, connection)| async move {
            let listed = self.list_positives(connection, cancel).await;
            let told = |problem| (member.name.clone(), problem);
            listed.problems.into_iter().map(told).collect::<Vec<_>>()
        });
        let problems = futures::future::join_all(all).await.into_iter().flatten().collect();
        self.forget_positives().await;
        Ok(problems)
    }

    async fn is_behind(&self, identity: &Identity) -> Result<bool, Problem> {
        let figures = self.store().accounts(std::slice::from_ref(identity)).await?;
        Ok(figures.iter().any(|account| {
            account.fetched_at.is_some_and(|fetched| account.keywords_fetched_at.is_none_or(|at| at < fetched))
        }))
    }

    /// Lists one account's positives and puts them into the snapshot.
    pub(super) async fn list_positives(
        &self,
        connection: &Arc<dyn Connection>,
        cancel: &CancellationToken,
    ) -> Listed {
        let identity = &connection.account().identity;
        let scope = SnapshotScope { campaigns: None, structure: false, negatives: false, keywords: true };
        let mut writer = self.store().begin_snapshot(identity, self.now(), scope);
        let mut listed = Listed::default();
        let (sink, mut pages) = mpsc::channel(32);
        // The sink goes with the listing, so that the pages end when it does.
        let fetching = async move { connection.fetch(&POSITIVES, &sink).await };
        let collecting = async {
            while let Some(page) = pages.recv().await {
                match page {
                    Fetched::Keywords(rows) => {
                        listed.rows += rows.len();
                        listed.calls += 1;
                        writer.put(Page::Keywords(rows));
                    }
                    Fetched::Failed { campaigns, problem } => {
                        writer.failed(campaigns.as_deref(), &problem);
                        if !listed.problems.contains(&problem) {
                            listed.problems.push(problem);
                        }
                    }
                    // What hangs above them is listed on the way, and is known already.
                    _ => listed.calls += 1,
                }
            }
        };
        let fetched = tokio::select! {
            biased;
            () = cancel.cancelled() => return Listed::default(),
            (fetched, ()) = async { tokio::join!(fetching, collecting) } => fetched,
        };
        match fetched {
            Err(problem) => listed.problems.push(problem),
            Ok(()) => listed.problems.extend(writer.commit(self.now()).await.err()),
        }
        listed
    }
}
