//! Lists that show new items late, by time and by calls, also for longer than the settling time: what is hidden is
//! never taken for not done while anything tells that lists lag, and then stays unknown and is not sent.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;
use unbid::domain::journal::OutcomeKind::{Already, Applied, Unknown};

use crate::rig::{Rig, paused};
use crate::truth::{Case, Wish, writes};

/// All kinds of changes at each account, so that something is confirmed beside what is lost.
fn mixed() -> Vec<Wish> {
    (0..24).map(|n| Wish { account: n % 3, what: [0, 2, 4, 1][n / 6], place: n % 2, how: n / 3 % 4 }).collect()
}

#[test]
fn what_lists_hide_for_longer_than_the_settling_time_is_unknown_and_never_sent_twice() {
    paused(async {
        let mut unknown = 0;
        let mut rig = Rig::new().await;
        for seed in 0..6 {
            rig.bench.faults(json!([{"kind": "accept_duplicates"}])).await;
            let number = usize::try_from(seed).unwrap() + 1;
            let case = Case::stage(&rig, number, &mixed()).await;
            // Additions on the three platforms by what only they have in their path.
            let mut rules = vec![json!({"kind": "accept_duplicates"}), json!({"kind": "lag", "calls": 50})];
            for (platform, path) in CREATES {
                rules.push(json!({"platform": platform, "method": "POST", "path": path, "exact": true,
                    "kind": if seed % 3 == 2 { "drop_before" } else { "drop_after" },
                    "probability": 0.5, "seed": seed}));
            }
            rig.bench.faults(json!(rules)).await;
            for _ in 0..3 {
                let report = rig.apply().await.unwrap();
                unknown += report.count(Unknown);
                case.nothing_is_twice(&rig).await;
            }
            // Lists catch up with every call, and then all of it comes out.
            for _ in 0..12 {
                rig.sync().await;
            }
            rig.recover().await;
            let counts = case.is_true(&rig).await;
            assert!(counts.keys().all(|kind| matches!(kind, Applied | Already)), "{counts:?}");
        }
        println!("lag: {unknown} outcomes were unknown for a while, none was sent twice");
        assert!(unknown > 0);
    });
}

/// The calls that make negatives.
pub const CREATES: [(&str, &str); 6] = [
    ("amazon", "/sp/negativeKeywords"),
    ("amazon", "/sp/campaignNegativeKeywords"),
    ("amazon", "/sp/negativeTargets"),
    ("ebay", "/sell/marketing/v1/bulk_create_negative_keyword"),
    ("ebay", "/sell/marketing/v1/negative_keyword"),
    ("sams", "/api/v1/negative_keywords"),
];

#[test]
fn without_any_witness_one_goes_ahead_and_the_rest_waits_for_it() {
    paused(async {
        // Everything that goes out is done and lost, and hidden for long: nothing tells that lists lag. What then
        // goes out a second time is one change of each account, never a batch.
        let rig = Rig::new().await;
        rig.bench.faults(json!([{"kind": "accept_duplicates"}])).await;
        let case = Case::copies(&rig, 1, 20).await;
        let mut rules = vec![json!({"kind": "accept_duplicates"}), json!({"kind": "lag", "calls": 5_000})];
        for (platform, path) in CREATES {
            rules.push(json!({"platform": platform, "method": "POST", "path": path, "exact": true,
                "kind": "drop_after", "times": 1}));
        }
        rig.bench.faults(json!(rules)).await;
        let report = rig.apply().await.unwrap();
        assert!(report.count(Unknown) > 0, "{report:?}");
        let mut times = BTreeMap::<String, usize>::new();
        for row in case.held(&rig).await {
            let key = format!("{} {} {}", row["account"], row["ad_group_id"], row["text"]);
            *times.entry(key).or_default() += 1;
        }
        let doubled = times.values().filter(|count| **count > 1).count();
        assert!(doubled <= 3, "{doubled} were sent twice");
        assert_eq!(times.len(), case.wanted.len());
    });
}

#[test]
fn what_was_lost_before_it_was_done_goes_out_again_in_the_same_operation() {
    paused(async {
        let rig = Rig::new().await;
        rig.bench.faults(json!([{"kind": "accept_duplicates"}])).await;
        let case = Case::copies(&rig, 1, 20).await;
        let mut rules = vec![json!({"kind": "accept_duplicates"})];
        for (platform, path) in CREATES {
            rules.push(json!({"platform": platform, "method": "POST", "path": path, "exact": true,
                "kind": "drop_before", "times": 1}));
        }
        rig.bench.faults(json!(rules)).await;
        let before = tokio::time::Instant::now();
        let report = rig.apply().await.unwrap();
        assert!(report.complete(), "{report:?}");
        assert!(before.elapsed() < Duration::from_secs(3));
        assert_eq!(report.made().count(), 3);
        case.is_true(&rig).await;
    });
}

#[test]
fn late_lists_and_tidied_texts_make_nothing_look_lost() {
    paused(async {
        let rig = Rig::new().await;
        rig.bench.faults(json!([{"kind": "accept_duplicates"}])).await;
        let case = Case::copies(&rig, 1, 30).await;
        let plan = rig.engine().plan(&unbid::engine::Selection::All).await.unwrap();
        let least: usize = plan.accounts.iter().map(|part| part.requests.len()).sum();
        let mut rules = vec![
            json!({"kind": "accept_duplicates"}),
            json!({"kind": "normalise"}),
            json!({"kind": "lag", "ms": 250}),
        ];
        for (platform, path) in CREATES {
            rules.push(json!({"platform": platform, "method": "POST", "path": path, "exact": true, "kind": "drop_after"}));
        }
        rig.bench.faults(json!(rules)).await;
        let before = writes(&rig).await.len();
        let report = rig.apply().await.unwrap();
        assert!(report.complete(), "{report:?}");
        assert_eq!(writes(&rig).await.len() - before, least, "nothing was sent again");
        case.is_true(&rig).await;
    });
}

#[test]
fn a_refusal_of_what_went_out_twice_counts_only_when_it_is_not_there() {
    paused(async {
        // Sam's Club refuses duplicates in words that nobody can know, and here it hides the first for a while.
        let mut rig = Rig::new().await;
        rig.bench.faults(json!([])).await;
        let wish = Wish { account: 2, what: 0, place: 0, how: 0 };
        let case = Case::stage(&rig, 1, &[wish]).await;
        let before = writes(&rig).await.len();
        rig.bench
            .faults(json!([
                {"platform": "sams", "kind": "lag", "calls": 4},
                {"platform": "sams", "method": "POST", "kind": "drop_after", "times": 1}
            ]))
            .await;
        let report = rig.apply().await.unwrap();
        assert!(report.complete(), "{report:?}");
        assert_eq!(writes(&rig).await.len() - before, 2, "it went out a second time");
        rig.recover().await;
        case.is_true(&rig).await;
    });
}
