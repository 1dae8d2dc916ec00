//! Refreshing accounts for the screen: each tells its counts as they come, and its new state when it is in the store.

use std::sync::Arc;

use futures::future::join_all;
use tokio_util::sync::CancellationToken;

use super::opening;
use super::shell::Teller;
use crate::domain::account::Identity;
use crate::domain::problem::{Problem, ProblemKind};
use crate::engine::{Engine, Member, SyncEvent, SyncOptions, SyncOutcome};
use crate::ui::msg::{Progress, Reply, SnapshotState, SyncCounts};

/// Refreshes these accounts side by side.
pub(super) async fn refresh(
    engine: Engine,
    accounts: Vec<Identity>,
    tell: Teller,
    cancel: CancellationToken,
) -> Reply {
    let members: Vec<Member> = engine
        .members()
        .iter()
        .filter(|member| member.identity().is_some_and(|one| accounts.contains(one)))
        .cloned()
        .collect();
    let all = members.iter().filter_map(|member| Some((member, member.identity()?.clone()))).map(
        |(member, identity)| {
            let (engine, tell, cancel) = (&engine, &tell, &cancel);
            async move {
                let result = one(engine, member, &identity, tell, cancel).await;
                tell.progress(Progress::AccountSynced(identity.clone(), result.clone()));
                result.err().map(|problem| (identity, problem))
            }
        },
    );
    Reply::Synced(join_all(all).await.into_iter().flatten().collect())
}

async fn one(
    engine: &Engine,
    member: &Member,
    identity: &Identity,
    tell: &Teller,
    cancel: &CancellationToken,
) -> Result<SnapshotState, Problem> {
    let (told, of) = (tell.clone(), identity.clone());
    let progress = Arc::new(move |event| {
        if let SyncEvent::Counted { counts, .. } = event {
            let counts = SyncCounts {
                campaigns: counts.campaigns,
                ad_groups: counts.ad_groups,
                negatives: counts.negatives,
            };
            told.progress(Progress::Sync(of.clone(), counts));
        }
    });
    let names = [member.name.clone()];
    let report = engine.sync(&names, SyncOptions::default(), progress, cancel.clone()).await?;
    for account in report.accounts {
        match account.outcome {
            SyncOutcome::Failed(problem) => return Err(problem),
            SyncOutcome::Cancelled => {
                return Err(Problem::new(ProblemKind::Cancelled, "The refresh was stopped"));
            }
            // What could not be listed is told by the state, which the store keeps.
            SyncOutcome::Fresh | SyncOutcome::Partial(_) | SyncOutcome::Skipped => {}
        }
    }
    let figures = engine.store().accounts(std::slice::from_ref(identity)).await?;
    Ok(figures.first().map(opening::state).unwrap_or_default())
}
