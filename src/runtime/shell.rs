//! Carries out the core's orders, off the loop: each in a task of its own that sends its answer to the inbox.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Notify, broadcast, mpsc};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::audit::Auditor;
use super::desk::Desk;
use super::terms::TermDesk;
use super::{fetch, journal, opening, refresh, send, whatif};
use crate::domain::account::Identity;
use crate::domain::audit::AuditConfig;
use crate::domain::change::{Change, NewNegative, Staged};
use crate::domain::problem::{Problem, ProblemKind};
use crate::engine::{Engine, Selection};
use crate::platform::http::{Entry, Http};
use crate::ui::effect::{Effect, Staging, Wanted};
use crate::ui::msg::{BrandHit, CheckLine, LogEntry, Msg, Progress, Reply, StagedNow};
use crate::ui::remote::Ticket;

/// What carries out orders.
pub struct Shell {
    engine: Engine,
    http: Arc<Http>,
    desk: Desk,
    terms: TermDesk,
    inbox: mpsc::UnboundedSender<Msg>,
    tasks: TaskTracker,
    open: Arc<Open>,
    stops: HashMap<Ticket, CancellationToken>,
    audit: Auditor,
}

/// Tells the core how a request goes. Cheap to clone.
#[derive(Clone)]
pub(super) struct Teller {
    ticket: Ticket,
    inbox: mpsc::UnboundedSender<Msg>,
}

impl Teller {
    pub(super) fn progress(&self, progress: Progress) {
        // Nobody listens any more once the screen is gone.
        let _ = self.inbox.send(Msg::Progress(self.ticket, progress));
    }
}

impl Shell {
    /// A shell over an engine; its answers come out of the receiver.
    pub fn new(engine: Engine, http: Arc<Http>) -> (Self, mpsc::UnboundedReceiver<Msg>) {
        let (inbox, answers) = mpsc::unbounded_channel();
        tokio::spawn(follow_log(http.follow_log(), inbox.clone()));
        let shell = Self {
            engine,
            http,
            desk: Desk::default(),
            terms: TermDesk::default(),
            inbox,
            tasks: TaskTracker::new(),
            open: Arc::default(),
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
        self.open.count.load(Ordering::Acquire) > 0
    }

    /// Waits until one more task has ended.
    pub async fn one_ended(&self) {
        self.open.ended.notified().await;
    }

    /// Stops everything: a refresh without a trace, a sending after the request in flight; waits for them.
    pub async fn close(&self) {
        self.stops.values().for_each(CancellationToken::cancel);
        self.audit.stop();
        self.tasks.close();
        self.tasks.wait().await;
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
                self.blocking(ticket, move || Some(Reply::Places(desk.places(&name))));
            }
            Effect::Stage(ticket, staging) => {
                let desk = self.desk.clone();
                self.spawn(ticket, async move { stage(&engine, *staging, &desk).await.map(Reply::Staged) });
            }
            Effect::Sync(ticket, accounts) => {
                let (tell, stop) = (self.teller(ticket), self.stop(ticket));
                self.spawn(ticket, async move { Ok(refresh::refresh(engine, accounts, tell, stop).await) });
            }
            Effect::FetchTerms(ticket, accounts, how) => {
                let (tell, stop) = (self.teller(ticket), self.stop(ticket));
                self.spawn(ticket, async move { Ok(fetch::fetch(engine, accounts, how, tell, stop).await) });
            }
            Effect::BuildPlan(ticket, numbers) => {
                let pick = numbers.map_or(Selection::All, Selection::Changes);
                self.spawn(ticket, async move { Ok(Reply::Plan(Arc::new(engine.plan(&pick).await?))) });
            }
            Effect::Send(ticket, sending) => {
                let (tell, stop) = (self.teller(ticket), self.stop(ticket));
                let (http, desk) = (Arc::clone(&self.http), self.desk.clone());
                self.spawn(ticket, send::send(engine, http, *sending, desk, tell, stop));
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
            Effect::Brands(ticket, account, name) => self.spawn(ticket, async move {
                let found = connection(&engine, &account)?.brands(&name).await?;
                Ok(Reply::Brands(
                    found.into_iter().map(|one| BrandHit { id: one.id, name: one.name }).collect(),
                ))
            }),
            Effect::Check(ticket, account) => self.spawn(ticket, async move {
                let lines = connection(&engine, &account)?.check().await;
                let lines = lines.into_iter().map(|line| CheckLine { what: line.what, result: line.result });
                Ok(Reply::Checked(lines.collect()))
            }),
            Effect::LoadHistory(ticket, limit) => {
                self.spawn(ticket, async move { Ok(Reply::History(engine.history(&[], limit).await?)) });
            }
            Effect::LoadOperation(ticket, id) => {
                self.spawn(ticket, async move { Ok(Reply::Operation(Arc::new(engine.past(id).await?))) });
            }
            Effect::Undo(ticket, operation) => {
                let desk = self.desk.clone();
                self.spawn(ticket, async move {
                    journal::undo(&engine, operation, &desk).await.map(Reply::Undoing)
                });
            }
            Effect::LookAround(ticket) => {
                self.spawn(ticket, async move { journal::around(&engine).await.map(Reply::Around) });
            }
            Effect::Settle(ticket) => {
                let (tell, stop) = (self.teller(ticket), self.stop(ticket));
                let (http, desk) = (Arc::clone(&self.http), self.desk.clone());
                self.spawn(ticket, send::settle(engine, http, desk, tell, stop));
            }
            Effect::LoadTerms(ticket) => self.load_terms(ticket),
            Effect::QueryTerms(ticket, wanted) => {
                let find = self.terms.query(*wanted);
                self.blocking(ticket, find);
            }
            Effect::SumWords(ticket, wanted) => {
                let sum = self.terms.words(*wanted);
                self.blocking(ticket, sum);
            }
            Effect::Review(ticket, reviews) => self.spawn(ticket, super::terms::review(engine, reviews)),
            Effect::Audit(ticket) => self.audit(ticket),
            Effect::Ignore(ticket, findings, reason) => {
                self.spawn(ticket, self.audit.clone().ignore(engine, findings, reason));
            }
            Effect::Heed(ticket, findings) => self.spawn(ticket, self.audit.clone().heed(engine, findings)),
            Effect::OpenUrl(url) => open_url(&url),
            // The loop's own.
            Effect::Copy(_) | Effect::Run(_) | Effect::WakeAt(_) | Effect::SetMouse(_) | Effect::Quit => {}
        }
    }

    fn audit(&mut self, ticket: Ticket) {
        let (audit, engine, inbox) = (self.audit.begin(), self.engine.clone(), self.inbox.clone());
        self.task(async move {
            // A newer one makes it void, and is answered instead.
            if let Some(reply) = audit.run(engine).await.transpose() {
                let _ = inbox.send(Msg::Done(ticket, reply.map(Reply::Audit)));
            }
        });
    }

    fn query(&mut self, ticket: Ticket, wanted: Wanted) {
        let (find, desk) = (self.desk.query(wanted), self.desk.clone());
        let found = compute(ticket, self.inbox.clone(), move || find().map(Reply::Found));
        self.task(async move {
            found.await;
            // Behind the result: what comes next finds its indexes made.
            if let Err(error) = tokio::task::spawn_blocking(move || desk.warm()).await {
                tracing::error!("making indexes broke off: {error}");
            }
        });
    }

    fn simulate(&mut self, ticket: Ticket, asked: whatif::Asked) {
        let (engine, stop, inbox) = (self.engine.clone(), self.stop(ticket), self.inbox.clone());
        self.task(async move {
            // One that was stopped has no answer, and nobody awaits it.
            if let Some(reply) = whatif::simulate(&engine, asked, stop).await {
                let _ = inbox.send(Msg::Done(ticket, reply));
            }
        });
    }

    fn judge(&mut self, ticket: Ticket, asked: Vec<(Identity, Vec<NewNegative>)>) {
        let (engine, desk) = (self.engine.clone(), self.desk.clone());
        self.spawn(ticket, async move {
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
        self.task(async move {
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
        self.task(async move {
            if let Some(reply) = terms.lay(&engine, catalog, overlay).await.transpose() {
                let _ = inbox.send(Msg::Done(ticket, reply));
            }
        });
    }

    fn teller(&self, ticket: Ticket) -> Teller {
        Teller { ticket, inbox: self.inbox.clone() }
    }

    fn stop(&mut self, ticket: Ticket) -> CancellationToken {
        let stop = CancellationToken::new();
        self.stops.insert(ticket, stop.clone());
        stop
    }

    /// Runs a request that gives its answer in the end.
    fn spawn(
        &mut self,
        ticket: Ticket,
        request: impl Future<Output = Result<Reply, Problem>> + Send + 'static,
    ) {
        let inbox = self.inbox.clone();
        self.task(async move {
            let reply = request.await;
            let _ = inbox.send(Msg::Done(ticket, reply));
        });
    }

    /// Runs a request that computes.
    fn blocking(&mut self, ticket: Ticket, request: impl FnOnce() -> Option<Reply> + Send + 'static) {
        let computed = compute(ticket, self.inbox.clone(), request);
        self.task(computed);
    }

    /// Counts a task while it runs.
    fn task(&mut self, task: impl Future<Output = ()> + Send + 'static) {
        let open = Arc::clone(&self.open);
        open.count.fetch_add(1, Ordering::AcqRel);
        self.tasks.spawn(async move {
            let _leave = Leave(open);
            task.await;
        });
    }
}

/// Computes off the async threads and hands the answer in; there is none when the request is void.
async fn compute(
    ticket: Ticket,
    inbox: mpsc::UnboundedSender<Msg>,
    request: impl FnOnce() -> Option<Reply> + Send + 'static,
) {
    match tokio::task::spawn_blocking(request).await {
        Ok(Some(reply)) => _ = inbox.send(Msg::Done(ticket, Ok(reply))),
        Ok(None) => {}
        Err(error) => {
            let problem =
                Problem::new(ProblemKind::Storage, "A computation broke off").detail(error.to_string());
            let _ = inbox.send(Msg::Done(ticket, Err(problem)));
        }
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

/// The tasks that run.
#[derive(Default)]
struct Open {
    count: AtomicUsize,
    ended: Notify,
}

/// Counts a task out, also when it panics.
struct Leave(Arc<Open>);

impl Drop for Leave {
    fn drop(&mut self) {
        self.0.count.fetch_sub(1, Ordering::AcqRel);
        self.0.ended.notify_one();
    }
}

/// Changes staging: what is new is judged first, so that a refusal changes nothing.
async fn stage(engine: &Engine, staging: Staging, desk: &Desk) -> Result<StagedNow, Problem> {
    let wanted: Vec<(Identity, Change)> = staging.add;
    let mut added = Vec::new();
    let mut dropped = Vec::new();
    let mut notes = Vec::new();
    if !wanted.is_empty() {
        // In one move: what replaces a staged change is not weighed against it.
        let done = engine.stage_instead(wanted, &staging.drop).await.map_err(Problem::from)?;
        added.extend(done.staged.iter().map(|one| one.number));
        dropped.extend(done.dropped);
        notes.extend(done.notes.iter().map(ToString::to_string));
    } else if !staging.drop.is_empty() {
        dropped.extend(engine.store().unstage(staging.drop).await?);
    }
    if !staging.restore.is_empty() {
        let back: Vec<Staged> = engine.store().restage(staging.restore).await?;
        added.extend(back.iter().map(|one| one.number));
    }
    let all = engine.staged().await?;
    let overlay = desk.overlay(&all);
    Ok(StagedNow { all, added, dropped, notes, overlay })
}

fn connection(engine: &Engine, account: &Identity) -> Result<Arc<dyn crate::platform::Connection>, Problem> {
    let gone = || Err(Problem::new(ProblemKind::Usage, "This account is no longer configured"));
    engine.member_of(account).map_or_else(gone, |member| member.link.clone())
}

/// Hands every request of the log in as it comes.
async fn follow_log(mut log: broadcast::Receiver<Arc<Entry>>, inbox: mpsc::UnboundedSender<Msg>) {
    loop {
        match log.recv().await {
            Ok(entry) => {
                if inbox.send(Msg::Logged(Box::new(line(&entry)))).is_err() {
                    return;
                }
            }
            // A burst went by faster than it could be read; the ring of the client has it.
            Err(broadcast::error::RecvError::Lagged(_)) => {}
            Err(broadcast::error::RecvError::Closed) => return,
        }
    }
}

fn line(entry: &Entry) -> LogEntry {
    LogEntry {
        at: entry.when,
        account: Some(entry.account.to_string()),
        call: Some((entry.method, entry.path.clone())),
        status: entry.status,
        took: entry.took,
        retries: entry.retries(),
        problem: entry.problem.as_ref().map(|why| Problem::new(ProblemKind::Network, why)),
    }
}
