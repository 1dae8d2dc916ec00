//! The what-if of the form as a person sees it: while typing, in all, as a list; and that no key waits for it.

use std::sync::Arc;

use crate::ui::effect::Effect;
use crate::ui::overlays::Overlay;
use crate::ui::screens::browse::Pane;
use crate::ui::testing::{Shell, terms};

const ROWS: &[(&str, &str, u32, u64)] = &[
    ("g1", "free espresso sample", 20, 0),
    ("g1", "espresso sample free shipping", 3, 0),
    ("g1", "espresso machine", 31, 5),
    ("g1", "best espresso machines", 7, 1),
    ("g2", "espresso machine", 9, 2),
];

fn on_beans(width: u16, height: u16, loaded: bool) -> Shell {
    let mut shell = Shell::new(width, height);
    if loaded {
        shell.terms = Some(Arc::new(terms(&shell.catalog, ROWS)));
    }
    shell.model.screens.browse.pane = Pane::Tree;
    shell.press("j l j a");
    shell
}

fn phrase(shell: &mut Shell, lines: &[&str]) {
    shell.press("shift-tab shift-tab right tab tab");
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            shell.press("enter");
        }
        shell.type_text(line);
    }
}

const LINES: &[&str] = &["espresso sample", "espresso machine", "grinder", "decaf", "one two three four five"];

#[test]
fn beside_each_line_wide() {
    let mut shell = on_beans(140, 45, true);
    phrase(&mut shell, LINES);
    insta::assert_snapshot!(shell.picture());
}

#[test]
fn below_the_lines_narrow() {
    let mut shell = on_beans(80, 24, true);
    phrase(&mut shell, LINES);
    shell.press("up up up");
    insta::assert_snapshot!(shell.picture());
}

#[test]
fn nothing_loaded_is_said_and_no_money() {
    for (width, height) in [(140, 45), (80, 24)] {
        let mut shell = on_beans(width, height, false);
        phrase(&mut shell, &["espresso machine"]);
        assert!(!shell.shows("$"), "{}", shell.picture());
        assert!(shell.shows("search terms"), "{}", shell.picture());
        shell.press("ctrl-t");
        assert!(shell.shows("No search terms are loaded"), "{}", shell.picture());
    }
}

#[test]
fn the_list_of_terms_opens_and_closes() {
    let mut shell = on_beans(140, 45, true);
    phrase(&mut shell, &["espresso machine"]);
    shell.press("ctrl-t");
    assert!(matches!(shell.model.overlays.last(), Some(Overlay::Pager(_))));
    insta::assert_snapshot!(shell.picture());
    shell.press("esc");
    assert!(matches!(shell.model.overlays.last(), Some(Overlay::Add(_))));
}

#[test]
fn the_list_of_several_lines_names_each_and_keeps_orders_and_dates_on_narrow_screens() {
    let mut shell = on_beans(80, 24, true);
    phrase(&mut shell, &["espresso machine", "", "nothing like it"]);
    shell.press("up ctrl-t");
    assert!(matches!(shell.model.overlays.last(), Some(Overlay::Pager(_))));
    insta::assert_snapshot!(shell.picture());
}

#[test]
fn a_key_stops_the_question_before_and_never_waits() {
    let mut shell = on_beans(140, 45, true);
    shell.answers = false;
    shell.asked.clear();
    shell.type_text("ab");
    let asked = std::mem::take(&mut shell.asked);
    let [Effect::Simulate(first, ..), Effect::Cancel(stopped), Effect::Simulate(second, ..)] = asked.as_slice()
    else {
        panic!("{asked:?}");
    };
    assert!(first == stopped && first != second);
    assert!(shell.shows("ab"), "{}", shell.picture());
}

#[test]
fn browse_says_what_it_blocked_before_and_the_plan_what_it_would() {
    for (width, height) in [(140, 45), (80, 24)] {
        let mut shell = on_beans(width, height, true);
        phrase(&mut shell, &["espresso machine", "espresso sample"]);
        shell.press("ctrl-s p");
        insta::assert_snapshot!(format!("plan_{width}"), shell.picture());
        assert!(shell.shows("had 5 orders, $211.00"), "{}", shell.picture());
    }
}

#[test]
fn details_of_an_existing_negative_say_what_it_blocks() {
    for (width, height) in [(140, 45), (80, 24)] {
        let mut shell = Shell::new(width, height);
        let rows = [("g3", "decaf grinder", 10, 0), ("g1", "decaf pods", 4, 1)];
        shell.terms = Some(Arc::new(terms(&shell.catalog, &rows)));
        shell.model.screens.browse.pane = Pane::Rows;
        shell.press("/").type_text("decaf match:phrase").press("enter j k");
        insta::assert_snapshot!(format!("details_{width}"), shell.picture());
        assert!(shell.shows("elsewhere since"), "{}", shell.picture());
    }
}

#[test]
fn details_find_room_for_the_dates_before_the_word_for_a_cost() {
    // Where the pane has room for all, for all but the word.
    for (width, costs) in [(160, true), (140, false)] {
        let mut shell = Shell::new(width, 45);
        shell.terms = Some(Arc::new(terms(&shell.catalog, &[("g3", "decaf grinder", 25, 5)])));
        shell.model.screens.browse.pane = Pane::Rows;
        shell.press("/").type_text("decaf match:phrase").press("enter j k");
        let picture = shell.picture();
        let line = picture.lines().find(|line| line.contains("elsewhere since")).unwrap();
        assert!(line.contains("1 Sep–29 Sep"), "{width}: {line}");
        assert_eq!(line.contains("cost $"), costs, "{width}: {line}");
    }
}

#[test]
fn the_list_opens_from_browse_and_from_the_plan_too() {
    let mut shell = on_beans(140, 45, true);
    phrase(&mut shell, &["espresso machine"]);
    shell.press("ctrl-s p ctrl-t");
    assert!(shell.shows("Search terms blocked by espresso machine"), "{}", shell.picture());
    shell.press("esc 1 tab g g ctrl-t");
    assert!(shell.shows("No loaded search term is blocked by it"), "{}", shell.picture());
    shell.press("/").type_text("machine").press("enter ctrl-t");
    assert!(shell.shows("best espresso machines"), "{}", shell.picture());
}

#[test]
fn a_long_list_is_summed_up_whole_and_weighed_around_the_cursor() {
    let mut shell = on_beans(140, 45, true);
    phrase(&mut shell, &[]);
    let lines: Vec<String> =
        (0..4_000).map(|n| format!("zebra {n}")).chain(["espresso machine".to_owned()]).collect();
    shell.asked.clear();
    shell.send(crate::ui::msg::Msg::Paste(lines.join("\n")));
    let asked = |effect: &Effect| match effect {
        Effect::Simulate(_, questions, _) => Some(questions.len()),
        _ => None,
    };
    let each: Vec<usize> = shell.asked.iter().filter_map(asked).collect();
    assert!(each.iter().all(|asked| *asked <= 2_000) && !each.is_empty(), "{each:?}");
    assert!(shell.asked.iter().any(|effect| matches!(effect, Effect::SumUp(..))));
    assert!(shell.shows("all: blocks 1 term"), "{}", shell.picture());
    assert!(shell.line_with("espresso machine").contains("had 5 orders"), "{}", shell.picture());
    // The list of the line under the cursor; of all of them it would be no list to read.
    shell.press("ctrl-t");
    assert!(shell.shows("Search terms blocked by espresso machine"), "{}", shell.picture());
    shell.press("esc up ctrl-t");
    assert!(shell.shows("Go to a line that blocks something"), "{}", shell.picture());
    // The next key stops the sum that is under way.
    shell.answers = false;
    shell.asked.clear();
    shell.type_text("ab");
    let sums = shell.asked.iter().filter(|effect| matches!(effect, Effect::SumUp(..))).count();
    let stopped = shell.asked.iter().filter(|effect| matches!(effect, Effect::Cancel(_))).count();
    assert!(sums == 2 && stopped >= 2, "{sums} {stopped}");
}

#[test]
fn terms_that_arrive_are_asked_about_at_once() {
    let mut shell = on_beans(140, 45, false);
    phrase(&mut shell, &["espresso machine"]);
    assert!(shell.shows("search terms are not loaded"), "{}", shell.picture());
    let ticket = shell.model.tickets.draw();
    shell.model.data.fetch.ask(ticket, shell.model.data.clock.monotonic);
    shell.terms = Some(Arc::new(terms(&shell.catalog, ROWS)));
    shell.send(crate::ui::msg::Msg::Done(ticket, Ok(crate::ui::msg::Reply::TermsFetched)));
    assert!(shell.shows("had 5 orders, $211.00"), "{}", shell.picture());
}
