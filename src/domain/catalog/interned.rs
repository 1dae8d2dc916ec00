//! Distinct texts of search terms or positive keywords, each kept once in its normal form, found by hash. Knows no rows.

use std::hash::Hasher;

use compact_str::CompactString;
use rustc_hash::FxHasher;

use super::super::matching::{is_normal, normalise};
use super::columns::Arena;

/// An empty slot.
const NONE: u32 = u32::MAX;

/// Normalised texts by number, in the order in which they were first met.
#[derive(Clone, Default)]
pub(super) struct Interned {
    texts: Arena,
    /// Open addressing, a power of two at most half full.
    slots: Vec<u32>,
    /// The texts that were written otherwise when first met, ascending.
    written: Vec<(u32, CompactString)>,
}

/// Where the search for a text begins: the high bits of its hash, which are the well mixed ones.
fn home(text: &str, slots: usize) -> usize {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    let mixed = hasher.finish().wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 32) as usize & (slots - 1)
}

impl Interned {
    /// The number of a text as a report writes it. When 4 GiB of texts are full, further ones share an empty one.
    pub(super) fn intern(&mut self, raw: &str) -> u32 {
        if is_normal(raw) {
            return self.number(raw, None);
        }
        let normal = normalise(raw);
        self.number(&normal, (normal != raw).then_some(raw))
    }

    fn number(&mut self, normal: &str, written: Option<&str>) -> u32 {
        if self.slots.len() < 2 * (self.texts.len() + 1) {
            self.grow();
        }
        let mut at = home(normal, self.slots.len());
        loop {
            match self.slots[at] {
                NONE => break,
                known if self.texts.get(known as usize) == normal => return known,
                _ => at = (at + 1) & (self.slots.len() - 1),
            }
        }
        let number = self.texts.len() as u32;
        self.texts.push(normal);
        self.slots[at] = number;
        if let Some(written) = written {
            self.written.push((number, CompactString::new(written)));
        }
        number
    }

    fn grow(&mut self) {
        let slots = (2 * self.slots.len()).max(1 << 10);
        self.slots.clear();
        self.slots.resize(slots, NONE);
        for number in 0..self.texts.len() {
            let mut at = home(self.texts.get(number), slots);
            while self.slots[at] != NONE {
                at = (at + 1) & (slots - 1);
            }
            self.slots[at] = number as u32;
        }
    }

    /// The number of a normalised text.
    pub(super) fn find(&self, normal: &str) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        let mut at = home(normal, self.slots.len());
        loop {
            match self.slots[at] {
                NONE => return None,
                known if self.texts.get(known as usize) == normal => return Some(known),
                _ => at = (at + 1) & (self.slots.len() - 1),
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    pub(super) fn get(&self, number: u32) -> &str {
        self.texts.get(number as usize)
    }

    /// The text as it was first written.
    pub(super) fn written(&self, number: u32) -> &str {
        match self.written.binary_search_by_key(&number, |(number, _)| *number) {
            Ok(at) => &self.written[at].1,
            Err(_) => self.get(number),
        }
    }

    pub(super) fn shrink(&mut self) {
        self.texts.shrink();
        self.written.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_that_normalise_alike_are_one() {
        let mut texts = Interned::default();
        let first = texts.intern("Decaf  Beans");
        assert_eq!(texts.intern("decaf beans"), first);
        assert_eq!((texts.get(first), texts.written(first)), ("decaf beans", "Decaf  Beans"));
        assert_eq!(texts.len(), 1);
    }

    #[test]
    fn thousands_outgrow_the_first_table() {
        let mut texts = Interned::default();
        for n in 0..3_000 {
            assert_eq!(texts.intern(&format!("term {n}")), n);
        }
        assert_eq!(texts.find("term 7"), Some(7));
    }

    proptest! {
        #[test]
        fn every_text_is_found_again_and_no_other(raws in proptest::collection::vec("[a-cA-C é]{0,4}", 0..60)) {
            let mut texts = Interned::default();
            let numbers: Vec<u32> = raws.iter().map(|raw| texts.intern(raw)).collect();
            for (raw, number) in raws.iter().zip(&numbers) {
                prop_assert_eq!(texts.get(*number), normalise(raw));
                prop_assert_eq!(texts.find(&normalise(raw)), Some(*number));
            }
            let distinct: std::collections::HashSet<String> = raws.iter().map(|raw| normalise(raw)).collect();
            prop_assert_eq!(texts.len(), distinct.len());
            prop_assert_eq!(texts.find("not there"), None);
        }
    }
}
