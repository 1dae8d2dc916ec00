//! The engine over the real wire formats: every platform of the registry against its emulation, in one process, on
//! a paused clock. What needs no wire is tested beside the engine itself.

mod support;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{Bench, Spot, path};
use tokio_util::sync::CancellationToken;
use unbid::domain::account::{AccountName, Identity};
use unbid::domain::campaign::{Holds, ParentState};
use unbid::domain::catalog::{Catalog, Scope};
use unbid::domain::change::Change;
use unbid::domain::journal::OutcomeKind::{self, Already, Applied, Drifted, Rejected, Skipped, Unknown};
use unbid::domain::negative::{Level, Negative, State};
use unbid::domain::plan::Plan;
use unbid::engine::{
    ApplyReport, Consent, Engine, Member, Parts, Row, RowFilter, Selection, Settings, SyncOptions, SyncOutcome,
    Time,
};
use unbid::platform::{self, Connection, registry};
use unbid::store::Store;

/// A time of day that goes with tokio's clock.
struct Paused(tokio::time::Instant);

impl Time for Paused {
    fn now(&self) -> Timestamp {
        let start: Timestamp = "2026-10-01T12:00:00Z".parse().unwrap();
        start + jiff::SignedDuration::try_from(self.0.elapsed()).unwrap()
    }

    fn id(&self) -> uuid::Uuid {
        uuid::Uuid::new_v4()
    }
}

/// A sandbox and an engine on one account of each platform.
struct Rig {
    bench: Bench,
    engine: Engine,
    folder: tempfile::TempDir,
}

impl Rig {
    async fn new() -> Self {
        let bench = Bench::small();
        let folder = tempfile::tempdir().unwrap();
        let engine = open(&bench, &folder).await;
        let rig = Self { bench, engine, folder };
        let report = rig.sync().await;
        assert!(report.iter().all(|one| *one == SyncOutcome::Fresh), "{report:?}");
        rig
    }

    async fn sync(&self) -> Vec<SyncOutcome> {
        let sync = self.engine.sync(&[], SyncOptions::default(), Arc::new(|_| {}), CancellationToken::new());
        sync.await.unwrap().accounts.into_iter().map(|one| one.outcome).collect()
    }

    async fn rows(&self) -> Vec<Row> {
        let mut rows = self.engine.rows(&[], &RowFilter::default()).await.unwrap();
        rows.sort_by(|a, b| {
            (&a.account, a.kind, a.level, a.id.raw()).cmp(&(&b.account, b.kind, b.level, b.id.raw()))
        });
        rows
    }

    /// What is there, staging aside.
    async fn negatives(&self) -> Vec<Row> {
        self.rows()
            .await
            .into_iter()
            .filter(|row| row.staged != Some("add"))
            .map(|row| Row { staged: None, ..row })
            .collect()
    }

    /// The accounts: name, identity, connection.
    fn accounts(&self) -> Vec<(AccountName, Identity, Arc<dyn Connection>)> {
        let each = self.engine.members().iter();
        each.map(|member| {
            let connection = member.link.clone().unwrap();
            (member.name.clone(), member.identity().unwrap().clone(), connection)
        })
        .collect()
    }

    /// Stages, for every account: three additions, a switch-off of a live negative, a removal of another.
    async fn stage_some(&self, words: &str) -> Vec<u64> {
        let catalog = self.engine.catalog().await.unwrap();
        let mut wanted = Vec::new();
        for (_, identity, connection) in self.accounts() {
            let (spot, live) = places(&catalog, &identity);
            for n in 0..3 {
                let add = support::keyword(&*connection, &spot, &format!("{words} {n}"), State::Enabled);
                wanted.push((identity.clone(), add));
            }
            let capabilities = connection.capabilities();
            let rule = capabilities.kind(live[0].kind, live[0].level()).unwrap();
            let (_, to) = *rule.moves.iter().find(|(from, _)| *from == State::Enabled).unwrap();
            wanted.push((identity.clone(), Change::SetState { target: live[0].clone(), to }));
            wanted.push((identity, Change::Remove { target: live[1].clone() }));
        }
        let staging = self.engine.stage(wanted).await.unwrap();
        assert!(staging.notes.iter().all(|note| !note.says.contains("already")), "{:?}", staging.notes);
        staging.staged.iter().map(|one| one.number).collect()
    }

    async fn plan(&self) -> Plan {
        self.engine.plan(&Selection::All).await.unwrap()
    }

    async fn apply(&self, plan: &Plan) -> ApplyReport {
        let consent = Consent { yes: true, ..Consent::default() };
        let done =
            self.engine.apply(plan, &Selection::All, &consent, Arc::new(|_| {}), CancellationToken::new());
        done.await.unwrap()
    }

    /// The additions of these words that the sandbox holds and that are not archived, per account.
    async fn held(&self, words: &str) -> Vec<String> {
        let state = self.bench.control("GET", "/state", None).await;
        let rows = state.as_array().unwrap().iter();
        let mut held: Vec<String> = rows
            .filter(|row| row["text"].as_str().unwrap().starts_with(words) && row["state"] != "archived")
            .map(|row| format!("{} {}", row["account"].as_str().unwrap(), row["text"].as_str().unwrap()))
            .collect();
        held.sort();
        held
    }

    /// Rules of a kind for every write of a plan.
    fn on_writes(plan: &Plan, rule: &Value) -> Vec<Value> {
        let mut rules = BTreeSet::new();
        for part in &plan.accounts {
            for request in &part.requests {
                rules.insert((
                    part.account.platform.to_string(),
                    request.request.method.to_string(),
                    path(request),
                ));
            }
        }
        let each = rules.into_iter();
        each.map(|(platform, method, path)| {
            let mut rule = rule.clone();
            rule["platform"] = json!(platform);
            rule["method"] = json!(method);
            rule["path"] = json!(path);
            rule["exact"] = json!(true);
            rule
        })
        .collect()
    }

    /// The snapshot is what a listing would show.
    async fn snapshot_is_true(&self) {
        let before = self.negatives().await;
        self.bench.faults(json!([])).await;
        self.sync().await;
        let after = self.negatives().await;
        let differ: Vec<_> = before.iter().zip(&after).filter(|(a, b)| a != b).take(2).collect();
        assert!(
            differ.is_empty() && before.len() == after.len(),
            "{} {} {differ:?}",
            before.len(),
            after.len()
        );
    }
}

async fn open(bench: &Bench, folder: &tempfile::TempDir) -> Engine {
    let members = registry()
        .iter()
        .map(|platform| {
            let config = bench.accounts(*platform)[0];
            Member::connected(platform::connect(config, &bench.http).unwrap())
        })
        .collect();
    Engine::open(Parts {
        store: Store::open(folder.path()).unwrap(),
        members,
        settings: Settings {
            settle: Duration::from_millis(300),
            max_age: Duration::from_mins(15),
            read_only: false,
        },
        time: Arc::new(Paused(tokio::time::Instant::now())),
        who: "ann".into(),
    })
    .await
    .unwrap()
}

/// A live ad group with room, and two live keyword negatives of live ad groups.
fn places(catalog: &Catalog, identity: &Identity) -> (Spot, Vec<Negative>) {
    let account = catalog.find_account(identity).unwrap();
    let groups = catalog
        .campaigns_of(account)
        .filter(|campaign| campaign.state() == ParentState::Enabled && campaign.holds() == Holds::Yes);
    let groups: Vec<_> = groups
        .flat_map(|campaign| catalog.ad_groups_of(campaign.ix()))
        .filter(|group| group.state() == ParentState::Enabled)
        .collect();
    let roomy = groups.iter().min_by_key(|group| catalog.counts(Scope::AdGroup(group.ix())).all()).unwrap();
    let spot = Spot { campaign: roomy.campaign().id(), ad_group: roomy.id() };
    let live = groups
        .iter()
        .flat_map(|group| catalog.negatives_in(Scope::AdGroup(group.ix())))
        .map(|ix| catalog.to_negative(ix))
        .filter(|row| row.state == State::Enabled && row.level() == Level::AdGroup)
        .take(2)
        .collect();
    (spot, live)
}

fn kinds(report: &ApplyReport) -> BTreeSet<OutcomeKind> {
    report.changes.iter().map(|change| change.outcome.kind).collect()
}

#[tokio::test(start_paused = true)]
async fn what_is_staged_reaches_every_platform_and_the_snapshot_shows_it() {
    let rig = Rig::new().await;
    let numbers = rig.stage_some("engine one").await;
    let plan = rig.plan().await;
    assert_eq!(plan.sendable().count(), numbers.len());
    let view = serde_json::to_value(rig.engine.view(&plan).await.unwrap()).unwrap();
    assert!(view["changes"].as_array().unwrap().iter().all(|change| change["problem"].is_null()));
    let report = rig.apply(&plan).await;
    assert!(report.complete(), "{report:?}");
    assert_eq!(kinds(&report), BTreeSet::from([Applied]));
    assert_eq!(report.made().count(), registry().len());
    assert_eq!(rig.held("engine one").await.len(), 3 * registry().len());
    assert!(rig.engine.staged().await.unwrap().is_empty());
    rig.snapshot_is_true().await;
}

#[tokio::test(start_paused = true)]
async fn a_refused_item_is_named_and_its_neighbours_are_done() {
    let rig = Rig::new().await;
    rig.stage_some("engine two").await;
    let plan = rig.plan().await;
    rig.bench.faults(json!(Rig::on_writes(&plan, &json!({"kind": "reject_items", "every": 2})))).await;
    let report = rig.apply(&plan).await;
    assert_eq!(kinds(&report), BTreeSet::from([Applied, Rejected]));
    for change in report.changes.iter().filter(|change| change.outcome.kind == Rejected) {
        assert!(change.outcome.message.is_some(), "{change:?}");
    }
    rig.snapshot_is_true().await;
}

#[tokio::test(start_paused = true)]
async fn lost_answers_are_settled_and_nothing_is_there_twice() {
    for kind in ["drop_after", "drop_before", "bad_json", "truncate_body", "html_error"] {
        let rig = Rig::new().await;
        rig.stage_some("engine three").await;
        let plan = rig.plan().await;
        let mut rules = Rig::on_writes(&plan, &json!({"kind": kind, "times": 1}));
        // Without these a platform that refuses duplicates would hide a double send.
        rules.push(json!({"kind": "accept_duplicates"}));
        rules.push(json!({"kind": "lag", "ms": 200}));
        rig.bench.faults(json!(rules)).await;
        let report = rig.apply(&plan).await;
        assert!(kinds(&report).is_subset(&BTreeSet::from([Applied, Already])), "{kind}: {report:?}");
        let held = rig.held("engine three").await;
        assert_eq!(held.iter().collect::<BTreeSet<_>>().len(), held.len(), "{kind}: {held:?}");
        assert_eq!(held.len(), 3 * registry().len(), "{kind}");
        assert!(rig.engine.store().unsettled(None).await.unwrap().is_empty());
        tokio::time::advance(Duration::from_secs(1)).await;
        rig.snapshot_is_true().await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_expired_token_and_a_full_bucket_do_no_harm() {
    let rig = Rig::new().await;
    rig.stage_some("engine four").await;
    let plan = rig.plan().await;
    let mut rules = Rig::on_writes(&plan, &json!({"kind": "expire_token", "times": 1}));
    rules.extend(Rig::on_writes(
        &plan,
        &json!({"kind": "status", "status": 429, "retry_after": 2, "after": 1, "times": 1}),
    ));
    rig.bench.faults(json!(rules)).await;
    let report = rig.apply(&plan).await;
    assert!(report.complete(), "{report:?}");
    assert_eq!(rig.held("engine four").await.len(), 3 * registry().len());
}

#[tokio::test(start_paused = true)]
async fn what_others_changed_since_is_not_overwritten() {
    let rig = Rig::new().await;
    rig.stage_some("engine five").await;
    let plan = rig.plan().await;
    let mut expected = 0;
    for part in &plan.accounts {
        for planned in &part.changes {
            let Some(target) = planned.change.target() else { continue };
            let mutation = json!({"op": "delete_negative", "platform": part.account.platform, "id": target.id, "kind": target.kind, "level": target.level()});
            rig.bench.control("POST", "/mutate", Some(mutation)).await;
            expected += 1;
        }
    }
    let report = rig.apply(&plan).await;
    assert_eq!(report.count(Drifted), expected, "{report:?}");
    assert_eq!(report.count(Applied), 3 * registry().len());
    rig.snapshot_is_true().await;
}

#[tokio::test(start_paused = true)]
async fn two_engines_never_send_to_one_account_at_once() {
    let rig = Rig::new().await;
    rig.stage_some("engine six").await;
    let other = open(&rig.bench, &rig.folder).await;
    let (plan, same) = (rig.plan().await, other.plan(&Selection::All).await.unwrap());
    let consent = Consent { yes: true, ..Consent::default() };
    let second = other.apply(&same, &Selection::All, &consent, Arc::new(|_| {}), CancellationToken::new());
    let (first, second) = tokio::join!(rig.apply(&plan), second);
    assert_eq!(first.count(Applied), 5 * registry().len());
    // Either it found the accounts taken, or nothing staged any more as its plan had it.
    assert!(second.map_or(true, |report| report.count(Applied) == 0));
    assert_eq!(rig.held("engine six").await.len(), 3 * registry().len());
}

#[tokio::test(start_paused = true)]
async fn a_listing_that_fails_in_part_leaves_the_rest_fresh() {
    let rig = Rig::new().await;
    let before = rig.negatives().await;
    rig.bench.faults(json!([{"platform": "ebay", "kind": "status", "status": 500}])).await;
    let outcomes = rig.sync().await;
    let fresh = outcomes.iter().filter(|one| **one == SyncOutcome::Fresh).count();
    assert_eq!(fresh, registry().len() - 1, "{outcomes:?}");
    assert_eq!(rig.negatives().await, before);
}

/// What is live at the platforms, ids aside; a switched-off one counts where the platform can archive.
async fn live(rig: &Rig) -> Vec<String> {
    let state = rig.bench.control("GET", "/state", None).await;
    let live = |row: &&Value| match row["state"].as_str() {
        Some("enabled") => true,
        Some("paused") => row["platform"] != "sams",
        _ => false,
    };
    let mut rows: Vec<String> = state
        .as_array()
        .unwrap()
        .iter()
        .filter(live)
        .map(|row| {
            ["account", "campaign_id", "ad_group_id", "kind", "match", "text", "state"]
                .map(|key| row[key].as_str().unwrap_or("-").to_owned())
                .join("|")
        })
        .collect();
    rows.sort();
    rows
}

/// The same rows are there; else those that differ.
#[track_caller]
fn same(now: &[String], then: &[String]) {
    let lost: Vec<_> = then.iter().filter(|row| !now.contains(row)).collect();
    let more: Vec<_> = now.iter().filter(|row| !then.contains(row)).collect();
    assert!(now == then, "lost {lost:?}, more {more:?}, {} for {}", now.len(), then.len());
}

#[tokio::test(start_paused = true)]
async fn what_was_applied_is_taken_back_on_every_platform_and_that_again() {
    let rig = Rig::new().await;
    let before = live(&rig).await;
    rig.stage_some("engine undo").await;
    let plan = rig.plan().await;
    // Answers get lost, both ways.
    rig.bench
        .faults(json!([
            {"kind": "accept_duplicates"},
            {"kind": "drop_after", "probability": 0.2, "seed": 3},
            {"kind": "status", "status": 429, "retry_after": 1, "probability": 0.1, "seed": 4},
        ]))
        .await;
    let report = rig.apply(&plan).await;
    assert!(report.complete(), "{report:?}");
    let after = live(&rig).await;
    assert_ne!(before, after);
    let undo = async |operations: &[unbid::domain::ids::OperationId]| {
        let staging = rig.engine.stage_undo(operations).await.unwrap();
        assert!(staging.notes.is_empty(), "{staging:?}");
        let plan = rig.engine.plan(&Selection::Changes(staging.numbers())).await.unwrap();
        assert!(
            plan.accounts.iter().flat_map(|part| &part.changes).all(|one| one.problem.is_none()),
            "{plan:?}"
        );
        rig.apply(&plan).await
    };
    let back = undo(&report.made().collect::<Vec<_>>()).await;
    assert!(back.complete(), "{back:?}");
    same(&live(&rig).await, &before);
    let again = undo(&rig.engine.sent_last().await.unwrap()).await;
    assert!(again.complete(), "{again:?}");
    same(&live(&rig).await, &after);
    let back = undo(&report.made().collect::<Vec<_>>()).await;
    assert!(back.complete(), "{back:?}");
    same(&live(&rig).await, &before);
    rig.snapshot_is_true().await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, ..ProptestConfig::default() })]

    /// Any mix of faults: what is reported is what is there, and nothing is there twice.
    #[test]
    fn reports_are_true_whatever_fails(seed in 0..1_000_u64, drop_after in 0.0..0.4, drop_before in 0.0..0.4, busy in 0.0..0.3, failing in 0.0..0.3) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let rig = Rig::new().await;
            rig.stage_some("engine chaos").await;
            let plan = rig.plan().await;
            let mut rules = vec![json!({"kind": "accept_duplicates"}), json!({"kind": "lag", "ms": 200})];
            for (kind, probability) in [("drop_after", drop_after), ("drop_before", drop_before)] {
                rules.extend(Rig::on_writes(&plan, &json!({"kind": kind, "probability": probability, "seed": seed})));
            }
            rules.push(json!({"kind": "status", "status": 429, "retry_after": 1, "probability": busy, "seed": seed + 1}));
            rules.push(json!({"kind": "status", "status": 503, "probability": failing, "seed": seed + 2}));
            rig.bench.faults(json!(rules)).await;
            let mut report = rig.apply(&plan).await;
            // What stayed open or staged is taken up until it is done; the platform is whole again by then.
            rig.bench.faults(json!([{"kind": "accept_duplicates"}])).await;
            tokio::time::advance(Duration::from_secs(1)).await;
            for _ in 0..3 {
                if !rig.engine.staged().await.unwrap().is_empty() {
                    let settled = rig.engine.settle_unsettled(&[], Arc::new(|_| {}), CancellationToken::new()).await.unwrap();
                    report = settled.with_earlier(report);
                    let plan = rig.plan().await;
                    report = rig.apply(&plan).await.with_earlier(report);
                }
            }
            assert_eq!(report.count(Unknown) + report.count(Skipped), 0, "{report:?}");
            let held = rig.held("engine chaos").await;
            assert_eq!(held.iter().collect::<BTreeSet<_>>().len(), held.len(), "{held:?}");
            assert_eq!(held.len(), 3 * registry().len());
            rig.snapshot_is_true().await;
        });
    }
}
