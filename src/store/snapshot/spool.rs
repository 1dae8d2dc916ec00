//! What a listing brought so far, in memory and compact: nothing of it is visible before the commit, and
//! dropping it leaves the old snapshot as it was. [`merge`](super::merge) makes parcels of it.

use rustc_hash::FxHashMap;

use crate::domain::campaign::{AdGroup, Campaign};
use crate::domain::ids::CampaignId;
use crate::domain::problem::Problem;
use crate::store::accounts::Counts;
use crate::store::codec::Encoder;
use crate::store::error::Result;

use super::Page;
use super::rows::{KeywordRow, NegativeRow, Row};

/// What came of one campaign.
#[derive(Debug, Default)]
pub(crate) struct Pile {
    pub campaign: Option<Campaign>,
    pub ad_groups: Vec<AdGroup>,
    pub negatives: Encoder,
    pub keywords: Encoder,
}

/// Everything that came.
#[derive(Debug, Default)]
pub(crate) struct Spool {
    pub piles: FxHashMap<CampaignId, Pile>,
    pub failed: FxHashMap<CampaignId, Problem>,
    pub failed_whole: Option<Problem>,
    pub received: Counts,
}

impl Spool {
    /// Adds a page.
    pub(crate) fn put(&mut self, page: Page) {
        let received = &mut self.received;
        match page {
            Page::Campaigns(campaigns) => {
                received.campaigns += campaigns.len() as u32;
                for campaign in &campaigns {
                    self.pile(&campaign.id).campaign = Some(campaign.clone());
                }
            }
            Page::AdGroups(groups) => {
                received.ad_groups += groups.len() as u32;
                for group in groups {
                    let campaign = group.campaign.clone();
                    self.pile(&campaign).ad_groups.push(group);
                }
            }
            Page::Negatives(negatives) => {
                received.negatives += negatives.len() as u32;
                for negative in &negatives {
                    // The day is known at the commit only.
                    put(&mut self.pile(&negative.campaign).negatives, &NegativeRow::of(negative, 0));
                }
            }
            Page::Keywords(keywords) => {
                received.keywords += keywords.len() as u32;
                for keyword in &keywords {
                    put(&mut self.pile(&keyword.campaign).keywords, &KeywordRow::of(keyword));
                }
            }
        }
    }

    fn pile(&mut self, campaign: &CampaignId) -> &mut Pile {
        // A small id is copied, not allocated.
        self.piles.entry(campaign.clone()).or_default()
    }
}

/// Adds a row to a pile.
pub(crate) fn put<'a, R: Row<'a>>(pile: &mut Encoder, row: &R) {
    pile.text(row.ad_group().unwrap_or_default());
    pile.text(row.native_state());
    row.put(pile);
}

/// The rows of a pile, in the order in which they came.
pub(crate) fn rows<'a, R: Row<'a>>(pile: &'a Encoder) -> Result<Vec<R>> {
    let mut from = pile.decoder();
    let mut rows = Vec::new();
    while !from.is_done() {
        let ad_group = from.text()?;
        let native_state = from.text()?;
        rows.push(R::take(&mut from, (!ad_group.is_empty()).then_some(ad_group), native_state)?);
    }
    Ok(rows)
}
