//! The catalog of a large account: 10,000 campaigns, 200,000 ad groups, 1,000,000 negatives. Criterion times a query
//! to its sorted rows beside one `memmem` pass over the same texts, and a table gives both sides of each as ratios.
//! `cargo bench --bench catalog -- memory` prints the resident memory of the loaded and filtered catalog instead.

mod support;

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::Criterion;
use memchr::memmem::Finder;
use unbid::domain::account::{AccountName, Identity};
use unbid::domain::campaign::{Campaign, Holds, ParentState, Targeting};
use unbid::domain::catalog::{
    AccountRow, AdGroupRow, Cancel, Catalog, CatalogBuilder, NegativeRow, Overlay, Query, Rows,
};
use unbid::domain::filter::Filter;
use unbid::domain::ids::PlatformId;
use unbid::domain::negative::{Kind, MatchType, State};

const CAMPAIGNS: usize = 10_000;
const AD_GROUPS: usize = 200_000;
const NEGATIVES: usize = 1_000_000;

fn builder(world: &support::Negatives) -> CatalogBuilder {
    let mut rng = support::Rng(7);
    let mut builder = CatalogBuilder::default();
    builder.reserve(world.phrases.len());
    let accounts: Vec<_> = ["amazon", "ebay", "sams"]
        .into_iter()
        .map(|platform| {
            builder.add_account(AccountRow {
                identity: Identity {
                    platform: PlatformId::from_static(platform),
                    origin: "http://127.0.0.1".into(),
                    native: platform.into(),
                },
                name: AccountName::new(platform),
                fetched_at: None,
                stale: None,
            })
        })
        .collect();
    let campaigns: Vec<_> = (0..CAMPAIGNS)
        .map(|n| {
            let campaign = Campaign {
                id: format!("{}", 100_000_000 + n).as_str().into(),
                name: format!("SP | campaign {} | {n}", n * 7_919 % CAMPAIGNS).into(),
                state: if n % 20 == 0 { ParentState::Ended } else { ParentState::Enabled },
                native_state: "ENABLED".into(),
                targeting: Targeting::Manual,
                native_type: "MANUAL".into(),
                holds: Holds::Yes,
            };
            builder.add_campaign(accounts[n % 3], campaign)
        })
        .collect();
    let groups: Vec<_> = (0..AD_GROUPS)
        .map(|n| {
            let campaign = campaigns[n / (AD_GROUPS / CAMPAIGNS)];
            let (id, name) = (format!("{}", 200_000_000 + n), format!("AG {n}"));
            let row = AdGroupRow {
                campaign,
                id: &id,
                name: &name,
                state: ParentState::Enabled,
                native_state: "ENABLED",
            };
            (campaign, builder.push_ad_group(row))
        })
        .collect();
    let day = jiff::civil::date(2025, 1, 1);
    let created = jiff::Timestamp::UNIX_EPOCH;
    for (at, (text, phrase)) in world.texts.lines().zip(&world.phrases).enumerate() {
        // Ad group by ad group, as the store keeps them.
        let (campaign, group) = groups[at * AD_GROUPS / world.phrases.len()];
        let archived = rng.below(20) == 0;
        builder.push_negative(NegativeRow {
            campaign,
            ad_group: (rng.below(10) > 0).then_some(group),
            id: itoa(300_000_000_000 + at as u64 * 7_919, &mut [0; 20]),
            kind: Kind::Keyword,
            text,
            brand_name: None,
            match_type: Some(if *phrase { MatchType::Phrase } else { MatchType::Exact }),
            state: if archived { State::Archived } else { State::Enabled },
            native_state: if archived { "ARCHIVED" } else { "ENABLED" },
            created: Some(created + Duration::from_secs(at as u64 * 31)),
            first_seen: Some(day),
        });
    }
    builder
}

/// A number's digits, so that making ids costs the load nothing.
fn itoa(mut number: u64, digits: &mut [u8; 20]) -> &str {
    let mut at = digits.len();
    while number > 0 {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
    }
    std::str::from_utf8(&digits[at..]).unwrap_or_default()
}

fn query(catalog: &Catalog, filter: &str, previous: Option<&Rows>) -> Rows {
    let query = Query { filter: Filter::parse(filter), ..Query::default() };
    match catalog.query(&query, &Overlay::default(), previous, &Cancel::default()) {
        Some(rows) => rows,
        None => unreachable!("nobody cancels"),
    }
}

/// The pass that a query is measured against: every hit of the needle in all texts, counted.
fn pass(texts: &str, needle: &str) -> usize {
    Finder::new(needle).find_iter(texts.as_bytes()).count()
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    black_box(work());
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

const NEEDLES: [&str; 6] = ["qqqq", "shau", "sha", "sh", "s", "free"];

/// Both sides of each ratio, run in turns.
fn ratios(catalog: &Catalog, texts: &str) {
    eprintln!("{:<28} {:>9} {:>10} {:>10} {:>6}", "case", "rows", "query", "memmem", "ratio");
    let row = |name: &str, rows: usize, ours: Duration, pass: Duration| {
        let ratio = ours.as_secs_f64() / pass.as_secs_f64();
        eprintln!("{name:<28} {rows:>9} {ours:>10.2?} {pass:>10.2?} {ratio:>6.2}");
    };
    for needle in NEEDLES {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..21 {
            ours.push(timed(|| query(catalog, needle, None)));
            theirs.push(timed(|| pass(texts, needle)));
        }
        row(needle, query(catalog, needle, None).len(), median(ours), median(theirs));
    }
    let mut previous: Option<Rows> = None;
    for typed in ["s", "sh", "sha", "shau"] {
        let mut ours = Vec::new();
        let mut theirs = Vec::new();
        for _ in 0..21 {
            ours.push(timed(|| query(catalog, typed, previous.as_ref())));
            theirs.push(timed(|| pass(texts, typed)));
        }
        let rows = query(catalog, typed, previous.as_ref());
        row(&format!("typed key by key: {typed}"), rows.len(), median(ours), median(theirs));
        previous = Some(rows);
    }
    for filter in
        ["shau match:phrase", "state:paused", "campaign:\"campaign 77\"", "/sha[ru]/", "~shau", "123456"]
    {
        let ours = median((0..5).map(|_| timed(|| query(catalog, filter, None))).collect());
        row(
            filter,
            query(catalog, filter, None).len(),
            ours,
            median((0..5).map(|_| timed(|| pass(texts, "qqqq"))).collect()),
        );
    }
}

/// Proportional set size in MB, of this process.
fn resident() -> f64 {
    let rollup = std::fs::read_to_string("/proc/self/smaps_rollup").unwrap_or_default();
    let pss = rollup.lines().find_map(|line| line.strip_prefix("Pss:")).unwrap_or_default();
    pss.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or_default() / 1024.0
}

fn memory() {
    let before = resident();
    let world = support::negatives(&mut support::Rng(42), NEGATIVES);
    let builder = builder(&world);
    drop(world);
    let filled = resident();
    let catalog = builder.finish();
    let loaded = resident();
    let rows = query(&catalog, "", None);
    let hits = query(&catalog, "shau", Some(&rows));
    drop(rows);
    let filtered = resident();
    catalog.warm();
    eprintln!(
        "PSS in MB: {before:.0} at start, {filled:.0} with the builder full, {loaded:.0} loaded, {filtered:.0} filtered \
         ({} rows), {:.0} with every index",
        hits.len(),
        resident()
    );
}

fn main() {
    if std::env::args().any(|argument| argument == "memory") {
        return memory();
    }
    let world = support::negatives(&mut support::Rng(42), NEGATIVES);
    let fill = timed(|| drop(black_box(builder(&world))));
    let ready = builder(&world);
    let start = Instant::now();
    let catalog = ready.finish();
    let finish = start.elapsed();
    let warm = timed(|| catalog.warm());
    eprintln!("filled in {fill:.0?}, finished in {finish:.0?}, every index in {warm:.0?}");
    ratios(&catalog, &world.texts);

    let mut criterion = Criterion::default().configure_from_args().sample_size(20);
    for needle in ["qqqq", "shau", "s"] {
        let mut group = criterion.benchmark_group(needle);
        group.bench_function("query to its sorted rows", |bench| {
            bench.iter(|| query(&catalog, needle, None).len());
        });
        group.bench_function("one memmem pass", |bench| bench.iter(|| pass(&world.texts, needle)));
        group.finish();
    }
    criterion.final_summary();
}
