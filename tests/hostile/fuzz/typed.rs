//! What people type: the filter language, and texts on their way to a screen or a cell.

use unbid::domain::csv::{guarded, unguarded};
use unbid::domain::filter::Filter;
use unbid::domain::text::{is_harmless, shown};

use super::cases;
use super::mutate::{Dice, text_changed};
use crate::corpus;

#[test]
fn filters() {
    let seeds = [
        "decaf !match:exact \"free shipping\"",
        "spend>10 clicks>=9 orders:0",
        "~fre /regex[a-z]+/ !/(x|y){2,3}/",
        "since>=2026-10 id:123456 state:on",
        "campaign:\"a b\" ad_group:x staged:add kind:product",
        "match:phrase text:/a b/ !~ab \"open",
    ];
    cases("filter", 3_000, |case| {
        let mut dice = Dice(case);
        let seed = *dice.of(&seeds);
        let other = *dice.of(&seeds);
        let text = text_changed(&mut dice, seed, other);
        let filter = Filter::parse(&text);
        assert_eq!(filter.source(), text, "case {case}");
        if let Some(problem) = filter.problem() {
            assert!(
                problem.at <= text.len() && text.is_char_boundary(problem.at),
                "case {case}: {problem:?} in {text:?}"
            );
        }
        assert!(filter.narrows(&filter) || filter.problem().is_some() || !filter.is_empty(), "case {case}");
        assert!(filter.remark().is_none_or(|remark| !remark.is_empty()), "case {case}");
        drop(filter.tester());
    });
}

#[test]
fn cells_and_shown_texts() {
    let seeds = corpus::texts();
    let seeds = &seeds[..seeds.len() - 1];
    cases("cells", 1_000, |case| {
        let mut dice = Dice(case);
        let (seed, other) = (dice.of(seeds).clone(), dice.of(seeds).clone());
        let text = text_changed(&mut dice, &seed, &other);
        assert!(shown(&text).cow().chars().all(is_harmless), "case {case}: {text:?}");
        assert_eq!(unguarded(&guarded(&text)), text, "case {case}");
        let mut writer = csv::Writer::from_writer(Vec::new());
        // Files begin with a heading: readers take a byte order mark from their very beginning.
        writer.write_record(["text", "x"]).expect("a Vec takes all");
        writer.write_record([guarded(&text).as_ref(), "x"]).expect("a Vec takes all");
        let bytes = writer.into_inner().expect("flushed");
        let mut reader = csv::Reader::from_reader(&bytes[..]);
        let record = reader.records().next().expect("a record").expect("that is read");
        assert_eq!(unguarded(&record[0]), text, "case {case}");
    });
}
