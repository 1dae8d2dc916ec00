//! What tells the eight lists and the four kinds of negatives apart: paths, media types, keys.
//! Names are those of the Sponsored Products v3 spec, odd ones included; behaviour is in `list.rs` and `write.rs`.

use super::super::model::Pool;

/// What a list's text filter is called, and whether it has to say how it matches.
#[derive(Debug, Clone, Copy)]
pub struct TextKey {
    /// Key in the request.
    pub key: &'static str,
    /// Whether `queryTermMatchType` is required.
    pub needs_type: bool,
}

/// A list operation.
#[derive(Debug)]
pub struct List {
    /// Path.
    pub path: &'static str,
    /// Media type of request and answer.
    pub media: &'static str,
    /// Key of the array in the answer.
    pub key: &'static str,
    /// Key of the filter by its own ids (at most 1,000).
    pub own_ids: &'static str,
    /// Whether there is a filter by ad groups (at most 100).
    pub by_ad_group: bool,
    /// The filter by name, text or ASIN.
    pub text: TextKey,
    /// The words of `matchTypeFilter`; none where there is no such filter.
    pub match_words: &'static [&'static str],
}

const KEYWORD_MATCH: [&str; 4] = ["BROAD", "EXACT", "OTHER", "PHRASE"];
const NEGATIVE_MATCH: [&str; 4] = ["NEGATIVE_BROAD", "NEGATIVE_EXACT", "NEGATIVE_PHRASE", "OTHER"];

const fn text(key: &'static str) -> TextKey {
    TextKey { key, needs_type: true }
}

const fn loose_text(key: &'static str) -> TextKey {
    TextKey { key, needs_type: false }
}

/// Path of the list of campaigns.
pub const CAMPAIGNS: &str = "/sp/campaigns/list";
/// Path of the list of ad groups.
pub const AD_GROUPS: &str = "/sp/adGroups/list";
/// Path of the list of positive keywords.
pub const KEYWORDS: &str = "/sp/keywords/list";
/// Path of the list of positive targets.
pub const TARGETS: &str = "/sp/targets/list";

/// The lists of what is no negative.
pub static ENTITIES: [List; 4] = [
    List {
        path: CAMPAIGNS,
        media: "application/vnd.spCampaign.v3+json",
        key: "campaigns",
        own_ids: "campaignIdFilter",
        by_ad_group: false,
        text: loose_text("nameFilter"),
        match_words: &[],
    },
    List {
        path: AD_GROUPS,
        media: "application/vnd.spAdGroup.v3+json",
        key: "adGroups",
        own_ids: "adGroupIdFilter",
        by_ad_group: false,
        text: loose_text("nameFilter"),
        match_words: &[],
    },
    List {
        path: KEYWORDS,
        media: "application/vnd.spKeyword.v3+json",
        key: "keywords",
        own_ids: "keywordIdFilter",
        by_ad_group: true,
        text: text("keywordTextFilter"),
        match_words: &KEYWORD_MATCH,
    },
    List {
        path: TARGETS,
        media: "application/vnd.spTargetingClause.v3+json",
        key: "targetingClauses",
        own_ids: "targetIdFilter",
        by_ad_group: true,
        text: loose_text("asinFilter"),
        match_words: &[],
    },
];

/// One of the four kinds of negatives.
#[derive(Debug)]
pub struct Negatives {
    /// Its list operation; the key of the array is that of writes, too.
    pub list: List,
    /// Path of create and update.
    pub path: &'static str,
    /// Path of delete, which archives.
    pub delete_path: &'static str,
    /// Where the core keeps them.
    pub pool: Pool,
    /// Key of the id in an update's item.
    pub item_id: &'static str,
    /// Key of the id in a success.
    pub success_id: &'static str,
    /// Key of the whole object in a success.
    pub representation: &'static str,
    /// Word of the spec's `EntityType`.
    pub entity: &'static str,
}

/// The four kinds of negatives.
pub static NEGATIVES: [Negatives; Pool::COUNT] = [
    Negatives {
        list: List {
            path: "/sp/negativeKeywords/list",
            media: "application/vnd.spNegativeKeyword.v3+json",
            key: "negativeKeywords",
            own_ids: "negativeKeywordIdFilter",
            by_ad_group: true,
            text: text("negativeKeywordTextFilter"),
            match_words: &NEGATIVE_MATCH,
        },
        path: "/sp/negativeKeywords",
        delete_path: "/sp/negativeKeywords/delete",
        pool: Pool::GroupKeyword,
        item_id: "keywordId",
        success_id: "negativeKeywordId",
        representation: "negativeKeyword",
        entity: "NEGATIVE_KEYWORD",
    },
    Negatives {
        list: List {
            path: "/sp/campaignNegativeKeywords/list",
            media: "application/vnd.spCampaignNegativeKeyword.v3+json",
            key: "campaignNegativeKeywords",
            own_ids: "campaignNegativeKeywordIdFilter",
            by_ad_group: false,
            text: text("campaignNegativeKeywordTextFilter"),
            match_words: &NEGATIVE_MATCH,
        },
        path: "/sp/campaignNegativeKeywords",
        delete_path: "/sp/campaignNegativeKeywords/delete",
        pool: Pool::CampaignKeyword,
        item_id: "keywordId",
        success_id: "campaignNegativeKeywordId",
        representation: "campaignNegativeKeyword",
        entity: "CAMPAIGN_NEGATIVE_KEYWORD",
    },
    Negatives {
        list: List {
            path: "/sp/negativeTargets/list",
            media: "application/vnd.spNegativeTargetingClause.v3+json",
            key: "negativeTargetingClauses",
            own_ids: "negativeTargetIdFilter",
            by_ad_group: true,
            text: loose_text("asinFilter"),
            match_words: &[],
        },
        path: "/sp/negativeTargets",
        delete_path: "/sp/negativeTargets/delete",
        pool: Pool::GroupTarget,
        item_id: "targetId",
        success_id: "targetId",
        representation: "negativeTargetingClause",
        entity: "NEGATIVE_TARGETING_CLAUSE",
    },
    Negatives {
        list: List {
            path: "/sp/campaignNegativeTargets/list",
            media: "application/vnd.spCampaignNegativeTargetingClause.v3+json",
            key: "campaignNegativeTargetingClauses",
            own_ids: "campaignNegativeTargetIdFilter",
            by_ad_group: false,
            text: loose_text("asinFilter"),
            match_words: &[],
        },
        path: "/sp/campaignNegativeTargets",
        delete_path: "/sp/campaignNegativeTargets/delete",
        pool: Pool::CampaignTarget,
        item_id: "targetId",
        success_id: "campaignNegativeTargetingClauseId",
        // A plural name that holds one object: so in the spec (CampaignNegativeTargetingClauseSuccessResponseItem).
        representation: "campaignNegativeTargetingClauses",
        entity: "CAMPAIGN_NEGATIVE_TARGETING_CLAUSE",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pool_has_its_kind_of_negatives_at_its_place() {
        for (kind, pool) in NEGATIVES.iter().zip(Pool::ALL) {
            assert_eq!(kind.pool, pool);
            assert_eq!(kind.list.by_ad_group, !pool.is_campaign_level());
            assert_eq!(kind.list.path, format!("{}/list", kind.path));
            assert_eq!(kind.delete_path, format!("{}/delete", kind.path));
        }
    }
}
