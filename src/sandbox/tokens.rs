//! Access tokens: issued by the platforms' token endpoints, checked on every call.
//! They go by the real clock, also while a test has paused tokio's.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use super::platform::Platform;
use super::rng::Rng;

/// What a bearer token is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenState {
    /// Good.
    Good,
    /// Was good; its time is over, or a fault ended it.
    Expired,
    /// Never issued here, or for another platform.
    Unknown,
}

/// All tokens issued so far.
#[derive(Debug)]
pub struct Tokens {
    issued: Mutex<Issued>,
}

#[derive(Debug)]
struct Issued {
    rng: Rng,
    until: HashMap<(Platform, String), SystemTime>,
}

impl Tokens {
    /// None issued yet.
    pub fn new(seed: u64) -> Self {
        Self { issued: Mutex::new(Issued { rng: Rng::new(seed, "access tokens"), until: HashMap::new() }) }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Issued> {
        self.issued.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Issues a token: `prefix` and 40 digits, good for `seconds`.
    pub fn issue(&self, platform: Platform, prefix: &str, seconds: u64) -> String {
        let mut issued = self.lock();
        let token = format!("{prefix}{}", issued.rng.hex(40));
        issued.until.insert((platform, token.clone()), SystemTime::now() + Duration::from_secs(seconds));
        token
    }

    /// What a token is worth now.
    pub fn check(&self, platform: Platform, token: &str) -> TokenState {
        match self.lock().until.get(&(platform, token.to_owned())) {
            None => TokenState::Unknown,
            Some(until) if SystemTime::now() < *until => TokenState::Good,
            Some(_) => TokenState::Expired,
        }
    }

    /// Ends a token's time.
    pub fn expire(&self, platform: Platform, token: &str) {
        if let Some(until) = self.lock().until.get_mut(&(platform, token.to_owned())) {
            *until = SystemTime::UNIX_EPOCH;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_on_its_platform_until_it_expires() {
        let tokens = Tokens::new(1);
        let token = tokens.issue(Platform::Amazon, "Atza|", 60);
        assert!(token.starts_with("Atza|"));
        assert_eq!(tokens.check(Platform::Amazon, &token), TokenState::Good);
        assert_eq!(tokens.check(Platform::Ebay, &token), TokenState::Unknown);
        tokens.expire(Platform::Amazon, &token);
        assert_eq!(tokens.check(Platform::Amazon, &token), TokenState::Expired);
        let short = tokens.issue(Platform::Amazon, "Atza|", 0);
        assert_eq!(tokens.check(Platform::Amazon, &short), TokenState::Expired);
    }
}
