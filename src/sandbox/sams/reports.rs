//! Snapshot reports v2 of the emulated Sam's: the search terms of manual campaigns as a gzip CSV. Facts: developer.samsclub.com,
//! "Snapshot Reports v2"; the keys of `reportMetrics` are those that clients of the sibling API (Walmart Connect) send.

use axum::body::Bytes;
use axum::extract::{Extension, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::app::App;
use super::super::call::Call;
use super::super::gateway::{Refused, refusal};
use super::super::platform::Platform;
use super::super::realm::Realm;
use super::super::reports::{Job, Line, Stage, Unit, gzip, lines, number_of, too_old, uuid_of};
use super::auth::Signed;
use super::lists::{Params, advertiser, bad, missing};
use super::reply;

/// "The look back period to retrieve Snapshot Reports via v2 endpoint is 90 Days".
const BACK: i32 = 90;

/// What rows may be about, and what may be counted, in reports of type `keyword`.
const DIMENSIONS: [&str; 9] = [
    "date",
    "campaignId",
    "campaignName",
    "adGroupId",
    "adGroupName",
    "keywordId",
    "biddedKeyword",
    "searchedKeyword",
    "matchType",
];
const METRICS: [&str; 9] = [
    "bid",
    "numAdsShown",
    "numAdsClicks",
    "adSpend",
    "attributedOrders3days",
    "attributedOrders14days",
    "attributedSales3days",
    "attributedSales14days",
    "attributedUnits14days",
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    advertiser_id: Option<u64>,
    report_type: Option<String>,
    #[serde(default)]
    report_metrics: Vec<String>,
    report_date: Option<String>,
    start_date: Option<String>,
    end_date: Option<String>,
}

/// `POST /api/v2/snapshot/report`.
pub async fn create(
    State(app): State<App>,
    Extension(call): Extension<Call>,
    _: Signed,
    body: Bytes,
) -> Result<Response, Refused> {
    let body: Body =
        serde_json::from_slice(&body).map_err(|error| bad(&format!("Invalid parameter. {error}")))?;
    let id = body.advertiser_id.ok_or_else(|| bad("Invalid parameter. advertiserId is required"))?;
    let mut realm = app.realm_mut(Platform::Sams);
    let account = realm.account(&id.to_string()).ok_or_else(|| missing("advertiserId", id))?;
    Ok(match judge(&realm, &body) {
        Err(why) => reply(1, &answer("failure", &why, "", "failed")),
        Ok(days) => {
            let job = realm.jobs.add(account, days, json!(body.report_metrics), call.world_time);
            reply(1, &answer("success", "", &uuid_of(job.number), "pending"))
        }
    })
}

/// `SnapshotResponse`.
fn answer(code: &str, details: &str, id: &str, status: &str) -> Value {
    json!({"code": code, "snapshotId": id, "details": details, "jobStatus": status})
}

/// The days of a request that can be met, or the platform's words why it cannot be. The documents print no literal.
fn judge(realm: &Realm, body: &Body) -> Result<(Date, Date), String> {
    if body.report_type.as_deref() != Some("keyword") {
        return Err("Report type is invalid. Supported report types: keyword".to_owned());
    }
    let known = |key: &&String| DIMENSIONS.contains(&key.as_str()) || METRICS.contains(&key.as_str());
    if let Some(wrong) = body.report_metrics.iter().find(|key| !known(key)) {
        return Err(format!("Report metric {wrong} is not applicable for report type keyword"));
    }
    if !body.report_metrics.iter().any(|key| DIMENSIONS.contains(&key.as_str())) {
        return Err("At least one dimension must be included in reportMetrics".to_owned());
    }
    let day = |name: &str, text: &str| {
        text.parse::<Date>().map_err(|_| format!("{name} must be in the format yyyy-MM-dd"))
    };
    let (from, to) = match (&body.report_date, &body.start_date, &body.end_date) {
        (Some(one), None, None) => (day("reportDate", one)?, day("reportDate", one)?),
        (None, Some(from), Some(to)) => (day("startDate", from)?, day("endDate", to)?),
        _ => return Err("Use either reportDate, or the combination of startDate and endDate".to_owned()),
    };
    if from > to {
        return Err("startDate must not be after endDate".to_owned());
    }
    // "If report data is not available for the requested end date, the request will fail, and the response will contain
    // endDate until which the performance report is available".
    let last = realm.today.yesterday().unwrap_or(realm.today);
    if to > last {
        return Err(format!("Report data is available until endDate {last}"));
    }
    if too_old(realm, from, BACK) {
        return Err(format!("Report data is available for the last {BACK} days"));
    }
    Ok((from, to))
}

/// `GET /api/v2/snapshot`: an array of one, as the page prints it.
pub async fn look(
    State(app): State<App>,
    _: Signed,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, Refused> {
    let realm = app.realm(Platform::Sams);
    let (account, _) = advertiser(&realm, &params)?;
    let id = params.get("snapshotId").map(|id| id.trim()).unwrap_or_default();
    let job = number_of(id).and_then(|number| realm.jobs.get(number)).filter(|job| job.account == account);
    let Some(job) = job else {
        return Ok(reply(1, &[answer("failure", "Snapshot id is invalid or expired", id, "expired")]));
    };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let (details, status) = match job.stage() {
        Stage::Pending => (String::new(), "pending"),
        Stage::Processing => (String::new(), "processing"),
        Stage::Done => (format!("http://{host}/file/{id}.csv.gz"), "done"),
    };
    Ok(reply(1, &[answer("success", &details, id, status)]))
}

/// The address of a finished snapshot: signed headers first, then the storage elsewhere, which wants none.
pub async fn file(_: Signed, Path(name): Path<String>) -> Response {
    let number = name.strip_suffix(".csv.gz").and_then(number_of);
    match number {
        None => refusal(Platform::Sams, StatusCode::NOT_FOUND, "The requested resource was not found"),
        Some(number) => {
            let to = format!("/storage/{name}?sig={}", signature(number));
            (StatusCode::FOUND, [(header::LOCATION, to)]).into_response()
        }
    }
}

fn signature(number: u64) -> String {
    format!("{:032x}", u128::from(number).wrapping_mul(0xc6a4_a793_5bd1_e995_9e37_79b9_7f4a_7c15))
}

/// The storage: the query is all that it wants, and credentials are an error.
pub async fn storage(
    State(app): State<App>,
    headers: HeaderMap,
    Path(name): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    let secret = |name: &str| name == "authorization" || name.starts_with("wm_");
    if headers.keys().any(|name| secret(name.as_str())) {
        return (StatusCode::BAD_REQUEST, "Only one auth mechanism allowed").into_response();
    }
    let signed = query.iter().find(|(name, _)| name == "sig").map(|(_, value)| value.as_str());
    let number = name.strip_suffix(".csv.gz").and_then(number_of);
    let number = number.filter(|number| signed == Some(signature(*number).as_str()));
    let job = number.and_then(|number| app.realm(Platform::Sams).jobs.get(number).cloned());
    let Some(job) = job.filter(|job| job.stage() == Stage::Done) else {
        return (StatusCode::FORBIDDEN, "Access Denied").into_response();
    };
    // A large account's rows are no work for an async thread.
    match tokio::task::spawn_blocking(move || gzip(csv(&app, &job).as_bytes())).await {
        Ok(file) => ([(header::CONTENT_TYPE, "application/gzip")], file).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The report: a header of the keys asked for, then the rows, every cell in quotes. "Available in Manual/Keyword bidding
/// campaigns only"; a row is there when impressions are above 10, or spend or sales above nought.
fn csv(app: &App, job: &Job) -> String {
    let keys: Vec<String> = serde_json::from_value(job.asked.clone()).unwrap_or_default();
    let realm = app.realm(Platform::Sams);
    let unit = if keys.iter().any(|key| key == "date") { Unit::Daily } else { Unit::Summary };
    let rows = lines(&realm, job.account, (job.from, job.to), unit, |campaign| campaign.targeting == "manual");
    let written = |cells: Vec<String>| {
        let quoted: Vec<String> =
            cells.into_iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        quoted.join(",") + "\n"
    };
    let mut out = written(keys.clone());
    for line in rows.iter().filter(|line| line.impressions > 10 || line.spend_cents > 0 || line.sales_cents > 0)
    {
        out.push_str(&written(keys.iter().map(|key| cell(key, line)).collect()));
    }
    out
}

fn cell(key: &str, line: &Line<'_>) -> String {
    let dollars = |cents: u64| format!("{}.{:02}", cents / 100, cents % 100);
    match key {
        "date" => line.day.to_string(),
        "campaignId" => line.campaign.id.to_string(),
        "campaignName" => line.campaign.name.clone(),
        "adGroupId" => line.group.id.to_string(),
        "adGroupName" => line.group.name.clone(),
        "searchedKeyword" => line.text.to_owned(),
        "numAdsShown" => line.impressions.to_string(),
        "numAdsClicks" => line.clicks.to_string(),
        "adSpend" => dollars(line.spend_cents),
        "bid" => dollars(u64::from(line.group.bid_cents)),
        key if key.starts_with("attributedSales") => dollars(line.sales_cents),
        key if key.starts_with("attributed") => line.orders.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::Options;

    fn judged(change: impl FnOnce(&mut Value)) -> Result<(Date, Date), String> {
        let realm = &crate::sandbox::world::build(&Options::default())[Platform::Sams.index()];
        let mut body = json!({"advertiserId": 43210, "reportType": "keyword", "startDate": "2026-09-01",
            "endDate": "2026-09-30", "reportMetrics": ["date", "searchedKeyword", "numAdsClicks"]});
        change(&mut body);
        judge(realm, &serde_json::from_value(body).expect("a body"))
    }

    #[test]
    fn a_request_is_met_or_told_why_not() {
        assert!(judged(|_| {}).is_ok());
        let why = |change: fn(&mut Value)| judged(change).expect_err("refused");
        assert!(why(|body| body["endDate"] = json!("2026-10-01")).contains("2026-09-30"));
        assert!(why(|body| body["startDate"] = json!("2026-06-01")).contains("90 days"));
        assert!(why(|body| body["reportDate"] = json!("2026-09-01")).contains("either"));
        assert!(why(|body| body["reportMetrics"] = json!(["numAdsClicks"])).contains("dimension"));
        assert!(why(|body| body["reportMetrics"] = json!(["moon"])).contains("moon"));
    }
}
