//! Marked lines: a bit for each, so that a million can be marked and inverted at once.

use crate::domain::catalog::EntryIx;
use crate::domain::sift::LineRows;

/// Which lines are marked.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    bits: Vec<u64>,
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
    pub fn has(&self, entry: EntryIx) -> bool {
        self.bits.get(entry.at() / 64).is_some_and(|word| word >> (entry.at() % 64) & 1 == 1)
    }

    /// Marks or unmarks one.
    pub fn set(&mut self, entry: EntryIx, on: bool) {
        if self.has(entry) == on {
            return;
        }
        if self.bits.len() <= entry.at() / 64 {
            self.bits.resize(entry.at() / 64 + 1, 0);
        }
        self.bits[entry.at() / 64] ^= 1 << (entry.at() % 64);
        self.count = if on { self.count + 1 } else { self.count - 1 };
    }

    /// Inverts the marks of these lines.
    pub fn invert(&mut self, rows: &LineRows) {
        for entry in rows.iter() {
            self.set(entry, !self.has(entry));
        }
    }

    /// How many are not among these lines.
    pub fn hidden(&self, rows: &LineRows) -> usize {
        if self.is_empty() { 0 } else { self.count - rows.iter().filter(|entry| self.has(*entry)).count() }
    }

    /// All marked lines, ascending.
    pub fn iter(&self) -> impl Iterator<Item = EntryIx> + '_ {
        self.bits.iter().enumerate().flat_map(|(at, word)| {
            (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| EntryIx((at * 64 + bit) as u32))
        })
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
