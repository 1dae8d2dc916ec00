//! Staged changes laid over the snapshot: what is staged for a row, and the staged additions as rows of their own.
//! Built anew whenever staging or the snapshot changes; holds row numbers of the catalog it was built for.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use super::super::change::{Change, NewNegative, Staged};
use super::super::matching::normalise;
use super::super::negative::{Negative, State};
use super::columns::fold;
use super::{AccountIx, AdGroupIx, CampaignIx, Catalog, NegIx, Scope};

/// What is staged for a negative that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// It is to be moved to another state.
    SetState(State),
    /// It is to be removed.
    Remove,
}

/// A staged change of a row, with its number in staging.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OverlayRow {
    /// The staged change's number.
    pub number: u64,
    /// What is to happen.
    pub mark: Mark,
}

/// A staged addition whose campaign and ad group are in the snapshot.
#[derive(Clone, Debug)]
pub struct AddedRow {
    /// The staged change's number; its id in lists is `staged:N`.
    pub number: u64,
    /// Its account.
    pub account: AccountIx,
    /// Its campaign.
    pub campaign: CampaignIx,
    /// Its ad group.
    pub ad_group: Option<AdGroupIx>,
    /// What is to be made.
    pub new: NewNegative,
    /// The text lower-cased, as filters compare it.
    pub(super) folded: String,
    normal: String,
}

impl AddedRow {
    /// The text in the form in which texts are compared.
    pub fn normal(&self) -> &str {
        &self.normal
    }

    /// What it shows as its text, case aside: a brand's name where it is known.
    pub(super) fn text_shown(&self) -> Cow<'_, str> {
        self.new.brand_name.as_ref().map_or(Cow::Borrowed(self.folded.as_str()), |name| fold(name.raw()).into())
    }
}

/// The staged changes, by row.
#[derive(Debug, Default)]
pub struct Overlay {
    marks: FxHashMap<NegIx, OverlayRow>,
    added: Vec<AddedRow>,
    astray: Vec<u64>,
    fingerprint: u64,
}

impl Overlay {
    /// Lays staged changes over a catalog.
    pub fn new(catalog: &Catalog, staged: &[Staged]) -> Self {
        let mut overlay = Self::default();
        let mut hasher = FxHasher::default();
        for change in staged {
            (change.number, change.change.action()).hash(&mut hasher);
            if overlay.lay(catalog, change).is_none() {
                overlay.astray.push(change.number);
            }
        }
        overlay.fingerprint = hasher.finish();
        overlay
    }

    fn lay(&mut self, catalog: &Catalog, staged: &Staged) -> Option<()> {
        let account = catalog.find_account(&staged.account)?;
        let campaign = catalog.find_campaign(account, staged.change.campaign())?;
        let ad_group = match staged.change.ad_group() {
            None => None,
            Some(id) => Some(catalog.find_ad_group(campaign, id)?),
        };
        let number = staged.number;
        let scope = ad_group.map_or(Scope::CampaignLevel(campaign), Scope::AdGroup);
        let find = |target: &Negative| catalog.find_in(scope, &target.key());
        match &staged.change {
            Change::Add { new } => {
                let folded = fold(new.text.raw());
                let normal = normalise(new.text.raw());
                self.added.push(AddedRow {
                    number,
                    account,
                    campaign,
                    ad_group,
                    new: new.clone(),
                    folded,
                    normal,
                });
            }
            Change::SetState { target, to } => {
                self.marks.insert(find(target)?, OverlayRow { number, mark: Mark::SetState(*to) });
            }
            Change::Remove { target } => {
                self.marks.insert(find(target)?, OverlayRow { number, mark: Mark::Remove });
            }
        }
        Some(())
    }

    /// What is staged for a row.
    pub fn on(&self, row: NegIx) -> Option<OverlayRow> {
        self.marks.get(&row).copied()
    }

    /// Every row with something staged for it, in no order.
    pub fn marked(&self) -> impl ExactSizeIterator<Item = (NegIx, OverlayRow)> {
        self.marks.iter().map(|(row, mark)| (*row, *mark))
    }

    /// Every staged addition that has a place in the snapshot, in the order of staging.
    pub fn added(&self) -> &[AddedRow] {
        &self.added
    }

    /// A staged addition by its number.
    pub fn addition(&self, number: u64) -> Option<&AddedRow> {
        self.added.iter().find(|added| added.number == number)
    }

    /// The staged additions of a scope.
    pub fn added_in<'a>(&'a self, catalog: &'a Catalog, scope: Scope) -> impl Iterator<Item = &'a AddedRow> {
        self.added.iter().filter(move |added| catalog.in_scope(scope, added.campaign, added.ad_group))
    }

    /// The numbers of staged changes whose account, campaign, ad group or negative is not in the snapshot.
    pub fn astray(&self) -> &[u64] {
        &self.astray
    }

    /// The rows of a scope with something staged for them, in no order.
    pub fn marked_in<'a>(
        &'a self,
        catalog: &'a Catalog,
        scope: Scope,
    ) -> impl Iterator<Item = (NegIx, OverlayRow)> + 'a {
        self.marked().filter(move |(row, _)| {
            let negative = catalog.negative(*row);
            catalog.in_scope(scope, negative.campaign_ix(), negative.ad_group().map(super::AdGroupView::ix))
        })
    }

    /// The staged changes that have a place, counted by scope: for the tree.
    pub fn count_in(&self, catalog: &Catalog, scope: Scope) -> usize {
        self.marked_in(catalog, scope).count() + self.added_in(catalog, scope).count()
    }

    pub(super) fn fingerprint(&self) -> u64 {
        self.fingerprint
    }
}
