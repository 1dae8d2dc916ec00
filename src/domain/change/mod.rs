//! A staged change: what the user wants of one negative. Nothing is sent from here; see [`plan`](super::plan). What
//! takes a change back is in `inverse`.

mod inverse;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::account::Identity;
use super::ids::{AdGroupId, CampaignId, NegativeId};
use super::negative::{Kind, Level, MatchType, Negative, State};
use super::text::Text;

pub use inverse::{Inverse, Irreversible, Loss};

/// A negative that does not exist yet.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct NewNegative {
    /// What it names.
    pub kind: Kind,
    /// Its campaign.
    pub campaign: CampaignId,
    /// Its ad group; `None` at campaign level.
    pub ad_group: Option<AdGroupId>,
    /// Keyword text, ASIN, or brand id, exactly as it will be sent.
    pub text: Text,
    /// A brand's name, for people.
    pub brand_name: Option<Text>,
    /// How a keyword matches; `None` for products and brands.
    pub match_type: Option<MatchType>,
    /// The state it is made in.
    pub state: State,
}

impl NewNegative {
    /// Where it is attached.
    pub fn level(&self) -> Level {
        if self.ad_group.is_some() { Level::AdGroup } else { Level::Campaign }
    }

    /// What would make such a negative once more, in this state.
    pub fn like(negative: &Negative, state: State) -> Self {
        Self {
            kind: negative.kind,
            campaign: negative.campaign.clone(),
            ad_group: negative.ad_group.clone(),
            text: negative.text.clone(),
            brand_name: negative.brand_name.clone(),
            match_type: negative.match_type,
            state,
        }
    }

    /// The negative that this makes, under the id that the platform gave it.
    pub fn made(&self, id: NegativeId, native_state: impl Into<Text>) -> Negative {
        Negative {
            id,
            kind: self.kind,
            campaign: self.campaign.clone(),
            ad_group: self.ad_group.clone(),
            text: self.text.clone(),
            brand_name: self.brand_name.clone(),
            match_type: self.match_type,
            state: self.state,
            native_state: native_state.into(),
            created: None,
        }
    }
}

/// What is to be done with one negative.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum Change {
    /// Make it.
    Add {
        /// What to make.
        new: NewNegative,
    },
    /// Move it to another state.
    SetState {
        /// The negative as it was seen when this was staged.
        target: Negative,
        /// Where to.
        to: State,
    },
    /// Remove it as far as the platform can: archived, or switched off.
    Remove {
        /// The negative as it was seen when this was staged.
        target: Negative,
    },
}

impl Change {
    /// The word for it in JSON: `add`, `set-state`, `remove`.
    pub fn action(&self) -> &'static str {
        match self {
            Self::Add { .. } => "add",
            Self::SetState { .. } => "set-state",
            Self::Remove { .. } => "remove",
        }
    }

    /// Whether it takes the negative away: a removal, or a move to archived.
    pub fn is_removal(&self) -> bool {
        matches!(self, Self::Remove { .. } | Self::SetState { to: State::Archived, .. })
    }

    /// The existing negative it touches, if any.
    pub fn target(&self) -> Option<&Negative> {
        match self {
            Self::Add { .. } => None,
            Self::SetState { target, .. } | Self::Remove { target } => Some(target),
        }
    }

    /// The campaign it touches.
    pub fn campaign(&self) -> &CampaignId {
        match self {
            Self::Add { new } => &new.campaign,
            Self::SetState { target, .. } | Self::Remove { target } => &target.campaign,
        }
    }

    /// The ad group it touches, if any.
    pub fn ad_group(&self) -> Option<&AdGroupId> {
        match self {
            Self::Add { new } => new.ad_group.as_ref(),
            Self::SetState { target, .. } | Self::Remove { target } => target.ad_group.as_ref(),
        }
    }

    /// The text it is about.
    pub fn text(&self) -> &Text {
        match self {
            Self::Add { new } => &new.text,
            Self::SetState { target, .. } | Self::Remove { target } => &target.text,
        }
    }
}

/// A change in staging. It survives a crash and leaves staging once it is applied or rejected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staged {
    /// Its number, never used again.
    pub number: u64,
    /// The account it was staged for; it is never sent to another.
    pub account: Identity,
    /// What is to be done.
    pub change: Change,
    /// When it was staged.
    pub at: Timestamp,
}
