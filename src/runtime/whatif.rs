//! What-if questions, off the async threads and until they are stopped.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::domain::account::Identity;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::simulate::{Asking, Question};
use crate::engine::Engine;
use crate::ui::msg::Reply;
use crate::ui::overlays::add::sheet::Grid;

/// What is asked.
pub(super) enum Asked {
    /// These negatives, with so many of the terms of each.
    Each(Vec<Question>, usize),
    /// What all lines of a long form would block together.
    All(Box<Grid>),
}

impl Asked {
    /// The questions, and how many terms each lists. There may be very many: not for an async thread.
    fn questions(self) -> (Vec<Question>, usize) {
        match self {
            Self::Each(questions, list) => (questions, list),
            Self::All(grid) => (grid.questions().collect(), 0),
        }
    }
}

/// Answers; nothing when it was stopped.
pub(super) async fn simulate(
    engine: &Engine,
    asked: Asked,
    stop: CancellationToken,
) -> Option<Result<Reply, Problem>> {
    let simulator = tokio::select! {
        () = stop.cancelled() => return None,
        simulator = engine.simulator() => match simulator {
            Ok(simulator) => simulator,
            Err(problem) => return Some(Err(problem)),
        },
    };
    let engine = engine.clone();
    let answer = move || {
        let capabilities = |id: &Identity| engine.member_of(id).and_then(|member| member.capabilities);
        let totals_only = matches!(asked, Asked::All(_));
        let (questions, list) = asked.questions();
        let mut answers =
            simulator.ask(&questions, Asking { from: None, list }, capabilities, || stop.is_cancelled())?;
        if totals_only {
            answers.each.clear();
        }
        Some(answers)
    };
    match tokio::task::spawn_blocking(answer).await {
        Ok(answers) => answers.map(|answers| Ok(Reply::Simulated(Arc::new(answers)))),
        Err(error) => {
            Some(Err(Problem::new(ProblemKind::Storage, "The what-if broke off").detail(error.to_string())))
        }
    }
}
