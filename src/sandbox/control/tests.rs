//! The control server, driven without sockets.

use axum::body::{Body, to_bytes};
use axum::http::Request;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::super::platform::Platform;
use super::super::{Emulation, Options};

async fn control(emulation: &Emulation, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    let request = Request::builder().method(method).uri(path).body(body).expect("request");
    let response = emulation.control().oneshot(request).await.expect("answer");
    let status = response.status().as_u16();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("body");
    (status, serde_json::from_slice(&bytes).expect("JSON"))
}

async fn rows(emulation: &Emulation, query: &str) -> Vec<Value> {
    let (status, body) = control(emulation, "GET", &format!("/state{query}"), &Value::Null).await;
    assert_eq!(status, 200);
    body.as_array().expect("array").clone()
}

async fn mutate(emulation: &Emulation, changes: Value) -> Vec<String> {
    let (status, body) = control(emulation, "POST", "/mutate", &changes).await;
    assert_eq!(status, 200, "{body}");
    serde_json::from_value(body["ids"].clone()).expect("ids")
}

#[tokio::test]
async fn the_state_has_a_row_per_negative_and_can_be_narrowed() {
    let emulation = Emulation::new(Options::default());
    let all = rows(&emulation, "").await;
    let (_, world) = control(&emulation, "GET", "/world", &Value::Null).await;
    assert_eq!(all.len() as u64, world["counts"]["negatives"]);
    let sams = rows(&emulation, "?platform=sams").await;
    assert!(!sams.is_empty() && sams.iter().all(|row| row["platform"] == "sams"));
    let campaign = sams[0]["campaign_id"].as_str().expect("id");
    let one = rows(&emulation, &format!("?platform=sams&campaign_id={campaign}")).await;
    assert!(!one.is_empty() && one.len() < sams.len() && one.iter().all(|row| row["campaign_id"] == campaign));
    assert!(rows(&emulation, "?campaign_id=1").await.is_empty());
    assert_eq!(control(&emulation, "GET", "/state?platform=etsy", &Value::Null).await.0, 400);
}

#[tokio::test]
async fn a_row_has_the_keys_of_a_list_and_who_made_it() {
    let emulation = Emulation::new(Options::default());
    let row = &rows(&emulation, "?platform=ebay").await[0];
    let keys: Vec<&String> = row.as_object().expect("object").keys().collect();
    let expected = [
        "account",
        "ad_group_id",
        "ad_group_name",
        "ad_group_state",
        "campaign_id",
        "campaign_name",
        "campaign_state",
        "created_by_request",
        "first_seen",
        "id",
        "kind",
        "level",
        "match",
        "native_state",
        "platform",
        "staged",
        "state",
        "text",
    ];
    let mut sorted: Vec<&str> = keys.iter().map(|key| key.as_str()).collect();
    sorted.sort_unstable();
    assert_eq!(sorted, expected);
    assert!(row["created_by_request"].is_null());
}

#[tokio::test]
async fn things_come_change_and_go_behind_the_clients_back() {
    let emulation = Emulation::new(Options::default());
    let campaign =
        &mutate(&emulation, json!({"op": "add_campaign", "platform": "amazon", "account": "northfell-us"}))
            .await[0];
    let group =
        &mutate(&emulation, json!({"op": "add_ad_group", "platform": "amazon", "campaign_id": campaign})).await
            [0];
    let added = mutate(
        &emulation,
        json!([
            {"op": "add_negative", "platform": "amazon", "ad_group_id": group, "text": "Free", "match": "phrase"},
            {"op": "add_negative", "platform": "amazon", "campaign_id": campaign, "text": "B0ABCDEF01", "kind": "product"},
        ]),
    )
    .await;
    let query = format!("?platform=amazon&campaign_id={campaign}");
    let both = rows(&emulation, &query).await;
    assert_eq!(both.len(), 2);
    assert_eq!((&both[0]["match"], &both[0]["state"]), (&json!("phrase"), &json!("enabled")));
    assert_eq!(
        (&both[1]["kind"], &both[1]["level"], &both[1]["match"]),
        (&json!("product"), &json!("campaign"), &Value::Null)
    );

    let changes = json!([
        {"op": "set_negative", "platform": "amazon", "id": added[0], "text": "Gratis", "state": "FROZEN"},
        {"op": "set_campaign", "platform": "amazon", "id": campaign, "end": "2026-09-30"},
        {"op": "delete_negative", "platform": "amazon", "id": added[1], "level": "campaign", "kind": "product"},
    ]);
    mutate(&emulation, changes).await;
    let left = rows(&emulation, &query).await;
    assert_eq!(left.len(), 1);
    assert_eq!(
        (&left[0]["text"], &left[0]["native_state"], &left[0]["state"]),
        (&json!("Gratis"), &json!("FROZEN"), &json!("paused"))
    );
    assert_eq!(left[0]["campaign_state"], "ended");
    mutate(&emulation, json!({"op": "delete_campaign", "platform": "amazon", "id": campaign})).await;
    assert!(rows(&emulation, &query).await.is_empty());
}

#[tokio::test]
async fn a_renamed_or_removed_negative_is_no_twin_any_more() {
    use super::super::call::Call;
    use super::super::model::{Match, NegativeKind, Pool};
    use super::super::realm::NewNegative;

    let emulation = Emulation::new(Options::default());
    let mut realm = emulation.0.realm_mut(Platform::Sams);
    let group = realm.ad_groups.iter().next().expect("group").clone();
    let new = |text: &str| NewNegative {
        campaign_id: group.campaign_id,
        ad_group_id: Some(group.id),
        kind: NegativeKind::Keyword,
        matching: Some(Match::Exact),
        text: text.into(),
        state: "enabled".into(),
    };
    let ids: Vec<u64> = (0..3).map(|_| realm.add_negative(new("zebra"), &Call::none(0))).collect();
    let twin = |realm: &super::super::realm::Realm, text| realm.twin(&new(text)).map(|twin| twin.id);
    assert_eq!(twin(&realm, "ZEBRA"), Some(ids[2]));
    realm.remove_negative(Pool::GroupKeyword, ids[1]);
    realm.set_text(Pool::GroupKeyword, ids[2], "Gnu");
    assert_eq!((twin(&realm, "zebra"), twin(&realm, "gnu")), (Some(ids[0]), Some(ids[2])));
    realm.remove_negative(Pool::GroupKeyword, ids[0]);
    assert_eq!(twin(&realm, "zebra"), None);
}

#[tokio::test]
async fn a_wrong_change_says_which_and_ends_the_list() {
    let emulation = Emulation::new(Options::default());
    let changes = json!([
        {"op": "add_campaign", "platform": "sams", "account": "43210"},
        {"op": "delete_negative", "platform": "sams", "id": 1},
    ]);
    let (status, body) = control(&emulation, "POST", "/mutate", &changes).await;
    assert_eq!((status, &body["applied"]), (400, &json!(1)));
    assert!(body["error"].as_str().is_some_and(|error| error.starts_with("change 2")), "{body}");
    assert_eq!(control(&emulation, "POST", "/mutate", &json!({"op": "explode"})).await.0, 400);
}

#[tokio::test]
async fn a_reset_brings_world_faults_and_log_back() {
    let emulation = Emulation::new(Options::default());
    let before = rows(&emulation, "").await;
    mutate(&emulation, json!({"op": "delete_negative", "platform": "sams", "id": rows(&emulation, "?platform=sams").await[0]["id"]})).await;
    let (_, put) = control(&emulation, "PUT", "/faults", &json!([{"kind": "status", "status": 500}])).await;
    assert_eq!(put["faults"], 1);
    let call = || Request::builder().uri("/api/v1/campaigns").body(Body::empty()).expect("request");
    let failed = emulation.router(Platform::Sams).oneshot(call()).await.expect("answer");
    assert_eq!(failed.status(), 500);
    let (_, log) = control(&emulation, "GET", "/requests", &Value::Null).await;
    assert_eq!(
        (&log[0]["status"], &log[0]["fault"], &log[0]["path"]),
        (&json!(500), &json!("status"), &json!("/api/v1/campaigns"))
    );

    assert_eq!(control(&emulation, "POST", "/reset", &Value::Null).await.0, 200);
    assert_eq!(rows(&emulation, "").await, before);
    assert_eq!(control(&emulation, "GET", "/requests", &Value::Null).await.1, json!([]));
    let refused = emulation.router(Platform::Sams).oneshot(call()).await.expect("answer");
    assert_eq!(refused.status(), 401);
}
