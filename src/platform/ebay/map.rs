//! Between eBay's words and ours. Unknown words are kept beside the nearest of ours; nothing is guessed from a
//! text. The shapes are in `wire.rs`, the rules in `rules.rs`.

use crate::domain::campaign::{AdGroup, Campaign, Holds, ParentState, Targeting};
use crate::domain::ids::{AdGroupId, CampaignId, KeywordId, NegativeId};
use crate::domain::keyword::{Keyword, PositiveMatch};
use crate::domain::negative::{Kind, MatchType, Negative, State};

use super::wire;

/// The word of `CampaignTargetingTypeEnum` for campaigns that take keywords.
pub(super) const MANUAL: &str = "MANUAL";
/// The word of `CampaignTargetingTypeEnum` for campaigns that choose for themselves.
pub(super) const SMART: &str = "SMART";

/// A campaign. `asked` is the targeting type that the list was filtered by, for rows that do not repeat it.
pub(super) fn campaign(row: wire::Campaign, asked: &str) -> Campaign {
    let native_state = row.campaign_status.unwrap_or_default();
    let native_type = row.campaign_targeting_type.unwrap_or_else(|| asked.to_owned());
    let per_click = row
        .funding_strategy
        .and_then(|strategy| strategy.funding_model)
        .is_none_or(|model| model == "COST_PER_CLICK");
    let on_site = row.channels.is_none_or(|channels| channels.iter().any(|channel| channel == "ON_SITE"));
    // Priority strategy campaigns with manual targeting alone take keywords: the others are refused with 35129
    // or 36213 (Sell Marketing v1, createNegativeKeyword and getAdGroup).
    let holds = if native_type == MANUAL && per_click && on_site { Holds::Yes } else { Holds::No };
    Campaign {
        id: CampaignId::new(row.campaign_id.0),
        name: row.campaign_name.unwrap_or_default().into(),
        state: campaign_state(&native_state),
        native_state: native_state.into(),
        targeting: match native_type.as_str() {
            MANUAL => Targeting::Manual,
            SMART => Targeting::Auto,
            _ => Targeting::Unknown,
        },
        native_type: native_type.into(),
        holds,
    }
}

/// `CampaignStatusEnum` in our words. A campaign that is ending soon still runs.
fn campaign_state(native: &str) -> ParentState {
    match native {
        "RUNNING" | "ENDING_SOON" => ParentState::Enabled,
        "ENDED" => ParentState::Ended,
        "DELETED" => ParentState::Archived,
        // PAUSED, SYSTEM_PAUSED, DRAFT, SCHEDULED, PENDING, and words we do not know.
        _ => ParentState::Paused,
    }
}

/// An ad group; eBay's row does not name its campaign.
pub(super) fn ad_group(row: wire::AdGroup, campaign: CampaignId) -> AdGroup {
    let native_state = row.ad_group_status.unwrap_or_default();
    AdGroup {
        id: AdGroupId::new(row.ad_group_id.0),
        campaign,
        name: row.name.unwrap_or_default().into(),
        state: parent_state(&native_state),
        native_state: native_state.into(),
    }
}

/// `AdGroupStatusEnum` and `KeywordStatusEnum` in our words.
fn parent_state(native: &str) -> ParentState {
    match native {
        "ACTIVE" => ParentState::Enabled,
        "ARCHIVED" => ParentState::Archived,
        _ => ParentState::Paused,
    }
}

/// A negative. `home` is the campaign of its ad group, for rows that do not name one; `None` when neither does.
pub(super) fn negative(row: wire::NegativeKeyword, home: Option<&CampaignId>) -> Option<Negative> {
    let campaign = row.campaign_id.map(|id| CampaignId::new(id.0)).or_else(|| home.cloned())?;
    Some(Negative {
        id: NegativeId::new(row.negative_keyword_id.0),
        kind: Kind::Keyword,
        campaign,
        ad_group: row.ad_group_id.map(|id| AdGroupId::new(id.0)),
        text: row.negative_keyword_text.into(),
        brand_name: None,
        match_type: match row.negative_keyword_match_type.as_str() {
            "EXACT" => Some(MatchType::Exact),
            "PHRASE" => Some(MatchType::Phrase),
            _ => None,
        },
        state: match row.negative_keyword_status.as_str() {
            "ACTIVE" => State::Enabled,
            "ARCHIVED" => State::Archived,
            _ => State::Paused,
        },
        native_state: row.negative_keyword_status.into(),
        created: None,
    })
}

/// A positive keyword; eBay's row does not name its campaign.
pub(super) fn keyword(row: wire::Keyword, campaign: CampaignId) -> Keyword {
    Keyword {
        id: KeywordId::new(row.keyword_id.0),
        campaign,
        ad_group: AdGroupId::new(row.ad_group_id.0),
        text: row.keyword_text.into(),
        match_type: match row.match_type.as_str() {
            "EXACT" => PositiveMatch::Exact,
            "PHRASE" => PositiveMatch::Phrase,
            "BROAD" => PositiveMatch::Broad,
            _ => PositiveMatch::Other,
        },
        state: parent_state(&row.keyword_status),
        native_state: row.keyword_status.into(),
    }
}

/// The word of `NegativeKeywordMatchTypeEnum`.
pub(super) fn match_word(match_type: MatchType) -> &'static str {
    match match_type {
        MatchType::Exact => "EXACT",
        MatchType::Phrase => "PHRASE",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(json: &str) -> wire::Campaign {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn only_manual_cost_per_click_on_site_campaigns_take_negatives() {
        let whole = r#"{"campaignId":"1","campaignName":"Shoes","campaignStatus":"RUNNING",
            "campaignTargetingType":"MANUAL","channels":["ON_SITE"],
            "fundingStrategy":{"fundingModel":"COST_PER_CLICK"}}"#;
        assert_eq!(campaign(row(whole), MANUAL).holds, Holds::Yes);
        for (from, to) in [("MANUAL", "SMART"), ("ON_SITE", "OFF_SITE"), ("COST_PER_CLICK", "COST_PER_SALE")] {
            assert_eq!(campaign(row(&whole.replace(from, to)), MANUAL).holds, Holds::No, "{to}");
        }
        assert_eq!(campaign(row(r#"{"campaignId":1}"#), MANUAL).holds, Holds::Yes);
        assert_eq!(campaign(row(r#"{"campaignId":1}"#), SMART).holds, Holds::No);
    }

    #[test]
    fn campaign_states_follow_the_enum() {
        let state = |word: &str| campaign_state(word);
        assert_eq!(state("RUNNING"), ParentState::Enabled);
        assert_eq!(state("ENDING_SOON"), ParentState::Enabled);
        for word in ["PAUSED", "SYSTEM_PAUSED", "DRAFT", "SCHEDULED", "PENDING", "NEW_WORD"] {
            assert_eq!(state(word), ParentState::Paused, "{word}");
        }
        assert_eq!(state("ENDED"), ParentState::Ended);
        assert_eq!(state("DELETED"), ParentState::Archived);
    }

    #[test]
    fn unknown_words_survive_beside_ours() {
        let row: wire::NegativeKeyword = serde_json::from_str(
            r#"{"negativeKeywordId":"9","adGroupId":"7","negativeKeywordText":"Free  Shipping",
                "negativeKeywordMatchType":"BROAD","negativeKeywordStatus":"DRAFT"}"#,
        )
        .unwrap();
        let home = CampaignId::new("3");
        let negative = negative(row, Some(&home)).unwrap();
        assert_eq!((negative.state, negative.native_state.raw()), (State::Paused, "DRAFT"));
        assert_eq!(negative.match_type, None);
        assert_eq!(negative.text.raw(), "Free  Shipping");
        assert_eq!(negative.campaign, home);
    }

    #[test]
    fn a_negative_without_any_campaign_has_no_place() {
        let row: wire::NegativeKeyword = serde_json::from_str(r#"{"negativeKeywordId":"9"}"#).unwrap();
        assert_eq!(negative(row, None), None);
    }
}
