//! Amazon Ads, Sponsored Products v3: the platform, its config keys, its connection. Written from Amazon's
//! OpenAPI files and documentation. Lists are in `fetch`, changes in `write`, limits in `rules`.

mod auth;
mod check;
mod errors;
mod fetch;
mod lists;
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

use std::sync::Arc;

use compact_str::CompactString;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

use super::http::{Channel, Http, Origin, Setup};
use super::report::ReportRules;
use super::reports::Asked;
use super::traits::{
    Brand, Check, Connection, Field, Pending, Platform, Scope, SendError, SignIn, Sink, TermsSink, TermsWanted,
};
use crate::config::AccountConfig;
use crate::domain::account::{Account, Identity};
use crate::domain::capabilities::Capabilities;
use crate::domain::ids::PlatformId;
use crate::domain::money::Currency;
use crate::domain::negative::Negative;
use crate::domain::plan::{PlannedChange, PlannedRequest};
use crate::domain::problem::Problem;
use crate::domain::request::{Body, Class, Method, Request, Response};
use crate::domain::text::Text;
use crate::platform::traits::Answer;

const ID: PlatformId = PlatformId::from_static("amazon");

/// Region, API host, token endpoint, consent page ("API overview", "Access tokens" and "Create an authorization
/// grant", Amazon Ads API documentation).
const REGIONS: [(&str, &str, &str, &str); 3] = [
    (
        "na",
        "https://advertising-api.amazon.com",
        "https://api.amazon.com/auth/o2/token",
        "https://www.amazon.com/ap/oa",
    ),
    (
        "eu",
        "https://advertising-api-eu.amazon.com",
        "https://api.amazon.co.uk/auth/o2/token",
        "https://eu.account.amazon.com/ap/oa",
    ),
    (
        "fe",
        "https://advertising-api-fe.amazon.com",
        "https://api.amazon.co.jp/auth/o2/token",
        "https://apac.account.amazon.com/ap/oa",
    ),
];

/// The token endpoint's path, the same on every host.
const TOKEN_PATH: &str = "/auth/o2/token";

const FIELDS: &[Field] = &[
    Field::optional(
        "region",
        "Where the profile is: na (Americas), eu (Europe, Middle East, India), fe (Japan, Australia, Singapore).",
    )
    .one_of(&["na", "eu", "fe"]),
    Field::required("profile_id", "The advertising profile's number, as GET /v2/profiles prints it.").number(),
    Field::required("client_id", "The Login with Amazon client id, amzn1.application-oa2-client.…"),
    Field::required("client_secret", "The Login with Amazon client secret.").secret(),
    Field::required("refresh_token", "The refresh token, Atzr|…; `unbid login` gets one.").secret(),
    Field::optional("redirect_uri", "A return URL of the Login with Amazon client, for `unbid login`."),
    Field::optional("base_url", "Another API address, for tests and proxies.").address(),
    Field::optional("token_url", "Another token address, for tests and proxies.").address(),
];

/// What brands come in.
const BRANDS: &str = "application/vnd.spproducttargetingresponse.v3+json";

/// Amazon Ads.
pub struct AmazonAds;

impl Platform for AmazonAds {
    fn id(&self) -> PlatformId {
        ID
    }

    fn capabilities(&self) -> &'static Capabilities {
        &rules::AMAZON
    }

    fn report(&self) -> &'static ReportRules {
        &report::REPORT
    }

    fn fields(&self) -> &'static [Field] {
        FIELDS
    }

    fn sign_in(&self, config: &AccountConfig, state: &str) -> Result<SignIn, Problem> {
        let client_id = config.required("client_id")?;
        let redirect = config.text("redirect_uri")?.unwrap_or(auth::REDIRECT);
        let region = config.text("region")?.unwrap_or("na");
        let (.., page) = REGIONS.into_iter().find(|(name, ..)| *name == region).unwrap_or(REGIONS[0]);
        Ok(SignIn {
            page: auth::consent_page(page, client_id, redirect, state),
            redeem: auth::redeem(
                &place(config)?.token_url,
                client_id,
                config.secret("client_secret")?,
                redirect,
            ),
        })
    }

    fn connect(&self, config: &AccountConfig, http: &Arc<Http>) -> Result<Arc<dyn Connection>, Problem> {
        Ok(Arc::new(Amazon::new(config, http)?))
    }
}

/// Where an account's API and tokens are.
struct Place {
    /// Base address without a slash at the end.
    base: String,
    origin: Origin,
    token_url: String,
}

fn place(config: &AccountConfig) -> Result<Place, Problem> {
    let region = match config.text("region")? {
        None => None,
        Some(name) => {
            let known = REGIONS.into_iter().find(|(region, ..)| *region == name);
            Some(known.ok_or_else(|| config.wrong("region", "must be one of na, eu, fe"))?)
        }
    };
    let base = match (config.text("base_url")?, region) {
        (Some(url), _) => url.trim_end_matches('/').to_owned(),
        (None, Some((_, host, ..))) => host.to_owned(),
        (None, None) => return Err(config.wrong("region", "is missing (na, eu or fe)")),
    };
    let origin = Origin::of(&base).map_err(|why| config.wrong("base_url", &why))?;
    let token_url = match (config.text("token_url")?, region) {
        (Some(url), _) => url.to_owned(),
        // A sandbox's secrets are no business of Amazon's, nor the other way round.
        (None, Some((_, _, url, _))) if !origin.is_loopback() => url.to_owned(),
        (None, None) if !origin.is_loopback() => {
            return Err(config.wrong("token_url", "is missing (or name the region)"));
        }
        (None, _) => format!("{}{TOKEN_PATH}", origin.as_str()),
    };
    Origin::of(&token_url).map_err(|why| config.wrong("token_url", &why))?;
    Ok(Place { base, origin, token_url })
}

/// One profile.
struct Amazon {
    account: Account,
    channel: Channel,
    lwa: Arc<auth::Lwa>,
    /// Base address without a slash at the end.
    base: String,
    client_id: String,
    profile: String,
    /// What the profile says, once it is known.
    known: OnceCell<Known>,
    /// Reports that were asked for.
    reports: Asked,
}

/// What a profile says of its account.
struct Known {
    zone: TimeZone,
    currency: Option<Currency>,
    /// A vendor's, not a seller's.
    vendor: bool,
}

impl Amazon {
    fn new(config: &AccountConfig, http: &Arc<Http>) -> Result<Self, Problem> {
        let Place { base, origin, token_url } = place(config)?;
        let profile = config.required("profile_id")?;
        if !profile.bytes().all(|b| b.is_ascii_digit()) {
            return Err(config.wrong("profile_id", "must be a number"));
        }
        let client_id = config.required("client_id")?;
        let client_secret = config.secret("client_secret")?;
        let refresh_token = config.secret("refresh_token")?;
        let token = {
            use secrecy::ExposeSecret;
            http.token(&[&token_url, client_id, client_secret.expose_secret(), refresh_token.expose_secret()])
        };
        let lwa = Arc::new(auth::Lwa {
            http: Arc::clone(http),
            account: config.name.clone(),
            token_url,
            client_id: client_id.to_owned(),
            client_secret,
            refresh_token,
            token,
        });
        let identity = Identity {
            platform: ID,
            origin: CompactString::from(origin.as_str()),
            native: CompactString::from(profile),
        };
        let live = !origin.is_loopback();
        let channel = http.channel(Setup {
            platform: rules::AMAZON.title,
            account: config.name.clone(),
            origin,
            bucket: identity.key(),
            auth: Arc::clone(&lwa) as _,
            explain: errors::explain,
            slow_down: None,
        });
        Ok(Self {
            account: Account {
                name: config.name.clone(),
                identity,
                group: CompactString::from(config.group.as_str()),
                read_only: config.read_only,
                protected: config.protected,
                live,
            },
            channel,
            lwa,
            base,
            client_id: client_id.to_owned(),
            profile: profile.to_owned(),
            known: OnceCell::new(),
            reports: Asked::default(),
        })
    }

    /// The headers of a call on the profile; none is a secret.
    fn headers(&self, content: Option<&str>, accept: &str) -> Vec<(CompactString, String)> {
        let content = content.map(|media| ("Content-Type".into(), media.to_owned()));
        let others = [
            ("Accept".into(), accept.to_owned()),
            ("Amazon-Advertising-API-ClientId".into(), self.client_id.clone()),
            ("Amazon-Advertising-API-Scope".into(), self.profile.clone()),
        ];
        content.into_iter().chain(others).collect()
    }

    /// What the profile says; `None` where it cannot be read.
    async fn known(&self) -> Option<&Known> {
        let known = self.known.get_or_try_init(|| async {
            let profile = check::profile(self, "edit").await.ok().flatten().ok_or(())?;
            let zone = profile.timezone.and_then(|name| TimeZone::get(&name).ok());
            Ok::<_, ()>(Known {
                zone: zone.unwrap_or(TimeZone::UTC),
                currency: profile.currency_code.as_deref().map(Currency::new),
                vendor: profile.account_info.kind == "vendor",
            })
        });
        known.await.ok()
    }

    /// Today where the profile is, for end dates and reports; by UTC where the profile cannot be read.
    async fn today(&self) -> Date {
        match self.known().await {
            Some(known) => self.channel.http().now().to_zoned(known.zone.clone()).date(),
            None => self.today_utc(),
        }
    }

    fn today_utc(&self) -> Date {
        self.channel.http().now().to_zoned(TimeZone::UTC).date()
    }

    /// Brands by name (operation `searchBrands`); without one, those that Amazon recommends to this profile
    /// (operation `getNegativeBrands`). Both answer with a media type of their own.
    async fn search_brands(&self, name: &str) -> Result<Vec<Brand>, Problem> {
        let request = if name.is_empty() {
            Request {
                operation: "getNegativeBrands".into(),
                method: Method::Get,
                url: format!("{}/sp/negativeTargets/brands/recommendations", self.base),
                headers: self.headers(None, BRANDS),
                secret_headers: vec!["Authorization".into()],
                body: Body::Empty,
                class: Class::Read,
            }
        } else {
            Request {
                operation: "searchBrands".into(),
                method: Method::Post,
                url: format!("{}/sp/negativeTargets/brands/search", self.base),
                headers: self.headers(Some("application/vnd.spproducttargeting.v3+json"), BRANDS),
                secret_headers: vec!["Authorization".into()],
                body: Body::Json(serde_json::json!({ "keyword": name })),
                class: Class::Read,
            }
        };
        let response = self.channel.read(&request).await?;
        let brands: Vec<wire::Brand> = serde_json::from_slice(&response.body)
            .map_err(|error| self.channel.unreadable(&request, &response, &error.to_string()))?;
        Ok(brands
            .into_iter()
            .map(|brand| Brand { id: Text::new(brand.id.0), name: Text::new(brand.name) })
            .collect())
    }
}

impl Connection for Amazon {
    fn account(&self) -> &Account {
        &self.account
    }

    fn capabilities(&self) -> &'static Capabilities {
        &rules::AMAZON
    }

    fn fetch<'a>(&'a self, scope: &'a Scope, sink: &'a Sink) -> Pending<'a, Result<(), Problem>> {
        Box::pin(fetch::fetch(self, scope, sink))
    }

    fn read_back<'a>(&'a self, negatives: &'a [Negative]) -> Pending<'a, Result<Vec<Negative>, Problem>> {
        Box::pin(fetch::read_back(self, negatives))
    }

    fn prepare(&self, changes: &[PlannedChange]) -> Vec<PlannedRequest> {
        write::prepare(self, changes)
    }

    fn send_until<'a>(
        &'a self,
        request: &'a PlannedRequest,
        stop: &'a CancellationToken,
    ) -> Pending<'a, Result<Response, SendError>> {
        Box::pin(self.channel.send_until(&request.request, stop))
    }

    fn read(
        &self,
        request: &PlannedRequest,
        changes: &[PlannedChange],
        response: &Response,
    ) -> Vec<(u64, Answer)> {
        write::read(request, changes, response)
    }

    fn check(&self) -> Pending<'_, Vec<Check>> {
        Box::pin(check::check(self))
    }

    fn terms<'a>(&'a self, wanted: &'a TermsWanted, sink: &'a TermsSink) -> Pending<'a, Result<(), Problem>> {
        Box::pin(reports::terms(self, wanted, sink))
    }

    fn brands<'a>(&'a self, name: &'a str) -> Pending<'a, Result<Vec<Brand>, Problem>> {
        Box::pin(self.search_brands(name))
    }
}
