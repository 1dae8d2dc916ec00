//! The Amazon folder against answers written after the official examples; the requests against golden files
//! that were read against Sponsored Products v3.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use serde_json::{Value, json};

use super::AmazonAds;
use crate::domain::change::{Change, NewNegative};
use crate::domain::ids::{AdGroupId, CampaignId};
use crate::domain::journal::OutcomeKind;
use crate::domain::negative::{Kind, MatchType, Negative, State};
use crate::domain::plan::PlannedChange;
use crate::domain::problem::ProblemKind;
use crate::domain::request::Response;
use crate::platform::http::WireRequest;
use crate::platform::testing::{self, Script, answer, fetched, golden, planned, shown};
use crate::platform::traits::{Answer, Connection, Fetched, Scope};

const SETTINGS: &[(&str, &str)] = &[
    ("region", "na"),
    ("profile_id", "1234567890"),
    ("client_id", "amzn1.application-oa2-client.x"),
    ("client_secret", "c"),
    ("refresh_token", "Atzr|r"),
];

fn grant() -> Response {
    answer(200, r#"{"access_token":"Atza|t","token_type":"bearer","expires_in":3600,"refresh_token":"Atzr|r"}"#)
}

/// A connection whose calls other than for tokens and profiles are answered by `reply`.
pub(super) fn connected(
    reply: impl Fn(&WireRequest) -> Response + Send + Sync + 'static,
) -> (Arc<Script>, Arc<dyn Connection>) {
    let script = Script::new(move |request| {
        if request.url.ends_with("/auth/o2/token") {
            grant()
        } else if request.url.contains("/v2/profiles") {
            answer(
                200,
                r#"[{"profileId":1234567890,"countryCode":"US","currencyCode":"USD","timezone":"America/Los_Angeles",
                    "accountInfo":{"marketplaceStringId":"ATVPDKIKX0DER","id":"ENTITY1","type":"seller","name":"Acme"}}]"#,
            )
        } else {
            reply(request)
        }
    });
    let connection = testing::connect(&AmazonAds, SETTINGS, &script).unwrap();
    (script, connection)
}

fn body(request: &WireRequest) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

fn new(kind: Kind, group: Option<&str>, text: &str, match_type: Option<MatchType>) -> Change {
    Change::Add {
        new: NewNegative {
            kind,
            campaign: CampaignId::new("10"),
            ad_group: group.map(AdGroupId::new),
            text: text.into(),
            brand_name: None,
            match_type,
            state: State::Enabled,
        },
    }
}

fn old(kind: Kind, group: Option<&str>, id: &str) -> Negative {
    Negative {
        kind,
        ad_group: group.map(AdGroupId::new),
        match_type: None,
        ..testing::negative(id, "10", "20", "x")
    }
}

/// One change of every action for every sort.
fn every_change() -> Vec<PlannedChange> {
    let exact = Some(MatchType::Exact);
    let mut changes = vec![
        new(Kind::Keyword, Some("20"), "free shipping", exact),
        new(Kind::Keyword, None, "free", Some(MatchType::Phrase)),
        new(Kind::Product, Some("20"), "B07YT8NVF9", None),
        new(Kind::Brand, None, "18681839011", None),
        new(Kind::Brand, Some("20"), "18681839011", None),
        new(Kind::Keyword, Some("20"), "cheap", exact),
    ];
    for (kind, group, id) in [
        (Kind::Keyword, Some("20"), "1"),
        (Kind::Keyword, None, "2"),
        (Kind::Product, Some("20"), "3"),
        (Kind::Brand, None, "4"),
    ] {
        changes.push(Change::SetState { target: old(kind, group, id), to: State::Paused });
        changes.push(Change::Remove { target: old(kind, group, &format!("{id}1")) });
        changes.push(Change::SetState { target: old(kind, group, &format!("{id}2")), to: State::Archived });
    }
    changes.into_iter().zip(1..).map(|(change, number)| planned(number, change)).collect()
}

#[test]
fn requests_of_every_write_are_those_of_the_specification() {
    let (_, connection) = connected(|_| answer(500, ""));
    let text: Vec<String> = connection.prepare(&every_change()).iter().map(shown).collect();
    golden("amazon", "writes", &text.join("\n"));
}

#[tokio::test]
async fn requests_of_every_list_are_those_of_the_specification() {
    let (script, connection) = connected(|request| {
        if request.url.ends_with("/sp/campaigns/list") {
            answer(
                200,
                r#"{"campaigns":[{"campaignId":"10","state":"ENABLED"},{"campaignId":"11","state":"ENABLED"}]}"#,
            )
        } else if request.url.contains("/negativeTargets/brands/") {
            answer(200, r#"[{"id":"18681839011","name":"DJECO"}]"#)
        } else {
            answer(200, "{}")
        }
    });
    let all = Scope { keywords: true, ..Scope::SNAPSHOT };
    fetched(&*connection, &all).await.unwrap();
    let brands = connection.brands("djeco").await.unwrap();
    assert_eq!((brands[0].id.raw(), brands[0].name.raw()), ("18681839011", "DJECO"));
    assert_eq!(connection.brands("").await.unwrap().len(), 1, "recommended");
    connection.read_back(&[old(Kind::Keyword, None, "7"), old(Kind::Product, Some("20"), "8")]).await.unwrap();
    let mut sent = script.sent();
    sent.sort();
    golden("amazon", "reads", &sent.join("\n\n"));
}

#[test]
fn a_write_of_more_than_a_thousand_is_cut() {
    let (_, connection) = connected(|_| answer(500, ""));
    let changes: Vec<_> = (0..2_001)
        .map(|n| planned(n, new(Kind::Keyword, Some("20"), &format!("t{n}"), Some(MatchType::Exact))))
        .collect();
    let sizes: Vec<_> = connection.prepare(&changes).iter().map(|request| request.changes.len()).collect();
    assert_eq!(sizes, [1_000, 1_000, 1]);
}

/// What a 207 says of three new keywords.
fn judged(body: &Value) -> Vec<Answer> {
    let (_, connection) = connected(|_| answer(500, ""));
    let changes: Vec<_> = ["a", "b", "c"]
        .into_iter()
        .zip(1..)
        .map(|(text, number)| planned(number, new(Kind::Keyword, Some("20"), text, Some(MatchType::Exact))))
        .collect();
    let request = connection.prepare(&changes).remove(0);
    let answers = connection.read(&request, &changes, &answer(207, &body.to_string()));
    assert_eq!(answers.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1, 2, 3]);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

fn settled(answer: &Answer) -> (OutcomeKind, &str, &str) {
    match answer {
        Answer::Settled(outcome) => (
            outcome.kind,
            outcome.id.as_ref().map_or("", |id| id.raw()),
            outcome.code.as_ref().map_or("", |code| code.raw()),
        ),
        Answer::Again(_) => panic!("{answer:?}"),
    }
}

fn failed(index: usize, sort: &str, reason: &str) -> Value {
    json!({"index": index, "errors": [{"errorType": sort, "errorValue": {sort: {"reason": reason, "message": "m"}}}]})
}

/// After the saved 207 answers of Amazon's Postman collection (`amzn/ads-advanced-tools-docs`).
#[test]
fn a_207_is_read_item_by_item() {
    let answers = judged(&json!({"negativeKeywords": {
        "success": [{"index": 2, "negativeKeywordId": "281474976710657", "negativeKeyword":
            {"keywordId": "281474976710657", "campaignId": "10", "adGroupId": "20", "keywordText": "C",
             "matchType": "NEGATIVE_EXACT", "state": "ENABLED"}}],
        "error": [failed(0, "duplicateValueError", "DUPLICATE_VALUE"), failed(1, "malformedValueError", "TOO_LONG")]}}));
    assert_eq!(settled(&answers[0]), (OutcomeKind::Already, "", "DUPLICATE_VALUE"));
    assert_eq!(settled(&answers[1]), (OutcomeKind::Rejected, "", "TOO_LONG"));
    assert_eq!(settled(&answers[2]), (OutcomeKind::Applied, "281474976710657", ""));
}

#[test]
fn a_throttled_item_may_go_again_and_one_that_is_not_spoken_of_is_unknown() {
    let answers = judged(&json!({"negativeKeywords": {
        "success": [{"index": 1, "negativeKeywordId": "5"}], "error": [failed(0, "throttledError", "THROTTLED")]}}));
    assert!(matches!(answers[0], Answer::Again(_)));
    assert_eq!(settled(&answers[1]), (OutcomeKind::Applied, "5", ""));
    assert_eq!(settled(&answers[2]).0, OutcomeKind::Unknown);
}

#[test]
fn an_item_that_names_another_or_stands_twice_is_not_believed() {
    let other =
        json!({"campaignId": "10", "adGroupId": "20", "keywordText": "b", "matchType": "NEGATIVE_EXACT"});
    let answers = judged(&json!({"negativeKeywords": {"success": [
        {"index": 0, "negativeKeywordId": "1", "negativeKeyword": other},
        {"index": 1, "negativeKeywordId": "2"}], "error": [failed(1, "otherError", "OTHER_ERROR")]}}));
    assert!(answers.iter().all(|answer| settled(answer).0 == OutcomeKind::Unknown), "{answers:?}");
}

#[test]
fn an_answer_that_cannot_be_read_leaves_all_unknown_and_a_refusal_of_the_whole_rejects_all() {
    let (_, connection) = connected(|_| answer(500, ""));
    let changes = every_change();
    for request in connection.prepare(&changes) {
        for bad in [r#"{"negativeKey"#, "<html>", "[]", r#"{"a":{},"b":{}}"#] {
            let answers = connection.read(&request, &changes, &answer(207, bad));
            assert_eq!(answers.len(), request.changes.len());
            assert!(answers.iter().all(|(_, answer)| settled(answer).0 == OutcomeKind::Unknown), "{bad}");
        }
        let refusal = answer(400, r#"{"code":"INVALID_ARGUMENT","message":"too many"}"#);
        let answers = connection.read(&request, &changes, &refusal);
        assert!(answers.iter().all(|(_, a)| settled(a) == (OutcomeKind::Rejected, "", "INVALID_ARGUMENT")));
    }
}

#[test]
fn archiving_what_is_archived_is_already_done_and_an_answer_with_another_id_puts_all_places_in_doubt() {
    let (_, connection) = connected(|_| answer(500, ""));
    let changes: Vec<_> = ["4", "5", "6"]
        .into_iter()
        .zip(1..)
        .map(|(id, number)| planned(number, Change::Remove { target: old(Kind::Brand, None, id) }))
        .collect();
    let request = connection.prepare(&changes).remove(0);
    let body = json!({"campaignNegativeTargetingClauses": {
        "success": [{"index": 1, "campaignNegativeTargetingClauseId": "5"}, {"index": 2, "campaignNegativeTargetingClauseId": "5"}],
        "error": [failed(0, "entityStateError", "ARCHIVED_ENTITY_CANNOT_BE_MODIFIED")]}});
    let answers = connection.read(&request, &changes, &answer(207, &body.to_string()));
    let kinds: Vec<_> = answers.iter().map(|(_, answer)| settled(answer).0).collect();
    // The third names another's id: then nobody knows whose the refusal is.
    assert_eq!(kinds, [OutcomeKind::Unknown, OutcomeKind::Applied, OutcomeKind::Unknown]);
    let body = json!({"campaignNegativeTargetingClauses": {
        "success": [{"index": 1, "campaignNegativeTargetingClauseId": "5"}],
        "error": [failed(0, "entityStateError", "ARCHIVED_ENTITY_CANNOT_BE_MODIFIED")]}});
    let answers = connection.read(&request, &changes, &answer(207, &body.to_string()));
    let kinds: Vec<_> = answers.iter().map(|(_, answer)| settled(answer).0).collect();
    assert_eq!(kinds, [OutcomeKind::Already, OutcomeKind::Applied, OutcomeKind::Unknown]);
}

/// Rows of a list of negative keywords that pages by tokens `1`, `2`, ….
fn keyword_page(n: usize, next: Option<&str>) -> Response {
    let row = json!({"keywordId": n.to_string(), "campaignId": "10", "adGroupId": "20", "keywordText": "x",
        "matchType": "NEGATIVE_EXACT", "state": "ENABLED"});
    answer(200, &json!({"negativeKeywords": [row], "nextToken": next, "totalResults": 3}).to_string())
}

const KEYWORDS_OF_10: fn() -> Scope = || Scope {
    campaigns: Some(vec![CampaignId::new("10")]),
    structure: false,
    negatives: true,
    keywords: false,
};

#[tokio::test(start_paused = true)]
async fn a_stale_page_token_begins_that_list_again() {
    let calls = AtomicUsize::new(0);
    let (_, connection) = connected(move |request| {
        if !request.url.ends_with("/sp/negativeKeywords/list") {
            return answer(200, "{}");
        }
        match (body(request)["nextToken"].as_str(), calls.fetch_add(1, SeqCst)) {
            (None, _) => keyword_page(1, Some("t")),
            (Some(_), 1) => answer(
                400,
                r#"{"code":"INVALID_ARGUMENT","message":"m","errors":[{"errorType":"invalidInputError",
                    "errorValue":{"invalidInputError":{"reason":"INVALID_TOKEN","message":"m"}}}]}"#,
            ),
            (Some(_), _) => keyword_page(2, None),
        }
    });
    let pages = fetched(&*connection, &KEYWORDS_OF_10()).await.unwrap();
    let shape: Vec<_> = pages
        .iter()
        .map(|page| match page {
            Fetched::Negatives(rows) => rows[0].id.raw().to_owned(),
            Fetched::Restarted => "restarted".to_owned(),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(shape, ["1", "restarted", "1", "2"]);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_comes_again_ends_the_list_with_a_problem() {
    let (script, connection) = connected(|request| {
        if request.url.ends_with("/sp/negativeKeywords/list") {
            keyword_page(1, Some("same"))
        } else {
            answer(200, "{}")
        }
    });
    let pages = fetched(&*connection, &KEYWORDS_OF_10()).await.unwrap();
    let Some(Fetched::Failed { campaigns, problem }) = pages.last() else { panic!("{pages:?}") };
    assert_eq!(*campaigns, Some(vec![CampaignId::new("10")]));
    assert_eq!(problem.kind, ProblemKind::Reply);
    assert!(script.sent().len() < 10);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_refused_loses_its_own_campaigns_only() {
    let (_, connection) = connected(|request| {
        if request.url.ends_with("/sp/campaigns/list") {
            let rows: Vec<Value> =
                (0..150).map(|n| json!({"campaignId": n.to_string(), "state": "ENABLED"})).collect();
            return answer(200, &json!({"campaigns": rows, "totalResults": 150}).to_string());
        }
        let second = body(request)["campaignIdFilter"]["include"][0] == "100";
        if request.url.ends_with("/sp/negativeTargets/list") && second {
            answer(403, r#"{"code":"ACCESS_DENIED","message":"no"}"#)
        } else {
            answer(200, "{}")
        }
    });
    let pages = fetched(&*connection, &Scope::SNAPSHOT).await.unwrap();
    let failed: Vec<_> = pages.iter().filter(|page| matches!(page, Fetched::Failed { .. })).collect();
    let [Fetched::Failed { campaigns: Some(lost), problem }] = failed[..] else { panic!("{failed:?}") };
    assert_eq!((lost.len(), lost[0].raw(), problem.kind), (50, "100", ProblemKind::Auth));
}

#[tokio::test(start_paused = true)]
async fn an_account_that_cannot_be_had_at_all_is_an_error() {
    let (_, connection) =
        connected(|_| answer(401, r#"{"code":"UNAUTHORIZED","details":"Not authorized to access scope 1"}"#));
    let problem = fetched(&*connection, &Scope::SNAPSHOT).await.unwrap_err();
    assert_eq!(problem.kind, ProblemKind::Auth);
}

#[tokio::test(start_paused = true)]
async fn checks_tell_sign_in_and_profile() {
    let (_, connection) = connected(|_| answer(500, ""));
    let checks = connection.check().await;
    assert_eq!(checks[1].result.as_deref(), Ok("seller Acme in US"));

    let refused = Script::new(|_| answer(400, r#"{"error":"invalid_grant","error_description":"x"}"#));
    let connection = testing::connect(&AmazonAds, SETTINGS, &refused).unwrap();
    let checks = connection.check().await;
    assert_eq!(checks.len(), 1);
    assert!(checks[0].result.as_ref().unwrap_err().hint.contains("unbid login acme"));
}

#[test]
fn wrong_settings_are_named_by_their_key() {
    let script = Script::new(|_| answer(500, ""));
    let with = |change: &[(&'static str, &'static str)]| {
        let mut settings: Vec<_> =
            SETTINGS.iter().copied().filter(|(key, _)| change.iter().all(|(other, _)| other != key)).collect();
        settings.extend(change.iter().filter(|(_, value)| !value.is_empty()));
        testing::connect(&AmazonAds, &settings, &script)
    };
    let title = |change: &[(&'static str, &'static str)]| with(change).err().unwrap().title;
    assert!(title(&[("region", "")]).contains("`region`"));
    assert!(title(&[("region", "mars")]).contains("`region`"));
    assert!(title(&[("profile_id", "12a")]).contains("`profile_id`"));
    assert!(title(&[("base_url", "http://api.example")]).contains("`base_url`"));
    assert!(title(&[("token_url", "http://api.example/auth/o2/token")]).contains("`token_url`"));

    let live = with(&[]).unwrap();
    assert!(live.account().live);
    assert_eq!(live.account().identity.key(), "amazon|https://advertising-api.amazon.com|1234567890");
    let local = with(&[("base_url", "http://127.0.0.1:9/")]).unwrap();
    assert!(!local.account().live);
    assert_eq!(local.account().identity.origin, "http://127.0.0.1:9");
}
