//! Rows as parcels hold them: borrowed texts, our words in a byte, the platform's words in a list. Grouping,
//! order and meaning are [`merge`](super::merge)'s.

use jiff::Timestamp;

use crate::domain::campaign::{AdGroup, ParentState};
use crate::domain::ids::CampaignId;
use crate::domain::keyword::{Keyword, PositiveMatch};
use crate::domain::negative::{Kind, Level, MatchType, Negative, State};
use crate::domain::text::Text;
use crate::store::codec::{Decoder, Encoder, broken};
use crate::store::error::Result;

/// A row that lies under a campaign or one of its ad groups.
pub(crate) trait Row<'a>: Clone {
    /// What tells it from the other rows of its campaign.
    type Key: Ord + std::hash::Hash;

    fn key(&self) -> Self::Key;
    fn ad_group(&self) -> Option<&'a str>;
    fn text(&self) -> &'a str;
    fn id(&self) -> &'a str;
    fn native_state(&self) -> &'a str;
    /// Writes all but its ad group and the platform's word for its state.
    fn put(&self, out: &mut Encoder);
    /// Reads what [`Row::put`] wrote.
    fn take(from: &mut Decoder<'a>, ad_group: Option<&'a str>, native_state: &'a str) -> Result<Self>;
}

/// A negative in a parcel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct NegativeRow<'a> {
    pub ad_group: Option<&'a str>,
    pub id: &'a str,
    pub kind: Kind,
    pub match_type: Option<MatchType>,
    pub state: State,
    pub native_state: &'a str,
    pub text: &'a str,
    pub brand_name: Option<&'a str>,
    pub created: Option<Timestamp>,
    /// Days since 1970-01-01.
    pub first_seen: i32,
}

impl<'a> NegativeRow<'a> {
    /// A negative as the platform told it, not seen before `first_seen`.
    pub(crate) fn of(negative: &'a Negative, first_seen: i32) -> Self {
        Self {
            ad_group: negative.ad_group.as_ref().map(crate::domain::ids::AdGroupId::raw),
            id: negative.id.raw(),
            kind: negative.kind,
            match_type: negative.match_type,
            state: negative.state,
            native_state: negative.native_state.raw(),
            text: negative.text.raw(),
            brand_name: negative.brand_name.as_ref().map(Text::raw),
            created: negative.created,
            first_seen,
        }
    }

    /// The negative as the domain has it.
    pub(crate) fn negative(&self, campaign: &CampaignId) -> Negative {
        Negative {
            id: self.id.into(),
            kind: self.kind,
            campaign: campaign.clone(),
            ad_group: self.ad_group.map(Into::into),
            text: self.text.into(),
            brand_name: self.brand_name.map(Into::into),
            match_type: self.match_type,
            state: self.state,
            native_state: self.native_state.into(),
            created: self.created,
        }
    }
}

impl<'a> Row<'a> for NegativeRow<'a> {
    type Key = (Kind, Level, &'a str);

    fn key(&self) -> Self::Key {
        (self.kind, if self.ad_group.is_some() { Level::AdGroup } else { Level::Campaign }, self.id)
    }

    fn ad_group(&self) -> Option<&'a str> {
        self.ad_group
    }

    fn text(&self) -> &'a str {
        self.text
    }

    fn id(&self) -> &'a str {
        self.id
    }

    fn native_state(&self) -> &'a str {
        self.native_state
    }

    fn put(&self, out: &mut Encoder) {
        let kind = match self.kind {
            Kind::Keyword => 0,
            Kind::Product => 1,
            Kind::Brand => 2,
        };
        let matched = match self.match_type {
            None => 0,
            Some(MatchType::Exact) => 1,
            Some(MatchType::Phrase) => 2,
        };
        let state = match self.state {
            State::Enabled => 0,
            State::Paused => 1,
            State::Archived => 2,
        };
        let has = u8::from(self.brand_name.is_some()) << 6 | u8::from(self.created.is_some()) << 7;
        out.byte(kind | matched << 2 | state << 4 | has);
        out.text(self.id);
        out.text(self.text);
        out.signed(self.first_seen.into());
        if let Some(name) = self.brand_name {
            out.text(name);
        }
        if let Some(created) = self.created {
            out.signed(created.as_second());
            out.signed(created.subsec_nanosecond().into());
        }
    }

    fn take(from: &mut Decoder<'a>, ad_group: Option<&'a str>, native_state: &'a str) -> Result<Self> {
        let bits = from.byte()?;
        Ok(Self {
            ad_group,
            native_state,
            kind: match bits & 3 {
                0 => Kind::Keyword,
                1 => Kind::Product,
                2 => Kind::Brand,
                _ => return Err(broken()),
            },
            match_type: match bits >> 2 & 3 {
                0 => None,
                1 => Some(MatchType::Exact),
                2 => Some(MatchType::Phrase),
                _ => return Err(broken()),
            },
            state: match bits >> 4 & 3 {
                0 => State::Enabled,
                1 => State::Paused,
                2 => State::Archived,
                _ => return Err(broken()),
            },
            id: from.text()?,
            text: from.text()?,
            first_seen: i32::try_from(from.signed()?).map_err(|_| broken())?,
            brand_name: if bits & 1 << 6 == 0 { None } else { Some(from.text()?) },
            created: if bits & 1 << 7 == 0 { None } else { Some(time(from)?) },
        })
    }
}

fn time(from: &mut Decoder<'_>) -> Result<Timestamp> {
    let (second, nanosecond) = (from.signed()?, i32::try_from(from.signed()?).map_err(|_| broken())?);
    Timestamp::new(second, nanosecond).map_err(|_| broken())
}

/// A positive keyword or target in a parcel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct KeywordRow<'a> {
    pub ad_group: &'a str,
    pub id: &'a str,
    pub text: &'a str,
    pub match_type: PositiveMatch,
    pub state: ParentState,
    pub native_state: &'a str,
}

impl<'a> KeywordRow<'a> {
    /// A keyword as the platform told it.
    pub(crate) fn of(keyword: &'a Keyword) -> Self {
        Self {
            ad_group: keyword.ad_group.raw(),
            id: keyword.id.raw(),
            text: keyword.text.raw(),
            match_type: keyword.match_type,
            state: keyword.state,
            native_state: keyword.native_state.raw(),
        }
    }

    /// The keyword as the domain has it.
    pub(crate) fn keyword(&self, campaign: &CampaignId) -> Keyword {
        Keyword {
            id: self.id.into(),
            campaign: campaign.clone(),
            ad_group: self.ad_group.into(),
            text: self.text.into(),
            match_type: self.match_type,
            state: self.state,
            native_state: self.native_state.into(),
        }
    }
}

impl<'a> Row<'a> for KeywordRow<'a> {
    // Keywords and product targets come from lists with numbers of their own.
    type Key = (bool, &'a str);

    fn key(&self) -> Self::Key {
        (
            matches!(self.match_type, PositiveMatch::Exact | PositiveMatch::Phrase | PositiveMatch::Broad),
            self.id,
        )
    }

    fn ad_group(&self) -> Option<&'a str> {
        Some(self.ad_group)
    }

    fn text(&self) -> &'a str {
        self.text
    }

    fn id(&self) -> &'a str {
        self.id
    }

    fn native_state(&self) -> &'a str {
        self.native_state
    }

    fn put(&self, out: &mut Encoder) {
        let matched = match self.match_type {
            PositiveMatch::Exact => 0,
            PositiveMatch::Phrase => 1,
            PositiveMatch::Broad => 2,
            PositiveMatch::Product => 3,
            PositiveMatch::Other => 4,
        };
        out.byte(matched | parent_state(self.state) << 4);
        out.text(self.id);
        out.text(self.text);
    }

    fn take(from: &mut Decoder<'a>, ad_group: Option<&'a str>, native_state: &'a str) -> Result<Self> {
        let bits = from.byte()?;
        Ok(Self {
            ad_group: ad_group.ok_or_else(broken)?,
            native_state,
            match_type: match bits & 7 {
                0 => PositiveMatch::Exact,
                1 => PositiveMatch::Phrase,
                2 => PositiveMatch::Broad,
                3 => PositiveMatch::Product,
                4 => PositiveMatch::Other,
                _ => return Err(broken()),
            },
            state: parent_state_of(bits >> 4)?,
            id: from.text()?,
            text: from.text()?,
        })
    }
}

/// An ad group in a parcel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct AdGroupRow<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub state: ParentState,
    pub native_state: &'a str,
}

impl<'a> AdGroupRow<'a> {
    /// An ad group as the platform told it.
    pub(crate) fn of(group: &'a AdGroup) -> Self {
        Self {
            id: group.id.raw(),
            name: group.name.raw(),
            state: group.state,
            native_state: group.native_state.raw(),
        }
    }

    /// Stands for an ad group that the listing did not name, although something lies in it.
    pub(crate) fn unnamed(id: &'a str) -> Self {
        Self { id, name: id, state: ParentState::Enabled, native_state: "" }
    }

    pub(crate) fn put(&self, out: &mut Encoder) {
        out.byte(parent_state(self.state));
        out.text(self.id);
        out.text(self.name);
        out.text(self.native_state);
    }

    pub(crate) fn take(from: &mut Decoder<'a>) -> Result<Self> {
        Ok(Self {
            state: parent_state_of(from.byte()?)?,
            id: from.text()?,
            name: from.text()?,
            native_state: from.text()?,
        })
    }
}

fn parent_state(state: ParentState) -> u8 {
    match state {
        ParentState::Enabled => 0,
        ParentState::Paused => 1,
        ParentState::Archived => 2,
        ParentState::Ended => 3,
    }
}

fn parent_state_of(bits: u8) -> Result<ParentState> {
    match bits {
        0 => Ok(ParentState::Enabled),
        1 => Ok(ParentState::Paused),
        2 => Ok(ParentState::Archived),
        3 => Ok(ParentState::Ended),
        _ => Err(broken()),
    }
}
