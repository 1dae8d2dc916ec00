//! What became of a change after it was applied: taken back, done again, taken back again, as the journal knows. Only
//! looks; `undo.rs` acts on it, and the history shows it.

use rustc_hash::FxHashMap;

use crate::domain::ids::OperationId;
use crate::domain::journal::OutcomeKind;
use crate::domain::problem::Problem;
use crate::store::{OutcomeRecord, TakingBack, Way};

use crate::engine::Engine;

/// How a change stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::engine) enum Link {
    /// It stands, or was done again after it was taken back: `of` is what stands last, with what became of it when
    /// that is not the change itself.
    Standing {
        /// The operation and the change in it.
        of: (OperationId, u64),
        /// What became of it there.
        record: Option<Box<OutcomeRecord>>,
    },
    /// The operation of this number took it back.
    TakenBack(u64),
    /// What takes it back is staged, under this number.
    Staged(u64),
    /// The operation of this number took it back, and no answer came yet.
    Open(u64),
}

/// Follows changes through the operations that took them back. Reads each operation once.
pub(in crate::engine) struct Chain<'e> {
    engine: &'e Engine,
    links: FxHashMap<OperationId, FxHashMap<u64, Vec<TakingBack>>>,
    records: FxHashMap<OperationId, FxHashMap<u64, OutcomeRecord>>,
}

impl<'e> Chain<'e> {
    /// Nothing is read yet.
    pub(in crate::engine) fn new(engine: &'e Engine) -> Self {
        Self { engine, links: FxHashMap::default(), records: FxHashMap::default() }
    }

    /// How an applied change of an operation stands now.
    pub(in crate::engine) async fn end(
        &mut self,
        operation: OperationId,
        number: u64,
    ) -> Result<Link, Problem> {
        let mut at = (operation, number);
        let mut taken_by = None;
        loop {
            let links = self.links(at.0).await?;
            let link = links.get(&at.1).and_then(|links| links.iter().rev().find(|link| counts(link.way)));
            let Some(TakingBack { by, way, .. }) = link.cloned() else { break };
            match (way, taken_by) {
                (Way::Staged, None) => return Ok(Link::Staged(by)),
                (Way::Sent(operation, _, OutcomeKind::Unknown), None) => return Ok(Link::Open(operation)),
                (Way::Sent(operation, id, OutcomeKind::Applied | OutcomeKind::Already), _) => {
                    taken_by = match taken_by {
                        None => Some(operation),
                        // What took it back was taken back itself: it stands again.
                        Some(_) => None,
                    };
                    at = (id, by);
                }
                // Doing it again is only staged, or has no answer: it is still taken back.
                _ => break,
            }
        }
        match taken_by {
            Some(by) => Ok(Link::TakenBack(by)),
            None if at == (operation, number) => Ok(Link::Standing { of: at, record: None }),
            None => {
                let record = self.records(at.0).await?.get(&at.1).cloned().map(Box::new);
                Ok(Link::Standing { of: at, record })
            }
        }
    }

    async fn links(&mut self, of: OperationId) -> Result<&FxHashMap<u64, Vec<TakingBack>>, Problem> {
        if !self.links.contains_key(&of) {
            let mut links: FxHashMap<u64, Vec<TakingBack>> = FxHashMap::default();
            for link in self.engine.store().taking_back(of).await? {
                links.entry(link.undone).or_default().push(link);
            }
            self.links.insert(of, links);
        }
        Ok(self.links.entry(of).or_default())
    }

    async fn records(&mut self, of: OperationId) -> Result<&FxHashMap<u64, OutcomeRecord>, Problem> {
        if !self.records.contains_key(&of) {
            let record = self.engine.store().operation(of).await?;
            let outcomes = record.into_iter().flat_map(|record| record.outcomes);
            self.records.insert(of, outcomes.map(|one| (one.number, one)).collect());
        }
        Ok(self.records.entry(of).or_default())
    }
}

/// Whether it says anything of what it takes back: one that was dropped, refused or not sent does not.
fn counts(way: Way) -> bool {
    use OutcomeKind::{Already, Applied, Unknown};
    matches!(way, Way::Staged | Way::Sent(.., Applied | Already | Unknown))
}
