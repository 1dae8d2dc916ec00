//! Where a secret comes from: the environment, a file, the system's keyring, or the config file itself.
//! A secret is read when it is needed and never written anywhere.

use std::path::{Path, PathBuf};

use secrecy::SecretString;

/// A place that holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretSource {
    /// An environment variable.
    Env(String),
    /// A file; relative to the config file, `~/` is the home folder.
    File(PathBuf),
    /// An entry of the system's keyring.
    Keyring(String),
}

impl SecretSource {
    /// Reads the secret; the error says why in words that follow the key's name.
    pub fn read(&self, config_file: &Path) -> Result<SecretString, String> {
        match self {
            Self::Env(name) => std::env::var(name)
                .map(SecretString::from)
                .map_err(|_| format!("names the environment variable {name}, which is not set")),
            Self::File(path) => {
                let path = resolve(path, config_file);
                std::fs::read_to_string(&path)
                    .map(|text| SecretString::from(text.trim_end_matches(['\r', '\n']).to_owned()))
                    .map_err(|error| {
                        format!("names the file {}, which cannot be read: {error}", path.display())
                    })
            }
            Self::Keyring(entry) => keyring_entry(entry),
        }
    }
}

/// A path as the config file means it.
fn resolve(path: &Path, config_file: &Path) -> PathBuf {
    if let Ok(rest) = path.strip_prefix("~")
        && let Some(home) = std::env::var_os("HOME")
    {
        return PathBuf::from(home).join(rest);
    }
    config_file.parent().map_or_else(|| path.to_owned(), |folder| folder.join(path))
}

#[cfg(feature = "keyring")]
fn keyring_entry(entry: &str) -> Result<SecretString, String> {
    keyring::v1::Entry::new("unbid", entry)
        .and_then(|found| found.get_password())
        .map(SecretString::from)
        .map_err(|error| format!("names the keyring entry {entry}, which cannot be read: {error}"))
}

#[cfg(not(feature = "keyring"))]
fn keyring_entry(entry: &str) -> Result<SecretString, String> {
    Err(format!(
        "names the keyring entry {entry}, but this build has no keyring (build with `--features keyring`)"
    ))
}
