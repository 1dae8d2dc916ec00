//! What a platform refused because an equal one is there: looked at once, because it is what was wanted only in the
//! wanted state, and because the snapshot did not know it. Sends nothing.

use std::collections::BTreeMap;

use crate::domain::change::{Change, NewNegative};
use crate::domain::ids::CampaignId;
use crate::domain::journal::{Outcome, OutcomeKind};
use crate::domain::negative::Negative;
use crate::domain::problem::Problem;

use super::listing::{Claim, Listing};
use super::run::Run;

impl Run<'_> {
    /// Lists once what was there already: in the wanted state it is done, with its id; in another it is refused,
    /// because adding does not switch it on. What cannot be listed, or is not shown yet, is taken at the
    /// platform's word.
    pub(super) async fn look_at_twins(&mut self) -> Result<(), Problem> {
        let twins = std::mem::take(&mut self.twins);
        let wanted: BTreeMap<u64, NewNegative> = twins
            .keys()
            .filter_map(|number| match &self.changes.get(number)?.change {
                Change::Add { new } => Some((*number, new.clone())),
                Change::SetState { .. } | Change::Remove { .. } => None,
            })
            .collect();
        let mut campaigns: Vec<CampaignId> = wanted.values().map(|new| new.campaign.clone()).collect();
        campaigns.sort_unstable();
        campaigns.dedup();
        let listing = self.ask(Listing::of(self.connection.as_ref(), campaigns)).await;
        let mut listing = match listing {
            Ok(listing) => Some(listing),
            Err(why) => {
                tracing::info!("what was there already could not be listed: {why}");
                None
            }
        };
        let mut outcomes = Vec::with_capacity(twins.len());
        for (number, said) in twins {
            let claim = wanted.get(&number).and_then(|new| Some(listing.as_mut()?.claim(new)));
            let outcome = match claim {
                Some(Claim::Made(row)) => {
                    let id = Some(row.id.clone());
                    self.seen.insert(row.key(), row);
                    // What stands in the way of a second send is what the first one made.
                    let again = self.sends.get(&number).is_some_and(|sends| *sends > 1);
                    let kind = if again { OutcomeKind::Applied } else { said.kind };
                    Outcome { kind, id, ..said }
                }
                Some(Claim::Otherwise(row)) => {
                    let outcome = otherwise(&row, said);
                    self.seen.insert(row.key(), row);
                    outcome
                }
                Some(Claim::Nothing) | None => said,
            };
            outcomes.push((number, outcome));
        }
        self.record(outcomes).await
    }
}

/// The outcome of an addition whose twin is there in another state: nothing was done, and something else helps.
pub(super) fn otherwise(row: &Negative, said: Outcome) -> Outcome {
    let words = said.message.as_ref().map_or("it is there already", |message| message.raw());
    let message = format!(
        "{words}; it is there as {}, {}: change its state instead",
        row.id.raw(),
        row.native_state.raw()
    );
    Outcome { kind: OutcomeKind::Rejected, id: Some(row.id.clone()), ..said }.message(message)
}
