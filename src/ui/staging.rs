//! The ledger of staging: what `u` takes back and `U` stages again. Each step is the inverse of what was done,
//! so that taking back and staging again are the same move in two directions.

use super::effect::Staging;
use super::msg::StagedNow;
use super::remote::Ticket;
use crate::domain::change::Staged;

/// What one step did.
#[derive(Clone, Debug, PartialEq)]
struct Step {
    added: Vec<u64>,
    dropped: Vec<Staged>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    New,
    Undo,
    Redo,
}

#[derive(Clone, Debug)]
struct Pending {
    ticket: Ticket,
    way: Way,
    say: String,
}

/// What can be taken back and staged again.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    undo: Vec<Step>,
    redo: Vec<Step>,
    pending: Vec<Pending>,
}

impl Ledger {
    /// Notes that a staging goes out.
    pub fn sent(&mut self, ticket: Ticket, say: String) {
        self.push(ticket, Way::New, say);
    }

    fn push(&mut self, ticket: Ticket, way: Way, say: String) {
        self.pending.push(Pending { ticket, way, say });
    }

    /// Something was staged that nobody awaited here, such as what takes an operation back: it can be taken back too.
    pub fn staged(&mut self, now: &StagedNow) {
        self.undo.push(Step { added: now.added.clone(), dropped: now.dropped.clone() });
        self.redo.clear();
    }

    /// Something was sent: what was staged before it is not what is taken back next.
    pub fn forget(&mut self) {
        self.undo.clear();
        self.redo.clear();
    }

    /// What takes back the last step. Without a step of this run it is the newest staging in the store.
    pub fn undo(&mut self, ticket: Ticket, staged: &[Staged]) -> Option<Staging> {
        let staging = loop {
            match self.undo.pop() {
                Some(step) => {
                    let staging = inverse(step, staged);
                    if !staging.is_empty() {
                        break staging;
                    }
                }
                None => break Staging::drop(newest(staged)),
            }
        };
        if staging.is_empty() {
            return None;
        }
        self.push(ticket, Way::Undo, "Taken back; U stages it again".to_owned());
        Some(staging)
    }

    /// What stages again what was taken back.
    pub fn redo(&mut self, ticket: Ticket, staged: &[Staged]) -> Option<Staging> {
        let staging = inverse(self.redo.pop()?, staged);
        if staging.is_empty() {
            return None;
        }
        self.push(ticket, Way::Redo, "Staged again; u takes it back".to_owned());
        Some(staging)
    }

    /// Whether a step of this run can be taken back, such as an unstaging.
    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    /// Whether there is something to stage again.
    pub fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }

    /// Takes the answer to a staging; what is to be said, if the ticket is known.
    pub fn done(&mut self, ticket: Ticket, now: &StagedNow) -> Option<String> {
        let at = self.pending.iter().position(|p| p.ticket == ticket)?;
        let pending = self.pending.remove(at);
        let step = Step { added: now.added.clone(), dropped: now.dropped.clone() };
        match pending.way {
            Way::New => {
                self.undo.push(step);
                self.redo.clear();
            }
            Way::Redo => self.undo.push(step),
            Way::Undo => self.redo.push(step),
        }
        Some(pending.say)
    }

    /// A staging failed: nothing was changed. Says whether it was one of ours.
    pub fn failed(&mut self, ticket: Ticket) -> bool {
        let before = self.pending.len();
        self.pending.retain(|p| p.ticket != ticket);
        before != self.pending.len()
    }
}

/// What undoes a step, as far as its changes are still staged.
fn inverse(step: Step, staged: &[Staged]) -> Staging {
    let drop = step.added.into_iter().filter(|n| staged.iter().any(|s| s.number == *n)).collect();
    Staging { add: Vec::new(), drop, restore: step.dropped }
}

/// The numbers that were staged together last.
fn newest(staged: &[Staged]) -> Vec<u64> {
    let last = staged.iter().map(|s| s.at).max();
    staged.iter().filter(|s| Some(s.at) == last).map(|s| s.number).collect()
}
