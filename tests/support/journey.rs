//! Keys typed into the real runtime, over the real engine, store and wire formats, against the sandbox in the same
//! process; the screen is in memory.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use jiff::Timestamp;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use serde_json::Value;
use unbid::domain::clock::Clock;
use unbid::engine::{Engine, Member, Parts, Settings, Time};
use unbid::platform;
use unbid::runtime::terminal::Screen;
use unbid::runtime::{self, App, Look, Shell};
use unbid::store::Store;

use super::Bench;

/// A screen in memory.
pub struct TestScreen {
    pub terminal: Terminal<TestBackend>,
    pub copied: Vec<String>,
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
pub struct Fixed;

impl Time for Fixed {
    fn now(&self) -> Timestamp {
        "2026-10-01T12:00:00Z".parse().expect("a time")
    }

    fn id(&self) -> uuid::Uuid {
        uuid::Uuid::now_v7()
    }
}

/// A person before the screen.
pub struct Journey {
    pub bench: Bench,
    pub app: App<TestScreen>,
    pub folder: tempfile::TempDir,
}

impl Journey {
    /// Opens the screen on a small world, as `unbid demo` does, and waits for the first refresh.
    pub async fn begin() -> Self {
        Self::on(Bench::small(), false).await
    }

    /// The same on a given world; `read_only` is the flag.
    pub async fn on(bench: Bench, read_only: bool) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self::over(bench, read_only, folder).await
    }

    /// The same, with search terms fetched behind the screen, as `unbid demo` does.
    pub async fn fetching(bench: Bench) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self::with(bench, false, folder, true).await
    }

    /// The same over a data folder that may hold something.
    pub async fn over(bench: Bench, read_only: bool, folder: tempfile::TempDir) -> Self {
        Self::with(bench, read_only, folder, false).await
    }

    async fn with(bench: Bench, read_only: bool, folder: tempfile::TempDir, fetch: bool) -> Self {
        let mut bench = bench;
        bench.config.terms.fetch = fetch;
        let store = Store::open(folder.path()).expect("a store");
        let members = bench.config.accounts.iter().map(|account| {
            Member::connected(platform::connect(account, &bench.http).expect("the sandbox's own account"))
        });
        let settings =
            Settings { settle: bench.config.apply.settle, max_age: Duration::from_mins(15), read_only };
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
        let mut journey = Self { bench, app, folder };
        journey.quiet().await;
        journey
    }

    /// Waits until nothing is under way.
    pub async fn quiet(&mut self) {
        self.app.quiet().await.expect("the screen in memory takes all");
    }

    /// Types keys, separated by spaces: `j`, `enter`, `esc`, `tab`, `space`, `ctrl-s`, or `"text"` for typed text.
    pub async fn keys(&mut self, script: &str) {
        for word in script.split_whitespace() {
            self.press(word).await;
        }
    }

    /// Types text, letter by letter.
    pub async fn text(&mut self, text: &str) {
        for letter in text.chars() {
            self.app.event(key(KeyCode::Char(letter), KeyModifiers::NONE)).expect("taken");
        }
        self.quiet().await;
    }

    pub async fn press(&mut self, word: &str) {
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
            "shift-tab" => KeyCode::BackTab,
            "pageup" => KeyCode::PageUp,
            "pagedown" => KeyCode::PageDown,
            "home" => KeyCode::Home,
            "end" => KeyCode::End,
            "f1" => KeyCode::F(1),
            letter if letter.chars().count() == 1 => KeyCode::Char(letter.chars().next().expect("one")),
            other => panic!("{other} is no key"),
        };
        self.app.event(key(code, modifiers)).expect("taken");
        self.quiet().await;
    }

    /// Pastes text, as a terminal that brackets its pastes does.
    pub async fn paste(&mut self, text: &str) {
        self.app.event(Event::Paste(text.to_owned())).expect("taken");
        self.quiet().await;
    }

    /// Goes to an account by its name; its first negative is under the cursor.
    pub async fn goes_to(&mut self, account: &str) {
        self.keys(":").await;
        self.text(account).await;
        self.keys("enter").await;
        self.sees(account);
    }

    /// Opens the plan, sends this account's changes and says yes.
    pub async fn sends(&mut self) {
        self.keys("p A enter").await;
    }

    /// What is on the screen, line by line.
    pub fn screen(&mut self) -> String {
        let buffer = self.app.screen().terminal.backend().buffer();
        let width = usize::from(buffer.area.width);
        let cells: Vec<&str> = buffer.content().iter().map(ratatui::buffer::Cell::symbol).collect();
        cells.chunks(width).map(|line| line.concat().trim_end().to_owned()).collect::<Vec<_>>().join("\n")
    }

    /// The screen must say this.
    #[track_caller]
    pub fn sees(&mut self, text: &str) {
        let screen = self.screen();
        assert!(screen.contains(text), "no {text:?} on the screen:\n{screen}");
    }

    /// The negatives that the platforms hold with this text.
    pub async fn held(&self, text: &str) -> Vec<Value> {
        let state = self.bench.control("GET", "/state", None).await;
        state.as_array().expect("rows").iter().filter(|row| row["text"] == text).cloned().collect()
    }
}

pub fn key(code: KeyCode, modifiers: KeyModifiers) -> Event {
    Event::Key(KeyEvent::new(code, modifiers))
}
