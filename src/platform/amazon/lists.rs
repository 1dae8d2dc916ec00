//! The resources of Sponsored Products v3 that we use: paths, media types, body keys, operation names, as the
//! official OpenAPI file prints them. Nothing else in this folder spells one.

use compact_str::CompactString;

use crate::domain::negative::{Kind, Level};

/// What can be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum List {
    Campaigns,
    AdGroups,
    Keywords,
    Targets,
    CampaignNegativeKeywords,
    NegativeKeywords,
    CampaignNegativeTargets,
    NegativeTargets,
}

/// The four sorts of negatives, each with its own endpoint.
pub(super) const NEGATIVES: [List; 4] = [
    List::CampaignNegativeKeywords,
    List::NegativeKeywords,
    List::CampaignNegativeTargets,
    List::NegativeTargets,
];

impl List {
    /// Where a negative of this kind and level lives.
    pub(super) fn of(kind: Kind, level: Level) -> Self {
        match (kind, level) {
            (Kind::Keyword, Level::Campaign) => Self::CampaignNegativeKeywords,
            (Kind::Keyword, Level::AdGroup) => Self::NegativeKeywords,
            (Kind::Product | Kind::Brand, Level::Campaign) => Self::CampaignNegativeTargets,
            (Kind::Product | Kind::Brand, Level::AdGroup) => Self::NegativeTargets,
        }
    }

    /// The path of creates and updates; lists are at `/list` below it, archiving at `/delete`.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Campaigns => "/sp/campaigns",
            Self::AdGroups => "/sp/adGroups",
            Self::Keywords => "/sp/keywords",
            Self::Targets => "/sp/targets",
            Self::CampaignNegativeKeywords => "/sp/campaignNegativeKeywords",
            Self::NegativeKeywords => "/sp/negativeKeywords",
            Self::CampaignNegativeTargets => "/sp/campaignNegativeTargets",
            Self::NegativeTargets => "/sp/negativeTargets",
        }
    }

    /// The media type of requests and answers. Amazon refuses it with a charset parameter.
    pub(super) fn media(self) -> &'static str {
        match self {
            Self::Campaigns => "application/vnd.spCampaign.v3+json",
            Self::AdGroups => "application/vnd.spAdGroup.v3+json",
            Self::Keywords => "application/vnd.spKeyword.v3+json",
            Self::Targets => "application/vnd.spTargetingClause.v3+json",
            Self::CampaignNegativeKeywords => "application/vnd.spCampaignNegativeKeyword.v3+json",
            Self::NegativeKeywords => "application/vnd.spNegativeKeyword.v3+json",
            Self::CampaignNegativeTargets => "application/vnd.spCampaignNegativeTargetingClause.v3+json",
            Self::NegativeTargets => "application/vnd.spNegativeTargetingClause.v3+json",
        }
    }

    /// The key of the array in request and answer bodies.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Campaigns => "campaigns",
            Self::AdGroups => "adGroups",
            Self::Keywords => "keywords",
            Self::Targets => "targetingClauses",
            Self::CampaignNegativeKeywords => "campaignNegativeKeywords",
            Self::NegativeKeywords => "negativeKeywords",
            Self::CampaignNegativeTargets => "campaignNegativeTargetingClauses",
            Self::NegativeTargets => "negativeTargetingClauses",
        }
    }

    /// The filter by an item's own id (1,000 at most); lists and archiving share it.
    pub(super) fn id_filter(self) -> &'static str {
        match self {
            Self::Campaigns => "campaignIdFilter",
            Self::AdGroups => "adGroupIdFilter",
            Self::Keywords => "keywordIdFilter",
            Self::Targets => "targetIdFilter",
            Self::CampaignNegativeKeywords => "campaignNegativeKeywordIdFilter",
            Self::NegativeKeywords => "negativeKeywordIdFilter",
            Self::CampaignNegativeTargets => "campaignNegativeTargetIdFilter",
            Self::NegativeTargets => "negativeTargetIdFilter",
        }
    }

    /// The key of an item's id in update items.
    pub(super) fn item_id(self) -> &'static str {
        match self {
            Self::Campaigns => "campaignId",
            Self::AdGroups => "adGroupId",
            Self::Keywords | Self::CampaignNegativeKeywords | Self::NegativeKeywords => "keywordId",
            Self::Targets | Self::CampaignNegativeTargets | Self::NegativeTargets => "targetId",
        }
    }

    /// The spec's operation id for a verb: `List`, `Create`, `Update`, `Delete`.
    pub(super) fn operation(self, verb: &str) -> CompactString {
        let noun = match self {
            Self::Campaigns => "Campaigns",
            Self::AdGroups => "AdGroups",
            Self::Keywords => "Keywords",
            Self::Targets => "TargetingClauses",
            Self::CampaignNegativeKeywords => "CampaignNegativeKeywords",
            Self::NegativeKeywords => "NegativeKeywords",
            Self::CampaignNegativeTargets => "CampaignNegativeTargetingClauses",
            Self::NegativeTargets => "NegativeTargetingClauses",
        };
        CompactString::from(format!("{verb}SponsoredProducts{noun}"))
    }
}
