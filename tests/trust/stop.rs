//! Stopping a send (`x` twice, ctrl-C) while platforms make it wait: the wait ends at once, nothing more goes out, and
//! everything is journaled, so that the next send takes it up.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use unbid::domain::journal::OutcomeKind::{self, Applied, Skipped, Unknown};
use unbid::domain::problem::ProblemKind;
use unbid::engine::{ApplyReport, Consent, Selection};

use crate::rig::{Rig, paused};
use crate::truth::{Case, writes};

/// Sends these changes and stops as soon as a call waits; how much longer it took.
///
/// One account at a time: while one waits, the paused clock would run on under the journal writes of another.
async fn stopped(rig: &Rig, numbers: Vec<u64>) -> (ApplyReport, Duration) {
    let plan = rig.engine().plan(&Selection::Changes(numbers)).await.unwrap();
    let consent = Consent { yes: true, names: Vec::new(), removals: None };
    let cancel = CancellationToken::new();
    let stop = async {
        let mut waiting = rig.bench.http.waiting();
        waiting.wait_for(|calls| !calls.is_empty()).await.unwrap();
        cancel.cancel();
        Instant::now()
    };
    let over = CancellationToken::new();
    let send = async {
        let ended =
            rig.engine().apply(&plan, &Selection::All, &consent, Arc::new(|_| {}), cancel.clone()).await;
        over.cancel();
        ended.unwrap()
    };
    let (report, at) = tokio::join!(send, over.run_until_cancelled(stop));
    let at = at.unwrap_or_else(|| panic!("nothing waited: {report:?}"));
    (report, at.elapsed())
}

/// Under these faults every change comes out so when it is stopped, at once, and in the end each is done once.
async fn stops_promptly(faults: &[Value], kind: OutcomeKind) {
    let mut rig = Rig::new().await;
    rig.bench.faults(json!([{"kind": "accept_duplicates"}])).await;
    let case = Case::copies(&rig, 1, 4).await;
    let mut rules = vec![json!({"kind": "accept_duplicates"})];
    rules.extend(faults.iter().cloned());
    rig.bench.faults(json!(rules)).await;
    for (identity, _) in rig.accounts() {
        let numbers: Vec<u64> =
            case.wanted.iter().filter(|(_, at, _)| *at == identity).map(|(number, ..)| *number).collect();
        let before = writes(&rig).await.len();
        let (report, took) = stopped(&rig, numbers.clone()).await;
        assert_eq!(took, Duration::ZERO, "{identity:?}");
        assert_eq!(report.count(kind), numbers.len(), "{report:?}");
        let problem = report.accounts[0].problem.as_ref().unwrap();
        assert_eq!(problem.kind, ProblemKind::Cancelled, "{problem:?}");
        // Something went out, and nothing after the stop.
        let sent = writes(&rig).await.len();
        assert!(sent > before);
        sleep(Duration::from_mins(11)).await;
        assert_eq!(writes(&rig).await.len(), sent);
    }
    assert_eq!(rig.engine().staged().await.unwrap().len(), case.wanted.len());
    rig.recover().await;
    let counts = case.is_true(&rig).await;
    assert_eq!(counts.into_iter().collect::<Vec<_>>(), [(Applied, case.wanted.len())]);
}

#[test]
fn a_stop_does_not_sit_out_what_a_platform_asks_to_wait() {
    paused(async {
        stops_promptly(&[json!({"kind": "status", "status": 429, "retry_after": 600})], Skipped).await;
    });
}

#[test]
fn a_stop_does_not_sit_out_the_wait_of_a_sign_in() {
    paused(async {
        // Sam's Club has no token to ask for: there the call itself is asked to wait.
        let faults = [
            json!({"platform": "amazon", "kind": "expire_token"}),
            json!({"platform": "ebay", "kind": "expire_token"}),
            json!({"path": "/auth", "kind": "status", "status": 429, "retry_after": 600}),
            json!({"path": "/identity", "kind": "status", "status": 429, "retry_after": 600}),
            json!({"platform": "sams", "kind": "status", "status": 429, "retry_after": 600}),
        ];
        stops_promptly(&faults, Skipped).await;
    });
}

#[test]
fn a_stop_does_not_sit_out_the_wait_of_a_listing_that_settles() {
    paused(async {
        // Every addition is done and its answer lost; whatever is asked then is asked to wait.
        let mut faults = Vec::new();
        for (platform, path) in crate::lag::CREATES {
            faults.push(json!({"platform": platform, "method": "POST", "path": path, "exact": true,
                "kind": "drop_after"}));
        }
        for method in ["POST", "GET"] {
            faults.push(json!({"method": method, "kind": "status", "status": 429, "retry_after": 600}));
        }
        stops_promptly(&faults, Unknown).await;
    });
}
