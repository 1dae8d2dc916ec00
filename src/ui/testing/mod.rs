//! What screen tests share: a shell that answers effects from memory at once, over a small world (`world`, `terms`), and
//! what a person does at it (`hands`). No IO, no clock but the one told.

mod audit;
mod hands;
mod terms;
mod world;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::effect::{Effect, Staging};
use super::model::Model;
use super::msg::{Around, CatalogNow, Found, Msg, Opening, Reply, RowId, SnapshotState, StagedNow, Start};
use super::overlays::add::sheet;
use super::overlays::places;
use super::update::update;
use crate::domain::account::{Account, Identity};
use crate::domain::catalog::{Cancel, Catalog, Overlay, Row, Terms};
use crate::domain::change::{Change, Staged};
use crate::domain::clock::Clock;
use crate::domain::ids::PlanId;
use crate::domain::journal::{Entry, Touches};
use crate::domain::negative::State;
use crate::domain::plan::{AccountPlan, Fingerprint, Plan, PlanScope, PlannedChange, PlannedRequest};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{Body, Class, Method, Request};
use crate::domain::sift::Sifter;
use crate::domain::simulate::{Answers, Asking, Simulator};
use crate::domain::term::{Review, ReviewKey, TermRow};

pub use terms::term_rows;
pub use world::{NO_DELETE, NO_PAUSE, RICH, accounts, catalog, empty, start, terms};

/// The moment at which all screen tests happen.
pub const NOW: &str = "2026-10-01T12:00:00Z";

/// Stages a change of each sort: something off, something on, a removal.
pub fn stage_some(shell: &mut Shell) {
    let catalog = shell.catalog.clone();
    let scope = crate::domain::catalog::Scope::All;
    let rows: Vec<_> = catalog.negatives_in(scope).map(|ix| catalog.negative(ix)).collect();
    let wanted = [("1001", Some(State::Paused)), ("1003", Some(State::Enabled)), ("1010", None)];
    let change = |(id, to): (&str, Option<State>)| {
        let row = rows.iter().find(|row| row.id().raw() == id).unwrap();
        let target = row.to_negative();
        let change = match to {
            Some(to) => Change::SetState { target, to },
            None => Change::Remove { target },
        };
        (row.account().identity.clone(), change)
    };
    shell.stage(Staging::add(wanted.map(change).into()));
}

fn accounts_in(model: &Model) -> Vec<Account> {
    model.data.accounts.iter().map(|one| one.account.clone()).collect()
}

/// A model with a shell that answers from memory.
pub struct Shell {
    /// The model.
    pub model: Model,
    /// The snapshot it answers from.
    pub catalog: Arc<Catalog>,
    /// The search terms it answers from; none are loaded at first.
    pub terms: Option<Arc<Terms>>,
    /// What the store says of each account at once.
    pub opening: SnapshotState,
    /// What is staged.
    pub staged: Vec<Staged>,
    next: u64,
    /// What was sent.
    pub past: Vec<Entry>,
    /// Which operation touched which negative.
    pub touches: Arc<Touches>,
    /// What goes on around.
    pub around: Around,
    /// The search terms it answers from, as rows.
    pub term_rows: Vec<TermRow>,
    /// What was looked at among them.
    pub reviews: Vec<(ReviewKey, Review)>,
    sifter: Option<Sifter>,
    /// Whether effects are answered at once; else they wait in `asked`.
    pub answers: bool,
    /// Every effect since the last look, but those that only wake.
    pub asked: Vec<Effect>,
}

impl Shell {
    /// A model of a size, started and answered.
    pub fn new(width: u16, height: u16) -> Self {
        Self::with(width, height, start(accounts()))
    }

    /// A model of a size with its own start, answered.
    pub fn with(width: u16, height: u16, start: Start) -> Self {
        let mut shell = Self::asleep(width, height);
        shell.send(Msg::Start(Box::new(start)));
        shell.asked.clear();
        shell
    }

    /// A model of a size that nothing was told.
    pub fn asleep(width: u16, height: u16) -> Self {
        let clock = Clock { wall: NOW.parse().unwrap(), monotonic: Duration::from_secs(1) };
        Self {
            model: Model::new((width, height), clock),
            catalog: Arc::new(catalog(["Espresso", "Beans exact", "decaf"])),
            terms: None,
            opening: SnapshotState {
                fetched: Some("2026-10-01T11:58:00Z".parse().unwrap()),
                stale: None,
                campaigns: 3,
                negatives: 9,
            },
            staged: Vec::new(),
            next: 1,
            past: Vec::new(),
            touches: Arc::default(),
            around: Around::default(),
            term_rows: Vec::new(),
            reviews: Vec::new(),
            sifter: None,
            answers: true,
            asked: Vec::new(),
        }
    }

    /// Hands a message in, and answers what it asks for.
    pub fn send(&mut self, msg: Msg) {
        let mut todo = VecDeque::from([msg]);
        while let Some(msg) = todo.pop_front() {
            for effect in update(&mut self.model, msg) {
                if matches!(effect, Effect::WakeAt(_)) {
                    continue;
                }
                if self.answers {
                    todo.extend(self.answer(&effect));
                }
                self.asked.push(effect);
            }
        }
    }

    fn overlay(&self) -> Arc<Overlay> {
        Arc::new(Overlay::new(&self.catalog, &self.staged))
    }

    fn answer(&mut self, effect: &Effect) -> Option<Msg> {
        let (ticket, reply) = match effect {
            Effect::LoadOpening(ticket, _) => {
                let state = &self.opening;
                let accounts = accounts().into_iter().map(|a| (a.account.identity, state.clone())).collect();
                let opening =
                    Opening { accounts, staged: self.staged.clone(), rows: Vec::new(), terms: Vec::new() };
                (*ticket, Reply::Opening(opening))
            }
            Effect::LoadCatalog(ticket) => {
                let now = CatalogNow {
                    catalog: self.catalog.clone(),
                    overlay: self.overlay(),
                    touches: Arc::clone(&self.touches),
                };
                (*ticket, Reply::Catalog(now))
            }
            Effect::Query(ticket, wanted) => {
                let rows = self.catalog.query(&wanted.query, &self.overlay(), None, &Cancel::default())?;
                let kept = wanted.keep.as_ref().and_then(|id| {
                    rows.iter().position(|row| match (row, id) {
                        (Row::Existing(ix), RowId::Existing(_, key)) => self.catalog.negative(ix).key() == *key,
                        (Row::Added(number), RowId::Added(kept)) => number == *kept,
                        _ => false,
                    })
                });
                (*ticket, Reply::Found(Found { rows, kept }))
            }
            Effect::FindPlaces(ticket, text) => {
                (*ticket, Reply::Places(places::find(&self.catalog, text, &Cancel::default())?))
            }
            Effect::Judge(ticket, asked) => {
                let of = |id: &Identity| self.model.data.account(id).map(|a| a.capabilities);
                (*ticket, Reply::Judged(sheet::judge(asked, &self.catalog, &self.overlay(), of)))
            }
            Effect::Simulate(ticket, questions, list) => {
                let of = |id: &Identity| self.model.data.account(id).map(|a| a.capabilities);
                let terms =
                    self.terms.clone().unwrap_or_else(|| Arc::new(Terms::default().rebind(&self.catalog)));
                let simulator = Simulator::new(Arc::clone(&self.catalog), terms, None);
                let asking = Asking { from: None, list: *list };
                (*ticket, Reply::Simulated(Arc::new(simulator.ask(questions, asking, of, || false)?)))
            }
            Effect::SumUp(ticket, grid) => {
                let questions = grid.questions().collect();
                match self.answer(&Effect::Simulate(*ticket, questions, 0))? {
                    Msg::Done(ticket, Ok(Reply::Simulated(answers))) => {
                        let totals = answers.totals.clone();
                        (ticket, Reply::Simulated(Arc::new(Answers { each: Vec::new(), totals })))
                    }
                    other => return Some(other),
                }
            }
            Effect::Stage(ticket, staging) => {
                let (dropped, kept) =
                    self.staged.drain(..).partition(|s: &Staged| staging.drop.contains(&s.number));
                self.staged = kept;
                let mut added = Vec::new();
                let new = staging.add.iter().map(|(account, change)| (account.clone(), change.clone()));
                let back = staging.restore.iter().map(|s| (s.account.clone(), s.change.clone()));
                for (account, change) in new.chain(back) {
                    added.push(self.next);
                    self.staged.push(Staged { number: self.next, account, change, at: NOW.parse().unwrap() });
                    self.next += 1;
                }
                let (notes, overlay) = (Vec::new(), self.overlay());
                let now = StagedNow { all: self.staged.clone(), added, dropped, notes, overlay };
                (*ticket, Reply::Staged(now))
            }
            Effect::Audit(ticket) => (*ticket, Reply::Audit(self.audit())),
            Effect::LoadHistory(ticket, _) => (*ticket, Reply::History(self.past.clone())),
            Effect::LookAround(ticket) => (*ticket, Reply::Around(self.around.clone())),
            Effect::BuildPlan(ticket, only) => (*ticket, Reply::Plan(Arc::new(self.plan(only.as_deref())))),
            other => self.answer_of_terms(other)?,
        };
        Some(Msg::Done(ticket, Ok(reply)))
    }

    /// Stages as the shell does, without keys.
    pub fn stage(&mut self, staging: Staging) {
        let ticket = self.model.tickets.draw();
        let msg = self.answer(&Effect::Stage(ticket, Box::new(staging))).unwrap();
        self.send(msg);
    }

    /// A plan of what is staged: one request for each account and sort of change; one text cannot be sent.
    fn plan(&self, only: Option<&[u64]>) -> Plan {
        let mut accounts: Vec<AccountPlan> = Vec::new();
        for one in accounts_in(&self.model) {
            let own: Vec<&Staged> = self
                .staged
                .iter()
                .filter(|s| s.account == one.identity && only.is_none_or(|only| only.contains(&s.number)))
                .collect();
            if own.is_empty() {
                continue;
            }
            let mut requests: Vec<PlannedRequest> = Vec::new();
            let mut changes = Vec::new();
            for staged in own {
                let stuck = staged.change.text().raw() == "instant coffee" || one.read_only;
                let problem = stuck.then(|| {
                    Problem::new(ProblemKind::Usage, "the ad group is full")
                        .detail("it holds 1,000, the most there may be")
                        .hint("Remove some first.")
                });
                let cautions = if staged.change.ad_group().is_none() {
                    vec!["mind the campaign".to_owned()]
                } else {
                    vec![]
                };
                changes.push(PlannedChange {
                    number: staged.number,
                    change: staged.change.clone(),
                    fingerprint: Fingerprint {
                        match_type: None,
                        text: staged.change.text().clone(),
                        state: None,
                        campaign_native_state: "ENABLED".into(),
                        ad_group_native_state: None,
                    },
                    problem,
                    cautions,
                });
                if stuck {
                    continue;
                }
                let operation = staged.change.action();
                match requests.iter_mut().find(|one| one.request.operation == operation) {
                    Some(request) => request.changes.push(staged.number),
                    None => requests.push(PlannedRequest {
                        request: Request {
                            operation: operation.into(),
                            method: Method::Post,
                            url: format!("{}/negatives", one.identity.origin),
                            headers: vec![("content-type".into(), "application/json".to_owned())],
                            secret_headers: vec!["authorization".into()],
                            body: Body::Json(
                                serde_json::json!({"negatives": [{"text": staged.change.text().raw()}]}),
                            ),
                            class: Class::Update,
                        },
                        changes: vec![staged.number],
                    }),
                }
            }
            accounts.push(AccountPlan { account: one.identity, name: one.name, changes, requests });
        }
        let id = PlanId::from_uuid(uuid::Uuid::from_u128(u128::from(self.next)));
        Plan { id, made: NOW.parse().unwrap(), scope: PlanScope::Whole, accounts }
    }
}
