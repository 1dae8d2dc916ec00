//! Where the program's own log goes: stderr.
//! What is logged is harmless text without secrets; that is the business of whoever logs.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt;

/// Logs to stderr: warnings, with `-v` what is done, with `-vv` every request, with `-q` errors only.
pub fn to_stderr(verbose: u8, quiet: bool) {
    let level = match (quiet, verbose) {
        (true, _) => LevelFilter::ERROR,
        (false, 0) => LevelFilter::WARN,
        (false, 1) => LevelFilter::INFO,
        (false, _) => LevelFilter::DEBUG,
    };
    let started =
        fmt().with_max_level(level).with_writer(std::io::stderr).with_ansi(false).with_target(false).try_init();
    debug_assert!(started.is_ok(), "logging is set up once");
}
