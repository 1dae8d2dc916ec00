//! Whether one negative makes another superfluous.

use super::super::negative::MatchType;
use super::normalise::tokens;

/// A keyword negative as far as covering goes: match type and normalised text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase<'a> {
    /// How it matches.
    pub match_type: MatchType,
    /// Its text as [`normalise`](super::normalise()) gives it.
    pub text: &'a str,
}

/// Whether `wide` blocks everything that `narrow` blocks: a phrase contained in it as a contiguous run,
/// or an equal exact. An exact never covers a phrase. Scope is the caller's business.
///
/// ```
/// use unbid::domain::{matching::{covers, Phrase}, negative::MatchType::{Exact, Phrase as P}};
/// let wide = Phrase { match_type: P, text: "decaf" };
/// assert!(covers(wide, Phrase { match_type: Exact, text: "decaf pods" }));
/// assert!(!covers(wide, Phrase { match_type: Exact, text: "decaffeinated" }));
/// assert!(!covers(Phrase { match_type: Exact, text: "decaf" }, Phrase { match_type: P, text: "decaf" }));
/// ```
pub fn covers(wide: Phrase<'_>, narrow: Phrase<'_>) -> bool {
    match (wide.match_type, narrow.match_type) {
        (MatchType::Exact, MatchType::Exact) => wide.text == narrow.text,
        (MatchType::Exact, MatchType::Phrase) => false,
        (MatchType::Phrase, _) => contains_run(narrow.text, wide.text),
    }
}

/// Whether the tokens of `part` stand in `whole`, in order and next to each other.
fn contains_run(whole: &str, part: &str) -> bool {
    let part: Vec<&str> = tokens(part).collect();
    let whole: Vec<&str> = tokens(whole).collect();
    !part.is_empty() && whole.windows(part.len()).any(|run| run == part)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same answer found another way: both texts padded with spaces, then a plain substring search.
    fn oracle(wide: Phrase<'_>, narrow: Phrase<'_>) -> bool {
        let pad = |text: &str| format!(" {text} ");
        match (wide.match_type, narrow.match_type) {
            (MatchType::Phrase, _) => !wide.text.is_empty() && pad(narrow.text).contains(&pad(wide.text)),
            (MatchType::Exact, other) => other == MatchType::Exact && pad(wide.text) == pad(narrow.text),
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_oracle(
            wide in proptest::collection::vec("[ab]{1,2}", 1..4),
            narrow in proptest::collection::vec("[ab]{1,2}", 1..6),
            wide_exact: bool,
            narrow_exact: bool,
        ) {
            let kind = |exact| if exact { MatchType::Exact } else { MatchType::Phrase };
            let (wide, narrow) = (wide.join(" "), narrow.join(" "));
            let wide = Phrase { match_type: kind(wide_exact), text: &wide };
            let narrow = Phrase { match_type: kind(narrow_exact), text: &narrow };
            prop_assert_eq!(covers(wide, narrow), oracle(wide, narrow));
        }
    }
}
