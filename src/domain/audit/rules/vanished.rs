//! `vanished`: a negative that the last listing had no longer, although it was not removed here.

use super::super::super::change::NewNegative;
use super::super::super::matching::normal;
use super::super::super::negative::State;
use super::super::super::text::shown;
use super::super::finding::Subject;
use super::super::rule::Draft;
use super::super::{Context, Fix, Found, Info, Rule, Severity, says};

/// The rule.
pub(super) struct Vanished;

static INFO: Info = Info::new(
    "vanished",
    "gone without a trace",
    Severity::Warning,
    &[
        "A negative that was there and not archived is no longer among those that the platform lists, and the journal has no removal of it.",
        "Somebody removed it in the platform's console, or the platform did. What it blocked shows again from that day on. It is reported for thirty days.",
        "Ask who did it, or add it again (f stages that); it then has a new id.",
    ],
);

impl Rule for Vanished {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn whole(&self, cx: &Context<'_>, out: &mut Found<'_>) {
        let catalog = cx.catalog();
        for gone in &cx.input().journal.vanished {
            let negative = &gone.negative;
            let campaign = catalog.find_campaign(gone.account, &negative.campaign);
            let group = campaign
                .zip(negative.ad_group.as_ref())
                .and_then(|(campaign, id)| catalog.find_ad_group(campaign, id));
            // A campaign that went took its negatives along; that is no riddle.
            let Some(campaign) = campaign else { continue };
            if negative.ad_group.is_some() && group.is_none() {
                continue;
            }
            let message = format!(
                "{} ({}, {}) was {} and is no longer listed since {}",
                says::quoted(negative.text.raw()),
                says::sort(negative.kind, negative.match_type),
                cx.place(campaign, group),
                shown(negative.native_state.raw()),
                gone.gone,
            );
            let subject = Subject {
                kind: negative.kind,
                match_type: negative.match_type,
                text: normal(negative.text.raw()).into(),
            };
            let again = NewNegative {
                kind: negative.kind,
                campaign: negative.campaign.clone(),
                ad_group: negative.ad_group.clone(),
                text: negative.text.clone(),
                brand_name: negative.brand_name.clone(),
                match_type: negative.match_type,
                state: State::Enabled,
            };
            let draft = Draft::anywhere((gone.account, Some(campaign), group), subject)
                .gone(negative.id.clone())
                .fix(Fix::add(again));
            out.add(cx, draft, message);
        }
    }
}
