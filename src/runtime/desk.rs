//! The snapshot that the screen works on, and the queries over it. One query runs at a time; a newer one makes an
//! unfinished one void.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;

use super::places;
use crate::domain::account::Identity;
use crate::domain::capabilities::Capabilities;
use crate::domain::catalog::{Cancel, Catalog, Overlay, Row, Rows};
use crate::domain::change::Staged;
use crate::domain::journal::Touches;
use crate::domain::judge::Judgement;
use crate::ui::effect::Wanted;
use crate::ui::msg::{CatalogNow, Found, Msg, Reply, RowId};
use crate::ui::overlays::add::sheet;
use crate::ui::remote::Ticket;

/// What is on the desk. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Desk(Arc<Mutex<Papers>>);

#[derive(Default)]
struct Papers {
    catalog: Option<Arc<Catalog>>,
    overlay: Arc<Overlay>,
    last: Option<Rows>,
    running: Cancel,
}

impl Desk {
    fn papers(&self) -> MutexGuard<'_, Papers> {
        // Every field is whole between statements, so a panic elsewhere leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lays a snapshot out and hands it in, in one move: what is found later is found in it.
    pub(super) fn lay(
        &self,
        ticket: Ticket,
        catalog: Arc<Catalog>,
        staged: &[Staged],
        touches: Arc<Touches>,
        inbox: &mpsc::UnboundedSender<Msg>,
    ) {
        let overlay = Arc::new(Overlay::new(&catalog, staged));
        let mut papers = self.papers();
        papers.catalog = Some(Arc::clone(&catalog));
        papers.overlay = Arc::clone(&overlay);
        papers.last = None;
        // Nobody listens any more once the screen is gone.
        let _ = inbox.send(Msg::Done(ticket, Ok(Reply::Catalog(CatalogNow { catalog, overlay, touches }))));
    }

    /// The snapshot that lies here, and what is staged over it.
    pub(super) fn laid(&self) -> Option<(Arc<Catalog>, Arc<Overlay>)> {
        let papers = self.papers();
        Some((papers.catalog.clone()?, Arc::clone(&papers.overlay)))
    }

    /// What is staged, laid over the snapshot.
    pub(super) fn overlay(&self, staged: &[Staged]) -> Arc<Overlay> {
        let mut papers = self.papers();
        if let Some(catalog) = &papers.catalog {
            let overlay = Arc::new(Overlay::new(catalog, staged));
            papers.overlay = Arc::clone(&overlay);
        }
        Arc::clone(&papers.overlay)
    }

    /// Makes the running query void and prepares a new one: what runs it and gives its answer, or nothing when it
    /// is void itself by then.
    pub(super) fn query(&self, wanted: Wanted) -> impl FnOnce() -> Option<Found> + Send + 'static {
        let cancel = Cancel::default();
        std::mem::replace(&mut self.papers().running, cancel.clone()).cancel();
        let desk = self.clone();
        move || desk.find(&wanted, &cancel)
    }

    fn find(&self, wanted: &Wanted, cancel: &Cancel) -> Option<Found> {
        let (catalog, overlay, last) = {
            let papers = self.papers();
            (papers.catalog.clone()?, Arc::clone(&papers.overlay), papers.last.clone())
        };
        let rows = catalog.query(&wanted.query, &overlay, last.as_ref(), cancel)?;
        let kept = wanted.keep.as_ref().and_then(|id| {
            rows.position(match id {
                RowId::Existing(identity, key) => {
                    Row::Existing(catalog.find(catalog.find_account(identity)?, key)?)
                }
                RowId::Added(number) => Row::Added(*number),
            })
        });
        let mut papers = self.papers();
        if cancel.is_cancelled() {
            return None;
        }
        papers.last = Some(rows.clone());
        Some(Found { rows, kept })
    }

    /// Makes the indexes that the next query and the first judgement would wait for.
    pub(super) fn warm(&self) {
        let catalog = self.papers().catalog.clone();
        if let Some(catalog) = catalog {
            catalog.warm();
        }
    }

    /// What is to be said of additions, against what lies here.
    pub(super) fn judge(
        &self,
        asked: &[sheet::Asked],
        capabilities: impl Fn(&Identity) -> Option<&'static Capabilities>,
    ) -> Vec<Judgement> {
        let (catalog, overlay) = {
            let papers = self.papers();
            (papers.catalog.clone(), Arc::clone(&papers.overlay))
        };
        catalog.map(|catalog| sheet::judge(asked, &catalog, &overlay, capabilities)).unwrap_or_default()
    }

    /// Accounts, campaigns and ad groups whose names are like this, the best first.
    pub(super) fn places(&self, name: &str) -> Vec<crate::domain::catalog::Scope> {
        let catalog = self.papers().catalog.clone();
        catalog.map(|catalog| places::like(&catalog, name)).unwrap_or_default()
    }
}
