//! What most commands need: configuration, store, connections, engine. Opening sends nothing.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use super::args::{ColorWhen, Global};
use crate::config::{Config, paths};
use crate::domain::account::AccountName;
use crate::domain::problem::Problem;
use crate::domain::text::Text;
use crate::engine::{Engine, Member, Parts, Settings, SystemTime};
use crate::platform::{self, http::Http};
use crate::store::Store;

/// An opened unbid.
pub struct Session {
    /// The use cases.
    pub engine: Engine,
    /// The client that every connection shares.
    pub http: Arc<Http>,
    /// The configuration.
    pub config: Config,
    /// Where the local database lies.
    pub data_dir: PathBuf,
    /// The accounts that were asked for; none means all.
    pub accounts: Vec<AccountName>,
    /// Whether to colour what goes to stdout.
    pub color: bool,
    /// Whether stderr gets nothing but errors.
    pub quiet: bool,
}

impl Drop for Session {
    /// With `-v`, every command ends with what its accounts have called.
    fn drop(&mut self) {
        for (account, calls) in self.http.calls() {
            tracing::info!(target: "unbid::http", %account, "calls: {calls}");
        }
    }
}

impl Session {
    /// Opens what the flags and the environment name. Every mistake of the configuration is found here, but for
    /// secrets, which are only missed when something is to be sent.
    pub async fn open(global: &Global) -> Result<Self, Problem> {
        let (file, asked_for) = paths::config_file(global.config.as_deref())?;
        let config = Config::load(&file, asked_for)?;
        for account in &config.accounts {
            platform::check(account)?;
        }
        platform::check_columns(&config)?;
        let data_dir = paths::data_dir(global.data_dir.as_deref())?;
        let store = Store::open(&data_dir)?;
        let http = Http::over_network(Arc::new(Timestamp::now));
        let engine = engine(&config, store, &http, global.read_only).await?;
        let session = Self {
            engine,
            http,
            config,
            data_dir,
            accounts: global.accounts.iter().map(|name| AccountName::new(name)).collect(),
            color: color(global.color),
            quiet: global.quiet,
        };
        session.engine.choose(&session.accounts)?;
        for change in session.engine.identity_changes() {
            tracing::warn!("{}", change.says());
        }
        Ok(session)
    }
}

impl Session {
    /// Says on stderr why there is nothing to show, where that is so: no account, or none that was ever fetched.
    pub async fn say_why_empty(&self) -> Result<(), Problem> {
        if self.quiet {
            return Ok(());
        }
        if self.config.accounts.is_empty() {
            eprintln!("No account is configured in {}.", self.config.file.display());
            eprintln!("  `unbid` tells how to add one, `unbid demo` needs none.");
            return Ok(());
        }
        let catalog = self.engine.catalog().await?;
        let asked = |name: &AccountName| self.accounts.is_empty() || self.accounts.contains(name);
        let fetched =
            catalog.accounts().iter().any(|account| asked(&account.name) && account.fetched_at.is_some());
        if !fetched {
            eprintln!("Nothing was fetched yet: run `unbid sync`.");
        }
        Ok(())
    }
}

/// The engine of a configuration.
pub async fn engine(
    config: &Config,
    store: Store,
    http: &Arc<Http>,
    read_only: bool,
) -> Result<Engine, Problem> {
    let members = config
        .accounts
        .iter()
        .map(|account| match platform::connect(account, http) {
            Ok(connection) => Member::connected(connection),
            Err(problem) => {
                let capabilities = platform::by_id(&account.platform).map(platform::Platform::capabilities);
                Member::broken(account.name.clone(), account.platform.clone(), capabilities, problem)
            }
        })
        .collect();
    let settings = Settings { settle: config.apply.settle, max_age: config.sync.max_age, read_only };
    Engine::open(Parts { store, members, settings, time: Arc::new(SystemTime), who: who() }).await
}

/// The user's name on this machine, for the journal.
fn who() -> Text {
    let name = ["USER", "LOGNAME", "USERNAME"].iter().find_map(|variable| std::env::var(variable).ok());
    Text::new(name.unwrap_or_else(|| "unknown".to_owned()))
}

/// Whether to colour what goes to stdout.
pub fn color(when: ColorWhen) -> bool {
    use std::io::IsTerminal;
    match when {
        ColorWhen::Always => true,
        ColorWhen::Never => false,
        ColorWhen::Auto => {
            let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
            !no_color && std::io::stdout().is_terminal()
        }
    }
}
