//! Search terms by report snapshots v2: ask for the keyword report of some days, look until it is done, fetch the file with
//! signed headers where it lies on the API's own host and without any elsewhere. Written from developer.samsclub.com,
//! "Snapshot Reports v2". What a file holds is said in `report`.

use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::json;

use super::report::REPORT;
use super::wire::{LatestReportDate, Snapshot};
use super::{Sam, errors, rules};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{Request, Response};
use crate::domain::term::TermPeriod;
use crate::domain::text::shown;
use crate::platform::lenient::Rows;
use crate::platform::report::ColumnMap;
use crate::platform::reports::{File, Pauses, hand_on, pieces};
use crate::platform::traits::{TermsFetched, TermsSink, TermsWanted};

/// The page names no longest span; a month keeps files small.
const RANGE: i8 = 31;
/// "The look back period to retrieve Snapshot Reports via v2 endpoint is 90 Days".
const BACK: i64 = 89;
/// "10-15 mins" for a snapshot, which then lives for 24 hours.
const PATIENCE: Duration = Duration::from_hours(2);

/// Dimensions and metrics of the report type `keyword`. A row for each day comes with `date`.
const METRICS: [&str; 9] = [
    "date",
    "campaignId",
    "adGroupId",
    "searchedKeyword",
    "numAdsShown",
    "numAdsClicks",
    "adSpend",
    "attributedOrders14days",
    "attributedSales14days",
];

/// See [`Connection::terms`](crate::platform::Connection::terms).
pub(super) async fn terms(sam: &Sam, wanted: &TermsWanted, sink: &TermsSink) -> Result<(), Problem> {
    // There is no call that only signs in, and this one is needed anyway.
    let latest = latest(sam).await?;
    let last = wanted.until.map_or(latest, |until| until.min(latest));
    let oldest = latest.checked_sub(jiff::Span::new().days(BACK)).unwrap_or(last);
    let all = pieces(wanted, last, oldest, RANGE);
    // Nobody listening is no failure of ours; so below.
    let _ = sink.send(TermsFetched::Asked(all.len())).await;
    let mut under_way: FuturesUnordered<_> =
        all.into_iter().map(|days| async move { (days, one(sam, days, sink).await) }).collect();
    while let Some((days, end)) = under_way.next().await {
        if let Err(problem) = end {
            let _ = sink.send(TermsFetched::Failed(days, problem)).await;
        }
    }
    Ok(())
}

/// The last day that reports know; yesterday where the platform does not say.
async fn latest(sam: &Sam) -> Result<Date, Problem> {
    let channel = &sam.link.channel;
    let request = sam.link.calls.latest_report_date();
    let response = channel.send(&request).await.map_err(|error| error.problem().clone())?;
    if !response.ok() && response.status != 404 {
        return Err(channel.refusal(&request, &response));
    }
    let told = serde_json::from_slice::<Rows<LatestReportDate>>(&response.body).ok();
    let yesterday = || {
        // "asOf (PST)", as the page "Stats" says of today's figures.
        let zone = TimeZone::get("America/Los_Angeles").unwrap_or(TimeZone::UTC);
        let today = channel.http().now().to_zoned(zone).date();
        today.yesterday().unwrap_or(today)
    };
    Ok(told.and_then(|rows| rows.0.first().map(|row| row.latest_report_date)).unwrap_or_else(yesterday))
}

async fn one(sam: &Sam, days: TermPeriod, sink: &TermsSink) -> Result<(), Problem> {
    let id = match sam.reports.get(days) {
        Some(id) => id,
        None => ask(sam, days).await?,
    };
    sam.reports.put(days, &id);
    let url = done(sam, days, &id).await?;
    // Whatever comes of it, it is done: another time the figures may be newer.
    sam.reports.forget(days);
    let channel = &sam.link.channel;
    let request = sam.link.calls.file(url);
    let bytes = if channel.is_home(&request.url) {
        channel.file(&request).await?
    } else {
        let title = rules::CAPABILITIES.title;
        channel.http().download(title, channel.account(), &request.operation, &request.url).await?
    };
    let file = File {
        platform: rules::CAPABILITIES.title,
        rules: &REPORT,
        days,
        bytes,
        columns: ColumnMap::new(),
        currency: REPORT.currency.map(crate::domain::money::Currency::new),
    };
    hand_on(file, sink).await
}

async fn ask(sam: &Sam, days: TermPeriod) -> Result<String, Problem> {
    let advertiser = &sam.link.calls.advertiser;
    let body = json!({
        // A number on the wire; the config has made sure that it is one.
        "advertiserId": advertiser.parse::<u64>().unwrap_or_default(),
        "reportType": "keyword",
        "reportMetrics": METRICS,
        "startDate": days.from.to_string(),
        "endDate": days.to.to_string(),
    });
    let request = sam.link.calls.create_report(body);
    let response = sam.link.channel.read(&request).await?;
    let snapshot = parsed(sam, &request, &response)?;
    let id = snapshot.snapshot_id.as_ref().map(|id| id.0.to_string()).filter(|id| !id.is_empty());
    match (snapshot.code.as_str(), id) {
        ("success", Some(id)) => Ok(id),
        _ => Err(failed(days, &snapshot, None)),
    }
}

fn parsed(sam: &Sam, request: &Request, response: &Response) -> Result<Snapshot, Problem> {
    let unreadable = |why: &str| sam.link.channel.unreadable(request, response, why);
    let rows = serde_json::from_slice::<Rows<Snapshot>>(&response.body);
    let rows = rows.map_err(|error| unreadable(&error.to_string()))?;
    rows.0.into_iter().next().ok_or_else(|| unreadable("an empty list"))
}

/// Looks until the snapshot is done, and gives the address of its file.
async fn done(sam: &Sam, days: TermPeriod, id: &str) -> Result<String, Problem> {
    let mut pauses = Pauses::new(Duration::from_millis(500), Duration::from_mins(1), PATIENCE);
    loop {
        pauses.wait(rules::CAPABILITIES.title).await?;
        let request = sam.link.calls.snapshot(id);
        let response = sam.link.channel.read(&request).await?;
        let snapshot = parsed(sam, &request, &response)?;
        let status = snapshot.job_status.as_deref().unwrap_or_default().to_lowercase();
        match (snapshot.code.as_str(), status.as_str()) {
            ("success", "done") => {
                if let Some(url) = snapshot.details.as_ref().and_then(errors::said) {
                    return Ok(url);
                }
                sam.reports.forget(days);
                return Err(failed(days, &snapshot, Some(id)));
            }
            ("success", "pending" | "processing") => {}
            _ => {
                sam.reports.forget(days);
                return Err(failed(days, &snapshot, Some(id)));
            }
        }
    }
}

fn failed(days: TermPeriod, snapshot: &Snapshot, id: Option<&str>) -> Problem {
    let said = snapshot.details.as_ref().and_then(errors::said);
    let status = snapshot.job_status.as_deref().unwrap_or_default();
    let mut detail = said.unwrap_or_else(|| format!("no reason is given, {status}"));
    if let Some(id) = id {
        detail = format!("{detail} (snapshot {})", shown(id));
    }
    Problem::new(ProblemKind::Server, format!("Sam's Club could not make the keyword report of {days}"))
        .detail(detail)
        .hint("Fetch again later; the terms that were there before are kept.")
}
