//! The way in for reports over the platform in memory: names become ids, currencies stay one, what is set aside is
//! counted, and the terms in memory follow snapshot and reports.

use std::sync::{Arc, Mutex};

use jiff::civil::{Date, date};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::domain::catalog::Scope;
use crate::domain::ids::{AdGroupId, CampaignId, PlatformId};
use crate::domain::money::Currency;
use crate::domain::term::{Figures, Named, TermPeriod, TermRow};
use crate::engine::testing::{Fake, Rig};
use crate::platform::report::{ColumnMap, Line, Rejected};
use crate::store::Overlap;

fn day(day: i8) -> Date {
    date(2026, 9, day)
}

fn row(campaign: Named<CampaignId>, group: Option<Named<AdGroupId>>, text: &str) -> TermRow {
    TermRow {
        campaign,
        ad_group: group,
        text: text.into(),
        from: day(1),
        to: day(1),
        figures: Figures { clicks: 1, ..Figures::default() },
        currency: Currency::new("USD"),
    }
}

fn by_id(group: &str, text: &str) -> TermRow {
    row(Named::Id("c1".into()), Some(Named::Id(group.into())), text)
}

async fn rig() -> Rig {
    let fake = Fake::new("acme", Vec::new())
        .with(|account| account.identity.platform = PlatformId::from_static("amazon"));
    Rig::new(&[&fake]).await
}

fn acme() -> AccountName {
    AccountName::new("acme")
}

async fn take(rig: &Rig, rows: Vec<TermRow>) -> Result<TermsLoaded, Problem> {
    let mut intake = rig.engine.begin_terms(&acme()).await?;
    rows.into_iter().try_for_each(|row| intake.row(row))?;
    intake.commit(None, "a test".into(), Overlap::Refuse).await
}

async fn terms(rig: &Rig) -> Arc<Terms> {
    let catalog = rig.engine.catalog().await.unwrap();
    rig.engine.terms(&catalog).await.unwrap()
}

#[tokio::test]
async fn names_become_ids_and_what_is_not_known_is_kept_and_named() {
    let rig = rig().await;
    let espresso = || Named::Name("Espresso".into());
    let loaded = take(
        &rig,
        vec![
            row(espresso(), Some(Named::Name("Group g2".into())), "decaf"),
            row(espresso(), Some(Named::Name("Gone".into())), "decaf"),
            row(Named::Name("Old".into()), None, "decaf"),
            row(Named::Id("c9".into()), None, "decaf"),
        ],
    )
    .await
    .unwrap();
    assert_eq!((loaded.loaded.rows, loaded.loaded.aside.unresolved), (4, 3));
    assert_eq!(loaded.unresolved, ["ad group Gone of Espresso", "campaign Old", "campaign c9"]);
    let terms = terms(&rig).await;
    assert_eq!((terms.len(), terms.unresolved()), (2, 3));
    let catalog = rig.engine.catalog().await.unwrap();
    let group = catalog.ad_groups().find(|group| group.id().raw() == "g2").unwrap().ix();
    assert_eq!(terms.rows_in(&catalog, Scope::AdGroup(group)).count(), 1);
}

#[tokio::test]
async fn another_currency_in_the_same_report_is_set_aside() {
    let rig = rig().await;
    let euros = TermRow { currency: Currency::new("EUR"), ..by_id("g1", "b") };
    let loaded = take(&rig, vec![by_id("g1", "a"), euros, by_id("g1", "c")]).await.unwrap();
    assert_eq!((loaded.loaded.rows, loaded.loaded.aside.rejected), (2, 1));
    assert_eq!(loaded.rejected[0].reason, "is in EUR, the rows before are in USD");
}

#[tokio::test]
async fn terms_follow_the_reports_and_the_snapshot() {
    let rig = rig().await;
    assert!(terms(&rig).await.is_empty());
    take(&rig, vec![by_id("g1", "a")]).await.unwrap();
    let first = terms(&rig).await;
    assert_eq!(first.len(), 1);
    assert!(Arc::ptr_eq(&first, &terms(&rig).await), "loaded once");
    let catalog = rig.engine.reload().await.unwrap();
    let second = rig.engine.terms(&catalog).await.unwrap();
    assert!(second.is_of(&catalog) && second.len() == 1);
    // The same days again, from whomever.
    take(&rig, vec![by_id("g1", "a"), by_id("g1", "b")]).await.unwrap();
    assert_eq!(terms(&rig).await.len(), 2);
}

#[tokio::test]
async fn a_report_of_no_rows_needs_its_days_and_has_no_currency() {
    let rig = rig().await;
    let refused = take(&rig, Vec::new()).await.unwrap_err();
    assert_eq!(refused.kind, ProblemKind::Usage);
    let days = TermPeriod { from: day(1), to: day(3) };
    let intake = rig.engine.begin_terms(&acme()).await.unwrap();
    intake.commit(Some(days), "asked".into(), Overlap::Refuse).await.unwrap();
    let next = TermRow { from: day(4), to: day(4), ..by_id("g1", "a") };
    take(&rig, vec![next]).await.unwrap();
    let periods = rig.engine.term_periods(&[]).await.unwrap();
    assert_eq!(periods.iter().map(|period| period.rows).collect::<Vec<_>>(), [0, 1]);
}

#[tokio::test]
async fn a_report_of_which_nothing_can_be_read_changes_nothing() {
    let rig = rig().await;
    take(&rig, vec![by_id("g1", "a")]).await.unwrap();
    let mut intake = rig.engine.begin_terms(&acme()).await.unwrap();
    intake.line(Line::Rejected(Rejected::new(2, "has no day"))).unwrap();
    let days = TermPeriod { from: day(1), to: day(1) };
    let refused = intake.commit(Some(days), "x".into(), Overlap::Replace).await.unwrap_err();
    assert_eq!(refused.detail, "line 2: has no day");
    assert_eq!(terms(&rig).await.len(), 1);
}

fn file(text: &str, overlap: Overlap) -> ReportFile<std::io::Cursor<Vec<u8>>> {
    ReportFile {
        name: "report.csv".to_owned(),
        read: std::io::Cursor::new(text.as_bytes().to_vec()),
        days: None,
        columns: ColumnMap::new(),
        overlap,
    }
}

const REPORT: &str = "Date,Campaign Name,Ad Group Name,Customer Search Term,Impressions,Clicks,Spend,7 Day Total Orders (#),7 Day Total Sales ($),Currency\n\
    2026-09-01,Espresso,Group g1,decaf,10,1,1.00,0,0,USD\n\
    2026-09-02,Espresso,Group g1,*,10,1,1.00,0,0,USD\n\
    2026-09-02,Espresso,Group g1,decaf,ten,1,1.00,0,0,USD\n";

#[tokio::test]
async fn a_file_is_loaded_with_what_was_set_aside() {
    let rig = rig().await;
    let name = acme();
    let import = |overlap| {
        rig.engine.import_terms(&name, file(REPORT, overlap), Arc::new(|_| {}), CancellationToken::new())
    };
    let loaded = import(Overlap::Refuse).await.unwrap();
    let aside = loaded.loaded.aside;
    assert_eq!((loaded.loaded.rows, aside.rejected, aside.left_out, aside.unresolved), (1, 1, 1, 0));
    assert_eq!(loaded.rejected[0].says(), "line 4, column Impressions: ten is no number");
    assert_eq!(loaded.loaded.source.raw(), "report.csv");
    assert_eq!(import(Overlap::Refuse).await.unwrap().replaced, 1);
}

#[tokio::test]
async fn a_stopped_import_leaves_no_trace_and_tells_how_far_it_came() {
    let rig = rig().await;
    let mut text = REPORT.to_owned();
    for _ in 0..3_000 {
        text.push_str("2026-09-01,Espresso,Group g1,decaf,10,1,1.00,0,0,USD\n");
    }
    let cancel = CancellationToken::new();
    let (stop, seen) = (cancel.clone(), Arc::new(Mutex::new(Vec::new())));
    let seeing = Arc::clone(&seen);
    let progress: crate::engine::Progress<TermsProgress> = Arc::new(move |at| {
        seeing.lock().unwrap().push(at);
        stop.cancel();
    });
    let stopped = rig.engine.import_terms(&acme(), file(&text, Overlap::Refuse), progress, cancel).await;
    assert_eq!(stopped.unwrap_err().kind, ProblemKind::Cancelled);
    assert!(rig.engine.term_periods(&[]).await.unwrap().is_empty());
    let seen = seen.lock().unwrap();
    assert_eq!((seen.len(), seen[0].rows, seen[0].rejected), (1, 1_998, 1));
}

#[tokio::test]
async fn only_accounts_that_there_are_take_reports() {
    let rig = rig().await;
    let unknown = rig.engine.begin_terms(&AccountName::new("other")).await.unwrap_err();
    assert!(unknown.hint.contains("acme"));
}
