//! A plan: staged changes of one or more accounts with the exact requests that would be sent. Nothing is
//! sent but by a plan that was saved; its id is spent before the first request goes out.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::account::{AccountName, Identity};
use super::change::Change;
use super::ids::PlanId;
use super::negative::{MatchType, State};
use super::problem::Problem;
use super::request::Request;
use super::text::Text;

/// More removals than this, sent at once, ask for their number to be typed.
pub const REMOVALS_WITHOUT_COUNT: usize = 100;

/// What an object looked like when the plan was made; apply compares before it overwrites.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// The negative's match type; `None` for an addition and for products and brands.
    pub match_type: Option<MatchType>,
    /// The negative's text.
    pub text: Text,
    /// The negative's state; `None` for an addition.
    pub state: Option<State>,
    /// The campaign's state in the platform's words.
    pub campaign_native_state: Text,
    /// The ad group's state in the platform's words.
    pub ad_group_native_state: Option<Text>,
}

/// One change of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedChange {
    /// The staged change's number.
    pub number: u64,
    /// What is to be done.
    pub change: Change,
    /// What it saw.
    pub fingerprint: Fingerprint,
    /// Why it cannot be sent; such a change has no request.
    pub problem: Option<Problem>,
    /// What to know before sending it.
    pub cautions: Vec<String>,
}

/// One request of a plan, with the changes that it carries, in the order of its items.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedRequest {
    /// The request.
    pub request: Request,
    /// The numbers of the changes that it carries, in item order.
    pub changes: Vec<u64>,
}

/// The part of a plan that goes to one account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccountPlan {
    /// Whom it is for; it is never sent to another.
    pub account: Identity,
    /// The account's label when the plan was made.
    pub name: AccountName,
    /// The changes.
    pub changes: Vec<PlannedChange>,
    /// The requests, in the order they are sent.
    pub requests: Vec<PlannedRequest>,
}

/// What a plan was made of, which decides when it is out of date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanScope {
    /// All that was staged for its accounts: anything else staged for them makes it stale.
    #[default]
    Whole,
    /// Chosen changes, such as what takes an operation back: what else is staged is no matter.
    Chosen,
}

/// A saved plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Its id.
    pub id: PlanId,
    /// When it was made.
    pub made: Timestamp,
    /// What it was made of.
    #[serde(default)]
    pub scope: PlanScope,
    /// Its parts, one per account.
    pub accounts: Vec<AccountPlan>,
}

impl Plan {
    /// Every change that would be sent.
    pub fn sendable(&self) -> impl Iterator<Item = (&AccountPlan, &PlannedChange)> {
        self.accounts.iter().flat_map(|part| {
            part.changes.iter().filter(|change| change.problem.is_none()).map(move |change| (part, change))
        })
    }

    /// What to know before it is sent, a line for each change that has something to be said of it.
    pub fn cautions(&self) -> impl Iterator<Item = String> {
        let said = self.sendable().filter(|(_, change)| !change.cautions.is_empty());
        said.map(|(part, change)| format!("{} {}: {}", part.name, change.number, change.cautions.join("; ")))
    }
}
