//! What differs between platforms when a negative is compared with a search term, drawn from their `Capabilities`.
//! Which campaigns are inert is told by [`Holds`](super::super::campaign::Holds), not here.

use super::super::capabilities::Capabilities;
use super::super::negative::{Kind, Level, MatchType};

/// How a platform compares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// Whether it has phrase negatives.
    pub phrase: bool,
    /// Whether it has product negatives: search terms that are ASINs are then theirs, not the keywords'.
    pub products: bool,
    /// Words that it may leave out when it compares; lower case.
    pub stop_words: &'static [&'static str],
}

impl Rules {
    /// Those of a platform.
    pub fn of(capabilities: &Capabilities) -> Self {
        let levels = [Level::Campaign, Level::AdGroup];
        let keywords = levels.iter().filter_map(|level| capabilities.kind(Kind::Keyword, *level));
        Self {
            phrase: keywords.flat_map(|rule| rule.matches).any(|one| *one == MatchType::Phrase),
            products: capabilities.has_kind(Kind::Product),
            stop_words: capabilities.stop_words,
        }
    }
}
