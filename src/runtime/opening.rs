//! What the store can say at once: the first frame stands on this, the catalog loads behind it.

use crate::domain::account::Identity;
use crate::domain::problem::Problem;
use crate::domain::term::TermPeriod;
use crate::engine::Engine;
use crate::store::AccountSummary;
use crate::ui::msg::{Opening, Row, SnapshotState};

/// Stored figures and the first rows, by a `LIMIT` query on this very thread.
pub(super) fn opening(engine: &Engine, rows: usize) -> Result<Opening, Problem> {
    let accounts = engine.accounts();
    let page = engine.store().first_page(&accounts, rows)?;
    let staged = engine.store().staged_now(None)?;
    let catalog = &page.catalog;
    let rows = catalog
        .negatives_in(crate::domain::catalog::Scope::All)
        .take(rows)
        .map(|ix| {
            let negative = catalog.negative(ix);
            let campaign = negative.campaign();
            Row {
                account: negative.account().identity.clone(),
                negative: negative.to_negative(),
                campaign: campaign.name_raw().into(),
                campaign_state: campaign.state(),
                campaign_holds: campaign.holds(),
                ad_group: negative.ad_group().map(|group| (group.name_raw().into(), group.state())),
                first_seen: negative.first_seen(),
            }
        })
        .collect();
    let accounts = page.accounts.iter().map(|account| (account.identity.clone(), state(account))).collect();
    Ok(Opening { accounts, staged, rows, terms: term_days(engine)? })
}

/// The days that search terms are loaded of, account by account.
fn term_days(engine: &Engine) -> Result<Vec<(Identity, TermPeriod)>, Problem> {
    let identities: Vec<Identity> = engine.accounts().into_iter().map(|account| account.identity).collect();
    let mut days: Vec<(Identity, TermPeriod)> = Vec::new();
    for period in engine.store().term_periods_now(&identities)? {
        match days.last_mut().filter(|(of, _)| *of == period.account) {
            Some((_, known)) => *known = known.join(period.days),
            None => days.push((period.account, period.days)),
        }
    }
    Ok(days)
}

/// What is known of an account's snapshot.
pub(super) fn state(account: &AccountSummary) -> SnapshotState {
    SnapshotState {
        fetched: account.fetched_at,
        stale: account.stale.clone().or_else(|| account.stale_campaigns.as_ref().map(|(_, why)| why.clone())),
        campaigns: account.counts.campaigns as usize,
        negatives: account.counts.negatives as usize,
    }
}
