//! Lines of the small catalog: what blocks them, what is waste, filters with figures, orders, runs of words, reviews.

use jiff::civil::{Date, date};

use super::super::catalog::fixture::{new, small, staged};
use super::super::catalog::{AdGroupIx, Cancel, TermsBuilder};
use super::super::change::Change;
use super::super::filter::Filter;
use super::super::ids::PlatformId;
use super::super::matching::Verdict;
use super::super::money::Micros;
use super::super::negative::MatchType;
use super::super::term::Named;
use super::*;

const TODAY: Date = date(2026, 10, 1);

/// Group, text, last day of September (a row each), clicks, spend, orders.
type Given = (&'static str, &'static str, i8, u64, i64, u64);

const GIVEN: &[Given] = &[
    ("100", "decaf espresso beans", 10, 4, 4, 0),
    ("101", "free pods", 10, 5, 5, 0),
    ("101", "green pods", 10, 9, 9, 0),
    ("101", "green pods", 12, 1, 1, 0),
    ("101", "green tea", 10, 3, 3, 1),
    ("100", "b07yt8nvf9", 10, 2, 2, 0),
    ("100", "late beans", 29, 7, 7, 0),
    ("100", "green beans", 10, 2, 2, 0),
    ("100", "coffee decafs", 10, 1, 1, 0),
];

fn facts(catalog: &Catalog) -> Vec<Facts> {
    let amazon = crate::platform::by_id(&PlatformId::new("amazon")).unwrap().capabilities();
    catalog
        .accounts()
        .iter()
        .map(|account| Facts { identity: account.identity.clone(), capabilities: amazon })
        .collect()
}

fn terms(catalog: &Catalog) -> Terms {
    let mut builder = TermsBuilder::default();
    let identity = catalog.accounts()[0].identity.clone();
    let days = TermPeriod { from: date(2026, 9, 1), to: date(2026, 9, 30) };
    builder.begin_account(&identity, vec![days], Some(Currency::new("USD")));
    for (group, text, day, clicks, spend, orders) in GIVEN {
        let place = builder.place(Named::Id("10"), Some(Named::Id(group)));
        let text = builder.text(text);
        let day = Day::from(date(2026, 9, *day));
        let figures = Figures {
            impressions: clicks * 100,
            clicks: *clicks,
            spend: Micros(spend * 1_000_000),
            orders: *orders,
            sales: Micros(0),
        };
        builder.push(place, text, day, day, &figures);
    }
    builder.finish(catalog)
}

fn sifter_with(overlay: impl Fn(&Catalog) -> Overlay, reviews: &[(ReviewKey, Review)]) -> Sifter {
    let catalog = Arc::new(small());
    let terms = Arc::new(terms(&catalog));
    let (overlay, facts) = (overlay(&catalog), facts(&catalog));
    Sifter::new(catalog, terms, &overlay, &facts, reviews, TODAY, &Cancel::default()).unwrap()
}

fn sifter() -> Sifter {
    sifter_with(|_| Overlay::default(), &[])
}

fn texts(sifter: &Sifter, query: &SiftQuery) -> Vec<String> {
    let rows = sifter.query(query, &Cancel::default()).unwrap();
    rows.iter().map(|entry| sifter.terms().text(sifter.line(entry).text).to_owned()).collect()
}

fn all(filter: &str, column: Column) -> SiftQuery {
    SiftQuery {
        view: View::All,
        filter: Filter::parse(filter),
        order: Order::by(column),
        ..SiftQuery::default()
    }
}

fn line(sifter: &Sifter, text: &str) -> TermLine {
    let rows = sifter.query(&all("", Column::Term), &Cancel::default()).unwrap();
    let found = rows.iter().map(|entry| sifter.line(entry));
    found.into_iter().find(|line| sifter.terms().text(line.text) == text).unwrap()
}

#[test]
fn each_line_says_what_blocks_it() {
    let sifter = sifter();
    let by = |text: &str| {
        line(&sifter, text).blocked.map(|blocked| match blocked.by {
            By::Existing(ix) => (sifter.catalog().negative(ix).text_raw().to_owned(), blocked.verdict),
            By::Staged(number) => (number.to_string(), blocked.verdict),
        })
    };
    let blocks = |text: &str| Some((text.to_owned(), Verdict::Blocks));
    assert!(by("decaf espresso beans").is_some_and(|(_, verdict)| verdict == Verdict::Blocks));
    assert_eq!(by("b07yt8nvf9"), blocks("B07YT8NVF9"));
    assert_eq!(by("coffee decafs"), Some(("decaf".to_owned(), Verdict::MayBlock)));
    // Its negative is paused.
    assert_eq!(by("free pods"), None);
    assert_eq!(by("green pods"), None);
}

#[test]
fn waste_is_new_unblocked_settled_and_without_orders_by_spend() {
    let sifter = sifter();
    let waste = SiftQuery::default();
    assert_eq!(texts(&sifter, &waste), ["green pods", "free pods", "green beans", "coffee decafs"]);
    let rows = sifter.query(&waste, &Cancel::default()).unwrap();
    let [(currency, sum)] = rows.sums() else { panic!("one currency") };
    assert_eq!((currency.as_ref().map(Currency::code), sum.clicks), (Some("USD"), 18));
    assert!(!line(&sifter, "late beans").settled, "its orders may still come");
}

#[test]
fn filters_compare_figures_and_ask_for_what_only_terms_have() {
    let sifter = sifter();
    let found = |filter: &str| texts(&sifter, &all(filter, Column::Term));
    assert_eq!(found("spend>7"), ["green pods"]);
    assert_eq!(found("clicks>=5 orders:0 settled:yes"), ["free pods", "green pods"]);
    assert_eq!(found("orders>0"), ["green tea"]);
    assert_eq!(found("green !tea"), ["green beans", "green pods"]);
    assert_eq!(found("kind:asin"), ["b07yt8nvf9"]);
    assert_eq!(found("blocked:maybe"), ["coffee decafs"]);
    assert_eq!(found("group:pods blocked:no"), ["free pods", "green pods", "green tea"]);
    let rows = sifter.query(&all("green", Column::Spend), &Cancel::default()).unwrap();
    assert_eq!((rows.len(), rows.total()), (3, 8));
}

#[test]
fn every_column_sorts_both_ways() {
    use strum::VariantArray;
    let sifter = sifter();
    for column in Column::VARIANTS {
        let there = texts(&sifter, &all("", *column));
        let mut query = all("", *column);
        query.order.down = !query.order.down;
        let mut back = texts(&sifter, &query);
        assert_eq!(there.len(), 8);
        back.sort();
        let mut sorted = there.clone();
        sorted.sort();
        assert_eq!(back, sorted, "{column:?}");
    }
    let by_clicks = texts(&sifter, &all("", Column::Clicks));
    assert_eq!(by_clicks[..2], ["green pods", "late beans"]);
}

#[test]
fn what_is_staged_will_block_and_what_is_there_comes_first() {
    let overlay = |catalog: &Catalog| {
        let add = |number, text: &str| {
            let new = new(Some("101"), MatchType::Phrase, text);
            staged(catalog, number, Change::Add { new })
        };
        Overlay::new(catalog, &[add(7, "green"), add(8, "decaf")])
    };
    let sifter = sifter_with(overlay, &[]);
    let pods = line(&sifter, "green pods").blocked;
    assert_eq!(pods, Some(Blocked { by: By::Staged(7), verdict: Verdict::Blocks }));
    // Another ad group is another matter.
    assert_eq!(line(&sifter, "green beans").blocked, None);
    assert_eq!(texts(&sifter, &all("blocked:staged", Column::Term)), ["green pods", "green tea"]);
    assert!(!texts(&sifter, &SiftQuery::default()).contains(&"green pods".to_owned()));
}

#[test]
fn what_was_reviewed_stays_away_until_it_has_cost_as_much_again() {
    let key = sifter().key(line(&sifter(), "green pods").entry);
    let review = |until, spend| Review {
        at: jiff::Timestamp::UNIX_EPOCH,
        until,
        spend: Micros(spend),
        reason: "ours".into(),
    };
    let hidden = |review: Review| {
        let sifter = sifter_with(|_| Overlay::default(), &[(key.clone(), review)]);
        !texts(&sifter, &SiftQuery::default()).contains(&"green pods".to_owned())
    };
    assert!(hidden(review(None, 10_000_000)));
    assert!(!hidden(review(None, 5_000_000)), "it cost as much again");
    assert!(hidden(review(Some(date(2026, 10, 2)), 1)));
    assert!(!hidden(review(Some(TODAY), 1)));
    let sifter = sifter_with(|_| Overlay::default(), &[(key.clone(), review(None, 10_000_000))]);
    let entry = sifter.find(&key).unwrap();
    assert_eq!(sifter.review(entry).unwrap().reason.raw(), "ours");
    assert_eq!(sifter.key(entry), key);
}

#[test]
fn runs_of_words_sum_the_lines_they_stand_in() {
    let sifter = sifter();
    let words = sifter.ngrams(&all("", Column::Spend), &Cancel::default()).unwrap();
    let run = |text: &str| words.runs.iter().find(|run| run.text == text);
    let green = run("green").unwrap();
    assert_eq!((green.lines, green.words, green.figures.clicks, green.figures.orders), (3, 1, 15, 1));
    assert_eq!(run("beans").unwrap().lines, 3);
    assert_eq!(run("green pods"), None, "one line is no pattern");
    assert_eq!(words.lines, 8);
    assert!(words.runs.windows(2).all(|pair| pair[0].figures.spend >= pair[1].figures.spend));

    let own = sifter.ngrams_of(line(&sifter, "green pods").entry, &Cancel::default()).unwrap();
    let mut texts: Vec<&str> = own.runs.iter().map(|run| run.text.as_str()).collect();
    texts.sort_unstable();
    assert_eq!(texts, ["green", "green pods", "pods"]);
    assert_eq!(own.runs.iter().find(|run| run.text == "pods").unwrap().lines, 2);
}

#[test]
fn a_cancelled_query_gives_nothing() {
    let (sifter, cancel) = (sifter(), Cancel::default());
    cancel.cancel();
    assert!(sifter.query(&SiftQuery::default(), &cancel).is_none());
    assert!(sifter.ngrams(&SiftQuery::default(), &cancel).is_none());
    let catalog = Arc::new(small());
    let terms = Arc::new(terms(&catalog));
    let facts = facts(&catalog);
    assert!(Sifter::new(catalog, terms, &Overlay::default(), &facts, &[], TODAY, &cancel).is_none());
}

#[test]
fn scopes_narrow_the_lines() {
    let sifter = sifter();
    let pods = sifter.catalog().ad_groups().find(|group| group.id().raw() == "101").unwrap().ix();
    let query = SiftQuery { scope: Scope::AdGroup(AdGroupIx(pods.0)), ..all("", Column::Term) };
    assert_eq!(texts(&sifter, &query), ["free pods", "green pods", "green tea"]);
}
