//! What came of an apply: per change and per account, with the JSON that scripts rely on. Only counts and tells;
//! see `run.rs` for how it comes about.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer, ser::SerializeStruct};

use crate::domain::account::AccountName;
use crate::domain::ids::OperationId;
use crate::domain::journal::{Outcome, OutcomeKind};
use crate::domain::problem::Problem;

/// What became of one change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeResult {
    /// Its number.
    pub number: u64,
    /// The account it was for.
    pub account: AccountName,
    /// What became of it.
    pub outcome: Outcome,
}

/// What came of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountResult {
    /// The account.
    pub account: AccountName,
    /// Operations that an earlier run left unsettled and that this one took up.
    pub settled: Vec<OperationId>,
    /// The operation that this call made; `None` when nothing was sent.
    pub operation: Option<OperationId>,
    /// Why not everything was sent, if so: another process is sending, the journal cannot be written, sign-in
    /// refused, stopped.
    pub problem: Option<Problem>,
}

/// What came of an apply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApplyReport {
    /// Per account, in the plan's order.
    pub accounts: Vec<AccountResult>,
    /// Per change, by number. Every change of the plan, and of the operations taken up, is here once.
    pub changes: Vec<ChangeResult>,
}

impl ApplyReport {
    /// How many changes came out so.
    pub fn count(&self, kind: OutcomeKind) -> usize {
        self.changes.iter().filter(|change| change.outcome.kind == kind).count()
    }

    /// The new operations, in the plan's order.
    pub fn made(&self) -> impl Iterator<Item = OperationId> {
        self.accounts.iter().filter_map(|account| account.operation)
    }

    /// Every operation that was settled or made.
    pub fn operations(&self) -> Vec<OperationId> {
        self.accounts
            .iter()
            .flat_map(|account| account.settled.iter().copied().chain(account.operation))
            .collect()
    }

    /// The numbers of the changes that another try may help: refused, drifted, not sent.
    pub fn failed(&self) -> Vec<u64> {
        use OutcomeKind::{Drifted, Rejected, Skipped};
        self.changes
            .iter()
            .filter(|change| matches!(change.outcome.kind, Rejected | Drifted | Skipped))
            .map(|change| change.number)
            .collect()
    }

    /// Whether every change came out applied or was there already, and every account was served whole.
    pub fn complete(&self) -> bool {
        self.changes
            .iter()
            .all(|change| matches!(change.outcome.kind, OutcomeKind::Applied | OutcomeKind::Already))
            && self.accounts.iter().all(|account| account.problem.is_none())
    }

    /// Joins what another call found, such as what was settled before this one.
    #[must_use]
    pub fn with_earlier(mut self, earlier: Self) -> Self {
        for account in earlier.accounts {
            match self.accounts.iter_mut().find(|one| one.account == account.account) {
                Some(one) => {
                    let own = std::mem::replace(&mut one.settled, account.settled);
                    one.settled.extend(own.into_iter().chain(account.operation));
                    one.problem = one.problem.take().or(account.problem);
                }
                None => self.accounts.push(account),
            }
        }
        let mut changes: BTreeMap<u64, ChangeResult> =
            earlier.changes.into_iter().map(|change| (change.number, change)).collect();
        for change in self.changes {
            // What was not sent this time may have been settled before.
            let skipped = change.outcome.kind == OutcomeKind::Skipped;
            let settled = |one: &ChangeResult| one.outcome.kind != OutcomeKind::Skipped;
            if !(skipped && changes.get(&change.number).is_some_and(settled)) {
                changes.insert(change.number, change);
            }
        }
        self.changes = changes.into_values().collect();
        self
    }
}

/// One line of the JSON's `changes`.
#[derive(Serialize)]
struct Line<'a> {
    number: u64,
    account: &'a AccountName,
    outcome: OutcomeKind,
    id: Option<&'a str>,
    message: Option<&'a str>,
    code: Option<&'a str>,
}

impl Serialize for ApplyReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let made: Vec<String> = self.made().map(|id| id.to_string()).collect();
        let all: Vec<String> = self.operations().iter().map(ToString::to_string).collect();
        let lines: Vec<Line<'_>> = self
            .changes
            .iter()
            .map(|change| Line {
                number: change.number,
                account: &change.account,
                outcome: change.outcome.kind,
                id: change.outcome.id.as_ref().map(crate::domain::ids::NegativeId::raw),
                message: change.outcome.message.as_ref().map(crate::domain::text::Text::raw),
                code: change.outcome.code.as_ref().map(crate::domain::text::Text::raw),
            })
            .collect();
        let problems: Vec<serde_json::Value> = self
            .accounts
            .iter()
            .filter_map(|account| {
                let problem = account.problem.as_ref()?;
                Some(serde_json::json!({"account": account.account, "problem": problem}))
            })
            .collect();
        let mut out = serializer.serialize_struct("ApplyReport", 10)?;
        out.serialize_field("operation", &made.first())?;
        out.serialize_field("operations", &all)?;
        for (key, kind) in [
            ("applied", OutcomeKind::Applied),
            ("already", OutcomeKind::Already),
            ("rejected", OutcomeKind::Rejected),
            ("unknown", OutcomeKind::Unknown),
            ("drifted", OutcomeKind::Drifted),
            ("skipped", OutcomeKind::Skipped),
        ] {
            out.serialize_field(key, &self.count(kind))?;
        }
        out.serialize_field("changes", &lines)?;
        out.serialize_field("problems", &problems)?;
        out.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::journal::Outcome;

    fn id(n: u128) -> OperationId {
        OperationId::from_uuid(uuid::Uuid::from_u128(n))
    }

    fn result(number: u64, outcome: Outcome) -> ChangeResult {
        ChangeResult { number, account: AccountName::new("acme"), outcome }
    }

    #[test]
    fn the_json_counts_and_names_every_operation() {
        let account = |settled, operation| AccountResult {
            account: AccountName::new("acme"),
            settled,
            operation,
            problem: None,
        };
        let earlier = ApplyReport {
            accounts: vec![account(vec![id(1)], None)],
            changes: vec![result(1, Outcome::applied(Some("a".into())))],
        };
        let report = ApplyReport {
            accounts: vec![account(vec![], Some(id(2)))],
            changes: vec![result(2, Outcome::rejected("dup", "Already there"))],
        }
        .with_earlier(earlier);
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["operation"], id(2).to_string());
        assert_eq!(json["operations"], serde_json::json!([id(1).to_string(), id(2).to_string()]));
        assert_eq!((json["applied"].as_u64(), json["rejected"].as_u64()), (Some(1), Some(1)));
        assert_eq!(json["changes"][1]["code"], "dup");
        assert_eq!(report.failed(), [2]);
        assert!(!report.complete());
    }
}
