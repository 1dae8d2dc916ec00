//! What `t` and `d` mean for each row: which change is staged, what the platform lacks and the nearest to it.
//! Decides only; nothing here changes anything.

use std::collections::BTreeSet;

use super::seen::{Seen, Thing};
use crate::domain::account::Identity;
use crate::domain::capabilities::{Capabilities, KindRule, Removal};
use crate::domain::catalog::Mark;
use crate::domain::change::{Change, NewNegative};
use crate::domain::negative::State;
use crate::ui::data::Data;
use crate::ui::effect::Staging;

/// What is to become of some rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decided {
    /// What is staged as asked.
    pub staging: Staging,
    /// What the platform lacks, with the nearest it has; to be asked about.
    pub instead: Vec<(Identity, Change)>,
    /// Why some rows are left out, each reason once.
    pub refused: BTreeSet<String>,
    /// How many rows are left out.
    pub left_out: usize,
    /// The platform of what is asked about.
    pub platform: &'static str,
}

impl Decided {
    fn refuse(&mut self, reason: impl Into<String>) {
        self.left_out += 1;
        self.refused.insert(reason.into());
    }

    fn add(&mut self, row: &Seen, change: Change) {
        self.staging.add.push((row.account.clone(), change));
    }

    /// How many changes are made or dropped as asked.
    pub fn count(&self) -> usize {
        self.staging.add.len() + self.staging.drop.len()
    }
}

fn rules(data: &Data, row: &Seen) -> Option<(&'static Capabilities, &'static KindRule)> {
    let capabilities = data.account(&row.account)?.capabilities;
    Some((capabilities, capabilities.kind(row.kind(), row.level())?))
}

const UNKNOWN: &str = "its platform has no such negative";

/// On to off and off to on.
pub fn toggle(data: &Data, rows: &[Seen]) -> Decided {
    let mut out = Decided::default();
    for row in rows {
        let Some((platform, rule)) = rules(data, row) else {
            out.refuse(UNKNOWN);
            continue;
        };
        let to = if row.state() == State::Enabled { State::Paused } else { State::Enabled };
        match (&row.thing, row.staged) {
            (Thing::New(number, new), _) if rule.makes.contains(&to) => {
                out.staging.drop.push(*number);
                out.add(row, Change::Add { new: NewNegative { state: to, ..new.clone() } });
            }
            (Thing::New(..), _) => out.refuse(format!("{} makes none that is {to}", platform.title)),
            (_, Some((_, Mark::Remove))) => out.refuse("it is to be removed; d takes that back"),
            (_, Some((number, Mark::SetState(_)))) => out.staging.drop.push(number),
            (Thing::Existing(target), None) => match target.state {
                State::Archived => {
                    out.refuse(format!("archived is final on {}; a adds it anew", platform.title));
                }
                from if rule.moves.contains(&(from, to)) => {
                    out.add(row, Change::SetState { target: target.clone(), to });
                }
                from if rule.moves.contains(&(from, State::Archived)) => {
                    out.platform = platform.title;
                    out.instead.push((row.account.clone(), Change::Remove { target: target.clone() }));
                }
                from => out.refuse(format!("{} has no move from {from} to {to}", platform.title)),
            },
        }
    }
    out
}

/// The platform's nearest to a removal; what is staged is taken back instead.
pub fn remove(data: &Data, rows: &[Seen]) -> Decided {
    let mut out = Decided::default();
    for row in rows {
        let Some((platform, rule)) = rules(data, row) else {
            out.refuse(UNKNOWN);
            continue;
        };
        let to = platform.removed_state();
        match (&row.thing, row.staged) {
            (Thing::New(number, _), _) => out.staging.drop.push(*number),
            (_, Some((number, _))) => out.staging.drop.push(number),
            (Thing::Existing(target), None) if target.state == to => {
                out.refuse(match platform.removal {
                    Removal::Archive => "it is archived already".to_owned(),
                    Removal::SwitchOff => {
                        format!("{} has no delete, and it is switched off already", platform.title)
                    }
                });
            }
            (Thing::Existing(target), None) if rule.moves.contains(&(target.state, to)) => {
                out.platform = platform.title;
                out.add(row, Change::Remove { target: target.clone() });
            }
            (Thing::Existing(target), None) => {
                out.refuse(format!("{} has no move from {} to {to}", platform.title, target.state));
            }
        }
    }
    out
}
