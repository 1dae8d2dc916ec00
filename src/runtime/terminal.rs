//! The terminal: taken over at the start, given back at the end, whatever the end is. Only this file
//! knows that there is a real one; the loop draws on any backend.

use std::io::{self, Stdout};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread;

use crossterm::clipboard::CopyToClipboard;
use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture, Event, EventStream,
};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{cursor, execute};
use futures::{Stream, StreamExt};
use ratatui::Terminal;
use ratatui::backend::{Backend, CrosstermBackend};
use tokio::sync::{mpsc, oneshot};

/// What the loop needs of a terminal beyond drawing.
pub trait Screen {
    /// What is drawn on.
    type Backend: Backend;

    /// The drawing side.
    fn terminal(&mut self) -> &mut Terminal<Self::Backend>;

    /// Turns mouse events on or off.
    fn set_mouse(&mut self, on: bool) -> io::Result<()>;

    /// Puts text on the clipboard of whoever sits before the terminal.
    fn copy(&mut self, text: &str) -> io::Result<()>;
}

/// The real terminal. Dropping it gives it back.
pub struct RealScreen(Terminal<CrosstermBackend<Stdout>>);

impl RealScreen {
    /// Takes the terminal over, and sees to it that a panic gives it back before it prints.
    pub fn take(mouse: bool) -> io::Result<Self> {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            give_back();
            before(panic);
        }));
        enable_raw_mode()?;
        execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, cursor::Hide)?;
        let mut screen = Self(Terminal::new(CrosstermBackend::new(io::stdout()))?);
        if mouse {
            screen.set_mouse(true)?;
        }
        Ok(screen)
    }
}

impl Drop for RealScreen {
    fn drop(&mut self) {
        give_back();
    }
}

/// What happens at the terminal. Dropping it ends the reading, so that another may begin.
pub struct Events {
    inbox: mpsc::UnboundedReceiver<io::Result<Event>>,
    _stop: oneshot::Sender<()>,
}

impl Events {
    /// Begins to read, on a thread of its own: once the terminal's window is closed, crossterm reads its end for
    /// ever within one poll, and whoever polls it never gets to hear of the hang-up.
    pub fn read() -> io::Result<Self> {
        let (sender, inbox) = mpsc::unbounded_channel();
        let (stop, mut stopped) = oneshot::channel::<()>();
        let runtime = tokio::runtime::Handle::current();
        thread::Builder::new().name("terminal-events".to_owned()).spawn(move || {
            runtime.block_on(async {
                let mut events = EventStream::new();
                loop {
                    let event = tokio::select! {
                        _ = &mut stopped => return,
                        event = events.next() => event,
                    };
                    let Some(event) = event else { return };
                    if sender.send(event).is_err() {
                        return;
                    }
                }
            });
        })?;
        Ok(Self { inbox, _stop: stop })
    }
}

impl Stream for Events {
    type Item = io::Result<Event>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.inbox.poll_recv(cx)
    }
}

/// Gives the terminal back. Called from a panic too, so it carries on whatever fails: there is nobody to tell.
fn give_back() {
    let _ =
        execute!(io::stdout(), DisableMouseCapture, DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
    let _ = disable_raw_mode();
}

impl Screen for RealScreen {
    type Backend = CrosstermBackend<Stdout>;

    fn terminal(&mut self) -> &mut Terminal<Self::Backend> {
        &mut self.0
    }

    fn set_mouse(&mut self, on: bool) -> io::Result<()> {
        if on {
            execute!(io::stdout(), EnableMouseCapture)
        } else {
            execute!(io::stdout(), DisableMouseCapture)
        }
    }

    /// By OSC 52, which reaches through ssh and tmux to the terminal itself.
    fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(io::stdout(), CopyToClipboard::to_clipboard_from(text))
    }
}
