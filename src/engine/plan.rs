//! Makes plans of what is staged: fingerprints of what each change touches, reasons against sending, cautions, the
//! exact requests. Sends nothing; see `apply/` for that.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::account::{AccountName, Identity};
use crate::domain::catalog::{AccountIx, Catalog};
use crate::domain::change::{Loss, Staged};
use crate::domain::ids::PlanId;
use crate::domain::plan::{AccountPlan, Fingerprint, Plan, PlanScope, PlannedChange};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::Text;

use super::weigh::Against;
use super::{Engine, Member, Selection};

impl Engine {
    /// Makes and saves a plan of the staged changes that `pick` chooses, account by account in the config's order.
    ///
    /// A change that cannot be sent is in the plan with its `problem` and in no request: it breaks a rule of the
    /// platform, its object is gone, its account is read-only, cannot be reached or is held back, or an earlier send
    /// of it has no answer yet.
    pub async fn plan(&self, pick: &Selection) -> Result<Plan, Problem> {
        if let Selection::Accounts(names) = pick {
            self.choose(names)?;
        }
        let catalog = self.catalog().await?;
        let staged = self.staged().await?;
        let undoes: BTreeMap<u64, u64> = self.store().staged_undoes().await?.into_iter().collect();
        let mut accounts = Vec::new();
        for member in self.members() {
            let Some(identity) = member.identity().cloned() else { continue };
            let own: Vec<&Staged> = staged
                .iter()
                .filter(|one| one.account == identity && pick.has(&member.name, one.number))
                .collect();
            if own.is_empty() {
                continue;
            }
            let open = self.open_numbers(&identity).await?;
            let mut part = part(&catalog, member, identity, &own, &staged, &open);
            say_losses(&mut part, member, &undoes);
            accounts.push(part);
        }
        accounts.extend(self.held_back(pick, &staged, &accounts));
        let scope = match pick {
            Selection::All | Selection::Accounts(_) => PlanScope::Whole,
            Selection::Changes(_) => PlanScope::Chosen,
        };
        let plan = Plan { id: PlanId::from_uuid(self.time().id()), made: self.now(), scope, accounts };
        self.store().save_plan(&plan).await?;
        Ok(plan)
    }

    /// A saved plan, if it may still be sent: refused when there is none of that id, when it was sent before, or
    /// when what is staged for its accounts has changed since; a plan of chosen changes only minds those.
    pub async fn saved_plan(&self, id: PlanId) -> Result<Plan, Problem> {
        let Some(plan) = self.store().plan(id).await? else {
            return Err(Problem::new(ProblemKind::Usage, "There is no such plan")
                .detail(format!("plan {id}"))
                .hint("Make a plan of what is staged with `unbid plan`."));
        };
        if let Some(then) = self.store().spent(id).await? {
            return Err(Problem::new(ProblemKind::Usage, "This plan was sent before")
                .detail(format!("plan {id}, sent {then}"))
                .hint("Make a new plan of what is staged with `unbid plan`."));
        }
        for part in &plan.accounts {
            let staged = self.store().staged(Some(part.account.clone())).await?;
            let has = |number| part.changes.iter().any(|planned| planned.number == number);
            let now = staged
                .iter()
                .filter(|one| plan.scope == PlanScope::Whole || has(one.number))
                .map(|one| (one.number, &one.change));
            if !now.eq(part.changes.iter().map(|planned| (planned.number, &planned.change))) {
                return Err(stale(&part.name));
            }
        }
        Ok(plan)
    }

    /// What `pick` chooses of a plan, as a saved plan of its own: the same changes with what was seen of them.
    pub(super) async fn narrow(&self, plan: &Plan, pick: &Selection) -> Result<Plan, Problem> {
        let mut accounts = Vec::new();
        for part in &plan.accounts {
            let changes: Vec<PlannedChange> =
                part.changes.iter().filter(|one| pick.has(&part.name, one.number)).cloned().collect();
            if changes.is_empty() {
                continue;
            }
            let connection = self.member_of(&part.account).and_then(|member| member.link.as_ref().ok());
            let requests = match connection {
                // All of it: the very requests that were shown.
                _ if changes.len() == part.changes.len() => part.requests.clone(),
                Some(connection) => connection.prepare(&changes),
                None => Vec::new(),
            };
            accounts.push(AccountPlan { changes, requests, ..part.clone() });
        }
        let scope = PlanScope::Chosen;
        let plan = Plan { id: PlanId::from_uuid(self.time().id()), made: self.now(), scope, accounts };
        self.store().save_plan(&plan).await?;
        Ok(plan)
    }

    /// What is staged for identities that no account has now: shown, never sent.
    fn held_back(&self, pick: &Selection, staged: &[Staged], known: &[AccountPlan]) -> Vec<AccountPlan> {
        let mut parts: Vec<AccountPlan> = Vec::new();
        for one in staged {
            let taken =
                known.iter().any(|part| part.account == one.account) || self.member_of(&one.account).is_some();
            let name = self.former_name(&one.account);
            if taken || !pick.has(&name, one.number) {
                continue;
            }
            let problem =
                Problem::new(ProblemKind::Usage, format!("held back: {name} is not this account now"))
                    .detail(format!("staged for {} at {}", one.account.native, one.account.origin))
                    .hint("Point the config at that account again, or drop the change with `unbid unstage`.");
            let planned = PlannedChange {
                number: one.number,
                change: one.change.clone(),
                fingerprint: unseen(one),
                problem: Some(problem),
                cautions: Vec::new(),
            };
            match parts.iter_mut().find(|part| part.account == one.account) {
                Some(part) => part.changes.push(planned),
                None => parts.push(AccountPlan {
                    account: one.account.clone(),
                    name,
                    changes: vec![planned],
                    requests: Vec::new(),
                }),
            }
        }
        parts
    }

    /// The label that an identity had before its name went to another; else its native id.
    fn former_name(&self, identity: &Identity) -> AccountName {
        let change = self.identity_changes().iter().find(|change| change.was == *identity);
        change.map_or_else(|| AccountName::new(&identity.native), |change| change.account.clone())
    }
}

/// The refusal of a plan that what is staged no longer agrees with.
pub(super) fn stale(name: &AccountName) -> Problem {
    Problem::new(ProblemKind::Usage, format!("What is staged for {name} has changed since this plan was made"))
        .detail("nothing was sent")
        .hint("Look at a new plan with `unbid plan`.")
}

fn part(
    catalog: &Catalog,
    member: &Member,
    identity: Identity,
    own: &[&Staged],
    staged: &[Staged],
    open: &BTreeSet<u64>,
) -> AccountPlan {
    let account = catalog.find_account(&identity);
    let against = Against::new(catalog, member, &identity, staged);
    let changes: Vec<PlannedChange> = own
        .iter()
        .map(|one| {
            let (problem, cautions) = against.weigh(member, one);
            PlannedChange {
                number: one.number,
                change: one.change.clone(),
                fingerprint: fingerprint(catalog, account, one),
                problem: blocked(member, one, open).or(problem),
                cautions,
            }
        })
        .collect();
    let requests = member.link.as_ref().map(|connection| connection.prepare(&changes)).unwrap_or_default();
    AccountPlan { account: identity, name: member.name.clone(), changes, requests }
}

/// Says of each change that takes something back what it cannot bring back.
fn say_losses(part: &mut AccountPlan, member: &Member, undoes: &BTreeMap<u64, u64>) {
    let Some(capabilities) = member.capabilities else { return };
    for planned in part.changes.iter_mut().filter(|planned| undoes.contains_key(&planned.number)) {
        if let Some(loss) = Loss::of(&planned.change, capabilities) {
            planned.cautions.insert(0, loss.says(capabilities));
        }
    }
}

/// Why nothing goes to this account, or not this change.
fn blocked(member: &Member, one: &Staged, open: &BTreeSet<u64>) -> Option<Problem> {
    if let Err(problem) = &member.link {
        return Some(problem.clone());
    }
    if member.read_only {
        return Some(
            Problem::new(ProblemKind::Usage, format!("{} is read-only", member.name))
                .hint("Set `read_only = false` for it in the config to send."),
        );
    }
    open.contains(&one.number).then(|| {
        Problem::new(ProblemKind::Busy, "sent before, no answer yet")
            .hint("It is settled first the next time something is sent: `unbid apply`.")
    })
}

/// What a change touches, as the snapshot has it.
fn fingerprint(catalog: &Catalog, account: Option<AccountIx>, staged: &Staged) -> Fingerprint {
    let mut seen = unseen(staged);
    let Some(account) = account else { return seen };
    if let Some(campaign) = catalog.find_campaign(account, staged.change.campaign()) {
        seen.campaign_native_state = catalog.campaign(campaign).to_campaign().native_state;
        seen.ad_group_native_state = staged
            .change
            .ad_group()
            .and_then(|id| catalog.find_ad_group(campaign, id))
            .map(|group| catalog.ad_group(group).to_ad_group().native_state);
    }
    if let Some(target) = staged.change.target()
        && let Some(ix) = catalog.find(account, &target.key())
    {
        let row = catalog.negative(ix);
        seen.match_type = row.match_type();
        seen.text = Text::from(row.text_raw());
        seen.state = Some(row.state());
    }
    seen
}

fn unseen(staged: &Staged) -> Fingerprint {
    let target = staged.change.target();
    Fingerprint {
        match_type: target.and_then(|target| target.match_type),
        text: staged.change.text().clone(),
        state: target.map(|target| target.state),
        campaign_native_state: Text::default(),
        ad_group_native_state: None,
    }
}
