//! Positive keywords and product targets in memory, beside the [`Catalog`] whose ad groups they name: what a negative
//! must not block by mistake. Immutable; loaded when first needed, and bound anew to a newer catalog.
//!
//! [`PositivesBuilder`] makes them. Texts are kept once each and in their normal form only.

mod builder;

use std::ops::Range;
use std::sync::OnceLock;

use super::super::campaign::ParentState;
use super::super::ids::KeywordId;
use super::super::keyword::PositiveMatch;
use super::columns::Ids;
use super::interned::Interned;
use super::{AccountIx, AdGroupIx, CampaignIx, Catalog};

pub use self::builder::{PositiveRow, PositivesBuilder};

/// A positive keyword or target: sorted by ad group, as the catalog sorts those.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PositiveIx(pub u32);

impl PositiveIx {
    /// The number as an index.
    pub fn at(self) -> usize {
        self.0 as usize
    }
}

/// A distinct normalised text among the positives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PositiveTextIx(pub u32);

/// Match type and state in one byte.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Packed(u8);

impl Packed {
    fn new(match_type: PositiveMatch, state: ParentState) -> Self {
        let matched = match match_type {
            PositiveMatch::Exact => 0,
            PositiveMatch::Phrase => 1,
            PositiveMatch::Broad => 2,
            PositiveMatch::Product => 3,
            PositiveMatch::Other => 4,
        };
        let state = match state {
            ParentState::Enabled => 0,
            ParentState::Paused => 1,
            ParentState::Archived => 2,
            ParentState::Ended => 3,
        };
        Self(matched | state << 4)
    }

    fn match_type(self) -> PositiveMatch {
        match self.0 & 7 {
            0 => PositiveMatch::Exact,
            1 => PositiveMatch::Phrase,
            2 => PositiveMatch::Broad,
            3 => PositiveMatch::Product,
            _ => PositiveMatch::Other,
        }
    }

    fn state(self) -> ParentState {
        match self.0 >> 4 {
            0 => ParentState::Enabled,
            1 => ParentState::Paused,
            2 => ParentState::Archived,
            _ => ParentState::Ended,
        }
    }
}

/// Positive keywords and product targets of all accounts. Shared as an `Arc`.
#[derive(Default)]
pub struct Positives {
    /// The first row of each ad group, and the number of all at the end.
    starts: Vec<u32>,
    group: Vec<AdGroupIx>,
    text: Vec<u32>,
    packed: Vec<Packed>,
    ids: Ids,
    texts: Interned,
    by_text: OnceLock<ByText>,
    /// Whether each account's positives were ever listed.
    listed: Vec<bool>,
    left_out: usize,
}

/// Rows by text: where each text's rows start, and the rows.
struct ByText {
    starts: Vec<u32>,
    rows: Vec<u32>,
}

/// One positive keyword or target.
#[derive(Clone, Copy, Debug)]
pub struct PositiveView<'a> {
    positives: &'a Positives,
    ix: PositiveIx,
}

impl<'a> PositiveView<'a> {
    /// Its row number.
    pub fn ix(self) -> PositiveIx {
        self.ix
    }

    /// Its native id.
    pub fn id(self) -> KeywordId {
        KeywordId::new(self.positives.ids.get(self.ix.at()))
    }

    /// Its ad group.
    pub fn ad_group_ix(self) -> AdGroupIx {
        self.positives.group[self.ix.at()]
    }

    /// Its text in the form in which texts are compared, by number.
    pub fn text_ix(self) -> PositiveTextIx {
        PositiveTextIx(self.positives.text[self.ix.at()])
    }

    /// Its text in the form in which texts are compared: keyword text, or an ASIN in lower case.
    pub fn text(self) -> &'a str {
        self.positives.text(self.text_ix())
    }

    /// How it matches.
    pub fn match_type(self) -> PositiveMatch {
        self.positives.packed[self.ix.at()].match_type()
    }

    /// Our word for its state.
    pub fn state(self) -> ParentState {
        self.positives.packed[self.ix.at()].state()
    }
}

impl Positives {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.packed.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.packed.is_empty()
    }

    /// How many belong to ad groups that the catalog does not know.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// Whether an account's positives were ever listed: without that, nothing can be said of what they would tell.
    pub fn listed(&self, account: AccountIx) -> bool {
        self.listed.get(account.at()).copied().unwrap_or_default()
    }

    /// One of them.
    pub fn get(&self, ix: PositiveIx) -> PositiveView<'_> {
        PositiveView { positives: self, ix }
    }

    /// An ad group's.
    pub fn of_ad_group(&self, group: AdGroupIx) -> impl ExactSizeIterator<Item = PositiveView<'_>> {
        self.between(group.0, group.0 + 1).map(|row| self.get(PositiveIx(row)))
    }

    /// Those of all ad groups of a campaign.
    pub fn of_campaign(
        &self,
        catalog: &Catalog,
        campaign: CampaignIx,
    ) -> impl ExactSizeIterator<Item = PositiveView<'_>> {
        let groups = catalog.group_range(campaign);
        self.between(groups.start, groups.end).map(|row| self.get(PositiveIx(row)))
    }

    fn between(&self, first: u32, end: u32) -> Range<u32> {
        // Without any positive there are no starts either.
        let at = |group: u32| self.starts.get(group as usize).copied().unwrap_or_default();
        at(first)..at(end)
    }

    /// The number of distinct texts.
    pub fn text_count(&self) -> usize {
        self.texts.len()
    }

    /// A distinct text.
    pub fn text(&self, text: PositiveTextIx) -> &str {
        self.texts.get(text.0)
    }

    /// The number of a text in the form in which texts are compared; `None` where no positive has it.
    pub fn find_text(&self, normalised: &str) -> Option<PositiveTextIx> {
        self.texts.find(normalised).map(PositiveTextIx)
    }

    /// The positives that have a text, of every account, by ad group.
    pub fn with_text(&self, text: PositiveTextIx) -> impl ExactSizeIterator<Item = PositiveView<'_>> {
        let by_text = self.by_text();
        let rows = by_text.starts[text.0 as usize] as usize..by_text.starts[text.0 as usize + 1] as usize;
        by_text.rows[rows].iter().map(|row| self.get(PositiveIx(*row)))
    }

    fn by_text(&self) -> &ByText {
        self.by_text.get_or_init(|| {
            let (rows, starts) = super::shelve::shelve(self.len(), self.text_count(), |row| self.text[row]);
            ByText { starts, rows }
        })
    }
}

impl std::fmt::Debug for Positives {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Positives")
            .field("rows", &self.len())
            .field("texts", &self.text_count())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
