//! A hash table of numbers: open addressing, eight bytes a slot, half of a slot the hash and half the number. Holds
//! nothing of what the numbers mean; whoever asks compares what they stand for. A table that is mostly asked for what
//! it does not hold can keep a filter, which is small enough for the caches where the slots are not.

/// The table. The same hash may stand for several numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    /// Hash and number plus one; 0 where nothing is.
    slots: Vec<u64>,
    used: usize,
    /// How far a hash is shifted to be a place.
    shift: u32,
    /// Eight bits a slot, one set for each hash; empty where none is kept.
    filter: Vec<u64>,
    filtered: bool,
}

/// The smallest table: 16 slots.
const FEWEST_BITS: u32 = 4;

impl Table {
    /// A table with a filter.
    pub(super) fn filtered() -> Self {
        Self { filtered: true, ..Self::default() }
    }

    /// Whether a hash may be in the table; false is certain. Only of tables with a filter that hold something.
    #[inline]
    pub(super) fn may_have(&self, hash: u32) -> bool {
        let (word, bit) = self.bit(hash);
        self.filter[word] >> bit & 1 == 1
    }

    /// The bit of a hash: by other digits of it than its slot, so that neighbours there are none here.
    #[inline]
    fn bit(&self, hash: u32) -> (usize, u32) {
        // Sixteen times as many bits as a table at its fullest has slots would be no better than eight times.
        let mixed = hash.wrapping_mul(0x85EB_CA6B);
        ((mixed >> 6) as usize & (self.filter.len() - 1), mixed & 63)
    }

    /// Makes room for so many numbers in all.
    pub(super) fn reserve(&mut self, numbers: usize) {
        // At most three quarters full.
        let slots = (numbers + numbers / 3 + 1).next_power_of_two().max(1 << FEWEST_BITS);
        if slots > self.slots.len() {
            self.grow(slots.trailing_zeros());
        }
    }

    pub(super) fn insert(&mut self, hash: u32, number: u32) {
        self.reserve(self.used + 1);
        self.used += 1;
        self.put(u64::from(hash) << 32 | (u64::from(number) + 1));
        self.note(hash);
    }

    fn note(&mut self, hash: u32) {
        if self.filtered {
            let (word, bit) = self.bit(hash);
            self.filter[word] |= 1 << bit;
        }
    }

    fn put(&mut self, slot: u64) {
        let mask = self.slots.len() - 1;
        let mut at = (slot >> 32) as usize >> self.shift;
        while self.slots[at] != 0 {
            at = (at + 1) & mask;
        }
        self.slots[at] = slot;
    }

    fn grow(&mut self, bits: u32) {
        let old = std::mem::replace(&mut self.slots, vec![0; 1 << bits]);
        self.shift = 32 - bits;
        if self.filtered {
            // Eight bits a slot in words of 64.
            self.filter = vec![0; 1 << (bits - 3)];
        }
        for slot in old.into_iter().filter(|slot| *slot != 0) {
            self.put(slot);
            self.note((slot >> 32) as u32);
        }
    }

    /// The slot where a hash would stand: read ahead for many, so that their cache misses overlap.
    #[inline]
    pub(super) fn first(&self, hash: u32) -> u64 {
        self.slots.get(hash as usize >> self.shift).copied().unwrap_or(0)
    }

    /// Every number with that hash; `first` is what [`Table::first`] gave.
    #[inline]
    pub(super) fn each_from(&self, first: u64, hash: u32, mut take: impl FnMut(u32)) {
        let mut slot = first;
        let mut at = hash as usize >> self.shift;
        while slot != 0 {
            if (slot >> 32) as u32 == hash {
                take((slot as u32).wrapping_sub(1));
            }
            at = (at + 1) & (self.slots.len() - 1);
            slot = self.slots[at];
        }
    }

    /// The first number with that hash that is the one looked for.
    #[inline]
    pub(super) fn find(&self, hash: u32, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let mut slot = self.first(hash);
        let mut at = hash as usize >> self.shift;
        while slot != 0 {
            let number = (slot as u32).wrapping_sub(1);
            if (slot >> 32) as u32 == hash && is_it(number) {
                return Some(number);
            }
            at = (at + 1) & (self.slots.len() - 1);
            slot = self.slots[at];
        }
        None
    }

    /// Whether nothing is in it.
    pub(super) fn is_empty(&self) -> bool {
        self.used == 0
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        (self.slots.capacity() + self.filter.capacity()) * size_of::<u64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_also_after_growing_and_where_hashes_are_equal() {
        let mut table = Table::filtered();
        assert_eq!(table.find(7, |_| true), None);
        for number in 0..1_000_u32 {
            // Every tenth hash is the same one, at the very end of the table.
            let hash = if number % 10 == 0 { u32::MAX } else { number.wrapping_mul(0x9E37_79B9) };
            table.insert(hash, number);
        }
        let mut last = Vec::new();
        table.each_from(table.first(u32::MAX), u32::MAX, |number| last.push(number));
        last.sort_unstable();
        assert_eq!(last, (0..1_000).step_by(10).collect::<Vec<_>>());
        let hash = 77_u32.wrapping_mul(0x9E37_79B9);
        assert_eq!(table.find(hash, |number| number == 77), Some(77));
        assert_eq!(table.find(hash, |_| false), None);
        assert!(table.may_have(hash) && table.may_have(u32::MAX));
        let others =
            (0..10_000_u32).map(|n| n.wrapping_mul(0xC2B2_AE35) | 1).filter(|hash| table.may_have(*hash));
        assert!(others.count() < 2_500, "the filter lets most of what is not there go");
    }
}
