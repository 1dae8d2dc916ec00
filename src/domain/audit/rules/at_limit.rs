//! `at-limit`: an ad group or campaign that takes no negative more.

use super::super::{Desk, Found, Info, Rule, Severity};
use super::near_limit::{Band, report};

/// The rule.
pub(super) struct AtLimit;

static INFO: Info = Info::new(
    "at-limit",
    "at the limit",
    Severity::Error,
    &[
        "An ad group or campaign holds as many negatives as the platform lets it hold.",
        "Every further negative is refused, so that new waste cannot be stopped there.",
        "Remove superfluous ones (rule redundant), or write several exacts as one phrase where the platform has phrases.",
    ],
);

impl Rule for AtLimit {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn campaign(&self, desk: &Desk<'_>, out: &mut Found<'_>) {
        report(desk, out, Band::Full);
    }
}
