//! Search terms by the search query report: look up which keys it may have, ask for tasks of some days, look until they are
//! done, download. Written from Sell Marketing v1 (`ad_report_metadata`, `ad_report_task`, `ad_report`). Which key means
//! what is in `report_keys`, what a file holds in `report`.

use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::report::REPORT;
use super::report_keys::Keys;
use super::wire::{ErrorBody, ReportMetadata, ReportTask};
use super::{Ebaying, rules};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{Request, Response};
use crate::domain::term::TermPeriod;
use crate::domain::text::shown;
use crate::platform::reports::{File, Pauses, hand_on, pieces};
use crate::platform::traits::{TermsFetched, TermsSink, TermsWanted};

/// How many days one task is asked for at first. The specification leaves the figure to error 35090; this is the one that
/// public clients were told.
const RANGE: i8 = 7;
/// How far back is asked for; error 35105 names the platform's own figure.
const BACK: i64 = 89;
const PATIENCE: Duration = Duration::from_hours(1);
/// "200 times per hour for each seller" for `ad_report` and `ad_report_task`: hence few looks at each task.
const LONGEST_PAUSE: Duration = Duration::from_mins(2);

/// Span too long; names the figure (createReportTask).
const SPAN: i64 = 35_090;
/// Too long ago; names the figure (createReportTask).
const TOO_OLD: i64 = 35_105;
/// Dimensions are missing; names them (createReportTask).
const DIMENSIONS: i64 = 35_119;

/// See [`Connection::terms`](crate::platform::Connection::terms).
pub(super) async fn terms(ebay: &Ebaying, wanted: &TermsWanted, sink: &TermsSink) -> Result<(), Problem> {
    ebay.bearer.token().await?;
    let keys = keys(ebay).await?;
    let today = ebay.link.channel.http().now().to_zoned(TimeZone::UTC).date();
    let last = wanted.until.unwrap_or_else(|| today.yesterday().unwrap_or(today));
    let run = Run { ebay, wanted, sink, last };
    let mut limits = Limits { range: RANGE, back: BACK, keys };
    loop {
        match run.all(&limits).await {
            None => return Ok(()),
            Some(tighter) if tighter == limits => return Ok(()),
            Some(tighter) => limits = tighter,
        }
    }
}

/// What eBay lets be asked for, as far as is known.
#[derive(Clone, PartialEq, Eq)]
struct Limits {
    range: i8,
    back: i64,
    keys: Keys,
}

/// Why one report did not come.
enum Miss {
    /// It could not be had.
    Failed(Problem),
    /// It may not be asked for like this; like that it may.
    Limits(Limits),
}

impl From<Problem> for Miss {
    fn from(problem: Problem) -> Self {
        Self::Failed(problem)
    }
}

struct Run<'a> {
    ebay: &'a Ebaying,
    wanted: &'a TermsWanted,
    sink: &'a TermsSink,
    last: Date,
}

impl Run<'_> {
    /// Fetches everything; tighter limits when eBay named some, before any report has come.
    async fn all(&self, limits: &Limits) -> Option<Limits> {
        let oldest = self.last.checked_sub(jiff::Span::new().days(limits.back)).unwrap_or(self.last);
        let mut rest = pieces(self.wanted, self.last, oldest, limits.range).into_iter();
        // Nobody listening is no failure of ours; so below.
        let _ = self.sink.send(TermsFetched::Asked(rest.len())).await;
        // The oldest goes first and alone: what is refused of it would be refused of all.
        let first = rest.next()?;
        let asked = match self.task(first, limits).await {
            Err(Miss::Limits(tighter)) => return Some(tighter),
            other => other,
        };
        let mut under_way: FuturesUnordered<_> = FuturesUnordered::new();
        under_way.push(self.deliver(first, Some(asked), limits));
        for days in rest {
            under_way.push(self.deliver(days, None, limits));
        }
        while let Some((days, end)) = under_way.next().await {
            let problem = match end {
                Ok(()) => continue,
                Err(Miss::Failed(problem)) => problem,
                Err(Miss::Limits(_)) => {
                    Problem::new(ProblemKind::Refused, format!("eBay took other days, but not {days}"))
                        .hint("Fetch again later.")
                }
            };
            let _ = self.sink.send(TermsFetched::Failed(days, problem)).await;
        }
        None
    }

    /// Fetches the report of some days; `asked` is its task, where it was asked for already.
    async fn deliver(
        &self,
        days: TermPeriod,
        asked: Option<Result<String, Miss>>,
        limits: &Limits,
    ) -> (TermPeriod, Result<(), Miss>) {
        let task = match asked {
            Some(asked) => asked,
            None => self.task(days, limits).await,
        };
        let end = match task {
            Ok(task) => self.fetch(days, &task, &limits.keys).await.map_err(Miss::Failed),
            Err(miss) => Err(miss),
        };
        (days, end)
    }

    /// Asks for a task, unless one of these days is under way.
    async fn task(&self, days: TermPeriod, limits: &Limits) -> Result<String, Miss> {
        if let Some(task) = self.ebay.reports.get(days) {
            return Ok(task);
        }
        let link = &self.ebay.link;
        let request = link.calls.create_report(&limits.keys.body(&link.marketplace, days));
        let response = link.channel.send(&request).await.map_err(|error| error.problem().clone())?;
        if !response.ok() {
            if let Some(tighter) = tighter(limits, &response) {
                return Err(Miss::Limits(tighter));
            }
            return Err(link.channel.refusal(&request, &response).into());
        }
        // "The location response header contains the URL to the newly created report task", which ends in its id.
        let id = response.header("location").and_then(|place| place.trim_end_matches('/').rsplit('/').next());
        let id = id.filter(|id| !id.is_empty());
        let id = id.ok_or_else(|| link.channel.unreadable(&request, &response, "no Location of the task"))?;
        self.ebay.reports.put(days, id);
        Ok(id.to_owned())
    }

    async fn fetch(&self, days: TermPeriod, task: &str, keys: &Keys) -> Result<(), Problem> {
        let link = &self.ebay.link;
        let mut pauses = Pauses::new(Duration::from_secs(1), LONGEST_PAUSE, PATIENCE);
        let report = loop {
            pauses.wait(rules::CAPABILITIES.title).await?;
            let request = link.calls.report_task(task);
            let response = link.channel.send(&request).await.map_err(|error| error.problem().clone())?;
            if !response.ok() {
                self.ebay.reports.forget(days);
                return Err(link.channel.refusal(&request, &response));
            }
            let looked: ReportTask = parsed(self.ebay, &request, &response)?;
            match looked.report_task_status.as_str() {
                "SUCCESS" => break looked.report(),
                "PENDING" => {}
                status => {
                    self.ebay.reports.forget(days);
                    return Err(failed(days, task, status, looked.report_task_status_message.as_deref()));
                }
            }
        };
        self.ebay.reports.forget(days);
        let report = report.ok_or_else(|| failed(days, task, "SUCCESS", Some("no report is named")))?;
        // On the API's own host, by its id: an address from an answer is no place to send a token to.
        let bytes = link.channel.file(&link.calls.report(&report)).await?;
        let file = File {
            platform: rules::CAPABILITIES.title,
            rules: &REPORT,
            days,
            bytes,
            columns: keys.columns(),
            currency: None,
        };
        hand_on(file, self.sink).await
    }
}

/// What a refusal says of what may be asked for; `None` when it says nothing new.
fn tighter(limits: &Limits, response: &Response) -> Option<Limits> {
    let body: ErrorBody = serde_json::from_slice(&response.body).ok()?;
    let error = body.errors?.into_iter().find(|one| one.is(SPAN) || one.is(TOO_OLD) || one.is(DIMENSIONS))?;
    let mut tighter = limits.clone();
    if error.is(SPAN) {
        tighter.range = error.figure().and_then(|most| i8::try_from(most).ok()).filter(|most| *most > 0)?;
        (tighter.range < limits.range).then_some(tighter)
    } else if error.is(TOO_OLD) {
        tighter.back = i64::from(error.parameter("maxDays")?.parse::<u32>().ok()?) - 1;
        (tighter.back < limits.back).then_some(tighter)
    } else {
        let named = error.parameter("minimumDimensionKeys").unwrap_or_default();
        tighter.keys.also(named.split(|c: char| !c.is_alphanumeric() && c != '_')).then_some(tighter)
    }
}

/// The keys of the report, as eBay's metadata have them. They are asked for as the application, not as the seller; an
/// application that may not see them goes by the keys that eBay's guide "Promoted Listings reporting" names.
async fn keys(ebay: &Ebaying) -> Result<Keys, Problem> {
    let request = ebay.link.calls.report_metadata();
    let response = ebay.metadata.send(&request).await.map_err(|error| error.problem().clone());
    let response = match response {
        Err(problem) if problem.kind != ProblemKind::Auth => return Err(problem),
        Ok(response) if response.ok() => response,
        Ok(response) if response.status != 403 && response.status != 401 => {
            return Err(ebay.metadata.refusal(&request, &response));
        }
        refused => {
            tracing::warn!(
                status = refused.ok().map(|one| one.status),
                "eBay does not tell this application the keys of reports"
            );
            return Ok(Keys::documented());
        }
    };
    let metadata: ReportMetadata = parsed(ebay, &request, &response)?;
    Keys::of(&metadata).map_err(|missing| {
        Problem::new(ProblemKind::Reply, format!("eBay's search query report has no key for {missing}"))
            .detail(format!("it has {}", metadata.names().join(", ")))
            .hint("Export the report from Seller Hub, and import it with `unbid terms import`.")
    })
}

fn parsed<T: serde::de::DeserializeOwned>(
    ebay: &Ebaying,
    request: &Request,
    response: &Response,
) -> Result<T, Problem> {
    serde_json::from_slice(&response.body)
        .map_err(|error| ebay.link.channel.unreadable(request, response, &error.to_string()))
}

fn failed(days: TermPeriod, task: &str, status: &str, why: Option<&str>) -> Problem {
    let why = why.unwrap_or("no reason is given");
    Problem::new(ProblemKind::Server, format!("eBay could not make the search query report of {days}"))
        .detail(format!("{}: {why} (report task {})", shown(status), shown(task)))
        .hint("Fetch again later; the terms that were there before are kept.")
}
