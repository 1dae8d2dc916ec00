//! A program in a pseudo-terminal, and its screen.

use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

fn some(number: u16) -> NonZero<u16> {
    NonZero::new(number).expect("some rows and columns")
}

/// Closes the terminal when the reader ends.
struct Closes(Arc<Mutex<Option<Box<dyn MasterPty + Send>>>>);

impl Drop for Closes {
    fn drop(&mut self) {
        if let Ok(mut master) = self.0.lock() {
            master.take();
        }
    }
}

/// So long is waited for the program to do anything at all before the test gives it up.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running program and its screen.
pub struct Seat {
    pub screen: vt100::Parser,
    pub raw: Vec<u8>,
    pub output: mpsc::Receiver<Vec<u8>>,
    pub keys: Box<dyn Write + Send>,
    pub child: Box<dyn portable_pty::Child + Send + Sync>,
    /// The terminal itself; gone once nobody reads.
    master: Arc<Mutex<Option<Box<dyn MasterPty + Send>>>>,
}

impl Seat {
    /// Runs `unbid` in a home of its own.
    pub fn run(arguments: &[&str], folder: &Path, columns: u16, rows: u16) -> Self {
        Self::of(Path::new(env!("CARGO_BIN_EXE_unbid")), arguments, folder, columns, rows)
    }

    /// Runs any program there.
    pub fn of(program: &Path, arguments: &[&str], folder: &Path, columns: u16, rows: u16) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(program);
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
        let master = Arc::new(Mutex::new(Some(pair.master)));
        let held = Arc::clone(&master);
        thread::spawn(move || {
            // The other end of the pair must live as long as somebody reads, and no longer.
            let _closes = Closes(held);
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let screen = vt100::Parser::new(some(rows), some(columns), 0);
        Self { screen, raw: Vec::new(), output, keys, child, master }
    }

    /// Reads until the screen says this.
    #[track_caller]
    pub fn wait_for(&mut self, text: &str) {
        while !self.screen.screen().contents().contains(text) {
            match self.output.recv_timeout(PATIENCE) {
                Ok(bytes) => self.take(&bytes),
                Err(why) => panic!("no {text:?} came ({why}):\n{}", self.screen.screen().contents()),
            }
        }
    }

    pub fn take(&mut self, bytes: &[u8]) {
        self.raw.extend_from_slice(bytes);
        self.screen.process(bytes);
    }

    pub fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("it listens");
    }

    /// Gives the terminal another size.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        if let Some(master) = &*self.master.lock().expect("nobody panicked") {
            master.resize(size(columns, rows)).expect("resized");
        }
        self.screen.screen_mut().set_size(some(rows), some(columns));
    }

    /// Sends the program a signal.
    pub fn signal(&self, name: &str) {
        let pid = self.child.process_id().expect("it runs").to_string();
        let sent = std::process::Command::new("kill").args([format!("-{name}"), pid]).status().expect("kill");
        assert!(sent.success(), "{name}");
    }

    /// Closes the window: nobody reads and nobody types any more.
    pub fn close(self) -> Box<dyn portable_pty::Child + Send + Sync> {
        let Self { output, mut keys, child, .. } = self;
        drop(output);
        // The reader finds nobody to hand this key's frame to and closes its end, the last but ours.
        keys.write_all(b"?").expect("it listens");
        drop(keys);
        child
    }

    /// Reads to the end and gives whether the program ended well.
    pub fn end(mut self) -> (bool, Vec<u8>) {
        while let Ok(bytes) = self.output.recv_timeout(PATIENCE) {
            self.take(&bytes);
        }
        let mut child = self.child;
        let mut killer = child.clone_killer();
        let (sender, ended) = mpsc::channel();
        thread::spawn(move || sender.send(child.wait().is_ok_and(|status| status.success())));
        let well = ended.recv_timeout(PATIENCE).unwrap_or(false);
        if !well {
            // It may have ended meanwhile.
            let _ = killer.kill();
        }
        (well, self.raw)
    }
}

/// Whether a child ends by itself within our patience.
pub fn ends(mut child: Box<dyn portable_pty::Child + Send + Sync>) -> bool {
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

pub fn contains(raw: &[u8], part: &[u8]) -> bool {
    raw.windows(part.len()).any(|window| window == part)
}
