//! Where the configuration and the data lie: as named by flag or environment, else in the XDG folders.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use etcetera::base_strategy::Xdg;

use crate::domain::problem::{Problem, ProblemKind};

/// The configuration file, and whether somebody asked for just that one.
pub fn config_file(flag: Option<&Path>) -> Result<(PathBuf, bool), Problem> {
    if let Some(file) = named(flag) {
        return Ok((file, true));
    }
    Ok((xdg()?.config_dir().join("unbid").join("config.toml"), false))
}

/// The folder of the local database, the locks and the log.
pub fn data_dir(flag: Option<&Path>) -> Result<PathBuf, Problem> {
    match named(flag) {
        Some(folder) => Ok(folder),
        None => Ok(xdg()?.data_dir().join("unbid")),
    }
}

/// An empty name, as an empty environment variable gives it, is none.
fn named(flag: Option<&Path>) -> Option<PathBuf> {
    flag.filter(|path| !path.as_os_str().is_empty()).map(Path::to_owned)
}

fn xdg() -> Result<Xdg, Problem> {
    Xdg::new().map_err(|error| {
        Problem::new(ProblemKind::Config, "The home folder is not known")
            .detail(error.to_string())
            .hint("Set HOME, or name a file with --config and a folder with --data-dir.")
    })
}
