//! A whole connection over scripted answers: sign-in, lists, reading back, checks. The bodies follow the
//! specification's examples.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::domain::campaign::Holds;
use crate::domain::ids::CampaignId;
use crate::domain::negative::MatchType;
use crate::domain::problem::ProblemKind;
use crate::domain::request::{Method, Response};
use crate::platform::http::WireRequest;
use crate::platform::testing::{self, Script, add, answer, fetched, golden, negative};
use crate::platform::traits::{Connection, Fetched, Scope, SendError};

use super::Ebay;

const SETTINGS: &[(&str, &str)] = &[
    ("marketplace", "EBAY_US"),
    ("client_id", "acme-app"),
    ("client_secret", "cert"),
    ("refresh_token", "v^1.1#refresh"),
];

const TOKEN: &str = r#"{"access_token":"v^1.1#access","expires_in":7200,"token_type":"User Access Token"}"#;

pub(super) fn connect(script: &Arc<Script>, more: &[(&str, &str)]) -> Arc<dyn Connection> {
    let settings: Vec<_> = SETTINGS.iter().chain(more).copied().collect();
    testing::connect(&Ebay, &settings, script).unwrap()
}

/// Signs in, then asks `api` with path and query.
pub(super) fn script(api: impl Fn(&str, &WireRequest) -> Response + Send + Sync + 'static) -> Arc<Script> {
    Script::new(move |request| {
        let path = request.url.strip_prefix("https://api.ebay.com").expect("only eBay's own host is asked");
        if path == "/identity/v1/oauth2/token" { answer(200, TOKEN) } else { api(path, request) }
    })
}

fn query<'a>(path: &'a str, name: &str) -> &'a str {
    let query = path.split_once('?').map_or("", |(_, query)| query);
    query.split('&').filter_map(|pair| pair.split_once('=')).find(|(n, _)| *n == name).map_or("", |(_, v)| v)
}

fn number(path: &str, name: &str) -> usize {
    query(path, name).parse().unwrap()
}

/// A page of `rows`, with `next` on a foreign host.
fn page(array: &str, rows: &[String], path: &str) -> Response {
    let (limit, offset) = (number(path, "limit"), number(path, "offset"));
    let part = rows.iter().skip(offset).take(limit).cloned().collect::<Vec<_>>().join(",");
    let next = if offset + limit < rows.len() {
        format!(r#","next":"https://elsewhere.example/x?limit={limit}&offset={}""#, offset + limit)
    } else {
        String::new()
    };
    answer(
        200,
        &format!(r#"{{"{array}":[{part}],"total":{},"limit":{limit},"offset":{offset}{next}}}"#, rows.len()),
    )
}

fn campaign(id: usize, targeting: &str, marketplace: &str) -> String {
    format!(
        r#"{{"campaignId":"{id}","campaignName":"C{id}","campaignStatus":"RUNNING","campaignTargetingType":"{targeting}",
        "channels":["ON_SITE"],"marketplaceId":"{marketplace}","fundingStrategy":{{"fundingModel":"COST_PER_CLICK"}}}}"#
    )
}

/// Three campaigns here, one on another marketplace, one smart; campaign 2 has 620 ad groups, group 1001 620
/// negatives, every other group one.
fn world(path: &str, _: &WireRequest) -> Response {
    let marketing = path.strip_prefix("/sell/marketing/v1").unwrap();
    if marketing.starts_with("/ad_campaign?") {
        return match query(path, "campaign_targeting_types") {
            "MANUAL" => page(
                "campaigns",
                &[
                    campaign(1, "MANUAL", "EBAY_US"),
                    campaign(2, "MANUAL", "EBAY_US"),
                    campaign(3, "MANUAL", "EBAY_GB"),
                ],
                path,
            ),
            _ => page("campaigns", &[campaign(9, "SMART", "EBAY_US")], path),
        };
    }
    let group = |id: usize| format!(r#"{{"adGroupId":"{id}","name":"G{id}","adGroupStatus":"ACTIVE"}}"#);
    let negative = |id: usize, group: &str| {
        format!(
            r#"{{"negativeKeywordId":"{id}","adGroupId":"{group}","negativeKeywordText":"t{id}",
            "negativeKeywordMatchType":"PHRASE","negativeKeywordStatus":"ACTIVE"}}"#
        )
    };
    match marketing.split('?').next().unwrap() {
        "/ad_campaign/1/ad_group" => page("adGroups", &[group(1_001)], path),
        "/ad_campaign/2/ad_group" => {
            page("adGroups", &(2_001..2_621).map(group).collect::<Vec<_>>(), path)
        }
        "/negative_keyword" => {
            let rows: Vec<String> = query(path, "ad_group_ids")
                .split(',')
                .flat_map(|group| {
                    let first: usize = group.parse::<usize>().unwrap() * 1_000;
                    let count = if group == "1001" { 620 } else { 1 };
                    (first..first + count).map(|id| negative(id, group)).collect::<Vec<_>>()
                })
                .collect();
            page("negativeKeywords", &rows, path)
        }
        "/ad_campaign/1/keyword" => page(
            "keywords",
            &[r#"{"keywordId":"7","adGroupId":"1001","keywordText":"tea","matchType":"BROAD","keywordStatus":"ACTIVE"}"#
                .to_owned()],
            path,
        ),
        "/ad_campaign/2/keyword" => page("keywords", &[], path),
        other => panic!("not a call of ours: {other}"),
    }
}

#[tokio::test]
async fn a_snapshot_has_every_row_once_and_asks_in_large_batches() {
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
    campaigns.sort_by(|a, b| a.id.cmp(&b.id));
    let seen: Vec<_> = campaigns.iter().map(|c| (c.id.raw(), c.holds)).collect();
    assert_eq!(seen, [("1", Holds::Yes), ("2", Holds::Yes), ("9", Holds::No)]);
    groups.sort_by(|a, b| a.id.cmp(&b.id));
    groups.dedup();
    assert_eq!(groups.len(), 621);
    assert_eq!(negatives.len(), 620 + 620);
    let home = |id: &str| negatives.iter().find(|n| n.id.raw() == id).unwrap().campaign.clone();
    assert_eq!((home("1001000"), home("2620000")), (CampaignId::new("1"), CampaignId::new("2")));
    // Token, 2 campaign lists, 1 + 2 ad-group pages, 621 groups in 4 batches, one of which has a second page.
    assert_eq!(script.sent().len(), 1 + 2 + 3 + 5);
}

#[tokio::test]
async fn the_calls_of_a_listing_stand_as_the_specification_has_them() {
    let script = script(world);
    let scope = Scope { campaigns: Some(vec![CampaignId::new("1")]), keywords: true, ..Scope::SNAPSHOT };
    fetched(&*connect(&script, &[]), &scope).await.unwrap();
    let mut sent = script.sent();
    sent[1..].sort();
    golden("ebay", "list", &sent.join("\n\n"));
}

#[tokio::test]
async fn without_the_structure_only_what_is_needed_is_asked() {
    let script = script(world);
    let scope = Scope { campaigns: Some(vec![CampaignId::new("1")]), structure: false, ..Scope::SNAPSHOT };
    let pages = fetched(&*connect(&script, &[]), &scope).await.unwrap();
    assert!(pages.iter().all(|page| matches!(page, Fetched::Negatives(_))), "{pages:?}");
    assert_eq!(script.sent().len(), 1 + 1 + 2);
}

#[tokio::test]
async fn one_campaign_that_fails_does_not_lose_the_others() {
    let script = script(|path, request| {
        if path.contains("/ad_campaign/2/ad_group") {
            answer(400, r#"{"errors":[{"errorId":36213,"message":"not CPC"}]}"#)
        } else {
            world(path, request)
        }
    });
    let pages = fetched(&*connect(&script, &[]), &Scope::SNAPSHOT).await.unwrap();
    let failed: Vec<_> = pages
        .iter()
        .filter_map(|page| match page {
            Fetched::Failed { campaigns, problem } => {
                Some((campaigns.clone().unwrap(), problem.detail.clone()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].0, [CampaignId::new("2")]);
    assert!(failed[0].1.contains("36213 not CPC"), "{}", failed[0].1);
    let negatives: usize =
        pages.iter().map(|page| if let Fetched::Negatives(rows) = page { rows.len() } else { 0 }).sum();
    assert_eq!(negatives, 620);
}

#[tokio::test]
async fn a_batch_refused_for_one_ad_group_is_split_until_the_others_are_had() {
    let script = script(|path, request| {
        if path.contains("/negative_keyword?") && query(path, "ad_group_ids").split(',').any(|id| id == "2100")
        {
            answer(409, r#"{"errors":[{"errorId":35129,"message":"smart"}]}"#)
        } else {
            world(path, request)
        }
    });
    let pages = fetched(&*connect(&script, &[]), &Scope::SNAPSHOT).await.unwrap();
    let mut ids: Vec<_> = pages
        .iter()
        .flat_map(|page| if let Fetched::Negatives(rows) = page { rows.clone() } else { Vec::new() })
        .map(|negative| negative.id)
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 620 + 619);
}

#[tokio::test]
async fn a_smaller_page_is_asked_for_when_the_platform_names_its_limit() {
    let script = script(|path, request| {
        if path.contains("/ad_group?") && number(path, "limit") >= 200 {
            answer(
                400,
                r#"{"errors":[{"errorId":35029,"message":"The 'limit' has to be greater than zero and less than 200."}]}"#,
            )
        } else {
            world(path, request)
        }
    });
    let pages = fetched(&*connect(&script, &[]), &Scope::SNAPSHOT).await.unwrap();
    let groups: usize =
        pages.iter().map(|page| if let Fetched::AdGroups(rows) = page { rows.len() } else { 0 }).sum();
    assert_eq!(groups, 621);
}

#[tokio::test]
async fn a_list_that_repeats_its_page_is_told_and_ends() {
    let script = script(|path, request| {
        if path.contains("/negative_keyword?") {
            let next = "https://api.ebay.com/sell/marketing/v1/negative_keyword?limit=500&offset=0";
            answer(
                200,
                &format!(
                    r#"{{"negativeKeywords":[{{"negativeKeywordId":"1","adGroupId":"1001","negativeKeywordText":"t",
                    "negativeKeywordMatchType":"EXACT","negativeKeywordStatus":"ACTIVE"}}],"total":900,"next":"{next}"}}"#
                ),
            )
        } else {
            world(path, request)
        }
    });
    let scope = Scope { campaigns: Some(vec![CampaignId::new("1")]), ..Scope::SNAPSHOT };
    let pages = fetched(&*connect(&script, &[]), &scope).await.unwrap();
    assert!(pages.iter().any(|page| matches!(page,
        Fetched::Failed { problem, .. } if problem.kind == ProblemKind::Reply)));
}

#[tokio::test]
async fn nothing_can_be_had_when_the_sign_in_is_refused() {
    let script = Script::new(|_| {
        answer(400, r#"{"error":"invalid_grant","error_description":"the provided refresh token is invalid"}"#)
    });
    let problem = fetched(&*connect(&script, &[]), &Scope::SNAPSHOT).await.unwrap_err();
    assert_eq!(problem.kind, ProblemKind::Auth);
    assert!(problem.detail.contains("invalid_grant"), "{problem}");
}

#[tokio::test]
async fn an_expired_token_is_renewed_once_whether_it_comes_as_401_or_403() {
    for refusal in [
        (
            401,
            r#"{"errors":[{"errorId":1001,"domain":"OAuth","category":"REQUEST","message":"Invalid access token"}]}"#,
        ),
        (
            403,
            r#"{"errors":[{"errorId":1100,"domain":"ACCESS","category":"REQUEST","message":"Access denied"}]}"#,
        ),
    ] {
        let calls = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&calls);
        let once = script(move |_, _| {
            if count.fetch_add(1, Ordering::SeqCst) == 0 {
                answer(refusal.0, refusal.1)
            } else {
                answer(201, "")
            }
        });
        let connection = connect(&once, &[]);
        let request = connection.prepare(&[add(1, "12", "77", "tea", MatchType::Exact)]).remove(0);
        assert_eq!(connection.send(&request).await.unwrap().status, 201);
        let tokens = once.sent().iter().filter(|text| text.contains("/oauth2/token")).count();
        assert_eq!((tokens, calls.load(Ordering::SeqCst)), (2, 2));

        let always = script(move |_, _| answer(refusal.0, refusal.1));
        let connection = connect(&always, &[]);
        let Err(SendError::NotSent(problem)) = connection.send(&request).await else { panic!("sent") };
        assert_eq!(problem.kind, ProblemKind::Auth);
        assert_eq!(always.sent().len(), 4);
    }
}

#[tokio::test]
async fn few_are_read_back_by_id_and_many_of_one_ad_group_by_its_list() {
    let script = script(|path, request| {
        if let Some(id) = path.strip_prefix("/sell/marketing/v1/negative_keyword/") {
            if id == "404" {
                return answer(400, r#"{"errors":[{"errorId":36340,"message":"No negative keyword found"}]}"#);
            }
            return answer(
                200,
                &format!(
                    r#"{{"negativeKeywordId":"{id}","campaignId":"2","adGroupId":"2001","negativeKeywordText":"t",
                    "negativeKeywordMatchType":"EXACT","negativeKeywordStatus":"ARCHIVED"}}"#
                ),
            );
        }
        world(path, request)
    });
    let connection = connect(&script, &[]);
    let wanted: Vec<_> = ["1001000", "1001001", "1001599", "1001999"]
        .iter()
        .map(|id| negative(id, "1", "1001", "t"))
        .chain([negative("404", "2", "2001", "t"), negative("55", "2", "2001", "t")])
        .collect();
    let mut found: Vec<_> =
        connection.read_back(&wanted).await.unwrap().into_iter().map(|n| n.id.raw().to_owned()).collect();
    found.sort();
    assert_eq!(found, ["1001000", "1001001", "1001599", "55"]);
    // Token, two by id, two pages of one list.
    assert_eq!(script.sent().len(), 1 + 2 + 2);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_fails_ends_the_reading_back_however_many_follow() {
    let script = script(|path, request| {
        if !path.starts_with("/sell/marketing/v1/negative_keyword") {
            return world(path, request);
        }
        if !path.contains("offset=0") {
            return answer(400, r#"{"errors":[{"errorId":7,"message":"no"}]}"#);
        }
        answer(
            200,
            r#"{"limit":1,"offset":0,"total":90,"next":"https://api.ebay.com/sell/marketing/v1/negative_keyword?limit=1&offset=1","negativeKeywords":[{"negativeKeywordId":"1001000","campaignId":"1",
            "adGroupId":"1001","negativeKeywordText":"t","negativeKeywordMatchType":"EXACT","negativeKeywordStatus":"ACTIVE"}]}"#,
        )
    });
    let connection = connect(&script, &[]);
    let wanted: Vec<_> =
        ["1001000", "1001001", "1001002", "1001003"].iter().map(|id| negative(id, "1", "1001", "t")).collect();
    let end = tokio::time::timeout(Duration::from_hours(24), connection.read_back(&wanted)).await;
    let problem = end.expect("an end").unwrap_err();
    assert!(problem.detail.contains("400 7 no"), "{problem:?}");
    assert!(script.sent().len() > 20, "{}", script.sent().len());
}

#[tokio::test]
async fn a_bare_404_does_not_tell_that_a_negative_is_gone() {
    let script = script(|path, request| match path.strip_prefix("/sell/marketing/v1/negative_keyword/") {
        Some(_) => answer(404, r#"{"errors":[{"errorId":2002,"message":"Resource not found"}]}"#),
        None => world(path, request),
    });
    let read = connect(&script, &[]).read_back(&[negative("55", "2", "2001", "t")]).await;
    assert!(read.unwrap_err().detail.contains("404 2002"));
}

#[tokio::test]
async fn many_in_many_ad_groups_are_read_back_by_one_list_of_all_of_them() {
    let script = script(world);
    let wanted: Vec<_> =
        (2_001..2_101).map(|group| negative(&format!("{group}000"), "2", &group.to_string(), "t")).collect();
    let found = connect(&script, &[]).read_back(&wanted).await.unwrap();
    assert_eq!(found.len(), 100);
    assert_eq!(script.sent().len(), 1 + 1);
}

#[tokio::test]
async fn check_tells_sign_in_eligibility_and_clock() {
    let ask = |body: &'static str, date: &'static str| async move {
        let script = script(move |path, request| {
            assert!(path.starts_with("/sell/account/v1/advertising_eligibility"), "{path}");
            assert_eq!(request.method, Method::Get);
            let mut response = answer(200, body);
            response.headers.push(("date".to_owned(), date.to_owned()));
            response
        });
        let checks = connect(&script, &[]).check().await;
        golden("ebay", "check", &script.sent().join("\n\n"));
        checks
            .into_iter()
            .map(|check| match check.result {
                Ok(fine) => format!("{}: {fine}", check.what),
                Err(problem) => format!("{}: NO {} ({})", check.what, problem.title, problem.detail),
            })
            .collect::<Vec<_>>()
    };
    let fine =
        r#"{"advertisingEligibility":[{"programType":"PROMOTED_LISTINGS_ADVANCED","status":"ELIGIBLE"}]}"#;
    assert_eq!(
        ask(fine, "Thu, 01 Oct 2026 00:00:02 GMT").await,
        [
            "sign-in: the refresh token is good",
            "eligible for Promoted Listings priority strategy: on EBAY_US",
            "clock: 2 s apart"
        ]
    );
    let not = r#"{"advertisingEligibility":[{"programType":"PROMOTED_LISTINGS_ADVANCED","status":"INELIGIBLE","reason":"RESTRICTED"}]}"#;
    let said = ask(not, "Thu, 01 Oct 2026 01:00:00 GMT").await;
    assert!(said[1].contains("NO") && said[1].contains("EBAY_US: RESTRICTED"), "{said:?}");
    assert!(said[2].contains("clock is 3600 s behind"), "{said:?}");
}

#[test]
fn who_an_account_is_outlives_a_new_consent_and_tells_sandboxes_from_live_accounts() {
    let script = script(world);
    let account = |more: &[(&str, &str)]| connect(&script, more).account().clone();
    let live = account(&[]);
    assert_eq!(live.identity.key(), "ebay|https://api.ebay.com|acme-app/EBAY_US");
    assert!(live.live);
    assert_eq!(account(&[("seller", "acme")]).identity.native, "acme/EBAY_US");
    let sandbox = account(&[("environment", "sandbox")]);
    assert_eq!(sandbox.identity.origin, "https://api.sandbox.ebay.com");
    assert!(!sandbox.live);
    let local = account(&[("base_url", "http://127.0.0.1:4011/")]);
    assert_eq!((local.identity.origin.as_str(), local.live), ("http://127.0.0.1:4011", false));
}

#[test]
fn a_wrong_setting_names_its_key() {
    let script = script(world);
    let wrong = |more: &[(&str, &str)]| {
        let settings: Vec<_> = SETTINGS.iter().chain(more).copied().collect();
        testing::connect(&Ebay, &settings, &script).err().unwrap().title
    };
    assert!(wrong(&[("environment", "test")]).contains("`environment`"));
    assert!(wrong(&[("base_url", "http://api.ebay.com")]).contains("`base_url`"));
    assert!(wrong(&[("token_url", "ftp://x")]).contains("`token_url`"));
}
