//! What a listing proves beyond its rows: whether lists show yet what the platform has confirmed, and up to which
//! request they have come. Asks nobody; `settle.rs` draws the conclusions.

use crate::domain::change::{Change, NewNegative};
use crate::domain::ids::CampaignId;
use crate::domain::journal::{Outcome, OutcomeKind};
use crate::domain::negative::NegativeKey;
use crate::domain::plan::PlannedChange;

use super::drift::goal;
use super::listing::{Claim, Listing};
use super::run::Run;

/// What a listing proves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Evidence {
    /// Something that the platform confirmed in this operation is not shown: lists lag, and absence means nothing.
    pub(super) lags: bool,
    /// The last attempt of which something is shown. What was sent before it would be shown, too; 0 is none.
    pub(super) reach: u32,
}

impl Evidence {
    /// Something of this attempt is shown.
    pub(super) fn shows(&mut self, attempt: u32) {
        self.reach = self.reach.max(attempt);
    }
}

impl Run<'_> {
    /// Weighs a listing against what this operation has confirmed, and takes that out of it: no addition without
    /// an answer may claim a row of one that has its own.
    pub(super) fn evidence(&self, listing: &mut Listing) -> Evidence {
        let mut evidence = Evidence::default();
        for (planned, outcome) in self.confirmed() {
            if !listing.covers(planned.change.campaign()) {
                continue;
            }
            match self.is_shown(planned, outcome, listing) {
                Some(true) => evidence.shows(self.sent_in(planned.number)),
                // What was confirmed long ago may have been taken away since; no platform's lists lag that long.
                Some(false) => evidence.lags |= !self.old,
                None => {}
            }
        }
        evidence
    }

    /// The campaign of the change that was confirmed last: listed along, it tells whether lists keep up.
    pub(super) fn last_confirmed(&self) -> Option<CampaignId> {
        let last = self.confirmed().max_by_key(|(planned, _)| self.sent_in(planned.number));
        last.map(|(planned, _)| planned.change.campaign().clone())
    }

    fn confirmed(&self) -> impl Iterator<Item = (&PlannedChange, &Outcome)> {
        let applied = self.outcomes.iter().filter(|(_, outcome)| outcome.kind == OutcomeKind::Applied);
        applied.filter_map(|(number, outcome)| Some((self.changes.get(number)?, outcome)))
    }

    /// Whether a listing shows what was confirmed; `None` when it cannot tell.
    fn is_shown(&self, planned: &PlannedChange, outcome: &Outcome, listing: &mut Listing) -> Option<bool> {
        match &planned.change {
            Change::Add { new } => {
                let key = key_of(new, outcome)?;
                listing.take(new, &key);
                Some(listing.state(&key).is_some())
            }
            Change::SetState { target, .. } | Change::Remove { target } => {
                let id = outcome.id.clone().unwrap_or_else(|| target.id.clone());
                let shown = listing.state(&NegativeKey { id, ..target.key() })?;
                if shown == goal(&planned.change, self.connection.capabilities()) {
                    return Some(true);
                }
                // Neither as it was nor as it should be: somebody else moved it, which tells nothing.
                (planned.fingerprint.state == Some(shown)).then_some(false)
            }
        }
    }

    /// The attempt that carried a change last; 0 when none did.
    pub(super) fn sent_in(&self, number: u64) -> u32 {
        self.sent_in.get(&number).copied().unwrap_or_default()
    }

    /// Looks for each of these additions in a listing, and counts what it finds among what the listing shows.
    pub(super) fn claims(
        &self,
        adds: &[(u64, NewNegative)],
        listing: &mut Listing,
        evidence: &mut Evidence,
    ) -> Vec<(u64, Claim)> {
        let claim = |(number, new): &(u64, NewNegative)| {
            let claim = listing.claim(new);
            if matches!(claim, Claim::Made(_)) {
                evidence.shows(self.sent_in(*number));
            }
            (*number, claim)
        };
        adds.iter().map(claim).collect()
    }
}

fn key_of(new: &NewNegative, outcome: &Outcome) -> Option<NegativeKey> {
    Some(NegativeKey { kind: new.kind, level: new.level(), id: outcome.id.clone()? })
}
