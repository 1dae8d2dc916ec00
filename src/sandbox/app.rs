//! What all routers of one sandbox share: data per platform, faults, log, tokens, credentials.
//! Locks are held for single steps and never across an `await`.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::Options;
use super::credentials::Credentials;
use super::faults::{FaultBook, Rule};
use super::log::RequestLog;
use super::platform::Platform;
use super::realm::Realm;
use super::tokens::Tokens;
use super::world;

/// The state of axum's routers; a clone is the same sandbox.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    options: Options,
    credentials: Credentials,
    tokens: Tokens,
    realms: [RwLock<Realm>; Platform::COUNT],
    faults: Mutex<FaultBook>,
    log: Mutex<RequestLog>,
}

impl App {
    /// Builds the world. A large one takes seconds: not for an async thread.
    pub fn new(options: Options) -> Self {
        let realms = world::build(&options).map(RwLock::new);
        Self(Arc::new(Inner {
            credentials: Credentials::new(options.seed),
            tokens: Tokens::new(options.seed),
            realms,
            faults: Mutex::new(FaultBook::new(options.faults.clone())),
            log: Mutex::new(RequestLog::default()),
            options,
        }))
    }

    /// What it was started with.
    pub fn options(&self) -> &Options {
        &self.0.options
    }

    /// What clients must present.
    pub fn credentials(&self) -> &Credentials {
        &self.0.credentials
    }

    /// Access tokens.
    pub fn tokens(&self) -> &Tokens {
        &self.0.tokens
    }

    /// A platform's data, to read.
    pub fn realm(&self, platform: Platform) -> RwLockReadGuard<'_, Realm> {
        self.0.realms[platform.index()].read().unwrap_or_else(PoisonError::into_inner)
    }

    /// A platform's data, to change.
    pub fn realm_mut(&self, platform: Platform) -> RwLockWriteGuard<'_, Realm> {
        self.0.realms[platform.index()].write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The fault rules in force.
    pub fn faults(&self) -> MutexGuard<'_, FaultBook> {
        self.0.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts other rules in force, nothing counted yet.
    pub fn set_faults(&self, rules: Vec<Rule>) {
        *self.faults() = FaultBook::new(rules);
    }

    /// The request log.
    pub fn log(&self) -> MutexGuard<'_, RequestLog> {
        self.0.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// World, faults and log as at the start. Builds the world anew: not for an async thread.
    pub fn reset(&self) {
        for (platform, realm) in Platform::ALL.into_iter().zip(world::build(self.options())) {
            *self.realm_mut(platform) = realm;
        }
        self.set_faults(self.options().faults.clone());
        *self.log() = RequestLog::default();
    }

    /// Seconds since 1970 in the world's calendar: noon of its day, and a second more with every call.
    pub fn world_time(&self, request: u32) -> i64 {
        world::noon(self.options().today) + i64::from(request)
    }
}
