//! The report flow over answers written after the official file; the requests against a golden file that was read against
//! Sell Marketing v1.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use super::tests::{connect, script};
use crate::domain::request::Response;
use crate::platform::testing::{Script, answer, golden, rows_and_failures, terms};

const METADATA: &str = r#"{"reportType":"SEARCH_QUERY_PERFORMANCE_REPORT","maxNumberOfDimensionsToRequest":4,
    "dimensionMetadata":[{"dimensionKey":"campaign_id","dataType":"STRING","dimensionKeyAnnotations":[]},
        {"dimensionKey":"ad_group_id","dataType":"STRING","dimensionKeyAnnotations":[]},
        {"dimensionKey":"search_query","dataType":"STRING","dimensionKeyAnnotations":[]},
        {"dimensionKey":"day","dataType":"DATE","dimensionKeyAnnotations":[]}],
    "metricMetadata":[{"metricKey":"cpc_impressions"},{"metricKey":"cpc_clicks"},{"metricKey":"cpc_attributed_sales"},
        {"metricKey":"cpc_ad_fees_listingsite_currency"},{"metricKey":"cpc_ad_fees_payout_currency"},
        {"metricKey":"cpc_sale_amount_listingsite_currency"}]}"#;
const FILE: &str = "campaign_id\tad_group_id\tsearch_query\tday\tcpc_impressions\tcpc_clicks\tcpc_attributed_sales\t\
    cpc_ad_fees_listingsite_currency\tcpc_sale_amount_listingsite_currency\n\
    12\t77\tfree \"vinyl\"\t2026-09-30\t1200\t31\t2\tUSD 28.00\tUSD 1,294.37\n";

fn located() -> Response {
    let place = "https://elsewhere.example/sell/marketing/v1/ad_report_task/5100";
    Response { headers: vec![("location".into(), place.into())], ..answer(202, "") }
}

fn task(status: &str) -> Response {
    answer(
        200,
        &format!(
            r#"{{"reportTaskId":"5100","reportTaskStatus":"{status}","reportTaskStatusMessage":"Row limit exceeded",
                "reportId":"6100","reportHref":"https://elsewhere.example/sell/marketing/v1/ad_report/6100"}}"#
        ),
    )
}

/// A service whose task is done at the second look; `metadata` and `create` answer those calls.
fn service(
    metadata: Response,
    create: impl Fn(usize, &str) -> Response + Send + Sync + 'static,
) -> Arc<Script> {
    let (looks, creates) = (AtomicUsize::new(0), AtomicUsize::new(0));
    script(move |path, request| {
        let path = path.strip_prefix("/sell/marketing/v1").unwrap();
        if path.starts_with("/ad_report_metadata/") {
            metadata.clone()
        } else if path == "/ad_report_task" {
            create(creates.fetch_add(1, SeqCst), std::str::from_utf8(&request.body).unwrap())
        } else if path == "/ad_report_task/5100" {
            task(if looks.fetch_add(1, SeqCst) == 0 { "PENDING" } else { "SUCCESS" })
        } else {
            assert_eq!(path, "/ad_report/6100");
            answer(200, FILE)
        }
    })
}

#[tokio::test(start_paused = true)]
async fn requests_of_a_report_are_those_of_the_specification() {
    let script = service(answer(200, METADATA), |_, _| located());
    let connection = connect(&script, &[]);
    let (rows, failures) = rows_and_failures(terms(&*connection, 2).await.unwrap());
    assert!(failures.is_empty(), "{failures:?}");
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].text.raw(), "free \"vinyl\"");
    assert_eq!((rows[0].figures.spend.0, rows[0].figures.sales.0), (28_000_000, 1_294_370_000));
    assert_eq!(rows[0].currency.code(), "USD");
    golden("ebay", "reports", &script.sent().join("\n\n"));
}

#[tokio::test(start_paused = true)]
async fn spans_that_ebay_names_are_kept_from_then_on() {
    let too_long = r#"{"errors":[{"errorId":35090,"message":"Only up to {maxDayRange} days are supported.",
        "parameters":[{"name":"maxDayRange","value":"3"}]}]}"#;
    let too_old = r#"{"errors":[{"errorId":35105,"message":"Reports are limited up to {maxDays} days in the past.",
        "parameters":[{"name":"dateFrom","value":"2026-09-01"},{"name":"maxDays","value":"10"}]}]}"#;
    let script = service(answer(200, METADATA), move |number, _| match number {
        0 => answer(400, too_old),
        1 => answer(400, too_long),
        _ => located(),
    });
    let connection = connect(&script, &[]);
    let (_, failures) = rows_and_failures(terms(&*connection, 30).await.unwrap());
    assert!(failures.is_empty(), "{failures:?}");
    let asked: Vec<String> = script
        .sent()
        .into_iter()
        .filter(|sent| sent.starts_with("POST https://api.ebay.com/sell/marketing/v1/ad_report_task"))
        .map(|sent| {
            let days = |key: &str| sent.split(key).nth(1).unwrap()[..10].to_owned();
            format!("{} {}", days("\"dateFrom\":\""), days("\"dateTo\":\""))
        })
        .collect();
    assert_eq!(
        asked,
        [
            "2026-09-01 2026-09-07",
            "2026-09-21 2026-09-21",
            "2026-09-21 2026-09-21",
            "2026-09-22 2026-09-24",
            "2026-09-25 2026-09-27",
            "2026-09-28 2026-09-30"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn dimensions_that_ebay_insists_on_are_asked_for() {
    let missing = r#"{"errors":[{"errorId":35119,"message":"Minimum required dimensionKeys are: {minimumDimensionKeys}",
        "parameters":[{"name":"minimumDimensionKeys","value":"campaign_id, ad_group_id, search_query, seller_keyword_id"}]}]}"#;
    let script = service(answer(200, METADATA), move |_, body| {
        if body.contains("seller_keyword_id") { located() } else { answer(400, missing) }
    });
    let (rows, failures) = rows_and_failures(terms(&*connect(&script, &[]), 1).await.unwrap());
    assert_eq!((rows.len(), failures.len()), (1, 0), "{failures:?}");
}

#[tokio::test(start_paused = true)]
async fn an_application_that_may_not_see_the_keys_goes_by_those_that_the_guide_names() {
    let denied = r#"{"errors":[{"errorId":1100,"message":"Access denied"}]}"#;
    let script = service(answer(403, denied), |_, body| {
        assert!(!body.contains("\"day\""), "{body}");
        located()
    });
    let (_, failures) = rows_and_failures(terms(&*connect(&script, &[]), 1).await.unwrap());
    assert!(failures.is_empty(), "{failures:?}");
}

#[tokio::test(start_paused = true)]
async fn what_fails_is_told_in_ebays_words() {
    let script = script(|path, _| match path {
        path if path.contains("ad_report_metadata") => answer(200, METADATA),
        path if path.ends_with("/ad_report_task") => located(),
        _ => task("FAILED"),
    });
    let (_, failures) = rows_and_failures(terms(&*connect(&script, &[]), 1).await.unwrap());
    assert!(failures[0].detail.contains("Row limit exceeded"), "{}", failures[0]);
    let keyless = METADATA.replace("search_query", "seller_keyword_id");
    let script = service(answer(200, &keyless), |_, _| located());
    let problem = terms(&*connect(&script, &[]), 1).await.unwrap_err();
    assert!(
        problem.title.contains("the search query") && problem.detail.contains("seller_keyword_id"),
        "{problem}"
    );
}
