//! What live negatives block among the search terms of their scope, from before they were there: what those sold, who
//! serves them now, and what sells on although it should be blocked.

use super::super::catalog::positives::PositiveIx;
use super::super::catalog::{Day, EntryIx, TermIx};
use super::super::matching::Verdict;
use super::super::term::{Figures, TermPeriod};
use super::{Desk, Twin};

/// Search terms with what they brought and cost.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// Each with its own figures, the best selling first.
    pub terms: Vec<(EntryIx, Figures)>,
    /// All together.
    pub sum: Figures,
    /// The exact keywords that serve them, or did.
    pub keywords: Vec<PositiveIx>,
}

impl Part {
    fn take(&mut self, entry: EntryIx, figures: Figures) {
        self.terms.push((entry, figures));
        self.sum += figures;
    }

    fn settle(&mut self) {
        self.terms.sort_by_key(|(entry, figures)| (std::cmp::Reverse((figures.sales, figures.orders)), *entry));
        self.keywords.sort_unstable();
        self.keywords.dedup();
    }
}

/// What a negative, or equal ones together, block in their scope.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Blocked {
    /// Every term, by all its rows.
    pub all: Part,
    /// How many of them are blocked for sure.
    pub certain: usize,
    /// Terms that sold before and that no exact keyword elsewhere serves or served.
    pub lost: Part,
    /// Terms that sold before and that a live exact keyword elsewhere serves.
    pub harvested: Part,
    /// Terms whose exact keyword elsewhere serves no longer.
    pub orphaned: Part,
    /// Terms that sold although they are blocked for sure, days after.
    pub after: Part,
    /// The days of the rows that count as evidence: from before it was there.
    pub days: Option<TermPeriod>,
    /// The days of what sold after.
    pub after_days: Option<TermPeriod>,
}

/// What is blocked in a campaign.
#[derive(Debug, Default)]
pub(super) struct Hits {
    pub(super) of_twin: Vec<(usize, Blocked)>,
    /// The campaign's first entry, and of each whether something blocks it for sure.
    first: u32,
    blocked: Vec<bool>,
}

impl Hits {
    pub(super) fn is_blocked(&self, entry: EntryIx) -> bool {
        entry
            .0
            .checked_sub(self.first)
            .and_then(|at| self.blocked.get(at as usize))
            .copied()
            .unwrap_or_default()
    }
}

/// One pair of a live negative and an entry.
type Hit = (usize, EntryIx, Verdict);

/// Everything that is blocked in a campaign.
pub(super) fn find(desk: &Desk<'_>) -> Hits {
    let (cx, index) = (desk.cx, desk.cx.index(desk.account()));
    let [entries, _] =
        cx.terms().entries_in(cx.catalog(), super::super::catalog::Scope::Campaign(desk.campaign()));
    let mut hits = Hits { first: entries.start, blocked: vec![false; entries.len()], ..Hits::default() };
    if index.is_empty() {
        return hits;
    }
    let mut pairs: Vec<Hit> = Vec::new();
    for entry in entries.map(EntryIx) {
        if cx.rows(entry).next().is_none() {
            continue;
        }
        let first = cx.terms().first_of(entry);
        let group = cx.terms().parent(first).1;
        for blocker in index.find(cx.terms().text(cx.terms().text_of(first))) {
            for twin in desk.reaching(blocker.pattern, group) {
                pairs.push((twin, entry, blocker.verdict));
                hits.blocked[(entry.0 - hits.first) as usize] |= blocker.verdict == Verdict::Blocks;
            }
        }
    }
    pairs.sort_unstable_by_key(|(twin, entry, _)| (*twin, *entry));
    let of_twin = pairs.chunk_by(|a, b| a.0 == b.0);
    hits.of_twin = of_twin.map(|run| (run[0].0, weigh(desk, run))).collect();
    hits
}

/// What one negative blocks.
fn weigh(desk: &Desk<'_>, hits: &[Hit]) -> Blocked {
    let cx = desk.cx;
    let twin = desk.twin(hits[0].0);
    let since = desk.enabled(twin).iter().filter_map(|row| cx.there_since(*row)).min().map(Day::from);
    let after_days = cx.config().thresholds.revenue_after_days;
    let mut found = Blocked::default();
    for &(_, entry, verdict) in hits {
        found.certain += usize::from(verdict == Verdict::Blocks);
        let (mut before, mut after, mut all) = (Figures::default(), Figures::default(), Figures::default());
        let mut evidence = false;
        for row in cx.rows(entry) {
            let figures = cx.terms().figures(row);
            let (from, to) = cx.terms().days(row);
            all += figures;
            // A row of several days that began before: what it blocks cannot have come after.
            if since.is_none_or(|since| from < since) {
                before += figures;
                evidence = true;
                found.days = Some(join(found.days, cx.terms().days(row)));
            // Days are whole: a negative made late on one has been there for three only when the fourth after it begins.
            } else if since.is_some_and(|since| since.until(from) > after_days) && figures.orders > 0 {
                after += figures;
                if verdict == Verdict::Blocks {
                    found.after_days = Some(join(found.after_days, (from, to)));
                }
            }
        }
        found.all.take(entry, all);
        if after.orders > 0 && verdict == Verdict::Blocks {
            found.after.take(entry, after);
        }
        if evidence {
            credit(desk, twin, &mut found, entry, before);
        }
    }
    for part in [&mut found.all, &mut found.lost, &mut found.harvested, &mut found.orphaned, &mut found.after] {
        part.settle();
    }
    found
}

/// Says who serves a blocked term now.
fn credit(desk: &Desk<'_>, twin: &Twin<'_>, found: &mut Blocked, entry: EntryIx, before: Figures) {
    let cx = desk.cx;
    let text = cx.terms().text(cx.terms().text_of(cx.terms().first_of(entry)));
    let (serving, ended) = cx.exact_elsewhere(desk.account(), text, desk.reach_of(twin));
    if !serving.is_empty() {
        if before.orders > 0 {
            found.harvested.take(entry, before);
            found.harvested.keywords.extend(serving);
        }
    } else if !ended.is_empty() {
        found.orphaned.take(entry, before);
        found.orphaned.keywords.extend(ended);
    } else if before.orders > 0 {
        found.lost.take(entry, before);
    }
}

fn join(days: Option<TermPeriod>, (from, to): (Day, Day)) -> TermPeriod {
    let these = TermPeriod { from: from.date(), to: to.date() };
    days.map_or(these, |days| days.join(these))
}

/// The days of some rows together.
pub(super) fn days_of(desk: &Desk<'_>, rows: impl Iterator<Item = TermIx>) -> Option<TermPeriod> {
    rows.fold(None, |days, row| Some(join(days, desk.cx.terms().days(row))))
}
