//! The catalog against plain lists: whatever columns, ranges, indexes and the one-pass search answer, a loop over
//! the rows must answer too.

use proptest::prelude::*;

use super::fixture::{account, ad_group, campaign, keyword, new, small, staged};
use super::*;
use crate::domain::campaign::Campaign;
use crate::domain::change::Change;
use crate::domain::filter::Filter;
use crate::domain::ids::NegativeId;
use crate::domain::matching::normalise;
use crate::domain::negative::{Kind, Level, MatchType, Negative, State};

fn query(catalog: &Catalog, query: &Query) -> Rows {
    catalog.query(query, &Overlay::default(), None, &Cancel::default()).unwrap()
}

fn by_text(filter: &str) -> Query {
    Query { filter: Filter::parse(filter), ..Query::default() }
}

fn ids(catalog: &Catalog, rows: &Rows) -> Vec<String> {
    rows.iter()
        .map(|row| match row {
            Row::Existing(ix) => catalog.negative(ix).id().raw().to_owned(),
            Row::Added(number) => format!("staged:{number}"),
        })
        .collect()
}

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
    assert_eq!(hits("level:campaign"), ["brand-7", "5000001"]);
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

/// A catalog's content as a plain list: account, campaign's and ad group's names, the negative.
#[derive(Clone, Debug)]
struct Plain {
    account: u16,
    campaign: u8,
    group: Option<u8>,
    negative: Negative,
}

fn plain() -> impl Strategy<Value = Vec<Plain>> {
    let text = "[aAbB]{1,3}( [abß\n]{1,3}){0,2}|\"a b\"|B0[0-9A]{8}";
    let row = (0_u16..2, 0_u8..3, proptest::option::of(0_u8..3), text, 0_u8..3, 0_u8..3, 1_u32..40, 0_u8..2);
    proptest::collection::vec(row, 0..40).prop_map(|rows| {
        let mut plain: Vec<Plain> = Vec::new();
        for (account, campaign, group, text, kind, state, id, phrase) in rows {
            let kind = [Kind::Keyword, Kind::Product, Kind::Brand][usize::from(kind)];
            let negative = Negative {
                id: NegativeId::new(if id % 9 == 0 { format!("n-{id}") } else { (id * 100_003).to_string() }),
                kind,
                campaign: format!("{campaign}").as_str().into(),
                ad_group: group.map(|group| format!("{campaign}{group}").as_str().into()),
                text: text.into(),
                brand_name: (kind == Kind::Brand).then(|| format!("Brand {}", id % 3).into()),
                match_type: (kind == Kind::Keyword).then_some(if phrase == 1 {
                    MatchType::Phrase
                } else {
                    MatchType::Exact
                }),
                state: [State::Enabled, State::Paused, State::Archived][usize::from(state)],
                native_state: "WORD".into(),
                created: (id % 2 == 0).then(|| jiff::Timestamp::from_second(i64::from(id) * 100_000).unwrap()),
            };
            let same = |row: &Plain| row.account == account && row.negative.key() == negative.key();
            if !plain.iter().any(same) {
                plain.push(Plain { account, campaign, group, negative });
            }
        }
        plain
    })
}

/// One campaign of [`build`].
fn add_campaign(builder: &mut CatalogBuilder, account: AccountIx, c: u8) {
    let state = if c == 2 { ParentState::Ended } else { ParentState::Enabled };
    let slot = builder.add_campaign(account, Campaign { state, ..campaign(&c.to_string(), &format!("C{c}")) });
    for g in [2_u8, 0, 1] {
        ad_group(builder, slot, &format!("{c}{g}"), &format!("G{g}"));
    }
}

/// The same as [`build`], collected campaign by campaign, by builders of their own, in this order.
fn build_in_parts(rows: &[Plain], campaigns: [u8; 3]) -> Catalog {
    let mut builder = CatalogBuilder::default();
    let accounts = [builder.add_account(account("one")), builder.add_account(account("two"))];
    let parts = accounts.into_iter().flat_map(|account| campaigns.map(|c| (account, c)));
    let parts = parts.map(|(account, c)| {
        let mut part = CatalogBuilder::default();
        add_campaign(&mut part, account, c);
        for row in rows.iter().filter(|row| row.account == account.0 && row.campaign == c) {
            assert!(part.add_negative(account, &row.negative, None));
        }
        part
    });
    builder.append(parts.collect());
    builder.finish()
}

/// Three campaigns an account, `C0` to `C2`, of which `C2` has ended, with three ad groups each, `G0` to `G2`.
fn build(rows: &[Plain]) -> Catalog {
    let mut builder = CatalogBuilder::default();
    let accounts = [builder.add_account(account("one")), builder.add_account(account("two"))];
    for account in accounts {
        for c in [1_u8, 0, 2] {
            add_campaign(&mut builder, account, c);
        }
    }
    for row in rows {
        assert!(builder.add_negative(accounts[usize::from(row.account)], &row.negative, None));
    }
    builder.finish()
}

fn lower(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// One part of a filter, as it is written and as a plain test.
#[derive(Clone, Debug)]
enum Part {
    Word(String),
    Phrase(String),
    State(State),
    Idle,
    Match(MatchType),
    Campaign(u8),
    Group(u8),
    Level(Level),
    Id(String),
}

impl Part {
    fn written(&self) -> String {
        match self {
            Self::Word(word) => word.clone(),
            Self::Phrase(words) => format!("\"{words}\""),
            Self::State(state) => format!("state:{state}"),
            Self::Idle => "state:idle".to_owned(),
            Self::Match(match_type) => format!("match:{match_type}"),
            Self::Campaign(campaign) => format!("campaign:c{campaign}"),
            Self::Group(group) => format!("group:G{group}"),
            Self::Level(level) => format!("level:{level}"),
            Self::Id(id) => id.clone(),
        }
    }

    fn hits(&self, row: &Plain) -> bool {
        let negative = &row.negative;
        let brand = negative.brand_name.as_ref().map(|name| lower(name.raw())).unwrap_or_default();
        match self {
            Self::Word(word) | Self::Phrase(word) => {
                lower(negative.text.raw()).contains(&lower(word)) || brand.contains(&lower(word))
            }
            Self::State(state) => negative.state == *state,
            Self::Idle => negative.state == State::Enabled && row.campaign == 2,
            Self::Match(match_type) => negative.match_type == Some(*match_type),
            Self::Campaign(campaign) => row.campaign == *campaign,
            Self::Group(group) => row.group == Some(*group),
            Self::Level(level) => negative.level() == *level,
            Self::Id(id) => lower(negative.text.raw()).contains(id) || negative.id.raw().contains(id),
        }
    }
}

fn part() -> impl Strategy<Value = Part> {
    prop_oneof![
        4 => "[aAbBß]{1,2}|brand".prop_map(Part::Word),
        1 => "[ab]{1,2} [ab]{1,2}".prop_map(Part::Phrase),
        1 => prop_oneof![Just(State::Enabled), Just(State::Paused), Just(State::Archived)].prop_map(Part::State),
        1 => Just(Part::Idle),
        1 => prop_oneof![Just(MatchType::Exact), Just(MatchType::Phrase)].prop_map(Part::Match),
        1 => (0_u8..3).prop_map(Part::Campaign),
        1 => (0_u8..3).prop_map(Part::Group),
        1 => prop_oneof![Just(Level::Campaign), Just(Level::AdGroup)].prop_map(Part::Level),
        1 => (1_u32..40).prop_map(|id| Part::Id((id * 100_003).to_string())),
    ]
}

fn scopes() -> impl Strategy<Value = (u8, u16, u8, u8)> {
    (0_u8..6, 0_u16..2, 0_u8..3, 0_u8..3)
}

/// A scope by names, in the catalog and as a plain test.
fn scope_of(catalog: &Catalog, (which, account, c, g): (u8, u16, u8, u8)) -> (Scope, impl Fn(&Plain) -> bool) {
    let account_ix = AccountIx(account);
    let campaign = catalog.find_campaign(account_ix, &c.to_string().as_str().into()).unwrap();
    let group = catalog.find_ad_group(campaign, &format!("{c}{g}").as_str().into()).unwrap();
    let scope = match which {
        0 => Scope::All,
        1 => Scope::Account(account_ix),
        2 => Scope::Campaign(campaign),
        3 => Scope::CampaignLevel(campaign),
        4 => Scope::AdGroup(group),
        _ => Scope::Reaching(group),
    };
    let test = move |row: &Plain| {
        let (in_account, in_campaign) = (row.account == account, row.account == account && row.campaign == c);
        match which {
            0 => true,
            1 => in_account,
            2 => in_campaign,
            3 => in_campaign && row.group.is_none(),
            4 => in_campaign && row.group == Some(g),
            _ => in_campaign && row.group.is_none_or(|group| group == g),
        }
    };
    (scope, test)
}

type Known = (u16, crate::domain::negative::NegativeKey);

fn known(catalog: &Catalog, rows: impl IntoIterator<Item = NegIx>) -> Vec<Known> {
    rows.into_iter().map(|row| (catalog.negative(row).account_ix().0, catalog.negative(row).key())).collect()
}

fn sorted(mut rows: Vec<Known>) -> Vec<Known> {
    rows.sort();
    rows
}

fn existing(rows: &Rows) -> impl Iterator<Item = NegIx> + '_ {
    rows.iter().filter_map(|row| match row {
        Row::Existing(ix) => Some(ix),
        Row::Added(_) => None,
    })
}

proptest! {
    #[test]
    fn rows_come_back_as_they_were_given(rows in plain(), indexed: bool) {
        let catalog = build(&rows);
        catalog.looked_up.store(if indexed { u32::MAX / 2 } else { 0 }, std::sync::atomic::Ordering::Relaxed);
        prop_assert_eq!(catalog.len(), rows.len());
        for row in &rows {
            let ix = catalog.find(AccountIx(row.account), &row.negative.key()).unwrap();
            prop_assert_eq!(&catalog.to_negative(ix), &row.negative);
            let same_id = rows.iter().filter(|other| other.negative.id == row.negative.id).count();
            prop_assert_eq!(catalog.find_id(&row.negative.id).count(), same_id);
        }
    }

    #[test]
    fn collecting_in_parts_makes_the_same_catalog(mut rows in plain(), turned: bool, in_order: bool) {
        if in_order {
            // As the store reads them: nothing is moved then.
            rows.sort_by_key(|row| (row.account, row.campaign, row.group));
        }
        let (whole, parts) = (build(&rows), build_in_parts(&rows, if turned { [2, 0, 1] } else { [0, 1, 2] }));
        prop_assert_eq!(parts.len(), rows.len());
        for row in &rows {
            let ix = parts.find(AccountIx(row.account), &row.negative.key()).unwrap();
            prop_assert_eq!(&parts.to_negative(ix), &row.negative);
            let scope = Scope::Campaign(parts.negative(ix).campaign_ix());
            prop_assert_eq!(parts.counts(scope), whole.counts(scope));
        }
        let all = |catalog: &Catalog| ids(catalog, &query(catalog, &by_text("a")));
        prop_assert_eq!(all(&parts), all(&whole));
    }

    #[test]
    fn scopes_hold_what_a_loop_finds(rows in plain(), which in scopes()) {
        let catalog = build(&rows);
        let (scope, inside) = scope_of(&catalog, which);
        let wanted: Vec<Known> =
            rows.iter().filter(|row| inside(row)).map(|row| (row.account, row.negative.key())).collect();
        prop_assert_eq!(sorted(known(&catalog, catalog.negatives_in(scope))), sorted(wanted));
        let count = |state| rows.iter().filter(|row| inside(row) && row.negative.state == state).count();
        let counts = catalog.counts(scope);
        prop_assert_eq!(counts.enabled, count(State::Enabled));
        prop_assert_eq!(counts.paused, count(State::Paused));
        prop_assert_eq!(counts.archived, count(State::Archived));
    }

    #[test]
    fn queries_find_what_a_loop_finds(
        rows in plain(),
        which in scopes(),
        parts in proptest::collection::vec((any::<bool>(), part()), 0..4),
        shown: bool,
    ) {
        let catalog = build(&rows);
        let (scope, inside) = scope_of(&catalog, which);
        let source: Vec<String> =
            parts.iter().map(|(not, part)| format!("{}{}", if *not { "!" } else { "" }, part.written())).collect();
        let filter = Filter::parse(&source.join(" "));
        prop_assert!(filter.problem().is_none(), "{:?}", filter);
        let hide = !shown && !parts.iter().any(|(not, part)| !not && matches!(part, Part::State(State::Archived)));
        let all = rows.iter().filter(|row| inside(row) && !(hide && row.negative.state == State::Archived));
        let wanted: Vec<Known> = all
            .clone()
            .filter(|row| parts.iter().all(|(not, part)| part.hits(row) != *not))
            .map(|row| (row.account, row.negative.key()))
            .collect();
        let archived = if shown { Archived::Shown } else { Archived::Hidden };
        let asked = Query { scope, filter, archived, sort: Sort::default() };
        let found = query(&catalog, &asked);
        prop_assert_eq!(found.total(), all.count());
        prop_assert_eq!(sorted(known(&catalog, existing(&found))), sorted(wanted));

        // Typing on must give what asking anew gives, in the same order.
        let longer = Query { filter: Filter::parse(&format!("{} a", asked.filter.source())), ..asked };
        let narrowed = catalog.query(&longer, &Overlay::default(), Some(&found), &Cancel::default()).unwrap();
        prop_assert_eq!(ids(&catalog, &narrowed), ids(&catalog, &query(&catalog, &longer)));
    }

    #[test]
    fn every_order_is_by_its_column_and_then_by_text(rows in plain(), reverse: bool, warm: bool) {
        let catalog = build(&rows);
        if warm {
            catalog.warm();
        }
        let run = |column, reverse| {
            let sort = Sort { column, reverse };
            let rows = query(&catalog, &Query { sort, archived: Archived::Shown, ..Query::default() });
            existing(&rows).collect::<Vec<_>>()
        };
        let text = |row: &NegIx| lower(catalog.negative(*row).text_raw());
        let place = |row: &NegIx| {
            let view = catalog.negative(*row);
            let group = view.ad_group().map(|group| group.name_raw().to_owned());
            (view.account_ix(), view.campaign().name_raw().to_owned(), group, text(row))
        };
        let turned = |mut rows: Vec<NegIx>| {
            if reverse {
                rows.reverse();
            }
            rows
        };
        prop_assert!(turned(run(Column::Text, reverse)).iter().map(text).is_sorted());
        prop_assert!(turned(run(Column::Where, reverse)).iter().map(place).is_sorted());
        let rank = |row: &NegIx| (catalog.liveness(*row) != Liveness::Live, catalog.negative(*row).state());
        prop_assert!(turned(run(Column::State, reverse)).iter().map(|row| (rank(row), text(row))).is_sorted());
        let since = |row: &NegIx| catalog.negative(*row).created().unwrap_or(jiff::Timestamp::MAX);
        prop_assert!(turned(run(Column::Since, reverse)).iter().map(since).is_sorted());
        for column in [Column::Match, Column::Id] {
            prop_assert_eq!(run(column, reverse).len(), rows.len());
        }
    }

    #[test]
    fn same_texts_are_found_with_and_without_the_index(rows in plain(), which in scopes(), warm: bool) {
        let catalog = build(&rows);
        if warm {
            catalog.warm();
        }
        let (scope, inside) = scope_of(&catalog, which);
        for row in &rows {
            let (kind, match_type) = (row.negative.kind, row.negative.match_type);
            let normal = normalise(row.negative.text.raw());
            let wanted: Vec<Known> = rows
                .iter()
                .filter(|other| {
                    inside(other)
                        && (other.negative.kind, other.negative.match_type) == (kind, match_type)
                        && normalise(other.negative.text.raw()) == normal
                })
                .map(|other| (other.account, other.negative.key()))
                .collect();
            let found = catalog.find_text(scope, kind, match_type, &normal);
            prop_assert_eq!(sorted(known(&catalog, found)), sorted(wanted));
        }
    }

    #[test]
    fn an_overlay_marks_the_rows_it_was_given(rows in plain(), picks in proptest::collection::vec(any::<prop::sample::Index>(), 0..5)) {
        let catalog = build(&rows);
        prop_assume!(!rows.is_empty());
        let mut staging = Vec::new();
        let mut marked = Vec::new();
        for (number, pick) in picks.iter().enumerate() {
            let row = pick.get(&rows);
            if marked.contains(&(row.account, row.negative.key())) {
                continue;
            }
            marked.push((row.account, row.negative.key()));
            let change = Change::Remove { target: row.negative.clone() };
            let mut change = staged(&catalog, number as u64, change);
            change.account = catalog.account(AccountIx(row.account)).identity.clone();
            staging.push(change);
        }
        let overlay = Overlay::new(&catalog, &staging);
        let asked = Query { filter: Filter::parse("staged:yes"), archived: Archived::Shown, ..Query::default() };
        let found = catalog.query(&asked, &overlay, None, &Cancel::default()).unwrap();
        prop_assert_eq!(sorted(known(&catalog, existing(&found))), sorted(marked));
        prop_assert!(overlay.astray().is_empty());
    }
}
