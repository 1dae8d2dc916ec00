//! The audit over the emulated platforms: of the mistakes that every world has, none is missed, and nothing else of the
//! error and warning severities is found. Rules by themselves are tested beside them.

mod support;

#[path = "support/schema.rs"]
mod schema;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};
use support::Bench;
use tokio_util::sync::CancellationToken;
use unbid::domain::audit::{AuditConfig, Finding, RULES, Severity, rule};
use unbid::domain::catalog::{AccountIx, Cancel};
use unbid::domain::ids::{AdGroupId, CampaignId};
use unbid::domain::money::{Currency, Micros};
use unbid::domain::term::{Figures, Named, TermPeriod, TermRow};
use unbid::domain::text::Text;
use unbid::engine::{AuditAsk, Audited, Engine, Member, Parts, Settings, SyncOptions, SystemTime};
use unbid::platform::{self, registry};
use unbid::sandbox::{Options, Size};
use unbid::store::{Aside, Overlap, Store};

/// A sandbox with everything of it in a snapshot.
struct Rig {
    bench: Bench,
    engine: Engine,
    folder: tempfile::TempDir,
}

impl Rig {
    async fn new(size: Size) -> Self {
        let bench = Bench::new(Options { size, ..Options::default() });
        let folder = tempfile::tempdir().unwrap();
        let members = registry()
            .iter()
            .flat_map(|platform| bench.accounts(*platform))
            .map(|account| Member::connected(platform::connect(account, &bench.http).unwrap()))
            .collect();
        let parts = Parts {
            store: Store::open(folder.path()).unwrap(),
            members,
            settings: Settings {
                settle: std::time::Duration::from_millis(300),
                max_age: std::time::Duration::from_mins(15),
                read_only: false,
            },
            time: Arc::new(SystemTime),
            who: Text::new("ann"),
        };
        let engine = Engine::open(parts).await.unwrap();
        let rig = Self { bench, engine, folder };
        rig.sync().await;
        rig
    }

    async fn sync(&self) {
        let options = SyncOptions { positives: true, ..SyncOptions::default() };
        let report = self.engine.sync(&[], options, Arc::new(|_| {}), CancellationToken::new()).await.unwrap();
        assert!(report.complete(), "{report:?}");
    }

    /// Loads every search term that the sandbox has.
    async fn terms(&self) {
        let rows = self.bench.control("GET", "/terms", None).await;
        for member in self.engine.members() {
            let own: Vec<TermRow> = rows
                .as_array()
                .unwrap()
                .iter()
                .filter(|row| row["account"] == member.name.as_str())
                .map(term)
                .collect();
            let Some(currency) = own.first().map(|row| row.currency.clone()) else { continue };
            let days = TermPeriod {
                from: own.iter().map(|row| row.from).min().unwrap(),
                to: "2026-09-30".parse().unwrap(),
            };
            let mut writer = self.engine.store().begin_terms(member.identity().unwrap());
            writer.put(own);
            let now = Timestamp::now();
            writer
                .commit(days, currency, Text::new("test"), Aside::default(), Overlap::Refuse, now)
                .await
                .unwrap();
        }
    }

    /// Runs the command on the same data; what it printed and how it ended.
    fn command(&self, args: &[&str]) -> (String, String, i32) {
        let output = assert_cmd::Command::cargo_bin("unbid")
            .unwrap()
            .arg("--config")
            .arg(&self.bench.config.file)
            .arg("--data-dir")
            .arg(self.folder.path())
            .arg("audit")
            .args(args)
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (text(output.stdout), text(output.stderr), output.status.code().unwrap())
    }

    async fn audit(&self, ask: AuditAsk) -> Audited {
        self.engine.audit(ask, Cancel::default()).await.unwrap().expect("nobody cancels it")
    }
}

fn term(row: &Value) -> TermRow {
    let text = |key: &str| row[key].as_str().unwrap();
    let number = |key: &str| row[key].as_u64().unwrap();
    let money = |key: &str| Micros::from_units(row[key].as_f64().unwrap());
    TermRow {
        campaign: Named::Id(CampaignId::new(text("campaign_id"))),
        ad_group: row["ad_group_id"].as_str().map(|id| Named::Id(AdGroupId::new(id))),
        text: Text::new(text("term")),
        from: text("from").parse().unwrap(),
        to: text("to").parse().unwrap(),
        figures: Figures {
            impressions: number("impressions"),
            clicks: number("clicks"),
            spend: money("spend"),
            orders: number("orders"),
            sales: money("sales"),
        },
        currency: Currency::new(text("currency")),
    }
}

/// What the sandbox's own brands are, as its configuration names them.
fn config() -> AuditConfig {
    let brands = ["Northfell", "Emberoak", "Pawlume", "Trailwisp", "Quillmark"];
    AuditConfig { own_brands: brands.map(str::to_owned).to_vec(), ..AuditConfig::default() }
}

/// A finding as the sandbox's list has it: rule, account, campaign, ad group, negatives, keywords.
type Key = (String, String, String, Option<String>, BTreeSet<String>, BTreeSet<String>);

fn key(audited: &Audited, finding: &Finding) -> Key {
    let catalog = &audited.catalog;
    (
        finding.info().id.to_owned(),
        catalog.account(finding.account).name.as_str().to_owned(),
        finding.campaign.map(|ix| catalog.campaign(ix).id().raw().to_owned()).unwrap_or_default(),
        finding.ad_group.map(|ix| catalog.ad_group(ix).id().raw().to_owned()),
        finding.negatives.iter().map(|ix| catalog.negative(*ix).id().raw().to_owned()).collect(),
        finding.keywords.iter().map(|ix| audited.positives.get(*ix).id().raw().to_owned()).collect(),
    )
}

fn planted(world: &Value) -> BTreeSet<Key> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let list = |value: &Value| value.as_array().unwrap().iter().map(text).collect();
    let one = |mistake: &Value| {
        (
            text(&mistake["rule"]),
            text(&mistake["account"]),
            text(&mistake["campaign_id"]),
            mistake["ad_group_id"].as_str().map(str::to_owned),
            list(&mistake["negatives"]),
            list(&mistake["keywords"]),
        )
    };
    world["planted"].as_array().unwrap().iter().map(one).collect()
}

/// None missed, and none extra of the error and warning severities.
async fn finds_what_is_planted(size: Size) {
    let rig = Rig::new(size).await;
    rig.terms().await;
    let audited = rig.audit(AuditAsk { config: config(), ..AuditAsk::default() }).await;
    let world = rig.bench.control("GET", "/world", None).await;
    let planted = planted(&world);
    let found: BTreeSet<Key> = audited.report.findings.iter().map(|finding| key(&audited, finding)).collect();
    let missed: Vec<&Key> = planted.difference(&found).collect();
    let extra: Vec<String> = audited
        .report
        .findings
        .iter()
        .filter(|finding| finding.severity > Severity::Info && !planted.contains(&key(&audited, finding)))
        .map(|finding| format!("{}: {}", finding.info().id, finding.message))
        .collect();
    assert!(missed.is_empty() && extra.is_empty(), "missed: {missed:#?}\nextra: {extra:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_world_has_the_planted_mistakes_and_no_others() {
    finds_what_is_planted(Size::Small).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_medium_world_has_the_planted_mistakes_and_no_others() {
    finds_what_is_planted(Size::Medium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_terms_nothing_is_said_of_them() {
    let rig = Rig::new(Size::Small).await;
    let audited = rig.audit(AuditAsk { config: config(), ..AuditAsk::default() }).await;
    let accounts = audited.catalog.accounts().len();
    assert_eq!(audited.report.without_terms.len(), accounts);
    for finding in &audited.report.findings {
        assert!(finding.figures.is_none() && finding.terms == 0, "{}", finding.message);
    }
    // The same again gives the same, and one account's findings are those of all that are its own.
    let again = rig.audit(AuditAsk { config: config(), ..AuditAsk::default() }).await;
    assert_eq!(audited.report, again.report);
    let name = audited.catalog.account(AccountIx(0)).name.clone();
    let one = rig.audit(AuditAsk { config: config(), accounts: vec![name], ..AuditAsk::default() }).await;
    let own: Vec<_> =
        audited.report.findings.iter().filter(|one| one.account == AccountIx(0)).cloned().collect();
    assert!(!own.is_empty());
    assert_eq!(one.report.findings, own);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_removes_elsewhere_has_vanished() {
    let rig = Rig::new(Size::Small).await;
    let state = rig.bench.control("GET", "/state?platform=amazon", None).await;
    let victim = state.as_array().unwrap().iter().find(|row| row["state"] == "enabled").unwrap();
    let id = victim["id"].as_str().unwrap();
    let gone = json!({
        "op": "delete_negative", "platform": "amazon", "id": id, "kind": victim["kind"], "level": victim["level"],
    });
    rig.bench.control("POST", "/mutate", Some(gone)).await;
    let ask = || AuditAsk { rules: vec!["vanished".into()], ..AuditAsk::default() };
    assert!(rig.audit(ask()).await.report.findings.is_empty(), "not before the next listing");
    rig.sync().await;
    let audited = rig.audit(ask()).await;
    let [finding] = audited.report.findings.as_slice() else { panic!("{:?}", audited.report.findings) };
    assert_eq!(finding.gone.as_ref().map(unbid::domain::ids::NegativeId::raw), Some(id));
    assert_eq!((finding.severity, finding.rule), (Severity::Warning, rule("vanished").unwrap()));
    assert_eq!(finding.fix.as_ref().unwrap().action(), "add");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_is_off_says_nothing_and_one_that_is_not_there_is_refused() {
    let rig = Rig::new(Size::Small).await;
    let off = AuditConfig { off: RULES.iter().map(|rule| rule.info().id.to_owned()).collect(), ..config() };
    assert!(rig.audit(AuditAsk { config: off, ..AuditAsk::default() }).await.report.findings.is_empty());
    let ask = AuditAsk { rules: vec!["duplicates".into()], ..AuditAsk::default() };
    let problem = rig.engine.audit(ask, Cancel::default()).await.unwrap_err();
    assert!(problem.title.contains("duplicates") && problem.hint.contains("duplicate,"), "{problem}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_prints_every_format_and_fails_as_it_is_told() {
    let rig = Rig::new(Size::Small).await;
    rig.terms().await;

    let (json, said, code) = rig.command(&["--format", "json"]);
    assert_eq!(code, 0, "findings alone do not change the exit code");
    assert!(said.contains("errors") && said.contains("--all shows them"), "{said}");
    assert_eq!(rig.command(&["--format", "json"]).0, json, "the same bytes again");
    let document: Value = serde_json::from_str(&json).unwrap();
    let findings = document["findings"].as_array().unwrap();
    let of = |rule: &str| findings.iter().filter(|one| one["rule"] == rule).collect::<Vec<_>>();
    // The sandbox's own configuration names the brands.
    assert_eq!(of("own-brand").len(), 3);
    assert!(of("harvested").is_empty() && document["counts"]["hidden"].as_u64() > Some(0));
    let sold = of("conflict-revenue");
    assert_eq!(sold.len(), 3);
    for one in &sold {
        assert_eq!((one["orders"].as_u64(), one["currency"].as_str()), (Some(5), Some("USD")), "{one}");
        assert_eq!((one["fix"]["action"].as_str(), &one["fix"]["ids"]), (Some("remove"), &one["negatives"]));
    }
    let never = of("conflict-full")[0];
    assert!(
        never["spend"].is_null() && never["terms"] == 0,
        "a rule that asks no term knows no money: {never}"
    );

    let all: Value = serde_json::from_str(&rig.command(&["--format", "json", "--all"]).0).unwrap();
    assert!(all["findings"].as_array().unwrap().iter().any(|one| one["rule"] == "harvested"));
    let (one, _, _) = rig.command(&["--format", "json", "--rule", "duplicate"]);
    let one: Value = serde_json::from_str(&one).unwrap();
    assert!(one["findings"].as_array().unwrap().iter().all(|one| one["rule"] == "duplicate"));
    let since: Value =
        serde_json::from_str(&rig.command(&["--format", "json", "--since", "2026-09-30"]).0).unwrap();
    assert!(since["findings"].as_array().unwrap().iter().all(|one| one["rule"] != "conflict-revenue"));

    assert_eq!(rig.command(&["--fail-on", "error"]).2, 3);
    assert_eq!(rig.command(&["--rule", "promote", "--fail-on", "warning"]).2, 0);
    assert_eq!(rig.command(&["--rule", "promotion"]).2, 2);

    let sarif: Value = serde_json::from_str(&rig.command(&["--format", "sarif"]).0).unwrap();
    let schema: Value = serde_json::from_str(include_str!("assets/sarif-2.1.0.schema.json")).unwrap();
    assert_eq!(schema::misfits(&schema, &sarif), [""; 0]);
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), findings.len());
    let mut broken = sarif.clone();
    broken["runs"][0]["results"][0]["level"] = json!("fatal");
    broken["runs"][0]["surprise"] = json!(1);
    assert_eq!(schema::misfits(&schema, &broken).len(), 2, "the check can fail");

    let (markdown, _, _) = rig.command(&["--format", "markdown"]);
    assert!(
        markdown.starts_with("# Audit of negatives\n") && markdown.contains("## blocks what sold"),
        "{markdown}"
    );
    let (table, _, _) = rig.command(&[]);
    assert!(table.starts_with("SEVERITY") && table.contains("conflict-full"), "{table}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_the_baseline_is_left_out() {
    let rig = Rig::new(Size::Small).await;
    rig.terms().await;
    let file = rig.folder.path().join("meant.toml");
    let path = Path::to_str(&file).unwrap();
    assert_eq!(rig.command(&["--baseline", path]).2, 2, "a named file has to be there");
    let (before, _, code) = rig.command(&["--format", "json", "--write-baseline", path, "--fail-on", "error"]);
    assert_eq!(code, 3, "what is written is still told");
    let (after, said, code) = rig.command(&["--format", "json", "--baseline", path, "--fail-on", "info"]);
    let (before, after): (Value, Value) =
        (serde_json::from_str(&before).unwrap(), serde_json::from_str(&after).unwrap());
    assert_eq!((after["findings"].as_array().unwrap().len(), code), (0, 0));
    let written = before["findings"].as_array().unwrap().len();
    assert_eq!(after["counts"]["ignored"].as_u64(), Some(written as u64));
    assert!(said.contains("ignored by the baseline"), "{said}");
    // The same findings after everything was listed anew, and written again without a change.
    rig.sync().await;
    let text = std::fs::read_to_string(&file).unwrap();
    rig.command(&["--write-baseline", path]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}
