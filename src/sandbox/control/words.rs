//! What the platforms' own state words mean in common terms, for the rows of `GET /state`.
//! Unknown words are read as paused: nothing is claimed to be live that may not be.

use jiff::civil::Date;

use super::super::model::{AdGroup, Campaign, Negative};
use super::super::platform::Platform;

/// `enabled`, `paused` or `archived`.
pub fn negative(platform: Platform, negative: &Negative) -> &'static str {
    match (platform, negative.state.as_str()) {
        (Platform::Amazon, "ENABLED" | "ENABLING")
        | (Platform::Ebay, "ACTIVE")
        | (Platform::Sams, "enabled") => "enabled",
        (Platform::Amazon, "ARCHIVED" | "USER_DELETED") | (Platform::Ebay, "ARCHIVED") => "archived",
        _ => "paused",
    }
}

/// `enabled`, `paused`, `archived` or `ended`.
pub fn campaign(platform: Platform, campaign: &Campaign, today: Date) -> &'static str {
    match (platform, campaign.state.as_str()) {
        (Platform::Amazon, "ARCHIVED" | "USER_DELETED")
        | (Platform::Ebay, "DELETED")
        | (Platform::Sams, "deleted") => "archived",
        (Platform::Amazon, _) if campaign.end.is_some_and(|end| end < today) => "ended",
        (Platform::Ebay, "ENDED") | (Platform::Sams, "completed") => "ended",
        (Platform::Amazon, "ENABLED" | "ENABLING")
        | (Platform::Ebay, "RUNNING" | "ENDING_SOON")
        | (Platform::Sams, "live") => "enabled",
        _ => "paused",
    }
}

/// `enabled`, `paused` or `archived`.
pub fn ad_group(platform: Platform, group: &AdGroup) -> &'static str {
    match (platform, group.state.as_str()) {
        (Platform::Amazon, "ENABLED" | "ENABLING")
        | (Platform::Ebay, "ACTIVE")
        | (Platform::Sams, "enabled") => "enabled",
        (Platform::Amazon, "ARCHIVED" | "USER_DELETED")
        | (Platform::Ebay, "ARCHIVED")
        | (Platform::Sams, "deleted") => "archived",
        _ => "paused",
    }
}
