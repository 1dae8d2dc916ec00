//! What a platform does for the rest of the program. The engine knows these traits and no platform;
//! requests and answers cross them as values.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use jiff::civil::Date;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::config::AccountConfig;
use crate::domain::account::Account;
use crate::domain::campaign::{AdGroup, Campaign};
use crate::domain::capabilities::Capabilities;
use crate::domain::ids::{CampaignId, PlatformId};
use crate::domain::journal::Outcome;
use crate::domain::keyword::Keyword;
use crate::domain::money::Currency;
use crate::domain::negative::Negative;
use crate::domain::plan::{PlannedChange, PlannedRequest};
use crate::domain::problem::Problem;
use crate::domain::request::Response;
use crate::domain::term::{TermPeriod, TermRow};
use crate::domain::text::Text;

use super::http::{Http, TokenCall};
use super::report::ReportRules;

/// A boxed future, so that a platform can be a trait object.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What a key's value must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Anything.
    Text,
    /// Digits.
    Number,
    /// A web address; plain http for this machine only.
    Address,
}

/// One key of an account's table in the config file.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The key.
    pub key: &'static str,
    /// Whether its value is a secret (taken from the environment, a file, the keyring).
    pub secret: bool,
    /// Whether it must be there.
    pub required: bool,
    /// The values it may have; empty for any.
    pub choices: &'static [&'static str],
    /// What its value must look like.
    pub form: Form,
    /// What it is and where to find it, in one line.
    pub help: &'static str,
}

impl Field {
    /// A key that must be there.
    pub const fn required(key: &'static str, help: &'static str) -> Self {
        Self { key, secret: false, required: true, choices: &[], form: Form::Text, help }
    }

    /// A key that may be left out.
    pub const fn optional(key: &'static str, help: &'static str) -> Self {
        Self { required: false, ..Self::required(key, help) }
    }

    /// The same with a secret for its value.
    #[must_use]
    pub const fn secret(self) -> Self {
        Self { secret: true, ..self }
    }

    /// The same with a number for its value.
    #[must_use]
    pub const fn number(self) -> Self {
        Self { form: Form::Number, ..self }
    }

    /// The same with a web address for its value.
    #[must_use]
    pub const fn address(self) -> Self {
        Self { form: Form::Address, ..self }
    }

    /// The same with one of these for its value.
    #[must_use]
    pub const fn one_of(self, choices: &'static [&'static str]) -> Self {
        Self { choices, ..self }
    }
}

/// Whether an account is a live one or lies in the platform's own sandbox, where a platform has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Live; where the config does not say.
    Production,
    /// The platform's own sandbox.
    Sandbox,
}

impl Environment {
    const KEY: &str = "environment";

    /// The key that chooses it.
    pub const fn field(help: &'static str) -> Field {
        Field::optional(Self::KEY, help).one_of(&["production", "sandbox"])
    }

    /// What an account's config chooses.
    pub fn of(config: &AccountConfig) -> Result<Self, Problem> {
        match config.text(Self::KEY)? {
            None | Some("production") => Ok(Self::Production),
            Some("sandbox") => Ok(Self::Sandbox),
            Some(_) => Err(config.wrong(Self::KEY, "must be production or sandbox")),
        }
    }
}

/// A platform: what it allows and how to reach an account on it.
pub trait Platform: Send + Sync {
    /// Its name in commands, config and JSON.
    fn id(&self) -> PlatformId;

    /// What it allows.
    fn capabilities(&self) -> &'static Capabilities;

    /// The keys of its accounts in the config file, beyond those that every account has.
    fn fields(&self) -> &'static [Field];

    /// What its search-term reports are like.
    fn report(&self) -> &'static ReportRules;

    /// How somebody consents for the first time; an error says how the platform's tokens are got where it has no
    /// such flow. Sends nothing.
    fn sign_in(&self, config: &AccountConfig, state: &str) -> Result<SignIn, Problem>;

    /// Checks an account's settings, reads its secrets, and makes the connection. Sends nothing.
    fn connect(&self, config: &AccountConfig, http: &Arc<Http>) -> Result<Arc<dyn Connection>, Problem>;
}

/// A first sign-in: the page where somebody consents, and the call that turns the code from there into a refresh token.
pub struct SignIn {
    /// The consent page.
    pub page: String,
    /// The token call, whole but for the `code` of its form.
    pub redeem: TokenCall,
}

/// What a listing is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Only these campaigns; `None` for all.
    pub campaigns: Option<Vec<CampaignId>>,
    /// Campaigns and ad groups.
    pub structure: bool,
    /// Negatives, archived ones included where the platform lists them.
    pub negatives: bool,
    /// Positive keywords and product targets.
    pub keywords: bool,
}

impl Scope {
    /// Campaigns, ad groups and negatives of the whole account.
    pub const SNAPSHOT: Self = Self { campaigns: None, structure: true, negatives: true, keywords: false };
}

/// What a listing brings, page by page.
#[derive(Clone, Debug, PartialEq)]
pub enum Fetched {
    /// Campaigns.
    Campaigns(Vec<Campaign>),
    /// Ad groups.
    AdGroups(Vec<AdGroup>),
    /// Negatives.
    Negatives(Vec<Negative>),
    /// Positive keywords and product targets.
    Keywords(Vec<Keyword>),
    /// A list began again (a page token went stale): what came of these campaigns' negatives, ad groups or
    /// keywords may come a second time; rows replace each other by key.
    Restarted,
    /// A part that could not be listed: what the snapshot holds of it stays, marked stale.
    Failed {
        /// The campaigns concerned; `None` when it is the account as a whole.
        campaigns: Option<Vec<CampaignId>>,
        /// Why.
        problem: Problem,
    },
}

/// Where a listing puts its pages.
pub type Sink = mpsc::Sender<Fetched>;

/// Which search terms are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermsWanted {
    /// How many days, counted back from the last one.
    pub days: u16,
    /// The last day; `None` for the last one that is over where the account is.
    pub until: Option<Date>,
    /// Days that are not wanted.
    pub not: Vec<TermPeriod>,
}

/// What comes of asking for search terms.
#[derive(Clone, Debug, PartialEq)]
pub enum TermsFetched {
    /// So many reports are to come. Told again when a platform takes fewer days in one.
    Asked(usize),
    /// Rows of a report whose file is here.
    Rows(TermPeriod, Vec<TermRow>),
    /// A report came whole: all its rows are told.
    Whole(TermPeriod, Whole),
    /// A report could not be had, or not read to its end.
    Failed(TermPeriod, Problem),
}

/// What is to be said of a report that came whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whole {
    /// The account's currency, also for a report without rows; `None` where nobody says.
    pub currency: Option<Currency>,
    /// Lines that could not be read.
    pub rejected: u64,
    /// Lines that are no search terms: item ids, `*`.
    pub left_out: u64,
    /// How many of the newest days may still lack orders, where the report's headings tell.
    pub late_days: Option<u16>,
}

/// Where search terms are put as they come.
pub type TermsSink = mpsc::Sender<TermsFetched>;

/// A brand that a product negative can name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brand {
    /// Its id, which is what is sent.
    pub id: Text,
    /// Its name.
    pub name: Text,
}

/// What a platform's answer says of one change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is settled.
    Settled(Outcome),
    /// Nothing was done with it and it may be sent again (throttled as an item); the text says why.
    Again(Text),
}

/// One line of `doctor`, and of the Accounts screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was looked at, such as `sign-in` or `eligible for Promoted Listings priority`.
    pub what: String,
    /// Fine, or what is wrong and what to do.
    pub result: Result<String, Problem>,
}

/// An account that can be talked to.
pub trait Connection: Send + Sync {
    /// Who it is. Holds no secret.
    fn account(&self) -> &Account;

    /// What its platform allows.
    fn capabilities(&self) -> &'static Capabilities;

    /// Lists what `scope` asks for, as parallel as the platform's paging allows, and puts every page into
    /// `sink`. A part that fails is put there as [`Fetched::Failed`]; an error means that nothing could be had
    /// (sign-in refused, account unknown).
    fn fetch<'a>(&'a self, scope: &'a Scope, sink: &'a Sink) -> Pending<'a, Result<(), Problem>>;

    /// Reads these negatives as they are now. One that is not in the answer is gone.
    fn read_back<'a>(&'a self, negatives: &'a [Negative]) -> Pending<'a, Result<Vec<Negative>, Problem>>;

    /// The requests that carry these changes, in the largest batches that the platform takes, in the order they
    /// should be sent. Every change without a `problem` is in exactly one request. Sends nothing, holds no secret.
    fn prepare(&self, changes: &[PlannedChange]) -> Vec<PlannedRequest>;

    /// Sends one prepared request: signs, paces, retries what may be retried for its class. `stop` ends the waits
    /// before and between attempts, never an attempt under way.
    fn send_until<'a>(
        &'a self,
        request: &'a PlannedRequest,
        stop: &'a CancellationToken,
    ) -> Pending<'a, Result<Response, SendError>>;

    /// The same with nobody to stop it.
    fn send<'a>(&'a self, request: &'a PlannedRequest) -> Pending<'a, Result<Response, SendError>> {
        Box::pin(async move { self.send_until(request, &CancellationToken::new()).await })
    }

    /// What an answer says of each change that the request carried, mapped by index, id or text as the platform
    /// allows. A change that the answer does not speak of is `Settled` with kind `Unknown`.
    fn read(
        &self,
        request: &PlannedRequest,
        changes: &[PlannedChange],
        response: &Response,
    ) -> Vec<(u64, Answer)>;

    /// Looks whether the account can be reached and used.
    fn check(&self) -> Pending<'_, Vec<Check>>;

    /// Asks for reports of the search terms of these days, waits until they are made, which may take hours, and puts
    /// their rows into `sink`: rows for each day where the platform has them, in as many reports as its range allows.
    /// A report that was asked for before in this process and came to nothing is taken up again. A part that fails is
    /// put there as [`TermsFetched::Failed`]; an error means that nothing could be had.
    fn terms<'a>(&'a self, wanted: &'a TermsWanted, sink: &'a TermsSink) -> Pending<'a, Result<(), Problem>>;

    /// Brands whose names match, or, without a name, those that the platform recommends; empty where it has no brand
    /// negatives.
    fn brands<'a>(&'a self, name: &'a str) -> Pending<'a, Result<Vec<Brand>, Problem>>;
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendError {
    /// Certain: nothing can have happened on the platform.
    NotSent(Problem),
    /// It may or may not have happened; only a listing can tell.
    Unknown(Problem),
}

impl SendError {
    /// What went wrong.
    pub fn problem(&self) -> &Problem {
        match self {
            Self::NotSent(problem) | Self::Unknown(problem) => problem,
        }
    }
}
