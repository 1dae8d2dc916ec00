//! The real binary in a pseudo-terminal: it takes the terminal over, draws, listens, and gives it back.

#![cfg(unix)]

use std::io::{Read, Write};
use std::num::NonZero;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

/// So long is waited for the program to do anything at all before the test gives it up.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running program and its screen.
struct Seat {
    screen: vt100::Parser,
    raw: Vec<u8>,
    output: mpsc::Receiver<Vec<u8>>,
    keys: Box<dyn Write + Send>,
    child: Box<dyn portable_pty::Child + Send + Sync>,
}

impl Seat {
    fn run(arguments: &[&str], folder: &std::path::Path, columns: u16, rows: u16) -> Self {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_unbid"));
        command.args(arguments);
        command.env("TERM", "xterm-256color");
        command.env("HOME", folder);
        command.env("XDG_CONFIG_HOME", folder.join("config"));
        command.env("XDG_DATA_HOME", folder.join("data"));
        command.env_remove("UNBID_CONFIG");
        command.env_remove("UNBID_DATA_DIR");
        let child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().expect("its output");
        let keys = pair.master.take_writer().expect("its input");
        let (sender, output) = mpsc::channel();
        thread::spawn(move || {
            // The other end of the pair must live as long as somebody reads.
            let _pair = pair.master;
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let screen = vt100::Parser::new(
            NonZero::new(rows).expect("some rows"),
            NonZero::new(columns).expect("some columns"),
            0,
        );
        Self { screen, raw: Vec::new(), output, keys, child }
    }

    /// Reads until the screen says this.
    #[track_caller]
    fn wait_for(&mut self, text: &str) {
        while !self.screen.screen().contents().contains(text) {
            match self.output.recv_timeout(PATIENCE) {
                Ok(bytes) => self.take(&bytes),
                Err(why) => panic!("no {text:?} came ({why}):\n{}", self.screen.screen().contents()),
            }
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.raw.extend_from_slice(bytes);
        self.screen.process(bytes);
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("it listens");
    }

    /// Reads to the end and gives whether the program ended well.
    fn end(mut self) -> (bool, Vec<u8>) {
        while let Ok(bytes) = self.output.recv_timeout(PATIENCE) {
            self.take(&bytes);
        }
        (self.child.wait().expect("it ended").success(), self.raw)
    }
}

/// Whether a child ends by itself within our patience.
fn ends(mut child: Box<dyn portable_pty::Child + Send + Sync>) -> bool {
    let mut killer = child.clone_killer();
    let (sender, ended) = mpsc::channel();
    thread::spawn(move || sender.send(child.wait().is_ok()));
    let well = ended.recv_timeout(PATIENCE).unwrap_or(false);
    if !well {
        // It may have ended meanwhile.
        let _ = killer.kill();
    }
    well
}

fn contains(raw: &[u8], part: &[u8]) -> bool {
    raw.windows(part.len()).any(|window| window == part)
}

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
    let Seat { output, mut keys, child, .. } = seat;
    drop(output);
    // The reader finds nobody to hand this frame to and closes its end, the last but ours.
    keys.write_all(b"?").expect("it listens");
    drop(keys);
    assert!(ends(child), "it goes on without a terminal");
}
