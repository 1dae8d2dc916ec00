//! Positive keywords and targets: what an advertiser pays to be shown for, and what a negative may block by mistake.

use serde::{Deserialize, Serialize};

use super::campaign::ParentState;
use super::ids::{AdGroupId, CampaignId, KeywordId};
use super::text::Text;
use super::words::words;

words! {
    /// How a positive keyword or target finds its searches.
    pub enum PositiveMatch {
        /// The whole search term.
        Exact,
        /// A run of words in the search term.
        Phrase,
        /// All its words, and what is near them.
        Broad,
        /// A product, by its ASIN.
        Product,
        /// Anything else: categories, brands, automatic groups; kept, never matched.
        Other,
    }
}

/// One positive keyword or product target as the platform told it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keyword {
    /// Its id on the platform.
    pub id: KeywordId,
    /// Its campaign.
    pub campaign: CampaignId,
    /// Its ad group.
    pub ad_group: AdGroupId,
    /// Keyword text or ASIN.
    pub text: Text,
    /// How it matches.
    pub match_type: PositiveMatch,
    /// Our word for its state.
    pub state: ParentState,
    /// The platform's own word for its state.
    pub native_state: Text,
}
