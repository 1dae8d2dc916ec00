//! What the tests' screens show: three small accounts on platforms with different rules, and their snapshot.

use std::time::Duration;

use super::super::keymap::Keymap;
use super::super::msg::{AccountStart, FetchPlan, PlatformStart, Start};
use super::super::theme::Theme;
use crate::domain::account::{Account, AccountName, Identity};
use crate::domain::campaign::{AdGroup, Campaign, Holds, ParentState, Targeting};
use crate::domain::capabilities::{CapRule, Capabilities, Fact, KindRule, Removal, TextRule};
use crate::domain::catalog::{AccountRow, Catalog, CatalogBuilder, Terms, TermsBuilder};
use crate::domain::ids::PlatformId;
use crate::domain::money::{Currency, Micros};
use crate::domain::negative::{Kind, Level, MatchType, Negative, State};
use crate::domain::term::{Figures, Named, TermPeriod};

const ALL: &[State] = &[State::Enabled, State::Paused];
const BOTH: &[MatchType] = &[MatchType::Exact, MatchType::Phrase];
const FULL: &[(State, State)] = &[
    (State::Enabled, State::Paused),
    (State::Paused, State::Enabled),
    (State::Enabled, State::Archived),
    (State::Paused, State::Archived),
];

const TEXT: TextRule = TextRule {
    most_chars: Fact::documented(80, "test"),
    most_words_exact: Some(Fact::documented(10, "test")),
    most_words_phrase: Some(Fact::documented(4, "test")),
    refused: &[],
    doubtful: |_| false,
};

const fn rule(
    kind: Kind,
    level: Level,
    matches: &'static [MatchType],
    makes: &'static [State],
    moves: &'static [(State, State)],
) -> KindRule {
    KindRule { kind, level, matches, makes, moves, adding: "", pausing: "" }
}

/// A platform with every kind and level, whose archive is final.
pub static RICH: Capabilities = Capabilities {
    title: "Amazon",
    kinds: &[
        rule(Kind::Keyword, Level::Campaign, BOTH, ALL, FULL),
        rule(Kind::Keyword, Level::AdGroup, BOTH, ALL, FULL),
        rule(Kind::Product, Level::AdGroup, &[], ALL, FULL),
        rule(Kind::Brand, Level::AdGroup, &[], ALL, FULL),
    ],
    state_words: &[(State::Enabled, "ENABLED"), (State::Paused, "PAUSED"), (State::Archived, "ARCHIVED")],
    text: TEXT,
    cap: CapRule { per_ad_group: None, per_campaign: None, paused_count: true },
    most_per_create: Fact::documented(1_000, "test"),
    most_per_update: Fact::documented(1_000, "test"),
    removal: Removal::Archive,
    paused_twin_blocks: false,
    stop_words: &[],
    inert_campaigns: &[],
    acts_within: "72 h",
    late_orders_days: Fact::guessed(7, "test"),
    revised_days: Fact::guessed(10, "test"),
};

/// A platform without pause.
pub static NO_PAUSE: Capabilities = Capabilities {
    title: "eBay",
    kinds: &[rule(
        Kind::Keyword,
        Level::AdGroup,
        BOTH,
        &[State::Enabled],
        &[(State::Enabled, State::Archived)],
    )],
    ..RICH
};

/// A platform without delete.
pub static NO_DELETE: Capabilities = Capabilities {
    title: "Sam's Club",
    kinds: &[rule(
        Kind::Keyword,
        Level::AdGroup,
        &[MatchType::Exact],
        ALL,
        &[(State::Enabled, State::Paused), (State::Paused, State::Enabled)],
    )],
    removal: Removal::SwitchOff,
    ..RICH
};

fn account(name: &str, platform: &'static str) -> Account {
    Account {
        name: AccountName::new(name),
        identity: Identity {
            platform: PlatformId::from_static(platform),
            origin: "http://127.0.0.1:4000".into(),
            native: name.into(),
        },
        group: "acme".into(),
        read_only: false,
        protected: false,
        live: false,
    }
}

/// The three accounts of the tests.
pub fn accounts() -> Vec<AccountStart> {
    vec![
        AccountStart { account: account("acme-us", "amazon"), capabilities: &RICH, problem: None },
        AccountStart { account: account("acme-ebay", "ebay"), capabilities: &NO_PAUSE, problem: None },
        AccountStart { account: account("acme-club", "sams"), capabilities: &NO_DELETE, problem: None },
    ]
}

/// What is handed in at start.
pub fn start(accounts: Vec<AccountStart>) -> Start {
    Start {
        version: "0.1.0".to_owned(),
        zone: jiff::tz::TimeZone::UTC,
        config: "~/.config/unbid/config.toml".to_owned(),
        read_only: false,
        accounts,
        platforms: vec![PlatformStart {
            id: PlatformId::from_static("ebay"),
            title: "eBay",
            fields: vec![("client_id", true, "the app's id"), ("ru_name", false, "the app's RuName")],
        }],
        keymap: Keymap::builtin().unwrap(),
        theme: Theme::named("mono", false, false).unwrap(),
        mouse: true,
        motion: true,
        max_age: Duration::from_mins(15),
        said: Vec::new(),
        terms: FetchPlan { at_start: false, max_age: Duration::from_hours(24), days: 60, until: None },
    }
}

fn campaign(id: &str, name: &str, state: ParentState, targeting: Targeting) -> Campaign {
    Campaign {
        id: id.into(),
        name: name.into(),
        state,
        native_state: "ENABLED".into(),
        targeting,
        native_type: "SP".into(),
        holds: Holds::Yes,
    }
}

/// The snapshot of the tests; `names` replaces the first campaign's, its first ad group's and its first negative's.
pub fn catalog(names: [&str; 3]) -> Catalog {
    use ParentState::{Enabled as On, Ended};
    let [espresso, beans, decaf] = names;
    let mut builder = CatalogBuilder::default();
    let ixs: Vec<_> = accounts()
        .into_iter()
        .map(|a| {
            builder.add_account(AccountRow {
                identity: a.account.identity,
                name: a.account.name,
                fetched_at: Some("2026-10-01T11:58:00Z".parse().unwrap()),
                stale: None,
            })
        })
        .collect();
    let (auto, manual) = (Targeting::Auto, Targeting::Manual);
    for (account, id, name, state, targeting) in [
        (0, "c1", espresso, On, manual),
        (0, "c2", "Grinders", On, auto),
        (0, "c3", "Old promo", Ended, auto),
        (1, "c4", "Coffee", On, manual),
        (2, "c5", "Club coffee", On, manual),
    ] {
        builder.add_campaign(ixs[account], campaign(id, name, state, targeting));
    }
    for (account, id, campaign, name) in [
        (0, "g1", "c1", beans),
        (0, "g2", "c1", "Beans phrase"),
        (0, "g3", "c2", "All grinders"),
        (0, "g4", "c3", "Promo"),
        (1, "g5", "c4", "All"),
        (2, "g6", "c5", "Beans"),
    ] {
        let group = AdGroup {
            id: id.into(),
            campaign: campaign.into(),
            name: name.into(),
            state: On,
            native_state: "ENABLED".into(),
        };
        builder.add_ad_group(ixs[account], &group).unwrap();
    }
    let (exact, phrase) = (Some(MatchType::Exact), Some(MatchType::Phrase));
    for (n, (account, campaign, group, text, match_type, state)) in [
        (0, "c1", None, decaf, phrase, State::Enabled),
        (0, "c1", Some("g1"), "decaf espresso beans", exact, State::Enabled),
        (0, "c1", Some("g1"), "decaf pods", exact, State::Enabled),
        (0, "c1", Some("g1"), "instant coffee", exact, State::Paused),
        (0, "c1", Some("g1"), "B07YT8NVF9", None, State::Enabled),
        (0, "c1", Some("g2"), "free decaf", phrase, State::Enabled),
        (0, "c1", Some("g2"), "kcup", phrase, State::Archived),
        (0, "c2", Some("g3"), "manual grinder", phrase, State::Enabled),
        (0, "c2", Some("g3"), "spice grinder", phrase, State::Enabled),
        (0, "c3", Some("g4"), "decaf gift", exact, State::Enabled),
        (1, "c4", Some("g5"), "tea", phrase, State::Enabled),
        (1, "c4", Some("g5"), "cocoa", exact, State::Enabled),
        (2, "c5", Some("g6"), "syrup", exact, State::Enabled),
        (2, "c5", Some("g6"), "sugar", exact, State::Paused),
    ]
    .into_iter()
    .enumerate()
    {
        let native = state.to_string().to_uppercase();
        let negative = Negative {
            id: format!("{}", 1_000 + n).as_str().into(),
            kind: if match_type.is_some() { Kind::Keyword } else { Kind::Product },
            campaign: campaign.into(),
            ad_group: group.map(Into::into),
            text: text.into(),
            brand_name: None,
            match_type,
            state,
            native_state: native.into(),
            created: (n % 2 == 0).then(|| "2026-03-03T09:00:00Z".parse().unwrap()),
        };
        assert!(builder.add_negative(ixs[account], &negative, Some(jiff::civil::date(2025, 11, 11))));
    }
    builder.finish()
}

/// Search terms of the first account: ad group, text, cost in whole units, orders; one row a term, in September.
pub fn terms(catalog: &Catalog, rows: &[(&str, &str, u32, u64)]) -> Terms {
    let mut builder = TermsBuilder::default();
    let [from, to] = [1, 29].map(|day| jiff::civil::date(2026, 9, day));
    let identity = accounts().remove(0).account.identity;
    builder.begin_account(&identity, vec![TermPeriod { from, to }], Some(Currency::new("USD")));
    for (group, text, cost, orders) in rows {
        let campaign = match *group {
            "g3" => "c2",
            "g4" => "c3",
            _ => "c1",
        };
        let (place, text) = (builder.place(Named::Id(campaign), Some(Named::Id(group))), builder.text(text));
        let figures = Figures {
            impressions: 100,
            clicks: u64::from(*cost),
            spend: Micros::from_units(f64::from(*cost) * 1.1),
            orders: *orders,
            sales: Micros::from_units(*orders as f64 * 42.2),
        };
        builder.push(place, text, from.into(), from.into(), &figures);
    }
    builder.finish(catalog)
}

/// The snapshot of the accounts when nothing was ever fetched.
pub fn empty() -> Catalog {
    let mut builder = CatalogBuilder::default();
    for one in accounts() {
        let Account { identity, name, .. } = one.account;
        builder.add_account(AccountRow { identity, name, fetched_at: None, stale: None });
    }
    builder.finish()
}
