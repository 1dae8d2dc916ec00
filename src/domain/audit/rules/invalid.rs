//! `invalid`: a negative whose text the platform's own rules would refuse today.

use super::super::super::judge::text_refusals;
use super::super::rule::Draft;
use super::super::{Desk, Found, Info, Rule, Severity, says};

/// The rule.
pub(super) struct Invalid;

static INFO: Info = Info::new(
    "invalid",
    "breaks the text rules",
    Severity::Warning,
    &[
        "The text is longer, has more words or other characters than the platform takes for such a negative.",
        "It could not be made again: once removed, or copied elsewhere, it is gone. Whether such a one blocks anything is not documented.",
        "Replace it by one that the platform takes.",
    ],
);

impl Rule for Invalid {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn campaign(&self, desk: &Desk<'_>, out: &mut Found<'_>) {
        let Some(allowed) = desk.capabilities() else { return };
        for twin in desk.twins() {
            let rows = desk.standing(twin);
            let Some(first) = rows.first() else { continue };
            let raw = desk.cx.catalog().negative(*first).text_raw();
            let refusals = text_refusals(twin.kind, twin.match_type, raw, allowed);
            if refusals.is_empty() {
                continue;
            }
            let why: Vec<String> = refusals.iter().map(|refusal| refusal.says(allowed)).collect();
            let message = format!("{} could not be made again: {}", says::negative(desk, twin), why.join("; "));
            out.add(desk.cx, Draft::of(desk, twin).negatives(rows.to_vec()), message);
        }
    }
}
