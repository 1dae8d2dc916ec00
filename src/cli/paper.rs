//! `unbid completions` and `unbid man`: made from the very arguments that are parsed.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Cli, Exit};
use crate::domain::problem::{Problem, ProblemKind};

/// Prints the completions of a shell.
pub fn completions(shell: Shell) -> Result<Exit, Problem> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "unbid", &mut script);
    print(&script)
}

/// Prints the man page.
pub fn man() -> Result<Exit, Problem> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page).map_err(unwritable)?;
    print(&page)
}

fn print(bytes: &[u8]) -> Result<Exit, Problem> {
    match io::stdout().write_all(bytes) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(unwritable(error)),
        _ => Ok(Exit::Done),
    }
}

#[allow(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn unwritable(error: io::Error) -> Problem {
    Problem::new(ProblemKind::Storage, "The result cannot be written").detail(error.to_string())
}
