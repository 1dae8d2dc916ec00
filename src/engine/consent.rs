//! What must be confirmed before anything is sent, as data: the same rules for the dialog on the screen and the
//! flags of a script. Sends nothing; `apply` asks [`Consent::check`] once more before its first request.

use crate::domain::account::AccountName;
use crate::domain::change::Change;
use crate::domain::plan::{Plan, REMOVALS_WITHOUT_COUNT};
use crate::domain::problem::{Problem, ProblemKind};

use super::{Engine, Member};

/// What would be sent to one account, counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// The account.
    pub account: AccountName,
    /// Its platform's name as people write it.
    pub platform: String,
    /// Whether it is a live account.
    pub live: bool,
    /// New negatives.
    pub adds: usize,
    /// Moves to another state.
    pub moves: usize,
    /// Removals, archiving included.
    pub removals: usize,
    /// Requests.
    pub requests: usize,
    /// Changes of the plan that stay behind because they have a problem.
    pub held: usize,
}

impl Counts {
    /// All that would be sent.
    pub fn total(&self) -> usize {
        self.adds + self.moves + self.removals
    }
}

/// One thing that somebody must confirm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Confirmation {
    /// The plain question: "Send 4 changes to Acme US (Amazon, LIVE)?".
    Send(Vec<Counts>),
    /// A protected account: its name must be typed.
    Name(AccountName),
    /// Many removals: their number must be typed.
    Removals(usize),
}

impl Confirmation {
    /// The question, in words.
    pub fn question(&self) -> String {
        match self {
            Self::Send(accounts) => {
                let total: usize = accounts.iter().map(Counts::total).sum();
                let to: Vec<String> = accounts
                    .iter()
                    .map(|one| {
                        let place = if one.live { "LIVE" } else { "SANDBOX" };
                        if accounts.len() == 1 {
                            format!("{} ({}, {place})", one.account, one.platform)
                        } else {
                            format!("{} ({}, {place}: {})", one.account, one.platform, one.total())
                        }
                    })
                    .collect();
                format!("Send {total} change{} to {}?", if total == 1 { "" } else { "s" }, to.join(", "))
            }
            Self::Name(name) => format!("{name} is protected. Type its name to send:"),
            Self::Removals(n) => format!("This removes {n} negatives. Type {n} to go on:"),
        }
    }
}

/// What somebody confirmed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consent {
    /// Yes to the plain question (`--yes`).
    pub yes: bool,
    /// The names that were typed (`--confirm NAME`).
    pub names: Vec<AccountName>,
    /// The number of removals that was typed (`--confirm-removals N`).
    pub removals: Option<usize>,
}

impl Consent {
    /// Whether everything asked for was confirmed; else what is missing and how to give it.
    pub fn check(&self, needed: &[Confirmation]) -> Result<(), Problem> {
        for one in needed {
            let (title, hint) = match one {
                Confirmation::Send(_) if !self.yes => {
                    ("Not confirmed".to_owned(), "Answer yes, or pass --yes.".to_owned())
                }
                Confirmation::Name(name) if !self.names.contains(name) => {
                    (format!("{name} is protected"), format!("Type its name, or pass --confirm {name}."))
                }
                Confirmation::Removals(n) if self.removals != Some(*n) => (
                    format!("{n} removals are more than {REMOVALS_WITHOUT_COUNT}"),
                    format!("Type {n}, or pass --confirm-removals {n}."),
                ),
                _ => continue,
            };
            return Err(Problem::new(ProblemKind::Usage, title).detail("nothing was sent").hint(hint));
        }
        Ok(())
    }
}

/// What must be confirmed before `plan` may be sent; nothing when it has nothing to send.
///
/// Refused when nothing may be sent at all: the session is read-only, or every account of the plan is.
pub(super) fn needs(engine: &Engine, plan: &Plan) -> Result<Vec<Confirmation>, Problem> {
    let counts: Vec<Counts> = plan.accounts.iter().filter_map(|part| count(engine, part)).collect();
    if plan.accounts.iter().any(|part| !part.changes.is_empty()) {
        may_send(engine)?;
    }
    if counts.is_empty() {
        let locked: Vec<String> = plan
            .accounts
            .iter()
            .filter(|part| engine.member_of(&part.account).is_some_and(|member| member.read_only))
            .map(|part| part.name.to_string())
            .collect();
        if !locked.is_empty() && locked.len() == plan.accounts.len() {
            return Err(read_only(
                &format!("{} is read-only", locked.join(", ")),
                "Set `read_only = false` for it in the config to send.",
            ));
        }
        return Ok(Vec::new());
    }
    let removals: usize = counts.iter().map(|one| one.removals).sum();
    let protected: Vec<Confirmation> = counts
        .iter()
        .filter(|one| {
            engine.member(&one.account).and_then(Member::account).is_some_and(|account| account.protected)
        })
        .map(|one| Confirmation::Name(one.account.clone()))
        .collect();
    let mut needed = vec![Confirmation::Send(counts)];
    needed.extend(protected);
    if removals > REMOVALS_WITHOUT_COUNT {
        needed.push(Confirmation::Removals(removals));
    }
    Ok(needed)
}

/// Refused when this session sends nothing, whatever it is.
pub(super) fn may_send(engine: &Engine) -> Result<(), Problem> {
    if engine.read_only() {
        return Err(read_only("This session is read-only", "Leave out --read-only to send."));
    }
    Ok(())
}

fn read_only(title: &str, hint: &str) -> Problem {
    Problem::new(ProblemKind::Usage, title).detail("nothing was sent").hint(hint)
}

fn count(engine: &Engine, part: &crate::domain::plan::AccountPlan) -> Option<Counts> {
    let member = engine.member_of(&part.account)?;
    let account = member.account()?;
    let mut counts = Counts {
        account: account.name.clone(),
        platform: member.title().to_owned(),
        live: account.live,
        adds: 0,
        moves: 0,
        removals: 0,
        requests: part.requests.len(),
        held: 0,
    };
    for planned in &part.changes {
        if planned.problem.is_some() {
            counts.held += 1;
            continue;
        }
        match &planned.change {
            Change::Add { .. } => counts.adds += 1,
            change if change.is_removal() => counts.removals += 1,
            _ => counts.moves += 1,
        }
    }
    (counts.total() > 0).then_some(counts)
}
