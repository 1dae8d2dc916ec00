//! What screen tests share: three small accounts on platforms with different rules, a shell that answers effects
//! from memory at once, key scripts, and the picture as text. No IO, no clock but the one told.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::effect::{Effect, Staging, WordsWanted};
use super::keymap::Keymap;
use super::model::Model;
use super::msg::{
    AccountStart, Around, AuditNow, CatalogNow, FetchPlan, Found, LinesFound, Msg, Opening, PlatformStart,
    Reply, RowId, SnapshotState, StagedNow, Start,
};
use super::overlays::add::sheet;
use super::overlays::places;
use super::theme::Theme;
use super::update::update;
use super::view::{self, Painted};
use crate::domain::account::{Account, AccountName, Identity};
use crate::domain::audit::{self, AccountFacts, AuditConfig, Input, JournalFacts};
use crate::domain::campaign::{AdGroup, Campaign, Holds, ParentState, Targeting};
use crate::domain::capabilities::{CapRule, Capabilities, Fact, KindRule, Removal, TextRule};
use crate::domain::catalog::positives::Positives;
use crate::domain::catalog::{
    AccountIx, AccountRow, Cancel, Catalog, CatalogBuilder, Overlay, Row, Terms, TermsBuilder,
};
use crate::domain::change::Staged;
use crate::domain::clock::Clock;
use crate::domain::ids::{PlanId, PlatformId};
use crate::domain::journal::{Entry, Touches};
use crate::domain::keyword::{Keyword, PositiveMatch};
use crate::domain::money::{Currency, Micros};
use crate::domain::negative::{Kind, Level, MatchType, Negative, State};
use crate::domain::plan::{AccountPlan, Fingerprint, Plan, PlanScope, PlannedChange, PlannedRequest};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{Body, Class, Method, Request};
use crate::domain::sift::{Facts, Sifter};
use crate::domain::simulate::{Asking, Simulator};
use crate::domain::term::{Figures, Named, Review, ReviewKey, TermPeriod, TermRow};

/// The moment at which all screen tests happen.
pub const NOW: &str = "2026-10-01T12:00:00Z";

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

/// The account that a row's campaign is of.
fn of<'c>(catalog: &'c Catalog, row: &TermRow) -> Option<&'c Identity> {
    let id = row.campaign.id()?;
    let campaign = catalog.campaigns().find(|campaign| campaign.id() == *id)?;
    Some(&campaign.account().identity)
}

/// Some search terms of the accounts: waste, what sold, what is blocked, what may be, a product, what is too young.
pub fn term_rows() -> Vec<TermRow> {
    [
        ("c1", "g1", "free coffee beans", 10, 12, 9_400_000, 0, 0),
        ("c1", "g1", "free coffee beans", 11, 2, 1_000_000, 0, 0),
        ("c1", "g1", "espresso beans", 10, 40, 22_000_000, 5, 211_000_000),
        ("c1", "g1", "decaf coffee", 10, 3, 2_000_000, 0, 0),
        ("c1", "g2", "b000000001", 10, 3, 1_500_000, 1, 9_000_000),
        ("c2", "g3", "green grinder", 12, 31, 9_990_000, 0, 0),
        ("c2", "g3", "green grinder", 13, 1, 30_000, 0, 0),
        ("c4", "g5", "loose leaf teas", 12, 4, 3_000_000, 0, 0),
        ("c5", "g6", "caramel sauce", 2, 4, 1_000_000, 0, 0),
    ]
    .into_iter()
    .map(|(campaign, group, text, day, clicks, spend, orders, sales)| {
        let day = jiff::civil::date(2026, 9, day);
        TermRow {
            campaign: Named::Id(campaign.into()),
            ad_group: Some(Named::Id(group.into())),
            text: text.into(),
            from: day,
            to: day,
            figures: Figures {
                impressions: clicks * 90,
                clicks,
                spend: Micros(spend),
                orders,
                sales: Micros(sales),
            },
            currency: Currency::new("USD"),
        }
    })
    .chain([TermRow {
        campaign: Named::Id("c2".into()),
        ad_group: Some(Named::Id("g3".into())),
        text: "young grinder".into(),
        from: jiff::civil::date(2026, 9, 30),
        to: jiff::civil::date(2026, 9, 30),
        figures: Figures { clicks: 5, spend: Micros(4_000_000), ..Figures::default() },
        currency: Currency::new("USD"),
    }])
    .collect()
}

fn accounts_in(model: &Model) -> Vec<Account> {
    model.data.accounts.iter().map(|one| one.account.clone()).collect()
}

/// A model with a shell that answers from memory.
pub struct Shell {
    /// The model.
    pub model: Model,
    /// The snapshot it answers from.
    pub catalog: Arc<Catalog>,
    /// The search terms it answers from; none are loaded at first.
    pub terms: Option<Arc<Terms>>,
    /// What is staged.
    pub staged: Vec<Staged>,
    next: u64,
    /// What was sent.
    pub past: Vec<Entry>,
    /// Which operation touched which negative.
    pub touches: Arc<Touches>,
    /// What goes on around.
    pub around: Around,
    /// The search terms it answers from, as rows.
    pub term_rows: Vec<TermRow>,
    /// What was looked at among them.
    pub reviews: Vec<(ReviewKey, Review)>,
    sifter: Option<Sifter>,
    /// Whether effects are answered at once; else they wait in `asked`.
    pub answers: bool,
    /// Every effect since the last look, but those that only wake.
    pub asked: Vec<Effect>,
}

impl Shell {
    /// A model of a size, started and answered.
    pub fn new(width: u16, height: u16) -> Self {
        Self::with(width, height, start(accounts()))
    }

    /// A model of a size with its own start, answered.
    pub fn with(width: u16, height: u16, start: Start) -> Self {
        let mut shell = Self::asleep(width, height);
        shell.send(Msg::Start(Box::new(start)));
        shell.asked.clear();
        shell
    }

    /// A model of a size that nothing was told.
    pub fn asleep(width: u16, height: u16) -> Self {
        let clock = Clock { wall: NOW.parse().unwrap(), monotonic: Duration::from_secs(1) };
        Self {
            model: Model::new((width, height), clock),
            catalog: Arc::new(catalog(["Espresso", "Beans exact", "decaf"])),
            terms: None,
            staged: Vec::new(),
            next: 1,
            past: Vec::new(),
            touches: Arc::default(),
            around: Around::default(),
            term_rows: Vec::new(),
            reviews: Vec::new(),
            sifter: None,
            answers: true,
            asked: Vec::new(),
        }
    }

    /// Hands a message in, and answers what it asks for.
    pub fn send(&mut self, msg: Msg) {
        let mut todo = VecDeque::from([msg]);
        while let Some(msg) = todo.pop_front() {
            for effect in update(&mut self.model, msg) {
                if matches!(effect, Effect::WakeAt(_)) {
                    continue;
                }
                if self.answers {
                    todo.extend(self.answer(&effect));
                }
                self.asked.push(effect);
            }
        }
    }

    fn overlay(&self) -> Arc<Overlay> {
        Arc::new(Overlay::new(&self.catalog, &self.staged))
    }

    fn answer(&mut self, effect: &Effect) -> Option<Msg> {
        let (ticket, reply) = match effect {
            Effect::LoadOpening(ticket, _) => {
                let state = SnapshotState {
                    fetched: Some("2026-10-01T11:58:00Z".parse().unwrap()),
                    stale: None,
                    campaigns: 3,
                    negatives: 9,
                };
                let accounts = accounts().into_iter().map(|a| (a.account.identity, state.clone())).collect();
                let opening =
                    Opening { accounts, staged: self.staged.clone(), rows: Vec::new(), terms: Vec::new() };
                (*ticket, Reply::Opening(opening))
            }
            Effect::LoadCatalog(ticket) => {
                let now = CatalogNow {
                    catalog: self.catalog.clone(),
                    overlay: self.overlay(),
                    touches: Arc::clone(&self.touches),
                };
                (*ticket, Reply::Catalog(now))
            }
            Effect::Query(ticket, wanted) => {
                let rows = self.catalog.query(&wanted.query, &self.overlay(), None, &Cancel::default())?;
                let kept = wanted.keep.as_ref().and_then(|id| {
                    rows.iter().position(|row| match (row, id) {
                        (Row::Existing(ix), RowId::Existing(_, key)) => self.catalog.negative(ix).key() == *key,
                        (Row::Added(number), RowId::Added(kept)) => number == *kept,
                        _ => false,
                    })
                });
                (*ticket, Reply::Found(Found { rows, kept }))
            }
            Effect::FindPlaces(ticket, text) => {
                (*ticket, Reply::Places(places::find(&self.catalog, text, &Cancel::default())?))
            }
            Effect::Judge(ticket, asked) => {
                let of = |id: &Identity| self.model.data.account(id).map(|a| a.capabilities);
                (*ticket, Reply::Judged(sheet::judge(asked, &self.catalog, &self.overlay(), of)))
            }
            Effect::Simulate(ticket, questions, list) => {
                let of = |id: &Identity| self.model.data.account(id).map(|a| a.capabilities);
                let terms =
                    self.terms.clone().unwrap_or_else(|| Arc::new(Terms::default().rebind(&self.catalog)));
                let simulator = Simulator::new(Arc::clone(&self.catalog), terms, None);
                let asking = Asking { from: None, list: *list };
                (*ticket, Reply::Simulated(Arc::new(simulator.ask(questions, asking, of, || false)?)))
            }
            Effect::Stage(ticket, staging) => {
                let (dropped, kept) =
                    self.staged.drain(..).partition(|s: &Staged| staging.drop.contains(&s.number));
                self.staged = kept;
                let mut added = Vec::new();
                let new = staging.add.iter().map(|(account, change)| (account.clone(), change.clone()));
                let back = staging.restore.iter().map(|s| (s.account.clone(), s.change.clone()));
                for (account, change) in new.chain(back) {
                    added.push(self.next);
                    self.staged.push(Staged { number: self.next, account, change, at: NOW.parse().unwrap() });
                    self.next += 1;
                }
                let (notes, overlay) = (Vec::new(), self.overlay());
                let now = StagedNow { all: self.staged.clone(), added, dropped, notes, overlay };
                (*ticket, Reply::Staged(now))
            }
            Effect::LoadTerms(ticket) => {
                let sifter = self.sift();
                self.sifter = Some(sifter.clone());
                (*ticket, Reply::Terms(sifter))
            }
            Effect::QueryTerms(ticket, wanted) => {
                let sifter = self.sifter.clone()?;
                let rows = sifter.query(&wanted.query, &Cancel::default())?;
                let kept = wanted.keep.as_ref().and_then(|key| rows.position(sifter.find(key)?));
                (*ticket, Reply::Lines(LinesFound { sifter, rows, kept }))
            }
            Effect::SumWords(ticket, wanted) => {
                let sifter = self.sifter.clone()?;
                let words = match wanted.as_ref() {
                    WordsWanted::Lines(query) => sifter.ngrams(query, &Cancel::default())?,
                    WordsWanted::Term(key) => sifter.ngrams_of(sifter.find(key)?, &Cancel::default())?,
                };
                (*ticket, Reply::Words(Arc::new(words)))
            }
            Effect::Review(ticket, reviews) => {
                for (key, review) in reviews {
                    self.reviews.retain(|(known, _)| known != key);
                    self.reviews.extend(review.clone().map(|review| (key.clone(), review)));
                }
                (*ticket, Reply::Reviewed)
            }
            Effect::Audit(ticket) => (*ticket, Reply::Audit(self.audit())),
            Effect::LoadHistory(ticket, _) => (*ticket, Reply::History(self.past.clone())),
            Effect::LookAround(ticket) => (*ticket, Reply::Around(self.around.clone())),
            Effect::BuildPlan(ticket, only) => (*ticket, Reply::Plan(Arc::new(self.plan(only.as_deref())))),
            _ => return None,
        };
        Some(Msg::Done(ticket, Ok(reply)))
    }

    fn sift(&self) -> Sifter {
        let mut builder = TermsBuilder::default();
        for account in self.catalog.accounts() {
            let own = self.term_rows.iter().filter(|row| of(&self.catalog, row) == Some(&account.identity));
            let days = own.clone().map(|row| TermPeriod { from: row.from, to: row.to });
            let days: Vec<TermPeriod> = days.reduce(TermPeriod::join).into_iter().collect();
            builder.begin_account(&account.identity, days, Some(Currency::new("USD")));
            for row in own {
                let group = row.ad_group.as_ref().and_then(Named::id).map(|id| Named::Id(id.raw()));
                let place = builder.place(Named::Id(row.campaign.id().unwrap().raw()), group);
                let text = builder.text(row.text.raw());
                builder.push(place, text, row.from.into(), row.to.into(), &row.figures);
            }
        }
        let terms = Arc::new(builder.finish(&self.catalog));
        let facts: Vec<Facts> = accounts()
            .into_iter()
            .map(|one| Facts { identity: one.account.identity, capabilities: one.capabilities })
            .collect();
        let today = jiff::civil::date(2026, 10, 1);
        let catalog = Arc::clone(&self.catalog);
        let all =
            Sifter::new(catalog, terms, &self.overlay(), &facts, &self.reviews, today, &Cancel::default());
        all.expect("nobody cancels")
    }

    /// An audit of the snapshot, with two positives in `Beans exact` and one in `Beans phrase`.
    fn audit(&self) -> AuditNow {
        let positive = |id: &str, group: &str, match_type, text: &str| Keyword {
            id: id.into(),
            campaign: "c1".into(),
            ad_group: group.into(),
            text: text.into(),
            match_type,
            state: ParentState::Enabled,
            native_state: "ENABLED".into(),
        };
        let keywords = [
            positive("k1", "g1", PositiveMatch::Exact, "decaf pods"),
            positive("k2", "g1", PositiveMatch::Exact, "espresso beans"),
            positive("k3", "g2", PositiveMatch::Broad, "best free decaf"),
        ];
        let positives = Positives::bind(&self.catalog, AccountIx(0), &keywords);
        let terms = self.terms.clone().unwrap_or_else(|| Arc::new(Terms::default().rebind(&self.catalog)));
        let facts: Vec<AccountFacts> = accounts()
            .into_iter()
            .map(|one| AccountFacts { capabilities: Some(one.capabilities), group: String::new() })
            .collect();
        let input = Input {
            catalog: &self.catalog,
            positives: &positives,
            terms: &terms,
            accounts: &facts,
            journal: &JournalFacts::default(),
            config: &AuditConfig::default(),
            rules: &[],
            only: &[],
            since: None,
        };
        let report = audit::audit(&input, &Cancel::default()).unwrap();
        AuditNow {
            catalog: Arc::clone(&self.catalog),
            positives: Arc::new(positives),
            terms,
            report: Arc::new(report),
            ignored: Arc::default(),
            baseline: "/data/audit-ignored.toml".to_owned(),
        }
    }

    /// Stages as the shell does, without keys.
    pub fn stage(&mut self, staging: Staging) {
        let ticket = self.model.tickets.draw();
        let msg = self.answer(&Effect::Stage(ticket, Box::new(staging))).unwrap();
        self.send(msg);
    }

    /// A plan of what is staged: one request for each account and sort of change; one text cannot be sent.
    fn plan(&self, only: Option<&[u64]>) -> Plan {
        let mut accounts: Vec<AccountPlan> = Vec::new();
        for one in accounts_in(&self.model) {
            let own: Vec<&Staged> = self
                .staged
                .iter()
                .filter(|s| s.account == one.identity && only.is_none_or(|only| only.contains(&s.number)))
                .collect();
            if own.is_empty() {
                continue;
            }
            let mut requests: Vec<PlannedRequest> = Vec::new();
            let mut changes = Vec::new();
            for staged in own {
                let stuck = staged.change.text().raw() == "instant coffee" || one.read_only;
                let problem = stuck.then(|| {
                    Problem::new(ProblemKind::Usage, "the ad group is full")
                        .detail("it holds 1,000, the most there may be")
                        .hint("Remove some first.")
                });
                let cautions = if staged.change.ad_group().is_none() {
                    vec!["mind the campaign".to_owned()]
                } else {
                    vec![]
                };
                changes.push(PlannedChange {
                    number: staged.number,
                    change: staged.change.clone(),
                    fingerprint: Fingerprint {
                        match_type: None,
                        text: staged.change.text().clone(),
                        state: None,
                        campaign_native_state: "ENABLED".into(),
                        ad_group_native_state: None,
                    },
                    problem,
                    cautions,
                });
                if stuck {
                    continue;
                }
                let operation = staged.change.action();
                match requests.iter_mut().find(|one| one.request.operation == operation) {
                    Some(request) => request.changes.push(staged.number),
                    None => requests.push(PlannedRequest {
                        request: Request {
                            operation: operation.into(),
                            method: Method::Post,
                            url: format!("{}/negatives", one.identity.origin),
                            headers: vec![("content-type".into(), "application/json".to_owned())],
                            secret_headers: vec!["authorization".into()],
                            body: Body::Json(
                                serde_json::json!({"negatives": [{"text": staged.change.text().raw()}]}),
                            ),
                            class: Class::Update,
                        },
                        changes: vec![staged.number],
                    }),
                }
            }
            accounts.push(AccountPlan { account: one.identity, name: one.name, changes, requests });
        }
        let id = PlanId::from_uuid(uuid::Uuid::from_u128(u128::from(self.next)));
        Plan { id, made: NOW.parse().unwrap(), scope: PlanScope::Whole, accounts }
    }

    /// Presses keys, written as in the keymap and parted by spaces.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ') {
            let (code, mods) = match key {
                "enter" => (KeyCode::Enter, KeyModifiers::NONE),
                "esc" => (KeyCode::Esc, KeyModifiers::NONE),
                "tab" => (KeyCode::Tab, KeyModifiers::NONE),
                "shift-tab" => (KeyCode::BackTab, KeyModifiers::SHIFT),
                "space" => (KeyCode::Char(' '), KeyModifiers::NONE),
                "backspace" => (KeyCode::Backspace, KeyModifiers::NONE),
                "up" => (KeyCode::Up, KeyModifiers::NONE),
                "down" => (KeyCode::Down, KeyModifiers::NONE),
                "left" => (KeyCode::Left, KeyModifiers::NONE),
                "right" => (KeyCode::Right, KeyModifiers::NONE),
                other => match other.strip_prefix("ctrl-") {
                    Some(c) => (KeyCode::Char(c.chars().next().unwrap()), KeyModifiers::CONTROL),
                    None => (KeyCode::Char(other.chars().next().unwrap()), KeyModifiers::NONE),
                },
            };
            self.send(Msg::Key(KeyEvent::new(code, mods)));
        }
        self
    }

    /// Types text, letter by letter.
    pub fn type_text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.send(Msg::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)));
        }
        self
    }

    /// Clicks where this text stands first.
    pub fn click(&mut self, text: &str) -> &mut Self {
        let picture = self.picture();
        let (row, line) = picture.lines().enumerate().find(|(_, line)| line.contains(text)).unwrap();
        let column = line[..line.find(text).unwrap()].chars().count() as u16;
        self.mouse(MouseEventKind::Down(MouseButton::Left), column, row as u16)
    }

    /// Turns the wheel down over a cell.
    pub fn wheel(&mut self, column: u16, row: u16) -> &mut Self {
        self.mouse(MouseEventKind::ScrollDown, column, row)
    }

    fn mouse(&mut self, kind: MouseEventKind, column: u16, row: u16) -> &mut Self {
        self.send(Msg::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }));
        self
    }

    /// Lets time pass.
    pub fn wait(&mut self, time: Duration) -> &mut Self {
        let Clock { wall, monotonic } = self.model.data.clock;
        self.send(Msg::Clock(Clock { wall: wall + time, monotonic: monotonic + time }));
        self
    }

    /// The effects since the last look.
    pub fn effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.asked)
    }

    fn painted(&self) -> (Buffer, Painted) {
        let (width, height) = self.model.data.size;
        let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
        let painted = view::paint(&self.model, &mut buf);
        (buf, painted)
    }

    /// The picture as text, without the spaces at the ends of lines.
    pub fn picture(&self) -> String {
        let (buf, _) = self.painted();
        let line = |y: u16| {
            let mut line = String::new();
            let mut skip = 0;
            for x in 0..buf.area.width {
                let symbol = buf[(x, y)].symbol();
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                skip = unicode_width::UnicodeWidthStr::width(symbol).saturating_sub(1);
                line.push_str(symbol);
            }
            line.trim_end().to_owned()
        };
        (0..buf.area.height).map(line).collect::<Vec<_>>().join("\n")
    }

    /// The one line of the picture that holds a text.
    pub fn line_with(&self, text: &str) -> String {
        let picture = self.picture();
        picture
            .lines()
            .find(|line| line.contains(text))
            .unwrap_or_else(|| panic!("no {text:?} in\n{picture}"))
            .to_owned()
    }

    /// Whether a text is on the screen.
    pub fn shows(&self, text: &str) -> bool {
        self.picture().contains(text)
    }

    /// Paints at a size; for tests that only want no panic.
    pub fn resize(&mut self, width: u16, height: u16) {
        self.send(Msg::Resized(width, height));
        let _ = self.picture();
    }
}
