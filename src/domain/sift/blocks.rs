//! What blocks each line: every live negative of an account in one index, every distinct text looked up once, scopes
//! joined after. Staged additions are few and looked at one by one.

use rustc_hash::FxHashMap;

use super::super::catalog::{
    AccountIx, AdGroupIx, AdGroupView, CampaignIx, Cancel, Catalog, EntryIx, Liveness, NegIx, Overlay, Scope,
    Terms,
};
use super::super::matching::{BlockerIndex, Depth, Pattern, PatternIx, Rules, Verdict, verdict};
use super::super::negative::State;

/// What blocks a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A negative that is live.
    Existing(NegIx),
    /// A staged addition, by its number: it will.
    Staged(u64),
}

/// That a line is blocked, and how sure that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// By what.
    pub by: By,
    /// Whether for certain.
    pub verdict: Verdict,
}

impl Blocked {
    /// What is certain comes before what may be, what is there before what is staged.
    pub(super) fn rank(&self) -> (Verdict, bool) {
        (self.verdict, matches!(self.by, By::Existing(_)))
    }
}

/// Stands for nothing.
const NONE: u32 = u32::MAX;
/// Marks a verdict that is not certain.
const MAYBE: u32 = 1 << 31;
/// Marks a campaign among places.
const OF_CAMPAIGN: u32 = 1 << 31;

/// What blocks each entry: a negative's number, with [`MAYBE`] set where it only may.
#[derive(Debug)]
pub(super) struct Blocks(Vec<u32>);

impl Blocks {
    pub(super) fn of(&self, entry: EntryIx) -> Option<Blocked> {
        let packed = self.0[entry.at()];
        let verdict = if packed & MAYBE == 0 { Verdict::Blocks } else { Verdict::MayBlock };
        (packed != NONE).then_some(Blocked { by: By::Existing(NegIx(packed & !MAYBE)), verdict })
    }

    /// Looks everything up; `None` when cancelled.
    pub(super) fn find(
        catalog: &Catalog,
        terms: &Terms,
        rules: impl Fn(AccountIx) -> Rules,
        cancel: &Cancel,
    ) -> Option<Self> {
        let mut by = vec![NONE; terms.entry_count()];
        for account in 0..catalog.accounts().len() as u16 {
            let account = AccountIx(account);
            let [entries, _] = terms.entries_in(catalog, Scope::Account(account));
            if !entries.is_empty() {
                of_account(catalog, terms, account, rules(account), entries, cancel, &mut by)?;
            }
        }
        Some(Self(by))
    }
}

/// How many rows pass between two looks at [`Cancel`].
const STRIDE: usize = 4_096;

fn of_account(
    catalog: &Catalog,
    terms: &Terms,
    account: AccountIx,
    rules: Rules,
    entries: std::ops::Range<u32>,
    cancel: &Cancel,
    by: &mut [u32],
) -> Option<()> {
    let mut index = BlockerIndex::new(rules, Depth::Soft);
    // Where each pattern stands, and as which negative.
    let mut places: FxHashMap<(PatternIx, u32), NegIx> = FxHashMap::default();
    for (at, ix) in catalog.negatives_in(Scope::Account(account)).enumerate() {
        if at % STRIDE == 0 && cancel.is_cancelled() {
            return None;
        }
        if catalog.liveness(ix) != Liveness::Live {
            continue;
        }
        let negative = catalog.negative(ix);
        let pattern =
            Pattern { kind: negative.kind(), match_type: negative.match_type(), text: negative.text_raw() };
        if let Some(pattern) = index.insert(pattern) {
            let group = negative.ad_group().map(AdGroupView::ix);
            places.entry((pattern, place(negative.campaign().ix(), group))).or_insert(ix);
        }
    }
    // Each text of the account once, numbered as it is met.
    let mut numbers = vec![NONE; terms.text_count()];
    let mut texts = Vec::new();
    for entry in entries.clone() {
        let text = terms.text_of(terms.first_of(EntryIx(entry)));
        if numbers[text.at()] == NONE {
            numbers[text.at()] = texts.len() as u32;
            texts.push(text);
        }
    }
    let found = index.find_all(texts.len(), |at| terms.text(texts[at]), || cancel.is_cancelled())?;
    for entry in entries {
        if (entry as usize).is_multiple_of(STRIDE) && cancel.is_cancelled() {
            return None;
        }
        let first = terms.first_of(EntryIx(entry));
        let (campaign, group) = terms.parent(first);
        let own = group.map(|group| place(campaign, Some(group)));
        let best = found.of(numbers[terms.text_of(first).at()] as usize).iter().filter_map(|blocker| {
            let at = |place| places.get(&(blocker.pattern, place));
            let there = own.and_then(at).or_else(|| at(place(campaign, None)))?;
            Some((blocker.verdict, *there))
        });
        if let Some((verdict, negative)) = best.max_by_key(|(verdict, _)| *verdict) {
            by[entry as usize] = negative.0 | if verdict == Verdict::Blocks { 0 } else { MAYBE };
        }
    }
    Some(())
}

fn place(campaign: CampaignIx, group: Option<AdGroupIx>) -> u32 {
    group.map_or(campaign.0 | OF_CAMPAIGN, |group| group.0)
}

/// What the staged additions will block; `None` when cancelled.
pub(super) fn staged(
    catalog: &Catalog,
    terms: &Terms,
    overlay: &Overlay,
    rules: impl Fn(AccountIx) -> Rules,
    cancel: &Cancel,
) -> Option<FxHashMap<u32, Blocked>> {
    let mut staged: FxHashMap<u32, Blocked> = FxHashMap::default();
    for added in overlay.added() {
        if added.new.state != State::Enabled {
            continue;
        }
        let scope = added.ad_group.map_or(Scope::Campaign(added.campaign), Scope::AdGroup);
        let rules = rules(catalog.campaign(added.campaign).account_ix());
        let pattern =
            Pattern { kind: added.new.kind, match_type: added.new.match_type, text: added.new.text.raw() };
        let [first, second] = terms.entries_in(catalog, scope);
        for entry in first.chain(second) {
            if (entry as usize).is_multiple_of(STRIDE) && cancel.is_cancelled() {
                return None;
            }
            let text = terms.text(terms.text_of(terms.first_of(EntryIx(entry))));
            let verdict = verdict(rules, pattern, text);
            if verdict != Verdict::No {
                let new = Blocked { by: By::Staged(added.number), verdict };
                let known = staged.entry(entry).or_insert(new);
                if known.verdict < verdict {
                    *known = new;
                }
            }
        }
        if cancel.is_cancelled() {
            return None;
        }
    }
    Some(staged)
}
