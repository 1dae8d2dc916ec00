//! Where changes are weighed before any is staged: what the snapshot and staging say of each, and what comes of
//! it. Stages nothing itself; `stage.rs` does.

use jiff::Timestamp;
use rustc_hash::FxHashSet;

use crate::domain::account::Identity;
use crate::domain::capabilities::Capabilities;
use crate::domain::catalog::{AccountIx, Catalog, Mark, NegIx, Overlay};
use crate::domain::change::{Change, NewNegative, Staged};
use crate::domain::judge::{Advice, Already, Judgement, MoveVerdict, judge_all, judge_move};
use crate::domain::negative::State;
use crate::domain::text::Text;

use super::{Member, Note};

/// The number under which the changes of the same move are laid over the snapshot; staging never gets there.
const SAME_MOVE: u64 = u64::MAX;

/// Where changes are weighed before any is staged.
pub(super) struct Desk<'a> {
    catalog: &'a Catalog,
    staged: &'a [Staged],
    overlay: Overlay,
    /// What else is staged is left alone: what meets it is not staged, and that is said.
    apart: bool,
    /// What is to be staged, with its place among those asked for.
    pub(super) put: Vec<(usize, Identity, Change)>,
    /// What is to be taken back.
    pub(super) drop: Vec<u64>,
    /// The numbers of what is staged just as it is asked for.
    pub(super) same: Vec<u64>,
    /// What is to be said.
    pub(super) notes: Vec<Note>,
    /// What cannot be staged, and why.
    pub(super) refused: Vec<Note>,
    touched: FxHashSet<NegIx>,
}

impl<'a> Desk<'a> {
    pub(super) fn new(catalog: &'a Catalog, staged: &'a [Staged]) -> Self {
        Self {
            catalog,
            staged,
            overlay: Overlay::new(catalog, staged),
            apart: false,
            put: Vec::new(),
            drop: Vec::new(),
            same: Vec::new(),
            notes: Vec::new(),
            refused: Vec::new(),
            touched: FxHashSet::default(),
        }
    }

    /// The same, apart from what else is staged: none of it is replaced or taken back.
    pub(super) fn apart(catalog: &'a Catalog, staged: &'a [Staged]) -> Self {
        Self { apart: true, ..Self::new(catalog, staged) }
    }

    /// Weighs what is wanted of one account, each with its place among all that is asked for.
    pub(super) fn stage(
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
        // What is removed in the same move makes room, and covers nothing: an edit is a removal and an addition.
        let moves = self.put.iter().map(|(_, account, change)| Staged {
            number: SAME_MOVE,
            account: account.clone(),
            change: change.clone(),
            at: Timestamp::UNIX_EPOCH,
        });
        let others = self.staged.iter().filter(|one| !self.drop.contains(&one.number)).cloned();
        self.overlay = Overlay::new(self.catalog, &others.chain(moves).collect::<Vec<_>>());
        let news: Vec<NewNegative> = adds.iter().map(|(_, new)| new.clone()).collect();
        let judged = judge_all(&news, capabilities, self.catalog, account, &self.overlay);
        for ((index, new), judgement) in adds.into_iter().zip(judged) {
            self.stage_addition(index, member, capabilities, identity, new, &judgement);
        }
    }

    /// Whether that staged change is this addition, its state included.
    fn stages(&self, number: u64, new: &NewNegative) -> bool {
        let adds = |change: &Change| matches!(change, Change::Add { new: staged } if staged.state == new.state);
        self.staged.iter().any(|one| one.number == number && adds(&one.change))
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
        if let Some(staged) = staged.filter(|_| self.apart) {
            return self.notes.push(note(in_the_way(staged.number)));
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
                    self.same.extend(staged.map(|staged| staged.number));
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
            Advice::Skip => match judgement.already {
                Some(Already::Staged(number)) if self.stages(number, &new) => {
                    self.same.push(number);
                    self.notes.push(note(said));
                }
                // Staged in another state: the last word counts.
                Some(Already::Staged(number)) if !self.apart => {
                    self.notes.push(note(format!("{said}, now as {}", new.state)));
                    self.drop.push(number);
                    self.put.push((index, identity.clone(), Change::Add { new }));
                }
                _ => self.notes.push(note(said)),
            },
            Advice::SetState { row, to } => {
                let target = self.catalog.to_negative(row);
                self.notes.push(note(format!("{said}: staged as a change to {to}")));
                if self.touched.insert(row) {
                    self.put.push((index, identity.clone(), Change::SetState { target, to }));
                }
            }
            Advice::Unstage(SAME_MOVE) => {
                self.notes.push(note("the same negative is changed in the same move".to_owned()));
            }
            Advice::Unstage(number) if self.apart => self.notes.push(note(in_the_way(number))),
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

/// What else is staged for the same negative, and is left as it is.
fn in_the_way(number: u64) -> String {
    format!("change {number} is staged for it: send or drop that first")
}

/// White space at its ends is not part of a text.
fn trimmed(new: &NewNegative) -> NewNegative {
    NewNegative { text: Text::new(new.text.raw().trim()), ..new.clone() }
}
