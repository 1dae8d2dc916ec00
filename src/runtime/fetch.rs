//! Fetching search terms for the screen: each account tells its counts as they come, and the days that are loaded when it is
//! done.

use std::sync::Arc;

use futures::future::join_all;
use tokio_util::sync::CancellationToken;

use super::shell::Teller;
use crate::domain::account::Identity;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::term::TermPeriod;
use crate::engine::{Engine, FetchEvent, FetchOptions, FetchOutcome, Member};
use crate::ui::effect::Fetching;
use crate::ui::msg::{FetchCounts, Progress, Reply};

/// Fetches the terms of these accounts side by side.
pub(super) async fn fetch(
    engine: Engine,
    accounts: Vec<Identity>,
    how: Fetching,
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
                let end = one(engine, member, &identity, how, tell, cancel).await;
                tell.progress(Progress::AccountFetched(identity, end));
            }
        },
    );
    join_all(all).await;
    Reply::TermsFetched
}

async fn one(
    engine: &Engine,
    member: &Member,
    identity: &Identity,
    how: Fetching,
    tell: &Teller,
    cancel: &CancellationToken,
) -> Result<Option<TermPeriod>, Problem> {
    let (told, of) = (tell.clone(), identity.clone());
    let progress = Arc::new(move |event| {
        if let FetchEvent::Counted { counts, .. } = event {
            let counts = FetchCounts { reports: counts.reports, loaded: counts.loaded, rows: counts.rows };
            told.progress(Progress::Fetch(of.clone(), counts));
        }
    });
    let names = [member.name.clone()];
    let options = FetchOptions { days: how.days, until: how.until, older_than: how.older_than, full: false };
    for account in engine.fetch_terms(&names, options, progress, cancel.clone()).await? {
        match account.outcome {
            FetchOutcome::Failed(problem) => return Err(problem),
            // The first reason stands for all: the others are in the log.
            FetchOutcome::Partial(problems) => {
                if let Some(problem) = problems.into_iter().next() {
                    return Err(problem);
                }
            }
            FetchOutcome::Cancelled => {
                return Err(Problem::new(ProblemKind::Cancelled, "The fetch of search terms was stopped"));
            }
            FetchOutcome::Fresh | FetchOutcome::Skipped => {}
        }
    }
    let periods = engine.term_periods(&names).await?;
    Ok(periods.into_iter().map(|period| period.days).reduce(TermPeriod::join))
}
