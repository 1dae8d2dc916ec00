//! A plan as JSON, as scripts read it: changes with their rows, requests with their secret headers as `***`.
//! Only arranges what the plan holds.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::domain::account::{AccountName, Identity};
use crate::domain::catalog::Catalog;
use crate::domain::change::{Change, Staged};
use crate::domain::plan::{Plan, PlannedRequest};
use crate::domain::problem::Problem;
use crate::domain::request::{Body, Method};

use super::rows::Row;
use super::{Engine, list};

/// A plan, arranged for scripts and tables.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlanView {
    /// The plan's id.
    pub plan_id: String,
    /// Every change of it.
    pub changes: Vec<ChangeView>,
    /// Every request of it, in the order in which each account's are sent.
    pub requests: Vec<RequestView>,
}

/// One change of a plan.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChangeView {
    /// Its number.
    pub number: u64,
    /// Its account.
    pub account: AccountName,
    /// `add`, `set-state` or `remove`.
    pub action: &'static str,
    /// The state that a `set-state` leads to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<crate::domain::negative::State>,
    /// The row it is about.
    pub row: Row,
    /// Why it cannot be sent.
    pub problem: Option<String>,
    /// What to know before sending it.
    pub cautions: Vec<String>,
}

/// One request of a plan.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RequestView {
    /// Its account.
    pub account: AccountName,
    /// The verb.
    pub method: Method,
    /// The address.
    pub url: String,
    /// The headers; secrets as `***`.
    pub headers: Map<String, Value>,
    /// The body; null for none.
    pub body: Value,
    /// The changes it carries, in item order.
    pub changes: Vec<u64>,
}

/// What stands for a secret.
const MASK: &str = "***";

impl Engine {
    /// Arranges a plan, with what the snapshot knows of each change's row.
    pub async fn view(&self, plan: &Plan) -> Result<PlanView, Problem> {
        let catalog = self.catalog().await?;
        let mut view = PlanView { plan_id: plan.id.to_string(), changes: Vec::new(), requests: Vec::new() };
        for part in &plan.accounts {
            for planned in &part.changes {
                view.changes.push(ChangeView {
                    problem: planned.problem.as_ref().map(in_one_line),
                    cautions: planned.cautions.clone(),
                    ..ChangeView::of(&catalog, &part.name, &part.account, planned.number, &planned.change)
                });
            }
            view.requests.extend(part.requests.iter().map(|request| RequestView::of(&part.name, request)));
        }
        view.changes.sort_by_key(|change| change.number);
        Ok(view)
    }
}

impl Engine {
    /// Arranges staged changes that are in no plan yet, with what the snapshot knows of each one's row.
    pub async fn changes(&self, staged: &[Staged]) -> Result<Vec<ChangeView>, Problem> {
        let catalog = self.catalog().await?;
        let view = |one: &Staged| {
            let name = self.member_of(&one.account).map(|member| member.name.clone());
            let name = name.unwrap_or_else(|| AccountName::new(&one.account.native));
            ChangeView::of(&catalog, &name, &one.account, one.number, &one.change)
        };
        Ok(staged.iter().map(view).collect())
    }
}

/// A problem as one line, as a table's cell and a script's key have it: what, the details, what to do.
fn in_one_line(problem: &Problem) -> String {
    let says = problem.to_string();
    let parts: Vec<&str> = says.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    parts.join(". ")
}

impl ChangeView {
    /// Arranges one change, with what the snapshot knows of its row.
    pub(super) fn of(
        catalog: &Catalog,
        name: &AccountName,
        account: &Identity,
        number: u64,
        change: &Change,
    ) -> Self {
        Self {
            number,
            account: name.clone(),
            action: change.action(),
            to: match change {
                Change::SetState { to, .. } => Some(*to),
                Change::Add { .. } | Change::Remove { .. } => None,
            },
            row: list::of_change(catalog, name, account, number, change),
            problem: None,
            cautions: Vec::new(),
        }
    }
}

impl RequestView {
    /// Arranges one request.
    pub fn of(account: &AccountName, planned: &PlannedRequest) -> Self {
        let request = &planned.request;
        let mut headers = Map::new();
        for (name, value) in &request.headers {
            headers.insert(name.to_string(), Value::String(value.clone()));
        }
        for name in &request.secret_headers {
            headers.insert(name.to_string(), Value::String(MASK.to_owned()));
        }
        Self {
            account: account.clone(),
            method: request.method,
            url: request.url.clone(),
            headers,
            body: match &request.body {
                Body::Empty => Value::Null,
                Body::Json(value) => value.clone(),
            },
            changes: planned.changes.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::testing::{Fake, planned_add};
    use crate::platform::Connection;

    #[test]
    fn secrets_stand_as_stars() {
        let fake = Fake::new("acme", Vec::new());
        let requests = fake.prepare(&[planned_add(1, "g1", "decaf")]);
        let view = RequestView::of(&AccountName::new("acme"), &requests[0]);
        assert_eq!(view.headers["authorization"], MASK);
        assert_eq!(view.changes, [1]);
    }
}
