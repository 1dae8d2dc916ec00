//! `unbid doctor`: looks at everything that unbid stands on, one line each, with what to do. Changes nothing,
//! unless `--fix` sets a database aside that cannot be used.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use super::Exit;
use super::args::{DoctorArgs, Global};
use super::output::unheard;
use crate::config::{AccountConfig, Config, paths};
use crate::domain::account::Account;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::shown;
use crate::engine::{self, IdentityChange};
use crate::platform::{self, http::Http};
use crate::store::{self, Store};

/// One line: what was looked at, and fine or what is wrong.
struct Line {
    what: String,
    result: Result<String, Problem>,
    /// It was wrong and no longer is.
    mended: bool,
}

impl Line {
    fn new(what: impl Into<String>, result: Result<String, Problem>) -> Self {
        Self { what: what.into(), result, mended: false }
    }

    /// Whether nothing is left to do about it.
    fn well(&self) -> bool {
        self.mended || self.result.is_ok()
    }
}

/// Looks at everything and prints the lines.
pub async fn run(global: &Global, args: DoctorArgs) -> Result<Exit, Problem> {
    let mut lines = Vec::new();
    let accounts = match configuration(global) {
        Ok(config) => {
            known(global, &config)?;
            lines.push(Line::new("config", Ok(found(&config))));
            if let Err(problem) = platform::check_columns(&config) {
                lines.push(Line::new("terms", Err(problem)));
            }
            config.accounts
        }
        Err(problem) => {
            lines.push(Line::new("config", Err(problem)));
            Vec::new()
        }
    };
    let data_dir = paths::data_dir(global.data_dir.as_deref())?;
    lines.extend(database(&data_dir, args.fix).await);
    let http = Http::over_network(Arc::new(Timestamp::now));
    let asked = |account: &&AccountConfig| {
        global.accounts.is_empty() || global.accounts.iter().any(|name| name == account.name.as_str())
    };
    lines.extend(twins(&accounts, &http));
    let named = accounts.iter().filter(asked).filter_map(|config| platform::connect(config, &http).ok());
    lines.extend(held(&data_dir, named.map(|connection| connection.account().clone()).collect()).await);
    let checks = accounts.iter().filter(asked).map(|config| account(config, &http));
    lines.extend(futures::future::join_all(checks).await.into_iter().flatten());
    let calls = http.calls();
    lines.extend(
        calls.iter().map(|(account, calls)| Line::new(format!("{account}: calls"), Ok(calls.to_string()))),
    );
    lines.push(terminal());
    print(&lines)?;
    Ok(if lines.iter().all(Line::well) { Exit::Done } else { Exit::Failed })
}

fn configuration(global: &Global) -> Result<Config, Problem> {
    let (file, asked_for) = paths::config_file(global.config.as_deref())?;
    Config::load(&file, asked_for)
}

/// Every account that is asked for must be there.
fn known(global: &Global, config: &Config) -> Result<(), Problem> {
    let there = |name: &&String| config.accounts.iter().any(|account| account.name.as_str() == **name);
    let Some(unknown) = global.accounts.iter().find(|name| !there(name)) else { return Ok(()) };
    let names: Vec<String> = config.accounts.iter().map(|account| account.name.to_string()).collect();
    Err(Problem::new(ProblemKind::Usage, format!("There is no account {unknown}"))
        .detail(config.file.display().to_string())
        .hint(format!("The configured accounts are: {}.", names.join(", "))))
}

/// Which file it is and what is in it, or that there is none yet.
fn found(config: &Config) -> String {
    let file = config.file.display();
    match config.accounts.len() {
        0 if !config.file.exists() => {
            format!("{file} is not there yet; `unbid` tells how to add an account, `unbid demo` needs none")
        }
        0 => format!("{file}, no account yet; `unbid` tells how to add one, `unbid demo` needs none"),
        1 => format!("{file}, 1 account"),
        n => format!("{file}, {n} accounts"),
    }
}

async fn database(data_dir: &Path, fix: bool) -> Vec<Line> {
    let looked = look(data_dir).await;
    match looked {
        Err(problem) if fix => {
            let aside = store::set_aside(data_dir, Timestamp::now());
            let fixed = aside
                .map(|kept| format!("a fresh one will be made; the old one is kept as {}", kept.display()));
            let damaged = Line { mended: fixed.is_ok(), ..Line::new("database", Err(problem)) };
            vec![damaged, Line::new("database set aside", fixed)]
        }
        looked => vec![Line::new("database", looked)],
    }
}

async fn look(data_dir: &Path) -> Result<String, Problem> {
    let store = Store::open(data_dir)?;
    store.check().await?;
    Ok(format!("{} is whole", store.file().display()))
}

/// A line where two names stand for one account; none where all is well.
fn twins(accounts: &[AccountConfig], http: &Arc<Http>) -> Option<Line> {
    let connections: Vec<_> =
        accounts.iter().filter_map(|config| platform::connect(config, http).ok()).collect();
    let refusal = engine::one_name_each(connections.iter().map(|connection| connection.account())).err()?;
    Some(Line::new("accounts", Err(refusal)))
}

/// A line for each name that stood for another account, for which changes are still staged.
async fn held(data_dir: &Path, accounts: Vec<Account>) -> Vec<Line> {
    // A database that cannot be used has a line of its own.
    let Ok(store) = Store::open(data_dir) else { return Vec::new() };
    let mut lines = Vec::new();
    for Account { name: account, identity: now, .. } in accounts {
        if let Ok(Some((was, held))) = store.held_back(&account, &now).await {
            let what = format!("{account}: staged changes");
            let change = IdentityChange { account, was, now, held };
            lines.extend(change.problem().map(|problem| Line::new(what, Err(problem))));
        }
    }
    lines
}

async fn account(config: &AccountConfig, http: &Arc<Http>) -> Vec<Line> {
    let connection = match platform::check(config).and_then(|_| platform::connect(config, http)) {
        Ok(connection) => connection,
        Err(problem) => return vec![Line::new(format!("{}: settings", config.name), Err(problem))],
    };
    let checks = connection.check().await;
    checks
        .into_iter()
        .map(|check| Line::new(format!("{}: {}", config.name, check.what), check.result))
        .collect()
}

fn terminal() -> Line {
    let unicode = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|variable| std::env::var(variable).ok().filter(|value| !value.is_empty()))
        .is_some_and(|locale| locale.to_lowercase().replace('-', "").contains("utf8"));
    let mut found = match (io::stdout().is_terminal(), crossterm::terminal::size()) {
        (true, Ok((columns, rows))) => format!("{columns}x{rows}"),
        _ => "not a terminal; commands work, the screen needs one".to_owned(),
    };
    if !unicode {
        found.push_str("; the locale is not UTF-8, `[ui] ascii = true` draws plain symbols");
    }
    Line::new("terminal", Ok(found))
}

fn print(lines: &[Line]) -> Result<(), Problem> {
    let mut out = io::stdout().lock();
    lines
        .iter()
        .try_for_each(|line| match &line.result {
            Ok(found) => writeln!(out, "ok    {}: {}", shown(&line.what), shown(found)),
            Err(problem) => writeln!(out, "WRONG {}: {problem}", shown(&line.what)),
        })
        .or_else(unheard)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_database_that_was_set_aside_leaves_nothing_to_do() {
        let folder = tempfile::tempdir().expect("a folder");
        let damaged = "this is no database, but it is long enough to be looked at".repeat(100);
        std::fs::write(folder.path().join("unbid.db"), damaged).expect("written");
        let well = async |fix| database(folder.path(), fix).await.iter().all(Line::well);
        assert!(!well(false).await, "nothing was done about it");
        assert!(well(true).await, "it was mended");
        assert!(well(false).await, "a fresh one is there");
    }
}
