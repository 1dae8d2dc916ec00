//! `conflict-partial`: a phrase negative that blocks part of what an own broad keyword could find.

use super::super::rule::Draft;
use super::super::{Class, Desk, Fix, Found, Info, Rule, Severity, says};

/// The rule.
pub(super) struct ConflictPartial;

static INFO: Info = Info::new(
    "conflict-partial",
    "blocks part of a keyword",
    Severity::Warning,
    &[
        "The words of a phrase negative stand, in order and next to each other, in a broad keyword of the same ad group, or of an ad group of the negative's campaign.",
        "The keyword still serves searches that word it otherwise, but never the one that it is made of.",
        "Remove the negative (f stages that), or leave it if just those searches are not wanted and ignore the finding (i). A negative with the keyword's very text is the isolation pattern and not reported here.",
    ],
)
.positives();

impl Rule for ConflictPartial {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn campaign(&self, desk: &Desk<'_>, out: &mut Found<'_>) {
        for (at, keywords) in desk.clashing(Class::Partial) {
            let twin = desk.twin(at);
            let message = format!(
                "{} blocks part of {}: {}",
                says::negative(desk, twin),
                says::counted(keywords.len(), "broad keyword"),
                says::positives(desk.cx, &keywords),
            );
            let draft = Draft::of(desk, twin).keywords(keywords).fix(Fix::remove(desk.enabled(twin)));
            out.add(desk.cx, draft, message);
        }
    }
}
