//! The async shell around the pure core: waits for something to happen, hands it in, carries out what comes back,
//! draws once when nothing more is waiting. It decides nothing; see `ui` for that.
//!
//! `shell` carries out effects, `desk` answers queries, `terminal` is the real screen, `threads` what runs behind it.
//! Idle costs nothing: the loop sleeps until input, a message or the time that the core asked to be woken at.

mod audit;
mod desk;
mod fetch;
mod journal;
mod opening;
mod places;
mod refresh;
mod send;
mod shell;
mod start;
pub mod terminal;
mod terms;
mod threads;
mod whatif;

use std::io;
use std::task::Poll;
use std::time::Duration;

use crossterm::event::{Event, KeyEventKind};
use futures::{Stream, StreamExt};
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::domain::clock::Clock;
use crate::ui::effect::Effect;
use crate::ui::model::Model;
use crate::ui::msg::Msg;
use crate::ui::{update, view};

pub use shell::Shell;
pub use start::{Look, start};
use terminal::Screen;
pub use threads::threads;

/// Reads both clocks: the only place of the screen's side that does.
pub type ReadClock = Box<dyn Fn() -> Clock + Send>;

/// How the screen ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The user left.
    Quit,
    /// The user chose to go on with another command of this program.
    Run(&'static str),
}

/// The running screen.
pub struct App<S> {
    model: Model,
    screen: S,
    shell: Shell,
    inbox: mpsc::UnboundedReceiver<Msg>,
    clock: ReadClock,
    born: Instant,
    wake: Option<Duration>,
    ended: Option<Ended>,
}

impl<S: Screen> App<S> {
    /// A screen over a shell; `inbox` is what the shell sends to.
    pub fn new(
        screen: S,
        shell: Shell,
        inbox: mpsc::UnboundedReceiver<Msg>,
        clock: ReadClock,
    ) -> io::Result<Self> {
        let mut screen = screen;
        let size = screen.terminal().size().map_err(other)?;
        let model = Model::new((size.width, size.height), clock());
        Ok(Self { model, screen, shell, inbox, clock, born: Instant::now(), wake: None, ended: None })
    }

    /// Runs until the user leaves, `signal` comes or the terminal fails; what is being sent then ends cleanly.
    pub async fn run(
        mut self,
        start: Msg,
        events: impl Stream<Item = io::Result<Event>> + Unpin,
        signal: impl Future<Output = ()>,
    ) -> io::Result<Ended> {
        let turned = self.turn(start, events, signal).await;
        self.shell.close().await;
        turned.map(|()| self.ended.unwrap_or(Ended::Quit))
    }

    async fn turn(
        &mut self,
        start: Msg,
        mut events: impl Stream<Item = io::Result<Event>> + Unpin,
        signal: impl Future<Output = ()>,
    ) -> io::Result<()> {
        tokio::pin!(signal);
        self.feed(start)?;
        self.settle()?;
        while self.ended.is_none() {
            let wake = self.wake.map(|at| self.born + at);
            tokio::select! {
                biased;
                () = &mut signal => self.ended = Some(Ended::Quit),
                event = events.next() => match event {
                    Some(event) => self.event(event?)?,
                    // The terminal is gone.
                    None => self.ended = Some(Ended::Quit),
                },
                Some(msg) = self.inbox.recv() => self.feed(msg)?,
                () = sleep_until(wake) => {
                    self.wake = None;
                    self.tell_time()?;
                }
            }
            // Whatever is there already is taken first: a burst of keys costs one frame.
            while let Poll::Ready(Some(event)) = futures::poll!(events.next()) {
                self.event(event?)?;
            }
            self.settle()?;
        }
        Ok(())
    }

    /// Takes one event of the terminal.
    pub fn event(&mut self, event: Event) -> io::Result<()> {
        match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => self.feed(Msg::Key(key)),
            Event::Paste(text) => self.feed(Msg::Paste(text)),
            Event::Mouse(mouse) => self.feed(Msg::Mouse(mouse)),
            Event::Resize(width, height) => self.feed(Msg::Resized(width, height)),
            Event::Key(_) | Event::FocusGained | Event::FocusLost => Ok(()),
        }
    }

    /// Hands one message in, the time before it, and carries out what comes back.
    pub fn feed(&mut self, msg: Msg) -> io::Result<()> {
        self.tell_time()?;
        self.hand_in(msg)
    }

    fn tell_time(&mut self) -> io::Result<()> {
        let clock = (self.clock)();
        self.hand_in(Msg::Clock(clock))
    }

    fn hand_in(&mut self, msg: Msg) -> io::Result<()> {
        for effect in update::update(&mut self.model, msg) {
            match effect {
                Effect::WakeAt(at) => self.wake = Some(at),
                Effect::Copy(text) => self.screen.copy(&text)?,
                Effect::SetMouse(on) => self.screen.set_mouse(on)?,
                Effect::Quit => self.ended = Some(Ended::Quit),
                Effect::Run(command) => self.ended = Some(Ended::Run(command)),
                effect => self.shell.execute(effect),
            }
        }
        Ok(())
    }

    /// Takes everything that waits, then draws once.
    pub fn settle(&mut self) -> io::Result<()> {
        while let Ok(msg) = self.inbox.try_recv() {
            self.feed(msg)?;
        }
        self.draw()
    }

    /// Waits until every order is carried out and every answer handed in, then draws. For tests: a person's
    /// program never waits.
    pub async fn quiet(&mut self) -> io::Result<()> {
        self.settle()?;
        while self.shell.busy() && self.ended.is_none() {
            let msg = tokio::select! {
                msg = self.inbox.recv() => msg,
                () = self.shell.one_ended() => None,
            };
            if let Some(msg) = msg {
                self.feed(msg)?;
            }
            self.settle()?;
        }
        Ok(())
    }

    /// How the screen ended, if it has.
    pub fn ended(&self) -> Option<Ended> {
        self.ended
    }

    /// The state, for tests to look into.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The screen, for tests to read.
    pub fn screen(&mut self) -> &mut S {
        &mut self.screen
    }

    fn draw(&mut self) -> io::Result<()> {
        let model = &self.model;
        self.screen
            .terminal()
            .draw(|frame| {
                let painted = view::paint(model, frame.buffer_mut());
                if let Some(at) = painted.cursor {
                    frame.set_cursor_position(at);
                }
            })
            .map_err(other)?;
        Ok(())
    }
}

/// A backend's own error, in words: its type need not outlive the backend.
fn other(error: impl std::error::Error) -> io::Error {
    io::Error::other(error.to_string())
}

async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
