//! The audit's screen in every state, at both sizes, and what its keys ask for.

use std::time::Duration;

use crate::domain::change::Change;
use crate::domain::problem::{Problem, ProblemKind};
use crate::ui::effect::Effect;
use crate::ui::msg::{FetchCounts, IgnoredNow, Msg, Progress, Reply};
use crate::ui::testing::{Shell, accounts, start, terms};

/// A shell with terms that sold before a negative was there, on the audit's screen.
fn audited(width: u16, height: u16) -> Shell {
    let mut shell = Shell::new(width, height);
    let rows = [
        ("g1", "decaf espresso beans", 12, 3),
        ("g2", "free decaf sample", 30, 0),
        ("g2", "espresso decaf beans", 41, 2),
    ];
    shell.terms = Some(std::sync::Arc::new(terms(&shell.catalog, &rows)));
    shell.press("3");
    shell
}

#[test]
fn narrow_screen() {
    insta::assert_snapshot!(audited(80, 24).picture());
}

#[test]
fn wide_screen() {
    insta::assert_snapshot!(audited(140, 45).picture());
}

#[test]
fn narrow_screen_shows_the_findings_of_a_rule() {
    let mut shell = audited(80, 24);
    shell.press("enter");
    insta::assert_snapshot!(shell.picture());
}

#[test]
fn enter_again_shows_everything() {
    let mut shell = audited(80, 24);
    shell.press("enter enter");
    insta::assert_snapshot!(shell.picture());
}

#[test]
fn a_question_mark_explains_the_rule() {
    let mut shell = audited(80, 24);
    shell.press("?");
    insta::assert_snapshot!(shell.picture());
    shell.press("?");
    assert!(!shell.shows("switches it off"), "{}", shell.picture());
}

#[test]
fn nothing_yet_loading_and_failing_are_said() {
    let mut shell = Shell::new(80, 24);
    shell.answers = false;
    shell.press("3");
    assert!(!shell.shows("auditing"));
    shell.wait(Duration::from_millis(200));
    insta::assert_snapshot!("loading", shell.picture());
    let ticket = shell.effects().into_iter().find_map(|effect| match effect {
        Effect::Audit(ticket) => Some(ticket),
        _ => None,
    });
    let problem = Problem::new(ProblemKind::Storage, "The database cannot be read")
        .detail("disk I/O error")
        .hint("Run `unbid doctor`.");
    shell.send(Msg::Done(ticket.unwrap(), Err(problem)));
    assert!(shell.shows("The database cannot be read") && shell.shows("enter tries again"));
    shell.answers = true;
    shell.press("enter").wait(Duration::from_millis(1));
    assert!(!shell.shows("enter tries again"), "{}", shell.picture());
}

#[test]
fn nothing_wrong_says_what_was_not_looked_at() {
    let mut shell = Shell::new(80, 24);
    shell.press("3 n");
    insta::assert_snapshot!("accounts", shell.picture());
    shell.press("j j j enter");
    assert!(shell.shows("Audit › acme-club"), "{}", shell.picture());
    insta::assert_snapshot!(shell.picture());
    // What is told is of that account; esc shows all again.
    assert!(shell.shows("0 errors"), "{}", shell.picture());
    shell.press("esc");
    assert!(shell.shows("2 errors") && shell.shows("never serves"), "{}", shell.picture());
}

#[test]
fn an_audit_waits_until_nobody_types() {
    let mut shell = Shell::new(80, 24);
    let asked = |shell: &mut Shell| shell.effects().iter().any(|effect| matches!(effect, Effect::Audit(_)));
    shell.wait(Duration::from_millis(1_500));
    shell.press("j");
    shell.wait(Duration::from_millis(1_500));
    assert!(!asked(&mut shell), "a key puts it off");
    shell.wait(Duration::from_millis(600));
    assert!(asked(&mut shell));
    assert!(shell.line_with("1 Browse").contains("3 Audit"), "{}", shell.picture());
}

#[test]
fn new_search_terms_are_audited_too() {
    let mut shell = Shell::new(80, 24);
    let asked = |shell: &mut Shell| shell.effects().iter().any(|effect| matches!(effect, Effect::Audit(_)));
    shell.press("3 1");
    assert!(asked(&mut shell));
    let identity = accounts().remove(0).account.identity;
    let fetched = |shell: &mut Shell, loaded| {
        let ticket = shell.model.tickets.draw();
        let counts = FetchCounts { reports: 3, loaded, rows: 9 };
        shell.send(Msg::Progress(ticket, Progress::Fetch(identity.clone(), counts)));
        shell.send(Msg::Done(ticket, Ok(Reply::TermsFetched)));
        shell.wait(Duration::from_secs(3));
        asked(shell)
    };
    assert!(!fetched(&mut shell, 0), "no report came whole");
    assert!(fetched(&mut shell, 1), "they are in the store, though nobody looked at them");
    // Those that somebody else loaded are heard of when they come into memory.
    shell.press("2").wait(Duration::from_secs(3));
    assert!(asked(&mut shell));
    shell.wait(Duration::from_secs(30));
    assert!(!asked(&mut shell), "once");
}

#[test]
fn f_stages_the_fix_and_marks_take_several() {
    let mut shell = audited(140, 45);
    shell.press("f");
    assert!(shell.shows("Choose a finding first"), "{}", shell.picture());
    shell.press("enter f");
    let staged: Vec<&Change> = shell.staged.iter().map(|one| &one.change).collect();
    assert!(matches!(staged[..], [Change::Remove { .. }]), "{staged:?}");
    assert!(shell.shows("1 change staged for 1 finding, not sent"));
    assert!(shell.shows("staged, not sent; p shows it"), "{}", shell.picture());
    assert!(shell.shows("› - "), "what is taken away has the plan's sign: {}", shell.picture());
    shell.press("f");
    assert!(shell.shows("It is staged already") && shell.staged.len() == 1);
    shell.press("u");
    assert!(shell.staged.is_empty() && shell.shows("f stages 1 removal"), "{}", shell.picture());
    // All of a rule, but for one; what two findings ask for is staged once.
    shell.press("space");
    assert!(shell.shows("1 marked"));
    shell.press("*");
    assert!(shell.shows("1 marked"), "of two the other");
    shell.press("space esc h");
    assert!(!shell.shows("marked"), "{}", shell.picture());
}

#[test]
fn i_asks_for_a_reason_and_notes_it() {
    let mut shell = audited(80, 24);
    shell.press("enter i");
    insta::assert_snapshot!("reason", shell.picture());
    shell.press("enter");
    assert!(shell.shows("Type a reason first"));
    shell.type_text("meant").press("enter");
    let noted = shell.effects().into_iter().find_map(|effect| match effect {
        Effect::Ignore(ticket, findings, reason) => Some((ticket, findings, reason)),
        _ => None,
    });
    let (ticket, findings, reason) = noted.unwrap();
    assert_eq!((findings.len(), reason.as_str()), (1, "meant"));
    let ids = std::sync::Arc::new(findings.iter().map(|one| one.id).collect());
    let ignored = IgnoredNow { ids, file: "/data/audit-ignored.toml".to_owned() };
    shell.send(Msg::Done(ticket, Ok(Reply::Ignored(ignored))));
    assert!(shell.shows("1 ignored") && !shell.shows(&findings[0].message), "{}", shell.picture());

    // It is there among all, with what is meant to be so; i takes it back.
    shell.press("w");
    assert!(shell.shows("Audit, all"));
    insta::assert_snapshot!("all_shown", shell.picture());
    shell.press("k i");
    let heeded = shell.effects().into_iter().find_map(|effect| match effect {
        Effect::Heed(ticket, ids) => Some((ticket, ids)),
        _ => None,
    });
    let (ticket, ids) = heeded.unwrap();
    assert_eq!(ids, [findings[0].id]);
    let none = IgnoredNow { ids: std::sync::Arc::default(), file: "/data/audit-ignored.toml".to_owned() };
    shell.send(Msg::Done(ticket, Ok(Reply::Ignored(none))));
    assert!(!shell.shows("1 ignored"));
    shell.press("esc esc");
    assert!(!shell.shows("Audit, all"), "{}", shell.picture());
}

#[test]
fn the_search_terms_of_a_finding_can_be_listed() {
    let mut shell = audited(80, 24);
    shell.press("ctrl-t");
    assert!(shell.shows("Choose a finding first"));
    shell.press("enter ctrl-t");
    assert!(shell.shows("espresso decaf beans"), "{}", shell.picture());
    insta::assert_snapshot!("terms", shell.picture());
    shell.press("esc h j enter ctrl-t");
    assert!(shell.shows("This finding is not about search terms"), "{}", shell.picture());
}

#[test]
fn everything_of_a_finding_leads_to_its_place() {
    let mut shell = audited(140, 45);
    shell.press("enter enter enter");
    assert!(shell.shows("acme-us › Espresso") && shell.shows("Negatives"), "{}", shell.picture());
}

#[test]
fn read_only_stages_and_ignores_nothing() {
    let mut told = start(accounts());
    told.read_only = true;
    let mut shell = Shell::with(80, 24, told);
    shell.press("3 enter f");
    assert!(shell.shows("Read-only"));
    shell.press("i");
    assert!(shell.staged.is_empty() && !shell.shows("Ignore: why?"));
    insta::assert_snapshot!(shell.picture());
}

#[test]
fn the_details_of_a_row_list_its_findings() {
    let mut shell = audited(140, 45);
    shell.press("1");
    shell.click("decaf pods");
    shell.press("enter");
    assert!(shell.shows("finding") && shell.shows("never serves"), "{}", shell.picture());
}

#[test]
fn any_size_is_no_panic() {
    let mut shell = audited(140, 45);
    shell.press("enter");
    for (width, height) in [(60, 16), (61, 17), (99, 16), (100, 16), (200, 60), (10, 3)] {
        shell.resize(width, height);
    }
}
