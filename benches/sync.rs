//! How near a refresh comes to what the platforms let through: the `medium` world at 50 ms a call, and at 20 calls a
//! second and platform. A plain program; the sandbox and unbid are processes of their own, what is written to the
//! local database is part of the time. `cargo bench --bench sync`

use std::collections::HashMap;
use std::error::Error;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::{Value, json};
use unbid::config::Config;

type Res<T> = Result<T, Box<dyn Error>>;

const UNBID: &str = env!("CARGO_BIN_EXE_unbid");
const LATENCY: Duration = Duration::from_millis(50);
/// How many calls one bucket has under way at most.
const AT_ONCE: f64 = 4.0;
const PER_SECOND: f64 = 20.0;
const ROUNDS: usize = 3;
const PLATFORMS: [&str; 3] = ["amazon", "ebay", "sams"];

fn main() -> Res<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(run())
}

async fn run() -> Res<()> {
    let folder = tempfile::tempdir()?;
    let sandbox = Sandbox::start(folder.path())?;
    println!("load average {}", load());
    sandbox.faults(&json!([{"kind": "latency", "ms": LATENCY.as_millis()}])).await?;
    for round in 0..ROUNDS {
        let sync = Sync::run(&sandbox, &folder.path().join(format!("latency-{round}"))).await?;
        sync.by_latency();
    }
    let throttles: Vec<Value> = PLATFORMS
        .iter()
        .map(|platform| json!({"kind": "throttle", "platform": platform, "per_second": PER_SECOND}))
        .chain(std::iter::once(json!({"kind": "latency", "ms": LATENCY.as_millis()})))
        .collect();
    sandbox.faults(&Value::Array(throttles)).await?;
    Sync::run(&sandbox, &folder.path().join("throttled")).await?.by_rate();
    println!("load average {}", load());
    Ok(())
}

/// The emulated platforms in a process of their own.
struct Sandbox {
    child: Child,
    control: String,
    config: std::path::PathBuf,
    client: reqwest::Client,
}

impl Sandbox {
    fn start(folder: &Path) -> Res<Self> {
        // An error means that there is a provider already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let config = folder.join("config.toml");
        let mut child = Command::new(UNBID)
            .args(["sandbox", "--size", "medium", "--config-out"])
            .arg(&config)
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut line)?;
        let ready: Value = serde_json::from_str(&line)?;
        let control = ready["control_url"].as_str().ok_or("no control server")?.to_owned();
        Ok(Self { child, control, config, client: reqwest::Client::builder().no_proxy().build()? })
    }

    async fn faults(&self, list: &Value) -> Res<()> {
        let answer = self.client.put(format!("{}/faults", self.control)).json(list).send().await?;
        answer.error_for_status()?;
        Ok(())
    }

    async fn requests(&self) -> Res<Vec<Value>> {
        Ok(self.client.get(format!("{}/requests", self.control)).send().await?.json().await?)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // It may have ended by itself; nothing is lost with it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One refresh from nothing.
struct Sync {
    took: Duration,
    negatives: u64,
    /// Calls by bucket: Amazon counts by profile, eBay by credential, Sam's Club by consumer.
    buckets: HashMap<String, f64>,
    requests: Vec<Value>,
}

impl Sync {
    async fn run(sandbox: &Sandbox, data: &Path) -> Res<Self> {
        let before = sandbox.requests().await?.len();
        let start = Instant::now();
        let output = Command::new(UNBID)
            .arg("--config")
            .arg(&sandbox.config)
            .arg("--data-dir")
            .arg(data)
            .args(["--quiet", "sync", "--format", "json"])
            .stderr(Stdio::inherit())
            .output()?;
        let took = start.elapsed();
        if !output.status.success() {
            return Err(format!("sync ended with {}", output.status).into());
        }
        let accounts: Vec<Value> = serde_json::from_slice(&output.stdout)?;
        let requests = sandbox.requests().await?.split_off(before);
        let platforms: HashMap<String, String> = Config::load(&sandbox.config, true)?
            .accounts
            .into_iter()
            .map(|account| (account.name.to_string(), account.platform.to_string()))
            .collect();
        let mut buckets: HashMap<String, f64> = HashMap::new();
        for account in &accounts {
            let name = account["account"].as_str().unwrap_or_default();
            let platform = platforms.get(name).cloned().unwrap_or_default();
            let bucket = if platform == "amazon" { format!("amazon {name}") } else { platform };
            *buckets.entry(bucket).or_default() += account["calls"].as_f64().unwrap_or_default();
        }
        let negatives = accounts.iter().filter_map(|account| account["negatives"].as_u64()).sum();
        Ok(Self { took, negatives, buckets, requests })
    }

    fn of<'a>(&'a self, platform: &'a str) -> impl Iterator<Item = &'a Value> {
        self.requests.iter().filter(move |entry| entry["platform"] == platform)
    }

    /// From the first call of a platform to the answer of the last.
    fn span(&self, platform: &str) -> f64 {
        let time = |entry: &Value| entry["time"].as_str().and_then(|time| time.parse::<Timestamp>().ok());
        let (first, last) =
            (self.of(platform).filter_map(time).min(), self.of(platform).filter_map(time).max());
        let between = first.zip(last).map(|(first, last)| last.duration_since(first).as_secs_f64());
        between.unwrap_or_default() + LATENCY.as_secs_f64()
    }

    /// Against the bound. Chains of calls that need one another's answers are counted at their shortest (token,
    /// campaigns, ad groups, negatives, one page each), so that what is not known is not in our favour.
    fn by_latency(&self) {
        let chain = |bucket: &str| match bucket.split(' ').next() {
            Some("sams") => 2.0,
            Some("amazon") => 3.0,
            _ => 4.0,
        };
        let bound = |bucket: &str, calls: f64| (calls / AT_ONCE).max(chain(bucket)) * LATENCY.as_secs_f64();
        let whole = self.buckets.iter().map(|(bucket, calls)| bound(bucket, *calls)).fold(0.0, f64::max);
        println!(
            "sync at {LATENCY:?} a call: {:.2} s, {} calls, {} negatives; bound {whole:.2} s: {:.1} %",
            self.took.as_secs_f64(),
            self.requests.len(),
            self.negatives,
            whole / self.took.as_secs_f64() * 100.0
        );
        for platform in PLATFORMS {
            let of = self.buckets.iter().filter(|(bucket, _)| bucket.starts_with(platform));
            let bound = of.map(|(bucket, calls)| bound(bucket, *calls)).fold(0.0, f64::max);
            let span = self.span(platform);
            println!(
                "    {platform:<6} {:>5} calls in {span:.2} s, bound {bound:.2} s: {:.1} %",
                self.of(platform).count(),
                bound / span * 100.0
            );
        }
    }

    /// Against the allowed rate.
    fn by_rate(&self) {
        println!("sync at {PER_SECOND} calls a second and platform: {:.1} s", self.took.as_secs_f64());
        for platform in PLATFORMS {
            let refused = self.of(platform).filter(|entry| entry["status"] == 429).count() as f64;
            let accepted = self.of(platform).count() as f64 - refused;
            let span = self.span(platform);
            println!(
                "    {platform:<6} {accepted:>5} calls accepted in {span:.2} s, {:.1} % of the allowed rate; {refused} refused, \
                 {:.3} for each accepted",
                accepted / (span * PER_SECOND) * 100.0,
                refused / accepted
            );
        }
    }
}

fn load() -> String {
    std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim().to_owned()
}
