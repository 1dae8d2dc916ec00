//! How many clicks an order takes and what it costs, told by the nearest part of an account that sold enough to tell.

use super::super::catalog::{AdGroupIx, Scope};
use super::super::term::Figures;
use super::{Context, Desk};

/// What an order takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rate {
    /// Orders per click.
    pub conversion: f64,
    /// What an order costs, in millionths; `None` where nothing tells it.
    pub cost: Option<i64>,
    /// What tells it.
    pub told_by: &'static str,
}

impl Rate {
    fn of(sum: Figures, told_by: &'static str, enough: u64) -> Option<Self> {
        (sum.orders >= enough.max(1) && sum.clicks > 0).then(|| Self {
            conversion: sum.orders as f64 / sum.clicks as f64,
            cost: Some(sum.spend.0 / i64::try_from(sum.orders).unwrap_or(i64::MAX)),
            told_by,
        })
    }

    /// The fewest clicks without an order that say something.
    pub(super) fn least_clicks(&self, cx: &Context<'_>) -> u64 {
        let thresholds = cx.config().thresholds;
        let by_rate = (thresholds.waste_click_factor / self.conversion).ceil().max(0.0);
        // Rates are above 0 and the factor is small; what does not fit is more clicks than there are.
        #[expect(clippy::cast_sign_loss, reason = "it is not negative")]
        let by_rate = by_rate as u64;
        thresholds.waste_clicks.max(by_rate)
    }
}

/// The rate for an ad group: its own, its campaign's, its account's, or the usual one.
pub(super) fn rate(desk: &Desk<'_>, group: Option<AdGroupIx>, of_campaign: Figures) -> Rate {
    let thresholds = desk.cx.config().thresholds;
    let enough = thresholds.rate_orders;
    let own = group.and_then(|group| {
        // Few ad groups can have as many orders as that; the sum is made once each.
        (of_campaign.orders >= enough)
            .then(|| Rate::of(desk.sum(desk.entries(Scope::AdGroup(group))), "ad group", enough))
            .flatten()
    });
    own.or_else(|| Rate::of(of_campaign, "campaign", enough))
        .or_else(|| Rate::of(desk.cx.sum(desk.account()), "account", enough))
        .unwrap_or(Rate { conversion: thresholds.rate_percent.max(0.001) / 100.0, cost: None, told_by: "no" })
}
