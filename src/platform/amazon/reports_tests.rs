//! The report flow over answers written after the official examples; the requests against a golden file that was read
//! against "Offline Report".

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use serde_json::json;

use super::tests::connected;
use crate::domain::request::Response;
use crate::platform::http::WireRequest;
use crate::platform::testing::{answer, golden, rows_and_failures, terms};
use crate::platform::traits::TermsFetched;

const ID: &str = "a15115d8-3da4-49a4-95d5-cc0a3af5f85d";
const FILE: &str =
    "https://offline-report-storage-us-east-1-prod.s3.amazonaws.com/r/report.json.gz?X-Amz-Signature=s1g";
const ROWS: &str = r#"[{"date":"2026-09-28","campaignId":9223372036854775807,"adGroupId":12,"searchTerm":"free shipping",
    "impressions":120,"clicks":3,"cost":1.47,"purchases7d":1,"sales7d":19.99,"campaignBudgetCurrencyCode":"USD"},
    {"date":"2026-09-29","campaignId":1,"adGroupId":2,"searchTerm":"*","impressions":1,"clicks":1,"cost":0.5,
    "purchases7d":0,"sales7d":0,"campaignBudgetCurrencyCode":"USD"}]"#;

fn columns() -> Vec<&'static str> {
    vec![
        "date",
        "campaignId",
        "adGroupId",
        "searchTerm",
        "impressions",
        "clicks",
        "cost",
        "campaignBudgetCurrencyCode",
        "purchases7d",
        "sales7d",
    ]
}

fn report(status: &str, columns: &[&str], unit: &str) -> Response {
    let body = json!({
        "reportId": ID, "status": status, "startDate": "2026-09-28", "endDate": "2026-09-29",
        "configuration": {"reportTypeId": "spSearchTerm", "timeUnit": unit, "columns": columns},
        "url": (status == "COMPLETED").then_some(FILE), "failureReason": (status == "FAILED").then_some("Internal error. Please retry"),
    });
    answer(200, &body.to_string())
}

/// Answers as a service whose report is done at the third look.
fn service(create: Response) -> impl Fn(&WireRequest) -> Response + Send + Sync {
    let looks = AtomicUsize::new(0);
    move |request| {
        if request.url.ends_with("/reporting/reports") {
            create.clone()
        } else if request.url.contains("/reporting/reports/") {
            let status = ["PENDING", "PROCESSING", "COMPLETED"][looks.fetch_add(1, SeqCst).min(2)];
            report(status, &columns(), "DAILY")
        } else {
            assert_eq!(request.url, FILE);
            answer(200, ROWS)
        }
    }
}

#[tokio::test(start_paused = true)]
async fn requests_of_a_report_are_those_of_the_specification() {
    let (script, connection) = connected(service(report("PENDING", &columns(), "DAILY")));
    let (rows, failures) = rows_and_failures(terms(&*connection, 2).await.unwrap());
    assert!(failures.is_empty(), "{failures:?}");
    // Without a search term it is none.
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].campaign.id().unwrap().raw(), "9223372036854775807");
    assert_eq!((rows[0].figures.orders, rows[0].figures.sales.0), (1, 19_990_000));
    golden("amazon", "reports", &script.sent().join("\n\n"));
}

#[tokio::test(start_paused = true)]
async fn a_report_that_is_there_already_is_taken_when_it_holds_the_same() {
    let twin = || answer(425, &format!(r#"{{"code":"425","detail":"The Request is a duplicate of : {ID}"}}"#));
    let (_, connection) = connected(service(twin()));
    let (rows, failures) = rows_and_failures(terms(&*connection, 2).await.unwrap());
    assert_eq!((rows.len(), failures.len()), (1, 0), "{failures:?}");
    // One of the same days without the columns, or not day by day, is no use.
    for (columns, unit) in [(vec!["date", "searchTerm"], "DAILY"), (columns(), "SUMMARY")] {
        let (_, connection) = connected(move |request| {
            if request.url.ends_with("/reporting/reports") {
                twin()
            } else {
                report("PROCESSING", &columns, unit)
            }
        });
        let (rows, failures) = rows_and_failures(terms(&*connection, 2).await.unwrap());
        assert!(rows.is_empty());
        assert!(failures[0].detail.contains(ID) && !failures[0].hint.is_empty(), "{}", failures[0]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_report_of_nothing_is_whole_and_has_the_profiles_currency() {
    let (_, connection) = connected(|request| {
        if request.url.starts_with("https://offline") {
            answer(200, "[]")
        } else {
            report("COMPLETED", &columns(), "DAILY")
        }
    });
    let parts = terms(&*connection, 2).await.unwrap();
    let whole = parts.iter().find_map(|part| match part {
        TermsFetched::Whole(_, whole) => Some(whole),
        _ => None,
    });
    assert_eq!(whole.unwrap().currency.as_ref().unwrap().code(), "USD");
}

#[tokio::test(start_paused = true)]
async fn refusals_are_told_in_amazons_words() {
    let (_, connection) = connected(|request| {
        if request.url.ends_with("/reporting/reports") {
            answer(400, r#"{"code":400,"detail":"Invalid Advertiser or Marketplace ID."}"#)
        } else {
            answer(500, "")
        }
    });
    let (_, failures) = rows_and_failures(terms(&*connection, 2).await.unwrap());
    assert!(failures[0].detail.contains("400 400 Invalid Advertiser"), "{}", failures[0]);
    let (_, connection) = connected(|request| {
        if request.url.ends_with("/reporting/reports") {
            report("PENDING", &columns(), "DAILY")
        } else {
            report("FAILED", &columns(), "DAILY")
        }
    });
    let (_, failures) = rows_and_failures(terms(&*connection, 2).await.unwrap());
    assert!(failures[0].detail.contains("Internal error. Please retry"), "{}", failures[0]);
}

#[tokio::test(start_paused = true)]
async fn an_address_that_is_not_safe_is_not_asked() {
    let (script, connection) = connected(|_| {
        let body = json!({"reportId": ID, "status": "COMPLETED", "url": "http://files.example/report.json.gz?sig=s3cret"});
        answer(200, &body.to_string())
    });
    let (_, failures) = rows_and_failures(terms(&*connection, 2).await.unwrap());
    assert!(failures[0].title.contains("not safe"), "{}", failures[0]);
    assert!(!failures[0].to_string().contains("s3cret"));
    assert!(script.sent().iter().all(|sent| !sent.contains("files.example")));
}
