//! Who we are: secret headers made just before the send, and access tokens cached per credential. Tokens
//! live in memory only; nothing here is printed or stored.

use std::future::Future;
use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::held;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{Request, Response};
use crate::platform::traits::Pending;

/// Secret headers for one send.
pub struct Signed {
    /// Names and values.
    pub headers: Vec<(&'static str, SecretString)>,
    /// Which token they carry; given back to [`Auth::discard`] when the platform calls it expired.
    pub stamp: u64,
}

/// How an account proves itself.
pub trait Auth: Send + Sync {
    /// The secret headers for a request, made just before each send: fresh signature, token that is not about
    /// to expire.
    fn sign<'a>(&'a self, request: &'a Request) -> Pending<'a, Result<Signed, Problem>>;

    /// Whether an answer says that what [`Auth::sign`] gave has expired.
    fn expired(&self, response: &Response) -> bool {
        response.status == 401
    }

    /// The token of that stamp is no good; the next [`Auth::sign`] gets another. Later stamps are not touched, so
    /// many calls that fail at once lead to one refresh.
    fn discard(&self, stamp: u64);
}

/// A call to a token endpoint.
pub struct TokenCall {
    /// The address.
    pub url: String,
    /// Secret headers, such as Basic auth.
    pub headers: Vec<(&'static str, SecretString)>,
    /// The form, sent url-encoded.
    pub form: Vec<(&'static str, SecretString)>,
}

/// A token as it came from the platform.
pub struct Fresh {
    /// The token.
    pub token: SecretString,
    /// How long it lives from now.
    pub lives: Duration,
    /// A refresh token that came with it.
    pub refresh: Option<SecretString>,
}

/// The refresh token that an answer names, whatever else may stand in its place.
pub fn given(value: &serde_json::Value) -> Option<SecretString> {
    value.as_str().filter(|token| !token.is_empty()).map(SecretString::from)
}

/// A token is renewed this long before its end, so that none expires on the way.
const EARLY: Duration = Duration::from_mins(1);

/// No token is kept longer: what an answer claims beyond it is not believed, and no clock is added up past its end.
const LONGEST: Duration = Duration::from_hours(24);

/// One credential's access token: fetched when first needed, renewed before its end, once for all who wait.
#[derive(Default)]
pub struct Token {
    held: std::sync::Mutex<Held>,
    /// Who fetches; the others queue here.
    turn: Mutex<()>,
}

#[derive(Default)]
struct Held {
    token: Option<(SecretString, Instant)>,
    stamp: u64,
    /// The refresh token to use from now on, where the platform gave one in place of the configured one. It lives as
    /// long as the process: secrets are the user's to store.
    newer: Option<SecretString>,
    /// Fetches that have ended, and the last one's failure.
    fetches: u64,
    failure: Option<Problem>,
}

impl Held {
    fn good(&self) -> Option<(SecretString, u64)> {
        let (token, until) = self.token.as_ref()?;
        (Instant::now() < *until).then(|| (token.clone(), self.stamp))
    }
}

impl Token {
    /// The token and its stamp; calls `fetch` when there is none that is good, with the refresh token that the platform
    /// gave last, if it gave any. Callers that wait for a fetch share what comes of it, its failure too.
    pub async fn get<F>(
        &self,
        fetch: impl FnOnce(Option<SecretString>) -> F + Send,
    ) -> Result<(SecretString, u64), Problem>
    where
        F: Future<Output = Result<Fresh, Problem>> + Send,
    {
        let seen = {
            let state = held(&self.held);
            if let Some(good) = state.good() {
                return Ok(good);
            }
            state.fetches
        };
        let _turn = self.turn.lock().await;
        let newer = {
            let state = held(&self.held);
            if let Some(good) = state.good() {
                return Ok(good);
            }
            if state.fetches != seen
                && let Some(failure) = &state.failure
            {
                return Err(failure.clone());
            }
            state.newer.clone()
        };
        let fetched = fetch(newer).await;
        let mut state = held(&self.held);
        state.fetches += 1;
        match fetched {
            Ok(Fresh { token, lives, refresh }) => {
                let lives = lives.min(LONGEST);
                // A token that lives shorter than the margin is used for half its life.
                let until = Instant::now() + lives.saturating_sub(EARLY).max(lives / 2);
                state.stamp += 1;
                state.failure = None;
                state.newer = refresh.or(state.newer.take());
                state.token = Some((token.clone(), until));
                Ok((token, state.stamp))
            }
            Err(problem) => {
                state.failure = Some(problem.clone());
                // Refused, it is worth no more than the configured one.
                if problem.kind == ProblemKind::Auth {
                    state.newer = None;
                }
                Err(problem)
            }
        }
    }

    /// Drops the token of that stamp; a later one stays.
    pub fn discard(&self, stamp: u64) {
        let mut state = held(&self.held);
        if state.stamp == stamp {
            state.token = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

    use futures::future::join_all;
    use secrecy::ExposeSecret;

    use super::*;

    async fn fetch(count: &AtomicU32, lives: u64) -> Result<Fresh, Problem> {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let n = count.fetch_add(1, SeqCst);
        Ok(Fresh { token: format!("t{n}").into(), lives: Duration::from_secs(lives), refresh: None })
    }

    #[tokio::test(start_paused = true)]
    async fn all_who_wait_share_one_fetch_and_a_discard_of_an_old_stamp_does_nothing() {
        let (token, count) = (Token::default(), AtomicU32::new(0));
        let all = join_all((0..5).map(|_| token.get(|_| fetch(&count, 3600)))).await;
        assert!(all.iter().all(|got| got.as_ref().unwrap().0.expose_secret() == "t0"));
        let stamp = all[0].as_ref().unwrap().1;
        token.discard(stamp);
        let again = join_all((0..5).map(|_| token.get(|_| fetch(&count, 3600)))).await;
        token.discard(stamp);
        assert_eq!(token.get(|_| fetch(&count, 3600)).await.unwrap().0.expose_secret(), "t1");
        assert!(again.iter().all(|got| got.as_ref().unwrap().0.expose_secret() == "t1"));
        assert_eq!(count.load(SeqCst), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_renewed_before_its_end() {
        let (token, count) = (Token::default(), AtomicU32::new(0));
        token.get(|_| fetch(&count, 3600)).await.unwrap();
        tokio::time::advance(Duration::from_secs(3530)).await;
        token.get(|_| fetch(&count, 3600)).await.unwrap();
        assert_eq!(count.load(SeqCst), 1);
        tokio::time::advance(Duration::from_secs(15)).await;
        token.get(|_| fetch(&count, 3600)).await.unwrap();
        assert_eq!(count.load(SeqCst), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_life_beyond_all_clocks_is_not_believed() {
        let (token, count) = (Token::default(), AtomicU32::new(0));
        token.get(|_| fetch(&count, u64::MAX)).await.unwrap();
        tokio::time::advance(LONGEST).await;
        token.get(|_| fetch(&count, u64::MAX)).await.unwrap();
        assert_eq!(count.load(SeqCst), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_refresh_token_that_came_in_place_of_another_is_used_until_it_is_refused() {
        let token = Token::default();
        let used = std::sync::Mutex::new(Vec::new());
        let ask = |gives: Result<Option<&'static str>, ProblemKind>| {
            let used = &used;
            token.get(move |newer| async move {
                held(used).push(newer.map(|newer| newer.expose_secret().to_owned()));
                let refresh = gives.map_err(|kind| Problem::new(kind, "no"))?.map(SecretString::from);
                Ok(Fresh { token: "t".into(), lives: Duration::from_secs(10), refresh })
            })
        };
        for gives in [
            Ok(None),
            Ok(Some("r1")),
            Err(ProblemKind::Network),
            Ok(Some("r2")),
            Err(ProblemKind::Auth),
            Ok(None),
        ] {
            assert_eq!(ask(gives).await.is_ok(), gives.is_ok());
            tokio::time::advance(Duration::from_secs(20)).await;
        }
        let used: Vec<_> = held(&used).iter().map(|one| one.as_deref().unwrap_or("own").to_owned()).collect();
        assert_eq!(used, ["own", "own", "r1", "r1", "r2", "own"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_shared_by_those_who_waited_and_tried_anew_by_the_next() {
        let (token, count) = (Token::default(), AtomicU32::new(0));
        let failing = |_| async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            count.fetch_add(1, SeqCst);
            Err::<Fresh, _>(Problem::new(ProblemKind::Auth, "no"))
        };
        let all = join_all((0..5).map(|_| token.get(failing))).await;
        assert!(all.iter().all(Result::is_err));
        assert_eq!(count.load(SeqCst), 1);
        assert!(token.get(failing).await.is_err());
        assert_eq!(count.load(SeqCst), 2);
    }
}
