//! History as a person uses it: whole screens in every state, going in and out, taking back.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::change::{Change, NewNegative};
use crate::domain::ids::{OperationId, PlanId};
use crate::domain::journal::OutcomeKind::{self, Already, Applied, Rejected, Unknown};
use crate::domain::journal::{Attempt, Entry, Operation, Outcome, Past, PastChange, Touch, Touches};
use crate::domain::negative::State;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{Body, Class, Method, Request};
use crate::ui::effect::{Effect, Staging};
use crate::ui::msg::{Around, CutOff, Msg, Reply, Sender, StagedNow, Undoing};
use crate::ui::remote::Ticket;
use crate::ui::testing::{Shell, accounts, start};

fn entry(n: u64, account: usize, ended: bool, counts: &[(OutcomeKind, u32)]) -> Entry {
    let account = accounts().remove(account).account;
    let id = u128::from(n);
    let operation = Operation {
        id: OperationId::from_uuid(uuid::Uuid::from_u128(id)),
        plan: PlanId::from_uuid(uuid::Uuid::from_u128(id << 64)),
        account: account.identity,
        name: account.name,
        who: "ann".into(),
        began: "2026-09-30T14:02:10Z".parse().unwrap(),
        ended: ended.then(|| "2026-09-30T14:02:14Z".parse().unwrap()),
    };
    Entry { number: n, operation, counts: counts.to_vec(), takes_back: Vec::new(), taken_back: Vec::new() }
}

fn entries() -> Vec<Entry> {
    let mut entries = vec![
        entry(43, 0, false, &[(Applied, 40), (Unknown, 2)]),
        entry(42, 1, true, &[(Applied, 3), (Rejected, 1)]),
        entry(41, 2, true, &[(Applied, 1_200), (Already, 4)]),
        entry(40, 2, true, &[(Applied, 7)]),
    ];
    entries[2].taken_back = vec![44];
    entries[3].takes_back = vec![39];
    entries
}

/// The operation that was cut off is known to be.
fn around() -> Around {
    let entry = entries().remove(0);
    Around { cut_off: vec![CutOff { entry, unknown: 2, unsent: 5 }], senders: Vec::new() }
}

fn past(entry: Entry) -> Past {
    let new = |text: &str| NewNegative {
        kind: crate::domain::negative::Kind::Keyword,
        campaign: "c4".into(),
        ad_group: Some("g5".into()),
        text: text.into(),
        brand_name: None,
        match_type: Some(crate::domain::negative::MatchType::Exact),
        state: State::Enabled,
    };
    let at = Some("2026-09-30T14:02:12Z".parse().unwrap());
    let target = new("tea").made("1010".into(), "ACTIVE");
    let changes = [
        (Change::Add { new: new("free tea") }, Some(Outcome::applied(Some("77".into()))), Some(44)),
        (Change::Remove { target }, Some(Outcome::applied(None)), None),
        (
            Change::Add { new: new("cheap tea") },
            Some(Outcome::rejected("36339", "The keyword is invalid.")),
            None,
        ),
        (Change::Add { new: new("bad\u{202e}tea") }, None, None),
    ];
    let changes = changes
        .into_iter()
        .zip(7..)
        .map(|((change, outcome, taken_back), number)| PastChange {
            number,
            change,
            at: at.filter(|_| outcome.is_some()),
            outcome,
            taken_back,
        })
        .collect();
    let request = Request {
        operation: "bulkCreateNegativeKeyword".into(),
        method: Method::Post,
        url: "http://127.0.0.1:4000/sell/marketing/v1/bulk_create_negative_keyword".to_owned(),
        headers: vec![("content-type".into(), "application/json".to_owned())],
        secret_headers: vec!["authorization".into()],
        body: Body::Json(serde_json::json!({"requests": [{"negativeKeywordText": "free tea"}]})),
        class: Class::Create,
    };
    let attempt = Attempt {
        operation: entry.operation.id,
        number: 1,
        request,
        changes: vec![7, 9],
        intended: entry.operation.began,
        status: Some(207),
        answer: Some("{\"responses\":[{\"negativeKeywordId\":\"77\",\"statusCode\":201}]}".into()),
        answered: at,
    };
    Past { entry, changes, attempts: vec![attempt] }
}

fn filled(width: u16, height: u16) -> Shell {
    with(Shell::new(width, height))
}

fn with(mut shell: Shell) -> Shell {
    shell.past = entries();
    shell.around = around();
    shell.press("5");
    shell
}

/// Inside the second operation.
fn inside(width: u16, height: u16) -> Shell {
    let mut shell = filled(width, height);
    shell.press("j enter");
    answer(&mut shell);
    shell
}

/// Answers the last request for an operation.
fn answer(shell: &mut Shell) {
    let asked = shell.effects().into_iter().rev().find_map(|effect| match effect {
        Effect::LoadOperation(ticket, id) => Some((ticket, id)),
        _ => None,
    });
    let (ticket, id) = asked.expect("an operation was asked for");
    let entry = entries().into_iter().find(|one| one.operation.id == id).expect("a known one");
    shell.send(Msg::Done(ticket, Ok(Reply::Operation(Arc::new(past(entry))))));
}

/// The ticket of an order to take something back, and which.
fn undo(shell: &mut Shell) -> Option<(Ticket, Option<OperationId>)> {
    shell.effects().into_iter().find_map(|effect| match effect {
        Effect::Undo(ticket, operation) => Some((ticket, operation)),
        _ => None,
    })
}

fn lost() -> Problem {
    Problem::new(ProblemKind::Storage, "The journal cannot be read")
        .detail("disk I/O error")
        .hint("Run `unbid doctor`.")
}

#[test]
fn empty_says_what_will_stand_here() {
    for (width, height) in [(80, 24), (140, 45)] {
        let mut shell = Shell::new(width, height);
        shell.press("5");
        insta::assert_snapshot!(format!("empty_{width}"), shell.picture());
    }
}

#[test]
fn filled_screens() {
    insta::assert_snapshot!("filled_80", filled(80, 24).picture());
    insta::assert_snapshot!("filled_140", filled(140, 45).picture());
}

#[test]
fn inside_an_operation() {
    insta::assert_snapshot!("inside_80", inside(80, 24).picture());
    insta::assert_snapshot!("inside_140", inside(140, 45).picture());
    let mut shell = inside(80, 24);
    shell.press("esc");
    assert!(shell.line_with("› ").contains("42"), "back on the operation");
    shell.press("esc");
    assert!(shell.shows("Negatives"));
}

#[test]
fn x_shows_the_exact_requests_and_answers_without_secrets() {
    let mut shell = inside(80, 24);
    shell.press("x");
    insta::assert_snapshot!(shell.picture());
    shell.press("esc j j j x");
    assert!(shell.shows("It went out in no request"));
}

#[test]
fn enter_shows_everything_of_a_change() {
    let mut shell = inside(80, 24);
    shell.press("j j enter");
    insta::assert_snapshot!(shell.picture());
}

#[test]
fn what_foreign_texts_hold_is_shown_harmless() {
    assert!(inside(80, 24).shows("bad<U+202E>tea"));
}

#[test]
fn loading_and_failing_are_said_in_the_list_and_inside() {
    let mut shell = Shell::new(80, 24);
    shell.past = entries();
    shell.answers = false;
    shell.press("5");
    assert!(!shell.shows("reading the journal"));
    shell.wait(Duration::from_millis(200));
    insta::assert_snapshot!("loading", shell.picture());
    let ticket = shell.effects().into_iter().find_map(|effect| match effect {
        Effect::LoadHistory(ticket, _) => Some(ticket),
        _ => None,
    });
    shell.send(Msg::Done(ticket.unwrap(), Err(lost())));
    insta::assert_snapshot!("failed", shell.picture());
    shell.answers = true;
    shell.press("enter enter");
    let ticket = shell.effects().into_iter().rev().find_map(|effect| match effect {
        Effect::LoadOperation(ticket, _) => Some(ticket),
        _ => None,
    });
    shell.wait(Duration::from_millis(200));
    assert!(shell.shows("reading the journal"));
    shell.send(Msg::Done(ticket.unwrap(), Err(lost())));
    insta::assert_snapshot!("failed_inside", shell.picture());
    shell.press("enter");
    answer(&mut shell);
    assert!(shell.shows("Operation 43"));
}

#[test]
fn read_only_shows_all_and_takes_nothing_back() {
    let mut only = start(accounts());
    only.read_only = true;
    let mut shell = with(Shell::with(80, 24, only));
    shell.press("u");
    assert_eq!(undo(&mut shell), None);
    insta::assert_snapshot!(shell.picture());
}

#[test]
fn an_operation_that_another_process_sends_says_so() {
    let mut shell = Shell::new(80, 24);
    shell.past = entries();
    let account = accounts().remove(0).account.identity;
    let since = "2026-10-01T11:58:00Z".parse().unwrap();
    shell.around = Around { cut_off: Vec::new(), senders: vec![(account, Sender { pid: 4711, since })] };
    shell.press("5");
    assert!(shell.shows("It is being sent by pid 4711 since 11:58."));
    // It is looked at again while it is in sight.
    shell.effects();
    shell.wait(Duration::from_secs(3));
    assert!(shell.effects().iter().any(|effect| matches!(effect, Effect::LookAround(_))));
    shell.press("7");
    assert!(shell.line_with(" state  ").contains("being sent by pid 4711 since 11:58"), "{}", shell.picture());
}

#[test]
fn u_takes_back_the_operation_in_focus_as_a_plan_of_its_own() {
    let mut shell = filled(140, 45);
    // Something else is staged: on History it is the operation that counts.
    let catalog = shell.catalog.clone();
    let row = catalog.negatives_in(crate::domain::catalog::Scope::All).next().unwrap();
    let row = catalog.negative(row);
    let change = Change::SetState { target: row.to_negative(), to: State::Paused };
    let account = row.account().identity.clone();
    shell.stage(Staging::add(vec![(account.clone(), change.clone())]));
    shell.press("j u");
    let (ticket, operation) = undo(&mut shell).expect("it is asked for");
    assert_eq!(operation, Some(entries()[1].operation.id));
    shell.press("u");
    assert_eq!(undo(&mut shell), None, "one at a time");

    shell.stage(Staging::add(vec![(account, change)]));
    let staged = StagedNow {
        all: shell.staged.clone(),
        added: vec![2],
        dropped: Vec::new(),
        notes: vec!["tea: archived elsewhere".to_owned()],
        overlay: Arc::default(),
    };
    shell.send(Msg::Done(ticket, Ok(Reply::Undoing(Undoing { operations: vec![42], staged }))));
    let alone = |effect: &Effect| matches!(effect, Effect::BuildPlan(_, Some(only)) if *only == [2]);
    assert!(shell.effects().iter().any(alone));
    assert!(shell.shows("Plan · taking back operation 42 · 1 change, 1 account"));
    assert!(shell.shows("Left out: tea: archived elsewhere"));
    assert!(shell.shows("1 change picked, esc: 1 more staged"));
    insta::assert_snapshot!(shell.picture());
    shell.press("A");
    assert!(shell.shows("1 change outside of this plan") && shell.shows("›[ Send 1 ]"));
    shell.press("esc esc");
    assert!(shell.shows("Plan · 2 changes"), "esc shows all that is staged");
    shell.press("u");
    assert_eq!(shell.staged.len(), 1, "and u drops what was staged last");
}

#[test]
fn with_nothing_staged_u_takes_back_what_was_sent_last_and_says_why_not() {
    let mut shell = Shell::new(80, 24);
    shell.press("u");
    assert!(shell.shows("nothing was sent yet that could be taken back"));
    assert_eq!(undo(&mut shell), None);
    let touch = Touch {
        number: 42,
        operation: entries()[1].operation.id,
        who: "ann".into(),
        began: "2026-09-30T14:02:10Z".parse().unwrap(),
    };
    shell.touches = Arc::new(Touches::new(vec![touch], Vec::new()));
    let mut shell = reloaded(shell);
    shell.press("u");
    let (ticket, operation) = undo(&mut shell).expect("it is asked for");
    assert_eq!(operation, None);
    let problem = Problem::new(ProblemKind::Usage, "Nothing of operation 42 can be taken back");
    shell.send(Msg::Done(ticket, Err(problem)));
    assert!(shell.shows("Nothing of operation 42 can be taken back"));
}

/// Reads the snapshot anew, and with it what was touched.
fn reloaded(mut shell: Shell) -> Shell {
    shell.press("R");
    let ticket = shell.effects().into_iter().find_map(|effect| match effect {
        Effect::Sync(ticket, _) => Some(ticket),
        _ => None,
    });
    shell.send(Msg::Done(ticket.unwrap(), Ok(Reply::Synced(Vec::new()))));
    shell
}

#[test]
fn what_was_cut_off_is_offered_at_the_start_and_nothing_is_done_by_itself() {
    let mut shell = Shell::asleep(80, 24);
    shell.around = around();
    shell.send(Msg::Start(Box::new(start(accounts()))));
    insta::assert_snapshot!(shell.picture());
    assert!(!shell.effects().iter().any(|effect| matches!(effect, Effect::Settle(_))));
    shell.press("enter");
    let settle = shell.effects().into_iter().find_map(|effect| match effect {
        Effect::Settle(ticket) => Some(ticket),
        _ => None,
    });
    let until = "2026-10-01T12:00:12Z".parse().unwrap();
    let event = crate::ui::msg::SendEvent::Checking { until, changes: vec![1] };
    let progress = crate::ui::msg::Progress::Send(accounts().remove(0).account.name, event);
    shell.send(Msg::Progress(settle.unwrap(), progress));
    shell.wait(Duration::from_secs(2));
    assert!(shell.shows("checking what has no answer (10 s)"), "{}", shell.picture());
    let sent = crate::ui::msg::Sent {
        operation: None,
        outcomes: vec![(1, Outcome::applied(None)), (2, Outcome::new(OutcomeKind::Skipped))],
        problems: Vec::new(),
        staged: Vec::new(),
        overlay: Arc::default(),
    };
    shell.around = Around::default();
    shell.send(Msg::Done(settle.unwrap(), Ok(Reply::Settled(sent))));
    assert!(shell.shows("Settled: 1 sent, 1 not sent"));
    shell.press("5 c");
    assert!(shell.shows("Nothing waits for an answer"));
}
