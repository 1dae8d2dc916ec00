//! A platform in memory for the engine's own tests: it keeps negatives, fails as told, and knows nothing of HTTP.
//! The same journeys over the real wire formats are in `tests/engine.rs`.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;

use crate::domain::account::{Account, AccountName, Identity};
use crate::domain::campaign::{AdGroup, Campaign, Holds, ParentState, Targeting};
use crate::domain::capabilities::{CapRule, Capabilities, Fact, KindRule, Removal, TextRule};
use crate::domain::change::{Change, NewNegative};
use crate::domain::ids::{NegativeId, PlatformId};
use crate::domain::journal::{Outcome, OutcomeKind};
use crate::domain::negative::{Kind, Level, MatchType, Negative, State};
use crate::domain::plan::{Fingerprint, PlannedChange, PlannedRequest};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{Body, Class, Method, Request, Response};
use crate::domain::text::Text;
use crate::platform::Connection;
use crate::platform::traits::{
    Answer, Brand, Check, Fetched, Pending, Scope, SendError, Sink, TermsFetched, TermsSink, TermsWanted,
};

use tokio_util::sync::CancellationToken;

use crate::domain::plan::Plan;
use crate::store::Store;

use super::{
    ApplyReport, Consent, Engine, Member, Parts, RowFilter, Selection, Settings, StageError, Staging,
    SyncOptions, SyncReport, Time,
};

static CAPABILITIES: Capabilities = Capabilities {
    title: "Fake",
    kinds: &[KindRule {
        kind: Kind::Keyword,
        level: Level::AdGroup,
        matches: &[MatchType::Exact, MatchType::Phrase],
        makes: &[State::Enabled, State::Paused],
        moves: &[
            (State::Enabled, State::Paused),
            (State::Paused, State::Enabled),
            (State::Enabled, State::Archived),
            (State::Paused, State::Archived),
        ],
        adding: "",
        pausing: "",
    }],
    state_words: &[(State::Enabled, "ON"), (State::Paused, "OFF"), (State::Archived, "GONE")],
    text: TextRule {
        most_chars: Fact::guessed(80, "a test"),
        most_words_exact: Some(Fact::guessed(10, "a test")),
        most_words_phrase: Some(Fact::guessed(4, "a test")),
        refused: &['<'],
        doubtful: |_| false,
    },
    cap: CapRule { per_ad_group: None, per_campaign: None, paused_count: false },
    most_per_create: Fact::guessed(3, "a test"),
    most_per_update: Fact::guessed(3, "a test"),
    removal: Removal::Archive,
    paused_twin_blocks: false,
    stop_words: &[],
    inert_campaigns: &[],
    acts_within: "",
    late_orders_days: Fact::guessed(7, "test"),
    revised_days: Fact::guessed(10, "test"),
};

/// What the platform in memory allows.
pub(crate) fn capabilities() -> &'static Capabilities {
    &CAPABILITIES
}

/// A keyword negative of campaign `c1`.
pub(crate) fn negative(id: &str, group: &str, text: &str, state: State) -> Negative {
    Negative {
        id: id.into(),
        kind: Kind::Keyword,
        campaign: "c1".into(),
        ad_group: Some(group.into()),
        text: text.into(),
        brand_name: None,
        match_type: Some(MatchType::Exact),
        state,
        native_state: CAPABILITIES.state_word(state).into(),
        created: None,
    }
}

/// A keyword that does not exist yet, exact, enabled.
pub(crate) fn new(group: &str, text: &str) -> NewNegative {
    NewNegative {
        kind: Kind::Keyword,
        campaign: "c1".into(),
        ad_group: Some(group.into()),
        text: text.into(),
        brand_name: None,
        match_type: Some(MatchType::Exact),
        state: State::Enabled,
    }
}

fn planned(number: u64, change: Change, state: Option<State>) -> PlannedChange {
    let fingerprint = Fingerprint {
        match_type: change.target().and_then(|target| target.match_type),
        text: change.text().clone(),
        state,
        campaign_native_state: "RUNS".into(),
        ad_group_native_state: Some("RUNS".into()),
    };
    PlannedChange { number, change, fingerprint, problem: None, cautions: Vec::new() }
}

/// A planned addition.
pub(crate) fn planned_add(number: u64, group: &str, text: &str) -> PlannedChange {
    planned(number, Change::Add { new: new(group, text) }, None)
}

/// A planned move to another state.
pub(crate) fn planned_state(number: u64, target: &Negative, to: State) -> PlannedChange {
    planned(number, Change::SetState { target: target.clone(), to }, Some(target.state))
}

/// What goes wrong with one write.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// The call passes unharmed.
    None,
    /// No connection: certain that nothing happened.
    Refused,
    /// The line breaks before anything is done.
    DropBefore,
    /// The platform answers that it failed, and nothing is done.
    Failed,
    /// Everything is done, then the line breaks.
    DropAfter,
    /// Everything is done, and no answer ever comes: for a process that dies waiting.
    Hang,
    /// All items are refused as there already.
    Already,
    /// The items at these places are refused.
    Reject(Vec<usize>),
    /// The items at these places are throttled.
    Again(Vec<usize>),
}

const HANG: &str = "no answer ever";

/// What the platform in memory holds.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) negatives: Vec<Negative>,
    next: u64,
    /// One for each write to come; none means unharmed.
    pub(crate) faults: VecDeque<Fault>,
    /// The numbers of the changes of each write received.
    pub(crate) writes: Vec<Vec<u64>>,
    /// Listings so far.
    pub(crate) listings: usize,
    /// What reads still show instead of the truth, and until when: lists lag.
    pub(crate) late: Option<(tokio::time::Instant, Vec<Negative>)>,
    /// Why no listing works.
    pub(crate) down: Option<Problem>,
    /// The campaigns whose negatives cannot be listed.
    pub(crate) broken_campaign: Option<String>,
    /// What comes when search terms are asked for.
    pub(crate) terms: Vec<TermsFetched>,
    /// What of search terms was wanted, each time.
    pub(crate) term_wishes: Vec<TermsWanted>,
}

/// A connection to it.
pub(crate) struct Fake {
    account: Account,
    world: Mutex<World>,
    /// Told when a call hangs.
    pub(crate) hung: tokio::sync::Notify,
}

impl Fake {
    /// An account with campaign `c1`, ad groups `g1` and `g2`, and these negatives.
    pub(crate) fn new(name: &str, negatives: Vec<Negative>) -> Arc<Self> {
        Arc::new(Self {
            account: Account {
                name: AccountName::new(name),
                identity: Identity {
                    platform: PlatformId::from_static("fake"),
                    origin: "http://127.0.0.1:1".into(),
                    native: name.into(),
                },
                group: "all".into(),
                read_only: false,
                protected: false,
                live: false,
            },
            world: Mutex::new(World { negatives, next: 100, ..World::default() }),
            hung: tokio::sync::Notify::new(),
        })
    }

    /// The same account with other switches.
    pub(crate) fn with(self: Arc<Self>, set: impl FnOnce(&mut Account)) -> Arc<Self> {
        let mut inner = Arc::into_inner(self).expect("nobody else holds it yet");
        set(&mut inner.account);
        Arc::new(inner)
    }

    /// What it holds.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().expect("no test panics while holding it")
    }

    /// Its live texts, sorted.
    pub(crate) fn texts(&self) -> Vec<String> {
        let mut texts: Vec<String> = self
            .world()
            .negatives
            .iter()
            .filter(|one| one.state != State::Archived)
            .map(|one| one.text.raw().to_owned())
            .collect();
        texts.sort();
        texts
    }

    fn write(&self, request: &PlannedRequest) -> Result<Response, SendError> {
        let network = |text: &str| Problem::new(ProblemKind::Network, text);
        let mut world = self.world();
        world.writes.push(request.changes.clone());
        let fault = world.faults.pop_front().unwrap_or(Fault::None);
        match fault {
            Fault::Refused => return Err(SendError::NotSent(network("connection refused"))),
            Fault::Failed => {
                let problem = Problem::new(ProblemKind::Server, "Fake failed at adding");
                return Err(SendError::Unknown(problem.detail("503 Service Unavailable")));
            }
            Fault::DropBefore => return Err(SendError::Unknown(network("the line broke"))),
            _ => {}
        }
        let Body::Json(body) = &request.request.body else { unreachable!("writes have a body") };
        let changes: Vec<Change> = serde_json::from_value(body.clone()).expect("as prepared");
        let mut items = Vec::new();
        for (place, change) in changes.iter().enumerate() {
            match &fault {
                Fault::Already => items.push(json!({"there": true})),
                Fault::Reject(places) if places.contains(&place) => items.push(json!({"no": "NOPE"})),
                Fault::Again(places) if places.contains(&place) => items.push(json!({"later": true})),
                _ => items.push(world.change(change)),
            }
        }
        if matches!(fault, Fault::Hang) {
            return Err(SendError::Unknown(network(HANG)));
        }
        if matches!(fault, Fault::DropAfter) {
            return Err(SendError::Unknown(network("the line broke")));
        }
        let body = serde_json::to_vec(&items).expect("plain JSON");
        Ok(Response { status: 207, headers: Vec::new(), body: body.into() })
    }
}

impl World {
    /// Does one change. Equal additions are accepted: nothing here hides a double send.
    fn change(&mut self, change: &Change) -> serde_json::Value {
        match change {
            Change::Add { new } => {
                self.next += 1;
                let id = format!("n{}", self.next);
                self.negatives.push(Negative {
                    id: NegativeId::new(id.as_str()),
                    campaign: new.campaign.clone(),
                    text: Text::new(new.text.raw()),
                    match_type: new.match_type,
                    ..negative("", new.ad_group.as_ref().expect("ad group level").raw(), "", new.state)
                });
                json!({"ok": id})
            }
            Change::SetState { target, .. } | Change::Remove { target } => {
                let to = if let Change::SetState { to, .. } = change { *to } else { State::Archived };
                match self.negatives.iter_mut().find(|one| one.id == target.id) {
                    Some(one) => {
                        one.state = to;
                        one.native_state = CAPABILITIES.state_word(to).into();
                        json!({"ok": target.id.raw()})
                    }
                    None => json!({"no": "GONE"}),
                }
            }
        }
    }
}

impl Connection for Fake {
    fn account(&self) -> &Account {
        &self.account
    }

    fn capabilities(&self) -> &'static Capabilities {
        capabilities()
    }

    fn fetch<'a>(&'a self, scope: &'a Scope, sink: &'a Sink) -> Pending<'a, Result<(), Problem>> {
        Box::pin(async move {
            let (pages, broken) = {
                let mut world = self.world();
                world.listings += 1;
                if let Some(problem) = &world.down {
                    return Err(problem.clone());
                }
                let mut pages = Vec::new();
                if scope.structure {
                    pages.push(Fetched::Campaigns(vec![Campaign {
                        id: "c1".into(),
                        name: "Espresso".into(),
                        state: ParentState::Enabled,
                        native_state: "RUNS".into(),
                        targeting: Targeting::Manual,
                        native_type: "MANUAL".into(),
                        holds: Holds::Yes,
                    }]));
                    pages.push(Fetched::AdGroups(
                        ["g1", "g2"]
                            .map(|id| AdGroup {
                                id: id.into(),
                                campaign: "c1".into(),
                                name: format!("Group {id}").into(),
                                state: ParentState::Enabled,
                                native_state: "RUNS".into(),
                            })
                            .to_vec(),
                    ));
                }
                let broken = world.broken_campaign.clone();
                if scope.negatives && broken.is_none() {
                    pages.extend(world.negatives.chunks(2).map(|page| Fetched::Negatives(page.to_vec())));
                }
                (pages, broken)
            };
            for page in pages {
                if sink.send(page).await.is_err() {
                    return Ok(());
                }
            }
            if let Some(campaign) = broken {
                let problem = Problem::new(ProblemKind::Server, "This page failed");
                let campaigns = Some(vec![campaign.as_str().into()]);
                // Whoever listened has gone: nobody to tell.
                let _ = sink.send(Fetched::Failed { campaigns, problem }).await;
            }
            Ok(())
        })
    }

    fn read_back<'a>(&'a self, negatives: &'a [Negative]) -> Pending<'a, Result<Vec<Negative>, Problem>> {
        Box::pin(async move {
            let world = self.world();
            if let Some(problem) = &world.down {
                return Err(problem.clone());
            }
            let asked = |one: &&Negative| negatives.iter().any(|asked| asked.id == one.id);
            let late = world.late.as_ref().filter(|(until, _)| tokio::time::Instant::now() < *until);
            let shown = late.map_or(&world.negatives, |(_, shown)| shown);
            Ok(shown.iter().filter(asked).cloned().collect())
        })
    }

    fn prepare(&self, changes: &[PlannedChange]) -> Vec<PlannedRequest> {
        let sendable = changes.iter().filter(|change| change.problem.is_none());
        let (adds, moves): (Vec<_>, Vec<_>) =
            sendable.partition(|one| matches!(one.change, Change::Add { .. }));
        let request = |batch: &[&PlannedChange], class| PlannedRequest {
            request: Request {
                operation: "Write".into(),
                method: Method::Post,
                url: format!("{}/negatives", self.account.identity.origin),
                headers: Vec::new(),
                secret_headers: vec!["authorization".into()],
                body: Body::Json(json!(batch.iter().map(|one| &one.change).collect::<Vec<_>>())),
                class,
            },
            changes: batch.iter().map(|one| one.number).collect(),
        };
        let moves = moves.chunks(3).map(|batch| request(batch, Class::Update));
        moves.chain(adds.chunks(3).map(|batch| request(batch, Class::Create))).collect()
    }

    fn send_until<'a>(
        &'a self,
        request: &'a PlannedRequest,
        _stop: &'a CancellationToken,
    ) -> Pending<'a, Result<Response, SendError>> {
        Box::pin(async move {
            let answer = self.write(request);
            if matches!(&answer, Err(SendError::Unknown(why)) if why.title == HANG) {
                self.hung.notify_one();
                std::future::pending::<()>().await;
            }
            answer
        })
    }

    fn read(
        &self,
        request: &PlannedRequest,
        _changes: &[PlannedChange],
        response: &Response,
    ) -> Vec<(u64, Answer)> {
        let items: Vec<serde_json::Value> = serde_json::from_slice(&response.body).expect("our own answer");
        let answer = |item: &serde_json::Value| match (item["ok"].as_str(), item["no"].as_str()) {
            (Some(id), _) => Answer::Settled(Outcome::applied(Some(id.into()))),
            (None, Some(code)) => Answer::Settled(Outcome::rejected(code, "refused")),
            (None, None) if item["there"] == true => Answer::Settled(Outcome::new(OutcomeKind::Already)),
            (None, None) => Answer::Again("slow down".into()),
        };
        request.changes.iter().zip(&items).map(|(number, item)| (*number, answer(item))).collect()
    }

    fn check(&self) -> Pending<'_, Vec<Check>> {
        Box::pin(async { Vec::new() })
    }

    fn terms<'a>(&'a self, wanted: &'a TermsWanted, sink: &'a TermsSink) -> Pending<'a, Result<(), Problem>> {
        Box::pin(async move {
            let told = {
                let mut world = self.world();
                if let Some(problem) = &world.down {
                    return Err(problem.clone());
                }
                world.term_wishes.push(wanted.clone());
                world.terms.clone()
            };
            for part in told {
                if sink.send(part).await.is_err() {
                    return Ok(());
                }
            }
            Ok(())
        })
    }

    fn brands<'a>(&'a self, _name: &'a str) -> Pending<'a, Result<Vec<Brand>, Problem>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}

/// A time of day that goes with tokio's clock, paused or not.
pub(crate) struct FakeTime {
    began: tokio::time::Instant,
}

impl FakeTime {
    /// Starts at noon of the sandbox's today.
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { began: tokio::time::Instant::now() })
    }
}

impl Time for FakeTime {
    fn now(&self) -> Timestamp {
        let start: Timestamp = "2026-10-01T12:00:00Z".parse().expect("a time");
        super::time::after(start, self.began.elapsed())
    }

    fn id(&self) -> uuid::Uuid {
        uuid::Uuid::new_v4()
    }
}

/// An engine on a folder of its own, or on one that another engine used before.
pub(crate) struct Rig {
    /// The engine.
    pub(crate) engine: Engine,
    /// Its folder.
    pub(crate) folder: Arc<tempfile::TempDir>,
}

impl Rig {
    /// An engine over these accounts, its snapshot fresh.
    pub(crate) async fn new(accounts: &[&Arc<Fake>]) -> Self {
        let folder = Arc::new(tempfile::tempdir().expect("a folder"));
        let rig = Self::on(folder, accounts).await;
        rig.sync().await;
        rig
    }

    /// Another engine on the same folder.
    pub(crate) async fn on(folder: Arc<tempfile::TempDir>, accounts: &[&Arc<Fake>]) -> Self {
        let members =
            accounts.iter().map(|fake| Member::connected(Arc::clone(fake) as Arc<dyn Connection>)).collect();
        Self::of(folder, members, false).await
    }

    /// An engine of these members.
    pub(crate) async fn of(folder: Arc<tempfile::TempDir>, members: Vec<Member>, read_only: bool) -> Self {
        let engine = Engine::open(Parts {
            store: Store::open(folder.path()).expect("a store"),
            members,
            settings: Settings { settle: SETTLE, max_age: Duration::from_mins(15), read_only },
            time: FakeTime::new(),
            who: "ann".into(),
        })
        .await
        .expect("an engine");
        Self { engine, folder }
    }

    /// Syncs everything.
    pub(crate) async fn sync(&self) -> SyncReport {
        let sync = self.engine.sync(&[], SyncOptions::default(), Arc::new(|_| {}), CancellationToken::new());
        sync.await.expect("known accounts")
    }

    /// Stages changes of one account.
    pub(crate) async fn stage(&self, fake: &Fake, changes: Vec<Change>) -> Result<Staging, StageError> {
        let identity = fake.account().identity.clone();
        self.engine.stage(changes.into_iter().map(|change| (identity.clone(), change)).collect()).await
    }

    /// Plans everything staged and sends it.
    pub(crate) async fn send(&self) -> ApplyReport {
        let plan = self.engine.plan(&Selection::All).await.expect("a plan");
        self.apply(&plan, CancellationToken::new()).await.expect("sent")
    }

    /// Sends a plan with every consent there is.
    pub(crate) async fn apply(&self, plan: &Plan, cancel: CancellationToken) -> Result<ApplyReport, Problem> {
        let consent = Consent {
            yes: true,
            names: self.engine.members().iter().map(|member| member.name.clone()).collect(),
            removals: None,
        };
        self.engine.apply(plan, &Selection::All, &consent, Arc::new(|_| {}), cancel).await
    }

    /// The texts of the snapshot with state and id, sorted.
    pub(crate) async fn rows(&self) -> Vec<(String, State, String)> {
        let rows = self.engine.rows(&[], &RowFilter::default()).await.expect("rows");
        let mut rows: Vec<_> = rows
            .into_iter()
            .map(|row| (row.text.raw().to_owned(), row.state, row.id.raw().to_owned()))
            .collect();
        rows.sort();
        rows
    }
}

/// How long after a send the tests trust a listing.
pub(crate) const SETTLE: Duration = Duration::from_secs(15);

/// The outcome kinds by change number.
pub(crate) fn kinds(report: &ApplyReport) -> Vec<(u64, OutcomeKind)> {
    report.changes.iter().map(|change| (change.number, change.outcome.kind)).collect()
}
