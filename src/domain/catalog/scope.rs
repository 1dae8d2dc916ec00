//! Parts of the catalog: what belongs to an account, a campaign, an ad group, as ranges of rows, and how many.

use std::ops::Range;

use super::{AccountIx, AdGroupIx, AdGroupView, CampaignIx, CampaignView, Catalog, NegIx};

/// Part of the catalog.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Every negative of every account.
    #[default]
    All,
    /// Every negative of an account.
    Account(AccountIx),
    /// A campaign's own negatives and those of its ad groups.
    Campaign(CampaignIx),
    /// A campaign's own negatives only.
    CampaignLevel(CampaignIx),
    /// An ad group's own negatives.
    AdGroup(AdGroupIx),
    /// All that reach an ad group: its own and its campaign's.
    Reaching(AdGroupIx),
}

/// How many negatives a scope holds, by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Enabled ones, idle ones among them.
    pub enabled: usize,
    /// Switched-off ones.
    pub paused: usize,
    /// Archived ones.
    pub archived: usize,
}

impl Counts {
    /// All of them.
    pub fn all(self) -> usize {
        self.enabled + self.paused + self.archived
    }

    /// All that are not archived.
    pub fn standing(self) -> usize {
        self.enabled + self.paused
    }
}

impl std::ops::Add for Counts {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            enabled: self.enabled + other.enabled,
            paused: self.paused + other.paused,
            archived: self.archived + other.archived,
        }
    }
}

impl Catalog {
    /// How many negatives a scope holds, by state; at once, whatever its size.
    pub fn counts(&self, scope: Scope) -> Counts {
        self.shelves(scope)
            .into_iter()
            .map(|shelves| {
                let (paused_to, archived_to) = self.before[shelves.end];
                let (paused_from, archived_from) = self.before[shelves.start];
                let all = (self.negatives.starts[shelves.end] - self.negatives.starts[shelves.start]) as usize;
                let (paused, archived) =
                    ((paused_to - paused_from) as usize, (archived_to - archived_from) as usize);
                Counts { enabled: all - paused - archived, paused, archived }
            })
            .fold(Counts::default(), std::ops::Add::add)
    }

    /// The negatives of a scope, in row order: by campaign, there the campaign's own first, then by ad group.
    pub fn negatives_in(&self, scope: Scope) -> impl Iterator<Item = NegIx> + use<> {
        let [first, second] = self.ranges(scope);
        first.chain(second).map(NegIx)
    }

    /// An account's campaigns, sorted by name.
    pub fn campaigns_of(&self, account: AccountIx) -> impl ExactSizeIterator<Item = CampaignView<'_>> {
        self.campaign_range(account).map(|ix| self.campaign(CampaignIx(ix)))
    }

    /// A campaign's ad groups, sorted by name.
    pub fn ad_groups_of(&self, campaign: CampaignIx) -> impl ExactSizeIterator<Item = AdGroupView<'_>> {
        self.group_range(campaign).map(|ix| self.ad_group(AdGroupIx(ix)))
    }

    /// Every campaign, by account and name.
    pub fn campaigns(&self) -> impl ExactSizeIterator<Item = CampaignView<'_>> {
        (0..self.campaign_count()).map(|ix| self.campaign(CampaignIx(ix as u32)))
    }

    /// Every ad group, by campaign and name.
    pub fn ad_groups(&self) -> impl ExactSizeIterator<Item = AdGroupView<'_>> {
        (0..self.ad_group_count()).map(|ix| self.ad_group(AdGroupIx(ix as u32)))
    }

    /// Row numbers of an account's campaigns.
    pub(super) fn campaign_range(&self, account: AccountIx) -> Range<u32> {
        self.first_campaign[account.at()]..self.first_campaign[account.at() + 1]
    }

    /// Row numbers of a campaign's ad groups.
    pub(super) fn group_range(&self, campaign: CampaignIx) -> Range<u32> {
        self.ad_groups.first[campaign.at()]..self.ad_groups.first[campaign.at() + 1]
    }

    fn campaign_shelves(&self, campaigns: &Range<u32>) -> Range<usize> {
        // One shelf past the last campaign's last is where the next campaign would begin.
        let at = |campaign: u32| self.ad_groups.first[campaign as usize] as usize + campaign as usize;
        at(campaigns.start)..at(campaigns.end)
    }

    /// How many shelves there are: one for each campaign and each ad group.
    pub(super) fn shelf_count(&self) -> usize {
        self.negatives.starts.len() - 1
    }

    /// The shelves of a scope: one range, or two where its parts do not stand side by side.
    pub(super) fn shelves(&self, scope: Scope) -> [Range<usize>; 2] {
        let own = |group| self.ad_groups.shelf(group)..self.ad_groups.shelf(group) + 1;
        let shared = |campaign| {
            let first = self.ad_groups.shelf_of_campaign(campaign);
            first..first + 1
        };
        match scope {
            Scope::All => [0..self.negatives.starts.len() - 1, 0..0],
            Scope::Account(account) => [self.campaign_shelves(&self.campaign_range(account)), 0..0],
            Scope::Campaign(campaign) => [self.campaign_shelves(&(campaign.0..campaign.0 + 1)), 0..0],
            Scope::CampaignLevel(campaign) => [shared(campaign), 0..0],
            Scope::AdGroup(group) => [own(group), 0..0],
            Scope::Reaching(group) => [shared(self.ad_groups.campaign[group.at()]), own(group)],
        }
    }

    /// The rows of a scope: one range, or two where its parts do not stand side by side; ascending.
    pub(super) fn ranges(&self, scope: Scope) -> [Range<u32>; 2] {
        self.shelves(scope)
            .map(|shelves| self.negatives.starts[shelves.start]..self.negatives.starts[shelves.end])
    }

    /// Whether a campaign, or an ad group of it, belongs to a scope.
    pub(super) fn in_scope(&self, scope: Scope, campaign: CampaignIx, group: Option<AdGroupIx>) -> bool {
        match scope {
            Scope::All => true,
            Scope::Account(account) => self.campaigns.account[campaign.at()] == account,
            Scope::Campaign(wanted) => wanted == campaign,
            Scope::CampaignLevel(wanted) => wanted == campaign && group.is_none(),
            Scope::AdGroup(wanted) => group == Some(wanted),
            Scope::Reaching(wanted) => {
                self.ad_groups.campaign[wanted.at()] == campaign && group.is_none_or(|group| group == wanted)
            }
        }
    }
}
