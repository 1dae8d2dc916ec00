//! The frame and what holds everywhere: every size, every theme, read-only, focus by tab alone.

use std::collections::BTreeSet;

use strum::VariantArray;

use super::action::Action;
use super::effect::Effect;
use super::keymap::Keymap;
use super::screens::ScreenId;
use super::testing::{Shell, accounts, start};
use super::theme::{NAMES, Theme};

#[test]
fn no_size_panics() {
    let mut shell = Shell::new(80, 24);
    for (width, height) in (1..=40).flat_map(|w| (1..=15).map(move |h| (w, h))) {
        shell.resize(width, height);
    }
    for keys in [
        "l j l",
        "/ d e",
        "esc enter",
        "esc ?",
        "esc :",
        "esc s",
        "esc d t",
        "a",
        "x enter y",
        "tab tab enter",
        "shift-tab shift-tab shift-tab right right right",
        "tab tab x y",
    ] {
        shell.press(keys);
        if keys.starts_with('a') || keys.starts_with('x') {
            for (width, height) in (1..=40).flat_map(|w| (1..=15).map(move |h| (w, h))) {
                shell.resize(width, height);
            }
        }
        for (width, height) in
            [(1, 1), (3, 40), (60, 16), (61, 17), (99, 16), (100, 16), (140, 45), (300, 4), (0, 0)]
        {
            shell.resize(width, height);
        }
        for width in (60..180).step_by(7) {
            shell.resize(width, 16 + width % 9);
        }
    }
    for screen in ScreenId::VARIANTS.iter().filter_map(|screen| screen.number()) {
        shell.press("esc esc").press(&screen.to_string());
        for (width, height) in (1..=40).flat_map(|w| (1..=15).map(move |h| (w, h))) {
            shell.resize(width, height);
        }
        for keys in ["j enter", "esc A", "esc x", "esc G", "enter"] {
            shell.resize(120, 40);
            shell.press(keys);
            for width in (60..180).step_by(11) {
                shell.resize(width, 16 + width % 9);
            }
        }
    }
    let mut first = Shell::with(80, 24, start(Vec::new()));
    for (width, height) in (1..=70).flat_map(|w| (1..=17).map(move |h| (w, h))) {
        first.resize(width, height);
    }
}

#[test]
fn too_small_says_what_is_needed() {
    assert_eq!(Shell::new(59, 16).picture().trim_end(), "unbid needs 60x16; this is 59x16");
    assert!(Shell::new(60, 16).shows("Negatives"));
}

#[test]
fn first_run() {
    let mut shell = Shell::with(80, 24, start(Vec::new()));
    insta::assert_snapshot!(shell.picture());
    shell.press("enter");
    assert_eq!(shell.effects(), [Effect::Run("demo")]);
    shell.press("j enter");
    insta::assert_snapshot!("first_run_add_account", shell.picture());
    shell.press("esc q");
    assert_eq!(shell.effects(), [Effect::Quit]);
}

#[test]
fn help_of_browse() {
    let mut shell = Shell::new(100, 45);
    shell.press("?");
    insta::assert_snapshot!(shell.picture());
    shell.press("?");
    assert!(!shell.shows("Five keys are enough"));
}

#[test]
fn every_theme_says_the_same_words() {
    let pictures: BTreeSet<String> = NAMES
        .iter()
        .map(|name| {
            let mut start = start(accounts());
            start.theme = Theme::named(name, false, false).unwrap();
            Shell::with(100, 30, start).picture()
        })
        .collect();
    assert_eq!(pictures.len(), 1);
}

#[test]
fn ascii_draws_nothing_else() {
    let mut start = start(accounts());
    start.theme = Theme::named("mono", false, true).unwrap();
    let mut shell = Shell::with(100, 30, start);
    shell.press("l t");
    for screen in ["1", "p", "A", "esc", "5", "6", "7", "?"] {
        let picture = shell.press(screen).picture();
        assert!(picture.is_ascii(), "{picture}");
    }
}

#[test]
fn arrows_enter_esc_and_tab_reach_the_palette_and_so_everything() {
    let mut shell = Shell::new(100, 30);
    shell.press("tab tab");
    assert_eq!(shell.model.footer, Some(0));
    shell.press("right right right right right right right right enter");
    assert!(shell.shows("Keys"), "the last hint is the help");
    shell.press("esc tab tab");
    let hints = super::view::footer_hints(&shell.model).len();
    shell.model.footer = Some(hints - 2);
    shell.press("enter");
    assert!(shell.shows("Find an action or a place"));
}

#[test]
fn read_only_disables_everything_that_writes() {
    let mut only = start(accounts());
    only.read_only = true;
    let shell = Shell::with(100, 30, only);
    for action in Action::VARIANTS.iter().filter(|a| a.info().writes) {
        let available = super::available::available(&shell.model, *action);
        assert_ne!(available, super::part::Available::Ready, "{action:?}");
    }
}

#[test]
fn quitting_leaves_other_screens_first_and_ctrl_c_always_ends() {
    let mut shell = Shell::new(100, 30);
    shell.press("?").press("ctrl-c");
    assert_eq!(shell.effects(), [Effect::Quit]);
}

#[test]
fn every_key_of_the_table_names_an_action_with_a_title() {
    for row in Keymap::builtin().unwrap().table() {
        assert!(!row.action.info().title.is_empty() && !row.keys.is_empty());
    }
}

#[test]
fn sizes_beyond_the_screen_are_clipped_by_wheel_and_click() {
    let mut shell = Shell::new(100, 30);
    shell.wheel(5, 5).wheel(60, 8).wheel(500, 500);
    shell.click("acme-club");
    assert!(shell.line_with("unbid").contains("acme-club"));
}
