//! What-if on a small catalog: scope, time, currency, harvest, doubt.

use jiff::civil::{Date, date};

use super::super::capabilities::{CapRule, Fact, KindRule, Removal, TextRule};
use super::super::catalog::positives::{PositiveRow, PositivesBuilder};
use super::super::catalog::{TermsBuilder, fixture};
use super::super::negative::{Level, State};
use super::super::term::Named;
use super::*;

static RULES: Capabilities = Capabilities {
    title: "Test",
    kinds: &[KindRule {
        kind: Kind::Keyword,
        level: Level::AdGroup,
        matches: &[MatchType::Exact, MatchType::Phrase],
        makes: &[State::Enabled],
        moves: &[],
        adding: "",
        pausing: "",
    }],
    state_words: &[],
    text: TextRule {
        most_chars: Fact::guessed(80, "test"),
        most_words_exact: None,
        most_words_phrase: None,
        refused: &[],
        doubtful: |_| false,
    },
    cap: CapRule { per_ad_group: None, per_campaign: None, paused_count: false },
    most_per_create: Fact::guessed(1, "test"),
    most_per_update: Fact::guessed(1, "test"),
    removal: Removal::Archive,
    paused_twin_blocks: false,
    stop_words: &[],
    inert_campaigns: &[],
    acts_within: "",
    late_orders_days: Fact::guessed(7, "test"),
    revised_days: Fact::guessed(10, "test"),
};

fn day(of: i8) -> Date {
    date(2026, 9, of)
}

/// Terms of account `acme-us`: ad groups 100 (`Beans exact`) and 101 (`Pods`) of campaign 10, 110 of campaign 11.
fn simulator(rows: &[(&str, &str, i8, u64, u64)]) -> Simulator {
    let catalog = Arc::new(fixture::small());
    let mut builder = TermsBuilder::default();
    let period = TermPeriod { from: day(1), to: day(30) };
    let us = &catalog.account(AccountIx(0)).identity;
    builder.begin_account(us, vec![period], Some(Currency::new("USD")));
    for (group, text, on, cost, orders) in rows {
        let campaign = if *group == "110" { "11" } else { "10" };
        let place = builder.place(Named::Id(campaign), Some(Named::Id(group)));
        let text = builder.text(text);
        let figures = Figures {
            impressions: 10,
            clicks: 1,
            spend: Micros::from_units(*cost as f64),
            orders: *orders,
            sales: Micros::from_units(*orders as f64 * 20.0),
        };
        builder.push(place, text, day(*on).into(), day(*on).into(), &figures);
    }
    let terms = Arc::new(builder.finish(&catalog));
    let mut positives = PositivesBuilder::new(&catalog);
    assert!(positives.open(AccountIx(0), "10"));
    positives.push(PositiveRow {
        ad_group: "101",
        id: "900",
        text: "decaf pods",
        match_type: PositiveMatch::Exact,
        state: ParentState::Enabled,
    });
    let positives = Arc::new(positives.finish());
    Simulator::new(catalog, terms, Some(positives))
}

fn question(ad_group: Option<&str>, match_type: MatchType, text: &str, since: Option<Date>) -> Question {
    let catalog = fixture::small();
    Question {
        account: catalog.account(AccountIx(0)).identity.clone(),
        campaign: Some("10".into()),
        ad_group: ad_group.map(Into::into),
        kind: Kind::Keyword,
        match_type: Some(match_type),
        text: text.into(),
        since,
    }
}

fn ask(simulator: &Simulator, questions: &[Question]) -> Answers {
    let asking = Asking { from: None, list: usize::MAX };
    simulator.ask(questions, asking, |_| Some(&RULES), || false).unwrap()
}

fn one(simulator: &Simulator, question: Question) -> Answer {
    ask(simulator, &[question]).each.remove(0)
}

const ROWS: &[(&str, &str, i8, u64, u64)] = &[
    ("100", "decaf pods", 2, 5, 1),
    ("100", "decaf pods", 9, 5, 1),
    ("100", "best decaf", 3, 7, 0),
    ("101", "decaf pods", 4, 11, 0),
    ("110", "decaf gift", 5, 13, 0),
    ("100", "green card", 6, 1, 0),
];

#[test]
fn a_scope_is_its_own_rows_and_those_below() {
    let simulator = simulator(ROWS);
    let phrase = MatchType::Phrase;
    let group = one(&simulator, question(Some("100"), phrase, "Decaf", None));
    assert_eq!((group.blocks, group.blocked.spend.units(), group.blocked.orders), (2, 17.0, 2));
    let campaign = one(&simulator, question(None, phrase, "decaf", None));
    assert_eq!((campaign.blocks, campaign.blocked.spend.units()), (2, 28.0));
    let account = Question { campaign: None, ..question(None, phrase, "decaf", None) };
    assert_eq!(one(&simulator, account).blocks, 3);
    assert!(one(&simulator, question(Some("100"), phrase, "car", None)).is_nothing());
}

#[test]
fn one_that_is_there_counts_before_in_its_scope_and_since_elsewhere() {
    let simulator = simulator(ROWS);
    let there = one(&simulator, question(Some("100"), MatchType::Phrase, "decaf", Some(day(5))));
    // Its own of 2 and 3 September; elsewhere only that of the 5th.
    assert_eq!((there.blocks, there.blocked.spend.units(), there.blocked.orders), (3, 25.0, 1));
}

#[test]
fn a_plural_may_block_and_costs_nothing() {
    let simulator = simulator(ROWS);
    let answer = one(&simulator, question(Some("100"), MatchType::Exact, "decaf pod", None));
    assert_eq!((answer.blocks, answer.may_block, answer.blocked.orders, answer.may.orders), (0, 1, 0, 2));
    assert_eq!(answer.says(" · "), "1 may block (had 2 orders, $40.00)");
}

#[test]
fn orders_that_an_exact_keyword_elsewhere_serves_move() {
    let simulator = simulator(ROWS);
    let harvested = one(&simulator, question(Some("100"), MatchType::Exact, "decaf pods", None));
    assert_eq!(harvested.lost_orders(), 0);
    assert_eq!(harvested.says(" · "), "blocks 1 term · cost $10.00 · 2 orders move to Espresso › Pods");
    let own = one(&simulator, question(None, MatchType::Exact, "decaf pods", None));
    assert_eq!(own.says(" · "), "blocks 1 term · cost $21.00 · had 2 orders, $40.00");
    assert!(own.parts().iter().any(|part| part.tone == Tone::Danger));
}

#[test]
fn a_row_that_two_negatives_block_counts_once_in_all() {
    let simulator = simulator(ROWS);
    let both = [
        question(Some("100"), MatchType::Phrase, "decaf", None),
        question(Some("100"), MatchType::Phrase, "pods", None),
    ];
    let answers = ask(&simulator, &both);
    assert_eq!(answers.each.iter().map(|one| one.blocks).sum::<usize>(), 3);
    let [total] = answers.totals.as_slice() else { panic!("one currency") };
    assert_eq!((total.blocks, total.blocked.spend.units(), total.blocked.orders), (2, 17.0, 2));
}

#[test]
fn the_newest_days_prove_no_lack_of_orders() {
    let simulator = simulator(&[("100", "decaf", 28, 5, 0), ("100", "old decaf", 1, 5, 0)]);
    let exact = one(&simulator, question(Some("100"), MatchType::Exact, "decaf", None));
    assert_eq!(exact.says(" · "), "blocks 1 term · cost $5.00 · 0 orders so far");
    let phrase = one(&simulator, question(Some("100"), MatchType::Phrase, "decaf", None));
    assert_eq!(phrase.says(" · "), "blocks 2 terms · cost $10.00 · 0 orders");
}

#[test]
fn nothing_loaded_is_said_and_never_a_zero() {
    let catalog = Arc::new(fixture::small());
    let simulator = Simulator::new(Arc::clone(&catalog), Arc::new(Terms::default().rebind(&catalog)), None);
    let answer = one(&simulator, question(None, MatchType::Exact, "decaf", None));
    assert_eq!(answer.says(" · "), "no search terms loaded");
    assert!(ask(&simulator, &[question(None, MatchType::Exact, "decaf", None)]).totals.is_empty());
}

#[test]
fn a_stop_leaves_no_answer() {
    let simulator = simulator(ROWS);
    let asked = [question(None, MatchType::Exact, "decaf", None)];
    assert!(simulator.ask(&asked, Asking::default(), |_| Some(&RULES), || true).is_none());
}

#[test]
fn rows_before_a_day_can_be_left_out() {
    let simulator = simulator(ROWS);
    let asking = Asking { from: Some(day(9)), list: 1 };
    let asked = [question(None, MatchType::Phrase, "decaf", None)];
    let answers = simulator.ask(&asked, asking, |_| Some(&RULES), || false).unwrap();
    assert_eq!((answers.each[0].blocks, answers.each[0].blocked.spend.units()), (1, 5.0));
    assert_eq!(answers.each[0].terms.len(), 1);
}

#[test]
fn the_days_are_those_that_were_asked_about() {
    let simulator = simulator(ROWS);
    let days = |from: Option<Date>| {
        let asked = [question(None, MatchType::Phrase, "decaf", None)];
        let asking = Asking { from, list: 0 };
        simulator.ask(&asked, asking, |_| Some(&RULES), || false).unwrap().each[0].days
    };
    let since = |from| Some(TermPeriod { from: day(from), to: day(30) });
    assert_eq!(days(None), since(1));
    assert_eq!(days(Some(date(2026, 8, 1))), since(1), "there is nothing before");
    assert_eq!(days(Some(day(9))), since(9));
    assert_eq!(days(Some(date(2026, 10, 1))), None, "nothing was looked at");
}

#[test]
fn a_row_of_several_days_counts_whole_and_its_days_do_too() {
    let catalog = Arc::new(fixture::small());
    let mut builder = TermsBuilder::default();
    let us = &catalog.account(AccountIx(0)).identity;
    builder.begin_account(us, vec![TermPeriod { from: day(1), to: day(30) }], Some(Currency::new("USD")));
    let place = builder.place(Named::Id("10"), Some(Named::Id("100")));
    let text = builder.text("decaf");
    builder.push(place, text, day(5).into(), day(20).into(), &Figures { clicks: 3, ..Figures::default() });
    let simulator = Simulator::new(Arc::clone(&catalog), Arc::new(builder.finish(&catalog)), None);
    let asked = [question(None, MatchType::Exact, "decaf", None)];
    let asking = Asking { from: Some(day(9)), list: 0 };
    let answer = &simulator.ask(&asked, asking, |_| Some(&RULES), || false).unwrap().each[0];
    assert_eq!((answer.blocked.clicks, answer.days), (3, Some(TermPeriod { from: day(5), to: day(30) })));
}
