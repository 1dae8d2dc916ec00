//! Undo, whatever was done and whatever fails meanwhile: taking back restores what was live before, ids aside; taking
//! that back restores what was live after. On Sam's Club an addition is switched off instead of removed.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::{Value, json};
use unbid::domain::ids::OperationId;
use unbid::domain::matching::normalise;

use crate::any::wishes;
use crate::full;
use crate::rig::Rig;
use crate::truth::{Case, newest, since};

/// What blocks, and on Amazon what is paused too: everything but ids.
async fn live(rig: &Rig, case: &Case) -> BTreeSet<String> {
    let rows = case.held(rig).await;
    let counts =
        |row: &&Value| row["state"] == "enabled" || (row["state"] == "paused" && row["platform"] == "amazon");
    let shown = |row: &Value| {
        let text = normalise(row["text"].as_str().unwrap());
        let place = (&row["account"], &row["campaign_id"], &row["ad_group_id"]);
        format!("{place:?} {} {} {} {text}", row["kind"], row["match"], row["state"])
    };
    let live: Vec<String> = rows.iter().filter(counts).map(shown).collect();
    let once: BTreeSet<String> = live.iter().cloned().collect();
    assert_eq!(once.len(), live.len(), "something is live twice: {live:?}");
    once
}

/// Applies what is staged under faults that refuse nothing, and gives the operations it took.
async fn send(rig: &mut Rig, seed: u64) -> Vec<OperationId> {
    let before = newest(rig).await;
    rig.bench
        .faults(json!([
            {"kind": "accept_duplicates"},
            {"kind": "lag", "ms": 200},
            {"kind": "drop_after", "probability": 0.15, "seed": seed},
            {"kind": "drop_before", "probability": 0.1, "seed": seed + 1},
            {"kind": "status", "status": 429, "retry_after": 1, "probability": 0.1, "seed": seed + 2}
        ]))
        .await;
    // What could not be finished under faults is by the next process.
    let done = rig.apply().await;
    assert!(done.is_ok(), "{done:?}");
    rig.recover().await;
    since(rig, before).await
}

async fn takes_back(rig: &mut Rig, number: usize, wishes: &[crate::truth::Wish], seed: u64) {
    rig.bench.faults(json!([{"kind": "accept_duplicates"}])).await;
    let case = Case::stage(rig, number, wishes).await;
    let before = live(rig, &case).await;
    let mut operations = send(rig, seed).await;
    let after = live(rig, &case).await;
    for (round, wanted) in [&before, &after, &before].into_iter().enumerate() {
        operations.reverse();
        let undo = match rig.engine().stage_undo(&operations).await {
            Ok(undo) => undo,
            // Such as what was added switched off where nothing can be deleted: then there is nothing to restore.
            Err(why) => {
                assert_eq!(&live(rig, &case).await, wanted, "round {round}: {why}");
                return;
            }
        };
        operations = send(rig, seed + 10 * (1 + round as u64)).await;
        let now = live(rig, &case).await;
        let (lacks, extra): (Vec<_>, Vec<_>) =
            (wanted.difference(&now).collect(), now.difference(wanted).collect());
        assert!(
            lacks.is_empty() && extra.is_empty(),
            "round {round}: lacks {lacks:?}, extra {extra:?}, {:?}",
            undo.notes
        );
    }
}

#[test]
fn taking_back_restores_what_was_live_and_taking_that_back_what_came_after() {
    let cases = if full() { 500 } else { 24 };
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let rig = RefCell::new(runtime.block_on(Rig::new()));
    let number = Cell::new(0);
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let end = runner.run(&(wishes(), 0..1_000_000_u64), |(wishes, seed)| {
        number.set(number.get() + 1);
        let mut taken = rig.borrow_mut();
        let test = takes_back(&mut taken, number.get(), &wishes, seed);
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| runtime.block_on(test)));
        done.map_err(|why| {
            *taken = runtime.block_on(Rig::new());
            TestCaseError::fail(why.downcast_ref::<String>().cloned().unwrap_or_default())
        })
    });
    println!("undo: {} cases applied, taken back, done again, taken back again", number.get());
    if let Err(why) = end {
        panic!("{why}");
    }
}
