//! No secret in anything that is written: output, errors, logs, journal, database, screen, command line, crash. A full
//! run with every sort of failure, then a search through all bytes.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};
use unbid::sandbox::Options;

use crate::instances::{end, faults, seen, stage, start};
use crate::support::Bench;
use crate::support::desk::{Desk, code, stderr};
use crate::support::journey::Journey;

/// What must be found nowhere.
struct Canaries(Vec<(&'static str, Vec<u8>)>);

impl Canaries {
    /// Everything secret that a sandbox's config names, and what its token endpoints hand out begins with.
    fn of(desk: &Desk) -> Self {
        let ready = desk.sandbox.ready();
        let key = fs::read_to_string(&ready.sams.private_key_path).expect("the key");
        let line = key.lines().nth(3).expect("a line of the key").to_owned();
        let mut all = vec![
            ("Amazon's client secret", ready.amazon.client_secret),
            ("Amazon's refresh token", ready.amazon.refresh_token),
            ("Amazon's access tokens", "Atza|".to_owned()),
            ("eBay's client secret", ready.ebay.client_secret),
            ("eBay's refresh token", ready.ebay.refresh_token.clone()),
            ("eBay's tokens", "v^1.1#i^1".to_owned()),
            ("Sam's token", ready.sams.auth_token),
            ("Sam's private key", line),
            ("what was wrong in the config", WRONG.to_owned()),
            ("a bearer header", "Bearer ".to_owned()),
            ("a basic header", "Basic ".to_owned()),
        ];
        let pair = format!("{}:{}", ready.ebay.client_id, all[3].1);
        all.push((
            "eBay's basic auth",
            base64::Engine::encode(&base64::engine::general_purpose::STANDARD, pair),
        ));
        Self(all.into_iter().map(|(what, secret)| (what, secret.into_bytes())).collect())
    }

    #[track_caller]
    fn absent(&self, place: &str, bytes: &[u8]) {
        for (what, secret) in &self.0 {
            let at = bytes.windows(secret.len()).position(|window| window == secret.as_slice());
            if let Some(at) = at {
                let around = &bytes[at.saturating_sub(80)..(at + 40).min(bytes.len())];
                panic!("{what} in {place}: …{}…", String::from_utf8_lossy(around));
            }
        }
        // A signature is different each time, but no other text of ours is that long without a break.
        let long = bytes.split(|byte| !(byte.is_ascii_alphanumeric() || b"+/=".contains(byte)));
        assert!(!long.into_iter().any(|run| run.len() == 344), "a signature in {place}");
    }

    #[track_caller]
    fn absent_in(&self, what: &str, output: &Output) {
        self.absent(&format!("{what}: stdout"), &output.stdout);
        self.absent(&format!("{what}: stderr"), &output.stderr);
    }

    /// Every file below a folder.
    fn absent_below(&self, folder: &Path) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                self.absent_below(&path);
            } else {
                self.absent(&path.display().to_string(), &fs::read(&path).expect("a file"));
            }
        }
    }
}

/// A secret that a user got wrong.
const WRONG: &str = "wr0ng-canary-0123456789abcdef";

#[tokio::test(flavor = "multi_thread")]
async fn a_full_run_writes_no_secret_anywhere() {
    let desk = Desk::new().await;
    let canaries = Canaries::of(&desk);
    let run = async |arguments: &[&str]| {
        let output = desk.run(arguments).await;
        canaries.absent_in(&format!("{arguments:?}"), &output);
        output
    };
    assert_eq!(code(&run(&["sync", "-vvv"]).await), 0);
    run(&["doctor", "-vv"]).await;
    run(&["list", "-vv", "--format", "json"]).await;
    for platform in ["amazon", "ebay", "sams"] {
        stage(&desk, platform, &["canary one", "canary two"]).await;
    }
    for format in ["table", "json", "csv"] {
        let plan = run(&["plan", "-vv", "--format", format]).await;
        assert!(format != "json" || String::from_utf8_lossy(&plan.stdout).contains("***"));
    }
    // Every way in which a call can go wrong, one after the other.
    for rule in [
        json!({"kind": "expire_token", "times": 3}),
        json!({"kind": "status", "status": 401, "times": 9}),
        json!({"kind": "status", "status": 403, "times": 9}),
        json!({"kind": "html_error", "times": 9}),
        json!({"kind": "bad_json", "times": 9}),
        json!({"kind": "truncate_body", "times": 3}),
        json!({"kind": "drop_after", "times": 3}),
        json!({"kind": "drop_before", "times": 3}),
        json!({"kind": "reject_items", "every": 2, "times": 3}),
    ] {
        faults(&desk, json!([rule])).await;
        run(&["apply", "--yes", "-vvv"]).await;
        faults(&desk, json!([rule])).await;
        run(&["sync", "-vvv"]).await;
        stage(&desk, "sams", &[&format!("canary {}", rule["kind"].as_str().unwrap_or_default())]).await;
    }
    faults(&desk, json!([])).await;
    assert_eq!(code(&run(&["apply", "--yes", "-vv", "--format", "json"]).await), 0);
    run(&["history", "-vv", "--format", "json"]).await;

    // While it runs, nothing is on its command line.
    faults(&desk, json!([{"kind": "latency", "ms": 300}])).await;
    stage(&desk, "ebay", &["canary seen"]).await;
    let child = start(&desk, &["apply", "--yes"]);
    seen(&desk, desk.writes().await.len() + 1, false).await;
    if let Ok(line) = fs::read(format!("/proc/{}/cmdline", child.id())) {
        assert!(!line.is_empty());
        canaries.absent("the command line", &line);
    }
    canaries.absent_in("apply", &end(child).await);
    faults(&desk, json!([])).await;

    // Sign-ins that fail, and a configuration that is wrong in the very line of a secret.
    let own = fs::read_to_string(desk.config()).expect("the config");
    let ready = desk.sandbox.ready();
    for secret in [
        &ready.amazon.client_secret,
        &ready.amazon.refresh_token,
        &ready.ebay.client_secret,
        &ready.ebay.refresh_token,
        &ready.sams.auth_token,
    ] {
        desk.configure(|_| own.replace(secret.as_str(), WRONG));
        run(&["sync", "-vvv"]).await;
        run(&["doctor", "-vvv"]).await;
    }
    for broken in [
        own.replace("client_secret = ", "client_secret "),
        own.replace("refresh_token = \"", "refresh_token = \"\\q"),
        own.replace("auth_token = ", "auth_token = [").replace("private_key", "private_kay"),
        own.replace("client_secret = \"", "client_secret = { env = \"NO_SUCH_VARIABLE\" } # \""),
        own.replace(
            "private_key = { file",
            "private_key = \"-----BEGIN PRIVATE KEY-----\\nwr0ng-canary-0123456789abcdef\" # { file",
        ),
    ] {
        desk.configure(|_| broken.clone());
        let output = run(&["sync", "-vvv"]).await;
        assert_ne!(code(&output), 0, "{}", stderr(&output));
        run(&["doctor", "-vvv"]).await;
    }
    desk.configure(|_| own.clone());
    let spent = desk.type_in(&["login", "northfell-us", "-vv"], &format!("{WRONG}\n")).await;
    canaries.absent_in("login", &spent);

    canaries.absent_below(&desk.data());
}

#[tokio::test]
async fn no_secret_is_on_the_screen_that_logs_every_request() {
    let bench = Bench::new(Options::default());
    let mut secrets: Vec<String> = Vec::new();
    for account in &bench.config.accounts {
        for key in ["client_secret", "refresh_token", "auth_token"] {
            if let Ok(secret) = account.secret(key) {
                secrets.push(secrecy::ExposeSecret::expose_secret(&secret).to_owned());
            }
        }
    }
    secrets.extend(["Atza|".to_owned(), "v^1.1#i^1".to_owned(), "Bearer ".to_owned()]);
    let mut journey = Journey::on(bench, false).await;
    let mut seen = Vec::new();
    journey.goes_to("northfell-us").await;
    journey.keys("t p x").await;
    seen.push(journey.screen());
    journey.keys("esc A enter").await;
    journey.bench.faults(json!([{"kind": "status", "status": 401, "times": 5}])).await;
    journey.keys("R 7 c").await;
    seen.push(journey.screen());
    for _ in 0..8 {
        journey.keys("6 up enter").await;
        seen.push(journey.screen());
        journey.keys("esc").await;
    }
    journey.keys("5 enter").await;
    seen.push(journey.screen());
    seen.push(format!("{:?}", journey.app.model().data.log));
    seen.push(journey.app.screen().copied.join("\n"));
    let seen = seen.join("\n");
    assert!(seen.contains("/sp/"), "the requests are on the screen: {seen}");
    for secret in &secrets {
        assert!(!seen.contains(secret.as_str()), "{secret} on the screen");
    }
    let report: Value = json!(secrets.len());
    assert!(report.as_u64() > Some(10));
}
