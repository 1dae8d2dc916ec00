//! `unbid apply`, and what `--apply` of the staging commands does: asks, sends, tells. What needs consent and how
//! sending goes is the engine's business.

use super::args::{ApplyArgs, ConsentArgs};
use super::output::{self, Cells, Format};
use super::progress::ApplyProgress;
use super::{Exit, Session, ask, interrupt, plan};
use crate::domain::account::AccountName;
use crate::domain::ids::PlanId;
use crate::domain::journal::OutcomeKind;
use crate::domain::plan::Plan;
use crate::domain::problem::{Problem, ProblemKind};
use crate::engine::{ApplyReport, Confirmation, Consent, Selection};

/// Settles what an earlier run left open, then plans and sends what is staged, or sends a saved plan.
pub async fn run(session: &Session, args: ApplyArgs) -> Result<Exit, Problem> {
    if let Some(id) = &args.plan {
        consent_possible(&args.consent)?;
        let id = PlanId::parse(id).ok_or_else(|| {
            Problem::new(ProblemKind::Usage, format!("{} is no plan's id", crate::domain::text::shown(id)))
                .hint("`unbid plan` prints the id of the plan that it saves.")
        })?;
        let plan = session.engine.saved_plan(id).await?;
        let report = send(session, &plan, &plan::selection(session), &args.consent).await?;
        return tell(session, &report, args.output.format);
    }
    // Where there is nothing to ask about, nobody need be there to answer.
    if let Err(refusal) = consent_possible(&args.consent)
        && session.engine.something_staged(&session.accounts).await?
    {
        return Err(refusal);
    }
    let progress = ApplyProgress::new(session);
    let settling = session.engine.settle_unsettled(&session.accounts, progress.sink(), interrupt::token());
    let open = progress.beside(&session.http, settling).await;
    progress.done();
    let open = open?;
    say_settled(session, &open);
    let plan = session.engine.plan(&plan::selection(session)).await?;
    let report = if plan.accounts.iter().all(|part| part.changes.is_empty()) {
        if !session.quiet && open.changes.is_empty() {
            eprintln!("Nothing is staged, and nothing waits for an answer.");
        }
        ApplyReport::default()
    } else {
        send(session, &plan, &Selection::All, &args.consent).await?
    };
    tell(session, &report.with_earlier(open), args.output.format)
}

/// Plans and sends these staged changes, nothing else that is staged.
pub async fn send_just(
    session: &Session,
    numbers: Vec<u64>,
    consent: &ConsentArgs,
    format: Format,
) -> Result<Exit, Problem> {
    if numbers.is_empty() {
        return tell(session, &ApplyReport::default(), format);
    }
    let plan = session.engine.plan(&Selection::Changes(numbers)).await?;
    send_plan(session, &plan, consent, format).await
}

/// Sends a plan that was just made.
pub async fn send_plan(
    session: &Session,
    plan: &Plan,
    consent: &ConsentArgs,
    format: Format,
) -> Result<Exit, Problem> {
    let report = send(session, plan, &Selection::All, consent).await?;
    tell(session, &report, format)
}

/// What keeps anything from being sent, whatever it is: said before anything is staged to be sent at once.
pub fn may_send(session: &Session, consent: &ConsentArgs) -> Result<(), Problem> {
    consent_possible(consent)?;
    session.engine.may_send()
}

/// Without a terminal nobody can be asked: then `--yes` must be there, and that is said before anything is staged.
fn consent_possible(consent: &ConsentArgs) -> Result<(), Problem> {
    if consent.yes || ask::somebody_there() {
        return Ok(());
    }
    Err(Problem::new(ProblemKind::Usage, "There is no terminal to ask on")
        .detail("nothing was sent")
        .hint("Add --yes to send without being asked."))
}

async fn send(
    session: &Session,
    plan: &Plan,
    pick: &Selection,
    given: &ConsentArgs,
) -> Result<ApplyReport, Problem> {
    if !session.quiet {
        for caution in plan.cautions() {
            eprintln!("{}", crate::domain::text::shown(&caution));
        }
    }
    let mut consent = Consent {
        yes: given.yes,
        names: given.confirm.iter().map(|name| AccountName::new(name)).collect(),
        removals: given.confirm_removals,
    };
    for needed in session.engine.needs(plan)? {
        answer(&needed, &mut consent)?;
    }
    let progress = ApplyProgress::new(session);
    let sending = session.engine.apply(plan, pick, &consent, progress.sink(), interrupt::token());
    let report = progress.beside(&session.http, sending).await;
    progress.done();
    report
}

/// What became of the changes that an earlier run left open.
fn say_settled(session: &Session, open: &ApplyReport) {
    if session.quiet || open.changes.is_empty() {
        return;
    }
    let (applied, already) = (open.count(OutcomeKind::Applied), open.count(OutcomeKind::Already));
    let (unsent, unknown) = (open.count(OutcomeKind::Skipped), open.count(OutcomeKind::Unknown));
    let other = open.changes.len() - applied - already - unsent - unknown;
    let parts = [
        (applied + already, "were done"),
        (unsent, "were not, and are still staged"),
        (other, "were refused or have changed there"),
        (unknown, "have no answer yet"),
    ];
    let said: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    eprintln!("Of {} changes that were cut off: {}.", open.changes.len(), said.join(", "));
}

/// Asks one question, unless a flag answered it; what stays unanswered is the engine's to refuse.
fn answer(needed: &Confirmation, consent: &mut Consent) -> Result<(), Problem> {
    if consent.check(std::slice::from_ref(needed)).is_ok() || !ask::somebody_there() {
        return Ok(());
    }
    let asked = match needed {
        Confirmation::Send(_) => ask::yes(&needed.question()).map(|yes| consent.yes = yes),
        Confirmation::Name(_) => ask::line(&needed.question())
            .map(|name| consent.names.extend(name.as_deref().map(AccountName::new))),
        Confirmation::Removals(_) => ask::line(&needed.question())
            .map(|count| consent.removals = count.and_then(|count| count.parse().ok())),
    };
    asked.map_err(|error| {
        Problem::new(ProblemKind::Usage, "The answer cannot be read").detail(error.to_string())
    })
}

fn tell(session: &Session, report: &ApplyReport, format: Format) -> Result<Exit, Problem> {
    for account in &report.accounts {
        if let Some(problem) = &account.problem {
            eprintln!("unbid: {}: {problem}", account.account);
        }
    }
    match format {
        Format::Table | Format::Csv => {
            output::cells(&report.changes, format == Format::Csv, session.color)?;
        }
        Format::Json | Format::Ndjson => output::document(report, format)?,
    }
    if !session.quiet {
        for operation in report.operations() {
            eprintln!("operation {operation}");
        }
    }
    Ok(exit(report))
}

/// Everything came through: done. Something did not: in part. Nothing at all came through: as the problem says; where
/// there is none, it was tried in vain or held back.
fn exit(report: &ApplyReport) -> Exit {
    if report.complete() {
        return Exit::Done;
    }
    let nothing_sent = report.changes.iter().all(|change| change.outcome.kind == OutcomeKind::Skipped);
    let problems: Vec<&Problem> =
        report.accounts.iter().filter_map(|account| account.problem.as_ref()).collect();
    match (nothing_sent, problems.as_slice()) {
        (true, [first, ..]) if problems.iter().all(|problem| problem.kind == first.kind) => Exit::of(first),
        (true, []) if report.made().next().is_some() => Exit::Failed,
        (true, []) => Exit::Refused,
        (true, _) => Exit::Failed,
        (false, _) => Exit::Partly,
    }
}

impl Cells for crate::engine::ChangeResult {
    const HEADINGS: &'static [&'static str] = &["number", "account", "outcome", "id", "code", "message"];

    fn cells(&self) -> Vec<String> {
        let raw = |text: &Option<crate::domain::text::Text>| {
            text.as_ref().map(|text| text.raw().to_owned()).unwrap_or_default()
        };
        vec![
            self.number.to_string(),
            self.account.as_str().to_owned(),
            self.outcome.kind.to_string(),
            self.outcome.id.as_ref().map(|id| id.raw().to_owned()).unwrap_or_default(),
            raw(&self.outcome.code),
            raw(&self.outcome.message),
        ]
    }
}
