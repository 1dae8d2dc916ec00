//! Signing in at eBay: the refresh-token grant, and the bearer header of each call. Tokens live in memory
//! only. The hosts are here too, because keys and users are separate for each.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};

use crate::domain::account::AccountName;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{Request, Response};
use crate::platform::http::{Auth, Fresh, Http, Signed, Token, TokenCall};
use crate::platform::traits::Pending;

use super::errors;
use super::wire::TokenAnswer;

/// API hosts ("Making a call", developer.ebay.com): production and sandbox.
pub(super) const PRODUCTION: &str = "https://api.ebay.com";
pub(super) const SANDBOX: &str = "https://api.sandbox.ebay.com";
/// The token endpoint on either host ("Using a refresh token", developer.ebay.com).
pub(super) const TOKEN_PATH: &str = "/identity/v1/oauth2/token";

/// `expires_in` is 7200 in every documented answer, for one that leaves it out.
const USUAL_LIFE: u64 = 7_200;

/// One seller's credential.
pub(super) struct Credential {
    pub account: AccountName,
    pub token_url: String,
    pub client_id: String,
    pub client_secret: SecretString,
    pub refresh_token: SecretString,
}

/// Signs calls with the access token of a credential.
pub(super) struct Bearer {
    http: Arc<Http>,
    token: Arc<Token>,
    credential: Credential,
}

impl Bearer {
    pub fn new(http: &Arc<Http>, credential: Credential) -> Self {
        let token = http.token(&[
            &credential.token_url,
            &credential.client_id,
            credential.client_secret.expose_secret(),
            credential.refresh_token.expose_secret(),
        ]);
        Self { http: Arc::clone(http), token, credential }
    }

    /// What tells this credential from others in this process; not a secret, not stable, never stored.
    pub fn bucket(&self) -> String {
        format!("ebay {:p}", Arc::as_ptr(&self.token))
    }

    /// Asks for an access token. `scope` is left out: it then covers everything that the user consented to
    /// ("Using a refresh token": optional), so that a consent with `sell.account` does as well as one with
    /// `sell.account.readonly`.
    fn call(&self) -> TokenCall {
        let credential = &self.credential;
        let pair = format!("{}:{}", credential.client_id, credential.client_secret.expose_secret());
        TokenCall {
            url: credential.token_url.clone(),
            headers: vec![("Authorization", format!("Basic {}", STANDARD.encode(pair)).into())],
            form: vec![
                ("grant_type", "refresh_token".into()),
                ("refresh_token", credential.refresh_token.clone()),
            ],
        }
    }

    async fn fetch(&self) -> Result<Fresh, Problem> {
        let response = self.http.exchange(&self.credential.account, self.call()).await?;
        if !response.ok() {
            return Err(errors::sign_in_problem(&response));
        }
        // The body holds a token: an error must not quote it.
        let answer: TokenAnswer = serde_json::from_slice(&response.body).map_err(|_| {
            Problem::new(ProblemKind::Reply, "eBay's sign-in answer cannot be understood")
                .detail(format!("{} without an access token", response.status))
                .hint("Check the account's token_url.")
        })?;
        let lives = Duration::from_secs(answer.expires_in.unwrap_or(USUAL_LIFE));
        Ok(Fresh { token: answer.access_token, lives })
    }

    /// Signs in if need be: the token and its stamp.
    pub async fn token(&self) -> Result<(SecretString, u64), Problem> {
        self.token.get(|| self.fetch()).await
    }
}

impl Auth for Bearer {
    fn sign<'a>(&'a self, _request: &'a Request) -> Pending<'a, Result<Signed, Problem>> {
        Box::pin(async move {
            let (token, stamp) = self.token().await?;
            let value = format!("Bearer {}", token.expose_secret());
            Ok(Signed { headers: vec![("Authorization", value.into())], stamp })
        })
    }

    fn expired(&self, response: &Response) -> bool {
        errors::token_refused(response)
    }

    fn discard(&self, stamp: u64) {
        self.token.discard(stamp);
    }
}
