//! Trees, state words, filters, staged additions and threads, each on a catalog that can be seen whole.

use super::super::fixture::{account, campaign, keyword, new, small, staged};
use super::super::*;
use super::{by_text, ids, query};
use crate::domain::change::Change;
use crate::domain::filter::Filter;
use crate::domain::negative::MatchType;

#[test]
fn trees_are_sorted_by_name_and_scopes_count() {
    let catalog = small();
    let us = AccountIx(0);
    let names: Vec<String> = catalog.campaigns_of(us).map(|campaign| campaign.name().to_string()).collect();
    assert_eq!(names, ["Espresso", "Old promo"]);
    let espresso = catalog.find_campaign(us, &"10".into()).unwrap();
    let groups: Vec<String> = catalog.ad_groups_of(espresso).map(|group| group.name().to_string()).collect();
    assert_eq!(groups, ["Beans exact", "Pods"]);
    assert_eq!(catalog.campaign(espresso).counts(), Counts { enabled: 4, paused: 1, archived: 1 });
    assert_eq!(catalog.counts(Scope::CampaignLevel(espresso)).all(), 2);
    let pods = catalog.find_ad_group_of(us, &"101".into()).unwrap();
    assert_eq!(catalog.ad_group(pods).counts(), Counts { enabled: 0, paused: 1, archived: 1 });
    assert_eq!(catalog.counts(Scope::Reaching(pods)).all(), 4);
    // The same campaign id in another account is another campaign, and empty.
    assert_eq!(catalog.counts(Scope::Account(AccountIx(1))).all(), 0);
    let uk = catalog.find_campaign(AccountIx(1), &"10".into()).unwrap();
    assert_ne!(uk, espresso);
    assert_eq!(catalog.find_ad_group(uk, &"100".into()), None);
}

#[test]
fn state_words_tell_idle_from_enabled() {
    let catalog = small();
    let says = |id: &str| {
        let row = catalog.find_id(&id.into()).next().unwrap();
        catalog.liveness(row).says().into_owned()
    };
    assert_eq!(says("5000001"), "enabled");
    assert_eq!(says("5000003"), "paused");
    assert_eq!(says("5000004"), "archived");
    assert_eq!(says("5000006"), "idle (campaign ended)");
}

#[test]
fn filters_look_where_they_say() {
    let catalog = small();
    let hits = |filter: &str| ids(&catalog, &query(&catalog, &by_text(filter)));
    assert_eq!(hits("decaf"), ["5000001", "5000002", "5000006"]);
    assert_eq!(hits("DECAF beans"), ["5000002"]);
    assert_eq!(hits("\"espresso beans\""), ["5000002"]);
    assert_eq!(hits("\"decaf beans\""), [""; 0]);
    assert_eq!(hits("nespresso"), ["brand-7"]);
    assert_eq!(hits("5000002"), ["5000002"]);
    assert_eq!(hits("50000"), [""; 0], "short numbers are not looked for in ids");
    assert_eq!(hits("id:50000 decaf"), ["5000001", "5000002", "5000006"]);
    assert_eq!(hits("old"), [""; 0], "archived ones are hidden");
    assert_eq!(hits("old state:archived"), ["5000004"]);
    assert_eq!(hits("!state:enabled"), ["5000003"]);
    assert_eq!(hits("state:idle"), ["5000006"]);
    assert_eq!(hits("kind:asin"), ["5000005"]);
    assert_eq!(hits("level:campaign"), ["5000001", "brand-7"], "a brand stands where its name does");
    assert_eq!(hits("campaign:promo"), ["5000006"]);
    assert_eq!(hits("campaign:11"), ["5000006"]);
    assert_eq!(hits("group:beans decaf"), ["5000002"]);
    assert_eq!(hits("!group:beans decaf"), ["5000001", "5000006"]);
    assert_eq!(hits("~dcfb"), ["5000002"]);
    assert_eq!(hits("/^decaf (es|gi)/"), ["5000002", "5000006"]);
    assert_eq!(hits("match:phrase"), ["5000001"]);
    assert_eq!(hits("spend>0"), [""; 0]);
    assert_eq!(hits("!spend>0"), [""; 0], "what is not known is not the opposite either");
    let rows = query(&catalog, &by_text("decaf"));
    assert_eq!((rows.len(), rows.total()), (3, 6));
}

#[test]
fn staged_additions_stand_in_order_and_are_filtered_alike() {
    let catalog = small();
    let target = catalog.to_negative(catalog.find_id(&"5000002".into()).next().unwrap());
    let add = |group, text| Change::Add { new: new(group, MatchType::Exact, text) };
    let elsewhere = Change::Add { new: new(Some("999"), MatchType::Exact, "lost") };
    let overlay = Overlay::new(
        &catalog,
        &[
            staged(&catalog, 7, add(Some("101"), "Decaf cups")),
            staged(&catalog, 8, Change::Remove { target }),
            staged(&catalog, 9, add(None, "zest")),
            staged(&catalog, 10, elsewhere),
        ],
    );
    let run = |source: &str, scope, reverse| {
        let sort = Sort { reverse, ..Sort::default() };
        let query = Query { filter: Filter::parse(source), scope, sort, ..Query::default() };
        ids(&catalog, &catalog.query(&query, &overlay, None, &Cancel::default()).unwrap())
    };
    assert_eq!(run("decaf", Scope::All, false), ["5000001", "staged:7", "5000002", "5000006"]);
    assert_eq!(run("decaf", Scope::All, true), ["5000006", "5000002", "staged:7", "5000001"]);
    assert_eq!(run("staged:yes", Scope::All, false), ["staged:7", "5000002", "staged:9"]);
    assert_eq!(run("staged:remove", Scope::All, false), ["5000002"]);
    let pods = catalog.find_ad_group_of(AccountIx(0), &"101".into()).unwrap();
    assert_eq!(run("", Scope::AdGroup(pods), false), ["staged:7", "5000003"]);
    assert_eq!(run("staged:add", Scope::Reaching(pods), false), ["staged:7", "staged:9"]);
    assert_eq!(overlay.astray(), [10]);
    assert_eq!(overlay.count_in(&catalog, Scope::All), 3);
}

#[test]
fn no_hit_spans_two_rows() {
    let mut builder = CatalogBuilder::default();
    let account = builder.add_account(account("a"));
    let slot = builder.add_campaign(account, campaign("1", "c"));
    for (id, text) in [("1", "tea a"), ("2", "b cup"), ("3", "a\nb")] {
        builder.push_negative(keyword(slot, None, id, MatchType::Exact, text));
    }
    let catalog = builder.finish();
    assert_eq!(ids(&catalog, &query(&catalog, &by_text("\"a\nb\""))), ["3"]);
}

#[test]
fn a_cancelled_query_brings_nothing_back() {
    let cancel = Cancel::default();
    cancel.cancel();
    assert!(small().query(&by_text("decaf"), &Overlay::default(), None, &cancel).is_none());
}

#[test]
fn a_result_of_another_snapshot_is_not_narrowed() {
    let (first, second) = (CatalogBuilder::default().finish(), small());
    let none = query(&first, &by_text("dec"));
    let rows = second.query(&by_text("decaf"), &Overlay::default(), Some(&none), &Cancel::default());
    assert_eq!(rows.unwrap().len(), 3);
}

#[test]
fn two_threads_find_what_one_would() {
    let mut builder = CatalogBuilder::default();
    let account = builder.add_account(account("a"));
    let slots: Vec<_> = (0..7)
        .map(|n| builder.add_campaign(account, campaign(&n.to_string(), &format!("c{}", n * 5 % 7))))
        .collect();
    let texts: Vec<String> =
        (0..70_000_u32).map(|n| format!("w{} x{}", n.wrapping_mul(2_654_435_761) % 5_000, n % 13)).collect();
    for (at, text) in texts.iter().enumerate() {
        builder.push_negative(keyword(slots[at % 7], None, &at.to_string(), MatchType::Exact, text));
    }
    let catalog = builder.finish();
    for needle in ["w12", "2 x1", "x", "w4999 x12", "nothing"] {
        let rows =
            query(&catalog, &Query { filter: Filter::parse(&format!("\"{needle}\"")), ..Query::default() });
        assert_eq!(rows.len(), texts.iter().filter(|text| text.contains(needle)).count(), "{needle}");
        let shown: Vec<&str> = rows
            .iter()
            .map(|row| match row {
                Row::Existing(ix) => catalog.negative(ix).text_raw(),
                Row::Added(_) => "",
            })
            .collect();
        assert!(shown.is_sorted(), "{needle}");
    }
}
