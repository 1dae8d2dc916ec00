//! `duplicate`: the same live negative twice in one scope.

use super::super::rule::Draft;
use super::super::{Desk, Fix, Found, Info, Rule, Severity, says};

/// The rule.
pub(super) struct Duplicate;

static INFO: Info = Info::new(
    "duplicate",
    "twice in one place",
    Severity::Warning,
    &[
        "Several live negatives of the same ad group, or of the same campaign's own, have the same kind, match type and text, upper and lower case and spaces aside.",
        "Platforms refuse such twins today; older tools could make them. They count against limits and are easily taken for something else.",
        "Remove all but the oldest (f stages that).",
    ],
);

impl Rule for Duplicate {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn campaign(&self, desk: &Desk<'_>, out: &mut Found<'_>) {
        for twin in desk.live().filter(|twin| desk.enabled(twin).len() > 1) {
            let mut rows = desk.enabled(twin).to_vec();
            rows.sort_by_key(|row| (desk.cx.there_since(*row), *row));
            let message = format!("{} is there {} times", says::negative(desk, twin), rows.len());
            out.add(desk.cx, Draft::of(desk, twin).fix(Fix::remove(&rows[1..])), message);
        }
    }
}
