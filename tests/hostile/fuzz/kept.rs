//! What the store keeps as JSON: plans, operations, attempts, outcomes. Whatever can be read at all is written and read
//! again as the same; bits that flip on the disk are another matter (see `damage.rs`).

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use unbid::domain::ids::{OperationId, PlanId};
use unbid::domain::journal::{Attempt, Operation, Outcome};
use unbid::domain::negative::State;
use unbid::domain::plan::{AccountPlan, Plan, PlanScope};
use unbid::platform::registry;

use super::cases;
use super::mutate::{Dice, changed};
use crate::corpus;
use crate::support::{Bench, keyword, planned, spot};

/// Whether it can be read; then it stays what it is.
fn stays<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(case: u64, bytes: &[u8]) -> bool {
    let Ok(value) = serde_json::from_slice::<T>(bytes) else { return false };
    let json = serde_json::to_vec(&value).expect("what was JSON");
    let again: T = serde_json::from_slice(&json).unwrap_or_else(|error| panic!("case {case}: {error}"));
    assert_eq!(again, value, "case {case}");
    true
}

#[test]
fn kept_documents() {
    let bench = Bench::small();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let at: Timestamp = "2026-10-01T12:00:00Z".parse().expect("a time");
    let accounts: Vec<AccountPlan> = registry()
        .iter()
        .map(|platform| {
            let connection = bench.connect(*platform);
            let spot = runtime.block_on(spot(&*connection));
            let texts = ["free shipping", corpus::SHORT[0], corpus::SHORT[17]];
            let changes = planned(texts.map(|text| keyword(&*connection, &spot, text, State::Enabled)));
            let (account, name) = (connection.account().identity.clone(), connection.account().name.clone());
            AccountPlan { account, name, requests: connection.prepare(&changes), changes }
        })
        .collect();
    let operation = Operation {
        id: OperationId::from_uuid(uuid::Uuid::from_u128(7)),
        plan: PlanId::from_uuid(uuid::Uuid::from_u128(8)),
        account: accounts[0].account.clone(),
        name: accounts[0].name.clone(),
        who: corpus::SHORT[1].into(),
        began: at,
        ended: None,
    };
    let attempt = Attempt {
        operation: operation.id,
        number: 1,
        request: accounts[1].requests[0].request.clone(),
        changes: vec![1, 2],
        intended: at,
        status: Some(207),
        answer: Some(corpus::SHORT[2].into()),
        answered: Some(at),
    };
    let outcome = Outcome::rejected("E1", corpus::SHORT[3]);
    let plan = Plan { id: operation.plan, made: at, scope: PlanScope::Whole, accounts };
    let seeds: [Vec<u8>; 4] = [
        serde_json::to_vec(&plan),
        serde_json::to_vec(&operation),
        serde_json::to_vec(&attempt),
        serde_json::to_vec(&outcome),
    ]
    .map(|json| json.expect("plain data"));
    let mut read = 0_u64;
    cases("kept documents", 400, |case| {
        let mut dice = Dice(case);
        let which = dice.below(seeds.len());
        let bytes = changed(&mut dice, &seeds[which], &seeds[(which + 1) % 4]);
        read += u64::from(match which {
            0 => stays::<Plan>(case, &bytes),
            1 => stays::<Operation>(case, &bytes),
            2 => stays::<Attempt>(case, &bytes),
            _ => stays::<Outcome>(case, &bytes),
        });
    });
    println!("fuzz kept documents: {read} were read");
    assert!(read > 0);
}
