//! From a campaign's parcels into a catalog. Where the parcels come from is [`load`](super::load)'s and
//! [`whole`](super::whole)'s.

use jiff::civil::Date;

use crate::domain::catalog::{self, AdGroupSlot, CampaignSlot, CatalogBuilder};
use crate::store::codec::broken;
use crate::store::convert::date;
use crate::store::error::Result;

use super::parcel::{Rows, ad_groups};
use super::rows::NegativeRow;

/// Moves rows into a catalog.
#[derive(Default)]
pub(crate) struct Loader {
    pub builder: CatalogBuilder,
    /// The last day met: most rows were first seen together.
    day: Option<(i32, Date)>,
}

impl Loader {
    /// Adds a campaign's ad groups and at most `limit` of its negatives; how many it added.
    pub(crate) fn parcels(
        &mut self,
        campaign: CampaignSlot,
        groups: Option<&[u8]>,
        negatives: Option<&[u8]>,
        limit: usize,
    ) -> Result<usize> {
        let groups = ad_groups(groups)?;
        let mut slots: Vec<(&str, AdGroupSlot)> = Vec::with_capacity(groups.len());
        for group in groups {
            let slot = self.builder.push_ad_group(catalog::AdGroupRow {
                campaign,
                id: group.id,
                name: group.name,
                state: group.state,
                native_state: group.native_state,
            });
            slots.push((group.id, slot));
        }
        let mut rows = Rows::<NegativeRow<'_>>::open(negatives)?;
        let (mut added, mut at) = (0, 0);
        while added < limit {
            let Some(row) = rows.next()? else { break };
            let ad_group = row.ad_group.map(|id| place(&slots, &mut at, id)).transpose()?;
            let first_seen = Some(self.day(row.first_seen)?);
            self.builder.push_negative(catalog::NegativeRow {
                campaign,
                ad_group,
                id: row.id,
                kind: row.kind,
                text: row.text,
                brand_name: row.brand_name,
                match_type: row.match_type,
                state: row.state,
                native_state: row.native_state,
                created: row.created,
                first_seen,
            });
            added += 1;
        }
        Ok(added)
    }

    fn day(&mut self, number: i32) -> Result<Date> {
        match self.day {
            Some((known, date)) if known == number => Ok(date),
            _ => {
                let date = date(number)?;
                self.day = Some((number, date));
                Ok(date)
            }
        }
    }
}

/// The slot of an ad group. Rows come ad group by ad group in the ad groups' order, so it is here or soon after.
fn place(slots: &[(&str, AdGroupSlot)], at: &mut usize, id: &str) -> Result<AdGroupSlot> {
    let (before, after) = slots.split_at(*at);
    let found = after.iter().chain(before).position(|(known, _)| *known == id).ok_or_else(broken)?;
    *at = (*at + found) % slots.len();
    Ok(slots[*at].1)
}
