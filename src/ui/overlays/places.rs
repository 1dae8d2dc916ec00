//! Finding accounts, campaigns and ad groups by name, fuzzily. Pure, and too heavy for the UI thread in a large
//! account: the shell calls it for [`Effect::FindPlaces`](crate::ui::effect::Effect::FindPlaces).

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::domain::catalog::{AccountIx, Cancel, Catalog, Scope};

/// How many places are worth a look.
pub const MOST: usize = 50;

/// The places whose names are most like the text; the best first. `None` when it was cancelled.
pub fn find(catalog: &Catalog, text: &str, cancel: &Cancel) -> Option<Vec<Scope>> {
    let pattern = Pattern::parse(text, CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut chars = Vec::new();
    let mut hits: Vec<(u32, Scope)> = Vec::new();
    let mut look = |name: &str, scope: Scope, bonus: u32| {
        if let Some(score) = pattern.score(Utf32Str::new(name, &mut chars), &mut matcher) {
            hits.push((score + bonus, scope));
        }
        if hits.len() > 64 * MOST {
            keep(&mut hits);
        }
    };
    for (at, account) in catalog.accounts().iter().enumerate() {
        look(account.name.as_str(), Scope::Account(AccountIx(at as u16)), 4);
    }
    for campaign in catalog.campaigns() {
        if cancel.is_cancelled() {
            return None;
        }
        look(campaign.name_raw(), Scope::Campaign(campaign.ix()), 2);
        for group in catalog.ad_groups_of(campaign.ix()) {
            look(group.name_raw(), Scope::Reaching(group.ix()), 0);
        }
    }
    keep(&mut hits);
    Some(hits.into_iter().map(|(_, scope)| scope).collect())
}

fn keep(hits: &mut Vec<(u32, Scope)>) {
    hits.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    hits.truncate(MOST);
}
