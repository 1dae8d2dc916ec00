//! What stands in the lists: the rules that found something, each with its findings, and words for their columns. Reads
//! the audit; paints nothing.

use super::View;
use crate::domain::account::Identity;
use crate::domain::audit::{Finding, Severity};
use crate::domain::catalog::NegIx;
use crate::domain::money::{Currency, amount};
use crate::domain::negative::{Kind, MatchType};
use crate::domain::text::shown;
use crate::ui::msg::AuditNow;

/// A rule with the places of its findings in the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleLine {
    /// The rule's place.
    pub rule: usize,
    /// How bad its worst finding is.
    pub severity: Severity,
    /// Its findings, the weightiest first.
    pub findings: Vec<usize>,
    /// What they weigh together, where they have money of one currency.
    pub weight: String,
}

/// The rules that found something, of one account or of all; the worst first.
pub fn lines(now: &AuditNow, only: Option<&Identity>, view: View) -> Vec<RuleLine> {
    let mut lines: Vec<RuleLine> = Vec::new();
    for (at, finding) in now.report.findings.iter().enumerate() {
        let elsewhere = only.is_some_and(|only| finding.identity(&now.catalog) != only);
        let aside = finding.info().hidden || now.ignored.contains(&finding.id);
        if elsewhere || (aside && view == View::Open) {
            continue;
        }
        match lines.iter_mut().find(|line| line.rule == finding.rule) {
            Some(line) => line.findings.push(at),
            // Findings come with the worst first.
            None => lines.push(RuleLine {
                rule: finding.rule,
                severity: finding.severity,
                findings: vec![at],
                weight: String::new(),
            }),
        }
    }
    for line in &mut lines {
        line.weight = weight(now, &line.findings);
    }
    lines
}

/// The findings that concern a negative, ignored and hidden ones too.
pub fn findings_of(now: &AuditNow, negative: NegIx) -> Vec<&Finding> {
    now.report.findings.iter().filter(|finding| finding.negatives.contains(&negative)).collect()
}

/// The currency of an account's amounts.
pub(super) fn currency<'n>(now: &'n AuditNow, finding: &Finding) -> Option<&'n Currency> {
    now.terms.account(finding.account)?.currency.as_ref()
}

fn weight(now: &AuditNow, findings: &[usize]) -> String {
    let findings = || findings.iter().filter_map(|at| now.report.findings.get(*at));
    let mut currencies: Vec<_> =
        findings().filter(|one| one.figures.is_some()).map(|one| currency(now, one)).collect();
    currencies.dedup();
    currencies.sort_unstable();
    currencies.dedup();
    let [one] = currencies.as_slice() else { return String::new() };
    let sum: i64 = findings().map(|finding| finding.rank).fold(0, i64::saturating_add);
    if sum == 0 { String::new() } else { whole(sum, *one) }
}

/// An amount without its cents: for a narrow column.
fn whole(micros: i64, currency: Option<&Currency>) -> String {
    let all = amount(crate::domain::money::Micros(micros), currency);
    all.rsplit_once('.').map_or(all.clone(), |(units, _)| units.to_owned())
}

/// Where a finding is, for people.
pub(super) fn place(now: &AuditNow, finding: &Finding) -> String {
    match (finding.campaign, finding.ad_group) {
        (_, Some(group)) => now.catalog.ad_group(group).name().to_string(),
        (Some(campaign), None) => now.catalog.campaign(campaign).name().to_string(),
        (None, None) => now.catalog.account(finding.account).name.to_string(),
    }
}

/// What a finding is about; a dash where it is no single negative.
pub(super) fn text(now: &AuditNow, finding: &Finding) -> String {
    let raw = finding.negatives.first().filter(|_| !finding.subject.text.is_empty()).map(|row| {
        let negative = now.catalog.negative(*row);
        negative.brand_name_raw().unwrap_or(negative.text_raw())
    });
    let text = raw.unwrap_or(&finding.subject.text);
    if text.is_empty() { "-".to_owned() } else { shown(text).to_string() }
}

/// How it matches, in a word.
pub(super) fn sort(finding: &Finding) -> &'static str {
    match (finding.subject.kind, finding.subject.match_type) {
        (Kind::Keyword, Some(MatchType::Exact)) => "exact",
        (Kind::Keyword, Some(MatchType::Phrase)) => "phrase",
        (Kind::Keyword, None) => "",
        (Kind::Product, _) => "ASIN",
        (Kind::Brand, _) => "brand",
    }
}

/// What it cost and brought, for two narrow columns; empty where no search term was asked.
pub(super) fn money(now: &AuditNow, finding: &Finding) -> (String, String) {
    let Some(figures) = finding.figures else { return (String::new(), String::new()) };
    let currency = currency(now, finding);
    let money =
        if figures.orders > 0 { amount(figures.sales, currency) } else { amount(figures.spend, currency) };
    let orders = match figures.orders {
        1 => "1 order".to_owned(),
        n => format!("{n} orders"),
    };
    (money, orders)
}
