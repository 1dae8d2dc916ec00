//! What can be said of a new negative, or of a change of state, before any call: from the platform's
//! [`Capabilities`], the snapshot and what is staged. The add form, the commands and the planner ask here.

mod meter;
mod moves;
mod says;
mod scope;
mod text;

use super::campaign::ParentState;
use super::capabilities::Capabilities;
use super::catalog::{AccountIx, Catalog, IdleReason, NegIx, Overlay};
use super::change::NewNegative;
use super::negative::{Kind, Level, MatchType, State};

pub use self::meter::Meter;
pub use self::moves::{MoveVerdict, judge_move, judge_remove};
pub use self::text::text_refusals;

/// Why a new negative cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no text.
    Empty,
    /// More characters than the platform takes.
    TooLong {
        /// How many there are.
        chars: usize,
        /// How many it takes.
        most: usize,
    },
    /// More words than the platform takes for the match type.
    TooManyWords {
        /// The match type.
        match_type: MatchType,
        /// How many there are.
        words: usize,
        /// How many it takes.
        most: usize,
    },
    /// Characters that the platform refuses.
    Characters(Vec<char>),
    /// A product that is no ASIN.
    NotAnAsin,
    /// The platform has no such negatives at all.
    NoSuchKind(Kind),
    /// The platform has such negatives, but at the other level only.
    NoSuchLevel {
        /// What was to be made.
        kind: Kind,
        /// Where it can be attached.
        has: Level,
    },
    /// The platform has not that match type for it.
    NoSuchMatch {
        /// The one asked for; `None` where one is missing.
        wanted: Option<MatchType>,
        /// Those it has.
        has: &'static [MatchType],
    },
    /// It cannot be made in that state.
    NoSuchState {
        /// The one asked for.
        wanted: State,
        /// Those it can be made in.
        has: &'static [State],
    },
    /// The campaign or ad group is not in the snapshot.
    NoSuchParent(Level),
    /// The campaign takes no negatives.
    HoldsNone,
    /// The campaign or ad group is archived.
    Archived(Level),
    /// The campaign or ad group holds as many as it can.
    Full {
        /// Which of them.
        level: Level,
        /// How many it holds, staged additions among them.
        count: usize,
        /// How many it can hold.
        cap: usize,
    },
}

/// What is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Already {
    /// The same negative, in the state asked for.
    There(NegIx),
    /// The same negative in another state, which can be changed to the one asked for.
    Elsewise {
        /// The negative.
        row: NegIx,
        /// The state it is in.
        from: State,
    },
    /// The same negative in another state, which the platform cannot change to the one asked for.
    Stuck {
        /// The negative.
        row: NegIx,
        /// The state it is in.
        from: State,
    },
    /// The same negative, with a change staged that takes it away or leaves it in another state.
    Leaving {
        /// The negative.
        row: NegIx,
        /// The staged change's number.
        number: u64,
    },
    /// The same addition is staged.
    Staged(u64),
    /// The same addition stands earlier in the list being judged, at this place.
    Line(usize),
}

/// What covers it: blocks all that it would block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Covered {
    /// A negative of the snapshot.
    By(NegIx),
    /// A staged addition, by number.
    ByStaged(u64),
}

/// Something to know that does not stand in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caution {
    /// Characters outside of what the platform documents; it decides.
    Doubtful(Vec<char>),
    /// White space at its ends, which is not sent.
    OuterSpace,
    /// A keyword that looks like an ASIN, where products can be negatives.
    LooksLikeAsin,
    /// It would block nothing where it is.
    Idle(IdleReason),
    /// What the platform's rules say of this sort of negative.
    OfKind(&'static str),
    /// The campaign or ad group is at 90 % of what it can hold, or more; or past a cap that nobody printed.
    NearFull {
        /// Which of them.
        level: Level,
        /// How many it holds, staged additions among them, without this one.
        count: usize,
        /// How many it can hold.
        cap: usize,
    },
}

/// What is best done with a new negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// Stage it.
    Stage,
    /// It can be staged and would change nothing: something wider blocks all of it.
    Covered,
    /// Leave it: it is there, staged, or earlier in the list.
    Skip,
    /// Stage a change of state of the one that is there instead.
    SetState {
        /// The one that is there.
        row: NegIx,
        /// The state to move it to.
        to: State,
    },
    /// Take back the staged change that would take it away.
    Unstage(u64),
    /// It cannot be sent.
    Refuse,
}

/// All that is to be said of a new negative.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// Why it cannot be sent; empty when it can.
    pub refusals: Vec<Refusal>,
    /// What is there already.
    pub already: Option<Already>,
    /// What blocks all that it would block.
    pub covered: Option<Covered>,
    /// What to know beside.
    pub cautions: Vec<Caution>,
    wanted: Option<State>,
}

impl Judgement {
    /// What is best done.
    pub fn advice(&self) -> Advice {
        match (self.already, self.wanted) {
            (Some(Already::There(_) | Already::Staged(_) | Already::Line(_) | Already::Stuck { .. }), _) => {
                Advice::Skip
            }
            (Some(Already::Leaving { number, .. }), _) => Advice::Unstage(number),
            (Some(Already::Elsewise { row, .. }), Some(to)) => Advice::SetState { row, to },
            _ if !self.refusals.is_empty() => Advice::Refuse,
            _ if self.covered.is_some() => Advice::Covered,
            _ => Advice::Stage,
        }
    }

    /// Whether nothing at all is to be said.
    pub fn is_fine(&self) -> bool {
        self.refusals.is_empty() && self.already.is_none() && self.covered.is_none() && self.cautions.is_empty()
    }
}

/// Judges one new negative.
pub fn judge(
    new: &NewNegative,
    capabilities: &Capabilities,
    catalog: &Catalog,
    account: AccountIx,
    overlay: &Overlay,
) -> Judgement {
    let mut all = judge_all(std::slice::from_ref(new), capabilities, catalog, account, overlay);
    all.pop().unwrap_or_default()
}

/// Judges the lines of a form or a file together: what repeats an earlier line is said, and those before count
/// against the caps.
pub fn judge_all(
    new: &[NewNegative],
    capabilities: &Capabilities,
    catalog: &Catalog,
    account: AccountIx,
    overlay: &Overlay,
) -> Vec<Judgement> {
    let mut scopes = scope::Scopes::new(capabilities, catalog, account, overlay);
    new.iter()
        .enumerate()
        .map(|(line, new)| {
            let mut judgement = Judgement { wanted: Some(new.state), ..Judgement::default() };
            judge_sort(new, capabilities, &mut judgement);
            text::judge(new, capabilities, &mut judgement);
            scopes.judge(line, new, &mut judgement);
            judgement
        })
        .collect()
}

/// Whether the platform has such a negative: kind, level, match type, state.
fn judge_sort(new: &NewNegative, capabilities: &Capabilities, judgement: &mut Judgement) {
    let Some(rule) = capabilities.kind(new.kind, new.level()) else {
        let other = match new.level() {
            Level::Campaign => Level::AdGroup,
            Level::AdGroup => Level::Campaign,
        };
        judgement.refusals.push(match capabilities.kind(new.kind, other) {
            Some(_) => Refusal::NoSuchLevel { kind: new.kind, has: other },
            None => Refusal::NoSuchKind(new.kind),
        });
        return;
    };
    let fits = match new.match_type {
        Some(wanted) => rule.matches.contains(&wanted),
        None => rule.matches.is_empty(),
    };
    if !fits {
        judgement.refusals.push(Refusal::NoSuchMatch { wanted: new.match_type, has: rule.matches });
    }
    if !rule.makes.contains(&new.state) {
        judgement.refusals.push(Refusal::NoSuchState { wanted: new.state, has: rule.makes });
    }
    let pausing = if new.state == State::Paused { rule.pausing } else { "" };
    let said = [rule.adding, pausing].into_iter().filter(|caution| !caution.is_empty());
    judgement.cautions.extend(said.map(Caution::OfKind));
}

/// What a parent's state says of what is added to it: refused, or a caution.
fn judge_parent(state: ParentState, level: Level) -> Option<Result<Refusal, Caution>> {
    let idle = match level {
        Level::Campaign => IdleReason::CampaignEnded,
        Level::AdGroup => IdleReason::AdGroupEnded,
    };
    match state {
        ParentState::Archived => Some(Ok(Refusal::Archived(level))),
        ParentState::Ended => Some(Err(Caution::Idle(idle))),
        ParentState::Enabled | ParentState::Paused => None,
    }
}

#[cfg(test)]
mod tests;
