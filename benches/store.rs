//! The store with a large account: 10,000 campaigns, 200,000 ad groups, 1,000,000 negatives written as listings
//! come, read back as the screen does. A plain program: each step is timed whole, reads as the median of nine.
//! `cargo bench --bench store`

mod support;

use std::time::{Duration, Instant};

use unbid::domain::account::{Account, AccountName, Identity};
use unbid::domain::campaign::{AdGroup, Campaign, Holds, ParentState, Targeting};
use unbid::domain::ids::PlatformId;
use unbid::domain::negative::{Kind, MatchType, Negative, State};
use unbid::domain::problem::Problem;
use unbid::store::{Committed, Page, SnapshotScope, Store};

const ACCOUNTS: usize = 3;
const CAMPAIGNS: usize = 10_000;
const AD_GROUPS: usize = 200_000;
const NEGATIVES: usize = 1_000_000;
/// What the largest list call brings.
const PAGE: usize = 1_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("load average {}", load.trim());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build()?;
    runtime.block_on(run())
}

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let world = support::negatives(&mut support::Rng(1), NEGATIVES);
    let accounts: Vec<Account> = (0..ACCOUNTS).map(account).collect();
    let store = Store::open(folder.path())?;

    let (mut put, mut commit, mut negatives) = (Duration::ZERO, Duration::ZERO, 0);
    for (number, account) in accounts.iter().enumerate() {
        let (putting, committing, done) = write(&store, account, number, &world).await?;
        put += putting;
        commit += committing;
        negatives += done.counts.negatives;
    }
    let rate = f64::from(negatives) / (put + commit).as_secs_f64();
    println!("write     {negatives} negatives: pages {put:.0?}, commits {commit:.0?}, {rate:.0} rows/s");
    let (_, again, done) = write(&store, &accounts[0], 0, &world).await?;
    println!(
        "refresh   a third, nothing new: commit {again:.0?}, {} campaigns written",
        done.changed_campaigns
    );
    let one = negative(&world, 3 * AD_GROUPS, world.texts.lines().next().unwrap_or_default());
    let start = Instant::now();
    store.apply_rows(&accounts[0].identity, &[one], now()).await?;
    println!("apply     one row: {:.1?}", start.elapsed());
    drop(store);
    let size = std::fs::metadata(folder.path().join("unbid.db"))?.len();
    println!("file      {:.1} MB", size as f64 / 1e6);

    let first = median(|| Ok(Store::open(folder.path())?.first_page(&accounts, 50)?.catalog.len()))?;
    println!("open and first 50 rows  {first:.1?}");
    let store = Store::open(folder.path())?;
    let mut times = Vec::new();
    for _ in 0..9 {
        let start = Instant::now();
        let catalog = store.load_catalog(&accounts).await?;
        times.push(start.elapsed());
        assert_eq!(catalog.len(), negatives as usize);
    }
    times.sort_unstable();
    println!("whole catalog           {:.0?} (best {:.0?}, worst {:.0?})", times[4], times[0], times[8]);
    Ok(())
}

fn median(mut job: impl FnMut() -> Result<usize, Problem>) -> Result<Duration, Problem> {
    let mut times = Vec::new();
    for _ in 0..9 {
        let start = Instant::now();
        assert!(job()? > 0);
        times.push(start.elapsed());
    }
    times.sort_unstable();
    Ok(times[4])
}

/// Lists one account: times of taking the pages and of the commit.
async fn write(
    store: &Store,
    account: &Account,
    number: usize,
    world: &support::Negatives,
) -> Result<(Duration, Duration, Committed), Problem> {
    let mut writer = store.begin_snapshot(&account.identity, now(), SnapshotScope::ALL);
    let mut taking = Duration::ZERO;
    let mut take = |page: Page| {
        let start = Instant::now();
        writer.put(page);
        taking += start.elapsed();
    };
    let mine = |n: &usize| n % ACCOUNTS == number;
    take(Page::Campaigns((0..CAMPAIGNS).filter(mine).map(campaign).collect()));
    let groups: Vec<usize> = (0..AD_GROUPS).filter(|n| mine(&(n % CAMPAIGNS))).collect();
    for page in groups.chunks(PAGE) {
        take(Page::AdGroups(page.iter().map(|n| ad_group(*n)).collect()));
    }
    let mut page = Vec::with_capacity(PAGE);
    for (n, text) in world.texts.lines().enumerate().filter(|(n, _)| mine(&(n % AD_GROUPS % CAMPAIGNS))) {
        page.push(negative(world, n, text));
        if page.len() == PAGE {
            take(Page::Negatives(std::mem::replace(&mut page, Vec::with_capacity(PAGE))));
        }
    }
    take(Page::Negatives(page));
    let start = Instant::now();
    let committed = writer.commit(now()).await?;
    Ok((taking, start.elapsed(), committed))
}

fn now() -> jiff::Timestamp {
    jiff::Timestamp::constant(1_790_000_000, 0)
}

fn account(n: usize) -> Account {
    Account {
        name: AccountName::new(&format!("account-{n}")),
        identity: Identity {
            platform: PlatformId::from_static("amazon"),
            origin: "http://127.0.0.1".into(),
            native: n.to_string().into(),
        },
        group: "all".into(),
        read_only: false,
        protected: false,
        live: false,
    }
}

fn campaign(n: usize) -> Campaign {
    Campaign {
        id: campaign_id(n).as_str().into(),
        name: format!("SP | campaign {} | {n}", n * 7_919 % CAMPAIGNS).into(),
        state: ParentState::Enabled,
        native_state: "ENABLED".into(),
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

/// Every tenth lies at its campaign.
fn negative(world: &support::Negatives, n: usize, text: &str) -> Negative {
    let group = n % AD_GROUPS;
    let phrase = world.phrases.get(n).copied().unwrap_or_default();
    Negative {
        id: format!("{}", 281_474_976_710_656 + n).as_str().into(),
        kind: Kind::Keyword,
        campaign: campaign_id(group % CAMPAIGNS).as_str().into(),
        ad_group: (!n.is_multiple_of(10)).then(|| ad_group_id(group).as_str().into()),
        text: text.into(),
        brand_name: None,
        match_type: Some(if phrase { MatchType::Phrase } else { MatchType::Exact }),
        state: if n.is_multiple_of(20) { State::Paused } else { State::Enabled },
        native_state: if n.is_multiple_of(20) { "PAUSED" } else { "ENABLED" }.into(),
        created: Some(jiff::Timestamp::constant(1_700_000_000, 0)),
    }
}

fn campaign_id(n: usize) -> String {
    format!("{}", 100_000_000_000 + n)
}

fn ad_group_id(n: usize) -> String {
    format!("{}", 200_000_000_000 + n)
}
