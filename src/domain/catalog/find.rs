//! Lookups: by native id, and by text for duplicates and what covers what. The indexes are made when first
//! needed ([`Catalog::warm`] makes those for texts ahead); until then small scopes are searched row by row, and so are
//! all rows for a few ids.

use std::hash::Hasher;
use std::sync::atomic::Ordering;

use rustc_hash::FxHasher;

use super::super::account::Identity;
use super::super::ids::{AdGroupId, CampaignId, NegativeId};
use super::super::matching::{is_normal, normalise};
use super::super::negative::{Kind, MatchType, NegativeKey};
use super::{AccountIx, AdGroupIx, CampaignIx, Catalog, NegIx, Scope};

/// How many ids are looked for in all rows, a millisecond for a million, before an index is made.
const SEARCHES: u32 = 64;

/// Every row with the hash of its normalised text in the upper half, ascending.
pub(super) struct SameText(Vec<u64>);

fn entry(hash: u32, row: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(row)
}

fn hash(normalised: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(normalised.as_bytes());
    (hasher.finish() >> 32) as u32
}

impl Catalog {
    /// The account of an identity.
    pub fn find_account(&self, identity: &Identity) -> Option<AccountIx> {
        let at = self.accounts.iter().position(|account| account.identity == *identity)?;
        Some(AccountIx(at as u16))
    }

    /// A campaign by its native id.
    pub fn find_campaign(&self, account: AccountIx, id: &CampaignId) -> Option<CampaignIx> {
        self.campaign_range(account).find(|&ix| self.campaigns.ids.is(ix as usize, id.raw())).map(CampaignIx)
    }

    /// An ad group of a campaign by its native id.
    pub fn find_ad_group(&self, campaign: CampaignIx, id: &AdGroupId) -> Option<AdGroupIx> {
        self.group_range(campaign).find(|&ix| self.ad_groups.ids.is(ix as usize, id.raw())).map(AdGroupIx)
    }

    /// An ad group of an account by its native id.
    pub fn find_ad_group_of(&self, account: AccountIx, id: &AdGroupId) -> Option<AdGroupIx> {
        let campaigns = self.campaign_range(account);
        let first = |campaign: u32| self.ad_groups.first[campaign as usize];
        (first(campaigns.start)..first(campaigns.end))
            .find(|&ix| self.ad_groups.ids.is(ix as usize, id.raw()))
            .map(AdGroupIx)
    }

    /// A negative by what tells it from every other.
    pub fn find(&self, account: AccountIx, key: &NegativeKey) -> Option<NegIx> {
        self.find_id(&key.id).find(|&ix| {
            let negative = self.negative(ix);
            negative.kind() == key.kind && negative.level() == key.level && negative.account_ix() == account
        })
    }

    /// A negative within the scope it is known to be in; without an index.
    pub(super) fn find_in(&self, scope: Scope, key: &NegativeKey) -> Option<NegIx> {
        self.negatives_in(scope).find(|&ix| {
            self.negatives.ids.is(ix.at(), key.id.raw())
                && self.negative(ix).kind() == key.kind
                && self.negative(ix).level() == key.level
        })
    }

    /// Every negative with that native id, in every account, of every kind and level.
    pub fn find_id(&self, id: &NegativeId) -> impl Iterator<Item = NegIx> {
        let ids = &self.negatives.ids;
        let indexed = self.by_id.get().is_some() || self.looked_up.fetch_add(1, Ordering::Relaxed) >= SEARCHES;
        let rows: Vec<u32> = if indexed {
            let order = self.by_id.get_or_init(|| ids.order());
            let first = order.partition_point(|&row| ids.compare_to(row as usize, id.raw()).is_lt());
            order[first..].iter().take_while(|row| ids.is(**row as usize, id.raw())).copied().collect()
        } else {
            ids.rows_of(id.raw())
        };
        rows.into_iter().map(NegIx)
    }

    pub(super) fn same_text(&self) -> &SameText {
        self.same_text.get_or_init(|| {
            let mut rows: Vec<u64> = (0..self.len() as u32)
                .map(|row| {
                    let raw = self.negatives.texts.raw(row as usize);
                    entry(if is_normal(raw) { hash(raw) } else { hash(&normalise(raw)) }, row)
                })
                .collect();
            rows.sort_unstable();
            SameText(rows)
        })
    }

    /// The negatives of a scope with that kind, match type and normalised text (see
    /// [`normalise`](fn@super::super::matching::normalise)), archived ones among them.
    pub fn find_text(
        &self,
        scope: Scope,
        kind: Kind,
        match_type: Option<MatchType>,
        normalised: &str,
    ) -> Vec<NegIx> {
        let same = |row: &u32| {
            let at = *row as usize;
            let packed = self.negatives.packed[at];
            let raw = self.negatives.texts.raw(at);
            packed.kind() == kind
                && packed.match_type() == match_type
                && (raw == normalised || (!is_normal(raw) && normalise(raw) == normalised))
        };
        let ranges = self.ranges(scope);
        let ready = self.same_text.get();
        // A few thousand rows are read faster than a million are indexed.
        let few = ranges.iter().map(ExactSizeIterator::len).sum::<usize>() <= 20_000;
        if ready.is_none() && few {
            return ranges.into_iter().flatten().filter(same).map(NegIx).collect();
        }
        let rows = &ready.unwrap_or_else(|| self.same_text()).0;
        let hash = hash(normalised);
        let found = ranges.iter().flat_map(|range| {
            let first = rows.partition_point(|one| *one < entry(hash, range.start));
            rows[first..].iter().take_while(move |one| **one < entry(hash, range.end)).map(|one| *one as u32)
        });
        found.filter(same).map(NegIx).collect()
    }
}
