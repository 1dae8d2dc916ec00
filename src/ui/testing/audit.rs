//! What the shell of screen tests finds wrong in its snapshot.

use std::sync::Arc;

use super::super::msg::AuditNow;
use super::{Shell, accounts};
use crate::domain::audit::{self, AccountFacts, AuditConfig, Input, JournalFacts};
use crate::domain::campaign::ParentState;
use crate::domain::catalog::positives::Positives;
use crate::domain::catalog::{AccountIx, Cancel, Terms};
use crate::domain::keyword::{Keyword, PositiveMatch};

impl Shell {
    /// An audit of the snapshot, with two positives in `Beans exact` and one in `Beans phrase`.
    pub(super) fn audit(&self) -> AuditNow {
        let positive = |id: &str, group: &str, match_type, text: &str| Keyword {
            id: id.into(),
            campaign: "c1".into(),
            ad_group: group.into(),
            text: text.into(),
            match_type,
            state: ParentState::Enabled,
            native_state: "ENABLED".into(),
        };
        let keywords = [
            positive("k1", "g1", PositiveMatch::Exact, "decaf pods"),
            positive("k2", "g1", PositiveMatch::Exact, "espresso beans"),
            positive("k3", "g2", PositiveMatch::Broad, "best free decaf"),
        ];
        let positives = Positives::bind(&self.catalog, AccountIx(0), &keywords);
        let terms = self.terms.clone().unwrap_or_else(|| Arc::new(Terms::default().rebind(&self.catalog)));
        let facts: Vec<AccountFacts> = accounts()
            .into_iter()
            .map(|one| AccountFacts { capabilities: Some(one.capabilities), group: String::new() })
            .collect();
        let input = Input {
            catalog: &self.catalog,
            positives: &positives,
            terms: &terms,
            accounts: &facts,
            journal: &JournalFacts::default(),
            config: &AuditConfig::default(),
            rules: &[],
            only: &[],
            since: None,
        };
        let report = audit::audit(&input, &Cancel::default()).unwrap();
        AuditNow {
            catalog: Arc::clone(&self.catalog),
            positives: Arc::new(positives),
            terms,
            report: Arc::new(report),
            ignored: Arc::default(),
            baseline: "/data/audit-ignored.toml".to_owned(),
        }
    }
}
