//! Damaged databases: bits flipped, blocks zeroed, tails cut off, at many places. No panic, no wrong row shown as if it
//! were right, an error that says what to do, and the old file kept whole. `UNBID_CASES` tries more places.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use unbid::domain::ids::PlanId;
use unbid::domain::problem::{Problem, ProblemKind};
use unbid::engine::{Consent, Engine, Member, Parts, RowFilter, Selection, Settings, SyncOptions, Time};
use unbid::platform;
use unbid::store::{Store, set_aside};

use crate::support::{Bench, keyword, spot};

const ACCOUNT: &str = "northfell-sams-coffee";

/// Time stands still, so that two pictures of the same database are the same.
struct Still;

impl Time for Still {
    fn now(&self) -> Timestamp {
        "2026-10-01T12:00:00Z".parse().expect("a time")
    }

    fn id(&self) -> uuid::Uuid {
        uuid::Uuid::now_v7()
    }
}

async fn engine(bench: &Bench, folder: &Path) -> Result<Engine, Problem> {
    let account = bench.config.accounts.iter().find(|account| account.name.as_str() == ACCOUNT).expect("it");
    let member = Member::connected(platform::connect(account, &bench.http).expect("the sandbox's own account"));
    let settings = Settings { settle: Duration::from_millis(300), max_age: Duration::ZERO, read_only: false };
    let store = Store::open(folder)?;
    Engine::open(Parts { store, members: vec![member], settings, time: Arc::new(Still), who: "ann".into() })
        .await
}

/// What can be seen of a database and must never be another: rows with their texts and places, staged changes, plans,
/// requests, answers and outcomes. Times, labels and numbers in columns of their own have no checksum.
async fn picture(bench: &Bench, folder: &Path, plan: PlanId) -> Result<BTreeSet<String>, Problem> {
    let engine = engine(bench, folder).await?;
    let store = engine.store();
    let accounts: Vec<_> = engine.members().iter().filter_map(Member::account).cloned().collect();
    let mut seen = BTreeSet::new();
    let first = store.first_page(&accounts, 50)?;
    seen.extend(first.campaigns.iter().map(|one| format!("{:?} {:?}", one.campaign, one.counts)));
    for row in engine.rows(&[], &RowFilter::default()).await? {
        let mut row = serde_json::to_value(&row).expect("JSON");
        if !row["id"].as_str().is_some_and(|id| id.starts_with("staged:")) {
            // Whether something is staged for it is another row's business.
            row.as_object_mut().expect("an object").remove("staged");
            seen.insert(row.to_string());
        }
    }
    seen.extend(store.staged(None).await?.iter().map(|one| format!("{:?}", one.change)));
    seen.extend(store.plan(plan).await?.map(|plan| format!("{:?}", plan.accounts)));
    for one in store.operations(None, 100).await? {
        let Some(whole) = store.operation(one.operation.id).await? else { continue };
        seen.extend(
            whole.attempts.iter().map(|one| format!("{:?} {:?} {:?}", one.request, one.changes, one.answer)),
        );
        seen.extend(whole.outcomes.iter().map(|one| format!("{:?} {:?}", one.change, one.outcome)));
    }
    store.unsettled(None).await?;
    Ok(seen)
}

/// A database with something of everything: a snapshot, staged changes, a spent plan, a journal.
async fn sound(folder: &Path) -> (Bench, PlanId) {
    let bench = Bench::small();
    let engine = engine(&bench, folder).await.expect("an engine");
    engine
        .sync(&[], SyncOptions::default(), Arc::new(|_| {}), tokio_util::sync::CancellationToken::new())
        .await
        .expect("a sync");
    let connection = engine.members()[0].link.clone().expect("connected");
    let identity = connection.account().identity.clone();
    let spot = spot(&*connection).await;
    let adds = |tag: &str| -> Vec<_> {
        let text = |n| format!("{tag} damaged {n}");
        (0..5)
            .map(|n| {
                (
                    identity.clone(),
                    keyword(&*connection, &spot, &text(n), unbid::domain::negative::State::Enabled),
                )
            })
            .collect()
    };
    engine.stage(adds("sent")).await.map_err(Problem::from).expect("staged");
    let plan = engine.plan(&Selection::All).await.expect("a plan");
    let consent = Consent { yes: true, ..Consent::default() };
    let cancel = tokio_util::sync::CancellationToken::new();
    let report = engine.apply(&plan, &Selection::All, &consent, Arc::new(|_| {}), cancel).await.expect("sent");
    assert!(report.complete(), "{report:?}");
    engine.stage(adds("kept")).await.map_err(Problem::from).expect("staged");
    (bench, plan.id)
}

/// A series of numbers that is the same each time (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((x ^ (x >> 31)) % end as u64).expect("below a usize")
    }
}

/// Damages bytes in one of several ways; says how.
fn damage(bytes: &mut Vec<u8>, dice: &mut Dice) -> String {
    let at = dice.below(bytes.len());
    match dice.below(8) {
        0 => {
            bytes.truncate(at);
            format!("cut at {at}")
        }
        1 => {
            let from = at / 4096 * 4096;
            let to = (from + 4096).min(bytes.len());
            bytes[from..to].fill(0);
            format!("page at {from} zeroed")
        }
        2 => {
            let to = (at + 64).min(bytes.len());
            bytes[at..to].iter_mut().for_each(|byte| *byte = dice.below(256) as u8);
            format!("noise at {at}")
        }
        _ => {
            let bit = dice.below(8);
            bytes[at] ^= 1 << bit;
            format!("bit {bit} at {at} flipped")
        }
    }
}

fn cases() -> usize {
    std::env::var("UNBID_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(60)
}

#[tokio::test]
async fn damage_anywhere_is_an_error_and_never_another_row() {
    let origin = tempfile::tempdir().expect("a folder");
    let (bench, plan) = sound(origin.path()).await;
    let whole = fs::read(origin.path().join("unbid.db")).expect("the file");
    assert!(!origin.path().join("unbid.db-wal").exists(), "everything is in the file");
    let right = picture(&bench, origin.path(), plan).await.expect("a sound database");
    let (mut told, mut unseen, mut fewer) = (0, 0, 0);
    let mut wrong = Vec::new();
    for case in 0..cases() {
        let mut dice = Dice(case as u64);
        let mut bytes = whole.clone();
        let how = damage(&mut bytes, &mut dice);
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("unbid.db");
        fs::write(&file, &bytes).expect("written");
        // An empty file is a new database, unless the folder says that there was one: the store's own tests show that.
        if bytes.is_empty() {
            continue;
        }
        match picture(&bench, folder.path(), plan).await {
            Err(problem) => {
                told += 1;
                assert_eq!(problem.kind, ProblemKind::Storage, "case {case}, {how}: {problem}");
                assert!(
                    problem.detail.contains("unbid.db") && !problem.hint.is_empty(),
                    "case {case}, {how}: {problem}"
                );
                let aside = set_aside(folder.path(), Still.now()).expect("set aside");
                assert!(fs::metadata(&aside).expect("kept").len() > 0, "case {case}, {how}");
                Store::open(folder.path()).expect("a fresh one");
            }
            Ok(seen) => match seen.difference(&right).next() {
                Some(other) => wrong.push(format!("case {case}, {how}: {other}")),
                None if seen.len() < right.len() => fewer += 1,
                None => unseen += 1,
            },
        }
    }
    println!("{told} told, {unseen} without effect, {fewer} with less, {} wrong", wrong.len());
    assert!(told > cases() / 20, "only {told} were noticed");
    assert!(
        wrong.is_empty(),
        "{} of {} show something else as if it were right:\n{}",
        wrong.len(),
        cases(),
        wrong.join("\n")
    );
}
