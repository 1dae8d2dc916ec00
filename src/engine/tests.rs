//! The engine against a platform in memory: what is staged, planned, sent, lost, settled, refused. The clock is
//! paused; nothing sleeps.

use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use tokio_util::sync::CancellationToken;

use super::testing::{Fake, Fault, Rig, kinds, negative, new};
use super::*;
use crate::domain::change::Change;
use crate::domain::journal::OutcomeKind::{Already, Applied, Drifted, Rejected, Skipped, Unknown};
use crate::domain::negative::State::{Archived, Enabled, Paused};
use crate::domain::negative::{MatchType, Negative, State};
use crate::platform::Connection;

fn add(text: &str) -> Change {
    Change::Add { new: new("g1", text) }
}

fn set(target: &Negative, to: State) -> Change {
    Change::SetState { target: target.clone(), to }
}

fn remove(target: &Negative) -> Change {
    Change::Remove { target: target.clone() }
}

fn base() -> Vec<Negative> {
    vec![
        negative("n1", "g1", "decaf", Enabled),
        negative("n2", "g1", "gift", Paused),
        negative("n3", "g2", "sample", Enabled),
    ]
}

#[tokio::test(start_paused = true)]
async fn what_is_staged_is_planned_sent_and_then_in_the_snapshot_as_a_listing_would_show_it() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    let [n1, _, n3] = &base()[..] else { unreachable!() };
    rig.stage(&fake, vec![add("free"), set(n1, Paused), remove(n3)]).await.unwrap();
    let plan = rig.engine.plan(&Selection::All).await.unwrap();
    assert_eq!(plan.accounts[0].requests.len(), 2);
    let view = serde_json::to_value(rig.engine.view(&plan).await.unwrap()).unwrap();
    assert_eq!(view["changes"][0]["row"]["id"], "staged:1");
    assert_eq!(view["changes"][0]["row"]["campaign_name"], "Espresso");
    assert_eq!(view["requests"][0]["headers"]["authorization"], "***");

    let report = rig.apply(&plan, CancellationToken::new()).await.unwrap();
    assert_eq!(kinds(&report), [(1, Applied), (2, Applied), (3, Applied)]);
    assert!(report.complete());
    assert!(rig.engine.staged().await.unwrap().is_empty());
    let after = rig.rows().await;
    rig.sync().await;
    assert_eq!(after, rig.rows().await);
    assert_eq!(fake.texts(), ["decaf", "free", "gift"]);
}

#[tokio::test(start_paused = true)]
async fn one_bad_change_stages_nothing_and_every_bad_one_is_named() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    let refused = rig.stage(&fake, vec![add("fine"), add("a<b"), add(&"x".repeat(81))]).await.unwrap_err();
    let StageError::Refused(notes) = &refused else { panic!("{refused:?}") };
    assert_eq!(notes.iter().map(|note| note.index).collect::<Vec<_>>(), [1, 2]);
    assert!(rig.engine.staged().await.unwrap().is_empty());
    assert_eq!(Problem::from(refused).kind, ProblemKind::Usage);
}

#[tokio::test(start_paused = true)]
async fn additions_meet_what_is_there_and_what_is_staged() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    // There: skipped. Switched off: switched on. Twice in one list: once.
    let staging = rig.stage(&fake, vec![add(" DECAF "), add("gift"), add("new"), add("New")]).await.unwrap();
    assert_eq!(staging.notes.len(), 3);
    let actions: Vec<_> = staging.staged.iter().map(|one| one.change.action()).collect();
    assert_eq!(actions, ["set-state", "add"]);
    // The opposite of what is staged takes it back.
    let taken = rig.stage(&fake, vec![set(&base()[1], Paused)]).await.unwrap();
    assert_eq!((taken.staged.len(), taken.dropped.len()), (0, 1));
    assert_eq!(rig.engine.staged().await.unwrap().len(), 1);
    // And undo and redo of that.
    rig.engine.undo_staging(&taken).await.unwrap();
    assert_eq!(rig.engine.staged().await.unwrap(), staging.staged);
    rig.engine.redo_staging(&taken).await.unwrap();
    assert_eq!(rig.engine.staged().await.unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_replaces_a_staged_change_is_not_weighed_against_it() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    let first = rig.stage(&fake, vec![add("new")]).await.unwrap();
    let wanted = vec![(fake.account().identity.clone(), add("new"))];
    let again = rig.engine.stage_instead(wanted, &[first.staged[0].number]).await.unwrap();
    assert_eq!((again.staged.len(), again.dropped, again.notes), (1, first.staged, Vec::new()));
    assert_eq!(rig.engine.staged().await.unwrap(), again.staged);
}

#[tokio::test(start_paused = true)]
async fn what_is_removed_in_the_same_move_covers_nothing() {
    let wide = Negative { match_type: Some(MatchType::Phrase), ..base()[0].clone() };
    let fake = Fake::new("acme", vec![wide.clone()]);
    let rig = Rig::new(&[&fake]).await;
    let edit = rig.stage(&fake, vec![remove(&wide), add("decaf pods")]).await.unwrap();
    assert_eq!((edit.staged.len(), edit.notes), (2, Vec::new()));
}

#[tokio::test(start_paused = true)]
async fn a_removal_and_then_the_same_addition_leave_it_as_it_is() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    rig.stage(&fake, vec![remove(&base()[0])]).await.unwrap();
    let back = rig.stage(&fake, vec![add("decaf")]).await.unwrap();
    assert_eq!((back.staged.len(), back.dropped.len()), (0, 1));
    assert!(rig.engine.staged().await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_refused_item_does_not_hold_up_the_others_and_can_be_tried_again() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    rig.stage(&fake, vec![add("a"), add("b"), add("c")]).await.unwrap();
    fake.world().faults.push_back(Fault::Reject(vec![1]));
    let plan = rig.engine.plan(&Selection::All).await.unwrap();
    let report = rig.apply(&plan, CancellationToken::new()).await.unwrap();
    assert_eq!(kinds(&report), [(1, Applied), (2, Rejected), (3, Applied)]);
    assert_eq!(report.changes[1].outcome.code.as_ref().unwrap().raw(), "NOPE");
    assert!(rig.engine.staged().await.unwrap().is_empty());

    let again = rig.engine.retry(&plan, &report.failed()).await.unwrap();
    let plan = rig.engine.plan(&Selection::Changes(again)).await.unwrap();
    assert_eq!(kinds(&rig.apply(&plan, CancellationToken::new()).await.unwrap()), [(4, Applied)]);
    assert!(fake.texts().contains(&"b".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_settled_by_reading_back_and_nothing_is_there_twice() {
    for fault in [Fault::DropAfter, Fault::DropBefore] {
        let fake = Fake::new("acme", base());
        let rig = Rig::new(&[&fake]).await;
        rig.stage(&fake, vec![add("a"), add("b"), set(&base()[0], Paused)]).await.unwrap();
        fake.world().faults.extend([fault.clone(), fault.clone()]);
        let before = tokio::time::Instant::now();
        let report = rig.send().await;
        assert_eq!(kinds(&report), [(1, Applied), (2, Applied), (3, Applied)], "{fault:?}");
        assert!(before.elapsed() >= super::testing::SETTLE);
        assert_eq!(fake.texts(), ["a", "b", "decaf", "gift", "sample"]);
        assert!(report.changes[0].outcome.id.is_some());
        assert!(rig.engine.store().unsettled(None).await.unwrap().is_empty());
        let after = rig.rows().await;
        rig.sync().await;
        assert_eq!(after, rig.rows().await);
    }
}

#[tokio::test(start_paused = true)]
async fn what_changed_on_the_platform_since_is_not_overwritten() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    let [n1, n2, n3] = &base()[..] else { unreachable!() };
    rig.stage(&fake, vec![set(n1, Paused), remove(n2), remove(n3)]).await.unwrap();
    {
        let mut world = fake.world();
        world.negatives[0].state = Archived;
        world.negatives[1].state = Archived;
        world.negatives.retain(|one| one.id != n3.id);
    }
    let report = rig.send().await;
    // Archived is not what was wanted of the first, it is what was wanted of the second; the third is gone.
    assert_eq!(kinds(&report), [(1, Drifted), (2, Already), (3, Drifted)]);
    assert!(fake.world().writes.is_empty());
    // What drifted is still staged; the plan now says why it cannot be sent.
    let plan = rig.engine.plan(&Selection::All).await.unwrap();
    assert_eq!(plan.accounts[0].changes.iter().filter(|one| one.problem.is_some()).count(), 2);
    assert!(plan.accounts[0].requests.is_empty());
    assert_eq!(rig.rows().await.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_stop_leaves_the_rest_staged_and_the_journal_whole() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    rig.stage(&fake, (0..5).map(|n| add(&format!("t{n}"))).collect()).await.unwrap();
    let plan = rig.engine.plan(&Selection::All).await.unwrap();
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    let progress: Progress<ApplyEvent> = Arc::new(move |event| {
        if matches!(event.what, ApplyStep::Sending { request: 1, .. }) {
            stop.cancel();
        }
    });
    let consent = Consent { yes: true, ..Consent::default() };
    let report = rig.engine.apply(&plan, &Selection::All, &consent, progress, cancel).await.unwrap();
    let kinds: Vec<_> = kinds(&report).into_iter().map(|(_, kind)| kind).collect();
    assert_eq!(kinds, [Applied, Applied, Applied, Skipped, Skipped]);
    assert_eq!(rig.engine.staged().await.unwrap().len(), 2);
    assert_eq!(report.accounts[0].problem.as_ref().unwrap().kind, ProblemKind::Cancelled);
    assert!(rig.engine.store().unsettled(None).await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_process_that_died_waiting_is_settled_by_the_next_and_nothing_is_sent_twice() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    rig.stage(&fake, (0..5).map(|n| add(&format!("t{n}"))).collect()).await.unwrap();
    fake.world().faults.push_back(Fault::Hang);
    let plan = rig.engine.plan(&Selection::All).await.unwrap();
    tokio::select! {
        report = rig.apply(&plan, CancellationToken::new()) => panic!("{report:?}"),
        () = fake.hung.notified() => {}
    }

    let next = Rig::on(Arc::clone(&rig.folder), &[&fake]).await;
    // What was sent is in no plan before it is settled.
    let plan = next.engine.plan(&Selection::All).await.unwrap();
    assert_eq!(plan.sendable().map(|(_, change)| change.number).collect::<Vec<_>>(), [4, 5]);
    let settled = next.engine.settle_unsettled(&[], Arc::new(|_| {}), CancellationToken::new()).await.unwrap();
    let found: Vec<_> = kinds(&settled);
    assert_eq!(found, [(1, Applied), (2, Applied), (3, Applied), (4, Skipped), (5, Skipped)]);
    assert_eq!((settled.operations().len(), settled.made().count()), (1, 0));
    let report = next.send().await;
    assert_eq!(kinds(&report), [(4, Applied), (5, Applied)]);
    assert_eq!(fake.texts().len(), 8);
    assert_eq!(fake.world().writes.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_settled_while_the_platform_cannot_be_asked_and_apply_goes_on_from_there() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    rig.stage(&fake, vec![add("a")]).await.unwrap();
    fake.world().faults.push_back(Fault::DropAfter);
    fake.world().down = Some(Problem::new(ProblemKind::Network, "down"));
    let report = rig.send().await;
    assert_eq!(kinds(&report), [(1, Unknown)]);
    assert!(!report.complete());
    let held = rig.send().await;
    assert_eq!(kinds(&held), [(1, Skipped)], "an open change is in no plan's requests");

    fake.world().down = None;
    rig.stage(&fake, vec![add("b")]).await.unwrap();
    let report = rig.send().await;
    assert_eq!(kinds(&report), [(1, Applied), (2, Applied)]);
    assert_eq!(report.operations().len(), 2);
    assert_eq!(fake.texts(), ["a", "b", "decaf", "gift", "sample"]);
}

#[tokio::test(start_paused = true)]
async fn throttled_items_go_out_again_in_the_same_operation() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    rig.stage(&fake, vec![add("a"), add("b"), add("c")]).await.unwrap();
    fake.world().faults.extend([Fault::Again(vec![0, 2]), Fault::Refused]);
    let report = rig.send().await;
    assert_eq!(kinds(&report), [(1, Applied), (2, Applied), (3, Applied)]);
    assert_eq!(report.operations().len(), 1);
    assert_eq!(fake.world().writes, [vec![1, 2, 3], vec![1, 3], vec![1, 3]]);
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_refuses_every_connection_gets_three_tries_and_all_stays_staged() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    rig.stage(&fake, vec![add("a")]).await.unwrap();
    fake.world().faults.extend(std::iter::repeat_n(Fault::Refused, 50));
    let report = rig.send().await;
    assert_eq!(kinds(&report), [(1, Skipped)]);
    assert_eq!(report.changes[0].outcome.message.as_ref().unwrap().raw(), "connection refused");
    assert_eq!(fake.world().writes.len(), 3);
    assert_eq!(rig.engine.staged().await.unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_was_there_already_is_in_the_snapshot_afterwards() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    rig.stage(&fake, vec![add("a"), add("b")]).await.unwrap();
    fake.world().negatives.push(negative("n50", "g1", "A", Enabled));
    fake.world().negatives.push(negative("n51", "g1", "B", Paused));
    fake.world().faults.push_back(Fault::Already);
    let report = rig.send().await;
    // Adding does not switch on what is there switched off: that is not what was wanted.
    assert_eq!(kinds(&report), [(1, Already), (2, Rejected)]);
    assert_eq!(report.changes[0].outcome.id.as_ref().unwrap().raw(), "n50");
    assert!(report.changes[1].outcome.message.as_ref().unwrap().raw().contains("n51, OFF"));
    assert!(rig.rows().await.contains(&("A".to_owned(), Enabled, "n50".to_owned())));
    assert!(rig.rows().await.contains(&("B".to_owned(), Paused, "n51".to_owned())));
}

#[tokio::test(start_paused = true)]
async fn no_request_goes_out_when_its_intent_cannot_be_written() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    rig.stage(&fake, vec![add("a")]).await.unwrap();
    let database = rusqlite::Connection::open(rig.engine.store().file()).unwrap();
    let full = "CREATE TRIGGER full BEFORE INSERT ON attempts BEGIN SELECT RAISE(ABORT, 'disk full'); END";
    database.execute_batch(full).unwrap();
    let report = rig.send().await;
    assert_eq!(kinds(&report), [(1, Skipped)]);
    assert_eq!(report.accounts[0].problem.as_ref().unwrap().kind, ProblemKind::Storage);
    assert!(fake.world().writes.is_empty());
    database.execute_batch("DROP TRIGGER full").unwrap();
    assert_eq!(kinds(&rig.send().await), [(1, Applied)]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_cannot_be_written_is_read_back_the_next_time() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    rig.stage(&fake, vec![add("a")]).await.unwrap();
    let database = rusqlite::Connection::open(rig.engine.store().file()).unwrap();
    for table in ["BEFORE INSERT ON outcomes", "BEFORE UPDATE ON attempts"] {
        let name = table.replace(' ', "_");
        let full = format!("CREATE TRIGGER {name} {table} BEGIN SELECT RAISE(ABORT, 'disk full'); END");
        database.execute_batch(&full).unwrap();
    }
    let report = rig.send().await;
    assert_eq!(report.accounts[0].problem.as_ref().unwrap().kind, ProblemKind::Storage);
    assert_eq!(fake.world().writes.len(), 1);
    database
        .execute_batch("DROP TRIGGER BEFORE_INSERT_ON_outcomes; DROP TRIGGER BEFORE_UPDATE_ON_attempts")
        .unwrap();
    let settled = rig.engine.settle_unsettled(&[], Arc::new(|_| {}), CancellationToken::new()).await.unwrap();
    assert_eq!(kinds(&settled), [(1, Applied)], "{settled:?} {report:?}");
    assert!(rig.engine.staged().await.unwrap().is_empty());
    assert_eq!(fake.texts(), ["a", "decaf", "gift", "sample"]);
    assert_eq!(fake.world().writes.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_account_that_another_process_sends_to_is_left_alone() {
    let (one, two) = (Fake::new("one", base()), Fake::new("two", base()));
    let rig = Rig::new(&[&one, &two]).await;
    rig.stage(&one, vec![add("a")]).await.unwrap();
    rig.stage(&two, vec![add("b")]).await.unwrap();
    let other = Rig::on(Arc::clone(&rig.folder), &[&one, &two]).await;
    let lock = other.engine.store().lock(&one.account().identity, other.engine.now()).unwrap();
    let report = rig.send().await;
    assert_eq!(kinds(&report), [(1, Skipped), (2, Applied)]);
    assert_eq!(report.accounts[0].problem.as_ref().unwrap().kind, ProblemKind::Busy);
    drop(lock);
    assert_eq!(kinds(&rig.send().await), [(1, Applied)]);
}

#[tokio::test(start_paused = true)]
async fn a_plan_is_sent_once_and_only_while_it_is_what_is_staged() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    rig.stage(&fake, vec![add("a")]).await.unwrap();
    let plan = rig.engine.plan(&Selection::All).await.unwrap();
    assert_eq!(rig.engine.saved_plan(plan.id).await.unwrap(), plan);
    rig.stage(&fake, vec![add("b")]).await.unwrap();
    assert!(rig.engine.saved_plan(plan.id).await.is_err());
    rig.engine.unstage(&[2]).await.unwrap();
    rig.apply(&plan, CancellationToken::new()).await.unwrap();
    assert!(rig.engine.saved_plan(plan.id).await.unwrap_err().title.contains("sent before"));
    assert!(rig.apply(&plan, CancellationToken::new()).await.is_err());
    assert_eq!(fake.world().writes.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_picked_part_is_sent_alone() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    rig.stage(&fake, vec![add("a"), add("b")]).await.unwrap();
    let plan = rig.engine.plan(&Selection::All).await.unwrap();
    let consent = Consent { yes: true, ..Consent::default() };
    let pick = Selection::Changes(vec![2]);
    let report =
        rig.engine.apply(&plan, &pick, &consent, Arc::new(|_| {}), CancellationToken::new()).await.unwrap();
    assert_eq!(kinds(&report), [(2, Applied)]);
    assert_eq!(rig.engine.staged().await.unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn consent_asks_for_what_the_plan_touches() {
    let many: Vec<Negative> =
        (0..101).map(|n| negative(&format!("n{n}"), "g1", &format!("t{n}"), Enabled)).collect();
    let fake = Fake::new("acme", many.clone()).with(|account| {
        account.protected = true;
        account.live = true;
    });
    let rig = Rig::new(&[&fake]).await;
    rig.stage(&fake, many.iter().map(remove).collect()).await.unwrap();
    let plan = rig.engine.plan(&Selection::All).await.unwrap();
    let needed = rig.engine.needs(&plan).unwrap();
    assert_eq!(needed[0].question(), "Send 101 changes to acme (Fake, LIVE)?");
    assert_eq!(needed[1..], [Confirmation::Name("acme".parse_name()), Confirmation::Removals(101)]);
    let mut consent = Consent { yes: true, ..Consent::default() };
    assert!(consent.check(&needed).unwrap_err().hint.contains("--confirm acme"));
    consent.names.push("acme".parse_name());
    assert!(consent.check(&needed).unwrap_err().hint.contains("--confirm-removals 101"));
    consent.removals = Some(101);
    assert_eq!(consent.check(&needed), Ok(()));
    let refused = rig
        .engine
        .apply(&plan, &Selection::All, &Consent::default(), Arc::new(|_| {}), CancellationToken::new())
        .await;
    assert_eq!(refused.unwrap_err().kind, ProblemKind::Usage);
    assert!(fake.world().writes.is_empty());
}

trait ParseName {
    fn parse_name(&self) -> AccountName;
}

impl ParseName for str {
    fn parse_name(&self) -> AccountName {
        AccountName::new(self)
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_goes_to_a_read_only_account_or_out_of_a_read_only_session() {
    let fake = Fake::new("acme", base()).with(|account| account.read_only = true);
    let rig = Rig::new(&[&fake]).await;
    rig.stage(&fake, vec![add("a")]).await.unwrap();
    let plan = rig.engine.plan(&Selection::All).await.unwrap();
    assert!(plan.sendable().next().is_none());
    assert!(rig.engine.needs(&plan).unwrap_err().title.contains("read-only"));

    let open = Fake::new("acme", base());
    let members = vec![Member::connected(Arc::clone(&open) as Arc<dyn Connection>)];
    let session = Rig::of(Arc::clone(&rig.folder), members, true).await;
    let plan = session.engine.plan(&Selection::All).await.unwrap();
    assert_eq!(plan.sendable().count(), 1, "the plan may be looked at");
    assert!(session.apply(&plan, CancellationToken::new()).await.is_err());
    assert!(open.world().writes.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_the_platform_answered_is_said_of_a_change_that_left_no_trace() {
    for (fault, said) in [
        (
            Fault::Failed,
            "Fake failed at adding (503 Service Unavailable), and the platform shows no trace of it",
        ),
        (Fault::DropBefore, "no answer came, and the platform shows no trace of it"),
    ] {
        let fake = Fake::new("acme", base());
        let rig = Rig::new(&[&fake]).await;
        rig.stage(&fake, vec![add("a")]).await.unwrap();
        fake.world().faults.extend(vec![fault; 20]);
        let report = rig.send().await;
        let message = report.changes[0].outcome.message.clone().unwrap();
        assert!(message.raw().starts_with(said), "{message:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn two_names_of_one_account_are_refused() {
    let one = Fake::new("one", base());
    let two = Fake::new("two", base()).with(|account| account.identity.native = "one".into());
    let folder = tempfile::tempdir().unwrap();
    let members = [&one, &two].map(|fake| Member::connected(Arc::clone(fake) as Arc<dyn Connection>));
    let parts = super::Parts {
        store: crate::store::Store::open(folder.path()).unwrap(),
        members: members.to_vec(),
        settings: super::Settings {
            settle: super::testing::SETTLE,
            max_age: Duration::from_mins(15),
            read_only: false,
        },
        time: super::testing::FakeTime::new(),
        who: "ann".into(),
    };
    let refusal = super::Engine::open(parts).await.err().unwrap();
    assert_eq!(refusal.kind, ProblemKind::Config);
    assert_eq!(refusal.title, "one and two are one and the same account");
    assert_eq!(refusal.detail, "both are one at http://127.0.0.1:1 on fake");
    assert!(!refusal.hint.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_was_staged_for_another_identity_of_the_same_name_is_held_back() {
    let sandbox = Fake::new("acme", base());
    let rig = Rig::new(&[&sandbox]).await;
    rig.stage(&sandbox, vec![add("a")]).await.unwrap();
    let live =
        Fake::new("acme", base()).with(|account| account.identity.origin = "https://live.example".into());
    // What doctor asks, which binds nothing.
    let store = rig.engine.store();
    let held =
        async |fake: &Fake| store.held_back(&fake.account().name, &fake.account().identity).await.unwrap();
    assert_eq!(held(&live).await, Some((sandbox.account().identity.clone(), 1)));
    assert_eq!(held(&sandbox).await, None);
    let swapped = Rig::on(Arc::clone(&rig.folder), &[&live]).await;
    let change = &swapped.engine.identity_changes()[0];
    assert_eq!((change.held, change.was.origin.as_str()), (1, "http://127.0.0.1:1"));
    let report = swapped.send().await;
    assert_eq!(kinds(&report), [(1, Skipped)]);
    assert!(report.changes[0].outcome.message.as_ref().unwrap().raw().contains("held back"));
    assert!(live.world().writes.is_empty() && sandbox.world().writes.is_empty());
}

#[tokio::test(start_paused = true)]
async fn one_failing_account_or_page_does_not_lose_the_others() {
    let (good, bad) = (Fake::new("good", base()), Fake::new("bad", base()));
    let rig = Rig::new(&[&good, &bad]).await;
    bad.world().down = Some(Problem::new(ProblemKind::Auth, "Token expired"));
    good.world().broken_campaign = Some("c1".to_owned());
    let report = rig.sync().await;
    assert!(matches!(&report.accounts[0].outcome, SyncOutcome::Partial(problems) if problems.len() == 1));
    assert!(
        matches!(&report.accounts[1].outcome, SyncOutcome::Failed(problem) if problem.title == "Token expired")
    );
    assert_eq!(rig.rows().await.len(), 6, "what was known stays");
    let catalog = rig.engine.catalog().await.unwrap();
    assert!(catalog.accounts().iter().all(|account| account.stale.is_some()));
}

#[tokio::test(start_paused = true)]
async fn a_sync_leaves_out_what_is_young_unless_it_is_full() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    let sync = async |full| {
        let options = SyncOptions { full, older_than: Some(Duration::from_mins(15)), positives: false };
        let report = rig.engine.sync(&[], options, Arc::new(|_| {}), CancellationToken::new()).await.unwrap();
        report.accounts[0].outcome.clone()
    };
    assert_eq!(sync(false).await, SyncOutcome::Skipped);
    assert_eq!(sync(true).await, SyncOutcome::Fresh);
    tokio::time::advance(Duration::from_secs(901)).await;
    assert_eq!(sync(false).await, SyncOutcome::Fresh);
}

#[tokio::test(start_paused = true)]
async fn a_stopped_sync_leaves_the_old_snapshot() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    fake.world().negatives.clear();
    let cancel = CancellationToken::new();
    cancel.cancel();
    let report = rig.engine.sync(&[], SyncOptions::default(), Arc::new(|_| {}), cancel).await.unwrap();
    assert_eq!(report.accounts[0].outcome, SyncOutcome::Cancelled);
    assert_eq!(rig.rows().await.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn an_account_without_a_connection_still_shows_what_is_known_of_it() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    let account = fake.account();
    let problem = Problem::new(ProblemKind::Config, "no secret");
    let broken = Member::broken(
        account.name.clone(),
        account.identity.platform.clone(),
        Some(super::testing::capabilities()),
        problem.clone(),
    );
    let next = Rig::of(Arc::clone(&rig.folder), vec![broken], false).await;
    assert_eq!(next.rows().await.len(), 3);
    assert_eq!(next.sync().await.accounts[0].problems(), [problem]);
    next.stage(&fake, vec![add("a")]).await.unwrap();
    assert_eq!(kinds(&next.send().await), [(1, Skipped)]);
}

#[tokio::test(start_paused = true)]
async fn an_id_that_means_several_rows_is_refused_with_the_candidates() {
    let (one, two) = (Fake::new("one", base()), Fake::new("two", base()));
    let rig = Rig::new(&[&one, &two]).await;
    let ids = ["n1".to_owned()];
    let refused = rig.engine.resolve(&ids, &Narrow::default()).await.unwrap_err();
    assert!(refused.detail.contains("--account one") && refused.detail.contains("--account two"));
    let narrow = Narrow { accounts: vec!["two".parse_name()], ..Narrow::default() };
    let found = rig.engine.resolve(&ids, &narrow).await.unwrap();
    assert!(matches!(&found[..], [Target::Existing { account, .. }] if account.as_str() == "two"));
    assert!(rig.engine.resolve(&["nope".to_owned()], &Narrow::default()).await.is_err());
    assert!(rig.engine.choose(&["three".parse_name()]).unwrap_err().hint.contains("one, two"));
}

#[tokio::test(start_paused = true)]
async fn rows_are_filtered_and_show_what_is_staged() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    rig.stage(&fake, vec![add("decaf pods"), remove(&base()[0])]).await.unwrap();
    let filter = RowFilter { text: Some("DECAF".to_owned()), ..RowFilter::default() };
    let rows = rig.engine.rows(&[], &filter).await.unwrap();
    let found: Vec<_> = rows.iter().map(|row| (row.id.raw(), row.staged)).collect();
    assert_eq!(found, [("n1", Some("remove")), ("staged:1", Some("add"))]);
    assert_eq!(rows[0].first_seen.as_deref(), Some("2026-10-01"));
    let filter = RowFilter { state: Some(Paused), ..RowFilter::default() };
    assert_eq!(rig.engine.rows(&[], &filter).await.unwrap().len(), 1);
    assert!(RowFilter::word::<State>("--state", "gone").unwrap_err().hint.contains("enabled"));
}

fn faults() -> impl Strategy<Value = Vec<Fault>> {
    let places = || proptest::collection::vec(0..3_usize, 0..3);
    let fault = prop_oneof![
        3 => Just(Fault::None),
        2 => Just(Fault::DropBefore),
        2 => Just(Fault::DropAfter),
        1 => Just(Fault::Refused),
        1 => places().prop_map(Fault::Reject),
        1 => places().prop_map(Fault::Again),
    ];
    proptest::collection::vec(fault, 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Whatever is wanted and whatever fails: each change has one outcome that is true, and nothing is there twice.
    #[test]
    fn every_change_has_one_true_outcome(
        wants in proptest::collection::vec((0..6_usize, 0..3_u8), 1..12),
        faults in faults(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let old: Vec<Negative> = (0..3).map(|n| negative(&format!("n{n}"), "g1", &format!("old{n}"), Enabled)).collect();
            let fake = Fake::new("acme", old.clone());
            let rig = Rig::new(&[&fake]).await;
            let changes = wants.iter().map(|(n, what)| match (old.get(*n), what) {
                (Some(target), 0) => set(target, Paused),
                (Some(target), _) => remove(target),
                (None, _) => add(&format!("new{n}")),
            });
            rig.stage(&fake, changes.collect()).await.unwrap();
            let staged = rig.engine.staged().await.unwrap();
            fake.world().faults.extend(faults.clone());
            let report = rig.send().await;
            // A listing may have been refused too: then an outcome stays unknown until one works.
            fake.world().faults.clear();
            let later = rig.engine.settle_unsettled(&[], Arc::new(|_| {}), CancellationToken::new()).await.unwrap();

            let numbers: Vec<u64> = report.changes.iter().map(|change| change.number).collect();
            assert_eq!(numbers, staged.iter().map(|one| one.number).collect::<Vec<_>>());
            let texts = fake.texts();
            let mut once = texts.clone();
            once.dedup();
            assert_eq!(once, texts, "nothing is there twice");
            for (change, result) in staged.iter().zip(&report.changes) {
                let there: Vec<Negative> = fake.world().negatives.iter()
                    .filter(|one| one.text == *change.change.text()).cloned().collect();
                let done = match &change.change {
                    Change::Add { .. } => there.len() == 1,
                    Change::SetState { to, .. } => there[0].state == *to,
                    Change::Remove { .. } => there[0].state == Archived,
                };
                let settled = later.changes.iter().find(|one| one.number == result.number);
                let result = settled.unwrap_or(result);
                match result.outcome.kind {
                    Applied | Already => assert!(done, "{change:?}"),
                    Rejected | Drifted | Skipped => assert!(!done, "{change:?} {result:?}"),
                    Unknown => panic!("a listing works, so that nothing stays unknown: {result:?}"),
                }
            }
            let after = rig.rows().await;
            let left: Vec<_> = after.iter().filter(|row| !row.2.starts_with("staged:")).cloned().collect();
            rig.sync().await;
            let fresh: Vec<_> = rig.rows().await.into_iter().filter(|row| !row.2.starts_with("staged:")).collect();
            assert_eq!(left, fresh, "the snapshot is what a listing shows");
        });
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_asked_for_again_as_it_is_staged_is_named_and_not_staged_twice() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    let [n1, _, n3] = &base()[..] else { unreachable!() };
    let wanted = || vec![add("free"), set(n1, Paused), remove(n3)];
    let first = rig.stage(&fake, wanted()).await.unwrap();
    assert!(first.same.is_empty());
    let mut again = rig.stage(&fake, wanted()).await.unwrap();
    again.same.sort_unstable();
    assert_eq!((again.staged.len(), again.same), (0, first.staged.iter().map(|one| one.number).collect()));
    let Change::Add { new: mut paused } = add("free") else { unreachable!() };
    paused.state = Paused;
    let other = rig.stage(&fake, vec![Change::Add { new: paused }, set(n3, Paused)]).await.unwrap();
    assert!(other.same.is_empty(), "another state is not the same");
    assert_eq!((other.staged.len(), other.dropped.len()), (2, 2), "and takes the place of the former");
    assert_eq!(rig.engine.staged().await.unwrap().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_problem_stands_in_one_line_of_a_plan() {
    let fake = Fake::new("acme", base()).with(|account| account.read_only = true);
    let rig = Rig::new(&[&fake]).await;
    rig.stage(&fake, vec![add("a")]).await.unwrap();
    let plan = rig.engine.plan(&Selection::All).await.unwrap();
    let view = rig.engine.view(&plan).await.unwrap();
    let problem = view.changes[0].problem.clone().unwrap();
    assert!(!problem.contains('\n') && problem.contains("read-only. Set"), "{problem}");
}
