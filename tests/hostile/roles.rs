//! Read-only means read-only: by flag and by account, for every command and every key. What the sandbox's log shows is
//! what counts, not what was said.

use serde_json::json;
use strum::VariantArray;
use unbid::sandbox::Options;
use unbid::ui::action::Action;

use crate::support::Bench;
use crate::support::desk::{Desk, code, is_write, stderr, text_of};
use crate::support::journey::Journey;

/// Makes every account of a config read-only.
fn read_only(config: &str) -> String {
    config.replace("\n[[account]]\n", "\n[[account]]\nread_only = true\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn no_command_sends_anything_when_read_only() {
    let desk = Desk::synced().await;
    let row = desk.row("amazon").await;
    for platform in ["amazon", "ebay", "sams"] {
        let beside = desk.row(platform).await;
        assert_eq!(code(&desk.add(&beside, "staged before").await), 0);
    }
    let plan = desk.json(&["plan"]).await;
    let plan = text_of(&plan, "plan_id").to_owned();
    let (campaign, group, id) =
        (text_of(&row, "campaign_id"), text_of(&row, "ad_group_id"), text_of(&row, "id"));
    let account = text_of(&row, "account");
    let at = ["add", "--campaign", campaign, "--ad-group", group, "--match", "exact", "read only"];
    let on = ["--account", account];
    let consent = ["--yes", "--confirm", account, "--confirm-removals", "1"];
    let commands: Vec<Vec<&str>> = vec![
        [&at[..], &["--apply"], &consent].concat(),
        [&["set-state", "paused", id, "--apply"][..], &on, &consent].concat(),
        [&["set-state", "archived", id, "--apply"][..], &on, &consent].concat(),
        [&["remove", id, "--apply"][..], &on, &consent].concat(),
        [&["apply"][..], &consent].concat(),
        [&["apply", "--plan", &plan][..], &consent].concat(),
        vec!["sync"],
        vec!["doctor"],
        vec!["plan"],
        vec!["list"],
    ];
    let own = std::fs::read_to_string(desk.config()).expect("the config");
    let before = desk.control("/state").await;
    for by_flag in [true, false] {
        desk.configure(|_| if by_flag { own.clone() } else { read_only(&own) });
        for command in &commands {
            let mut arguments = command.clone();
            if by_flag {
                arguments.push("--read-only");
            }
            let output = desk.run(&arguments).await;
            let sends = arguments.iter().any(|word| ["apply", "--apply"].contains(word));
            let said = stderr(&output);
            assert_eq!(code(&output), if sends { 2 } else { 0 }, "{arguments:?}: {said}");
            // A plan goes stale as soon as something else is staged, and is refused for that first.
            if sends && !arguments.contains(&"--plan") {
                assert!(said.contains("read-only"), "{arguments:?}: {said}");
            }
            assert_eq!(desk.writes().await, [], "{arguments:?}");
        }
    }
    // The flag wins over an account that may be written, and neither is undone by the other.
    desk.configure(|_| read_only(&own).replacen("read_only = true", "read_only = false", 1));
    let mixed = desk.run(&["apply", "--yes", "--read-only"]).await;
    assert_eq!((code(&mixed), desk.writes().await), (2, Vec::new()), "{}", stderr(&mixed));
    assert_eq!(desk.control("/state").await, before);
}

#[test]
fn calls_that_write_are_told_from_calls_that_read() {
    assert!(
        is_write("POST", "/sp/negativeKeywords") && is_write("PUT", "/sell/marketing/v1/negative_keyword/1")
    );
    assert!(!is_write("POST", "/sp/negativeKeywords/list") && !is_write("GET", "/api/v1/campaigns"));
}

/// Every key of the keymap, as a script types it.
fn keys() -> Vec<String> {
    let map: toml_edit::DocumentMut = include_str!("../../assets/keymap.toml").parse().expect("TOML");
    let bound = || map.iter().filter_map(|(_, context)| context.as_table()).flat_map(|context| context.iter());
    // Leaving the program, and refreshing it a hundred times, is not what is looked at.
    let left_out: Vec<&str> = bound()
        .filter(|(_, action)| {
            ["quit-now", "quit", "refresh", "refresh-all", "check"]
                .contains(&action.as_str().unwrap_or_default())
        })
        .map(|(key, _)| key)
        .collect();
    let mut keys: Vec<String> =
        bound().map(|(key, _)| key.to_owned()).filter(|key| !left_out.contains(&key.as_str())).collect();
    keys.sort();
    keys.dedup();
    keys
}

#[test]
fn the_keys_that_are_tried_reach_every_action_that_writes() {
    let map: toml_edit::DocumentMut = include_str!("../../assets/keymap.toml").parse().expect("TOML");
    let bound: Vec<&str> = map
        .iter()
        .filter_map(|(_, t)| t.as_table())
        .flat_map(|t| t.iter())
        .filter_map(|(_, a)| a.as_str())
        .collect();
    for action in Action::VARIANTS.iter().filter(|action| action.info().writes) {
        assert!(bound.contains(&action.id()), "{} has no key", action.id());
    }
}

/// Types every key on every screen; the screen may be anywhere in between.
async fn press_everything(journey: &mut Journey) {
    for screen in ["1", "2", "3", "4", "5", "6", "7"] {
        // Where changes are made and sent, every key; elsewhere those of the dialogs below.
        for key in keys().into_iter().filter(|_| ["1", "4"].contains(&screen)) {
            journey.keys(screen).await;
            for part in key.split(' ') {
                journey.keys(part).await;
            }
            journey.keys("ctrl-s esc esc").await;
        }
        // And what the dialogs would do with a yes.
        for key in ["a", "e", "t", "d", "A", "u", "f", "C"] {
            journey.keys(&format!("{screen} {key} enter enter ctrl-s esc esc")).await;
        }
    }
}

async fn writes(bench: &Bench) -> Vec<String> {
    let log = bench.control("GET", "/requests", None).await;
    let calls = log.as_array().expect("calls").iter();
    calls
        .filter(|call| is_write(text_of(call, "method"), text_of(call, "path")))
        .map(|call| format!("{} {}", text_of(call, "method"), text_of(call, "path")))
        .collect()
}

#[tokio::test]
async fn no_key_stages_or_sends_anything_with_the_flag() {
    let mut journey = Journey::on(Bench::new(Options::default()), true).await;
    journey.sees("READ-ONLY");
    press_everything(&mut journey).await;
    assert_eq!(writes(&journey.bench).await, Vec::<String>::new());
    assert!(journey.app.model().data.staged.is_empty());
    assert_eq!(journey.app.ended(), None);
}

#[tokio::test]
async fn no_key_stages_or_sends_anything_where_every_account_is_read_only() {
    let mut bench = Bench::new(Options::default());
    for account in &mut bench.config.accounts {
        account.read_only = true;
    }
    let mut journey = Journey::on(bench, false).await;
    press_everything(&mut journey).await;
    assert_eq!(writes(&journey.bench).await, Vec::<String>::new());
    assert!(journey.app.model().data.staged.is_empty());
}

#[tokio::test]
async fn the_same_keys_do_stage_where_writing_is_allowed() {
    let mut journey = Journey::on(Bench::new(Options::default()), false).await;
    journey.goes_to("northfell-sams-coffee").await;
    journey.keys("t").await;
    assert!(!journey.app.model().data.staged.is_empty(), "{}", journey.screen());
    assert!(json!(writes(&journey.bench).await) == json!([]), "staging sends nothing");
}
