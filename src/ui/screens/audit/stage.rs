//! Staging what mends findings: each change once, and never again what is staged already. Sends nothing.

use rustc_hash::FxHashSet;

use super::AuditScreen;
use crate::domain::account::Identity;
use crate::domain::audit::Finding;
use crate::domain::change::{Change, NewNegative, Staged};
use crate::domain::negative::NegativeKey;
use crate::ui::canvas::counted;
use crate::ui::data::Data;
use crate::ui::effect::Staging;
use crate::ui::msg::AuditNow;
use crate::ui::part::{Available, Cx};

/// One change of a fix, by what it is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Step {
    Add(NewNegative),
    Remove(NegativeKey),
}

impl Step {
    fn of(change: &Change) -> Option<Self> {
        match change {
            Change::Add { new } => Some(Self::Add(new.clone())),
            Change::Remove { target } => Some(Self::Remove(target.key())),
            Change::SetState { .. } => None,
        }
    }
}

/// What is staged, as far as a fix could have asked for it.
#[derive(Clone, Debug, Default)]
pub(super) struct StagedFixes(FxHashSet<(Identity, Step)>);

impl StagedFixes {
    /// Of everything that is staged.
    pub(super) fn new(staged: &[Staged]) -> Self {
        let step = |one: &Staged| Some((one.account.clone(), Step::of(&one.change)?));
        Self(staged.iter().filter_map(step).collect())
    }

    /// Whether all that mends a finding is staged.
    pub(super) fn has(&self, now: &AuditNow, finding: &Finding) -> bool {
        let Some(fix) = finding.fix.as_ref().filter(|_| !self.0.is_empty()) else { return false };
        let account = finding.identity(&now.catalog);
        let staged = |step: Step| self.0.contains(&(account.clone(), step));
        fix.remove.iter().all(|row| staged(Step::Remove(now.catalog.negative(*row).key())))
            && fix.add.iter().all(|new| staged(Step::Add(new.clone())))
    }
}

impl AuditScreen {
    /// The chosen findings that something mends which is not staged yet.
    fn fixable<'d>(&self, data: &'d Data) -> Vec<&'d Finding> {
        let Some(now) = data.audit.value() else { return Vec::new() };
        let open = |one: &&Finding| one.fix.is_some() && !self.staged.has(now, one);
        self.chosen(data).into_iter().filter(open).collect()
    }

    pub(super) fn can_fix(&self, data: &Data) -> Available {
        let chosen = self.chosen(data);
        if chosen.is_empty() {
            return Available::no("Choose a finding first: enter shows them");
        }
        if chosen.iter().all(|one| one.fix.is_none()) {
            return Available::no("There is nothing that could be staged for it");
        }
        Available::when(!self.fixable(data).is_empty(), "It is staged already: p shows it, u takes it back")
    }

    pub(super) fn fix(&mut self, cx: &mut Cx) {
        let Some(now) = cx.data.audit.value() else { return };
        let fixable = self.fixable(cx.data);
        let fixed = fixable.len();
        let mut seen = self.staged.0.clone();
        let mut changes = Vec::new();
        for finding in fixable {
            let account = finding.identity(&now.catalog);
            let own = finding.fix.iter().flat_map(|fix| fix.changes(&now.catalog));
            // Two findings may ask for the same removal.
            changes.extend(own.filter_map(|change| {
                let new = Step::of(&change).is_some_and(|step| seen.insert((account.clone(), step)));
                new.then(|| (account.clone(), change))
            }));
        }
        let says =
            format!("{} staged for {}, not sent", counted(changes.len(), "change"), counted(fixed, "finding"));
        self.marked.clear();
        cx.stage(Staging::add(changes), says);
    }
}
