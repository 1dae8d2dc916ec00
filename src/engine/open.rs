//! Opens the engine: every connected account's name is bound to its identity, and a name that stood for another
//! one before is reported. Sends nothing.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use tokio::sync::Mutex;

use crate::domain::account::{Account, AccountName, Identity};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::shown;
use crate::store::Registered;

use super::{Engine, Inner, Parts};

/// A name that stood for another identity before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityChange {
    /// The name.
    pub account: AccountName,
    /// What it stood for.
    pub was: Identity,
    /// What it stands for now.
    pub now: Identity,
    /// How many changes are staged for the former one: they are held back, and never sent to this one.
    pub held: u32,
}

impl IdentityChange {
    /// What happened and what to do, in one line.
    pub fn says(&self) -> String {
        let held = match self.held {
            0 => String::new(),
            1 => "; 1 change staged for the former is held back".to_owned(),
            n => format!("; {n} changes staged for the former are held back"),
        };
        format!(
            "{} now is {} at {}, it was {} at {}{held}",
            self.account,
            shown(&self.now.native),
            shown(&self.now.origin),
            shown(&self.was.native),
            shown(&self.was.origin)
        )
    }

    /// The same as a problem, where something is held back.
    pub fn problem(&self) -> Option<Problem> {
        (self.held > 0).then(|| {
            Problem::new(ProblemKind::Usage, format!("{} is another account now", self.account))
                .detail(self.says())
                .hint("Point the name at the former again to send them, or drop them with `unbid unstage`.")
        })
    }
}

/// Refuses two names of one account: each of its rows would be there twice, and no id would tell one from the other.
pub fn one_name_each<'a>(accounts: impl IntoIterator<Item = &'a Account>) -> Result<(), Problem> {
    let mut named: FxHashMap<&Identity, &AccountName> = FxHashMap::default();
    for account in accounts {
        if let Some(first) = named.insert(&account.identity, &account.name) {
            let Identity { platform, origin, native } = &account.identity;
            let (first, second) = (shown(first.as_str()), shown(account.name.as_str()));
            return Err(Problem::new(
                ProblemKind::Config,
                format!("{first} and {second} are one and the same account"),
            )
            .detail(format!("both are {} at {} on {platform}", shown(native), shown(origin)))
            .hint("Take one of the two [[account]] tables out of the configuration, or correct its id."));
        }
    }
    Ok(())
}

impl Engine {
    /// Makes an engine of its parts. Refuses two members that are one account.
    pub async fn open(mut parts: Parts) -> Result<Self, Problem> {
        one_name_each(parts.members.iter().filter_map(super::Member::account))?;
        let mut changed = Vec::new();
        for member in parts.members.iter_mut().filter(|member| member.link.is_err()) {
            let known = parts.store.identity_of(&member.name).await?;
            // A name that went to another platform stands for nobody known.
            member.remembered = known.filter(|identity| identity.platform == member.platform);
        }
        let accounts: Vec<_> = parts.members.iter().filter_map(super::Member::account).cloned().collect();
        let registered = parts.store.register(&accounts).await?;
        for (account, registered) in accounts.iter().zip(registered) {
            if let Registered::Changed { old, staged } = registered {
                changed.push(IdentityChange {
                    account: account.name.clone(),
                    was: old,
                    now: account.identity.clone(),
                    held: staged,
                });
            }
        }
        Ok(Self {
            inner: Arc::new(Inner {
                parts,
                changed,
                catalog: Mutex::new(None),
                positives: Mutex::new(None),
                terms: Mutex::new(None),
                simulator: Mutex::new(None),
            }),
        })
    }
}
