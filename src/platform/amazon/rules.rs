//! What Amazon allows, with the source of every figure. Data only; `domain::capabilities` explains the shapes.

use crate::domain::capabilities::{CapRule, Capabilities, Fact, KindRule, Removal, TextRule};
use crate::domain::negative::{Kind, Level, MatchType, State};

/// Enabled and paused change into each other; archived is final ("Developer notes", Amazon Ads API documentation).
const MOVES: &[(State, State)] = &[
    (State::Enabled, State::Paused),
    (State::Paused, State::Enabled),
    (State::Enabled, State::Archived),
    (State::Paused, State::Archived),
];
const MAKES: &[State] = &[State::Enabled, State::Paused];
const MATCHES: &[MatchType] = &[MatchType::Exact, MatchType::Phrase];

/// The bulksheets' known issues say that these cannot be paused; Amazon's Postman collection pauses one.
const PAUSING: &str = "Amazon's pages disagree on whether a campaign-level negative keyword can be paused; archiving always works.";
/// The guide says vendors only; the release note of May 2025 lifts that for the US marketplace.
const SELLERS: &str =
    "Sellers may be refused campaign-level product and brand negatives on manual campaigns outside the US.";

const fn rule(kind: Kind, level: Level, matches: &'static [MatchType]) -> KindRule {
    KindRule { kind, level, matches, makes: MAKES, moves: MOVES, adding: "", pausing: "" }
}

const LIMITS: &str = "Amazon Ads API documentation, Limits: keywords";
const SPEC: &str = "Sponsored Products v3 specification: maxItems of the create, update and delete bodies";

/// What Amazon allows.
pub(super) static AMAZON: Capabilities = Capabilities {
    title: "Amazon",
    kinds: &[
        rule(Kind::Keyword, Level::AdGroup, MATCHES),
        KindRule { pausing: PAUSING, ..rule(Kind::Keyword, Level::Campaign, MATCHES) },
        rule(Kind::Product, Level::AdGroup, &[]),
        KindRule { adding: SELLERS, ..rule(Kind::Product, Level::Campaign, &[]) },
        rule(Kind::Brand, Level::AdGroup, &[]),
        KindRule { adding: SELLERS, ..rule(Kind::Brand, Level::Campaign, &[]) },
    ],
    state_words: &[(State::Enabled, "ENABLED"), (State::Paused, "PAUSED"), (State::Archived, "ARCHIVED")],
    text: TextRule {
        most_chars: Fact::documented(80, LIMITS),
        most_words_exact: Some(Fact::documented(10, LIMITS)),
        most_words_phrase: Some(Fact::documented(4, LIMITS)),
        refused: &[],
        doubtful,
    },
    // No API page prints a number of negatives per parent; `entityQuotaError` tells it at run time.
    cap: CapRule { per_ad_group: None, per_campaign: None, paused_count: true },
    most_per_create: Fact::documented(1_000, SPEC),
    most_per_update: Fact::documented(1_000, SPEC),
    removal: Removal::Archive,
    // "Developer notes": the same keyword and match type in the same place is refused; only archived ones do not count.
    paused_twin_blocks: true,
    // Words that help centres list as left out when matching; no API page does, so they only ever say "may block".
    stop_words: &["a", "an", "and", "for", "of", "on", "the", "to", "with", "in"],
    inert_campaigns: &[],
    acts_within: "",
    // Sellers' orders are ascribed within 7 days of the click, vendors' within 14.
    late_orders_days: Fact::documented(
        7,
        "Amazon Ads API documentation, Reporting v3: attribution windows of sellers",
    ),
    // The vendors' window, which is the longer one.
    revised_days: Fact::documented(
        42,
        "Amazon Ads API documentation, Reporting frequently asked questions: \"if your attribution window is 14 days, \
        restatement can update attribution up to 42 days (14 plus 28) after the report date\"",
    ),
};

/// Outside the characters that the Limits page lists for keywords. Digits, `.` and `,` are not in its table but
/// are in keywords everywhere; the page itself speaks of `.` elsewhere.
fn doubtful(c: char) -> bool {
    let fine = c.is_ascii_alphanumeric()
        || matches!(c, ' ' | '-' | '&' | '\\' | '+' | '[' | ']' | '\t' | '\n' | '\r' | '\'' | '"' | '.' | ',')
        || matches!(c as u32,
            0xc0..=0x17f | 0x3040..=0x30ff | 0x4e00..=0x9fff | 0x900..=0x97f | 0xb80..=0xbff | 0x600..=0x6ff);
    !fine
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_stands_at_both_levels_and_archived_is_final() {
        for kind in [Kind::Keyword, Kind::Product, Kind::Brand] {
            for level in [Level::Campaign, Level::AdGroup] {
                let rule = AMAZON.kind(kind, level).unwrap();
                assert!(rule.moves.iter().all(|(from, _)| *from != State::Archived));
            }
        }
    }

    #[test]
    fn emoji_are_doubtful_and_letters_of_the_listed_scripts_are_not() {
        assert!(['é', 'ß', 'の', '珈', 'अ', '7', '&'].into_iter().all(|c| !doubtful(c)));
        assert!(['🎁', '!', '©'].into_iter().all(doubtful));
    }
}
