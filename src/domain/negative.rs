//! A negative: a keyword, product or brand that must not trigger an ad.

use serde::{Deserialize, Serialize};

use super::ids::{AdGroupId, CampaignId, NegativeId};
use super::text::Text;
use super::words::words;

words! {
    /// What a negative names.
    pub enum Kind {
        /// Words of a search.
        Keyword,
        /// A product, by its ASIN.
        Product,
        /// A brand, by its id.
        Brand,
    }
}

words! {
    /// How a keyword's text is compared with a search term.
    pub enum MatchType {
        /// The whole search term.
        Exact,
        /// A contiguous run of the search term's words.
        Phrase,
    }
}

words! {
    /// Where a negative is attached.
    pub enum Level {
        /// It reaches every ad group of the campaign.
        Campaign,
        /// It reaches its own ad group.
        AdGroup,
    }
}

words! {
    /// A negative's state in our words; the platform's own word is kept beside it.
    pub enum State {
        /// It blocks, if its campaign and ad group are live.
        Enabled,
        /// Switched off.
        Paused,
        /// Gone for good.
        Archived,
    }
}

/// What tells one negative of an account from another: native ids alone are unique on no platform.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NegativeKey {
    /// What it names.
    pub kind: Kind,
    /// Where it is attached.
    pub level: Level,
    /// Its id on the platform.
    pub id: NegativeId,
}

/// One negative as the platform told it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Negative {
    /// Its id on the platform.
    pub id: NegativeId,
    /// What it names.
    pub kind: Kind,
    /// Its campaign.
    pub campaign: CampaignId,
    /// Its ad group; `None` at campaign level.
    pub ad_group: Option<AdGroupId>,
    /// Keyword text, ASIN, or brand id.
    pub text: Text,
    /// A brand's name, where the platform told it.
    pub brand_name: Option<Text>,
    /// How a keyword matches; `None` for products and brands, and where the platform's word is unknown.
    pub match_type: Option<MatchType>,
    /// Our word for its state.
    pub state: State,
    /// The platform's own word for its state.
    pub native_state: Text,
    /// When the platform says it was made, where it says so.
    pub created: Option<jiff::Timestamp>,
}

impl Negative {
    /// Where it is attached.
    pub fn level(&self) -> Level {
        if self.ad_group.is_some() { Level::AdGroup } else { Level::Campaign }
    }

    /// What tells it from the others of its account.
    pub fn key(&self) -> NegativeKey {
        NegativeKey { kind: self.kind, level: self.level(), id: self.id.clone() }
    }
}
