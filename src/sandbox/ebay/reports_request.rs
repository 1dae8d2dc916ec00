//! What may be asked of createReportTask here: search queries of on-site cost-per-click campaigns. The checks and their
//! codes are those of the official file; figures that it leaves open (`{maxDayRange}`, `{maxDays}`) are chosen here.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::realm::Realm;
use super::super::reports::{Job, to_come, too_old};
use super::error::Fault;
use super::reports_metadata::{CHANNELS, DIMENSIONS, FUNDING, LEAST, METRICS, SEARCH_QUERIES, TYPES};

/// The longest span: the one that public clients were told.
const RANGE: i32 = 7;
/// How far back.
const BACK: i32 = 90;
/// The most campaigns named.
const CAMPAIGNS: usize = 1_000;

/// A request that can be met.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The marketplace, as its place among the accounts.
    pub account: usize,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Only these campaigns; none means all.
    pub campaigns: Vec<u64>,
    body: Value,
    columns: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    report_type: Option<String>,
    report_format: Option<String>,
    marketplace_id: Option<String>,
    date_from: Option<String>,
    date_to: Option<String>,
    #[serde(default)]
    funding_models: Vec<String>,
    #[serde(default)]
    channels: Vec<String>,
    #[serde(default)]
    campaign_ids: Vec<String>,
    #[serde(default)]
    dimensions: Vec<Dimension>,
    #[serde(default)]
    metric_keys: Vec<String>,
    #[serde(default)]
    additional_records: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Dimension {
    #[serde(default)]
    dimension_key: String,
    #[serde(default)]
    annotation_keys: Vec<String>,
}

impl Asked {
    /// Reads and checks a request.
    ///
    /// # Errors
    /// The errors of createReportTask.
    pub fn read(realm: &Realm, bytes: &[u8]) -> Result<Self, Fault> {
        let unreadable = |error: serde_json::Error| Fault::report(2004).with("reason", &error.to_string());
        let written: Value = serde_json::from_slice(bytes).map_err(unreadable)?;
        let body: Body = serde_json::from_value(written.clone()).map_err(unreadable)?;
        let report_type = body.report_type.as_deref().unwrap_or_default();
        if !TYPES.contains(&report_type) {
            return Err(Fault::report(35114).with("supportedReportTypes", &TYPES.join(", ")));
        }
        if report_type != SEARCH_QUERIES {
            return Err(Fault::report(35114).with("supportedReportTypes", SEARCH_QUERIES));
        }
        if body.report_format.as_deref() != Some("TSV_GZIP") {
            return Err(Fault::report(35118).with("supportedReportFormats", "TSV_GZIP"));
        }
        let account = marketplace(realm, body.marketplace_id.as_deref())?;
        let (from, to) = days(realm, body.date_from.as_deref(), body.date_to.as_deref())?;
        funding(&body)?;
        if !body.additional_records.is_empty() {
            return Err(Fault::report(35091).with("supportedReportTypes", "ACCOUNT_PERFORMANCE_REPORT"));
        }
        let campaigns = campaigns(realm, account, &body.campaign_ids)?;
        let columns = columns(&body, report_type)?;
        Ok(Self { account, from, to, campaigns, body: written, columns })
    }

    /// The request of a job.
    pub fn of(job: &Job) -> Option<Self> {
        let body: Body = serde_json::from_value(job.asked.clone()).ok()?;
        let campaigns = body.campaign_ids.iter().filter_map(|id| id.parse().ok()).collect();
        let columns = columns(&body, SEARCH_QUERIES).ok()?;
        let (from, to) = (job.from, job.to);
        Some(Self { account: job.account, from, to, campaigns, body: job.asked.clone(), columns })
    }

    /// The columns of the file: dimensions with their annotations behind them, then metrics.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(String::as_str)
    }

    /// The request as tasks repeat it.
    pub fn written(&self) -> Value {
        let known = [
            "reportType",
            "reportFormat",
            "marketplaceId",
            "dateFrom",
            "dateTo",
            "fundingModels",
            "channels",
            "campaignIds",
            "listingIds",
            "inventoryReferences",
            "dimensions",
            "metricKeys",
        ];
        let mut out = json!({});
        for key in known {
            if let Some(value) = self.body.get(key) {
                out[key] = value.clone();
            }
        }
        out
    }
}

fn marketplace(realm: &Realm, id: Option<&str>) -> Result<usize, Fault> {
    let supported = realm.accounts.iter().map(|account| account.key.as_str()).collect::<Vec<_>>().join(", ");
    let id = id.filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| Fault::report(35041).with("supportedMarketplaces", &supported))?;
    let unknown = || Fault::report(35051).with("marketplaceId", id).with("supportedMarketplaces", &supported);
    realm.account(id).ok_or_else(unknown)
}

fn days(realm: &Realm, from: Option<&str>, to: Option<&str>) -> Result<(Date, Date), Fault> {
    let time = |key: &'static str, text: Option<&str>| {
        let text = text.filter(|text| !text.is_empty());
        let text = text.ok_or_else(|| Fault::report(35102).with("date_key", key))?;
        text.parse::<Timestamp>().map_err(|_| Fault::report(35137).with("date_key", key))
    };
    let (start, end) = (time("dateFrom", from)?, time("dateTo", to)?);
    if start > end {
        return Err(Fault::report(35104).with("dateFrom", &start).with("dateTo", &end));
    }
    let day = |time: Timestamp| time.to_zoned(TimeZone::UTC).date();
    let (from, to) = (day(start), day(end));
    if to_come(realm, to) {
        return Err(Fault::report(35103));
    }
    if to.since(from).map_or(i32::MAX, |span| span.get_days() + 1) > RANGE {
        return Err(Fault::report(35090).with("maxDayRange", &RANGE));
    }
    if too_old(realm, from, BACK) {
        return Err(Fault::report(35105).with("dateFrom", &start).with("maxDays", &BACK));
    }
    Ok((from, to))
}

/// The default is cost per sale, for which there are no search queries.
fn funding(body: &Body) -> Result<(), Fault> {
    if body.funding_models.iter().any(|model| !FUNDING.contains(&model.as_str())) {
        return Err(Fault::report(35121).with("supportedFundingModels", &FUNDING.join(", ")));
    }
    if body.funding_models.len() > 1 {
        return Err(Fault::report(35124).with("supportedFundingModels", &FUNDING.join(", ")));
    }
    if body.funding_models.first().map(String::as_str) != Some("COST_PER_CLICK") {
        return Err(Fault::report(35123)
            .with("dimensionKey", "search_query")
            .with("fundingModel", "COST_PER_SALE"));
    }
    if body.channels.iter().any(|channel| !CHANNELS.contains(&channel.as_str())) {
        return Err(Fault::report(35125).with("supportedChannels", &CHANNELS.join(", ")));
    }
    if body.channels.len() > 1 {
        return Err(Fault::report(35126).with("supportedChannels", &CHANNELS.join(", ")));
    }
    if body.channels.iter().any(|channel| channel == "OFF_SITE") {
        return Err(Fault::report(35128)
            .with("dimensionKey", "search_query")
            .with("supportedChannels", "ON_SITE"));
    }
    Ok(())
}

fn campaigns(realm: &Realm, account: usize, ids: &[String]) -> Result<Vec<u64>, Fault> {
    if ids.len() > CAMPAIGNS {
        return Err(Fault::report(35101).with("maxSupportedCampaigns", &CAMPAIGNS));
    }
    let known = |id: &String| {
        let found = id.parse().ok().filter(|id| realm.campaign_in(account, *id).is_some());
        found.ok_or_else(|| Fault::report(35045).with("campaign_id", id))
    };
    ids.iter().map(known).collect()
}

fn columns(body: &Body, report_type: &str) -> Result<Vec<String>, Fault> {
    let mut columns = Vec::new();
    for one in &body.dimensions {
        let known = DIMENSIONS.iter().find(|(key, ..)| *key == one.dimension_key);
        let Some((_, _, annotations)) = known else {
            return Err(Fault::report(35107)
                .with("dimensionKey", &one.dimension_key)
                .with("reportType", report_type));
        };
        columns.push(one.dimension_key.clone());
        for key in &one.annotation_keys {
            if !annotations.contains(&key.as_str()) {
                return Err(Fault::report(35108)
                    .with("annotationKey", key)
                    .with("dimensionKey", &one.dimension_key));
            }
            columns.push(key.clone());
        }
    }
    if LEAST.iter().any(|key| body.dimensions.iter().all(|one| one.dimension_key != *key)) {
        return Err(Fault::report(35119)
            .with("reportType", report_type)
            .with("minimumDimensionKeys", &LEAST.join(",")));
    }
    let metrics = METRICS.map(|(key, _)| key);
    if body.metric_keys.is_empty() {
        return Err(Fault::report(35120)
            .with("reportType", report_type)
            .with("supportedMetricKeys", &metrics.join(",")));
    }
    if let Some(wrong) = body.metric_keys.iter().find(|key| !metrics.contains(&key.as_str())) {
        return Err(Fault::report(35115).with("metricKey", wrong).with("reportType", report_type));
    }
    columns.extend(body.metric_keys.iter().cloned());
    Ok(columns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::Options;
    use crate::sandbox::platform::Platform;

    fn body() -> Value {
        json!({
            "reportType": SEARCH_QUERIES, "reportFormat": "TSV_GZIP", "marketplaceId": "EBAY_US",
            "dateFrom": "2026-09-01T00:00:00.000Z", "dateTo": "2026-09-07T23:59:59.000Z",
            "fundingModels": ["COST_PER_CLICK"], "channels": ["ON_SITE"],
            "dimensions": [{"dimensionKey": "campaign_id"}, {"dimensionKey": "ad_group_id"}, {"dimensionKey": "search_query"}],
            "metricKeys": ["cpc_clicks"],
        })
    }

    #[test]
    fn each_mistake_has_its_code() {
        let realm = &crate::sandbox::world::build(&Options::default())[Platform::Ebay.index()];
        assert!(Asked::read(realm, body().to_string().as_bytes()).is_ok());
        for (key, value, code) in [
            ("reportType", json!("X"), 35114),
            ("reportFormat", json!("CSV"), 35118),
            ("marketplaceId", Value::Null, 35041),
            ("marketplaceId", json!("EBAY_FR"), 35051),
            ("dateFrom", Value::Null, 35102),
            ("dateFrom", json!("soon"), 35137),
            ("dateFrom", json!("2026-09-08T00:00:00.000Z"), 35104),
            ("dateFrom", json!("2026-08-31T00:00:00.000Z"), 35090),
            ("dateTo", json!("2126-09-01T00:00:00.000Z"), 35103),
            ("fundingModels", json!([]), 35123),
            ("fundingModels", json!(["COST_PER_SALE", "COST_PER_CLICK"]), 35124),
            ("channels", json!(["MOON"]), 35125),
            ("campaignIds", json!(["1"]), 35045),
            ("dimensions", json!([{"dimensionKey": "moon"}]), 35107),
            ("dimensions", json!([{"dimensionKey": "campaign_id", "annotationKeys": ["moon"]}]), 35108),
            ("dimensions", json!([{"dimensionKey": "campaign_id"}]), 35119),
            ("metricKeys", json!([]), 35120),
            ("metricKeys", json!(["moon"]), 35115),
            ("additionalRecords", json!(["NON_PERFORMING_DATA"]), 35091),
        ] {
            let mut body = body();
            body[key] = value;
            let fault = Asked::read(realm, body.to_string().as_bytes()).expect_err(key);
            assert_eq!(fault.id(), code, "{key}");
        }
    }

    #[test]
    fn annotations_stand_behind_their_dimension() {
        let realm = &crate::sandbox::world::build(&Options::default())[Platform::Ebay.index()];
        let mut body = body();
        body["dimensions"][0]["annotationKeys"] = json!(["campaign_name"]);
        let asked = Asked::read(realm, body.to_string().as_bytes()).expect("a good request");
        let columns: Vec<&str> = asked.columns().collect();
        assert_eq!(columns, ["campaign_id", "campaign_name", "ad_group_id", "search_query", "cpc_clicks"]);
    }
}
