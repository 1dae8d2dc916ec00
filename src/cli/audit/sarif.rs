//! The audit as SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format"), for code-scanning pages and editors.

use serde_json::{Value, json};

use super::Shown;
use crate::domain::audit::{Finding, RULES, Severity};
use crate::domain::ids::{AdGroupId, CampaignId};
use crate::domain::money::Currency;

/// What is shown, as one run of one tool.
pub fn of(shown: &Shown<'_>) -> Value {
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "unbid",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": RULES.iter().map(|rule| {
                    let info = rule.info();
                    json!({
                        "id": info.id,
                        "shortDescription": {"text": info.title},
                        "fullDescription": {"text": info.page[0]},
                        "help": {"text": info.page.join("\n\n")},
                        "defaultConfiguration": {"level": level(info.severity)},
                    })
                }).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": shown.findings.iter().map(|finding| result(shown, finding)).collect::<Vec<_>>(),
        }],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn result(shown: &Shown<'_>, finding: &Finding) -> Value {
    let catalog = &shown.audited.catalog;
    let account = shown.account(finding.account).as_str();
    let campaign = finding.campaign.map(|ix| catalog.campaign(ix).id());
    let group = finding.ad_group.map(|ix| catalog.ad_group(ix).id());
    let place = [campaign.as_ref().map(CampaignId::raw), group.as_ref().map(AdGroupId::raw)];
    let path: Vec<&str> = std::iter::once(account).chain(place.into_iter().flatten()).collect();
    let kind = match (finding.campaign, finding.ad_group) {
        (_, Some(_)) => "ad group",
        (Some(_), None) => "campaign",
        (None, None) => "account",
    };
    let name = match (finding.campaign, finding.ad_group) {
        (_, Some(ix)) => catalog.ad_group(ix).name().to_string(),
        (Some(ix), None) => catalog.campaign(ix).name().to_string(),
        (None, None) => shown.account(finding.account).to_string(),
    };
    let figures = finding.figures;
    json!({
        "ruleId": finding.info().id,
        "ruleIndex": finding.rule,
        "level": level(finding.severity),
        "message": {"text": finding.message},
        "partialFingerprints": {"unbid/v1": finding.id.to_string()},
        "locations": [{"logicalLocations": [{
            "name": name, "fullyQualifiedName": path.join("/"), "kind": kind,
        }]}],
        "properties": {
            "account": account,
            "negatives": shown.negatives(finding),
            "keywords": shown.keywords(finding),
            "terms": finding.terms,
            "spend": figures.map(|figures| figures.spend.units()),
            "orders": figures.map(|figures| figures.orders),
            "sales": figures.map(|figures| figures.sales.units()),
            "currency": figures.and_then(|_| shown.currency(finding)).map(Currency::code),
        },
    })
}
