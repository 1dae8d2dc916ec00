//! The command line: `args` says what may be typed, each command has a file of its own. Data goes to
//! stdout, everything else to stderr.

mod args;
mod exit;
mod logging;
mod paper;
mod sandbox;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

pub use args::{Cli, Command};
pub use exit::Exit;

use crate::domain::problem::{Problem, ProblemKind};

/// Parses the arguments, runs the command and gives its exit code.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(exit) => exit.code(),
        Err(problem) => {
            eprintln!("unbid: {problem}");
            Exit::of(&problem).code()
        }
    }
}

fn run(cli: Cli) -> Result<Exit, Problem> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| {
        Problem::new(ProblemKind::Storage, "The program's threads cannot be started").detail(error.to_string())
    })?;
    logging::to_stderr(cli.global.verbose, cli.global.quiet);
    runtime.block_on(dispatch(cli))
}

async fn dispatch(cli: Cli) -> Result<Exit, Problem> {
    match cli.command {
        Some(Command::Sandbox(args)) => sandbox::run(args).await,
        Some(Command::Completions { shell }) => paper::completions(shell),
        Some(Command::Man) => paper::man(),
        None => {
            // Until the screen is there, the bare command tells what there is.
            Cli::command().print_help().ok();
            Ok(Exit::Refused)
        }
    }
}
