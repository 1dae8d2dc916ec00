//! `unbid undo`: stages what takes an operation back, apart from what else is staged, and makes a plan of just that.
//! With `--apply` it is sent, see `apply`.

use super::args::UndoArgs;
use super::{Exit, Session, apply, plan};
use crate::domain::problem::{Problem, ProblemKind};
use crate::engine::{Selection, UndoStaging};

/// Takes an operation back, or stages what does.
pub async fn run(session: &Session, args: UndoArgs) -> Result<Exit, Problem> {
    if args.send.apply {
        apply::may_send(session, &args.send.consent)?;
    }
    let engine = &session.engine;
    let id = engine.find_operation(&args.operation).await?;
    if !session.accounts.is_empty() {
        let own = engine.history(&session.accounts, usize::MAX).await?;
        if !own.iter().any(|entry| entry.operation.id == id) {
            let names: Vec<String> = session.accounts.iter().map(ToString::to_string).collect();
            return Err(Problem::new(
                ProblemKind::Usage,
                format!("That is no operation of {}", names.join(", ")),
            )
            .detail("nothing was staged")
            .hint("`unbid history` says which account each operation went to."));
        }
    }
    let staging = engine.stage_undo(&[id]).await?;
    say(session, &staging, args.send.apply);
    let own = engine.plan(&Selection::Changes(staging.numbers())).await?;
    if args.send.apply {
        return apply::send_plan(session, &own, &args.send.consent, args.output.format).await;
    }
    plan::show(session, &engine.view(&own).await?, args.output.format)?;
    Ok(Exit::Done)
}

fn say(session: &Session, staging: &UndoStaging, sending: bool) {
    if session.quiet {
        return;
    }
    for note in &staging.notes {
        eprintln!("not taken back: {note}");
    }
    let n = staging.staged.len();
    let operations: Vec<String> = staging.operations.iter().map(ToString::to_string).collect();
    let sent = if sending { "" } else { ", nothing sent" };
    eprintln!("{n} staged to take back operation {}{sent}", operations.join(", "));
}
