//! Search terms by reporting v3: ask for reports of at most 31 days, look until they are made, download them without
//! credentials. Written from Amazon's "Offline Report" `OpenAPI` file and the guide "Search term report". What a file holds
//! is said in `report`.

use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use serde_json::{Value, json};

use super::report::REPORT;
use super::wire::Report;
use super::{Amazon, rules};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{Body, Class, Method, Request, Response};
use crate::domain::term::TermPeriod;
use crate::domain::text::shown;
use crate::platform::report::ColumnMap;
use crate::platform::reports::{File, Pauses, hand_on, pieces};
use crate::platform::traits::{TermsFetched, TermsSink, TermsWanted};

/// "Maximum date range: 31 days".
const RANGE: i8 = 31;
/// "Data retention: 95 days". One less: days end at different times in different places.
const RETENTION: i64 = 94;
/// "It can take up to three hours".
const PATIENCE: Duration = Duration::from_hours(3);

const REQUEST: &str = "application/vnd.createasyncreportrequest.v3+json";
const CREATED: &str = "application/vnd.createasyncreportresponse.v3+json";
const LOOKED: &str = "application/vnd.getasyncreportresponse.v3+json";

/// The columns of every report, but for orders and sales.
const COLUMNS: [&str; 8] = [
    "date",
    "campaignId",
    "adGroupId",
    "searchTerm",
    "impressions",
    "clicks",
    "cost",
    "campaignBudgetCurrencyCode",
];

/// Orders and sales are told by how long after the click they came: Amazon's console counts 7 days for sellers and 14 for
/// vendors.
fn columns(vendor: bool) -> Vec<&'static str> {
    let window = if vendor { ["purchases14d", "sales14d"] } else { ["purchases7d", "sales7d"] };
    COLUMNS.into_iter().chain(window).collect()
}

/// See [`Connection::terms`](crate::platform::Connection::terms).
pub(super) async fn terms(amazon: &Amazon, wanted: &TermsWanted, sink: &TermsSink) -> Result<(), Problem> {
    // Signing in first: without it every report fails for the same reason.
    amazon.lwa.access().await?;
    let today = amazon.today().await;
    let last = wanted.until.unwrap_or_else(|| today.yesterday().unwrap_or(today));
    let oldest = last.min(today).checked_sub(jiff::Span::new().days(RETENTION)).unwrap_or(last);
    let all = pieces(wanted, last, oldest, RANGE);
    // Nobody listening is no failure of ours; so below.
    let _ = sink.send(TermsFetched::Asked(all.len())).await;
    let mut under_way: FuturesUnordered<_> =
        all.into_iter().map(|days| async move { (days, one(amazon, days, sink).await) }).collect();
    while let Some((days, end)) = under_way.next().await {
        if let Err(problem) = end {
            let _ = sink.send(TermsFetched::Failed(days, problem)).await;
        }
    }
    Ok(())
}

async fn one(amazon: &Amazon, days: TermPeriod, sink: &TermsSink) -> Result<(), Problem> {
    let id = match amazon.reports.get(days) {
        Some(id) => id,
        None => ask(amazon, days).await?,
    };
    amazon.reports.put(days, &id);
    let url = match made(amazon, days, &id).await {
        Ok(url) => url,
        Err((gone, problem)) => {
            if gone {
                amazon.reports.forget(days);
            }
            return Err(problem);
        }
    };
    let http = amazon.channel.http();
    let bytes = http.download(rules::AMAZON.title, amazon.channel.account(), "downloadReport", &url).await?;
    let file = File {
        platform: rules::AMAZON.title,
        rules: &REPORT,
        days,
        bytes,
        columns: ColumnMap::new(),
        currency: amazon.known().await.and_then(|known| known.currency.clone()),
    };
    let handed = hand_on(file, sink).await;
    // Whatever came of it, it has come: another time the figures may be newer.
    amazon.reports.forget(days);
    handed
}

/// The body of a request (schema `CreateAsyncReportRequest`).
fn body(days: TermPeriod, vendor: bool) -> Value {
    json!({
        "name": format!("unbid search terms {days}"),
        "startDate": days.from.to_string(),
        "endDate": days.to.to_string(),
        "configuration": {
            "adProduct": "SPONSORED_PRODUCTS",
            "groupBy": ["searchTerm"],
            "columns": columns(vendor),
            "reportTypeId": "spSearchTerm",
            "timeUnit": "DAILY",
            "format": "GZIP_JSON",
        },
    })
}

/// Operation `createAsyncReport`; the id of the report, also of one that is there already (425).
async fn ask(amazon: &Amazon, days: TermPeriod) -> Result<String, Problem> {
    let vendor = amazon.known().await.is_some_and(|known| known.vendor);
    let request = Request {
        operation: "createAsyncReport".into(),
        method: Method::Post,
        url: format!("{}/reporting/reports", amazon.base),
        headers: amazon.headers(Some(REQUEST), CREATED),
        secret_headers: vec!["Authorization".into()],
        body: Body::Json(body(days, vendor)),
        // A second one is refused by name, and a report is nothing that anybody has.
        class: Class::Read,
    };
    let response = amazon.channel.send(&request).await.map_err(|error| error.problem().clone())?;
    if let Some(id) = twin(&response) {
        return same(amazon, &request, &response, days, vendor, id).await;
    }
    if !response.ok() {
        return Err(amazon.channel.refusal(&request, &response));
    }
    Ok(parsed(amazon, &request, &response)?.report_id.0.into_string())
}

/// The report that a refusal as duplicate names: `{"code":"425","detail":"The Request is a duplicate of : <id>"}`.
fn twin(response: &Response) -> Option<String> {
    let text = (response.status == 425).then(|| super::errors::explain(response).text).flatten()?;
    let id = text.rsplit(':').next()?.trim();
    uuid::Uuid::try_parse(id).is_ok().then(|| id.to_owned())
}

/// Whether the report that Amazon takes for the same holds what was asked for; clients have met one that did not, because
/// its time unit was another.
async fn same(
    amazon: &Amazon,
    request: &Request,
    response: &Response,
    days: TermPeriod,
    vendor: bool,
    id: String,
) -> Result<String, Problem> {
    let other = look(amazon, &id).await?;
    if other.holds(days, "DAILY", &columns(vendor)) {
        return Ok(id);
    }
    Err(amazon.channel.refusal(request, response).hint(
        "Amazon is still busy with another report of the same days, which lacks what is needed. Try again in some hours.",
    ))
}

/// Operation `getAsyncReport`.
async fn look(amazon: &Amazon, id: &str) -> Result<Report, Problem> {
    let request = looking(amazon, id);
    let response = amazon.channel.read(&request).await?;
    parsed(amazon, &request, &response)
}

fn looking(amazon: &Amazon, id: &str) -> Request {
    Request {
        operation: "getAsyncReport".into(),
        method: Method::Get,
        url: format!("{}/reporting/reports/{}", amazon.base, crate::platform::query::segment(id)),
        headers: amazon.headers(None, LOOKED),
        secret_headers: vec!["Authorization".into()],
        body: Body::Empty,
        class: Class::Read,
    }
}

fn parsed(amazon: &Amazon, request: &Request, response: &Response) -> Result<Report, Problem> {
    serde_json::from_slice(&response.body)
        .map_err(|error| amazon.channel.unreadable(request, response, &error.to_string()))
}

/// Looks until the report is made, and gives the address of its file. An error says whether the report is gone for good.
async fn made(amazon: &Amazon, days: TermPeriod, id: &str) -> Result<String, (bool, Problem)> {
    let mut pauses = Pauses::new(Duration::from_millis(500), Duration::from_mins(1), PATIENCE);
    loop {
        pauses.wait(rules::AMAZON.title).await.map_err(|problem| (false, problem))?;
        let request = looking(amazon, id);
        let response = amazon.channel.send(&request).await.map_err(|error| (false, error.problem().clone()))?;
        if !response.ok() {
            return Err((response.status == 404, amazon.channel.refusal(&request, &response)));
        }
        let report = parsed(amazon, &request, &response).map_err(|problem| (false, problem))?;
        match (report.status.as_str(), report.url) {
            ("COMPLETED", Some(url)) => return Ok(url),
            ("FAILED", _) => return Err((true, failed(days, id, report.failure_reason.as_deref()))),
            ("PENDING" | "PROCESSING", _) => {}
            (other, _) => {
                let why = format!("the report's status is {}", shown(other));
                return Err((true, amazon.channel.unreadable(&request, &response, &why)));
            }
        }
    }
}

fn failed(days: TermPeriod, id: &str, why: Option<&str>) -> Problem {
    Problem::new(ProblemKind::Server, format!("Amazon could not make the search-term report of {days}"))
        .detail(format!("{} (report {id})", why.unwrap_or("no reason is given")))
        .hint("Fetch again later; the terms that were there before are kept.")
}
