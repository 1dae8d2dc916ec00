//! Runs of words that wasteful terms share: those whose terms together speak clearly, each set of terms told once.

use rustc_hash::FxHashMap;

use super::super::super::super::capabilities::Capabilities;
use super::super::super::super::keyword::PositiveMatch;
use super::super::super::super::matching::{soft, tokens};
use super::super::super::super::term::asin_of;
use super::super::super::context::has_run;
use super::super::super::evidence::Evidence;
use super::{Candidate, Place};

/// A run of words.
pub(super) struct Run {
    /// The words.
    pub(super) text: String,
    /// The places of the terms that have it.
    pub(super) terms: Vec<usize>,
    /// Their sums.
    pub(super) evidence: Evidence,
}

/// The runs that only cost, by their words.
pub(super) fn wasteful(
    place: &Place<'_, '_>,
    allowed: &Capabilities,
    free: &[Candidate<'_>],
    sold: &[&str],
) -> Vec<Run> {
    let cx = place.desk.cx;
    let thresholds = cx.config().thresholds;
    // All together too little, or too few: no part of it can be enough. Most ad groups end here.
    let all = free.iter().fold(Evidence::default(), |all, one| all.and(one.evidence));
    if free.len() < thresholds.waste_terms.max(2) || !all.is_waste(cx, &place.rate) {
        return Vec::new();
    }
    let mut found: FxHashMap<String, Run> = FxHashMap::default();
    for (at, one) in free.iter().enumerate().filter(|(_, one)| asin_of(one.text).is_none()) {
        let words: Vec<&str> = tokens(one.text).collect();
        for run in (1..=thresholds.waste_words.min(words.len())).flat_map(|length| words.windows(length)) {
            let text = run.join(" ");
            let entry = found.entry(text).or_insert_with_key(|text| Run {
                text: text.clone(),
                terms: Vec::new(),
                evidence: Evidence::default(),
            });
            // The same run twice in one term counts once.
            if entry.terms.last() != Some(&at) {
                entry.terms.push(at);
                entry.evidence = entry.evidence.and(one.evidence);
            }
        }
    }
    let fits = |run: &Run| {
        run.terms.len() >= thresholds.waste_terms
            && run.evidence.is_waste(cx, &place.rate)
            && !sold.iter().any(|text| has_run(text, &run.text))
            && !tokens(&run.text).all(|word| allowed.stop_words.contains(&word))
            && takes(allowed, &run.text)
            && cx.guards(&run.text).is_none()
            && !place.positives().any(|one| {
                !matches!(one.match_type(), PositiveMatch::Product | PositiveMatch::Other)
                    && has_run(one.text(), &run.text)
            })
    };
    let mut runs: Vec<Run> = found.into_values().filter(fits).collect();
    // Of runs that are in the very same terms the longest says most; of singular and plural the costlier.
    runs.sort_unstable_by(|a, b| {
        a.terms.cmp(&b.terms).then_with(|| words(b).cmp(&words(a))).then_with(|| a.text.cmp(&b.text))
    });
    runs.dedup_by(|b, a| a.terms == b.terms);
    runs.sort_unstable_by(|a, b| {
        b.evidence.sum.spend.cmp(&a.evidence.sum.spend).then_with(|| a.text.cmp(&b.text))
    });
    let mut kept: Vec<Run> = Vec::new();
    for run in runs {
        if !kept.iter().any(|other| alike(&other.text, &run.text)) {
            kept.push(run);
        }
    }
    kept
}

fn words(run: &Run) -> usize {
    tokens(&run.text).count()
}

fn takes(allowed: &Capabilities, text: &str) -> bool {
    let most = allowed.text.most_words_phrase.map_or(usize::MAX, |most| most.value);
    tokens(text).count() <= most && text.chars().count() <= allowed.text.most_chars.value
}

/// Whether two texts differ by plurals only.
pub(super) fn alike(a: &str, b: &str) -> bool {
    let (mut a, mut b) = (tokens(a), tokens(b));
    loop {
        match (a.next(), b.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if soft::alike(a, b) => {}
            _ => return false,
        }
    }
}
