//! Accounts, campaigns and ad groups by name, as the palette offers them: fuzzy, the best first.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::domain::catalog::{AccountIx, Catalog, Scope};

/// How many are offered; nobody reads further.
const MOST: usize = 50;

/// The places whose names are like `name`.
pub(super) fn like(catalog: &Catalog, name: &str) -> Vec<Scope> {
    let pattern = Pattern::parse(name, CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut letters = Vec::new();
    let mut found: Vec<(u32, Scope)> = Vec::new();
    let mut look = |text: &str, scope: Scope| {
        if let Some(score) = pattern.score(Utf32Str::new(text, &mut letters), &mut matcher) {
            found.push((score, scope));
        }
    };
    for at in 0..catalog.accounts().len() {
        let account = AccountIx(at as u16);
        look(catalog.account(account).name.as_str(), Scope::Account(account));
        for campaign in catalog.campaigns_of(account) {
            look(campaign.name_raw(), Scope::Campaign(campaign.ix()));
            for group in catalog.ad_groups_of(campaign.ix()) {
                look(group.name_raw(), Scope::AdGroup(group.ix()));
            }
        }
    }
    // Stable: among equals, accounts come before their campaigns, and those before their ad groups.
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found.into_iter().take(MOST).map(|(_, scope)| scope).collect()
}
