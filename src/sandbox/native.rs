//! The platforms' own words for the usual states and types, for whoever makes campaigns, ad groups and negatives here.
//! What a word of a platform means in common terms is told in `control/words.rs`.

use super::platform::Platform;

/// A platform's words.
#[derive(Debug, Clone, Copy)]
pub struct Native {
    /// A running campaign.
    pub campaign_on: &'static str,
    /// A paused campaign.
    pub campaign_paused: &'static str,
    /// A campaign that is over; none: the word stays and the end date has passed.
    pub campaign_ended: Option<&'static str>,
    /// An archived campaign that lists still give.
    pub campaign_archived: Option<&'static str>,
    /// A running ad group.
    pub group_on: &'static str,
    /// A paused ad group.
    pub group_paused: &'static str,
    /// An archived ad group.
    pub group_archived: &'static str,
    /// A live keyword, target or negative.
    pub on: &'static str,
    /// A positive keyword that is switched off.
    pub keyword_paused: &'static str,
    /// A negative that is switched off and can be switched on again.
    pub off: Option<&'static str>,
    /// An archived negative.
    pub archived: Option<&'static str>,
    /// Manual targeting.
    pub manual: &'static str,
    /// Automatic targeting.
    pub auto: &'static str,
    /// The type of a campaign that can hold negatives.
    pub kind: &'static str,
    /// Where such a campaign shows its ads.
    pub channel: &'static str,
}

impl Native {
    /// A platform's words.
    pub fn of(platform: Platform) -> Self {
        match platform {
            Platform::Amazon => AMAZON,
            Platform::Ebay => EBAY,
            Platform::Sams => SAMS,
        }
    }
}

const AMAZON: Native = Native {
    campaign_on: "ENABLED",
    campaign_paused: "PAUSED",
    campaign_ended: None,
    campaign_archived: Some("ARCHIVED"),
    group_on: "ENABLED",
    group_paused: "PAUSED",
    group_archived: "ARCHIVED",
    on: "ENABLED",
    keyword_paused: "PAUSED",
    off: Some("PAUSED"),
    archived: Some("ARCHIVED"),
    manual: "MANUAL",
    auto: "AUTO",
    kind: "",
    channel: "",
};

const EBAY: Native = Native {
    campaign_on: "RUNNING",
    campaign_paused: "PAUSED",
    campaign_ended: Some("ENDED"),
    campaign_archived: None,
    group_on: "ACTIVE",
    group_paused: "PAUSED",
    group_archived: "ARCHIVED",
    on: "ACTIVE",
    keyword_paused: "PAUSED",
    off: None,
    archived: Some("ARCHIVED"),
    manual: "MANUAL",
    auto: "SMART",
    kind: "COST_PER_CLICK",
    channel: "ON_SITE",
};

// Positives of Sam's have `paused`, its negatives `disabled`: two sets of words on one platform.
const SAMS: Native = Native {
    campaign_on: "live",
    campaign_paused: "paused",
    campaign_ended: Some("completed"),
    campaign_archived: None,
    group_on: "enabled",
    group_paused: "disabled",
    group_archived: "deleted",
    on: "enabled",
    keyword_paused: "paused",
    off: Some("disabled"),
    archived: None,
    manual: "manual",
    auto: "auto",
    kind: "sponsoredProducts",
    channel: "",
};
