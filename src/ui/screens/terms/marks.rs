//! Marked lines, by the numbers of the terms in sight. Numbers of others mean nothing here; `rows` carries marks over.

use crate::domain::catalog::EntryIx;
use crate::domain::sift::LineRows;
use crate::ui::widgets::bits::Bits;

/// Which lines are marked.
#[derive(Clone, Debug, Default)]
pub struct Marks(Bits);

impl Marks {
    /// How many are marked.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this one is.
    pub fn has(&self, entry: EntryIx) -> bool {
        self.0.has(entry.at())
    }

    /// Marks or unmarks one.
    pub fn set(&mut self, entry: EntryIx, on: bool) {
        self.0.set(entry.at(), on);
    }

    /// Inverts the marks of these lines.
    pub fn invert(&mut self, rows: &LineRows) {
        for entry in rows.iter() {
            self.set(entry, !self.has(entry));
        }
    }

    /// How many are not among these lines.
    pub fn hidden(&self, rows: &LineRows) -> usize {
        if self.is_empty() { 0 } else { self.len() - rows.iter().filter(|entry| self.has(*entry)).count() }
    }

    /// All marked lines, ascending.
    pub fn iter(&self) -> impl Iterator<Item = EntryIx> + '_ {
        self.0.iter().map(|at| EntryIx(at as u32))
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
        for entry in [3, 700, 3, 64] {
            marks.set(EntryIx(entry), true);
        }
        assert_eq!(marks.len(), 3);
        marks.set(EntryIx(3), false);
        assert_eq!(marks.iter().collect::<Vec<_>>(), [EntryIx(64), EntryIx(700)]);
        assert!(marks.has(EntryIx(64)) && !marks.has(EntryIx(65)));
    }
}
