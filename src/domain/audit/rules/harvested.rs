//! `harvested`: orders that a negative moved to an exact keyword elsewhere; told only when asked for.

use super::super::rule::Draft;
use super::super::{Desk, Found, Info, Rule, Severity, says};

/// The rule.
pub(super) struct Harvested;

static INFO: Info = Info::new(
    "harvested",
    "moved to its own keyword",
    Severity::Info,
    &[
        "A negative blocks a search term that sold, and elsewhere in the account a live exact keyword has that very text: its orders are moved, not lost.",
        "This is the harvest-and-isolate pattern at work; it is hidden unless asked for.",
        "Nothing is to be done. See harvest-orphan for those whose keyword serves no longer.",
    ],
)
.terms()
.positives()
.hidden();

impl Rule for Harvested {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn campaign(&self, desk: &Desk<'_>, out: &mut Found<'_>) {
        let currency = desk.cx.currency(desk.account());
        for (at, blocked) in desk.blocked() {
            let part = &blocked.harvested;
            if part.terms.is_empty() {
                continue;
            }
            let twin = desk.twin(*at);
            let message = format!(
                "{} moves {} to {}: {}",
                says::negative(desk, twin),
                says::counted(part.terms.len(), "term"),
                says::positives(desk.cx, &part.keywords),
                says::money(part.sum, currency, blocked.days),
            );
            let draft = Draft::of(desk, twin)
                .keywords(part.keywords.clone())
                .money(part.terms.len(), part.sum, blocked.days)
                .rank(part.sum.sales.0);
            out.add(desk.cx, draft, message);
        }
    }
}
