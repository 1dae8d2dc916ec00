//! Puts a collected report beside those that are there, in one transaction: the same days give way, overlapping ones
//! are refused or cut, as [`Overlap`] says.

use rusqlite::{Connection, params};

use crate::domain::money::Currency;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::term::{TermPeriod, TermRow};
use crate::store::accounts::ensure;
use crate::store::convert::parse;
use crate::store::error::{Result, StoreError};

use super::load::{blobs, periods};
use super::parcel::{each, encode};
use super::{CommittedTerms, LoadedPeriod, Overlap, PARCEL};

pub(super) fn commit(
    db: &Connection,
    loaded: LoadedPeriod,
    parcels: &[Vec<u8>],
    overlap: Overlap,
) -> Result<CommittedTerms> {
    let account = ensure(db, &loaded.account)?;
    let there = periods(db, account, &loaded.account)?;
    let mut replaced = 0;
    let (touched, apart): (Vec<_>, Vec<_>) =
        there.into_iter().partition(|(_, old)| old.days.overlaps(loaded.days));
    let same = matches!(&touched[..], [(_, old)] if old.days == loaded.days);
    if !touched.is_empty() && !same && overlap == Overlap::Refuse {
        return Err(StoreError::Refused(overlaps(&loaded, touched.iter().map(|(_, old)| old.days))));
    }
    for (id, old) in &touched {
        replaced += cut(db, account, *id, old, loaded.days)?;
    }
    // What was cut keeps its currency, so ask after the cutting who is left.
    let left = periods(db, account, &loaded.account)?;
    // A report without a row has no currency.
    let differs = |old: &LoadedPeriod| {
        let known = |currency: &Currency| !currency.code().is_empty();
        known(&old.currency) && known(&loaded.currency) && old.currency != loaded.currency
    };
    let other = left.iter().chain(&apart).find(|(_, old)| differs(old));
    if let Some((_, other)) = other {
        return Err(StoreError::Refused(currencies(&loaded, other)));
    }
    let id = insert(db, account, &loaded)?;
    put(db, id, parcels)?;
    Ok(CommittedTerms { loaded, replaced })
}

/// Takes the rows of some days out of a period and keeps the days before and after as periods of their own; how many
/// rows went.
fn cut(db: &Connection, account: i64, id: i64, old: &LoadedPeriod, days: TermPeriod) -> Result<u64> {
    let (mut left, mut right) = (Side::default(), Side::default());
    if old.days.from < days.from || days.to < old.days.to {
        for parcel in blobs(db, id)? {
            each(&parcel, &mut |row| {
                if row.days.to < days.from {
                    left.rows.push(row.row(&old.currency));
                } else if days.to < row.days.from {
                    right.rows.push(row.row(&old.currency));
                } else {
                    left.torn |= row.days.from < days.from;
                    right.torn |= days.to < row.days.to;
                }
                Ok(())
            })?;
        }
    }
    let kept = (left.rows.len() + right.rows.len()) as u64;
    let before = days.from.yesterday().ok().map(|to| TermPeriod { from: old.days.from, to });
    let after = days.to.tomorrow().ok().map(|from| TermPeriod { from, to: old.days.to });
    for (side, rest) in [(left, before), (right, after)] {
        if let Some(rest) = rest.filter(|rest| rest.from <= rest.to) {
            keep(db, account, old, side, rest)?;
        }
    }
    db.prepare_cached("DELETE FROM term_periods WHERE id = ?1")?.execute([id])?;
    Ok(old.rows - kept.min(old.rows))
}

/// What is left of a period on one side of a newer one.
#[derive(Default)]
struct Side {
    rows: Vec<TermRow>,
    /// Whether a row went that counted days of this side too.
    torn: bool,
}

/// Keeps a side as a period: of all its days where every row of them is there, also of those without one; else of the
/// days that its rows have, because nobody can tell what the others held.
fn keep(db: &Connection, account: i64, old: &LoadedPeriod, side: Side, rest: TermPeriod) -> Result<()> {
    let Side { mut rows, torn } = side;
    let of_rows = rows.iter().map(|row| TermPeriod { from: row.from, to: row.to }).reduce(TermPeriod::join);
    let Some(days) = (if torn { of_rows } else { Some(rest) }) else { return Ok(()) };
    // Nothing has no currency.
    let currency = if rows.is_empty() { Currency::new("") } else { old.currency.clone() };
    let id = insert(db, account, &LoadedPeriod { days, currency, rows: rows.len() as u64, ..old.clone() })?;
    let parcels: Vec<Vec<u8>> = rows.chunks_mut(PARCEL).map(encode).collect();
    put(db, id, &parcels)
}

fn insert(db: &Connection, account: i64, period: &LoadedPeriod) -> Result<i64> {
    let sql = "INSERT INTO term_periods
        (account, first, last, currency, source, loaded_at, rows, rejected, left_out, unresolved, late_days)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    db.prepare_cached(sql)?.execute(params![
        account,
        period.days.from.to_string(),
        period.days.to.to_string(),
        period.currency.code(),
        period.source.raw(),
        period.loaded_at.to_string(),
        period.rows.cast_signed(),
        period.aside.rejected.cast_signed(),
        period.aside.left_out.cast_signed(),
        period.aside.unresolved.cast_signed(),
        period.late_days,
    ])?;
    Ok(db.last_insert_rowid())
}

fn put(db: &Connection, period: i64, parcels: &[Vec<u8>]) -> Result<()> {
    let mut insert = db.prepare_cached("INSERT INTO term_parcels (period, data) VALUES (?1, ?2)")?;
    for parcel in parcels {
        insert.execute(params![period, parcel])?;
    }
    Ok(())
}

fn overlaps(new: &LoadedPeriod, old: impl Iterator<Item = TermPeriod>) -> Problem {
    let old: Vec<String> = old.map(|days| days.to_string()).collect();
    Problem::new(ProblemKind::Usage, format!("Search terms of {} are loaded in part already", new.days))
        .detail(format!("there are those of {}", old.join(", ")))
        .hint("Import the same days as before, or take the new file's days from it with --replace.")
}

fn currencies(new: &LoadedPeriod, old: &LoadedPeriod) -> Problem {
    Problem::new(
        ProblemKind::Usage,
        format!(
            "The report is in {}, the account's other search terms are in {}",
            new.currency.code(),
            old.currency.code()
        ),
    )
    .detail(format!("loaded: {}, from {}", old.days, old.source.shown()))
    .hint("An account has one currency. Check --account, and that the file belongs to it.")
}

/// A day of a column.
pub(super) fn day(text: &str, what: &str) -> Result<jiff::civil::Date> {
    parse(text, what)
}
