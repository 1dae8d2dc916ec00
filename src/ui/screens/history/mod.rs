//! History: what was sent, operation by operation, the newest first; `enter` goes into one, to its changes with what
//! became of them and to the exact requests and answers. Only tells; taking an operation back makes a plan, see
//! `update::journal`. This file has the state; `part` takes actions, `view` paints, `words` says.

mod part;
mod requests;
#[cfg(test)]
mod tests;
mod view;
mod words;

use std::sync::Arc;

use crate::domain::ids::OperationId;
use crate::domain::journal::{Entry, Past, PastChange};
use crate::domain::problem::Problem;
use crate::ui::effect::Effect;
use crate::ui::part::Cx;
use crate::ui::remote::{Remote, Ticket};
use crate::ui::widgets::list::ListState;

/// How many operations are shown.
const MOST: usize = 500;

/// The state of the history.
#[derive(Clone, Debug, Default)]
pub struct History {
    entries: Remote<Vec<Entry>>,
    list: ListState,
    /// The operation that was gone into.
    inside: Option<Inside>,
    in_sight: bool,
}

/// One operation from inside.
#[derive(Clone, Debug)]
struct Inside {
    id: OperationId,
    past: Remote<Arc<Past>>,
    list: ListState,
}

impl Inside {
    fn changes(&self) -> &[PastChange] {
        self.past.value().map_or(&[], |past| &past.changes)
    }

    /// The change under the cursor.
    fn change(&self) -> Option<&PastChange> {
        self.changes().get(self.list.cursor)
    }

    fn load(&mut self, cx: &mut Cx) {
        let ticket = cx.ticket();
        self.past.ask(ticket, cx.data.clock.monotonic);
        cx.emit(Effect::LoadOperation(ticket, self.id));
    }
}

impl History {
    fn all(&self) -> &[Entry] {
        self.entries.value().map(Vec::as_slice).unwrap_or_default()
    }

    /// The operation under the cursor.
    fn one(&self) -> Option<&Entry> {
        self.all().get(self.list.cursor)
    }

    /// The operation that `u` takes back: the one that was gone into, else the one under the cursor.
    pub fn focused(&self) -> Option<OperationId> {
        match &self.inside {
            Some(inside) => Some(inside.id),
            None => self.one().map(|one| one.operation.id),
        }
    }

    /// Goes into an operation.
    pub fn drill(&mut self, cx: &mut Cx, id: OperationId) {
        let mut inside = Inside { id, past: Remote::Absent, list: ListState::default() };
        inside.load(cx);
        self.inside = Some(inside);
    }

    /// Back to the list, on the operation that was gone into.
    fn leave(&mut self) -> bool {
        let Some(inside) = self.inside.take() else { return false };
        if let Some(at) = self.all().iter().position(|one| one.operation.id == inside.id) {
            self.list.cursor = at;
        }
        true
    }

    /// Reads the journal anew.
    fn load(&mut self, cx: &mut Cx) {
        let ticket = cx.ticket();
        self.entries.ask(ticket, cx.data.clock.monotonic);
        cx.emit(Effect::LoadHistory(ticket, MOST));
        if let Some(inside) = &mut self.inside {
            inside.load(cx);
        }
    }

    fn failed(&mut self, ticket: Ticket, problem: &Problem) {
        self.entries.take(ticket, Err(problem.clone()));
        if let Some(inside) = &mut self.inside {
            inside.past.take(ticket, Err(problem.clone()));
        }
    }

    /// The list in sight, and how long it is.
    fn list_mut(&mut self) -> (&mut ListState, usize) {
        let len = self.inside.as_ref().map_or(self.all().len(), |inside| inside.changes().len());
        let list = match &mut self.inside {
            Some(inside) => &mut inside.list,
            None => &mut self.list,
        };
        (list, len)
    }

    /// What is awaited or failed now: the operation inside, or the list.
    fn trouble(&self) -> (Option<&Problem>, Option<std::time::Duration>) {
        match &self.inside {
            Some(inside) => (inside.past.problem(), inside.past.since()),
            None => (self.entries.problem(), self.entries.since()),
        }
    }
}
