//! Soft readings: what a text may also be taken for. Accents removed, English plurals folded, hyphens and apostrophes
//! removed or split (both readings of each), stop words dropped where the platform has some, and the characters of
//! scripts without spaces taken one by one. They only ever say "may block".

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::Rules;
use super::normalise::tokens;

/// The most marks in one text whose both readings are all combined; beyond, all are removed or all split.
const MOST_MARKS: usize = 4;

/// One reading of a text: its soft tokens, plurals still as they are (see [`alike`]).
pub type Reading = Vec<String>;

/// Every soft reading of a normalised text, none twice. Empty when nothing but stop words is in it.
///
/// ```
/// use unbid::domain::matching::{Rules, soft::readings};
/// let rules = Rules { stop_words: &["for"], ..Rules::default() };
/// assert_eq!(readings(rules, "café for soda-pop"), [vec!["cafe", "sodapop"], vec!["cafe", "soda", "pop"]]);
/// ```
pub fn readings(rules: Rules, normalised: &str) -> Vec<Reading> {
    let bare = without_accents(normalised);
    let marks = bare.chars().filter(|c| is_mark(*c)).count();
    let choices: Vec<u32> = if marks <= MOST_MARKS { (0..1 << marks).collect() } else { vec![0, u32::MAX] };
    let mut found: Vec<Reading> = Vec::with_capacity(choices.len());
    for choice in choices {
        let reading: Reading = tokens(&resolved(&bare, choice))
            .flat_map(pieces)
            .filter(|piece| !rules.stop_words.contains(piece))
            .map(str::to_owned)
            .collect();
        if !reading.is_empty() && !found.contains(&reading) {
            found.push(reading);
        }
    }
    found
}

/// The text with its n-th mark removed, or made a space where the n-th bit of `split` is set.
fn resolved(text: &str, split: u32) -> String {
    let mut mark = 0_u32;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if !is_mark(c) {
            out.push(c);
            continue;
        }
        // Beyond the last bit all marks are alike.
        if split >> mark.min(31) & 1 == 1 {
            out.push(' ');
        }
        mark += 1;
    }
    out
}

/// Hyphens and apostrophes, as keyboards and typographers write them.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '-' | '\'' | '\u{2018}' | '\u{2019}' | '\u{2bc}' | '\u{2010}' | '\u{2011}' | '\u{2013}')
}

/// Drops the accents of Latin, Greek and Cyrillic letters; other scripts' marks make other letters and stay.
pub(super) fn without_accents(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.nfd().filter(|c| !matches!(c, '\u{300}'..='\u{36f}')).nfc().collect())
}

/// Whether a character is of a script that puts no spaces between words: Han, Kana, Thai.
pub(super) fn is_spaceless(c: char) -> bool {
    matches!(c as u32,
        0xe00..=0xe7f | 0x3005..=0x3007 | 0x3040..=0x30ff | 0x31f0..=0x31ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff
        | 0xf900..=0xfaff | 0xff66..=0xff9f | 0x20000..=0x323af)
}

/// A token cut before and after every character of a script without spaces.
fn pieces(token: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, c) in token.char_indices().filter(|(_, c)| is_spaceless(*c)) {
        if start < at {
            found.push(&token[start..at]);
        }
        start = at + c.len_utf8();
        found.push(&token[at..start]);
    }
    if start < token.len() {
        found.push(&token[start..]);
    }
    found
}

/// Whether two soft tokens are the same word, or one is the other's English plural.
///
/// ```
/// use unbid::domain::matching::soft::alike;
/// for (one, many) in [("pod", "pods"), ("box", "boxes"), ("berry", "berries"), ("cookie", "cookies"), ("shoe", "shoes")] {
///     assert!(alike(one, many) && alike(many, one), "{one} {many}");
/// }
/// assert!(!alike("glas", "glass") && !alike("car", "care") && !alike("5", "5s"));
/// ```
pub fn alike(a: &str, b: &str) -> bool {
    match a.len().cmp(&b.len()) {
        std::cmp::Ordering::Less => is_plural(b, a),
        std::cmp::Ordering::Equal => a == b,
        std::cmp::Ordering::Greater => is_plural(a, b),
    }
}

fn is_plural(many: &str, one: &str) -> bool {
    // Two letters at least, the last one no digit: sizes such as `5s` are no plurals.
    let word = one.chars().nth(1).is_some() && one.chars().next_back().is_some_and(char::is_alphabetic);
    if !word || !many.ends_with('s') || many.ends_with("ss") {
        return false;
    }
    if let Some(stem) = many.strip_suffix("ies")
        && one.strip_suffix('y') == Some(stem)
    {
        return true;
    }
    let hisses = ["s", "x", "z", "ch", "sh", "o"].iter().any(|end| one.ends_with(end));
    (hisses && many.strip_suffix("es") == Some(one)) || many.strip_suffix('s') == Some(one)
}

/// What is left of a soft token where a plural could begin: the same for any two that are [`alike`], so that an index
/// can hash it. The reverse does not hold.
pub(super) fn key(token: &str) -> &str {
    token.trim_end_matches(['s', 'e', 'i', 'y'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PLAIN: Rules = Rules { phrase: true, products: false, stop_words: &[] };

    #[test]
    fn each_mark_is_read_both_ways() {
        let found = readings(PLAIN, "men's t-shirt");
        for wanted in [&["mens", "tshirt"][..], &["mens", "t", "shirt"], &["men", "s", "tshirt"]] {
            assert!(found.iter().any(|reading| reading == wanted), "{wanted:?} in {found:?}");
        }
        assert_eq!(found.len(), 4);
        assert_eq!(readings(PLAIN, "-soda-"), [vec!["soda"]]);
    }

    #[test]
    fn many_marks_are_read_alike() {
        let found = readings(PLAIN, "a-b-c-d-e-f");
        assert_eq!(found, [vec!["abcdef"], vec!["a", "b", "c", "d", "e", "f"]]);
    }

    #[test]
    fn accents_go_and_letters_of_other_scripts_stay() {
        assert_eq!(without_accents("crème brûlée"), "creme brulee");
        assert_eq!(without_accents("ガス"), "ガス");
    }

    #[test]
    fn scripts_without_spaces_are_read_by_characters() {
        assert_eq!(readings(PLAIN, "黑咖啡 pro2"), [vec!["黑", "咖", "啡", "pro2"]]);
    }

    #[test]
    fn nothing_but_stop_words_has_no_reading() {
        assert!(readings(Rules { stop_words: &["for", "the"], ..PLAIN }, "for the").is_empty());
    }

    proptest! {
        #[test]
        fn what_is_alike_has_one_key(stem in "[abehisxyoz]{1,5}", end in "s|es|ies|y|") {
            let one = stem.clone();
            let many = format!("{stem}{end}");
            for other in [&many, &format!("{stem}y"), &format!("{stem}s")] {
                prop_assert!(!alike(&one, other) || key(&one) == key(other));
                prop_assert!(!alike(&many, other) || key(&many) == key(other));
            }
        }
    }
}
