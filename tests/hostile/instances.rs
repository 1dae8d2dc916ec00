//! Several unbids at once on one data folder: one sends, the others say who does; a lock never outlives its process.

use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::support::desk::{Desk, code, stderr, text_of};

/// Puts faults in force.
pub async fn faults(desk: &Desk, rules: Value) {
    desk.tell("PUT", "/faults", &rules).await;
}

/// Starts a command and does not wait for it.
pub fn start(desk: &Desk, arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unbid"));
    command.args(arguments).env("UNBID_CONFIG", desk.config()).env("UNBID_DATA_DIR", desk.data());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("it starts")
}

/// Waits until the sandbox has seen as many writing calls; with `answered`, until they are answered too.
pub async fn seen(desk: &Desk, writes: usize, answered: bool) {
    let patience = tokio::time::Instant::now() + std::time::Duration::from_mins(2);
    loop {
        let calls = desk.control("/requests").await;
        let came = calls
            .iter()
            .filter(|call| crate::support::desk::is_write(text_of(call, "method"), text_of(call, "path")))
            .filter(|call| !answered || !call["status"].is_null())
            .count();
        if came >= writes {
            return;
        }
        assert!(tokio::time::Instant::now() < patience, "only {came} of {writes} writes came");
        tokio::task::yield_now().await;
    }
}

/// How it ended.
pub async fn end(child: Child) -> std::process::Output {
    tokio::task::spawn_blocking(move || child.wait_with_output().expect("it ends")).await.expect("it ends")
}

/// Stages additions beside a live row of a platform.
pub async fn stage(desk: &Desk, platform: &str, texts: &[&str]) {
    let row = desk.row(platform).await;
    let at = ["add", "--campaign", text_of(&row, "campaign_id"), "--ad-group", text_of(&row, "ad_group_id")];
    let output = desk.run(&[&at[..], &["--match", "exact"], texts].concat()).await;
    assert_eq!(code(&output), 0, "{}", stderr(&output));
}

/// Every text is held exactly once, although the sandbox would take it twice.
pub async fn assert_once(desk: &Desk, texts: &[&str]) {
    let state = desk.control("/state").await;
    for text in texts {
        let held = state.iter().filter(|row| row["text"] == *text).count();
        assert_eq!(held, 1, "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_that_send_at_once_one_does_and_the_others_say_who() {
    let desk = Desk::synced().await;
    let texts = ["at once one", "at once two", "at once three"];
    stage(&desk, "ebay", &texts).await;
    let slow = json!([{"kind": "accept_duplicates"}, {"platform": "ebay", "method": "POST", "path": "/sell", "kind": "delay", "ms": 3000}]);
    faults(&desk, slow).await;
    let first = start(&desk, &["apply", "--yes"]);
    let holder = first.id();
    seen(&desk, 1, false).await;
    let others: Vec<Child> = (0..3).map(|_| start(&desk, &["apply", "--yes"])).collect();
    for other in others {
        let output = end(other).await;
        let said = stderr(&output);
        assert_eq!(code(&output), 2, "{said}");
        assert!(said.contains(&format!("being sent by pid {holder} since ")), "{said}");
    }
    let output = end(first).await;
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_once(&desk, &texts).await;
    assert_eq!(desk.writes().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_that_start_at_the_same_moment_send_everything_once() {
    let desk = Desk::synced().await;
    let texts = ["same moment one", "same moment two"];
    for platform in ["amazon", "ebay", "sams"] {
        stage(&desk, platform, &texts).await;
    }
    faults(&desk, json!([{"kind": "accept_duplicates"}, {"method": "POST", "kind": "latency", "ms": 150}]))
        .await;
    let all: Vec<Child> = (0..4).map(|_| start(&desk, &["apply", "--yes"])).collect();
    for child in all {
        let output = end(child).await;
        assert!([0, 2, 4].contains(&code(&output)), "{}", stderr(&output));
        assert!(!stderr(&output).contains("panicked"), "{}", stderr(&output));
    }
    let last = desk.run(&["apply", "--yes"]).await;
    assert_eq!(code(&last), 0, "{}", stderr(&last));
    let state = desk.control("/state").await;
    for text in texts {
        assert_eq!(state.iter().filter(|row| row["text"] == text).count(), 3, "{text}: once per platform");
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_sender_frees_its_lock_and_the_next_one_settles_what_it_left() {
    let desk = Desk::synced().await;
    let texts = ["left behind one", "left behind two"];
    stage(&desk, "amazon", &texts).await;
    faults(&desk, json!([{"kind": "accept_duplicates"}, {"platform": "amazon", "path": "/sp", "times": 1, "kind": "delay", "ms": 400}])).await;
    let mut first = start(&desk, &["apply", "--yes"]);
    seen(&desk, 1, false).await;
    first.kill().expect("it is ours");
    first.wait().expect("it ended");
    let next = desk.run(&["apply", "--yes"]).await;
    assert_eq!(code(&next), 0, "{}", stderr(&next));
    assert_once(&desk, &texts).await;
    let after = desk.run(&["apply", "--yes", "--format", "json"]).await;
    let report: Value = serde_json::from_slice(&after.stdout).expect("JSON");
    assert_eq!((&report["unknown"], &report["applied"]), (&json!(0), &json!(0)), "nothing is left: {report}");
}
