//! The real binary against the sandbox over real sockets: a config, a data folder, and what the sandbox holds.

use std::path::PathBuf;
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;
use unbid::sandbox::{Options, Rule, Sandbox};

/// A sandbox, a config for it and an empty data folder.
pub struct Desk {
    pub sandbox: Sandbox,
    pub folder: tempfile::TempDir,
}

impl Desk {
    pub async fn new() -> Self {
        Self::with(Vec::new()).await
    }

    pub async fn with(faults: Vec<Rule>) -> Self {
        let mut sandbox = Sandbox::start(Options { faults, ..Options::default() }).await.expect("a sandbox");
        let folder = tempfile::tempdir().expect("a folder");
        sandbox.write_config(&folder.path().join("config.toml")).expect("a config");
        Self { sandbox, folder }
    }

    /// Rewrites the config.
    pub fn configure(&self, change: impl FnOnce(String) -> String) {
        let text = std::fs::read_to_string(self.config()).expect("the config");
        std::fs::write(self.config(), change(text)).expect("written");
    }

    /// A desk whose snapshot is fresh.
    pub async fn synced() -> Self {
        let desk = Self::new().await;
        let synced = desk.run(&["sync"]).await;
        assert_eq!(code(&synced), 0, "{}", stderr(&synced));
        desk
    }

    pub fn config(&self) -> PathBuf {
        self.folder.path().join("config.toml")
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The file of the local database.
    pub fn database(&self) -> PathBuf {
        self.data().join("unbid.db")
    }

    /// Runs a command to its end, off the thread that serves the sandbox.
    pub async fn run(&self, arguments: &[&str]) -> Output {
        self.type_in(arguments, "").await
    }

    /// Runs a command that is told something on stdin.
    pub async fn type_in(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = Command::cargo_bin("unbid").expect("the binary");
        command.args(arguments).env("UNBID_CONFIG", self.config()).write_stdin(input);
        command.env("UNBID_DATA_DIR", self.data());
        tokio::task::spawn_blocking(move || command.output().expect("it runs")).await.expect("it ends")
    }

    /// Runs a shell script in which `unbid` is a function: for limits, masks and signals that only a shell can set.
    pub async fn shell(&self, script: &str) -> Output {
        let mut command = std::process::Command::new("sh");
        let script = format!("unbid() {{ \"$UNBID\" \"$@\"; }}\n{script}");
        command.arg("-c").arg(script).env("UNBID", env!("CARGO_BIN_EXE_unbid"));
        command.env("UNBID_CONFIG", self.config()).env("UNBID_DATA_DIR", self.data());
        command.stdin(std::process::Stdio::null());
        tokio::task::spawn_blocking(move || command.output().expect("a shell")).await.expect("it ends")
    }

    /// Runs a command that must succeed and reads its JSON.
    pub async fn json(&self, arguments: &[&str]) -> Value {
        let mut all = arguments.to_vec();
        all.extend(["--format", "json"]);
        let output = self.run(&all).await;
        assert_eq!(code(&output), 0, "{arguments:?}: {}", stderr(&output));
        serde_json::from_slice(&output.stdout).expect("JSON on stdout")
    }

    /// An enabled keyword row at ad group level, whose parents are enabled.
    pub async fn row(&self, platform: &str) -> Value {
        let rows =
            self.json(&["list", "--platform", platform, "--kind", "keyword", "--state", "enabled"]).await;
        let live = |row: &&Value| row["campaign_state"] == "enabled" && row["ad_group_state"] == "enabled";
        rows.as_array().expect("rows").iter().find(live).expect("a live row").clone()
    }

    /// Stages an addition beside a row.
    pub async fn add(&self, row: &Value, text: &str) -> Output {
        let (campaign, group) = (text_of(row, "campaign_id"), text_of(row, "ad_group_id"));
        self.run(&["add", "--campaign", campaign, "--ad-group", group, "--match", "exact", text]).await
    }

    /// What the sandbox holds with this text.
    pub async fn held(&self, text: &str) -> Vec<Value> {
        self.control("/state").await.into_iter().filter(|row| row["text"] == text).collect()
    }

    /// The rows of a list that the control server gives.
    pub async fn control(&self, path: &str) -> Vec<Value> {
        // The provider may be installed already by another test of this process.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let url = format!("{}{path}", self.sandbox.ready().control_url);
        reqwest::get(url).await.expect("an answer").json().await.expect("JSON")
    }

    /// Calls that would change something, as the sandbox saw them: method and path.
    pub async fn writes(&self) -> Vec<(String, String)> {
        let calls = self.control("/requests").await;
        let told = |call: &Value| (text_of(call, "method").to_owned(), text_of(call, "path").to_owned());
        calls.iter().map(told).filter(|(method, path)| is_write(method, path)).collect()
    }

    /// Tells the control server something.
    pub async fn tell(&self, method: &str, path: &str, body: &Value) -> Value {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let url = format!("{}{path}", self.sandbox.ready().control_url);
        let method = method.parse().expect("a method");
        let answer = reqwest::Client::new().request(method, url).json(body).send().await.expect("an answer");
        let status = answer.status();
        let told = answer.text().await.expect("a body");
        assert!(status.is_success(), "{path}: {status} {told}");
        serde_json::from_str(&told).expect("JSON")
    }
}

/// Whether a call changes something on its platform: lists are POSTs too on Amazon, and tokens everywhere.
pub fn is_write(method: &str, path: &str) -> bool {
    let reads = path.ends_with("/list") || path.ends_with("/o2/token") || path.ends_with("/oauth2/token");
    let asks = path.contains("brands") || path.contains("report");
    method != "GET" && !reads && !asks
}

pub fn text_of<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().expect("a string")
}

pub fn code(output: &Output) -> i32 {
    output.status.code().expect("it ended by itself")
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A rule in force from the start.
pub fn fault(rule: Value) -> Vec<Rule> {
    vec![serde_json::from_value(rule).expect("a rule")]
}
