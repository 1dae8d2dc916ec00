//! What stands in one `[[account]]` of the file: what every account has, and the platform's own keys as
//! they were written. Secrets are read only when a connection is made.

use std::collections::BTreeMap;
use std::path::PathBuf;

use secrecy::SecretString;

use crate::domain::account::AccountName;
use crate::domain::ids::PlatformId;
use crate::domain::problem::{Problem, ProblemKind};
use crate::secrets::{SecretSource, only_owner_reads};

/// Where something stands in a file, for errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: usize,
}

/// The value of one key of an account. A plain string may be a secret: `Debug` hides it.
#[derive(Clone)]
pub enum Setting {
    /// A plain string.
    Text(String),
    /// Where a secret is to be read from.
    Secret(SecretSource),
}

impl std::fmt::Debug for Setting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(_) => f.write_str("Text(***)"),
            Self::Secret(source) => source.fmt(f),
        }
    }
}

/// One `[[account]]` of the file.
#[derive(Clone, Debug)]
pub struct AccountConfig {
    /// Its label.
    pub name: AccountName,
    /// The platform it names; whether that exists is the registry's business.
    pub platform: PlatformId,
    /// Accounts of one seller on several platforms share a group.
    pub group: String,
    /// Nothing may be sent to it.
    pub read_only: bool,
    /// Sending asks to type its name.
    pub protected: bool,
    /// Where the table begins.
    pub place: Place,
    /// The platform's own keys, with the line each stands on.
    pub settings: BTreeMap<String, (Setting, usize)>,
}

impl AccountConfig {
    /// The text of a key, if it is there.
    pub fn text(&self, key: &str) -> Result<Option<&str>, Problem> {
        match self.settings.get(key) {
            None => Ok(None),
            Some((Setting::Text(text), _)) => Ok(Some(text)),
            Some((Setting::Secret(_), _)) => Err(self.wrong(key, "must be a plain string")),
        }
    }

    /// The text of a key that must be there.
    pub fn required(&self, key: &str) -> Result<&str, Problem> {
        self.text(key)?.filter(|text| !text.is_empty()).ok_or_else(|| self.wrong(key, "is missing"))
    }

    /// Reads the secret of a key that must be there: from the environment, a file, the keyring, or as it
    /// stands in a config file that only its owner can read.
    pub fn secret(&self, key: &str) -> Result<SecretString, Problem> {
        let secret = match self.settings.get(key) {
            None => return Err(self.wrong(key, "is missing")),
            Some((Setting::Text(text), _)) => only_owner_reads(&self.place.file)
                .map(|()| SecretString::from(text.clone()))
                .map_err(|why| format!("stands in the file itself, and {why}")),
            Some((Setting::Secret(source), _)) => source.read(&self.place.file),
        };
        secret.map_err(|why| self.wrong(key, &why))
    }

    /// A problem with one key, naming account, key, file and line.
    pub fn wrong(&self, key: &str, why: &str) -> Problem {
        let line = self.settings.get(key).map_or(self.place.line, |(_, line)| *line);
        Problem::new(ProblemKind::Config, format!("Account {}: `{key}` {why}", self.name))
            .detail(format!("{}:{line}", self.place.file.display()))
            .hint("Correct the configuration file and try again.")
    }
}
