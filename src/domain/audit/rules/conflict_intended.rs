//! `conflict-intended`: the harvest-and-isolate pattern, told only when asked for.

use super::super::rule::Draft;
use super::super::{Class, Desk, Found, Info, Rule, Severity, says};

/// The rule.
pub(super) struct ConflictIntended;

static INFO: Info = Info::new(
    "conflict-intended",
    "isolates a keyword",
    Severity::Info,
    &[
        "A negative has the same text as one of your own keywords of its scope and is the stricter of the two: exact against phrase or broad, phrase against broad.",
        "This is how a search term is taken out of a wide keyword once a keyword of its own serves it, so that it is no mistake; it is hidden unless asked for.",
        "See harvest-orphan for those where the keyword of its own no longer serves.",
    ],
)
.positives()
.hidden();

impl Rule for ConflictIntended {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn campaign(&self, desk: &Desk<'_>, out: &mut Found<'_>) {
        for (at, keywords) in desk.clashing(Class::Intended) {
            let twin = desk.twin(at);
            let message = format!(
                "{} takes its own text out of {}",
                says::negative(desk, twin),
                says::positives(desk.cx, &keywords),
            );
            out.add(desk.cx, Draft::of(desk, twin).keywords(keywords), message);
        }
    }
}
