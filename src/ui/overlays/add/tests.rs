//! The form as a person uses it: keys before and after, whole screens.

use std::time::Duration;

use super::Field;
use crate::domain::change::{Change, NewNegative};
use crate::domain::judge::Judgement;
use crate::domain::negative::{MatchType, State};
use crate::domain::problem::{Problem, ProblemKind};
use crate::ui::effect::Effect;
use crate::ui::msg::{BrandHit, Msg, Reply};
use crate::ui::overlays::Overlay;
use crate::ui::part::Available;
use crate::ui::screens::browse::Pane;
use crate::ui::testing::{Shell, accounts, start};

/// What is staged, in words: action, text, match or state, ad group.
fn staged(shell: &Shell) -> Vec<String> {
    shell
        .staged
        .iter()
        .map(|s| match &s.change {
            Change::Add { new } => {
                let group = new.ad_group.as_ref().map_or("campaign", |id| id.raw());
                let sort = new.match_type.map_or_else(|| new.kind.to_string(), |m| m.to_string());
                let off = if new.state == State::Paused { " paused" } else { "" };
                format!("+ {} {sort} {group}{off}", new.text.raw())
            }
            Change::SetState { target, to } => format!("~ {} {to}", target.text.raw()),
            Change::Remove { target } => format!("- {}", target.text.raw()),
        })
        .collect()
}

/// Focus in the tree, so many rows down from the first account's campaigns.
fn at(width: u16, height: u16, keys: &str) -> Shell {
    let mut shell = Shell::new(width, height);
    shell.model.screens.browse.pane = Pane::Tree;
    for key in keys.split(' ').filter(|key| !key.is_empty()) {
        shell.press(key);
    }
    shell.effects();
    shell
}

/// The form on the ad group "Beans exact" of the first account.
fn on_beans(width: u16, height: u16) -> Shell {
    let mut shell = at(width, height, "j l j");
    shell.press("a");
    shell
}

fn is_open(shell: &Shell) -> bool {
    shell.model.overlays.iter().any(|overlay| matches!(overlay, Overlay::Add(_)))
}

/// Picks the choice one to the right in a row, from the text area so many fields back.
fn back_and_right(shell: &mut Shell, fields: usize) {
    for _ in 0..fields {
        shell.press("shift-tab");
    }
    shell.press("right");
}

fn pasted(shell: &mut Shell, text: &str) {
    shell.send(Msg::Paste(text.to_owned()));
}

/// One line for each thing that can be said.
const EVERYTHING: &str = "free espresso sample\ndecaf espresso\ndecaf pods\ninstant coffee\nB07YT8NVF9\n\
    one two three four five six seven eight nine ten eleven\nFREE  espresso sample";

#[test]
fn empty_wide() {
    insta::assert_snapshot!(on_beans(140, 45).picture());
}

#[test]
fn empty_narrow() {
    insta::assert_snapshot!(on_beans(80, 24).picture());
}

#[test]
fn every_verdict_wide() {
    let mut shell = on_beans(140, 45);
    pasted(&mut shell, EVERYTHING);
    insta::assert_snapshot!(shell.picture());
}

#[test]
fn every_verdict_narrow() {
    let mut shell = on_beans(80, 24);
    pasted(&mut shell, EVERYTHING);
    shell.press("up");
    insta::assert_snapshot!(shell.picture());
}

#[test]
fn a_campaign_without_a_level_of_its_own_is_all_its_ad_groups() {
    let mut shell = at(140, 45, "j j j j");
    assert!(shell.line_with("unbid").contains("acme-ebay"), "{}", shell.picture());
    shell.press("l j a");
    pasted(&mut shell, "tea\ncocoa\nfree coffee");
    insta::assert_snapshot!("ebay_campaign", shell.picture());
    shell.press("ctrl-s");
    assert_eq!(staged(&shell), ["+ free coffee exact g5"]);
}

#[test]
fn sams_has_one_match_type_and_no_campaign_level() {
    let mut shell = at(80, 24, "");
    shell.press("j j j j j l j a");
    assert!(shell.line_with(" To ").contains("acme-club"), "{}", shell.picture());
    pasted(&mut shell, "sugar\n\"free syrup\"");
    insta::assert_snapshot!("sams_campaign", shell.picture());
}

#[test]
fn typed_lines_are_staged_and_taken_back_as_one() {
    let mut shell = on_beans(100, 30);
    shell.type_text("free beans").press("enter").type_text("gift card").press("ctrl-s");
    assert_eq!(staged(&shell), ["+ free beans exact g1", "+ gift card exact g1"]);
    assert!(!is_open(&shell) && shell.shows("2 changes staged, not sent"));
    shell.press("u");
    assert!(shell.staged.is_empty());
}

#[test]
fn what_is_to_fix_stays_and_the_rest_is_staged() {
    let mut shell = on_beans(100, 30);
    pasted(&mut shell, EVERYTHING);
    assert!(shell.shows("1 to fix"));
    shell.press("ctrl-s");
    assert_eq!(
        staged(&shell),
        ["+ free espresso sample exact g1", "~ instant coffee enabled", "+ B07YT8NVF9 exact g1"]
    );
    assert!(is_open(&shell) && shell.shows("1 to fix stays here"), "{}", shell.picture());
    assert!(shell.shows("one two three") && !shell.shows("decaf pods exact"));
    for _ in 0..7 {
        shell.press("backspace");
    }
    shell.press("ctrl-s");
    assert_eq!(staged(&shell).len(), 4);
    assert!(!is_open(&shell));
}

#[test]
fn covered_lines_are_staged_only_when_asked() {
    let mut shell = on_beans(100, 30);
    shell.type_text("decaf espresso").press("ctrl-s");
    assert!(shell.staged.is_empty() && is_open(&shell));
    assert!(shell.shows("Nothing to stage: 1 covered"), "{}", shell.picture());
    shell.press("tab space ctrl-s");
    assert_eq!(staged(&shell), ["+ decaf espresso exact g1"]);
}

#[test]
fn tab_goes_through_the_fields_and_round() {
    let mut shell = on_beans(100, 30);
    let mut seen = Vec::new();
    for _ in 0..6 {
        let Some(Overlay::Add(form)) = shell.model.overlays.last() else { panic!() };
        seen.push(form.focus);
        shell.press("tab");
    }
    assert_eq!(seen, [Field::Text, Field::Stage, Field::To, Field::Kind, Field::Match, Field::State]);
}

#[test]
fn arrows_and_space_choose_match_type_state_and_campaign_level() {
    let mut shell = on_beans(100, 30);
    shell.type_text("free beans");
    shell.press("shift-tab space shift-tab right shift-tab shift-tab right");
    assert!(shell.shows("campaign level: reaches all its 2 ad groups"), "{}", shell.picture());
    shell.press("ctrl-s");
    assert_eq!(staged(&shell), ["+ free beans phrase campaign paused"]);
}

#[test]
fn quotes_and_brackets_are_signs_unless_told_otherwise() {
    let mut shell = on_beans(100, 30);
    pasted(&mut shell, "\"free beans\"\n[gift card]\n");
    assert!(shell.shows("Quotes, brackets (2)"), "{}", shell.picture());
    let mut other = on_beans(100, 30);
    shell.press("ctrl-s");
    assert_eq!(staged(&shell), ["+ free beans phrase g1", "+ gift card exact g1"]);
    pasted(&mut other, "[gift card]");
    other.press("tab right ctrl-s");
    assert_eq!(staged(&other), ["+ [gift card] exact g1"]);
}

#[test]
fn asins_in_lower_case_are_offered_in_capitals() {
    let mut shell = on_beans(100, 30);
    back_and_right(&mut shell, 3);
    pasted(&mut shell, "b01abcdef2\nB07YT8NVF9");
    assert!(shell.shows("1 to fix") && shell.shows("1 there"), "{}", shell.picture());
    shell.press("tab enter ctrl-s");
    assert_eq!(staged(&shell), ["+ B01ABCDEF2 product g1"]);
}

#[test]
fn several_scopes_are_picked_by_name() {
    let mut shell = on_beans(100, 30);
    shell.type_text("free beans");
    shell.press("shift-tab shift-tab shift-tab shift-tab left enter");
    assert!(shell.shows("Pick campaigns and ad groups by name"), "{}", shell.picture());
    shell.type_text("grind").press("enter");
    shell.press("ctrl-a ctrl-k").type_text("Coffee").press("enter");
    insta::assert_snapshot!("scope_picker", shell.picture());
    shell.press("esc");
    assert!(shell.shows("2 scopes picked"), "{}", shell.picture());
    shell.press("ctrl-s");
    let all = staged(&shell);
    assert_eq!(all.len(), 2, "{all:?}");
    assert!(all.iter().all(|one| one.starts_with("+ free beans exact")));
}

#[test]
fn marked_rows_take_it_each_at_its_own_place() {
    let mut shell = at(100, 30, "j tab");
    shell.press("space space space a");
    assert!(shell.shows("each where it is now ("), "{}", shell.picture());
    shell.type_text("gift card").press("ctrl-s");
    assert!(staged(&shell).len() > 1, "{:?}", staged(&shell));
}

#[test]
fn esc_asks_before_text_is_lost() {
    let mut shell = on_beans(100, 30);
    shell.press("esc");
    assert!(!is_open(&shell), "an empty form closes at once");
    shell.press("a").type_text("gift").press("esc");
    assert!(shell.shows("This discards 1 line."));
    shell.press("esc");
    assert!(is_open(&shell) && shell.shows("gift"));
    shell.press("esc right enter");
    assert!(!is_open(&shell) && shell.staged.is_empty());
}

#[test]
fn a_long_list_is_judged_behind_and_no_key_waits() {
    let mut shell = on_beans(100, 30);
    shell.answers = false;
    let list = (0..10_000).map(|n| format!("list word {n}")).collect::<Vec<_>>().join("\n") + "\n";
    pasted(&mut shell, &list);
    assert!(shell.shows("judging 10,000 lines"), "{}", shell.picture());
    shell.type_text("x");
    let asked: Vec<Effect> = shell.effects().into_iter().filter(|e| matches!(e, Effect::Judge(..))).collect();
    assert_eq!(asked.len(), 1, "one at a time");
    let answer = |shell: &mut Shell, effect: &Effect| {
        let Effect::Judge(ticket, lines) = effect else { panic!() };
        let n = lines.iter().map(|(_, new)| new.len()).sum();
        shell.send(Msg::Done(*ticket, Ok(Reply::Judged(vec![Judgement::default(); n]))));
    };
    answer(&mut shell, &asked[0]);
    assert!(shell.shows("judging 10,001 lines"), "an answer to other lines is not taken");
    let again: Vec<Effect> = shell.effects().into_iter().filter(|e| matches!(e, Effect::Judge(..))).collect();
    answer(&mut shell, &again[0]);
    assert!(shell.shows("10,001 to stage"), "{}", shell.picture());
}

fn hits(names: &[&str]) -> Vec<BrandHit> {
    names.iter().map(|name| BrandHit { id: format!("{}", name.len()).into(), name: (*name).into() }).collect()
}

/// The form with the kind "brand", the search field in focus, unanswered.
fn on_brands(width: u16, height: u16) -> Shell {
    let mut shell = on_beans(width, height);
    shell.press("shift-tab shift-tab shift-tab left tab tab");
    shell.answers = false;
    shell.effects();
    shell
}

fn asked_brands(shell: &mut Shell) -> Vec<(crate::ui::remote::Ticket, String)> {
    let effects = shell.effects().into_iter();
    effects
        .filter_map(|e| match e {
            Effect::Brands(ticket, _, name) => Some((ticket, name)),
            _ => None,
        })
        .collect()
}

#[test]
fn brands_are_found_by_name_and_picked() {
    let mut shell = on_brands(140, 45);
    shell.type_text("acme");
    let asked = asked_brands(&mut shell);
    assert_eq!(asked.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>(), ["ac"], "one at a time");
    shell.wait(Duration::from_millis(200));
    insta::assert_snapshot!("brands_loading", shell.picture());
    shell.send(Msg::Done(asked[0].0, Ok(Reply::Brands(hits(&["Accent"])))));
    let asked = asked_brands(&mut shell);
    assert_eq!(asked[0].1, "acme", "what was typed meanwhile is asked next");
    shell.send(Msg::Done(asked[0].0, Ok(Reply::Brands(hits(&["Acme", "Acme Coffee"])))));
    shell.press("tab space down space");
    insta::assert_snapshot!("brands_ready", shell.picture());
    shell.answers = true;
    shell.press("ctrl-s");
    assert_eq!(staged(&shell), ["+ 4 brand g1", "+ 11 brand g1"]);
    let Change::Add { new: NewNegative { brand_name: Some(name), .. } } = &shell.staged[1].change else {
        panic!()
    };
    assert_eq!(name.raw(), "Acme Coffee");
}

#[test]
fn brands_that_cannot_be_had_say_why() {
    let mut shell = on_brands(80, 24);
    shell.type_text("ac");
    let asked = asked_brands(&mut shell);
    let problem = Problem::new(ProblemKind::Server, "Amazon did not answer").hint("Try again in a moment.");
    shell.send(Msg::Done(asked[0].0, Err(problem)));
    insta::assert_snapshot!("brands_failed", shell.picture());
}

/// The form that edits the row with this text, in the first campaign.
fn editing(text: &str) -> Shell {
    let mut shell = at(100, 30, "j tab");
    for _ in 0..10 {
        if shell.model.screens.browse.rows.under_cursor().is_some_and(|row| row.text().raw() == text) {
            break;
        }
        shell.press("j");
    }
    shell.press("e");
    shell
}

#[test]
fn editing_a_text_is_a_removal_and_an_addition() {
    let mut shell = editing("decaf pods");
    shell.press("ctrl-s");
    assert!(shell.shows("Nothing is changed") && shell.staged.is_empty());
    shell.type_text(" sale");
    insta::assert_snapshot!("edit", shell.picture());
    shell.press("ctrl-s");
    assert_eq!(staged(&shell), ["- decaf pods", "+ decaf pods sale exact g1"]);
    shell.press("u");
    assert!(shell.staged.is_empty());
}

#[test]
fn editing_only_the_state_is_a_change_of_state() {
    let mut shell = editing("decaf pods");
    shell.press("shift-tab right ctrl-s");
    assert_eq!(staged(&shell), ["~ decaf pods paused"]);
}

#[test]
fn editing_a_staged_addition_replaces_it() {
    let mut shell = on_beans(100, 30);
    shell.type_text("free beans").press("ctrl-s");
    shell.press("tab");
    for _ in 0..10 {
        if shell.model.screens.browse.rows.under_cursor().is_some_and(|row| row.text().raw() == "free beans") {
            break;
        }
        shell.press("j");
    }
    shell.press("e").type_text("!").press("shift-tab shift-tab right ctrl-s");
    assert_eq!(staged(&shell), ["+ free beans! phrase g1"]);
    shell.press("u");
    assert_eq!(staged(&shell), ["+ free beans exact g1"]);
}

#[test]
fn read_only_accounts_open_no_form() {
    let mut all = accounts();
    all[0].account.read_only = true;
    let mut shell = Shell::with(100, 30, start(all));
    shell.press("a");
    assert!(!is_open(&shell) && shell.shows("read-only in the configuration"));
}

#[test]
fn nothing_typed_lists_no_terms_and_stages_nothing() {
    let mut shell = on_beans(100, 30);
    shell.press("ctrl-t");
    assert!(shell.shows("Nothing is typed yet"));
    let stage = crate::ui::available::available(&shell.model, crate::ui::action::Action::StageForm);
    assert_eq!(stage, Available::no("Nothing is typed yet"));
}

#[test]
fn a_staging_that_fails_keeps_the_form() {
    let mut shell = on_beans(100, 30);
    shell.answers = false;
    shell.type_text("free beans").press("ctrl-s");
    let ticket = shell.effects().into_iter().find_map(|e| match e {
        Effect::Stage(ticket, _) => Some(ticket),
        _ => None,
    });
    shell.send(Msg::Done(ticket.unwrap(), Err(Problem::new(ProblemKind::Storage, "The disk is full"))));
    assert!(is_open(&shell) && shell.shows("free beans") && shell.shows("The disk is full"));
}

#[test]
fn foreign_characters_are_shown_harmless() {
    let mut shell = on_beans(80, 24);
    pasted(&mut shell, "free\u{202e}beans\u{7}");
    assert!(shell.shows("free<U+202E>beans␇"), "{}", shell.picture());
}

#[test]
fn match_types_of_the_platform() {
    assert_eq!(super::lines::unmarked("\"\"").1, None);
    assert_eq!(super::lines::unmarked("[a] b").1, None::<MatchType>);
}
