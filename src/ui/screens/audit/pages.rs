//! What is read of the audit in a box of its own: everything of a finding, and what a rule means. Reads the audit; what
//! stands in the lists is painted by `view`.

use super::{AuditScreen, rows, view};
use crate::domain::audit::{Finding, Info, RULES};
use crate::domain::catalog::Scope;
use crate::domain::money::amount;
use crate::domain::text::shown;
use crate::ui::canvas::{Line, count, counted};
use crate::ui::data::Data;
use crate::ui::msg::AuditNow;
use crate::ui::overlays::pager::{Content, Pager};
use crate::ui::part::Want;
use crate::ui::theme::Role;
use crate::ui::whatif::dates;
use crate::ui::widgets::details::{Details, wrap};

/// Everything of the finding under the cursor.
pub(super) fn everything(screen: &AuditScreen, data: &Data) -> Option<Pager> {
    let now = data.audit.value()?;
    let finding = screen.finding(data)?;
    let info = finding.info();
    let currency = rows::currency(now, finding);
    let money = finding.figures.map(|figures| {
        let days = finding.days.map_or_else(String::new, |days| format!(" · {}", dates(days, data)));
        format!(
            "{}: {}, cost {}, {}, {}{}",
            counted(finding.terms, "search term"),
            counted(figures.clicks as usize, "click"),
            amount(figures.spend, currency),
            counted(figures.orders as usize, "order"),
            amount(figures.sales, currency),
            days.replace('·', data.theme.symbols.dot),
        )
    });
    let mut details = Details::default()
        .pair("why", finding.message.as_str())
        .pair("rule", format!("{} ({})", info.id, info.title))
        .pair("severity", finding.severity.to_string())
        .pair("account", now.catalog.account(finding.account).name.to_string())
        .pair(
            "campaign",
            finding.campaign.map(|ix| now.catalog.campaign(ix).name().to_string()).unwrap_or_default(),
        )
        .pair(
            "ad group",
            finding.ad_group.map(|ix| now.catalog.ad_group(ix).name().to_string()).unwrap_or_default(),
        )
        .pair("search terms", money.unwrap_or_default())
        .pair("f stages", fix_words(finding).unwrap_or_else(|| "nothing".to_owned()))
        .pair("ignored", if now.ignored.contains(&finding.id) { "yes; i takes that back" } else { "" })
        .pair("finding", finding.id.to_string())
        .gap();
    for ix in finding.negatives.iter().take(MOST_ROWS) {
        let negative = now.catalog.negative(*ix);
        let says = format!("{} {} (id {})", negative.text(), negative.liveness().says(), negative.id().shown());
        details = details.pair("negative", says);
    }
    details = details.pair("", more(finding.negatives.len()));
    for ix in finding.keywords.iter().take(MOST_ROWS) {
        let keyword = now.positives.get(*ix);
        let group = now.catalog.ad_group(keyword.ad_group_ix());
        let match_type: &str = keyword.match_type().into();
        let says =
            format!("{} ({match_type}, {}, id {})", shown(keyword.text()), group.name(), keyword.id().shown());
        details = details.pair("keyword", says);
    }
    details = details.pair("", more(finding.keywords.len()));
    let pager = Pager::new(info.title, Content::Details(details)).copies(finding.id.to_string());
    Some(match scope(now, finding, data) {
        Some(scope) => pager.leads(Want::Focus(scope)),
        None => pager,
    })
}

/// Where a finding is, in the snapshot in sight: that may be newer than the audited one.
fn scope(now: &AuditNow, finding: &Finding, data: &Data) -> Option<Scope> {
    let catalog = data.catalog()?;
    let account = catalog.find_account(finding.identity(&now.catalog))?;
    let campaign = catalog.find_campaign(account, &now.catalog.campaign(finding.campaign?).id())?;
    let group = finding.ad_group.map(|ix| now.catalog.ad_group(ix).id());
    match group {
        Some(id) => Some(Scope::AdGroup(catalog.find_ad_group(campaign, &id)?)),
        None => Some(Scope::Campaign(campaign)),
    }
}

/// How many rows of a finding are named.
const MOST_ROWS: usize = 50;

fn more(rows: usize) -> String {
    if rows > MOST_ROWS { format!("and {} more", count(rows - MOST_ROWS)) } else { String::new() }
}

/// What the rule under the cursor means, on one page.
pub(super) fn explanation(screen: &AuditScreen, data: &Data) -> Vec<Line> {
    let Some(line) = screen.rule() else { return Vec::new() };
    let info = RULES[line.rule].info();
    let mut lines = vec![Line::of(format!("{}: {}", info.id, info.title), Role::Title), Line::new()];
    for paragraph in info.page {
        lines.extend(wrap(paragraph, PAGE_WIDTH).into_iter().map(Line::from));
        lines.push(Line::new());
    }
    lines.extend(looks_at(screen, data, info).into_iter().map(|(text, role)| Line::of(text, role)));
    lines.push(Line::of(format!("`[audit] off = [\"{}\"]` switches it off.", info.id), Role::Dim));
    lines.push(Line::new());
    lines
}

/// What a rule looks at beside the negatives, and where that is not there.
fn looks_at(screen: &AuditScreen, data: &Data, info: &Info) -> Vec<(String, Role)> {
    let looks = match (info.needs_terms, info.needs_positives) {
        (true, true) => "It looks at search terms and at your keywords.",
        (true, false) => "It looks at search terms.",
        (false, true) => "It looks at your keywords.",
        (false, false) => return Vec::new(),
    };
    let mut said = vec![(looks.to_owned(), Role::Dim)];
    let Some(now) = data.audit.value() else { return said };
    for (needs, without, what) in [
        (info.needs_terms, &now.report.without_terms, "No search terms are loaded of"),
        (info.needs_positives, &now.report.without_positives, "The keywords were never listed of"),
    ] {
        let blind = without.iter().filter(|ix| view::in_sight(screen, now, **ix)).count();
        if needs && blind > 0 {
            said.push((format!("{what} {}: less is said there.", counted(blind, "account")), Role::Warn));
        }
    }
    said
}

/// A page fits the narrowest screen.
const PAGE_WIDTH: usize = 68;

/// What a finding's fix would stage.
pub(super) fn fix_words(finding: &Finding) -> Option<String> {
    let fix = finding.fix.as_ref()?;
    let part = |n: usize, one: &str| (n > 0).then(|| counted(n, one));
    let parts: Vec<String> =
        [part(fix.remove.len(), "removal"), part(fix.add.len(), "addition")].into_iter().flatten().collect();
    Some(parts.join(" and "))
}
