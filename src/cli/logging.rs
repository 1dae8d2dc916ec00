//! Where the program's own log goes: stderr for commands, a file in the data folder for the screen.
//! What is logged is harmless text without secrets; that is the business of whoever logs.

use std::fs::{self, File, OpenOptions};
use std::path::Path;
use std::sync::Mutex;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::{self, MakeWriter};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// A log file larger than this is kept as `unbid.log.1` and begun anew at the next start.
const MOST_BYTES: u64 = 4 << 20;

/// Logs to stderr: warnings, with `-v` every request, with `-vv` more, with `-q` errors only.
pub fn to_stderr(verbose: u8, quiet: bool) {
    let level = match (quiet, verbose) {
        (true, _) => LevelFilter::ERROR,
        (false, 0) => LevelFilter::WARN,
        (false, 1) => LevelFilter::INFO,
        (false, _) => LevelFilter::DEBUG,
    };
    begin(level, std::io::stderr);
}

/// Logs to `unbid.log` in the data folder; without a writable folder there is no log, and the screen works as ever.
pub fn to_file(data_dir: &Path, verbose: u8) {
    let Some(file) = open(&data_dir.join("unbid.log")) else { return };
    begin(if verbose > 0 { LevelFilter::DEBUG } else { LevelFilter::INFO }, Mutex::new(file));
}

/// What the libraries below have to say matters only when it is a warning.
fn begin(level: LevelFilter, writer: impl for<'w> MakeWriter<'w> + Send + Sync + 'static) {
    let filter = Targets::new().with_target("unbid", level).with_default(level.min(LevelFilter::WARN));
    let layer = fmt::layer().with_writer(writer).with_ansi(false).with_target(false).with_filter(filter);
    // The screen may be opened a second time in one process (the demo, from the first-run screen): the first log stays.
    let _ = tracing_subscriber::registry().with(layer).try_init();
}

fn open(path: &Path) -> Option<File> {
    if fs::metadata(path).is_ok_and(|meta| meta.len() > MOST_BYTES) {
        fs::rename(path, path.with_extension("log.1")).ok()?;
    }
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).ok()?;
    // The mode above only counts for a new file.
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600)).ok()?;
    Some(file)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_log_that_others_could_read_is_made_private() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("unbid.log");
        for _ in 0..2 {
            open(&path).expect("a file");
            assert_eq!(fs::metadata(&path).expect("its mode").permissions().mode() & 0o777, 0o600);
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("ours");
        }
    }
}
