//! Disks that are full, folders that cannot be written, files that others left: no request goes out when its intent
//! cannot be made durable, the error says why, and nothing that was journaled is lost.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::json;

use crate::instances::{assert_once, faults, stage};
use crate::support::desk::{Desk, code, stderr, text_of};

/// Runs `unbid` with a limit on how large any file may grow, in blocks of 512 bytes: the nearest thing to a full disk
/// that needs no privileges. The signal that would end the process is ignored, as on a full disk there is none.
async fn limited(desk: &Desk, blocks: u64, arguments: &str) -> std::process::Output {
    desk.shell(&format!("trap '' XFSZ; ulimit -f {blocks}; unbid {arguments}")).await
}

fn blocks(file: &Path) -> u64 {
    fs::metadata(file).map_or(0, |meta| meta.len().div_ceil(512))
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_nothing_is_sent_and_nothing_is_lost() {
    let desk = Desk::synced().await;
    let texts = ["full disk one", "full disk two"];
    for platform in ["amazon", "ebay", "sams"] {
        stage(&desk, platform, &texts).await;
    }
    let before = desk.json(&["plan"]).await["changes"].clone();
    faults(&desk, json!([{"kind": "accept_duplicates"}])).await;
    // Whatever the moment at which the room ends: at once, or after some of the journal was written.
    let mut refused = 0;
    for room in [0, 1, 8, 16, 24, 32, 48, 64, 96, 128] {
        let output =
            limited(&desk, blocks(&desk.data().join("unbid.db-wal")).max(1) + room, "apply --yes").await;
        let said = stderr(&output);
        assert!(!said.contains("panicked"), "{room}: {said}");
        if code(&output) != 0 {
            refused += 1;
            assert!(said.contains("unbid.db"), "{room}: {said}");
            assert!(said.contains("disk") || said.contains("database"), "{room}: {said}");
        }
        // What went out was journaled before: its intent can be found.
        let writes = desk.writes().await.len();
        let staged = desk.json(&["plan"]).await["changes"].as_array().map_or(0, Vec::len);
        assert!(
            writes > 0 || staged == before.as_array().map_or(0, Vec::len),
            "{room}: {staged} staged, {writes} sent"
        );
    }
    assert!(refused >= 1, "no limit was small enough to see anything");
    let last = desk.run(&["apply", "--yes"]).await;
    assert_eq!(code(&last), 0, "{}", stderr(&last));
    let state = desk.control("/state").await;
    for text in texts {
        assert_eq!(state.iter().filter(|row| row["text"] == text).count(), 3, "{text}: once per platform");
    }
    assert_eq!(code(&desk.run(&["doctor"]).await), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_can_be_written_every_command_says_so_and_sends_nothing() {
    let desk = Desk::synced().await;
    stage(&desk, "amazon", &["kept all the same"]).await;
    let file = desk.database();
    for place in ["unbid.db-wal", "locks"] {
        let path = desk.data().join(place);
        let aside = desk.folder.path().join("aside");
        let there = path.exists();
        if there {
            fs::rename(&path, &aside).expect("ours");
        }
        // Something else stands where the file or folder should be: it cannot be made, whoever asks.
        if place == "locks" {
            fs::write(&path, "not a folder").expect("written");
        } else {
            fs::create_dir(&path).expect("made");
        }
        let output = desk.run(&["apply", "--yes"]).await;
        let said = stderr(&output);
        assert_eq!(code(&output), 2, "{place}: {said}");
        assert!(said.contains("--data-dir") || said.contains("write"), "{place}: {said}");
        assert_eq!(desk.writes().await, [], "{place}");
        if place == "locks" {
            fs::remove_file(&path).expect("ours");
        } else {
            fs::remove_dir(&path).expect("ours");
        }
        if there {
            fs::rename(&aside, &path).expect("ours");
        }
    }
    let folder = desk.folder.path().join("a file");
    fs::write(&folder, "").expect("written");
    let output = desk.run(&["apply", "--yes", "--data-dir", folder.to_str().expect("a path")]).await;
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert!(file.exists());
    let sent = desk.run(&["apply", "--yes"]).await;
    assert_eq!(code(&sent), 0, "{}", stderr(&sent));
    assert_once(&desk, &["kept all the same"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_another_program_holds_is_waited_for_and_then_told() {
    let desk = Desk::synced().await;
    stage(&desk, "ebay", &["held by another"]).await;
    let holder = rusqlite::Connection::open(desk.database()).expect("the database");
    holder.execute_batch("BEGIN IMMEDIATE; UPDATE accounts SET stale = stale;").expect("held");
    let output = desk.run(&["apply", "--yes"]).await;
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert!(stderr(&output).contains("Another program holds"), "{}", stderr(&output));
    assert_eq!(desk.writes().await, []);
    drop(holder);
    assert_eq!(code(&desk.run(&["apply", "--yes"]).await), 0);
    assert_once(&desk, &["held by another"]).await;
}

/// The mode of every file and folder below one.
fn modes(folder: &Path) -> Vec<(String, u32, bool)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let mode = fs::metadata(&path).expect("its mode").permissions().mode() & 0o777;
        all.push((path.display().to_string(), mode, path.is_dir()));
        if path.is_dir() {
            all.extend(modes(&path));
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_mask_only_the_owner_can_read_what_is_written() {
    let desk = Desk::new().await;
    let out = desk.folder.path().join("out");
    let script = format!(
        "umask 000; unbid sync && unbid list > /dev/null && unbid plan > /dev/null && unbid apply --yes; \
         \"$UNBID\" sandbox --config-out {out}/config.toml --listen 127.0.0.1:0 > /dev/null 2>&1 & pid=$!; \
         until [ -s {out}/config.toml ]; do :; done; kill $pid; wait $pid",
        out = out.display()
    );
    fs::create_dir(&out).expect("made");
    fs::set_permissions(&out, fs::Permissions::from_mode(0o700)).expect("ours");
    let output = desk.shell(&script).await;
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    for (path, mode, folder) in modes(desk.folder.path()) {
        assert_eq!(mode, if folder { 0o700 } else { 0o600 }, "{path}");
    }
    // What was there before with wider doors is closed.
    fs::set_permissions(desk.database(), fs::Permissions::from_mode(0o666)).expect("ours");
    fs::set_permissions(desk.data(), fs::Permissions::from_mode(0o777)).expect("ours");
    assert_eq!(code(&desk.run(&["list"]).await), 0);
    let mode = |path: &Path| fs::metadata(path).expect("its mode").permissions().mode() & 0o777;
    assert_eq!((mode(&desk.database()), mode(&desk.data()) & 0o022), (0o600, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configuration_with_plain_secrets_that_others_may_read_is_refused() {
    let desk = Desk::new().await;
    for mode in [0o644, 0o640, 0o604, 0o660] {
        fs::set_permissions(desk.config(), fs::Permissions::from_mode(mode)).expect("ours");
        let output = desk.run(&["sync"]).await;
        assert_ne!(code(&output), 0, "{mode:o}");
        assert!(stderr(&output).contains("chmod 600"), "{mode:o}: {}", stderr(&output));
        assert_eq!(desk.control("/requests").await.len(), 0, "{mode:o}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_was_set_back_loses_and_doubles_nothing() {
    let desk = Desk::synced().await;
    stage(&desk, "sams", &["before the clock", "before the clock too"]).await;
    faults(&desk, json!([{"kind": "accept_duplicates"}, {"platform": "sams", "method": "POST", "times": 1, "kind": "drop_after"}])).await;
    let first = desk.run(&["apply", "--yes", "--format", "json"]).await;
    // Everything written so far now lies a day ahead of the clock.
    {
        let db = rusqlite::Connection::open(desk.database()).expect("the database");
        db.execute_batch(
            "DROP TRIGGER operations_never_change; DROP TRIGGER intents_never_change; DROP TRIGGER answers_are_written_once;
             UPDATE operations SET began = '2999-01-01T00:00:00Z', ended = NULL;
             UPDATE attempts SET intended = '2999-01-01T00:00:00Z', answered = '2999-01-01T00:00:01Z';
             UPDATE accounts SET fetched_at = '2999-01-01T00:00:00Z';",
        )
        .expect("changed");
    }
    assert!([0, 4].contains(&code(&first)), "{}", stderr(&first));
    let next = desk.run(&["apply", "--yes"]).await;
    assert_eq!(code(&next), 0, "{}", stderr(&next));
    assert_once(&desk, &["before the clock", "before the clock too"]).await;
    assert_eq!(code(&desk.run(&["sync"]).await), 0);
    let rows = desk.json(&["list", "--text", "before the clock"]).await;
    assert_eq!(rows.as_array().map(Vec::len), Some(2));
    assert_eq!(text_of(&rows[0], "state"), "enabled");
}
