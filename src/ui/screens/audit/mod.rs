//! Audit: what is wrong, rule by rule; the findings of a rule, and why. `f` stages what would mend one, `i` ignores it
//! with a reason, `?` explains the rule. The audit itself runs behind the screen; see `Data::audit`.

mod part;
mod rows;
#[cfg(test)]
mod tests;
mod view;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::domain::account::Identity;
use crate::domain::audit::{Finding, FindingId, RULES};
use crate::ui::data::Data;
use crate::ui::effect::{Effect, Staging};
use crate::ui::msg::AuditNow;
use crate::ui::overlays::Overlay;
use crate::ui::overlays::reason::Reason;
use crate::ui::part::Cx;
use crate::ui::widgets::list::ListState;

pub use rows::{RuleLine, findings_of};

/// Which list has focus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// The rules.
    #[default]
    Rules,
    /// The findings of the rule under the cursor.
    Findings,
}

/// Whether what was last asked to be audited is the newest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Standing {
    /// It is, or there is nothing yet.
    #[default]
    Newest,
    /// Search terms came into memory while it was audited; it may have had them.
    InDoubt,
    /// There is a snapshot, or there are search terms, that no audit was asked for.
    Behind,
}

/// How long nobody types before the first audit of a snapshot begins by itself.
const QUIET: Duration = Duration::from_secs(2);
/// Larger snapshots are audited when somebody asks for it only: a million negatives with their keywords and terms take
/// seconds of all cores and several times the memory of the screen.
const BY_ITSELF: usize = 200_000;

/// The state of the audit's screen.
#[derive(Clone, Debug, Default)]
pub struct AuditScreen {
    pane: Pane,
    rules: ListState,
    findings: ListState,
    /// Only this account.
    only: Option<Identity>,
    marked: BTreeSet<FindingId>,
    /// What stands in the lists: rules with the places of their findings.
    lines: Vec<RuleLine>,
    /// When the audit of a new snapshot begins.
    due: Option<Duration>,
    in_sight: bool,
    standing: Standing,
    /// A report of search terms came whole since the running fetch began.
    fetched: bool,
}

impl AuditScreen {
    /// When an audit begins by itself.
    pub fn due(&self) -> Option<Duration> {
        self.due
    }

    /// Somebody types: an audit that has not begun waits, so that it takes no time from what is typed for.
    pub fn put_off(&mut self, now: Duration) {
        self.due = self.due.map(|due| due.max(now + QUIET));
    }

    /// Begins what is due. Says whether an audit is to be asked for.
    pub fn take_due(&mut self, now: Duration) -> bool {
        let begins = self.due.is_some_and(|due| due <= now);
        if begins {
            self.due = None;
            self.standing = Standing::Newest;
        }
        begins
    }

    /// What was audited is not the newest any more. It is audited anew when nobody types, and at once when somebody waits
    /// for it.
    fn anew(&mut self, data: &Data) {
        let small = data.catalog().is_some_and(|catalog| catalog.len() <= BY_ITSELF);
        let wait = if self.in_sight { Duration::ZERO } else { QUIET };
        self.standing = Standing::Behind;
        self.due = (small || self.in_sight).then(|| data.clock.monotonic + wait);
    }

    /// Audits anew where search terms were loaded since the last audit, by whomever.
    fn catch_up(&mut self, data: &Data) {
        let (Some(now), Some(sifter)) = (data.audit.value(), data.terms.value()) else { return };
        // Terms of another snapshot say nothing of this: that snapshot is audited anyway.
        if Arc::ptr_eq(&now.catalog, sifter.catalog()) && !Arc::ptr_eq(&now.terms, sifter.terms()) {
            self.anew(data);
        }
    }

    fn rule(&self) -> Option<&RuleLine> {
        self.lines.get(self.rules.cursor)
    }

    fn finding<'d>(&self, data: &'d Data) -> Option<&'d Finding> {
        let at = *self.rule()?.findings.get(self.findings.cursor)?;
        data.audit.value()?.report.findings.get(at)
    }

    /// Makes the lists anew; the cursors stay on the rule and finding they were on, where those are still there.
    fn relist(&mut self, data: &Data) {
        let (rule, finding) = (self.rule().map(|line| line.rule), self.finding(data).map(|one| one.id));
        self.lines = data.audit.value().map(|now| rows::lines(now, self.only.as_ref())).unwrap_or_default();
        let at = rule.and_then(|rule| self.lines.iter().position(|line| line.rule == rule));
        if let Some(at) = at {
            self.rules.cursor = at;
            let findings = data.audit.value().map(|now| &now.report.findings);
            let kept = self.lines[at]
                .findings
                .iter()
                .position(|place| findings.and_then(|all| all.get(*place)).map(|one| one.id) == finding);
            self.findings.cursor = kept.unwrap_or(self.findings.cursor);
        } else {
            (self.rules.cursor, self.findings.cursor) = (0, 0);
        }
        if self.lines.is_empty() {
            self.pane = Pane::Rules;
        }
    }

    /// The marked findings, or the one under the cursor.
    fn chosen<'d>(&self, data: &'d Data) -> Vec<&'d Finding> {
        let marked: Vec<&Finding> = data
            .audit
            .value()
            .map(|now| now.report.findings.iter().filter(|one| self.marked.contains(&one.id)).collect())
            .unwrap_or_default();
        if marked.is_empty() && self.pane == Pane::Findings {
            self.finding(data).into_iter().collect()
        } else {
            marked
        }
    }

    fn fix(&mut self, cx: &mut Cx) {
        let Some(now) = cx.data.audit.value() else { return };
        let chosen = self.chosen(cx.data);
        let mut changes = Vec::new();
        let mut fixed = 0;
        for finding in &chosen {
            if let Some(fix) = &finding.fix {
                fixed += 1;
                let account = finding.identity(&now.catalog);
                // Two findings may ask for the same removal.
                for change in fix.changes(&now.catalog) {
                    let change = (account.clone(), change);
                    if !changes.contains(&change) {
                        changes.push(change);
                    }
                }
            }
        }
        let count = changes.len();
        let s = |n: usize| if n == 1 { "" } else { "s" };
        self.marked.clear();
        cx.stage(
            Staging::add(changes),
            format!("{count} change{} staged for {fixed} finding{}", s(count), s(fixed)),
        );
    }

    fn ignore(&self, cx: &mut Cx) {
        let Some(now) = cx.data.audit.value() else { return };
        let findings = self.chosen(cx.data).into_iter().cloned().collect();
        let file = now.baseline.clone();
        cx.open(Overlay::Reason(Reason::new(findings, file)));
    }

    /// Shows the next account alone, after the last one all of them.
    fn narrow(&mut self, cx: &mut Cx) {
        let accounts: Vec<&Identity> = cx.data.accounts.iter().map(|one| &one.account.identity).collect();
        let next = match &self.only {
            None => accounts.first(),
            Some(only) => accounts.iter().position(|one| *one == only).and_then(|at| accounts.get(at + 1)),
        };
        self.only = next.copied().cloned();
        self.relist(cx.data);
    }

    fn copy(&self, cx: &mut Cx) {
        if let Some(finding) = self.finding(cx.data) {
            cx.emit(Effect::Copy(finding.id.to_string()));
            cx.say("Copied the finding's id");
        }
    }
}

/// How many findings of each severity are not ignored.
pub fn counts(now: &AuditNow) -> crate::domain::audit::Counts {
    crate::domain::audit::Counts::of(now.report.findings.iter().filter(|one| !now.ignored.contains(&one.id)))
}

/// The title of a rule by its place.
fn title(rule: usize) -> &'static str {
    RULES[rule].info().title
}
