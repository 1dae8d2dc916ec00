//! The journal for the screen: what takes an operation back, what was cut off, who else is sending.

use super::desk::Desk;
use crate::domain::ids::OperationId;
use crate::domain::problem::{Problem, ProblemKind};
use crate::engine::Engine;
use crate::ui::msg::{Around, CutOff, Sender, StagedNow, Undoing};

/// Stages what takes an operation back, or without one what was sent last.
pub(super) async fn undo(
    engine: &Engine,
    operation: Option<OperationId>,
    desk: &Desk,
) -> Result<Undoing, Problem> {
    let operations = match operation {
        Some(operation) => vec![operation],
        None => engine.sent_last().await?,
    };
    if operations.is_empty() {
        return Err(Problem::new(ProblemKind::Usage, "Nothing was sent yet that could be taken back"));
    }
    let staging = engine.stage_undo(&operations).await?;
    let all = engine.staged().await?;
    let overlay = desk.overlay(&all);
    let staged = StagedNow {
        all,
        added: staging.numbers(),
        dropped: Vec::new(),
        notes: staging.notes.iter().map(ToString::to_string).collect(),
        overlay,
    };
    Ok(Undoing { operations: staging.operations, staged })
}

/// What was cut off, and who else is sending.
pub(super) async fn around(engine: &Engine) -> Result<Around, Problem> {
    let cut_off = engine.cut_off().await?;
    let own = std::process::id();
    let senders = engine.sending()?.into_iter().filter(|(_, holder)| holder.pid != own);
    Ok(Around {
        cut_off: cut_off
            .into_iter()
            .map(|one| CutOff { entry: one.entry, unknown: one.unknown, unsent: one.unsent })
            .collect(),
        senders: senders
            .map(|(account, holder)| (account, Sender { pid: holder.pid, since: holder.since }))
            .collect(),
    })
}
