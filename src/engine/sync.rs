//! Refreshes the snapshot from the platforms: all accounts side by side, each visible only when it is whole. What
//! could not be listed stays as it was, marked stale with the reason. Changes nothing on a platform.

use std::time::Duration;

use futures::future::join_all;
use serde::Serialize;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::domain::account::{AccountName, Identity};
use crate::domain::problem::Problem;
use crate::platform::traits::{Fetched, Scope};
use crate::store::{Page, SnapshotScope, SnapshotWriter};

use super::{Engine, Member, Progress};

/// How a sync is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SyncOptions {
    /// List everything, however young it is.
    pub full: bool,
    /// Leave out accounts whose snapshot is whole and younger than this. No platform says what has changed since a
    /// time, so that age is the only thing that can spare a listing; `None` spares none.
    pub older_than: Option<Duration>,
    /// List the positive keywords and targets too, once all else is in the snapshot.
    pub positives: bool,
}

/// What came of one account so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SyncCounts {
    /// Campaigns.
    pub campaigns: usize,
    /// Ad groups.
    pub ad_groups: usize,
    /// Negatives.
    pub negatives: usize,
    /// Positive keywords and targets.
    pub keywords: usize,
    /// Pages, each the answer to one call.
    pub calls: usize,
}

/// Something that happened in a sync.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncEvent {
    /// A page came.
    Counted {
        /// The account.
        account: AccountName,
        /// What came so far.
        counts: SyncCounts,
    },
    /// An account is done.
    Done(AccountSync),
}

/// How an account came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncOutcome {
    /// The snapshot has all of it.
    Fresh,
    /// The snapshot has what could be listed; the rest is as it was, marked stale.
    Partial(Vec<Problem>),
    /// It was young enough.
    Skipped,
    /// Nothing could be listed; the old snapshot stays, marked stale.
    Failed(Problem),
    /// It was stopped; the old snapshot stays.
    Cancelled,
}

/// What came of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountSync {
    /// The account.
    pub account: AccountName,
    /// What was listed.
    pub counts: SyncCounts,
    /// How it came out.
    pub outcome: SyncOutcome,
}

impl AccountSync {
    /// Why it is not fresh, if so.
    pub fn problems(&self) -> &[Problem] {
        match &self.outcome {
            SyncOutcome::Partial(problems) => problems,
            SyncOutcome::Failed(problem) => std::slice::from_ref(problem),
            SyncOutcome::Fresh | SyncOutcome::Skipped | SyncOutcome::Cancelled => &[],
        }
    }
}

/// What came of a sync, account by account in the config's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncReport {
    /// The accounts.
    pub accounts: Vec<AccountSync>,
}

impl SyncReport {
    /// Whether every account is fresh, or was young enough.
    pub fn complete(&self) -> bool {
        self.accounts.iter().all(|one| matches!(one.outcome, SyncOutcome::Fresh | SyncOutcome::Skipped))
    }
}

impl Engine {
    /// Refreshes these accounts (none named: all). One that fails does not lose the others. An error means that
    /// nothing was tried: an account is not known.
    pub async fn sync(
        &self,
        accounts: &[AccountName],
        options: SyncOptions,
        progress: Progress<SyncEvent>,
        cancel: CancellationToken,
    ) -> Result<SyncReport, Problem> {
        let members = self.choose(accounts)?;
        let all = members.into_iter().map(|member| async {
            let mut counts = SyncCounts::default();
            let outcome = self.sync_one(member, options, &mut counts, &progress, &cancel).await;
            let done = AccountSync { account: member.name.clone(), counts, outcome };
            progress(SyncEvent::Done(done.clone()));
            done
        });
        let accounts = join_all(all).await;
        self.forget_catalog().await;
        Ok(SyncReport { accounts })
    }

    async fn sync_one(
        &self,
        member: &Member,
        options: SyncOptions,
        counts: &mut SyncCounts,
        progress: &Progress<SyncEvent>,
        cancel: &CancellationToken,
    ) -> SyncOutcome {
        let connection = match &member.link {
            Ok(connection) => connection,
            Err(problem) => return SyncOutcome::Failed(problem.clone()),
        };
        let identity = &connection.account().identity;
        match self.is_young(identity, options).await {
            Ok(false) => {}
            Ok(true) => return SyncOutcome::Skipped,
            Err(problem) => return SyncOutcome::Failed(problem),
        }
        let mut writer = self.store().begin_snapshot(identity, self.now(), SnapshotScope::ALL);
        let mut problems = Vec::new();
        let (sink, mut pages) = mpsc::channel(32);
        // The sink goes with the listing, so that the pages end when it does.
        let fetching = async move { connection.fetch(&Scope::SNAPSHOT, &sink).await };
        let collecting = async {
            while let Some(page) = pages.recv().await {
                take(&mut writer, page, counts, &mut problems);
                progress(SyncEvent::Counted { account: member.name.clone(), counts: *counts });
            }
        };
        let fetched = tokio::select! {
            biased;
            () = cancel.cancelled() => return SyncOutcome::Cancelled,
            (fetched, ()) = async { tokio::join!(fetching, collecting) } => fetched,
        };
        if let Err(problem) = fetched {
            // The first reason is what the user must know; that it could not be noted is the smaller trouble.
            return match self.store().mark_stale(identity, &problem).await {
                Ok(()) => SyncOutcome::Failed(problem),
                Err(storage) => SyncOutcome::Partial(vec![problem, storage]),
            };
        }
        if let Err(problem) = writer.commit(self.now()).await {
            return SyncOutcome::Failed(problem);
        }
        if options.positives {
            let listed = self.list_positives(connection, cancel).await;
            counts.keywords += listed.rows;
            counts.calls += listed.calls;
            progress(SyncEvent::Counted { account: member.name.clone(), counts: *counts });
            problems.extend(listed.problems);
        }
        if problems.is_empty() { SyncOutcome::Fresh } else { SyncOutcome::Partial(problems) }
    }

    async fn is_young(&self, identity: &Identity, options: SyncOptions) -> Result<bool, Problem> {
        let Some(limit) = options.older_than.filter(|_| !options.full) else { return Ok(false) };
        let figures = self.store().accounts(std::slice::from_ref(identity)).await?;
        let now = self.now();
        Ok(figures.iter().any(|account| {
            let whole = account.stale.is_none() && account.stale_campaigns.is_none();
            let age = account.fetched_at.and_then(|then| Duration::try_from(now.duration_since(then)).ok());
            whole && age.is_some_and(|age| age < limit)
        }))
    }
}

fn take(writer: &mut SnapshotWriter, page: Fetched, counts: &mut SyncCounts, problems: &mut Vec<Problem>) {
    match page {
        Fetched::Campaigns(rows) => {
            counts.campaigns += rows.len();
            counts.calls += 1;
            writer.put(Page::Campaigns(rows));
        }
        Fetched::AdGroups(rows) => {
            counts.ad_groups += rows.len();
            counts.calls += 1;
            writer.put(Page::AdGroups(rows));
        }
        Fetched::Negatives(rows) => {
            counts.negatives += rows.len();
            counts.calls += 1;
            writer.put(Page::Negatives(rows));
        }
        Fetched::Keywords(rows) => {
            counts.calls += 1;
            writer.put(Page::Keywords(rows));
        }
        // What comes twice replaces itself.
        Fetched::Restarted => {}
        Fetched::Failed { campaigns, problem } => {
            writer.failed(campaigns.as_deref(), &problem);
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
    }
}
