//! Walks the TOML file key by key, so that every mistake can name its line.

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use jiff::SignedDuration;
use strum::{VariantArray, VariantNames};
use toml_edit::{Document, Item, TableLike, Value};

use super::{AccountConfig, Config, Place, Setting, ThemeName};
use crate::domain::account::AccountName;
use crate::domain::ids::PlatformId;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::term::TermColumn;
use crate::secrets::SecretSource;

/// Reads a configuration.
pub(super) fn read(text: &str, file: &Path) -> Result<Config, Problem> {
    let at = Source { text, file };
    let document = Document::parse(text).map_err(|error| {
        let line = at.line(error.span().map(|span| span.start));
        Problem::new(ProblemKind::Config, "The configuration is not valid TOML")
            .detail(format!("{}:{line}: {}", file.display(), error.message()))
            .hint("Correct that line and try again.")
    })?;
    let mut config = Config::empty(file);
    for (key, item) in document.as_table() {
        match key {
            "account" => config.accounts = at.accounts(item)?,
            "apply" => at.apply(item, &mut config)?,
            "sync" => at.sync(item, &mut config)?,
            "ui" => at.ui(item, &mut config)?,
            "terms" => at.terms(item, &mut config)?,
            "audit" => super::audit::read(&at, item, &mut config)?,
            _ => return Err(at.wrong(key, item, "is no key of the configuration")),
        }
    }
    Ok(config)
}

/// The text being read, to tell lines from offsets.
pub(super) struct Source<'a> {
    text: &'a str,
    file: &'a Path,
}

impl Source<'_> {
    fn line(&self, offset: Option<usize>) -> usize {
        let end = offset.unwrap_or(0).min(self.text.len());
        1 + memchr::memchr_iter(b'\n', &self.text.as_bytes()[..end]).count()
    }

    fn wrong_at(&self, key: &str, line: usize, why: &str) -> Problem {
        Problem::new(ProblemKind::Config, format!("`{key}` {why}"))
            .detail(format!("{}:{line}", self.file.display()))
            .hint("Correct the configuration file and try again.")
    }

    pub(super) fn wrong(&self, key: &str, item: &Item, why: &str) -> Problem {
        self.wrong_at(key, self.line(item.span().map(|span| span.start)), why)
    }

    pub(super) fn table<'i>(&self, key: &str, item: &'i Item) -> Result<&'i dyn TableLike, Problem> {
        item.as_table_like().ok_or_else(|| self.wrong(key, item, &format!("must be a table: [{key}]")))
    }

    fn apply(&self, item: &Item, config: &mut Config) -> Result<(), Problem> {
        for (key, value) in self.table("apply", item)?.iter() {
            match key {
                "settle_ms" => {
                    let millis = value.as_integer().and_then(|number| u64::try_from(number).ok());
                    config.apply.settle = Duration::from_millis(millis.ok_or_else(|| {
                        self.wrong("apply.settle_ms", value, "must be a number of milliseconds")
                    })?);
                }
                _ => return Err(self.unknown("apply", key, value)),
            }
        }
        Ok(())
    }

    fn sync(&self, item: &Item, config: &mut Config) -> Result<(), Problem> {
        for (key, value) in self.table("sync", item)?.iter() {
            match key {
                "max_age" => config.sync.max_age = self.time("sync.max_age", value, "15m")?,
                _ => return Err(self.unknown("sync", key, value)),
            }
        }
        Ok(())
    }

    fn terms(&self, item: &Item, config: &mut Config) -> Result<(), Problem> {
        for (key, value) in self.table("terms", item)?.iter() {
            match key {
                "columns" => {
                    for (whose, columns) in self.table("terms.columns", value)?.iter() {
                        let full = format!("terms.columns.{whose}");
                        let line = self.line(columns.span().map(|span| span.start));
                        config.terms.lines.insert(whose.to_owned(), line);
                        let map = config.terms.columns.entry(whose.to_owned()).or_default();
                        for (column, heading) in self.table(&full, columns)?.iter() {
                            let full = format!("{full}.{column}");
                            let column = TermColumn::from_str(column).map_err(|_| {
                                let known: Vec<&str> = TermColumn::VARIANTS.iter().map(Into::into).collect();
                                let why = format!("is no column; there are {}", known.join(", "));
                                self.wrong(&full, heading, &why)
                            })?;
                            map.insert(column, self.string(&full, heading)?);
                        }
                    }
                }
                "fetch" => config.terms.fetch = self.boolean("terms.fetch", value)?,
                "max_age" => config.terms.max_age = self.time("terms.max_age", value, "24h")?,
                "days" => {
                    let days = value.as_integer().and_then(|days| u16::try_from(days).ok());
                    let days = days.filter(|days| (1..=400).contains(days));
                    config.terms.days = days
                        .ok_or_else(|| self.wrong("terms.days", value, "must be a number of days, 1 to 400"))?;
                }
                "until" => {
                    let day = value.as_str().and_then(|text| text.parse().ok());
                    config.terms.until = Some(day.ok_or_else(|| {
                        self.wrong("terms.until", value, "must be a day such as \"2026-09-30\"")
                    })?);
                }
                _ => return Err(self.unknown("terms", key, value)),
            }
        }
        Ok(())
    }

    fn ui(&self, item: &Item, config: &mut Config) -> Result<(), Problem> {
        for (key, value) in self.table("ui", item)?.iter() {
            match key {
                "theme" => {
                    config.ui.theme =
                        value.as_str().and_then(|name| ThemeName::from_str(name).ok()).ok_or_else(|| {
                            let known = ThemeName::VARIANTS.join(", ");
                            self.wrong("ui.theme", value, &format!("must be one of {known}"))
                        })?;
                }
                "mouse" => config.ui.mouse = self.boolean("ui.mouse", value)?,
                "ascii" => config.ui.ascii = self.boolean("ui.ascii", value)?,
                "motion" => config.ui.motion = self.boolean("ui.motion", value)?,
                _ => return Err(self.unknown("ui", key, value)),
            }
        }
        Ok(())
    }

    pub(super) fn unknown(&self, table: &str, key: &str, value: &Item) -> Problem {
        self.wrong(&format!("{table}.{key}"), value, "is no key of the configuration")
    }

    /// A path that the file names: relative to it, `~/` in the home folder.
    pub(super) fn beside(&self, path: &Path) -> std::path::PathBuf {
        crate::secrets::resolve(path, self.file)
    }

    /// A length of time.
    fn time(&self, key: &str, value: &Item, example: &str) -> Result<Duration, Problem> {
        value
            .as_str()
            .and_then(|text| SignedDuration::from_str(text).ok())
            .and_then(|time| Duration::try_from(time).ok())
            .ok_or_else(|| self.wrong(key, value, &format!("must be a time such as \"{example}\"")))
    }

    fn boolean(&self, key: &str, value: &Item) -> Result<bool, Problem> {
        value.as_bool().ok_or_else(|| self.wrong(key, value, "must be true or false"))
    }

    fn accounts(&self, item: &Item) -> Result<Vec<AccountConfig>, Problem> {
        let tables = item
            .as_array_of_tables()
            .ok_or_else(|| self.wrong("account", item, "must be a list of tables: [[account]]"))?;
        let mut accounts: Vec<AccountConfig> = Vec::new();
        for table in tables {
            let line = self.line(table.span().map(|span| span.start));
            let account = self.account(table, line)?;
            if accounts.iter().any(|other| other.name == account.name) {
                let line = table.get("name").map_or(line, |name| self.line(name.span().map(|span| span.start)));
                return Err(Problem::new(
                    ProblemKind::Config,
                    format!("The account name \"{}\" is used twice", account.name),
                )
                .detail(format!("{}:{line}", self.file.display()))
                .hint("Give each account a name of its own."));
            }
            accounts.push(account);
        }
        Ok(accounts)
    }

    fn account(&self, table: &dyn TableLike, line: usize) -> Result<AccountConfig, Problem> {
        let (mut name, mut platform, mut group) = (None, None, String::new());
        let (mut read_only, mut protected) = (false, false);
        let mut settings = BTreeMap::new();
        for (key, item) in table.iter() {
            let full = format!("account.{key}");
            match key {
                "name" => name = Some(self.string(&full, item)?),
                "platform" => platform = Some(self.string(&full, item)?),
                "group" => group = self.string(&full, item)?,
                "read_only" => read_only = self.boolean(&full, item)?,
                "protected" => protected = self.boolean(&full, item)?,
                _ => {
                    let setting = self.setting(&full, item)?;
                    settings.insert(key.to_owned(), (setting, self.line(item.span().map(|span| span.start))));
                }
            }
        }
        let missing = |key| self.wrong_at(key, line, "is missing");
        let name = name.filter(|name| !name.trim().is_empty()).ok_or_else(|| missing("account.name"))?;
        let platform = platform.ok_or_else(|| missing("account.platform"))?;
        Ok(AccountConfig {
            name: AccountName::new(&name),
            platform: PlatformId::new(&platform),
            group,
            read_only,
            protected,
            place: Place { file: self.file.to_owned(), line },
            settings,
        })
    }

    /// A string, or a number where an id was written without quotes.
    pub(super) fn string(&self, key: &str, item: &Item) -> Result<String, Problem> {
        match item.as_value() {
            Some(Value::String(text)) => Ok(text.value().clone()),
            Some(Value::Integer(number)) => Ok(number.value().to_string()),
            _ => Err(self.wrong(key, item, "must be a string")),
        }
    }

    fn setting(&self, key: &str, item: &Item) -> Result<Setting, Problem> {
        let Some(table) = item.as_inline_table() else { return self.string(key, item).map(Setting::Text) };
        let mut pairs = table.iter().map(|(source, value)| (source, value.as_str()));
        match (pairs.next(), pairs.next()) {
            (Some(("env", Some(name))), None) => Ok(Setting::Secret(SecretSource::Env(name.to_owned()))),
            (Some(("file", Some(path))), None) => Ok(Setting::Secret(SecretSource::File(path.into()))),
            (Some(("keyring", Some(entry))), None) => {
                Ok(Setting::Secret(SecretSource::Keyring(entry.to_owned())))
            }
            _ => Err(self.wrong(
                key,
                item,
                "must be a string, or one of { env = … }, { file = … }, { keyring = … }",
            )),
        }
    }
}
