//! From collected rows to the catalog: everything sorted by its place in the tree. Rows that came in that order, as the
//! store reads them, are not moved at all. How rows are collected is [`builder`](super::builder)'s.

use super::builder::{CatalogBuilder, OF_CAMPAIGN};
use super::ix::{AdGroupIx, CampaignIx};
use super::{AdGroups, Campaigns, Catalog, Negatives};

impl CatalogBuilder {
    /// Sorts everything and makes the catalog.
    pub fn finish(mut self) -> Catalog {
        let (campaigns, campaign_at) = self.sort_campaigns();
        let (ad_groups, ad_group_at) = self.sort_ad_groups(campaigns.account.len(), &campaign_at);
        let mut negatives = self.sort_negatives(&ad_groups, &campaign_at, &ad_group_at);
        negatives.shrink();
        Catalog::assemble(self.accounts, campaigns, ad_groups, negatives, self.words, self.left_out)
    }

    /// The campaigns in order, and the place of each by its slot.
    fn sort_campaigns(&mut self) -> (Campaigns, Vec<u32>) {
        let rows = std::mem::take(&mut self.campaigns);
        let mut order: Vec<u32> = (0..rows.len() as u32).collect();
        order.sort_by_cached_key(|&slot| {
            let (account, campaign) = &rows[slot as usize];
            (*account, super::columns::fold(campaign.name.raw()), campaign.id.clone())
        });
        let mut sorted = Campaigns::default();
        let mut place = vec![0; rows.len()];
        for (ix, &slot) in order.iter().enumerate() {
            let (account, campaign) = &rows[slot as usize];
            place[slot as usize] = ix as u32;
            sorted.account.push(*account);
            sorted.ids.push(campaign.id.raw());
            sorted.names.push(campaign.name.raw());
            sorted.state.push(campaign.state);
            sorted.native_state.push(self.words.number(campaign.native_state.raw()));
            sorted.targeting.push(campaign.targeting);
            sorted.native_type.push(self.words.number(campaign.native_type.raw()));
            sorted.holds.push(campaign.holds);
        }
        (sorted, place)
    }

    /// The ad groups in order, and the place of each by its slot.
    fn sort_ad_groups(&mut self, campaigns: usize, campaign_at: &[u32]) -> (AdGroups, Vec<u32>) {
        let mut rows = std::mem::take(&mut self.ad_groups);
        for campaign in &mut rows.campaign {
            *campaign = CampaignIx(campaign_at[campaign.at()]);
        }
        let campaign_of = |slot: usize| rows.campaign[slot].0;
        let (first, sorted) = starts(rows.campaign.len(), campaigns, campaign_of);
        let name = |slot: u32| rows.names.folded(slot as usize);
        let by_name = |campaign: &[u32]| (campaign[0]..campaign[1]).is_sorted_by_key(name);
        if sorted && first.windows(2).all(by_name) {
            rows.first = first;
            let place = (0..rows.campaign.len() as u32).collect();
            return (rows, place);
        }
        let mut order = order(&first, rows.campaign.len(), campaign_of);
        for campaign in first.windows(2) {
            order[campaign[0] as usize..campaign[1] as usize].sort_by(|&a, &b| name(a).cmp(name(b)));
        }
        let mut place = vec![0; order.len()];
        for (ix, &slot) in (0..).zip(&order) {
            place[slot as usize] = ix;
        }
        (rows.in_order(&order, first), place)
    }

    fn sort_negatives(&mut self, ad_groups: &AdGroups, campaign_at: &[u32], ad_group_at: &[u32]) -> Negatives {
        let mut rows = std::mem::take(&mut self.negatives);
        for parent in &mut rows.parent {
            *parent = if *parent & OF_CAMPAIGN == 0 {
                ad_group_at[*parent as usize]
            } else {
                campaign_at[(*parent & !OF_CAMPAIGN) as usize] | OF_CAMPAIGN
            };
        }
        let place = |row: usize| {
            let parent = rows.parent[row];
            let at = if parent & OF_CAMPAIGN == 0 {
                ad_groups.shelf(AdGroupIx(parent))
            } else {
                ad_groups.shelf_of_campaign(CampaignIx(parent & !OF_CAMPAIGN))
            };
            at as u32
        };
        let shelves = ad_groups.first.len() - 1 + ad_groups.campaign.len();
        let (first, sorted) = starts(rows.parent.len(), shelves, place);
        if sorted {
            rows.starts = first;
            return rows;
        }
        rows.in_order(&order(&first, rows.parent.len(), place), first)
    }
}

impl AdGroups {
    /// The rows in another order.
    fn in_order(&self, order: &[u32], first: Vec<u32>) -> Self {
        let mut sorted = Self { first, ..Self::default() };
        for &slot in order {
            let slot = slot as usize;
            sorted.campaign.push(self.campaign[slot]);
            sorted.ids.push_from(&self.ids, slot);
            sorted.names.push(self.names.raw(slot));
            sorted.state.push(self.state[slot]);
            sorted.native_state.push(self.native_state[slot]);
        }
        sorted
    }
}

impl Negatives {
    /// The rows in another order.
    fn in_order(&self, order: &[u32], starts: Vec<u32>) -> Self {
        let mut sorted = Self { starts, ..Self::default() };
        sorted.reserve(order.len());
        sorted.texts.reserve(order.len(), self.texts.bytes());
        for &old in order {
            let old = old as usize;
            sorted.texts.push(self.texts.raw(old));
            sorted.ids.push_from(&self.ids, old);
            sorted.parent.push(self.parent[old]);
            sorted.packed.push(self.packed[old]);
            sorted.native_state.push(self.native_state[old]);
            sorted.created.push(self.created[old]);
            sorted.first_seen.push(self.first_seen[old]);
        }
        sorted.brand_names = renumber(&self.brand_names, order);
        sorted
    }
}

/// How many rows lie before each shelf, and the number of all at the end; and whether the rows are in order as they
/// are.
fn starts(rows: usize, shelves: usize, shelf: impl Fn(usize) -> u32) -> (Vec<u32>, bool) {
    let mut first = vec![0_u32; shelves + 1];
    let (mut sorted, mut last) = (true, 0);
    for row in 0..rows {
        let shelf = shelf(row);
        sorted &= last <= shelf;
        last = shelf;
        first[shelf as usize + 1] += 1;
    }
    for at in 1..first.len() {
        first[at] += first[at - 1];
    }
    (first, sorted)
}

/// Sorts rows by shelf, keeping their order on each; `first` is where each shelf starts.
fn order(first: &[u32], rows: usize, shelf: impl Fn(usize) -> u32) -> Vec<u32> {
    let mut next = first.to_vec();
    let mut order = vec![0_u32; rows];
    for row in 0..rows {
        let next = &mut next[shelf(row) as usize];
        order[*next as usize] = row as u32;
        *next += 1;
    }
    order
}

/// Sorts rows by shelf, keeping their order on each: the rows in order, and the first of each shelf with the number
/// of all rows at the end.
pub(super) fn shelve(rows: usize, shelves: usize, shelf: impl Fn(usize) -> u32) -> (Vec<u32>, Vec<u32>) {
    let (first, _) = starts(rows, shelves, &shelf);
    (order(&first, rows, shelf), first)
}

/// Gives rows of the old order their numbers in the new one, and sorts by them.
fn renumber(named: &[(u32, u32)], order: &[u32]) -> Vec<(u32, u32)> {
    if named.is_empty() {
        return Vec::new();
    }
    let mut place = vec![0_u32; order.len()];
    for (new, &old) in order.iter().enumerate() {
        place[old as usize] = new as u32;
    }
    let mut renumbered: Vec<(u32, u32)> =
        named.iter().map(|&(old, name)| (place[old as usize], name)).collect();
    renumbered.sort_unstable();
    renumbered
}
