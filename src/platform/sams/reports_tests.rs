//! The report flow over answers written after developer.samsclub.com, "Snapshot Reports v2"; the requests against a golden
//! file that was read against that page.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use super::tests::connect;
use crate::domain::request::Response;
use crate::platform::testing::{Script, answer, golden, rows_and_failures, terms};

const BASE: &str = "https://developer.api.us.walmart.com/api-proxy/service/sp/api-sams/v1/";
const ID: &str = "15467655-92ef-490d-a2c8-0157990f57f8";
const FILE: &str = "\"date\",\"campaignId\",\"adGroupId\",\"searchedKeyword\",\"numAdsShown\",\"numAdsClicks\",\"adSpend\",\
    \"attributedOrders14days\",\"attributedSales14days\"\n\
    \"2026-09-29\",\"15812\",\"770833893\",\"cherry pepsi\",\"120\",\"9\",\"4.05\",\"1\",\"12.98\"\n\
    \"2026-09-29\",\"15812\",\"770833893\",\"11047090\",\"100\",\"10\",\"2\",\"0\",\"0\"\n";

/// A service whose snapshot is done at the second look, with its file at `place`.
fn service(place: &'static str, create: &'static str) -> Arc<Script> {
    let looks = AtomicUsize::new(0);
    Script::new(move |request| {
        let Some(path) = request.url.strip_prefix(BASE) else {
            assert!(request.secret_headers.is_empty(), "{}", request.url);
            return answer(200, FILE);
        };
        if path == "api/v1/latestReportDate" {
            answer(200, r#"[{"latestReportDate":"2026-09-29"}]"#)
        } else if path == "api/v2/snapshot/report" {
            answer(200, create)
        } else if path.starts_with("api/v2/snapshot?") {
            let done = looks.fetch_add(1, SeqCst) > 0;
            let (status, details) = if done { ("done", place) } else { ("processing", "") };
            answer(
                200,
                &format!(
                    r#"[{{"code":"success","snapshotId":"{ID}","jobStatus":"{status}","details":"{details}"}}]"#
                ),
            )
        } else {
            assert!(!request.secret_headers.is_empty());
            let to = "https://storage.example/snapshot.csv.gz?sig=1";
            Response { headers: vec![("location".into(), to.into())], ..answer(302, "") }
        }
    })
}

const CREATED: &str = r#"{"code":"success","snapshotId":"15467655-92ef-490d-a2c8-0157990f57f8","details":"","jobStatus":"pending"}"#;

#[tokio::test(start_paused = true)]
async fn requests_of_a_report_are_those_of_the_pages() {
    let place = "https://developer.api.us.walmart.com/api-proxy/service/sp/api-sams/v1/file/1.csv.gz";
    let script = service(place, CREATED);
    let (rows, failures) = rows_and_failures(terms(&*connect(&script, &[]), 2).await.unwrap());
    assert!(failures.is_empty(), "{failures:?}");
    // A number is an item's page, not a search.
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (rows[0].text.raw(), rows[0].figures.orders, rows[0].figures.sales.0),
        ("cherry pepsi", 1, 12_980_000)
    );
    let sent: Vec<String> = script
        .sent()
        .iter()
        .map(|text| {
            // The one header that differs from call to call.
            let known = text.lines().map(|line| match line.split_once("CORRELATION_ID: ") {
                Some((name, id)) => format!("{name}CORRELATION_ID: a UUID of {} characters", id.len()),
                None => line.to_owned(),
            });
            known.collect::<Vec<_>>().join("\n")
        })
        .collect();
    golden("sams", "reports", &sent.join("\n\n"));
}

#[tokio::test(start_paused = true)]
async fn a_file_elsewhere_is_fetched_without_credentials() {
    let script = service("https://storage.example/direct.csv.gz?sig=2", CREATED);
    let (rows, failures) = rows_and_failures(terms(&*connect(&script, &[]), 2).await.unwrap());
    assert_eq!((rows.len(), failures.len()), (1, 0), "{failures:?}");
}

#[tokio::test(start_paused = true)]
async fn refusals_are_told_in_the_platforms_words() {
    let refused = r#"{"code":"failure","details":"Report data is available until endDate 2026-09-28","jobStatus":"failed"}"#;
    let script = service("", refused);
    let (_, failures) = rows_and_failures(terms(&*connect(&script, &[]), 2).await.unwrap());
    assert!(failures[0].detail.contains("until endDate 2026-09-28"), "{}", failures[0]);
}
