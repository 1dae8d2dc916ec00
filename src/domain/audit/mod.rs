//! The audit: findings over a snapshot, pure and deterministic. [`RULES`] are its rules, one file each; [`audit`] walks
//! the campaigns with all cores and ranks what they found. The same snapshot and settings give the same findings, byte
//! for byte; nothing here reads a clock.
//!
//! What a rule sees: a [`Desk`] (one campaign: its negatives by scope and text, which of its own keywords and search
//! terms they block) or the [`Context`] (everything). A new rule is a file in `rules/` and a line in [`RULES`].

mod blocked;
mod clash;
mod config;
mod context;
mod desk;
mod evidence;
mod finding;
#[cfg(test)]
pub(crate) mod fixture;
mod input;
mod rates;
mod report;
mod rule;
mod rules;
mod says;
#[cfg(test)]
mod tests;
mod walk;

pub use self::blocked::Blocked;
pub use self::clash::{Clash, Class};
pub use self::config::{AuditConfig, Thresholds};
pub use self::context::Context;
pub use self::desk::{Desk, Twin};
pub use self::finding::{Finding, FindingId, Fix};
pub use self::input::{AccountFacts, Input, JournalFacts, Vanished};
pub use self::report::{Counts, Report};
pub use self::rule::{Found, Info, Rule, Severity, rule};
pub use self::rules::RULES;
pub use self::walk::audit;
