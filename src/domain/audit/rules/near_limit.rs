//! `near-limit`: an ad group or campaign that holds almost as many negatives as it can.

use super::super::super::catalog::{AdGroupIx, NegIx, Scope};
use super::super::super::negative::{Kind, Level, State};
use super::super::rule::Draft;
use super::super::{Desk, Found, Info, Rule, Severity};

/// The rule.
pub(super) struct NearLimit;

static INFO: Info = Info::new(
    "near-limit",
    "near the limit",
    Severity::Warning,
    &[
        "An ad group or campaign holds nine tenths or more of the negatives that the platform lets it hold. Where the platform does not say of what its limit is meant, the stricter reading counts.",
        "Once it is full, the next negative is refused.",
        "Remove superfluous ones (rule redundant), or write several exacts as one phrase where the platform has phrases.",
    ],
);

impl Rule for NearLimit {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn campaign(&self, desk: &Desk<'_>, out: &mut Found<'_>) {
        report(desk, out, Band::Near);
    }
}

/// How full.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Band {
    /// Close to it.
    Near,
    /// There, or past it.
    Full,
}

/// The parents of a campaign that are as full as that.
pub(super) fn report(desk: &Desk<'_>, out: &mut Found<'_>, band: Band) {
    let Some(allowed) = desk.capabilities() else { return };
    let percent = desk.cx.config().thresholds.near_limit_percent;
    let holds = |scope| {
        let counts = desk.cx.catalog().counts(scope);
        if allowed.cap.paused_count { counts.standing() } else { counts.enabled }
    };
    let how_full = |count: usize, cap: usize| match count {
        _ if count >= cap => Some(Band::Full),
        _ if count * 100 >= cap * percent => Some(Band::Near),
        _ => None,
    };
    let mut fullest: Option<Band> = None;
    for group in desk.live_groups() {
        let Some(cap) = allowed.cap.per_ad_group else { break };
        let count = holds(Scope::AdGroup(group));
        let full = how_full(count, cap.value);
        fullest = fullest.max(full);
        if full == Some(band) {
            tell(desk, out, Some(group), (count, cap.value));
        }
    }
    let carries = desk.cx.catalog().campaign(desk.campaign()).state().carries();
    if let Some(cap) = allowed.cap.per_campaign.filter(|_| carries) {
        let count = holds(Scope::Campaign(desk.campaign()));
        // One full ad group fills its campaign: told once.
        if how_full(count, cap.value) == Some(band) && fullest < Some(band) {
            tell(desk, out, None, (count, cap.value));
        }
    }
}

fn tell(desk: &Desk<'_>, out: &mut Found<'_>, group: Option<AdGroupIx>, (count, cap): (usize, usize)) {
    let scope = group.map_or(Scope::Campaign(desk.campaign()), Scope::AdGroup);
    let level = if group.is_some() { Level::AdGroup } else { Level::Campaign };
    let parent = if level == Level::AdGroup { "ad group" } else { "campaign" };
    let paused_count = desk.capabilities().is_some_and(|allowed| allowed.cap.paused_count);
    let counts = |row: &NegIx| match desk.cx.catalog().negative(*row).state() {
        State::Enabled => true,
        State::Paused => paused_count,
        State::Archived => false,
    };
    let rows: Vec<NegIx> = desk.cx.catalog().negatives_in(scope).filter(counts).collect();
    let message = format!(
        "{} holds {count} of the {cap} negatives that the {parent} can hold",
        desk.cx.place(desk.campaign(), group)
    );
    let rank = i64::try_from(count * 1_000 / cap.max(1)).unwrap_or(i64::MAX);
    let draft = Draft::at(desk, group, Kind::Keyword, None, "").negatives(rows).rank(rank);
    out.add(desk.cx, draft, message);
}
