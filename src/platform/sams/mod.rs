//! Sam's Club ads (MAP): signed calls, lists without pages, exact negatives at ad groups. This file connects an
//! account; the parts are `auth`, `calls` (requests as values), `list`, `write`, and `wire`, `map`, `rules`,
//! `errors`. Written from the public pages of developer.samsclub.com.

mod auth;
mod calls;
mod errors;
mod list;
mod map;
mod report;
mod reports;
#[cfg(test)]
mod reports_tests;
mod rules;
#[cfg(test)]
mod tests;
mod wire;
mod write;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::config::AccountConfig;
use crate::domain::account::{Account, Identity};
use crate::domain::capabilities::Capabilities;
use crate::domain::change::NewNegative;
use crate::domain::ids::{CampaignId, PlatformId};
use crate::domain::matching::normalise;
use crate::domain::negative::Negative;
use crate::domain::plan::{PlannedChange, PlannedRequest};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::Response;
use crate::platform::checks;
use crate::platform::http::{Channel, Http, Origin, Setup};
use crate::platform::lenient::Rows;
use crate::platform::report::ReportRules;
use crate::platform::reports::Asked;
use crate::platform::traits::{
    Answer, Brand, Check, Connection, Environment, Field, Pending, Platform, Scope, SendError, SignIn, Sink,
    TermsSink, TermsWanted,
};

use auth::Signer;
use calls::Calls;

/// Its name in commands, config and JSON.
const ID: PlatformId = PlatformId::from_static("sams");

/// Sister APIs on the same gateway let a signature live for 180 s ("expire every 3 minutes"); Sam's Club does not
/// say. A third of that leaves room for the way.
const MOST_APART: Duration = Duration::from_mins(1);

/// "Retry after 10 minutes" (developer.samsclub.com, "Status Codes", 429).
const SLOW_DOWN: Duration = Duration::from_mins(10);

/// The platform.
pub struct Sams;

const FIELDS: &[Field] = &[
    Environment::field("production (the default) or Sam's Club's staging; each has its own keys"),
    Field::required("advertiser_id", "The advertiser's number, from onboarding; one account for each brand")
        .number(),
    Field::required("consumer_id", "The partner's consumer id, from onboarding"),
    Field::required("key_version", "The version of the uploaded public key, from onboarding"),
    Field::required("auth_token", "The bearer token, from onboarding").secret(),
    Field::required(
        "private_key",
        "The private key: RSA of 2048 bits or more, PEM (PKCS#8 or PKCS#1), no password",
    )
    .secret(),
    Field::optional("base_url", "Another service base, with or without /api/v1, for tests and proxies")
        .address(),
];

impl Platform for Sams {
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

    /// "You will receive your consumer id, auth token and key version" (developer.samsclub.com, "Authentication").
    fn sign_in(&self, config: &AccountConfig, _state: &str) -> Result<SignIn, Problem> {
        Err(Problem::new(ProblemKind::Usage, format!("{} has no sign-in in a browser", config.name))
            .detail("Sam's Club issues consumer id, key version and token at onboarding")
            .hint("Put them into the configuration, then run `unbid doctor`."))
    }

    fn connect(&self, config: &AccountConfig, http: &Arc<Http>) -> Result<Arc<dyn Connection>, Problem> {
        let base = match Environment::of(config)? {
            Environment::Production => auth::PRODUCTION,
            Environment::Sandbox => auth::SANDBOX,
        };
        let service = calls::service(config.text("base_url")?.unwrap_or(base)).to_owned();
        let origin = Origin::of(&service).map_err(|why| config.wrong("base_url", &why))?;
        let advertiser = config.required("advertiser_id")?.trim().to_owned();
        if advertiser.is_empty() || !advertiser.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(config.wrong("advertiser_id", "must be a number"));
        }
        let consumer = config.required("consumer_id")?;
        let key = auth::private_key(&config.secret("private_key")?)
            .map_err(|why| config.wrong("private_key", &why))?;
        let signer =
            Signer::new(http, consumer, config.required("key_version")?, &config.secret("auth_token")?, key);
        let account = Account {
            name: config.name.clone(),
            identity: Identity {
                platform: ID,
                origin: origin.as_str().into(),
                native: advertiser.as_str().into(),
            },
            group: config.group.as_str().into(),
            read_only: config.read_only,
            protected: config.protected,
            live: !origin.is_loopback() && origin.as_str() != auth::SANDBOX_ORIGIN,
        };
        let channel = http.channel(Setup {
            platform: rules::CAPABILITIES.title,
            account: config.name.clone(),
            bucket: format!("sams {} {}", origin.as_str(), consumer.trim()),
            origin,
            auth: Arc::new(signer),
            explain: errors::explain,
            slow_down: Some(SLOW_DOWN),
        });
        let link = Arc::new(Link { channel, calls: Calls { service, advertiser } });
        Ok(Arc::new(Sam { account, link, there: Mutex::default(), reports: Asked::default() }))
    }
}

/// What the calls of one account share.
struct Link {
    channel: Channel,
    calls: Calls,
}

/// A connected account.
struct Sam {
    account: Account,
    link: Arc<Link>,
    /// The negatives of campaigns where an addition was refused, as listed right after: a refused twin is told by
    /// no code and no published text.
    there: Mutex<HashMap<CampaignId, Vec<Negative>>>,
    /// Snapshots of reports that were asked for.
    reports: Asked,
}

impl Sam {
    /// Lists the campaign of a call that refused an addition. Without the list the refusal stands as it is.
    async fn look(&self, request: &PlannedRequest, response: &Response) {
        let Some(campaign) = write::refused_in(request, response) else { return };
        let rows = list::negatives_of(&self.link, &campaign).await;
        let mut there = self.there.lock().unwrap_or_else(PoisonError::into_inner);
        match rows {
            Ok(rows) => there.insert(campaign, rows),
            Err(problem) => {
                tracing::warn!(%problem, "could not look whether refused negatives are there already");
                there.remove(&campaign)
            }
        };
    }

    /// A negative of the same ad group and text that was there right after a refusal.
    fn twin(&self, new: &NewNegative) -> Option<Negative> {
        let there = self.there.lock().unwrap_or_else(PoisonError::into_inner);
        let text = normalise(new.text.raw());
        let same = |row: &&Negative| row.ad_group == new.ad_group && normalise(row.text.raw()) == text;
        there.get(&new.campaign)?.iter().find(same).cloned()
    }
}

impl Connection for Sam {
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
        Box::pin(list::read_back(&self.link, negatives))
    }

    fn prepare(&self, changes: &[PlannedChange]) -> Vec<PlannedRequest> {
        write::prepare(&self.link.calls, changes)
    }

    fn send_until<'a>(
        &'a self,
        request: &'a PlannedRequest,
        stop: &'a CancellationToken,
    ) -> Pending<'a, Result<Response, SendError>> {
        Box::pin(async move {
            let response = self.link.channel.send_until(&request.request, stop).await?;
            // Refused at the door (both are used for credentials): nothing was looked at, and the changes stay staged.
            if matches!(response.status, 401 | 403) {
                return Err(SendError::NotSent(self.link.channel.refusal(&request.request, &response)));
            }
            self.look(request, &response).await;
            Ok(response)
        })
    }

    fn read(
        &self,
        request: &PlannedRequest,
        changes: &[PlannedChange],
        response: &Response,
    ) -> Vec<(u64, Answer)> {
        write::read(request, changes, response, &|new| self.twin(new))
    }

    fn terms<'a>(&'a self, wanted: &'a TermsWanted, sink: &'a TermsSink) -> Pending<'a, Result<(), Problem>> {
        Box::pin(reports::terms(self, wanted, sink))
    }

    /// There is no call that only signs in; the list of campaigns shows that the keys and the advertiser are right.
    fn check(&self) -> Pending<'_, Vec<Check>> {
        Box::pin(async move {
            let request = self.link.calls.campaigns(None);
            let channel = &self.link.channel;
            let what = "sign-in".to_owned();
            match channel.read(&request).await {
                Err(problem) => vec![Check { what, result: Err(problem) }],
                Ok(response) => {
                    let result = serde_json::from_slice::<Rows<serde::de::IgnoredAny>>(&response.body)
                        .map(|rows| {
                            format!("advertiser {}: {} campaigns", self.link.calls.advertiser, rows.0.len())
                        })
                        .map_err(|why| channel.unreadable(&request, &response, &why.to_string()));
                    let clock = checks::clock(&response, channel.http().now(), MOST_APART);
                    std::iter::once(Check { what, result }).chain(clock).collect()
                }
            }
        })
    }

    /// Sam's Club has no brand negatives.
    fn brands<'a>(&'a self, _name: &'a str) -> Pending<'a, Result<Vec<Brand>, Problem>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}
