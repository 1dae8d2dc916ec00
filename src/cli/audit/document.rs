//! The audit as JSON: the keys that scripts rely on, and where a finding is.

use serde::Serialize;

use super::Shown;
use crate::domain::account::AccountName;
use crate::domain::audit::{Finding, Fix, Severity};
use crate::domain::ids::{AdGroupId, CampaignId};
use crate::domain::money::Currency;
use crate::domain::negative::{Kind, MatchType};
use crate::domain::text::Text;

/// The document.
#[derive(Serialize)]
pub struct Document<'a> {
    findings: Vec<Row<'a>>,
    counts: Counts,
}

#[derive(Serialize)]
struct Counts {
    error: usize,
    warning: usize,
    info: usize,
    hidden: usize,
    ignored: usize,
}

#[derive(Serialize)]
struct Row<'a> {
    id: String,
    rule: &'static str,
    severity: Severity,
    account: &'a AccountName,
    message: &'a str,
    campaign_id: Option<CampaignId>,
    ad_group_id: Option<AdGroupId>,
    kind: Kind,
    #[serde(rename = "match")]
    match_type: Option<MatchType>,
    text: &'a str,
    negatives: Vec<String>,
    keywords: Vec<String>,
    terms: usize,
    /// `null` where the rule asks no search term: that is not the same as nothing.
    spend: Option<f64>,
    orders: Option<u64>,
    sales: Option<f64>,
    currency: Option<&'a str>,
    from: Option<String>,
    to: Option<String>,
    fix: Option<FixRow>,
}

#[derive(Serialize)]
struct FixRow {
    action: &'static str,
    ids: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    negatives: Vec<NewRow>,
}

#[derive(Serialize)]
struct NewRow {
    campaign_id: CampaignId,
    ad_group_id: Option<AdGroupId>,
    kind: Kind,
    #[serde(rename = "match")]
    match_type: Option<MatchType>,
    text: Text,
}

/// What is shown, as a document.
pub fn of<'a>(shown: &'a Shown<'_>) -> Document<'a> {
    let counts = shown.counts;
    Document {
        findings: shown.findings.iter().map(|finding| row(shown, finding)).collect(),
        counts: Counts {
            error: counts.error,
            warning: counts.warning,
            info: counts.info,
            hidden: counts.hidden,
            ignored: shown.ignored,
        },
    }
}

fn row<'a>(shown: &'a Shown<'_>, finding: &'a Finding) -> Row<'a> {
    let catalog = &shown.audited.catalog;
    let figures = finding.figures;
    Row {
        id: finding.id.to_string(),
        rule: finding.info().id,
        severity: finding.severity,
        account: shown.account(finding.account),
        message: &finding.message,
        campaign_id: finding.campaign.map(|ix| catalog.campaign(ix).id()),
        ad_group_id: finding.ad_group.map(|ix| catalog.ad_group(ix).id()),
        kind: finding.subject.kind,
        match_type: finding.subject.match_type,
        text: &finding.subject.text,
        negatives: shown.negatives(finding),
        keywords: shown.keywords(finding),
        terms: finding.terms,
        spend: figures.map(|figures| figures.spend.units()),
        orders: figures.map(|figures| figures.orders),
        sales: figures.map(|figures| figures.sales.units()),
        currency: figures.and_then(|_| shown.currency(finding)).map(Currency::code),
        from: finding.days.map(|days| days.from.to_string()),
        to: finding.days.map(|days| days.to.to_string()),
        fix: finding.fix.as_ref().map(|fix| fix_row(shown, fix)),
    }
}

fn fix_row(shown: &Shown<'_>, fix: &Fix) -> FixRow {
    let catalog = &shown.audited.catalog;
    FixRow {
        action: fix.action(),
        ids: fix.remove.iter().map(|row| catalog.negative(*row).id().raw().to_owned()).collect(),
        negatives: fix
            .add
            .iter()
            .map(|new| NewRow {
                campaign_id: new.campaign.clone(),
                ad_group_id: new.ad_group.clone(),
                kind: new.kind,
                match_type: new.match_type,
                text: new.text.clone(),
            })
            .collect(),
    }
}
