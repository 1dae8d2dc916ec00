//! The snapshot's rows after a send: what the platform confirmed, in its own words. What only a listing can tell
//! (the time it was made) comes with the next sync.

use crate::domain::capabilities::Capabilities;
use crate::domain::change::{Change, NewNegative};
use crate::domain::ids::NegativeId;
use crate::domain::journal::{Outcome, OutcomeKind};
use crate::domain::negative::{Negative, State};
use crate::domain::plan::PlannedChange;
use crate::domain::text::Text;

use super::drift::goal;

/// The row that a confirmed change leaves; `None` when nothing was confirmed, or the platform gave no id.
pub(super) fn row(planned: &PlannedChange, outcome: &Outcome, capabilities: &Capabilities) -> Option<Negative> {
    if !matches!(outcome.kind, OutcomeKind::Applied | OutcomeKind::Already) {
        return None;
    }
    match &planned.change {
        // An equal one that was there already may be in another state: only a listing knows.
        Change::Add { .. } if outcome.kind == OutcomeKind::Already => None,
        Change::Add { new } => Some(made(new, outcome.id.clone()?, capabilities)),
        Change::SetState { target, .. } | Change::Remove { target } => {
            let state = goal(&planned.change, capabilities);
            Some(Negative {
                // Some platforms give an object a new id when its state changes.
                id: outcome.id.clone().unwrap_or_else(|| target.id.clone()),
                state,
                native_state: word(state, capabilities),
                ..target.clone()
            })
        }
    }
}

fn made(new: &NewNegative, id: NegativeId, capabilities: &Capabilities) -> Negative {
    Negative {
        id,
        kind: new.kind,
        campaign: new.campaign.clone(),
        ad_group: new.ad_group.clone(),
        text: new.text.clone(),
        brand_name: new.brand_name.clone(),
        match_type: new.match_type,
        state: new.state,
        native_state: word(new.state, capabilities),
        created: None,
    }
}

fn word(state: State, capabilities: &Capabilities) -> Text {
    Text::new(capabilities.state_word(state))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::testing::{capabilities, negative, planned_add, planned_state};

    #[test]
    fn what_was_confirmed_becomes_a_row_and_nothing_else_does() {
        let caps = capabilities();
        let add = planned_add(1, "g1", "decaf");
        let landed = row(&add, &Outcome::applied(Some("n9".into())), caps).unwrap();
        assert_eq!((landed.id.raw(), landed.native_state.raw()), ("n9", "ON"));
        assert_eq!(row(&add, &Outcome::applied(None), caps), None);
        assert_eq!(row(&add, &Outcome::new(OutcomeKind::Unknown), caps), None);
        let target = negative("n1", "g1", "decaf", State::Enabled);
        let moved = row(&planned_state(2, &target, State::Paused), &Outcome::applied(None), caps).unwrap();
        assert_eq!((moved.state, moved.native_state.raw()), (State::Paused, "OFF"));
    }
}
