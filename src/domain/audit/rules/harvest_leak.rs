//! `harvest-leak`: a term that has an exact keyword of its own and still shows elsewhere in the account.

use super::super::super::campaign::{ParentState, Targeting};
use super::super::super::catalog::{AdGroupIx, Scope};
use super::super::super::keyword::PositiveMatch;
use super::super::super::negative::{Kind, Level, MatchType};
use super::super::super::term::asin_of;
use super::super::evidence::days;
use super::super::rule::Draft;
use super::super::{Desk, Fix, Found, Info, Rule, Severity, says};

/// The rule.
pub(super) struct HarvestLeak;

static INFO: Info = Info::new(
    "harvest-leak",
    "leaks from its keyword",
    Severity::Info,
    &[
        "A live exact keyword with orders has a search term of its own, while an automatic or broad campaign of the account shows the same term, because nothing blocks it there.",
        "The wide campaign bids against the keyword and takes its searches at another price. Findings are ranked by what the term cost there.",
        "Add the term as an exact negative where it leaks (f stages that).",
    ],
)
.terms()
.positives();

impl Rule for HarvestLeak {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn campaign(&self, desk: &Desk<'_>, out: &mut Found<'_>) {
        let cx = desk.cx;
        let Some(allowed) = desk.capabilities() else { return };
        if cx.positives().is_empty() {
            return;
        }
        let campaign = cx.catalog().campaign(desk.campaign());
        let auto = campaign.targeting() == Targeting::Auto;
        let currency = cx.currency(desk.account());
        for entry in desk.entries(Scope::Campaign(desk.campaign())) {
            if desk.is_blocked(entry) {
                continue;
            }
            let first = cx.terms().first_of(entry);
            let group = cx.terms().parent(first).1;
            let text = cx.terms().text(cx.terms().text_of(first));
            if cx.positives().find_text(text).is_none()
                || asin_of(text).is_some()
                || !desk.shows(group)
                || !(auto || desk.is_broad(group))
            {
                continue;
            }
            let here = group.map_or(Scope::Campaign(desk.campaign()), Scope::AdGroup);
            let (mut serving, _) = cx.exact_elsewhere(desk.account(), text, here);
            serving.retain(|one| {
                let own = cx.positives().get(*one).ad_group_ix();
                cx.terms().find_text(text).is_some_and(|text| {
                    let rows = cx.terms().rows_of_text(text).filter(|row| cx.counts(*row));
                    cx.terms().sum(rows.filter(|row| cx.terms().parent(*row).1 == Some(own))).orders > 0
                })
            });
            let sum = desk.sum([entry]);
            if serving.is_empty() || sum.impressions == 0 {
                continue;
            }
            // Where the report tells no ad group, the campaign is the place, if the platform has such negatives.
            let level = if group.is_some() { Level::AdGroup } else { Level::Campaign };
            let fix = allowed
                .kind(Kind::Keyword, level)
                .map(|_| Fix::add(desk.new_negative(group, Kind::Keyword, Some(MatchType::Exact), text)));
            let days = days(desk, std::iter::once(entry));
            let message = format!(
                "{} shows in {} although {} serves it: {}",
                says::quoted(text),
                cx.place(desk.campaign(), group),
                says::positives(cx, &serving),
                says::money(sum, currency, days),
            );
            let mut draft = Draft::at(desk, group, Kind::Keyword, Some(MatchType::Exact), text)
                .keywords(serving)
                .money(1, sum, days)
                .rank(sum.spend.0);
            if let Some(fix) = fix {
                draft = draft.fix(fix);
            }
            out.add(cx, draft, message);
        }
    }
}

impl Desk<'_> {
    /// Whether ads can show there.
    fn shows(&self, group: Option<AdGroupIx>) -> bool {
        let running = self.cx.catalog().campaign(self.campaign()).state().carries();
        running && group.is_none_or(|group| self.cx.carries(group))
    }

    /// Whether an ad group, or any of the campaign, has a live broad keyword.
    fn is_broad(&self, group: Option<AdGroupIx>) -> bool {
        let broad = |group: AdGroupIx| {
            self.cx
                .positives()
                .of_ad_group(group)
                .any(|one| one.match_type() == PositiveMatch::Broad && one.state() == ParentState::Enabled)
        };
        group.map_or_else(|| self.live_groups().any(broad), broad)
    }
}
