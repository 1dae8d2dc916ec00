//! The configuration: file, environment and flags to [`Config`]. Uses nothing of ours but
//! `domain`'s words; which keys an account takes is the platform's business.

use std::collections::BTreeMap;
use std::path::PathBuf;

use secrecy::SecretString;

use crate::domain::account::AccountName;
use crate::domain::ids::PlatformId;
use crate::domain::problem::{Problem, ProblemKind};
use crate::secrets::SecretSource;

/// Where something stands in a file, for errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: usize,
}

/// The value of one key of an account.
#[derive(Clone, Debug)]
pub enum Setting {
    /// A plain string.
    Text(String),
    /// Where a secret is to be read from.
    Secret(SecretSource),
}

/// One `[[account]]` of the file: what every account has, and the platform's own keys as they stand.
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

    /// Reads the secret of a key that must be there: from the environment, a file, the keyring, or as it stands.
    pub fn secret(&self, key: &str) -> Result<SecretString, Problem> {
        match self.settings.get(key) {
            None => Err(self.wrong(key, "is missing")),
            Some((Setting::Text(text), _)) => Ok(SecretString::from(text.clone())),
            Some((Setting::Secret(source), _)) => {
                source.read(&self.place.file).map_err(|why| self.wrong(key, &why))
            }
        }
    }

    /// A problem with one key, naming account, key, file and line.
    pub fn wrong(&self, key: &str, why: &str) -> Problem {
        let line = self.settings.get(key).map_or(self.place.line, |(_, line)| *line);
        Problem::new(ProblemKind::Config, format!("Account {}: `{key}` {why}", self.name))
            .detail(format!("{}:{line}", self.place.file.display()))
            .hint("Correct the configuration file and try again.")
    }
}
