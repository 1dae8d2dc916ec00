//! Report tasks of Promoted Listings and their files: createReportTask, getReportTask(s), deleteReportTask, getReport.
//! What may be asked is in `reports_request.rs`, the keys in `reports_metadata.rs`.

use axum::Json;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::app::App;
use super::super::gateway::Refused;
use super::super::platform::Platform;
use super::super::reports::{Job, Line, Stage, Unit, gzip, lines};
use super::auth::{Scopes, allow};
use super::error::Fault;
use super::query::Query;
use super::reports_request::Asked;
use super::{Answer, Inbound, wire};

/// The first task's id less one, and the first report's: as long as the real ones.
const TASKS: u64 = 510_018_000_000;
const REPORTS: u64 = 610_027_000_000;
/// "Reports are available for 30 days".
const EXPIRES: i64 = 30 * 86_400;

/// `POST /ad_report_task`: 202, no body, `Location`.
pub async fn create(inbound: Inbound, body: Bytes) -> Result<Response, Refused> {
    allow(&inbound, Scopes::MARKETING)?;
    let mut realm = inbound.app.realm_mut(Platform::Ebay);
    let asked = Asked::read(&realm, &body)?;
    let days = (asked.from, asked.to);
    let job = realm.jobs.add(asked.account, days, asked.written(), inbound.call.world_time);
    let location = inbound.marketing_url(&format!("/ad_report_task/{}", TASKS + job.number));
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, location)]).into_response())
}

/// `GET /ad_report_task`: newest first.
pub async fn all(inbound: Inbound) -> Answer {
    allow(&inbound, Scopes::MARKETING)?;
    let query = Query::of(&inbound);
    let statuses = query.list("report_task_statuses").unwrap_or_default();
    if let Some(wrong) = statuses.iter().find(|status| !["PENDING", "SUCCESS", "FAILED"].contains(status)) {
        return Err(Fault::report(35109)
            .with("invalid_report_task_statuses", *wrong)
            .with("supportedReportTaskStatuses", "PENDING, SUCCESS, FAILED"));
    }
    let window = query.window()?;
    let realm = inbound.app.realm(Platform::Ebay);
    let wanted = |job: &&Job| statuses.is_empty() || statuses.contains(&status(job.stage()));
    let jobs = realm.jobs.iter().rev().filter(wanted);
    Ok(window.page(&inbound, "reportTasks", jobs, |job| task(job, &inbound)))
}

/// `GET /ad_report_task/{report_task_id}`.
pub async fn one(inbound: Inbound, Path(id): Path<String>) -> Answer {
    allow(&inbound, Scopes::MARKETING)?;
    let job = find(&inbound.app, &id, TASKS).ok_or_else(|| Fault::report(35140).with("report_task_id", &id))?;
    Ok(Json(task(&job, &inbound)).into_response())
}

/// `DELETE /ad_report_task/{report_task_id}`: 204; one that is not ready yet is a conflict.
pub async fn delete(inbound: Inbound, Path(id): Path<String>) -> Answer {
    allow(&inbound, Scopes::MARKETING)?;
    let job = find(&inbound.app, &id, TASKS).ok_or_else(|| Fault::report(35140).with("report_task_id", &id))?;
    if job.stage() != Stage::Done {
        return Err(Fault::report(35141).with("report_task_id", &id));
    }
    inbound.app.realm_mut(Platform::Ebay).jobs.remove(job.number);
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `GET /ad_report/{report_id}`: tab-separated values in a gzip file.
pub async fn download(inbound: Inbound, Path(id): Path<String>) -> Answer {
    allow(&inbound, Scopes::MARKETING)?;
    let job = find(&inbound.app, &id, REPORTS).filter(|job| job.stage() == Stage::Done);
    let job = job.ok_or_else(|| Fault::report(35110).with("report_id", &id))?;
    let app = inbound.app.clone();
    // A large account's rows are no work for an async thread.
    let made = tokio::task::spawn_blocking(move || gzip(file(&app, &job).as_bytes())).await;
    let packed = made.map_err(|_| Fault::report(35001))?;
    let name = format!("attachment; filename=\"{id}.tsv.gz\"");
    let headers =
        [(header::CONTENT_TYPE, "text/tab-separated-values".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, packed).into_response())
}

fn find(app: &App, id: &str, first: u64) -> Option<Job> {
    let number = id.trim().parse::<u64>().ok()?.checked_sub(first)?;
    app.realm(Platform::Ebay).jobs.get(number).cloned()
}

/// `TaskStatusEnum`.
fn status(stage: Stage) -> &'static str {
    if stage == Stage::Done { "SUCCESS" } else { "PENDING" }
}

/// `ReportTask`. What is known only when it is ready is left out before.
fn task(job: &Job, inbound: &Inbound) -> Value {
    let time = |seconds: i64| {
        Timestamp::from_second(seconds).unwrap_or_default().strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string()
    };
    let mut out = job.asked.clone();
    out["reportTaskId"] = json!((TASKS + job.number).to_string());
    out["reportTaskStatus"] = json!(status(job.stage()));
    out["reportTaskCreationDate"] = json!(time(job.made));
    out["reportTaskExpectedCompletionDate"] = json!(time(job.made + 1));
    out["reportName"] = json!(format!("search_query_performance_{}", TASKS + job.number));
    if job.stage() == Stage::Done {
        let id = (REPORTS + job.number).to_string();
        out["reportTaskStatusMessage"] = json!("Report generated");
        out["reportTaskCompletionDate"] = json!(time(job.made + 1));
        out["reportExpirationDate"] = json!(time(job.made + EXPIRES));
        out["reportHref"] = json!(inbound.marketing_url(&format!("/ad_report/{id}")));
        out["reportId"] = json!(id);
    }
    out
}

/// The report: one line of the keys asked for, then a line for each row. Money is written with its currency, as real
/// reports have it (`USD 28.00`).
fn file(app: &App, job: &Job) -> String {
    let Some(asked) = Asked::of(job) else { return String::new() };
    let realm = app.realm(Platform::Ebay);
    let currency = realm.accounts[job.account].currency;
    let unit = if asked.columns().any(|key| key == "day") { Unit::Daily } else { Unit::Summary };
    let shows = |campaign: &super::super::model::Campaign| {
        wire::is_per_click(campaign)
            && campaign.channel == "ON_SITE"
            && (asked.campaigns.is_empty() || asked.campaigns.contains(&campaign.id))
    };
    let mut out = asked.columns().collect::<Vec<_>>().join("\t");
    out.push('\n');
    for line in lines(&realm, job.account, (asked.from, asked.to), unit, shows) {
        let cells: Vec<String> = asked.columns().map(|key| cell(key, &line, currency)).collect();
        out.push_str(&cells.join("\t"));
        out.push('\n');
    }
    out
}

fn cell(key: &str, line: &Line<'_>, currency: &str) -> String {
    let money = |cents: u64| format!("{currency} {}.{:02}", cents / 100, cents % 100);
    let percent = |above: u64, below: u64| {
        if below == 0 { String::new() } else { format!("{:.2}", above as f64 * 100.0 / below as f64) }
    };
    match key {
        "campaign_id" => line.campaign.id.to_string(),
        "campaign_name" => line.campaign.name.clone(),
        "ad_group_id" => line.group.id.to_string(),
        "ad_group_name" => line.group.name.clone(),
        "search_query" => line.text.to_owned(),
        "day" => line.day.to_string(),
        "cpc_impressions" => line.impressions.to_string(),
        "cpc_clicks" => line.clicks.to_string(),
        "cpc_attributed_sales" => line.orders.to_string(),
        "cpc_ctr" => percent(line.clicks, line.impressions),
        "cpc_conversion_rate" => percent(line.orders, line.clicks),
        "cpc_ad_fees_listingsite_currency" | "cpc_ad_fees_payout_currency" => money(line.spend_cents),
        "cpc_sale_amount_listingsite_currency" | "cpc_sale_amount_payout_currency" => money(line.sales_cents),
        _ => String::new(),
    }
}
