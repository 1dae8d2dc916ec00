//! A whole connection over scripted answers: lists, reading back, waiting, checks. The bodies follow the samples
//! of developer.samsclub.com.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::time::{Duration, Instant};

use crate::domain::campaign::Holds;
use crate::domain::ids::CampaignId;
use crate::domain::journal::OutcomeKind;
use crate::domain::negative::MatchType;
use crate::domain::problem::ProblemKind;
use crate::domain::request::{Method, Response};
use crate::platform::testing::{self, Script, add, answer, fetched, golden, negative};
use crate::platform::traits::{Answer, Connection, Fetched, Scope, SendError};

use super::Sams;

const SETTINGS: &[(&str, &str)] = &[
    ("advertiser_id", "4321"),
    ("consumer_id", "b7f5a2c0-0000-4000-8000-000000000001"),
    ("key_version", "2"),
    ("auth_token", "token"),
    ("private_key", include_str!("testdata/pkcs8.pem")),
];

const BASE: &str = "https://developer.api.us.walmart.com/api-proxy/service/sp/api-sams/v1/api/v1/";

pub(super) fn connect(script: &Arc<Script>, more: &[(&str, &str)]) -> Arc<dyn Connection> {
    let settings: Vec<_> = SETTINGS.iter().chain(more).copied().collect();
    testing::connect(&Sams, &settings, script).unwrap()
}

fn script(api: impl Fn(&str) -> Response + Send + Sync + 'static) -> Arc<Script> {
    Script::new(move |request| api(request.url.strip_prefix(BASE).expect("only the service base is asked")))
}

/// Two campaigns, one of them search brand amplifier.
fn world(path: &str) -> Response {
    match path {
        "campaigns?advertiserId=4321" => answer(
            200,
            r#"[{"campaignId":15812,"advertiserId":4321,"name":"Cola","campaignType":"sponsoredProducts","targetingType":"auto","status":"live","dailyBudget":10.5},
                {"campaignId":15813,"advertiserId":4321,"name":"Brand","campaignType":"sba","targetingType":"manual","status":"completed"}]"#,
        ),
        "campaigns?advertiserId=4321&campaignId=15812" => answer(
            200,
            r#"{"campaignId":15812,"name":"Cola","campaignType":"sponsoredProducts","targetingType":"auto","status":"live"}"#,
        ),
        "adGroups?advertiserId=4321" | "adGroups?advertiserId=4321&campaignId=15812" => answer(
            200,
            r#"[{"adGroupId":770833893,"campaignId":15812,"name":"All","status":"enabled"},
                {"adGroupId":770833894,"campaignId":15813,"name":"Brand","status":"disabled"}]"#,
        ),
        "negative_keywords?advertiserId=4321&campaignId=15812" => answer(
            200,
            r#"[{"campaignId":15812,"adGroupId":770833893,"keywordId":12347,"state":"enabled","keywordText":"Pepsi","negativeMatchType":"negativeExact"},
                {"campaignId":15812,"adGroupId":770833893,"keywordId":12348,"state":"disabled","keywordText":"Kellogg's","negativeMatchType":"negativeExact"}]"#,
        ),
        "negative_keywords?advertiserId=4321&campaignId=15813" | "keywords?campaignId=15812" => {
            answer(200, "[]")
        }
        other => panic!("not a call of ours: {other}"),
    }
}

#[tokio::test]
async fn a_snapshot_takes_two_lists_and_one_call_for_each_campaign() {
    let script = script(world);
    let pages = fetched(&*connect(&script, &[]), &Scope::SNAPSHOT).await.unwrap();
    let (mut campaigns, mut groups, mut negatives) = (Vec::new(), Vec::new(), Vec::new());
    for page in pages {
        match page {
            Fetched::Campaigns(rows) => campaigns.extend(rows),
            Fetched::AdGroups(rows) => groups.extend(rows),
            Fetched::Negatives(rows) => negatives.extend(rows),
            other => panic!("{other:?}"),
        }
    }
    let seen: Vec<_> = campaigns.iter().map(|c| (c.id.raw(), c.holds)).collect();
    assert_eq!(seen, [("15812", Holds::Yes), ("15813", Holds::Inert)]);
    assert_eq!((groups.len(), negatives.len()), (2, 2));
    assert_eq!(script.sent().len(), 4);
}

#[tokio::test]
async fn the_calls_of_one_campaign_stand_as_the_documents_have_them() {
    let script = script(world);
    let scope = Scope { campaigns: Some(vec![CampaignId::new("15812")]), keywords: true, ..Scope::SNAPSHOT };
    let pages = fetched(&*connect(&script, &[]), &scope).await.unwrap();
    let groups: Vec<_> = pages
        .iter()
        .flat_map(|page| if let Fetched::AdGroups(rows) = page { rows.clone() } else { Vec::new() })
        .collect();
    assert_eq!(groups.len(), 1, "another campaign's ad group is left out: {groups:?}");
    let mut sent: Vec<String> = script
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
    sent.sort();
    golden("sams", "list", &sent.join("\n\n"));
}

#[tokio::test]
async fn one_campaign_that_fails_does_not_lose_the_others() {
    let script = script(|path| {
        if path.ends_with("campaignId=15813") {
            answer(404, r#"{"message":"no such campaign"}"#)
        } else {
            world(path)
        }
    });
    let pages = fetched(&*connect(&script, &[]), &Scope::SNAPSHOT).await.unwrap();
    let failed: Vec<_> = pages
        .iter()
        .filter_map(|page| match page {
            Fetched::Failed { campaigns, problem } => Some((campaigns.clone().unwrap(), problem.to_string())),
            _ => None,
        })
        .collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].0, [CampaignId::new("15813")]);
    assert!(failed[0].1.contains("no such campaign"), "{}", failed[0].1);
    assert!(pages.iter().any(|page| matches!(page, Fetched::Negatives(rows) if rows.len() == 2)));
}

#[tokio::test]
async fn both_401_and_403_are_trouble_with_the_keys() {
    for (status, calls) in [(401, 2), (403, 1)] {
        let script =
            script(move |_| answer(status, r#"{"details":{"Description":"Signature verification failed"}}"#));
        let connection = connect(&script, &[]);
        let request = connection.prepare(&[add(1, "15812", "770833893", "Pepsi", MatchType::Exact)]).remove(0);
        let Err(SendError::NotSent(problem)) = connection.send(&request).await else { panic!("sent") };
        assert_eq!(problem.kind, ProblemKind::Auth);
        assert!(problem.detail.contains("Signature verification failed"), "{problem}");
        assert_eq!(script.sent().len(), calls, "{status}");
        let problem = fetched(&*connection, &Scope::SNAPSHOT).await.unwrap_err();
        assert_eq!(problem.kind, ProblemKind::Auth);
    }
}

#[tokio::test(start_paused = true)]
async fn a_429_without_retry_after_waits_ten_minutes() {
    let calls = AtomicU32::new(0);
    let script = script(
        move |path| {
            if calls.fetch_add(1, Ordering::SeqCst) == 0 { answer(429, "") } else { world(path) }
        },
    );
    let connection = connect(&script, &[]);
    let scope = Scope { campaigns: Some(vec![CampaignId::new("15812")]), structure: false, ..Scope::SNAPSHOT };
    let began = Instant::now();
    fetched(&*connection, &scope).await.unwrap();
    assert_eq!(began.elapsed(), Duration::from_mins(10));
}

#[tokio::test]
async fn a_refused_addition_that_is_there_was_there_already() {
    let script = Script::new(|request| {
        if request.method == Method::Post {
            answer(200, r#"[{"code":"failure","details":"no","keywordText":"pepsi"}]"#)
        } else {
            world(request.url.strip_prefix(BASE).unwrap())
        }
    });
    let connection = connect(&script, &[]);
    let changes = [add(1, "15812", "770833893", "pepsi", MatchType::Exact)];
    let request = connection.prepare(&changes).remove(0);
    let response = connection.send(&request).await.unwrap();
    let read = connection.read(&request, &changes, &response);
    let Answer::Settled(outcome) = &read[0].1 else { panic!("{read:?}") };
    assert_eq!((outcome.kind, outcome.id.as_ref().unwrap().raw()), (OutcomeKind::Already, "12347"));
}

#[tokio::test]
async fn reading_back_lists_each_campaign_once() {
    let script = script(world);
    let wanted = [
        negative("12347", "15812", "770833893", "Pepsi"),
        negative("12348", "15812", "770833893", "Kellogg's"),
        negative("99", "15812", "770833893", "gone"),
    ];
    let found = connect(&script, &[]).read_back(&wanted).await.unwrap();
    let mut ids: Vec<_> = found.iter().map(|negative| negative.id.raw()).collect();
    ids.sort_unstable();
    assert_eq!(ids, ["12347", "12348"]);
    assert_eq!(script.sent().len(), 1);
}

#[tokio::test]
async fn check_tells_advertiser_and_clock() {
    let script = script(|path| {
        let mut response = world(path);
        response.headers.push(("date".to_owned(), "Thu, 01 Oct 2026 00:05:00 GMT".to_owned()));
        response
    });
    let checks = connect(&script, &[]).check().await;
    assert_eq!(checks[0].result, Ok("advertiser 4321: 2 campaigns".to_owned()));
    assert!(checks[1].result.as_ref().unwrap_err().title.contains("300 s behind"));
}

#[test]
fn an_account_is_its_advertiser_and_staging_is_not_live() {
    let script = script(world);
    let account = |more: &[(&str, &str)]| connect(&script, more).account().clone();
    let live = account(&[]);
    assert_eq!(live.identity.key(), "sams|https://developer.api.us.walmart.com|4321");
    assert!(live.live);
    assert!(!account(&[("environment", "sandbox")]).live);
    let local = account(&[("base_url", "http://127.0.0.1:4012/api/v1/")]);
    assert_eq!((local.identity.origin.as_str(), local.live), ("http://127.0.0.1:4012", false));
}

#[test]
fn a_wrong_setting_names_its_key() {
    let script = script(world);
    let wrong = |key: &str, value: &str| {
        let settings: Vec<_> =
            SETTINGS.iter().copied().filter(|(k, _)| *k != key).chain([(key, value)]).collect();
        testing::connect(&Sams, &settings, &script).err().unwrap().title
    };
    for (key, value) in [
        ("environment", "test"),
        ("advertiser_id", "acme"),
        ("base_url", "http://example.com"),
        ("private_key", include_str!("testdata/encrypted_pkcs8.pem")),
    ] {
        assert!(wrong(key, value).contains(&format!("`{key}`")), "{key}");
    }
}
