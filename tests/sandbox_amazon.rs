//! The emulated Amazon over real HTTP, with requests written by hand from the official Sponsored Products v3 and Profiles v2 files.
//! Nothing of the client is used here, so that both are judged by Amazon's own documents.

use reqwest::header::HeaderMap;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use unbid::sandbox::{Options, Rule, Sandbox};

/// (path, media type, key of the array, id in an item, id in a success, key of the whole object, key of the id filter)
type Kind = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const KINDS: [Kind; 4] = [
    ("/sp/negativeKeywords", "application/vnd.spNegativeKeyword.v3+json", "negativeKeywords",
     "keywordId", "negativeKeywordId", "negativeKeyword", "negativeKeywordIdFilter"),
    ("/sp/campaignNegativeKeywords", "application/vnd.spCampaignNegativeKeyword.v3+json", "campaignNegativeKeywords",
     "keywordId", "campaignNegativeKeywordId", "campaignNegativeKeyword", "campaignNegativeKeywordIdFilter"),
    ("/sp/negativeTargets", "application/vnd.spNegativeTargetingClause.v3+json", "negativeTargetingClauses",
     "targetId", "targetId", "negativeTargetingClause", "negativeTargetIdFilter"),
    ("/sp/campaignNegativeTargets", "application/vnd.spCampaignNegativeTargetingClause.v3+json",
     "campaignNegativeTargetingClauses", "targetId", "campaignNegativeTargetingClauseId",
     "campaignNegativeTargetingClauses", "campaignNegativeTargetIdFilter"),
];
const KEYWORD: &str = KINDS[0].1;

struct Amazon {
    client: Client,
    base: String,
    control: String,
    id: String,
    secret: String,
    refresh: String,
    token: String,
    profile: String,
    other_profile: String,
    _sandbox: Sandbox,
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

async fn start() -> Amazon {
    // Only the first test to come here installs it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let sandbox = Sandbox::start(Options::default()).await.expect("sandbox");
    let ready = sandbox.ready();
    let mut amazon = Amazon {
        client: Client::builder().no_proxy().build().expect("client"),
        base: ready.amazon.base_url,
        control: ready.control_url,
        id: ready.amazon.client_id,
        secret: ready.amazon.client_secret,
        refresh: ready.amazon.refresh_token,
        token: String::new(),
        profile: ready.amazon.profile_ids[0].clone(),
        other_profile: ready.amazon.profile_ids[1].clone(),
        _sandbox: sandbox,
    };
    amazon.sign_in().await;
    amazon
}

async fn read(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.expect("answer");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.expect("body");
    let body = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).expect("JSON") };
    Answer { status, headers, body }
}

impl Amazon {
    async fn grant(&self, fields: &[(&str, &str)]) -> Answer {
        read(self.client.post(format!("{}/auth/o2/token", self.base)).form(fields)).await
    }

    async fn sign_in(&mut self) {
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", &self.refresh),
            ("client_id", &self.id),
            ("client_secret", &self.secret),
        ];
        let answer = self.grant(&fields).await;
        assert_eq!((answer.status, &answer.body["expires_in"]), (200, &json!(3600)), "{}", answer.body);
        self.token = answer.body["access_token"].as_str().expect("token").into();
        assert!(self.token.starts_with("Atza|"));
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.base))
            .bearer_auth(&self.token)
            .header("Amazon-Advertising-API-ClientId", &self.id)
    }

    fn scoped(&self, method: Method, path: &str, media: &str) -> reqwest::RequestBuilder {
        self.request(method, path)
            .header("Amazon-Advertising-API-Scope", &self.profile)
            .header("Accept", media)
            .header("Content-Type", media)
    }

    async fn send(&self, method: Method, path: &str, media: &str, body: &Value) -> Answer {
        read(self.scoped(method, path, media).body(body.to_string())).await
    }

    async fn post(&self, path: &str, media: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, media, body).await
    }

    async fn list(&self, kind: &Kind, filters: &Value) -> Vec<Value> {
        let mut rows = Vec::new();
        let mut body = filters.clone();
        loop {
            let answer = self.post(&format!("{}/list", kind.0), kind.1, &body).await;
            assert_eq!(answer.status, 200, "{}", answer.body);
            assert_eq!(answer.headers["content-type"], kind.1);
            rows.extend(answer.body[kind.2].as_array().expect("rows").clone());
            let Some(token) = answer.body.get("nextToken") else {
                assert_eq!(answer.body["totalResults"], json!(rows.len()));
                return rows;
            };
            body["nextToken"] = token.clone();
        }
    }

    /// A campaign that is on and one of its ad groups that is on.
    async fn place(&self) -> (String, String) {
        let media = "application/vnd.spCampaign.v3+json";
        let on = json!({"stateFilter": {"include": ["ENABLED"]}});
        let campaigns = self.post("/sp/campaigns/list", media, &on).await.body;
        for campaign in campaigns["campaigns"].as_array().expect("campaigns") {
            let id = &campaign["campaignId"];
            let filter =
                json!({"stateFilter": {"include": ["ENABLED"]}, "campaignIdFilter": {"include": [id]}});
            let groups =
                self.post("/sp/adGroups/list", "application/vnd.spAdGroup.v3+json", &filter).await.body;
            if let Some(group) = groups["adGroups"][0]["adGroupId"].as_str() {
                return (id.as_str().expect("id").to_owned(), group.to_owned());
            }
        }
        panic!("the world has no live ad group");
    }

    async fn control(&self, method: Method, path: &str, body: &Value) {
        let answer = read(self.client.request(method, format!("{}{path}", self.control)).json(body)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }

    async fn faults(&self, faults: &Value) {
        Rule::list(faults.to_string().as_bytes()).expect("rules");
        self.control(Method::PUT, "/faults", faults).await;
    }
}

fn keyword(place: &(String, String), text: &str, matching: &str) -> Value {
    json!({"campaignId": place.0, "adGroupId": place.1, "keywordText": text, "matchType": matching, "state": "ENABLED"})
}

/// An item of any of the four kinds; `number` tells it from others.
fn item(kind: &Kind, place: &(String, String), number: usize) -> Value {
    let mut item = json!({"campaignId": place.0, "state": "ENABLED"});
    if !kind.0.contains("campaign") {
        item["adGroupId"] = json!(place.1);
    }
    if kind.0.ends_with("Keywords") {
        item["keywordText"] = json!(format!("zebra {number}"));
        item["matchType"] = json!("NEGATIVE_PHRASE");
    } else {
        item["expression"] = json!([{"type": "ASIN_SAME_AS", "value": format!("B0ZEBRA{number:03}")}]);
    }
    item
}

/// `index type reason` of each error of a batch.
fn errors(results: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for entry in results["error"].as_array().expect("errors") {
        for error in entry["errors"].as_array().expect("errors of an item") {
            let kind = error["errorType"].as_str().expect("type");
            let reason = error["errorValue"][kind]["reason"].as_str().expect("reason");
            found.push(format!("{} {kind} {reason}", entry["index"]));
        }
    }
    found
}

#[tokio::test]
async fn tokens_are_granted_refused_and_expire() {
    let mut amazon = start().await;
    let refused = |fields: Vec<(&'static str, String)>| {
        let amazon = &amazon;
        async move {
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let answer = amazon.grant(&fields).await;
            (answer.status, answer.body["error"].as_str().unwrap_or_default().to_owned())
        }
    };
    let with = |grant: &str, refresh: &str, secret: &str| {
        vec![
            ("grant_type", grant.to_owned()),
            ("refresh_token", refresh.to_owned()),
            ("client_id", amazon.id.clone()),
            ("client_secret", secret.to_owned()),
        ]
    };
    let wrong = [
        (with("refresh_token", "Atzr|x", &amazon.secret), (400, "invalid_grant")),
        (with("refresh_token", &amazon.refresh, "x"), (401, "invalid_client")),
        (with("password", &amazon.refresh, &amazon.secret), (400, "unsupported_grant_type")),
        (vec![("grant_type", "refresh_token".to_owned())], (400, "invalid_request")),
    ];
    for (fields, (status, error)) in wrong {
        assert_eq!(refused(fields).await, (status, error.to_owned()));
    }
    amazon.faults(&json!([{"platform": "amazon", "times": 1, "kind": "expire_token"}])).await;
    let kind = &KINDS[0];
    let path = format!("{}/list", kind.0);
    for _ in 0..2 {
        let answer = amazon.post(&path, kind.1, &json!({})).await;
        assert_eq!((answer.status, &answer.body["code"]), (401, &json!("UNAUTHORIZED")));
    }
    amazon.sign_in().await;
    assert_eq!(amazon.post(&path, kind.1, &json!({})).await.status, 200);
}

#[tokio::test]
async fn profiles_need_no_scope_and_have_number_ids() {
    let amazon = start().await;
    let all = read(amazon.request(Method::GET, "/v2/profiles")).await;
    assert_eq!(all.status, 200);
    assert_eq!(all.body[0]["profileId"].as_i64().map(|id| id.to_string()), Some(amazon.profile.clone()));
    let vendors = read(amazon.request(Method::GET, "/v2/profiles?profileTypeFilter=vendor")).await.body;
    assert!(
        vendors.as_array().expect("array").iter().all(|profile| profile["accountInfo"]["type"] == "vendor")
    );
    let wrong = read(amazon.request(Method::GET, "/v2/profiles?accessLevel=own")).await;
    assert_eq!(wrong.status, 400);
    assert!(wrong.body["details"].is_string(), "{}", wrong.body);
    let bare = read(amazon.client.get(format!("{}/v2/profiles", amazon.base))).await;
    assert_eq!((bare.status, &bare.body["code"]), (401, &json!("UNAUTHORIZED")));
}

#[tokio::test]
async fn headers_are_held_to_the_letter() {
    let amazon = start().await;
    let path = "/sp/negativeKeywords/list";
    let with = |accept: &'static str, content: &'static str| {
        let request =
            amazon.request(Method::POST, path).header("Amazon-Advertising-API-Scope", &amazon.profile);
        request.header("Accept", accept).header("Content-Type", content).body("{}")
    };
    let lower = "application/vnd.spnegativekeyword.v3+json";
    assert_eq!(read(with(lower, lower)).await.status, 200);
    assert_eq!(read(with("*/*", KEYWORD)).await.status, 200);
    assert_eq!(read(with("application/json", KEYWORD)).await.status, 406);
    let charset = read(with(KEYWORD, "application/vnd.spNegativeKeyword.v3+json; charset=utf-8")).await;
    assert_eq!((charset.status, &charset.body["code"]), (415, &json!("UNSUPPORTED_MEDIA_TYPE")));
    assert_eq!(read(with(KEYWORD, "application/json")).await.status, 415);

    let scope = amazon.request(Method::POST, path).header("Accept", KEYWORD).header("Content-Type", KEYWORD);
    let missing = read(scope.try_clone().expect("clone")).await;
    assert_eq!((missing.status, &missing.body["message"]), (401, &json!("Scope header is missing")));
    assert_eq!(read(scope.header("Amazon-Advertising-API-Scope", "1")).await.status, 401);
    // Without a body, without a content type: everything is listed.
    let bare = amazon.request(Method::POST, path).header("Amazon-Advertising-API-Scope", &amazon.profile);
    assert_eq!(read(bare).await.status, 200);
}

#[tokio::test]
async fn all_lists_page_filter_and_extend() {
    let amazon = start().await;
    let lists: [(&str, &str, &str, &str); 8] = [
        ("/sp/campaigns", "application/vnd.spCampaign.v3+json", "campaigns", "campaignId"),
        ("/sp/adGroups", "application/vnd.spAdGroup.v3+json", "adGroups", "adGroupId"),
        ("/sp/keywords", "application/vnd.spKeyword.v3+json", "keywords", "keywordId"),
        ("/sp/targets", "application/vnd.spTargetingClause.v3+json", "targetingClauses", "targetId"),
        (KINDS[0].0, KINDS[0].1, KINDS[0].2, KINDS[0].3),
        (KINDS[1].0, KINDS[1].1, KINDS[1].2, KINDS[1].3),
        (KINDS[2].0, KINDS[2].1, KINDS[2].2, KINDS[2].3),
        (KINDS[3].0, KINDS[3].1, KINDS[3].2, KINDS[3].3),
    ];
    for (path, media, key, id) in lists {
        let kind: Kind = (path, media, key, id, "", "", "");
        let all = amazon.list(&kind, &json!({"includeExtendedDataFields": true})).await;
        assert!(!all.is_empty(), "{path}");
        assert!(all[0]["extendedData"]["servingStatus"].is_string(), "{path}");
        let pages = amazon.list(&kind, &json!({"maxResults": "17"})).await;
        assert!(pages[0].get("extendedData").is_none(), "{path}");
        let ids = |rows: &[Value]| rows.iter().map(|row| row[id].clone()).collect::<Vec<_>>();
        assert_eq!(ids(&pages), ids(&all), "{path}");

        let campaign = &all[all.len() / 2]["campaignId"];
        let of = amazon.list(&kind, &json!({"campaignIdFilter": {"include": [campaign]}})).await;
        let wanted: Vec<Value> = all.iter().filter(|row| row["campaignId"] == *campaign).cloned().collect();
        assert_eq!(ids(&of), ids(&wanted), "{path}");
        let on = amazon.list(&kind, &json!({"stateFilter": {"include": ["ENABLED"]}})).await;
        assert_eq!(on.len(), all.iter().filter(|row| row["state"] == "ENABLED").count(), "{path}");

        let list = format!("{path}/list");
        let lower = amazon.post(&list, media, &json!({"stateFilter": {"include": ["enabled"]}})).await;
        assert_eq!((lower.status, &lower.body["code"]), (400, &json!("INVALID_ARGUMENT")), "{path}");
        let token = amazon.post(&list, media, &json!({"nextToken": "eyJ4IjoxfQ"})).await;
        let reason = &token.body["errors"][0]["errorValue"]["invalidInputError"]["reason"];
        assert_eq!((token.status, reason), (400, &json!("INVALID_TOKEN")), "{path}");
    }
}

#[tokio::test]
async fn a_page_may_repeat_for_ever() {
    let amazon = start().await;
    amazon.faults(&json!([{"path": "/sp/negativeKeywords/list", "kind": "repeat_page"}])).await;
    let path = "/sp/negativeKeywords/list";
    let first = amazon.post(path, KEYWORD, &json!({"maxResults": 3})).await.body;
    let body = json!({"maxResults": 3, "nextToken": first["nextToken"]});
    let second = amazon.post(path, KEYWORD, &body).await.body;
    assert_eq!(
        (&second["negativeKeywords"], &second["nextToken"]),
        (&first["negativeKeywords"], &first["nextToken"])
    );
}

#[tokio::test]
async fn a_mixed_batch_tells_the_fate_of_each_item() {
    let amazon = start().await;
    let place = amazon.place().await;
    let mut unknown = keyword(&place, "zebra four", "NEGATIVE_EXACT");
    unknown["campaignId"] = json!("1");
    let mut archived = keyword(&place, "zebra five", "NEGATIVE_EXACT");
    archived["state"] = json!("ARCHIVED");
    let items = [
        keyword(&place, "Zebra Food", "NEGATIVE_EXACT"),
        keyword(&place, "zebra  FOOD", "NEGATIVE_EXACT"),
        keyword(&place, "zebra food", "NEGATIVE_PHRASE"),
        unknown,
        keyword(&place, "one two three four five", "NEGATIVE_PHRASE"),
        keyword(&place, " ", "NEGATIVE_EXACT"),
        keyword(&place, "zebra", "negative_exact"),
        json!({"campaignId": place.0, "adGroupId": place.1, "keywordText": "zebra", "state": "ENABLED"}),
        archived,
        keyword(&place, "zebra", "NEGATIVE_BROAD"),
    ];
    let request = amazon.scoped(Method::POST, "/sp/negativeKeywords", KEYWORD);
    let request =
        request.header("Prefer", "return=representation").body(json!({"negativeKeywords": items}).to_string());
    let answer = read(request).await;
    assert_eq!((answer.status, &answer.headers["content-type"]), (207, &KEYWORD.parse().expect("header")));
    assert_eq!(answer.headers["preference-applied"], "return=representation");
    let results = &answer.body["negativeKeywords"];
    assert_eq!(
        errors(results),
        [
            "1 duplicateValueError DUPLICATE_VALUE",
            "3 parentEntityError PARENT_ENTITY_NOT_FOUND",
            "4 malformedValueError TOO_LONG",
            "5 malformedValueError BLANK",
            "6 rangeError INVALID_ENUM_VALUE",
            "7 missingValueError MISSING_VALUE",
            "8 entityStateError INVALID_TARGET_STATE",
            "9 rangeError NOT_IN_LIST",
        ]
    );
    assert_eq!((&results["success"][0]["index"], &results["success"][1]["index"]), (&json!(0), &json!(2)));
    let whole = &results["success"][0]["negativeKeyword"];
    // The text stays as it was typed.
    assert_eq!((&whole["keywordText"], &whole["state"]), (&json!("Zebra Food"), &json!("ENABLED")));
    assert_eq!(whole["keywordId"], results["success"][0]["negativeKeywordId"]);
    let cause = &results["error"][0]["errors"][0]["errorValue"]["duplicateValueError"]["cause"];
    assert_eq!(*cause, json!({"location": "$.negativeKeywords[1].keywordText", "trigger": "zebra  FOOD"}));
}

#[tokio::test]
async fn every_kind_is_made_paused_archived_and_made_again() {
    let amazon = start().await;
    let place = amazon.place().await;
    for kind in &KINDS {
        let (path, media, key, item_id, success_id, whole, filter) = *kind;
        let body = json!({key: [item(kind, &place, 1)]});
        let made = amazon.post(path, media, &body).await;
        let id = made.body[key]["success"][0][success_id].clone();
        assert!(id.is_string(), "{}", made.body);
        assert!(made.body[key]["success"][0].get(whole).is_none(), "no representation unless it is preferred");
        assert_eq!(amazon.post(path, media, &body).await.body[key]["success"], json!([]), "a twin");

        let paused = json!({key: [{item_id: id, "state": "PAUSED"}, {item_id: "7", "state": "PAUSED"}]});
        let request = amazon.scoped(Method::PUT, path, media).header("prefer", "return=representation");
        let changed = read(request.body(paused.to_string())).await.body;
        assert_eq!(changed[key]["success"][0][whole]["state"], "PAUSED", "{changed}");
        assert_eq!(errors(&changed[key]), ["1 entityNotFoundError ENTITY_NOT_FOUND"]);

        let delete = json!({filter: {"include": [id, "7"]}});
        let gone = amazon.post(&format!("{path}/delete"), media, &delete).await;
        assert_eq!((gone.status, &gone.body[key]["success"][0][success_id]), (207, &id), "{}", gone.body);
        assert_eq!(errors(&gone.body[key]), ["1 entityNotFoundError ENTITY_NOT_FOUND"]);
        let listed = amazon.list(kind, &json!({filter: {"include": [id]}})).await;
        assert_eq!((listed.len(), &listed[0]["state"]), (1, &json!("ARCHIVED")), "archived ones stay in lists");

        let back = json!({key: [{item_id: id, "state": "ENABLED"}]});
        let refused = amazon.send(Method::PUT, path, media, &back).await.body;
        assert_eq!(errors(&refused[key]), ["0 entityStateError ARCHIVED_ENTITY_CANNOT_BE_MODIFIED"]);
        let again = amazon.post(path, media, &body).await.body;
        assert_ne!(again[key]["success"][0][success_id], id, "an archived twin blocks nothing; the id is new");
    }
}

#[tokio::test]
async fn whole_calls_are_refused_for_another_key_too_many_items_and_wrong_types() {
    let amazon = start().await;
    let place = amazon.place().await;
    let kind = &KINDS[3];
    // The key of the ad group's kind, as one page of documentation shows it for campaigns.
    let wrong = json!({"negativeTargetingClauses": [item(kind, &place, 1)]});
    let answer = amazon.post(kind.0, kind.1, &wrong).await;
    assert_eq!((answer.status, &answer.body["code"]), (400, &json!("INVALID_ARGUMENT")));
    let many: Vec<Value> = (0..1_001).map(|number| item(&KINDS[0], &place, number)).collect();
    assert_eq!(amazon.post(KINDS[0].0, KEYWORD, &json!({"negativeKeywords": many})).await.status, 400);
    let number = json!({"negativeKeywords": [{"campaignId": 12}]});
    assert_eq!(amazon.post(KINDS[0].0, KEYWORD, &number).await.status, 400);
    assert!(
        amazon.list(kind, &json!({})).await.iter().all(|row| row["expression"][0]["value"] != "B0ZEBRA001")
    );
}

#[tokio::test]
async fn brands_are_searched_and_resolved_to_their_names() {
    let amazon = start().await;
    let place = amazon.place().await;
    let (request, response) =
        ("application/vnd.spproducttargeting.v3+json", "application/vnd.spproducttargetingresponse.v3+json");
    let search = |accept: &'static str, keyword: &'static str| {
        let call = amazon.request(Method::POST, "/sp/negativeTargets/brands/search");
        let call = call.header("Amazon-Advertising-API-Scope", &amazon.profile).header("Accept", accept);
        call.header("Content-Type", request).body(json!({"keyword": keyword}).to_string())
    };
    let found = read(search(response, "a")).await;
    assert_eq!((found.status, &found.headers["content-type"]), (200, &response.parse().expect("header")));
    assert_eq!(read(search(request, "A")).await.body, found.body, "clients send either type");
    assert!(read(search(response, "")).await.body["details"].is_string());
    let own = amazon.scoped(Method::GET, "/sp/negativeTargets/brands/recommendations", response);
    assert!(!read(own).await.body.as_array().expect("array").is_empty());

    let brand = &found.body[0];
    let kind = &KINDS[3];
    let clause = json!({"campaignId": place.0, "state": "ENABLED",
        "expression": [{"type": "ASIN_BRAND_SAME_AS", "value": brand["id"]}]});
    let unknown = json!({"campaignId": place.0, "state": "ENABLED",
        "expression": [{"type": "ASIN_BRAND_SAME_AS", "value": "1"}]});
    let call = amazon.scoped(Method::POST, kind.0, kind.1).header("Prefer", "return=representation");
    let made = read(call.body(json!({kind.2: [unknown, clause]}).to_string())).await.body;
    assert_eq!(errors(&made[kind.2])[0], "0 targetingClauseSetupError TARGETING_EXPRESSION_INVALID_VALUE");
    if let Some(whole) = made[kind.2]["success"][0].get(kind.5) {
        // One object under the plural name.
        assert_eq!(whole["expression"][0]["value"], brand["id"]);
        assert_eq!(whole["resolvedExpression"][0]["value"], brand["name"]);
    } else {
        assert_eq!(errors(&made[kind.2])[1], "1 duplicateValueError DUPLICATE_VALUE", "{made}");
    }
}

#[tokio::test]
async fn a_parent_holds_five_thousand() {
    let amazon = start().await;
    let place = amazon.place().await;
    let kind = &KINDS[1];
    let held =
        json!({"campaignIdFilter": {"include": [place.0]}, "stateFilter": {"include": ["ENABLED", "PAUSED"]}});
    let room = 5_000 - amazon.list(kind, &held).await.len();
    let items: Vec<Value> = (0..=room).map(|number| item(kind, &place, number)).collect();
    let mut refused = Vec::new();
    for batch in items.chunks(1_000) {
        let answer = amazon.post(kind.0, kind.1, &json!({kind.2: batch})).await.body;
        refused.extend(answer[kind.2]["error"].as_array().expect("errors").clone());
    }
    assert_eq!(refused.len(), 1);
    let error = &refused[0]["errors"][0]["errorValue"]["entityQuotaError"];
    assert_eq!((&error["quota"], &error["quotaScope"]), (&json!("5000"), &json!("PARENT_ENTITY")));
    assert_eq!(error["entityType"], "CAMPAIGN_NEGATIVE_KEYWORD");
}

#[tokio::test]
async fn archived_parents_and_other_profiles_take_nothing() {
    let amazon = start().await;
    let place = amazon.place().await;
    let kind = &KINDS[0];
    let made = amazon.post(kind.0, KEYWORD, &json!({kind.2: [item(kind, &place, 1)]})).await.body;
    let id = made[kind.2]["success"][0][kind.4].clone();
    let path = format!("{}{}", amazon.base, kind.0);
    let other = amazon.client.put(path).bearer_auth(&amazon.token);
    let other = other
        .header("Amazon-Advertising-API-ClientId", &amazon.id)
        .header("Amazon-Advertising-API-Scope", &amazon.other_profile)
        .header("Content-Type", KEYWORD);
    let update = json!({kind.2: [{kind.3: id, "state": "PAUSED"}]});
    let foreign = read(other.body(update.to_string())).await.body;
    assert_eq!(errors(&foreign[kind.2]), ["0 entityNotFoundError ENTITY_NOT_FOUND"]);

    let archive = json!([{"op": "set_ad_group", "platform": "amazon", "id": place.1, "state": "ARCHIVED"}]);
    amazon.control(Method::POST, "/mutate", &archive).await;
    let refused = amazon.post(kind.0, KEYWORD, &json!({kind.2: [item(kind, &place, 2)]})).await.body;
    assert_eq!(errors(&refused[kind.2]), ["0 parentEntityError PARENT_ENTITY_ARCHIVED"]);
    let refused = amazon.send(Method::PUT, kind.0, KEYWORD, &update).await.body;
    assert_eq!(errors(&refused[kind.2]), ["0 entityStateError PARENT_ARCHIVED_FORBIDS_UPDATES"]);
    let delete = json!({kind.6: {"include": [id]}});
    let gone = amazon.post(&format!("{}/delete", kind.0), KEYWORD, &delete).await.body;
    assert_eq!(gone[kind.2]["success"].as_array().map(Vec::len), Some(1), "what is dead can be cleared away");
}

#[tokio::test]
async fn faults_change_what_a_batch_gives() {
    let amazon = start().await;
    let place = amazon.place().await;
    let kind = &KINDS[0];
    let path = json!(kind.0);
    amazon
        .faults(&json!([
            {"method": "POST", "path": path, "exact": true, "times": 1, "kind": "reject_items", "every": 2},
            {"path": path, "kind": "reorder_items"}, {"path": path, "kind": "normalise"},
            {"path": path, "exact": true, "kind": "lag", "calls": 1}]))
        .await;
    let texts = ["Zebra A", "Zebra B", "Zebra C"];
    let items: Vec<Value> = texts.iter().map(|text| keyword(&place, text, "NEGATIVE_EXACT")).collect();
    let results = amazon.post(kind.0, KEYWORD, &json!({kind.2: items})).await.body[kind.2].clone();
    assert_eq!(errors(&results), ["1 otherError OTHER_ERROR"]);
    let order: Vec<&Value> =
        results["success"].as_array().expect("array").iter().map(|one| &one["index"]).collect();
    assert_eq!(order, [&json!(2), &json!(0)]);

    let filter =
        json!({"negativeKeywordTextFilter": {"queryTermMatchType": "BROAD_MATCH", "include": ["zebra"]}});
    assert!(amazon.list(kind, &filter).await.is_empty(), "hidden from the first list");
    let shown: Vec<Value> =
        amazon.list(kind, &filter).await.iter().map(|row| row["keywordText"].clone()).collect();
    assert_eq!(shown, ["zebra a", "zebra c"]);

    amazon.faults(&json!([{"kind": "accept_duplicates"}])).await;
    let twin = amazon
        .post(kind.0, KEYWORD, &json!({kind.2: [keyword(&place, "zebra a", "NEGATIVE_EXACT")]}))
        .await
        .body;
    assert_eq!(twin[kind.2]["success"].as_array().map(Vec::len), Some(1));
    assert_eq!(amazon.list(kind, &filter).await.len(), 3);
}
