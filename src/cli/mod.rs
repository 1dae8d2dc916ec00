//! The command line: `args` says what may be typed, each command has a file of its own, `session` opens what most
//! of them need, `output` writes rows. Data goes to stdout, everything else to stderr.

mod apply;
mod args;
mod ask;
mod audit;
mod demo;
mod doctor;
mod exit;
mod history;
mod interrupt;
mod keys;
mod list;
mod logging;
mod login;
mod output;
mod paper;
mod plan;
mod progress;
mod sandbox;
mod screen;
mod session;
mod simulate;
mod stage;
mod sync;
mod terms;
mod undo;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

pub use args::{Cli, Command};
pub use exit::Exit;
use session::Session;

use crate::domain::problem::{Problem, ProblemKind};
use crate::runtime;

/// Parses the arguments, runs the command and gives its exit code.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(exit) => exit.code(),
        Err(problem) => {
            // Where the terminal was closed there is nobody to tell; the exit code still says it.
            let _ = writeln!(std::io::stderr(), "unbid: {problem}");
            Exit::of(&problem).code()
        }
    }
}

fn run(cli: Cli) -> Result<Exit, Problem> {
    let threads = if matches!(cli.command, None | Some(Command::Demo(_))) {
        // The screen owns the terminal; it logs to a file once it knows its data folder.
        runtime::threads()
    } else {
        logging::to_stderr(cli.global.verbose, cli.global.quiet);
        tokio::runtime::Builder::new_multi_thread().enable_all().build()
    };
    let threads = threads.map_err(|error| {
        Problem::new(ProblemKind::Storage, "The program's threads cannot be started").detail(error.to_string())
    })?;
    threads.block_on(dispatch(cli))
}

async fn dispatch(cli: Cli) -> Result<Exit, Problem> {
    let global = &cli.global;
    match cli.command {
        Some(Command::Sandbox(args)) => sandbox::run(args).await,
        Some(Command::Completions { shell }) => paper::completions(shell),
        Some(Command::Man) => paper::man(),
        Some(Command::Login(args)) => login::run(global, args).await,
        Some(Command::Doctor(args)) => doctor::run(global, args).await,
        Some(Command::Sync(args)) => sync::run(&Session::open(global).await?, args).await,
        Some(Command::Audit(args)) => audit::run(&Session::open(global).await?, args).await,
        Some(Command::List(args)) => list::run(&Session::open(global).await?, args).await,
        Some(Command::Add(args)) => stage::add(&Session::open(global).await?, args).await,
        Some(Command::SetState(args)) => stage::set_state(&Session::open(global).await?, args).await,
        Some(Command::Remove(args)) => stage::remove(&Session::open(global).await?, args).await,
        Some(Command::Plan(args)) => plan::run(&Session::open(global).await?, args).await,
        Some(Command::Apply(args)) => apply::run(&Session::open(global).await?, args).await,
        Some(Command::History(args)) => history::run(&Session::open(global).await?, args).await,
        Some(Command::Undo(args)) => undo::run(&Session::open(global).await?, args).await,
        Some(Command::Unstage(args)) => stage::unstage(&Session::open(global).await?, args).await,
        Some(Command::Simulate(args)) => simulate::run(&Session::open(global).await?, args).await,
        Some(Command::Demo(args)) => demo::run(global, args).await,
        Some(Command::Terms(args)) => terms::run(&Session::open(global).await?, args).await,
        Some(Command::Keys(args)) => keys::run(global, args),
        None => screen::run(Session::open(global).await?, global).await,
    }
}
