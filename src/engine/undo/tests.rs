//! Taking back what was sent, against a platform in memory: what comes back, what does not and why, and that it never
//! mixes with what else is staged. The clock is paused.

use std::sync::Arc;

use proptest::prelude::*;
use tokio_util::sync::CancellationToken;

use crate::domain::account::AccountName;
use crate::domain::change::Change;
use crate::domain::ids::OperationId;
use crate::domain::journal::OutcomeKind::{self, Applied, Drifted, Rejected, Skipped, Unknown};
use crate::domain::negative::State::{Archived, Enabled, Paused};
use crate::domain::negative::{Negative, State};
use crate::domain::problem::Problem;
use crate::engine::testing::{Fake, Fault, Rig, SETTLE, kinds, negative, new};
use crate::engine::{ApplyReport, Selection, UndoStaging};

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

/// The operation that a report made.
fn made(report: &ApplyReport) -> OperationId {
    report.made().next().expect("an operation")
}

impl Rig {
    /// Stages what takes an operation back, and sends just that.
    async fn undo(&self, operation: OperationId) -> ApplyReport {
        let staging = self.engine.stage_undo(&[operation]).await.expect("something to take back");
        self.send_just(&staging).await
    }

    async fn send_just(&self, staging: &UndoStaging) -> ApplyReport {
        let plan = self.engine.plan(&Selection::Changes(staging.numbers())).await.expect("a plan");
        self.apply(&plan, CancellationToken::new()).await.expect("sent")
    }
}

/// What is live, ids aside.
fn live(fake: &Fake) -> Vec<(String, State)> {
    let mut live: Vec<(String, State)> = fake
        .world()
        .negatives
        .iter()
        .filter(|one| one.state != Archived)
        .map(|one| (one.text.raw().to_owned(), one.state))
        .collect();
    live.sort();
    live
}

fn all(kind: OutcomeKind, report: &ApplyReport) -> bool {
    kinds(report).iter().all(|(_, one)| *one == kind)
}

#[tokio::test(start_paused = true)]
async fn an_operation_is_taken_back_and_that_is_taken_back_in_turn() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    let [n1, n2, n3] = &base()[..] else { unreachable!() };
    let before = live(&fake);
    rig.stage(&fake, vec![add("free"), set(n1, Paused), set(n2, Enabled), remove(n3)]).await.unwrap();
    let first = rig.send().await;
    let after = live(&fake);
    assert_ne!(before, after);

    let staging = rig.engine.stage_undo(&[made(&first)]).await.unwrap();
    assert_eq!((staging.operations.clone(), staging.notes.len(), staging.staged.len()), (vec![1], 0, 4));
    let plan = rig.engine.plan(&Selection::Changes(staging.numbers())).await.unwrap();
    let losses: Vec<_> = plan.sendable().flat_map(|(_, one)| &one.cautions).collect();
    let told: Vec<String> = plan.cautions().collect();
    assert!(!told.is_empty() && told.iter().all(|line| line.starts_with("acme ")), "{told:?}");
    assert!(told.iter().zip(&losses).all(|(line, loss)| line.contains(loss.as_str())), "{told:?}");
    assert!(losses.iter().any(|said| said.contains("comes back as a new one with a new id")), "{losses:?}");
    let back = rig.apply(&plan, CancellationToken::new()).await.unwrap();
    assert!(all(Applied, &back) && live(&fake) == before, "{back:?}");

    let again = rig.undo(made(&back)).await;
    assert!(all(Applied, &again) && live(&fake) == after, "{again:?}");
    // It stands again, so it can be taken back again: under the ids that it has now.
    let back = rig.undo(made(&first)).await;
    assert!(all(Applied, &back) && live(&fake) == before, "{back:?}");

    let entries = rig.engine.history(&[], 10).await.unwrap();
    let relations: Vec<_> =
        entries.iter().map(|one| (one.number, one.takes_back.clone(), one.taken_back.clone())).collect();
    assert_eq!(
        relations,
        [(4, vec![3], vec![]), (3, vec![2], vec![4]), (2, vec![1], vec![3]), (1, vec![], vec![2])]
    );
    let past = rig.engine.past(made(&first)).await.unwrap();
    assert!(past.changes.iter().all(|one| one.taken_back == Some(4)), "{past:?}");
}

#[tokio::test(start_paused = true)]
async fn what_was_taken_back_or_is_being_taken_back_is_refused_with_the_reason() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    rig.stage(&fake, vec![add("free")]).await.unwrap();
    let first = made(&rig.send().await);
    let staging = rig.engine.stage_undo(&[first]).await.unwrap();
    let refused = rig.engine.stage_undo(&[first]).await.unwrap_err();
    assert_eq!(
        refused.title,
        "Nothing of operation 1 can be taken back: taking it back is staged already, as change 2"
    );
    rig.send_just(&staging).await;
    let refused = rig.engine.stage_undo(&[first]).await.unwrap_err();
    assert_eq!(refused.title, "Nothing of operation 1 can be taken back: taken back already, by operation 2");
    assert!(rig.engine.staged().await.unwrap().is_empty());
    // Dropped before it is sent, it can be asked for again.
    let second = rig.engine.sent_last().await.unwrap();
    let redo = rig.engine.stage_undo(&second).await.unwrap();
    rig.engine.unstage(&redo.numbers()).await.unwrap();
    assert_eq!(rig.engine.stage_undo(&second).await.unwrap().staged.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn only_what_was_confirmed_is_taken_back() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    rig.stage(&fake, vec![add("a"), add("b"), add("c"), add("d")]).await.unwrap();
    fake.world().faults.extend([Fault::Reject(vec![1]), Fault::Already]);
    let report = rig.send().await;
    assert_eq!(report.count(Applied), 2);
    let back = rig.undo(made(&report)).await;
    assert_eq!(back.changes.len(), 2);
    assert_eq!(fake.texts(), ["decaf", "gift", "sample"]);

    rig.stage(&fake, vec![add("e")]).await.unwrap();
    fake.world().faults.push_back(Fault::Reject(vec![0]));
    let refused = rig.send().await;
    assert_eq!(kinds(&refused)[0].1, Rejected);
    let why = rig.engine.stage_undo(&[made(&refused)]).await.unwrap_err();
    assert_eq!(why.title, "Nothing of operation 3 was applied");
}

#[tokio::test(start_paused = true)]
async fn it_is_apart_from_what_else_is_staged() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    let [n1, _, n3] = &base()[..] else { unreachable!() };
    rig.stage(&fake, vec![set(n1, Paused), set(n3, Paused)]).await.unwrap();
    let first = made(&rig.send().await);
    let n1 = Negative { state: Paused, native_state: "OFF".into(), ..n1.clone() };
    let other = rig.stage(&fake, vec![add("other"), remove(&n1)]).await.unwrap();

    let staging = rig.engine.stage_undo(&[first]).await.unwrap();
    assert_eq!(staging.staged.len(), 1);
    assert_eq!(staging.notes[0].says, "change 4 is staged for it: send or drop that first");
    let plan = rig.engine.plan(&Selection::Changes(staging.numbers())).await.unwrap();
    assert_eq!(rig.engine.saved_plan(plan.id).await.unwrap(), plan, "what else is staged is no matter");
    // Nor is what is staged later.
    rig.stage(&fake, vec![add("later")]).await.unwrap();
    let plan = rig.engine.saved_plan(plan.id).await.unwrap();
    let back = rig.apply(&plan, CancellationToken::new()).await.unwrap();
    assert!(all(Applied, &back) && back.changes.len() == 1);
    let left = rig.engine.staged().await.unwrap();
    assert_eq!(left[..2], other.staged[..]);
    assert_eq!(left.len(), 3);
    // What is dropped of it makes its plan stale.
    let rest = rig.engine.unstage(&[4]).await.unwrap();
    let staging = rig.engine.stage_undo(&[first]).await.unwrap();
    let plan = rig.engine.plan(&Selection::Changes(staging.numbers())).await.unwrap();
    rig.engine.unstage(&staging.numbers()).await.unwrap();
    assert!(rig.engine.saved_plan(plan.id).await.is_err(), "{rest:?}");
}

#[tokio::test(start_paused = true)]
async fn what_changed_elsewhere_since_is_said_and_not_overwritten() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    rig.stage(&fake, vec![add("a"), add("b"), add("c")]).await.unwrap();
    let first = made(&rig.send().await);
    let place = |text: &str| fake.world().negatives.iter().position(|one| one.text.raw() == text).unwrap();
    // Known to the snapshot: it is said when it is staged.
    let (a, b, c) = (place("a"), place("b"), place("c"));
    fake.world().negatives[a].state = Paused;
    tokio::time::advance(std::time::Duration::from_secs(1)).await;
    rig.sync().await;
    // Not known yet: the plan finds out before it sends.
    fake.world().negatives[b].state = Paused;
    let staging = rig.engine.stage_undo(&[first]).await.unwrap();
    assert_eq!(staging.notes[0].says, "changed there since: it is paused now, and was left enabled");
    let report = rig.send_just(&staging).await;
    assert_eq!(report.count(Drifted), 1, "{report:?}");
    assert_eq!(report.count(Applied), 1);
    let states: Vec<State> = [a, b, c].iter().map(|at| fake.world().negatives[*at].state).collect();
    assert_eq!(states, [Paused, Paused, Archived]);
}

#[tokio::test(start_paused = true)]
async fn what_lists_show_late_is_looked_at_again_before_it_counts_as_changed() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    let [n1, _, n3] = &base()[..] else { unreachable!() };
    rig.stage(&fake, vec![add("a"), set(n1, Paused), remove(n3)]).await.unwrap();
    let first = made(&rig.send().await);
    let shown_late = |shown: Vec<Negative>| {
        let until = tokio::time::Instant::now() + SETTLE.mul_f32(0.9);
        fake.world().late = Some((until, shown));
    };
    let after = fake.world().negatives.clone();
    // Lists still are as before: the fresh one is missing, the switched one as it was, and so what was wanted.
    shown_late(base());
    let began = tokio::time::Instant::now();
    let back = rig.undo(first).await;
    assert!(all(Applied, &back), "{back:?}");
    assert_eq!(began.elapsed(), SETTLE, "waited once for all of them");
    let archived = |text: &str| {
        let world = fake.world();
        world.negatives.iter().filter(|one| one.text.raw() == text && one.state == Archived).count()
    };
    assert_eq!((live(&fake).len(), archived("a"), archived("sample")), (base().len(), 1, 1));
    // And the same the other way round.
    shown_late(after.clone());
    assert!(all(Applied, &rig.undo(made(&back)).await));
    // What is as it was left costs no wait; what is really gone is still said.
    let began = tokio::time::Instant::now();
    let rest = rig.engine.stage_undo(&[first]).await.unwrap();
    fake.world().negatives.retain(|one| one.text.raw() != "decaf");
    let report = rig.send_just(&rest).await;
    assert_eq!((report.count(Drifted), report.count(Applied)), (1, 2), "{report:?}");
    assert_eq!(began.elapsed(), SETTLE);
}

#[tokio::test(start_paused = true)]
async fn an_operation_of_ours_that_came_later_is_named() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    rig.stage(&fake, vec![set(&base()[0], Paused)]).await.unwrap();
    let first = made(&rig.send().await);
    let n1 = Negative { state: Paused, native_state: "OFF".into(), ..base()[0].clone() };
    rig.stage(&fake, vec![remove(&n1)]).await.unwrap();
    let second = made(&rig.send().await);
    let refused = rig.engine.stage_undo(&[first]).await.unwrap_err();
    assert!(refused.title.contains("changed since by operation 2: it is archived now"), "{refused}");
    rig.undo(second).await;
    let refused = rig.engine.stage_undo(&[first]).await.unwrap_err();
    assert!(refused.title.contains("it is archived now"), "it came back as another one: {refused}");
}

#[tokio::test(start_paused = true)]
async fn what_came_through_of_a_half_failed_undo_is_not_taken_back_twice() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    rig.stage(&fake, vec![add("a"), add("b"), add("c")]).await.unwrap();
    let first = made(&rig.send().await);
    fake.world().faults.push_back(Fault::Reject(vec![1]));
    let report = rig.undo(first).await;
    assert_eq!((report.count(Applied), report.count(Rejected)), (2, 1));
    let staging = rig.engine.stage_undo(&[first]).await.unwrap();
    assert_eq!(staging.staged.len(), 1);
    assert_eq!(staging.notes.len(), 2);
    assert!(all(Applied, &rig.send_just(&staging).await));
    assert_eq!(live(&fake).len(), base().len());
}

#[tokio::test(start_paused = true)]
async fn an_undo_that_was_cut_off_goes_on_where_it_was() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    rig.stage(&fake, (0..5).map(|n| add(&format!("t{n}"))).collect()).await.unwrap();
    let first = made(&rig.send().await);
    fake.world().faults.push_back(Fault::Hang);
    let staging = rig.engine.stage_undo(&[first]).await.unwrap();
    let plan = rig.engine.plan(&Selection::Changes(staging.numbers())).await.unwrap();
    tokio::select! {
        report = rig.apply(&plan, CancellationToken::new()) => panic!("{report:?}"),
        () = fake.hung.notified() => {}
    }
    let next = Rig::on(Arc::clone(&rig.folder), &[&fake]).await;
    let refused = next.engine.stage_undo(&[first]).await.unwrap_err();
    assert!(refused.detail.contains("staged already"), "{refused}");
    let cut_off = next.engine.cut_off().await.unwrap();
    assert_eq!((cut_off.len(), cut_off[0].unknown, cut_off[0].unsent), (1, 3, 2));
    assert_eq!(next.engine.past(cut_off[0].entry.operation.id).await.unwrap().changes.len(), 5);
    next.engine.settle_unsettled(&[], Arc::new(|_| {}), CancellationToken::new()).await.unwrap();
    assert!(all(Applied, &next.send().await));
    assert_eq!(live(&fake).len(), base().len());
    assert!(next.engine.cut_off().await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_went_to_another_identity_is_never_taken_back_here() {
    let sandbox = Fake::new("acme", base());
    let rig = Rig::new(&[&sandbox]).await;
    rig.stage(&sandbox, vec![add("a")]).await.unwrap();
    let first = made(&rig.send().await);
    let live =
        Fake::new("acme", base()).with(|account| account.identity.origin = "https://live.example".into());
    let swapped = Rig::on(Arc::clone(&rig.folder), &[&live]).await;
    assert!(swapped.engine.sent_last().await.unwrap().is_empty());
    let refused = swapped.engine.stage_undo(&[first]).await.unwrap_err();
    assert_eq!(refused.title, "Operation 1 went to another account");
    assert!(swapped.engine.history(&[AccountName::new("acme")], 10).await.unwrap().is_empty());
    assert_eq!(swapped.engine.history(&[], 10).await.unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn operations_are_named_by_number_by_id_and_by_the_end_of_an_id() {
    let fake = Fake::new("acme", base());
    let rig = Rig::new(&[&fake]).await;
    rig.stage(&fake, vec![add("a")]).await.unwrap();
    let id = made(&rig.send().await);
    let whole = id.to_string();
    for name in ["1", &whole, &whole[whole.len() - 8..]] {
        assert_eq!(rig.engine.find_operation(name).await, Ok(id), "{name}");
    }
    for name in ["2", "", "f", "no-such", "\u{1b}[2J"] {
        let refused: Problem = rig.engine.find_operation(name).await.unwrap_err();
        assert!(refused.title.starts_with("There is no operation"), "{refused}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_last_sending_is_all_of_its_accounts() {
    let (one, two) = (Fake::new("one", base()), Fake::new("two", base()));
    let rig = Rig::new(&[&one, &two]).await;
    assert!(rig.engine.sent_last().await.unwrap().is_empty());
    rig.stage(&one, vec![add("a")]).await.unwrap();
    rig.stage(&two, vec![add("b")]).await.unwrap();
    rig.send().await;
    let last = rig.engine.sent_last().await.unwrap();
    let staging = rig.engine.stage_undo(&last).await.unwrap();
    assert_eq!((staging.operations.len(), staging.staged.len()), (2, 2));
    assert!(all(Applied, &rig.send_just(&staging).await));
    assert_eq!((one.texts(), two.texts()), (vec!["decaf".into(), "gift".into(), "sample".into()], two.texts()));
    assert_eq!(two.texts().len(), 3);
}

fn faults() -> impl Strategy<Value = Vec<Fault>> {
    let fault = prop_oneof![
        3 => Just(Fault::None),
        1 => Just(Fault::DropBefore),
        1 => Just(Fault::DropAfter),
        1 => proptest::collection::vec(0..3_usize, 0..3).prop_map(Fault::Reject),
    ];
    proptest::collection::vec(fault, 0..8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever came through of an operation, taking it back restores what was live, and taking that back restores
    /// what it left.
    #[test]
    fn apply_then_undo_restores_and_undo_again_restores_what_was_after(
        wants in proptest::collection::vec((0..6_usize, 0..3_u8), 1..12),
        faults in faults(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let old: Vec<Negative> = (0..4)
                .map(|n| negative(&format!("n{n}"), "g1", &format!("old{n}"), if n == 3 { Paused } else { Enabled }))
                .collect();
            let fake = Fake::new("acme", old.clone());
            let rig = Rig::new(&[&fake]).await;
            let changes = wants.iter().map(|(n, what)| match (old.get(*n), what) {
                (Some(target), 0) => set(target, if target.state == Paused { Enabled } else { Paused }),
                (Some(target), _) => remove(target),
                (None, _) => add(&format!("new{n}")),
            });
            rig.stage(&fake, changes.collect()).await.unwrap();
            let before = live(&fake);
            fake.world().faults.extend(faults.clone());
            let report = rig.send().await;
            fake.world().faults.clear();
            rig.engine.settle_unsettled(&[], Arc::new(|_| {}), CancellationToken::new()).await.unwrap();
            rig.engine.unstage_all(&[]).await.unwrap();
            let after = live(&fake);
            let done = report.changes.iter().any(|one| matches!(one.outcome.kind, Applied | Unknown));
            match rig.engine.stage_undo(&[made(&report)]).await {
                Err(why) => assert!(before == after, "{why} {done} {report:?}"),
                Ok(staging) => {
                    assert!(staging.notes.is_empty(), "{staging:?}");
                    let back = rig.send_just(&staging).await;
                    assert!(all(Applied, &back), "{back:?}");
                    assert_eq!(live(&fake), before);
                    let again = rig.undo(made(&back)).await;
                    assert!(!kinds(&again).iter().any(|(_, kind)| *kind == Skipped), "{again:?}");
                    assert_eq!(live(&fake), after);
                }
            }
        });
    }
}
