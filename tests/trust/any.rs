//! Any list of changes, any faults, any moment of death: in the end the platforms hold what was wanted of each change
//! that counts as done, nothing of the others, and nothing twice.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;
use unbid::domain::journal::OutcomeKind;

use crate::full;
use crate::rig::{Death, Rig, SETTLE, paused};
use crate::support::chaos::chaos;
use crate::truth::{Case, Wish};

pub fn wishes() -> impl Strategy<Value = Vec<Wish>> {
    let wish = (0..3_usize, 0..6_u8, 0..4_usize, 0..6_usize).prop_map(|(account, what, place, how)| Wish {
        account,
        what,
        place,
        how,
    });
    proptest::collection::vec(wish, 1..16)
}

fn death() -> impl Strategy<Value = Death> {
    prop_oneof![
        2 => Just(Death::Never),
        2 => (0..36_u64).prop_map(Death::BeforeWrite),
        2 => (0..36_u64).prop_map(Death::AfterWrite),
        3 => (0..70_u64).prop_map(Death::AtWait),
    ]
}

/// Runs cases one after the other on one sandbox and one data folder, which grow as a user's do.
#[test]
fn what_is_reported_is_what_is_there_whatever_is_wanted_fails_or_dies() {
    let cases = if full() { 3_000 } else { 200 };
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let rig = RefCell::new(runtime.block_on(Rig::new()));
    let (number, deaths) = (Cell::new(0), Cell::new(0));
    let outcomes = RefCell::new(BTreeMap::<OutcomeKind, usize>::new());
    let lag = u64::try_from(SETTLE.as_millis()).unwrap() * 2 / 3;
    let every = (wishes(), 0..u64::MAX, 0..12_usize, death(), death());
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let end = runner.run(&every, |(wishes, seed, rules, first, second)| {
        number.set(number.get() + 1);
        // A failed case leaves its rig as it was in the middle: the next begins afresh.
        let mut taken = rig.borrow_mut();
        if number.get() % 100 == 0 {
            *taken = runtime.block_on(Rig::new());
        }
        let test = async {
            let rig = &mut *taken;
            rig.bench.faults(json!([{"kind": "accept_duplicates"}])).await;
            let case = Case::stage(rig, number.get(), &wishes).await;
            rig.bench.faults(json!(chaos(seed, rules, lag))).await;
            for death in [first, second] {
                let died = rig.apply_and_die(death).await.is_none();
                deaths.set(deaths.get() + usize::from(died));
            }
            rig.recover().await;
            for (kind, count) in case.is_true(rig).await {
                *outcomes.borrow_mut().entry(kind).or_default() += count;
            }
        };
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| runtime.block_on(test)));
        done.map_err(|why| {
            *taken = runtime.block_on(Rig::new());
            let said = why.downcast_ref::<String>().cloned();
            TestCaseError::fail(
                said.or_else(|| why.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_default(),
            )
        })
    });
    println!("any: {} cases, {} deaths, outcomes {:?}", number.get(), deaths.get(), outcomes.borrow());
    if let Err(why) = end {
        panic!("{why}");
    }
}

/// One case by its numbers, to look at a failure of the test above.
#[test]
fn one_case_with_all_kinds_of_changes_and_no_fault() {
    paused(async {
        let mut rig = Rig::new().await;
        rig.bench.faults(json!([{"kind": "accept_duplicates"}])).await;
        let wishes: Vec<Wish> = (0..36)
            .map(|n| Wish { account: n % 3, what: (n / 3 % 6) as u8, place: n % 4, how: n / 6 })
            .collect();
        let case = Case::stage(&rig, 1, &wishes).await;
        let report = rig.apply().await.unwrap();
        assert!(report.complete(), "{report:?}");
        rig.recover().await;
        let counts = case.is_true(&rig).await;
        assert_eq!(counts.into_iter().collect::<Vec<_>>(), [(OutcomeKind::Applied, case.wanted.len())]);
    });
}
