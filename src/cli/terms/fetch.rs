//! `unbid terms fetch`: search terms from the platforms, all accounts side by side.

use serde::Serialize;

use crate::cli::args::TermsFetchArgs;
use crate::cli::output::{self, Cells};
use crate::cli::progress::FetchProgress;
use crate::cli::{Exit, Session, interrupt};
use crate::domain::problem::{Problem, ProblemKind};
use crate::engine::{AccountFetch, FetchCounts, FetchOptions, FetchOutcome};

/// Fetches and tells what came.
pub async fn run(session: &Session, args: TermsFetchArgs) -> Result<Exit, Problem> {
    let settings = &session.config.terms;
    let options = FetchOptions {
        days: args.days.unwrap_or(settings.days),
        until: settings.until,
        // Who asks for it means it.
        older_than: None,
        full: args.full,
    };
    let progress = FetchProgress::new(session.quiet);
    let done =
        session.engine.fetch_terms(&session.accounts, options, progress.sink(), interrupt::token()).await;
    progress.done();
    let done = done?;
    for account in &done {
        for problem in account.problems() {
            eprintln!("unbid: {}: {problem}", account.account);
        }
    }
    let lines: Vec<Line<'_>> = done.iter().map(Line::of).collect();
    output::rows(&lines, args.output.format, session.color)?;
    Ok(exit(&done))
}

/// Not signed in anywhere is told apart from other failures.
fn exit(done: &[AccountFetch]) -> Exit {
    if done.iter().all(|one| matches!(one.outcome, FetchOutcome::Fresh | FetchOutcome::Skipped)) {
        return Exit::Done;
    }
    let unknown_here = |one: &AccountFetch| matches!(&one.outcome, FetchOutcome::Failed(problem) if problem.kind == ProblemKind::Auth);
    if done.iter().all(unknown_here) { Exit::NotSignedIn } else { Exit::Failed }
}

/// What came of one account.
#[derive(Serialize)]
struct Line<'a> {
    account: &'a str,
    result: &'static str,
    #[serde(flatten)]
    counts: FetchCounts,
    problems: Vec<String>,
}

impl<'a> Line<'a> {
    fn of(done: &'a AccountFetch) -> Self {
        Self {
            account: done.account.as_str(),
            result: match done.outcome {
                FetchOutcome::Fresh => "fresh",
                FetchOutcome::Partial(_) => "partial",
                FetchOutcome::Skipped => "skipped",
                FetchOutcome::Failed(_) => "failed",
                FetchOutcome::Cancelled => "cancelled",
            },
            counts: done.counts,
            problems: done.problems().iter().map(ToString::to_string).collect(),
        }
    }
}

impl Cells for Line<'_> {
    const HEADINGS: &'static [&'static str] =
        &["account", "result", "reports", "loaded", "rows", "rejected", "left out", "unresolved"];

    fn cells(&self) -> Vec<String> {
        let counts = self.counts;
        let numbers = [
            counts.reports as u64,
            counts.loaded as u64,
            counts.rows,
            counts.rejected,
            counts.left_out,
            counts.unresolved,
        ];
        [self.account.to_owned(), self.result.to_owned()]
            .into_iter()
            .chain(numbers.iter().map(ToString::to_string))
            .collect()
    }
}
