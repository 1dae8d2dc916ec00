//! The index against an oracle that is written differently: texts padded and searched as strings, readings made by
//! replacing characters.

use proptest::prelude::*;

use super::super::super::negative::{Kind, MatchType};
use super::super::Pattern;
use super::*;

const STOPS: &[&str] = &["a", "of"];
const RULES: Rules = Rules { phrase: true, products: true, stop_words: STOPS };

/// Every reading as one padded string. Plurals are spelt out: a token that could be one stands in its singular too.
fn padded(text: &str) -> Vec<String> {
    let mut readings = vec![String::new()];
    for c in text.chars() {
        let options: Vec<String> = match c {
            '-' | '\'' => vec![String::new(), " ".to_owned()],
            'é' => vec!["e".to_owned()],
            '咖' | '啡' => vec![format!(" {c} ")],
            _ => vec![c.to_string()],
        };
        readings =
            readings.iter().flat_map(|start| options.iter().map(move |end| format!("{start}{end}"))).collect();
    }
    let kept = readings.iter().map(|reading| {
        reading.split_whitespace().filter(|token| !STOPS.contains(token)).collect::<Vec<_>>().join(" ")
    });
    kept.filter(|reading| !reading.is_empty()).map(|reading| format!(" {reading} ")).collect()
}

/// Every text that differs from a padded one by the plurals of its tokens.
fn spelt(reading: &str) -> Vec<String> {
    let mut all = vec![String::from(" ")];
    for token in reading.split_whitespace() {
        let mut ways = vec![token.to_owned(), format!("{token}s")];
        let letters = token.chars().count() >= 2 && !token.ends_with(|c: char| !c.is_alphabetic());
        if !letters || token.ends_with('s') {
            ways.pop();
        }
        if letters && ["s", "x", "z", "ch", "sh", "o"].iter().any(|end| token.ends_with(end)) {
            ways.push(format!("{token}es"));
        }
        if letters && let Some(stem) = token.strip_suffix('y') {
            ways.push(format!("{stem}ies"));
        }
        if token.ends_with('s') && !token.ends_with("ss") {
            let mut ones = vec![token[..token.len() - 1].to_owned()];
            if let Some(stem) = token.strip_suffix("es") {
                ones.extend(
                    ["s", "x", "z", "ch", "sh", "o"]
                        .iter()
                        .any(|end| stem.ends_with(end))
                        .then(|| stem.to_owned()),
                );
            }
            ones.extend(token.strip_suffix("ies").map(|stem| format!("{stem}y")));
            ways.extend(
                ones.into_iter().filter(|one| one.chars().count() >= 2 && one.ends_with(char::is_alphabetic)),
            );
        }
        all = all.iter().flat_map(|start| ways.iter().map(move |way| format!("{start}{way} "))).collect();
    }
    all
}

fn oracle(exact: bool, negative: &str, term: &str) -> Verdict {
    let hit = |part: &str, whole: &str| if exact { part == whole } else { whole.contains(part) };
    let (part, whole) = (format!(" {negative} "), format!(" {term} "));
    if part.trim().is_empty() {
        return Verdict::No;
    }
    if hit(&part, &whole) {
        let unsure = !exact && negative.contains(['咖', '啡']);
        return if unsure { Verdict::MayBlock } else { Verdict::Blocks };
    }
    let terms = padded(term);
    let may = padded(negative)
        .iter()
        .flat_map(|one| spelt(one))
        .any(|part| terms.iter().any(|whole| hit(&part, whole)));
    if may { Verdict::MayBlock } else { Verdict::No }
}

fn token() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "(ca|car|box|bus|s|y|x|pod|berr)(s|es|ies|y|e)?",
        1 => "(a|of)",
        1 => "(ca|s|y)[-'](s|pod|a)?",
        1 => "(咖|啡|é|ca|5){1,3}s?",
    ]
}

fn text(most: usize) -> impl Strategy<Value = String> {
    proptest::collection::vec(token(), 1..=most).prop_map(|tokens| tokens.join(" "))
}

fn negatives() -> impl Strategy<Value = Vec<(bool, String)>> {
    proptest::collection::vec((any::<bool>(), text(3)), 1..12)
}

fn pattern(exact: bool, text: &str) -> Pattern<'_> {
    Pattern::keyword(if exact { MatchType::Exact } else { MatchType::Phrase }, text)
}

/// Every pattern's verdict on a term, by number.
fn verdicts(index: &BlockerIndex, found: &[Blocker]) -> Vec<Verdict> {
    let mut all = vec![Verdict::No; index.len()];
    for one in found {
        assert_eq!(all[one.pattern.at()], Verdict::No, "found twice");
        all[one.pattern.at()] = one.verdict;
    }
    all
}

proptest! {
    #[test]
    fn one_verdict_agrees_with_the_oracle(exact: bool, negative in text(3), term in text(4)) {
        let (negative, term) = (super::super::normalise(&negative), super::super::normalise(&term));
        prop_assert_eq!(super::super::verdict(RULES, pattern(exact, &negative), &term), oracle(exact, &negative, &term));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_way_to_ask_finds_what_the_oracle_finds(
        negatives in negatives(),
        gone in proptest::collection::vec(any::<bool>(), 12),
        terms in proptest::collection::vec(text(4), 1..8),
    ) {
        let terms: Vec<String> = terms.iter().map(|term| super::super::normalise(term)).collect();
        for depth in [Depth::Certain, Depth::Soft] {
            let mut index = BlockerIndex::new(RULES, depth);
            let mut kept: Vec<Option<(bool, String)>> = Vec::new();
            let early = index.intern(terms.iter().map(String::as_str));
            for ((exact, text), gone) in negatives.iter().zip(&gone) {
                let Some(at) = index.insert(pattern(*exact, text)) else { continue };
                kept.resize(index.len(), None);
                kept[at.at()] = Some((*exact, super::super::normalise(text)));
                if *gone {
                    index.remove(at);
                    kept[at.at()] = None;
                }
            }
            let all = index.find_all(terms.len(), |at| terms[at].as_str(), || false).unwrap();
            let interned = index.find_interned(&early, || false).unwrap();
            for (at, term) in terms.iter().enumerate() {
                let wanted: Vec<Verdict> = kept.iter().map(|one| {
                    let verdict = one.as_ref().map_or(Verdict::No, |(exact, text)| oracle(*exact, text, term));
                    // An exact one that is but a part of the term is found by its soft reading alone: "y" in "y a".
                    let certain = one.as_ref().is_some_and(|(exact, text)| {
                        if *exact { text == term } else { format!(" {term} ").contains(&format!(" {text} ")) }
                    });
                    if depth == Depth::Certain && !certain { Verdict::No } else { verdict }
                }).collect();
                prop_assert_eq!(&verdicts(&index, &index.find(term)), &wanted, "{}", term);
                prop_assert_eq!(&verdicts(&index, all.of(at)), &wanted, "{}", term);
                prop_assert_eq!(&verdicts(&index, interned.of(at)), &wanted, "{}", term);
            }
        }
    }
}

#[test]
fn products_are_found_by_their_asin_and_nothing_else() {
    let mut index = BlockerIndex::new(RULES, Depth::Soft);
    let product = Pattern { kind: Kind::Product, match_type: None, text: "B07YT8NVF9" };
    let asin = index.insert(product).unwrap();
    index.insert(pattern(false, "b07yt8nvf9"));
    assert_eq!(index.insert(Pattern { kind: Kind::Brand, match_type: None, text: "9912" }), None);
    assert_eq!(index.find("b07yt8nvf9"), [Blocker { pattern: asin, verdict: Verdict::Blocks }]);
    let terms = ["b07yt8nvf9", "b07yt8nvf9 cover"];
    let found = index.find_all(2, |at| terms[at], || false).unwrap();
    assert_eq!(found.of(0).len(), 1);
    assert_eq!(found.of(1).iter().map(|one| one.pattern.0).collect::<Vec<_>>(), [1]);
    index.remove(asin);
    assert!(index.find("B07YT8NVF9").is_empty());
    assert_eq!(index.insert(product), Some(asin));
}

#[test]
fn a_stop_ends_the_search_without_a_result() {
    let index = BlockerIndex::new(RULES, Depth::Certain);
    assert!(index.find_all(5_000, |_| "decaf", || true).is_none());
    assert_eq!(index.find_all(0, |_| "", || false).unwrap().len(), 0);
}

#[test]
fn many_terms_come_back_in_order() {
    let mut index = BlockerIndex::new(RULES, Depth::Certain);
    let terms: Vec<String> = (0..5_000).map(|n| format!("pod {n}")).collect();
    for term in &terms {
        index.insert(pattern(true, term));
    }
    let found = index.find_all(terms.len(), |at| &terms[at], || false).unwrap();
    assert!((0..terms.len()).all(|at| found.of(at).len() == 1 && found.of(at)[0].pattern.at() == at));
}

#[test]
fn many_put_in_together_are_those_put_in_one_by_one() {
    let texts: Vec<String> = (0..300).map(|n| format!("pod{} soda-{} {}", n % 7, n % 40, n % 90)).collect();
    let product = Pattern { kind: Kind::Product, match_type: None, text: "B07YT8NVF9" };
    let brand = Pattern { kind: Kind::Brand, match_type: None, text: "9912" };
    let all = || {
        texts.iter().map(|text| pattern(text.len() % 2 == 0, text)).chain([product, brand, pattern(true, " ")])
    };
    for depth in [Depth::Certain, Depth::Soft] {
        let mut one_by_one = BlockerIndex::new(RULES, depth);
        let singly: Vec<_> = all().map(|negative| one_by_one.insert(negative)).collect();
        let mut together = BlockerIndex::new(RULES, depth);
        assert_eq!(together.insert_all(all()), singly);
        for text in &texts {
            let mut found = [one_by_one.find(text), together.find(text)];
            for found in &mut found {
                found.sort_unstable();
            }
            assert_eq!(found[0], found[1]);
            assert!(!found[0].is_empty());
        }
    }
}
