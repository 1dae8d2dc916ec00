//! The JSON of the emulated Sam's, field by field as on developer.samsclub.com ("Campaigns", "Ad Groups", "Keywords", "Negative Keywords").
//! Ids are integers, lists and batches are bare arrays.

use serde::{Deserialize, Serialize};

use super::super::model::{AdGroup, Campaign, Keyword, Match, Negative};

/// An item of `GET /api/v1/campaigns`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CampaignItem<'a> {
    campaign_id: u64,
    advertiser_id: u64,
    name: &'a str,
    campaign_type: &'a str,
    targeting_type: &'a str,
    status: &'a str,
    budget_type: &'static str,
    start_date: String,
    end_date: String,
    total_budget: f64,
    daily_budget: f64,
    rollover: bool,
}

impl<'a> CampaignItem<'a> {
    /// A campaign of this advertiser.
    pub fn new(campaign: &'a Campaign, advertiser_id: u64) -> Self {
        Self {
            campaign_id: campaign.id,
            advertiser_id,
            name: &campaign.name,
            campaign_type: &campaign.kind,
            targeting_type: &campaign.targeting,
            status: &campaign.state,
            budget_type: "daily",
            start_date: campaign.start.to_string(),
            // The documented word for "runs on".
            end_date: campaign.end.map_or_else(|| "9999-12-30".to_owned(), |end| end.to_string()),
            total_budget: 0.0,
            daily_budget: dollars(campaign.budget_cents),
            rollover: true,
        }
    }
}

/// An item of `GET /api/v1/adGroups`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AdGroupItem<'a> {
    ad_group_id: u64,
    campaign_id: u64,
    name: &'a str,
    status: &'a str,
}

impl<'a> From<&'a AdGroup> for AdGroupItem<'a> {
    fn from(group: &'a AdGroup) -> Self {
        Self { ad_group_id: group.id, campaign_id: group.campaign_id, name: &group.name, status: &group.state }
    }
}

/// An item of `GET /api/v1/keywords`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeywordItem<'a> {
    campaign_id: u64,
    ad_group_id: u64,
    keyword_id: u64,
    keyword_text: &'a str,
    match_type: &'static str,
    state: &'a str,
    bid: f64,
    status: &'static str,
}

impl<'a> From<&'a Keyword> for KeywordItem<'a> {
    fn from(keyword: &'a Keyword) -> Self {
        Self {
            campaign_id: keyword.campaign_id,
            ad_group_id: keyword.ad_group_id,
            keyword_id: keyword.id,
            keyword_text: &keyword.text,
            match_type: match keyword.matching {
                Match::Broad => "broad",
                Match::Phrase => "phrase",
                Match::Exact => "exact",
            },
            state: &keyword.state,
            bid: dollars(keyword.bid_cents),
            status: "approved",
        }
    }
}

/// An item of `GET /api/v1/negative_keywords`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NegativeItem<'a> {
    campaign_id: u64,
    ad_group_id: u64,
    keyword_id: u64,
    state: &'a str,
    keyword_text: &'a str,
    negative_match_type: &'static str,
}

impl<'a> NegativeItem<'a> {
    /// A negative as lists show it, in this state.
    pub fn new(negative: &'a Negative, state: &'a str) -> Self {
        Self {
            campaign_id: negative.campaign_id,
            ad_group_id: negative.ad_group_id.unwrap_or_default(),
            keyword_id: negative.id,
            state,
            keyword_text: &negative.text,
            negative_match_type: NEGATIVE_EXACT,
        }
    }
}

/// The only match type.
pub const NEGATIVE_EXACT: &str = "negativeExact";

/// An item of `POST /api/v1/negative_keywords`. All fields are required; what is missing fails the item, not the call.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NegativeCreate {
    /// Campaign.
    pub campaign_id: Option<u64>,
    /// Ad group.
    pub ad_group_id: Option<u64>,
    /// `negativeExact`.
    pub negative_match_type: Option<String>,
    /// `enabled` or `disabled`.
    pub state: Option<String>,
    /// Text.
    pub keyword_text: Option<String>,
}

/// An item of `PUT /api/v1/negative_keywords`. Other fields are ignored, as the sibling API documents.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NegativeUpdate {
    /// Which.
    pub keyword_id: Option<u64>,
    /// `enabled` or `disabled`.
    pub state: Option<String>,
}

/// What became of one item.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemResult {
    code: &'static str,
    details: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    keyword_id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    keyword_text: Option<String>,
}

impl ItemResult {
    /// An item of a POST: the documented sample has one space as details.
    pub fn created(text: Option<String>, result: Result<u64, String>) -> Self {
        let (code, details, keyword_id) = match result {
            Ok(id) => ("success", " ".to_owned(), Some(id)),
            Err(details) => ("failure", details, None),
        };
        Self { code, details, keyword_id, keyword_text: text }
    }

    /// An item of a PUT: the documented sample has empty details and no text.
    pub fn updated(id: Option<u64>, result: Result<(), String>) -> Self {
        let (code, details) = match result {
            Ok(()) => ("success", String::new()),
            Err(details) => ("failure", details),
        };
        Self { code, details, keyword_id: id, keyword_text: None }
    }
}

/// Cents as dollars.
fn dollars(cents: u32) -> f64 {
    f64::from(cents) / 100.0
}
