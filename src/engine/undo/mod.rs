//! Taking operations back: the inverses of what was confirmed, staged together and apart from what else is staged, so
//! that they make a plan of their own. Sends nothing; what takes a single change back is `domain::change`'s business;
//! what was taken back already `chain.rs` knows.

mod chain;
#[cfg(test)]
mod tests;

use rustc_hash::FxHashMap;

use crate::domain::account::Identity;
use crate::domain::capabilities::Capabilities;
use crate::domain::catalog::{AccountIx, Catalog, Scope};
use crate::domain::change::{Change, Irreversible, NewNegative, Staged};
use crate::domain::ids::{NegativeId, OperationId};
use crate::domain::journal::{OutcomeKind, Touches};
use crate::domain::matching::normalise;
use crate::domain::negative::State;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::Text;
use crate::store::OutcomeRecord;

use super::Engine;
use super::desk::Desk;

pub(super) use chain::{Chain, Link};

/// What takes an operation back, staged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoStaging {
    /// The numbers of the operations that are taken back.
    pub operations: Vec<u64>,
    /// The inverses.
    pub staged: Vec<Staged>,
    /// What is not taken back, or otherwise than one might think, and why.
    pub notes: Vec<UndoNote>,
}

impl UndoStaging {
    /// The numbers of what was staged: what its plan is made of.
    pub fn numbers(&self) -> Vec<u64> {
        self.staged.iter().map(|one| one.number).collect()
    }
}

/// Something to say of one change that was to be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoNote {
    /// The change's number.
    pub number: u64,
    /// Its text, as it came.
    pub text: Text,
    /// What to say.
    pub says: String,
}

impl std::fmt::Display for UndoNote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.text.shown(), self.says)
    }
}

/// One inverse that is wanted.
struct Wanted {
    account: Identity,
    /// The change that was asked to be taken back.
    number: u64,
    /// What it takes back: that change, or what did the same again later.
    of: (OperationId, u64),
    change: Change,
}

impl Engine {
    /// The operations that were sent last: those of one plan, which may be several accounts'. None when nothing was
    /// sent to any account that is configured now.
    pub async fn sent_last(&self) -> Result<Vec<OperationId>, Problem> {
        let mut own = self.store().operations(None, RECENT).await?;
        own.retain(|entry| self.member_of(&entry.operation.account).is_some());
        let plan = own.first().map(|entry| entry.operation.plan);
        own.retain(|entry| Some(entry.operation.plan) == plan);
        Ok(own.into_iter().rev().map(|entry| entry.operation.id).collect())
    }

    /// Stages what takes back what was confirmed of operations: applied, and neither taken back since nor being taken
    /// back. What cannot be taken back, or has changed since, is in the notes.
    ///
    /// Refused when nothing of them can be taken back; then nothing is staged.
    pub async fn stage_undo(&self, operations: &[OperationId]) -> Result<UndoStaging, Problem> {
        let catalog = self.catalog().await?;
        let mut chain = Chain::new(self);
        let mut numbers = Vec::new();
        let mut notes = Vec::new();
        let mut wanted = Vec::new();
        for id in operations {
            numbers.push(self.invert(*id, &catalog, &mut chain, &mut wanted, &mut notes).await?);
        }
        let staged = self.staged().await?;
        let mut desk = Desk::apart(&catalog, &staged);
        for (account, own) in by_account(&wanted) {
            let (member, capabilities, ix) = self.staging_place(&catalog, &account)?;
            desk.stage(member, capabilities, ix, &account, &own);
        }
        let note = |index: usize, says: String| {
            let one: &Wanted = &wanted[index];
            UndoNote { number: one.number, text: one.change.text().clone(), says }
        };
        let said = std::mem::take(&mut desk.refused).into_iter().chain(std::mem::take(&mut desk.notes));
        notes.extend(said.map(|said| note(said.index, said.says)));
        notes.sort_by_key(|note| note.number);
        desk.put.sort_by_key(|(index, ..)| *index);
        let put: Vec<_> =
            desk.put.into_iter().map(|(index, account, change)| (account, change, wanted[index].of)).collect();
        if put.is_empty() {
            return Err(nothing(&numbers, &notes));
        }
        let staged = self.store().stage_undo(put, self.now()).await?;
        Ok(UndoStaging { operations: numbers, staged, notes })
    }

    /// The inverses of one operation's confirmed changes; its number.
    async fn invert(
        &self,
        id: OperationId,
        catalog: &Catalog,
        chain: &mut Chain<'_>,
        wanted: &mut Vec<Wanted>,
        notes: &mut Vec<UndoNote>,
    ) -> Result<u64, Problem> {
        let Some(record) = self.store().operation(id).await? else { return Err(unknown(&id.to_string())) };
        let (number, account) = (record.number, record.operation.account.clone());
        if self.member_of(&account).is_none() {
            let name = &record.operation.name;
            return Err(Problem::new(
                ProblemKind::Usage,
                format!("Operation {number} went to another account"),
            )
            .detail(format!("{name} was {} then", account.key()))
            .hint("Only what was sent to an account that is configured now can be taken back."));
        }
        let (_, capabilities, ix) = self.staging_place(catalog, &account)?;
        let applied = record.outcomes.iter().filter(|one| one.outcome.kind == OutcomeKind::Applied);
        let mut touches = None;
        for one in applied {
            let mut note = |says: String| {
                notes.push(UndoNote { number: one.number, text: one.change.text().clone(), says });
            };
            let (of, last) = match chain.end(id, one.number).await? {
                Link::Standing { of, record } => (of, record.map_or_else(|| one.clone(), |record| *record)),
                Link::TakenBack(by) => {
                    note(format!("taken back already, by operation {by}"));
                    continue;
                }
                Link::Staged(by) => {
                    note(format!("taking it back is staged already, as change {by}"));
                    continue;
                }
                Link::Open(by) => {
                    note(format!("operation {by} took it back, and no answer has come yet"));
                    continue;
                }
            };
            if last.outcome.kind != OutcomeKind::Applied {
                note("it was there already when it was done again".to_owned());
                continue;
            }
            match inverse(&last, catalog, ix, capabilities) {
                Err(why) => note(why.says(capabilities)),
                Ok(change) => match changed(&change, catalog, ix, capabilities) {
                    None => wanted.push(Wanted { account: account.clone(), number: one.number, of, change }),
                    Some(how) => {
                        if touches.is_none() {
                            touches = Some(self.store().touches().await?);
                        }
                        note(by_whom(&how, &change, &account, number, touches.as_ref()));
                    }
                },
            }
        }
        Ok(number)
    }
}

/// How many operations back the last sending is looked for.
const RECENT: usize = 500;

/// The inverse of a confirmed change. Where the platform never told an id, the snapshot may know it.
fn inverse(
    record: &OutcomeRecord,
    catalog: &Catalog,
    account: AccountIx,
    capabilities: &Capabilities,
) -> Result<Change, Irreversible> {
    let told = record.outcome.id.clone();
    let id = match (&record.change, told) {
        (Change::Add { new }, None) => look_up(new, catalog, account),
        (_, told) => told,
    };
    record.change.inverse(id.as_ref(), capabilities).map(|inverse| inverse.change)
}

/// The only negative of the snapshot that an addition can have made.
fn look_up(new: &NewNegative, catalog: &Catalog, account: AccountIx) -> Option<NegativeId> {
    let campaign = catalog.find_campaign(account, &new.campaign)?;
    let scope = match &new.ad_group {
        Some(id) => Scope::AdGroup(catalog.find_ad_group(campaign, id)?),
        None => Scope::CampaignLevel(campaign),
    };
    let text = normalise(new.text.raw());
    let mut like = catalog.negatives_in(scope).map(|ix| catalog.negative(ix)).filter(|row| {
        row.kind() == new.kind
            && row.match_type() == new.match_type
            && row.state() != State::Archived
            && normalise(row.text_raw()) == text
    });
    let found = like.next()?;
    like.next().is_none().then(|| found.key().id)
}

/// What the operation left has changed since, as far as the snapshot knows; `None` when it is as it was left.
fn changed(
    inverse: &Change,
    catalog: &Catalog,
    account: AccountIx,
    capabilities: &Capabilities,
) -> Option<String> {
    let target = inverse.target()?;
    let Some(row) = catalog.find(account, &target.key()) else {
        return Some("it is no longer there".to_owned());
    };
    let state = catalog.negative(row).state();
    let goal = match inverse {
        Change::SetState { to, .. } => *to,
        _ => capabilities.removed_state(),
    };
    if state == target.state {
        None
    } else if state == goal {
        Some(format!("it is {state} already"))
    } else {
        Some(format!("it is {state} now, and was left {}", target.state))
    }
}

/// A change since, with the operation of ours that made it, if one did.
fn by_whom(how: &str, inverse: &Change, account: &Identity, number: u64, touches: Option<&Touches>) -> String {
    let key = inverse.target().map(crate::domain::negative::Negative::key);
    let later = key.and_then(|key| touches?.of(account, &key)).filter(|touch| touch.number > number);
    match later {
        Some(touch) => format!("changed since by operation {}: {how}", touch.number),
        None => format!("changed there since: {how}"),
    }
}

/// What is wanted, account by account, each with its place in the whole.
fn by_account(wanted: &[Wanted]) -> Vec<(Identity, Vec<(usize, Change)>)> {
    let mut grouped: Vec<(Identity, Vec<(usize, Change)>)> = Vec::new();
    let mut places: FxHashMap<&Identity, usize> = FxHashMap::default();
    for (index, one) in wanted.iter().enumerate() {
        let place = *places.entry(&one.account).or_insert_with(|| {
            grouped.push((one.account.clone(), Vec::new()));
            grouped.len() - 1
        });
        grouped[place].1.push((index, one.change.clone()));
    }
    grouped
}

/// There is no such operation.
pub(super) fn unknown(name: &str) -> Problem {
    Problem::new(ProblemKind::Usage, format!("There is no operation {}", crate::domain::text::shown(name)))
        .hint("`unbid history` lists the operations with their numbers and ids.")
}

/// The most notes that a refusal lists.
const MOST_LINES: usize = 10;

/// Why nothing of operations can be taken back.
fn nothing(operations: &[u64], notes: &[UndoNote]) -> Problem {
    let named: Vec<String> = operations.iter().map(ToString::to_string).collect();
    let of = format!("operation{} {}", if named.len() == 1 { "" } else { "s" }, named.join(", "));
    if notes.is_empty() {
        return Problem::new(ProblemKind::Usage, format!("Nothing of {of} was applied"))
            .detail("there is nothing to take back, and nothing was staged");
    }
    // One reason that all of them share stands in the title.
    let first = &notes[0].says;
    if notes.iter().all(|note| note.says == *first) {
        return Problem::new(ProblemKind::Usage, format!("Nothing of {of} can be taken back: {first}"))
            .detail("nothing was staged")
            .hint("`unbid plan` shows what is staged, `unbid history` what was sent and what took it back.");
    }
    let mut lines: Vec<String> = notes.iter().take(MOST_LINES).map(ToString::to_string).collect();
    if notes.len() > MOST_LINES {
        lines.push(format!("and {} more", notes.len() - MOST_LINES));
    }
    Problem::new(ProblemKind::Usage, format!("Nothing of {of} can be taken back"))
        .detail(lines.join("\n"))
        .hint("Nothing was staged.")
}
