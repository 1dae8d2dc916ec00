//! Journeys: keys typed into the real runtime, over the real engine, store and wire formats, against the sandbox in
//! the same process. Each reads like a user's story; what the platforms hold afterwards is asked of the sandbox.

mod support;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use jiff::Timestamp;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use serde_json::{Value, json};
use support::Bench;
use unbid::domain::clock::Clock;
use unbid::engine::{Engine, Member, Parts, Settings, Time};
use unbid::platform;
use unbid::runtime::terminal::Screen;
use unbid::runtime::{self, App, Ended, Look, Shell};
use unbid::store::Store;

/// A screen in memory.
struct TestScreen {
    terminal: Terminal<TestBackend>,
    copied: Vec<String>,
}

impl Screen for TestScreen {
    type Backend = TestBackend;

    fn terminal(&mut self) -> &mut Terminal<TestBackend> {
        &mut self.terminal
    }

    fn set_mouse(&mut self, _on: bool) -> io::Result<()> {
        Ok(())
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        self.copied.push(text.to_owned());
        Ok(())
    }
}

/// The time of day stands still; ids are new each time.
struct Fixed;

impl Time for Fixed {
    fn now(&self) -> Timestamp {
        "2026-10-01T12:00:00Z".parse().expect("a time")
    }

    fn id(&self) -> uuid::Uuid {
        uuid::Uuid::now_v7()
    }
}

/// A person before the screen.
struct Journey {
    bench: Bench,
    app: App<TestScreen>,
    _folder: tempfile::TempDir,
}

impl Journey {
    /// Opens the screen on a small world, as `unbid demo` does, and waits for the first refresh.
    async fn begin() -> Self {
        let bench = Bench::small();
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).expect("a store");
        let members = bench.config.accounts.iter().map(|account| {
            Member::connected(platform::connect(account, &bench.http).expect("the sandbox's own account"))
        });
        let settings =
            Settings { settle: bench.config.apply.settle, max_age: Duration::from_mins(15), read_only: false };
        let parts =
            Parts { store, members: members.collect(), settings, time: Arc::new(Fixed), who: "ann".into() };
        let engine = Engine::open(parts).await.expect("an engine");
        let start = runtime::start(&engine, &bench.config, Look { no_color: true }).expect("a start");
        let (shell, inbox) = Shell::new(engine, bench.http.clone());
        let terminal = Terminal::new(TestBackend::new(140, 45)).expect("a screen in memory");
        let clock = Clock { wall: Fixed.now(), monotonic: Duration::ZERO };
        let screen = TestScreen { terminal, copied: Vec::new() };
        let mut app = App::new(screen, shell, inbox, Box::new(move || clock)).expect("an app");
        app.feed(start).expect("fed");
        let mut journey = Self { bench, app, _folder: folder };
        journey.quiet().await;
        journey
    }

    /// Waits until nothing is under way.
    async fn quiet(&mut self) {
        self.app.quiet().await.expect("the screen in memory takes all");
    }

    /// Types keys, separated by spaces: `j`, `enter`, `esc`, `tab`, `space`, `ctrl-s`, or `"text"` for typed text.
    async fn keys(&mut self, script: &str) {
        for word in script.split_whitespace() {
            self.press(word).await;
        }
    }

    /// Types text, letter by letter.
    async fn text(&mut self, text: &str) {
        for letter in text.chars() {
            self.app.event(key(KeyCode::Char(letter), KeyModifiers::NONE)).expect("taken");
        }
        self.quiet().await;
    }

    async fn press(&mut self, word: &str) {
        let (modifiers, name) = match word.strip_prefix("ctrl-") {
            Some(name) => (KeyModifiers::CONTROL, name),
            None => (KeyModifiers::NONE, word),
        };
        let code = match name {
            "enter" => KeyCode::Enter,
            "esc" => KeyCode::Esc,
            "tab" => KeyCode::Tab,
            "space" => KeyCode::Char(' '),
            "up" => KeyCode::Up,
            "down" => KeyCode::Down,
            "left" => KeyCode::Left,
            "right" => KeyCode::Right,
            "backspace" => KeyCode::Backspace,
            letter if letter.chars().count() == 1 => KeyCode::Char(letter.chars().next().expect("one")),
            other => panic!("{other} is no key"),
        };
        self.app.event(key(code, modifiers)).expect("taken");
        self.quiet().await;
    }

    /// What is on the screen, line by line.
    fn screen(&mut self) -> String {
        let buffer = self.app.screen().terminal.backend().buffer();
        let width = usize::from(buffer.area.width);
        let cells: Vec<&str> = buffer.content().iter().map(ratatui::buffer::Cell::symbol).collect();
        cells.chunks(width).map(|line| line.concat().trim_end().to_owned()).collect::<Vec<_>>().join("\n")
    }

    /// The screen must say this.
    #[track_caller]
    fn sees(&mut self, text: &str) {
        let screen = self.screen();
        assert!(screen.contains(text), "no {text:?} on the screen:\n{screen}");
    }

    /// The negatives that the platforms hold with this text.
    async fn held(&self, text: &str) -> Vec<Value> {
        let state = self.bench.control("GET", "/state", None).await;
        state.as_array().expect("rows").iter().filter(|row| row["text"] == text).cloned().collect()
    }
}

fn key(code: KeyCode, modifiers: KeyModifiers) -> Event {
    Event::Key(KeyEvent::new(code, modifiers))
}

#[tokio::test]
async fn at_the_start_every_account_is_there_and_the_first_is_focused() {
    let mut journey = Journey::begin().await;
    for account in ["northfell-us", "northfell-ebay-us", "northfell-sams-coffee"] {
        journey.sees(account);
    }
    journey.sees("SANDBOX");
    journey.sees(": palette");
}

#[tokio::test]
async fn a_place_is_found_by_name_and_q_at_the_root_quits() {
    let mut journey = Journey::begin().await;
    journey.keys(":").await;
    journey.text("sams-pets").await;
    journey.sees("northfell-sams-pets");
    journey.keys("enter").await;
    journey.sees("northfell-sams-pets › ");
    journey.keys("q").await;
    assert_eq!(journey.app.ended(), Some(Ended::Quit));
}

#[tokio::test]
async fn a_filter_narrows_and_esc_brings_all_back() {
    let mut journey = Journey::begin().await;
    journey.keys("/").await;
    journey.text("zzzz-no-such-text").await;
    journey.sees("esc clears");
    journey.keys("esc").await;
    assert!(!journey.screen().contains("zzzz-no-such-text"));
}

#[tokio::test]
async fn a_failing_platform_leaves_the_others_in_sight() {
    let mut journey = Journey::begin().await;
    journey.bench.faults(json!([{"platform": "ebay", "method": "GET", "kind": "status", "status": 400}])).await;
    journey.keys("R").await;
    journey.sees("northfell-us");
    assert_eq!(journey.held("no such text").await.len(), 0);
}
