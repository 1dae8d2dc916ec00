//! Builds [`Positives`] beside a catalog, campaign by campaign in any order, and sorts them once at the end. Keeps no
//! row as a struct: what the store reads goes straight into columns.

use super::super::super::campaign::ParentState;
use super::super::super::keyword::{Keyword, PositiveMatch};
use super::super::columns::Ids;
use super::super::interned::Interned;
use super::super::shelve::shelve;
use super::super::{AccountIx, AdGroupIx, CampaignIx, Catalog};
use super::{Packed, Positives};

/// One positive keyword or target as the store reads it.
#[derive(Clone, Copy, Debug)]
pub struct PositiveRow<'a> {
    /// Its ad group's native id.
    pub ad_group: &'a str,
    /// Its own.
    pub id: &'a str,
    /// Keyword text or ASIN, as it came.
    pub text: &'a str,
    /// How it matches.
    pub match_type: PositiveMatch,
    /// Our word for its state.
    pub state: ParentState,
}

/// Collects positives of a catalog's ad groups.
pub struct PositivesBuilder<'a> {
    catalog: &'a Catalog,
    rows: Positives,
    /// The campaign that is filled; the next one is most likely its neighbour.
    campaign: Option<CampaignIx>,
    /// The ad group of the last row: rows come ad group by ad group.
    ad_group: u32,
}

impl<'a> PositivesBuilder<'a> {
    /// For the ad groups of a catalog.
    pub fn new(catalog: &'a Catalog) -> Self {
        let listed = vec![false; catalog.accounts().len()];
        let rows = Positives { listed, ..Positives::default() };
        Self { catalog, rows, campaign: None, ad_group: 0 }
    }

    /// Makes room, where the number of rows is known.
    pub fn reserve(&mut self, rows: usize) {
        self.rows.group.reserve(rows);
        self.rows.text.reserve(rows);
        self.rows.packed.reserve(rows);
        self.rows.ids.reserve(rows);
    }

    /// Says that an account's positives were listed, whether it has any or not.
    pub fn listed(&mut self, account: AccountIx) {
        self.rows.listed[account.at()] = true;
    }

    /// Goes to a campaign; false when the catalog does not know it: its rows then are counted as left out.
    pub fn open(&mut self, account: AccountIx, campaign: &str) -> bool {
        let range = self.catalog.campaign_range(account);
        let is = |ix: &u32| self.catalog.campaigns.ids.is(*ix as usize, campaign);
        // Campaigns come in the catalog's order; only where somebody changed the names meanwhile they do not.
        let next = self.campaign.map_or(range.start, |last| last.0 + 1).clamp(range.start, range.end);
        let found = (next..range.end).find(is).or_else(|| (range.start..next).find(is));
        self.campaign = found.map(CampaignIx);
        self.ad_group = found.map_or(0, |ix| self.catalog.group_range(CampaignIx(ix)).start);
        found.is_some()
    }

    /// Adds a row of the campaign that was opened last.
    pub fn push(&mut self, row: PositiveRow<'_>) {
        let Some(group) = self.group_of(row.ad_group) else {
            self.rows.left_out += 1;
            return;
        };
        self.rows.group.push(group);
        self.rows.text.push(self.rows.texts.intern(row.text));
        self.rows.packed.push(Packed::new(row.match_type, row.state));
        self.rows.ids.push(row.id);
    }

    fn group_of(&mut self, id: &str) -> Option<AdGroupIx> {
        let range = self.catalog.group_range(self.campaign?);
        let is = |ix: &u32| self.catalog.ad_groups.ids.is(*ix as usize, id);
        let from = self.ad_group.clamp(range.start, range.end);
        let found = (from..range.end).find(is).or_else(|| (range.start..from).find(is))?;
        self.ad_group = found;
        Some(AdGroupIx(found))
    }

    /// Sorts everything by ad group.
    pub fn finish(self) -> Positives {
        let from = self.rows;
        let (order, starts) = shelve(from.group.len(), self.catalog.ad_group_count(), |row| from.group[row].0);
        let pick = |row: &u32| *row as usize;
        let mut ids = Ids::default();
        ids.reserve(order.len());
        for row in &order {
            ids.push_from(&from.ids, pick(row));
        }
        ids.shrink();
        let mut texts: Interned = from.texts;
        texts.shrink();
        Positives {
            starts,
            group: order.iter().map(|row| from.group[pick(row)]).collect(),
            text: order.iter().map(|row| from.text[pick(row)]).collect(),
            packed: order.iter().map(|row| from.packed[pick(row)]).collect(),
            ids,
            texts,
            listed: from.listed,
            left_out: from.left_out,
            ..Positives::default()
        }
    }
}

impl Positives {
    /// Binds keywords of one account to a catalog: for tests and small listings.
    pub fn bind(catalog: &Catalog, account: AccountIx, keywords: &[Keyword]) -> Self {
        let mut builder = PositivesBuilder::new(catalog);
        builder.listed(account);
        for of_campaign in keywords.chunk_by(|a, b| a.campaign == b.campaign) {
            builder.open(account, of_campaign[0].campaign.raw());
            for keyword in of_campaign {
                builder.push(PositiveRow {
                    ad_group: keyword.ad_group.raw(),
                    id: keyword.id.raw(),
                    text: keyword.text.raw(),
                    match_type: keyword.match_type,
                    state: keyword.state,
                });
            }
        }
        builder.finish()
    }
}
