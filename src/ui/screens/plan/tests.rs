//! Plan as a person uses it: what is staged, keys, what goes out, what comes back, whole screens.

use std::time::Duration;

use crate::domain::account::AccountName;
use crate::domain::change::Change;
use crate::domain::ids::{NegativeId, OperationId};
use crate::domain::journal::{Outcome, OutcomeKind};
use crate::domain::negative::State;
use crate::domain::problem::{Problem, ProblemKind};
use crate::ui::effect::{Effect, Sending, Staging};
use crate::ui::msg::{Msg, Progress, Reply, SendEvent, Sent};
use crate::ui::remote::Ticket;
use crate::ui::testing::{Shell, accounts, start};

/// Stages changes of the snapshot's rows by their places in it, as Browse does.
fn stage(shell: &mut Shell, wanted: &[(usize, &str)]) {
    let catalog = shell.catalog.clone();
    let scope = crate::domain::catalog::Scope::All;
    let rows: Vec<_> = catalog.negatives_in(scope).map(|ix| catalog.negative(ix)).collect();
    let add = wanted.iter().map(|(id, what)| {
        let row = rows.iter().find(|row| row.id().raw() == (1_000 + id).to_string()).unwrap();
        let target = row.to_negative();
        let change = match *what {
            "off" => Change::SetState { target, to: State::Paused },
            "on" => Change::SetState { target, to: State::Enabled },
            _ => Change::Remove { target },
        };
        (row.account().identity.clone(), change)
    });
    let add = add.collect();
    shell.stage(Staging::add(add));
}

/// Four changes of three accounts, one of which cannot be sent, on the Plan screen.
fn on_plan(width: u16, height: u16) -> Shell {
    staged_on(Shell::new(width, height))
}

fn staged_on(mut shell: Shell) -> Shell {
    stage(&mut shell, &[(0, "off"), (1, "off"), (5, "remove"), (3, "on"), (10, "remove"), (12, "off")]);
    shell.press("p");
    shell.asked.clear();
    shell
}

fn name(name: &str) -> AccountName {
    AccountName::new(name)
}

/// What was ordered to be sent.
fn sending(shell: &Shell) -> Option<(Ticket, Sending)> {
    shell.asked.iter().find_map(|effect| match effect {
        Effect::Send(ticket, sending) => Some((*ticket, (**sending).clone())),
        _ => None,
    })
}

fn tell(shell: &mut Shell, ticket: Ticket, event: SendEvent) {
    shell.send(Msg::Progress(ticket, Progress::Send(name("acme-us"), event)));
}

fn outcome(kind: OutcomeKind) -> Outcome {
    Outcome::new(kind)
}

/// Sends the first account's changes; the answer is still to come.
fn under_way(shell: &mut Shell) -> Ticket {
    shell.press("A tab enter");
    let (ticket, _) = sending(shell).expect("it was sent");
    let operation = OperationId::from_uuid(uuid::Uuid::from_u128(7));
    tell(shell, ticket, SendEvent::Began { operation, requests: 2 });
    tell(shell, ticket, SendEvent::Sending { request: 1, of: 2, changes: vec![1, 2] });
    ticket
}

/// Ends the sending with mixed outcomes: what was applied or refused has left staging.
fn settled(shell: &mut Shell, ticket: Ticket) {
    shell.staged.retain(|one| one.number != 1 && one.number != 2);
    let refused = Outcome::rejected("entityQuotaError", "too many negatives in the ad group");
    let outcomes = vec![
        (1, Outcome::applied(Some(NegativeId::new("77")))),
        (2, refused),
        (3, outcome(OutcomeKind::Drifted).message("it is paused there")),
    ];
    let sent = Sent {
        operation: None,
        outcomes,
        problems: Vec::new(),
        staged: shell.staged.clone(),
        overlay: std::sync::Arc::default(),
    };
    shell.send(Msg::Done(ticket, Ok(Reply::Sent(sent))));
}

#[test]
fn wide_screen() {
    insta::assert_snapshot!(on_plan(140, 45).picture());
}

#[test]
fn narrow_screen() {
    insta::assert_snapshot!(on_plan(80, 24).picture());
}

#[test]
fn nothing_staged_teaches_the_next_key() {
    let mut shell = Shell::new(80, 24);
    shell.press("4");
    insta::assert_snapshot!(shell.picture());
    assert!(shell.effects().iter().all(|effect| !matches!(effect, Effect::BuildPlan(..))));
}

#[test]
fn loading_shows_a_spinner_only_when_it_takes_long() {
    let mut shell = Shell::new(80, 24);
    stage(&mut shell, &[(0, "off")]);
    shell.answers = false;
    shell.press("p");
    assert!(!shell.shows("making the plan"));
    shell.wait(Duration::from_millis(200));
    insta::assert_snapshot!(shell.picture());
}

#[test]
fn a_plan_that_fails_says_why_and_enter_tries_again() {
    let mut shell = Shell::new(80, 24);
    stage(&mut shell, &[(0, "off")]);
    shell.answers = false;
    shell.press("p");
    let ticket = shell.asked.iter().find_map(|effect| match effect {
        Effect::BuildPlan(ticket, None) => Some(*ticket),
        _ => None,
    });
    let problem = Problem::new(ProblemKind::Storage, "The plan cannot be saved")
        .detail("disk full")
        .hint("Make room on the disk of the data dir.");
    shell.send(Msg::Done(ticket.unwrap(), Err(problem)));
    insta::assert_snapshot!(shell.picture());
    shell.answers = true;
    shell.press("enter");
    assert!(shell.shows("enabled → paused"));
}

#[test]
fn read_only_shows_the_plan_and_sends_nothing() {
    let mut only = start(accounts());
    only.read_only = true;
    let mut shell = staged_on(Shell::with(80, 24, only));
    shell.press("A");
    assert!(sending(&shell).is_none() && shell.model.overlays.is_empty());
    insta::assert_snapshot!(shell.picture());
}

#[test]
fn the_question_names_account_place_counts_and_what_stays() {
    let mut shell = on_plan(80, 24);
    shell.press("A");
    insta::assert_snapshot!(shell.picture());
    shell.press("esc");
    assert!(sending(&shell).is_none());
}

#[test]
fn without_picks_the_focused_account_is_sent_and_nothing_else() {
    let mut shell = on_plan(120, 40);
    shell.press("A tab enter");
    assert_eq!(sending(&shell).unwrap().1.pick, [1, 2, 3]);
}

#[test]
fn picks_are_sent_across_accounts_and_what_cannot_be_sent_cannot_be_picked() {
    let mut shell = on_plan(120, 40);
    shell.press("space j space");
    assert!(shell.shows("2 changes picked"));
    shell.press("k k");
    let stuck = shell.line_with("instant coffee");
    assert!(stuck.contains("! ") && stuck.contains("cannot be sent: the ad group is full"));
    shell.press("G space A");
    assert!(shell.shows("Send 3 changes to 2 accounts?"));
    shell.press("tab enter");
    assert_eq!(sending(&shell).unwrap().1.pick, [1, 3, 6]);
}

#[test]
fn a_protected_account_asks_for_its_name() {
    let mut guarded = accounts();
    guarded[0].account.protected = true;
    guarded[0].account.live = true;
    let mut shell = staged_on(Shell::with(80, 24, start(guarded)));
    shell.press("A tab enter");
    assert!(sending(&shell).is_none());
    shell.type_text("acme-us");
    insta::assert_snapshot!(shell.picture());
    shell.press("enter");
    assert_eq!(sending(&shell).unwrap().1.names, [name("acme-us")]);
}

#[test]
fn more_than_a_hundred_removals_ask_for_their_number() {
    let mut shell = Shell::new(120, 40);
    stage(&mut shell, &[(0, "remove"); 101]);
    shell.press("p A").type_text("101").press("enter");
    assert_eq!(sending(&shell).unwrap().1.removals, Some(101));
}

#[test]
fn dropping_unstages_and_u_brings_it_back() {
    let mut shell = on_plan(120, 40);
    shell.press("d");
    assert_eq!(shell.staged.len(), 5);
    assert!(!shell.shows("\n  ~ Espresso › whole campaign"));
    shell.press("u");
    assert_eq!(shell.staged.len(), 6);
}

#[test]
fn x_shows_the_exact_requests_without_secrets() {
    let mut shell = on_plan(80, 24);
    shell.press("x");
    insta::assert_snapshot!(shell.picture());
}

#[test]
fn enter_shows_everything_of_a_change() {
    let mut shell = on_plan(80, 24);
    shell.press("j j j enter");
    insta::assert_snapshot!(shell.picture());
}

#[test]
fn while_it_is_sent_each_row_shows_its_outcome() {
    let mut shell = on_plan(140, 45);
    let ticket = under_way(&mut shell);
    let until = "2026-10-01T12:00:12Z".parse().unwrap();
    tell(&mut shell, ticket, SendEvent::Settled { number: 1, outcome: Outcome::applied(None) });
    tell(&mut shell, ticket, SendEvent::Settled { number: 2, outcome: outcome(OutcomeKind::Unknown) });
    tell(&mut shell, ticket, SendEvent::Checking { until, changes: vec![2] });
    tell(&mut shell, ticket, SendEvent::Sending { request: 2, of: 2, changes: vec![3] });
    let until = "2026-10-01T14:02:10Z".parse().unwrap();
    tell(&mut shell, ticket, SendEvent::Waiting { until, why: "asked to slow down".to_owned() });
    insta::assert_snapshot!(shell.picture());
    shell.resize(80, 24);
    insta::assert_snapshot!("while_it_is_sent_narrow", shell.picture());
    shell.wait(Duration::from_secs(5));
    assert!(shell.shows("no answer yet, checking (7 s)"));
}

#[test]
fn it_goes_on_in_the_background_and_every_screen_says_so() {
    let mut shell = on_plan(120, 40);
    let ticket = under_way(&mut shell);
    shell.press("esc");
    assert!(shell.shows("Negatives") && shell.line_with("unbid").contains("sending acme-us 1 of 2"));
    settled(&mut shell, ticket);
    assert!(shell.shows("acme-us: 1 sent, 1 refused, 1 changed there since; 4 shows them"));
    assert!(!shell.line_with("unbid").contains("sending"));
}

#[test]
fn outcomes_stay_until_something_new_is_planned() {
    let mut shell = on_plan(140, 45);
    let ticket = under_way(&mut shell);
    settled(&mut shell, ticket);
    insta::assert_snapshot!(shell.picture());
    shell.resize(80, 24);
    shell.press("j");
    insta::assert_snapshot!("outcomes_narrow", shell.picture());
    shell.press("esc p");
    assert!(shell.shows("refused by Amazon"));
    stage(&mut shell, &[(6, "on")]);
    assert!(!shell.shows("refused by Amazon"));
}

#[test]
fn another_account_can_be_sent_after_the_first() {
    let mut shell = on_plan(140, 45);
    let ticket = under_way(&mut shell);
    shell.press("A");
    assert!(shell.shows("Wait until acme-us is sent"));
    settled(&mut shell, ticket);
    shell.asked.clear();
    shell.press("G A enter");
    assert_eq!(sending(&shell).unwrap().1.pick, [6]);
    assert!(shell.shows("refused by Amazon"), "the first one's outcomes stay");
}

#[test]
fn retry_stages_what_was_refused_and_picks_what_failed() {
    let mut shell = on_plan(140, 45);
    let ticket = under_way(&mut shell);
    settled(&mut shell, ticket);
    shell.press("f");
    assert_eq!(shell.staged.last().unwrap().change.text().raw(), "decaf espresso beans");
    assert!(!shell.shows("refused by Amazon") && shell.shows("2 changes picked"));
    shell.asked.clear();
    shell.press("A tab enter");
    assert_eq!(sending(&shell).unwrap().1.pick, [3, 7]);
}

#[test]
fn x_twice_stops_after_the_request_in_flight() {
    let mut shell = on_plan(120, 40);
    let ticket = under_way(&mut shell);
    shell.press("x");
    assert!(!shell.asked.contains(&Effect::Cancel(ticket)));
    shell.press("x");
    assert!(
        shell.asked.contains(&Effect::Cancel(ticket)) && shell.shows("stopping after the request in flight")
    );
}

#[test]
fn quitting_while_sending_asks_first() {
    let mut shell = on_plan(120, 40);
    under_way(&mut shell);
    shell.press("q q");
    assert!(shell.shows("Quit while sending?") && !shell.asked.contains(&Effect::Quit));
    shell.press("esc ctrl-c");
    assert!(!shell.asked.contains(&Effect::Quit));
    shell.press("ctrl-c");
    assert!(shell.asked.contains(&Effect::Quit), "asked for twice, it ends");
}

#[test]
fn a_refused_plan_says_so_and_makes_a_new_one() {
    let mut shell = on_plan(120, 40);
    let ticket = under_way(&mut shell);
    shell.asked.clear();
    let problem = Problem::new(ProblemKind::Usage, "What is staged has changed").hint("Look at a new plan.");
    shell.send(Msg::Done(ticket, Err(problem)));
    assert!(shell.shows("What is staged has changed"));
    assert!(shell.asked.iter().any(|effect| matches!(effect, Effect::BuildPlan(..))));
    assert!(shell.model.screens.plan.running().is_none());
}

#[test]
fn why_not_everything_was_sent_stands_with_its_account() {
    let mut shell = on_plan(120, 40);
    let ticket = under_way(&mut shell);
    let problem = Problem::new(ProblemKind::Auth, "Token expired").hint("Run `unbid login acme-us`.");
    let sent = Sent {
        operation: None,
        outcomes: (1..=3).map(|n| (n, outcome(OutcomeKind::Skipped).message("Token expired"))).collect(),
        problems: vec![(name("acme-us"), problem)],
        staged: shell.staged.clone(),
        overlay: std::sync::Arc::default(),
    };
    shell.send(Msg::Done(ticket, Ok(Reply::Sent(sent))));
    assert!(shell.line_with("acme-us · Amazon").contains("Token expired"));
    shell.press("g g");
    assert!(shell.shows("unbid login acme-us"));
}

#[test]
fn a_narrow_place_keeps_the_ad_group_in_sight() {
    let mut shell = Shell::new(120, 40);
    stage(&mut shell, &[(12, "off")]);
    let one = &shell.staged[0];
    let placed = |width| super::words::place_in(&shell.model.data, &one.account, &one.change, width);
    assert_eq!(placed(40), "Club coffee › Beans");
    assert_eq!(placed(16), "Club co… › Beans");
    assert_eq!(placed(0), " › ".to_owned() + "Beans");
}
