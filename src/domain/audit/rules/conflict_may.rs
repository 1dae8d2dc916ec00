//! `conflict-may`: a negative that hits an own keyword only if the platform folds plurals, accents or hyphens.

use super::super::rule::Draft;
use super::super::{Class, Desk, Found, Info, Rule, Severity, says};

/// The rule.
pub(super) struct ConflictMay;

static INFO: Info = Info::new(
    "conflict-may",
    "may block a keyword",
    Severity::Info,
    &[
        "A negative would keep an own keyword of its scope from serving, or block part of it, if the platform took plurals, accents, hyphens, apostrophes or small words for the same. No platform documents that it does for negatives; people report both.",
        "It is a warning where the search terms that the negative may block had orders.",
        "Look whether the keyword still gets impressions. If it does not, remove the negative or write it more narrowly.",
    ],
)
.positives();

impl Rule for ConflictMay {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn campaign(&self, desk: &Desk<'_>, out: &mut Found<'_>) {
        for (at, keywords) in desk.clashing(Class::May) {
            let twin = desk.twin(at);
            let sold = desk.blocked_by(at).filter(|blocked| blocked.all.sum.orders > 0);
            let mut message = format!(
                "{} may block {} (plural, accent, hyphen: not documented)",
                says::negative(desk, twin),
                says::positives(desk.cx, &keywords),
            );
            let mut draft = Draft::of(desk, twin).keywords(keywords);
            if let Some(blocked) = sold {
                let currency = desk.cx.currency(desk.account());
                let days = desk.cx.days(desk.account());
                message.push_str("; its search terms ");
                message.push_str(&says::money(blocked.all.sum, currency, days));
                draft = draft
                    .severity(Severity::Warning)
                    .money(blocked.all.terms.len(), blocked.all.sum, days)
                    .rank(blocked.all.sum.sales.0);
            }
            out.add(desk.cx, draft, message);
        }
    }
}
