//! Exit codes: what a script can rely on.

use std::process::ExitCode;

use crate::domain::problem::{Problem, ProblemKind};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done,
    /// Failed; also `sync` when an account failed.
    Failed,
    /// Wrong usage, or refused.
    Refused,
    /// Findings at or above `--fail-on`, or changes with `plan --exit-code`.
    Found,
    /// Applied in part: some changes were rejected or are unknown; the journal says which.
    Partly,
    /// Authentication failed for all accounts asked.
    NotSignedIn,
}

impl Exit {
    /// The process's exit code.
    pub fn code(self) -> ExitCode {
        ExitCode::from(match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Refused => 2,
            Self::Found => 3,
            Self::Partly => 4,
            Self::NotSignedIn => 5,
        })
    }

    /// How a command ends that failed as a whole.
    pub fn of(problem: &Problem) -> Self {
        match problem.kind {
            ProblemKind::Usage | ProblemKind::Config | ProblemKind::Busy | ProblemKind::Storage => {
                Self::Refused
            }
            ProblemKind::Auth => Self::NotSignedIn,
            ProblemKind::Refused
            | ProblemKind::Throttled
            | ProblemKind::Network
            | ProblemKind::Server
            | ProblemKind::Reply
            | ProblemKind::Cancelled => Self::Failed,
        }
    }
}
