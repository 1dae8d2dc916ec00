//! What eBay's Promoted Listings priority strategy allows, as data. A figure that no official page prints for
//! negatives is marked as guessed. Read by the forms, the planner and the matcher.

use crate::domain::capabilities::{CapRule, Capabilities, Fact, KindRule, Removal, TextRule};
use crate::domain::negative::{Kind, Level, MatchType, State};

/// `NegativeKeywordMatchTypeEnum` has EXACT and PHRASE; `NegativeKeywordStatusEnum` has ACTIVE and ARCHIVED, and
/// "cannot be set to ACTIVE again" once archived (Sell Marketing v1 specification).
///
/// Errors 36345 ("'campaignId' and 'adGroupId' are required") and 36329 ("The ad group Id is required") leave no
/// campaign level, although two other codes speak of one.
const KINDS: &[KindRule] = &[KindRule {
    kind: Kind::Keyword,
    level: Level::AdGroup,
    matches: &[MatchType::Exact, MatchType::Phrase],
    makes: &[State::Enabled],
    moves: &[(State::Enabled, State::Archived)],
    adding: "",
    pausing: "",
}];

/// getKeywords, `keywordText`: "Max length: 100 characters, 10 words" is said of positive keywords; errors 36332
/// and 36336 leave the figure for negatives to a placeholder.
const TEXT_SOURCE: &str =
    "eBay Sell Marketing v1, keywordText of positive keywords; 36332 and 36336 name no figure";

/// eBay's rules.
pub static CAPABILITIES: Capabilities = Capabilities {
    title: "eBay",
    kinds: KINDS,
    // NegativeKeywordStatusEnum.
    state_words: &[(State::Enabled, "ACTIVE"), (State::Archived, "ARCHIVED")],
    text: TextRule {
        most_chars: Fact::guessed(100, TEXT_SOURCE),
        most_words_exact: Some(Fact::guessed(10, TEXT_SOURCE)),
        most_words_phrase: Some(Fact::guessed(10, TEXT_SOURCE)),
        // Error 36334 names the refused characters only when they were sent; campaign names refuse these two.
        refused: &['<', '>'],
        doubtful,
    },
    cap: CapRule {
        per_ad_group: Some(Fact::documented(
            1_000,
            "eBay Promoted Listings restrictions, campaign limits: 1,000 negative keywords per ad group",
        )),
        per_campaign: None,
        paused_count: false,
    },
    most_per_create: Fact::guessed(
        MOST_PER_CALL,
        "eBay Sell Marketing v1, 36337 names no figure; pages hold 500",
    ),
    most_per_update: Fact::guessed(
        MOST_PER_CALL,
        "eBay Sell Marketing v1, 36337 names no figure; pages hold 500",
    ),
    removal: Removal::Archive,
    paused_twin_blocks: false,
    stop_words: &[],
    inert_campaigns: &[],
    acts_within: "",
    late_orders_days: Fact::documented(
        3,
        "Marketing API specification, createReportTask: figures may be revised for up to 72 hours",
    ),
    revised_days: Fact::documented(
        3,
        "Marketing API specification, createReportTask: \"a 72-hour (maximum) adjustment period\"",
    ),
};

/// How many items a bulk call begins with; a refusal with 36337 names the true figure.
pub(super) const MOST_PER_CALL: usize = 500;

/// Whether a character is neither a letter, a digit nor the usual punctuation of product names.
fn doubtful(c: char) -> bool {
    !(c.is_alphanumeric() || " -'&.+/,\"%#".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removing_is_archiving_and_nothing_can_be_paused() {
        let rule = CAPABILITIES.kind(Kind::Keyword, Level::AdGroup).unwrap();
        assert_eq!(CAPABILITIES.removed_state(), State::Archived);
        assert!(rule.moves.iter().all(|(from, to)| *from == State::Enabled && *to == State::Archived));
        assert!(!CAPABILITIES.has_level(Level::Campaign));
        assert!(!CAPABILITIES.has_kind(Kind::Product));
    }

    #[test]
    fn letters_of_any_script_are_usual_and_symbols_are_not() {
        assert!(!doubtful('é') && !doubtful('靴') && !doubtful('-'));
        assert!(doubtful('{') && doubtful('©'));
    }
}
