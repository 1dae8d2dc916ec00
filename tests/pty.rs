//! The real binary in a pseudo-terminal: it takes the terminal over, draws, listens, and gives it back.

#![cfg(unix)]

mod support;

use support::seat::{Seat, contains, ends};
use unbid::runtime::terminal::RealScreen;

#[test]
fn the_demo_shows_three_platforms_and_gives_the_terminal_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut seat = Seat::run(&["demo"], folder.path(), 120, 40);
    seat.wait_for("northfell-sams-coffee");
    seat.wait_for("palette");
    seat.press("?");
    seat.wait_for("Five keys are enough");
    seat.press("\x03");
    let (well, raw) = seat.end();
    assert!(well);
    assert!(contains(&raw, b"\x1b[?1049h") && contains(&raw, b"\x1b[?1049l"), "the alternate screen is left");
    assert!(contains(&raw, b"\x1b[?25h"), "the cursor is shown again");
}

#[test]
fn without_a_config_the_first_run_offers_the_demo() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut seat = Seat::run(&[], folder.path(), 80, 24);
    seat.wait_for("Try the demo");
    seat.press("q");
    assert!(seat.end().0);
}

#[test]
fn a_closed_window_ends_the_program() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut seat = Seat::run(&["demo"], folder.path(), 120, 40);
    seat.wait_for("northfell-sams-coffee");
    seat.wait_for("palette");
    assert!(ends(seat.close()), "it goes on without a terminal");
}

#[test]
fn a_signal_ends_the_program_and_gives_the_terminal_back() {
    for name in ["TERM", "HUP", "INT"] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut seat = Seat::run(&["demo"], folder.path(), 120, 40);
        seat.wait_for("palette");
        seat.signal(name);
        let (_, raw) = seat.end();
        assert_given_back(&raw, name);
    }
}

#[test]
fn a_storm_of_sizes_leaves_it_drawing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut seat = Seat::run(&["demo"], folder.path(), 120, 40);
    seat.wait_for("palette");
    for n in 0..1_000_u16 {
        seat.resize(1 + n * 7 % 300, 1 + n * 13 % 100);
    }
    seat.resize(120, 40);
    seat.press("?");
    seat.wait_for("Five keys are enough");
    seat.press("\x03");
    let (well, raw) = seat.end();
    assert!(well);
    assert_given_back(&raw, "a storm of sizes");
}

/// Run by the test below in a terminal of its own.
#[test]
#[ignore = "it panics, on purpose, on a screen that another test watches"]
fn panics_on_the_screen() {
    let _screen = RealScreen::take(true).expect("a terminal");
    panic!("something broke");
}

#[test]
fn a_panic_gives_the_terminal_back_before_it_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = std::env::current_exe().expect("this very test");
    let arguments = ["--ignored", "--exact", "panics_on_the_screen", "--nocapture"];
    let (_, raw) = Seat::of(&program, &arguments, folder.path(), 120, 40).end();
    let said = raw.windows(15).position(|part| part == b"something broke").expect("the panic is told");
    let given = raw.windows(8).position(|part| part == b"\x1b[?1049l").expect("the alternate screen is left");
    assert!(given < said, "{}", String::from_utf8_lossy(&raw));
    assert_given_back(&raw, "a panic");
}

/// Whatever was switched on is off again, and the cursor is there.
#[track_caller]
fn assert_given_back(raw: &[u8], why: &str) {
    let last = |part: &[u8]| raw.windows(part.len()).rposition(|window| window == part);
    for (on, off) in [
        (&b"\x1b[?1049h"[..], &b"\x1b[?1049l"[..]),
        (b"\x1b[?2004h", b"\x1b[?2004l"),
        (b"\x1b[?1000h", b"\x1b[?1000l"),
        (b"\x1b[?25l", b"\x1b[?25h"),
    ] {
        let names = String::from_utf8_lossy(on).escape_debug().to_string();
        assert!(last(off) > last(on), "{why}: {names} stays on");
    }
}
