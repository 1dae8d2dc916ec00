//! An account as the engine holds it: connected, or there with the reason why not. Names no platform; what a
//! platform allows comes as data. See `open.rs` for what happens to names whose identity changed.

use std::sync::Arc;

use crate::domain::account::{Account, AccountName, Identity};
use crate::domain::capabilities::Capabilities;
use crate::domain::ids::PlatformId;
use crate::domain::problem::Problem;
use crate::platform::Connection;

/// A configured account.
#[derive(Clone)]
pub struct Member {
    /// Its label.
    pub name: AccountName,
    /// Its platform, as the config names it.
    pub platform: PlatformId,
    /// What the platform allows; `None` when the config names no platform that there is.
    pub capabilities: Option<&'static Capabilities>,
    /// Nothing may be sent to it.
    pub read_only: bool,
    /// Who its name stood for the last time; only used while there is no connection.
    pub(super) remembered: Option<Identity>,
    /// The way to it, or why there is none. What the store holds of it is shown either way.
    pub link: Result<Arc<dyn Connection>, Problem>,
}

impl Member {
    /// An account that can be talked to.
    pub fn connected(connection: Arc<dyn Connection>) -> Self {
        let account = connection.account();
        Self {
            name: account.name.clone(),
            platform: account.identity.platform.clone(),
            capabilities: Some(connection.capabilities()),
            read_only: account.read_only,
            remembered: None,
            link: Ok(connection),
        }
    }

    /// An account that could not be connected: wrong settings, an unreadable secret.
    pub fn broken(
        name: AccountName,
        platform: PlatformId,
        capabilities: Option<&'static Capabilities>,
        problem: Problem,
    ) -> Self {
        Self { name, platform, capabilities, read_only: false, remembered: None, link: Err(problem) }
    }

    /// What is known of a connected account.
    pub fn account(&self) -> Option<&Account> {
        self.link.as_ref().ok().map(|connection| connection.account())
    }

    /// Who it is; without a connection, who it was the last time. `None` when that is not known.
    pub fn identity(&self) -> Option<&Identity> {
        self.account().map(|account| &account.identity).or(self.remembered.as_ref())
    }

    /// The platform's name as people write it, or the config's word for it.
    pub fn title(&self) -> &str {
        self.capabilities.map_or(self.platform.as_str(), |capabilities| capabilities.title)
    }
}

impl std::fmt::Debug for Member {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Member")
            .field("name", &self.name)
            .field("identity", &self.identity())
            .field("problem", &self.link.as_ref().err())
            .finish_non_exhaustive()
    }
}
