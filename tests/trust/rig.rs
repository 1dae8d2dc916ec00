//! A sandbox, a data folder, and an engine on them that can die at a chosen moment and start again. A death is a
//! future dropped in the middle, or an unwind out of the time of day that is asked for before each journal write:
//! nothing in the engine knows of it.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::Path;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use futures::FutureExt;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use unbid::domain::account::Identity;
use unbid::domain::change::Change;
use unbid::domain::problem::Problem;
use unbid::engine::{
    ApplyReport, Consent, Engine, Member, Parts, Selection, Settings, SyncOptions, SyncOutcome, Time,
};
use unbid::platform::{self, Connection, registry};
use unbid::store::Store;

use crate::support::Bench;
use crate::support::chaos::Dice;

/// How long after a send a listing is trusted.
pub const SETTLE: Duration = Duration::from_millis(300);

/// When the process dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    /// Not at all.
    Never,
    /// Before the n-th journal write.
    BeforeWrite(u64),
    /// While the n-th journal write is under way: it is done, but nobody hears of it.
    AfterWrite(u64),
    /// At the n-th time that it waits for anything.
    AtWait(u64),
}

/// What unwinds out of the clock.
struct Died;

/// A time of day that goes with tokio's clock, may jump, and kills.
pub struct Clock {
    began: Instant,
    /// Seconds that it is off.
    off: AtomicI64,
    jumps: Mutex<Option<Dice>>,
    asked: AtomicU64,
    death: Mutex<Death>,
    dead: AtomicBool,
}

impl Clock {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            began: Instant::now(),
            off: AtomicI64::new(0),
            jumps: Mutex::new(None),
            asked: AtomicU64::new(0),
            death: Mutex::new(Death::Never),
            dead: AtomicBool::new(false),
        })
    }

    /// From now on each reading is off by up to two days, either way.
    pub fn jump(&self, seed: u64) {
        *self.jumps.lock().unwrap() = Some(Dice::new(seed));
    }

    fn dies(&self, death: Death) {
        *self.death.lock().unwrap() = death;
        self.asked.store(0, SeqCst);
        self.dead.store(false, SeqCst);
    }
}

impl Time for Clock {
    fn now(&self) -> Timestamp {
        let number = self.asked.fetch_add(1, SeqCst);
        let death = *self.death.lock().unwrap();
        match death {
            // Not a panic: the hook that prints those has nothing to say here.
            Death::BeforeWrite(at) if at == number => resume_unwind(Box::new(Died)),
            Death::AfterWrite(at) if at == number => self.dead.store(true, SeqCst),
            _ => {}
        }
        if let Some(dice) = self.jumps.lock().unwrap().as_mut() {
            self.off.store(i64::try_from(dice.below(345_600)).unwrap() - 172_800, SeqCst);
        }
        let start: Timestamp = "2026-10-01T12:00:00Z".parse().unwrap();
        let off = SignedDuration::from_secs(self.off.load(SeqCst));
        start + SignedDuration::try_from(self.began.elapsed()).unwrap() + off
    }

    fn id(&self) -> uuid::Uuid {
        uuid::Uuid::new_v4()
    }
}

/// A sandbox and an engine on one account of each platform.
pub struct Rig {
    pub bench: Bench,
    pub clock: Arc<Clock>,
    engine: Option<Engine>,
    folder: tempfile::TempDir,
}

impl Rig {
    /// On a small world, its snapshot fresh.
    pub async fn new() -> Self {
        Self::on(Bench::small()).await
    }

    pub async fn on(bench: Bench) -> Self {
        let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::new());
        let mut rig = Self { bench, clock, engine: None, folder };
        rig.restart().await;
        rig.sync().await;
        rig
    }

    /// The engine that runs now.
    pub fn engine(&self) -> &Engine {
        self.engine.as_ref().expect("one runs between restarts")
    }

    /// Where its data is.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A new process on the same data folder.
    pub async fn restart(&mut self) {
        // Before another opens: it holds the database and its locks.
        self.engine = None;
        self.bench.new_client();
        self.clock.dies(Death::Never);
        self.engine = Some(open(&self.bench, self.folder.path(), Arc::clone(&self.clock)).await);
    }

    pub async fn sync(&self) {
        let sync = self.engine().sync(&[], SyncOptions::default(), Arc::new(|_| {}), CancellationToken::new());
        let report = sync.await.unwrap();
        assert!(report.accounts.iter().all(|one| one.outcome == SyncOutcome::Fresh), "{report:?}");
    }

    /// The accounts: identity and connection, in the registry's order.
    pub fn accounts(&self) -> Vec<(Identity, Arc<dyn Connection>)> {
        let each = self.engine().members().iter();
        each.map(|member| (member.identity().unwrap().clone(), member.link.clone().unwrap())).collect()
    }

    /// Stages changes and gives their numbers; a change that is not staged as it was asked for is a mistake here.
    pub async fn stage(&self, wanted: Vec<(Identity, Change)>) -> Vec<u64> {
        let count = wanted.len();
        let staging = self.engine().stage(wanted).await.unwrap();
        assert_eq!(staging.staged.len(), count, "{:?}", staging.notes);
        staging.staged.iter().map(|one| one.number).collect()
    }

    /// Settles, plans and sends what is staged, as `unbid apply --yes` does; nothing staged is no error.
    pub async fn apply(&self) -> Result<ApplyReport, Problem> {
        let engine = self.engine();
        let open = engine.settle_unsettled(&[], Arc::new(|_| {}), CancellationToken::new()).await?;
        let plan = engine.plan(&Selection::All).await?;
        if plan.sendable().next().is_none() {
            return Ok(open);
        }
        let consent = Consent {
            yes: true,
            names: engine.members().iter().map(|member| member.name.clone()).collect(),
            removals: Some(plan.sendable().filter(|(_, planned)| planned.change.is_removal()).count()),
        };
        let sent =
            engine.apply(&plan, &Selection::All, &consent, Arc::new(|_| {}), CancellationToken::new()).await?;
        Ok(sent.with_earlier(open))
    }

    /// The same, but the process dies as told; `None` when it did.
    pub async fn apply_and_die(&mut self, death: Death) -> Option<Result<ApplyReport, Problem>> {
        self.clock.dies(death);
        let done = mortal(&self.clock, death, self.apply()).await;
        if done.is_none() {
            self.restart().await;
        } else {
            self.clock.dies(Death::Never);
        }
        done
    }

    /// Applies with faults lifted, in new processes, until nothing is staged or open.
    pub async fn recover(&mut self) {
        self.bench.faults(serde_json::json!([{"kind": "accept_duplicates"}])).await;
        for _ in 0..6 {
            self.restart().await;
            self.apply().await.unwrap();
            let open = self.engine().store().unsettled(None).await.unwrap();
            if open.is_empty() && self.engine().staged().await.unwrap().is_empty() {
                return;
            }
        }
        let staged = self.engine().staged().await.unwrap();
        let plan = self.engine().plan(&Selection::All).await.unwrap();
        let problems: Vec<_> =
            plan.accounts.iter().flat_map(|part| &part.changes).map(|planned| &planned.problem).collect();
        panic!(
            "still open: {staged:?} {problems:?} {:?}",
            self.engine().store().unsettled(None).await.unwrap()
        );
    }
}

async fn open(bench: &Bench, folder: &Path, time: Arc<Clock>) -> Engine {
    let members = registry()
        .iter()
        .map(|platform| {
            let config = bench.accounts(*platform)[0];
            Member::connected(platform::connect(config, &bench.http).unwrap())
        })
        .collect();
    Engine::open(Parts {
        store: Store::open(folder).unwrap(),
        members,
        settings: Settings { settle: SETTLE, max_age: Duration::from_mins(15), read_only: false },
        time,
        who: "ann".into(),
    })
    .await
    .unwrap()
}

/// Runs something that the clock may kill; `None` when it did.
async fn mortal<T>(clock: &Clock, death: Death, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(AssertUnwindSafe(work).catch_unwind());
    let mut waits = 0;
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(Ok(done)) => Poll::Ready(Some(done)),
        Poll::Ready(Err(why)) if why.is::<Died>() => Poll::Ready(None),
        Poll::Ready(Err(why)) => resume_unwind(why),
        Poll::Pending => {
            waits += 1;
            let dead = clock.dead.load(SeqCst) || matches!(death, Death::AtWait(at) if at < waits);
            if dead { Poll::Ready(None) } else { Poll::Pending }
        }
    })
    .await
}

/// Runs a test on a runtime of its own with a paused clock, single-threaded.
pub fn paused<T>(test: impl Future<Output = T>) -> T {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(test)
}
