//! Sending a plan for the screen: the engine's events in the screen's words, and the calls that wait meanwhile.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::desk::Desk;
use super::shell::Teller;
use crate::domain::problem::Problem;
use crate::engine::{
    ApplyEvent, ApplyReport, ApplyStep, Consent, Engine, LOOKING_AGAIN, Progress as EngineProgress, Selection,
};
use crate::platform::http::Http;
use crate::ui::effect::Sending;
use crate::ui::msg::{Progress, Reply, SendEvent, Sent};

/// Sends what is picked of a saved plan. What was confirmed on the screen is handed on; the engine checks it.
pub(super) async fn send(
    engine: Engine,
    http: Arc<Http>,
    sending: Sending,
    desk: Desk,
    tell: Teller,
    cancel: CancellationToken,
) -> Result<Reply, Problem> {
    let plan = engine.saved_plan(sending.plan).await?;
    let pick = Selection::Changes(sending.pick);
    let consent = Consent { yes: true, names: sending.names, removals: sending.removals };
    let progress = teller(&tell);
    let report = tokio::select! {
        report = engine.apply(&plan, &pick, &consent, progress, cancel) => report?,
        never = tell_waiting(&http, &tell) => match never {},
    };
    sent(&engine, report, &desk).await.map(Reply::Sent)
}

/// Asks the platforms what became of the changes without an answer. Sends nothing.
pub(super) async fn settle(
    engine: Engine,
    http: Arc<Http>,
    desk: Desk,
    tell: Teller,
    cancel: CancellationToken,
) -> Result<Reply, Problem> {
    let report = tokio::select! {
        report = engine.settle_unsettled(&[], teller(&tell), cancel) => report?,
        never = tell_waiting(&http, &tell) => match never {},
    };
    sent(&engine, report, &desk).await.map(Reply::Settled)
}

/// Tells the screen what the engine reports.
fn teller(tell: &Teller) -> EngineProgress<ApplyEvent> {
    let told = tell.clone();
    Arc::new(move |event: ApplyEvent| {
        if let Some(step) = in_words(event.what) {
            told.progress(Progress::Send(event.account, step));
        }
    })
}

/// How it ended, with what is staged now.
async fn sent(engine: &Engine, report: ApplyReport, desk: &Desk) -> Result<Sent, Problem> {
    let staged = engine.staged().await?;
    let overlay = desk.overlay(&staged);
    let operation = report.made().next();
    Ok(Sent {
        operation,
        outcomes: report.changes.iter().map(|change| (change.number, change.outcome.clone())).collect(),
        problems: report
            .accounts
            .into_iter()
            .filter_map(|account| Some((account.account, account.problem?)))
            .collect(),
        staged,
        overlay,
    })
}

fn in_words(step: ApplyStep) -> Option<SendEvent> {
    Some(match step {
        ApplyStep::Began { operation, requests, .. } => SendEvent::Began { operation, requests },
        ApplyStep::Sending { request, of, changes } => SendEvent::Sending { request, of, changes },
        ApplyStep::Throttled { until, .. } => {
            SendEvent::Waiting { until, why: "asked to slow down".to_owned() }
        }
        ApplyStep::LookingAgain { until } => SendEvent::Waiting { until, why: LOOKING_AGAIN.to_owned() },
        ApplyStep::Settling { until, changes } => SendEvent::Checking { until, changes },
        ApplyStep::Outcome { number, outcome } => SendEvent::Settled { number, outcome },
        ApplyStep::Reading { .. } | ApplyStep::Ended { .. } => return None,
    })
}

/// Tells of calls that wait, as long as it is polled.
async fn tell_waiting(http: &Http, tell: &Teller) -> std::convert::Infallible {
    let mut waiting = http.waiting();
    loop {
        if waiting.changed().await.is_err() {
            // The client is gone, and so will be the sending.
            return std::future::pending().await;
        }
        let calls = waiting.borrow_and_update().clone();
        for call in calls {
            let event = SendEvent::Waiting { until: call.until, why: call.why };
            tell.progress(Progress::Send(call.account, event));
        }
    }
}
