//! A full audit of a large account: a million negatives, a million positives, a million rows of search terms, in 10,000
//! campaigns and 200,000 ad groups; its time from a loaded catalog and the memory it takes. A plain program, Linux only.
//! `cargo bench --bench audit`; with a number of rows after `--`, a smaller account of the same make.

mod support;

use std::time::Instant;

use jiff::civil::date;
use support::{Rng, negatives};
use unbid::domain::account::{AccountName, Identity};
use unbid::domain::audit::{AccountFacts, AuditConfig, Input, JournalFacts, audit};
use unbid::domain::campaign::{Campaign, Holds, ParentState, Targeting};
use unbid::domain::catalog::positives::{PositiveRow, Positives, PositivesBuilder};
use unbid::domain::catalog::{
    AccountIx, AccountRow, AdGroupRow, AdGroupSlot, CampaignSlot, Cancel, Catalog, CatalogBuilder, Day,
    NegativeRow, Terms, TermsBuilder,
};
use unbid::domain::keyword::PositiveMatch;
use unbid::domain::money::{Currency, Micros};
use unbid::domain::negative::{Kind, MatchType, State};
use unbid::domain::term::{Figures, Named, TermPeriod};
use unbid::platform::registry;

const ROWS: usize = 1_000_000;
const RUNS: usize = 5;
/// The goals: seconds, and MB resident.
const GOAL: (f64, f64) = (6.0, 1_200.0);

fn identity() -> Identity {
    let platform = registry()[0].id();
    Identity { platform, origin: "https://advertising-api.amazon.com".into(), native: "1".into() }
}

/// How large the account is: so many negatives, positives and rows of search terms each.
#[derive(Clone, Copy)]
struct Size {
    rows: usize,
    groups: usize,
    campaigns: usize,
}

impl Size {
    fn of(rows: usize) -> Self {
        Self { rows, groups: (rows / 5).max(1), campaigns: (rows / 100).max(1) }
    }

    /// The campaign of an ad group, both by number; every campaign has its share.
    fn campaign_of(self, group: usize) -> usize {
        group * self.campaigns / self.groups
    }
}

fn catalog(size: Size) -> Catalog {
    let mut builder = CatalogBuilder::default();
    let account = builder.add_account(AccountRow {
        identity: identity(),
        name: AccountName::new("large"),
        fetched_at: None,
        stale: None,
    });
    let campaigns: Vec<CampaignSlot> = (0..size.campaigns)
        .map(|n| {
            builder.add_campaign(
                account,
                Campaign {
                    id: n.to_string().as_str().into(),
                    name: format!("Campaign {n:05}").into(),
                    state: ParentState::Enabled,
                    native_state: "ENABLED".into(),
                    targeting: if n % 3 == 0 { Targeting::Auto } else { Targeting::Manual },
                    native_type: "SP".into(),
                    holds: Holds::Yes,
                },
            )
        })
        .collect();
    let groups: Vec<AdGroupSlot> = (0..size.groups)
        .map(|n| {
            builder.push_ad_group(AdGroupRow {
                campaign: campaigns[size.campaign_of(n)],
                id: &n.to_string(),
                name: &format!("Group {n:06}"),
                state: ParentState::Enabled,
                native_state: "ENABLED",
            })
        })
        .collect();
    let rows = negatives(&mut Rng(1), size.rows);
    for (n, (text, phrase)) in rows.texts.lines().zip(&rows.phrases).enumerate() {
        // Two in five hang on the campaign itself.
        let group = n % size.groups;
        builder.push_negative(NegativeRow {
            campaign: campaigns[size.campaign_of(group)],
            ad_group: (n % 5 >= 2).then_some(groups[group]),
            id: &n.to_string(),
            kind: Kind::Keyword,
            text,
            brand_name: None,
            match_type: Some(if *phrase { MatchType::Phrase } else { MatchType::Exact }),
            state: State::Enabled,
            native_state: "ENABLED",
            created: None,
            first_seen: Some(date(2026, 9, 15)),
        });
    }
    builder.finish()
}

fn positives(size: Size, catalog: &Catalog) -> Positives {
    let mut builder = PositivesBuilder::new(catalog);
    builder.reserve(size.rows);
    builder.listed(AccountIx(0));
    let rows = negatives(&mut Rng(2), size.rows);
    let texts: Vec<&str> = rows.texts.lines().collect();
    for group in 0..size.groups {
        if group == 0 || size.campaign_of(group) != size.campaign_of(group - 1) {
            builder.open(AccountIx(0), &size.campaign_of(group).to_string());
        }
        for k in 0..size.rows / size.groups {
            let n = group * (size.rows / size.groups) + k;
            let match_type = [PositiveMatch::Exact, PositiveMatch::Phrase, PositiveMatch::Broad][k % 3];
            builder.push(PositiveRow {
                ad_group: &group.to_string(),
                id: &n.to_string(),
                text: texts[n],
                match_type,
                state: ParentState::Enabled,
            });
        }
    }
    builder.finish()
}

fn terms(size: Size, catalog: &Catalog) -> Terms {
    let mut builder = TermsBuilder::default();
    builder.reserve(size.rows);
    let days = TermPeriod { from: date(2026, 8, 2), to: date(2026, 9, 30) };
    builder.begin_account(&identity(), vec![days], Some(Currency::new("USD")));
    let rows = negatives(&mut Rng(3), size.rows);
    let mut rng = Rng(4);
    for (n, text) in rows.texts.lines().enumerate() {
        let group = n % size.groups;
        let (campaign, id) = (size.campaign_of(group).to_string(), group.to_string());
        let place = builder.place(Named::Id(&campaign), Some(Named::Id(&id)));
        let text = builder.text(text);
        let day = Day::from(days.from + jiff::Span::new().days(i64::from(rng.below(60) as u32)));
        let clicks = rng.below(15) as u64;
        let orders = if clicks > 4 { rng.below(3) as u64 } else { 0 };
        let figures = Figures {
            impressions: clicks * 40 + 3,
            clicks,
            spend: Micros(i64::from(clicks as u32) * 900_000),
            orders,
            sales: Micros(i64::from(orders as u32) * 34_900_000),
        };
        builder.push(place, text, day, day, &figures);
    }
    builder.finish(catalog)
}

/// A figure of this process in MB.
fn memory(file: &str, name: &str) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/self/{file}")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or_default() * 1.024 / 1_000.0
}

fn main() {
    let began = Instant::now();
    let size = Size::of(std::env::args().find_map(|word| word.parse().ok()).unwrap_or(ROWS));
    let catalog = catalog(size);
    let positives = positives(size, &catalog);
    let terms = terms(size, &catalog);
    println!(
        "{} negatives, {} positives, {} rows of search terms made in {:.1?}; PSS {:.0} MB",
        catalog.len(),
        positives.len(),
        terms.len(),
        began.elapsed(),
        memory("smaps_rollup", "Pss:")
    );
    // The peak from here on: making the account takes more than auditing it. Where this is refused, the peak is that of
    // all.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let facts = [AccountFacts { capabilities: Some(registry()[0].capabilities()), group: String::new() }];
    let (journal, config) = (JournalFacts::default(), AuditConfig::default());
    let input = Input {
        catalog: &catalog,
        positives: &positives,
        terms: &terms,
        accounts: &facts,
        journal: &journal,
        config: &config,
        rules: &[],
        only: &[],
        since: None,
    };
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let began = Instant::now();
        let Some(report) = audit(&input, &Cancel::default()) else { return };
        times.push(began.elapsed().as_secs_f64());
        println!("{:.2} s, {} findings {:?}", times[times.len() - 1], report.findings.len(), report.counts());
        if times.len() == RUNS {
            println!("PSS with the findings {:.0} MB", memory("smaps_rollup", "Pss:"));
        }
    }
    times.sort_by(f64::total_cmp);
    let (median, peak) = (times[RUNS / 2], memory("status", "VmHWM:"));
    println!("full audit     median {median:.2} s, {:.2} of {} s", median / GOAL.0, GOAL.0);
    println!("peak resident  {peak:.0} MB, {:.2} of {} MB", peak / GOAL.1, GOAL.1);
}
