//! Login with Amazon: the refresh-token grant and the bearer header. The access token stays in memory; nothing
//! here is printed. First sign-in is not here.

use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::errors;
use super::wire::Grant;
use crate::domain::account::AccountName;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::Request;
use crate::platform::http::{Auth, Fresh, Http, Signed, Token, TokenCall, given};
use crate::platform::query::with_query;
use crate::platform::traits::Pending;

/// An access token's life where the answer does not say ("Access tokens", Amazon Ads API documentation).
const LIVES: u64 = 3_600;

/// The return URL where the config names none: the one that Amazon's own walk-through registers ("Create an
/// authorization grant", Amazon Ads API documentation).
pub(super) const REDIRECT: &str = "https://amazon.com";

/// The page where somebody lets the client manage campaigns ("Create an authorization grant").
pub(super) fn consent_page(page: &str, client_id: &str, redirect: &str, state: &str) -> String {
    with_query(
        page,
        &[
            ("client_id", client_id),
            ("scope", "advertising::campaign_management"),
            ("response_type", "code"),
            ("redirect_uri", redirect),
            ("state", state),
        ],
    )
}

/// The authorization-code grant ("Retrieve access and refresh tokens"), whole but for the code.
pub(super) fn redeem(url: &str, client_id: &str, client_secret: SecretString, redirect: &str) -> TokenCall {
    TokenCall {
        url: url.to_owned(),
        headers: Vec::new(),
        form: vec![
            ("grant_type", SecretString::from("authorization_code")),
            ("redirect_uri", SecretString::from(redirect)),
            ("client_id", SecretString::from(client_id)),
            ("client_secret", client_secret),
        ],
    }
}

/// The credentials of one Login-with-Amazon client and user.
pub(super) struct Lwa {
    pub(super) http: Arc<Http>,
    pub(super) account: AccountName,
    pub(super) token_url: String,
    pub(super) client_id: String,
    pub(super) client_secret: SecretString,
    pub(super) refresh_token: SecretString,
    pub(super) token: Arc<Token>,
}

impl Lwa {
    async fn refresh(&self, newer: Option<SecretString>) -> Result<Fresh, Problem> {
        let call = TokenCall {
            url: self.token_url.clone(),
            headers: Vec::new(),
            form: vec![
                ("grant_type", SecretString::from("refresh_token")),
                ("refresh_token", newer.unwrap_or_else(|| self.refresh_token.clone())),
                ("client_id", SecretString::from(self.client_id.as_str())),
                ("client_secret", self.client_secret.clone()),
            ],
        };
        let response = self.http.exchange(&self.account, call).await?;
        if !response.ok() {
            return Err(errors::sign_in(&self.account, &response));
        }
        let grant: Grant = serde_json::from_slice(&response.body).map_err(|_| {
            // The parser's words may quote the body, which may hold the token.
            Problem::new(
                ProblemKind::Reply,
                format!("Amazon's sign-in answer for {} cannot be understood", self.account),
            )
            .detail(format!("{}: no access_token in it", self.token_url))
            .hint("Check the account's token_url.")
        })?;
        let lives = Duration::from_secs(grant.expires_in.unwrap_or(LIVES));
        Ok(Fresh { refresh: given(&grant.refresh_token), token: grant.access_token, lives })
    }

    /// The access token, from the cache where there is a good one.
    pub(super) async fn access(&self) -> Result<(SecretString, u64), Problem> {
        self.token.get(|newer| self.refresh(newer)).await
    }
}

impl Auth for Lwa {
    fn sign<'a>(&'a self, _: &'a Request) -> Pending<'a, Result<Signed, Problem>> {
        Box::pin(async move {
            let (token, stamp) = self.access().await?;
            let bearer = SecretString::from(format!("Bearer {}", token.expose_secret()));
            Ok(Signed { headers: vec![("Authorization", bearer)], stamp })
        })
    }

    fn discard(&self, stamp: u64) {
        self.token.discard(stamp);
    }
}
