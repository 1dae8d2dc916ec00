//! Many changes under everything at once: lost answers, lost calls, throttling, breakdowns, refused items, late lists,
//! tokens that end. Nothing is lost, nothing is there twice, nothing stays unknown.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use unbid::domain::change::Change;
use unbid::domain::journal::OutcomeKind;
use unbid::domain::matching::normalise;
use unbid::domain::negative::{Kind, Level};
use unbid::sandbox::Options;

use crate::full;
use crate::rig::{Rig, paused};
use crate::support::Bench;
use crate::truth::{addition, journal, spots, writes};

/// The mix: 10 % done and lost, 5 % lost, 10 % throttled, 5 % broken down, 2 % of the items refused, lists 200 ms
/// late, a token that ends every 50 calls.
fn storm(seed: u64) -> Value {
    let mut rules = vec![json!({"kind": "accept_duplicates"}), json!({"kind": "lag", "ms": 200})];
    for platform in ["amazon", "ebay"] {
        for n in 1..200 {
            rules.push(json!({"platform": platform, "kind": "expire_token", "after": 50 * n, "times": 1}));
        }
    }
    rules.extend([
        json!({"kind": "drop_after", "probability": 0.10, "seed": seed * 10 + 1}),
        json!({"kind": "drop_before", "probability": 0.05, "seed": seed * 10 + 2}),
        json!({"kind": "status", "status": 429, "retry_after": 1, "probability": 0.10, "seed": seed * 10 + 3}),
        json!({"kind": "status", "status": 503, "probability": 0.05, "seed": seed * 10 + 4}),
        json!({"kind": "reject_items", "every": 50}),
    ]);
    json!(rules)
}

/// What one run came to.
#[derive(Debug, Default)]
struct Figures {
    changes: usize,
    lost: usize,
    doubled: usize,
    unknown: usize,
    rejected: usize,
    applies: usize,
    /// Writes sent, and as many as a plan without faults has.
    writes: usize,
    least: usize,
    calls: usize,
}

async fn run(seed: u64, per_account: usize) -> Figures {
    let bench = Bench::new(Options { seed, ..Options::default() });
    let mut rig = Rig::on(bench).await;
    let catalog = rig.engine().catalog().await.unwrap();
    let mut wanted = Vec::new();
    for (identity, connection) in rig.accounts() {
        let rule = connection.capabilities().kind(Kind::Keyword, Level::AdGroup).unwrap();
        let spots = spots(&catalog, &identity);
        for n in 0..per_account {
            let mut new =
                addition(&spots[n % spots.len()], Kind::Keyword, Level::AdGroup, format!("soak term {n}"));
            new.match_type = Some(rule.matches[n % rule.matches.len()]);
            wanted.push((identity.clone(), Change::Add { new }));
        }
    }
    let numbers = rig.stage(wanted.clone()).await;
    let plan = rig.engine().plan(&unbid::engine::Selection::All).await.unwrap();
    let mut figures = Figures {
        changes: wanted.len(),
        least: plan.accounts.iter().map(|part| part.requests.len()).sum(),
        ..Figures::default()
    };
    let (calls, sent) = (rig.bench.asked("/").await.len(), writes(&rig).await.len());
    rig.bench.faults(storm(seed)).await;
    for _ in 0..8 {
        figures.applies += 1;
        // What is left when the platforms do not answer at all is taken up by the next, as a user would.
        let done = rig.apply().await;
        let open = rig.engine().store().unsettled(None).await.unwrap().is_empty();
        if done.is_ok() && open && rig.engine().staged().await.unwrap().is_empty() {
            break;
        }
        rig.restart().await;
    }
    figures.writes = writes(&rig).await.len() - sent;
    figures.calls = rig.bench.asked("/").await.len() - calls;

    let Value::Array(rows) = rig.bench.control("GET", "/state", None).await else { panic!("rows") };
    let mut held: BTreeMap<(String, String, String), usize> = BTreeMap::new();
    for row in rows.iter().filter(|row| row["state"] != "archived") {
        let word = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
        let text = normalise(&word("text"));
        if text.starts_with("soak term ") {
            *held.entry((word("platform"), word("ad_group_id"), text + &word("match"))).or_default() += 1;
        }
    }
    let outcomes = journal(&rig, None, numbers.iter().copied().collect::<BTreeSet<_>>()).await;
    for (number, (identity, change)) in numbers.iter().zip(&wanted) {
        let Change::Add { new } = change else { continue };
        let key = (
            identity.platform.to_string(),
            new.ad_group.as_ref().unwrap().raw().to_owned(),
            normalise(new.text.raw()) + &new.match_type.unwrap().to_string(),
        );
        let times = held.get(&key).copied().unwrap_or_default();
        figures.doubled += times.saturating_sub(1);
        match outcomes[number].kind {
            OutcomeKind::Applied | OutcomeKind::Already => figures.lost += usize::from(times == 0),
            OutcomeKind::Rejected => {
                figures.rejected += 1;
                figures.lost += usize::from(times != 0 || outcomes[number].message.is_none());
            }
            OutcomeKind::Unknown => figures.unknown += 1,
            OutcomeKind::Drifted | OutcomeKind::Skipped => figures.lost += 1,
        }
    }
    figures
}

#[test]
fn nothing_is_lost_doubled_or_left_unknown_under_everything_at_once() {
    let (seeds, per_account) = if full() { (20, 3_334) } else { (3, 300) };
    let mut all = Figures::default();
    for seed in 1..=seeds {
        let one = paused(run(seed, per_account));
        println!("soak {seed}: {one:?}");
        assert_eq!((one.lost, one.doubled, one.unknown), (0, 0, 0), "seed {seed}: {one:?}");
        all.changes += one.changes;
        all.rejected += one.rejected;
        all.writes += one.writes;
        all.least += one.least;
        all.calls += one.calls;
    }
    println!(
        "soak: {} changes, 0 lost, 0 doubled, 0 unknown, {} refused items told; {} writes sent for a least of {}, {} calls in all",
        all.changes, all.rejected, all.writes, all.least, all.calls
    );
}
