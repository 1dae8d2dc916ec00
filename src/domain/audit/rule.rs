//! What a rule is, and how it says what it found.

use compact_str::CompactString;

use super::super::catalog::positives::PositiveIx;
use super::super::catalog::{AccountIx, AdGroupIx, CampaignIx, NegIx};
use super::super::ids::NegativeId;
use super::super::negative::{Kind, MatchType};
use super::super::term::{Figures, TermPeriod};
use super::super::words::words;
use super::finding::Subject;
use super::{Context, Desk, Finding, FindingId, Fix, RULES, Twin};

words! {
    /// How bad a finding is.
    pub enum Severity {
        /// Worth knowing.
        Info,
        /// Probably not meant.
        Warning,
        /// Surely wrong.
        Error,
    }
}

/// What is known of a rule whatever it finds.
#[derive(Debug)]
pub struct Info {
    /// Its id, in JSON, in the configuration, in baselines.
    pub id: &'static str,
    /// What it finds, in a few words.
    pub title: &'static str,
    /// How bad most of its findings are.
    pub severity: Severity,
    /// Whether its findings are only shown when asked for.
    pub hidden: bool,
    /// It looks at search terms: before they are loaded it says less, or nothing.
    pub needs_terms: bool,
    /// It looks at positive keywords: before they are listed it says less, or nothing.
    pub needs_positives: bool,
    /// What it means, why it matters, what to do: one page, a paragraph each.
    pub page: &'static [&'static str],
}

impl Info {
    /// A rule with a page; the rest as most rules have it.
    pub const fn new(
        id: &'static str,
        title: &'static str,
        severity: Severity,
        page: &'static [&'static str],
    ) -> Self {
        Self { id, title, severity, hidden: false, needs_terms: false, needs_positives: false, page }
    }

    /// Hides its findings until they are asked for.
    #[must_use]
    pub const fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }

    /// It looks at search terms.
    #[must_use]
    pub const fn terms(mut self) -> Self {
        self.needs_terms = true;
        self
    }

    /// It looks at positive keywords.
    #[must_use]
    pub const fn positives(mut self) -> Self {
        self.needs_positives = true;
        self
    }
}

/// A rule of the audit. It finds by campaign, or over everything where campaigns are not the unit; most do one of both.
pub trait Rule: Sync {
    /// What is known of it.
    fn info(&self) -> &'static Info;

    /// What it finds in one campaign. Campaigns are asked side by side, in no order.
    fn campaign(&self, desk: &Desk<'_>, out: &mut Found<'_>) {
        let _ = (desk, out);
    }

    /// What it finds over everything.
    fn whole(&self, cx: &Context<'_>, out: &mut Found<'_>) {
        let _ = (cx, out);
    }
}

/// A rule's place in [`RULES`] by its id.
pub fn rule(id: &str) -> Option<usize> {
    RULES.iter().position(|rule| rule.info().id == id)
}

/// Takes what one rule finds.
pub struct Found<'a> {
    pub(super) rule: usize,
    pub(super) list: &'a mut Vec<Finding>,
}

/// A finding being put together; [`Found::add`] takes it.
#[derive(Debug)]
pub struct Draft {
    place: (AccountIx, Option<CampaignIx>, Option<AdGroupIx>),
    subject: Subject,
    severity: Option<Severity>,
    negatives: Vec<NegIx>,
    gone: Option<NegativeId>,
    keywords: Vec<PositiveIx>,
    terms: usize,
    figures: Option<Figures>,
    days: Option<TermPeriod>,
    rank: i64,
    fix: Option<Fix>,
}

impl Draft {
    /// About live negatives that are equal, in their scope.
    pub(super) fn of(desk: &Desk<'_>, twin: &Twin<'_>) -> Self {
        Self {
            negatives: desk.enabled(twin).to_vec(),
            ..Self::at(desk, desk.group_of(twin), twin.kind, twin.match_type, &twin.text)
        }
    }

    /// About a text in an ad group, or a campaign.
    pub(super) fn at(
        desk: &Desk<'_>,
        ad_group: Option<AdGroupIx>,
        kind: Kind,
        match_type: Option<MatchType>,
        text: &str,
    ) -> Self {
        let subject = Subject { kind, match_type, text: CompactString::new(text) };
        Self::anywhere((desk.account(), Some(desk.campaign()), ad_group), subject)
    }

    /// About something anywhere.
    pub(super) fn anywhere(
        place: (AccountIx, Option<CampaignIx>, Option<AdGroupIx>),
        subject: Subject,
    ) -> Self {
        Self {
            place,
            subject,
            severity: None,
            negatives: Vec::new(),
            gone: None,
            keywords: Vec::new(),
            terms: 0,
            figures: None,
            days: None,
            rank: 0,
            fix: None,
        }
    }

    /// Another severity than the rule's.
    #[must_use]
    pub(super) fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// The negatives concerned, in place of those it began with.
    #[must_use]
    pub(super) fn negatives(mut self, rows: Vec<NegIx>) -> Self {
        self.negatives = rows;
        self
    }

    /// A negative that the snapshot has no longer.
    #[must_use]
    pub(super) fn gone(mut self, id: NegativeId) -> Self {
        self.gone = Some(id);
        self
    }

    /// The positives concerned.
    #[must_use]
    pub(super) fn keywords(mut self, rows: Vec<PositiveIx>) -> Self {
        self.keywords = rows;
        self
    }

    /// The search terms concerned: how many, what they brought and cost, and when.
    #[must_use]
    pub(super) fn money(mut self, terms: usize, figures: Figures, days: Option<TermPeriod>) -> Self {
        self.terms = terms;
        self.figures = Some(figures);
        self.days = days;
        self
    }

    /// What makes it weightier than its like, in millionths of the currency.
    #[must_use]
    pub(super) fn rank(mut self, rank: i64) -> Self {
        self.rank = rank;
        self
    }

    /// What would mend it.
    #[must_use]
    pub(super) fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }
}

impl Found<'_> {
    /// Takes a finding, and why, in one sentence.
    pub(super) fn add(&mut self, cx: &Context<'_>, draft: Draft, message: String) {
        let info = RULES[self.rule].info();
        let (account, campaign, ad_group) = draft.place;
        let catalog = cx.catalog();
        let key = catalog.account(account).identity.key();
        let campaign_id = campaign.map(|ix| catalog.campaign(ix).id());
        let group_id = ad_group.map(|ix| catalog.ad_group(ix).id());
        let subject = &draft.subject;
        let id = FindingId::of(&[
            info.id,
            &key,
            campaign_id.as_ref().map_or("", |id| id.raw()),
            group_id.as_ref().map_or("", |id| id.raw()),
            subject.kind.into(),
            subject.match_type.map_or("", Into::into),
            &subject.text,
        ]);
        self.list.push(Finding {
            id,
            rule: self.rule,
            severity: draft.severity.unwrap_or(info.severity),
            account,
            campaign,
            ad_group,
            subject: draft.subject,
            negatives: draft.negatives,
            gone: draft.gone,
            keywords: draft.keywords,
            terms: draft.terms,
            figures: draft.figures,
            days: draft.days,
            rank: draft.rank,
            message,
            fix: draft.fix.filter(|fix| !fix.remove.is_empty() || !fix.add.is_empty()),
        });
    }
}
