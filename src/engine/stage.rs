//! Staging: what is wanted is judged first, then staged all or nothing. Nothing is sent; see `plan.rs`. What a
//! platform allows is `domain::judge`'s business; what is there and staged already is weighed in `desk.rs`.

use crate::domain::account::{AccountName, Identity};
use crate::domain::capabilities::Capabilities;
use crate::domain::catalog::{AccountIx, Catalog};
use crate::domain::change::{Change, Staged};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::Text;

use super::desk::Desk;
use super::{Engine, Member};

/// What staging did. Undone with [`Engine::undo_staging`], done again with [`Engine::redo_staging`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Staging {
    /// What was staged.
    pub staged: Vec<Staged>,
    /// What had been staged before and was taken back, because this replaces or undoes it.
    pub dropped: Vec<Staged>,
    /// The numbers of what had been staged before just as it is asked for now; `staged` does not have it again.
    pub same: Vec<u64>,
    /// What was not staged as asked, and why: it is there already, or became a change of state.
    pub notes: Vec<Note>,
}

/// Something to say of one of the changes asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its place among those asked for, from 0.
    pub index: usize,
    /// Its text, as it came.
    pub text: Text,
    /// What to say.
    pub says: String,
}

impl std::fmt::Display for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.text.shown(), self.says)
    }
}

/// Why nothing was staged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StageError {
    /// Some of the changes cannot be: each with the reason.
    Refused(Vec<Note>),
    /// Staging itself failed.
    Failed(Problem),
}

impl From<Problem> for StageError {
    fn from(problem: Problem) -> Self {
        Self::Failed(problem)
    }
}

impl From<StageError> for Problem {
    fn from(error: StageError) -> Self {
        match error {
            StageError::Failed(problem) => problem,
            StageError::Refused(notes) => {
                let title = match notes.as_slice() {
                    [one] => format!("Cannot stage {one}"),
                    several => format!("{} changes cannot be staged", several.len()),
                };
                let lines: Vec<String> = if notes.len() == 1 {
                    Vec::new()
                } else {
                    notes.iter().take(MOST_LINES).map(ToString::to_string).collect()
                };
                Self::new(ProblemKind::Usage, title)
                    .detail(lines.join("\n"))
                    .hint("Nothing was staged. Correct it and try again.")
            }
        }
    }
}

/// The most refusals that one problem lists.
const MOST_LINES: usize = 20;

impl Engine {
    /// Stages changes, all or none. Additions that are there already in that state are skipped with a note; there
    /// but switched off, they become a change of state; one that undoes what is staged takes that back instead.
    /// An edit is a removal and an addition.
    pub async fn stage(&self, wanted: Vec<(Identity, Change)>) -> Result<Staging, StageError> {
        self.stage_instead(wanted, &[]).await
    }

    /// As [`Engine::stage`], in the place of these staged changes: they are taken back, and nothing is weighed
    /// against them.
    pub async fn stage_instead(
        &self,
        wanted: Vec<(Identity, Change)>,
        of: &[u64],
    ) -> Result<Staging, StageError> {
        let catalog = self.catalog().await?;
        let mut staged = self.staged().await?;
        staged.retain(|one| !of.contains(&one.number));
        let mut desk = Desk::new(&catalog, &staged);
        for (identity, wanted) in by_account(wanted) {
            let (member, capabilities, account) = self.staging_place(&catalog, &identity)?;
            desk.stage(member, capabilities, account, &identity, &wanted);
        }
        if !desk.refused.is_empty() {
            desk.refused.sort_by_key(|note| note.index);
            return Err(StageError::Refused(desk.refused));
        }
        desk.notes.sort_by_key(|note| note.index);
        desk.put.sort_by_key(|(index, ..)| *index);
        let (notes, same, mut drop) = (desk.notes, desk.same, desk.drop);
        drop.extend_from_slice(of);
        let put = desk.put.into_iter().map(|(_, identity, change)| (identity, change)).collect();
        let dropped = self.store().unstage(drop).await?;
        match self.store().stage(put, self.now()).await {
            Ok(staged) => Ok(Staging { staged, dropped, same, notes }),
            Err(problem) => {
                // All or none: what was taken back for it returns, if the store still can.
                let back = self.store().restage(dropped).await;
                Err(back.err().unwrap_or(problem).into())
            }
        }
    }

    /// What is staged, oldest first, whatever the account.
    pub async fn staged(&self) -> Result<Vec<Staged>, Problem> {
        self.store().staged(None).await
    }

    /// Whether anything is staged for these accounts (none named: for any, what is held back too).
    pub async fn something_staged(&self, accounts: &[AccountName]) -> Result<bool, Problem> {
        let staged = self.staged().await?;
        let chosen = self.choose(accounts)?;
        let theirs = |one: &Staged| chosen.iter().any(|member| member.identity() == Some(&one.account));
        Ok(if accounts.is_empty() { !staged.is_empty() } else { staged.iter().any(theirs) })
    }

    /// Drops staged changes by number; a number that is not staged refuses them all.
    pub async fn unstage(&self, numbers: &[u64]) -> Result<Vec<Staged>, Problem> {
        let staged = self.staged().await?;
        if let Some(unknown) = numbers.iter().find(|number| !staged.iter().any(|one| one.number == **number)) {
            return Err(Problem::new(ProblemKind::Usage, format!("No change {unknown} is staged"))
                .hint("`unbid plan` shows what is staged, with its numbers."));
        }
        self.store().unstage(numbers.to_vec()).await
    }

    /// Drops everything staged for these accounts (none named: everything, what is held back too).
    pub async fn unstage_all(&self, accounts: &[AccountName]) -> Result<Vec<Staged>, Problem> {
        if accounts.is_empty() {
            return self.store().unstage_all(None).await;
        }
        let mut dropped = Vec::new();
        for member in self.choose(accounts)? {
            if let Some(identity) = member.identity() {
                dropped.extend(self.store().unstage_all(Some(identity.clone())).await?);
            }
        }
        Ok(dropped)
    }

    /// Takes a staging back. One that was sent meanwhile stays sent.
    pub async fn undo_staging(&self, staging: &Staging) -> Result<(), Problem> {
        self.store().unstage(staging.staged.iter().map(|one| one.number).collect()).await?;
        self.store().restage(staging.dropped.clone()).await.map(drop)
    }

    /// Stages again what was taken back, under the same numbers.
    pub async fn redo_staging(&self, staging: &Staging) -> Result<(), Problem> {
        self.store().unstage(staging.dropped.iter().map(|one| one.number).collect()).await?;
        self.store().restage(staging.staged.clone()).await.map(drop)
    }

    /// Stages anew what did not come through: the refused ones of a sent plan. What is still staged stays as it is.
    /// Returns the numbers to plan: "retry failed".
    pub async fn retry(
        &self,
        plan: &crate::domain::plan::Plan,
        numbers: &[u64],
    ) -> Result<Vec<u64>, StageError> {
        let staged = self.staged().await?;
        let mut again = Vec::new();
        let mut open = Vec::new();
        for part in &plan.accounts {
            for planned in part.changes.iter().filter(|planned| numbers.contains(&planned.number)) {
                if staged.iter().any(|one| one.number == planned.number) {
                    open.push(planned.number);
                } else {
                    again.push((part.account.clone(), planned.change.clone()));
                }
            }
        }
        let staging = self.stage(again).await?;
        open.extend(staging.staged.iter().map(|one| one.number));
        Ok(open)
    }

    pub(super) fn staging_place<'a>(
        &'a self,
        catalog: &Catalog,
        identity: &Identity,
    ) -> Result<(&'a Member, &'static Capabilities, AccountIx), Problem> {
        let member = self.member_of(identity).ok_or_else(|| {
            Problem::new(ProblemKind::Usage, "No account of the configuration has this identity")
                .detail(identity.key())
        })?;
        let capabilities = member.capabilities.ok_or_else(|| {
            Problem::new(ProblemKind::Config, format!("{} names no platform that there is", member.name))
        })?;
        let account = catalog.find_account(identity).ok_or_else(|| {
            Problem::new(ProblemKind::Usage, format!("Nothing is known of {} yet", member.name))
                .hint(format!("Run `unbid sync --account {}` first.", member.name))
        })?;
        Ok((member, capabilities, account))
    }
}

/// The changes asked for, account by account, each with its place in the whole.
fn by_account(wanted: Vec<(Identity, Change)>) -> Vec<(Identity, Vec<(usize, Change)>)> {
    let mut grouped: Vec<(Identity, Vec<(usize, Change)>)> = Vec::new();
    for (index, (identity, change)) in wanted.into_iter().enumerate() {
        match grouped.iter_mut().find(|(known, _)| *known == identity) {
            Some((_, changes)) => changes.push((index, change)),
            None => grouped.push((identity, vec![(index, change)])),
        }
    }
    grouped
}
