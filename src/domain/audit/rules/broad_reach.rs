//! `broad-reach`: a phrase of one word that reaches further than one word should.

use super::super::super::catalog::Scope;
use super::super::super::negative::{Kind, MatchType};
use super::super::rule::Draft;
use super::super::{Class, Desk, Found, Info, Rule, Severity, says};

/// The rule.
pub(super) struct BroadReach;

static INFO: Info = Info::new(
    "broad-reach",
    "one word, wide reach",
    Severity::Warning,
    &[
        "A phrase negative of a single word stands in a search term of its scope that had orders, or in one of your own live keywords there, or it takes five percent or more of the campaign's clicks, or it is one of your protected words.",
        "One word as a phrase blocks every search that has it, those that nobody has thought of too.",
        "Write it more narrowly, with the words that make the search unwanted, or as exact negatives. Names of rivals in `[audit] competitors` are meant and not reported.",
    ],
)
.terms();

impl Rule for BroadReach {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn campaign(&self, desk: &Desk<'_>, out: &mut Found<'_>) {
        let cx = desk.cx;
        let currency = cx.currency(desk.account());
        let mut clicks = None;
        for (at, twin) in desk.twins().iter().enumerate() {
            let single = twin.kind == Kind::Keyword
                && twin.match_type == Some(MatchType::Phrase)
                && !twin.text.is_empty()
                && !twin.text.contains(' ');
            if !single || !desk.is_live(twin) || cx.is_competitor(&twin.text) {
                continue;
            }
            let mut why = Vec::new();
            let blocked = desk.blocked_by(at);
            let sum = blocked.map(|blocked| blocked.all.sum).unwrap_or_default();
            if let Some(blocked) = blocked.filter(|blocked| blocked.all.sum.orders > 0) {
                let sold: Vec<_> =
                    blocked.all.terms.iter().filter(|(_, figures)| figures.orders > 0).copied().collect();
                why.push(format!("it is in terms that sold: {}", says::sellers(cx, currency, &sold)));
            }
            let keywords: Vec<_> = desk
                .clashes()
                .iter()
                .filter(|clash| {
                    clash.twin == at && matches!(clash.class, Class::Full | Class::Partial | Class::Intended)
                })
                .map(|clash| clash.positive)
                .collect();
            if !keywords.is_empty() {
                why.push(format!("it is in your own {}", says::positives(cx, &keywords)));
            }
            if sum.clicks > 0 {
                let all = *clicks
                    .get_or_insert_with(|| desk.sum(desk.entries(Scope::Campaign(desk.campaign()))).clicks);
                if sum.clicks * 100 >= all * cx.config().thresholds.broad_reach_percent {
                    why.push(format!("it takes {} of the campaign's {all} clicks", sum.clicks));
                }
            }
            if cx.guards(&twin.text).is_some() {
                why.push("it is one of your protected words".to_owned());
            }
            if why.is_empty() {
                continue;
            }
            let message = format!("{} reaches far: {}", says::negative(desk, twin), why.join("; "));
            let mut draft = Draft::of(desk, twin).keywords(keywords).rank(sum.sales.0);
            if let Some(blocked) = blocked {
                draft = draft.money(blocked.all.terms.len(), sum, cx.days(desk.account()));
            }
            out.add(cx, draft, message);
        }
    }
}
