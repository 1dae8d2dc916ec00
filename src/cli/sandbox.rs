//! `unbid sandbox`: serves the emulated platforms for other programs.

use super::Exit;
use super::args::{SandboxArgs, WorldSize};
use crate::domain::problem::{Problem, ProblemKind};
use crate::sandbox::{self, Options, Rule, Size};

/// Serves until SIGINT or SIGTERM.
pub async fn run(args: SandboxArgs) -> Result<Exit, Problem> {
    let faults = match &args.faults {
        None => Vec::new(),
        Some(file) => read_faults(file)?,
    };
    let options =
        Options { size: args.size.into(), seed: args.seed, today: args.today, listen: args.listen, faults };
    sandbox::serve(options, args.config_out).await.map_err(|error| problem(&error))?;
    Ok(Exit::Done)
}

/// A sandbox that does not start, in words.
pub fn problem(error: &sandbox::SandboxError) -> Problem {
    let problem = Problem::new(ProblemKind::Usage, "The sandbox cannot start").detail(error.to_string());
    match error {
        sandbox::SandboxError::Bind { .. } => {
            problem.hint("Choose other ports with --listen 127.0.0.1:P, or port 0 for any free ones.")
        }
        _ => problem,
    }
}

fn read_faults(file: &std::path::Path) -> Result<Vec<Rule>, Problem> {
    let wrong = |why: String| {
        Problem::new(ProblemKind::Usage, "The fault list cannot be used")
            .detail(format!("{}: {why}", file.display()))
            .hint("Give a JSON list such as [{\"kind\":\"status\",\"status\":429,\"times\":1}].")
    };
    let text = std::fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?;
    Rule::list(text.as_bytes()).map_err(wrong)
}

impl From<WorldSize> for Size {
    fn from(size: WorldSize) -> Self {
        match size {
            WorldSize::Small => Self::Small,
            WorldSize::Medium => Self::Medium,
            WorldSize::Large => Self::Large,
        }
    }
}
