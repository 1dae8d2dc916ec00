//! Staging: what is wanted is judged first, then staged all or nothing. Nothing is sent; see `plan.rs`. What a
//! platform allows is `domain::judge`'s business, what is staged already is weighed here.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::domain::account::{AccountName, Identity};
use crate::domain::capabilities::Capabilities;
use crate::domain::catalog::{AccountIx, Catalog, Mark, NegIx, Overlay};
use crate::domain::change::{Change, NewNegative, Staged};
use crate::domain::judge::{Advice, Already, Judgement, MoveVerdict, judge_all, judge_move};
use crate::domain::negative::State;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::Text;

use super::{Engine, Member};

/// What staging did. Undone with [`Engine::undo_staging`], done again with [`Engine::redo_staging`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Staging {
    /// What was staged.
    pub staged: Vec<Staged>,
    /// What had been staged before and was taken back, because this replaces or undoes it.
    pub dropped: Vec<Staged>,
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
        let catalog = self.catalog().await?;
        let staged = self.staged().await?;
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
        let (notes, drop) = (desk.notes, desk.drop);
        let put = desk.put.into_iter().map(|(_, identity, change)| (identity, change)).collect();
        let dropped = self.store().unstage(drop).await?;
        match self.store().stage(put, self.now()).await {
            Ok(staged) => Ok(Staging { staged, dropped, notes }),
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

    fn staging_place<'a>(
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

/// Where changes are weighed before any is staged.
struct Desk<'a> {
    catalog: &'a Catalog,
    overlay: Overlay,
    put: Vec<(usize, Identity, Change)>,
    drop: Vec<u64>,
    notes: Vec<Note>,
    refused: Vec<Note>,
    touched: FxHashSet<NegIx>,
}

impl<'a> Desk<'a> {
    fn new(catalog: &'a Catalog, staged: &[Staged]) -> Self {
        Self {
            catalog,
            overlay: Overlay::new(catalog, staged),
            put: Vec::new(),
            drop: Vec::new(),
            notes: Vec::new(),
            refused: Vec::new(),
            touched: FxHashSet::default(),
        }
    }

    fn stage(
        &mut self,
        member: &Member,
        capabilities: &Capabilities,
        account: AccountIx,
        identity: &Identity,
        wanted: &[(usize, Change)],
    ) {
        let mut adds: Vec<(usize, NewNegative)> = Vec::new();
        for (index, change) in wanted {
            match change {
                Change::Add { new } => adds.push((*index, trimmed(new))),
                Change::SetState { target, to } => {
                    let row = self.catalog.find(account, &target.key());
                    self.stage_move(*index, capabilities, identity, change, row, *to);
                }
                Change::Remove { target } => {
                    let row = self.catalog.find(account, &target.key());
                    self.stage_move(*index, capabilities, identity, change, row, capabilities.removed_state());
                }
            }
        }
        let news: Vec<NewNegative> = adds.iter().map(|(_, new)| new.clone()).collect();
        let judged = judge_all(&news, capabilities, self.catalog, account, &self.overlay);
        for ((index, new), judgement) in adds.into_iter().zip(judged) {
            self.stage_addition(index, member, capabilities, identity, new, &judgement);
        }
    }

    fn stage_move(
        &mut self,
        index: usize,
        capabilities: &Capabilities,
        identity: &Identity,
        change: &Change,
        row: Option<NegIx>,
        to: State,
    ) {
        let note = |says: String| Note { index, text: change.text().clone(), says };
        let Some(row) = row else {
            return self.refused.push(note("no longer in the snapshot".to_owned()));
        };
        let view = self.catalog.negative(row);
        let staged = self.overlay.on(row);
        if !self.touched.insert(row) {
            return self.notes.push(note("named twice".to_owned()));
        }
        match judge_move(&view, to, capabilities) {
            MoveVerdict::Fine => {
                let change = match change {
                    Change::Remove { .. } => Change::Remove { target: view.to_negative() },
                    _ => Change::SetState { target: view.to_negative(), to },
                };
                let same = staged.is_some_and(|staged| match staged.mark {
                    Mark::SetState(staged) => staged == to && matches!(change, Change::SetState { .. }),
                    Mark::Remove => matches!(change, Change::Remove { .. }),
                });
                if same {
                    return self.notes.push(note("staged already".to_owned()));
                }
                self.drop.extend(staged.map(|staged| staged.number));
                self.put.push((index, identity.clone(), change));
            }
            // As it is, so what was staged for it is taken back.
            MoveVerdict::Already(_) if staged.is_some() => {
                self.drop.extend(staged.map(|staged| staged.number));
                self.notes.push(note("taken back: it stays as it is".to_owned()));
            }
            verdict @ MoveVerdict::Already(_) => self.notes.push(note(verdict.says(capabilities))),
            verdict => self.refused.push(note(verdict.says(capabilities))),
        }
    }

    fn stage_addition(
        &mut self,
        index: usize,
        member: &Member,
        capabilities: &Capabilities,
        identity: &Identity,
        new: NewNegative,
        judgement: &Judgement,
    ) {
        let said = judgement.says(capabilities, self.catalog, &self.overlay);
        let note = |says: String| Note { index, text: new.text.clone(), says };
        match judgement.advice() {
            Advice::Stage => self.put.push((index, identity.clone(), Change::Add { new })),
            Advice::Covered => {
                self.notes.push(note(said));
                self.put.push((index, identity.clone(), Change::Add { new }));
            }
            Advice::Skip => self.notes.push(note(said)),
            Advice::SetState { row, to } => {
                let target = self.catalog.to_negative(row);
                self.notes.push(note(format!("{said}: staged as a change to {to}")));
                if self.touched.insert(row) {
                    self.put.push((index, identity.clone(), Change::SetState { target, to }));
                }
            }
            Advice::Unstage(number) => {
                self.notes.push(note(said));
                self.drop.push(number);
                let Some(Already::Leaving { row, .. }) = judgement.already else { return };
                let target = self.catalog.to_negative(row);
                if target.state != new.state && self.touched.insert(row) {
                    self.put.push((index, identity.clone(), Change::SetState { target, to: new.state }));
                }
            }
            Advice::Refuse => self.refused.push(note(format!("{said} ({})", member.name))),
        }
    }
}

/// White space at its ends is not part of a text.
fn trimmed(new: &NewNegative) -> NewNegative {
    NewNegative { text: Text::new(new.text.raw().trim()), ..new.clone() }
}

/// Staged changes weighed against the snapshot once more, for a plan: all additions of an account in one go.
pub(super) struct Against<'a> {
    catalog: &'a Catalog,
    account: Option<AccountIx>,
    overlay: Overlay,
    additions: FxHashMap<u64, Judgement>,
}

impl<'a> Against<'a> {
    /// Weighs what is staged for one account.
    pub(super) fn new(catalog: &'a Catalog, member: &Member, identity: &Identity, staged: &[Staged]) -> Self {
        let account = catalog.find_account(identity);
        let own = staged.iter().filter(|one| one.account == *identity);
        let (adds, others): (Vec<Staged>, Vec<Staged>) =
            own.cloned().partition(|one| matches!(one.change, Change::Add { .. }));
        let overlay = Overlay::new(catalog, &others);
        let news: Vec<NewNegative> = adds
            .iter()
            .filter_map(|one| match &one.change {
                Change::Add { new } => Some(new.clone()),
                _ => None,
            })
            .collect();
        let additions = match (member.capabilities, account) {
            (Some(capabilities), Some(account)) => {
                let judged = judge_all(&news, capabilities, catalog, account, &overlay);
                adds.iter().map(|one| one.number).zip(judged).collect()
            }
            _ => FxHashMap::default(),
        };
        Self { catalog, account, overlay, additions }
    }

    /// Why a change cannot be sent, and what to know before it is.
    pub(super) fn weigh(&self, member: &Member, one: &Staged) -> (Option<Problem>, Vec<String>) {
        let refuse = |title: String| {
            let hint = format!(
                "Drop it with `unbid unstage {}`, or run `unbid sync` if it should be fine.",
                one.number
            );
            Some(Problem::new(ProblemKind::Usage, title).hint(hint))
        };
        let Some(capabilities) = member.capabilities else {
            return (refuse("its platform is not known".to_owned()), Vec::new());
        };
        let to = match &one.change {
            Change::Add { .. } => {
                let Some(judgement) = self.additions.get(&one.number) else {
                    return (refuse("its account is not in the snapshot".to_owned()), Vec::new());
                };
                let mut lines = judgement.lines(capabilities, self.catalog, &self.overlay);
                return match judgement.advice() {
                    // Its twin's removal is staged too, and goes first.
                    Advice::Stage | Advice::Covered | Advice::Unstage(_) => (None, lines),
                    Advice::Skip | Advice::SetState { .. } | Advice::Refuse => {
                        let first =
                            if lines.is_empty() { "cannot be sent".to_owned() } else { lines.remove(0) };
                        (refuse(first), lines)
                    }
                };
            }
            Change::SetState { to, .. } => *to,
            Change::Remove { .. } => capabilities.removed_state(),
        };
        let target = one.change.target();
        let Some(row) =
            self.account.zip(target).and_then(|(account, target)| self.catalog.find(account, &target.key()))
        else {
            return (refuse("no longer there".to_owned()), Vec::new());
        };
        let view = self.catalog.negative(row);
        match judge_move(&view, to, capabilities) {
            MoveVerdict::Fine => {
                let rule = capabilities.kind(view.kind(), view.level());
                let mut cautions = Vec::new();
                if to == State::Archived {
                    cautions.push("archived for good; taking it back makes a new one".to_owned());
                }
                // What is said of a sort of negative is about switching it off and on.
                if let Some(rule) = rule.filter(|rule| !rule.caution.is_empty() && to == State::Paused) {
                    cautions.push(rule.caution.to_owned());
                }
                (None, cautions)
            }
            verdict => (refuse(verdict.says(capabilities)), Vec::new()),
        }
    }
}
