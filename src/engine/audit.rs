//! The audit as screen and commands ask for it: gathers the snapshot, its positives and terms, what the journal tells, and
//! hands them to `domain::audit`. Sends nothing; what a rule says is the domain's business.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::domain::account::{AccountName, Identity};
use crate::domain::audit::{self, AccountFacts, AuditConfig, Input, JournalFacts, Report, Vanished};
use crate::domain::catalog::positives::Positives;
use crate::domain::catalog::{AccountIx, Cancel, Catalog, NegIx, Terms};
use crate::domain::negative::NegativeKey;
use crate::domain::problem::{Problem, ProblemKind};
use crate::store::Deed;

use super::Engine;

/// What an audit is asked.
#[derive(Clone, Debug, Default)]
pub struct AuditAsk {
    /// What the user set.
    pub config: AuditConfig,
    /// Only these rules; none named: all that are not off.
    pub rules: Vec<String>,
    /// Only these accounts; none named: all.
    pub accounts: Vec<AccountName>,
    /// Only rows of search terms from this day on.
    pub since: Option<Date>,
}

/// What an audit found, with what it was made over: findings speak in its row numbers.
#[derive(Clone, Debug)]
pub struct Audited {
    /// The snapshot.
    pub catalog: Arc<Catalog>,
    /// Its positive keywords and targets.
    pub positives: Arc<Positives>,
    /// Its search terms.
    pub terms: Arc<Terms>,
    /// What was found.
    pub report: Report,
}

impl Engine {
    /// Audits the snapshot off the async threads; `None` when it was cancelled. A rule that there is not is refused.
    pub async fn audit(&self, ask: AuditAsk, cancel: Cancel) -> Result<Option<Audited>, Problem> {
        for rule in ask.rules.iter().chain(&ask.config.off) {
            known(rule)?;
        }
        let catalog = self.catalog().await?;
        let positives = self.positives(&catalog).await?;
        let terms = self.terms(&catalog).await?;
        let journal = self.journal_facts(&catalog, &ask.config).await?;
        let accounts = self.account_facts(&catalog);
        let mut only = Vec::new();
        for member in self.choose(&ask.accounts)?.into_iter().filter(|_| !ask.accounts.is_empty()) {
            only.extend(member.identity().and_then(|identity| catalog.find_account(identity)));
        }
        // An account that the snapshot does not know has no findings; none named means all.
        if !ask.accounts.is_empty() && only.is_empty() {
            let report = Report::default();
            return Ok(Some(Audited { catalog, positives, terms, report }));
        }
        let work = move || {
            let input = Input {
                catalog: &catalog,
                positives: &positives,
                terms: &terms,
                accounts: &accounts,
                journal: &journal,
                config: &ask.config,
                rules: &ask.rules,
                only: &only,
                since: ask.since,
            };
            let report = audit::audit(&input, &cancel)?;
            Some(Audited { catalog, positives, terms, report })
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| {
            Problem::new(ProblemKind::Storage, "The audit broke off").detail(error.to_string())
        })
    }

    fn account_facts(&self, catalog: &Catalog) -> Vec<AccountFacts> {
        let facts = |identity: &Identity| {
            let member = self.member_of(identity);
            AccountFacts {
                capabilities: member.and_then(|member| member.capabilities),
                group: member
                    .and_then(super::Member::account)
                    .map(|account| account.group.to_string())
                    .unwrap_or_default(),
            }
        };
        catalog.accounts().iter().map(|account| facts(&account.identity)).collect()
    }

    async fn journal_facts(
        &self,
        catalog: &Arc<Catalog>,
        config: &AuditConfig,
    ) -> Result<JournalFacts, Problem> {
        let deeds = self.store().deeds().await?;
        let identities: Vec<Identity> =
            catalog.accounts().iter().map(|account| account.identity.clone()).collect();
        let vanished = self.store().vanished(&identities).await?;
        let mut facts = JournalFacts { added: added(catalog, &deeds), vanished: Vec::new() };
        if vanished.is_empty() {
            return Ok(facts);
        }
        let removed: FxHashSet<(&Identity, &NegativeKey)> =
            deeds.iter().filter(|deed| deed.removed).map(|deed| (&deed.account, &deed.key)).collect();
        for row in &vanished {
            let key = row.negative.key();
            let (Some(account), false) =
                (catalog.find_account(&row.account), removed.contains(&(&row.account, &key)))
            else {
                continue;
            };
            if is_recent(catalog, account, row.gone, config) {
                facts.vanished.push(Vanished { account, negative: row.negative.clone(), gone: row.gone });
            }
        }
        Ok(facts)
    }
}

fn known(rule: &str) -> Result<(), Problem> {
    if audit::rule(rule).is_some() {
        return Ok(());
    }
    let all: Vec<&str> = audit::RULES.iter().map(|rule| rule.info().id).collect();
    Err(Problem::new(ProblemKind::Usage, format!("There is no rule {}", crate::domain::text::shown(rule)))
        .hint(format!("The rules are: {}.", all.join(", "))))
}

/// The day on which each negative that we added was added; the last time counts.
fn added(catalog: &Catalog, deeds: &[Deed]) -> FxHashMap<NegIx, Date> {
    let mut found = FxHashMap::default();
    for deed in deeds.iter().filter(|deed| !deed.removed) {
        let row = catalog.find_account(&deed.account).and_then(|account| catalog.find(account, &deed.key));
        found.extend(row.map(|row| (row, deed.at.to_zoned(TimeZone::UTC).date())));
    }
    found
}

/// Whether it vanished lately, by the snapshot's own day: the same snapshot tells the same whatever the clock says.
fn is_recent(catalog: &Catalog, account: AccountIx, gone: Date, config: &AuditConfig) -> bool {
    let Some(fetched) = catalog.account(account).fetched_at else { return false };
    let today = fetched.to_zoned(TimeZone::UTC).date();
    let days = today.since(gone).map_or(i32::MAX, |span| span.get_days());
    days <= i32::from(config.thresholds.vanished_days)
}
