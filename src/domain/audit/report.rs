//! What an audit came to: the findings in order, how many of each severity, and what it could not say anything about.

use super::super::catalog::{AccountIx, Scope};
use super::{Context, Finding, RULES, Severity};

/// How many findings there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Surely wrong.
    pub error: usize,
    /// Probably not meant.
    pub warning: usize,
    /// Worth knowing.
    pub info: usize,
    /// Hidden until asked for.
    pub hidden: usize,
}

impl Counts {
    /// Counts some findings.
    pub fn of<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Self {
        let mut counts = Self::default();
        for finding in findings {
            let of = match finding.severity {
                _ if finding.info().hidden => &mut counts.hidden,
                Severity::Error => &mut counts.error,
                Severity::Warning => &mut counts.warning,
                Severity::Info => &mut counts.info,
            };
            *of += 1;
        }
        counts
    }
}

/// What an audit found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The findings: errors first, there rule by rule, there the weightiest first.
    pub findings: Vec<Finding>,
    /// Accounts without loaded search terms of the days that are looked at: rules that need them say nothing there.
    pub without_terms: Vec<AccountIx>,
    /// Accounts whose positive keywords were never listed.
    pub without_positives: Vec<AccountIx>,
    /// How many negatives were looked at.
    pub negatives: usize,
}

impl Report {
    pub(super) fn new(cx: &Context<'_>, mut findings: Vec<Finding>) -> Self {
        findings.sort_by(|a, b| {
            let weight = |one: &Finding| {
                (std::cmp::Reverse(one.severity), one.rule, std::cmp::Reverse(one.rank), one.account)
            };
            let rest = |one: &Finding| (one.campaign, one.ad_group);
            weight(a)
                .cmp(&weight(b))
                .then_with(|| rest(a).cmp(&rest(b)))
                .then_with(|| a.subject.cmp(&b.subject))
                .then_with(|| a.id.cmp(&b.id))
        });
        let accounts =
            || (0..cx.catalog().accounts().len()).map(|at| AccountIx(at as u16)).filter(|at| cx.wants(*at));
        let no_terms = |account: &AccountIx| {
            let mut rows = cx.terms().rows_in(cx.catalog(), Scope::Account(*account));
            let some = cx.terms().account(*account).is_some_and(|terms| terms.rows > 0);
            // Rows of unknown places are loaded, though no rule sees them.
            !some || (cx.since().is_some() && !rows.any(|row| cx.counts(row)))
        };
        Self {
            findings,
            without_terms: accounts().filter(no_terms).collect(),
            without_positives: accounts().filter(|account| !cx.positives().listed(*account)).collect(),
            negatives: accounts().map(|account| cx.catalog().counts(Scope::Account(account)).all()).sum(),
        }
    }

    /// How many findings there are of each severity.
    pub fn counts(&self) -> Counts {
        Counts::of(&self.findings)
    }

    /// The rules that found something, in order, each with its findings' places.
    pub fn by_rule(&self) -> Vec<(usize, Vec<usize>)> {
        let mut rules: Vec<(usize, Vec<usize>)> = Vec::new();
        for (at, finding) in self.findings.iter().enumerate() {
            match rules.iter_mut().find(|(rule, _)| *rule == finding.rule) {
                Some((_, places)) => places.push(at),
                None => rules.push((finding.rule, vec![at])),
            }
        }
        debug_assert!(rules.len() <= RULES.len());
        rules
    }
}
