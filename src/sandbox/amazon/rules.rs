//! What a negative has to be: texts, expressions, states. Each breach is an error of the item; all of an item are told at once.
//! Lengths, words and symbols: the public "Limits" page of the Amazon Ads API (reference/concepts/limits).

use super::super::model::{Brand, Match, NegativeKind};
use super::error::ItemError;
use super::items::{Item, Predicate};

/// The most characters of a keyword.
const CHARACTERS: usize = 80;
/// The most words of a negative exact keyword, and of a negative phrase.
const WORDS: (usize, usize) = (10, 4);
/// Words of `CreateOrUpdateEntityState`.
const STATES: [&str; 3] = ["ENABLED", "PAUSED", "PROPOSED"];
/// `NEGATIVE_BROAD` is in the spec's enum, but no guide knows it for Sponsored Products.
const MATCHES: [&str; 2] = ["NEGATIVE_EXACT", "NEGATIVE_PHRASE"];
const PREDICATES: [&str; 2] = ["ASIN_SAME_AS", "ASIN_BRAND_SAME_AS"];
/// ASCII symbols that a keyword may have. `.` and `,` are not in the public table, but in keywords of real accounts.
const SYMBOLS: &str = "-&\\+[]'\".,";

/// Where errors of one item point, and those found so far.
pub struct Check<'a> {
    /// JSON path of the item.
    at: String,
    entity: &'static str,
    /// What was found.
    pub errors: Vec<ItemError>,
    item: &'a Item,
}

/// What a new negative names.
#[derive(Debug, PartialEq, Eq)]
pub struct What<'a> {
    /// Keyword, product or brand.
    pub kind: NegativeKind,
    /// Match type of a keyword.
    pub matching: Option<Match>,
    /// Words, ASIN or brand id.
    pub text: &'a str,
}

impl<'a> Check<'a> {
    /// Of the item at a place of the array under `key`.
    pub fn new(item: &'a Item, key: &str, index: usize, entity: &'static str) -> Self {
        Self { at: format!("$.{key}[{index}]"), entity, errors: Vec::new(), item }
    }

    /// JSON path of a field.
    pub fn field(&self, name: &str) -> String {
        format!("{}.{name}", self.at)
    }

    /// A field that has to be there.
    pub fn required(&mut self, name: &str, value: Option<&'a String>) -> Option<&'a str> {
        if value.is_none() {
            self.errors.push(ItemError::missing(&self.field(name)));
        }
        value.map(String::as_str)
    }

    fn word(
        &mut self,
        name: &str,
        value: Option<&'a String>,
        reason: &'static str,
        allowed: &[&str],
    ) -> Option<&'a str> {
        let word = self.required(name, value)?;
        if allowed.contains(&word) {
            return Some(word);
        }
        self.errors.push(ItemError::not_allowed(reason, &self.field(name), word, allowed));
        None
    }

    /// A state to write. Archiving is a delete, never an update.
    pub fn state(&mut self) -> Option<&'a str> {
        if self.item.state.as_deref() == Some("ARCHIVED") {
            let error = ItemError::state(
                self.entity,
                "INVALID_TARGET_STATE",
                &self.field("state"),
                "An entity cannot be created or updated as ARCHIVED",
            );
            self.errors.push(error.trigger("ARCHIVED"));
            return None;
        }
        self.word("state", self.item.state.as_ref(), "INVALID_ENUM_VALUE", &STATES)
    }

    /// A keyword's text and match type.
    pub fn keyword(&mut self) -> Option<What<'a>> {
        let reason = if self.item.match_type.as_deref() == Some("NEGATIVE_BROAD") {
            "NOT_IN_LIST"
        } else {
            "INVALID_ENUM_VALUE"
        };
        let matching = match self.word("matchType", self.item.match_type.as_ref(), reason, &MATCHES) {
            Some("NEGATIVE_PHRASE") => Some(Match::Phrase),
            Some(_) => Some(Match::Exact),
            None => None,
        };
        let text = self.required("keywordText", self.item.keyword_text.as_ref())?;
        for (reason, message) in breaches(text, matching) {
            let error = ItemError::malformed(reason, &self.field("keywordText"), message, text).trigger(text);
            self.errors.push(error);
        }
        matching.map(|_| What { kind: NegativeKind::Keyword, matching, text })
    }

    /// A clause's expression.
    pub fn expression(&mut self, brands: &[Brand]) -> Option<What<'a>> {
        let at = self.field("expression");
        let Some(predicates) = &self.item.expression else {
            self.errors.push(ItemError::missing(&at));
            return None;
        };
        let [Predicate { kind, value }] = predicates.as_slice() else {
            self.errors.push(ItemError::expression(&at, "A negative expression has exactly one predicate"));
            return None;
        };
        let kind = self.word("expression[0].type", kind.as_ref(), "INVALID_ENUM_VALUE", &PREDICATES);
        let value = self.required("expression[0].value", value.as_ref());
        let (kind, text) = (kind?, value?);
        let (kind, known, what) = if kind == "ASIN_SAME_AS" {
            (NegativeKind::Product, is_asin(text), "ASIN")
        } else {
            (NegativeKind::Brand, brands.iter().any(|brand| brand.id == text), "brand id")
        };
        if known {
            return Some(What { kind, matching: None, text });
        }
        let error = ItemError::expression(&at, format!("The expression's value is no valid {what}"));
        self.errors.push(error.trigger(text));
        None
    }
}

/// Ten capital letters and digits.
fn is_asin(text: &str) -> bool {
    text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// What is wrong with a keyword's text: reasons of the spec's `MalformedValueErrorReason`.
fn breaches(text: &str, matching: Option<Match>) -> Vec<(&'static str, String)> {
    if text.trim().is_empty() {
        return vec![("BLANK", "The keyword is blank".to_owned())];
    }
    let mut found = Vec::new();
    if text.trim() != text {
        let message = "The keyword has white space at its beginning or end".to_owned();
        found.push(("LEADING_OR_TRAILING_WHITESPACE", message));
    }
    if text.chars().count() > CHARACTERS {
        found.push(("TOO_LONG", format!("The keyword has more than {CHARACTERS} characters")));
    }
    let most = if matching == Some(Match::Phrase) { WORDS.1 } else { WORDS.0 };
    if text.split_whitespace().count() > most {
        found.push(("TOO_LONG", format!("The keyword has more than {most} words")));
    }
    if let Some(symbol) = text.chars().find(|letter| is_forbidden(*letter)) {
        found.push(("FORBIDDEN_CHARS", format!("The keyword contains {}", symbol.escape_default())));
    }
    found
}

fn is_forbidden(letter: char) -> bool {
    if letter.is_ascii() {
        return !(letter.is_ascii_alphanumeric()
            || matches!(letter, ' ' | '\t' | '\n' | '\r')
            || SYMBOLS.contains(letter));
    }
    letter.is_control()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reasons(text: &str, matching: Match) -> Vec<&'static str> {
        breaches(text, Some(matching)).into_iter().map(|(reason, _)| reason).collect()
    }

    #[test]
    fn a_phrase_has_four_words_and_an_exact_ten() {
        assert_eq!(reasons("a b c d", Match::Phrase), [""; 0]);
        assert_eq!(reasons("a b c d e", Match::Phrase), ["TOO_LONG"]);
        assert_eq!(reasons("a b c d e f g h i j", Match::Exact), [""; 0]);
        assert_eq!(reasons("a b c d e f g h i j k", Match::Exact), ["TOO_LONG"]);
    }

    #[test]
    fn length_is_in_characters() {
        assert_eq!(reasons(&"é".repeat(80), Match::Exact), [""; 0]);
        assert_eq!(reasons(&"é".repeat(81), Match::Exact), ["TOO_LONG"]);
    }

    #[test]
    fn blanks_and_symbols() {
        assert_eq!(reasons("  ", Match::Exact), ["BLANK"]);
        assert_eq!(reasons(" x", Match::Exact), ["LEADING_OR_TRAILING_WHITESPACE"]);
        assert_eq!(reasons("50% off", Match::Exact), ["FORBIDDEN_CHARS"]);
        assert_eq!(reasons("kid's 3.5 in soda-pop & 茶", Match::Exact), [""; 0]);
    }

    #[test]
    fn all_errors_of_an_item_are_told_at_once() {
        let item = Item {
            match_type: Some("negative_exact".into()),
            keyword_text: Some(" a!".into()),
            ..Item::default()
        };
        let mut check = Check::new(&item, "negativeKeywords", 3, "NEGATIVE_KEYWORD");
        assert_eq!(check.keyword(), None);
        check.state();
        let kinds: Vec<String> =
            check.errors.iter().map(|error| error.json()["errorType"].to_string()).collect();
        assert_eq!(
            kinds,
            [
                r#""rangeError""#,
                r#""malformedValueError""#,
                r#""malformedValueError""#,
                r#""missingValueError""#
            ]
        );
        let cause = &check.errors[3].json()["errorValue"]["missingValueError"]["cause"];
        assert_eq!(cause["location"], "$.negativeKeywords[3].state");
    }

    #[test]
    fn an_expression_names_an_asin_or_a_known_brand() {
        let brands = [Brand { id: "77".into(), name: "Corvane".into() }];
        let of = |kind: &str, value: &str| {
            let predicate = Predicate { kind: Some(kind.into()), value: Some(value.into()) };
            let item = Item { expression: Some(vec![predicate]), ..Item::default() };
            let mut check = Check::new(&item, "k", 0, "NEGATIVE_TARGETING_CLAUSE");
            check.expression(&brands).map(|what| what.kind)
        };
        assert_eq!(of("ASIN_SAME_AS", "B00IPGVVZ4"), Some(NegativeKind::Product));
        assert_eq!(of("ASIN_SAME_AS", "b00ipgvvz4"), None);
        assert_eq!(of("ASIN_BRAND_SAME_AS", "77"), Some(NegativeKind::Brand));
        assert_eq!(of("ASIN_BRAND_SAME_AS", "78"), None);
        assert_eq!(of("ASIN_CATEGORY_SAME_AS", "77"), None);
    }
}
