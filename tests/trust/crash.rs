//! Death at every journal write of one apply, before it and while it is under way, and at every moment of waiting;
//! and again while the next process takes it up. What went out goes on without us, as it does on a real platform.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;
use unbid::domain::journal::OutcomeKind;
use unbid::domain::request::Response;
use unbid::platform::http::{Transport, TransportError, WireRequest};
use unbid::platform::traits::Pending;
use unbid::sandbox::Options;

use crate::full;
use crate::rig::{Death, Rig, paused};
use crate::support::Bench;
use crate::truth::{Case, Wish};

/// Calls go on when their caller has died: the platform does not know.
struct Detached(Arc<dyn Transport>);

impl Transport for Detached {
    fn send(&self, request: WireRequest) -> Pending<'_, Result<Response, TransportError>> {
        let way = Arc::clone(&self.0);
        let call = tokio::spawn(async move { way.send(request).await });
        Box::pin(async move { call.await.expect("the sandbox does not panic") })
    }
}

/// Some of everything for each account.
fn wishes() -> Vec<Wish> {
    (0..15)
        .map(|n| Wish { account: n % 3, what: [0, 2, 4, 5, 1][n / 3], place: n % 2, how: n / 3 % 3 })
        .collect()
}

/// Dies as told, and once more at the resume, then recovers; whether it died at all.
async fn survives(rig: &mut Rig, number: usize, death: Death, again: Death) -> (bool, usize) {
    rig.bench.faults(json!([{"kind": "accept_duplicates"}])).await;
    let case = Case::stage(rig, number, &wishes()).await;
    rig.bench
        .faults(json!([
            {"kind": "accept_duplicates"}, {"kind": "latency", "ms": 50}, {"kind": "lag", "ms": 150}
        ]))
        .await;
    // Wall clocks may be set at any time: nothing that counts goes by them.
    rig.clock.jump(number as u64);
    let died = rig.apply_and_die(death).await.is_none();
    let twice = died && rig.apply_and_die(again).await.is_none();
    rig.recover().await;
    let counts = case.is_true(rig).await;
    assert_eq!(counts, BTreeMap::from([(OutcomeKind::Applied, case.wanted.len())]), "{death:?} {again:?}");
    (died, usize::from(died) + usize::from(twice))
}

#[test]
fn a_death_at_any_journal_write_loses_nothing_and_doubles_nothing() {
    type At = fn(u64) -> Death;
    let mut ways: Vec<(At, At, u64)> =
        vec![(Death::BeforeWrite, Death::AtWait, 1), (Death::AfterWrite, Death::BeforeWrite, 1)];
    if full() {
        ways.push((Death::AtWait, Death::AfterWrite, 1));
    } else {
        ways.push((Death::AtWait, Death::AfterWrite, 7));
    }
    let mut deaths = 0;
    for (way, again, step) in ways {
        paused(async {
            let bench = Bench::through(Options::default(), |way| Arc::new(Detached(way)));
            let mut rig = Rig::on(bench).await;
            let mut number = 1;
            let mut at = 0;
            loop {
                let (died, count) = survives(&mut rig, number, way(at), again(at % 11)).await;
                deaths += count;
                number += 1;
                at += step;
                if !died {
                    break;
                }
            }
            println!("crash: {:?} came through", way(at));
        });
    }
    println!("crash: {deaths} deaths survived");
    assert!(deaths > 100, "{deaths}");
}
