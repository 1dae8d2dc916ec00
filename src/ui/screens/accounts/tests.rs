//! Accounts as a person uses it: whole screens, a refresh, a check, an account that cannot be used.

use std::time::Duration;

use crate::domain::problem::{Problem, ProblemKind};
use crate::ui::effect::Effect;
use crate::ui::msg::{CheckLine, Msg, Progress, Reply, SyncCounts};
use crate::ui::testing::{Shell, accounts, start};

/// One account that cannot be connected, one protected, one stale.
fn troubled(width: u16, height: u16) -> Shell {
    let mut all = accounts();
    all[0].problem = Some(
        Problem::new(ProblemKind::Config, "The private key cannot be read")
            .detail("config.toml, line 12: private_key: no such file")
            .hint("Put the key there, or name another file."),
    );
    all[1].account.protected = true;
    all[1].account.live = true;
    let mut shell = Shell::with(width, height, start(all));
    shell.press("R");
    let ticket = shell.asked.iter().find_map(|effect| match effect {
        Effect::Sync(ticket, _) => Some(*ticket),
        _ => None,
    });
    let problem =
        Problem::new(ProblemKind::Auth, "The token is not accepted").hint("Run `unbid login acme-club`.");
    let identity = accounts()[2].account.identity.clone();
    shell.send(Msg::Progress(ticket.unwrap(), Progress::AccountSynced(identity, Err(problem))));
    shell.send(Msg::Done(ticket.unwrap(), Ok(Reply::Synced(Vec::new()))));
    shell.press("esc 7");
    shell.asked.clear();
    shell
}

#[test]
fn wide_screen() {
    let mut shell = Shell::new(140, 45);
    shell.press("7");
    insta::assert_snapshot!(shell.picture());
}

#[test]
fn narrow_screen() {
    let mut shell = Shell::new(80, 24);
    shell.press("7 j");
    insta::assert_snapshot!(shell.picture());
}

#[test]
fn what_cannot_be_used_says_why() {
    insta::assert_snapshot!(troubled(140, 45).picture());
    let mut shell = troubled(80, 24);
    shell.press("G");
    insta::assert_snapshot!("stale_narrow", shell.picture());
}

#[test]
fn before_the_first_refresh_nothing_is_known() {
    let mut shell = Shell::asleep(80, 24);
    shell.answers = false;
    shell.send(Msg::Start(Box::new(start(accounts()))));
    shell.press("7");
    insta::assert_snapshot!(shell.picture());
}

#[test]
fn read_only_is_said() {
    let mut only = start(accounts());
    only.read_only = true;
    let mut shell = Shell::with(80, 24, only);
    shell.press("7");
    assert!(shell.line_with("acme-us").contains("READ-ONLY") && shell.shows("nothing is staged or sent"));
}

#[test]
fn a_refresh_counts_what_has_come() {
    let mut shell = Shell::new(140, 45);
    shell.press("7 r");
    let ticket = shell.effects().into_iter().find_map(|effect| match effect {
        Effect::Sync(ticket, accounts) if accounts.len() == 1 => Some(ticket),
        _ => None,
    });
    let counts = SyncCounts { campaigns: 2, ad_groups: 5, negatives: 1_234 };
    let identity = accounts()[0].account.identity.clone();
    shell.send(Msg::Progress(ticket.unwrap(), Progress::Sync(identity, counts)));
    assert!(shell.line_with("Amazon ").contains("refreshing, 1,234"));
}

#[test]
fn a_check_shows_its_lines() {
    let mut shell = Shell::new(140, 45);
    shell.press("7 c");
    let ticket = shell.asked.iter().find_map(|effect| match effect {
        Effect::Check(ticket, identity) => Some((*ticket, identity.clone())),
        _ => None,
    });
    let (ticket, identity) = ticket.unwrap();
    assert_eq!(identity, accounts()[0].account.identity);
    shell.press("c");
    assert!(shell.shows("acme-us is being checked"));
    shell.wait(Duration::from_secs(1));
    let lines = vec![
        CheckLine { what: "sign-in".to_owned(), result: Ok("token for 60 min".to_owned()) },
        CheckLine {
            what: "profile".to_owned(),
            result: Err(
                Problem::new(ProblemKind::Auth, "profile 7 is not yours").hint("Pick another profile_id.")
            ),
        },
    ];
    shell.send(Msg::Done(ticket, Ok(Reply::Checked(lines))));
    shell.wait(Duration::from_secs(9));
    insta::assert_snapshot!(shell.picture());
}
