//! The snapshot in memory as the engine's callers share it: loaded when first needed, again after a sync or an
//! apply. Loading runs off the async threads, in the store.

use std::sync::Arc;

use crate::domain::account::Account;
use crate::domain::catalog::Catalog;
use crate::domain::catalog::positives::Positives;
use crate::domain::problem::Problem;
use crate::domain::simulate::Simulator;

use super::{Engine, Member};

impl Engine {
    /// The snapshot: what was loaded last, or loaded now.
    pub async fn catalog(&self) -> Result<Arc<Catalog>, Problem> {
        let mut kept = self.inner.catalog.lock().await;
        if let Some(catalog) = kept.as_ref() {
            return Ok(Arc::clone(catalog));
        }
        let catalog = Arc::new(self.store().load_catalog(&self.accounts()).await?);
        *kept = Some(Arc::clone(&catalog));
        Ok(catalog)
    }

    /// The positive keywords and targets beside a snapshot: what was loaded last for it, or loaded now.
    pub async fn positives(&self, catalog: &Arc<Catalog>) -> Result<Arc<Positives>, Problem> {
        let mut kept = self.inner.positives.lock().await;
        if let Some((_, positives)) = kept.as_ref().filter(|(of, _)| Arc::ptr_eq(of, catalog)) {
            return Ok(Arc::clone(positives));
        }
        let positives = Arc::new(self.store().load_positives(catalog).await?);
        *kept = Some((Arc::clone(catalog), Arc::clone(&positives)));
        Ok(positives)
    }

    /// What answers what-if questions of the present snapshot and search terms.
    pub async fn simulator(&self) -> Result<Arc<Simulator>, Problem> {
        let catalog = self.catalog().await?;
        let terms = self.terms(&catalog).await?;
        let mut kept = self.inner.simulator.lock().await;
        if let Some(ready) = kept.as_ref().filter(|one| Arc::ptr_eq(one.terms(), &terms)) {
            return Ok(Arc::clone(ready));
        }
        // Positives only tell where orders go on; without terms there are none.
        let positives = if terms.is_empty() { None } else { Some(self.positives(&catalog).await?) };
        let simulator = Arc::new(Simulator::new(catalog, terms, positives));
        *kept = Some(Arc::clone(&simulator));
        Ok(simulator)
    }

    /// The snapshot, loaded anew: after another process may have changed it.
    pub async fn reload(&self) -> Result<Arc<Catalog>, Problem> {
        self.forget_catalog().await;
        self.catalog().await
    }

    /// Every account with something to show, in the config's order: those that could not be connected stand there
    /// with the identity their name had the last time.
    pub fn accounts(&self) -> Vec<Account> {
        self.members().iter().filter_map(shown).collect()
    }

    /// Makes the next [`Engine::catalog`] load anew.
    pub(super) async fn forget_catalog(&self) {
        *self.inner.catalog.lock().await = None;
        self.forget_positives().await;
    }

    /// Makes the next [`Engine::positives`] load anew.
    pub(super) async fn forget_positives(&self) {
        *self.inner.positives.lock().await = None;
    }
}

fn shown(member: &Member) -> Option<Account> {
    member.account().cloned().or_else(|| {
        Some(Account {
            name: member.name.clone(),
            identity: member.identity()?.clone(),
            group: "".into(),
            read_only: true,
            protected: false,
            live: false,
        })
    })
}
