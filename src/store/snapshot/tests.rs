//! Snapshots as users see them: what a listing makes visible, keeps, drops, and what an apply adds.

use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::domain::account::Account;
use crate::domain::campaign::{Holds, ParentState, Targeting};
use crate::domain::catalog::{Catalog, NegIx};
use crate::domain::keyword::PositiveMatch;
use crate::domain::negative::{Kind, MatchType, NegativeKey, State};
use crate::domain::problem::ProblemKind;
use crate::store::tests::{account, at, identity, noon, open};

fn campaign(id: &str, name: &str) -> Campaign {
    Campaign {
        id: id.into(),
        name: name.into(),
        state: ParentState::Paused,
        native_state: "PAUSED".into(),
        targeting: Targeting::Manual,
        native_type: "MANUAL".into(),
        holds: Holds::Yes,
    }
}

fn ad_group(campaign: &str, id: &str) -> AdGroup {
    AdGroup {
        id: id.into(),
        campaign: campaign.into(),
        name: format!("Group {id}").into(),
        state: ParentState::Enabled,
        native_state: "ENABLED".into(),
    }
}

fn negative(campaign: &str, ad_group: &str, id: &str, text: &str) -> Negative {
    Negative {
        id: id.into(),
        kind: Kind::Keyword,
        campaign: campaign.into(),
        ad_group: (!ad_group.is_empty()).then(|| ad_group.into()),
        text: text.into(),
        brand_name: None,
        match_type: Some(MatchType::Phrase),
        state: State::Enabled,
        native_state: "ENABLED".into(),
        created: None,
    }
}

fn keyword(id: &str) -> Keyword {
    Keyword {
        id: id.into(),
        campaign: "c1".into(),
        ad_group: "g1".into(),
        text: "beans".into(),
        match_type: PositiveMatch::Broad,
        state: ParentState::Enabled,
        native_state: "ENABLED".into(),
    }
}

fn why() -> Problem {
    Problem::new(ProblemKind::Server, "Amazon failed").detail("500")
}

fn everything() -> SnapshotScope {
    SnapshotScope { keywords: true, ..SnapshotScope::ALL }
}

/// Lists and commits in one go.
async fn list(store: &Store, scope: SnapshotScope, pages: Vec<Page>, time: &str) -> Committed {
    let mut writer = store.begin_snapshot(&identity("1"), at(time), scope);
    for page in pages {
        writer.put(page);
    }
    writer.commit(at(time)).await.unwrap()
}

fn small() -> Vec<Page> {
    let brand = Negative {
        kind: Kind::Brand,
        text: "B-17".into(),
        brand_name: Some("Ämé\u{202e}".into()),
        match_type: None,
        created: Some(noon()),
        state: State::Archived,
        native_state: "ARCHIVED".into(),
        ..negative("c2", "", "n1", "")
    };
    vec![
        Page::Campaigns(vec![campaign("c2", "alpha"), campaign("c1", "Beta")]),
        Page::AdGroups(vec![ad_group("c1", "g2"), ad_group("c1", "g1")]),
        Page::Negatives(vec![negative("c1", "g2", "n1", "zeta"), negative("c1", "g1", "n2", "cheap")]),
        Page::Negatives(vec![negative("c1", "", "n1", "free"), brand, negative("c1", "g2", "n3", "Alpha")]),
        Page::Keywords(vec![keyword("k2"), keyword("k1")]),
    ]
}

fn accounts() -> Vec<Account> {
    vec![account("acme", "1")]
}

/// Every negative with the day it was first seen.
fn rows(catalog: &Catalog) -> Vec<(Negative, String)> {
    (0..catalog.len() as u32)
        .map(|row| {
            let view = catalog.negative(NegIx(row));
            (view.to_negative(), view.first_seen().unwrap().to_string())
        })
        .collect()
}

async fn shown(store: &Store) -> Vec<(Negative, String)> {
    rows(&store.load_catalog(&accounts()).await.unwrap())
}

async fn texts(store: &Store) -> Vec<String> {
    shown(store).await.into_iter().map(|(negative, _)| negative.text.raw().to_owned()).collect()
}

#[tokio::test]
async fn what_is_listed_comes_back_as_it_was_in_the_order_of_the_screen() {
    let (folder, store) = open();
    let committed = list(&store, everything(), small(), "2026-10-01T08:00:00Z").await;
    let counts = Counts { campaigns: 2, ad_groups: 2, negatives: 5, archived: 1, keywords: 2 };
    assert_eq!(committed, Committed { counts, changed_campaigns: 2 });
    drop(store);
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(texts(&store).await, ["B-17", "free", "cheap", "Alpha", "zeta"]);
    let mut listed: Vec<Negative> = small()
        .into_iter()
        .flat_map(|page| if let Page::Negatives(negatives) = page { negatives } else { Vec::new() })
        .collect();
    // The catalog keeps times to the microsecond.
    for negative in &mut listed {
        negative.created = negative.created.map(|at| Timestamp::from_microsecond(at.as_microsecond()).unwrap());
    }
    let loaded = shown(&store).await;
    assert_eq!(loaded.len(), listed.len());
    for (negative, first_seen) in loaded {
        assert!(listed.contains(&negative), "{negative:?}");
        assert_eq!(first_seen, "2026-10-01");
    }
    let keywords = store.keywords(&identity("1")).await.unwrap();
    assert_eq!(keywords, [keyword("k1"), keyword("k2")]);
    let summary = &store.accounts(&[identity("1"), identity("2")]).await.unwrap();
    assert_eq!((summary[0].counts, summary[1].counts), (counts, Counts::default()));
    assert_eq!(summary[0].fetched_at, Some(at("2026-10-01T08:00:00Z")));
    assert_eq!(summary[0].keywords_fetched_at, Some(at("2026-10-01T08:00:00Z")));
}

#[tokio::test]
async fn the_first_page_is_the_head_of_the_catalog_with_the_counts_of_the_whole() {
    let (_folder, store) = open();
    list(&store, everything(), small(), "2026-10-01T08:00:00Z").await;
    let page = store.first_page(&accounts(), 3).unwrap();
    assert_eq!(page.accounts[0].counts.negatives, 5);
    assert_eq!(page.campaigns.iter().map(|c| c.counts.negatives).collect::<Vec<_>>(), [1, 4]);
    assert_eq!(rows(&page.catalog), shown(&store).await[..3]);
    let one = store.first_page(&accounts(), 1).unwrap();
    assert_eq!((one.campaigns.len(), one.catalog.len()), (1, 1));
    assert_eq!(store.first_page(&[account("new", "9")], 5).unwrap().catalog.len(), 0);
}

#[tokio::test]
async fn a_dropped_listing_leaves_the_old_snapshot() {
    let (_folder, store) = open();
    list(&store, everything(), small(), "2026-10-01T08:00:00Z").await;
    let before = shown(&store).await;
    let mut writer = store.begin_snapshot(&identity("1"), noon(), SnapshotScope::ALL);
    writer.put(Page::Negatives(vec![negative("c1", "g1", "n9", "new")]));
    assert_eq!(writer.received().negatives, 1);
    drop(writer);
    assert_eq!(shown(&store).await, before);
}

#[tokio::test]
async fn a_new_listing_replaces_the_old_one_and_keeps_since_when_a_negative_is_known() {
    let (_folder, store) = open();
    list(&store, everything(), small(), "2026-10-01T08:00:00Z").await;
    let pages = vec![
        Page::Campaigns(vec![campaign("c1", "Beta")]),
        Page::AdGroups(vec![ad_group("c1", "g1")]),
        Page::Negatives(vec![negative("c1", "g1", "n2", "cheap"), negative("c1", "", "n7", "new")]),
    ];
    let committed = list(&store, SnapshotScope::ALL, pages.clone(), "2026-10-05T08:00:00Z").await;
    // Keywords were not listed: theirs stay, and with them the ad group that they lie in.
    let counts = Counts { campaigns: 1, ad_groups: 1, negatives: 2, archived: 0, keywords: 2 };
    assert_eq!(committed, Committed { counts, changed_campaigns: 2 });
    let since: Vec<_> =
        shown(&store).await.into_iter().map(|(n, since)| (n.id.raw().to_owned(), since)).collect();
    assert_eq!(since, [("n7".into(), "2026-10-05".into()), ("n2".into(), "2026-10-01".into())]);
    let again = list(&store, SnapshotScope::ALL, pages, "2026-10-06T08:00:00Z").await;
    assert_eq!(again, Committed { counts, changed_campaigns: 0 });
}

#[tokio::test]
async fn rows_that_come_twice_replace_each_other_and_keys_tell_kinds_and_levels_apart() {
    let (_folder, store) = open();
    let product =
        Negative { kind: Kind::Product, match_type: None, ..negative("c1", "g1", "n1", "B000000001") };
    let pages = vec![
        Page::Negatives(vec![negative("c1", "g1", "n1", "first"), negative("c1", "", "n1", "own"), product]),
        Page::Negatives(vec![negative("c1", "g1", "n1", "second")]),
    ];
    list(&store, SnapshotScope::ALL, pages, "2026-10-01T08:00:00Z").await;
    assert_eq!(texts(&store).await, ["own", "B000000001", "second"]);
}

#[tokio::test]
async fn a_part_that_failed_keeps_its_rows_and_says_why() {
    let (_folder, store) = open();
    list(&store, everything(), small(), "2026-10-01T08:00:00Z").await;
    let mut writer = store.begin_snapshot(&identity("1"), noon(), SnapshotScope::ALL);
    writer.put(Page::Campaigns(vec![campaign("c2", "alpha"), campaign("c1", "Beta")]));
    writer.put(Page::Negatives(vec![negative("c1", "g1", "n9", "new")]));
    writer.failed(Some(&["c1".into()]), &why());
    writer.commit(noon()).await.unwrap();
    // The brand of the other campaign is gone, nothing of the failed one is.
    assert_eq!(texts(&store).await, ["free", "cheap", "new", "Alpha", "zeta"]);
    let summary = &store.accounts(&[identity("1")]).await.unwrap()[0];
    assert_eq!((summary.stale.clone(), summary.stale_campaigns.clone()), (None, Some((1, why()))));
    let page = store.first_page(&accounts(), 9).unwrap();
    assert_eq!(page.campaigns.iter().map(|c| c.stale.is_some()).collect::<Vec<_>>(), [false, true]);

    let mut writer = store.begin_snapshot(&identity("1"), noon(), SnapshotScope::ALL);
    writer.failed(None, &why());
    writer.commit(at("2026-10-02T08:00:00Z")).await.unwrap();
    let summary = &store.accounts(&[identity("1")]).await.unwrap()[0];
    assert_eq!((summary.stale.clone(), summary.counts.negatives), (Some(why()), 5));
    assert_eq!(summary.fetched_at, Some(noon()));
    assert!(store.load_catalog(&accounts()).await.unwrap().accounts()[0].stale.is_some());

    list(&store, everything(), small(), "2026-10-03T08:00:00Z").await;
    let summary = &store.accounts(&[identity("1")]).await.unwrap()[0];
    assert_eq!((summary.stale.clone(), summary.stale_campaigns.clone()), (None, None));
    store.mark_stale(&identity("1"), &why()).await.unwrap();
    assert_eq!(store.accounts(&[identity("1")]).await.unwrap()[0].stale, Some(why()));
}

#[tokio::test]
async fn a_listing_of_some_campaigns_leaves_the_others() {
    let (_folder, store) = open();
    list(&store, everything(), small(), "2026-10-01T08:00:00Z").await;
    let scope = SnapshotScope { campaigns: Some(vec!["c2".into()]), structure: false, ..SnapshotScope::ALL };
    let pages = vec![Page::Negatives(vec![negative("c2", "", "n8", "only")])];
    list(&store, scope, pages, "2026-10-05T08:00:00Z").await;
    assert_eq!(texts(&store).await, ["only", "free", "cheap", "Alpha", "zeta"]);
    let summary = &store.accounts(&[identity("1")]).await.unwrap()[0];
    assert_eq!(summary.fetched_at, Some(at("2026-10-01T08:00:00Z")));
}

#[tokio::test]
async fn what_was_applied_shows_at_once_and_an_older_listing_does_not_take_it_back() {
    let (_folder, store) = open();
    list(&store, everything(), small(), "2026-10-01T08:00:00Z").await;
    let mut under_way = store.begin_snapshot(&identity("1"), at("2026-10-02T08:00:00Z"), SnapshotScope::ALL);
    for page in small() {
        under_way.put(page);
    }
    let paused =
        Negative { state: State::Paused, native_state: "PAUSED".into(), ..negative("c1", "g1", "n2", "cheap") };
    let made = negative("c3", "g9", "n50", "made");
    let applied = at("2026-10-02T08:00:01Z");
    store.apply_rows(&identity("1"), &[paused.clone(), made.clone()], applied).await.unwrap();
    store.drop_rows(&identity("1"), &[negative("c1", "", "n1", "free")], applied).await.unwrap();
    let expected = vec![
        (made, "2026-10-02".to_owned()),
        (paused, "2026-10-01".to_owned()),
        (negative("c1", "g2", "n3", "Alpha"), "2026-10-01".to_owned()),
        (negative("c1", "g2", "n1", "zeta"), "2026-10-01".to_owned()),
    ];
    let kept = |rows: Vec<(Negative, String)>| -> Vec<_> {
        rows.into_iter().filter(|(n, _)| n.kind == Kind::Keyword).collect()
    };
    let mut seen = kept(shown(&store).await);
    seen.sort_by_key(|(negative, _)| std::cmp::Reverse(negative.campaign.clone()));
    assert_eq!(seen, expected);
    assert_eq!(store.accounts(&[identity("1")]).await.unwrap()[0].counts.negatives, 5);

    under_way.commit(at("2026-10-02T08:00:02Z")).await.unwrap();
    let mut seen = kept(shown(&store).await);
    seen.sort_by_key(|(negative, _)| std::cmp::Reverse(negative.campaign.clone()));
    assert_eq!(seen, expected);

    // A listing that began later knows better.
    list(&store, everything(), small(), "2026-10-02T08:00:03Z").await;
    assert_eq!(texts(&store).await, ["B-17", "free", "cheap", "Alpha", "zeta"]);
}

#[tokio::test]
async fn readers_see_the_old_snapshot_whole_until_the_new_one_is() {
    let (folder, store) = open();
    list(&store, everything(), small(), "2026-10-01T08:00:00Z").await;
    let other = Store::open(folder.path()).unwrap();
    let before = shown(&other).await;
    // A commit that another process has begun and not ended.
    let mut raw = rusqlite::Connection::open(store.file()).unwrap();
    let transaction = raw.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
    transaction.execute("DELETE FROM campaigns", []).unwrap();
    assert_eq!(shown(&other).await, before);
    drop(transaction);
    assert_eq!(shown(&store).await, before);
}

#[tokio::test]
async fn a_flipped_byte_in_a_parcel_is_told() {
    let (_folder, store) = open();
    list(&store, everything(), small(), "2026-10-01T08:00:00Z").await;
    let raw = rusqlite::Connection::open(store.file()).unwrap();
    let sql = "SELECT data FROM negative_parcels WHERE campaign = 2";
    let sound: Vec<u8> = raw.query_row(sql, [], |row| row.get(0)).unwrap();
    for at in 0..sound.len() {
        let mut bytes = sound.clone();
        bytes[at] ^= 1;
        raw.execute("UPDATE negative_parcels SET data = ?1 WHERE campaign = 2", [bytes]).unwrap();
        let Err(problem) = store.load_catalog(&accounts()).await else { panic!("byte {at} went unnoticed") };
        assert!(problem.hint.contains("doctor --fix"), "{problem}");
    }
}

type Model = BTreeMap<NegativeKey, (Negative, String)>;

fn some_negative() -> impl Strategy<Value = Negative> {
    (0..3_u8, 0..3_u8, 0..6_u8, "[a-z]{0,3}").prop_map(|(campaign, group, id, text)| {
        let group = if group == 0 { String::new() } else { format!("g{campaign}{group}") };
        // Ids are unique per campaign here, as on the platforms.
        negative(&format!("c{campaign}"), &group, &format!("n{campaign}{id}"), &text)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Against a map in memory: listings with failed parts, one after the other.
    #[test]
    fn listings_replace_each_other_as_in_a_map(
        listings in proptest::collection::vec(
            (proptest::collection::vec(some_negative(), 0..12), proptest::collection::vec(0..3_u8, 0..2), any::<bool>()),
            1..5,
        ),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (_folder, store) = open();
            let mut model = Model::new();
            for (day, (listing, failed, whole)) in (1..).zip(listings) {
                let time = at(&format!("2026-10-0{day}T08:00:00Z"));
                let failed: Vec<CampaignId> = failed.iter().map(|c| format!("c{c}").as_str().into()).collect();
                let mut writer = store.begin_snapshot(&identity("1"), time, SnapshotScope::ALL);
                writer.put(Page::Negatives(listing.clone()));
                if !failed.is_empty() {
                    writer.failed(Some(&failed), &why());
                }
                if whole {
                    writer.failed(None, &why());
                }
                let committed = writer.commit(time).await.unwrap();

                let old = model.clone();
                model.retain(|_, (negative, _)| whole || failed.contains(&negative.campaign));
                for negative in listing {
                    let since = old.get(&negative.key()).map_or(format!("2026-10-0{day}"), |(_, since)| since.clone());
                    model.insert(negative.key(), (negative, since));
                }
                let seen: Model = shown(&store).await.into_iter().map(|row| (row.0.key(), row)).collect();
                assert_eq!(seen, model);
                assert_eq!(committed.counts.negatives as usize, model.len());
            }
        });
    }
}

#[tokio::test]
async fn what_a_whole_listing_has_no_longer_is_noted_until_it_comes_back() {
    let (_folder, store) = open();
    list(&store, everything(), small(), "2026-10-01T08:00:00Z").await;
    let without = |gone: &[&str]| -> Vec<Page> {
        let keep = |page| match page {
            Page::Negatives(rows) => {
                let of = |row: &Negative| row.campaign.raw() == "c1" && gone.contains(&row.id.raw());
                Page::Negatives(rows.into_iter().filter(|row| !of(row)).collect())
            }
            other => other,
        };
        small().into_iter().map(keep).collect()
    };
    let noted = || async {
        let all = store.vanished(&[identity("1"), identity("2")]).await.unwrap();
        all.iter().map(|row| format!("{} {}", row.negative.text.raw(), row.gone)).collect::<Vec<_>>()
    };
    assert_eq!(noted().await, [""; 0]);
    list(&store, everything(), without(&["n2", "n3"]), "2026-10-03T08:00:00Z").await;
    assert_eq!(noted().await, ["cheap 2026-10-03", "Alpha 2026-10-03"]);
    // A listing that broke off says nothing of what did not come, and a later one does not move the day.
    let mut writer = store.begin_snapshot(&identity("1"), at("2026-10-04T08:00:00Z"), everything());
    writer.failed(None, &why());
    writer.commit(at("2026-10-04T08:00:00Z")).await.unwrap();
    list(&store, everything(), without(&["n2"]), "2026-10-05T08:00:00Z").await;
    assert_eq!(noted().await, ["cheap 2026-10-03"], "what came back is forgotten");
}

#[tokio::test]
async fn archived_ones_and_whole_campaigns_do_not_vanish() {
    let (_folder, store) = open();
    list(&store, everything(), small(), "2026-10-01T08:00:00Z").await;
    // The archived brand of the first campaign goes, and the second campaign with all it has.
    let pages = vec![Page::Campaigns(vec![campaign("c2", "alpha")])];
    list(&store, everything(), pages, "2026-10-02T08:00:00Z").await;
    assert_eq!(store.vanished(&[identity("1")]).await.unwrap(), []);
}
