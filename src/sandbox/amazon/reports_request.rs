//! What may be asked of reporting v3 here: search terms of Sponsored Products, at most 31 days, at most 95 days back
//! (guide "Search term report"). Everything else is refused with 400.

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::realm::Realm;
use super::super::reports::{Job, Unit, to_come, too_old};
use super::Refusal;

/// "Maximum date range: 31 days".
const RANGE: i32 = 31;
/// "Data retention: 95 days".
const RETENTION: i32 = 95;

/// Columns of `spSearchTerm` (guide "Search term report", base metrics and group by).
const COLUMNS: &[&str] = &[
    "searchTerm",
    "keyword",
    "keywordId",
    "keywordType",
    "matchType",
    "targeting",
    "adKeywordStatus",
    "keywordBid",
    "campaignId",
    "campaignName",
    "campaignStatus",
    "campaignBudgetAmount",
    "campaignBudgetType",
    "campaignBudgetCurrencyCode",
    "portfolioId",
    "adGroupId",
    "adGroupName",
    "date",
    "startDate",
    "endDate",
    "impressions",
    "clicks",
    "cost",
    "costPerClick",
    "clickThroughRate",
    "purchases1d",
    "purchases7d",
    "purchases14d",
    "purchases30d",
    "purchasesSameSku1d",
    "purchasesSameSku7d",
    "purchasesSameSku14d",
    "purchasesSameSku30d",
    "unitsSoldClicks1d",
    "unitsSoldClicks7d",
    "unitsSoldClicks14d",
    "unitsSoldClicks30d",
    "unitsSoldSameSku1d",
    "unitsSoldSameSku7d",
    "unitsSoldSameSku14d",
    "unitsSoldSameSku30d",
    "unitsSoldOtherSku7d",
    "sales1d",
    "sales7d",
    "sales14d",
    "sales30d",
    "attributedSalesSameSku1d",
    "attributedSalesSameSku7d",
    "attributedSalesSameSku14d",
    "attributedSalesSameSku30d",
    "salesOtherSku7d",
    "acosClicks7d",
    "acosClicks14d",
    "roasClicks7d",
    "roasClicks14d",
    "addToList",
    "qualifiedBorrows",
    "royaltyQualifiedBorrows",
    "kindleEditionNormalizedPagesRead14d",
    "kindleEditionNormalizedPagesRoyalties14d",
];

/// A request that can be met.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// What a row stands for.
    pub unit: Unit,
    /// The columns, in the order asked.
    pub columns: Vec<String>,
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    name: Option<String>,
    start_date: Option<String>,
    end_date: Option<String>,
    configuration: Option<Configuration>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Configuration {
    ad_product: Option<String>,
    group_by: Option<Vec<String>>,
    columns: Option<Vec<String>>,
    report_type_id: Option<String>,
    time_unit: Option<String>,
    format: Option<String>,
}

impl Asked {
    /// Reads and checks a request.
    ///
    /// # Errors
    /// 400.
    pub fn read(realm: &Realm, body: &[u8]) -> Result<Self, Refusal> {
        let body: Body = serde_json::from_slice(body)
            .map_err(|error| Refusal::invalid(format!("Request body is invalid: {error}")))?;
        let configuration = required("configuration", body.configuration)?;
        let (from, to) = days(realm, body.start_date, body.end_date)?;
        only("adProduct", configuration.ad_product, "SPONSORED_PRODUCTS")?;
        only("reportTypeId", configuration.report_type_id, "spSearchTerm")?;
        only("format", configuration.format, "GZIP_JSON")?;
        let group_by = required("configuration groupBy", configuration.group_by)?;
        if group_by != ["searchTerm"] {
            let text = format!(
                "configuration groupBy: {group_by:?} is not supported for spSearchTerm. Allowed: [searchTerm]"
            );
            return Err(Refusal::invalid(text));
        }
        let unit = match required("configuration timeUnit", configuration.time_unit)?.as_str() {
            "DAILY" => Unit::Daily,
            "SUMMARY" => Unit::Summary,
            other => {
                let text =
                    format!("configuration timeUnit: {other} is invalid. Allowed values: (DAILY, SUMMARY)");
                return Err(Refusal::invalid(text));
            }
        };
        let columns = columns(unit, required("configuration columns", configuration.columns)?)?;
        Ok(Self { from, to, unit, columns, name: body.name })
    }

    /// The request of a job.
    pub fn of(job: &Job) -> Option<Self> {
        let body: Body = serde_json::from_value(job.asked.clone()).ok()?;
        let configuration = body.configuration?;
        let unit = if configuration.time_unit? == "DAILY" { Unit::Daily } else { Unit::Summary };
        Some(Self { from: job.from, to: job.to, unit, columns: configuration.columns?, name: body.name })
    }

    /// Whether a second request asks for the same report; its name does not count.
    pub fn equals(&self, other: &Self) -> bool {
        let sorted = |asked: &Self| {
            let mut columns = asked.columns.clone();
            columns.sort();
            columns
        };
        (self.from, self.to, self.unit) == (other.from, other.to, other.unit) && sorted(self) == sorted(other)
    }

    /// The request as reports repeat it.
    pub fn written(&self) -> Value {
        json!({
            "name": self.name,
            "startDate": self.from.to_string(),
            "endDate": self.to.to_string(),
            "configuration": {
                "adProduct": "SPONSORED_PRODUCTS",
                "groupBy": ["searchTerm"],
                "columns": self.columns,
                "reportTypeId": "spSearchTerm",
                "timeUnit": if self.unit == Unit::Daily { "DAILY" } else { "SUMMARY" },
                "format": "GZIP_JSON",
                "filters": null,
            },
        })
    }
}

fn required<T>(what: &str, value: Option<T>) -> Result<T, Refusal> {
    value.ok_or_else(|| Refusal::invalid(format!("{what} is required")))
}

fn only(what: &str, value: Option<String>, allowed: &str) -> Result<(), Refusal> {
    let value = required(&format!("configuration {what}"), value)?;
    if value == allowed {
        return Ok(());
    }
    Err(Refusal::invalid(format!("configuration {what}: {value} is invalid. Allowed values: ({allowed})")))
}

fn days(realm: &Realm, start: Option<String>, end: Option<String>) -> Result<(Date, Date), Refusal> {
    let day = |what: &str, text: Option<String>| {
        let text = required(what, text)?;
        text.parse::<Date>()
            .map_err(|_| Refusal::invalid(format!("{what} {text} is not a date in YYYY-MM-DD format")))
    };
    let (from, to) = (day("startDate", start)?, day("endDate", end)?);
    if from > to {
        return Err(Refusal::invalid("startDate must not be after endDate"));
    }
    let range = to.since(from).map_or(i32::MAX, |span| span.get_days() + 1);
    if range > RANGE {
        let text = format!("startDate to endDate range ({range} days) must not exceed {RANGE} days");
        return Err(Refusal::invalid(text));
    }
    if to_come(realm, to) {
        return Err(Refusal::invalid("endDate must not be in the future"));
    }
    if too_old(realm, from, RETENTION) {
        let text =
            format!("Report date is too far in the past. Reports are only available for {RETENTION} days");
        return Err(Refusal::invalid(text));
    }
    Ok((from, to))
}

fn columns(unit: Unit, columns: Vec<String>) -> Result<Vec<String>, Refusal> {
    if columns.is_empty() {
        return Err(Refusal::invalid("configuration columns is required"));
    }
    let unknown: Vec<&str> =
        columns.iter().map(String::as_str).filter(|column| !COLUMNS.contains(column)).collect();
    if !unknown.is_empty() {
        let text = format!("configuration columns includes invalid values: ({})", unknown.join(", "));
        return Err(Refusal::invalid(text));
    }
    let wrong: &[&str] = match unit {
        Unit::Daily => &["startDate", "endDate"],
        Unit::Summary => &["date"],
    };
    if let Some(column) = columns.iter().find(|column| wrong.contains(&column.as_str())) {
        let unit = if unit == Unit::Daily { "DAILY" } else { "SUMMARY" };
        return Err(Refusal::invalid(format!(
            "configuration columns: {column} is not supported for timeUnit {unit}"
        )));
    }
    if unit == Unit::Daily && !columns.iter().any(|column| column == "date") {
        return Err(Refusal::invalid("configuration columns: date is required for timeUnit DAILY"));
    }
    Ok(columns)
}
