//! The verdict of one negative on one text. The index beside gives the same for many; this is what it is checked
//! against in use, and the platform's own words are in the examples.

use super::super::negative::{Kind, MatchType};
use super::super::term::asin_of;
use super::soft::{self, Reading};
use super::{Rules, normal, tokens};

/// Whether a negative blocks a text, and how sure that is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It does not.
    #[default]
    No,
    /// Only folding (plural, accent, hyphen, stop words) makes them equal, which no platform documents.
    MayBlock,
    /// It does.
    Blocks,
}

/// A negative as far as matching goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pattern<'a> {
    /// What it names.
    pub kind: Kind,
    /// How a keyword matches; `None` for products and brands, and where the platform's word is not known to us.
    pub match_type: Option<MatchType>,
    /// Its text as it came.
    pub text: &'a str,
}

impl<'a> Pattern<'a> {
    /// A keyword negative.
    pub fn keyword(match_type: MatchType, text: &'a str) -> Self {
        Self { kind: Kind::Keyword, match_type: Some(match_type), text }
    }

    /// Whether it blocks runs of words. A match type that is not known is read as the wider one, and never as certain.
    pub(super) fn is_phrase(&self) -> bool {
        self.match_type != Some(MatchType::Exact)
    }

    /// The most that can be said of it.
    pub(super) fn at_most(&self) -> Verdict {
        let sure = match self.match_type {
            Some(MatchType::Exact) => true,
            Some(MatchType::Phrase) => self.text.is_ascii() || !self.text.chars().any(soft::is_spaceless),
            None => false,
        };
        if sure { Verdict::Blocks } else { Verdict::MayBlock }
    }
}

/// What a negative does to a search term, its scope and whether it is live aside.
///
/// Amazon and eBay, exact: token sequences equal; may block where soft forms are.
///
/// ```
/// use unbid::domain::matching::{Pattern, Rules, Verdict::{self, Blocks, MayBlock, No}, verdict};
/// use unbid::domain::negative::{Kind, MatchType::{Exact, Phrase}};
/// const AMAZON: Rules = Rules { phrase: true, products: true, stop_words: &["a", "an", "and", "for", "of", "on", "the", "to", "with", "in"] };
/// const EBAY: Rules = Rules { phrase: true, products: false, stop_words: &[] };
/// const SAMS: Rules = Rules { phrase: false, products: false, stop_words: &[] };
/// let exact = |rules, text, term| verdict(rules, Pattern::keyword(Exact, text), term);
/// let phrase = |rules, text, term| verdict(rules, Pattern::keyword(Phrase, text), term);
/// for rules in [AMAZON, EBAY] {
///     assert_eq!(exact(rules, "Free  Shipping", "free shipping"), Blocks);
///     assert_eq!(exact(rules, "free shipping", "free shipping today"), No);
///     assert_eq!(exact(rules, "coffee pod", "coffee pods"), MayBlock);
///     assert_eq!(exact(rules, "cafe", "café"), MayBlock);
///     assert_eq!(exact(rules, "soda-pop", "soda pop"), MayBlock);
///     assert_eq!(exact(rules, "soda-pop", "sodapop"), MayBlock);
/// }
/// // Stop words are Amazon's alone.
/// assert_eq!(exact(AMAZON, "shoes for men", "shoes men"), MayBlock);
/// assert_eq!(exact(EBAY, "shoes for men", "shoes men"), No);
///
/// // Phrase: a contiguous run of the term's tokens; the same on soft forms. Never a substring.
/// for rules in [AMAZON, EBAY] {
///     assert_eq!(phrase(rules, "decaf", "best decaf pods"), Blocks);
///     assert_eq!(phrase(rules, "decaf pods", "decaf coffee pods"), No);
///     assert_eq!(phrase(rules, "pods decaf", "decaf pods"), No);
///     assert_eq!(phrase(rules, "decaf pod", "best decaf pods"), MayBlock);
///     assert_eq!(phrase(rules, "car", "green card"), No);
///     // Scripts without spaces: may block at most.
///     assert_eq!(phrase(rules, "咖啡", "咖啡"), MayBlock);
///     assert_eq!(phrase(rules, "咖啡", "黑咖啡豆"), MayBlock);
///     assert_eq!(exact(rules, "咖啡", "咖啡"), Blocks);
/// }
///
/// // Sam's Club has exact only.
/// assert_eq!(exact(SAMS, "Pepsi", "pepsi"), Blocks);
/// assert_eq!(exact(SAMS, "Pepsi", "cherry Pepsi"), No);
/// assert_eq!(exact(SAMS, "Pepsi cola", "Pepsi"), No);
/// assert_eq!(exact(SAMS, "Pepsi", "Pepsis"), MayBlock);
/// assert_eq!(phrase(SAMS, "Pepsi", "Pepsi"), No);
///
/// // Products: the term is the ASIN, which reports print in lower case; keywords leave such terms alone. Brands: nothing.
/// let product = Pattern { kind: Kind::Product, match_type: None, text: "B07YT8NVF9" };
/// assert_eq!(verdict(AMAZON, product, "b07yt8nvf9"), Blocks);
/// assert_eq!(verdict(AMAZON, product, "b07yt8nvf9 cover"), No);
/// assert_eq!(exact(AMAZON, "b07yt8nvf9", "b07yt8nvf9"), No);
/// let brand = Pattern { kind: Kind::Brand, match_type: None, text: "9912" };
/// assert_eq!(verdict(AMAZON, brand, "9912"), No);
/// ```
pub fn verdict(rules: Rules, negative: Pattern<'_>, term: &str) -> Verdict {
    let term = normal(term);
    match negative.kind {
        Kind::Brand => return Verdict::No,
        Kind::Product => {
            let same = asin_of(&term).is_some() && term.eq_ignore_ascii_case(negative.text.trim());
            return if rules.products && same { Verdict::Blocks } else { Verdict::No };
        }
        Kind::Keyword => {}
    }
    let phrase = negative.is_phrase();
    if (phrase && !rules.phrase) || (rules.products && asin_of(&term).is_some()) {
        return Verdict::No;
    }
    let text = normal(negative.text);
    let part: Vec<&str> = tokens(&text).collect();
    let whole: Vec<&str> = tokens(&term).collect();
    if is_within(&part, &whole, phrase, |a, b| a == b) {
        return negative.at_most();
    }
    let terms = soft::readings(rules, &term);
    let negatives = soft::readings(rules, &text);
    let may = negatives.iter().any(|part| within_any(part, &terms, phrase));
    if may { Verdict::MayBlock } else { Verdict::No }
}

/// Whether a soft reading stands in any of a term's.
pub(super) fn within_any(part: &Reading, terms: &[Reading], phrase: bool) -> bool {
    terms.iter().any(|whole| is_within(part, whole, phrase, |a, b| soft::alike(a, b)))
}

/// Whether the tokens of `part` are those of `whole`, or for a phrase a contiguous run of them.
fn is_within<T>(part: &[T], whole: &[T], phrase: bool, same: impl Fn(&T, &T) -> bool) -> bool {
    let equal = |run: &[T]| run.len() == part.len() && run.iter().zip(part).all(|(a, b)| same(a, b));
    !part.is_empty() && if phrase { whole.windows(part.len()).any(equal) } else { equal(whole) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: Rules = Rules { phrase: true, products: true, stop_words: &["for", "the"] };

    fn of(match_type: Option<MatchType>, text: &str, term: &str) -> Verdict {
        verdict(RULES, Pattern { kind: Kind::Keyword, match_type, text }, term)
    }

    #[test]
    fn verdicts_are_ordered_by_certainty() {
        assert!(Verdict::No < Verdict::MayBlock && Verdict::MayBlock < Verdict::Blocks);
    }

    #[test]
    fn an_unknown_match_type_is_never_certain() {
        assert_eq!(of(None, "decaf", "decaf"), Verdict::MayBlock);
        assert_eq!(of(None, "decaf", "decaf pods"), Verdict::MayBlock);
        assert_eq!(of(None, "decaf", "espresso"), Verdict::No);
    }

    #[test]
    fn stop_words_alone_block_only_themselves() {
        let phrase = Some(MatchType::Phrase);
        assert_eq!(of(phrase, "for the", "shoes for the rain"), Verdict::Blocks);
        assert_eq!(of(phrase, "for", "the"), Verdict::No);
        assert_eq!(of(phrase, "for the", "shoes"), Verdict::No);
        assert_eq!(of(phrase, "", "shoes"), Verdict::No);
    }

    #[test]
    fn case_spaces_and_quotes_do_not_matter() {
        assert_eq!(of(Some(MatchType::Exact), "\"Decaf   Pods\"", " decaf PODS "), Verdict::Blocks);
    }
}
