//! What Sam's Club allows, as data: exact keyword negatives at ad groups, switched on and off, never deleted.
//! Read by the forms, the planner and the matcher.

use crate::domain::capabilities::{CapRule, Capabilities, Fact, KindRule, Removal, TextRule};
use crate::domain::negative::{Kind, Level, MatchType, State};

/// developer.samsclub.com, "Negative Keywords": "negativeExact is the only match type", states `enabled` and
/// `disabled`, `adGroupId` required; the sample update sets `enabled` on an existing id. There is no delete.
const KINDS: &[KindRule] = &[KindRule {
    kind: Kind::Keyword,
    level: Level::AdGroup,
    matches: &[MatchType::Exact],
    makes: &[State::Enabled, State::Paused],
    moves: &[(State::Enabled, State::Paused), (State::Paused, State::Enabled)],
    adding: "",
    pausing: "",
}];

const PAGE: &str = "developer.samsclub.com, Negative Keywords, Limitations";
/// The page says "total number of negative keywords can be added is 1000" and not of what; "Ad Groups" says the
/// same of an ad group's positive keywords. Both readings are kept, and neither blocks.
const CAP: Fact<usize> =
    Fact::guessed(1_000, "developer.samsclub.com, Negative Keywords: 1000 in total, of what is not said");

/// Most new negatives in one call, and most changes of state.
pub(super) const MOST_PER_CALL: usize = 50;

/// Sam's Club's rules.
pub static CAPABILITIES: Capabilities = Capabilities {
    title: "Sam's Club",
    kinds: KINDS,
    state_words: &[(State::Enabled, "enabled"), (State::Paused, "disabled")],
    text: TextRule {
        most_chars: Fact::documented(80, PAGE),
        most_words_exact: None,
        most_words_phrase: None,
        refused: &[],
        doubtful,
    },
    cap: CapRule { per_ad_group: Some(CAP), per_campaign: Some(CAP), paused_count: true },
    most_per_create: Fact::documented(MOST_PER_CALL, PAGE),
    most_per_update: Fact::documented(
        MOST_PER_CALL,
        "developer.samsclub.com, Ad Groups: 50 entities per POST or PUT batch",
    ),
    removal: Removal::SwitchOff,
    // Without a delete the old row stays and holds its text; adding the same text switches it on again.
    paused_twin_blocks: true,
    stop_words: &[],
    // developer.samsclub.com, Negative Keywords: manual and automatic campaigns; search brand amplifier has none.
    inert_campaigns: &["sba"],
    acts_within: "",
    late_orders_days: Fact::documented(14, "developer.samsclub.com, Snapshot Report: attributionWindow days14"),
    revised_days: Fact::guessed(
        17,
        "no page says; the 14 days of the attribution window, and three for the orders to be counted",
    ),
};

/// developer.samsclub.com, "Keywords": a keyword may not be all special characters; which are special is not said.
fn doubtful(c: char) -> bool {
    !(c.is_alphanumeric() || " -'&.,/".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removing_is_switching_off_and_can_be_taken_back() {
        let rule = CAPABILITIES.kind(Kind::Keyword, Level::AdGroup).unwrap();
        assert_eq!(CAPABILITIES.removed_state(), State::Paused);
        assert!(rule.moves.contains(&(State::Paused, State::Enabled)));
        assert_eq!(rule.matches, [MatchType::Exact]);
        assert!(!doubtful('é') && doubtful('$'));
    }
}
