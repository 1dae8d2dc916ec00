//! Changes staging as the screen orders it: adds, drops, puts back, and tells what is staged then. Nothing
//! is sent from here; what becomes of staged changes is a plan's.

use crate::domain::account::Identity;
use crate::domain::change::{Change, Staged};
use crate::domain::problem::Problem;
use crate::engine::Engine;
use crate::runtime::desk::Desk;
use crate::ui::effect::Staging;
use crate::ui::msg::StagedNow;

/// Changes staging: what is new is judged first, so that a refusal changes nothing.
pub(super) async fn stage(engine: &Engine, staging: Staging, desk: &Desk) -> Result<StagedNow, Problem> {
    let wanted: Vec<(Identity, Change)> = staging.add;
    let mut added = Vec::new();
    let mut dropped = Vec::new();
    let mut notes = Vec::new();
    if !wanted.is_empty() {
        // In one move: what replaces a staged change is not weighed against it.
        let done = engine.stage_instead(wanted, &staging.drop).await.map_err(Problem::from)?;
        added.extend(done.staged.iter().map(|one| one.number));
        dropped.extend(done.dropped);
        notes.extend(done.notes.iter().map(ToString::to_string));
    } else if !staging.drop.is_empty() {
        dropped.extend(engine.store().unstage(staging.drop).await?);
    }
    if !staging.restore.is_empty() {
        let back: Vec<Staged> = engine.store().restage(staging.restore).await?;
        added.extend(back.iter().map(|one| one.number));
    }
    let all = engine.staged().await?;
    let overlay = desk.overlay(&all);
    Ok(StagedNow { all, added, dropped, notes, overlay })
}
