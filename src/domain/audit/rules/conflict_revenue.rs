//! `conflict-revenue`: a negative that blocks what sold, or that should block what still sells.

use super::super::rule::Draft;
use super::super::{Desk, Fix, Found, Info, Rule, Severity, says};

/// The rule.
pub(super) struct ConflictRevenue;

static INFO: Info = Info::new(
    "conflict-revenue",
    "blocks what sold",
    Severity::Error,
    &[
        "Search terms of the negative's own scope had two orders or more before the negative was there, it blocks them now, and no exact keyword of the account serves or served them. Or orders of terms that it surely blocks go on three days after it was made.",
        "What a negative blocks no longer appears in reports: nobody sees the orders that do not come. Figures are those of the days before, and only of its own scope. Terms that it may block count too.",
        "Remove the negative (f stages that), narrow it, or give the terms that sold a keyword of their own.",
    ],
)
.terms();

impl Rule for ConflictRevenue {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn campaign(&self, desk: &Desk<'_>, out: &mut Found<'_>) {
        let least = desk.cx.config().thresholds.revenue_orders;
        let currency = desk.cx.currency(desk.account());
        for (at, blocked) in desk.blocked() {
            let before = blocked.lost.sum.orders >= least.max(1);
            let after = blocked.after.sum.orders > 0;
            if !before && !after {
                continue;
            }
            let twin = desk.twin(*at);
            let (part, days, what) = if before {
                (&blocked.lost, blocked.days, ("blocks", "sold before it was there"))
            } else {
                (&blocked.after, blocked.after_days, ("should block", "still sold days after it was made"))
            };
            let message = format!(
                "{} {} {} that {}: {}; {}",
                says::negative(desk, twin),
                what.0,
                says::counted(part.terms.len(), "term"),
                what.1,
                says::money(part.sum, currency, days),
                says::sellers(desk.cx, currency, &part.terms),
            );
            let draft = Draft::of(desk, twin)
                .money(part.terms.len(), part.sum, days)
                .rank(part.sum.sales.0)
                .fix(Fix::remove(desk.enabled(twin)));
            out.add(desk.cx, draft, message);
        }
    }
}
