//! How full a campaign or ad group is: the negatives that it holds, those that it will hold once everything staged is sent,
//! and how many the platform lets it hold. What is refused or warned of because of it is `scope`'s business.

use super::super::capabilities::{CapRule, Capabilities};
use super::super::catalog::{Catalog, Mark, Overlay, Scope};
use super::super::negative::{Level, State};

/// Negatives of a campaign or ad group, as far as the platform counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meter {
    /// At which level.
    pub level: Level,
    /// How many there are.
    pub held: usize,
    /// How many there will be when everything staged is sent.
    pub after: usize,
    /// The most that there can be; `None` where nobody says.
    pub most: Option<usize>,
}

impl CapRule {
    /// Whether a negative in this state counts.
    pub fn counts(&self, state: State) -> bool {
        match state {
            State::Enabled => true,
            State::Paused => self.paused_count,
            State::Archived => false,
        }
    }
}

impl Meter {
    /// The meter of a campaign, its ad groups among it, or of an ad group alone; `None` of any other scope.
    pub fn of(scope: Scope, catalog: &Catalog, overlay: &Overlay, capabilities: &Capabilities) -> Option<Self> {
        let cap = capabilities.cap;
        let (level, most) = match scope {
            Scope::AdGroup(_) => (Level::AdGroup, cap.per_ad_group),
            Scope::Campaign(_) | Scope::CampaignLevel(_) => (Level::Campaign, cap.per_campaign),
            _ => return None,
        };
        let counts = catalog.counts(scope);
        let held = if cap.paused_count { counts.standing() } else { counts.enabled };
        let after = after(scope, held, catalog, overlay, capabilities);
        Some(Self { level, held, after, most: most.map(|most| most.value) })
    }

    /// Whether it is, or will be, at nine tenths of what it can hold.
    pub fn is_near(self) -> bool {
        self.most.is_some_and(|most| self.held.max(self.after) >= most - most / 10)
    }
}

/// How many a scope will hold that holds `held` now, when everything staged is sent.
pub(super) fn after(
    scope: Scope,
    mut held: usize,
    catalog: &Catalog,
    overlay: &Overlay,
    capabilities: &Capabilities,
) -> usize {
    let cap = capabilities.cap;
    for (row, staged) in overlay.marked_in(catalog, scope) {
        let to = match staged.mark {
            Mark::SetState(to) => to,
            Mark::Remove => capabilities.removed_state(),
        };
        let (now, then) = (cap.counts(catalog.negative(row).state()), cap.counts(to));
        held = held + usize::from(then) - usize::from(now);
    }
    held + overlay.added_in(catalog, scope).filter(|added| cap.counts(added.new.state)).count()
}
