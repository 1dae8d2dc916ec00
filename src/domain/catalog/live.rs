//! Whether a negative blocks, and why an enabled one does not: the words of the state column.

use super::super::campaign::{Holds, ParentState};
use super::super::negative::State;
use super::{AdGroupIx, AdGroupView, AddedRow, CampaignIx, Catalog, NegIx};

/// Why an enabled negative blocks nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IdleReason {
    /// Its campaign was archived or deleted.
    CampaignArchived,
    /// Its campaign has ended.
    CampaignEnded,
    /// Its ad group was archived or deleted.
    AdGroupArchived,
    /// Its ad group has ended.
    AdGroupEnded,
    /// Negatives have no effect in its campaign.
    Inert,
    /// Its campaign takes no negatives.
    HoldsNone,
}

impl IdleReason {
    /// The reason in words.
    pub fn says(self) -> &'static str {
        match self {
            Self::CampaignArchived => "campaign archived",
            Self::CampaignEnded => "campaign ended",
            Self::AdGroupArchived => "ad group archived",
            Self::AdGroupEnded => "ad group ended",
            Self::Inert => "no effect in this sort of campaign",
            Self::HoldsNone => "campaign takes no negatives",
        }
    }
}

/// Whether a negative blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Liveness {
    /// It blocks.
    Live,
    /// It is enabled, and blocks nothing.
    Idle(IdleReason),
    /// It is switched off or archived.
    Off(State),
}

impl Liveness {
    /// The word for the state column: `enabled`, `idle (campaign ended)`, `paused`, `archived`.
    pub fn says(self) -> std::borrow::Cow<'static, str> {
        match self {
            Self::Live => "enabled".into(),
            Self::Idle(reason) => format!("idle ({})", reason.says()).into(),
            Self::Off(state) => <&'static str>::from(state).into(),
        }
    }
}

impl Catalog {
    /// Whether a negative blocks: enabled, its campaign and ad group neither archived nor ended, and the campaign
    /// of a sort in which negatives act.
    pub fn liveness(&self, ix: NegIx) -> Liveness {
        let negative = self.negative(ix);
        if negative.state() != State::Enabled {
            return Liveness::Off(negative.state());
        }
        self.idle(negative.campaign_ix(), negative.ad_group().map(AdGroupView::ix))
            .map_or(Liveness::Live, Liveness::Idle)
    }

    /// Whether a staged addition would block, once it is made.
    pub fn liveness_of_added(&self, added: &AddedRow) -> Liveness {
        match (added.new.state, self.idle(added.campaign, added.ad_group)) {
            (State::Enabled, None) => Liveness::Live,
            (State::Enabled, Some(reason)) => Liveness::Idle(reason),
            (state, _) => Liveness::Off(state),
        }
    }

    /// Why an enabled negative there would block nothing; `None` when it would block.
    pub fn idle(&self, campaign: CampaignIx, ad_group: Option<AdGroupIx>) -> Option<IdleReason> {
        let campaign = self.campaign(campaign);
        let group = ad_group.map(|group| self.ad_group(group).state());
        match (campaign.state(), group, campaign.holds()) {
            (ParentState::Archived, ..) => Some(IdleReason::CampaignArchived),
            (ParentState::Ended, ..) => Some(IdleReason::CampaignEnded),
            (_, Some(ParentState::Archived), _) => Some(IdleReason::AdGroupArchived),
            (_, Some(ParentState::Ended), _) => Some(IdleReason::AdGroupEnded),
            (.., Holds::No) => Some(IdleReason::HoldsNone),
            (.., Holds::Inert) => Some(IdleReason::Inert),
            (.., Holds::Yes) => None,
        }
    }
}
