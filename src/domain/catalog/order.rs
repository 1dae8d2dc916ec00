//! Sorting results. Hits come in row order and are brought into text order ([`alphabet`]); what is equal in another
//! column stays in it.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::super::negative::{Kind, MatchType, State};
use super::alphabet::{self, TextOrder};
use super::builder::OF_CAMPAIGN;
use super::query::Cancel;
use super::{AdGroupIx, AddedRow, CampaignIx, Catalog, Liveness, NegIx, fold};

/// What rows are sorted by.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, strum::Display, strum::EnumString, strum::VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum Column {
    /// The text, or a brand's name, case aside.
    #[default]
    Text,
    /// Enabled, idle, paused, archived.
    State,
    /// Exact, phrase, then products and brands.
    Match,
    /// Account, campaign and ad group.
    Where,
    /// When it was made or first seen; unknown last.
    Since,
    /// The native id.
    Id,
}

/// How rows are sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sort {
    /// By what.
    pub column: Column,
    /// The other way round.
    pub reverse: bool,
}

fn state_key(liveness: Liveness) -> u64 {
    match liveness {
        Liveness::Live => 0,
        Liveness::Idle(_) => 1,
        Liveness::Off(State::Enabled | State::Paused) => 2,
        Liveness::Off(State::Archived) => 3,
    }
}

fn match_key(kind: Kind, match_type: Option<MatchType>) -> u64 {
    match (kind, match_type) {
        (Kind::Keyword, Some(MatchType::Exact)) => 0,
        (Kind::Keyword, Some(MatchType::Phrase)) => 1,
        (Kind::Keyword, None) => 2,
        (Kind::Product, _) => 3,
        (Kind::Brand, _) => 4,
    }
}

impl Catalog {
    pub(super) fn text_order(&self) -> &TextOrder {
        self.by_text.get_or_init(|| TextOrder::new(&self.negatives.texts))
    }

    /// Brings rows, which come ascending, into order; `None` when cancelled.
    pub(super) fn sort_rows(&self, rows: Vec<u32>, sort: Sort, cancel: &Cancel) -> Option<Vec<u32>> {
        let mut rows = self.sort_by_text(rows);
        if cancel.is_cancelled() {
            return None;
        }
        match sort.column {
            Column::Text => {}
            Column::Id => {
                let ids = &self.negatives.ids;
                rows.sort_by(|&a, &b| ids.compare(a as usize, b as usize));
            }
            Column::State | Column::Match | Column::Where | Column::Since => {
                let mut keyed: Vec<(u64, u32)> =
                    rows.iter().map(|&row| (self.sort_key(NegIx(row), sort.column), row)).collect();
                if cancel.is_cancelled() {
                    return None;
                }
                keyed.sort_by_key(|(key, _)| *key);
                rows.clear();
                rows.extend(keyed.into_iter().map(|(_, row)| row));
            }
        }
        if sort.reverse {
            rows.reverse();
        }
        (!cancel.is_cancelled()).then_some(rows)
    }

    fn sort_by_text(&self, mut rows: Vec<u32>) -> Vec<u32> {
        // Few rows are sorted among themselves; what is few depends on whether the order of all is there already.
        let few = if self.by_text.get().is_some() { self.len() / 64 } else { self.len() / 3 };
        if rows.len() < few {
            alphabet::sort(&self.negatives.texts, &mut rows);
        } else if rows.len() == self.len() {
            rows.copy_from_slice(self.text_order().rows());
        } else {
            self.text_order().pick(&mut rows);
        }
        self.move_brands(rows)
    }

    /// Moves the brands among sorted rows to where the names that are shown for them belong.
    fn move_brands(&self, rows: Vec<u32>) -> Vec<u32> {
        if self.negatives.brand_names.is_empty() {
            return rows;
        }
        let (brands, mut rest): (Vec<u32>, Vec<u32>) =
            rows.into_iter().partition(|&row| self.negatives.packed[row as usize].kind() == Kind::Brand);
        let mut brands: Vec<(Cow<'_, str>, u32)> =
            brands.into_iter().map(|row| (self.text_shown(row), row)).collect();
        brands.sort();
        // From the end, so that what is moved up is moved once.
        let mut end = rest.len();
        rest.resize(end + brands.len(), 0);
        while let Some((name, row)) = brands.pop() {
            let start =
                rest[..end].partition_point(|&other| self.negatives.texts.folded(other as usize) <= &*name);
            rest.copy_within(start..end, start + brands.len() + 1);
            rest[start + brands.len()] = row;
            end = start;
        }
        rest
    }

    /// What a row shows as its text, case aside: a brand's name where it is known.
    fn text_shown(&self, row: u32) -> Cow<'_, str> {
        match self.negative(NegIx(row)).brand_name_raw() {
            Some(name) => fold(name).into(),
            None => self.negatives.texts.folded(row as usize).into(),
        }
    }

    fn shelf_key(&self, campaign: CampaignIx, group: Option<AdGroupIx>) -> u64 {
        group.map_or_else(|| self.ad_groups.shelf_of_campaign(campaign), |group| self.ad_groups.shelf(group))
            as u64
    }

    fn sort_key(&self, ix: NegIx, column: Column) -> u64 {
        let negative = self.negative(ix);
        match column {
            Column::Text | Column::Id => 0,
            Column::State => state_key(self.liveness(ix)),
            Column::Match => match_key(negative.kind(), negative.match_type()),
            Column::Where => {
                let parent = self.negatives.parent[ix.at()];
                let group = (parent & OF_CAMPAIGN == 0).then_some(AdGroupIx(parent));
                self.shelf_key(self.campaign_of(ix), group)
            }
            Column::Since => match self.negatives.created[ix.at()] {
                super::builder::NO_TIME => match self.negatives.first_seen[ix.at()] {
                    0 => u64::MAX,
                    day => super::days::number_start(day),
                },
                micros => super::days::instant_key(micros),
            },
        }
    }

    fn added_key(&self, added: &AddedRow, column: Column) -> u64 {
        match column {
            Column::Text => 0,
            Column::State => state_key(self.liveness_of_added(added)),
            Column::Match => match_key(added.new.kind, added.new.match_type),
            Column::Where => self.shelf_key(added.campaign, added.ad_group),
            Column::Since | Column::Id => u64::MAX,
        }
    }

    /// Where a staged addition belongs among sorted rows.
    pub(super) fn place_of_added(&self, rows: &[u32], added: &AddedRow, sort: Sort) -> usize {
        let key = self.added_key(added, sort.column);
        rows.partition_point(|&row| {
            let existing = self.sort_key(NegIx(row), sort.column);
            let order =
                existing.cmp(&key).then_with(|| (*self.text_shown(row)).cmp(added.text_shown().as_ref()));
            if sort.reverse { order == Ordering::Greater } else { order != Ordering::Greater }
        })
    }

    pub(super) fn compare_added(&self, a: &AddedRow, b: &AddedRow, sort: Sort) -> Ordering {
        let order = self
            .added_key(a, sort.column)
            .cmp(&self.added_key(b, sort.column))
            .then_with(|| a.text_shown().cmp(&b.text_shown()))
            .then_with(|| a.number.cmp(&b.number));
        if sort.reverse { order.reverse() } else { order }
    }
}
