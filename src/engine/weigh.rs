//! Staged changes weighed against the snapshot once more, for a plan: why one cannot be sent, what to know before
//! it is. Changes nothing; the rules are `domain::judge`'s.

use rustc_hash::FxHashMap;

use crate::domain::account::Identity;
use crate::domain::catalog::{AccountIx, Catalog, Overlay};
use crate::domain::change::{Change, NewNegative, Staged};
use crate::domain::judge::{Advice, Judgement, MoveVerdict, judge_all, judge_move};
use crate::domain::negative::State;
use crate::domain::problem::{Problem, ProblemKind};

use super::Member;

/// Staged changes weighed against the snapshot once more, for a plan: all additions of an account in one go.
pub(super) struct Against<'a> {
    catalog: &'a Catalog,
    account: Option<AccountIx>,
    overlay: Overlay,
    additions: FxHashMap<u64, Judgement>,
}

impl<'a> Against<'a> {
    /// Weighs what is staged for one account.
    pub(super) fn new(catalog: &'a Catalog, member: &Member, identity: &Identity, staged: &[Staged]) -> Self {
        let account = catalog.find_account(identity);
        let own = staged.iter().filter(|one| one.account == *identity);
        let (adds, others): (Vec<Staged>, Vec<Staged>) =
            own.cloned().partition(|one| matches!(one.change, Change::Add { .. }));
        let overlay = Overlay::new(catalog, &others);
        let news: Vec<NewNegative> = adds
            .iter()
            .filter_map(|one| match &one.change {
                Change::Add { new } => Some(new.clone()),
                _ => None,
            })
            .collect();
        let additions = match (member.capabilities, account) {
            (Some(capabilities), Some(account)) => {
                let judged = judge_all(&news, capabilities, catalog, account, &overlay);
                adds.iter().map(|one| one.number).zip(judged).collect()
            }
            _ => FxHashMap::default(),
        };
        Self { catalog, account, overlay, additions }
    }

    /// Why a change cannot be sent, and what to know before it is.
    pub(super) fn weigh(&self, member: &Member, one: &Staged) -> (Option<Problem>, Vec<String>) {
        let refuse = |title: String| {
            let hint = format!(
                "Drop it with `unbid unstage {}`, or run `unbid sync` if it should be fine.",
                one.number
            );
            Some(Problem::new(ProblemKind::Usage, title).hint(hint))
        };
        let Some(capabilities) = member.capabilities else {
            return (refuse("its platform is not known".to_owned()), Vec::new());
        };
        let to = match &one.change {
            Change::Add { .. } => {
                let Some(judgement) = self.additions.get(&one.number) else {
                    return (refuse("its account is not in the snapshot".to_owned()), Vec::new());
                };
                let mut lines = judgement.lines(capabilities, self.catalog, &self.overlay);
                return match judgement.advice() {
                    // Its twin's removal is staged too, and goes first.
                    Advice::Stage | Advice::Covered | Advice::Unstage(_) => (None, lines),
                    Advice::Skip | Advice::SetState { .. } | Advice::Refuse => {
                        let first =
                            if lines.is_empty() { "cannot be sent".to_owned() } else { lines.remove(0) };
                        (refuse(first), lines)
                    }
                };
            }
            Change::SetState { to, .. } => *to,
            Change::Remove { .. } => capabilities.removed_state(),
        };
        let target = one.change.target();
        let Some(row) =
            self.account.zip(target).and_then(|(account, target)| self.catalog.find(account, &target.key()))
        else {
            return (refuse("no longer there".to_owned()), Vec::new());
        };
        let view = self.catalog.negative(row);
        match judge_move(&view, to, capabilities) {
            MoveVerdict::Fine => {
                let rule = capabilities.kind(view.kind(), view.level());
                let mut cautions = Vec::new();
                if to == State::Archived {
                    cautions.push("archived for good; taking it back makes a new one".to_owned());
                }
                if let Some(rule) = rule.filter(|rule| !rule.pausing.is_empty() && to == State::Paused) {
                    cautions.push(rule.pausing.to_owned());
                }
                (None, cautions)
            }
            verdict => (refuse(verdict.says(capabilities)), Vec::new()),
        }
    }
}
