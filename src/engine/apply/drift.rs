//! Whether an object is still what the plan saw. Compares, never asks; `run.rs` reads the objects just before it
//! sends, and `settle.rs` uses the same comparison to see what became of a change that got no answer.

use crate::domain::capabilities::Capabilities;
use crate::domain::change::Change;
use crate::domain::negative::{Negative, State};
use crate::domain::plan::PlannedChange;
use crate::domain::text::Text;

/// What an object turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// As the plan saw it.
    Same,
    /// Already in the state that was wanted, and the same otherwise.
    There,
    /// Changed or gone; the text says how.
    Drifted(Text),
}

/// The state that a change of an existing negative leads to; of an addition the state it is made in.
pub(super) fn goal(change: &Change, capabilities: &Capabilities) -> State {
    match change {
        Change::Add { new } => new.state,
        Change::SetState { to, .. } => *to,
        Change::Remove { .. } => capabilities.removed_state(),
    }
}

/// Compares an existing object with what the plan saw of it. `now` is `None` when it is gone.
pub(super) fn compare(planned: &PlannedChange, now: Option<&Negative>, capabilities: &Capabilities) -> Seen {
    let Some(now) = now else { return Seen::Drifted("it is no longer there".into()) };
    let saw = &planned.fingerprint;
    if now.text != saw.text {
        return Seen::Drifted(Text::new(format!("its text is now “{}”", now.text.raw())));
    }
    if now.match_type != saw.match_type {
        let word = now.match_type.map_or_else(|| "unknown".to_owned(), |match_type| match_type.to_string());
        return Seen::Drifted(Text::new(format!("its match type is now {word}")));
    }
    if now.state == goal(&planned.change, capabilities) {
        return Seen::There;
    }
    if saw.state.is_some_and(|state| state != now.state) {
        return Seen::Drifted(Text::new(format!("its state is now {}", now.state)));
    }
    Seen::Same
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::testing::{capabilities, negative, planned_state};

    #[test]
    fn same_there_changed_gone() {
        let caps = capabilities();
        let target = negative("n1", "g1", "decaf", State::Enabled);
        let planned = planned_state(1, &target, State::Paused);
        let with = |state| Negative { state, ..target.clone() };
        assert_eq!(compare(&planned, Some(&target), caps), Seen::Same);
        assert_eq!(compare(&planned, Some(&with(State::Paused)), caps), Seen::There);
        assert!(matches!(compare(&planned, Some(&with(State::Archived)), caps), Seen::Drifted(_)));
        let renamed = Negative { text: "tea".into(), ..target.clone() };
        assert!(matches!(compare(&planned, Some(&renamed), caps), Seen::Drifted(_)));
        assert!(matches!(compare(&planned, None, caps), Seen::Drifted(_)));
    }
}
