//! Single rows read in place: what a screen or a command shows of a campaign, an ad group, a negative.
//! Nothing is copied but ids, which are short; [`NegativeView::to_negative`] makes a value that outlives the catalog.

use jiff::Timestamp;
use jiff::civil::Date;

use super::super::campaign::{AdGroup, Campaign, Holds, ParentState, Targeting};
use super::super::ids::{AdGroupId, CampaignId, NegativeId};
use super::super::negative::{Kind, Level, MatchType, Negative, NegativeKey, State};
use super::super::text::{Shown, Text, shown};
use super::builder::{NO_TIME, OF_CAMPAIGN};
use super::{AccountIx, AccountRow, AdGroupIx, CampaignIx, Catalog, Counts, Liveness, NegIx, Scope, days};

/// One campaign of a catalog.
#[derive(Clone, Copy, Debug)]
pub struct CampaignView<'a> {
    catalog: &'a Catalog,
    ix: CampaignIx,
}

impl<'a> CampaignView<'a> {
    /// Its row number.
    pub fn ix(self) -> CampaignIx {
        self.ix
    }

    /// Its account's row number.
    pub fn account_ix(self) -> AccountIx {
        self.catalog.campaigns.account[self.ix.at()]
    }

    /// Its account.
    pub fn account(self) -> &'a AccountRow {
        self.catalog.account(self.account_ix())
    }

    /// Its native id.
    pub fn id(self) -> CampaignId {
        CampaignId::new(self.catalog.campaigns.ids.get(self.ix.at()))
    }

    /// Its name as it came.
    pub fn name_raw(self) -> &'a str {
        self.catalog.campaigns.names.raw(self.ix.at())
    }

    /// Its name as a screen may show it.
    pub fn name(self) -> Shown<'a> {
        shown(self.name_raw())
    }

    /// Its name lower-cased, as filters compare it.
    pub(crate) fn name_folded(self) -> &'a str {
        self.catalog.campaigns.names.folded(self.ix.at())
    }

    /// Its state.
    pub fn state(self) -> ParentState {
        self.catalog.campaigns.state[self.ix.at()]
    }

    /// The platform's word for its state.
    pub fn native_state(self) -> Shown<'a> {
        shown(self.catalog.words.get(self.catalog.campaigns.native_state[self.ix.at()]))
    }

    /// How it finds its searches.
    pub fn targeting(self) -> Targeting {
        self.catalog.campaigns.targeting[self.ix.at()]
    }

    /// The platform's word for what sort of campaign it is.
    pub fn native_type(self) -> Shown<'a> {
        shown(self.catalog.words.get(self.catalog.campaigns.native_type[self.ix.at()]))
    }

    /// What negatives can do in it.
    pub fn holds(self) -> Holds {
        self.catalog.campaigns.holds[self.ix.at()]
    }

    /// How many ad groups it has.
    pub fn ad_group_count(self) -> usize {
        self.catalog.group_range(self.ix).len()
    }

    /// How many negatives it and its ad groups hold.
    pub fn counts(self) -> Counts {
        self.catalog.counts(Scope::Campaign(self.ix))
    }

    /// The campaign as a value of its own.
    pub fn to_campaign(self) -> Campaign {
        let columns = &self.catalog.campaigns;
        Campaign {
            id: self.id(),
            name: Text::from(self.name_raw()),
            state: self.state(),
            native_state: Text::from(self.catalog.words.get(columns.native_state[self.ix.at()])),
            targeting: self.targeting(),
            native_type: Text::from(self.catalog.words.get(columns.native_type[self.ix.at()])),
            holds: self.holds(),
        }
    }
}

/// One ad group of a catalog.
#[derive(Clone, Copy, Debug)]
pub struct AdGroupView<'a> {
    catalog: &'a Catalog,
    ix: AdGroupIx,
}

impl<'a> AdGroupView<'a> {
    /// Its row number.
    pub fn ix(self) -> AdGroupIx {
        self.ix
    }

    /// Its campaign.
    pub fn campaign(self) -> CampaignView<'a> {
        self.catalog.campaign(self.catalog.ad_groups.campaign[self.ix.at()])
    }

    /// Its native id.
    pub fn id(self) -> AdGroupId {
        AdGroupId::new(self.catalog.ad_groups.ids.get(self.ix.at()))
    }

    /// Its name as it came.
    pub fn name_raw(self) -> &'a str {
        self.catalog.ad_groups.names.raw(self.ix.at())
    }

    /// Its name as a screen may show it.
    pub fn name(self) -> Shown<'a> {
        shown(self.name_raw())
    }

    /// Its name lower-cased, as filters compare it.
    pub(crate) fn name_folded(self) -> &'a str {
        self.catalog.ad_groups.names.folded(self.ix.at())
    }

    /// Its state.
    pub fn state(self) -> ParentState {
        self.catalog.ad_groups.state[self.ix.at()]
    }

    /// The platform's word for its state.
    pub fn native_state(self) -> Shown<'a> {
        shown(self.catalog.words.get(self.catalog.ad_groups.native_state[self.ix.at()]))
    }

    /// How many negatives are its own.
    pub fn counts(self) -> Counts {
        self.catalog.counts(Scope::AdGroup(self.ix))
    }

    /// The ad group as a value of its own.
    pub fn to_ad_group(self) -> AdGroup {
        let native = self.catalog.ad_groups.native_state[self.ix.at()];
        AdGroup {
            id: self.id(),
            campaign: self.campaign().id(),
            name: Text::from(self.name_raw()),
            state: self.state(),
            native_state: Text::from(self.catalog.words.get(native)),
        }
    }
}

/// One negative of a catalog.
#[derive(Clone, Copy, Debug)]
pub struct NegativeView<'a> {
    catalog: &'a Catalog,
    ix: NegIx,
}

impl<'a> NegativeView<'a> {
    /// Its row number.
    pub fn ix(self) -> NegIx {
        self.ix
    }

    /// Its native id.
    pub fn id(self) -> NegativeId {
        NegativeId::new(self.catalog.negatives.ids.get(self.ix.at()))
    }

    /// What tells it from the others of its account.
    pub fn key(self) -> NegativeKey {
        NegativeKey { kind: self.kind(), level: self.level(), id: self.id() }
    }

    /// What it names.
    pub fn kind(self) -> Kind {
        self.catalog.negatives.packed[self.ix.at()].kind()
    }

    /// Where it is attached.
    pub fn level(self) -> Level {
        if self.catalog.negatives.parent[self.ix.at()] & OF_CAMPAIGN == 0 {
            Level::AdGroup
        } else {
            Level::Campaign
        }
    }

    /// Keyword text, ASIN or brand id, as it came.
    pub fn text_raw(self) -> &'a str {
        self.catalog.negatives.texts.raw(self.ix.at())
    }

    /// Keyword text, ASIN or brand id, as a screen may show it.
    pub fn text(self) -> Shown<'a> {
        shown(self.text_raw())
    }

    /// The text lower-cased, as filters compare it.
    pub(crate) fn text_folded(self) -> &'a str {
        self.catalog.negatives.texts.folded(self.ix.at())
    }

    /// A brand's name as it came.
    pub fn brand_name_raw(self) -> Option<&'a str> {
        let names = &self.catalog.negatives.brand_names;
        let at = names.binary_search_by_key(&self.ix.0, |(row, _)| *row).ok()?;
        Some(self.catalog.words.get(names[at].1))
    }

    /// A brand's name as a screen may show it.
    pub fn brand_name(self) -> Option<Shown<'a>> {
        self.brand_name_raw().map(shown)
    }

    /// How a keyword matches.
    pub fn match_type(self) -> Option<MatchType> {
        self.catalog.negatives.packed[self.ix.at()].match_type()
    }

    /// Its state.
    pub fn state(self) -> State {
        self.catalog.negatives.packed[self.ix.at()].state()
    }

    /// The platform's word for its state, as it came.
    pub fn native_state_raw(self) -> &'a str {
        self.catalog.words.get(self.catalog.negatives.native_state[self.ix.at()])
    }

    /// The platform's word for its state, as a screen may show it.
    pub fn native_state(self) -> Shown<'a> {
        shown(self.native_state_raw())
    }

    /// Whether it blocks, and why not.
    pub fn liveness(self) -> Liveness {
        self.catalog.liveness(self.ix)
    }

    /// Its campaign's row number.
    pub fn campaign_ix(self) -> CampaignIx {
        self.catalog.campaign_of(self.ix)
    }

    /// Its campaign.
    pub fn campaign(self) -> CampaignView<'a> {
        self.catalog.campaign(self.campaign_ix())
    }

    /// Its ad group; `None` at campaign level.
    pub fn ad_group(self) -> Option<AdGroupView<'a>> {
        let parent = self.catalog.negatives.parent[self.ix.at()];
        (parent & OF_CAMPAIGN == 0).then(|| self.catalog.ad_group(AdGroupIx(parent)))
    }

    /// Its account's row number.
    pub fn account_ix(self) -> AccountIx {
        self.campaign().account_ix()
    }

    /// Its account.
    pub fn account(self) -> &'a AccountRow {
        self.campaign().account()
    }

    /// When the platform says it was made.
    pub fn created(self) -> Option<Timestamp> {
        let micros = self.catalog.negatives.created[self.ix.at()];
        if micros == NO_TIME { None } else { Timestamp::from_microsecond(micros).ok() }
    }

    /// The day of the first snapshot that held it.
    pub fn first_seen(self) -> Option<Date> {
        days::day(self.catalog.negatives.first_seen[self.ix.at()])
    }

    /// The day since when it is there, as far as is known: when the platform says it was made (in UTC), else the
    /// day of the first snapshot that held it.
    pub fn since(self) -> Option<Date> {
        self.created().map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date()).or_else(|| self.first_seen())
    }

    pub(super) fn catalog(self) -> &'a Catalog {
        self.catalog
    }

    /// The negative as a value of its own.
    pub fn to_negative(self) -> Negative {
        Negative {
            id: self.id(),
            kind: self.kind(),
            campaign: self.campaign().id(),
            ad_group: self.ad_group().map(AdGroupView::id),
            text: Text::from(self.text_raw()),
            brand_name: self.brand_name_raw().map(Text::from),
            match_type: self.match_type(),
            state: self.state(),
            native_state: Text::from(self.native_state_raw()),
            created: self.created(),
        }
    }
}

impl Catalog {
    /// One campaign.
    pub fn campaign(&self, ix: CampaignIx) -> CampaignView<'_> {
        CampaignView { catalog: self, ix }
    }

    /// One ad group.
    pub fn ad_group(&self, ix: AdGroupIx) -> AdGroupView<'_> {
        AdGroupView { catalog: self, ix }
    }

    /// One negative.
    pub fn negative(&self, ix: NegIx) -> NegativeView<'_> {
        NegativeView { catalog: self, ix }
    }

    /// One negative as a value of its own.
    pub fn to_negative(&self, ix: NegIx) -> Negative {
        self.negative(ix).to_negative()
    }

    /// The campaign of a negative.
    pub(super) fn campaign_of(&self, ix: NegIx) -> CampaignIx {
        let parent = self.negatives.parent[ix.at()];
        if parent & OF_CAMPAIGN == 0 {
            self.ad_groups.campaign[parent as usize]
        } else {
            CampaignIx(parent & !OF_CAMPAIGN)
        }
    }
}
