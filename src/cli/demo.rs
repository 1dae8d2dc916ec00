//! `unbid demo`: the built-in sandbox and the screen on it, in one process. No credentials, no config; what it
//! stores goes away with it unless `--data-dir` names a place.

use std::path::{Path, PathBuf};

use super::args::{DemoArgs, Global};
use super::{Exit, Session, sandbox, screen};
use crate::domain::problem::{Problem, ProblemKind};
use crate::sandbox::{Options, Sandbox};

/// Starts the sandbox, opens the screen on it, and cleans up.
pub async fn run(global: &Global, args: DemoArgs) -> Result<Exit, Problem> {
    let folder = Folder::new()?;
    let options = Options { size: args.size.into(), seed: args.seed, ..Options::default() };
    let mut served = Sandbox::start(options).await.map_err(|error| sandbox::problem(&error))?;
    let config = folder.0.join("config.toml");
    served.write_config(&config).map_err(|error| sandbox::problem(&error))?;
    let global = Global {
        config: Some(config),
        data_dir: Some(global.data_dir.clone().unwrap_or_else(|| folder.0.join("data"))),
        ..global.clone()
    };
    let session = Session::open(&global).await?;
    let exit = screen::run(session, &global).await;
    served.stop().await;
    exit
}

/// A folder of our own that goes away with us.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self, Problem> {
        let path = std::env::temp_dir().join(format!("unbid-demo-{}", uuid::Uuid::new_v4().simple()));
        make(&path).map(|()| Self(path.clone())).map_err(|error| {
            Problem::new(ProblemKind::Storage, "The demo's folder cannot be made")
                .detail(format!("{}: {error}", path.display()))
                .hint("Set TMPDIR to a folder that can be written.")
        })
    }
}

fn make(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left is in the system's temporary folder, and nobody is there to be told.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
