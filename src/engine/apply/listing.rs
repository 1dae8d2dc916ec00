//! A listing made to settle what got no answer: finds an addition among what is there now, by scope, kind, match
//! type and normalised text, because a platform may store a text otherwise than it was sent. What it proves is
//! weighed in `evidence.rs` and `settle.rs`.

use rustc_hash::{FxHashMap, FxHashSet};
use tokio::sync::mpsc;

use crate::domain::change::NewNegative;
use crate::domain::ids::{AdGroupId, CampaignId};
use crate::domain::matching::normalise;
use crate::domain::negative::{Kind, MatchType, Negative, NegativeKey, State};
use crate::domain::problem::Problem;
use crate::platform::Connection;
use crate::platform::traits::{Fetched, Scope};

/// What makes two negatives the same to a platform.
type Likeness = (CampaignId, Option<AdGroupId>, Kind, Option<MatchType>, String);

/// What is there now, by likeness. Archived ones are not: they block nothing and stand in nobody's way.
pub(super) struct Listing {
    like: FxHashMap<Likeness, Vec<Negative>>,
    states: FxHashMap<NegativeKey, State>,
    /// The campaigns that were listed whole.
    campaigns: FxHashSet<CampaignId>,
}

/// What a listing has of an addition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Claim {
    /// A row as it was to be made.
    Made(Negative),
    /// An equal one in another state, and none in the wanted one: not what was wanted.
    Otherwise(Negative),
    /// Nothing.
    Nothing,
}

impl Listing {
    /// Lists the negatives of these campaigns as they are now.
    pub(super) async fn of(connection: &dyn Connection, campaigns: Vec<CampaignId>) -> Result<Self, Problem> {
        let listed: FxHashSet<CampaignId> = campaigns.iter().cloned().collect();
        let scope = Scope { campaigns: Some(campaigns), structure: false, negatives: true, keywords: false };
        let (sink, mut pages) = mpsc::channel(16);
        let scope = &scope;
        // The sink goes with the listing, so that the pages end when it does.
        let fetching = async move { connection.fetch(scope, &sink).await };
        let collecting = async {
            let (mut rows, mut listed) = (Vec::new(), listed);
            while let Some(page) = pages.recv().await {
                match page {
                    Fetched::Negatives(page) => rows.extend(page),
                    Fetched::Failed { campaigns: None, .. } => listed.clear(),
                    Fetched::Failed { campaigns: Some(failed), .. } => {
                        listed.retain(|campaign| !failed.contains(campaign));
                    }
                    Fetched::Campaigns(_)
                    | Fetched::AdGroups(_)
                    | Fetched::Keywords(_)
                    | Fetched::Restarted => {}
                }
            }
            (rows, listed)
        };
        let (done, (rows, listed)) = tokio::join!(fetching, collecting);
        done.map(|()| Self::new(rows, listed))
    }

    /// Sorts a listing's rows.
    fn new(rows: Vec<Negative>, campaigns: FxHashSet<CampaignId>) -> Self {
        let mut like: FxHashMap<Likeness, Vec<Negative>> = FxHashMap::default();
        let mut states = FxHashMap::default();
        for row in rows {
            // A page that came twice brings the same row twice.
            if states.insert(row.key(), row.state).is_some() || row.state == State::Archived {
                continue;
            }
            let text = normalise(row.text.raw());
            let key = (row.campaign.clone(), row.ad_group.clone(), row.kind, row.match_type, text);
            like.entry(key).or_default().push(row);
        }
        Self { like, states, campaigns }
    }

    /// Takes the row that an addition made, so that no other addition can claim it too.
    pub(super) fn claim(&mut self, new: &NewNegative) -> Claim {
        let Some(rows) = self.like.get_mut(&likeness(new)) else { return Claim::Nothing };
        match rows.iter().position(|row| row.state == new.state) {
            Some(place) => Claim::Made(rows.swap_remove(place)),
            None => rows.first().cloned().map_or(Claim::Nothing, Claim::Otherwise),
        }
    }

    /// Takes a row by its key: it belongs to an addition that was answered.
    pub(super) fn take(&mut self, new: &NewNegative, key: &NegativeKey) {
        if let Some(rows) = self.like.get_mut(&likeness(new)) {
            rows.retain(|row| row.key() != *key);
        }
    }

    /// The state in which a negative is listed; `None` when it is not.
    pub(super) fn state(&self, key: &NegativeKey) -> Option<State> {
        self.states.get(key).copied()
    }

    /// Whether a campaign was listed whole: only then absence can mean anything.
    pub(super) fn covers(&self, campaign: &CampaignId) -> bool {
        self.campaigns.contains(campaign)
    }
}

fn likeness(new: &NewNegative) -> Likeness {
    (new.campaign.clone(), new.ad_group.clone(), new.kind, new.match_type, normalise(new.text.raw()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::testing::{negative, new};

    fn id(claim: Claim) -> Option<String> {
        match claim {
            Claim::Made(row) => Some(row.id.raw().to_owned()),
            Claim::Otherwise(row) => Some(format!("not {}", row.id.raw())),
            Claim::Nothing => None,
        }
    }

    #[test]
    fn an_addition_is_found_by_its_normal_form_and_claimed_once() {
        let rows = vec![
            negative("n1", "g1", "free shipping", State::Enabled),
            negative("n2", "g2", "free shipping", State::Enabled),
            negative("n3", "g1", "old one", State::Archived),
            negative("n4", "g1", "off", State::Paused),
        ];
        let mut listing = Listing::new(rows, FxHashSet::default());
        assert_eq!(id(listing.claim(&new("g1", " Free  SHIPPING "))).as_deref(), Some("n1"));
        assert_eq!(id(listing.claim(&new("g1", "free shipping"))), None);
        assert_eq!(id(listing.claim(&new("g1", "old one"))), None);
        assert_eq!(id(listing.claim(&new("g1", "off"))).as_deref(), Some("not n4"));
        let key = negative("n2", "g2", "free shipping", State::Enabled).key();
        assert_eq!(listing.state(&key), Some(State::Enabled));
        listing.take(&new("g2", "free shipping"), &key);
        assert_eq!(id(listing.claim(&new("g2", "free shipping"))), None);
    }
}
