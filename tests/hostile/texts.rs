//! Hostile names and texts from the platforms, all the way through: shown harmless on every screen and in every
//! output, kept to the byte in the database and in requests.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use unbid::sandbox::Options;

use crate::corpus::{assert_tame, texts, wild};
use crate::support::Bench;
use crate::support::desk::{Desk, code, stderr, text_of};
use crate::support::journey::Journey;

/// Plants the corpus as texts of negatives, and as names of campaigns and ad groups, on every platform: behind the
/// client's back, through the control server.
fn mutations(state: &[Value]) -> Vec<Value> {
    let mut changes = Vec::new();
    for platform in ["amazon", "ebay", "sams"] {
        let live = |row: &&Value| {
            row["platform"] == platform
                && row["level"] == "ad_group"
                && row["kind"] == "keyword"
                && row["state"] != "archived"
        };
        let rows: Vec<&Value> = state.iter().filter(live).collect();
        let groups: BTreeSet<(&str, &str)> =
            rows.iter().map(|row| (text_of(row, "ad_group_id"), text_of(row, "campaign_id"))).collect();
        for (text, (group, campaign)) in texts().iter().zip(groups.iter().cycle()) {
            changes
                .push(json!({"op": "add_negative", "platform": platform, "ad_group_id": group, "text": text}));
            if text.len() < 20_000 {
                changes.push(json!({"op": "set_campaign", "platform": platform, "id": campaign, "name": text}));
                changes.push(json!({"op": "set_ad_group", "platform": platform, "id": group, "name": text}));
            }
        }
        // Every row of a campaign carries its name: one with few of them makes the point in a few megabytes.
        let rows_of = |campaign: &str| {
            state.iter().filter(|row| row["platform"] == platform && row["campaign_id"] == campaign).count()
        };
        let (group, campaign) = groups.iter().min_by_key(|(_, campaign)| rows_of(campaign)).expect("a group");
        let endless = format!("endless {}", "z".repeat(1 << 20));
        changes.push(json!({"op": "set_campaign", "platform": platform, "id": campaign, "name": endless}));
        changes.push(
            json!({"op": "set_ad_group", "platform": platform, "id": group, "state": "\u{1b}]0;pwn\u{7}STATE"}),
        );
    }
    changes
}

async fn planted() -> Desk {
    let desk = Desk::new().await;
    let state = desk.control("/state").await;
    for change in mutations(&state) {
        desk.tell("POST", "/mutate", &change).await;
    }
    desk
}

#[tokio::test(flavor = "multi_thread")]
async fn what_commands_print_is_tame_and_what_they_keep_is_unchanged() {
    let desk = planted().await;
    let synced = desk.run(&["sync", "-vv"]).await;
    assert_eq!(code(&synced), 0, "{}", stderr(&synced));
    let table = desk.run(&["list"]).await;
    let csv = desk.run(&["list", "--format", "csv"]).await;
    assert!(table.stdout.len() < 64 << 20, "{} bytes of table", table.stdout.len());
    for (what, output) in [("list", &table), ("csv", &csv)] {
        assert_tame(&format!("{what}: stdout"), &output.stdout);
        assert_tame(&format!("{what}: stderr"), &output.stderr);
    }
    for arguments in [
        &["list", "--format", "json"][..],
        &["list", "--format", "ndjson", "-vv"],
        &["list", "--color", "never", "--text", "\u{1b}]0;pwn"],
        &["list", "--account", "\u{1b}[2Jnobody\u{202e}"],
        &["remove", "\u{1b}]0;pwn\u{7}"],
        &["add", "--campaign", "\u{9b}2J", "--match", "exact", "\u{202e}x"],
        &["apply", "--yes", "--plan", "\u{1b}[2J"],
        &["unstage", "\u{1b}[2J"],
        &["login", "\u{1b}[2J"],
        &["doctor", "-v"],
    ] {
        let output = desk.run(arguments).await;
        assert_tame(&format!("{arguments:?}: stdout"), &output.stdout);
        // The argument parser styles its own errors for terminals only.
        assert_tame(&format!("{arguments:?}: stderr"), &output.stderr);
        assert!(output.stderr.len() < 1 << 20, "{arguments:?}: {} bytes of errors", output.stderr.len());
    }

    // Kept to the byte: what the JSON says is what the platform holds.
    let rows = desk.json(&["list", "--kind", "keyword"]).await;
    let rows = rows.as_array().expect("rows");
    for platform in ["amazon", "ebay", "sams"] {
        for text in texts() {
            let same = rows.iter().filter(|row| row["platform"] == platform && row["text"] == text.as_str());
            assert_eq!(
                same.count(),
                1,
                "{platform}: {}",
                text.chars().take(40).collect::<String>().escape_debug()
            );
        }
    }

    // No cell of the CSV is a formula.
    let mut reader = csv::Reader::from_reader(&csv.stdout[..]);
    let mut guarded = 0;
    for record in reader.records() {
        for cell in &record.expect("a record") {
            let bare = cell.trim_start_matches(|c: char| c.is_whitespace() || "\"␉␍␊".contains(c));
            assert!(!bare.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']), "{cell}");
            guarded += usize::from(cell.starts_with('\''));
        }
    }
    assert!(guarded >= 15, "{guarded}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_a_hostile_row_reaches_the_platform_with_its_text_unchanged() {
    let desk = planted().await;
    assert_eq!(code(&desk.run(&["sync"]).await), 0);
    let rows = desk.json(&["list", "--kind", "keyword", "--state", "enabled"]).await;
    for platform in ["amazon", "ebay", "sams"] {
        let hostile = |row: &&Value| row["platform"] == platform && !wild(text_of(row, "text")).is_empty();
        let all: Vec<&Value> = rows.as_array().expect("rows").iter().filter(hostile).collect();
        assert!(all.len() >= 8, "{platform}: {}", all.len());
        let accounts: BTreeSet<&str> = all.iter().map(|row| text_of(row, "account")).collect();
        for account in accounts {
            let own = all.iter().filter(|row| row["account"] == account).map(|row| text_of(row, "id"));
            let mut arguments: Vec<&str> = std::iter::once("remove").chain(own).collect();
            arguments.extend(["--account", account, "--kind", "keyword", "--level", "ad_group"]);
            let staged = desk.run(&arguments).await;
            assert_eq!(code(&staged), 0, "{platform}: {}", stderr(&staged));
            assert_tame(&format!("{platform} remove"), &staged.stdout);
            assert_tame(&format!("{platform} remove"), &staged.stderr);
        }
    }
    for arguments in [&["plan"][..], &["plan", "--format", "json"], &["plan", "--format", "csv"]] {
        let output = desk.run(arguments).await;
        assert_tame(&format!("{arguments:?}"), &output.stdout);
        assert_tame(&format!("{arguments:?}"), &output.stderr);
    }
    let before = desk.control("/state").await;
    let sent = desk.run(&["apply", "--yes", "-vv", "--format", "table"]).await;
    assert_eq!(code(&sent), 0, "{}", stderr(&sent));
    assert_tame("apply", &sent.stdout);
    assert_tame("apply", &sent.stderr);
    let after = desk.control("/state").await;
    let texts_of = |rows: &[Value]| {
        let mut all: Vec<String> = rows.iter().map(|row| text_of(row, "text").to_owned()).collect();
        all.sort_unstable();
        all
    };
    assert_eq!(texts_of(&before), texts_of(&after), "no text was changed on its way");
}

/// What is on the screen, cell by cell.
#[track_caller]
fn assert_screen_tame(journey: &mut Journey, at: &str) {
    let screen = journey.screen();
    let found = wild(&screen);
    assert!(found.is_empty(), "{at}: {found:?} on the screen:\n{screen}");
    let copied = std::mem::take(&mut journey.app.screen().copied);
    for text in copied {
        let steering: Vec<char> = text.chars().filter(|c| c.is_control() && *c != '\n').collect();
        assert!(steering.is_empty(), "{at}: {steering:?} copied");
    }
}

#[tokio::test]
async fn no_screen_lets_hostile_text_through() {
    let bench = Bench::new(Options::default());
    let state = bench.control("GET", "/state", None).await;
    for change in mutations(state.as_array().expect("rows")) {
        bench.control("POST", "/mutate", Some(change)).await;
    }
    let mut journey = Journey::on(bench, false).await;
    for account in ["northfell-us", "northfell-ebay-us", "northfell-sams-coffee"] {
        // The same texts are on every platform, and what shows them knows none of them: all on one, some on the others.
        let all = ["esc", "c1", "bidi", "zero", "tag", "nul", "break", "fill", "flood", "endless"];
        let some = if account == "northfell-us" { &all[..] } else { &["bidi", "nul", "endless"] };
        for tame in some {
            journey.goes_to(account).await;
            journey.keys("/").await;
            journey.text(tame).await;
            assert_screen_tame(&mut journey, "filter");
            journey.keys("enter").await;
            for keys in ["enter", "esc", "y", "Y", "e", "esc"] {
                journey.keys(keys).await;
                assert_screen_tame(&mut journey, &format!("{account} {tame} {keys}"));
            }
            // A text that the form cannot hold as it is counts as changed, and is asked about.
            if journey.screen().contains("Close the form?") {
                journey.keys("tab enter").await;
            }
        }
        journey.keys("t").await;
        assert_screen_tame(&mut journey, "staged");
    }
    for keys in ["p", "enter", "esc", "x", "L", "esc", "space", "A", "esc", "5", "6", "7", "enter", "esc", "1"]
    {
        journey.keys(keys).await;
        assert_screen_tame(&mut journey, &format!("screens {keys}"));
    }
    journey.keys(":").await;
    journey.text("endless").await;
    assert_screen_tame(&mut journey, "palette");
    journey.keys("esc a").await;
    journey.paste(&texts().join("\n")).await;
    assert_screen_tame(&mut journey, "add form with the corpus pasted in");
    for _ in 0..6 {
        journey.keys("up up up up").await;
        assert_screen_tame(&mut journey, "add form");
    }
    journey.keys("ctrl-s").await;
    assert_screen_tame(&mut journey, "staging the corpus");
    journey.keys("esc esc p").await;
    assert_screen_tame(&mut journey, "plan");
    journey.keys("A enter").await;
    assert_screen_tame(&mut journey, "sent");
    for keys in ["5", "enter", "esc", "6", "enter", "esc"] {
        journey.keys(keys).await;
        assert_screen_tame(&mut journey, &format!("after sending {keys}"));
    }
}

/// The bytes that the real program writes to a real terminal, our own sequences aside.
#[cfg(unix)]
#[test]
fn no_byte_of_a_hostile_name_steers_the_terminal() {
    use crate::support::seat::Seat;
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let desk = runtime.block_on(async {
        let desk = planted().await;
        assert_eq!(code(&desk.run(&["sync"]).await), 0);
        desk
    });
    let path = |path: &std::path::Path| path.to_str().expect("a path").to_owned();
    let arguments = ["--config", &path(&desk.config()), "--data-dir", &path(&desk.data())];
    let mut seat = Seat::run(&arguments, desk.folder.path(), 140, 45);
    seat.wait_for("northfell-us");
    seat.wait_for("palette");
    for tame in ["esc", "bidi", "tag", "zero", "nul", "endless"] {
        seat.press(&format!("1/{tame}\r"));
        seat.wait_for(tame);
        seat.press("\x1b");
    }
    seat.press(":endless");
    seat.wait_for("endless");
    seat.press("\x03");
    let (_, raw) = seat.end();
    let text = String::from_utf8(raw).expect("UTF-8");
    for attack in ["\u{1b}]0;pwn", "\u{1b}]52;c;cHdu", "\u{9b}", "\u{9d}", "\u{0}", "\u{7}"] {
        assert!(!text.contains(attack), "{} reaches the terminal", attack.escape_debug());
    }
    let own = |c: &char| ['\u{1b}', '\r', '\n', '\u{8}'].contains(c);
    let found: BTreeSet<char> = wild(&text).into_iter().filter(|c| !own(c)).collect();
    assert!(found.is_empty(), "{found:?} reach the terminal");
}
