//! Asks one row after the other whether a filter lets it through. Holds what fuzzy matching needs beside the
//! filter, so that no row allocates.

use std::cmp::Ordering;

use memchr::memmem::Finder;
use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::{Field, Fielded, Term, Test, Value, may_be_id};

enum Check<'f> {
    Word { finder: Box<Finder<'f>>, word: &'f str },
    Fuzzy(Atom),
    Other(&'f Test),
}

/// Tests rows against a filter, or part of one.
pub struct Tester<'f> {
    checks: Vec<(bool, Check<'f>)>,
    matcher: Option<Matcher>,
    chars: Vec<char>,
}

impl<'f> Tester<'f> {
    pub(super) fn new(terms: impl Iterator<Item = &'f Term>) -> Self {
        let mut checks: Vec<(bool, Check<'f>)> = terms
            .map(|term| {
                let check = match &term.test {
                    Test::Word(word) => Check::Word { finder: Box::new(Finder::new(word.as_str())), word },
                    Test::Fuzzy(word) => Check::Fuzzy(Atom::new(
                        word,
                        CaseMatching::Ignore,
                        Normalization::Smart,
                        AtomKind::Fuzzy,
                        false,
                    )),
                    other => Check::Other(other),
                };
                (term.negated, check)
            })
            .collect();
        // Cheap ones first.
        checks.sort_by_key(|(_, check)| match check {
            Check::Other(Test::Regex(_)) => 2,
            Check::Fuzzy(_) => 3,
            Check::Word { .. } => 1,
            Check::Other(_) => 0,
        });
        let fuzzy = checks.iter().any(|(_, check)| matches!(check, Check::Fuzzy(_)));
        Self { checks, matcher: fuzzy.then(|| Matcher::new(Config::DEFAULT)), chars: Vec::new() }
    }

    /// Whether every row passes.
    pub fn is_empty(&self) -> bool {
        self.checks.is_empty()
    }

    /// Whether the row passes.
    pub fn hits(&mut self, row: &impl Fielded) -> bool {
        let (matcher, chars) = (&mut self.matcher, &mut self.chars);
        self.checks.iter().all(|(negated, check)| match check {
            Check::Word { finder, word } => {
                let hit = row.texts(&mut |text| finder.find(text.as_bytes()).is_some())
                    || (may_be_id(word) && holds(&row.value(Field::Id), word));
                hit != *negated
            }
            Check::Fuzzy(atom) => {
                let hit = matcher.as_mut().is_some_and(|matcher| {
                    row.texts(&mut |text| atom.score(Utf32Str::new(text, chars), matcher).is_some())
                });
                hit != *negated
            }
            Check::Other(test) => other(test, row).is_some_and(|hit| hit != *negated),
        })
    }
}

/// Whether a test hits; `None` when the row has no such figure or day, so that not even the opposite is true.
fn other(test: &Test, row: &impl Fielded) -> Option<bool> {
    match test {
        Test::Word(word) | Test::Fuzzy(word) => Some(row.texts(&mut |text| text.contains(word.as_str()))),
        Test::Regex(regex) => Some(row.texts(&mut |text| regex.is_match(text))),
        Test::Field(field, value) => Some(holds(&row.value(*field), value)),
        Test::Number(field, compare, wanted) => match row.value(*field) {
            Value::Number(figure) => figure.partial_cmp(wanted).map(|order| compare.holds(order)),
            _ => None,
        },
        Test::Day(compare, wanted) => match row.value(Field::Since) {
            Value::Day(day) => {
                let written = day.get(..wanted.len()).unwrap_or(&day);
                Some(compare.holds(written.cmp(wanted.as_str())))
            }
            _ => None,
        },
    }
}

/// Whether what a row has in a field holds, or begins with, a value.
fn holds(has: &Value<'_>, value: &str) -> bool {
    match has {
        Value::Absent => false,
        Value::Text(text) => text.contains(value),
        Value::Named(name, id) => name.contains(value) || id == value,
        Value::Words(words) => words.iter().any(|word| word.starts_with(value)),
        Value::Number(figure) => {
            value.parse::<f64>().is_ok_and(|wanted| figure.partial_cmp(&wanted) == Some(Ordering::Equal))
        }
        Value::Day(day) => day.starts_with(value),
    }
}
