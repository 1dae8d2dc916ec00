//! The emulated platforms: what the demo, the tests and other programs talk to instead of Amazon, eBay and Sam's Club.
//! It shares nothing with the rest of the crate: ids, rules and wire shapes are made anew from the official specs.
//! Data is in `realm.rs` and `world/`, the way of a call in `pipeline.rs`, a platform's protocol in its folder, `control/` the way in for tests.
//!
//! Two ways to use it: [`Sandbox::start`] binds one listener per platform and one for control; an [`Emulation`] gives the same
//! routers without sockets, for tests that drive them in the same process. All waiting goes by tokio's clock, which a test can pause; tokens and
//! signatures go by the real one. On a router without a socket, a connection that a fault closes shows as a response with the extension [`Dropped`].
//!
//! The control server:
//!
//! | Call | Does |
//! |---|---|
//! | `GET /state?platform=&campaign_id=` | every negative as a row, streamed as a JSON array |
//! | `GET /terms?platform=&campaign_id=` | every search-term row, likewise |
//! | `GET /requests` | the request log |
//! | `GET /world` | counts, accounts, planted mistakes |
//! | `POST /reset` | world, faults and log as at the start |
//! | `POST /mutate` | changes behind the client's back, see `control/mutate.rs` |
//! | `PUT /faults` | another fault list |

mod amazon;
mod app;
mod call;
mod control;
mod credentials;
mod ebay;
mod edit;
mod faults;
mod gateway;
mod lag;
mod listen;
mod log;
mod model;
mod native;
mod pipeline;
mod platform;
mod ready;
mod realm;
mod reports;
mod rng;
mod sams;
mod table;
mod tokens;
mod world;

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use jiff::civil::Date;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub use faults::{Kind, RetryAfter, Rule};
pub use pipeline::Dropped;
pub use platform::Platform;
pub use ready::{AmazonReady, EbayReady, Origins, Ready, SamsReady};
pub use world::Size;

use app::App;

/// What a sandbox is started with.
#[derive(Debug, Clone)]
pub struct Options {
    /// How large the world is.
    pub size: Size,
    /// Makes world and secrets.
    pub seed: u64,
    /// The world's day.
    pub today: Date,
    /// Where to listen: loopback only; with a port P, Amazon has P, eBay P+1, Sam's P+2, control P+3, with 0 all are free ones.
    pub listen: SocketAddr,
    /// Fault rules in force from the start.
    pub faults: Vec<Rule>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            size: Size::Small,
            seed: 1,
            today: jiff::civil::date(2026, 10, 1),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            faults: Vec::new(),
        }
    }
}

/// What can go wrong when a sandbox starts.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// It would be reachable from other machines.
    #[error("the sandbox listens on loopback only, and {0} is not a loopback address; use 127.0.0.1")]
    NotLoopback(IpAddr),
    /// A port that leaves no room for the next three.
    #[error("port {0} leaves no room for the three ports after it; use 65532 or less, or 0")]
    NoRoom(u16),
    /// A port is taken, or may not be used.
    #[error("cannot listen on {address}: {source}")]
    Bind {
        /// Where.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// A file could not be written.
    #[error("cannot write {path}: {source}")]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Building the world broke off.
    #[error("the sandbox's world could not be built: {0}")]
    World(#[from] tokio::task::JoinError),
    /// Signals of the system cannot be received.
    #[error("cannot wait for a signal to stop: {0}")]
    Signal(std::io::Error),
}

/// The emulated platforms without sockets.
#[derive(Clone)]
pub struct Emulation(App);

impl Emulation {
    /// Builds the world. A large one takes seconds: not for an async thread.
    pub fn new(options: Options) -> Self {
        Self(App::new(options))
    }

    /// A platform's router, faults and log included.
    pub fn router(&self, platform: Platform) -> Router {
        platform
            .routes()
            .layer(from_fn_with_state((self.0.clone(), platform), pipeline::run))
            .with_state(self.0.clone())
    }

    /// The control server's router.
    pub fn control(&self) -> Router {
        control::routes().with_state(self.0.clone())
    }

    /// The ready line for these origins; the key is not written by this.
    pub fn ready(&self, origins: &Origins, private_key: &Path) -> Ready {
        Ready::new(&self.0, origins, private_key)
    }

    /// The config file for these origins.
    pub fn config(&self, origins: &Origins, private_key: &Path) -> String {
        self.ready(origins, private_key).config(&self.0)
    }

    /// The throw-away key that clients of the emulated Sam's sign with, as PKCS#8 PEM.
    pub fn sams_private_key() -> &'static str {
        credentials::SAMS_PRIVATE_KEY
    }
}

/// A running sandbox. Dropping it closes the sockets at once; [`Sandbox::stop`] lets calls in work finish.
pub struct Sandbox {
    emulation: Emulation,
    origins: Origins,
    private_key: PathBuf,
    /// A folder of our own for the key, gone at the end.
    temporary: Option<PathBuf>,
    stop: CancellationToken,
    servers: JoinSet<std::io::Result<()>>,
}

impl Sandbox {
    /// Builds the world, binds the listeners, writes Sam's key to a temporary folder, and serves.
    ///
    /// # Errors
    /// An address that is not loopback, a port that is taken, a folder that cannot be written.
    pub async fn start(options: Options) -> Result<Self, SandboxError> {
        let listen = options.listen;
        if !listen.ip().is_loopback() {
            return Err(SandboxError::NotLoopback(listen.ip()));
        }
        if listen.port() > u16::MAX - 3 {
            return Err(SandboxError::NoRoom(listen.port()));
        }
        let mut listeners = Vec::new();
        for place in 0..4 {
            let port = if listen.port() == 0 { 0 } else { listen.port() + place };
            let address = SocketAddr::new(listen.ip(), port);
            let bound =
                listen::CutListener::bind(address).await.and_then(|bound| Ok((bound.address()?, bound)));
            listeners.push(bound.map_err(|source| SandboxError::Bind { address, source })?);
        }
        let origin = |place: usize| format!("http://{}", listeners[place].0);
        let origins = Origins { platforms: [origin(0), origin(1), origin(2)], control: origin(3) };
        let emulation = tokio::task::spawn_blocking(move || Emulation::new(options)).await?;
        let (folder, private_key) = temporary_key()?;

        let stop = CancellationToken::new();
        let mut servers = JoinSet::new();
        let routers =
            Platform::ALL.map(|platform| emulation.router(platform)).into_iter().chain([emulation.control()]);
        for ((_, listener), router) in listeners.into_iter().zip(routers) {
            servers.spawn(listen::serve(listener, router, stop.clone()));
        }
        Ok(Self { emulation, origins, private_key, temporary: Some(folder), stop, servers })
    }

    /// The line that tells programs how to use it.
    pub fn ready(&self) -> Ready {
        self.emulation.ready(&self.origins, &self.private_key)
    }

    /// The same platforms without sockets, same state.
    pub fn emulation(&self) -> &Emulation {
        &self.emulation
    }

    /// Writes a config file with one account per profile, marketplace and advertiser, and Sam's key beside it, both 0600.
    ///
    /// # Errors
    /// A folder that cannot be written.
    pub fn write_config(&mut self, path: &Path) -> Result<(), SandboxError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| SandboxError::Write { path, source }
        };
        let path = std::path::absolute(path).map_err(failed(path))?;
        let key = path.with_file_name("sams_private_key.pem");
        ready::write_private(&key, credentials::SAMS_PRIVATE_KEY).map_err(failed(&key))?;
        self.private_key = key;
        self.remove_temporary();
        ready::write_private(&path, &self.ready().config(&self.emulation.0)).map_err(failed(&path))
    }

    /// Stops listening, lets calls in work finish for a second, and removes what was temporary.
    pub async fn stop(mut self) {
        self.stop.cancel();
        let all = async { while self.servers.join_next().await.is_some() {} };
        // What still runs then (a delay, a slow body) is cut when the servers are dropped.
        let _ = tokio::time::timeout(Duration::from_secs(1), all).await;
    }

    fn remove_temporary(&mut self) {
        if let Some(folder) = self.temporary.take() {
            // Nothing can be done about a folder that will not go, and it holds no secret.
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop.cancel();
        self.remove_temporary();
    }
}

/// A new folder that only its owner can enter, with the key in it.
fn temporary_key() -> Result<(PathBuf, PathBuf), SandboxError> {
    let folder = std::env::temp_dir().join(format!("unbid-sandbox-{}", uuid::Uuid::new_v4().simple()));
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| SandboxError::Write { path, source }
    };
    let mut make = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut make, 0o700);
    make.create(&folder).map_err(failed(&folder))?;
    let folder = std::path::absolute(&folder).map_err(failed(&folder))?;
    let key = folder.join("sams_private_key.pem");
    ready::write_private(&key, credentials::SAMS_PRIVATE_KEY).map_err(failed(&key))?;
    Ok((folder, key))
}

/// The command `unbid sandbox`: writes the config file if one is wanted, prints the ready line on stdout, and serves until SIGINT or SIGTERM.
///
/// # Errors
/// See [`SandboxError`].
pub async fn serve(options: Options, config_out: Option<PathBuf>) -> Result<(), SandboxError> {
    // Before the line that tells others they may end it.
    let signal = StopSignal::catch().map_err(SandboxError::Signal)?;
    let mut sandbox = Sandbox::start(options).await?;
    if let Some(path) = config_out {
        sandbox.write_config(&path)?;
    }
    let line = serde_json::to_string(&sandbox.ready()).unwrap_or_default();
    {
        use std::io::Write as _;
        let mut out = std::io::stdout().lock();
        let written = writeln!(out, "{line}").and_then(|()| out.flush());
        written.map_err(|source| SandboxError::Write { path: PathBuf::from("stdout"), source })?;
    }
    signal.wait().await;
    sandbox.stop().await;
    Ok(())
}

/// SIGINT and SIGTERM, caught from the moment this is made.
#[cfg(unix)]
struct StopSignal([tokio::signal::unix::Signal; 2]);

#[cfg(unix)]
impl StopSignal {
    fn catch() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self([signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?]))
    }

    async fn wait(self) {
        let [mut interrupt, mut terminate] = self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }
}

/// Ctrl-C, where there are no signals.
#[cfg(not(unix))]
struct StopSignal;

#[cfg(not(unix))]
impl StopSignal {
    fn catch() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn wait(self) {
        // Without Ctrl-C it ends when the process is ended.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
