//! A data folder as a large account leaves it, with the configuration to open it: 1,000,000 negatives of 200,000 ad
//! groups and 10,000 campaigns on one Amazon account, and two empty accounts beside it, so that every platform
//! signs in. Nobody listens at their addresses.

#![allow(dead_code, reason = "each program uses its share")]

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use unbid::config::Config;
use unbid::domain::account::Account;
use unbid::domain::campaign::{AdGroup, Campaign, Holds, ParentState, Targeting};
use unbid::domain::negative::{Kind, MatchType, Negative, State};
use unbid::platform::{self, http::Http};
use unbid::store::{Page, SnapshotScope, Store};

use crate::support;

pub const CAMPAIGNS: usize = 10_000;
pub const AD_GROUPS: usize = 200_000;
pub const NEGATIVES: usize = 1_000_000;
/// What the largest list call brings.
const PAGE: usize = 1_000;

/// How many rows the screen says the account has: all but the archived ones.
pub fn shown() -> String {
    let rows = NEGATIVES - NEGATIVES / 20;
    format!("{},{:03}", rows / 1_000, rows % 1_000)
}

/// The folder, and what lies in it.
pub struct Stored {
    /// Goes away with this.
    pub folder: tempfile::TempDir,
    /// The configuration's file.
    pub config: PathBuf,
    /// The data folder.
    pub data: PathBuf,
    /// The accounts, the large one first.
    pub accounts: Vec<Account>,
    /// The texts of its negatives, each followed by a line feed.
    pub texts: String,
}

impl Stored {
    /// Makes it: some ten seconds.
    pub async fn new() -> Result<Self, Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let (config, data) = (folder.path().join("config.toml"), folder.path().join("data"));
        let key = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/demo/sams_private_key.pem");
        fs::write(&config, CONFIG.replace("{key}", key))?;
        #[cfg(unix)]
        fs::set_permissions(&config, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;

        let http = Http::over_network(Arc::new(Timestamp::now));
        let read = Config::load(&config, true)?;
        let accounts = read
            .accounts
            .iter()
            .map(|account| Ok(platform::connect(account, &http)?.account().clone()))
            .collect::<Result<Vec<Account>, Box<dyn Error>>>()?;

        let world = support::negatives(&mut support::Rng(42), NEGATIVES);
        let store = Store::open(&data)?;
        store.register(&accounts).await?;
        let now = Timestamp::now();
        let mut writer = store.begin_snapshot(&accounts[0].identity, now, SnapshotScope::ALL);
        writer.put(Page::Campaigns((0..CAMPAIGNS).map(campaign).collect()));
        for from in (0..AD_GROUPS).step_by(PAGE) {
            writer.put(Page::AdGroups((from..from + PAGE).map(ad_group).collect()));
        }
        let mut page = Vec::with_capacity(PAGE);
        for (n, (text, phrase)) in world.texts.lines().zip(&world.phrases).enumerate() {
            page.push(negative(n, text, *phrase));
            if page.len() == PAGE {
                writer.put(Page::Negatives(std::mem::replace(&mut page, Vec::with_capacity(PAGE))));
            }
        }
        writer.put(Page::Negatives(page));
        writer.commit(now).await?;
        for account in &accounts[1..] {
            store.begin_snapshot(&account.identity, now, SnapshotScope::ALL).commit(now).await?;
        }
        drop(store);
        Ok(Self { folder, config, data, accounts, texts: world.texts })
    }
}

const CONFIG: &str = r#"[sync]
max_age = "8760h"

[[account]]
name = "acme-us"
platform = "amazon"
region = "na"
profile_id = "1234567890"
client_id = "amzn1.application-oa2-client.x"
client_secret = "none"
refresh_token = "none"
base_url = "http://127.0.0.1:1"
token_url = "http://127.0.0.1:1/auth/o2/token"

[[account]]
name = "acme-ebay"
platform = "ebay"
environment = "sandbox"
marketplace = "EBAY_US"
client_id = "none"
client_secret = "none"
refresh_token = "none"
ru_name = "none"
base_url = "http://127.0.0.1:1"
token_url = "http://127.0.0.1:1/identity/v1/oauth2/token"

[[account]]
name = "acme-sams"
platform = "sams"
environment = "sandbox"
advertiser_id = "4321"
consumer_id = "none"
key_version = "1"
auth_token = "none"
private_key = { file = "{key}" }
base_url = "http://127.0.0.1:1"
"#;

fn campaign(n: usize) -> Campaign {
    Campaign {
        id: campaign_id(n).as_str().into(),
        name: format!("SP | campaign {} | {n}", n * 7_919 % CAMPAIGNS).into(),
        state: if n.is_multiple_of(20) { ParentState::Paused } else { ParentState::Enabled },
        native_state: if n.is_multiple_of(20) { "PAUSED" } else { "ENABLED" }.into(),
        targeting: Targeting::Manual,
        native_type: "MANUAL".into(),
        holds: Holds::Yes,
    }
}

fn ad_group(n: usize) -> AdGroup {
    AdGroup {
        id: ad_group_id(n).as_str().into(),
        campaign: campaign_id(n % CAMPAIGNS).as_str().into(),
        name: format!("ad group {n}").into(),
        state: ParentState::Enabled,
        native_state: "ENABLED".into(),
    }
}

/// Every tenth lies at its campaign, every twentieth is archived.
fn negative(n: usize, text: &str, phrase: bool) -> Negative {
    let group = n % AD_GROUPS;
    let archived = n % 20 == 7;
    Negative {
        id: format!("{}", 281_474_976_710_656 + n * 7_919).as_str().into(),
        kind: Kind::Keyword,
        campaign: campaign_id(group % CAMPAIGNS).as_str().into(),
        ad_group: (n % 10 != 3).then(|| ad_group_id(group).as_str().into()),
        text: text.into(),
        brand_name: None,
        match_type: Some(if phrase { MatchType::Phrase } else { MatchType::Exact }),
        state: if archived { State::Archived } else { State::Enabled },
        native_state: if archived { "ARCHIVED" } else { "ENABLED" }.into(),
        created: Some(Timestamp::constant(1_700_000_000, 0)),
    }
}

fn campaign_id(n: usize) -> String {
    format!("{}", 100_000_000_000 + n)
}

fn ad_group_id(n: usize) -> String {
    format!("{}", 200_000_000_000 + n)
}
