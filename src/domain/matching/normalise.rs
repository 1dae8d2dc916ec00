//! The form in which texts are compared. The request keeps the text as it was typed.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// Brings a text to the form in which texts are compared: NFC, lower case (`ß` as `ss`), one pair of
/// double quotes around the whole dropped, white space trimmed and runs of it made one space.
/// Punctuation stays; nothing is stemmed, no accent is removed.
///
/// ```
/// use unbid::domain::matching::normalise;
/// assert_eq!(normalise("  Free \t SHIPPING "), "free shipping");
/// assert_eq!(normalise("\"Soda-Pop\""), "soda-pop");
/// assert_eq!(normalise("Weiß"), "weiss");
/// assert_eq!(normalise("Cafe\u{301}"), "café");
/// ```
pub fn normalise(text: &str) -> String {
    // The whole catalog passes here: plain lower-case ASCII, the common case, is only copied.
    if text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'\'' | b'.' | b'&')) {
        return text.to_owned();
    }
    let composed: String = text.nfc().collect();
    let whole = composed.trim();
    let inner = whole
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .filter(|inner| !inner.contains('"'))
        .unwrap_or(whole);
    let mut out = String::with_capacity(inner.len());
    for word in inner.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        for c in word.chars() {
            match c {
                'ß' | 'ẞ' => out.push_str("ss"),
                _ => out.extend(c.to_lowercase()),
            }
        }
    }
    // Lower-casing may leave a sequence that composes further; a second pass must change nothing.
    if out.is_ascii() { out } else { out.nfc().collect() }
}

/// The form in which texts are compared, without a copy where the text is in it already.
pub fn normal(text: &str) -> Cow<'_, str> {
    if is_normal(text) { Cow::Borrowed(text) } else { Cow::Owned(normalise(text)) }
}

/// Whether a text is surely its own normal form, found without making it.
pub(in crate::domain) fn is_normal(text: &str) -> bool {
    let bytes = text.as_bytes();
    // A space only after something else, so that the first byte and doubles are seen in the same pass.
    let mut before = b' ';
    for &byte in bytes {
        let plain = (0x20..0x7f).contains(&byte) && !byte.is_ascii_uppercase() && byte != b'"';
        if !plain || (byte == b' ' && before == b' ') {
            return false;
        }
        before = byte;
    }
    bytes.is_empty() || before != b' '
}

/// The tokens of a normalised text: the pieces between spaces.
pub fn tokens(normalised: &str) -> impl Iterator<Item = &str> {
    normalised.split(' ').filter(|token| !token.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn quotes_go_only_as_one_pair_around_the_whole() {
        assert_eq!(normalise("\"a b\""), "a b");
        assert_eq!(normalise("\"a\" b"), "\"a\" b");
        assert_eq!(normalise("\"a\" \"b\""), "\"a\" \"b\"");
        assert_eq!(normalise("\""), "\"");
    }

    proptest! {
        #[test]
        fn twice_is_once(text in "\\PC{0,40}") {
            let once = normalise(&text);
            // A text that is nothing but nested quotes loses one pair a pass, as the rule says.
            prop_assume!(!once.starts_with('"'));
            prop_assert_eq!(normalise(&once), once);
        }

        #[test]
        fn what_passes_for_normal_is(text in "[a-zA-Z \\t\"é]{0,12}") {
            prop_assert!(!is_normal(&text) || normalise(&text) == text);
            prop_assert_eq!(normal(&text), normalise(&text));
        }

        #[test]
        fn no_outer_or_double_space_is_left(text in "[a-zA-Z \\t\"é]{0,40}") {
            let once = normalise(&text);
            prop_assert_eq!(once.trim(), &once);
            prop_assert!(!once.contains("  "));
        }
    }
}
