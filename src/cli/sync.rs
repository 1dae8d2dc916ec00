//! `unbid sync`: refreshes the local snapshot, all accounts side by side.

use serde::Serialize;

use super::args::SyncArgs;
use super::output::{self, Cells};
use super::progress::SyncProgress;
use super::{Exit, Session, interrupt};
use crate::domain::problem::{Problem, ProblemKind};
use crate::engine::{AccountSync, SyncCounts, SyncOptions, SyncOutcome, SyncReport};

/// Refreshes and tells what came.
pub async fn run(session: &Session, args: SyncArgs) -> Result<Exit, Problem> {
    let progress = SyncProgress::new(session.quiet);
    // No platform tells what has changed since a time, so nothing is surely unchanged: everything is listed.
    let options = SyncOptions { full: args.full, older_than: None, positives: true };
    let report = session.engine.sync(&session.accounts, options, progress.sink(), interrupt::token()).await;
    progress.done();
    let report = report?;
    for account in &report.accounts {
        for problem in account.problems() {
            eprintln!("unbid: {}: {problem}", account.account);
        }
    }
    if report.accounts.is_empty() {
        session.say_why_empty().await?;
    }
    let lines: Vec<Line<'_>> = report.accounts.iter().map(Line::of).collect();
    output::rows(&lines, args.output.format, session.color)?;
    Ok(exit(&report))
}

/// Not signed in anywhere is told apart from other failures.
fn exit(report: &SyncReport) -> Exit {
    if report.complete() {
        return Exit::Done;
    }
    let unknown_here = |account: &AccountSync| matches!(&account.outcome, SyncOutcome::Failed(problem) if problem.kind == ProblemKind::Auth);
    if report.accounts.iter().all(unknown_here) { Exit::NotSignedIn } else { Exit::Failed }
}

/// What came of one account.
#[derive(Serialize)]
struct Line<'a> {
    account: &'a str,
    result: &'static str,
    #[serde(flatten)]
    counts: SyncCounts,
    problems: Vec<String>,
}

impl<'a> Line<'a> {
    fn of(account: &'a AccountSync) -> Self {
        Self {
            account: account.account.as_str(),
            result: match account.outcome {
                SyncOutcome::Fresh => "fresh",
                SyncOutcome::Partial(_) => "partial",
                SyncOutcome::Skipped => "skipped",
                SyncOutcome::Failed(_) => "failed",
                SyncOutcome::Cancelled => "cancelled",
            },
            counts: account.counts,
            problems: account.problems().iter().map(ToString::to_string).collect(),
        }
    }
}

impl Cells for Line<'_> {
    const HEADINGS: &'static [&'static str] =
        &["account", "result", "campaigns", "ad groups", "negatives", "keywords", "calls"];

    fn cells(&self) -> Vec<String> {
        let counts = self.counts;
        let numbers = [counts.campaigns, counts.ad_groups, counts.negatives, counts.keywords, counts.calls];
        [self.account.to_owned(), self.result.to_owned()]
            .into_iter()
            .chain(numbers.iter().map(ToString::to_string))
            .collect()
    }
}
