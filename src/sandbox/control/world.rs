//! `GET /world`: what the world was built with and holds now, and the mistakes that are planted in it.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;

use super::super::app::App;
use super::super::model::{Planted, Pool};
use super::super::platform::Platform;
use super::super::realm::Realm;

#[derive(Debug, Default, Clone, Copy, Serialize)]
struct Counts {
    campaigns: usize,
    ad_groups: usize,
    negatives: usize,
    keywords: usize,
    targets: usize,
    terms: usize,
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.campaigns += other.campaigns;
        self.ad_groups += other.ad_groups;
        self.negatives += other.negatives;
        self.keywords += other.keywords;
        self.targets += other.targets;
        self.terms += other.terms;
    }
}

#[derive(Serialize)]
struct AccountCounts {
    platform: Platform,
    account: String,
    key: String,
    #[serde(flatten)]
    counts: Counts,
}

fn by_account(platform: Platform, realm: &Realm) -> Vec<AccountCounts> {
    let mut all: Vec<AccountCounts> = realm
        .accounts
        .iter()
        .map(|account| AccountCounts {
            platform,
            account: account.name.clone(),
            key: account.key.clone(),
            counts: Counts {
                campaigns: account.campaigns.len(),
                negatives: Pool::ALL.iter().map(|pool| account.negatives[pool.index()].len()).sum(),
                ..Counts::default()
            },
        })
        .collect();
    for group in realm.ad_groups.iter() {
        if let Some(account) = realm.account_of(group.campaign_id) {
            let counts = &mut all[account].counts;
            counts.ad_groups += 1;
            counts.keywords += group.keywords.len();
            counts.targets += group.targets.len();
        }
    }
    for term in &realm.terms {
        if let Some(account) = realm.account_of(term.campaign_id) {
            all[account].counts.terms += 1;
        }
    }
    all
}

/// `GET /world`.
pub async fn world(State(app): State<App>) -> Response {
    let (mut accounts, mut planted): (Vec<AccountCounts>, Vec<Planted>) = (Vec::new(), Vec::new());
    for platform in Platform::ALL {
        let realm = app.realm(platform);
        accounts.extend(by_account(platform, &realm));
        planted.extend(realm.planted.iter().cloned());
    }
    let mut counts = Counts::default();
    for account in &accounts {
        counts.add(account.counts);
    }
    let options = app.options();
    Json(json!({
        "size": options.size, "seed": options.seed, "today": options.today.to_string(),
        "counts": counts, "accounts": accounts, "planted": planted,
    }))
    .into_response()
}
