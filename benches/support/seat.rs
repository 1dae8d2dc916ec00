//! A program in a pseudo-terminal, with the time at which each of its bytes came; and an empty ratatui program to
//! compare with, which is this very program run once more.

#![allow(dead_code, reason = "each program uses its share")]

use std::error::Error;
use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use ratatui::widgets::Paragraph;

use crate::stored::Stored;

/// The terminal's size.
pub const COLUMNS: u16 = 200;
pub const ROWS: u16 = 50;
/// How long is waited for anything before the measure is given up.
const PATIENCE: Duration = Duration::from_mins(1);
/// Set where this program is run as the empty one.
const EMPTY: &str = "UNBID_BENCH_EMPTY";
/// What the empty program shows.
pub const READY: &str = "an empty program";

pub type Res<T> = Result<T, Box<dyn Error>>;

/// A running program and its screen.
pub struct Seat {
    screen: vt100::Parser,
    output: mpsc::Receiver<(Instant, Vec<u8>)>,
    keys: Box<dyn Write + Send>,
    child: Box<dyn portable_pty::Child + Send + Sync>,
    /// When it was started.
    pub started: Instant,
}

impl Seat {
    /// Starts unbid on a large account.
    pub fn unbid(stored: &Stored) -> Res<Self> {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_unbid"));
        for (flag, path) in [("--config", &stored.config), ("--data-dir", &stored.data)] {
            command.arg(flag);
            command.arg(path);
        }
        Self::run(command, stored.folder.path())
    }

    /// Starts the empty program.
    pub fn empty(stored: &Stored) -> Res<Self> {
        let mut command = CommandBuilder::new(std::env::current_exe()?);
        command.env(EMPTY, "1");
        Self::run(command, stored.folder.path())
    }

    fn run(mut command: CommandBuilder, home: &Path) -> Res<Self> {
        let size = PtySize { rows: ROWS, cols: COLUMNS, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size)?;
        command.env("TERM", "xterm-256color");
        command.env("HOME", home);
        for variable in ["UNBID_CONFIG", "UNBID_DATA_DIR", "NO_COLOR"] {
            command.env_remove(variable);
        }
        let mut reader = pair.master.try_clone_reader()?;
        let keys = pair.master.take_writer()?;
        let (sender, output) = mpsc::channel();
        let (slave, master) = (pair.slave, pair.master);
        thread::spawn(move || {
            // The other end of the pair must live as long as somebody reads.
            let _master = master;
            let mut buffer = vec![0; 1 << 16];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if sender.send((Instant::now(), buffer[..count].to_vec())).is_err() {
                    return;
                }
            }
        });
        let started = Instant::now();
        let child = slave.spawn_command(command)?;
        drop(slave);
        let (rows, columns) = (NonZero::new(ROWS), NonZero::new(COLUMNS));
        let (Some(rows), Some(columns)) = (rows, columns) else { return Err("no size".into()) };
        Ok(Self { screen: vt100::Parser::new(rows, columns, 0), output, keys, child, started })
    }

    /// Reads until the screen is as wanted; when the bytes came that made it so.
    pub fn wait(&mut self, mut wanted: impl FnMut(&str) -> bool) -> Res<Instant> {
        loop {
            let Ok((at, bytes)) = self.output.recv_timeout(PATIENCE) else {
                return Err(format!("it does not come:\n{}", self.screen.screen().contents()).into());
            };
            self.screen.process(&bytes);
            if wanted(&self.screen.screen().contents()) {
                return Ok(at);
            }
        }
    }

    /// Types; when the bytes were handed over.
    pub fn press(&mut self, keys: &str) -> Res<Instant> {
        let now = Instant::now();
        self.keys.write_all(keys.as_bytes())?;
        self.keys.flush()?;
        Ok(now)
    }

    /// Takes what came meanwhile, and waits that long for more.
    pub fn rest(&mut self, time: Duration) -> usize {
        let until = Instant::now() + time;
        let mut drawn = 0;
        while let Some(left) = until.checked_duration_since(Instant::now()) {
            if let Ok((_, bytes)) = self.output.recv_timeout(left) {
                drawn += bytes.len();
                self.screen.process(&bytes);
            }
        }
        drawn
    }

    /// The process's number.
    pub fn pid(&self) -> u32 {
        self.child.process_id().unwrap_or_default()
    }

    /// Leaves the program by its own key and waits for its end.
    pub fn quit(mut self) -> Res<()> {
        self.press("\x03")?;
        while self.output.recv_timeout(PATIENCE).is_ok() {}
        self.child.wait()?;
        Ok(())
    }
}

/// If this program was started as the empty one: takes the terminal over as unbid does, draws a frame, and leaves
/// at the first key. True when that is done.
pub fn was_empty_program() -> std::io::Result<bool> {
    if std::env::var_os(EMPTY).is_none() {
        return Ok(false);
    }
    let mut terminal = ratatui::init();
    terminal.draw(|frame| frame.render_widget(Paragraph::new(READY), frame.area()))?;
    crossterm::event::read()?;
    ratatui::restore();
    Ok(true)
}

/// The middle of some times, and the worst.
pub fn middle(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort_unstable();
    let worst = times.last().copied().unwrap_or_default();
    (times.get(times.len() / 2).copied().unwrap_or_default(), worst)
}

/// The machine's load, to be read beside any figure.
pub fn load() -> String {
    std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim().to_owned()
}
