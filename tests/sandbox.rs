//! The sandbox as other programs use it: over sockets, with calls signed by hand, and as a command.
//! Nothing of the client is used here, so that both are judged by the platforms' own documents.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use reqwest::{Client, Method, RequestBuilder};
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject;
use serde_json::{Value, json};
use unbid::sandbox::{Emulation, Options, Platform, Ready, Rule, Sandbox, SandboxError};

fn client() -> Client {
    // Only the first test to come here installs it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().build().expect("client")
}

async fn start(faults: &Value) -> Sandbox {
    let faults = Rule::list(faults.to_string().as_bytes()).expect("rules");
    Sandbox::start(Options { faults, ..Options::default() }).await.expect("sandbox")
}

/// A Sam's call with the five headers, as `developer.samsclub.com` describes them.
fn sams(client: &Client, ready: &Ready, method: Method, path: &str) -> RequestBuilder {
    let sams = &ready.sams;
    let pem = std::fs::read(&sams.private_key_path).expect("key file");
    let der = PrivatePkcs8KeyDer::from_pem_slice(&pem).expect("PEM");
    let key = RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()).expect("RSA");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("clock").as_millis();
    let text = format!("{}\n{now}\n{}\n", sams.consumer_id, sams.key_version);
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &ring::rand::SystemRandom::new(), text.as_bytes(), &mut signature)
        .expect("sign");
    client
        .request(method, format!("{}{path}", sams.base_url))
        .header("Authorization", format!("Bearer {}", sams.auth_token))
        .header("WM_CONSUMER.ID", &sams.consumer_id)
        .header("WM_CONSUMER.intimestamp", now.to_string())
        .header("WM_SEC.KEY_VERSION", &sams.key_version)
        .header("WM_SEC.AUTH_SIGNATURE", base64::engine::general_purpose::STANDARD.encode(signature))
        .header("WM_QOS.CORRELATION_ID", "b3261d2d")
        .header("Content-Type", "application/json")
}

async fn json(request: RequestBuilder) -> Value {
    let response = request.send().await.expect("answer");
    let status = response.status();
    let text = response.text().await.expect("body");
    assert!(status.is_success(), "{status} {text}");
    serde_json::from_str(&text).expect("JSON")
}

/// A live manual campaign of the first advertiser and its first ad group: (advertiser, campaign, ad group).
async fn place(client: &Client, ready: &Ready) -> (String, u64, u64) {
    let advertiser = ready.sams.advertiser_ids[0].clone();
    let campaigns =
        json(sams(client, ready, Method::GET, &format!("/api/v1/campaigns?advertiserId={advertiser}"))).await;
    let open = |row: &&Value| row["status"] == "live" && row["campaignType"] == "sponsoredProducts";
    let campaign = campaigns.as_array().expect("array").iter().find(open).expect("live")["campaignId"]
        .as_u64()
        .expect("id");
    let path = format!("/api/v1/adGroups?advertiserId={advertiser}&campaignId={campaign}");
    let groups = json(sams(client, ready, Method::GET, &path)).await;
    (advertiser, campaign, groups[0]["adGroupId"].as_u64().expect("id"))
}

fn item(campaign: u64, group: u64, text: &str) -> Value {
    json!({"campaignId": campaign, "adGroupId": group, "negativeMatchType": "negativeExact", "state": "enabled",
           "keywordText": text})
}

async fn texts(client: &Client, ready: &Ready) -> Vec<String> {
    let rows = json(client.get(format!("{}/state?platform=sams", ready.control_url))).await;
    rows.as_array().expect("array").iter().map(|row| row["text"].as_str().expect("text").to_owned()).collect()
}

#[tokio::test]
async fn a_signed_call_adds_a_negative_and_the_state_knows_who_made_it() {
    let (sandbox, client) = (start(&json!([])).await, client());
    let ready = sandbox.ready();
    let (advertiser, campaign, group) = place(&client, &ready).await;
    let post = sams(&client, &ready, Method::POST, "/api/v1/negative_keywords");
    let results = json(post.json(&[item(campaign, group, "Zebra Food")])).await;
    assert_eq!(results[0]["code"], "success", "{results}");
    let id = results[0]["keywordId"].as_u64().expect("integer");
    let text_id = json!(id.to_string());
    let path = format!("/api/v1/negative_keywords?advertiserId={advertiser}&campaignId={campaign}");
    let listed = json(sams(&client, &ready, Method::GET, &path)).await;
    assert!(listed.as_array().expect("array").iter().any(|row| row["keywordId"] == id));

    let state =
        json(client.get(format!("{}/state?platform=sams&campaign_id={campaign}", ready.control_url))).await;
    let row = state.as_array().expect("array").iter().find(|row| row["id"] == text_id).expect("row");
    assert_eq!(
        (&row["text"], &row["state"], &row["level"]),
        (&json!("Zebra Food"), &json!("enabled"), &json!("ad_group"))
    );
    let log = json(client.get(format!("{}/requests", ready.control_url))).await;
    let by = log
        .as_array()
        .expect("array")
        .iter()
        .find(|entry| entry["id"] == row["created_by_request"])
        .expect("entry");
    assert_eq!(
        (&by["method"], &by["path"], &by["items"]),
        (&json!("POST"), &json!("/api/v1/negative_keywords"), &json!(1))
    );
    assert_eq!((&by["platform"], &by["status"]), (&json!("sams"), &json!(200)));
    sandbox.stop().await;
}

#[tokio::test]
async fn connections_are_cut_before_or_after_the_work() {
    let (sandbox, client) = (start(&json!([])).await, client());
    let ready = sandbox.ready();
    let (_, campaign, group) = place(&client, &ready).await;
    for (kind, text, stored) in [("drop_before", "zebra one", false), ("drop_after", "zebra two", true)] {
        let rule = json!([{"platform": "sams", "method": "POST", "path": "/api/v1/negative_keywords", "exact": true,
                           "times": 1, "kind": kind}]);
        json(client.put(format!("{}/faults", ready.control_url)).json(&rule)).await;
        let post = || {
            let request = sams(&client, &ready, Method::POST, "/api/v1/negative_keywords");
            request.json(&[item(campaign, group, text)]).send()
        };
        let error = post().await.expect_err("no answer");
        assert!(error.is_request() && error.status().is_none(), "{kind}: {error:?}");
        assert_eq!(texts(&client, &ready).await.contains(&text.to_owned()), stored, "{kind}");
        assert_eq!(post().await.expect("answer").status(), 200);
    }
}

#[tokio::test]
async fn a_body_that_is_cut_off_is_an_error_to_read() {
    let (sandbox, client) = (start(&json!([{"kind": "truncate_body"}])).await, client());
    let ready = sandbox.ready();
    let path = format!("/api/v1/campaigns?advertiserId={}", ready.sams.advertiser_ids[0]);
    let response = sams(&client, &ready, Method::GET, &path).send().await.expect("head");
    assert_eq!(response.status(), 200);
    assert!(response.bytes().await.is_err());
}

#[tokio::test]
async fn the_same_seed_gives_the_same_world_byte_by_byte() {
    let client = client();
    let mut worlds = Vec::new();
    for seed in [7, 7, 8] {
        let sandbox = Sandbox::start(Options { seed, ..Options::default() }).await.expect("sandbox");
        let mut texts = Vec::new();
        for path in ["/state", "/world", "/terms"] {
            let url = format!("{}{path}", sandbox.ready().control_url);
            texts.push(client.get(url).send().await.expect("answer").text().await.expect("body"));
        }
        assert!(
            serde_json::from_str::<Value>(&texts[0]).expect("JSON").as_array().expect("array").len() > 4_000
        );
        worlds.push(texts);
    }
    assert_eq!(worlds[0], worlds[1]);
    assert_ne!(worlds[0], worlds[2]);
}

#[tokio::test]
async fn it_listens_on_loopback_only() {
    for address in ["0.0.0.0:0", "192.0.2.1:0", "[::]:0"] {
        let options = Options { listen: address.parse().expect("address"), ..Options::default() };
        assert!(matches!(Sandbox::start(options).await.err(), Some(SandboxError::NotLoopback(_))), "{address}");
    }
    let options = Options { listen: "127.0.0.1:65533".parse().expect("address"), ..Options::default() };
    assert!(matches!(Sandbox::start(options).await.err(), Some(SandboxError::NoRoom(65533))));
}

#[tokio::test]
async fn the_key_lies_in_a_folder_that_goes_with_the_sandbox() {
    let sandbox = start(&json!([])).await;
    let key = PathBuf::from(sandbox.ready().sams.private_key_path);
    assert!(key.is_absolute());
    assert_eq!(std::fs::read_to_string(&key).expect("key"), Emulation::sams_private_key());
    sandbox.stop().await;
    assert!(!key.exists() && !key.parent().expect("folder").exists());
}

#[tokio::test]
async fn the_written_config_names_every_account_and_only_its_owner_reads_it() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("config.toml");
    let mut sandbox = start(&json!([])).await;
    let temporary = sandbox.ready().sams.private_key_path;
    sandbox.write_config(&file).expect("config");
    let ready = sandbox.ready();
    assert!(!PathBuf::from(temporary).exists());
    assert_eq!(PathBuf::from(&ready.sams.private_key_path), folder.path().join("sams_private_key.pem"));
    #[cfg(unix)]
    for path in [file.clone(), folder.path().join("sams_private_key.pem")] {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            std::fs::metadata(&path).expect("file").permissions().mode() & 0o777,
            0o600,
            "{}",
            path.display()
        );
    }
    let config: toml_edit::DocumentMut = std::fs::read_to_string(&file).expect("config").parse().expect("TOML");
    assert_eq!(config["apply"]["settle_ms"].as_integer(), Some(300));
    let accounts = config["account"].as_array_of_tables().expect("accounts");
    let of = |platform: &str| {
        accounts.iter().filter(|account| account["platform"].as_str() == Some(platform)).count()
    };
    assert_eq!(
        (of("amazon"), of("ebay"), of("sams")),
        (ready.amazon.profile_ids.len(), 2, ready.sams.advertiser_ids.len())
    );
    let world = json(client().get(format!("{}/world", ready.control_url))).await;
    let names: Vec<&str> = accounts.iter().filter_map(|account| account["name"].as_str()).collect();
    let told: Vec<&str> =
        world["accounts"].as_array().expect("array").iter().filter_map(|row| row["account"].as_str()).collect();
    assert_eq!(names, told);
}

#[tokio::test]
async fn routers_without_sockets_are_the_same_platforms() {
    use tower::ServiceExt;
    let sandbox = start(&json!([])).await;
    let request =
        axum::http::Request::get("/api/v1/campaigns").body(axum::body::Body::empty()).expect("request");
    let response = sandbox.emulation().router(Platform::Sams).oneshot(request).await.expect("answer");
    assert_eq!(response.status(), 401);
    let log = json(client().get(format!("{}/requests", sandbox.ready().control_url))).await;
    assert_eq!(log[0]["status"], 401);
}

#[cfg(unix)]
#[test]
fn the_command_prints_one_line_and_ends_on_sigterm() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("config.toml");
    let mut child = Command::new(env!("CARGO_BIN_EXE_unbid"))
        .args(["sandbox", "--seed", "3", "--config-out"])
        .arg(&file)
        .stdout(Stdio::piped())
        .spawn()
        .expect("unbid");
    let mut lines = BufReader::new(child.stdout.take().expect("stdout")).lines();
    let ready: Value = serde_json::from_str(&lines.next().expect("a line").expect("text")).expect("JSON");
    let keys = |value: &Value| value.as_object().expect("object").keys().cloned().collect::<Vec<_>>().join(" ");
    let mut sorted: Vec<&str> = Vec::new();
    let (all, amazon, ebay, sams) =
        (keys(&ready), keys(&ready["amazon"]), keys(&ready["ebay"]), keys(&ready["sams"]));
    for text in [&all, &amazon, &ebay, &sams] {
        let mut words: Vec<&str> = text.split(' ').collect();
        words.sort_unstable();
        sorted.extend(words);
    }
    let expected = "amazon control_url ebay ready sams \
                    base_url client_id client_secret profile_ids refresh_token token_url \
                    base_url client_id client_secret refresh_token ru_name token_url \
                    advertiser_ids auth_token base_url consumer_id key_version private_key_path";
    assert_eq!(sorted, expected.split_whitespace().collect::<Vec<_>>());
    assert_eq!(ready["ready"], true);
    assert!(file.exists());
    let killed = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill");
    assert!(killed.success());
    assert!(child.wait().expect("end").success());
    assert!(lines.next().is_none(), "one line only");
}
