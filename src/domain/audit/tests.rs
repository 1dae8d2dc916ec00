//! The rules on small accounts made line by line, the cases from the field among them. Whole worlds are audited in
//! `tests/audit.rs`.

use jiff::civil::{Date, date};

use super::super::campaign::{Campaign, ParentState, Targeting};
use super::super::capabilities::{CapRule, Capabilities, Certainty, Fact, KindRule, Removal, TextRule};
use super::super::catalog::fixture::{account, ad_group, campaign, keyword};
use super::super::catalog::positives::Positives;
use super::super::catalog::{
    AccountIx, AdGroupSlot, CampaignSlot, Cancel, Catalog, CatalogBuilder, NegIx, NegativeRow, Terms,
    TermsBuilder,
};
use super::super::keyword::{Keyword, PositiveMatch};
use super::super::money::{Currency, Micros};
use super::super::negative::{Kind, Level, MatchType, State};
use super::super::term::{Figures, Named, TermPeriod};
use super::*;

use MatchType::{Exact, Phrase};

const fn sort(kind: Kind, level: Level, matches: &'static [MatchType]) -> KindRule {
    KindRule { kind, level, matches, makes: &[State::Enabled], moves: &[], adding: "", pausing: "" }
}

/// A platform with both levels, products, and room for ten in an ad group.
static RICH: Capabilities = Capabilities {
    title: "Rich",
    kinds: &[
        sort(Kind::Keyword, Level::AdGroup, &[Exact, Phrase]),
        sort(Kind::Keyword, Level::Campaign, &[Exact, Phrase]),
        sort(Kind::Product, Level::AdGroup, &[]),
        sort(Kind::Product, Level::Campaign, &[]),
    ],
    state_words: &[],
    text: TextRule {
        most_chars: Fact::guessed(80, "test"),
        most_words_exact: Some(Fact::guessed(10, "test")),
        most_words_phrase: Some(Fact::guessed(4, "test")),
        refused: &[],
        doubtful: |_| false,
    },
    cap: CapRule {
        per_ad_group: Some(Fact { value: 10, certainty: Certainty::Guessed, source: "test" }),
        per_campaign: None,
        paused_count: false,
    },
    most_per_create: Fact::guessed(10, "test"),
    most_per_update: Fact::guessed(10, "test"),
    removal: Removal::Archive,
    paused_twin_blocks: false,
    stop_words: &["for"],
    acts_within: "",
    late_orders_days: Fact::guessed(7, "test"),
    revised_days: Fact::guessed(10, "test"),
    inert_campaigns: &[],
};

/// One account with the campaigns `Manual` (ad groups `Beans`, `Pods`), `Auto` (`All`) and the ended `Over` (`Gone`).
struct World {
    builder: CatalogBuilder,
    manual: CampaignSlot,
    over: CampaignSlot,
    auto: CampaignSlot,
    beans: AdGroupSlot,
    pods: AdGroupSlot,
    all: AdGroupSlot,
    gone: AdGroupSlot,
    next: u32,
    positives: Vec<Keyword>,
    terms: Vec<TermLine>,
    config: AuditConfig,
    journal: Vec<(&'static str, Date)>,
    since: Option<Date>,
}

/// Ad group, text, days, clicks, orders.
type TermLine = (&'static str, &'static str, (Date, Date), u64, u64);

const FIRST_SEEN: Date = date(2026, 9, 1);

impl World {
    fn new() -> Self {
        let mut builder = CatalogBuilder::default();
        let us = builder.add_account(account("acme-us"));
        let manual = builder.add_campaign(us, campaign("1", "Manual"));
        let auto = builder.add_campaign(us, Campaign { targeting: Targeting::Auto, ..campaign("2", "Auto") });
        let over = builder.add_campaign(us, Campaign { state: ParentState::Ended, ..campaign("3", "Over") });
        let beans = ad_group(&mut builder, manual, "11", "Beans");
        let pods = ad_group(&mut builder, manual, "12", "Pods");
        let all = ad_group(&mut builder, auto, "21", "All");
        let gone = ad_group(&mut builder, over, "31", "Gone");
        Self {
            builder,
            manual,
            over,
            auto,
            beans,
            pods,
            all,
            gone,
            next: 100,
            positives: Vec::new(),
            terms: Vec::new(),
            config: AuditConfig::default(),
            journal: Vec::new(),
            since: None,
        }
    }

    /// A negative of an ad group of `Manual`, or with `None` of the campaign itself.
    fn negative(mut self, group: Option<AdGroupSlot>, match_type: MatchType, text: &str) -> Self {
        let campaign = match group {
            Some(group) if group == self.all => self.auto,
            Some(group) if group == self.gone => self.over,
            _ => self.manual,
        };
        self.push(campaign, group, State::Enabled, match_type, text);
        self
    }

    fn in_state(mut self, state: State, match_type: MatchType, text: &str) -> Self {
        self.push(self.manual, Some(self.beans), state, match_type, text);
        self
    }

    fn push(
        &mut self,
        campaign: CampaignSlot,
        group: Option<AdGroupSlot>,
        state: State,
        match_type: MatchType,
        text: &str,
    ) {
        self.next += 1;
        let id = self.next.to_string();
        let row = keyword(campaign, group, &id, match_type, text);
        self.builder.push_negative(NegativeRow { state, first_seen: Some(FIRST_SEEN), ..row });
    }

    fn positive(self, group: &str, match_type: PositiveMatch, text: &str) -> Self {
        self.positive_in(group, match_type, text, ParentState::Enabled)
    }

    fn positive_in(mut self, group: &str, match_type: PositiveMatch, text: &str, state: ParentState) -> Self {
        let campaign = &group[..1];
        self.positives.push(Keyword {
            id: format!("k{}", self.positives.len()).as_str().into(),
            campaign: campaign.into(),
            ad_group: group.into(),
            text: text.into(),
            match_type,
            state,
            native_state: "".into(),
        });
        self
    }

    /// A row of search terms of one day of August or September.
    fn term(
        mut self,
        group: &'static str,
        text: &'static str,
        (month, day): (i8, i8),
        clicks: u64,
        orders: u64,
    ) -> Self {
        let day = date(2026, month, day);
        self.terms.push((group, text, (day, day), clicks, orders));
        self
    }

    fn run(self) -> Done {
        let catalog = self.builder.finish();
        let positives = Positives::bind(&catalog, AccountIx(0), &self.positives);
        let mut builder = TermsBuilder::default();
        let days = TermPeriod { from: date(2026, 8, 1), to: date(2026, 9, 30) };
        let identity = catalog.account(AccountIx(0)).identity.clone();
        builder.begin_account(&identity, vec![days], Some(Currency::new("USD")));
        for (group, text, (from, to), clicks, orders) in self.terms {
            // A campaign alone: the report names no ad group.
            let own = (group.len() > 1).then_some(Named::Id(group));
            let (place, text) = (builder.place(Named::Id(&group[..1]), own), builder.text(text));
            let figures = Figures {
                impressions: clicks * 20,
                clicks,
                spend: Micros(i64::try_from(clicks).unwrap() * 1_000_000),
                orders,
                sales: Micros(i64::try_from(orders).unwrap() * 30_000_000),
            };
            builder.push(place, text, from.into(), to.into(), &figures);
        }
        let terms = builder.finish(&catalog);
        let mut journal = JournalFacts::default();
        for (id, day) in self.journal {
            journal.added.extend(catalog.find_id(&id.into()).map(|row| (row, day)));
        }
        let facts = [AccountFacts { capabilities: Some(&RICH), group: String::new() }];
        let report = {
            let input = Input {
                catalog: &catalog,
                positives: &positives,
                terms: &terms,
                accounts: &facts,
                journal: &journal,
                config: &self.config,
                rules: &[],
                only: &[],
                since: self.since,
            };
            audit(&input, &Cancel::default()).unwrap()
        };
        Done { catalog, terms, positives, report }
    }
}

struct Done {
    catalog: Catalog,
    terms: Terms,
    positives: Positives,
    report: Report,
}

impl Done {
    fn of(&self, rule: &str) -> Vec<&Finding> {
        self.report.findings.iter().filter(|one| one.info().id == rule).collect()
    }

    /// The rules that found something, in order.
    fn rules(&self) -> Vec<&'static str> {
        let mut rules: Vec<&str> = self.report.findings.iter().map(|one| one.info().id).collect();
        rules.dedup();
        rules
    }

    fn ids(&self, rows: &[NegIx]) -> Vec<String> {
        rows.iter().map(|row| self.catalog.negative(*row).id().raw().to_owned()).collect()
    }
}

fn beans() -> (World, AdGroupSlot) {
    let world = World::new();
    let beans = world.beans;
    (world, beans)
}

#[test]
fn an_account_whose_terms_are_all_too_old_has_none_to_speak_of() {
    let blind = |since| {
        let world = World { since, ..World::new() }.term("11", "decaf pods", (9, 5), 20, 5);
        world.run().report.without_terms.len()
    };
    assert_eq!((blind(None), blind(Some(date(2026, 9, 5))), blind(Some(date(2026, 9, 6)))), (0, 0, 1));
}

#[test]
fn a_row_that_reaches_the_day_is_looked_at_whole() {
    let blind = |since| {
        let mut world = World { since: Some(since), ..World::new() };
        world.terms.push(("11", "decaf pods", (date(2026, 9, 1), date(2026, 9, 7)), 20, 5));
        world.run().report.without_terms.len()
    };
    assert_eq!((blind(date(2026, 9, 4)), blind(date(2026, 9, 7)), blind(date(2026, 9, 8))), (0, 0, 1));
}

#[test]
fn archived_and_paused_negatives_block_nothing() {
    for state in [State::Paused, State::Archived] {
        let (world, _) = beans();
        let done = world
            .in_state(state, Exact, "decaf pods")
            .in_state(state, Exact, "decaf pods")
            .positive("11", PositiveMatch::Exact, "decaf pods")
            .term("11", "decaf pods", (8, 5), 20, 5)
            .run();
        assert_eq!(done.rules(), [""; 0], "{state}");
    }
}

#[test]
fn a_negative_in_an_ended_campaign_is_idle_and_conflicts_with_nothing() {
    let world = World::new();
    let gone = world.gone;
    let done = world
        .negative(Some(gone), Phrase, "decaf")
        .positive("31", PositiveMatch::Exact, "decaf pods")
        .positive("11", PositiveMatch::Exact, "decaf pods")
        .term("31", "decaf pods", (8, 5), 20, 5)
        .run();
    assert_eq!(done.rules(), ["dead"]);
    assert!(done.of("dead")[0].message.contains("campaign ended"));
}

#[test]
fn negatives_are_not_counted_as_keywords() {
    let (world, beans) = beans();
    let done = world.negative(Some(beans), Exact, "decaf pods").negative(None, Phrase, "decaf gift").run();
    assert_eq!(done.rules(), [""; 0]);
}

#[test]
fn case_and_spaces_do_not_matter_and_words_are_whole() {
    let (world, beans) = beans();
    let done = world
        .negative(Some(beans), Exact, "Decaf  PODS")
        .positive("11", PositiveMatch::Exact, " decaf pods")
        .negative(Some(beans), Phrase, "car")
        .positive("11", PositiveMatch::Exact, "green card")
        .run();
    assert_eq!(done.rules(), ["conflict-full"]);
    let [one] = done.of("conflict-full")[..] else { panic!() };
    assert_eq!((one.severity, one.keywords.len()), (Severity::Error, 1));
    assert_eq!(one.fix, Some(Fix::remove(one.negatives.clone())));
}

#[test]
fn harvest_and_isolate_is_no_mistake() {
    let world = World::new();
    let all = world.all;
    let done = world
        .negative(Some(all), Exact, "decaf pods")
        .positive("11", PositiveMatch::Exact, "decaf pods")
        .positive("21", PositiveMatch::Broad, "decaf pods")
        .term("21", "decaf pods", (8, 5), 20, 5)
        .run();
    assert_eq!(done.rules(), ["harvested", "conflict-intended"]);
    assert_eq!(done.report.counts(), Counts { hidden: 2, ..Counts::default() });
}

#[test]
fn conflicts_are_told_apart_by_match_types() {
    use PositiveMatch::{Broad, Exact as Ex, Phrase as Ph};
    for (negative, positive, rule) in [
        ((Exact, "decaf pods"), (Ex, "decaf pods"), Some("conflict-full")),
        ((Phrase, "decaf"), (Ex, "decaf pods"), Some("conflict-full")),
        ((Phrase, "decaf"), (Ph, "best decaf pods"), Some("conflict-full")),
        ((Phrase, "decaf pods"), (Ph, "decaf pods"), Some("conflict-full")),
        ((Phrase, "decaf pods"), (Broad, "best decaf pods"), Some("conflict-partial")),
        ((Phrase, "decaf pods"), (Broad, "decaf pods"), Some("conflict-intended")),
        ((Exact, "decaf pods"), (Ph, "decaf pods"), Some("conflict-intended")),
        ((Exact, "decaf pod"), (Ex, "decaf pods"), Some("conflict-may")),
        ((Phrase, "decaf-pods"), (Broad, "best decaf pods"), Some("conflict-may")),
        ((Exact, "decaf pods"), (Broad, "best decaf pods"), None),
        ((Exact, "decaf pod"), (Broad, "decaf pods"), None),
        ((Phrase, "pods decaf"), (Ex, "decaf pods"), None),
    ] {
        let (world, beans) = beans();
        let done =
            world.negative(Some(beans), negative.0, negative.1).positive("11", positive.0, positive.1).run();
        let found: Vec<&str> = done.rules().into_iter().filter(|rule| rule.starts_with("conflict")).collect();
        assert_eq!(found, Vec::from_iter(rule), "{negative:?} {positive:?}");
    }
}

#[test]
fn a_conflict_needs_the_same_scope() {
    let (world, beans) = beans();
    let done = world
        .negative(Some(beans), Exact, "decaf pods")
        .positive("12", PositiveMatch::Exact, "decaf pods")
        .run();
    assert!(done.of("conflict-full").is_empty());
    let done = World::new()
        .negative(None, Exact, "decaf pods")
        .positive("12", PositiveMatch::Exact, "decaf pods")
        .run();
    assert_eq!(done.of("conflict-full").len(), 1);
}

#[test]
fn ids_outlive_native_ids_and_the_order_of_rows() {
    let ids = |first: &str, second: &str| {
        let (mut world, beans) = beans();
        world.next += u32::from(first > second) * 500;
        let done = world
            .negative(Some(beans), Exact, first)
            .negative(Some(beans), Exact, second)
            .positive("11", PositiveMatch::Exact, "a")
            .positive("11", PositiveMatch::Exact, "b")
            .run();
        let found: Vec<_> = done.of("conflict-full").iter().map(|one| one.id).collect();
        found
    };
    assert_eq!(ids("a", "b").len(), 2);
    assert_eq!(ids("a", "b"), ids("B ", "A"));
}

#[test]
fn equal_ones_are_duplicates_and_covered_ones_superfluous() {
    let (world, beans) = beans();
    let done = world
        .negative(Some(beans), Exact, "decaf pods")
        .negative(Some(beans), Exact, "Decaf Pods")
        .negative(None, Phrase, "decaf")
        .run();
    let [twice] = done.of("duplicate")[..] else { panic!() };
    assert_eq!(done.ids(&twice.negatives).len(), 2);
    // All but the oldest go.
    assert_eq!(done.ids(&twice.fix.as_ref().unwrap().remove).len(), 1);
    let [covered] = done.of("redundant")[..] else { panic!() };
    assert_eq!((covered.severity, covered.negatives.len()), (Severity::Info, 3));
}

#[test]
fn an_exact_never_covers_a_phrase_nor_its_own_place_an_equal() {
    let (world, beans) = beans();
    let done = world.negative(None, Exact, "decaf").negative(Some(beans), Phrase, "decaf").run();
    assert!(done.of("redundant").is_empty());
    let (world, _) = self::beans();
    let pods = world.pods;
    let done = world.negative(None, Exact, "decaf").negative(Some(pods), Exact, "decaf").run();
    assert_eq!(done.of("redundant").len(), 1, "an equal exact at the campaign does");
}

#[test]
fn limits_are_told_at_nine_tenths_and_make_superfluous_ones_a_warning() {
    let filled_to = |count: usize| {
        let (mut world, beans) = beans();
        for n in 1..count {
            world = world.negative(Some(beans), Exact, &format!("word{n} pods"));
        }
        world.negative(Some(beans), Phrase, "word1").run()
    };
    assert!(filled_to(8).of("near-limit").is_empty());
    assert_eq!(filled_to(8).of("redundant")[0].severity, Severity::Info);
    assert_eq!(filled_to(9).of("near-limit").len(), 1);
    assert_eq!(filled_to(9).of("redundant")[0].severity, Severity::Warning);
    let full = filled_to(10);
    assert_eq!((full.of("near-limit").len(), full.of("at-limit").len()), (0, 1));
    assert_eq!(full.of("at-limit")[0].severity, Severity::Error);
}

#[test]
fn what_sold_before_counts_and_what_sold_after_is_told() {
    let blocked = |rows: &[((i8, i8), u64)]| {
        let (mut world, beans) = beans();
        world = world.negative(Some(beans), Exact, "decaf pods");
        for (day, orders) in rows {
            world = world.term("11", "decaf pods", *day, 10, *orders);
        }
        world.run()
    };
    let before = blocked(&[((8, 5), 1), ((8, 9), 1)]);
    let [lost] = before.of("conflict-revenue")[..] else { panic!("{:?}", before.rules()) };
    assert_eq!((lost.severity, lost.figures.unwrap().orders, lost.rank), (Severity::Error, 2, 60_000_000));
    assert_eq!(lost.days, Some(TermPeriod { from: date(2026, 8, 5), to: date(2026, 8, 9) }));
    assert!(lost.message.contains("had 2 orders, $60.00 (2026-08-05 to 2026-08-09)"), "{}", lost.message);
    assert!(blocked(&[((8, 5), 1)]).of("conflict-revenue").is_empty(), "one order is too few");
    for day in [2, 3, 4] {
        let soon = blocked(&[((9, day), 5)]);
        assert!(soon.of("conflict-revenue").is_empty(), "made on the first, it takes three days to act: {day}");
    }
    for day in [5, 20] {
        let after = blocked(&[((9, day), 1)]);
        assert!(after.of("conflict-revenue")[0].message.contains("still sold"), "{day}");
    }
}

#[test]
fn an_orphan_is_an_error_with_orders_and_a_warning_without() {
    let orphan = |orders| {
        let world = World::new();
        let all = world.all;
        let done = world
            .negative(Some(all), Exact, "decaf pods")
            .positive_in("11", PositiveMatch::Exact, "decaf pods", ParentState::Paused)
            .term("21", "decaf pods", (8, 5), 20, orders)
            .run();
        let found: Vec<_> = done.of("harvest-orphan").iter().map(|one| one.severity).collect();
        assert!(done.of("conflict-revenue").is_empty());
        found
    };
    assert_eq!((orphan(5), orphan(0)), (vec![Severity::Error], vec![Severity::Warning]));
}

#[test]
fn a_leak_is_where_a_wide_campaign_shows_what_an_exact_keyword_sells() {
    let leak = |blocked: bool| {
        let world = World::new();
        let all = world.all;
        let world = if blocked { world.negative(Some(all), Exact, "decaf pods") } else { world };
        let done = world
            .positive("11", PositiveMatch::Exact, "decaf pods")
            .term("11", "decaf pods", (8, 5), 20, 3)
            .term("21", "decaf pods", (8, 6), 7, 0)
            .run();
        done.of("harvest-leak").iter().map(|one| one.rank).collect::<Vec<_>>()
    };
    assert_eq!(leak(false), [7_000_000]);
    assert!(leak(true).is_empty());
}

#[test]
fn waste_needs_clicks_days_and_time_to_sell() {
    let waste = |rows: &[((i8, i8), u64)], own: bool| {
        let mut world = World::new();
        if own {
            world = world.positive("11", PositiveMatch::Exact, "prank pods");
        }
        for (day, clicks) in rows {
            world = world.term("11", "prank pods", *day, *clicks, 0);
        }
        // The rate is the usual one: 30 clicks are three times what an order takes.
        world.run().of("waste").len()
    };
    assert_eq!(waste(&[((8, 5), 15), ((8, 6), 15)], false), 1);
    assert_eq!(waste(&[((8, 5), 14), ((8, 6), 15)], false), 0, "too few clicks");
    assert_eq!(waste(&[((8, 5), 30)], false), 0, "one day");
    assert_eq!(waste(&[((8, 5), 15), ((9, 28), 15)], false), 0, "the newest days may still sell");
    assert_eq!(waste(&[((8, 5), 15), ((8, 6), 15)], true), 0, "its own exact keyword bought it");
}

#[test]
fn of_singular_and_plural_the_costlier_is_suggested() {
    let mut world = World::new();
    for (text, clicks) in [("prank pod", 16), ("prank pods", 20), ("prank pot", 18)] {
        world = world.term("11", text, (8, 5), clicks, 0).term("11", text, (8, 9), clicks, 0);
    }
    // The same words elsewhere are another matter.
    world = world.term("12", "prank pod", (8, 5), 16, 0).term("12", "prank pod", (8, 9), 16, 0);
    let done = world.run();
    let exact: Vec<_> = done
        .of("waste")
        .iter()
        .filter(|one| one.subject.match_type == Some(Exact))
        .map(|one| one.subject.text.as_str())
        .collect();
    assert_eq!(exact, ["prank pods", "prank pot", "prank pod"]);
}

#[test]
fn what_a_report_names_no_ad_group_of_can_be_any_exact_keywords_of_the_campaign() {
    let waste = |own: Option<&str>| {
        let mut world = World::new();
        if let Some(group) = own {
            world = world.positive(group, PositiveMatch::Exact, "prank pods");
        }
        let world = world.term("1", "prank pods", (8, 5), 20, 0).term("1", "prank pods", (8, 9), 20, 0);
        world.run().of("waste").len()
    };
    assert_eq!((waste(None), waste(Some("12")), waste(Some("21"))), (1, 0, 1));
}

#[test]
fn a_keyword_in_an_ended_campaign_orphans_its_term() {
    let rules = |group: &'static str| {
        let world = World::new();
        let all = world.all;
        let done = world
            .negative(Some(all), Exact, "decaf pods")
            .positive(group, PositiveMatch::Exact, "decaf pods")
            .term("21", "decaf pods", (8, 5), 20, 3)
            .run();
        done.rules()
    };
    assert_eq!(rules("11"), ["harvested"]);
    assert_eq!(rules("31"), ["harvest-orphan"]);
}

#[test]
fn runs_of_words_are_told_once_and_as_phrases() {
    let mut world = World::new();
    for text in ["prank pods red", "prank pods blue", "prank pod green", "prank pods"] {
        world = world.term("11", text, (8, 5), 8, 0).term("11", text, (8, 9), 8, 0);
    }
    let done = world.run();
    let runs: Vec<_> = done
        .of("waste")
        .iter()
        .map(|one| (one.subject.match_type, one.subject.text.as_str(), one.terms))
        .collect();
    assert_eq!(runs, [(Some(Phrase), "prank", 4), (Some(Phrase), "prank pods", 3)]);
    // A word that is also in a term that sold is no waste.
    let mut world = World::new().term("11", "prank pods gold", (8, 5), 5, 1);
    for text in ["prank pods red", "prank pods blue", "prank pods green"] {
        world = world.term("11", text, (8, 5), 8, 0).term("11", text, (8, 9), 8, 0);
    }
    assert!(world.run().of("waste").is_empty());
}

#[test]
fn a_wasteful_asin_becomes_a_product_negative() {
    let done =
        World::new().term("21", "b07yt8nvf9", (8, 5), 20, 0).term("21", "b07yt8nvf9", (8, 9), 20, 0).run();
    let [one] = done.of("waste")[..] else { panic!("{:?}", done.rules()) };
    let new = &one.fix.as_ref().unwrap().add[0];
    assert_eq!((new.kind, new.text.raw(), new.match_type), (Kind::Product, "B07YT8NVF9", None));
}

#[test]
fn one_word_reaches_far_unless_it_is_a_rivals_name() {
    let reach = |competitors: &[&str], protected: &[&str], orders| {
        let (mut world, beans) = beans();
        world.config.competitors = competitors.iter().map(ToString::to_string).collect();
        world.config.protected_words = protected.iter().map(ToString::to_string).collect();
        let done = world
            .negative(Some(beans), Phrase, "zest")
            .term("11", "lemon zest", (8, 5), 1, orders)
            .term("11", "lemon pods", (8, 5), 100, 0)
            .run();
        done.of("broad-reach").len()
    };
    assert_eq!(reach(&[], &[], 1), 1);
    assert_eq!(reach(&[], &[], 0), 0, "one click of a hundred");
    assert_eq!(reach(&[], &["Zest"], 0), 1);
    assert_eq!(reach(&["ZEST"], &[], 1), 0);
}

#[test]
fn own_brands_are_errors_unless_a_live_keyword_has_them() {
    let own = |isolated: Option<ParentState>| {
        let (mut world, beans) = beans();
        world.config.own_brands = vec!["Acme Coffee".to_owned()];
        world = world
            .negative(Some(beans), Exact, "acme coffee")
            .negative(Some(beans), Phrase, "acme")
            .negative(Some(beans), Exact, "acme");
        if let Some(state) = isolated {
            world = world.positive_in("12", PositiveMatch::Phrase, "acme coffee beans", state);
        }
        world.run().of("own-brand").len()
    };
    assert_eq!(own(None), 2);
    assert_eq!(own(Some(ParentState::Paused)), 2);
    assert_eq!(own(Some(ParentState::Enabled)), 0);
}

#[test]
fn texts_that_could_not_be_made_again_and_asins_as_keywords() {
    let (world, beans) = beans();
    let done = world
        .negative(Some(beans), Phrase, "one two three four five")
        .negative(Some(beans), Exact, "b07yt8nvf9")
        .run();
    assert_eq!(done.rules(), ["invalid", "looks-like-asin"]);
    let fix = done.of("looks-like-asin")[0].fix.as_ref().unwrap();
    assert_eq!((fix.action(), fix.add[0].text.raw()), ("replace", "B07YT8NVF9"));
}

#[test]
fn the_same_in_every_ad_group_could_be_one() {
    let fill = |groups: &[&str], wanted: bool| {
        let mut world = World::new();
        let third = ad_group(&mut world.builder, world.manual, "13", "Third");
        let slots = [("11", world.beans), ("12", world.pods), ("13", third)];
        for (id, slot) in slots {
            if groups.contains(&id) {
                world = world.negative(Some(slot), Exact, "gift card");
            }
        }
        if wanted {
            world = world.positive("12", PositiveMatch::Broad, "gift card");
        }
        world.run().of("promote").len()
    };
    assert_eq!(fill(&["11", "12", "13"], false), 1);
    assert_eq!(fill(&["11", "12"], false), 0);
    assert_eq!(fill(&["11", "12", "13"], true), 0);
}

#[test]
fn what_sold_elsewhere_since_we_added_it_is_told() {
    let since = |added: Option<Date>, harvested: bool| {
        let (mut world, beans) = beans();
        world = world.negative(Some(beans), Phrase, "pods");
        world.journal = added.map(|day| ("101", day)).into_iter().collect();
        if harvested {
            world = world.positive("12", PositiveMatch::Exact, "decaf pods");
        }
        world.term("21", "decaf pods", (9, 5), 9, 2).run().of("sold-since").len()
    };
    assert_eq!(since(Some(date(2026, 9, 1)), false), 1);
    assert_eq!(since(Some(date(2026, 9, 6)), false), 0, "it was added later");
    assert_eq!(since(None, false), 0, "we did not add it");
    assert_eq!(since(Some(date(2026, 9, 1)), true), 0, "its orders are moved");
}

#[test]
fn a_cancelled_audit_says_nothing_and_rules_can_be_chosen() {
    let (world, beans) = beans();
    let done = world.negative(Some(beans), Exact, "a").negative(Some(beans), Exact, "A").run();
    let facts = [AccountFacts { capabilities: Some(&RICH), group: String::new() }];
    let (journal, config) = (JournalFacts::default(), AuditConfig::default());
    let rules = ["dead".to_owned()];
    let input = Input {
        catalog: &done.catalog,
        positives: &done.positives,
        terms: &done.terms,
        accounts: &facts,
        journal: &journal,
        config: &config,
        rules: &rules,
        only: &[],
        since: None,
    };
    assert!(audit(&input, &Cancel::default()).unwrap().findings.is_empty());
    let cancel = Cancel::default();
    cancel.cancel();
    assert_eq!(audit(&input, &cancel), None);
}
