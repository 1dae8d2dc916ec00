//! `harvest-orphan`: a term that was moved to an exact keyword which serves no longer.

use super::super::rule::Draft;
use super::super::{Desk, Fix, Found, Info, Rule, Severity, says};

/// The rule.
pub(super) struct HarvestOrphan;

static INFO: Info = Info::new(
    "harvest-orphan",
    "orphaned harvest",
    Severity::Error,
    &[
        "A negative blocks a search term because an exact keyword elsewhere in the account has it, but that keyword is paused or archived, or its ad group or campaign was archived or has ended: nobody serves the term any more.",
        "It is an error where the term had orders before the negative was there, else a warning.",
        "Switch the keyword on again, or remove the negative (f stages that) so that the term finds its way back.",
    ],
)
.terms()
.positives();

impl Rule for HarvestOrphan {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn campaign(&self, desk: &Desk<'_>, out: &mut Found<'_>) {
        let currency = desk.cx.currency(desk.account());
        for (at, blocked) in desk.blocked() {
            let part = &blocked.orphaned;
            if part.terms.is_empty() {
                continue;
            }
            let twin = desk.twin(*at);
            let message = format!(
                "{} blocks {} that {} no longer serves: {}",
                says::negative(desk, twin),
                says::counted(part.terms.len(), "term"),
                says::positives(desk.cx, &part.keywords),
                says::money(part.sum, currency, blocked.days),
            );
            let severity = if part.sum.orders > 0 { Severity::Error } else { Severity::Warning };
            let draft = Draft::of(desk, twin)
                .severity(severity)
                .keywords(part.keywords.clone())
                .money(part.terms.len(), part.sum, blocked.days)
                .rank(part.sum.sales.0)
                .fix(Fix::remove(desk.enabled(twin)));
            out.add(desk.cx, draft, message);
        }
    }
}
