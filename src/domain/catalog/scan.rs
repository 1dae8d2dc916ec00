//! Finding rows: the longest word is looked for in all texts at once, in one pass on two threads; whatever else
//! the filter asks is asked of its hits only. What depends on campaign and ad group alone is asked once for each.

use std::ops::Range;

use memchr::memmem::Finder;
use rustc_hash::FxHashSet;

use super::super::filter::{Field, Fielded, Filter, Tester, Value, may_be_id};
use super::super::negative::{Kind, Level, MatchType, State};
use super::query::Cancel;
use super::{
    AdGroupIx, AddedRow, CampaignIx, Catalog, Liveness, Mark, NegIx, NegativeView, Overlay, Scope, fold,
};

/// How many rows are read between two looks at [`Cancel`].
const STRIDE: u32 = 8_192;
/// From how many rows on a second thread is worth its start.
const WORTH_A_THREAD: usize = 60_000;

impl Catalog {
    /// The rows of a scope that a filter lets through, ascending; `None` when cancelled.
    pub(super) fn scan(
        &self,
        scope: Scope,
        filter: &Filter,
        hide_archived: bool,
        overlay: &Overlay,
        cancel: &Cancel,
    ) -> Option<Vec<u32>> {
        let one = |rows: Range<u32>| self.scan_range(rows, filter, hide_archived, overlay, cancel);
        let [first, second] = self.ranges(scope);
        if first.len() < WORTH_A_THREAD {
            let mut rows = one(first)?;
            rows.extend(one(second)?);
            return Some(rows);
        }
        let middle = first.start + (first.end - first.start) / 2;
        let (left, right) = std::thread::scope(|threads| {
            let right = threads.spawn(|| one(middle..first.end));
            (one(first.start..middle), right.join())
        });
        // A panic of the other thread is this one's too.
        let right = right.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let mut rows = left?;
        rows.extend(right?);
        rows.extend(one(second)?);
        Some(rows)
    }

    fn scan_range(
        &self,
        rows: Range<u32>,
        filter: &Filter,
        hide_archived: bool,
        overlay: &Overlay,
        cancel: &Cancel,
    ) -> Option<Vec<u32>> {
        let mut gate = Gate::new(self, filter, hide_archived, overlay);
        let word = filter.longest_word().map(|word| Word::new(self, word));
        let mut found = Vec::new();
        let mut start = rows.start;
        while start < rows.end {
            if cancel.is_cancelled() {
                return None;
            }
            let end = rows.end.min(start.saturating_add(STRIDE));
            match &word {
                Some(word) => self.word_hits(start..end, word, &mut gate, &mut found),
                None => found.extend((start..end).filter(|row| gate.lets(*row))),
            }
            start = end;
        }
        Some(found)
    }

    /// The rows whose text holds the word, or whose brand's name or id does, and that the gate lets through.
    fn word_hits(&self, rows: Range<u32>, word: &Word<'_>, gate: &mut Gate<'_>, found: &mut Vec<u32>) {
        let texts = &self.negatives.texts;
        let (all, starts) = (texts.folded_all().as_bytes(), texts.starts());
        let before = found.len();
        let end = texts.start(rows.end as usize);
        let mut row = rows.start as usize;
        let mut from = texts.start(row);
        while let Some(hit) = word.finder.find(&all[from..end]) {
            let hit = from + hit;
            row = row_at(starts, row, hit);
            let next = texts.start(row + 1);
            // The line feed between two texts is no part of either.
            if hit + word.text.len() < next {
                if gate.lets(row as u32) {
                    found.push(row as u32);
                }
                from = next;
                row += 1;
            } else {
                from = hit + 1;
            }
        }
        if word.brands.is_empty() && !word.is_id {
            return;
        }
        let brands = &self.negatives.brand_names;
        let first = brands.partition_point(|(row, _)| *row < rows.start);
        let branded = brands[first..].iter().take_while(|(row, _)| *row < rows.end);
        let mut more: Vec<u32> =
            branded.filter(|(_, name)| word.brands.contains(name)).map(|(row, _)| *row).collect();
        if word.is_id {
            more.extend(rows.filter(|row| self.negatives.ids.get(*row as usize).contains(word.text)));
        }
        found.extend(more.into_iter().filter(|row| gate.lets(*row)));
        found[before..].sort_unstable();
        let mut kept = before;
        for at in before..found.len() {
            if kept == before || found[kept - 1] != found[at] {
                found[kept] = found[at];
                kept += 1;
            }
        }
        found.truncate(kept);
    }

    /// The rows of an earlier result, in their order, that the filter still lets through.
    pub(super) fn narrow(
        &self,
        mut rows: Vec<u32>,
        filter: &Filter,
        overlay: &Overlay,
        cancel: &Cancel,
    ) -> Option<Vec<u32>> {
        let mut tester = filter.tester();
        rows.retain(|row| {
            !cancel.is_cancelled() && tester.hits(&Seen { view: self.negative(NegIx(*row)), overlay })
        });
        (!cancel.is_cancelled()).then_some(rows)
    }
}

/// The row whose text holds the byte `hit`, at or after `row`: in growing steps, then halving the last one.
fn row_at(starts: &[u32], row: usize, hit: usize) -> usize {
    let (mut low, mut step) = (row, 1);
    while starts.get(low + step).is_some_and(|start| *start as usize <= hit) {
        low += step;
        step *= 2;
    }
    let high = starts.len().min(low + step);
    low + starts[low..high].partition_point(|start| *start as usize <= hit) - 1
}

/// A word to look for, with the brands' names that hold it.
struct Word<'f> {
    text: &'f str,
    finder: Finder<'f>,
    brands: FxHashSet<u32>,
    is_id: bool,
}

impl<'f> Word<'f> {
    fn new(catalog: &Catalog, text: &'f str) -> Self {
        let named = !catalog.negatives.brand_names.is_empty();
        let brands = catalog.words.iter().filter(|(_, word)| named && fold(word).contains(text));
        Self {
            text,
            finder: Finder::new(text),
            brands: brands.map(|(at, _)| at).collect(),
            is_id: may_be_id(text),
        }
    }
}

/// Everything a filter asks but its longest word.
struct Gate<'q> {
    catalog: &'q Catalog,
    overlay: &'q Overlay,
    hide_archived: bool,
    parents: Tester<'q>,
    /// The last campaign or ad group asked about, and the answer; the next row mostly has the same.
    last: (u32, bool),
    rest: Tester<'q>,
}

impl<'q> Gate<'q> {
    fn new(catalog: &'q Catalog, filter: &'q Filter, hide_archived: bool, overlay: &'q Overlay) -> Self {
        let (parents, rest) = (filter.parents_tester(), filter.rest_tester());
        Self { catalog, overlay, hide_archived, parents, last: (u32::MAX, false), rest }
    }

    fn lets(&mut self, row: u32) -> bool {
        let columns = &self.catalog.negatives;
        if self.hide_archived && columns.packed[row as usize].state() == State::Archived {
            return false;
        }
        let seen = Seen { view: self.catalog.negative(NegIx(row)), overlay: self.overlay };
        if !self.parents.is_empty() {
            let parent = columns.parent[row as usize];
            if self.last.0 != parent {
                self.last = (parent, self.parents.hits(&seen));
            }
            if !self.last.1 {
                return false;
            }
        }
        self.rest.is_empty() || self.rest.hits(&seen)
    }
}

/// A negative with what is staged for it, as a filter sees it.
struct Seen<'a> {
    view: NegativeView<'a>,
    overlay: &'a Overlay,
}

fn match_words(match_type: Option<MatchType>) -> Value<'static> {
    Value::Words(match match_type {
        Some(MatchType::Exact) => &["exact"],
        Some(MatchType::Phrase) => &["phrase"],
        None => &["none"],
    })
}

fn kind_words(kind: Kind) -> Value<'static> {
    Value::Words(match kind {
        Kind::Keyword => &["keyword"],
        Kind::Product => &["product", "asin"],
        Kind::Brand => &["brand"],
    })
}

fn level_words(level: Level) -> Value<'static> {
    Value::Words(match level {
        Level::Campaign => &["campaign"],
        Level::AdGroup => &["ad_group", "group"],
    })
}

fn state_words(liveness: Liveness) -> Value<'static> {
    Value::Words(match liveness {
        Liveness::Live => &["enabled", "live"],
        Liveness::Idle(_) => &["enabled", "idle"],
        Liveness::Off(State::Archived) => &["archived"],
        Liveness::Off(_) => &["paused"],
    })
}

impl Catalog {
    /// What campaign, ad group and account say to a filter.
    pub(in crate::domain) fn field_of_place(
        &self,
        campaign: CampaignIx,
        group: Option<AdGroupIx>,
        field: Field,
    ) -> Value<'_> {
        place(self, campaign, group, field)
    }
}

/// What campaign, ad group and account say.
fn place(catalog: &Catalog, campaign: CampaignIx, group: Option<AdGroupIx>, field: Field) -> Value<'_> {
    let campaign = catalog.campaign(campaign);
    match field {
        Field::Campaign => Value::Named(
            campaign.name_folded(),
            catalog.campaigns.ids.get(campaign.ix().at()).into_string().into(),
        ),
        Field::Group => group.map_or(Value::Absent, |group| {
            let id = catalog.ad_groups.ids.get(group.at()).into_string();
            Value::Named(catalog.ad_group(group).name_folded(), id.into())
        }),
        Field::Account => Value::Text(fold(campaign.account().name.as_str()).into()),
        Field::Platform => Value::Text(campaign.account().identity.platform.as_str().into()),
        _ => Value::Absent,
    }
}

impl Fielded for Seen<'_> {
    fn texts(&self, accept: &mut dyn FnMut(&str) -> bool) -> bool {
        accept(self.view.text_folded()) || self.view.brand_name_raw().is_some_and(|name| accept(&fold(name)))
    }

    fn value(&self, field: Field) -> Value<'_> {
        let view = self.view;
        match field {
            Field::Text => Value::Text(view.text_folded().into()),
            Field::Match => match_words(view.match_type()),
            Field::State => state_words(view.liveness()),
            Field::Kind => kind_words(view.kind()),
            Field::Level => level_words(view.level()),
            Field::Id => Value::Text(fold(view.id().raw()).into()),
            Field::Native => Value::Text(fold(view.native_state_raw()).into()),
            Field::Since => view.since().map_or(Value::Absent, |day| Value::Day(day.to_string())),
            Field::Staged => Value::Words(match self.overlay.on(view.ix()).map(|staged| staged.mark) {
                None => &["no"],
                Some(Mark::SetState(_)) => &["yes", "set-state"],
                Some(Mark::Remove) => &["yes", "remove"],
            }),
            Field::Campaign | Field::Group | Field::Account | Field::Platform => {
                place(view.catalog(), view.campaign_ix(), view.ad_group().map(super::AdGroupView::ix), field)
            }
            // What only search terms have.
            _ => Value::Absent,
        }
    }
}

/// A staged addition as a filter sees it.
pub(super) struct Addition<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) row: &'a AddedRow,
}

impl Fielded for Addition<'_> {
    fn texts(&self, accept: &mut dyn FnMut(&str) -> bool) -> bool {
        accept(&self.row.folded)
            || self.row.new.brand_name.as_ref().is_some_and(|name| accept(&fold(name.raw())))
    }

    fn value(&self, field: Field) -> Value<'_> {
        let new = &self.row.new;
        match field {
            Field::Text => Value::Text(self.row.folded.as_str().into()),
            Field::Match => match_words(new.match_type),
            Field::State => state_words(self.catalog.liveness_of_added(self.row)),
            Field::Kind => kind_words(new.kind),
            Field::Level => level_words(new.level()),
            Field::Id => Value::Text(format!("staged:{}", self.row.number).into()),
            Field::Staged => Value::Words(&["yes", "add"]),
            Field::Campaign | Field::Group | Field::Account | Field::Platform => {
                place(self.catalog, self.row.campaign, self.row.ad_group, field)
            }
            _ => Value::Absent,
        }
    }
}
