//! Search terms: what is loaded, all of them in memory, and the way in for reports from files and from platforms. What a
//! file means is its platform's business ([`platform::report`](crate::platform::report)); days and currencies are the
//! store's.

mod fetch;
mod import;
mod intake;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::domain::account::{AccountName, Identity};
use crate::domain::catalog::{Catalog, Terms};
use crate::domain::problem::{Problem, ProblemKind};
use crate::store::LoadedPeriod;

use super::Engine;

pub use fetch::{AccountFetch, FetchCounts, FetchEvent, FetchOptions, FetchOutcome, is_fetched};
pub use import::{ReportFile, TermsProgress};
pub use intake::{TermsIntake, TermsLoaded};

impl Engine {
    /// The search terms of all accounts, numbered by this snapshot: loaded when first asked for, and anew when another
    /// report was loaded since, by whomever.
    pub async fn terms(&self, catalog: &Arc<Catalog>) -> Result<Arc<Terms>, Problem> {
        let identities = self.identities();
        let mut kept = self.inner.terms.lock().await;
        let periods = self.store().term_periods(&identities).await?;
        let old = kept.as_ref().filter(|(of, _)| *of == periods).map(|(_, terms)| Arc::clone(terms));
        let terms = match old {
            Some(terms) if terms.is_of(catalog) => return Ok(terms),
            Some(terms) => {
                let catalog = Arc::clone(catalog);
                let rebind = move || Arc::new(terms.rebind(&catalog));
                tokio::task::spawn_blocking(rebind).await.map_err(|error| broke(&error))?
            }
            None => Arc::new(self.store().load_terms(&identities, Arc::clone(catalog)).await?),
        };
        *kept = Some((periods, Arc::clone(&terms)));
        Ok(terms)
    }

    /// The reports that are loaded of these accounts (none named: all), in the config's order, there by day.
    pub async fn term_periods(&self, accounts: &[AccountName]) -> Result<Vec<LoadedPeriod>, Problem> {
        let members = self.choose(accounts)?;
        let identities: Vec<Identity> =
            members.iter().filter_map(|member| member.identity()).cloned().collect();
        self.store().term_periods(&identities).await
    }

    /// Today, where the user is.
    pub fn today(&self) -> jiff::civil::Date {
        self.now().to_zoned(jiff::tz::TimeZone::system()).date()
    }

    fn identities(&self) -> Vec<Identity> {
        self.accounts().into_iter().map(|account| account.identity).collect()
    }
}

fn broke(error: &tokio::task::JoinError) -> Problem {
    Problem::new(ProblemKind::Storage, "The search terms could not be gathered").detail(error.to_string())
}
