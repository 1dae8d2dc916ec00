//! Whether a negative can be moved to another state, and what the platform has instead.

use super::super::capabilities::Capabilities;
use super::super::catalog::NegativeView;
use super::super::negative::State;

/// What can be said of a change of state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveVerdict {
    /// It can be staged.
    Fine,
    /// It is in that state.
    Already(State),
    /// It is archived, and stays so.
    Final,
    /// The platform has no such move; the nearest it has, if any.
    Lacks {
        /// The state asked for.
        wanted: State,
        /// The state it can be moved to instead.
        nearest: Option<State>,
    },
}

/// Judges a change of state of a negative.
pub fn judge_move(negative: &NegativeView<'_>, to: State, capabilities: &Capabilities) -> MoveVerdict {
    let from = negative.state();
    if from == to {
        return MoveVerdict::Already(to);
    }
    if from == State::Archived {
        return MoveVerdict::Final;
    }
    let rule = capabilities.kind(negative.kind(), negative.level());
    let moves = rule.map_or(&[][..], |rule| rule.moves);
    if moves.contains(&(from, to)) {
        return MoveVerdict::Fine;
    }
    // Only what also switches off can stand in for a pause or an archive.
    let nearest =
        moves.iter().find(|(start, end)| *start == from && *end != State::Enabled && to != State::Enabled);
    MoveVerdict::Lacks { wanted: to, nearest: nearest.map(|(_, end)| *end) }
}

/// Judges the removal of a negative: the move to what "remove" means on its platform.
pub fn judge_remove(negative: &NegativeView<'_>, capabilities: &Capabilities) -> MoveVerdict {
    judge_move(negative, capabilities.removed_state(), capabilities)
}

impl MoveVerdict {
    /// Whether it can be staged.
    pub fn is_fine(self) -> bool {
        self == Self::Fine
    }

    /// The verdict in words; empty when it is fine.
    pub fn says(self, capabilities: &Capabilities) -> String {
        let title = capabilities.title;
        match self {
            Self::Fine => String::new(),
            Self::Already(state) => format!("already {state}"),
            Self::Final => format!("archived, and that is final on {title}"),
            Self::Lacks { wanted, nearest } => {
                let lacks = match wanted {
                    State::Enabled => format!("{title} cannot switch it on"),
                    State::Paused => format!("{title} has no pause"),
                    State::Archived => format!("{title} has no archive"),
                };
                match nearest {
                    Some(State::Archived) => format!("{lacks}: archived, for good, is what it has"),
                    Some(state) => format!("{lacks}: the nearest is {state}"),
                    None => lacks,
                }
            }
        }
    }
}
