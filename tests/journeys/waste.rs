//! From a report's file to a clean audit: what only costs is found, stopped where it costs, and found no more.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio_util::sync::CancellationToken;
use unbid::domain::account::AccountName;
use unbid::domain::campaign::ParentState;
use unbid::engine::{Engine, Member, Parts, ReportFile, Settings};
use unbid::platform;
use unbid::store::{Overlap, Store};

use super::support::journey::{Fixed, Journey};

const ACCOUNT: &str = "northfell-us";
/// The columns of the sponsored products search term report as the console writes it, with ids.
const HEAD: &str = "Date,Campaign Id,Ad Group Id,Customer Search Term,Impressions,Clicks,Spend,7 Day Total Orders (#),7 Day Total Sales ,Currency";

impl Journey {
    /// Three ad groups of the account that are running, each with its campaign.
    fn running(&self) -> Vec<(String, String)> {
        let catalog = self.app.model().data.catalog().expect("a snapshot");
        let running = catalog.ad_groups().filter(|group| {
            group.campaign().account().name.as_str() == ACCOUNT
                && group.state() == ParentState::Enabled
                && group.campaign().state() == ParentState::Enabled
        });
        let ids = running.map(|group| (group.campaign().id().raw().to_owned(), group.id().raw().to_owned()));
        ids.take(3).collect()
    }

    /// Imports a report into the same data folder while the screen is open, as `unbid terms import` does.
    async fn import(&self, report: String) {
        let bench = &self.bench;
        let members = bench.config.accounts.iter().map(|account| {
            Member::connected(platform::connect(account, &bench.http).expect("the sandbox's own account"))
        });
        let parts = Parts {
            store: Store::open(self.folder.path()).expect("a store"),
            members: members.collect(),
            settings: Settings { settle: Duration::ZERO, max_age: Duration::from_mins(15), read_only: false },
            time: Arc::new(Fixed),
            who: "ann".into(),
        };
        let engine = Engine::open(parts).await.expect("an engine");
        let file = ReportFile {
            name: "report.csv".to_owned(),
            read: std::io::Cursor::new(report.into_bytes()),
            days: None,
            columns: std::collections::BTreeMap::new(),
            overlap: Overlap::Refuse,
        };
        let name = AccountName::new(ACCOUNT);
        let told = engine.import_terms(&name, file, Arc::new(|_| {}), CancellationToken::new()).await;
        assert_eq!(told.expect("loaded").loaded.aside.unresolved, 0);
    }
}

/// A term in each ad group that only costs, on two days, and one that sells.
fn report(groups: &[(String, String)]) -> String {
    let mut report = vec![HEAD.to_owned()];
    for (at, (campaign, group)) in groups.iter().enumerate() {
        let spend = 40 - at;
        for day in ["2026-09-10", "2026-09-12"] {
            report.push(format!("{day},{campaign},{group},zebra quagga {at},900,40,{spend}.50,0,0,USD"));
        }
        report.push(format!("2026-09-30,{campaign},{group},zebra okapi {at},900,20,99.00,3,120.00,USD"));
    }
    report.join("\n")
}

#[tokio::test]
async fn what_a_report_shows_as_waste_is_stopped_and_the_audit_finds_it_no_more() {
    let mut journey = Journey::begin().await;
    journey.keys("3").await;
    journey.sees("no terms of");
    assert!(!journey.screen().contains("spent, never sold"), "{}", journey.screen());
    let groups = journey.running();
    journey.import(report(&groups)).await;

    // The terms, with what each cost and when.
    journey.keys("2").await;
    journey.sees("terms 10 Sep–30 Sep");
    journey.sees("zebra quagga 0");
    assert!(!journey.screen().contains("zebra okapi"), "what sold is no waste");
    // The audit has heard of them.
    journey.keys("3").await;
    journey.sees("spent, never sold");
    journey.finds("spent, never sold", 3);

    // Marked, added as phrases, each where it costs; what that would block stands beside it.
    journey.keys("2 space space space a").await;
    journey.sees("Add 3 search terms as negatives");
    journey.sees("cost $237.00, 0 orders");
    journey.keys("p").await;
    journey.sees("blocks 1 term");
    journey.keys("enter").await;
    journey.sees("3 changes staged, not sent");
    assert!(journey.held("zebra quagga 0").await.is_empty(), "nothing is sent by staging");
    journey.keys("p").await;
    journey.sees("blocks 1 term");
    journey.sees("zebra quagga 2");
    journey.keys("A enter").await;
    for (at, (_, group)) in groups.iter().enumerate() {
        let held = journey.held(&format!("zebra quagga {at}")).await;
        assert_eq!(held.len(), 1, "zebra quagga {at}\n{}", journey.screen());
        assert_eq!((&held[0]["match"], &held[0]["ad_group_id"]), (&json!("phrase"), &json!(group)));
    }

    // Nothing of it is waste any more, here and there.
    journey.keys("2").await;
    assert!(!journey.screen().contains("zebra quagga"), "{}", journey.screen());
    journey.keys("3").await;
    journey.sees("Audit");
    journey.finds("spent, never sold", 0);
}

#[tokio::test]
async fn a_finding_is_mended_by_f_and_one_that_is_meant_is_ignored_with_a_reason() {
    let mut journey = Journey::begin().await;
    journey.import(report(&journey.running())).await;
    journey.keys("2 3").await;
    journey.on_rule("spent, never sold").await;
    journey.keys("?").await;
    journey.sees("A search term that nothing blocks had no order");
    journey.keys("esc enter").await;
    journey.sees("zebra quagga 0");
    journey.keys("i").await;
    journey.text("on purpose").await;
    journey.keys("enter").await;
    journey.finds("spent, never sold", 2);
    let file = std::fs::read_to_string(journey.folder.path().join("audit-ignored.toml")).expect("noted");
    assert!(file.contains("on purpose") && file.contains("zebra quagga 0"), "{file}");
    journey.sees("1 ignored");
    // Among all it is still there, and taken back by the same key.
    journey.keys("w k i").await;
    journey.finds("spent, never sold", 3);
    assert!(!journey.screen().contains("1 ignored"), "{}", journey.screen());
    let file = std::fs::read_to_string(journey.folder.path().join("audit-ignored.toml")).expect("noted");
    assert!(!file.contains("zebra quagga 0"), "{file}");

    journey.keys("w j f").await;
    journey.sees("1 change staged for 1 finding, not sent");
    journey.sends().await;
    let held = journey.held("zebra quagga 1").await;
    assert_eq!(held.len(), 1, "{}", journey.screen());
    assert_eq!(held[0]["match"], "exact");
    journey.keys("3").await;
    journey.finds("spent, never sold", 2);
}

impl Journey {
    /// The audit lists this rule with so many findings; not at all with none.
    #[track_caller]
    fn finds(&mut self, title: &str, findings: usize) {
        let screen = self.screen();
        // Rules stand left of the findings.
        let left: Vec<String> = screen.lines().map(|line| line.chars().take(44).collect()).collect();
        let line = left.iter().find(|line| line.contains(title));
        let told = line.map(|line| {
            let tally = line.split(title).nth(1).unwrap_or_default();
            tally.split_whitespace().next().map_or(0, |n| n.parse::<usize>().expect("a number"))
        });
        assert_eq!(told.unwrap_or_default(), findings, "{title}:\n{screen}");
    }

    /// Puts the cursor on a rule.
    async fn on_rule(&mut self, title: &str) {
        for _ in 0..30 {
            let under = |line: &str| line.contains('›') && line.contains(title);
            if self.screen().lines().any(under) {
                return;
            }
            self.keys("j").await;
        }
        panic!("no rule {title}:\n{}", self.screen());
    }
}
