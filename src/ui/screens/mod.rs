//! The screens. Each is a [`Part`] in a file or folder of its own: State, update, view, tests, in that order.
//! A new screen is a field of [`Screens`], and a line in each of its functions.

pub mod accounts;
pub mod audit;
pub mod browse;
pub mod first_run;
pub mod history;
pub mod log;
pub mod plan;
pub mod terms;

use strum::VariantArray;

use super::action::Action;
use super::part::Part;

/// Which screen; the numbers of the first seven are fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, VariantArray)]
pub enum ScreenId {
    /// Accounts, campaigns, ad groups, and their negatives.
    Browse,
    /// Search terms.
    Terms,
    /// Findings.
    Audit,
    /// What would be sent.
    Plan,
    /// What was sent.
    History,
    /// Requests and errors.
    Log,
    /// The accounts' state.
    Accounts,
    /// Instead of Browse, while there is no account.
    FirstRun,
}

impl ScreenId {
    /// Its number on the keyboard and in the tab line; `None` for the first run.
    pub fn number(self) -> Option<usize> {
        Self::VARIANTS.iter().position(|id| *id == self).filter(|_| self != Self::FirstRun).map(|at| at + 1)
    }

    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Browse => "Browse",
            Self::Terms => "Terms",
            Self::Audit => "Audit",
            Self::Plan => "Plan",
            Self::History => "History",
            Self::Log => "Log",
            Self::Accounts => "Accounts",
            Self::FirstRun => "Welcome",
        }
    }

    /// The action that goes there.
    pub fn action(self) -> Action {
        match self {
            Self::Browse | Self::FirstRun => Action::GoBrowse,
            Self::Terms => Action::GoTerms,
            Self::Audit => Action::GoAudit,
            Self::Plan => Action::GoPlan,
            Self::History => Action::GoHistory,
            Self::Log => Action::GoLog,
            Self::Accounts => Action::GoAccounts,
        }
    }

    /// The screen that an action goes to.
    pub fn of(action: Action) -> Option<Self> {
        Self::VARIANTS.iter().copied().find(|id| *id != Self::FirstRun && id.action() == action)
    }
}

/// Every screen's state.
#[derive(Clone, Debug, Default)]
pub struct Screens {
    /// Browse.
    pub browse: browse::Browse,
    /// Search terms.
    pub terms: terms::Terms,
    /// What is wrong.
    pub audit: audit::AuditScreen,
    /// The plan.
    pub plan: plan::PlanScreen,
    /// What was sent.
    pub history: history::History,
    /// Requests and errors.
    pub log: log::Log,
    /// The accounts' state.
    pub accounts: accounts::Accounts,
    /// The first run.
    pub first_run: first_run::FirstRun,
}

impl Screens {
    /// A screen.
    pub fn part(&self, id: ScreenId) -> &dyn Part {
        match id {
            ScreenId::Terms => &self.terms,
            ScreenId::Audit => &self.audit,
            ScreenId::Plan => &self.plan,
            ScreenId::History => &self.history,
            ScreenId::Log => &self.log,
            ScreenId::Accounts => &self.accounts,
            ScreenId::FirstRun => &self.first_run,
            ScreenId::Browse => &self.browse,
        }
    }

    /// A screen, to be changed.
    pub fn part_mut(&mut self, id: ScreenId) -> &mut dyn Part {
        match id {
            ScreenId::Terms => &mut self.terms,
            ScreenId::Audit => &mut self.audit,
            ScreenId::Plan => &mut self.plan,
            ScreenId::History => &mut self.history,
            ScreenId::Log => &mut self.log,
            ScreenId::Accounts => &mut self.accounts,
            ScreenId::FirstRun => &mut self.first_run,
            ScreenId::Browse => &mut self.browse,
        }
    }

    /// All of them: replies and changes go to each, in sight or not.
    pub fn all_mut(&mut self) -> [&mut dyn Part; 8] {
        [
            &mut self.browse,
            &mut self.terms,
            &mut self.audit,
            &mut self.plan,
            &mut self.history,
            &mut self.log,
            &mut self.accounts,
            &mut self.first_run,
        ]
    }
}
