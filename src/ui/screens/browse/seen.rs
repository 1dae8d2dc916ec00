//! One row as a person sees it: a negative of the snapshot, a staged addition, or a row of the opening, all in
//! one shape. Made only for the rows in sight and for those that an action is about.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::account::Identity;
use crate::domain::campaign::{Holds, ParentState};
use crate::domain::catalog::{Catalog, IdleReason, Liveness, Mark, NegIx, Overlay, Row};
use crate::domain::change::NewNegative;
use crate::domain::negative::{Kind, Level, MatchType, Negative, State};
use crate::domain::text::Text;
use crate::ui::msg::{self, RowId};

/// A negative that is there, or that is to be made.
#[derive(Clone, Debug, PartialEq)]
pub enum Thing {
    /// It is there.
    Existing(Negative),
    /// It is staged, by this number.
    New(u64, NewNegative),
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// Its account.
    pub account: Identity,
    /// What it is.
    pub thing: Thing,
    /// Its campaign's name.
    pub campaign: Text,
    /// Its campaign's state.
    pub campaign_state: ParentState,
    /// How many ad groups its campaign has; 0 where that is not known yet.
    pub groups: usize,
    /// Its ad group's name and state; `None` at campaign level.
    pub ad_group: Option<(Text, ParentState)>,
    /// Why it would block nothing although enabled.
    pub idle: Option<&'static str>,
    /// The day of the first snapshot that held it.
    pub first_seen: Option<Date>,
    /// What is staged for it, with the number.
    pub staged: Option<(u64, Mark)>,
}

impl Seen {
    /// A negative of a snapshot.
    pub fn existing(catalog: &Catalog, overlay: &Overlay, ix: NegIx) -> Self {
        let view = catalog.negative(ix);
        let campaign = view.campaign();
        Self {
            account: view.account().identity.clone(),
            thing: Thing::Existing(view.to_negative()),
            campaign: Text::from(campaign.name_raw()),
            campaign_state: campaign.state(),
            groups: campaign.ad_group_count(),
            ad_group: view.ad_group().map(|group| (Text::from(group.name_raw()), group.state())),
            idle: match view.liveness() {
                Liveness::Idle(reason) => Some(reason.says()),
                _ => None,
            },
            first_seen: view.first_seen(),
            staged: overlay.on(ix).map(|staged| (staged.number, staged.mark)),
        }
    }

    /// A staged addition; `None` when it is not staged any more.
    pub fn added(catalog: &Catalog, overlay: &Overlay, number: u64) -> Option<Self> {
        let added = overlay.addition(number)?;
        let campaign = catalog.campaign(added.campaign);
        let group = added.ad_group.map(|ix| catalog.ad_group(ix));
        Some(Self {
            account: catalog.account(added.account).identity.clone(),
            thing: Thing::New(number, added.new.clone()),
            campaign: Text::from(campaign.name_raw()),
            campaign_state: campaign.state(),
            groups: campaign.ad_group_count(),
            ad_group: group.map(|group| (Text::from(group.name_raw()), group.state())),
            idle: catalog.idle(added.campaign, added.ad_group).map(IdleReason::says),
            first_seen: None,
            staged: None,
        })
    }

    /// A row of a result.
    pub fn of(catalog: &Catalog, overlay: &Overlay, row: Row) -> Option<Self> {
        match row {
            Row::Existing(ix) => Some(Self::existing(catalog, overlay, ix)),
            Row::Added(number) => Self::added(catalog, overlay, number),
        }
    }

    /// A row of the opening.
    pub fn opening(row: &msg::Row) -> Self {
        let reason = match (row.campaign_state, row.ad_group.as_ref().map(|(_, state)| *state)) {
            (ParentState::Archived, _) => Some(IdleReason::CampaignArchived),
            (ParentState::Ended, _) => Some(IdleReason::CampaignEnded),
            (_, Some(ParentState::Archived)) => Some(IdleReason::AdGroupArchived),
            (_, Some(ParentState::Ended)) => Some(IdleReason::AdGroupEnded),
            _ => match row.campaign_holds {
                Holds::Yes => None,
                Holds::Inert => Some(IdleReason::Inert),
                Holds::No => Some(IdleReason::HoldsNone),
            },
        };
        Self {
            account: row.account.clone(),
            thing: Thing::Existing(row.negative.clone()),
            campaign: row.campaign.clone(),
            campaign_state: row.campaign_state,
            groups: 0,
            ad_group: row.ad_group.clone(),
            idle: reason.filter(|_| row.negative.state == State::Enabled).map(IdleReason::says),
            first_seen: row.first_seen,
            staged: None,
        }
    }

    /// What tells it from every other row.
    pub fn id(&self) -> RowId {
        match &self.thing {
            Thing::Existing(negative) => RowId::Existing(self.account.clone(), negative.key()),
            Thing::New(number, _) => RowId::Added(*number),
        }
    }

    /// What it names.
    pub fn kind(&self) -> Kind {
        match &self.thing {
            Thing::Existing(negative) => negative.kind,
            Thing::New(_, new) => new.kind,
        }
    }

    /// Where it is attached.
    pub fn level(&self) -> Level {
        if self.ad_group.is_some() { Level::AdGroup } else { Level::Campaign }
    }

    /// Keyword text, ASIN or brand id.
    pub fn text(&self) -> &Text {
        match &self.thing {
            Thing::Existing(negative) => &negative.text,
            Thing::New(_, new) => &new.text,
        }
    }

    /// A brand's name.
    pub fn brand_name(&self) -> Option<&Text> {
        match &self.thing {
            Thing::Existing(negative) => negative.brand_name.as_ref(),
            Thing::New(_, new) => new.brand_name.as_ref(),
        }
    }

    /// The text as a screen may show it; a brand by its name where that is known.
    pub fn shown_text(&self) -> String {
        match self.brand_name() {
            Some(name) => format!("{} ({})", name.shown(), self.text().shown()),
            None => self.text().shown().to_string(),
        }
    }

    /// How a keyword matches.
    pub fn match_type(&self) -> Option<MatchType> {
        match &self.thing {
            Thing::Existing(negative) => negative.match_type,
            Thing::New(_, new) => new.match_type,
        }
    }

    /// Its state, or the one it will be made in.
    pub fn state(&self) -> State {
        match &self.thing {
            Thing::Existing(negative) => negative.state,
            Thing::New(_, new) => new.state,
        }
    }

    /// Since when it is there: made, else first seen.
    pub fn since(&self) -> Option<Date> {
        match &self.thing {
            Thing::Existing(Negative { created: Some(at), .. }) => Some(at.to_zoned(TimeZone::UTC).date()),
            _ => self.first_seen,
        }
    }

    /// The word for how it matches: `exact`, `phrase`, `ASIN`, `brand`.
    pub fn match_word(&self) -> &'static str {
        match (self.kind(), self.match_type()) {
            (Kind::Keyword, Some(match_type)) => match_type.into(),
            (Kind::Keyword, None) => "?",
            (Kind::Product, _) => "ASIN",
            (Kind::Brand, _) => "brand",
        }
    }
}
