//! What takes a change back, and what no platform can bring back. Pure: it compares nothing with what is there now;
//! see `engine::undo` for that.

use super::super::capabilities::{Capabilities, Removal};
use super::super::ids::NegativeId;
use super::super::negative::{Negative, State};
use super::{Change, NewNegative};

/// What takes a change back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inverse {
    /// The change that does it.
    pub change: Change,
    /// What is not as before afterwards.
    pub loss: Option<Loss>,
}

/// What is not as it was when a change was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// An archived one does not come back: a new one is made in its place.
    NewId,
    /// The platform has no delete: what was added is switched off and stays in the list.
    StaysListed,
}

/// Why nothing takes a change back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Irreversible {
    /// The platform never told which one it made.
    NoId,
    /// The platform has no way from one state to the other.
    NoMove(State, State),
    /// The platform makes none in that state.
    NotMade(State),
    /// It was made switched off, and the platform has no delete.
    StaysOff,
}

impl Change {
    /// What takes this change back, once it is done: `id` is the one that the platform confirmed it under.
    ///
    /// An addition is removed, a move goes back, a removal is made good. Where a platform archives for good a new
    /// negative takes the old one's place; where it has no delete an added one is switched off. Doing both changes one
    /// after the other leaves the same negatives live, ids aside.
    ///
    /// ```
    /// use unbid::domain::change::{Change, Loss, NewNegative};
    /// use unbid::domain::ids::PlatformId;
    /// use unbid::domain::negative::{Kind, MatchType, State};
    ///
    /// let of = |name: &str| unbid::platform::by_id(&PlatformId::new(name)).unwrap().capabilities();
    /// let new = NewNegative {
    ///     kind: Kind::Keyword,
    ///     campaign: "c1".into(),
    ///     ad_group: Some("g1".into()),
    ///     text: "decaf".into(),
    ///     brand_name: None,
    ///     match_type: Some(MatchType::Exact),
    ///     state: State::Enabled,
    /// };
    /// let id = "7".into();
    /// let add = Change::Add { new: new.clone() };
    ///
    /// // Archived, and back as a new one.
    /// let removal = add.inverse(Some(&id), of("ebay")).unwrap();
    /// assert!(matches!(&removal.change, Change::Remove { target } if target.id == id));
    /// let again = removal.change.inverse(Some(&id), of("ebay")).unwrap();
    /// assert_eq!((again.change, again.loss), (add.clone(), Some(Loss::NewId)));
    ///
    /// // No delete: switched off, and on again under its own id.
    /// let off = add.inverse(Some(&id), of("sams")).unwrap();
    /// assert_eq!(off.loss, Some(Loss::StaysListed));
    /// let on = off.change.inverse(Some(&id), of("sams")).unwrap();
    /// assert!(matches!(on.change, Change::SetState { to: State::Enabled, .. }));
    ///
    /// // A pause is taken back by a move, which loses nothing.
    /// let pause = Change::SetState { target: new.made(id.clone(), "ENABLED"), to: State::Paused };
    /// let back = pause.inverse(None, of("amazon")).unwrap();
    /// assert!(matches!(&back.change, Change::SetState { target, to: State::Enabled } if target.state == State::Paused));
    /// assert_eq!(back.loss, None);
    /// ```
    ///
    /// # Errors
    ///
    /// [`Irreversible`] says what the platform lacks.
    pub fn inverse(
        &self,
        id: Option<&NegativeId>,
        capabilities: &Capabilities,
    ) -> Result<Inverse, Irreversible> {
        let change = match self {
            Self::Add { new } => {
                let id = id.cloned().ok_or(Irreversible::NoId)?;
                if new.state == capabilities.removed_state() {
                    return Err(Irreversible::StaysOff);
                }
                Self::Remove { target: new.made(id, capabilities.state_word(new.state)) }
            }
            Self::SetState { target, to } => moved_back(target, *to, id, capabilities)?,
            Self::Remove { target } => moved_back(target, capabilities.removed_state(), id, capabilities)?,
        };
        let loss = Loss::of(&change, capabilities);
        Ok(Inverse { change, loss })
    }
}

/// What brings a negative back that was moved from its state to another.
fn moved_back(
    target: &Negative,
    to: State,
    id: Option<&NegativeId>,
    capabilities: &Capabilities,
) -> Result<Change, Irreversible> {
    let rule = capabilities.kind(target.kind, target.level());
    if to == State::Archived {
        let made = rule.is_some_and(|rule| rule.makes.contains(&target.state));
        return if made {
            Ok(Change::Add { new: NewNegative::like(target, target.state) })
        } else {
            Err(Irreversible::NotMade(target.state))
        };
    }
    if rule.is_some_and(|rule| rule.moves.contains(&(to, target.state))) {
        // Some platforms give an object a new id when its state changes.
        let id = id.unwrap_or(&target.id).clone();
        let native_state = capabilities.state_word(to).into();
        let now = Negative { id, state: to, native_state, ..target.clone() };
        Ok(Change::SetState { target: now, to: target.state })
    } else {
        Err(Irreversible::NoMove(to, target.state))
    }
}

impl Loss {
    /// What is lost when this change takes another back.
    pub fn of(inverse: &Change, capabilities: &Capabilities) -> Option<Self> {
        match (inverse, capabilities.removal) {
            (Change::Add { .. }, Removal::Archive) => Some(Self::NewId),
            (Change::Remove { .. }, Removal::SwitchOff) => Some(Self::StaysListed),
            _ => None,
        }
    }

    /// The loss in words.
    pub fn says(self, capabilities: &Capabilities) -> String {
        let title = capabilities.title;
        match self {
            Self::NewId => format!("comes back as a new one with a new id: archived is final on {title}"),
            Self::StaysListed => {
                format!("{title} has no delete: it is switched off and stays in the list")
            }
        }
    }
}

impl Irreversible {
    /// The reason in words.
    pub fn says(self, capabilities: &Capabilities) -> String {
        let title = capabilities.title;
        match self {
            Self::NoId => format!("{title} never told the id of what it made, and it is not in the snapshot"),
            Self::NoMove(from, to) => format!("{title} has no way from {from} to {to}"),
            Self::NotMade(state) => format!("{title} makes none that is {state}"),
            Self::StaysOff => format!("it was added switched off, and {title} has no delete"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::capabilities::KindRule;
    use crate::domain::negative::{Kind, Level, MatchType};
    use crate::ui::testing::{NO_DELETE, NO_PAUSE, RICH};

    const ALL: [&Capabilities; 3] = [&RICH, &NO_PAUSE, &NO_DELETE];

    fn new(state: State) -> NewNegative {
        NewNegative {
            kind: Kind::Keyword,
            campaign: "c1".into(),
            ad_group: Some("g1".into()),
            text: "decaf".into(),
            brand_name: None,
            match_type: Some(MatchType::Exact),
            state,
        }
    }

    fn rule(capabilities: &Capabilities) -> &KindRule {
        capabilities.kind(Kind::Keyword, Level::AdGroup).unwrap()
    }

    /// Every change that a platform takes of one negative.
    fn changes(capabilities: &Capabilities) -> Vec<Change> {
        let rule = rule(capabilities);
        let there = |state: State| new(state).made("7".into(), capabilities.state_word(state));
        let mut all: Vec<Change> = rule.makes.iter().map(|state| Change::Add { new: new(*state) }).collect();
        for (from, to) in rule.moves {
            all.push(Change::SetState { target: there(*from), to: *to });
            if *to == capabilities.removed_state() {
                all.push(Change::Remove { target: there(*from) });
            }
        }
        all
    }

    /// Whether a negative in this state is one that a person has: on a platform without delete a switched-off one is
    /// as good as removed.
    fn live(state: State, capabilities: &Capabilities) -> bool {
        state == State::Enabled || (state == State::Paused && capabilities.removal == Removal::Archive)
    }

    /// The live state that a change leaves.
    fn after(change: &Change, capabilities: &Capabilities) -> Option<State> {
        let state = match change {
            Change::Add { new } => new.state,
            Change::SetState { to, .. } => *to,
            Change::Remove { .. } => capabilities.removed_state(),
        };
        live(state, capabilities).then_some(state)
    }

    /// The live state that a change finds.
    fn before(change: &Change, capabilities: &Capabilities) -> Option<State> {
        change.target().map(|target| target.state).filter(|state| live(*state, capabilities))
    }

    #[test]
    fn inverted_once_it_leaves_what_there_was_and_twice_what_it_left() {
        for capabilities in ALL {
            let mut inverted = 0;
            for change in changes(capabilities) {
                let id = NegativeId::new("8");
                let Ok(back) = change.inverse(Some(&id), capabilities) else {
                    let off = matches!(&change, Change::Add { new } if new.state == State::Paused);
                    assert!(off && capabilities.removal == Removal::SwitchOff, "{change:?}");
                    continue;
                };
                assert_eq!(after(&back.change, capabilities), before(&change, capabilities), "{change:?}");
                let again = back.change.inverse(Some(&id), capabilities).unwrap();
                assert_eq!(after(&again.change, capabilities), after(&change, capabilities), "{change:?}");
                assert_eq!(again.change.text(), change.text());
                inverted += 1;
            }
            assert!(inverted > 1, "{}", capabilities.title);
        }
    }

    #[test]
    fn the_confirmed_id_is_what_is_taken_back() {
        let add = Change::Add { new: new(State::Enabled) };
        assert_eq!(add.inverse(None, &RICH), Err(Irreversible::NoId));
        let pause =
            Change::SetState { target: new(State::Enabled).made("7".into(), "ENABLED"), to: State::Paused };
        let back = pause.inverse(Some(&"9".into()), &RICH).unwrap();
        let target = back.change.target().unwrap();
        assert_eq!((target.id.raw(), target.state, target.native_state.raw()), ("9", State::Paused, "PAUSED"));
    }

    #[test]
    fn what_a_platform_lacks_is_said_in_its_name() {
        let off = Change::Add { new: new(State::Paused) };
        let why = off.inverse(Some(&"7".into()), &NO_DELETE).unwrap_err();
        assert_eq!(why.says(&NO_DELETE), "it was added switched off, and Sam's Club has no delete");
        let gone = Change::Remove { target: new(State::Paused).made("7".into(), "PAUSED") };
        let why = gone.inverse(None, &NO_PAUSE).unwrap_err();
        assert_eq!(why.says(&NO_PAUSE), "eBay makes none that is paused");
    }
}
