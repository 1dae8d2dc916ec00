//! The real binary over real sockets: the sandbox in one process, `unbid apply --yes` in another, killed at random
//! moments until it comes through. Every change is there exactly once, by the sandbox's own books.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::full;
use crate::support::chaos::Dice;
use crate::truth::is_write;

/// Ends with the test, also when that fails.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A sandbox in a process of its own, and a data folder.
struct Desk {
    _sandbox: Running,
    control: String,
    folder: tempfile::TempDir,
}

fn unbid() -> Command {
    Command::new(env!("CARGO_BIN_EXE_unbid"))
}

impl Desk {
    fn open(faults: &Value) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (config, list) = (folder.path().join("config.toml"), folder.path().join("faults.json"));
        std::fs::write(&list, faults.to_string()).unwrap();
        let mut sandbox = unbid()
            .args(["sandbox", "--listen", "127.0.0.1:0", "--config-out"])
            .arg(&config)
            .arg("--faults")
            .arg(&list)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(sandbox.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        let control = ready["control_url"].as_str().unwrap().to_owned();
        Self { _sandbox: Running(sandbox), control, folder }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = unbid();
        command.args(arguments).env("UNBID_CONFIG", self.folder.path().join("config.toml"));
        command.env("UNBID_DATA_DIR", self.folder.path().join("data"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Runs a command that must succeed; what it prints.
    fn run(&self, arguments: &[&str], input: &str) -> Vec<u8> {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_slice(&self.run(arguments, "")).unwrap()
    }

    /// What the control server says.
    fn ask(&self, path: &str) -> Vec<Value> {
        let url = format!("{}{path}", self.control);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            // The provider may be installed already by another test of this process.
            let _ = rustls::crypto::ring::default_provider().install_default();
            reqwest::get(url).await.unwrap().json().await.unwrap()
        })
    }

    /// For each platform the live ad groups with the most room: (account, campaign, ad group).
    fn places(&self) -> Vec<Vec<[String; 3]>> {
        let rows = self.json(&["list", "--kind", "keyword", "--state", "enabled", "--format", "json"]);
        let word = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
        let mut groups: BTreeMap<(String, [String; 3]), usize> = BTreeMap::new();
        for row in rows.as_array().unwrap() {
            let live = row["campaign_state"] == "enabled" && row["ad_group_state"] == "enabled";
            if live {
                let place = [word(row, "account"), word(row, "campaign_id"), word(row, "ad_group_id")];
                *groups.entry((word(row, "platform"), place)).or_default() += 1;
            }
        }
        let each = ["amazon", "ebay", "sams"].into_iter();
        each.map(|platform| {
            let mut mine: Vec<_> = groups.iter().filter(|((theirs, _), _)| theirs == platform).collect();
            mine.sort_by_key(|(_, count)| **count);
            mine.iter().take(4).map(|((_, place), _)| place.clone()).collect()
        })
        .collect()
    }
}

/// Whether it ended before that time was over.
fn ends_within(child: &mut Child, time: Duration) -> bool {
    let until = Instant::now() + time;
    // A random moment of a process of its own: there is no clock to pause.
    while Instant::now() < until {
        if child.try_wait().unwrap().is_some() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    child.try_wait().unwrap().is_some()
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// What one round came to.
#[derive(Debug, Default)]
struct Round {
    kills: usize,
    /// Kills after which something was open.
    cut: usize,
    stops: usize,
    writes: usize,
    least: usize,
}

/// Stages so many changes at each platform and kills the send until it was killed often enough, or comes through.
fn round(desk: &Desk, places: &[[String; 3]], dice: &mut Dice, tag: &str, kills: usize, each: usize) -> Round {
    let mut round = Round::default();
    for [account, campaign, group] in places {
        let texts = (0..each).map(|n| format!("{tag} term {n}")).collect::<Vec<_>>().join("\n");
        desk.run(
            &[
                "add",
                "--account",
                account,
                "--campaign",
                campaign,
                "--ad-group",
                group,
                "--match",
                "exact",
                "--from-file",
                "-",
            ],
            &texts,
        );
    }
    let plan = desk.json(&["plan", "--format", "json"]);
    round.least = plan["requests"].as_array().unwrap().len();
    let before = writes(desk);
    while round.kills < kills {
        let mut child = Running(desk.command(&["apply", "--yes"]).spawn().unwrap());
        // Some moment after its first call.
        let asked = desk.ask("/requests").len();
        let mut ended = false;
        while !ended && desk.ask("/requests").len() == asked {
            ended = ends_within(&mut child.0, Duration::from_millis(20));
        }
        if ended || ends_within(&mut child.0, Duration::from_millis(dice.below(1_800))) {
            break;
        }
        if full() && dice.below(6) == 0 {
            // Suspended for a while with a call under way, then it goes on.
            signal(&child.0, "-STOP");
            std::thread::sleep(Duration::from_secs(3));
            signal(&child.0, "-CONT");
            round.stops += 1;
            if ends_within(&mut child.0, Duration::from_millis(dice.below(900))) {
                break;
            }
        }
        drop(child);
        round.kills += 1;
        round.cut += usize::from(open_operations(&desk.folder.path().join("data")) > 0);
    }
    // Until it comes through by itself.
    for _ in 0..5 {
        let done = desk.command(&["apply", "--yes"]).status().unwrap();
        if done.success() {
            break;
        }
    }
    let left = desk.json(&["apply", "--yes", "--format", "json"]);
    assert_eq!(left["changes"], json!([]), "something is left");
    round.writes = writes(desk) - before;
    for (platform, [_, campaign, group]) in ["amazon", "ebay", "sams"].into_iter().zip(places) {
        let rows = desk.ask(&format!("/state?platform={platform}&campaign_id={campaign}"));
        let mut times: BTreeMap<&str, usize> = BTreeMap::new();
        for row in rows.iter().filter(|row| row["ad_group_id"] == group.as_str()) {
            let text = row["text"].as_str().unwrap();
            if text.starts_with(&format!("{tag} term ")) && row["state"] == "enabled" {
                *times.entry(text).or_default() += 1;
            }
        }
        assert_eq!(times.len(), each, "{platform} {tag}: lost");
        assert!(times.values().all(|count| *count == 1), "{platform} {tag}: doubled {times:?}");
    }
    round
}

fn writes(desk: &Desk) -> usize {
    let word = |call: &Value, key: &str| call[key].as_str().unwrap().to_owned();
    let log = desk.ask("/requests");
    log.iter()
        .filter(|call| is_write(&word(call, "platform"), &word(call, "method"), &word(call, "path")))
        .count()
}

/// Operations that the journal says are not over.
fn open_operations(data: &Path) -> usize {
    let store = unbid::store::Store::open(data).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(store.unsettled(None)).unwrap().len()
}

#[test]
fn a_process_killed_at_any_moment_loses_nothing_and_doubles_nothing() {
    // Slow enough to be hit in the middle: before a call is done, and while its answer is on the way.
    let desk = Desk::open(&json!([
        {"kind": "accept_duplicates"},
        {"kind": "latency", "ms": 60},
        {"method": "POST", "kind": "slow_body", "bytes_per_second": 40_000}
    ]));
    desk.run(&["sync"], "");
    let places = desk.places();
    let (rounds, kills, each) = if full() { (12, 6, 200) } else { (1, 4, 200) };
    let mut all = Round::default();
    let mut dice = Dice::new(7);
    for number in 0..rounds {
        let here: Vec<_> = places.iter().map(|all| all[number % all.len()].clone()).collect();
        let one = round(&desk, &here, &mut dice, &format!("kill{number}"), kills, each);
        println!("kill {number}: {one:?}");
        all.kills += one.kills;
        all.cut += one.cut;
        all.stops += one.stops;
        all.writes += one.writes;
        all.least += one.least;
    }
    println!(
        "kill: {} kills ({} in the middle of an operation), {} suspensions, {} changes, 0 lost, 0 doubled; {} writes sent for a least of {}",
        all.kills,
        all.cut,
        all.stops,
        rounds * each * 3,
        all.writes,
        all.least
    );
}
