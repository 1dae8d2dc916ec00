//! Reports in and out: whole or not at all, the overlap rules of every sort of period, currencies, reviews.

use std::sync::Arc;

use jiff::civil::{Date, date};
use tempfile::TempDir;

use super::*;
use crate::domain::catalog::{AccountIx, CatalogBuilder};
use crate::domain::money::Micros;
use crate::domain::problem::ProblemKind;
use crate::domain::term::{Figures, Named, Review, ReviewKey};
use crate::store::tests::{account, identity, noon};

fn sep(day: i8) -> Date {
    date(2026, 9, day)
}

fn days(from: i8, to: i8) -> TermPeriod {
    TermPeriod { from: sep(from), to: sep(to) }
}

fn usd() -> Currency {
    Currency::new("USD")
}

fn row(group: &str, text: &str, from: i8, to: i8) -> TermRow {
    TermRow {
        campaign: Named::Id("10".into()),
        ad_group: Some(Named::Id(group.into())),
        text: text.into(),
        from: sep(from),
        to: sep(to),
        figures: Figures { clicks: 1, spend: Micros(1_000_000), ..Figures::default() },
        currency: usd(),
    }
}

fn daily(from: i8, to: i8) -> Vec<TermRow> {
    (from..=to).map(|day| row("100", "decaf", day, day)).collect()
}

async fn load(
    store: &Store,
    rows: Vec<TermRow>,
    days: TermPeriod,
    overlap: Overlap,
) -> std::result::Result<CommittedTerms, Problem> {
    let mut writer = store.begin_terms(&identity("1"));
    writer.put(rows);
    writer.commit(days, usd(), "report.csv".into(), Aside::default(), overlap, noon()).await
}

async fn stored(store: &Store) -> Vec<TermRow> {
    let (to, mut from) = tokio::sync::mpsc::channel(4);
    let account = identity("1");
    let reading = store.each_term(&account, None, to);
    let collect = async {
        let mut rows = Vec::new();
        while let Some(batch) = from.recv().await {
            rows.extend(batch);
        }
        rows
    };
    let (done, rows) = tokio::join!(reading, collect);
    done.unwrap();
    rows
}

async fn spans(store: &Store) -> Vec<(i8, i8, u64)> {
    let periods = store.term_periods(&[identity("1"), identity("2")]).await.unwrap();
    periods.into_iter().map(|p| (p.days.from.day(), p.days.to.day(), p.rows)).collect()
}

fn open() -> (TempDir, Store) {
    let folder = TempDir::new().unwrap();
    let store = Store::open(folder.path()).unwrap();
    (folder, store)
}

#[tokio::test]
async fn rows_come_back_as_they_were_put() {
    let (_folder, store) = open();
    let mut rows = vec![row("101", "Free  Pods", 2, 2), row("100", "decaf", 1, 30), row("100", "", 3, 3)];
    rows.push(TermRow {
        campaign: Named::Name("Espresso".into()),
        ad_group: Some(Named::Name("Beans".into())),
        ..rows[0].clone()
    });
    let done = load(&store, rows.clone(), days(1, 30), Overlap::Refuse).await.unwrap();
    assert_eq!((done.loaded.rows, done.replaced, done.loaded.days), (4, 0, days(1, 30)));
    let mut back = stored(&store).await;
    back.sort_by_key(|row| rows.iter().position(|known| known == row));
    assert_eq!(back, rows);
}

#[tokio::test]
async fn nothing_is_seen_of_a_report_that_was_not_committed() {
    let (_folder, store) = open();
    let mut writer = store.begin_terms(&identity("1"));
    writer.put(daily(1, 30));
    assert_eq!(writer.rows(), 30);
    drop(writer);
    assert!(stored(&store).await.is_empty());
}

#[tokio::test]
async fn the_same_days_take_the_old_ones_place_and_overlapping_ones_are_refused() {
    let (_folder, store) = open();
    load(&store, daily(1, 10), days(1, 10), Overlap::Refuse).await.unwrap();
    let again = load(&store, vec![row("100", "new", 5, 5)], days(1, 10), Overlap::Refuse).await.unwrap();
    assert_eq!((again.replaced, spans(&store).await), (10, vec![(1, 10, 1)]));
    load(&store, daily(11, 12), days(11, 12), Overlap::Refuse).await.unwrap();

    let refused = load(&store, daily(10, 14), days(10, 14), Overlap::Refuse).await.unwrap_err();
    assert_eq!(refused.kind, ProblemKind::Usage);
    assert!(refused.detail.contains("2026-09-01 to 2026-09-10, 2026-09-11 to 2026-09-12"), "{refused}");
    assert!(refused.hint.contains("--replace"));
    assert_eq!(spans(&store).await, [(1, 10, 1), (11, 12, 2)], "nothing changed");
}

#[tokio::test]
async fn replacing_takes_the_days_it_has_and_leaves_the_others() {
    let (_folder, store) = open();
    load(&store, daily(1, 30), days(1, 30), Overlap::Refuse).await.unwrap();
    let middle = load(&store, daily(10, 12), days(10, 12), Overlap::Replace).await.unwrap();
    assert_eq!((middle.replaced, spans(&store).await), (3, vec![(1, 9, 9), (10, 12, 3), (13, 30, 18)]));
    // Over an end, and over a whole period.
    load(&store, daily(8, 15), days(8, 15), Overlap::Replace).await.unwrap();
    assert_eq!(spans(&store).await, [(1, 7, 7), (8, 15, 8), (16, 30, 15)]);
    assert_eq!(stored(&store).await.len(), 30);
}

#[tokio::test]
async fn a_row_of_many_days_goes_whole_when_one_of_them_is_replaced() {
    let (_folder, store) = open();
    let rows = vec![row("100", "a month", 1, 30), row("100", "a week", 1, 7), row("100", "late", 29, 30)];
    load(&store, rows, days(1, 30), Overlap::Refuse).await.unwrap();
    let done = load(&store, daily(14, 20), days(14, 20), Overlap::Replace).await.unwrap();
    assert_eq!((done.replaced, spans(&store).await), (1, vec![(1, 7, 1), (14, 20, 7), (29, 30, 1)]));
}

#[tokio::test]
async fn days_without_a_row_stay_known_where_every_row_of_them_is_there() {
    let (_folder, store) = open();
    load(&store, daily(20, 30), days(1, 30), Overlap::Refuse).await.unwrap();
    load(&store, daily(15, 30), days(15, 30), Overlap::Replace).await.unwrap();
    assert_eq!(spans(&store).await, [(1, 14, 0), (15, 30, 16)], "nobody searched in the first two weeks");
}

#[tokio::test]
async fn what_a_report_tells_of_late_orders_is_kept() {
    let (_folder, store) = open();
    let mut writer = store.begin_terms(&identity("1"));
    writer.put(daily(1, 5));
    writer.told_late(Some(14));
    let aside = Aside::default();
    writer
        .commit(days(1, 5), Currency::new("USD"), "a.csv".into(), aside, Overlap::Refuse, noon())
        .await
        .unwrap();
    load(&store, daily(6, 9), days(6, 9), Overlap::Refuse).await.unwrap();
    let late: Vec<_> =
        store.term_periods(&[identity("1")]).await.unwrap().iter().map(|period| period.late_days).collect();
    assert_eq!(late, [Some(14), None]);
}

#[tokio::test]
async fn a_report_in_another_currency_is_refused_unless_it_takes_the_place_of_all() {
    let (_folder, store) = open();
    load(&store, daily(1, 5), days(1, 5), Overlap::Refuse).await.unwrap();
    let euros = |from, to, overlap| {
        let mut writer = store.begin_terms(&identity("1"));
        writer.put(daily(from, to));
        let source = "eur.csv".into();
        writer.commit(days(from, to), Currency::new("EUR"), source, Aside::default(), overlap, noon())
    };
    let refused = euros(6, 7, Overlap::Refuse).await.unwrap_err();
    assert!(refused.title.contains("EUR") && refused.title.contains("USD"), "{refused}");
    assert!(euros(5, 7, Overlap::Replace).await.is_err(), "the first four days are in USD still");
    assert_eq!(spans(&store).await, [(1, 5, 5)]);
    euros(1, 7, Overlap::Replace).await.unwrap();
    assert_eq!(spans(&store).await, [(1, 7, 7)]);
}

#[tokio::test]
async fn another_account_is_another_matter() {
    let (_folder, store) = open();
    load(&store, daily(1, 5), days(1, 5), Overlap::Refuse).await.unwrap();
    let mut other = store.begin_terms(&identity("2"));
    other.put(daily(3, 9));
    let done = other
        .commit(days(3, 9), Currency::new("EUR"), "".into(), Aside::default(), Overlap::Refuse, noon())
        .await;
    assert_eq!(done.unwrap().replaced, 0);
    assert_eq!(spans(&store).await, [(1, 5, 5), (3, 9, 7)]);
}

#[tokio::test]
async fn everything_loads_into_memory_by_account() {
    let (_folder, store) = open();
    // More than one parcel.
    let many = (0..20_000).map(|n| row(if n % 2 == 0 { "100" } else { "999" }, &format!("term {n}"), 1, 1));
    load(&store, many.collect(), days(1, 5), Overlap::Refuse).await.unwrap();
    let (us, uk) = (account("us", "1"), account("uk", "2"));
    let mut builder = CatalogBuilder::default();
    let mut add = |account: &crate::domain::account::Account| {
        builder.add_account(crate::domain::catalog::AccountRow {
            identity: account.identity.clone(),
            name: account.name.clone(),
            fetched_at: None,
            stale: None,
        })
    };
    let (_, ix) = (add(&uk), add(&us));
    let campaign = crate::domain::catalog::fixture::campaign("10", "Espresso");
    let slot = builder.add_campaign(ix, campaign);
    crate::domain::catalog::fixture::ad_group(&mut builder, slot, "100", "Beans");
    let catalog = Arc::new(builder.finish());
    let identities = [uk.identity, us.identity];
    let terms = store.load_terms(&identities, Arc::clone(&catalog)).await.unwrap();
    assert!(terms.is_of(&catalog));
    assert_eq!((terms.len(), terms.text_count(), terms.unresolved()), (20_000, 20_000, 10_000));
    assert_eq!(terms.account(AccountIx(1)).unwrap().periods, [days(1, 5)]);
    assert_eq!(terms.account(AccountIx(0)).unwrap().span(), None);
}

#[tokio::test]
async fn a_listener_that_leaves_ends_the_reading() {
    let (_folder, store) = open();
    load(&store, daily(1, 30), days(1, 30), Overlap::Refuse).await.unwrap();
    let (to, from) = tokio::sync::mpsc::channel(1);
    drop(from);
    store.each_term(&identity("1"), None, to).await.unwrap();
}

#[tokio::test]
async fn rows_before_a_day_are_left_out() {
    let (_folder, store) = open();
    let mut rows = daily(1, 9);
    rows.push(row("100", "across", 1, 8));
    load(&store, rows, days(1, 9), Overlap::Refuse).await.unwrap();
    let (to, mut from) = tokio::sync::mpsc::channel(4);
    let (identity, since) = (identity("1"), Some(sep(8)));
    let (done, rows) = tokio::join!(store.each_term(&identity, since, to), async {
        let mut rows = Vec::new();
        while let Some(batch) = from.recv().await {
            rows.extend(batch);
        }
        rows
    });
    done.unwrap();
    assert_eq!(rows.len(), 3, "{rows:?}");
}

#[tokio::test]
async fn a_look_is_remembered_replaced_and_forgotten() {
    let (_folder, store) = open();
    let key = |group: Option<&str>, term: &str| ReviewKey {
        account: identity("1"),
        campaign: "10".into(),
        ad_group: group.map(Into::into),
        term: term.into(),
    };
    let look = |until: Option<Date>, reason: &str| Review {
        at: noon(),
        until,
        spend: Micros(5),
        reason: reason.into(),
    };
    let put =
        vec![(key(Some("100"), "decaf"), look(None, "")), (key(None, "decaf"), look(Some(sep(9)), "ask"))];
    store.review(put.clone()).await.unwrap();
    let mut back = store.reviews(&[identity("1"), identity("2")]).await.unwrap();
    back.reverse();
    assert_eq!(back, put);
    store.review(vec![(key(None, "decaf"), look(None, "is fine"))]).await.unwrap();
    store.forget_reviews(vec![key(Some("100"), "decaf")]).await.unwrap();
    let left = store.reviews(&[identity("1")]).await.unwrap();
    assert_eq!(left, [(key(None, "decaf"), look(None, "is fine"))]);
}
