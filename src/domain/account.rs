//! An account: one Amazon profile, one eBay marketplace of one seller, one Sam's Club advertiser.
//! The name is a label; the identity is what snapshot, staged changes, locks and journal are bound to.

use std::fmt;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use super::ids::PlatformId;
use super::text::shown;

/// The label of an account in the config, the CLI and on the screen.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountName(CompactString);

impl AccountName {
    /// Takes a name from the config or the command line.
    pub fn new(name: &str) -> Self {
        Self(CompactString::new(name))
    }

    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", shown(&self.0))
    }
}

impl fmt::Debug for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccountName({self})")
    }
}

/// What an account is, whatever its name: platform, API origin, and who on it.
///
/// What belongs to one identity is never used for another: changes staged against a sandbox can never
/// reach a live account of the same name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Identity {
    /// The platform.
    pub platform: PlatformId,
    /// Scheme, host and port of the API, such as `https://advertising-api.amazon.com`.
    pub origin: CompactString,
    /// Profile id, advertiser id, or seller and marketplace.
    pub native: CompactString,
}

impl Identity {
    /// One line that tells this identity from every other: the key in the store, the lock's name.
    pub fn key(&self) -> String {
        format!("{}|{}|{}", self.platform.as_str(), self.origin, self.native)
    }
}

/// What the rest of the program knows of a configured account. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its label.
    pub name: AccountName,
    /// What it is.
    pub identity: Identity,
    /// Accounts of one seller on several platforms share a group.
    pub group: CompactString,
    /// Nothing may be sent to it.
    pub read_only: bool,
    /// Sending asks to type its name.
    pub protected: bool,
    /// False when its origin is loopback or the platform's own sandbox.
    pub live: bool,
}
