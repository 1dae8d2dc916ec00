//! The contract of a platform's reports of search terms: one set of cases, run for every platform of the registry against
//! its emulation. What only one platform has is tested in its own folder.

mod support;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde_json::{Value, json};
use support::{Bench, list};
use tokio::sync::mpsc;
use unbid::domain::problem::{Problem, ProblemKind};
use unbid::domain::term::{TermPeriod, TermRow};
use unbid::platform::traits::{Scope, TermsFetched, TermsWanted, Whole};
use unbid::platform::{Connection, Platform, registry};

/// The last day of the world that has terms.
const LAST: &str = "2026-09-30";

fn wanted(days: u16) -> TermsWanted {
    TermsWanted { days, until: Some(LAST.parse().unwrap()), not: Vec::new() }
}

/// Every platform, each with a world of its own.
fn each() -> impl Iterator<Item = (&'static dyn Platform, Bench, Arc<dyn Connection>)> {
    registry().iter().map(|platform| {
        let bench = Bench::small();
        let connection = bench.connect(*platform);
        (*platform, bench, connection)
    })
}

/// Everything that came.
#[derive(Default)]
struct Come {
    asked: usize,
    rows: Vec<TermRow>,
    whole: BTreeMap<TermPeriod, Whole>,
    failed: BTreeMap<TermPeriod, Problem>,
}

async fn fetch(connection: &dyn Connection, wanted: &TermsWanted) -> Result<Come, Problem> {
    let (sink, mut parts) = mpsc::channel(8);
    let gather = async {
        let mut come = Come::default();
        while let Some(part) = parts.recv().await {
            match part {
                TermsFetched::Asked(reports) => come.asked = reports,
                TermsFetched::Rows(days, rows) => {
                    assert!(rows.iter().all(|row| days.has(row.from) && days.has(row.to)), "{days}");
                    come.rows.extend(rows);
                }
                TermsFetched::Whole(days, whole) => _ = come.whole.insert(days, whole),
                TermsFetched::Failed(days, problem) => _ = come.failed.insert(days, problem),
            }
        }
        come
    };
    let ask = async {
        let end = connection.terms(wanted, &sink).await;
        drop(sink);
        end
    };
    let (end, come) = tokio::join!(ask, gather);
    end.map(|()| come)
}

/// Rows as lines, equal ones added up: a report may tell a term once for each keyword.
fn lines(rows: &[TermRow]) -> BTreeMap<String, [u64; 5]> {
    let mut lines: BTreeMap<String, [u64; 5]> = BTreeMap::new();
    for row in rows {
        let group = row.ad_group.as_ref().and_then(|group| group.id()).map_or("-", |id| id.raw());
        let campaign = row.campaign.id().expect("reports of services have ids").raw();
        let key = format!("{campaign}|{group}|{}|{}|{}", row.text.raw(), row.from, row.currency.code());
        let figures = row.figures;
        let cents = |micros: i64| (micros / 10_000).unsigned_abs();
        let of = [
            figures.impressions,
            figures.clicks,
            figures.orders,
            cents(figures.spend.0),
            cents(figures.sales.0),
        ];
        let sums = lines.entry(key).or_default();
        for (sum, one) in sums.iter_mut().zip(of) {
            *sum += one;
        }
    }
    lines
}

/// What the world holds of an account in these days, as lines.
async fn world(
    bench: &Bench,
    platform: &dyn Platform,
    account: &str,
    from: &str,
) -> BTreeMap<String, [u64; 5]> {
    let all = bench.control("GET", &format!("/terms?platform={}", platform.id()), None).await;
    let mut lines: BTreeMap<String, [u64; 5]> = BTreeMap::new();
    for row in all.as_array().unwrap().iter().filter(|row| row["account"] == account) {
        let word = |key: &str| row[key].as_str().unwrap();
        if word("from") < from || word("from") > LAST {
            continue;
        }
        let key = format!(
            "{}|{}|{}|{}|{}",
            word("campaign_id"),
            word("ad_group_id"),
            word("term"),
            word("from"),
            word("currency")
        );
        let count = |key: &str| row[key].as_u64().unwrap();
        #[expect(clippy::cast_sign_loss, reason = "no report has less than nothing")]
        let cents = |key: &str| (row[key].as_f64().unwrap() * 100.0).round() as u64;
        let of = [count("impressions"), count("clicks"), count("orders"), cents("spend"), cents("sales")];
        let sums = lines.entry(key).or_default();
        sums.iter_mut().zip(of).for_each(|(sum, one)| *sum += one);
    }
    lines
}

#[tokio::test(start_paused = true)]
async fn sixty_days_come_day_by_day_as_the_world_holds_them() {
    for platform in registry() {
        let bench = Bench::small();
        for config in bench.accounts(*platform) {
            let connection = unbid::platform::connect(config, &bench.http).unwrap();
            let come = fetch(&*connection, &wanted(60)).await.unwrap();
            assert!(come.failed.is_empty(), "{:?}", come.failed);
            assert_eq!(come.asked, come.whole.len());
            assert!(come.asked >= 2, "no platform has sixty days in one report");
            assert!(come.whole.values().all(|whole| whole.rejected == 0), "{:?}", come.whole);
            let days: Vec<_> = come.whole.keys().collect();
            assert_eq!(
                (days[0].from.to_string(), days[days.len() - 1].to.to_string()),
                ("2026-08-02".into(), LAST.into())
            );
            assert!(come.rows.iter().all(|row| row.from == row.to), "rows are of single days");
            // What a report leaves out is the platform's own: rows without clicks, campaigns without keywords.
            let ours = lines(&come.rows);
            let mut theirs = world(&bench, *platform, config.name.as_str(), "2026-08-02").await;
            let left_out = left_out(&*connection, &theirs).await;
            theirs.retain(|key, _| !left_out.contains(key));
            assert!(!ours.is_empty(), "{}", config.name);
            assert_eq!(ours, theirs, "{}", config.name);
        }
    }
}

/// The lines that the platform's report does not have: Amazon's tells clicks only, Sam's manual campaigns only.
async fn left_out(connection: &dyn Connection, lines: &BTreeMap<String, [u64; 5]>) -> Vec<String> {
    use unbid::domain::campaign::Targeting;
    let all = list(connection, &Scope::SNAPSHOT).await.unwrap();
    let id = connection.account().identity.platform.as_str().to_owned();
    let manual: HashMap<&str, bool> = all
        .campaigns
        .values()
        .map(|campaign| (campaign.id.raw(), campaign.targeting == Targeting::Manual))
        .collect();
    let gone = |(key, figures): (&String, &[u64; 5])| {
        let campaign = key.split('|').next().unwrap_or_default();
        match id.as_str() {
            "amazon" => figures[1] == 0,
            "sams" => {
                !manual.get(campaign).copied().unwrap_or(false)
                    || (figures[0] <= 10 && figures[3] == 0 && figures[4] == 0)
            }
            _ => false,
        }
    };
    lines.iter().filter(|line| gone((line.0, line.1))).map(|(key, _)| key.clone()).collect()
}

#[tokio::test(start_paused = true)]
async fn days_that_are_not_wanted_are_not_asked_for() {
    for (platform, bench, connection) in each() {
        let days = |from: &str, to: &str| TermPeriod { from: from.parse().unwrap(), to: to.parse().unwrap() };
        let wanted = TermsWanted { not: vec![days("2026-09-01", "2026-09-28")], ..wanted(20) };
        let come = fetch(&*connection, &wanted).await.unwrap();
        let told: Vec<TermPeriod> = come.whole.keys().copied().collect();
        assert_eq!(told, [days("2026-09-29", LAST)], "{}", platform.id());
        let asked = bench.control("GET", "/requests", None).await;
        let made = asked.as_array().unwrap().iter().filter(|call| call["method"] == "POST" && is_create(call));
        assert_eq!(made.count(), 1, "{}", platform.id());
    }
}

/// Whether a call asked for a report.
fn is_create(call: &Value) -> bool {
    let path = call["path"].as_str().unwrap_or_default();
    path.ends_with("/reporting/reports")
        || path.ends_with("/ad_report_task")
        || path.ends_with("/snapshot/report")
}

/// The path of a look at a report, and what a failed one answers.
fn failing(platform: &dyn Platform) -> (&'static str, Value, &'static str) {
    match platform.id().as_str() {
        "amazon" => (
            "/reporting/reports/",
            json!({"reportId": "22b938b9-e5be-4e2d-ae39-6c2331d180d5", "status": "FAILED",
                "failureReason": "Report generation failed due to an internal error. Please retry"}),
            "Report generation failed due to an internal error",
        ),
        "ebay" => (
            "/sell/marketing/v1/ad_report_task/",
            json!({"reportTaskId": "1", "reportTaskStatus": "FAILED", "reportTaskStatusMessage": "The data limit was exceeded"}),
            "The data limit was exceeded",
        ),
        _ => (
            "/api/v2/snapshot",
            json!([{"code": "failure", "snapshotId": "1", "jobStatus": "failed", "details": "Snapshot generation failed"}]),
            "Snapshot generation failed",
        ),
    }
}

#[tokio::test(start_paused = true)]
async fn a_report_that_fails_is_told_in_the_platforms_words_and_the_others_come() {
    for (platform, bench, connection) in each() {
        let (path, body, words) = failing(platform);
        bench
            .faults(json!([{"platform": platform.id(), "method": "GET", "path": path, "times": 1,
                "kind": "status", "status": 200, "body": body}]))
            .await;
        let come = fetch(&*connection, &wanted(40)).await.unwrap();
        assert_eq!(come.failed.len(), 1, "{}", platform.id());
        assert_eq!(come.whole.len() + 1, come.asked, "{}", platform.id());
        let problem = come.failed.values().next().unwrap();
        assert!(problem.detail.contains(words), "{}: {problem}", platform.id());
        assert!(!problem.hint.is_empty());
        // The next time it is asked for anew, and comes.
        let again = fetch(&*connection, &wanted(40)).await.unwrap();
        assert!(again.failed.is_empty(), "{}: {:?}", platform.id(), again.failed);
    }
}

#[tokio::test(start_paused = true)]
async fn terms_survive_faults_that_pass() {
    for (platform, bench, connection) in each() {
        let whole = lines(&fetch(&*connection, &wanted(20)).await.unwrap().rows);
        for fault in [
            json!({"kind": "status", "status": 503}),
            json!({"kind": "status", "status": 429, "retry_after": 3}),
            json!({"kind": "drop_before"}),
            json!({"kind": "truncate_body"}),
            json!({"kind": "html_error"}),
        ] {
            let mut rule = fault.clone();
            rule["platform"] = json!(platform.id());
            rule["after"] = json!(1);
            rule["times"] = json!(2);
            bench.faults(json!([rule, {"platform": platform.id(), "kind": "latency", "ms": 40}])).await;
            let again = fetch(&*connection, &wanted(20)).await.unwrap();
            assert!(again.failed.is_empty(), "{} {fault}: {:?}", platform.id(), again.failed);
            assert_eq!(lines(&again.rows), whole, "{} {fault}", platform.id());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_report_that_was_asked_for_is_taken_up_again() {
    for (platform, bench, connection) in each() {
        let (path, ..) = failing(platform);
        let creates = async || {
            let log = bench.control("GET", "/requests", None).await;
            log.as_array().unwrap().iter().filter(|call| call["method"] == "POST" && is_create(call)).count()
        };
        let rule = json!([{"platform": platform.id(), "method": "GET", "path": path, "kind": "status", "status": 503}]);
        bench.faults(rule).await;
        let come = fetch(&*connection, &wanted(10)).await.unwrap();
        assert!(come.whole.is_empty() && !come.failed.is_empty(), "{}", platform.id());
        let before = creates().await;
        assert!(before >= come.asked, "{}", platform.id());
        bench.faults(json!([])).await;
        let again = fetch(&*connection, &wanted(10)).await.unwrap();
        assert!(again.failed.is_empty(), "{}: {:?}", platform.id(), again.failed);
        assert_eq!(creates().await, before, "{}", platform.id());
    }
}

#[tokio::test(start_paused = true)]
async fn another_run_finds_the_reports_that_are_there() {
    for (platform, bench, connection) in each() {
        let first = fetch(&*connection, &wanted(40)).await.unwrap();
        // Nothing is remembered from one process to the next.
        let other = bench.connect(platform);
        let second = fetch(&*other, &wanted(40)).await.unwrap();
        assert!(second.failed.is_empty(), "{}: {:?}", platform.id(), second.failed);
        assert_eq!(lines(&second.rows), lines(&first.rows), "{}", platform.id());
    }
}

#[tokio::test(start_paused = true)]
async fn wrong_credentials_fail_the_whole_and_say_so() {
    for (platform, bench, _) in each() {
        let mut config = bench.accounts(platform)[0].clone();
        let key = if config.settings.contains_key("client_secret") { "client_secret" } else { "auth_token" };
        let line = config.settings[key].1;
        let wrong = unbid::config::Setting::Text("wrong".into());
        config.settings.insert(key.to_owned(), (wrong, line));
        let connection = unbid::platform::connect(&config, &bench.http).unwrap();
        let problem = fetch(&*connection, &wanted(10)).await.err().expect("refused");
        assert_eq!(problem.kind, ProblemKind::Auth, "{}: {problem}", platform.id());
    }
}
