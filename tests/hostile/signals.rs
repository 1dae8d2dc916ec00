//! Signals in the middle of a sending: it ends at a request's boundary with everything journaled, and a process that
//! is stopped and goes on repeats nothing.

#![cfg(unix)]

use std::process::{Child, Command};

use serde_json::{Value, json};

use crate::instances::{assert_once, end, faults, seen, start};
use crate::support::desk::{Desk, code, stderr, text_of};
use crate::support::seat::{Seat, ends};

fn signal(child: &Child, name: &str) {
    let sent =
        Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status().expect("kill");
    assert!(sent.success(), "{name}");
}

/// Stages three changes of one account that need a request each: two levels of keywords and a product.
async fn stage_three(desk: &Desk, tag: &str) -> [String; 3] {
    let row = desk.row("amazon").await;
    let (campaign, group) = (text_of(&row, "campaign_id"), text_of(&row, "ad_group_id"));
    let texts = [format!("{tag} group"), format!("{tag} campaign"), "B0UNBID001".to_owned()];
    for arguments in [
        &["add", "--campaign", campaign, "--ad-group", group, "--match", "exact", &texts[0]][..],
        &["add", "--campaign", campaign, "--match", "exact", &texts[1]],
        &["add", "--campaign", campaign, "--ad-group", group, "--asin", &texts[2]],
    ] {
        let output = desk.run(arguments).await;
        assert_eq!(code(&output), 0, "{arguments:?}: {}", stderr(&output));
    }
    texts
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sending_that_is_told_to_end_stops_at_a_request_and_leaves_nothing_unknown() {
    for name in ["TERM", "HUP", "INT"] {
        let desk = Desk::synced().await;
        let texts = stage_three(&desk, "told to end").await;
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let slow = json!({"platform": "amazon", "method": "POST", "path": "/sp/", "times": 1, "kind": "delay", "ms": 700});
        faults(&desk, json!([{"kind": "accept_duplicates"}, slow])).await;
        let child = start(&desk, &["apply", "--yes", "--format", "json"]);
        seen(&desk, 1, false).await;
        signal(&child, name);
        let output = end(child).await;
        assert_eq!(code(&output), 4, "{name}: {}", stderr(&output));
        let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let sent = desk.writes().await.len() as u64;
        assert!(sent < 3, "{name}: it went on: {report}");
        assert_eq!(report["unknown"], json!(0), "{name}: {report}");
        assert_eq!(report["applied"].as_u64(), Some(sent), "{name}: {report}");
        let rest = desk.run(&["apply", "--yes"]).await;
        assert_eq!(code(&rest), 0, "{name}: {}", stderr(&rest));
        assert_eq!(desk.writes().await.len(), 3, "{name}");
        assert_once(&desk, &texts).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_was_stopped_in_mid_call_goes_on_and_repeats_nothing() {
    let desk = Desk::synced().await;
    let texts = stage_three(&desk, "suspended").await;
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let slow =
        json!({"platform": "amazon", "method": "POST", "path": "/sp/", "times": 1, "kind": "delay", "ms": 300});
    faults(&desk, json!([{"kind": "accept_duplicates"}, slow])).await;
    let child = start(&desk, &["apply", "--yes", "--format", "json"]);
    seen(&desk, 1, false).await;
    signal(&child, "STOP");
    // The answer comes while nobody takes it.
    seen(&desk, 1, true).await;
    signal(&child, "CONT");
    let output = end(child).await;
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(desk.writes().await.len(), 3);
    assert_once(&desk, &texts).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_lost_while_the_process_is_stopped_is_settled_and_not_sent_again() {
    let desk = Desk::synced().await;
    let texts = stage_three(&desk, "lost asleep").await;
    // The narrowest question that tells: it is asked many times.
    let row = desk.row("amazon").await;
    let question = format!("/state?platform=amazon&campaign_id={}", text_of(&row, "campaign_id"));
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let lost = json!({"platform": "amazon", "method": "POST", "path": "/sp/negativeKeywords", "exact": true, "times": 1, "kind": "drop_after"});
    faults(&desk, json!([{"kind": "accept_duplicates"}, lost, {"platform": "amazon", "method": "POST", "kind": "latency", "ms": 200}])).await;
    let child = start(&desk, &["apply", "--yes"]);
    seen(&desk, 1, false).await;
    signal(&child, "STOP");
    // Nothing can be seen of a dropped call but that what it did is there. It may also have been stopped before its
    // last byte was out; then the answer is lost a moment later.
    for _ in 0..300 {
        if desk.control(&question).await.iter().any(|row| row["text"] == texts[0]) {
            break;
        }
    }
    signal(&child, "CONT");
    let output = end(child).await;
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(desk.writes().await.len(), 3);
    assert_once(&desk, &texts).await;
}

#[test]
fn a_window_that_closes_while_sending_leaves_everything_journaled_and_nothing_doubled() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (desk, texts) = runtime.block_on(async {
        let desk = Desk::synced().await;
        let texts = stage_three(&desk, "closed window").await;
        let slow = json!({"platform": "amazon", "method": "POST", "path": "/sp/", "times": 1, "kind": "delay", "ms": 700});
        faults(&desk, json!([{"kind": "accept_duplicates"}, slow])).await;
        (desk, texts)
    });
    let config = desk.config();
    let data = desk.data();
    let path = |path: &std::path::Path| path.to_str().expect("a path").to_owned();
    let arguments = ["--config", &path(&config), "--data-dir", &path(&data)];
    let mut seat = Seat::run(&arguments, desk.folder.path(), 120, 40);
    seat.wait_for("3 not sent");
    seat.press("p");
    seat.wait_for("closed window campaign");
    seat.press("A");
    seat.wait_for("SANDBOX)?");
    seat.press("\r");
    runtime.block_on(seen(&desk, 1, false));
    assert!(ends(seat.close()), "it goes on without a terminal");
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    runtime.block_on(async {
        let rest = desk.run(&["apply", "--yes"]).await;
        assert_eq!(code(&rest), 0, "{}", stderr(&rest));
        assert_eq!(desk.writes().await.len(), 3);
        assert_once(&desk, &texts).await;
    });
}
