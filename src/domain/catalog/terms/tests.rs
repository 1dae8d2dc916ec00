//! Terms on the small catalog: order, sums, texts, scopes, names, and the move to a newer snapshot.

use jiff::civil::date;
use proptest::prelude::*;

use super::super::super::account::Identity;
use super::super::super::campaign::{Campaign, ParentState};
use super::super::super::money::{Currency, Micros};
use super::super::super::term::{Figures, Named, TermPeriod};
use super::super::fixture::{account, ad_group, campaign, small};
use super::super::{AdGroupIx, Catalog, CatalogBuilder, Day, Scope};
use super::*;

const US: &str = "acme-us";

fn day(day: i8) -> Day {
    date(2026, 9, day).into()
}

fn clicks(clicks: u64, spend: i64) -> Figures {
    Figures { impressions: 10 * clicks, clicks, spend: Micros(spend * 1_000_000), ..Figures::default() }
}

fn identity(name: &'static str) -> Identity {
    account(name).identity
}

fn period() -> TermPeriod {
    TermPeriod { from: date(2026, 9, 1), to: date(2026, 9, 30) }
}

/// The same six rows for the account `acme-us`: by ids, by names, in no order.
fn loaded() -> TermsBuilder {
    let mut builder = TermsBuilder::default();
    builder.begin_account(&identity(US), vec![period()], Some(Currency::new("USD")));
    let pods = builder.place(Named::Id("10"), Some(Named::Id("101")));
    let beans = builder.place(Named::Name("Espresso".into()), Some(Named::Name(" Beans exact ".into())));
    let promo = builder.place(Named::Id("11"), Some(Named::Id("110")));
    let whole = builder.place(Named::Id("10"), None);
    let gone = builder.place(Named::Id("12"), Some(Named::Id("120")));
    let (decaf, free) = (builder.text("Decaf Pods"), builder.text("free pods"));
    builder.push(pods, decaf, day(2), day(2), &clicks(2, 1));
    builder.push(beans, free, day(1), day(1), &clicks(1, 1));
    builder.push(gone, free, day(1), day(1), &clicks(9, 9));
    builder.push(promo, decaf, day(1), day(1), &clicks(4, 2));
    builder.push(pods, decaf, day(1), day(1), &clicks(3, 2));
    builder.push(whole, free, day(1), day(30), &clicks(5, 5));
    builder
}

fn group(catalog: &Catalog, name: &str) -> AdGroupIx {
    catalog.ad_groups().find(|group| group.name_raw() == name).unwrap().ix()
}

#[test]
fn rows_stand_by_place_then_text_then_day() {
    let catalog = small();
    let terms = loaded().finish(&catalog);
    let rows: Vec<(String, String, i8)> = (0..terms.len())
        .map(|at| {
            let row = terms.row(TermIx(at as u32));
            let place = row.ad_group.map_or_else(
                || catalog.campaign(row.campaign).name_raw().to_owned(),
                |group| catalog.ad_group(group).name_raw().to_owned(),
            );
            (place, terms.text(row.text).to_owned(), row.from.date().day())
        })
        .collect();
    let row = |place: &str, text: &str, day| (place.to_owned(), text.to_owned(), day);
    assert_eq!(
        rows,
        [
            row("Espresso", "free pods", 1),
            row("Beans exact", "free pods", 1),
            row("Pods", "decaf pods", 1),
            row("Pods", "decaf pods", 2),
            row("Promo", "decaf pods", 1),
        ]
    );
    assert_eq!((terms.unresolved(), terms.accounts()[0].rows), (1, 6));
    assert_eq!(terms.span(), Some(period()));
    assert!(terms.is_of(&catalog) && !terms.is_of(&small()));
}

#[test]
fn scopes_texts_and_entries_give_the_rows_they_should() {
    let catalog = small();
    let terms = loaded().finish(&catalog);
    let espresso = catalog.campaigns().find(|c| c.name_raw() == "Espresso").unwrap().ix();
    let pods = group(&catalog, "Pods");
    let sum = |scope| terms.sum(terms.rows_in(&catalog, scope));
    assert_eq!(sum(Scope::AdGroup(pods)), clicks(5, 3));
    assert_eq!(sum(Scope::Campaign(espresso)), clicks(11, 9));
    assert_eq!(sum(Scope::CampaignLevel(espresso)), clicks(5, 5));
    assert_eq!(sum(Scope::Reaching(pods)), clicks(10, 8));
    assert_eq!(sum(Scope::All), clicks(15, 11));

    let decaf = terms.find_text("decaf pods").unwrap();
    assert_eq!((terms.text(decaf), terms.written(decaf)), ("decaf pods", "Decaf Pods"));
    assert_eq!(terms.sum(terms.rows_of_text(decaf)), clicks(9, 5));
    assert_eq!(terms.distinct().collect::<Vec<_>>(), ["decaf pods", "free pods"]);
    assert_eq!(terms.find_text("Decaf Pods"), None, "only normal forms are looked up");

    assert_eq!(terms.entry_count(), 4);
    let [entries, none] = terms.entries_in(&catalog, Scope::AdGroup(pods));
    assert_eq!((entries.len(), none.len()), (1, 0));
    let entry = EntryIx(entries.start);
    assert_eq!(terms.rows_of(entry).len(), 2);
    assert!(terms.rows_of(entry).all(|row| terms.entry_of(row) == entry));
    assert_eq!(terms.parent(terms.first_of(entry)), (espresso, Some(pods)));
}

#[test]
fn a_newer_snapshot_renumbers_and_resolves_what_it_learned() {
    let old = loaded().finish(&small());
    let mut builder = CatalogBuilder::default();
    // Another account comes first, and the campaign that was not known is there.
    builder.add_account(account("acme-first"));
    let us = builder.add_account(account(US));
    let new = builder.add_campaign(us, campaign("12", "A new one"));
    ad_group(&mut builder, new, "120", "Gone no more");
    let catalog = builder.finish();
    let terms = old.rebind(&catalog);
    assert_eq!((terms.len(), terms.unresolved()), (1, 5));
    let rows = terms.rows_in(&catalog, Scope::AdGroup(group(&catalog, "Gone no more")));
    assert_eq!(terms.sum(rows), clicks(9, 9));
    // And back again: nothing was lost on the way.
    let back = terms.rebind(&small());
    assert_eq!((back.len(), back.unresolved(), back.text_count()), (5, 1, 2));
}

#[test]
fn a_name_means_the_one_that_stands_and_no_guess_among_several() {
    use ParentState::{Archived, Enabled, Paused};

    let named = |states: &[ParentState]| {
        let mut builder = CatalogBuilder::default();
        let us = builder.add_account(account(US));
        for (at, state) in states.iter().enumerate() {
            builder.add_campaign(us, Campaign { state: *state, ..campaign(&at.to_string(), "Twin") });
        }
        let catalog = builder.finish();
        let mut terms = TermsBuilder::default();
        terms.begin_account(&identity(US), Vec::new(), None);
        let (place, text) = (terms.place(Named::Name("Twin".into()), None), terms.text("decaf"));
        terms.push(place, text, day(1), day(1), &clicks(1, 1));
        let terms = terms.finish(&catalog);
        (!terms.is_empty()).then(|| catalog.campaign(terms.parent(TermIx(0)).0).id().raw().to_owned())
    };
    assert_eq!(named(&[Archived, Enabled]).as_deref(), Some("1"));
    assert_eq!(named(&[Enabled, Archived, Archived]).as_deref(), Some("0"));
    assert_eq!(named(&[Archived]).as_deref(), Some("0"));
    assert_eq!(named(&[Enabled, Paused]), None);
    assert_eq!(named(&[Archived, Archived]), None);
}

#[test]
fn an_ad_group_that_is_not_there_leaves_its_row_to_the_campaign() {
    let catalog = small();
    let mut builder = TermsBuilder::default();
    builder.begin_account(&identity(US), Vec::new(), None);
    let (place, text) = (builder.place(Named::Id("10"), Some(Named::Id("999"))), builder.text("decaf"));
    builder.push(place, text, day(1), day(1), &clicks(1, 1));
    let terms = builder.finish(&catalog);
    assert_eq!((terms.len(), terms.unresolved()), (1, 1));
    assert_eq!(terms.row(TermIx(0)).ad_group, None);
}

#[test]
fn nothing_loaded_is_no_zero_of_anything() {
    let catalog = small();
    let terms = Terms::default().rebind(&catalog);
    assert!(terms.is_empty() && terms.span().is_none() && terms.entry_count() == 0);
    assert_eq!(terms.rows_in(&catalog, Scope::All).count(), 0);
}

proptest! {
    /// Whatever the order of the rows, the sums of each ad group are those of a plain loop.
    #[test]
    fn sums_do_not_depend_on_the_order(rows in proptest::collection::vec((0..3_usize, 0..4_u64, 1..28_i8, 0..9_u64), 0..40)) {
        let catalog = small();
        let mut builder = TermsBuilder::default();
        builder.begin_account(&identity(US), Vec::new(), None);
        let groups = [("10", "100"), ("10", "101"), ("11", "110")];
        for (group, text, on, count) in &rows {
            let (campaign, group) = groups[*group];
            let place = builder.place(Named::Id(campaign), Some(Named::Id(group)));
            let text = builder.text(&format!("term {text}"));
            builder.push(place, text, day(*on), day(*on), &clicks(*count, 1));
        }
        let terms = builder.finish(&catalog);
        for (at, (_, id)) in groups.iter().enumerate() {
            let group = catalog.ad_groups().find(|group| group.id().raw() == *id).unwrap().ix();
            for text in 0..4_u64 {
                let wanted: Figures = rows
                    .iter()
                    .filter(|row| row.0 == at && row.1 == text)
                    .map(|row| clicks(row.3, 1))
                    .sum();
                let Some(ix) = terms.find_text(&format!("term {text}")) else {
                    prop_assert_eq!(wanted, Figures::default());
                    continue;
                };
                let there = terms.rows_in(&catalog, Scope::AdGroup(group)).filter(|row| terms.text_of(*row) == ix);
                prop_assert_eq!(terms.sum(there), wanted);
                let by_text = terms.rows_of_text(ix).filter(|row| terms.parent(*row).1 == Some(group));
                prop_assert_eq!(terms.sum(by_text), wanted);
            }
        }
        let of_entries: usize = (0..terms.entry_count()).map(|at| terms.rows_of(EntryIx(at as u32)).len()).sum();
        prop_assert_eq!(of_entries, terms.len());
    }
}
