//! eBay: Promoted Listings priority strategy, Sell Marketing v1. This file connects an account; the parts are
//! `auth`, `calls` (requests as values), `list` with `page` and `paging`, `read_back`, `write`, and `wire`,
//! `map`, `rules`, `errors`. Written from eBay's public specifications.

mod auth;
mod calls;
mod errors;
mod list;
mod map;
mod page;
mod paging;
mod read_back;
mod report;
mod report_keys;
mod reports;
#[cfg(test)]
mod reports_tests;
mod rules;
#[cfg(test)]
mod tests;
mod wire;
mod write;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::config::AccountConfig;
use crate::domain::account::{Account, Identity};
use crate::domain::capabilities::Capabilities;
use crate::domain::ids::PlatformId;
use crate::domain::negative::Negative;
use crate::domain::plan::{PlannedChange, PlannedRequest};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{Request, Response};
use crate::platform::checks;
use crate::platform::http::{Channel, Http, Origin, Setup};
use crate::platform::report::ReportRules;
use crate::platform::reports::Asked;
use crate::platform::traits::{
    Answer, Brand, Check, Connection, Environment, Field, Pending, Platform, Scope, SendError, SignIn, Sink,
    TermsSink, TermsWanted,
};

use auth::{Bearer, Credential, Grant};
use calls::Calls;

/// Its name in commands, config and JSON.
const ID: PlatformId = PlatformId::from_static("ebay");

/// Access tokens live for hours: a clock that is some minutes off does no harm, more points to trouble.
const MOST_APART: Duration = Duration::from_mins(5);

/// The platform.
pub struct Ebay;

const FIELDS: &[Field] = &[
    Environment::field("production (the default) or eBay's own sandbox; each has its own keys"),
    Field::required("marketplace", "The marketplace of the campaigns, such as EBAY_US or EBAY_GB"),
    Field::required("client_id", "App ID of the keyset, from developer.ebay.com, Application Keys"),
    Field::required("client_secret", "Cert ID of the same keyset").secret(),
    Field::required("refresh_token", "The seller's consent; `unbid login` stores it").secret(),
    Field::optional("ru_name", "RuName of the keyset, for `unbid login`"),
    Field::optional("seller", "The seller's name; needed when two sellers use one keyset on one marketplace"),
    Field::optional("base_url", "Another address of the API, for tests and proxies").address(),
    Field::optional("token_url", "Another address of the token endpoint, for tests and proxies").address(),
];

impl Platform for Ebay {
    fn id(&self) -> PlatformId {
        ID
    }

    fn capabilities(&self) -> &'static Capabilities {
        &rules::CAPABILITIES
    }

    fn report(&self) -> &'static ReportRules {
        &report::REPORT
    }

    fn fields(&self) -> &'static [Field] {
        FIELDS
    }

    fn sign_in(&self, config: &AccountConfig, state: &str) -> Result<SignIn, Problem> {
        let client_id = config.required("client_id")?;
        let ru_name = config.required("ru_name")?;
        let place = Place::of(config)?;
        Ok(SignIn {
            page: auth::consent_page(place.page, client_id, ru_name, state),
            redeem: auth::redeem(&place.token_url, client_id, &config.secret("client_secret")?, ru_name),
        })
    }

    fn connect(&self, config: &AccountConfig, http: &Arc<Http>) -> Result<Arc<dyn Connection>, Problem> {
        Ok(Arc::new(Ebaying::new(config, http)?))
    }
}

/// Where an account's API, tokens and consent page are.
struct Place {
    /// Address of the API without a slash at the end.
    root: String,
    origin: Origin,
    token_url: String,
    page: &'static str,
}

impl Place {
    fn of(config: &AccountConfig) -> Result<Self, Problem> {
        let (host, page) = match Environment::of(config)? {
            Environment::Production => (auth::PRODUCTION, auth::CONSENT),
            Environment::Sandbox => (auth::SANDBOX, auth::SANDBOX_CONSENT),
        };
        let root = config.text("base_url")?.unwrap_or(host).trim_end_matches('/').to_owned();
        let origin = Origin::of(&root).map_err(|why| config.wrong("base_url", &why))?;
        let token_url =
            config.text("token_url")?.map_or_else(|| format!("{root}{}", auth::TOKEN_PATH), str::to_owned);
        Origin::of(&token_url).map_err(|why| config.wrong("token_url", &why))?;
        Ok(Self { root, origin, token_url, page })
    }
}

/// What the calls of one account share.
struct Link {
    channel: Channel,
    calls: Calls,
    marketplace: String,
}

/// A connected account.
struct Ebaying {
    account: Account,
    link: Arc<Link>,
    bearer: Arc<Bearer>,
    /// How many items a bulk call takes; shrinks when error 36337 names a figure.
    most: AtomicUsize,
    /// The same API as the application: what reports may hold is told to no seller.
    metadata: Channel,
    /// Report tasks that were asked for.
    reports: Asked,
}

impl Ebaying {
    fn new(config: &AccountConfig, http: &Arc<Http>) -> Result<Self, Problem> {
        let Place { root, origin, token_url, .. } = Place::of(config)?;
        let marketplace = config.required("marketplace")?.to_owned();
        let client_id = config.required("client_id")?.to_owned();
        // Who the seller is cannot be had without a call and a further scope, and nothing derived from the refresh
        // token would outlive a new consent. So the identity rests on a name given in the config, else on the
        // application's id, which is public and stays.
        let seller = config.text("seller")?.unwrap_or(&client_id);
        let account = Account {
            name: config.name.clone(),
            identity: Identity {
                platform: ID,
                origin: origin.as_str().into(),
                native: format!("{seller}/{marketplace}").into(),
            },
            group: config.group.as_str().into(),
            read_only: config.read_only,
            protected: config.protected,
            live: !origin.is_loopback() && origin.as_str() != auth::SANDBOX,
        };
        let client_secret = config.secret("client_secret")?;
        let sign_in = |grant: Grant| {
            let credential = Credential {
                account: config.name.clone(),
                token_url: token_url.clone(),
                client_id: client_id.clone(),
                client_secret: client_secret.clone(),
                grant,
            };
            Arc::new(Bearer::new(http, credential))
        };
        let channel = |bearer: &Arc<Bearer>| {
            http.channel(Setup {
                platform: rules::CAPABILITIES.title,
                account: config.name.clone(),
                origin: origin.clone(),
                bucket: bearer.bucket(),
                auth: bearer.clone(),
                explain: errors::explain,
                slow_down: None,
            })
        };
        let bearer = sign_in(Grant::Seller(config.secret("refresh_token")?));
        let application = sign_in(Grant::Application);
        Ok(Self {
            account,
            link: Arc::new(Link { channel: channel(&bearer), calls: Calls { root }, marketplace }),
            bearer,
            most: AtomicUsize::new(rules::MOST_PER_CALL),
            metadata: channel(&application),
            reports: Asked::default(),
        })
    }

    /// Whether the seller may use the priority strategy on this marketplace, and how far the clocks are apart.
    async fn eligibility(&self) -> Vec<Check> {
        let request = self.link.calls.eligibility(&self.link.marketplace);
        let what = "eligible for Promoted Listings priority strategy".to_owned();
        match self.link.channel.read(&request).await {
            Err(problem) => vec![Check { what, result: Err(problem) }],
            Ok(response) => {
                let clock = checks::clock(&response, self.link.channel.http().now(), MOST_APART);
                let result = self.judge_eligibility(&request, &response);
                std::iter::once(Check { what, result }).chain(clock).collect()
            }
        }
    }

    /// `PROMOTED_LISTINGS_ADVANCED` is the API's name of the priority strategy (`AdvertisingProgramEnum`).
    fn judge_eligibility(&self, request: &Request, response: &Response) -> Result<String, Problem> {
        let marketplace = &self.link.marketplace;
        let answer: wire::Eligibility = serde_json::from_slice(&response.body)
            .map_err(|why| self.link.channel.unreadable(request, response, &why.to_string()))?;
        let program = answer
            .advertising_eligibility
            .iter()
            .find(|program| program.program_type == "PROMOTED_LISTINGS_ADVANCED");
        match program {
            Some(program) if program.status == "ELIGIBLE" => Ok(format!("on {marketplace}")),
            Some(program) => {
                let reason = program.reason.as_deref().unwrap_or(&program.status);
                // SellerIneligibleReasonEnum.
                let hint = match reason {
                    "NOT_ENOUGH_ACTIVITY" => "eBay asks for more sales first.",
                    "NOT_IN_GOOD_STANDING" => "eBay asks for a better seller standing first.",
                    "RESTRICTED" => "The programme is by invitation: ask eBay to open it for this seller.",
                    _ => "Look at the advertising dashboard in Seller Hub.",
                };
                Err(Problem::new(
                    ProblemKind::Refused,
                    "The seller may not use Promoted Listings priority strategy",
                )
                .detail(format!("{marketplace}: {reason}"))
                .hint(hint))
            }
            None => Err(Problem::new(ProblemKind::Reply, "eBay does not say whether the seller is eligible")
                .detail(marketplace)),
        }
    }
}

impl Connection for Ebaying {
    fn account(&self) -> &Account {
        &self.account
    }

    fn capabilities(&self) -> &'static Capabilities {
        &rules::CAPABILITIES
    }

    fn fetch<'a>(&'a self, scope: &'a Scope, sink: &'a Sink) -> Pending<'a, Result<(), Problem>> {
        Box::pin(list::fetch(&self.link, scope, sink))
    }

    fn read_back<'a>(&'a self, negatives: &'a [Negative]) -> Pending<'a, Result<Vec<Negative>, Problem>> {
        Box::pin(read_back::read_back(&self.link, negatives))
    }

    fn prepare(&self, changes: &[PlannedChange]) -> Vec<PlannedRequest> {
        write::prepare(&self.link.calls, changes, self.most.load(Ordering::Relaxed))
    }

    fn send_until<'a>(
        &'a self,
        request: &'a PlannedRequest,
        stop: &'a CancellationToken,
    ) -> Pending<'a, Result<Response, SendError>> {
        Box::pin(async move {
            let response = self.link.channel.send_until(&request.request, stop).await?;
            // Refused at the door: nothing was looked at, and the changes stay staged.
            if matches!(response.status, 401 | 403) {
                return Err(SendError::NotSent(self.link.channel.refusal(&request.request, &response)));
            }
            Ok(response)
        })
    }

    fn read(
        &self,
        request: &PlannedRequest,
        changes: &[PlannedChange],
        response: &Response,
    ) -> Vec<(u64, Answer)> {
        let (answers, most) = write::read(request, changes, response);
        if let Some(most) = most {
            self.most.fetch_min(most, Ordering::Relaxed);
        }
        answers
    }

    fn terms<'a>(&'a self, wanted: &'a TermsWanted, sink: &'a TermsSink) -> Pending<'a, Result<(), Problem>> {
        Box::pin(reports::terms(self, wanted, sink))
    }

    fn check(&self) -> Pending<'_, Vec<Check>> {
        Box::pin(async move {
            let signed_in = self.bearer.token().await.map(|_| "the refresh token is good".to_owned());
            let go_on = signed_in.is_ok();
            let mut checks = vec![Check { what: "sign-in".to_owned(), result: signed_in }];
            if go_on {
                checks.extend(self.eligibility().await);
            }
            checks
        })
    }

    /// eBay has no brand negatives.
    fn brands<'a>(&'a self, _name: &'a str) -> Pending<'a, Result<Vec<Brand>, Problem>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}
