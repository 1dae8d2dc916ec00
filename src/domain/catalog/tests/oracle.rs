//! The catalog against plain lists: whatever columns, ranges, indexes and the one-pass search answer, a loop over
//! the rows must answer too.

use proptest::prelude::*;

use super::super::fixture::staged;
use super::super::*;
use super::plain::{
    Known, Part, build, build_in_parts, existing, known, lower, part, plain, scope_of, scopes, sorted,
};
use super::{by_text, ids, query};
use crate::domain::change::Change;
use crate::domain::filter::Filter;
use crate::domain::matching::normalise;
use crate::domain::negative::State;

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
        let text = |row: &NegIx| {
            let view = catalog.negative(*row);
            lower(view.brand_name_raw().unwrap_or(view.text_raw()))
        };
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
