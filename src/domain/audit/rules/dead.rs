//! `dead`: a negative that is switched on and blocks nothing.

use super::super::rule::Draft;
use super::super::{Desk, Found, Info, Rule, Severity, says};

/// The rule.
pub(super) struct Dead;

static INFO: Info = Info::new(
    "dead",
    "idle",
    Severity::Info,
    &[
        "The negative is switched on, but its campaign or ad group was archived or deleted, has ended, or is of a sort in which negatives have no effect.",
        "It blocks nothing, conflicts with nothing and does no harm; lists are longer for it.",
        "Nothing needs to be done.",
    ],
);

impl Rule for Dead {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn campaign(&self, desk: &Desk<'_>, out: &mut Found<'_>) {
        for twin in desk.twins() {
            if let Some(reason) = desk.idle(twin) {
                let message = format!("{} blocks nothing: {}", says::negative(desk, twin), reason.says());
                out.add(desk.cx, Draft::of(desk, twin), message);
            }
        }
    }
}
