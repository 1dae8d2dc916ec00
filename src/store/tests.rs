//! The store as its users see it: every part round trip, two handles at once, crashes, damage.

use std::fs;

use jiff::Timestamp;
use tempfile::TempDir;

use super::*;
use crate::domain::account::{Account, AccountName, Identity};
use crate::domain::change::{Change, NewNegative, Staged};
use crate::domain::ids::{OperationId, PlanId, PlatformId};
use crate::domain::journal::{Attempt, Operation, Outcome, OutcomeKind};
use crate::domain::negative::{Kind, Level, MatchType, Negative, NegativeKey, State};
use crate::domain::plan::{Plan, PlanScope};
use crate::domain::problem::ProblemKind;
use crate::domain::request::{Body, Class, Method, Request};
use crate::domain::text::Text;

pub(crate) fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

pub(crate) fn noon() -> Timestamp {
    at("2026-10-01T12:00:00.123456789Z")
}

pub(crate) fn identity(native: &str) -> Identity {
    Identity {
        platform: PlatformId::from_static("amazon"),
        origin: "https://advertising-api.amazon.com".into(),
        native: native.into(),
    }
}

pub(crate) fn account(name: &str, native: &str) -> Account {
    Account {
        name: AccountName::new(name),
        identity: identity(native),
        group: "all".into(),
        read_only: false,
        protected: false,
        live: true,
    }
}

fn add(text: &str) -> Change {
    Change::Add {
        new: NewNegative {
            kind: Kind::Keyword,
            campaign: "c1".into(),
            ad_group: Some("g1".into()),
            text: text.into(),
            brand_name: None,
            match_type: Some(MatchType::Exact),
            state: State::Enabled,
        },
    }
}

fn operation(number: u128) -> Operation {
    Operation {
        id: OperationId::from_uuid(uuid::Uuid::from_u128(number)),
        plan: PlanId::from_uuid(uuid::Uuid::from_u128(7)),
        account: identity("1"),
        name: AccountName::new("acme"),
        who: Text::new("ann"),
        began: noon(),
        ended: None,
    }
}

fn attempt(operation: OperationId, number: u32, changes: &[u64]) -> Attempt {
    Attempt {
        operation,
        number,
        request: Request {
            operation: "CreateNegativeKeywords".into(),
            method: Method::Post,
            url: "https://advertising-api.amazon.com/sp/negativeKeywords".to_owned(),
            headers: vec![("Accept".into(), "application/json".to_owned())],
            secret_headers: vec!["Authorization".into()],
            body: Body::Json(serde_json::json!({"negativeKeywords": [{"text": "a\u{202e}b"}]})),
            class: Class::Create,
        },
        changes: changes.to_vec(),
        intended: noon(),
        status: None,
        answer: None,
        answered: None,
    }
}

pub(crate) fn open() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    (folder, store)
}

#[tokio::test]
async fn staged_changes_survive_and_their_numbers_are_never_given_again() {
    let (folder, store) = open();
    let staged = store.stage(vec![(identity("1"), add("a")), (identity("2"), add("b"))], noon()).await.unwrap();
    assert_eq!(staged.iter().map(|s| s.number).collect::<Vec<_>>(), [1, 2]);
    drop(store);
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.staged(None).await.unwrap(), staged);
    assert_eq!(store.staged(Some(identity("2"))).await.unwrap(), staged[1..]);
    assert_eq!(store.staged(Some(identity("3"))).await.unwrap(), []);
    assert_eq!(store.unstage(vec![2, 9]).await.unwrap(), staged[1..]);
    let next = store.stage(vec![(identity("2"), add("c"))], noon()).await.unwrap();
    assert_eq!(next[0].number, 3);
    assert_eq!(store.restage(staged[1..].to_vec()).await.unwrap(), staged[1..]);
    assert_eq!(store.staged_now(None).unwrap().len(), 3);
    assert_eq!(store.unstage_all(Some(identity("2"))).await.unwrap(), [staged[1].clone(), next[0].clone()]);
    assert_eq!(store.unstage_all(None).await.unwrap(), staged[..1]);
    assert_eq!(store.stage(vec![(identity("1"), add("d"))], noon()).await.unwrap()[0].number, 4);
}

#[tokio::test]
async fn a_name_that_means_another_account_holds_the_old_ones_changes_back() {
    let (_folder, store) = open();
    assert_eq!(store.register(&[account("acme", "1")]).await.unwrap(), [Registered::New]);
    assert_eq!(store.register(&[account("acme", "1")]).await.unwrap(), [Registered::Same]);
    let staged = store.stage(vec![(identity("1"), add("a"))], noon()).await.unwrap();
    let changed = Registered::Changed { old: identity("1"), staged: 1 };
    for _ in 0..2 {
        assert_eq!(store.register(&[account("acme", "2")]).await.unwrap(), std::slice::from_ref(&changed));
    }
    assert_eq!(store.staged(Some(identity("2"))).await.unwrap(), []);
    assert_eq!(store.staged(None).await.unwrap(), staged);
    store.unstage_all(Some(identity("1"))).await.unwrap();
    assert_eq!(store.register(&[account("acme", "2")]).await.unwrap(), [Registered::Same]);
    let back = Registered::Changed { old: identity("2"), staged: 0 };
    let (old, new) = (account("acme", "1"), account("other", "3"));
    assert_eq!(store.register(&[old, new.clone()]).await.unwrap(), [back, Registered::New]);
    assert_eq!(store.register(&[new]).await.unwrap(), [Registered::Same]);
}

#[tokio::test]
async fn a_plan_is_kept_as_shown_and_spent_once_whoever_asks() {
    let (folder, store) = open();
    let id = PlanId::from_uuid(uuid::Uuid::from_u128(7));
    let plan = Plan { id, made: noon(), scope: PlanScope::Whole, accounts: Vec::new() };
    assert_eq!(store.plan(id).await.unwrap(), None);
    assert_eq!(store.spend(id, noon()).await.unwrap_err().title, "There is no such plan");
    store.save_plan(&plan).await.unwrap();
    assert_eq!(store.plan(id).await.unwrap(), Some(plan));
    assert_eq!(store.spent(id).await.unwrap(), None);
    let other = Store::open(folder.path()).unwrap();
    let (first, second) = tokio::join!(store.spend(id, noon()), other.spend(id, noon()));
    assert!(first.is_ok() != second.is_ok());
    let refused = first.err().or(second.err()).unwrap();
    assert_eq!((refused.kind, refused.title.as_str()), (ProblemKind::Usage, "This plan was sent before"));
    assert_eq!(other.spent(id).await.unwrap(), Some(noon()));
}

#[tokio::test]
async fn the_journal_gives_back_what_was_written_and_settling_empties_staging() {
    let (folder, store) = open();
    let changes = vec![(identity("1"), add("a")), (identity("1"), add("b")), (identity("1"), add("c"))];
    let staged = store.stage(changes, noon()).await.unwrap();
    let operation = operation(1);
    let id = operation.id;
    store.begin(&operation).await.unwrap();
    store.intend(&attempt(id, 1, &[1, 2, 3])).await.unwrap();
    drop(store);

    // Cut off here: the intent is on the disk.
    let store = Store::open(folder.path()).unwrap();
    let cut_off = store.unsettled(Some(identity("1"))).await.unwrap();
    assert_eq!(cut_off.len(), 1);
    assert_eq!(cut_off[0].attempts, [attempt(id, 1, &[1, 2, 3])]);
    assert_eq!(store.unsettled(Some(identity("2"))).await.unwrap(), []);

    store.answer(id, 1, Some(207), &"é".repeat(60_000), noon()).await.unwrap();
    let outcomes = [
        (1, staged[0].change.clone(), Outcome::applied(Some("n1".into()))),
        (2, staged[1].change.clone(), Outcome::rejected("DUPLICATE", "no\u{7}")),
        (3, staged[2].change.clone(), Outcome::new(OutcomeKind::Unknown)),
    ];
    store.settle(id, &outcomes, noon()).await.unwrap();
    store.end(id, noon()).await.unwrap();
    assert_eq!(store.staged(None).await.unwrap(), staged[2..]);
    assert_eq!(store.unsettled(None).await.unwrap().len(), 1);

    // What was settled never comes back to staging.
    assert_eq!(store.restage(staged.clone()).await.unwrap(), []);

    let settled = (3, staged[2].change.clone(), Outcome::new(OutcomeKind::Already));
    store.settle(id, &[settled], noon()).await.unwrap();
    assert_eq!(store.unsettled(None).await.unwrap(), []);
    assert_eq!(store.staged(None).await.unwrap(), []);
    let whole = store.operation(id).await.unwrap().unwrap();
    assert_eq!(whole.operation, Operation { ended: Some(noon()), ..operation });
    let answer = whole.attempts[0].answer.clone().unwrap();
    assert!(answer.raw().ends_with("… (120000 bytes in all)") && answer.raw().len() < 66_000);
    let kinds: Vec<_> = whole.outcomes.iter().map(|record| (record.number, record.outcome.kind)).collect();
    assert_eq!(kinds, [(1, OutcomeKind::Applied), (2, OutcomeKind::Rejected), (3, OutcomeKind::Already)]);
    assert_eq!(whole.outcomes[1].outcome, outcomes[1].2);
    let summaries = store.operations(None, 10).await.unwrap();
    let ones = [(OutcomeKind::Applied, 1), (OutcomeKind::Already, 1), (OutcomeKind::Rejected, 1)];
    assert_eq!(summaries[0].counts, ones);
}

#[tokio::test]
async fn what_added_a_negative_stays_known_when_something_else_touched_it_since() {
    let (_folder, store) = open();
    let later = Operation { began: at("2026-10-05T12:00:00Z"), ..operation(2) };
    for one in [&operation(1), &later] {
        store.begin(one).await.unwrap();
    }
    let key = NegativeKey { kind: Kind::Keyword, level: Level::AdGroup, id: "n1".into() };
    let applied = || Outcome::applied(Some("n1".into()));
    store.settle(operation(1).id, &[(1, add("a"), applied())], noon()).await.unwrap();
    let Change::Add { new } = add("a") else { unreachable!() };
    let target = Negative {
        id: "n1".into(),
        kind: new.kind,
        campaign: new.campaign,
        ad_group: new.ad_group,
        text: new.text,
        brand_name: None,
        match_type: new.match_type,
        state: State::Enabled,
        native_state: "ENABLED".into(),
        created: None,
    };
    let paused = Change::SetState { target, to: State::Paused };
    store.settle(later.id, &[(2, paused, applied())], noon()).await.unwrap();
    let touches = store.touches().await.unwrap();
    assert_eq!(touches.of(&identity("1"), &key).map(|touch| touch.began), Some(later.began));
    assert_eq!(touches.added(&identity("1"), &key).map(|touch| touch.began), Some(noon()));
}

#[tokio::test]
async fn what_was_promised_is_in_the_files_that_a_crash_leaves() {
    let (folder, store) = open();
    let staged = store.stage(vec![(identity("1"), add("a"))], noon()).await.unwrap();
    let operation = operation(1);
    store.begin(&operation).await.unwrap();
    store.intend(&attempt(operation.id, 1, &[1])).await.unwrap();
    // The files as they lie there while the program still runs: nothing was closed or flushed for this.
    let crashed = tempfile::tempdir().unwrap();
    for name in ["unbid.db", "unbid.db-wal"] {
        fs::copy(folder.path().join(name), crashed.path().join(name)).unwrap();
    }
    let after = Store::open(crashed.path()).unwrap();
    assert_eq!(after.staged(None).await.unwrap(), staged);
    assert_eq!(after.unsettled(None).await.unwrap()[0].attempts, [attempt(operation.id, 1, &[1])]);
    // Torn off in the middle of the last commit: that one is gone, what came before is there.
    let crashed = tempfile::tempdir().unwrap();
    fs::copy(folder.path().join("unbid.db"), crashed.path().join("unbid.db")).unwrap();
    let log = fs::read(folder.path().join("unbid.db-wal")).unwrap();
    fs::write(crashed.path().join("unbid.db-wal"), &log[..log.len() - 100]).unwrap();
    let after = Store::open(crashed.path()).unwrap();
    assert_eq!(after.unsettled(None).await.unwrap()[0].attempts, []);
    assert_eq!(after.staged(None).await.unwrap(), staged);
}

#[tokio::test]
async fn the_journal_cannot_be_rewritten() {
    let (folder, store) = open();
    let operation = operation(1);
    store.begin(&operation).await.unwrap();
    store.intend(&attempt(operation.id, 1, &[1])).await.unwrap();
    store.answer(operation.id, 1, None, "no answer", noon()).await.unwrap();
    assert!(store.intend(&attempt(operation.id, 1, &[2])).await.is_err());
    assert!(store.answer(operation.id, 1, Some(200), "later", noon()).await.is_err());
    assert!(store.answer(operation.id, 9, Some(200), "no such attempt", noon()).await.is_err());
    store.settle(operation.id, &[(1, add("a"), Outcome::new(OutcomeKind::Skipped))], noon()).await.unwrap();
    let raw = Connection::open(folder.path().join("unbid.db")).unwrap();
    for sql in [
        "DELETE FROM operations",
        "DELETE FROM attempts",
        "DELETE FROM outcomes",
        "UPDATE operations SET who = 'bob'",
        "UPDATE attempts SET request = '{}'",
        "UPDATE attempts SET answer = 'other'",
        "UPDATE outcomes SET kind = 'applied'",
    ] {
        let error = raw.execute(sql, []).unwrap_err().to_string();
        assert!(error.contains("append-only"), "{sql}: {error}");
    }
}

#[tokio::test]
async fn a_full_disk_is_an_error_that_the_caller_sees_and_nothing_is_half_written() {
    let (_folder, store) = open();
    let kept = store.stage(vec![(identity("1"), add("kept"))], noon()).await.unwrap();
    let pages: u32 = store.read_now(|db| Ok(db.query_row("PRAGMA page_count", [], |row| row.get(0))?)).unwrap();
    let cap = move |db: &mut Connection| Ok(db.pragma_update(None, "max_page_count", pages)?);
    store.link.run(cap).await.unwrap();
    let many = (0..2_000).map(|n| (identity("1"), add(&format!("text {n}")))).collect();
    let problem = store.stage(many, noon()).await.unwrap_err();
    assert_eq!((problem.kind, problem.title.as_str()), (ProblemKind::Storage, "The disk is full"));
    assert!(problem.detail.contains("unbid.db"), "{problem}");
    let operation = operation(1);
    store.begin(&operation).await.unwrap();
    let mut big = attempt(operation.id, 1, &[1]);
    big.request.url = "x".repeat(1 << 20);
    assert_eq!(store.intend(&big).await.unwrap_err().title, "The disk is full");
    assert_eq!(store.staged(None).await.unwrap(), kept);
    assert_eq!(store.operation(operation.id).await.unwrap().unwrap().attempts, []);
}

#[test]
fn a_second_sender_is_told_who_is_sending() {
    let (folder, store) = open();
    let held = store.lock(&identity("1"), noon()).unwrap();
    let other = Store::open(folder.path()).unwrap();
    let busy = other.lock(&identity("1"), noon()).unwrap_err();
    assert_eq!(busy.kind, ProblemKind::Busy);
    let since = noon().strftime("%Y-%m-%d %H:%M:%S UTC");
    assert_eq!(busy.title, format!("being sent by pid {} since {since}", std::process::id()));
    let holder = Holder { pid: std::process::id(), since: noon() };
    assert_eq!(other.holder(&identity("1")).unwrap(), Some(holder));
    assert_eq!(other.holder(&identity("2")).unwrap(), None);
    other.lock(&identity("2"), noon()).unwrap();
    drop(held);
    other.lock(&identity("1"), noon()).unwrap();
}

#[test]
fn a_newer_or_unusable_database_is_told_and_left_alone() {
    let (folder, store) = open();
    let file = store.file();
    drop(store);
    Connection::open(&file).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let newer = Store::open(folder.path()).unwrap_err();
    assert_eq!(newer.title, "The local database was written by a newer unbid");
    let within = Store::open(&file).unwrap_err();
    assert_eq!((within.kind, within.title.as_str()), (ProblemKind::Storage, "The data folder cannot be used"));
    assert!(within.hint.contains("--data-dir"), "{within}");
}

#[test]
fn a_place_that_cannot_be_written_is_told() {
    for blocked in ["unbid.db", "unbid.db-wal"] {
        let (folder, store) = open();
        drop(store);
        // A folder stands where the file should: it cannot be opened, whoever asks.
        let path = folder.path().join(blocked);
        drop(fs::remove_file(&path));
        fs::create_dir(&path).unwrap();
        let problem = Store::open(folder.path()).unwrap_err();
        assert_eq!(problem.title, "The local database cannot be written", "{blocked}: {problem}");
        assert!(problem.hint.contains("--data-dir"), "{problem}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o500)).unwrap();
        // The superuser writes everywhere; there is nothing to see then.
        if fs::write(folder.path().join("probe"), "").is_err() {
            let problem = Store::open(folder.path()).unwrap_err();
            assert_eq!(problem.title, "The data folder cannot be used");
        }
    }
}

#[tokio::test]
async fn a_damaged_file_is_an_error_and_is_set_aside_whole() {
    let (folder, store) = open();
    let many = (0..500).map(|n| (identity("1"), add(&format!("text {n}")))).collect();
    store.stage(many, noon()).await.unwrap();
    store.check().await.unwrap();
    let file = store.file();
    drop(store);
    let sound = fs::read(&file).unwrap();
    let truncated = sound[..sound.len() / 3].to_vec();
    let mut headless = sound.clone();
    headless[..64].fill(0xa5);
    let mut holed = sound.clone();
    for byte in holed.iter_mut().skip(8_192).step_by(3) {
        *byte ^= 0x55;
    }
    for (name, bytes) in
        [("truncated", truncated), ("headless", headless), ("holed", holed), ("text", b"hello".repeat(999))]
    {
        fs::write(&file, &bytes).unwrap();
        let problem = match Store::open(folder.path()) {
            Err(problem) => problem,
            Ok(store) => match store.staged(None).await {
                Err(problem) => problem,
                Ok(_) => store.check().await.unwrap_err(),
            },
        };
        assert_eq!(problem.kind, ProblemKind::Storage, "{name}: {problem}");
        assert!(problem.hint.contains("doctor --fix"), "{name}: {problem}");
        let aside = set_aside(folder.path(), noon()).unwrap();
        assert_eq!(fs::read(&aside).unwrap().len(), bytes.len(), "{name}");
        let fresh = Store::open(folder.path()).unwrap();
        assert_eq!(fresh.staged(None).await.unwrap(), [], "{name}");
    }
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_look() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("deep/data");
    let store = Store::open(&data).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&data), mode(&store.file())), (0o700, 0o600));
    assert_eq!(mode(&data.join("unbid.db-wal")), 0o600);
    assert_eq!((mode(&data.join("locks")), mode(&data.join("locks/schema.lock"))), (0o700, 0o600));
    fs::set_permissions(store.file(), fs::Permissions::from_mode(0o644)).unwrap();
    fs::set_permissions(&data, fs::Permissions::from_mode(0o777)).unwrap();
    let again = Store::open(&data).unwrap();
    assert_eq!((mode(&again.file()), mode(&data)), (0o600, 0o755), "nobody else may put files there");
}

#[cfg(unix)]
#[test]
fn a_link_in_the_databases_place_is_refused_and_what_it_leads_to_is_left_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = folder.path().join("elsewhere");
    fs::write(&elsewhere, "somebody's").unwrap();
    fs::set_permissions(&elsewhere, fs::Permissions::from_mode(0o644)).unwrap();
    for target in [&elsewhere, &folder.path().join("nowhere")] {
        let data = folder.path().join("data");
        fs::create_dir(&data).unwrap();
        std::os::unix::fs::symlink(target, data.join("unbid.db")).unwrap();
        let problem = Store::open(&data).unwrap_err();
        assert!(problem.detail.contains("symbolic link"), "{problem}");
        assert!(!folder.path().join("nowhere").exists());
        fs::remove_dir_all(&data).unwrap();
    }
    assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "somebody's");
    assert_eq!(fs::metadata(&elsewhere).unwrap().permissions().mode() & 0o777, 0o644);
}

#[tokio::test]
async fn a_database_that_was_emptied_does_not_pass_for_a_new_one() {
    let (folder, store) = open();
    let file = store.file();
    drop(store);
    fs::write(&file, "").unwrap();
    let problem = Store::open(folder.path()).unwrap_err();
    assert_eq!(problem.title, "The local database is damaged");
    assert!(problem.detail.contains("empty"), "{problem}");
    set_aside(folder.path(), noon()).unwrap();
    Store::open(folder.path()).unwrap();
    fs::remove_file(&file).unwrap();
    Store::open(folder.path()).unwrap();
}

#[tokio::test]
async fn an_older_unbid_stops_writing_once_a_newer_one_changed_the_schema() {
    let (_folder, store) = open();
    let kept = store.stage(vec![(identity("1"), add("kept"))], noon()).await.unwrap();
    let operation = operation(1);
    store.begin(&operation).await.unwrap();
    Connection::open(store.file()).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let problem = store.intend(&attempt(operation.id, 1, &[1])).await.unwrap_err();
    assert_eq!(problem.title, "The local database was written by a newer unbid");
    assert!(store.stage(vec![(identity("1"), add("lost"))], noon()).await.is_err());
    assert_eq!(store.staged(None).await.unwrap(), kept);
}

#[tokio::test]
async fn two_handles_write_side_by_side() {
    let (folder, store) = open();
    let other = Store::open(folder.path()).unwrap();
    let mut numbers = Vec::new();
    for _ in 0..20 {
        let (a, b) = tokio::join!(
            store.stage(vec![(identity("1"), add("a"))], noon()),
            other.stage(vec![(identity("2"), add("b"))], noon()),
        );
        numbers.extend([a.unwrap()[0].number, b.unwrap()[0].number]);
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=40).collect::<Vec<u64>>());
    assert_eq!(store.staged(None).await.unwrap(), other.staged(None).await.unwrap());
}

#[test]
fn handles_that_open_an_empty_folder_at_once_agree() {
    let folder = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        let opened: Vec<_> = (0..8).map(|_| scope.spawn(|| Store::open(folder.path()))).collect();
        for handle in opened {
            handle.join().unwrap().unwrap();
        }
    });
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]

    /// Against a list in memory: whatever is staged, dropped and put back, numbers stay and are never reused.
    #[test]
    fn staging_is_a_list_with_numbers_that_stay(steps in proptest::collection::vec((0..4_u8, 0..6_usize), 1..20)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (_folder, store) = open();
            let (mut model, mut gone, mut last) = (Vec::<Staged>::new(), Vec::<Staged>::new(), 0);
            for (what, which) in steps {
                match what {
                    0 | 1 => {
                        let changes = (0..=which / 2).map(|n| (identity("1"), add(&n.to_string()))).collect();
                        for staged in store.stage(changes, noon()).await.unwrap() {
                            assert!(staged.number > last);
                            last = staged.number;
                            model.push(staged);
                        }
                    }
                    2 if which < model.len() => {
                        let dropped = store.unstage(vec![model[which].number]).await.unwrap();
                        assert_eq!(dropped, [model[which].clone()]);
                        gone.push(model.remove(which));
                    }
                    3 if which < gone.len() => {
                        let back = gone.remove(which);
                        model.extend(store.restage(vec![back.clone()]).await.unwrap());
                        assert!(model.contains(&back));
                        model.sort_by_key(|staged| staged.number);
                    }
                    _ => {}
                }
                assert_eq!(store.staged(None).await.unwrap(), model);
            }
        });
    }
}
