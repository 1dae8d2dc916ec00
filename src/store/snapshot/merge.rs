//! Makes one campaign's parcels of what was there and what a listing brought. Pure: bytes and rows in, bytes
//! out; [`commit`](super::commit) moves them from and to the database.

use std::cmp::Ordering;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::domain::negative::{NegativeKey, State};
use crate::store::error::Result;

use super::parcel::{Rows, ad_groups, encode, encode_ad_groups};
use super::rows::{AdGroupRow, KeywordRow, NegativeRow, Row};
use super::spool::{self, Pile};

/// The parcels of a campaign; a part without rows has none.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Parcels {
    pub ad_groups: Option<Vec<u8>>,
    pub negatives: Option<Vec<u8>>,
    pub keywords: Option<Vec<u8>>,
}

/// What happens to the rows that are there when a listing of their part came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The part was not listed: they stay.
    Untouched,
    /// The listing broke off: they stay but for those that came anew.
    Upsert,
    /// The listing is whole: what did not come is gone.
    Replace,
}

/// How to merge.
#[derive(Debug)]
pub(crate) struct Rules<'a> {
    pub structure: Part,
    pub negatives: Part,
    pub keywords: Part,
    /// The day for negatives that were not there before.
    pub today: i32,
    /// Negatives that the store knows better than the listing, because they were applied after it began.
    pub settled: &'a FxHashSet<NegativeKey>,
}

/// How much a campaign holds after the merge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Held {
    pub ad_groups: u32,
    pub negatives: u32,
    pub archived: u32,
    pub keywords: u32,
}

/// Merges one campaign; `before` is how much it held.
pub(crate) fn merge(old: &Parcels, before: Held, new: &Pile, rules: &Rules<'_>) -> Result<(Parcels, Held)> {
    let old_groups = ad_groups(old.ad_groups.as_deref())?;
    let negatives = match rules.negatives {
        Part::Untouched => Merged::as_it_is(old.negatives.as_deref())?,
        part => Merged::Rows(negatives(old.negatives.as_deref(), new, part, rules)?),
    };
    let keywords = match rules.keywords {
        Part::Untouched => Merged::as_it_is(old.keywords.as_deref())?,
        part => Merged::Rows(merge_rows::<KeywordRow<'_>>(
            &all(old.keywords.as_deref())?,
            spool::rows(&new.keywords)?,
            part,
            |_| false,
            |_, _| {},
        )),
    };
    let new_groups = new.ad_groups.iter().map(AdGroupRow::of);
    let mut mentioned = negatives.ad_groups();
    mentioned.extend(keywords.ad_groups());
    let groups = merge_groups(&old_groups, new_groups, mentioned, rules.structure);
    let place: FxHashMap<&str, u32> = (1..).zip(&groups).map(|(at, group)| (group.id, at)).collect();

    let mut held = Held { ad_groups: groups.len() as u32, ..before };
    if let Merged::Rows(rows) = &negatives {
        held.negatives = rows.len() as u32;
        held.archived = rows.iter().filter(|row| row.state == State::Archived).count() as u32;
    }
    if let Merged::Rows(rows) = &keywords {
        held.keywords = rows.len() as u32;
    }
    let parcels = Parcels {
        ad_groups: (!groups.is_empty()).then(|| encode_ad_groups(&groups)),
        negatives: negatives.parcel(&place),
        keywords: keywords.parcel(&place),
    };
    Ok((parcels, held))
}

/// A part after the merge.
enum Merged<'a, R> {
    /// It was not listed: the bytes as they are, and the ad groups they mention.
    Same(Option<&'a [u8]>, Vec<&'a str>),
    /// Its rows, in any order.
    Rows(Vec<R>),
}

impl<'a, R: Row<'a>> Merged<'a, R> {
    fn as_it_is(parcel: Option<&'a [u8]>) -> Result<Self> {
        Ok(Self::Same(parcel, Rows::<R>::open(parcel)?.ad_groups().collect()))
    }

    fn ad_groups(&self) -> FxHashSet<&'a str> {
        match self {
            Self::Same(_, groups) => groups.iter().copied().collect(),
            Self::Rows(rows) => rows.iter().filter_map(Row::ad_group).collect(),
        }
    }

    fn parcel(self, place: &FxHashMap<&str, u32>) -> Option<Vec<u8>> {
        match self {
            Self::Same(parcel, _) => parcel.map(<[u8]>::to_vec),
            Self::Rows(rows) => sorted(rows, place),
        }
    }
}

fn negatives<'a>(
    old: Option<&'a [u8]>,
    new: &'a Pile,
    part: Part,
    rules: &Rules<'_>,
) -> Result<Vec<NegativeRow<'a>>> {
    let mut came: Vec<NegativeRow<'a>> = spool::rows(&new.negatives)?;
    for row in &mut came {
        row.first_seen = rules.today;
    }
    let settled = |row: &NegativeRow<'_>| {
        // Asked a million times and nearly always empty.
        !rules.settled.is_empty() && {
            let (kind, level, id) = row.key();
            rules.settled.contains(&NegativeKey { kind, level, id: id.into() })
        }
    };
    let keep_day = |row: &mut NegativeRow<'a>, old: &NegativeRow<'a>| row.first_seen = old.first_seen;
    Ok(merge_rows(&all(old)?, came, part, settled, keep_day))
}

fn all<'a, R: Row<'a>>(parcel: Option<&'a [u8]>) -> Result<Vec<R>> {
    let mut from = Rows::open(parcel)?;
    let mut rows = Vec::new();
    while let Some(row) = from.next()? {
        rows.push(row);
    }
    Ok(rows)
}

/// Rows replace each other by key, the later one wins; `settled` ones stay as they were, or away.
fn merge_rows<'a, R: Row<'a>>(
    old: &[R],
    new: Vec<R>,
    part: Part,
    settled: impl Fn(&R) -> bool,
    inherit: impl Fn(&mut R, &R),
) -> Vec<R> {
    let before: FxHashMap<R::Key, &R> = old.iter().map(|row| (row.key(), row)).collect();
    let stay = old.iter().filter(|row| part == Part::Upsert || settled(row));
    let mut rows: Vec<R> = Vec::with_capacity(new.len());
    let mut place: FxHashMap<R::Key, usize> = FxHashMap::default();
    for row in stay {
        place.insert(row.key(), rows.len());
        rows.push(row.clone());
    }
    for mut row in new {
        if settled(&row) {
            continue;
        }
        if let Some(old) = before.get(&row.key()) {
            inherit(&mut row, old);
        }
        match place.entry(row.key()) {
            std::collections::hash_map::Entry::Occupied(at) => rows[*at.get()] = row,
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(rows.len());
                rows.push(row);
            }
        }
    }
    rows
}

fn merge_groups<'a>(
    old: &[AdGroupRow<'a>],
    new: impl Iterator<Item = AdGroupRow<'a>>,
    mentioned: FxHashSet<&'a str>,
    part: Part,
) -> Vec<AdGroupRow<'a>> {
    let before: FxHashMap<&str, AdGroupRow<'a>> = old.iter().map(|group| (group.id, *group)).collect();
    let mut groups = if part == Part::Replace { FxHashMap::default() } else { before.clone() };
    groups.extend(new.map(|group| (group.id, group)));
    for id in mentioned {
        // Something lies in an ad group that no listing named: it is shown under what is known of it.
        groups.entry(id).or_insert_with(|| before.get(id).copied().unwrap_or_else(|| AdGroupRow::unnamed(id)));
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    groups.sort_by_cached_key(|group| (fold(group.name), group.id.len(), group.id));
    groups
}

/// A name as it is sorted: each character in lower case.
pub(crate) fn fold(name: &str) -> String {
    name.chars().flat_map(char::to_lowercase).collect()
}

/// The campaign's own first, then ad group by ad group in their order, there by text.
fn sorted<'a, R: Row<'a>>(rows: Vec<R>, place: &FxHashMap<&str, u32>) -> Option<Vec<u8>> {
    if rows.is_empty() {
        return None;
    }
    let at = |row: &R| row.ad_group().map_or(0, |id| place.get(id).copied().unwrap_or(u32::MAX));
    let mut keyed: Vec<(u32, R)> = rows.into_iter().map(|row| (at(&row), row)).collect();
    keyed.sort_unstable_by(|(a_at, a), (b_at, b)| match a_at.cmp(b_at) {
        Ordering::Equal => {
            a.text().cmp(b.text()).then_with(|| a.id().cmp(b.id())).then_with(|| a.key().cmp(&b.key()))
        }
        other => other,
    });
    let rows: Vec<R> = keyed.into_iter().map(|(_, row)| row).collect();
    Some(encode(&rows))
}
