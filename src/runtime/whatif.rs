//! What-if questions, off the async threads and until they are stopped.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::domain::account::Identity;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::simulate::{Asking, Question};
use crate::engine::Engine;
use crate::ui::msg::Reply;

/// Answers; nothing when it was stopped.
pub(super) async fn simulate(
    engine: &Engine,
    questions: Vec<Question>,
    list: usize,
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
        simulator.ask(&questions, Asking { from: None, list }, capabilities, || stop.is_cancelled())
    };
    match tokio::task::spawn_blocking(answer).await {
        Ok(answers) => answers.map(|answers| Ok(Reply::Simulated(Arc::new(answers)))),
        Err(error) => {
            Some(Err(Problem::new(ProblemKind::Storage, "The what-if broke off").detail(error.to_string())))
        }
    }
}
