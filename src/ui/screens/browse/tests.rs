//! Browse as a person uses it: keys before and after, whole screens.

use std::sync::Arc;
use std::time::Duration;

use super::Pane;
use crate::domain::campaign::{Holds, ParentState};
use crate::domain::catalog::Scope;
use crate::domain::change::Change;
use crate::domain::ids::OperationId;
use crate::domain::journal::{Touch, Touched, Touches};
use crate::domain::negative::{Kind, Level, NegativeKey, State};
use crate::domain::problem::{Problem, ProblemKind};
use crate::ui::effect::Effect;
use crate::ui::msg::{CatalogNow, Msg, Opening, Progress, Reply, Row, SnapshotState, SyncCounts};
use crate::ui::remote::Ticket;
use crate::ui::testing::{Shell, accounts, catalog, start};

fn staged(shell: &Shell) -> Vec<String> {
    shell
        .staged
        .iter()
        .map(|s| {
            let to = match &s.change {
                Change::SetState { to, .. } => format!(" {to}"),
                _ => String::new(),
            };
            format!("{} {}{to}", s.change.action(), s.change.text().raw())
        })
        .collect()
}

/// Focus on the negatives of the first account's first campaign.
fn on_espresso(width: u16, height: u16) -> Shell {
    let mut shell = Shell::new(width, height);
    shell.model.screens.browse.pane = Pane::Tree;
    shell.press("j tab");
    shell
}

#[test]
fn wide_screen() {
    insta::assert_snapshot!(on_espresso(140, 45).picture());
}

#[test]
fn narrow_screen() {
    insta::assert_snapshot!(on_espresso(80, 24).picture());
}

#[test]
fn narrow_screen_with_the_tree_over_it() {
    let mut shell = on_espresso(80, 24);
    shell.press("h");
    insta::assert_snapshot!(shell.picture());
}

#[test]
fn staged_marked_and_filtered() {
    let mut shell = on_espresso(140, 45);
    shell.press("/").type_text("decaf").press("enter j t j d j space");
    assert_eq!(staged(&shell), ["set-state decaf espresso beans paused", "remove decaf pods"]);
    insta::assert_snapshot!(shell.picture());
}

#[test]
fn everything_of_a_row() {
    let mut shell = on_espresso(80, 24);
    shell.press("j enter");
    insta::assert_snapshot!(shell.picture());
}

#[test]
fn loading_shows_a_spinner_only_when_it_takes_long() {
    let mut shell = Shell::asleep(80, 24);
    shell.answers = false;
    shell.send(Msg::Start(Box::new(start(accounts()))));
    assert!(!shell.shows("Opening"));
    shell.wait(Duration::from_millis(200));
    insta::assert_snapshot!(shell.picture());
}

#[test]
fn a_snapshot_that_cannot_be_read() {
    let mut shell = Shell::asleep(80, 24);
    shell.answers = false;
    shell.send(Msg::Start(Box::new(start(accounts()))));
    let ticket = shell.asked.iter().find_map(|e| match e {
        Effect::LoadCatalog(ticket) => Some(*ticket),
        _ => None,
    });
    let problem = Problem::new(ProblemKind::Storage, "The snapshot cannot be read")
        .detail("disk I/O error (10)")
        .hint("Run `unbid doctor --fix` to set it aside.");
    shell.send(Msg::Done(ticket.unwrap(), Err(problem)));
    insta::assert_snapshot!(shell.picture());
    shell.press("esc");
    assert!(!shell.shows("esc dismisses"));
}

#[test]
fn empty_account_teaches_the_next_key() {
    let mut shell = Shell::asleep(80, 24);
    shell.catalog = Arc::new(crate::domain::catalog::Catalog::default());
    shell.send(Msg::Start(Box::new(start(accounts()))));
    insta::assert_snapshot!(shell.picture());
}

#[test]
fn read_only_refuses_to_stage_and_says_so() {
    let mut only = start(accounts());
    only.read_only = true;
    let mut shell = Shell::with(80, 24, only);
    shell.press("t");
    assert!(shell.effects().iter().all(|e| !matches!(e, Effect::Stage(..))));
    insta::assert_snapshot!(shell.picture());
}

#[test]
fn the_tree_opens_lazily_and_the_rows_follow_it() {
    let mut shell = Shell::new(120, 30);
    shell.press("h");
    assert!(!shell.shows("▸ Espresso"));
    shell.press("l");
    assert!(shell.shows("▸ Espresso") && !shell.shows("    Beans phrase"));
    shell.press("j");
    assert!(shell.line_with("Negatives").contains("Negatives  6"));
    shell.press("l j");
    assert!(shell.line_with("unbid").contains("acme-us › Espresso › Beans exact"));
    assert!(shell.line_with("Negatives").contains("Negatives  5"), "its own and its campaign's");
    shell.press("h h");
    assert!(!shell.shows("    Beans phrase"));
}

#[test]
fn toggle_stages_and_toggling_again_takes_it_back() {
    let mut shell = on_espresso(120, 30);
    shell.press("t");
    assert_eq!(staged(&shell).len(), 1);
    shell.press("t");
    assert!(shell.staged.is_empty());
}

#[test]
fn remove_of_a_staged_row_unstages_it() {
    let mut shell = on_espresso(120, 30);
    shell.press("d");
    assert!(shell.staged[0].change.action() == "remove" && shell.shows("archives for good"));
    shell.press("d");
    assert!(shell.staged.is_empty());
}

#[test]
fn a_platform_without_pause_asks_and_offers_its_archive() {
    let mut shell = Shell::new(120, 30);
    shell.click("acme-ebay").press("tab t");
    assert!(shell.staged.is_empty() && shell.shows("eBay has no pause"));
    insta::assert_snapshot!(shell.picture());
    shell.press("enter");
    assert!(shell.staged.is_empty(), "enter alone is the harmless answer");
    shell.press("t right enter");
    assert_eq!(staged(&shell), ["remove cocoa"]);
}

#[test]
fn a_platform_without_delete_switches_off_and_says_when_that_is_all() {
    let mut shell = Shell::new(120, 30);
    shell.click("acme-club").press("tab d");
    assert!(shell.shows("Not possible: Sam's Club has no delete, and it is switched off already"));
    shell.press("j d");
    assert_eq!(staged(&shell), ["remove syrup"]);
    assert!(shell.line_with("syrup").contains("→ off"));
}

#[test]
fn marks_ranges_and_inversion() {
    let mut shell = on_espresso(120, 30);
    shell.press("space space");
    assert!(shell.shows("2 marked, 0 hidden"));
    shell.press("/").type_text("pods").press("enter");
    assert!(shell.shows("2 marked, 2 hidden"));
    shell.press("esc esc g g v j j v");
    assert!(shell.shows("3 marked, 0 hidden"));
    shell.press("*");
    assert!(shell.shows("3 marked, 0 hidden"));
    shell.press("t");
    assert_eq!(shell.staged.len(), 3);
    assert!(shell.model.screens.browse.rows.marks.is_empty());
}

#[test]
fn undo_takes_back_the_last_staging_and_redo_stages_it_again() {
    let mut shell = on_espresso(120, 30);
    shell.press("t j d");
    let both = staged(&shell);
    shell.press("u");
    assert_eq!(staged(&shell), both[..1]);
    shell.press("u");
    assert!(shell.staged.is_empty());
    shell.press("U U");
    assert_eq!(staged(&shell), both);
    shell.press("U");
    assert!(shell.shows("Nothing was taken back."));
}

#[test]
fn undo_of_an_unstaging_stages_again() {
    let mut shell = on_espresso(120, 30);
    shell.press("d d u");
    assert_eq!(staged(&shell).len(), 1);
}

#[test]
fn a_newer_query_makes_the_older_void() {
    let mut shell = on_espresso(120, 30);
    shell.answers = false;
    shell.effects();
    shell.press("/").type_text("po");
    let tickets: Vec<Ticket> = shell
        .effects()
        .iter()
        .filter_map(|e| match e {
            Effect::Query(ticket, _) => Some(*ticket),
            _ => None,
        })
        .collect();
    assert_eq!(tickets.len(), 2);
    let before = shell.model.screens.browse.rows.len();
    shell.send(Msg::Done(tickets[0], Err(Problem::new(ProblemKind::Storage, "late"))));
    assert!(!shell.shows("late"));
    assert_eq!(shell.model.screens.browse.rows.len(), before);
}

#[test]
fn a_broken_filter_keeps_the_rows_and_says_why() {
    let mut shell = on_espresso(120, 30);
    shell.press("/").type_text("/be");
    let before = shell.model.screens.browse.rows.len();
    shell.type_text("(");
    assert_eq!(shell.model.screens.browse.rows.len(), before);
    insta::assert_snapshot!(shell.line_with("Negatives"));
}

#[test]
fn nothing_matches_says_how_to_get_back() {
    let mut shell = on_espresso(120, 30);
    shell.press("/").type_text("zzz").press("enter");
    assert!(shell.shows("0 of 6 match") && shell.shows("esc clears the filter"));
    shell.press("esc");
    assert!(shell.line_with("Negatives").contains("Negatives  6"));
}

#[test]
fn the_cursor_stays_on_its_row_when_the_order_changes() {
    let mut shell = on_espresso(120, 30);
    shell.press("j j");
    let row = shell.model.screens.browse.rows.under_cursor().unwrap();
    shell.press("S");
    assert_eq!(shell.model.screens.browse.rows.under_cursor().unwrap(), row);
    shell.press("s G enter");
    assert_eq!(shell.model.screens.browse.rows.under_cursor().unwrap(), row);
}

#[test]
fn a_new_snapshot_keeps_place_cursor_and_marks() {
    let mut shell = on_espresso(120, 30);
    shell.press("j space");
    let row = shell.model.screens.browse.rows.under_cursor().unwrap();
    shell.catalog = Arc::new(catalog(["Espresso", "Beans exact", "aaa new text"]));
    shell.press("R");
    let ticket = shell.effects().into_iter().find_map(|e| match e {
        Effect::Sync(ticket, accounts) => (accounts.len() == 3).then_some(ticket),
        _ => None,
    });
    shell.send(Msg::Done(ticket.unwrap(), Ok(Reply::Synced(Vec::new()))));
    assert!(shell.shows("aaa new text"));
    assert_eq!(shell.model.screens.browse.rows.under_cursor().unwrap().id(), row.id());
    assert!(shell.shows("1 marked, 0 hidden"));
}

#[test]
fn copies_the_value_and_rows_as_csv() {
    let mut shell = on_espresso(120, 30);
    shell.press("j y Y");
    let copies: Vec<String> = shell
        .effects()
        .into_iter()
        .filter_map(|e| match e {
            Effect::Copy(text) => Some(text),
            _ => None,
        })
        .collect();
    assert_eq!(copies[0], "decaf");
    assert!(copies[1].ends_with("acme-us,enabled,decaf,phrase,campaign,Espresso,,1000\n"), "{}", copies[1]);
}

#[test]
fn the_palette_finds_places_and_says_why_an_action_cannot_be_done() {
    let mut shell = Shell::new(80, 24);
    shell.press(":").type_text("grind");
    assert!(shell.line_with("Grinders").contains("campaign"));
    insta::assert_snapshot!(shell.picture());
    shell.press("down enter");
    let trail = shell.line_with("unbid");
    assert!(trail.contains("Grinders"), "{trail}");
    shell.press(":").type_text("other scopes");
    assert!(shell.shows("Copy the marked to other scopes: "), "{}", shell.picture());
}

#[test]
fn the_mouse_clicks_rows_nodes_and_hints() {
    let mut shell = on_espresso(120, 30);
    shell.click("free decaf");
    assert_eq!(shell.model.screens.browse.rows.under_cursor().unwrap().text().raw(), "free decaf");
    shell.click("on/off");
    assert_eq!(staged(&shell), ["set-state free decaf paused"]);
    shell.click("acme-ebay");
    assert!(shell.line_with("unbid").contains("acme-ebay"));
    shell.click("? help");
    assert!(shell.shows("Five keys are enough"));
}

#[test]
fn hostile_text_is_shown_harmless() {
    let mut shell = Shell::asleep(120, 30);
    let wild = "\u{1b}[2J\u{202e}evil\u{200b}\u{e0041}";
    shell.catalog = Arc::new(catalog([wild, wild, wild]));
    shell.send(Msg::Start(Box::new(start(accounts()))));
    shell.press("j l tab");
    for _ in 0..3 {
        let picture = shell.picture();
        assert!(picture.contains("␛[2J<U+202E>evil"), "{picture}");
        let steers = |c: char| c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}');
        assert!(!picture.chars().any(|c| c != '\n' && steers(c)), "{picture}");
        shell.press("enter");
    }
}

#[test]
fn removed_state_is_what_the_platform_has() {
    let mut shell = Shell::new(120, 30);
    shell.click("acme-club").press("tab j t");
    let change = &shell.staged[0].change;
    assert!(matches!(change, Change::SetState { to: State::Paused, .. }), "{change:?}");
}

/// The opening as the store would give it: one row, fetched some time ago.
fn opening(fetched: &str) -> Opening {
    let known = catalog(["Espresso", "Beans exact", "decaf"]);
    let negative = known.to_negative(known.negatives_in(Scope::All).next().unwrap());
    let identity = accounts()[0].account.identity.clone();
    let row = Row {
        account: identity.clone(),
        negative,
        campaign: "Espresso".into(),
        campaign_state: ParentState::Enabled,
        campaign_holds: Holds::Yes,
        ad_group: None,
        first_seen: None,
    };
    let states = accounts().into_iter().map(|a| {
        let state = SnapshotState { fetched: Some(fetched.parse().unwrap()), ..SnapshotState::default() };
        (a.account.identity, state)
    });
    Opening { accounts: states.collect(), staged: Vec::new(), rows: vec![row], terms: Vec::new() }
}

fn opened(fetched: &str) -> Shell {
    let mut shell = Shell::asleep(120, 30);
    shell.answers = false;
    shell.send(Msg::Start(Box::new(start(accounts()))));
    let ticket = shell.effects().iter().find_map(|e| match e {
        Effect::LoadOpening(ticket, _) => Some(*ticket),
        _ => None,
    });
    shell.send(Msg::Done(ticket.unwrap(), Ok(Reply::Opening(opening(fetched)))));
    shell
}

#[test]
fn the_first_rows_show_before_the_snapshot_is_in_memory() {
    let mut shell = opened("2026-10-01T11:58:00Z");
    assert!(shell.line_with("decaf").contains("Espresso › whole") && shell.shows("data 2 min"));
    assert!(shell.effects().iter().all(|e| !matches!(e, Effect::Sync(..))), "young enough");
    shell.press("tab t");
    assert!(shell.shows("The snapshot is still loading."));
}

#[test]
fn a_filter_typed_before_the_snapshot_is_in_memory_waits_for_it() {
    let mut shell = Shell::asleep(120, 30);
    shell.answers = false;
    shell.send(Msg::Start(Box::new(start(accounts()))));
    let asked = shell.effects();
    let first = asked.iter().find_map(|e| if let Effect::LoadOpening(t, _) = e { Some(*t) } else { None });
    let all = asked.iter().find_map(|e| if let Effect::LoadCatalog(t) = e { Some(*t) } else { None });
    shell.send(Msg::Done(first.unwrap(), Ok(Reply::Opening(opening("2026-10-01T11:58:00Z")))));
    shell.press("/").type_text("decaf");
    assert!(shell.shows("Negatives  / decaf"));
    shell.answers = true;
    let now = CatalogNow { catalog: shell.catalog.clone(), overlay: Arc::default(), touches: Arc::default() };
    shell.send(Msg::Done(all.unwrap(), Ok(Reply::Catalog(now))));
    assert!(shell.line_with("/ decaf").contains(" of "), "{}", shell.picture());
}

#[test]
fn what_is_too_old_refreshes_and_one_failure_does_not_lose_the_others() {
    let mut shell = opened("2026-10-01T09:00:00Z");
    let (ticket, asked) = shell
        .effects()
        .into_iter()
        .find_map(|e| match e {
            Effect::Sync(ticket, accounts) => Some((ticket, accounts)),
            _ => None,
        })
        .unwrap();
    assert_eq!(asked.len(), 3);
    let counts = SyncCounts { campaigns: 3, ad_groups: 5, negatives: 12_400 };
    shell.send(Msg::Progress(ticket, Progress::Sync(asked[0].clone(), counts)));
    shell.wait(Duration::from_millis(200));
    assert!(shell.line_with("unbid").contains("refreshing · 12,400 negatives"));
    let down = Problem::new(ProblemKind::Network, "acme-ebay could not be reached").hint("Try again with r.");
    shell.send(Msg::Progress(ticket, Progress::AccountSynced(asked[1].clone(), Err(down.clone()))));
    shell.send(Msg::Done(ticket, Ok(Reply::Synced(vec![(asked[1].clone(), down)]))));
    assert!(shell.effects().iter().any(|e| matches!(e, Effect::LoadCatalog(_))));
    assert!(shell.line_with("acme-ebay  ").contains("stale!") && shell.shows("could not be reached"));
    shell.wait(Duration::from_mins(1));
    assert!(shell.shows("could not be reached"), "failures stay until dismissed");
    shell.press("esc");
    assert!(!shell.shows("could not be reached"));
}

#[test]
fn taking_the_filter_away_leaves_the_cursor_on_its_row() {
    let mut shell = on_espresso(120, 30);
    shell.press("/").type_text("pods").press("enter esc");
    assert_eq!(shell.model.screens.browse.rows.under_cursor().unwrap().text().raw(), "decaf pods");
    shell.press("/").type_text("deca");
    assert_eq!(shell.model.screens.browse.rows.list.cursor, 2, "a row that was chosen is followed");
}

#[test]
fn since_when_a_negative_is_there_is_told_by_our_journal_first() {
    let mut shell = Shell::new(140, 45);
    shell.model.screens.browse.pane = Pane::Rows;
    shell.press("/").type_text("pods").press("enter");
    assert!(shell.shows("since 3 Mar"), "as the platform tells: {}", shell.picture());
    let account = accounts()[0].account.identity.clone();
    let key = NegativeKey { kind: Kind::Keyword, level: Level::AdGroup, id: "1002".into() };
    let touch = |number: u64, began: &str| Touch {
        number,
        operation: OperationId::from_uuid(uuid::Uuid::from_u128(u128::from(number))),
        who: "ann".into(),
        began: began.parse().unwrap(),
    };
    let operations = vec![touch(7, "2026-08-03T09:00:00Z"), touch(9, "2026-09-30T09:00:00Z")];
    let touched = Touched { last: 1, added: Some(0) };
    shell.touches = Arc::new(Touches::new(operations, [(account, key, touched)]));
    shell.press("R");
    let ticket = shell.effects().iter().rev().find_map(|effect| match effect {
        Effect::Sync(ticket, _) => Some(*ticket),
        _ => None,
    });
    shell.send(Msg::Done(ticket.unwrap(), Ok(Reply::Synced(Vec::new()))));
    assert!(shell.shows("since 3 Aug (operation 9, ann)"), "{}", shell.picture());
}
