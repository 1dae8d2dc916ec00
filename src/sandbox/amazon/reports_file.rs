//! The file of a search-term report: a JSON array of rows with the columns asked for. Ids are numbers here, unlike
//! everywhere else in Sponsored Products v3.

use serde_json::{Map, Number, Value, json};

use super::super::app::App;
use super::super::model::Account;
use super::super::platform::Platform;
use super::super::reports::{Job, Line, lines};
use super::reports_request::Asked;

/// The rows of a report as JSON. "Only impressions that led to at least one click are included" (guide "Search term report").
pub fn write(app: &App, job: &Job) -> Vec<u8> {
    let Some(asked) = Asked::of(job) else { return b"[]".to_vec() };
    let realm = app.realm(Platform::Amazon);
    let account = &realm.accounts[job.account];
    let rows = lines(&realm, job.account, (asked.from, asked.to), asked.unit, |_| true);
    let mut out = vec![b'['];
    for line in rows.iter().filter(|line| line.clicks > 0) {
        if out.len() > 1 {
            out.push(b',');
        }
        let row: Map<String, Value> =
            asked.columns.iter().map(|column| (column.clone(), cell(column, line, account, &asked))).collect();
        // A map of strings to plain values always has a JSON form.
        out.extend(serde_json::to_vec(&row).unwrap_or_default());
    }
    out.push(b']');
    out
}

fn cents(amount: u64) -> Value {
    Number::from_f64(amount as f64 / 100.0).map_or(Value::Null, Value::Number)
}

fn ratio(above: f64, below: f64) -> Value {
    if below == 0.0 { Value::Null } else { json!(above / below) }
}

/// One cell. What the world does not hold is null or nought; every attribution window has the same figures.
fn cell(column: &str, line: &Line<'_>, account: &Account, asked: &Asked) -> Value {
    let (spend, sales) = (line.spend_cents as f64, line.sales_cents as f64);
    match column {
        "searchTerm" => json!(line.text),
        "campaignId" => json!(line.campaign.id),
        "campaignName" => json!(line.campaign.name),
        "campaignStatus" => json!(line.campaign.state),
        "campaignBudgetAmount" => cents(u64::from(line.campaign.budget_cents)),
        "campaignBudgetType" => json!("DAILY_BUDGET"),
        "campaignBudgetCurrencyCode" => json!(account.currency),
        "adGroupId" => json!(line.group.id),
        "adGroupName" => json!(line.group.name),
        "date" => json!(line.day.to_string()),
        "startDate" => json!(asked.from.to_string()),
        "endDate" => json!(asked.to.to_string()),
        "impressions" => json!(line.impressions),
        "clicks" => json!(line.clicks),
        "cost" => cents(line.spend_cents),
        "costPerClick" => ratio(spend / 100.0, line.clicks as f64),
        "clickThroughRate" => ratio(line.clicks as f64 * 100.0, line.impressions as f64),
        "acosClicks7d" | "acosClicks14d" => ratio(spend * 100.0, sales),
        "roasClicks7d" | "roasClicks14d" => ratio(sales, spend),
        name if name.starts_with("purchases") || name.starts_with("unitsSold") => {
            json!(if name.contains("OtherSku") { 0 } else { line.orders })
        }
        name if name.starts_with("sales") || name.starts_with("attributedSales") => {
            cents(if name.contains("OtherSku") { 0 } else { line.sales_cents })
        }
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::Options;
    use super::super::super::reports::uuid_of;
    use super::*;

    #[test]
    fn a_file_holds_the_columns_asked_for_and_rows_with_clicks_only() {
        let app = App::new(Options::default());
        let columns = ["date", "campaignId", "searchTerm", "clicks", "cost", "purchases7d", "sales7d"];
        let body = json!({"startDate": "2026-09-01", "endDate": "2026-09-30", "configuration": {
            "adProduct": "SPONSORED_PRODUCTS", "groupBy": ["searchTerm"], "columns": columns,
            "reportTypeId": "spSearchTerm", "timeUnit": "DAILY", "format": "GZIP_JSON"}});
        let asked =
            Asked::read(&app.realm(Platform::Amazon), body.to_string().as_bytes()).expect("a good request");
        let days = (asked.from, asked.to);
        let job = app.realm_mut(Platform::Amazon).jobs.add(0, days, asked.written(), 0).clone();
        assert_eq!(uuid_of(job.number).len(), 36);
        let rows: Vec<Map<String, Value>> = serde_json::from_slice(&write(&app, &job)).expect("rows");
        assert!(rows.len() > 100);
        for row in rows {
            assert_eq!(row.len(), columns.len());
            assert!(row["campaignId"].is_u64() && row["clicks"].as_u64() > Some(0));
        }
    }
}
