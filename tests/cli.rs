//! The commands as scripts use them: the real binary against the sandbox over real sockets. Exit codes, JSON keys,
//! and that bad input changes nothing.

mod support;

use serde_json::{Value, json};
use support::desk::{Desk, code, fault, stderr, text_of};

#[tokio::test(flavor = "multi_thread")]
async fn rows_have_the_keys_that_scripts_rely_on() {
    let desk = Desk::synced().await;
    for platform in ["amazon", "ebay", "sams"] {
        let row = desk.row(platform).await;
        for key in [
            "account",
            "platform",
            "id",
            "kind",
            "text",
            "match",
            "level",
            "campaign_id",
            "campaign_name",
            "ad_group_id",
            "ad_group_name",
            "campaign_state",
            "ad_group_state",
            "state",
            "native_state",
            "first_seen",
            "staged",
        ] {
            assert!(row.get(key).is_some(), "{platform} rows lack {key}: {row}");
        }
        assert!(row["id"].is_string() && row["campaign_id"].is_string(), "{row}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_added_is_planned_sent_and_there_on_every_platform() {
    let desk = Desk::synced().await;
    for platform in ["amazon", "ebay", "sams"] {
        let row = desk.row(platform).await;
        assert_eq!(code(&desk.add(&row, "unbid cli sample").await), 0);
    }
    let plan = desk.json(&["plan"]).await;
    assert_eq!(
        (plan["changes"].as_array().map(Vec::len), plan["requests"].as_array().map(Vec::len)),
        (Some(3), Some(3))
    );
    assert!(plan.to_string().contains("***"), "secrets stand as stars");
    assert_eq!(code(&desk.run(&["plan", "--exit-code"]).await), 3);
    assert_eq!(desk.held("unbid cli sample").await.len(), 0, "planning sends nothing");
    let sent = desk.json(&["apply", "--yes"]).await;
    assert_eq!((&sent["applied"], &sent["rejected"], &sent["unknown"]), (&json!(3), &json!(0), &json!(0)));
    assert_eq!(desk.held("unbid cli sample").await.len(), 3);
    assert_eq!(code(&desk.run(&["plan", "--exit-code"]).await), 0, "nothing is left to send");
    let rows = desk.json(&["list", "--text", "UNBID cli"]).await;
    assert_eq!(rows.as_array().map(Vec::len), Some(3), "the snapshot holds what the platforms answered");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_plan_is_sent_once_and_not_after_staging_changed() {
    let desk = Desk::synced().await;
    let row = desk.row("amazon").await;
    desk.add(&row, "first").await;
    let stale = desk.json(&["plan"]).await;
    desk.add(&row, "second").await;
    let refused = desk.run(&["apply", "--yes", "--plan", text_of(&stale, "plan_id")]).await;
    assert_eq!((code(&refused), desk.held("first").await.len()), (2, 0), "{}", stderr(&refused));
    let fresh = desk.json(&["plan"]).await;
    assert_eq!(code(&desk.run(&["apply", "--yes", "--plan", text_of(&fresh, "plan_id")]).await), 0);
    let again = desk.run(&["apply", "--yes", "--plan", text_of(&fresh, "plan_id")]).await;
    assert_eq!(code(&again), 2, "{}", stderr(&again));
    assert_eq!(desk.held("first").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn states_move_and_removals_are_the_platforms_nearest() {
    let desk = Desk::synced().await;
    for (platform, left) in [("amazon", "archived"), ("ebay", "archived"), ("sams", "paused")] {
        let row = desk.row(platform).await;
        let (id, account) = (text_of(&row, "id"), text_of(&row, "account"));
        let removed = desk.run(&["remove", id, "--account", account, "--apply", "--yes"]).await;
        assert_eq!(code(&removed), 0, "{}", stderr(&removed));
        let held = desk.held(text_of(&row, "text")).await;
        assert!(held.iter().any(|one| one["id"] == row["id"] && one["state"] == left), "{platform}: {held:?}");
    }
    let refused = desk.run(&["set-state", "paused", text_of(&desk.row("ebay").await, "id")]).await;
    assert_eq!(code(&refused), 2);
    assert!(stderr(&refused).contains("eBay"), "{}", stderr(&refused));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_already_is_skipped_with_a_note() {
    let desk = Desk::synced().await;
    let row = desk.row("sams").await;
    let output = desk.add(&row, text_of(&row, "text")).await;
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stderr(&output).contains("0 staged"), "{}", stderr(&output));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_answer_says_why_it_is_empty() {
    let desk = Desk::new().await;
    let unfetched = desk.run(&["list"]).await;
    assert_eq!((code(&unfetched), stderr(&unfetched).contains("unbid sync")), (0, true));
    assert!(desk.run(&["list", "-q"]).await.stderr.is_empty());
    desk.configure(|_| String::new());
    for arguments in [&["list"][..], &["sync"]] {
        let nobody = desk.run(arguments).await;
        assert_eq!((code(&nobody), stderr(&nobody).contains("No account is configured")), (0, true));
    }
    let doctor = desk.run(&["doctor"]).await;
    assert!(String::from_utf8_lossy(&doctor.stdout).contains("no account yet"), "{doctor:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setting_that_cannot_be_right_is_refused_by_every_command_with_its_line() {
    let desk = Desk::new().await;
    desk.configure(|config| config.replace("advertiser_id = \"43210\"", "advertiser_id = \"4321o\""));
    for arguments in [&["list"][..], &["sync", "--account", "northfell-us"]] {
        let output = desk.run(arguments).await;
        assert_eq!(code(&output), 2, "{}", stderr(&output));
        assert!(stderr(&output).contains("`advertiser_id` must be a number"), "{}", stderr(&output));
        assert!(stderr(&output).contains("config.toml:"), "{}", stderr(&output));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_that_is_not_accepted_does_not_send_anybody_to_a_sign_in_that_is_not_there() {
    let desk = Desk::with(fault(json!({"platform": "sams", "kind": "status", "status": 401}))).await;
    let output = desk.run(&["sync", "--account", "northfell-sams-pets"]).await;
    assert_eq!(code(&output), 5, "{}", stderr(&output));
    assert!(stderr(&output).contains("private_key"), "{}", stderr(&output));
    assert!(!stderr(&output).contains("unbid login"), "{}", stderr(&output));
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_refused_whole() {
    let desk = Desk::synced().await;
    let row = desk.row("amazon").await;
    let (campaign, group) = (text_of(&row, "campaign_id"), text_of(&row, "ad_group_id"));
    let at = ["add", "--campaign", campaign, "--ad-group", group];
    let long = "x".repeat(81);
    for wrong in [
        &[&at[..], &["--match", "phrase", "good one", "one two three four five"]].concat()[..],
        &[&at[..], &["--match", "exact", "good one", &long]].concat(),
        &[&at[..], &["good one"]].concat(),
        &["add", "--campaign", "0", "--match", "exact", "good one"],
        &["add", "--campaign", campaign, "--ad-group", "0", "--match", "exact", "good one"],
        &["remove", "no-such-id"],
        &["set-state", "asleep", "1"],
        &["list", "--account", "nobody"],
        &["doctor", "--account", "nobody"],
        &["list", "--platform", "nowhere"],
        &["list", "--config", "/no/such/config.toml"],
        &["unstage", "77"],
        &["apply", "--plan", "not-a-plan", "--yes"],
        &["sandbox", "--listen", "0.0.0.0:0"],
    ] {
        let output = desk.run(wrong).await;
        assert_eq!(code(&output), 2, "{wrong:?}: {}", stderr(&output));
        assert!(!output.stderr.is_empty() && output.stdout.is_empty(), "{wrong:?}");
    }
    let plan = desk.json(&["plan"]).await;
    assert_eq!(plan["changes"], json!([]), "nothing was staged in part");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_terminal_and_without_yes_nothing_is_sent() {
    let desk = Desk::synced().await;
    let row = desk.row("ebay").await;
    desk.add(&row, "unconfirmed").await;
    for arguments in [&["apply"][..], &["apply", "--yes", "--read-only"]] {
        let output = desk.run(arguments).await;
        assert_eq!(code(&output), 2, "{arguments:?}: {}", stderr(&output));
    }
    assert_eq!(desk.held("unconfirmed").await.len(), 0);
    assert_eq!(code(&desk.run(&["unstage"]).await), 0);
    for arguments in [&["apply", "--yes"][..], &["apply"]] {
        assert_eq!(code(&desk.run(arguments).await), 0, "nothing staged is fine: {arguments:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_sent_at_once_is_sent_by_saying_the_same_again() {
    let desk = Desk::synced().await;
    let row = desk.row("amazon").await;
    let (account, campaign, group) =
        (text_of(&row, "account"), text_of(&row, "campaign_id"), text_of(&row, "ad_group_id"));
    let name = format!("name = \"{account}\"");
    desk.configure(|config| config.replace(&name, &format!("{name}\nprotected = true")));
    let add = ["add", "--campaign", campaign, "--ad-group", group, "--match", "exact"];
    assert_eq!(code(&desk.run(&[&add[..], &["stays"]].concat()).await), 0);
    let at_once = [&add[..], &["goes", "--apply", "--yes"]].concat();
    let refused = desk.run(&[&at_once[..], &["--read-only"]].concat()).await;
    assert_eq!((code(&refused), stderr(&refused).contains("staged")), (2, false), "{}", stderr(&refused));
    let refused = desk.run(&at_once).await;
    assert_eq!(code(&refused), 2, "{}", stderr(&refused));
    let sent = desk.run(&[&at_once[..], &["--confirm", account]].concat()).await;
    assert_eq!(code(&sent), 0, "{}", stderr(&sent));
    assert!(!stderr(&sent).contains("nothing sent"), "{}", stderr(&sent));
    assert_eq!((desk.held("goes").await.len(), desk.held("stays").await.len()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_tried_in_vain_has_failed_and_is_not_refused() {
    let lost = json!({"method": "POST", "path": "/sell/marketing/v1/negative_keyword", "exact": true, "kind": "drop_before"});
    let desk = Desk::with(fault(lost)).await;
    assert_eq!(code(&desk.run(&["sync", "--account", "northfell-ebay-us"]).await), 0);
    desk.add(&desk.row("ebay").await, "in vain").await;
    let output = desk.run(&["apply", "--yes"]).await;
    assert_eq!(code(&output), 1, "{}", stderr(&output));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_change_makes_it_in_part() {
    let desk = Desk::with(fault(json!({"platform": "amazon", "kind": "reject_items", "every": 2}))).await;
    assert_eq!(code(&desk.run(&["sync"]).await), 0);
    let row = desk.row("amazon").await;
    let (campaign, group) = (text_of(&row, "campaign_id"), text_of(&row, "ad_group_id"));
    let all = ["--match", "exact", "part one", "part two", "--apply", "--yes", "--format", "json"];
    let output = desk.run(&[&["add", "--campaign", campaign, "--ad-group", group][..], &all].concat()).await;
    assert_eq!(code(&output), 4, "{}", stderr(&output));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&report["applied"], &report["rejected"]), (&json!(1), &json!(1)), "{report}");
    assert!(
        report["changes"].as_array().is_some_and(|all| all.iter().any(|one| one["code"].is_string())),
        "{report}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_failing_platform_fails_the_sync_but_loses_no_other() {
    let desk = Desk::with(fault(json!({"platform": "sams", "kind": "status", "status": 404}))).await;
    let output = desk.run(&["sync", "--format", "json"]).await;
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let fresh = report.as_array().expect("accounts").iter().filter(|one| one["result"] == "fresh").count();
    assert_eq!(fresh, 7, "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_signed_in_is_told_apart() {
    let desk = Desk::new().await;
    let wrong = std::fs::read_to_string(desk.config()).expect("the config").replace("Atzr|", "Atzr|wrong");
    std::fs::write(desk.config(), wrong).expect("written");
    let output = desk.run(&["sync", "--account", "northfell-us"]).await;
    assert_eq!(code(&output), 5, "{}", stderr(&output));
    assert!(!stderr(&output).contains("Atzr|"), "no secret in an error: {}", stderr(&output));
}

#[tokio::test(flavor = "multi_thread")]
async fn login_stores_a_token_that_works_and_shows_it_nowhere() {
    let desk = Desk::new().await;
    for account in ["northfell-us", "northfell-ebay-us"] {
        let text = std::fs::read_to_string(desk.config()).expect("the config");
        let mut config: toml_edit::DocumentMut = text.parse().expect("TOML");
        let tables = config["account"].as_array_of_tables_mut().expect("accounts");
        let table =
            tables.iter_mut().find(|table| table["name"].as_str() == Some(account)).expect("the account");
        table["refresh_token"] = toml_edit::value("not signed in yet");
        std::fs::write(desk.config(), config.to_string()).expect("written");
        let login = desk.type_in(&["login", account], "https://amazon.com/?code=ANdNAVhyhqirUelHGEHA\n").await;
        assert_eq!(code(&login), 0, "{}", stderr(&login));
        let stored = std::fs::read_to_string(desk.config()).expect("the config");
        assert!(!stored.contains("not signed in yet"));
        assert_eq!(code(&desk.run(&["sync", "--account", account]).await), 0);
        let token =
            stored.lines().find(|line| line.contains("Atzr|") || line.contains("v^1.1")).expect("a token");
        let token = token.split('"').nth(1).expect("its value");
        assert!(!stderr(&login).contains(token));
    }
    let refused = desk.run(&["login", "northfell-sams-coffee"]).await;
    assert_eq!(code(&refused), 2, "{}", stderr(&refused));
    let spent = desk.type_in(&["login", "northfell-us"], "expired\n").await;
    assert_eq!(code(&spent), 5, "{}", stderr(&spent));
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_finds_everything_well_and_sets_a_damaged_database_aside() {
    let desk = Desk::new().await;
    let output = desk.run(&["doctor"]).await;
    assert_eq!(code(&output), 0, "{}{}", String::from_utf8_lossy(&output.stdout), stderr(&output));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let calls = said.lines().filter(|line| line.contains("calls: ") && line.ends_with("0 met a throttle"));
    assert!(calls.count() > 3, "{said}");
    let synced = desk.run(&["-v", "sync"]).await;
    assert!(stderr(&synced).contains("met a throttle account=northfell-us"), "{}", stderr(&synced));
    let database = desk.folder.path().join("data").join("unbid.db");
    std::fs::write(&database, "this is no database, but it is long enough to be looked at".repeat(100))
        .expect("written");
    assert_eq!(code(&desk.run(&["list"]).await), 2);
    desk.run(&["doctor", "--fix"]).await;
    assert_eq!(code(&desk.run(&["list"]).await), 0);
    let kept = std::fs::read_dir(desk.folder.path().join("data")).expect("the folder");
    assert!(
        kept.filter_map(Result::ok)
            .any(|file| std::fs::read(file.path()).is_ok_and(|bytes| bytes.starts_with(b"this is no")))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_completions_and_the_man_page_are_printed() {
    let desk = Desk::new().await;
    let keys = desk.json(&["keys"]).await;
    assert!(keys.as_array().is_some_and(|rows| rows.len() > 40));
    for arguments in [&["completions", "bash"][..], &["man"], &["--help"], &["--version"]] {
        let output = desk.run(arguments).await;
        assert!(code(&output) == 0 && !output.stdout.is_empty(), "{arguments:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_is_printed_and_an_operation_is_taken_back() {
    let desk = Desk::synced().await;
    let row = desk.row("sams").await;
    let (campaign, group) = (text_of(&row, "campaign_id"), text_of(&row, "ad_group_id"));
    let at = ["add", "--campaign", campaign, "--ad-group", group, "--match", "exact"];
    let added = desk.run(&[&at[..], &["undo me", "--apply", "--yes"]].concat()).await;
    assert_eq!(code(&added), 0, "{}", stderr(&added));
    assert_eq!(code(&desk.run(&[&at[..], &["other"]].concat()).await), 0, "something else is staged");

    let list = desk.json(&["history"]).await;
    let (number, id) = (list[0]["number"].to_string(), text_of(&list[0], "operation").to_owned());
    assert_eq!((&list[0]["applied"], text_of(&list[0], "state")), (&json!(1), "done"));
    let whole = desk.json(&["history", &number]).await;
    assert_eq!(text_of(&whole["changes"][0]["row"], "text"), "undo me");
    assert_eq!(
        (text_of(&whole["changes"][0], "outcome"), &whole["requests"][0]["status"]),
        ("applied", &json!(200))
    );
    assert!(whole["requests"][0]["headers"].to_string().contains("***"), "{whole}");
    assert!(text_of(&whole["requests"][0], "answer").contains(text_of(&whole["changes"][0], "id")));
    for format in ["table", "csv", "ndjson"] {
        for what in [&["history", "--format", format][..], &["history", &id, "--format", format]] {
            let output = desk.run(what).await;
            assert!(code(&output) == 0 && !output.stdout.is_empty(), "{what:?} {}", stderr(&output));
        }
    }

    // Staged, it is a plan of its own that says what cannot be restored.
    let plan = desk.json(&["undo", &number]).await;
    assert_eq!(plan["changes"].as_array().map(Vec::len), Some(1), "{plan}");
    assert!(
        plan["changes"][0]["cautions"][0].as_str().is_some_and(|said| said.contains("no delete")),
        "{plan}"
    );
    let twice = desk.run(&["undo", &number]).await;
    assert!(code(&twice) == 2 && stderr(&twice).contains("staged already"), "{}", stderr(&twice));
    let sent = desk.json(&["apply", "--yes", "--plan", text_of(&plan, "plan_id")]).await;
    assert_eq!(sent["applied"], json!(1));
    let held = desk.held("undo me").await;
    assert_eq!((held.len(), text_of(&held[0], "state")), (1, "paused"));
    assert_eq!(desk.held("other").await.len(), 0, "what else is staged stays");

    // Taken back it is refused; taking that back works, by its id, at once.
    let refused = desk.run(&["undo", &id, "--apply", "--yes"]).await;
    assert!(code(&refused) == 2 && stderr(&refused).contains("taken back already"), "{}", stderr(&refused));
    let back = desk.json(&["undo", text_of(&sent, "operation"), "--apply", "--yes"]).await;
    assert_eq!(back["applied"], json!(1));
    assert_eq!(text_of(&desk.held("undo me").await[0], "state"), "enabled");
    let list = desk.json(&["history", "--account", text_of(&row, "account")]).await;
    assert_eq!((&list[0]["takes_back"], &list[2]["taken_back_by"]), (&json!([2]), &json!([2])), "{list}");

    for wrong in [
        &["undo", "99", "--apply", "--yes"][..],
        &["undo", "no-such"],
        &["history", "no-such"],
        &["undo", "1", "--account", "northfell-us"],
        &["undo", "1", "--apply"],
        &["undo", "1", "--read-only", "--apply", "--yes"],
    ] {
        let output = desk.run(wrong).await;
        assert_eq!(code(&output), 2, "{wrong:?}: {}", stderr(&output));
    }
}
