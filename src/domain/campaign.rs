//! Campaigns and ad groups: what negatives are attached to.

use serde::{Deserialize, Serialize};

use super::ids::{AdGroupId, CampaignId};
use super::text::Text;
use super::words::words;

words! {
    /// A campaign's or ad group's state in our words; the platform's own word is kept beside it.
    pub enum ParentState {
        /// It runs, or may run any time.
        Enabled,
        /// It waits: paused, scheduled, in draft.
        Paused,
        /// It was archived or deleted.
        Archived,
        /// Its end has passed.
        Ended,
    }
}

impl ParentState {
    /// Whether a negative under it can block: neither archived nor ended.
    pub fn carries(self) -> bool {
        matches!(self, Self::Enabled | Self::Paused)
    }
}

words! {
    /// How a campaign finds its searches.
    pub enum Targeting {
        /// By keywords and targets that the advertiser chose.
        Manual,
        /// By the platform's own choice.
        Auto,
        /// The platform's word is not known to us.
        Unknown,
    }
}

words! {
    /// What negatives can do in a campaign.
    pub enum Holds {
        /// They are taken and block.
        Yes,
        /// They are taken and have no effect (search brand amplifier at Sam's Club).
        Inert,
        /// The platform refuses them (smart targeting, cost-per-sale or off-site campaigns at eBay).
        No,
    }
}

/// One campaign as the platform told it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    /// Its id on the platform.
    pub id: CampaignId,
    /// Its name.
    pub name: Text,
    /// Our word for its state; an end date that has passed makes it `Ended`.
    pub state: ParentState,
    /// The platform's own word for its state.
    pub native_state: Text,
    /// How it finds its searches.
    pub targeting: Targeting,
    /// The platform's own word for what sort of campaign it is, such as `MANUAL` or `sba`.
    pub native_type: Text,
    /// What negatives can do in it.
    pub holds: Holds,
}

/// One ad group as the platform told it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdGroup {
    /// Its id on the platform.
    pub id: AdGroupId,
    /// Its campaign.
    pub campaign: CampaignId,
    /// Its name.
    pub name: Text,
    /// Our word for its state.
    pub state: ParentState,
    /// The platform's own word for its state.
    pub native_state: Text,
}
