//! A listing made to settle what got no answer: finds an addition among what is there now, by scope, kind, match
//! type and normalised text, because a platform may store a text otherwise than it was sent. Asks nobody.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::domain::change::NewNegative;
use crate::domain::ids::{AdGroupId, CampaignId};
use crate::domain::matching::normalise;
use crate::domain::negative::{Kind, MatchType, Negative, NegativeKey, State};

/// What makes two negatives the same to a platform.
type Likeness = (CampaignId, Option<AdGroupId>, Kind, Option<MatchType>, String);

/// What is there now, by likeness. Archived ones are not: they block nothing and stand in nobody's way.
pub(super) struct Listing {
    like: FxHashMap<Likeness, Vec<Negative>>,
    keys: FxHashSet<NegativeKey>,
}

impl Listing {
    /// Sorts a listing's rows.
    pub(super) fn new(rows: Vec<Negative>) -> Self {
        let mut like: FxHashMap<Likeness, Vec<Negative>> = FxHashMap::default();
        let mut keys = FxHashSet::default();
        for row in rows {
            // A page that came twice brings the same row twice.
            if !keys.insert(row.key()) || row.state == State::Archived {
                continue;
            }
            let text = normalise(row.text.raw());
            let key = (row.campaign.clone(), row.ad_group.clone(), row.kind, row.match_type, text);
            like.entry(key).or_default().push(row);
        }
        Self { like, keys }
    }

    /// Takes the row that an addition made, so that no other addition can claim it too.
    pub(super) fn claim(&mut self, new: &NewNegative) -> Option<Negative> {
        let rows = self.like.get_mut(&likeness(new))?;
        // Of several the one in the wanted state.
        let place = rows.iter().position(|row| row.state == new.state).unwrap_or(0);
        (place < rows.len()).then(|| rows.swap_remove(place))
    }

    /// Takes a row by its key: it belongs to an addition that was answered.
    pub(super) fn take(&mut self, new: &NewNegative, key: &NegativeKey) {
        if let Some(rows) = self.like.get_mut(&likeness(new)) {
            rows.retain(|row| row.key() != *key);
        }
    }

    /// Whether a negative is listed at all. One that the platform confirmed and that is not listed says that the
    /// listing lags, so that absence means nothing yet.
    pub(super) fn shows(&self, key: &NegativeKey) -> bool {
        self.keys.contains(key)
    }
}

fn likeness(new: &NewNegative) -> Likeness {
    (new.campaign.clone(), new.ad_group.clone(), new.kind, new.match_type, normalise(new.text.raw()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::testing::{negative, new};

    #[test]
    fn an_addition_is_found_by_its_normal_form_and_claimed_once() {
        let rows = vec![
            negative("n1", "g1", "free shipping", State::Enabled),
            negative("n2", "g2", "free shipping", State::Enabled),
            negative("n3", "g1", "old one", State::Archived),
        ];
        let mut listing = Listing::new(rows);
        assert_eq!(listing.claim(&new("g1", " Free  SHIPPING ")).unwrap().id.raw(), "n1");
        assert_eq!(listing.claim(&new("g1", "free shipping")), None);
        assert_eq!(listing.claim(&new("g1", "old one")), None);
        let key = negative("n2", "g2", "free shipping", State::Enabled).key();
        assert!(listing.shows(&key));
        listing.take(&new("g2", "free shipping"), &key);
        assert_eq!(listing.claim(&new("g2", "free shipping")), None);
    }
}
