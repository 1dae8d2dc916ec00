//! Audit: what is wrong, rule by rule; the findings of a rule, and why. `f` stages what would mend one, `i` ignores it
//! with a reason, `?` explains the rule. The audit itself runs behind the screen; see `Data::audit`.

mod pages;
mod part;
mod rows;
mod stage;
#[cfg(test)]
mod tests;
mod view;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::domain::account::Identity;
use crate::domain::audit::{Counts, Finding, FindingId, RULES};
use crate::domain::catalog::Scope;
use crate::domain::simulate::Question;
use crate::ui::canvas::{count, counted};
use crate::ui::data::Data;
use crate::ui::effect::Effect;
use crate::ui::msg::AuditNow;
use crate::ui::overlays::Overlay;
use crate::ui::overlays::menu::{Item, Menu};
use crate::ui::overlays::reason::Reason;
use crate::ui::part::{Cx, Want};
use crate::ui::whatif::Listing;
use crate::ui::widgets::list::ListState;
use stage::StagedFixes;

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

/// Which findings are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// Those that somebody should look at.
    #[default]
    Open,
    /// Also what is ignored, and what is meant to be so.
    All,
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
    view: View,
    marked: BTreeSet<FindingId>,
    /// What is staged already of their fixes.
    staged: StagedFixes,
    /// The search terms of a finding, while they are looked up.
    listing: Listing,
    /// What stands in the lists: rules with the places of their findings.
    lines: Vec<RuleLine>,
    /// How many findings there are of each severity, ignored ones aside: in all accounts, and in those in sight.
    counts: Counts,
    found: Counts,
    /// How many of those in sight are ignored.
    ignored: usize,
    /// When the audit of a new snapshot begins.
    due: Option<Duration>,
    in_sight: bool,
    standing: Standing,
    /// A report of search terms came whole since the running fetch began.
    fetched: bool,
}

impl AuditScreen {
    /// How many findings there are of each severity, in all accounts; those that are ignored aside.
    pub fn counts(&self) -> Counts {
        self.counts
    }

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
        self.lines =
            data.audit.value().map(|now| rows::lines(now, self.only.as_ref(), self.view)).unwrap_or_default();
        let counted = |only| data.audit.value().map(|now| counts_of(now, only)).unwrap_or_default();
        (self.counts, self.found) = (counted(None), counted(self.only.as_ref()));
        let ignored = |now| of(now, self.only.as_ref()).filter(|one| now.ignored.contains(&one.id)).count();
        self.ignored = data.audit.value().map(ignored).unwrap_or_default();
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

    /// Asks why what is chosen is meant; what is ignored already is taken back instead.
    fn ignore(&self, cx: &mut Cx) {
        let Some(now) = cx.data.audit.value() else { return };
        let chosen = self.chosen(cx.data);
        if chosen.iter().all(|one| now.ignored.contains(&one.id)) {
            let ids = chosen.iter().map(|one| one.id).collect();
            let ticket = cx.ticket();
            return cx.emit(Effect::Heed(ticket, ids));
        }
        let findings = chosen.into_iter().cloned().collect();
        let file = now.baseline.clone();
        cx.open(Overlay::Reason(Reason::new(findings, file)));
    }

    /// Offers the accounts, each with what is wrong there.
    fn offer_accounts(&self, cx: &mut Cx) {
        let says = |only: Option<&Identity>| {
            let found = cx.data.audit.value().map(|now| counts_of(now, only)).unwrap_or_default();
            let part = |n: usize, one: &str| (n > 0).then(|| counted(n, one));
            let parts = [part(found.error, "error"), part(found.warning, "warning")];
            let told: Vec<String> = parts.into_iter().flatten().collect();
            match found.info {
                _ if !told.is_empty() => told.join(", "),
                0 => "nothing".to_owned(),
                n => format!("{} info", count(n)),
            }
        };
        let all =
            Item { label: "all accounts".to_owned(), note: says(None), wants: vec![Want::NarrowAudit(None)] };
        let each = cx.data.accounts.iter().map(|one| {
            let identity = &one.account.identity;
            Item {
                label: one.account.name.to_string(),
                note: says(Some(identity)),
                wants: vec![Want::NarrowAudit(Some(identity.clone()))],
            }
        });
        let at = self.only.as_ref().and_then(|only| {
            cx.data.accounts.iter().position(|one| one.account.identity == *only).map(|at| at + 1)
        });
        let items = std::iter::once(all).chain(each).collect();
        cx.open(Overlay::Menu(Menu::new("Findings of", items, at.unwrap_or(0))));
    }

    /// Shows one account alone, or with `None` all of them.
    pub fn narrow(&mut self, cx: &Cx, only: Option<Identity>) {
        self.only = only;
        self.marked.clear();
        self.relist(cx.data);
    }

    fn next_view(&mut self, cx: &mut Cx) {
        self.view = match self.view {
            View::Open => View::All,
            View::All => View::Open,
        };
        cx.say(match self.view {
            View::Open => "open: what somebody should look at",
            View::All => "all: also what is ignored, and what is meant to be so (isolation, harvest)",
        });
        self.marked.clear();
        self.relist(cx.data);
    }

    /// Lists the search terms that a finding is about: what its negative blocks, or what its fix would.
    fn list_terms(&mut self, cx: &mut Cx) {
        let Some((now, finding)) = cx.data.audit.value().zip(self.finding(cx.data)) else { return };
        let account = finding.identity(&now.catalog);
        let there = finding.negatives.first().map(|row| {
            let negative = now.catalog.negative(*row);
            // With what it should have blocked since: rules speak of both.
            Question::of_existing(account, &negative.to_negative(), None)
        });
        let new = || finding.fix.iter().flat_map(|fix| &fix.add).map(|new| Question::of_new(account, new));
        let questions = there.map_or_else(|| new().collect(), |one| vec![one]);
        let what = rows::text(now, finding);
        self.listing.ask(cx, what, questions);
    }

    fn copy(&self, cx: &mut Cx) {
        if let Some(finding) = self.finding(cx.data) {
            cx.emit(Effect::Copy(finding.id.to_string()));
            cx.say("Copied the finding's id");
        }
    }
}

/// How many findings of each severity are not ignored, of one account or of all.
fn counts_of(now: &AuditNow, only: Option<&Identity>) -> Counts {
    Counts::of(of(now, only).filter(|one| !now.ignored.contains(&one.id)))
}

/// The findings of one account, or of all.
fn of<'n>(now: &'n AuditNow, only: Option<&Identity>) -> impl Iterator<Item = &'n Finding> {
    now.report.findings.iter().filter(move |one| only.is_none_or(|only| one.identity(&now.catalog) == only))
}

/// How many negatives of one account were looked at, or of all.
fn negatives_of(now: &AuditNow, only: Option<&Identity>) -> usize {
    let Some(only) = only else { return now.report.negatives };
    now.catalog.find_account(only).map_or(0, |account| now.catalog.counts(Scope::Account(account)).all())
}

/// The title of a rule by its place.
fn title(rule: usize) -> &'static str {
    RULES[rule].info().title
}
