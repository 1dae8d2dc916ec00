//! Carries out the core's orders, off the loop: each in a task of its own that sends its answer to the inbox. `tasks`
//! counts them, `staging` changes what is staged, `log` tells of every request. Orders that are long to carry out have
//! files beside this folder; nothing here decides what is done.

mod log;
mod staging;
mod tasks;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use self::tasks::Tasks;
pub(super) use self::tasks::Teller;
use super::audit::Auditor;
use super::desk::Desk;
use super::terms::TermDesk;
use super::{fetch, journal, opening, refresh, send, whatif};
use crate::domain::account::Identity;
use crate::domain::audit::AuditConfig;
use crate::domain::change::NewNegative;
use crate::domain::problem::{Problem, ProblemKind};
use crate::engine::{Engine, Selection};
use crate::platform::http::Http;
use crate::ui::effect::{Effect, Wanted};
use crate::ui::msg::{BrandHit, CheckLine, Msg, Reply};
use crate::ui::remote::Ticket;

/// What carries out orders.
pub struct Shell {
    engine: Engine,
    http: Arc<Http>,
    desk: Desk,
    terms: TermDesk,
    inbox: mpsc::UnboundedSender<Msg>,
    tasks: Tasks,
    stops: HashMap<Ticket, CancellationToken>,
    audit: Auditor,
}

impl Shell {
    /// A shell over an engine; its answers come out of the receiver.
    pub fn new(engine: Engine, http: Arc<Http>) -> (Self, mpsc::UnboundedReceiver<Msg>) {
        let (inbox, answers) = mpsc::unbounded_channel();
        tokio::spawn(log::follow(http.follow_log(), inbox.clone()));
        let shell = Self {
            engine,
            http,
            desk: Desk::default(),
            terms: TermDesk::default(),
            tasks: Tasks::new(inbox.clone()),
            inbox,
            stops: HashMap::new(),
            audit: Auditor::default(),
        };
        (shell, answers)
    }

    /// Audits by these settings, and keeps what is ignored in that file.
    #[must_use]
    pub fn auditing(mut self, config: AuditConfig, baseline: PathBuf) -> Self {
        self.audit = Auditor::new(config, baseline);
        self
    }

    /// Whether an order is still being carried out.
    pub fn busy(&self) -> bool {
        self.tasks.busy()
    }

    /// Waits until one more task has ended.
    pub async fn one_ended(&self) {
        self.tasks.one_ended().await;
    }

    /// Stops everything: a refresh without a trace, a sending after the request in flight; waits for them.
    pub async fn close(&self) {
        self.stops.values().for_each(CancellationToken::cancel);
        self.audit.stop();
        self.tasks.close().await;
    }

    /// Carries out one order.
    pub fn execute(&mut self, effect: Effect) {
        let engine = self.engine.clone();
        match effect {
            Effect::LoadOpening(ticket, rows) => {
                // At once and on this thread: it takes well under a frame, and the first frame waits for it.
                let reply = opening::opening(&self.engine, rows).map(Reply::Opening);
                let _ = self.inbox.send(Msg::Done(ticket, reply));
            }
            Effect::LoadCatalog(ticket) => self.load_catalog(ticket),
            Effect::Query(ticket, wanted) => self.query(ticket, *wanted),
            Effect::FindPlaces(ticket, name) => {
                let desk = self.desk.clone();
                self.tasks.blocking(ticket, move || Some(Reply::Places(desk.places(&name))));
            }
            Effect::Stage(ticket, staging) => {
                let desk = self.desk.clone();
                self.tasks.spawn(ticket, async move {
                    staging::stage(&engine, *staging, &desk).await.map(Reply::Staged)
                });
            }
            Effect::Sync(ticket, accounts) => {
                let (tell, stop) = (self.tasks.teller(ticket), self.stop(ticket));
                self.tasks
                    .spawn(ticket, async move { Ok(refresh::refresh(engine, accounts, tell, stop).await) });
            }
            Effect::FetchTerms(ticket, accounts, how) => {
                let (tell, stop) = (self.tasks.teller(ticket), self.stop(ticket));
                self.tasks
                    .spawn(ticket, async move { Ok(fetch::fetch(engine, accounts, how, tell, stop).await) });
            }
            Effect::BuildPlan(ticket, numbers) => {
                let pick = numbers.map_or(Selection::All, Selection::Changes);
                self.tasks.spawn(ticket, async move { Ok(Reply::Plan(Arc::new(engine.plan(&pick).await?))) });
            }
            Effect::Send(ticket, sending) => {
                let (tell, stop) = (self.tasks.teller(ticket), self.stop(ticket));
                let (http, desk) = (Arc::clone(&self.http), self.desk.clone());
                self.tasks.spawn(ticket, send::send(engine, http, *sending, desk, tell, stop));
            }
            Effect::Cancel(ticket) => {
                if let Some(stop) = self.stops.remove(&ticket) {
                    stop.cancel();
                }
            }
            Effect::Judge(ticket, asked) => self.judge(ticket, asked),
            Effect::Simulate(ticket, questions, list) => {
                self.simulate(ticket, whatif::Asked::Each(questions, list));
            }
            Effect::SumUp(ticket, grid) => self.simulate(ticket, whatif::Asked::All(grid)),
            Effect::Brands(ticket, account, name) => self.tasks.spawn(ticket, async move {
                let found = connection(&engine, &account)?.brands(&name).await?;
                Ok(Reply::Brands(
                    found.into_iter().map(|one| BrandHit { id: one.id, name: one.name }).collect(),
                ))
            }),
            Effect::Check(ticket, account) => self.tasks.spawn(ticket, async move {
                let lines = connection(&engine, &account)?.check().await;
                let lines = lines.into_iter().map(|line| CheckLine { what: line.what, result: line.result });
                Ok(Reply::Checked(lines.collect()))
            }),
            Effect::LoadHistory(ticket, limit) => {
                self.tasks.spawn(ticket, async move { Ok(Reply::History(engine.history(&[], limit).await?)) });
            }
            Effect::LoadOperation(ticket, id) => {
                self.tasks.spawn(ticket, async move { Ok(Reply::Operation(Arc::new(engine.past(id).await?))) });
            }
            Effect::Undo(ticket, operation) => {
                let desk = self.desk.clone();
                self.tasks.spawn(ticket, async move {
                    journal::undo(&engine, operation, &desk).await.map(Reply::Undoing)
                });
            }
            Effect::LookAround(ticket) => {
                self.tasks.spawn(ticket, async move { journal::around(&engine).await.map(Reply::Around) });
            }
            Effect::Settle(ticket) => {
                let (tell, stop) = (self.tasks.teller(ticket), self.stop(ticket));
                let (http, desk) = (Arc::clone(&self.http), self.desk.clone());
                self.tasks.spawn(ticket, send::settle(engine, http, desk, tell, stop));
            }
            Effect::LoadTerms(ticket) => self.load_terms(ticket),
            Effect::QueryTerms(ticket, wanted) => {
                let find = self.terms.query(*wanted);
                self.tasks.blocking(ticket, find);
            }
            Effect::SumWords(ticket, wanted) => {
                let sum = self.terms.words(*wanted);
                self.tasks.blocking(ticket, sum);
            }
            Effect::Review(ticket, reviews) => self.tasks.spawn(ticket, super::terms::review(engine, reviews)),
            Effect::Audit(ticket) => self.audit(ticket),
            Effect::Ignore(ticket, findings, reason) => {
                self.tasks.spawn(ticket, self.audit.clone().ignore(engine, findings, reason));
            }
            Effect::Heed(ticket, findings) => {
                self.tasks.spawn(ticket, self.audit.clone().heed(engine, findings));
            }
            Effect::OpenUrl(url) => open_url(&url),
            // The loop's own.
            Effect::Copy(_) | Effect::Run(_) | Effect::WakeAt(_) | Effect::SetMouse(_) | Effect::Quit => {}
        }
    }

    fn audit(&mut self, ticket: Ticket) {
        let (audit, engine, inbox) = (self.audit.begin(), self.engine.clone(), self.inbox.clone());
        self.tasks.run(async move {
            // A newer one makes it void, and is answered instead.
            if let Some(reply) = audit.run(engine).await.transpose() {
                let _ = inbox.send(Msg::Done(ticket, reply.map(Reply::Audit)));
            }
        });
    }

    fn query(&mut self, ticket: Ticket, wanted: Wanted) {
        let (find, desk) = (self.desk.query(wanted), self.desk.clone());
        let found = tasks::compute(ticket, self.inbox.clone(), move || find().map(Reply::Found));
        self.tasks.run(async move {
            found.await;
            // Behind the result: what comes next finds its indexes made.
            if let Err(error) = tokio::task::spawn_blocking(move || desk.warm()).await {
                tracing::error!("making indexes broke off: {error}");
            }
        });
    }

    fn simulate(&mut self, ticket: Ticket, asked: whatif::Asked) {
        let (engine, stop, inbox) = (self.engine.clone(), self.stop(ticket), self.inbox.clone());
        self.tasks.run(async move {
            // One that was stopped has no answer, and nobody awaits it.
            if let Some(reply) = whatif::simulate(&engine, asked, stop).await {
                let _ = inbox.send(Msg::Done(ticket, reply));
            }
        });
    }

    fn judge(&mut self, ticket: Ticket, asked: Vec<(Identity, Vec<NewNegative>)>) {
        let (engine, desk) = (self.engine.clone(), self.desk.clone());
        self.tasks.spawn(ticket, async move {
            // A long list is no work for an async thread.
            let judged = tokio::task::spawn_blocking(move || {
                desk.judge(&asked, |id| engine.member_of(id).and_then(|member| member.capabilities))
            });
            judged
                .await
                .map(Reply::Judged)
                .map_err(|_| Problem::new(ProblemKind::Cancelled, "The lines could not be judged"))
        });
    }

    fn load_catalog(&mut self, ticket: Ticket) {
        let (engine, desk, inbox) = (self.engine.clone(), self.desk.clone(), self.inbox.clone());
        self.tasks.run(async move {
            let loaded =
                async { Ok((engine.reload().await?, engine.staged().await?, engine.store().touches().await?)) };
            match loaded.await {
                Ok((catalog, staged, touches)) => {
                    // Laying changes over a large snapshot and sorting it by text is no work for an async thread.
                    let laid = tokio::task::spawn_blocking(move || {
                        desk.lay(ticket, catalog, &staged, Arc::new(touches), &inbox);
                    });
                    if let Err(error) = laid.await {
                        tracing::error!("laying out the snapshot broke off: {error}");
                    }
                }
                Err(problem) => {
                    let _ = inbox.send(Msg::Done(ticket, Err(problem)));
                }
            }
        });
    }

    /// Lays the search terms out beside the snapshot in sight; a newer order makes an unfinished one void.
    fn load_terms(&mut self, ticket: Ticket) {
        let Some((catalog, overlay)) = self.desk.laid() else { return };
        let (engine, terms, inbox) = (self.engine.clone(), self.terms.clone(), self.inbox.clone());
        self.tasks.run(async move {
            if let Some(reply) = terms.lay(&engine, catalog, overlay).await.transpose() {
                let _ = inbox.send(Msg::Done(ticket, reply));
            }
        });
    }

    fn stop(&mut self, ticket: Ticket) -> CancellationToken {
        let stop = CancellationToken::new();
        self.stops.insert(ticket, stop.clone());
        stop
    }
}

/// Opens an address in the user's browser.
fn open_url(url: &str) {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let none = std::process::Stdio::null;
    let child = std::process::Command::new(opener).arg(url).stdin(none()).stdout(none()).stderr(none()).spawn();
    if let Err(error) = child {
        tracing::warn!("{opener} cannot open an address: {error}");
    }
}

fn connection(engine: &Engine, account: &Identity) -> Result<Arc<dyn crate::platform::Connection>, Problem> {
    let gone = || Err(Problem::new(ProblemKind::Usage, "This account is no longer configured"));
    engine.member_of(account).map_or_else(gone, |member| member.link.clone())
}
