//! The grammar by examples, on a row that is a plain list of fields.

use std::borrow::Cow;

use proptest::prelude::*;

use super::*;

/// A search term with figures, as a later list would have it.
struct Row {
    term: &'static str,
    campaign: &'static str,
    clicks: f64,
    spend: Option<f64>,
    day: &'static str,
}

const ROW: Row = Row {
    term: "free décaf beans",
    campaign: "espresso us",
    clicks: 9.0,
    spend: Some(12.5),
    day: "2026-10-15",
};

impl Fielded for Row {
    fn texts(&self, accept: &mut dyn FnMut(&str) -> bool) -> bool {
        accept(self.term)
    }

    fn value(&self, field: Field) -> Value<'_> {
        match field {
            Field::Text => Value::Text(self.term.into()),
            Field::Campaign => Value::Named(self.campaign, Cow::Borrowed("4711")),
            Field::Clicks => Value::Number(self.clicks),
            Field::Spend => self.spend.map_or(Value::Absent, Value::Number),
            Field::Since => Value::Day(self.day.to_owned()),
            Field::State => Value::Words(&["enabled", "live"]),
            _ => Value::Absent,
        }
    }
}

#[track_caller]
fn check(source: &str, hit: bool) {
    let filter = Filter::parse(source);
    assert_eq!(filter.problem(), None, "{source}");
    assert_eq!(filter.tester().hits(&ROW), hit, "{source}");
}

#[test]
fn words_phrases_and_negation() {
    for source in [
        "",
        "  ",
        "free",
        "FREE DÉCAF",
        "beans free",
        "\"free déc\"",
        "fr\"ee d\"écaf",
        "!tea",
        "!\"free beans\"",
        "!",
        "!!free",
    ] {
        check(source, true);
    }
    for source in ["free tea", "\"free beans\"", "!free", "decaf"] {
        check(source, false);
    }
}

#[test]
fn fields_hold_begin_or_equal() {
    for source in [
        "text:DÉCAF",
        "term:free",
        "campaign:\"espresso us\"",
        "campaign:4711",
        "Campaign=us",
        "state:en",
        "state:live",
        "!state:paused",
        "!group:beans",
        "state:",
        "campaign:\"",
    ] {
        check(source, true);
    }
    for source in ["campaign:47", "state:idle", "group:beans", "!campaign:us"] {
        check(source, false);
    }
}

#[test]
fn figures_and_days_are_compared() {
    for source in
        ["clicks:9", "clicks>=9", "clicks<=9", "clicks>8.5", "spend>$12", "cost<1,000", "clicks:>8", "clicks>"]
    {
        check(source, true);
    }
    for source in ["clicks>9", "clicks<9", "clicks:8", "orders:0", "!orders:0", "orders>=0"] {
        check(source, false);
    }
    for source in
        ["since:2026", "since:2026-10", "since>=2026-10-15", "since>2026-09", "since<2027", "!since:2025"]
    {
        check(source, true);
    }
    for source in ["since>2026-10", "since<2026-10-15", "since>2026"] {
        check(source, false);
    }
}

#[test]
fn fuzzy_words_and_regexes() {
    for source in [
        "~frbns",
        "~",
        "/^free.*s$/",
        "/free d/",
        "/FREE/",
        "/free dé",
        "/",
        "!/tea/",
        "beans /fr(ee)?/ free",
        "!~xyz",
    ] {
        check(source, true);
    }
    for source in ["~beansfree", "/^beans/", "!/free/"] {
        check(source, false);
    }
}

#[test]
fn what_cannot_be_understood_is_told_with_its_place() {
    let problem = |source: &str| {
        let filter = Filter::parse(source);
        filter.problem().map(|problem| (problem.at, problem.reason.clone()))
    };
    assert_eq!(problem("free /(/"), Some((5, "not a regex: unclosed group".into())));
    assert_eq!(problem("spend>lots"), Some((0, "spend is compared with a number".into())));
    assert_eq!(
        problem("a state:off"),
        Some((2, "state is one of enabled, live, idle, paused, archived".into()))
    );
    assert_eq!(problem("since:yesterday"), Some((0, "since takes a day: 2026-10-01".into())));
    assert_eq!(problem("12:30 b:c"), None);
    assert!(matches!(problem("/(a{500}){500}/"), Some((0, reason)) if reason == "the regex is too large"));
}

#[test]
fn typing_on_narrows_and_nothing_else_does() {
    let narrows = |new: &str, old: &str| Filter::parse(new).narrows(&Filter::parse(old));
    for (new, old) in [
        ("decaf", ""),
        ("decaf b", "decaf"),
        ("b decaf", "dec"),
        ("a state:paused", "state:paused"),
        ("12345678", "1234567"),
    ] {
        assert!(narrows(new, old), "{new} / {old}");
    }
    for (new, old) in [
        ("dec", "decaf"),
        ("!decaf", "!dec"),
        ("tea", "decaf"),
        ("/ab/", "/a/"),
        ("123456", "12345"),
        ("a /(/", "a"),
    ] {
        assert!(!narrows(new, old), "{new} / {old}");
    }
}

proptest! {
    #[test]
    fn anything_typed_is_understood_somehow(source in "\\PC{0,30}|[!~/:\"<>=a-z0-9 \\\\(]{0,30}") {
        let filter = Filter::parse(&source);
        filter.tester().hits(&ROW);
        prop_assert!(filter.problem().is_none_or(|problem| source.is_char_boundary(problem.at)));
        prop_assert!(filter.problem().is_some() || filter.narrows(&filter));
    }
}
