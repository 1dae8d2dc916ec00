//! Marked rows: those of the snapshot by its row numbers, staged additions by theirs. Numbers of another snapshot mean
//! nothing here; `rows` carries marks over.

use std::collections::BTreeSet;

use crate::domain::catalog::{NegIx, Row, Rows};
use crate::ui::widgets::bits::Bits;

/// Which rows are marked.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    existing: Bits,
    added: BTreeSet<u64>,
}

impl Marks {
    /// How many are marked.
    pub fn len(&self) -> usize {
        self.existing.len() + self.added.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.existing.is_empty() && self.added.is_empty()
    }

    /// Whether this one is.
    pub fn has(&self, row: Row) -> bool {
        match row {
            Row::Existing(ix) => self.existing.has(ix.at()),
            Row::Added(number) => self.added.contains(&number),
        }
    }

    /// Marks or unmarks one.
    pub fn set(&mut self, row: Row, on: bool) {
        match row {
            Row::Existing(ix) => self.existing.set(ix.at(), on),
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
        if self.is_empty() { 0 } else { self.len() - rows.iter().filter(|row| self.has(*row)).count() }
    }

    /// All marked rows.
    pub fn iter(&self) -> impl Iterator<Item = Row> + '_ {
        let existing = self.existing.iter().map(|at| Row::Existing(NegIx(at as u32)));
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
