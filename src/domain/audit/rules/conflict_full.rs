//! `conflict-full`: a negative that keeps an own keyword of its scope from ever serving.

use super::super::rule::Draft;
use super::super::{Class, Desk, Fix, Found, Info, Rule, Severity, says};

/// The rule.
pub(super) struct ConflictFull;

static INFO: Info = Info::new(
    "conflict-full",
    "never serves",
    Severity::Error,
    &[
        "A negative and one of your own keywords stand against each other in the same ad group, or the negative stands at its campaign: an exact negative equal to an exact keyword, or a phrase negative whose words stand in an exact or phrase keyword.",
        "The keyword is switched on, may cost attention and budget planning, and can never show an ad.",
        "Remove the negative if you want the keyword (f stages that), or pause the keyword if the negative is what you meant. The harvest-and-isolate pattern, where the negative is stricter than the keyword of the same text, is not reported here.",
    ],
)
.positives();

impl Rule for ConflictFull {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn campaign(&self, desk: &Desk<'_>, out: &mut Found<'_>) {
        for (at, keywords) in desk.clashing(Class::Full) {
            let twin = desk.twin(at);
            let message = format!(
                "{} keeps {} from ever serving: {}",
                says::negative(desk, twin),
                says::counted(keywords.len(), "keyword"),
                says::positives(desk.cx, &keywords),
            );
            let draft = Draft::of(desk, twin).keywords(keywords).fix(Fix::remove(desk.enabled(twin)));
            out.add(desk.cx, draft, message);
        }
    }
}
