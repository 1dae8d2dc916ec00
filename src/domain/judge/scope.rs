//! What can be said of a new negative from where it goes: the parent's state, what is there, what covers it,
//! how full it is. Additions judged before count as if they were there.

use rustc_hash::FxHashMap;

use super::super::campaign::Holds;
use super::super::capabilities::{Capabilities, Certainty, Fact};
use super::super::catalog::{
    AccountIx, AdGroupIx, CampaignIx, Catalog, IdleReason, Liveness, Mark, NegIx, Overlay, Scope,
};
use super::super::change::NewNegative;
use super::super::matching::{Phrase, covers, normalise, tokens};
use super::super::negative::{Kind, Level, MatchType, State};
use super::{Already, Caution, Covered, Judgement, Refusal, judge_parent, meter};

/// Where a new negative goes.
#[derive(Clone, Copy)]
struct Place {
    campaign: CampaignIx,
    ad_group: Option<AdGroupIx>,
}

impl Place {
    fn own(self) -> Scope {
        self.ad_group.map_or(Scope::CampaignLevel(self.campaign), Scope::AdGroup)
    }
}

type Twin = (Scope, Kind, Option<MatchType>, String);

/// Judges one line after the other against the same snapshot and staging.
pub(super) struct Scopes<'a> {
    capabilities: &'a Capabilities,
    catalog: &'a Catalog,
    account: AccountIx,
    overlay: &'a Overlay,
    /// Lines judged so far that can be staged.
    lines: FxHashMap<Twin, usize>,
    /// How many a scope holds once all that is staged and judged so far is there.
    held: FxHashMap<Scope, usize>,
}

impl<'a> Scopes<'a> {
    pub(super) fn new(
        capabilities: &'a Capabilities,
        catalog: &'a Catalog,
        account: AccountIx,
        overlay: &'a Overlay,
    ) -> Self {
        let (lines, held) = (FxHashMap::default(), FxHashMap::default());
        Self { capabilities, catalog, account, overlay, lines, held }
    }

    pub(super) fn judge(&mut self, line: usize, new: &NewNegative, judgement: &mut Judgement) {
        let place = match self.place(new) {
            Ok(place) => place,
            Err(refusal) => return judgement.refusals.push(refusal),
        };
        self.judge_parents(place, judgement);
        if !judgement.refusals.is_empty() {
            return;
        }
        let normal = normalise(new.text.raw());
        let twin = (place.own(), new.kind, new.match_type, normal);
        judgement.already = self
            .twin_there(new, &twin)
            .or_else(|| self.twin_staged(&twin))
            .or_else(|| self.lines.get(&twin).map(|line| Already::Line(*line)));
        if judgement.already.is_some() {
            return;
        }
        self.judge_room(place, judgement);
        if new.state == State::Enabled && judgement.refusals.is_empty() {
            judgement.covered = self.covered(place, new, &twin.3);
        }
        if judgement.refusals.is_empty() {
            self.lines.insert(twin, line);
            *self.held(place.own()) += 1;
            if place.ad_group.is_some() {
                *self.held(Scope::Campaign(place.campaign)) += 1;
            }
        }
    }

    fn place(&self, new: &NewNegative) -> Result<Place, Refusal> {
        let campaign = self.catalog.find_campaign(self.account, &new.campaign);
        let campaign = campaign.ok_or(Refusal::NoSuchParent(Level::Campaign))?;
        let ad_group = match &new.ad_group {
            None => None,
            Some(id) => {
                let found = self.catalog.find_ad_group(campaign, id);
                Some(found.ok_or(Refusal::NoSuchParent(Level::AdGroup))?)
            }
        };
        Ok(Place { campaign, ad_group })
    }

    fn judge_parents(&self, place: Place, judgement: &mut Judgement) {
        let campaign = self.catalog.campaign(place.campaign);
        let group = place.ad_group.map(|group| self.catalog.ad_group(group));
        let said = [
            judge_parent(campaign.state(), Level::Campaign),
            group.and_then(|group| judge_parent(group.state(), Level::AdGroup)),
            match campaign.holds() {
                Holds::Yes => None,
                Holds::Inert => Some(Err(Caution::Idle(IdleReason::Inert))),
                Holds::No => Some(Ok(Refusal::HoldsNone)),
            },
        ];
        for said in said.into_iter().flatten() {
            match said {
                Ok(refusal) => judgement.refusals.push(refusal),
                Err(caution) => judgement.cautions.push(caution),
            }
        }
    }

    /// The state a row will be in once what is staged for it is done; `None` when it goes.
    fn state_to_be(&self, row: NegIx) -> State {
        match self.overlay.on(row).map(|staged| staged.mark) {
            Some(Mark::SetState(to)) => to,
            Some(Mark::Remove) => self.capabilities.removed_state(),
            None => self.catalog.negative(row).state(),
        }
    }

    fn twin_there(&self, new: &NewNegative, (scope, kind, match_type, normal): &Twin) -> Option<Already> {
        let moves = self.capabilities.kind(new.kind, new.level())?.moves;
        let found = self.catalog.find_text(*scope, *kind, *match_type, normal);
        let standing = found.into_iter().filter(|row| self.catalog.negative(*row).state() != State::Archived);
        let judged = standing.map(|row| {
            let from = self.catalog.negative(row).state();
            match self.overlay.on(row) {
                Some(_) if self.state_to_be(row) == new.state => (0, Already::There(row)),
                Some(staged) => (2, Already::Leaving { row, number: staged.number }),
                None if from == new.state => (0, Already::There(row)),
                None if moves.contains(&(from, new.state)) => (1, Already::Elsewise { row, from }),
                None => (3, Already::Stuck { row, from }),
            }
        });
        judged.min_by_key(|(rank, _)| *rank).map(|(_, already)| already)
    }

    fn twin_staged(&self, (scope, kind, match_type, normal): &Twin) -> Option<Already> {
        let mut added = self.overlay.added_in(self.catalog, *scope);
        let found = added.find(|added| {
            added.new.kind == *kind && added.new.match_type == *match_type && added.normal() == normal
        });
        found.map(|added| Already::Staged(added.number))
    }

    /// What blocks all that the new one would: in its own scope, or at its campaign.
    fn covered(&self, place: Place, new: &NewNegative, normal: &str) -> Option<Covered> {
        let scopes = [Some(place.own()), place.ad_group.map(|_| Scope::CampaignLevel(place.campaign))];
        let blocks = |row: &NegIx| {
            self.state_to_be(*row) == State::Enabled && self.catalog.liveness(*row) == Liveness::Live
        };
        let look = |scope: Scope, match_type: Option<MatchType>, text: &str| {
            self.catalog.find_text(scope, new.kind, match_type, text).into_iter().find(blocks).map(Covered::By)
        };
        let words: Vec<&str> = tokens(normal).collect();
        for scope in scopes.into_iter().flatten() {
            if let Some(found) = look(scope, new.match_type, normal) {
                return Some(found);
            }
            if new.kind == Kind::Keyword {
                // Every run of its words, the shortest first: the widest phrase is the one to name.
                let runs = (1..=words.len()).flat_map(|length| words.windows(length));
                for run in runs {
                    if let Some(found) = look(scope, Some(MatchType::Phrase), &run.join(" ")) {
                        return Some(found);
                    }
                }
            }
            if let Some(number) = self.covered_by_staged(scope, new, normal) {
                return Some(Covered::ByStaged(number));
            }
        }
        None
    }

    fn covered_by_staged(&self, scope: Scope, new: &NewNegative, normal: &str) -> Option<u64> {
        let mut added =
            self.overlay.added_in(self.catalog, scope).filter(|added| added.new.state == State::Enabled);
        let found = added.find(|added| match (added.new.kind, new.kind) {
            (Kind::Keyword, Kind::Keyword) => match (added.new.match_type, new.match_type) {
                (Some(wide), Some(narrow)) => covers(
                    Phrase { match_type: wide, text: added.normal() },
                    Phrase { match_type: narrow, text: normal },
                ),
                _ => false,
            },
            (wide, narrow) => wide == narrow && added.normal() == normal,
        });
        found.map(|added| added.number)
    }

    /// How many a scope will hold, staged changes and lines so far among them.
    fn held(&mut self, scope: Scope) -> &mut usize {
        let (catalog, overlay, capabilities) = (self.catalog, self.overlay, self.capabilities);
        self.held.entry(scope).or_insert_with(|| {
            let counts = catalog.counts(scope);
            let held = if capabilities.cap.paused_count { counts.standing() } else { counts.enabled };
            meter::after(scope, held, catalog, overlay, capabilities)
        })
    }

    fn judge_room(&mut self, place: Place, judgement: &mut Judgement) {
        let cap = self.capabilities.cap;
        let group = place.ad_group.map(|group| (Level::AdGroup, Scope::AdGroup(group), cap.per_ad_group));
        let campaign = (Level::Campaign, Scope::Campaign(place.campaign), cap.per_campaign);
        for (level, scope, cap) in group.into_iter().chain([campaign]) {
            let Some(Fact { value: cap, certainty, .. }) = cap else { continue };
            let count = *self.held(scope);
            if count >= cap && certainty == Certainty::Documented {
                judgement.refusals.push(Refusal::Full { level, count, cap });
            } else if count >= cap - cap / 10 {
                judgement.cautions.push(Caution::NearFull { level, count, cap });
            }
        }
    }
}
