//! Putting together what several builders collected side by side, each a run of whole campaigns. Columns are copied as
//! they are; only what stands for parents and words is numbered anew.

use super::builder::{CatalogBuilder, MOST_ROWS, OF_CAMPAIGN};
use super::ix::CampaignIx;
use super::{AdGroups, Negatives};

impl CatalogBuilder {
    /// Adds what other builders collected, in their order. Their campaigns are of accounts that were added here:
    /// [`AccountIx`](super::AccountIx) means the same in all of them.
    pub fn append(&mut self, mut parts: Vec<Self>) {
        self.leave_out(&mut parts);
        let rows: usize = parts.iter().map(|part| part.negatives.packed.len()).sum();
        let bytes = parts.iter().map(|part| part.negatives.texts.bytes()).sum();
        self.negatives.reserve(rows);
        let mut texts = std::mem::take(&mut self.negatives.texts);
        std::thread::scope(|threads| {
            // About half of all bytes are texts.
            threads.spawn(|| {
                texts.reserve(rows, bytes);
                for part in &parts {
                    texts.append(&part.negatives.texts);
                }
            });
            for part in &parts {
                self.take_in(part);
            }
        });
        self.negatives.texts = texts;
    }

    /// Takes the negatives out of the parts that do not fit any more, and counts them.
    fn leave_out(&mut self, parts: &mut [Self]) {
        let (mut rows, mut weight) = (self.negatives.packed.len(), self.negatives.texts.weight());
        for part in parts {
            self.left_out += part.left_out;
            let (more, heavier) = (part.negatives.packed.len(), part.negatives.texts.weight());
            if rows + more > MOST_ROWS as usize || weight + heavier > u32::MAX as usize {
                self.left_out += more;
                part.negatives = Negatives::default();
                continue;
            }
            (rows, weight) = (rows + more, weight + heavier);
        }
    }

    /// Adds everything of another builder but the texts of its negatives.
    fn take_in(&mut self, part: &Self) {
        let words = self.words.take_in(&part.words);
        let word = |number: &u32| words[*number as usize];
        let (campaigns, groups) = (self.campaigns.len() as u32, self.ad_groups.campaign.len() as u32);
        self.campaigns.extend(part.campaigns.iter().cloned());

        let (to, from): (&mut AdGroups, &AdGroups) = (&mut self.ad_groups, &part.ad_groups);
        to.campaign.extend(from.campaign.iter().map(|slot| CampaignIx(campaigns + slot.0)));
        to.ids.append(&from.ids);
        to.names.append(&from.names);
        to.state.extend_from_slice(&from.state);
        to.native_state.extend(from.native_state.iter().map(word));

        let (to, from): (&mut Negatives, &Negatives) = (&mut self.negatives, &part.negatives);
        let rows = to.packed.len() as u32;
        let parent = |slot: &u32| slot + if slot & OF_CAMPAIGN == 0 { groups } else { campaigns };
        to.parent.extend(from.parent.iter().map(parent));
        to.ids.append(&from.ids);
        to.brand_names.extend(from.brand_names.iter().map(|(row, name)| (rows + row, word(name))));
        to.packed.extend_from_slice(&from.packed);
        to.native_state.extend(from.native_state.iter().map(word));
        to.created.extend_from_slice(&from.created);
        to.first_seen.extend_from_slice(&from.first_seen);
    }
}
