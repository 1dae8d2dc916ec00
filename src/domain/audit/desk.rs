//! One campaign laid out for the rules: its negatives by scope and text, equal ones together, and, made when first
//! asked for, which of its own positives and search terms they hit.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use super::super::capabilities::{Capabilities, Fact};
use super::super::catalog::{AccountIx, AdGroupIx, CampaignIx, EntryIx, IdleReason, NegIx, Scope};
use super::super::change::NewNegative;
use super::super::matching::{PatternIx, normal};
use super::super::negative::{Kind, Level, MatchType, State};
use super::super::term::Figures;
use super::{Blocked, Clash, Context, blocked, clash};

/// Negatives of one scope that are equal in kind, match type and normalised text, archived ones aside.
#[derive(Debug)]
pub struct Twin<'a> {
    shelf: usize,
    /// What they name.
    pub kind: Kind,
    /// How they match.
    pub match_type: Option<MatchType>,
    /// Their text in the form in which texts are compared.
    pub text: Cow<'a, str>,
    members: Range<usize>,
    enabled: usize,
    pattern: Option<PatternIx>,
}

/// The negatives of a campaign itself, or of one of its ad groups.
#[derive(Clone, Debug)]
struct Shelf {
    group: Option<AdGroupIx>,
    idle: Option<IdleReason>,
    twins: Range<usize>,
}

/// One campaign laid out.
pub struct Desk<'a> {
    /// What all rules share.
    pub cx: &'a Context<'a>,
    campaign: CampaignIx,
    account: AccountIx,
    shelves: Vec<Shelf>,
    twins: Vec<Twin<'a>>,
    members: Vec<NegIx>,
    /// Live twins by pattern and shelf, ascending.
    by_pattern: Vec<(PatternIx, usize, usize)>,
    clashes: OnceCell<Vec<Clash>>,
    blocked: OnceCell<blocked::Hits>,
}

struct Row<'a> {
    kind: Kind,
    match_type: Option<MatchType>,
    text: Cow<'a, str>,
    state: State,
    ix: NegIx,
}

impl<'a> Desk<'a> {
    /// Lays a campaign out.
    pub(super) fn new(cx: &'a Context<'a>, campaign: CampaignIx) -> Self {
        let catalog = cx.catalog();
        let groups = catalog.ad_groups_of(campaign).map(|group| Some(group.ix()));
        let mut desk = Self {
            cx,
            campaign,
            account: catalog.campaign(campaign).account_ix(),
            shelves: Vec::new(),
            twins: Vec::new(),
            members: Vec::new(),
            by_pattern: Vec::new(),
            clashes: OnceCell::new(),
            blocked: OnceCell::new(),
        };
        let mut rows = Vec::new();
        for group in std::iter::once(None).chain(groups) {
            desk.shelve(group, &mut rows);
        }
        for (at, twin) in desk.twins.iter().enumerate() {
            if let Some(pattern) = twin.pattern {
                desk.by_pattern.push((pattern, twin.shelf, at));
            }
        }
        desk.by_pattern.sort_unstable();
        desk
    }

    fn shelve(&mut self, group: Option<AdGroupIx>, rows: &mut Vec<Row<'a>>) {
        let catalog = self.cx.catalog();
        let idle = catalog.idle(self.campaign, group);
        let (at, first) = (self.shelves.len(), self.twins.len());
        let scope = group.map_or(Scope::CampaignLevel(self.campaign), Scope::AdGroup);
        rows.clear();
        rows.extend(catalog.negatives_in(scope).filter_map(|ix| {
            let negative = catalog.negative(ix);
            let state = negative.state();
            (state != State::Archived).then(|| Row {
                kind: negative.kind(),
                match_type: negative.match_type(),
                text: normal(negative.text_raw()),
                state,
                ix,
            })
        }));
        rows.sort_unstable_by(|a, b| {
            (a.kind, a.match_type, &a.text, a.state, a.ix).cmp(&(b.kind, b.match_type, &b.text, b.state, b.ix))
        });
        let mut left = rows.drain(..).peekable();
        while let Some(one) = left.next() {
            let from = self.members.len();
            let mut enabled = usize::from(one.state == State::Enabled);
            self.members.push(one.ix);
            while let Some(twin) = left.next_if(|next| {
                next.kind == one.kind && next.match_type == one.match_type && next.text == one.text
            }) {
                enabled += usize::from(twin.state == State::Enabled);
                self.members.push(twin.ix);
            }
            // Enabled ones sort first.
            let pattern =
                (enabled > 0 && idle.is_none()).then(|| self.cx.pattern(self.members[from])).flatten();
            self.twins.push(Twin {
                shelf: at,
                kind: one.kind,
                match_type: one.match_type,
                text: one.text,
                members: from..self.members.len(),
                enabled,
                pattern,
            });
        }
        drop(left);
        self.shelves.push(Shelf { group, idle, twins: first..self.twins.len() });
    }

    /// The campaign.
    pub fn campaign(&self) -> CampaignIx {
        self.campaign
    }

    /// Its account.
    pub fn account(&self) -> AccountIx {
        self.account
    }

    /// What its platform allows.
    pub fn capabilities(&self) -> Option<&'static Capabilities> {
        self.cx.capabilities(self.account)
    }

    /// All its negatives but archived ones, equal ones together.
    pub fn twins(&self) -> &[Twin<'a>] {
        &self.twins
    }

    /// One of them by its place.
    pub fn twin(&self, at: usize) -> &Twin<'a> {
        &self.twins[at]
    }

    /// Those that block.
    pub fn live(&self) -> impl Iterator<Item = &Twin<'a>> {
        self.twins.iter().filter(|twin| self.is_live(twin))
    }

    /// Whether they block.
    pub fn is_live(&self, twin: &Twin<'_>) -> bool {
        twin.enabled > 0 && self.shelves[twin.shelf].idle.is_none()
    }

    /// Why enabled ones block nothing.
    pub fn idle(&self, twin: &Twin<'_>) -> Option<IdleReason> {
        self.shelves[twin.shelf].idle.filter(|_| twin.enabled > 0)
    }

    /// The enabled ones among equals.
    pub fn enabled(&self, twin: &Twin<'_>) -> &[NegIx] {
        &self.members[twin.members.start..twin.members.start + twin.enabled]
    }

    /// All of them, switched-off ones too.
    pub fn standing(&self, twin: &Twin<'_>) -> &[NegIx] {
        &self.members[twin.members.clone()]
    }

    /// Their ad group; `None` at campaign level.
    pub fn group_of(&self, twin: &Twin<'_>) -> Option<AdGroupIx> {
        self.shelves[twin.shelf].group
    }

    /// Their own scope.
    pub fn scope_of(&self, twin: &Twin<'_>) -> Scope {
        self.group_of(twin).map_or(Scope::CampaignLevel(self.campaign), Scope::AdGroup)
    }

    /// Where they reach: their ad group, or the whole campaign.
    pub fn reach_of(&self, twin: &Twin<'_>) -> Scope {
        self.group_of(twin).map_or(Scope::Campaign(self.campaign), Scope::AdGroup)
    }

    /// The ad groups that can show ads or could again: neither archived nor ended. None when the campaign cannot.
    pub fn live_groups(&self) -> impl Iterator<Item = AdGroupIx> {
        let running = self.cx.catalog().campaign(self.campaign).state().carries();
        let groups = self.shelves.iter().filter_map(|shelf| shelf.group);
        groups.filter(move |group| running && self.cx.carries(*group))
    }

    /// The live negatives of one ad group, or the campaign's own, that have a text.
    pub fn find(
        &self,
        group: Option<AdGroupIx>,
        kind: Kind,
        match_type: Option<MatchType>,
        text: &str,
    ) -> Option<&Twin<'a>> {
        let own = &self.shelves[self.shelf(group)?];
        let twins = &self.twins[own.twins.clone()];
        let wanted = (kind, match_type, text);
        let at = twins.binary_search_by(|twin| (twin.kind, twin.match_type, &*twin.text).cmp(&wanted)).ok()?;
        Some(&twins[at]).filter(|twin| self.is_live(twin))
    }

    /// The live negatives of one ad group, or the campaign's own.
    pub fn live_of(&self, group: Option<AdGroupIx>) -> impl Iterator<Item = &Twin<'a>> {
        let own = self.shelf(group).map_or(0..0, |at| self.shelves[at].twins.clone());
        self.twins[own].iter().filter(|twin| self.is_live(twin))
    }

    fn shelf(&self, group: Option<AdGroupIx>) -> Option<usize> {
        match group {
            None => Some(0),
            // Shelves stand in the catalog's order, the campaign's own first.
            Some(group) => {
                let first = self.shelves.get(1)?.group?;
                let at = 1 + group.0.checked_sub(first.0)? as usize;
                (at < self.shelves.len()).then_some(at)
            }
        }
    }

    /// The live negatives that a pattern stands for and that reach an ad group (or the campaign as a whole).
    pub(super) fn reaching(
        &self,
        pattern: PatternIx,
        group: Option<AdGroupIx>,
    ) -> impl Iterator<Item = usize> + '_ {
        let own = group.and_then(|group| self.shelf(Some(group)));
        std::iter::once(0).chain(own).filter_map(move |shelf| {
            let at = self.by_pattern.partition_point(|entry| (entry.0, entry.1) < (pattern, shelf));
            self.by_pattern.get(at).filter(|entry| entry.0 == pattern && entry.1 == shelf).map(|entry| entry.2)
        })
    }

    /// Which own positives which live negatives hit, by negative.
    pub fn clashes(&self) -> &[Clash] {
        self.clashes.get_or_init(|| clash::find(self))
    }

    fn hits(&self) -> &blocked::Hits {
        self.blocked.get_or_init(|| blocked::find(self))
    }

    /// What live negatives block among the search terms of their scope; those that block nothing are not in it.
    pub fn blocked(&self) -> &[(usize, Blocked)] {
        &self.hits().of_twin
    }

    /// What one of them blocks, by its place.
    pub fn blocked_by(&self, twin: usize) -> Option<&Blocked> {
        let all = self.blocked();
        all.binary_search_by_key(&twin, |(twin, _)| *twin).ok().map(|at| &all[at].1)
    }

    /// Whether something surely blocks an entry of this campaign's search terms.
    pub fn is_blocked(&self, entry: EntryIx) -> bool {
        self.hits().is_blocked(entry)
    }

    /// The entries of the campaign's search terms, or of one of its ad groups.
    pub fn entries(&self, scope: Scope) -> impl Iterator<Item = EntryIx> + use<> {
        let [first, second] = self.cx.terms().entries_in(self.cx.catalog(), scope);
        first.chain(second).map(EntryIx)
    }

    /// What some entries brought and cost.
    pub fn sum(&self, entries: impl IntoIterator<Item = EntryIx>) -> Figures {
        entries.into_iter().map(|entry| self.cx.terms().sum(self.cx.rows(entry))).sum()
    }

    /// How full a parent is: its level, how many it holds, how many it can hold. The fullest where two caps apply.
    pub fn fullness(&self, group: Option<AdGroupIx>) -> Option<(Level, usize, usize)> {
        let cap = self.capabilities()?.cap;
        let count = |scope| {
            let counts = self.cx.catalog().counts(scope);
            if cap.paused_count { counts.standing() } else { counts.enabled }
        };
        let of = |level, scope, cap: Option<Fact<usize>>| cap.map(|cap| (level, count(scope), cap.value));
        let own = group.and_then(|group| of(Level::AdGroup, Scope::AdGroup(group), cap.per_ad_group));
        let campaign = of(Level::Campaign, Scope::Campaign(self.campaign), cap.per_campaign);
        own.into_iter().chain(campaign).max_by_key(|(level, count, cap)| (count * 1_000 / cap.max(&1), *level))
    }

    /// Whether a parent is so full that removing one gains something.
    pub fn is_near_full(&self, group: Option<AdGroupIx>) -> bool {
        let percent = self.cx.config().thresholds.near_limit_percent;
        self.fullness(group).is_some_and(|(_, count, cap)| count * 100 >= cap * percent)
    }

    /// A negative to be added here, as a fix has it.
    pub(super) fn new_negative(
        &self,
        group: Option<AdGroupIx>,
        kind: Kind,
        match_type: Option<MatchType>,
        text: &str,
    ) -> NewNegative {
        let catalog = self.cx.catalog();
        NewNegative {
            kind,
            campaign: catalog.campaign(self.campaign).id(),
            ad_group: group.map(|group| catalog.ad_group(group).id()),
            text: text.into(),
            brand_name: None,
            match_type,
            state: State::Enabled,
        }
    }
}
