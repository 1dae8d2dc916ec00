//! `looks-like-asin`: a keyword negative whose text is a product.

use super::super::super::catalog::AdGroupIx;
use super::super::super::negative::{Kind, Level};
use super::super::super::term::asin_of;
use super::super::rule::Draft;
use super::super::{Desk, Fix, Found, Info, Rule, Severity, says};

/// The rule.
pub(super) struct LooksLikeAsin;

static INFO: Info = Info::new(
    "looks-like-asin",
    "an ASIN as a keyword",
    Severity::Warning,
    &[
        "The text of a keyword negative is an ASIN, on a platform that has product negatives.",
        "Reports print the product pages on which ads showed as ASINs among the search terms. A keyword negative acts on searches only, so that it blocks none of them.",
        "Add the product as a negative instead (f stages both).",
    ],
);

impl Rule for LooksLikeAsin {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn campaign(&self, desk: &Desk<'_>, out: &mut Found<'_>) {
        let Some(allowed) = desk.capabilities().filter(|allowed| allowed.has_kind(Kind::Product)) else {
            return;
        };
        for twin in desk.live().filter(|twin| twin.kind == Kind::Keyword && asin_of(&twin.text).is_some()) {
            let group: Option<AdGroupIx> = desk.group_of(twin);
            let level = if group.is_some() { Level::AdGroup } else { Level::Campaign };
            let message =
                format!("{} is an ASIN: a keyword never blocks a product page", says::negative(desk, twin));
            let there = desk.find(group, Kind::Product, None, &twin.text).is_some();
            let mut fix = Fix::remove(desk.enabled(twin));
            if !there && allowed.kind(Kind::Product, level).is_some() {
                fix.add.push(desk.new_negative(group, Kind::Product, None, &twin.text.to_uppercase()));
            }
            out.add(desk.cx, Draft::of(desk, twin).fix(fix), message);
        }
    }
}
