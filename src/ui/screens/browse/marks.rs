//! Marked rows: a bit for each row of the snapshot, so that a million can be marked and inverted at once.

use std::collections::BTreeSet;

use crate::domain::catalog::{NegIx, Row, Rows};

/// Which rows are marked.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    bits: Vec<u64>,
    added: BTreeSet<u64>,
    count: usize,
}

impl Marks {
    /// How many are marked.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether this one is.
    pub fn has(&self, row: Row) -> bool {
        match row {
            Row::Existing(ix) => {
                self.bits.get(ix.at() / 64).is_some_and(|word| word >> (ix.at() % 64) & 1 == 1)
            }
            Row::Added(number) => self.added.contains(&number),
        }
    }

    /// Marks or unmarks one.
    pub fn set(&mut self, row: Row, on: bool) {
        if self.has(row) == on {
            return;
        }
        self.count = if on { self.count + 1 } else { self.count - 1 };
        match row {
            Row::Existing(ix) => {
                if self.bits.len() <= ix.at() / 64 {
                    self.bits.resize(ix.at() / 64 + 1, 0);
                }
                self.bits[ix.at() / 64] ^= 1 << (ix.at() % 64);
            }
            Row::Added(number) if on => _ = self.added.insert(number),
            Row::Added(number) => _ = self.added.remove(&number),
        }
    }

    /// Inverts the marks of these rows.
    pub fn invert(&mut self, rows: &Rows) {
        for row in rows.iter() {
            self.set(row, !self.has(row));
        }
    }

    /// How many are not among these rows.
    pub fn hidden(&self, rows: &Rows) -> usize {
        if self.is_empty() { 0 } else { self.count - rows.iter().filter(|row| self.has(*row)).count() }
    }

    /// All marked rows.
    pub fn iter(&self) -> impl Iterator<Item = Row> + '_ {
        let existing = self.bits.iter().enumerate().flat_map(|(at, word)| {
            (0..64)
                .filter(move |bit| word >> bit & 1 == 1)
                .map(move |bit| Row::Existing(NegIx((at * 64 + bit) as u32)))
        });
        existing.chain(self.added.iter().map(|number| Row::Added(*number)))
    }

    /// Unmarks all.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_counted_and_listed() {
        let mut marks = Marks::default();
        for row in [Row::Existing(NegIx(3)), Row::Existing(NegIx(700)), Row::Added(9), Row::Existing(NegIx(3))]
        {
            marks.set(row, true);
        }
        assert_eq!(marks.len(), 3);
        marks.set(Row::Existing(NegIx(3)), false);
        assert_eq!(marks.iter().collect::<Vec<_>>(), [Row::Existing(NegIx(700)), Row::Added(9)]);
    }
}
