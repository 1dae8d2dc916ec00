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
use crate::platform::http::{Auth, Fresh, Http, Signed, Token, TokenCall, given};
use crate::platform::query::with_query;
use crate::platform::traits::Pending;

use super::errors;
use super::wire::TokenAnswer;

/// API hosts ("Making a call", developer.ebay.com): production and sandbox.
pub(super) const PRODUCTION: &str = "https://api.ebay.com";
pub(super) const SANDBOX: &str = "https://api.sandbox.ebay.com";
/// The token endpoint on either host ("Using a refresh token", developer.ebay.com).
pub(super) const TOKEN_PATH: &str = "/identity/v1/oauth2/token";

/// Consent pages ("Getting user consent", developer.ebay.com): production and sandbox.
pub(super) const CONSENT: &str = "https://auth.ebay.com/oauth2/authorize";
pub(super) const SANDBOX_CONSENT: &str = "https://auth.sandbox.ebay.com/oauth2/authorize";

/// What is asked of the seller: the Marketing API's writes, and looking eligibility up. The strings are the same in
/// the sandbox ("OAuth scopes").
const SCOPES: &str = "https://api.ebay.com/oauth/api_scope/sell.marketing \
                      https://api.ebay.com/oauth/api_scope/sell.account.readonly";

/// The page where a seller consents; eBay's `redirect_uri` is the keyset's `RuName`, not an address.
pub(super) fn consent_page(page: &str, client_id: &str, ru_name: &str, state: &str) -> String {
    with_query(
        page,
        &[
            ("client_id", client_id),
            ("redirect_uri", ru_name),
            ("response_type", "code"),
            ("scope", SCOPES),
            ("state", state),
        ],
    )
}

/// The authorization-code grant ("Exchanging the authorization code for a User access token"), whole but for the code.
pub(super) fn redeem(url: &str, client_id: &str, client_secret: &SecretString, ru_name: &str) -> TokenCall {
    TokenCall {
        url: url.to_owned(),
        headers: vec![("Authorization", basic(client_id, client_secret))],
        form: vec![("grant_type", "authorization_code".into()), ("redirect_uri", ru_name.into())],
    }
}

/// The keyset as Basic auth, as every token call wants it.
fn basic(client_id: &str, client_secret: &SecretString) -> SecretString {
    let pair = format!("{client_id}:{}", client_secret.expose_secret());
    format!("Basic {}", STANDARD.encode(pair)).into()
}

/// `expires_in` is 7200 in every documented answer, for one that leaves it out.
const USUAL_LIFE: u64 = 7_200;

/// One seller's credential.
pub(super) struct Credential {
    pub account: AccountName,
    pub token_url: String,
    pub client_id: String,
    pub client_secret: SecretString,
    pub grant: Grant,
}

/// What a token stands for.
pub(super) enum Grant {
    /// A seller's consent ("Using a refresh token").
    Seller(SecretString),
    /// The application alone ("Client credentials grant"): it sees no seller's data.
    Application,
}

/// What an application is asked for ("OAuth scopes").
const APPLICATION_SCOPE: &str = "https://api.ebay.com/oauth/api_scope";

/// Signs calls with the access token of a credential.
pub(super) struct Bearer {
    http: Arc<Http>,
    token: Arc<Token>,
    credential: Credential,
}

impl Bearer {
    pub fn new(http: &Arc<Http>, credential: Credential) -> Self {
        let grant = match &credential.grant {
            Grant::Seller(refresh_token) => refresh_token.expose_secret(),
            Grant::Application => APPLICATION_SCOPE,
        };
        let token = http.token(&[
            &credential.token_url,
            &credential.client_id,
            credential.client_secret.expose_secret(),
            grant,
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
    fn call(&self, newer: Option<SecretString>) -> TokenCall {
        let credential = &self.credential;
        TokenCall {
            url: credential.token_url.clone(),
            headers: vec![("Authorization", basic(&credential.client_id, &credential.client_secret))],
            form: match &credential.grant {
                Grant::Seller(refresh_token) => {
                    let refresh_token = newer.unwrap_or_else(|| refresh_token.clone());
                    vec![("grant_type", "refresh_token".into()), ("refresh_token", refresh_token)]
                }
                Grant::Application => {
                    vec![("grant_type", "client_credentials".into()), ("scope", APPLICATION_SCOPE.into())]
                }
            },
        }
    }

    async fn fetch(&self, newer: Option<SecretString>) -> Result<Fresh, Problem> {
        let response = self.http.exchange(&self.credential.account, self.call(newer)).await?;
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
        Ok(Fresh { refresh: given(&answer.refresh_token), token: answer.access_token, lives })
    }

    /// Signs in if need be: the token and its stamp.
    pub async fn token(&self) -> Result<(SecretString, u64), Problem> {
        self.token.get(|newer| self.fetch(newer)).await
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
