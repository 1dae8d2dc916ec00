//! What was staged or planned for one account identity never goes to another: the same name pointed at another host,
//! profile, marketplace or advertiser holds its changes back and says so.

use serde_json::Value;
use unbid::sandbox::Options;

use crate::support::Bench;
use crate::support::desk::{Desk, code, stderr, text_of};
use crate::support::journey::Journey;

/// The first account of each platform: its name, and the key and value that make it another one.
const OTHERS: [(&str, &str, &str, &str); 3] = [
    ("amazon", "northfell-us", "profile_id", "1482003377126"),
    ("ebay", "northfell-ebay-us", "marketplace", "EBAY_GB"),
    ("sams", "northfell-sams-coffee", "advertiser_id", "43217"),
];

/// Sets one key of one account, and leaves out whoever else has that value.
fn pointed(config: &str, account: &str, key: &str, value: &str) -> String {
    let mut document: toml_edit::DocumentMut = config.parse().expect("TOML");
    let tables = document["account"].as_array_of_tables_mut().expect("accounts");
    tables.retain(|table| table.get(key).and_then(toml_edit::Item::as_str) != Some(value));
    let table = tables.iter_mut().find(|table| table["name"].as_str() == Some(account)).expect("the account");
    table[key] = toml_edit::value(value);
    document.to_string()
}

async fn row_of(desk: &Desk, account: &str) -> Value {
    let rows = desk.json(&["list", "--account", account, "--kind", "keyword", "--state", "enabled"]).await;
    let live = |row: &&Value| row["campaign_state"] == "enabled" && row["ad_group_state"] == "enabled";
    rows.as_array().expect("rows").iter().find(live).expect("a live row").clone()
}

/// Stages one change of each sort for an account, and saves a plan of it; gives its id.
async fn stage(desk: &Desk, account: &str) -> String {
    let row = row_of(desk, account).await;
    let added = desk.add(&row, "for the former").await;
    assert_eq!(code(&added), 0, "{}", stderr(&added));
    let removed = desk.run(&["remove", text_of(&row, "id"), "--account", account]).await;
    assert_eq!(code(&removed), 0, "{}", stderr(&removed));
    let plan = desk.json(&["plan", "--account", account]).await;
    text_of(&plan, "plan_id").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_staged_for_one_profile_marketplace_or_advertiser_never_goes_to_another() {
    let desk = Desk::synced().await;
    let own = std::fs::read_to_string(desk.config()).expect("the config");
    for (_, account, key, value) in OTHERS {
        desk.configure(|_| own.clone());
        let plan = stage(&desk, account).await;
        desk.configure(|_| pointed(&own, account, key, value));
        for arguments in [
            &["apply", "--yes", "--confirm-removals", "1"][..],
            &["apply", "--yes", "--account", account],
            &["apply", "--yes", "--plan", &plan],
        ] {
            let output = desk.run(arguments).await;
            assert_eq!(desk.writes().await, [], "{account} {arguments:?}");
            let said = stderr(&output);
            assert!(said.contains(account) && said.contains("held back"), "{account} {arguments:?}: {said}");
            assert_ne!(code(&output), 0, "{account} {arguments:?}: {said}");
        }
        // Fresh data of the new identity changes nothing about that.
        assert_eq!(code(&desk.run(&["sync", "--account", account]).await), 0);
        desk.run(&["apply", "--yes"]).await;
        assert_eq!(desk.writes().await, [], "{account} after a sync");
        // Pointed back, everything is there and goes out.
        desk.configure(|_| own.clone());
        let sent = desk.run(&["apply", "--yes", "--account", account]).await;
        assert_eq!(code(&sent), 0, "{account}: {}", stderr(&sent));
        let held = desk.held("for the former").await;
        assert_eq!(held.len(), 1, "{account}: {held:?}");
        assert_eq!(desk.writes().await.len(), 2, "{account}");
        desk.tell("POST", "/reset", &Value::Null).await;
        assert_eq!(code(&desk.run(&["sync"]).await), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_staged_against_one_host_never_goes_to_another() {
    let (desk, other) = (Desk::synced().await, Desk::new().await);
    let mut plans = Vec::new();
    for (_, account, _, _) in OTHERS {
        plans.push(stage(&desk, account).await);
    }
    let theirs = std::fs::read_to_string(other.config()).expect("the config");
    desk.configure(|_| theirs);
    for plan in [None, Some(&plans[0]), Some(&plans[2])] {
        let mut arguments = vec!["apply", "--yes", "--confirm-removals", "3"];
        arguments.extend(plan.into_iter().flat_map(|id| ["--plan", id.as_str()]));
        let output = desk.run(&arguments).await;
        assert!(stderr(&output).contains("held back"), "{}", stderr(&output));
        assert_ne!(code(&output), 0, "{}", stderr(&output));
        for one in [&desk, &other] {
            assert_eq!(one.writes().await, [], "{plan:?}");
        }
    }
    assert_eq!(code(&desk.run(&["sync"]).await), 0);
    desk.run(&["apply", "--yes", "--confirm-removals", "3"]).await;
    assert_eq!(other.writes().await, [], "after a sync");
}

#[tokio::test]
async fn the_screen_holds_the_changes_of_another_identity_back_and_says_so() {
    let mut journey = Journey::on(Bench::new(Options::default()), false).await;
    journey.goes_to("northfell-sams-coffee").await;
    journey.keys("t").await;
    journey.sees("not sent");
    let Journey { app, folder, .. } = journey;
    drop(app);

    let mut bench = Bench::new(Options::default());
    bench.config.accounts.retain(|account| account.name.as_str() != "northfell-sams-pets");
    let coffee =
        bench.config.accounts.iter_mut().find(|account| account.name.as_str() == "northfell-sams-coffee");
    let coffee = coffee.expect("the account");
    let line = coffee.settings["advertiser_id"].1;
    coffee
        .settings
        .insert("advertiser_id".to_owned(), (unbid::config::Setting::Text("43217".to_owned()), line));
    let mut journey = Journey::over(bench, false, folder).await;
    journey.sees("northfell-sams-coffee is another account now");
    journey.keys("esc p").await;
    journey.sees("held back");
    journey.keys("A enter").await;
    journey.keys("space A enter").await;
    let log = journey.bench.control("GET", "/requests", None).await;
    let calls = log.as_array().expect("calls");
    let writes = calls
        .iter()
        .filter(|call| crate::support::desk::is_write(text_of(call, "method"), text_of(call, "path")));
    assert_eq!(writes.count(), 0, "{}", journey.screen());
}
