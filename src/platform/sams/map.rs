//! Between Sam's Club's words and ours. The documents capitalise some words, the wire does not: all are
//! compared without case. Unknown ones are kept beside the nearest of ours.

use crate::domain::campaign::{AdGroup, Campaign, Holds, ParentState, Targeting};
use crate::domain::ids::{AdGroupId, CampaignId, KeywordId, NegativeId};
use crate::domain::keyword::{Keyword, PositiveMatch};
use crate::domain::negative::{Kind, MatchType, Negative, State};

use super::rules::CAPABILITIES;
use super::wire;

/// The only match type of a negative.
pub(super) const NEGATIVE_EXACT: &str = "negativeExact";

fn lower(word: Option<&str>) -> String {
    word.unwrap_or_default().trim().to_ascii_lowercase()
}

/// A campaign.
pub(super) fn campaign(row: wire::Campaign) -> Campaign {
    let native_type = row.campaign_type.unwrap_or_default();
    Campaign {
        id: CampaignId::new(row.campaign_id.0),
        name: row.name.unwrap_or_default().into(),
        state: campaign_state(row.status.as_deref()),
        native_state: row.status.unwrap_or_default().into(),
        targeting: match lower(row.targeting_type.as_deref()).as_str() {
            "manual" => Targeting::Manual,
            "auto" => Targeting::Auto,
            _ => Targeting::Unknown,
        },
        // "Negative keywords do not affect the content of search-brand amplifier ads" ("Negative Keywords").
        holds: if CAPABILITIES.is_inert(&native_type) { Holds::Inert } else { Holds::Yes },
        native_type: native_type.into(),
    }
}

/// Campaign status ("Campaigns"): what is listed, and the words that are written.
fn campaign_state(word: Option<&str>) -> ParentState {
    match lower(word).as_str() {
        "live" | "enabled" => ParentState::Enabled,
        "completed" => ParentState::Ended,
        "deleted" => ParentState::Archived,
        // proposal, scheduled, rescheduled, paused, and words we do not know.
        _ => ParentState::Paused,
    }
}

/// An ad group; its states are enabled, disabled, deleted ("Ad Groups").
pub(super) fn ad_group(row: wire::AdGroup) -> AdGroup {
    AdGroup {
        id: AdGroupId::new(row.ad_group_id.0),
        campaign: CampaignId::new(row.campaign_id.0),
        name: row.name.unwrap_or_default().into(),
        state: match lower(row.status.as_deref()).as_str() {
            "enabled" => ParentState::Enabled,
            "deleted" => ParentState::Archived,
            _ => ParentState::Paused,
        },
        native_state: row.status.unwrap_or_default().into(),
    }
}

/// A negative of the campaign that was asked for.
pub(super) fn negative(row: wire::NegativeKeyword, asked: &CampaignId) -> Negative {
    Negative {
        id: NegativeId::new(row.keyword_id.0),
        kind: Kind::Keyword,
        campaign: row.campaign_id.map_or_else(|| asked.clone(), |id| CampaignId::new(id.0)),
        ad_group: row.ad_group_id.map(|id| AdGroupId::new(id.0)),
        text: row.keyword_text.unwrap_or_default().into(),
        brand_name: None,
        match_type: row
            .negative_match_type
            .filter(|word| word.eq_ignore_ascii_case(NEGATIVE_EXACT))
            .map(|_| MatchType::Exact),
        state: if lower(row.state.as_deref()) == "enabled" { State::Enabled } else { State::Paused },
        native_state: row.state.unwrap_or_default().into(),
        created: None,
    }
}

/// A positive keyword of the campaign that was asked for; its states are enabled, paused, archived ("Keywords").
pub(super) fn keyword(row: wire::Keyword, asked: &CampaignId) -> Keyword {
    Keyword {
        id: KeywordId::new(row.keyword_id.0),
        campaign: row.campaign_id.map_or_else(|| asked.clone(), |id| CampaignId::new(id.0)),
        ad_group: AdGroupId::new(row.ad_group_id.0),
        text: row.keyword_text.unwrap_or_default().into(),
        match_type: match lower(row.match_type.as_deref()).as_str() {
            "exact" => PositiveMatch::Exact,
            "phrase" => PositiveMatch::Phrase,
            "broad" => PositiveMatch::Broad,
            _ => PositiveMatch::Other,
        },
        state: match lower(row.state.as_deref()).as_str() {
            "enabled" => ParentState::Enabled,
            "archived" => ParentState::Archived,
            _ => ParentState::Paused,
        },
        native_state: row.state.unwrap_or_default().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row<T: serde::de::DeserializeOwned>(json: &str) -> T {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn campaign_states_are_read_in_any_case() {
        for (word, ours) in [
            ("live", ParentState::Enabled),
            ("Live", ParentState::Enabled),
            ("proposal", ParentState::Paused),
            ("scheduled", ParentState::Paused),
            ("rescheduled", ParentState::Paused),
            ("paused", ParentState::Paused),
            ("completed", ParentState::Ended),
            ("deleted", ParentState::Archived),
            ("brand new word", ParentState::Paused),
        ] {
            let campaign = campaign(row(&format!(r#"{{"campaignId":1,"status":"{word}"}}"#)));
            assert_eq!(campaign.state, ours, "{word}");
            assert_eq!(campaign.native_state.raw(), word);
        }
    }

    #[test]
    fn search_brand_amplifier_takes_negatives_without_effect() {
        let sba = campaign(row(r#"{"campaignId":1,"campaignType":"sba","targetingType":"manual"}"#));
        assert_eq!((sba.holds, sba.targeting), (Holds::Inert, Targeting::Manual));
        let auto =
            campaign(row(r#"{"campaignId":1,"campaignType":"sponsoredProducts","targetingType":"Auto"}"#));
        assert_eq!((auto.holds, auto.targeting), (Holds::Yes, Targeting::Auto));
    }

    #[test]
    fn a_negative_is_on_or_off_and_unknown_words_are_off() {
        let asked = CampaignId::new("15812");
        let state = |word: &str| {
            let row = row(&format!(
                r#"{{"keywordId":1,"adGroupId":2,"state":"{word}","keywordText":"Pepsi","negativeMatchType":"negativeExact"}}"#
            ));
            let negative = negative(row, &asked);
            assert_eq!((negative.match_type, &negative.campaign), (Some(MatchType::Exact), &asked));
            (negative.state, negative.native_state.raw().to_owned())
        };
        assert_eq!(state("enabled"), (State::Enabled, "enabled".to_owned()));
        assert_eq!(state("disabled"), (State::Paused, "disabled".to_owned()));
        assert_eq!(state("held"), (State::Paused, "held".to_owned()));
    }

    #[test]
    fn a_positive_keyword_has_states_of_its_own() {
        let asked = CampaignId::new("1");
        let keyword = keyword(
            row(r#"{"keywordId":1,"adGroupId":2,"state":"Archived","matchType":"Broad","keywordText":"tea"}"#),
            &asked,
        );
        assert_eq!((keyword.state, keyword.match_type), (ParentState::Archived, PositiveMatch::Broad));
    }
}
