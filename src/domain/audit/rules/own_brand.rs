//! `own-brand`: a negative that blocks searches for one's own brand.

use super::super::super::matching::{normal, tokens};
use super::super::super::negative::{Kind, MatchType};
use super::super::context::has_run;
use super::super::rule::Draft;
use super::super::{Desk, Fix, Found, Info, Rule, Severity, Twin, says};

/// The rule.
pub(super) struct OwnBrand;

static INFO: Info = Info::new(
    "own-brand",
    "blocks your own brand",
    Severity::Error,
    &[
        "One of the names in `[audit] own_brands` is a negative: an exact of that name, a phrase that stands in it, or the brand itself.",
        "Searches for your own brand sell best and cost least. Where a live campaign of the account has the brand as a keyword of its own, the negative only keeps its searches there, and nothing is reported.",
        "Remove the negative (f stages that), or give the brand a campaign of its own.",
    ],
)
.positives();

impl Rule for OwnBrand {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn campaign(&self, desk: &Desk<'_>, out: &mut Found<'_>) {
        if desk.cx.brands().is_empty() {
            return;
        }
        for twin in desk.live() {
            let Some(at) = brand_of(desk, twin) else { continue };
            if desk.cx.is_isolated(desk.account(), at) {
                continue;
            }
            let message = format!(
                "{} blocks your own brand {}, which no live keyword of {} has",
                says::negative(desk, twin),
                says::quoted(&desk.cx.brands()[at]),
                desk.cx.catalog().account(desk.account()).name,
            );
            out.add(desk.cx, Draft::of(desk, twin).fix(Fix::remove(desk.enabled(twin))), message);
        }
    }
}

/// The brand that a negative blocks.
fn brand_of(desk: &Desk<'_>, twin: &Twin<'_>) -> Option<usize> {
    let brands = desk.cx.brands();
    match (twin.kind, twin.match_type) {
        (Kind::Keyword, Some(MatchType::Phrase)) => {
            // A hash tells nearly all negatives apart from every brand.
            let may = desk.cx.is_brand_run(&twin.text) && tokens(&twin.text).next().is_some();
            may.then(|| brands.iter().position(|brand| has_run(brand, &twin.text))).flatten()
        }
        (Kind::Keyword, _) => brands.iter().position(|brand| *brand == *twin.text),
        (Kind::Brand, _) => {
            let name = desk.cx.catalog().negative(*desk.enabled(twin).first()?).brand_name_raw()?;
            let name = normal(name);
            brands.iter().position(|brand| *brand == name)
        }
        (Kind::Product, _) => None,
    }
}
