//! `extendedData`: times and serving status, which lists give only when they are asked for.
//! Words are the spec's `CampaignServingStatus`, `AdGroupServingStatus` and `KeywordServingStatus`.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::super::model::{AdGroup, Campaign};

/// The `extendedData` of any entity.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExtendedData {
    creation_date_time: String,
    last_update_date_time: String,
    serving_status: &'static str,
    serving_status_details: [Detail; 1],
}

#[derive(Debug, Serialize)]
struct Detail {
    name: String,
}

impl ExtendedData {
    fn new(created: i64, updated: i64, status: &'static str) -> Self {
        Self {
            creation_date_time: time(created),
            last_update_date_time: time(updated),
            serving_status: status,
            serving_status_details: [Detail { name: format!("{status}_DETAIL") }],
        }
    }

    /// With other times.
    pub fn with_times(self, created: i64, updated: i64) -> Self {
        Self { creation_date_time: time(created), last_update_date_time: time(updated), ..self }
    }

    /// For what has no times of its own: those of its campaign's first day.
    pub fn since(campaign: &Campaign, status: &'static str) -> Self {
        let first = super::super::world::noon(campaign.start);
        Self::new(first, first, status)
    }
}

fn time(seconds: i64) -> String {
    Timestamp::from_second(seconds).unwrap_or_default().to_string()
}

/// Of a campaign.
pub fn campaign(campaign: &Campaign, today: Date) -> &'static str {
    match campaign.state.as_str() {
        "ARCHIVED" | "USER_DELETED" => "CAMPAIGN_ARCHIVED",
        _ if campaign.end.is_some_and(|end| end < today) => "ENDED",
        "PAUSED" => "CAMPAIGN_PAUSED",
        _ if campaign.start > today => "PENDING_START_DATE",
        "ENABLED" => "CAMPAIGN_STATUS_ENABLED",
        _ => "OTHER",
    }
}

/// Of an ad group: its own hindrance, else its campaign's.
pub fn ad_group(group: &AdGroup, parent: &Campaign, today: Date) -> &'static str {
    match (group.state.as_str(), campaign(parent, today)) {
        ("ARCHIVED" | "USER_DELETED", _) => "AD_GROUP_ARCHIVED",
        ("PAUSED", "CAMPAIGN_STATUS_ENABLED") => "AD_GROUP_PAUSED",
        ("ENABLED", "CAMPAIGN_STATUS_ENABLED") => "AD_GROUP_STATUS_ENABLED",
        (_, "CAMPAIGN_STATUS_ENABLED") => "OTHER",
        (_, hindrance) => hindrance,
    }
}

/// Of a keyword or clause: its own hindrance, else that of what it hangs on.
pub fn clause(state: &str, group: Option<&AdGroup>, parent: &Campaign, today: Date) -> &'static str {
    let above = group.map_or_else(|| campaign(parent, today), |group| ad_group(group, parent, today));
    match (state, above) {
        ("ARCHIVED" | "USER_DELETED", _) => "TARGETING_CLAUSE_ARCHIVED",
        ("PAUSED", _) => "TARGETING_CLAUSE_PAUSED",
        ("ENABLED", "AD_GROUP_STATUS_ENABLED" | "CAMPAIGN_STATUS_ENABLED") => "TARGETING_CLAUSE_STATUS_LIVE",
        (_, "AD_GROUP_STATUS_ENABLED" | "CAMPAIGN_STATUS_ENABLED") => "OTHER",
        (_, hindrance) => hindrance,
    }
}
