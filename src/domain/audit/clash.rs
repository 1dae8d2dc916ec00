//! Negatives against one's own positives of the same scope, both live: which rule each pair belongs to. The rules
//! themselves are in `rules/`.

use super::super::campaign::ParentState;
use super::super::catalog::positives::{PositiveIx, PositiveView};
use super::super::keyword::PositiveMatch;
use super::super::matching::Verdict;
use super::super::negative::{Kind, MatchType};
use super::{Desk, Twin};

/// What a negative does to a positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// The positive can never serve.
    Full,
    /// It blocks part of a broad positive.
    Partial,
    /// The same text, and the negative is the stricter: harvest and isolate.
    Intended,
    /// One of the first two on soft forms only.
    May,
    /// A negative ASIN on a targeted ASIN.
    Product,
}

/// A live negative that hits a live positive of its scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clash {
    /// The negatives, by their place on the desk.
    pub twin: usize,
    /// What they do.
    pub class: Class,
    /// The positive.
    pub positive: PositiveIx,
}

/// Every pair of a campaign, by negative.
pub(super) fn find(desk: &Desk<'_>) -> Vec<Clash> {
    let (cx, index) = (desk.cx, desk.cx.index(desk.account()));
    let mut found = Vec::new();
    if index.is_empty() {
        return found;
    }
    for group in desk.live_groups() {
        for positive in cx.positives().of_ad_group(group) {
            if positive.state() != ParentState::Enabled || positive.match_type() == PositiveMatch::Other {
                continue;
            }
            for blocker in index.find(positive.text()) {
                for twin in desk.reaching(blocker.pattern, Some(group)) {
                    let class = class(desk.twin(twin), blocker.verdict, positive);
                    found.extend(class.map(|class| Clash { twin, class, positive: positive.ix() }));
                }
            }
        }
    }
    found.sort_unstable();
    found
}

fn class(twin: &Twin<'_>, verdict: Verdict, positive: PositiveView<'_>) -> Option<Class> {
    let product = positive.match_type() == PositiveMatch::Product;
    if twin.kind == Kind::Product || product {
        return (twin.kind == Kind::Product && product).then_some(Class::Product);
    }
    let stricter = strictness_of(twin.match_type) > strictness(positive.match_type());
    if stricter && twin.text == positive.text() {
        return Some(Class::Intended);
    }
    let would = match (twin.match_type, positive.match_type()) {
        (Some(MatchType::Exact), PositiveMatch::Exact) => Class::Full,
        // An exact negative takes one search from a wider positive, never the whole of it.
        (Some(MatchType::Exact), _) => return None,
        (_, PositiveMatch::Broad) => Class::Partial,
        _ => Class::Full,
    };
    match verdict {
        Verdict::Blocks => Some(would),
        Verdict::MayBlock => Some(Class::May),
        Verdict::No => None,
    }
}

fn strictness_of(match_type: Option<MatchType>) -> u8 {
    match match_type {
        Some(MatchType::Exact) => 2,
        Some(MatchType::Phrase) => 1,
        None => 0,
    }
}

fn strictness(match_type: PositiveMatch) -> u8 {
    match match_type {
        PositiveMatch::Exact => 2,
        PositiveMatch::Phrase => 1,
        PositiveMatch::Broad | PositiveMatch::Product | PositiveMatch::Other => 0,
    }
}

impl Desk<'_> {
    /// The negatives that hit positives in this way, each with those.
    pub(super) fn clashing(&self, class: Class) -> Vec<(usize, Vec<PositiveIx>)> {
        let of_twin = self.clashes().chunk_by(|a, b| (a.twin, a.class) == (b.twin, b.class));
        of_twin
            .filter(|run| run[0].class == class)
            .map(|run| (run[0].twin, run.iter().map(|clash| clash.positive).collect()))
            .collect()
    }
}
