//! Entities as the Sponsored Products v3 spec writes them. All ids are strings there, money is a number in the profile's currency.
//! Only shapes: what is listed is decided in `list.rs`, the shapes of writes' results are in `items.rs`.

use std::collections::HashMap;

use serde::{Serialize, Serializer};

use super::super::model::{Brand, Match, Negative, NegativeKind};
use super::serving::ExtendedData;

/// A native id, written as a string.
#[derive(Debug, Clone, Copy)]
pub struct Id(pub u64);

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// Cents, written as a number of the currency's unit.
#[derive(Debug, Clone, Copy)]
pub struct Cents(pub u32);

impl Serialize for Cents {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(f64::from(self.0) / 100.0)
    }
}

/// `Campaign`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CampaignOut<'a> {
    pub campaign_id: Id,
    pub name: &'a str,
    pub state: &'a str,
    pub targeting_type: &'a str,
    pub start_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<String>,
    pub budget: Budget,
    pub dynamic_bidding: Bidding,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended_data: Option<ExtendedData>,
}

/// `Budget`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Budget {
    pub budget: Cents,
    pub budget_type: &'static str,
}

/// `DynamicBidding`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Bidding {
    pub strategy: &'static str,
    pub placement_bidding: [(); 0],
}

/// `AdGroup`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AdGroupOut<'a> {
    pub ad_group_id: Id,
    pub campaign_id: Id,
    pub name: &'a str,
    pub state: &'a str,
    pub default_bid: Cents,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended_data: Option<ExtendedData>,
}

/// `Keyword`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeywordOut<'a> {
    pub keyword_id: Id,
    pub campaign_id: Id,
    pub ad_group_id: Id,
    pub keyword_text: &'a str,
    pub match_type: &'static str,
    pub state: &'a str,
    pub bid: Cents,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended_data: Option<ExtendedData>,
}

/// `TargetingClause`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TargetOut<'a> {
    pub target_id: Id,
    pub campaign_id: Id,
    pub ad_group_id: Id,
    pub expression: [Predicate<'a>; 1],
    pub resolved_expression: [Predicate<'a>; 1],
    pub expression_type: &'static str,
    pub state: &'a str,
    pub bid: Cents,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended_data: Option<ExtendedData>,
}

/// An expression's predicate.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Predicate<'a> {
    #[serde(rename = "type")]
    pub kind: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub value: &'a str,
}

/// `NegativeKeyword`, `CampaignNegativeKeyword`, `NegativeTargetingClause` or `CampaignNegativeTargetingClause`.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum NegativeOut<'a> {
    Keyword(NegativeKeywordOut<'a>),
    Clause(NegativeClauseOut<'a>),
}

/// Without an ad group it is a `CampaignNegativeKeyword`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NegativeKeywordOut<'a> {
    keyword_id: Id,
    campaign_id: Id,
    #[serde(skip_serializing_if = "Option::is_none")]
    ad_group_id: Option<Id>,
    keyword_text: &'a str,
    match_type: &'static str,
    state: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    extended_data: Option<ExtendedData>,
}

/// Without an ad group it is a `CampaignNegativeTargetingClause`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NegativeClauseOut<'a> {
    target_id: Id,
    campaign_id: Id,
    #[serde(skip_serializing_if = "Option::is_none")]
    ad_group_id: Option<Id>,
    expression: [Predicate<'a>; 1],
    resolved_expression: [Predicate<'a>; 1],
    state: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    extended_data: Option<ExtendedData>,
}

/// Brand names by id.
pub type Brands<'a> = HashMap<&'a str, &'a str>;

/// The names of all brands.
pub fn brand_names(brands: &[Brand]) -> Brands<'_> {
    brands.iter().map(|brand| (brand.id.as_str(), brand.name.as_str())).collect()
}

/// A negative in the state that is to be shown.
pub fn negative<'a>(
    negative: &'a Negative,
    state: &'a str,
    brands: &Brands<'a>,
    extended_data: Option<ExtendedData>,
) -> NegativeOut<'a> {
    let (id, campaign_id) = (Id(negative.id), Id(negative.campaign_id));
    let ad_group_id = negative.ad_group_id.map(Id);
    let value = negative.text.as_str();
    let (kind, resolved) = match negative.kind {
        NegativeKind::Keyword => {
            return NegativeOut::Keyword(NegativeKeywordOut {
                keyword_id: id,
                campaign_id,
                ad_group_id,
                keyword_text: value,
                match_type: negative_match_word(negative.matching),
                state,
                extended_data,
            });
        }
        NegativeKind::Product => ("ASIN_SAME_AS", value),
        // Resolved, a brand is its name; in the expression it is its id.
        NegativeKind::Brand => ("ASIN_BRAND_SAME_AS", brands.get(value).copied().unwrap_or(value)),
    };
    NegativeOut::Clause(NegativeClauseOut {
        target_id: id,
        campaign_id,
        ad_group_id,
        expression: [Predicate { kind, value }],
        resolved_expression: [Predicate { kind, value: resolved }],
        state,
        extended_data,
    })
}

/// The spec's `NegativeMatchType`.
pub fn negative_match_word(matching: Option<Match>) -> &'static str {
    match matching {
        Some(Match::Exact) => "NEGATIVE_EXACT",
        Some(Match::Phrase) => "NEGATIVE_PHRASE",
        Some(Match::Broad) => "NEGATIVE_BROAD",
        None => "OTHER",
    }
}

/// The spec's `MatchType`.
pub fn match_word(matching: Match) -> &'static str {
    match matching {
        Match::Exact => "EXACT",
        Match::Phrase => "PHRASE",
        Match::Broad => "BROAD",
    }
}
