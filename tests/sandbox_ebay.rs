//! The emulated eBay over real HTTP, with requests written by hand from the official Sell Marketing v1 and Sell Account v1 files.
//! Nothing of the client is used here, so that both are judged by eBay's own documents.

use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use unbid::sandbox::{Options, Rule, Sandbox};

const MARKETING: &str = "/sell/marketing/v1";
const SCOPE: &str = "https://api.ebay.com/oauth/api_scope";

struct Ebay {
    client: Client,
    base: String,
    control: String,
    id: String,
    secret: String,
    refresh: String,
    ru_name: String,
    token: String,
    _sandbox: Sandbox,
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

impl Answer {
    /// Status and id of a refused call.
    fn refusal(&self) -> (u16, u64) {
        (self.status, self.body["errors"][0]["errorId"].as_u64().unwrap_or_default())
    }
}

async fn read(request: RequestBuilder) -> Answer {
    let response = request.send().await.expect("answer");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.expect("body");
    let body = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).expect("JSON") };
    Answer { status, headers, body }
}

async fn start() -> Ebay {
    // Only the first test to come here installs it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let sandbox = Sandbox::start(Options::default()).await.expect("sandbox");
    let ready = sandbox.ready();
    let mut ebay = Ebay {
        client: Client::builder().no_proxy().build().expect("client"),
        base: ready.ebay.base_url,
        control: ready.control_url,
        id: ready.ebay.client_id,
        secret: ready.ebay.client_secret,
        refresh: ready.ebay.refresh_token,
        ru_name: ready.ebay.ru_name,
        token: String::new(),
        _sandbox: sandbox,
    };
    ebay.sign_in("").await;
    ebay
}

impl Ebay {
    async fn grant(&self, secret: &str, fields: &[(&str, &str)]) -> Answer {
        let request = self.client.post(format!("{}/identity/v1/oauth2/token", self.base));
        read(request.basic_auth(&self.id, Some(secret)).form(fields)).await
    }

    async fn sign_in(&mut self, scope: &str) {
        let mut fields = vec![("grant_type", "refresh_token"), ("refresh_token", self.refresh.as_str())];
        if !scope.is_empty() {
            fields.push(("scope", scope));
        }
        let answer = self.grant(&self.secret, &fields).await;
        assert_eq!((answer.status, &answer.body["expires_in"]), (200, &json!(7200)), "{}", answer.body);
        assert!(answer.body.get("refresh_token").is_none(), "a refresh gives no new refresh token");
        self.token = answer.body["access_token"].as_str().expect("token").into();
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        // Clients send a content type on every call.
        let request = self.client.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token);
        request.header("Content-Type", "application/json").header("Content-Language", "en-US")
    }

    async fn get(&self, path: &str) -> Answer {
        read(self.request(Method::GET, &format!("{MARKETING}{path}"))).await
    }

    async fn send(&self, method: Method, path: &str, body: &Value) -> Answer {
        read(self.request(method, &format!("{MARKETING}{path}")).body(body.to_string())).await
    }

    async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, body).await
    }

    /// All rows of a list, by its links.
    async fn list(&self, path: &str, key: &str) -> Vec<Value> {
        let mut rows = Vec::new();
        let mut url = format!("{}{MARKETING}{path}", self.base);
        loop {
            let answer = read(self.client.get(url).bearer_auth(&self.token)).await;
            assert_eq!(answer.status, 200, "{}", answer.body);
            rows.extend(answer.body[key].as_array().expect("rows").clone());
            let Some(next) = answer.body.get("next") else {
                assert_eq!(answer.body["total"], json!(rows.len()));
                return rows;
            };
            url = next.as_str().expect("a whole URL").into();
        }
    }

    async fn campaigns(&self, filter: &str) -> Vec<Value> {
        self.list(&format!("/ad_campaign?limit=500{filter}"), "campaigns").await
    }

    /// A running manual campaign and one of its active ad groups with negatives.
    async fn place(&self) -> (String, String) {
        let filter = "&funding_strategy=COST_PER_CLICK&campaign_targeting_types=MANUAL&channels=ON_SITE";
        for campaign in self.campaigns(&format!("{filter}&campaign_status=RUNNING")).await {
            let campaign = campaign["campaignId"].as_str().expect("id").to_owned();
            let path = format!("/ad_campaign/{campaign}/ad_group?ad_group_status=ACTIVE");
            if let Some(group) = self.list(&path, "adGroups").await.first() {
                return (campaign, group["adGroupId"].as_str().expect("id").to_owned());
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

    async fn held(&self, group: &str) -> usize {
        let path = format!("/negative_keyword?ad_group_ids={group}&negative_keyword_status=ACTIVE&limit=500");
        self.list(&path, "negativeKeywords").await.len()
    }
}

fn new(place: &(String, String), text: &str, matching: &str) -> Value {
    json!({"campaignId": place.0, "adGroupId": place.1, "negativeKeywordText": text, "negativeKeywordMatchType": matching})
}

/// Status and first error id of each item of a bulk answer.
fn fates(answer: &Answer) -> Vec<(u64, u64)> {
    let fate = |item: &Value| {
        let error = item["errors"][0]["errorId"].as_u64().unwrap_or_default();
        (item["statusCode"].as_u64().expect("statusCode"), error)
    };
    answer.body["responses"].as_array().expect("responses").iter().map(fate).collect()
}

#[tokio::test]
async fn tokens_are_granted_refused_scoped_and_expire() {
    let mut ebay = start().await;
    let refresh = |token: &'static str| vec![("grant_type", "refresh_token"), ("refresh_token", token)];
    let wrong = ebay.grant(&ebay.secret, &refresh("v^1.1#x")).await;
    assert_eq!((wrong.status, &wrong.body["error"]), (400, &json!("invalid_grant")));
    let wrong = ebay.grant("x", &refresh("v^1.1#x")).await;
    assert_eq!((wrong.status, &wrong.body["error"]), (401, &json!("invalid_client")));
    let code =
        [("grant_type", "authorization_code"), ("code", "v^1.1#code"), ("redirect_uri", ebay.ru_name.as_str())];
    let first = ebay.grant(&ebay.secret, &code).await.body;
    assert_eq!(
        (&first["refresh_token"], &first["token_type"]),
        (&json!(ebay.refresh), &json!("User Access Token"))
    );

    let none = read(ebay.client.get(format!("{}{MARKETING}/ad_campaign", ebay.base))).await;
    assert_eq!(none.refusal(), (401, 1002));
    ebay.faults(&json!([{"platform": "ebay", "times": 1, "kind": "expire_token"}])).await;
    assert_eq!(ebay.get("/ad_campaign").await.refusal(), (401, 1001));
    assert_eq!(ebay.get("/ad_campaign").await.refusal(), (401, 1001), "expired for good");

    ebay.sign_in(&format!("{SCOPE}/sell.marketing.readonly")).await;
    let place = ebay.place().await;
    assert_eq!(ebay.post("/negative_keyword", &new(&place, "zebra", "EXACT")).await.refusal(), (403, 1100));
    let eligibility = ebay.request(Method::GET, "/sell/account/v1/advertising_eligibility");
    assert_eq!(read(eligibility).await.refusal(), (403, 1100), "another scope");
}

#[tokio::test]
async fn campaigns_are_paged_filtered_and_checked() {
    let ebay = start().await;
    let all = ebay.campaigns("").await;
    assert_eq!(ebay.list("/ad_campaign?limit=3", "campaigns").await, all);
    let page = ebay.get("/ad_campaign?limit=2&offset=2&funding_strategy=COST_PER_CLICK").await.body;
    assert_eq!((&page["limit"], &page["offset"]), (&json!(2), &json!(2)));
    let url = |offset: usize| {
        json!(format!(
            "{}{MARKETING}/ad_campaign?funding_strategy=COST_PER_CLICK&limit=2&offset={offset}",
            ebay.base
        ))
    };
    assert_eq!((&page["href"], &page["next"], &page["prev"]), (&url(2), &url(4), &url(0)));

    let clicks = ebay.campaigns("&funding_strategy=COST_PER_CLICK").await;
    assert!(!clicks.is_empty() && clicks.len() < all.len());
    let value = &clicks[0]["budget"]["daily"]["amount"]["value"];
    assert!(value.as_str().is_some_and(|value| value.contains('.')), "money is a string");
    let name = clicks[0]["campaignName"].as_str().expect("name");
    let named =
        ebay.request(Method::GET, &format!("{MARKETING}/ad_campaign")).query(&[("campaign_name", name)]);
    let named = read(named).await.body;
    assert!(
        named["campaigns"].as_array().expect("array").iter().all(|campaign| campaign["campaignName"] == name)
    );
    let one = ebay.get(&format!("/ad_campaign/{}", clicks[0]["campaignId"].as_str().expect("id"))).await;
    assert_eq!(one.body, clicks[0]);

    for (query, error) in [
        ("limit=0", 35029),
        ("limit=501", 35029),
        ("offset=-1", 35030),
        ("campaign_status=LIVE", 35043),
        ("funding_strategy=CPC", 35079),
        ("campaign_targeting_types=AUTO", 35123),
        ("start_date_range=yesterday", 35028),
        ("end_date_range=2026-02-01T00:00:00Z..2026-01-01T00:00:00Z", 35027),
        ("campaign_name=%3Cb%3E", 35023),
    ] {
        assert_eq!(ebay.get(&format!("/ad_campaign?{query}")).await.refusal(), (400, error), "{query}");
    }
    assert_eq!(ebay.get("/ad_campaign/1").await.refusal(), (400, 35045));
    assert_eq!(ebay.get("/nowhere").await.refusal(), (404, 2002));
}

#[tokio::test]
async fn ad_groups_keywords_and_negatives_hang_together() {
    let ebay = start().await;
    let (campaign, group) = ebay.place().await;
    let one = ebay.get(&format!("/ad_campaign/{campaign}/ad_group/{group}")).await.body;
    assert_eq!(one["adGroupId"], json!(group));
    let keywords =
        ebay.list(&format!("/ad_campaign/{campaign}/keyword?ad_group_ids={group}"), "keywords").await;
    assert!(keywords.iter().all(|keyword| keyword["adGroupId"] == json!(group)));
    assert_eq!(ebay.get(&format!("/ad_campaign/{campaign}/ad_group/1")).await.refusal(), (400, 36210));
    assert_eq!(
        ebay.get(&format!("/ad_campaign/{campaign}/keyword?ad_group_ids=1;2")).await.refusal(),
        (400, 36314)
    );

    let groups = ebay.list(&format!("/ad_campaign/{campaign}/ad_group"), "adGroups").await;
    let ids: Vec<&str> = groups.iter().filter_map(|group| group["adGroupId"].as_str()).collect();
    // Commas are often sent percent-encoded.
    let path = format!("/negative_keyword?ad_group_ids={}&limit=500", ids.join("%2C"));
    let all = ebay.list(&path, "negativeKeywords").await;
    assert!(!all.is_empty() && all.iter().all(|row| row["campaignId"] == json!(campaign)));
    let path = format!("/negative_keyword?ad_group_ids={}&campaign_ids=1", ids.join(","));
    assert!(ebay.list(&path, "negativeKeywords").await.is_empty());
    let id = all[0]["negativeKeywordId"].as_str().expect("id");
    assert_eq!(ebay.get(&format!("/negative_keyword/{id}")).await.body, all[0]);

    for (query, error) in [
        (String::new(), 36329),
        ("?ad_group_ids=".to_owned(), 36329),
        (format!("?ad_group_ids={group}&campaign_ids=1,2"), 36347),
        (format!("?ad_group_ids={group}&negative_keyword_status=PAUSED"), 36350),
        (format!("?ad_group_ids={group}&limit=501"), 35029),
        (format!("?ad_group_ids={group}&offset=-1"), 35030),
        ("/1".to_owned(), 36340),
    ] {
        assert_eq!(ebay.get(&format!("/negative_keyword{query}")).await.refusal(), (400, error), "{query}");
    }
}

#[tokio::test]
async fn one_is_made_and_archived_for_good() {
    let ebay = start().await;
    let place = ebay.place().await;
    let made = ebay.post("/negative_keyword", &new(&place, "Zebra Food", "PHRASE")).await;
    assert_eq!((made.status, &made.body), (201, &Value::Null));
    let location = made.headers["location"].to_str().expect("text").to_owned();
    assert!(location.starts_with(&format!("{}{MARKETING}/negative_keyword/", ebay.base)));
    let found = read(ebay.client.get(&location).bearer_auth(&ebay.token)).await.body;
    assert_eq!(
        (&found["negativeKeywordText"], &found["negativeKeywordMatchType"], &found["negativeKeywordStatus"]),
        (&json!("Zebra Food"), &json!("PHRASE"), &json!("ACTIVE"))
    );
    assert_eq!(
        ebay.post("/negative_keyword", &new(&place, "zebra food", "PHRASE")).await.refusal(),
        (400, 36331)
    );
    assert_eq!(ebay.post("/negative_keyword", &new(&place, "zebra food", "EXACT")).await.status, 201);

    let path = format!("/negative_keyword/{}", found["negativeKeywordId"].as_str().expect("id"));
    let put =
        async |status: &str| ebay.send(Method::PUT, &path, &json!({"negativeKeywordStatus": status})).await;
    assert_eq!(put("PAUSED").await.refusal(), (400, 36342));
    assert_eq!(put("ACTIVE").await.status, 204);
    assert_eq!(put("ARCHIVED").await.status, 204);
    assert_eq!(put("ARCHIVED").await.refusal(), (400, 36343));
    assert_eq!(put("ACTIVE").await.refusal(), (400, 36343));
    let archived = json!({"negativeKeywordStatus": "ARCHIVED"});
    assert_eq!(ebay.send(Method::PUT, "/negative_keyword/1", &archived).await.refusal(), (400, 36340));
    assert_eq!(
        ebay.post("/negative_keyword", &new(&place, "zebra food", "PHRASE")).await.status,
        201,
        "a new one"
    );
}

#[tokio::test]
async fn each_rule_has_its_error() {
    let ebay = start().await;
    let place = ebay.place().await;
    let with = |key: &str, value: Value| {
        let mut body = new(&place, "zebra", "EXACT");
        body[key] = value;
        body
    };
    for (body, error) in [
        (with("adGroupId", Value::Null), 36345),
        (with("campaignId", json!("")), 36345),
        (with("negativeKeywordMatchType", json!("BROAD")), 36330),
        (with("negativeKeywordText", json!("  ")), 36333),
        (with("negativeKeywordText", json!("z".repeat(101))), 36332),
        (with("negativeKeywordText", json!("z ".repeat(11).trim())), 36336),
        (with("negativeKeywordText", json!("<zebra>")), 36334),
        (with("campaignId", json!("1")), 35045),
        (with("adGroupId", json!("1")), 36210),
    ] {
        let answer = ebay.post("/negative_keyword", &body).await;
        assert_eq!(answer.refusal(), (400, error), "{body}");
        assert_eq!(answer.body["errors"][0]["category"], "REQUEST");
    }
    let text = read(ebay.request(Method::POST, &format!("{MARKETING}/negative_keyword")).body("{")).await;
    assert_eq!(text.status, 400);
    let plain = ebay.client.post(format!("{}{MARKETING}/negative_keyword", ebay.base)).bearer_auth(&ebay.token);
    assert_eq!(read(plain.body("{}")).await.status, 415);

    let smart = ebay.campaigns("&campaign_targeting_types=SMART").await;
    let smart = smart.first().and_then(|campaign| campaign["campaignId"].as_str()).expect("a smart campaign");
    let path = format!("/ad_campaign/{smart}/ad_group");
    assert_eq!(ebay.get(&path).await.refusal(), (409, 35129));
    assert_eq!(ebay.get(&format!("/ad_campaign/{smart}/keyword")).await.refusal(), (409, 35129));
    let refused = ebay.post("/negative_keyword", &with("campaignId", json!(smart))).await;
    assert_eq!((refused.refusal(), &refused.body["errors"][0]["category"]), ((409, 35129), &json!("BUSINESS")));

    let mutate = |op: &'static str, id: &str, state: &'static str| json!([{"op": op, "platform": "ebay", "id": id, "state": state}]);
    ebay.control(Method::POST, "/mutate", &mutate("set_ad_group", &place.1, "ARCHIVED")).await;
    assert_eq!(ebay.post("/negative_keyword", &with("x", json!(1))).await.refusal(), (400, 36219));
    ebay.control(Method::POST, "/mutate", &mutate("set_campaign", &place.0, "ENDED")).await;
    assert_eq!(ebay.post("/negative_keyword", &with("x", json!(1))).await.refusal(), (400, 35035));
}

#[tokio::test]
async fn bulk_creates_tell_each_fate_or_are_refused_whole() {
    let ebay = start().await;
    let place = ebay.place().await;
    let path = "/bulk_create_negative_keyword";
    let bulk = |items: Vec<Value>| json!({"requests": items});
    let text = |number: usize| new(&place, &format!("zebra {number}"), "EXACT");

    let all = ebay.post(path, &bulk(vec![text(1), text(2)])).await;
    assert_eq!((all.status, fates(&all)), (200, vec![(201, 0), (201, 0)]));
    let one = &all.body["responses"][1];
    let id = one["negativeKeywordId"].as_str().expect("id");
    assert_eq!(one["href"], json!(format!("{}{MARKETING}/negative_keyword/{id}", ebay.base)));
    assert_eq!((&one["negativeKeywordText"], &one["adGroupId"]), (&json!("zebra 2"), &json!(place.1)));

    let mixed = ebay.post(path, &bulk(vec![text(3), text(1), new(&place, "z", "BROAD")])).await;
    assert_eq!((mixed.status, fates(&mixed)), (207, vec![(201, 0), (400, 36331), (400, 36330)]));
    let parameters = &mixed.body["responses"][1]["errors"][0]["parameters"];
    assert_eq!(parameters[0], json!({"name": "negativeKeywordText", "value": "zebra 1"}));

    let before = ebay.held(&place.1).await;
    assert_eq!(ebay.post(path, &bulk(vec![])).await.refusal(), (400, 35033));
    assert_eq!(ebay.post(path, &bulk((0..501).map(text).collect())).await.refusal(), (400, 36337));
    let twice = bulk(vec![text(9), new(&place, "ZEBRA 9", "EXACT")]);
    assert_eq!(ebay.post(path, &twice).await.refusal(), (400, 36338));
    assert_eq!(ebay.held(&place.1).await, before, "nothing of a refused call is done");
}

#[tokio::test]
async fn an_ad_group_holds_a_thousand() {
    let ebay = start().await;
    let place = ebay.place().await;
    let path = "/bulk_create_negative_keyword";
    let text = |number: usize| new(&place, &format!("zebra {number}"), "EXACT");
    let room = 1_000 - ebay.held(&place.1).await;
    let numbers: Vec<usize> = (0..room - 1).collect();
    for batch in numbers.chunks(500) {
        let items: Vec<Value> = batch.iter().map(|number| text(*number)).collect();
        assert_eq!(ebay.post(path, &json!({"requests": items})).await.status, 200);
    }
    let two = json!({"requests": [text(room), text(room + 1)]});
    let refused = ebay.post(path, &two).await;
    assert_eq!(refused.refusal(), (400, 36339));
    assert_eq!(refused.body["errors"][0]["parameters"][0]["value"], "1");
    assert_eq!(ebay.post("/negative_keyword", &text(room)).await.status, 201);
    assert_eq!(ebay.post("/negative_keyword", &text(room + 1)).await.refusal(), (400, 36335));
    let full = ebay.post(path, &two).await;
    assert_eq!((full.status, fates(&full)), (207, vec![(400, 36331), (400, 36335)]));
}

#[tokio::test]
async fn bulk_updates_tell_each_fate_or_are_refused_whole() {
    let ebay = start().await;
    let place = ebay.place().await;
    let items: Vec<Value> = (0..3).map(|number| new(&place, &format!("zebra {number}"), "EXACT")).collect();
    let made = ebay.post("/bulk_create_negative_keyword", &json!({"requests": items})).await.body;
    let id = |place: usize| made["responses"][place]["negativeKeywordId"].clone();
    let path = "/bulk_update_negative_keyword";
    let update = |id: Value, status: &str| json!({"negativeKeywordId": id, "negativeKeywordStatus": status});
    let all = ebay.post(path, &json!({"requests": [update(id(0), "ARCHIVED")]})).await;
    assert_eq!((all.status, fates(&all)), (200, vec![(200, 0)]));
    let items = [
        update(id(1), "ARCHIVED"),
        update(id(0), "ARCHIVED"),
        update(json!("1"), "ARCHIVED"),
        update(json!("x1"), "ARCHIVED"),
        json!({"negativeKeywordStatus": "ARCHIVED"}),
        update(id(2), "PAUSED"),
    ];
    let mixed = ebay.post(path, &json!({"requests": items})).await;
    let wanted = vec![(200, 0), (400, 36343), (400, 36340), (400, 36349), (400, 36348), (400, 36342)];
    assert_eq!((mixed.status, fates(&mixed)), (207, wanted));
    let twice = json!({"requests": [update(id(2), "ARCHIVED"), update(id(2), "ARCHIVED")]});
    assert_eq!(ebay.post(path, &twice).await.refusal(), (400, 36341));
}

#[tokio::test]
async fn faults_change_what_a_batch_gives() {
    let ebay = start().await;
    let place = ebay.place().await;
    let path = format!("{MARKETING}/bulk_create_negative_keyword");
    ebay.faults(&json!([
        {"path": path, "times": 1, "kind": "reject_items", "every": 2}, {"path": path, "kind": "reorder_items"},
        {"path": path, "kind": "normalise"}, {"path": path, "kind": "lag", "calls": 1}]))
        .await;
    let before = ebay.held(&place.1).await;
    let items: Vec<Value> = ["Zebra A", "Zebra B", "Zebra C"].map(|text| new(&place, text, "EXACT")).into();
    let answer = ebay.post("/bulk_create_negative_keyword", &json!({"requests": items})).await;
    assert_eq!(fates(&answer), [(201, 0), (409, 35089), (201, 0)]);
    assert_eq!(answer.body["responses"][0]["negativeKeywordText"], "Zebra C");
    assert_eq!(ebay.held(&place.1).await, before, "hidden from the first list");
    let list = format!("/negative_keyword?ad_group_ids={}&limit=500", place.1);
    let rows = ebay.list(&list, "negativeKeywords").await;
    assert!(rows.iter().any(|row| row["negativeKeywordText"] == "zebra a"));

    ebay.faults(&json!([{"kind": "accept_duplicates"}])).await;
    assert_eq!(ebay.post("/negative_keyword", &new(&place, "zebra a", "EXACT")).await.status, 201);
    ebay.faults(&json!([{"kind": "repeat_page"}])).await;
    let page = ebay.get(&format!("/negative_keyword?ad_group_ids={}&limit=1", place.1)).await.body;
    assert_eq!(page["next"], page["href"]);
}

#[tokio::test]
async fn eligibility_is_asked_by_marketplace() {
    let ebay = start().await;
    let ask = |marketplace: &'static str, query: &'static str| {
        let path = format!("/sell/account/v1/advertising_eligibility{query}");
        read(ebay.request(Method::GET, &path).header("X-EBAY-C-MARKETPLACE-ID", marketplace))
    };
    let all = ask("EBAY_US", "").await.body;
    assert_eq!(all["advertisingEligibility"].as_array().map(Vec::len), Some(3));
    let one = ask("EBAY_US", "?program_types=PROMOTED_LISTINGS_ADVANCED").await.body;
    let eligible = json!([{"programType": "PROMOTED_LISTINGS_ADVANCED", "status": "ELIGIBLE"}]);
    assert_eq!(one["advertisingEligibility"], eligible);
    assert!(ask("EBAY_IT", "").await.body["advertisingEligibility"][0]["reason"].is_string());
    assert_eq!(ask("EBAY_XX", "").await.refusal(), (400, 50117));
    assert_eq!(ask("EBAY_US", "?program_types=X").await.refusal(), (400, 50116));
    let none = read(ebay.request(Method::GET, "/sell/account/v1/advertising_eligibility")).await;
    assert_eq!((none.refusal(), &none.body["errors"][0]["domain"]), ((400, 50114), &json!("API_ACCOUNT")));
}
