//! Journeys: keys typed into the real runtime, over the real engine, store and wire formats, against the sandbox in
//! the same process. Each reads like a user's story; what the platforms hold afterwards is asked of the sandbox.

mod support;
#[path = "journeys/waste.rs"]
mod waste;

use serde_json::{Value, json};
use support::Bench;
use support::journey::Journey;
use unbid::runtime::Ended;

#[tokio::test]
async fn at_the_start_every_account_is_there_and_the_first_is_focused() {
    let mut journey = Journey::begin().await;
    for account in ["northfell-us", "northfell-ebay-us", "northfell-sams-coffee"] {
        journey.sees(account);
    }
    journey.sees("SANDBOX");
    journey.sees(": palette");
}

#[tokio::test]
async fn a_place_is_found_by_name_and_q_at_the_root_quits() {
    let mut journey = Journey::begin().await;
    journey.keys(":").await;
    journey.text("sams-pets").await;
    journey.sees("northfell-sams-pets");
    journey.keys("enter").await;
    journey.sees("northfell-sams-pets › ");
    journey.keys("q").await;
    assert_eq!(journey.app.ended(), Some(Ended::Quit));
}

#[tokio::test]
async fn a_filter_narrows_and_esc_brings_all_back() {
    let mut journey = Journey::begin().await;
    journey.keys("/").await;
    journey.text("zzzz-no-such-text").await;
    journey.sees("esc clears");
    journey.keys("esc").await;
    assert!(!journey.screen().contains("zzzz-no-such-text"));
}

#[tokio::test]
async fn a_failing_platform_leaves_the_others_in_sight() {
    let mut journey = Journey::begin().await;
    journey.bench.faults(json!([{"platform": "ebay", "method": "GET", "kind": "status", "status": 400}])).await;
    journey.keys("R").await;
    journey.sees("northfell-us");
    assert_eq!(journey.held("no such text").await.len(), 0);
}

/// One account of each platform, and what toggling its first negative leads to there: eBay has no pause, so the
/// screen offers its archive and asks.
const TOGGLES: [(&str, &str, &str); 3] = [
    ("northfell-us", "t", "paused"),
    ("northfell-ebay-us", "t tab enter", "archived"),
    ("northfell-sams-pets", "t", "paused"),
];

impl Journey {
    /// Goes to an account and stages something of its first negative; gives the negative's id.
    async fn stage(&mut self, account: &str, keys: &str) -> String {
        self.keys(":").await;
        self.text(account).await;
        self.keys("enter").await;
        self.keys(keys).await;
        let staged = self.app.model().data.staged.last().expect("something is staged");
        staged.change.target().expect("a negative that there is").id.raw().to_owned()
    }

    /// Sends what the focused account has; a question about something final stands on "Cancel".
    async fn send(&mut self) {
        self.keys("A").await;
        self.sees("SANDBOX)?");
        let screen = self.screen();
        self.keys(if screen.contains("›[ Cancel ]") { "tab enter" } else { "enter" }).await;
    }

    /// The state of a negative as its platform holds it.
    async fn state_of(&self, id: &str) -> Value {
        let state = self.bench.control("GET", "/state", None).await;
        let row = state.as_array().expect("rows").iter().find(|row| row["id"] == id).cloned();
        row.map_or(Value::Null, |row| row["state"].clone())
    }
}

#[tokio::test]
async fn a_toggle_is_planned_shown_sent_and_done_on_each_platform() {
    let mut journey = Journey::begin().await;
    for (account, keys, state) in TOGGLES {
        let id = journey.stage(account, keys).await;
        assert_eq!(journey.state_of(&id).await, "enabled", "staging sends nothing");
        journey.keys("p x").await;
        journey.sees(": ***");
        journey.keys("esc").await;
        journey.send().await;
        journey.sees(&format!("{account}: 1 sent"));
        journey.sees("✓");
        assert_eq!(journey.state_of(&id).await, state, "{account}");
        assert!(journey.app.model().data.staged.is_empty());
        journey.keys("1").await;
    }
    journey.keys("5").await;
    journey.sees("3 operations");
}

#[tokio::test]
async fn each_account_is_sent_by_itself_and_the_others_stay_staged() {
    let mut journey = Journey::begin().await;
    let first = journey.stage("northfell-us", "t").await;
    let second = journey.stage("northfell-sams-pets", "t").await;
    journey.keys("p").await;
    journey.keys("A").await;
    journey.sees("Stays staged: 1 change of northfell-sams-pets");
    journey.keys("enter").await;
    assert_eq!(journey.state_of(&first).await, "paused");
    assert_eq!(journey.state_of(&second).await, "enabled");
    journey.keys("G").await;
    journey.send().await;
    assert_eq!(journey.state_of(&second).await, "paused");
    journey.sees("northfell-us · Amazon · 1 sent");
}

#[tokio::test]
async fn a_refused_item_says_why_and_is_tried_again() {
    let mut journey = Journey::begin().await;
    let id = journey.stage("northfell-us", "t").await;
    journey
        .bench
        .faults(json!([{"platform": "amazon", "method": "PUT", "kind": "reject_items", "every": 1}]))
        .await;
    journey.keys("p").await;
    journey.send().await;
    journey.sees("refused by Amazon");
    assert!(journey.app.model().data.staged.is_empty(), "what is refused leaves staging");
    assert_eq!(journey.state_of(&id).await, "enabled");
    journey.bench.faults(json!([])).await;
    journey.keys("f").await;
    journey.sees("1 change picked");
    journey.send().await;
    journey.sees("northfell-us: 1 sent");
    assert_eq!(journey.state_of(&id).await, "paused");
}

#[tokio::test]
async fn an_expired_token_is_renewed_unseen() {
    let mut journey = Journey::begin().await;
    for (account, platform) in [("northfell-us", "amazon"), ("northfell-ebay-us", "ebay")] {
        let (_, keys, state) = TOGGLES.into_iter().find(|(name, ..)| *name == account).expect("a toggle");
        let id = journey.stage(account, keys).await;
        journey.bench.faults(json!([{"platform": platform, "kind": "expire_token", "times": 1}])).await;
        journey.keys("p").await;
        journey.send().await;
        journey.sees(&format!("{account}: 1 sent"));
        assert_eq!(journey.state_of(&id).await, state, "{account}");
        let mut log = journey.app.model().data.log.iter().rev();
        assert!(log.any(|entry| entry.status == Some(401) && entry.account.as_deref() == Some(account)));
        journey.keys("1").await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_asks_to_wait_is_waited_for() {
    let mut journey = Journey::begin().await;
    let id = journey.stage("northfell-us", "t").await;
    let slow = json!([{"platform": "amazon", "method": "PUT", "kind": "status", "status": 429,
        "retry_after": 2, "times": 1}]);
    journey.bench.faults(slow).await;
    journey.keys("p").await;
    journey.send().await;
    journey.sees("northfell-us: 1 sent");
    assert_eq!(journey.state_of(&id).await, "paused");
    journey.keys("6").await;
    journey.sees("429");
}

#[tokio::test]
async fn a_check_of_an_account_says_line_by_line_what_works() {
    let mut journey = Journey::begin().await;
    journey.keys("7 c").await;
    journey.sees("check");
    journey.sees("✓");
    journey.sees("signed in");
}

/// Adds two negatives by the form where the first one of the account is, looks at the plan and sends it.
async fn adds_and_applies(account: &str) {
    let mut journey = Journey::begin().await;
    journey.goes_to(account).await;
    journey.keys("a").await;
    journey.text("zebra striped kettle").await;
    journey.keys("enter").await;
    journey.text("zebra striped teapot").await;
    journey.sees("2 to stage");
    journey.keys("ctrl-s").await;
    journey.sees("2 changes staged, not sent");
    assert!(journey.held("zebra striped kettle").await.is_empty(), "nothing is sent by staging");
    journey.keys("p").await;
    journey.sees("zebra striped teapot");
    journey.keys("A").await;
    journey.sees("SANDBOX)?");
    journey.keys("enter").await;
    for text in ["zebra striped kettle", "zebra striped teapot"] {
        let held = journey.held(text).await;
        assert_eq!(held.len(), 1, "{text}: {held:?}\n{}", journey.screen());
    }
    // What the platform answered is in the snapshot, and no longer staged.
    journey.keys("1 /").await;
    journey.text("zebra").await;
    journey.keys("enter").await;
    journey.sees("2 of ");
    assert!(!journey.screen().contains("not sent"), "{}", journey.screen());
}

#[tokio::test]
async fn on_amazon_negatives_are_added_planned_and_applied() {
    Box::pin(adds_and_applies("northfell-us")).await;
}

#[tokio::test]
async fn on_ebay_negatives_are_added_planned_and_applied() {
    Box::pin(adds_and_applies("northfell-ebay-us")).await;
}

#[tokio::test]
async fn on_sams_club_negatives_are_added_planned_and_applied() {
    Box::pin(adds_and_applies("northfell-sams-coffee")).await;
}

#[tokio::test]
async fn a_staged_addition_is_edited_before_it_is_sent() {
    let mut journey = Journey::begin().await;
    journey.goes_to("northfell-us").await;
    journey.keys("a").await;
    journey.text("zebra striped kettle").await;
    journey.keys("ctrl-s /").await;
    journey.text("zebra").await;
    journey.keys("enter e shift-tab right ctrl-s").await;
    journey.sees("The staged addition is replaced");
    journey.sends().await;
    let held = journey.held("zebra striped kettle").await;
    assert_eq!(held.len(), 1, "{}", journey.screen());
    assert_eq!(held[0]["state"], "paused", "{held:?}");
}

#[tokio::test]
async fn a_brand_is_found_by_name_picked_and_sent() {
    let mut journey = Journey::begin().await;
    journey.goes_to("northfell-us").await;
    journey.keys("a shift-tab shift-tab shift-tab left tab tab").await;
    journey.text("Corvane").await;
    journey.sees("18681839011");
    journey.keys("tab space").await;
    journey.sees("1 to stage");
    journey.keys("ctrl-s").await;
    journey.sends().await;
    let held = journey.held("18681839011").await;
    assert!(!held.is_empty(), "{}", journey.screen());
}

#[tokio::test]
async fn what_was_added_is_taken_back_by_three_keys_and_that_again() {
    let mut journey = Journey::begin().await;
    for account in ["northfell-us", "northfell-ebay-us", "northfell-sams-coffee"] {
        journey.goes_to(account).await;
        journey.keys("a").await;
        journey.text("zebra striped kettle").await;
        journey.keys("ctrl-s").await;
        journey.sends().await;
        journey.sees("u takes it back");
        let live = async |journey: &Journey| {
            let held = journey.held("zebra striped kettle").await;
            held.iter().filter(|row| row["state"] == "enabled").count()
        };
        assert_eq!(live(&journey).await, 1, "{account}");
        // From anywhere: here from Browse.
        journey.keys("1 u").await;
        journey.sees("taking back operation");
        assert_eq!(live(&journey).await, 1, "staging sends nothing");
        journey.keys("A enter").await;
        journey.sees(&format!("{account}: 1 sent"));
        assert_eq!(live(&journey).await, 0, "{account}\n{}", journey.screen());
        // The last operation is now the one that took it back.
        journey.keys("u A enter").await;
        assert_eq!(live(&journey).await, 1, "{account}\n{}", journey.screen());
        journey.keys("u A enter 1").await;
        assert_eq!(live(&journey).await, 0, "{account}\n{}", journey.screen());
        assert!(journey.app.model().data.staged.is_empty());
    }
    journey.keys("5").await;
    journey.sees("12 operations");
    journey.sees("1 sent · took back 9 · taken back by 11");
}

#[tokio::test]
async fn a_row_leads_to_its_operation_and_its_requests() {
    let mut journey = Journey::begin().await;
    journey.goes_to("northfell-us").await;
    journey.keys("a").await;
    journey.text("zebra striped kettle").await;
    journey.keys("ctrl-s").await;
    journey.sends().await;
    journey.keys("1 /").await;
    journey.text("zebra").await;
    journey.keys("enter").await;
    journey.sees("op 1");
    journey.keys("enter").await;
    journey.sees("last operation");
    journey.keys("enter").await;
    journey.sees("History › Operation 1");
    journey.sees("zebra striped kettle");
    journey.keys("x").await;
    journey.sees("Answer · 207");
    journey.sees(": ***");
    // From here u takes it back too; and dropped from staging it can be asked for again.
    journey.keys("esc u").await;
    journey.sees("taking back operation 1");
    journey.keys("u").await;
    assert!(journey.app.model().data.staged.is_empty(), "dropped from staging");
    journey.keys("5 u A enter").await;
    assert!(journey.held("zebra striped kettle").await.iter().all(|row| row["state"] == "archived"));
}

#[tokio::test]
async fn u_brings_back_what_the_engine_dropped_while_staging() {
    let mut journey = Journey::begin().await;
    journey.goes_to("northfell-ebay-us").await;
    journey.keys("d").await;
    let before = journey.app.model().data.staged.clone();
    assert_eq!(before.len(), 1);
    let target = before[0].change.target().expect("a removal").clone();
    // Adding what is to be removed takes the removal back instead.
    journey.keys("a").await;
    if target.match_type == Some(unbid::domain::negative::MatchType::Phrase) {
        journey.keys("shift-tab shift-tab right tab tab").await;
    }
    journey.text(target.text.raw()).await;
    journey.keys("ctrl-s").await;
    let screen = journey.screen();
    assert!(journey.app.model().data.staged.is_empty(), "{screen}");
    journey.keys("u").await;
    let screen = journey.screen();
    assert_eq!(journey.app.model().data.staged, before, "{screen}");
}

#[tokio::test]
async fn search_terms_are_fetched_behind_the_screen_and_a_report_that_fails_says_why() {
    let bench = Bench::small();
    let failed = json!({"reportTaskId": "1", "reportTaskStatus": "FAILED", "reportTaskStatusMessage": "The data limit was exceeded"});
    bench
        .faults(json!([{"platform": "ebay", "method": "GET", "path": "/sell/marketing/v1/ad_report_task/", "times": 1,
            "kind": "status", "status": 200, "body": failed}]))
        .await;
    let mut journey = Journey::fetching(bench).await;
    journey.keys("7").await;
    journey.sees("2026-08-02 to 2026-09-30");
    journey.sees(" made");
    let mut told = 0;
    for _ in 0..9 {
        journey.keys("j").await;
        told += usize::from(journey.screen().contains("The data limit was exceeded"));
    }
    assert!(told > 0, "one account's report failed, in eBay's words");
}
