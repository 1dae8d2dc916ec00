//! `conflict-product`: a negative ASIN on a product that the same scope targets.

use super::super::rule::Draft;
use super::super::{Class, Desk, Fix, Found, Info, Rule, Severity, says};

/// The rule.
pub(super) struct ConflictProduct;

static INFO: Info = Info::new(
    "conflict-product",
    "blocks a targeted product",
    Severity::Error,
    &[
        "A negative ASIN is the very product that an ad group of its scope targets.",
        "The target is switched on and can never show an ad on that product's page.",
        "Remove the negative (f stages that) or the target. A negative on one of your own advertised products is often meant and not reported.",
    ],
)
.positives();

impl Rule for ConflictProduct {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn campaign(&self, desk: &Desk<'_>, out: &mut Found<'_>) {
        for (at, targets) in desk.clashing(Class::Product) {
            let twin = desk.twin(at);
            let message = format!(
                "{} is targeted by its own {}",
                says::negative(desk, twin),
                if targets.len() == 1 { "ad group".to_owned() } else { says::counted(targets.len(), "target") },
            );
            let draft = Draft::of(desk, twin).keywords(targets).fix(Fix::remove(desk.enabled(twin)));
            out.add(desk.cx, draft, message);
        }
    }
}
