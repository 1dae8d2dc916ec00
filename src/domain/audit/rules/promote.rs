//! `promote`: the same negative in every ad group of a campaign, where one at the campaign would do.

use super::super::super::campaign::ParentState;
use super::super::super::catalog::AdGroupIx;
use super::super::super::negative::Level;
use super::super::rule::Draft;
use super::super::{Desk, Fix, Found, Info, Rule, Severity, says};

/// The rule.
pub(super) struct Promote;

static INFO: Info = Info::new(
    "promote",
    "same in every ad group",
    Severity::Info,
    &[
        "Every live ad group of a campaign, three or more, has the same live negative, and none of them has that text as a keyword.",
        "One negative at the campaign says the same, holds for ad groups to come, and is one to look after.",
        "Add it at the campaign (f stages that); those of the ad groups are superfluous then.",
    ],
)
.positives();

impl Rule for Promote {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn campaign(&self, desk: &Desk<'_>, out: &mut Found<'_>) {
        let Some(allowed) = desk.capabilities() else { return };
        let groups: Vec<AdGroupIx> = desk.live_groups().collect();
        if groups.len() < desk.cx.config().thresholds.promote_groups.max(2) {
            return;
        }
        // What every one must have, the one with the fewest has.
        let Some(fewest) = groups.iter().min_by_key(|group| desk.live_of(Some(**group)).count()) else {
            return;
        };
        for twin in desk.live_of(Some(*fewest)) {
            let same = |group: Option<AdGroupIx>| desk.find(group, twin.kind, twin.match_type, &twin.text);
            if allowed.kind(twin.kind, Level::Campaign).is_none() || same(None).is_some() {
                continue;
            }
            let all: Option<Vec<_>> = groups.iter().map(|group| same(Some(*group))).collect();
            let Some(all) = all else { continue };
            let positives = desk.cx.positives();
            let wanted = positives.find_text(&twin.text).is_some_and(|text| {
                groups.iter().any(|group| {
                    positives
                        .of_ad_group(*group)
                        .any(|one| one.text_ix() == text && one.state() == ParentState::Enabled)
                })
            });
            if wanted {
                continue;
            }
            let rows = all.iter().flat_map(|twin| desk.enabled(twin)).copied().collect();
            let raw = desk.cx.catalog().negative(desk.enabled(twin)[0]);
            let new = desk.new_negative(None, twin.kind, twin.match_type, raw.text_raw());
            let message = format!(
                "{} ({}) stands in all {} ad groups of {}",
                says::text_of(desk, twin),
                says::sort(twin.kind, twin.match_type),
                groups.len(),
                desk.cx.place(desk.campaign(), None),
            );
            let draft = Draft::at(desk, None, twin.kind, twin.match_type, &twin.text)
                .negatives(rows)
                .fix(Fix::add(new));
            out.add(desk.cx, draft, message);
        }
    }
}
