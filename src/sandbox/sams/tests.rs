//! The emulated Sam's, driven without sockets.

use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::super::app::App;
use super::super::credentials::Credentials;
use super::super::faults::Rule;
use super::super::model::Pool;
use super::super::platform::Platform;
use super::super::{Emulation, Options};
use super::auth::tests::headers;

struct Api {
    app: App,
    router: Router,
    advertiser: u64,
    campaign: u64,
    group: u64,
}

impl Api {
    fn new() -> Self {
        let emulation = Emulation::new(Options::default());
        let realm = emulation.0.realm(Platform::Sams);
        let account = &realm.accounts[0];
        // A live, manual campaign whose first ad group is on.
        let open = |id: &&u64| {
            let campaign = realm.campaigns.get(**id).expect("campaign");
            let group = campaign.ad_groups.first().and_then(|id| realm.ad_groups.get(*id));
            campaign.state == "live"
                && campaign.targeting == "manual"
                && group.is_some_and(|group| group.state == "enabled")
        };
        let campaign = *account.campaigns.iter().find(open).expect("open campaign");
        let group = realm.campaigns.get(campaign).expect("campaign").ad_groups[0];
        let advertiser = account.key.parse().expect("integer");
        drop(realm);
        let router = emulation.router(Platform::Sams);
        Self { app: emulation.0, router, advertiser, campaign, group }
    }

    async fn send(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("clock").as_millis().cast_signed();
        let mut request =
            Request::builder().method(method).uri(path).header("content-type", "application/json");
        *request.headers_mut().expect("headers") = headers(&Credentials::new(1), now);
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let response = self.router.clone().oneshot(request.body(body).expect("request")).await.expect("answer");
        let status = response.status().as_u16();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("body");
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    fn item(&self, text: &str) -> Value {
        json!({"campaignId": self.campaign, "adGroupId": self.group, "negativeMatchType": "negativeExact",
               "state": "enabled", "keywordText": text})
    }

    async fn add(&self, items: &[Value]) -> Vec<Value> {
        let (status, body) = self.send("POST", "/api/v1/negative_keywords", &json!(items)).await;
        assert_eq!(status, 200, "{body}");
        body.as_array().expect("array").clone()
    }

    async fn list(&self) -> Vec<Value> {
        let path =
            format!("/api/v1/negative_keywords?advertiserId={}&campaignId={}", self.advertiser, self.campaign);
        let (status, body) = self.send("GET", &path, &Value::Null).await;
        assert_eq!(status, 200, "{body}");
        body.as_array().expect("array").clone()
    }

    fn faults(&self, json: &Value) {
        self.app.set_faults(Rule::list(json.to_string().as_bytes()).expect("rules"));
    }
}

fn codes(results: &[Value]) -> Vec<&str> {
    results.iter().map(|result| result["code"].as_str().expect("code")).collect()
}

#[tokio::test]
async fn what_is_added_is_listed_and_can_be_switched_off_and_on() {
    let api = Api::new();
    let added = api.add(&[api.item("Zebra Food")]).await;
    assert_eq!(added[0]["code"], "success");
    assert_eq!(added[0]["keywordText"], "Zebra Food");
    let id = added[0]["keywordId"].as_u64().expect("integer id");
    for state in ["disabled", "enabled"] {
        let body = json!([{"keywordId": id, "state": state, "keywordText": "ignored"}]);
        let (status, result) = api.send("PUT", "/api/v1/negative_keywords", &body).await;
        assert_eq!((status, &result), (200, &json!([{"code": "success", "details": "", "keywordId": id}])));
        let listed = api.list().await;
        let row = listed.iter().find(|row| row["keywordId"] == id).expect("listed");
        assert_eq!(row["state"], state);
        assert_eq!(row["keywordText"], "Zebra Food");
        assert_eq!(row["negativeMatchType"], "negativeExact");
    }
}

#[tokio::test]
async fn a_batch_that_cannot_be_read_says_where() {
    let api = Api::new();
    let body = json!([{"keywordId": "61340010", "state": "enabled"}]);
    let (status, told) = api.send("PUT", "/api/v1/negative_keywords", &body).await;
    assert_eq!(status, 400);
    let words = told["details"]["Description"].as_str().expect("words");
    assert!(words.contains("not a JSON array of items: invalid type: string"), "{words}");
}

#[tokio::test]
async fn a_disabled_twin_still_blocks() {
    let api = Api::new();
    let mut off = api.item("zebra food");
    off["state"] = json!("disabled");
    let results = api.add(&[off, api.item(" Zebra  FOOD ")]).await;
    assert_eq!(codes(&results), ["success", "failure"]);
}

#[tokio::test]
async fn items_are_judged_one_by_one() {
    let api = Api::new();
    let with = |field: &str, value: Value| {
        let mut item = api.item("never stored");
        item[field] = value;
        item
    };
    let items = [
        api.item(&"x".repeat(80)),
        api.item(&"x".repeat(81)),
        api.item("  "),
        with("negativeMatchType", json!("negativePhrase")),
        with("state", json!("paused")),
        with("campaignId", json!(1)),
        with("adGroupId", json!(1)),
        json!({"campaignId": api.campaign}),
    ];
    let results = api.add(&items).await;
    assert_eq!(codes(&results)[0], "success");
    assert!(codes(&results)[1..].iter().all(|code| *code == "failure"), "{results:?}");
    assert!(
        results[1..].iter().all(|result| result["details"].as_str().is_some_and(|details| !details.is_empty()))
    );
}

#[tokio::test]
async fn a_batch_over_fifty_or_no_array_is_refused_whole() {
    let api = Api::new();
    let before = api.list().await.len();
    let many: Vec<Value> = (0..51).map(|number| api.item(&format!("zebra {number}"))).collect();
    assert_eq!(api.send("POST", "/api/v1/negative_keywords", &json!(many)).await.0, 400);
    assert_eq!(api.send("POST", "/api/v1/negative_keywords", &api.item("zebra")).await.0, 400);
    assert_eq!(api.send("PUT", "/api/v1/negative_keywords", &json!([])).await.0, 400);
    assert_eq!(api.list().await.len(), before);
}

#[tokio::test]
async fn an_ad_group_holds_a_thousand_disabled_ones_included() {
    let api = Api::new();
    let realm_count = || {
        let realm = api.app.realm(Platform::Sams);
        realm.shelf(api.campaign, Some(api.group), Pool::GroupKeyword).expect("shelf").ids.len()
    };
    let mut number = 0;
    while realm_count() < 1_000 {
        let room = (1_000 - realm_count()).min(50);
        let mut items = Vec::new();
        for _ in 0..room {
            let mut item = api.item(&format!("zebra {number}"));
            item["state"] = json!("disabled");
            items.push(item);
            number += 1;
        }
        api.add(&items).await;
    }
    assert_eq!(codes(&api.add(&[api.item("one more zebra")]).await), ["failure"]);
}

#[tokio::test]
async fn lists_need_their_parameters_and_know_their_campaigns() {
    let api = Api::new();
    for (path, status) in [
        ("/api/v1/negative_keywords?campaignId=1".to_owned(), 400),
        (format!("/api/v1/negative_keywords?advertiserId={}", api.advertiser), 400),
        (format!("/api/v1/negative_keywords?advertiserId={}&campaignId=1", api.advertiser), 404),
        (format!("/api/v1/negative_keywords?advertiserId=1&campaignId={}", api.campaign), 404),
        ("/api/v1/campaigns?advertiserId=x".to_owned(), 400),
        ("/api/v1/keywords".to_owned(), 400),
        ("/api/v2/campaigns".to_owned(), 404),
    ] {
        let (got, body) = api.send("GET", &path, &Value::Null).await;
        assert_eq!(got, status, "{path}: {body}");
        assert!(body["details"]["Description"].is_string(), "{path}: {body}");
    }
    assert_eq!(api.send("DELETE", "/api/v1/negative_keywords", &Value::Null).await.0, 405);
}

#[tokio::test]
async fn campaigns_ad_groups_and_keywords_have_integer_ids_and_documented_words() {
    let api = Api::new();
    let (_, campaigns) =
        api.send("GET", &format!("/api/v1/campaigns?advertiserId={}", api.advertiser), &Value::Null).await;
    let campaign =
        campaigns.as_array().expect("array").iter().find(|row| row["campaignId"] == api.campaign).expect("row");
    assert_eq!(campaign["status"], "live");
    assert_eq!(campaign["targetingType"], "manual");
    let name =
        campaign["name"].as_str().expect("name").replace(' ', "%20").replace('|', "%7C").replace('&', "%26");
    let path = format!("/api/v1/campaigns?advertiserId={}&filter%5Bname%5D={name}", api.advertiser);
    assert_eq!(api.send("GET", &path, &Value::Null).await.1.as_array().expect("array").len(), 1);
    let path = format!("/api/v1/adGroups?advertiserId={}&campaignId={}", api.advertiser, api.campaign);
    assert_eq!(api.send("GET", &path, &Value::Null).await.1[0]["adGroupId"], api.group);
    let path = format!("/api/v1/keywords?campaignId={}", api.campaign);
    let (_, keywords) = api.send("GET", &path, &Value::Null).await;
    assert!(keywords[0]["keywordId"].is_u64() && keywords[0]["bid"].is_f64(), "{keywords}");
}

#[tokio::test]
async fn faults_reject_reorder_repeat_and_fold_items() {
    let api = Api::new();
    let items: Vec<Value> = (0..4).map(|number| api.item(&format!("Zebra {number} "))).collect();
    api.faults(&json!([{"method": "POST", "kind": "reject_items", "every": 2},
                       {"kind": "reorder_items"}, {"kind": "normalise"}]));
    let results = api.add(&items).await;
    assert_eq!(codes(&results), ["failure", "success", "failure", "success"]);
    assert_eq!(results[3]["keywordText"], "zebra 0");
    api.faults(&json!([{"kind": "accept_duplicates"}]));
    let before = api.list().await.len();
    assert_eq!(codes(&api.add(&[api.item("zebra 0")]).await), ["success"]);
    assert_eq!(api.list().await.len(), before + 1);
}

#[tokio::test]
async fn what_lags_is_hidden_from_lists_only() {
    let api = Api::new();
    let before = api.list().await.len();
    api.faults(&json!([{"method": "POST", "kind": "lag", "calls": 1}]));
    api.add(&[api.item("zebra")]).await;
    assert_eq!(codes(&api.add(&[api.item("zebra")]).await), ["failure"]);
    assert_eq!(api.list().await.len(), before);
    assert_eq!(api.list().await.len(), before + 1);
}
