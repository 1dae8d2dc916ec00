//! `unbid plan`: what would be sent, to the very request. Saves the plan; sends nothing.

use std::io::{self, Write};

use super::args::PlanArgs;
use super::output::{self, Format};
use super::{Exit, Session};
use crate::domain::problem::Problem;
use crate::domain::text::shown;
use crate::engine::{PlanView, Selection};

/// Prints the plan of the chosen accounts.
pub async fn run(session: &Session, args: PlanArgs) -> Result<Exit, Problem> {
    let plan = session.engine.plan(&selection(session)).await?;
    show(session, &session.engine.view(&plan).await?, args.output.format)?;
    let something = plan.sendable().next().is_some();
    Ok(if args.exit_code && something { Exit::Found } else { Exit::Done })
}

/// Prints a plan.
pub fn show(session: &Session, view: &PlanView, format: Format) -> Result<(), Problem> {
    match format {
        Format::Table => table(view, session),
        Format::Csv => output::rows(&view.changes, Format::Csv, false),
        format => output::document(view, format),
    }
}

/// What the flags mean: the accounts named, or all.
pub fn selection(session: &Session) -> Selection {
    if session.accounts.is_empty() { Selection::All } else { Selection::Accounts(session.accounts.clone()) }
}

fn table(view: &PlanView, session: &Session) -> Result<(), Problem> {
    if view.changes.is_empty() {
        if !session.quiet {
            eprintln!("Nothing is staged. `unbid add`, `set-state` and `remove` stage changes.");
        }
        return Ok(());
    }
    output::rows(&view.changes, Format::Table, session.color)?;
    let mut out = io::stdout().lock();
    let written = (|| {
        if !view.requests.is_empty() || view.changes.iter().any(|change| !change.cautions.is_empty()) {
            writeln!(out)?;
        }
        for request in &view.requests {
            let count = request.changes.len();
            let s = if count == 1 { "" } else { "s" };
            let account = &request.account;
            writeln!(out, "{account}  {} {}  {count} change{s}", request.method, shown(&request.url))?;
        }
        for change in view.changes.iter().filter(|change| !change.cautions.is_empty()) {
            writeln!(out, "{}: {}", change.number, shown(&change.cautions.join("; ")))?;
        }
        let id = &view.plan_id;
        if view.requests.is_empty() {
            return writeln!(out, "\nPlan {id}; none of it can be sent as it is.");
        }
        writeln!(out, "\nPlan {id}; nothing sent. Send it with `unbid apply --plan {id}`.")
    })();
    written.or_else(output::unheard)
}
