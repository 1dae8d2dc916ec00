//! The lines of the Plan screen: each account's heading, then its changes, those that were sent and those that
//! would be. Made anew whenever a plan comes or a sending begins or ends; fates are looked up when painting.

use rustc_hash::FxHashMap;

use super::delivery::Delivery;
use crate::domain::account::{AccountName, Identity};
use crate::domain::plan::{Plan, PlannedChange};
use crate::ui::data::Data;

/// A change on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its account.
    pub account: Identity,
    /// The change as it was planned.
    pub change: PlannedChange,
    /// Whether it is in the present plan: it can be picked, dropped, sent.
    pub planned: bool,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanLine {
    /// An account.
    Account(Identity, AccountName),
    /// A change.
    Change(Box<Row>),
}

impl PlanLine {
    /// The account that it belongs to.
    pub fn account(&self) -> &Identity {
        match self {
            Self::Account(account, _) => account,
            Self::Change(row) => &row.account,
        }
    }

    /// The change, if it is one.
    pub fn row(&self) -> Option<&Row> {
        match self {
            Self::Account(..) => None,
            Self::Change(row) => Some(row),
        }
    }
}

/// The lines of a plan and of what was sent before.
pub fn build(plan: Option<&Plan>, deliveries: &[Delivery], data: &Data) -> Vec<PlanLine> {
    let mut groups: Vec<(Identity, AccountName, Vec<Row>)> = Vec::new();
    let mut places: FxHashMap<u64, (usize, usize)> = FxHashMap::default();
    let sent = deliveries.iter().flat_map(|one| {
        one.plan.accounts.iter().flat_map(move |part| {
            let own = part.changes.iter().filter(|change| one.numbers.contains(&change.number));
            own.map(move |change| (part, change, false))
        })
    });
    let planned = plan
        .into_iter()
        .flat_map(|plan| &plan.accounts)
        .flat_map(|part| part.changes.iter().map(move |change| (part, change, true)));
    for (part, change, planned) in sent.chain(planned) {
        let row = Row { account: part.account.clone(), change: change.clone(), planned };
        if let Some((group, at)) = places.get(&change.number) {
            groups[*group].2[*at] = row;
            continue;
        }
        let group = groups.iter().position(|(account, ..)| *account == part.account).unwrap_or_else(|| {
            groups.push((part.account.clone(), part.name.clone(), Vec::new()));
            groups.len() - 1
        });
        places.insert(change.number, (group, groups[group].2.len()));
        groups[group].2.push(row);
    }
    let order = |identity: &Identity| data.accounts.iter().position(|one| one.account.identity == *identity);
    groups.sort_by_key(|(account, ..)| order(account).unwrap_or(usize::MAX));
    groups
        .into_iter()
        .flat_map(|(account, name, rows)| {
            let rows = rows.into_iter().map(|row| PlanLine::Change(Box::new(row)));
            std::iter::once(PlanLine::Account(account, name)).chain(rows)
        })
        .collect()
}
