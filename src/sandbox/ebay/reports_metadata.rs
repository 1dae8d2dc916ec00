//! Which keys a report may have: getReportMetadata and getReportMetadataForReportType. They need an application's token,
//! not a seller's. The specification names no key; these are the ones that public clients of the priority strategy use.

use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::auth::{Scopes, allow};
use super::error::Fault;
use super::query::Query;
use super::{Answer, Inbound};

/// `ReportTypeEnum`.
pub const TYPES: [&str; 9] = [
    "ACCOUNT_PERFORMANCE_REPORT",
    "ALL_CAMPAIGN_PERFORMANCE_SUMMARY_REPORT",
    "CAMPAIGN_PERFORMANCE_REPORT",
    "CAMPAIGN_PERFORMANCE_SUMMARY_REPORT",
    "INVENTORY_PERFORMANCE_REPORT",
    "LISTING_PERFORMANCE_REPORT",
    "KEYWORD_PERFORMANCE_REPORT",
    "TRANSACTION_REPORT",
    SEARCH_QUERIES,
];
/// The one type that the sandbox makes.
pub const SEARCH_QUERIES: &str = "SEARCH_QUERY_PERFORMANCE_REPORT";
/// `FundingModelEnum`.
pub const FUNDING: [&str; 2] = ["COST_PER_SALE", "COST_PER_CLICK"];
/// `ChannelEnum`.
pub const CHANNELS: [&str; 2] = ["ON_SITE", "OFF_SITE"];

/// A dimension: key, data type, annotations.
pub type Dimension = (&'static str, &'static str, &'static [&'static str]);

/// What rows may be about.
pub const DIMENSIONS: [Dimension; 4] = [
    ("campaign_id", "STRING", &["campaign_name"]),
    ("ad_group_id", "STRING", &["ad_group_name"]),
    ("search_query", "STRING", &[]),
    ("day", "DATE", &[]),
];
/// What a request must have of it (error 35119).
pub const LEAST: [&str; 3] = ["campaign_id", "ad_group_id", "search_query"];

/// What may be counted, with the data type.
pub const METRICS: [(&str, &str); 9] = [
    ("cpc_impressions", "LONG"),
    ("cpc_clicks", "LONG"),
    ("cpc_ctr", "DOUBLE"),
    ("cpc_attributed_sales", "LONG"),
    ("cpc_conversion_rate", "DOUBLE"),
    ("cpc_ad_fees_listingsite_currency", "STRING"),
    ("cpc_sale_amount_listingsite_currency", "STRING"),
    ("cpc_ad_fees_payout_currency", "STRING"),
    ("cpc_sale_amount_payout_currency", "STRING"),
];

/// `GET /ad_report_metadata`: of every type that the sandbox makes.
pub async fn all(inbound: Inbound) -> Answer {
    allow(&inbound, Scopes::BASE)?;
    let found: Vec<Value> = if asked_for(&inbound)? { vec![metadata()] } else { Vec::new() };
    Ok(Json(json!({ "reportMetadata": found })).into_response())
}

/// `GET /ad_report_metadata/{report_type}`.
pub async fn one(inbound: Inbound, Path(report_type): Path<String>) -> Answer {
    allow(&inbound, Scopes::BASE)?;
    if !TYPES.contains(&report_type.as_str()) {
        return Err(Fault::report(35116).with("supportedReportTypes", &TYPES.join(", ")));
    }
    if report_type != SEARCH_QUERIES || !asked_for(&inbound)? {
        return Err(Fault::report(35133).with("reportType", &report_type));
    }
    Ok(Json(metadata()).into_response())
}

/// Whether the filters let the search query report through.
fn asked_for(inbound: &Inbound) -> Result<bool, Fault> {
    let query = Query::of(inbound);
    let funding = query.get("funding_model");
    if funding.is_some_and(|model| !FUNDING.contains(&model)) {
        return Err(Fault::report(35121).with("supportedFundingModels", &FUNDING.join(", ")));
    }
    let channel = query.get("channel");
    if channel.is_some_and(|channel| !CHANNELS.contains(&channel)) {
        return Err(Fault::report(35125).with("supportedChannels", &CHANNELS.join(", ")));
    }
    Ok(funding.is_none_or(|model| model == "COST_PER_CLICK")
        && channel.is_none_or(|channel| channel == "ON_SITE"))
}

/// `ReportMetadata`.
fn metadata() -> Value {
    let dimensions = DIMENSIONS.map(|(key, data_type, annotations)| {
        let annotations: Vec<Value> =
            annotations.iter().map(|key| json!({"annotationKey": key, "dataType": "STRING"})).collect();
        json!({"dimensionKey": key, "dataType": data_type, "dimensionKeyAnnotations": annotations})
    });
    let metrics = METRICS.map(|(key, data_type)| json!({"metricKey": key, "dataType": data_type}));
    json!({
        "reportType": SEARCH_QUERIES,
        "channel": "ON_SITE",
        "dimensionMetadata": dimensions,
        "metricMetadata": metrics,
        "maxNumberOfDimensionsToRequest": DIMENSIONS.len(),
        "maxNumberOfMetricsToRequest": METRICS.len(),
    })
}
