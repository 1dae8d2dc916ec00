//! Short strings as numbers: nearly every token fits into sixteen bytes with its length, so that hashing one and
//! comparing two is arithmetic instead of calls over a few bytes. Knows nothing of who keeps them.

use std::hash::Hasher;

use rustc_hash::FxHasher;

/// A string in sixteen bytes. Two that [are whole](Packed::is_whole) are the same string exactly if they are equal;
/// of longer ones the same string gives the same number, and whoever asks compares the text as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Packed(u128);

/// How many bytes fit beside their number.
pub(super) const MOST: usize = 15;
/// How many bytes are read for a string, whatever its length.
pub(super) const WINDOW: usize = 16;
/// In the place of the length: the string is longer than fits.
const LONG: u128 = 0xFF << (8 * MOST);

/// What is kept of a window, by the string's length.
const KEPT: [u128; WINDOW] = {
    let mut kept = [0; WINDOW];
    let mut length = 1;
    while length < WINDOW {
        kept[length] = u128::MAX >> (8 * (WINDOW - length));
        length += 1;
    }
    kept
};

impl Packed {
    /// Packs a string.
    #[inline]
    pub(super) fn of(text: &[u8]) -> Self {
        let length = text.len();
        // Two reads that overlap cover any length without a loop over its bytes.
        let bytes = match (text.first_chunk::<8>(), text.last_chunk::<8>()) {
            _ if length > MOST => return Self::long(text),
            (Some(first), Some(last)) => {
                let last = u128::from(u64::from_le_bytes(*last)) << (8 * (length - 8));
                u128::from(u64::from_le_bytes(*first)) | last
            }
            _ => match (text.first_chunk::<4>(), text.last_chunk::<4>()) {
                (Some(first), Some(last)) => {
                    let last = u128::from(u32::from_le_bytes(*last)) << (8 * (length - 4));
                    u128::from(u32::from_le_bytes(*first)) | last
                }
                _ => text.iter().rev().fold(0, |bytes, byte| bytes << 8 | u128::from(*byte)),
            },
        };
        Self(bytes | (length as u128) << (8 * MOST))
    }

    /// Packs the first `length` bytes of a text that goes on after them for a window at least.
    #[inline]
    pub(super) fn at(text: &[u8], length: usize) -> Self {
        match text.first_chunk::<WINDOW>() {
            Some(window) if length <= MOST => {
                Self(u128::from_le_bytes(*window) & KEPT[length] | (length as u128) << (8 * MOST))
            }
            _ => Self::of(&text[..length]),
        }
    }

    #[cold]
    fn long(text: &[u8]) -> Self {
        let mut hasher = FxHasher::default();
        hasher.write(text);
        Self(LONG | u128::from(hasher.finish()))
    }

    /// Whether the number holds all of the string.
    #[inline]
    pub(super) fn is_whole(self) -> bool {
        self.0 < LONG
    }

    /// Its hash.
    #[inline]
    pub(super) fn hash(self) -> u32 {
        let (low, high) = (self.0 as u64, (self.0 >> 64) as u64);
        let product = u128::from(low ^ 0x9E37_79B9_7F4A_7C15) * u128::from(high ^ 0x51_7C_C1_B7_27_22_0A_95);
        ((product as u64 ^ (product >> 64) as u64) >> 32) as u32
    }
}

/// Eight spaces.
const SPACES: u64 = u64::from_le_bytes([b' '; 8]);
/// All bits but the highest of eight bytes.
const LOW: u64 = u64::from_le_bytes([0x7F; 8]);

/// Where each token of a text stands, from a place to another, in order; tokens end at spaces, and the text ends with
/// one. Eight bytes at a time: a text of many terms has a space every few bytes.
#[inline]
pub(super) fn each_token(text: &[u8], mut take: impl FnMut(usize, usize)) {
    let (blocks, rest) = text.as_chunks::<64>();
    let mut start = 0;
    let mut end_at = |at: usize| {
        if start < at {
            take(start, at);
        }
        start = at + 1;
    };
    for (block, bytes) in blocks.iter().enumerate() {
        let mut spaces = 0_u64;
        for (at, eight) in bytes.as_chunks::<8>().0.iter().enumerate() {
            let other = u64::from_le_bytes(*eight) ^ SPACES;
            // The highest bit of each byte that is a space, then those bits side by side.
            let high = !(((other & LOW) + LOW) | other | LOW);
            spaces |= ((high >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * at);
        }
        while spaces != 0 {
            end_at(block * 64 + spaces.trailing_zeros() as usize);
            spaces &= spaces - 1;
        }
    }
    let before = text.len() - rest.len();
    for (at, _) in rest.iter().enumerate().filter(|(_, byte)| **byte == b' ') {
        end_at(before + at);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whole_ones_are_equal_as_their_strings_are(a in "[ab\\x00]{0,17}", b in "[ab\\x00]{0,17}") {
            let (one, other) = (Packed::of(a.as_bytes()), Packed::of(b.as_bytes()));
            prop_assert_eq!(one.is_whole(), a.len() <= MOST);
            prop_assert!(a != b || (one == other && one.hash() == other.hash()));
            prop_assert!(a == b || !one.is_whole() || one != other);
        }

        #[test]
        fn a_text_that_goes_on_changes_nothing(text in "\\PC{0,20}", after in "\\PC{0,20}") {
            let whole = [text.as_bytes(), after.as_bytes()].concat();
            prop_assert_eq!(Packed::at(&whole, text.len()), Packed::of(text.as_bytes()));
        }

        #[test]
        fn tokens_are_the_pieces_between_spaces(text in "[a!\u{a0}\u{2020} ]{0,150}") {
            let text = text + " ";
            let mut found = Vec::new();
            each_token(text.as_bytes(), |start, end| found.push(&text[start..end]));
            prop_assert_eq!(found, text.split(' ').filter(|token| !token.is_empty()).collect::<Vec<_>>());
        }
    }
}
