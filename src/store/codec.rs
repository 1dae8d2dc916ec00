//! Bytes of a parcel: numbers in one run, texts in another, a checksum at the end. Texts are checked for UTF-8
//! once per parcel and borrowed from it. Whatever the bytes, decoding ends in a value or an error, never a panic.

use super::error::{Result, StoreError};

/// The first byte of every parcel.
const VERSION: u8 = 1;

/// Collects numbers and texts.
#[derive(Debug, Default)]
pub(crate) struct Encoder {
    numbers: Vec<u8>,
    texts: String,
}

impl Encoder {
    /// Adds one byte.
    pub(crate) fn byte(&mut self, byte: u8) {
        self.numbers.push(byte);
    }

    /// Adds a number, small ones in few bytes.
    pub(crate) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.numbers.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.numbers.push(number as u8);
    }

    /// Adds a number that may be negative.
    pub(crate) fn signed(&mut self, number: i64) {
        self.number((number << 1 ^ number >> 63).cast_unsigned());
    }

    /// Adds a text.
    pub(crate) fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.texts.push_str(text);
    }

    /// Adds everything that another one holds.
    pub(crate) fn append(&mut self, other: &Self) {
        self.numbers.extend_from_slice(&other.numbers);
        self.texts.push_str(&other.texts);
    }

    /// Reads back what was added so far.
    pub(crate) fn decoder(&self) -> Decoder<'_> {
        Decoder { numbers: &self.numbers, texts: &self.texts }
    }

    /// The parcel: version, length of the numbers, numbers, texts, checksum.
    pub(crate) fn seal(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.numbers.len() + self.texts.len() + 13);
        bytes.push(VERSION);
        bytes.extend_from_slice(&(self.numbers.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&self.numbers);
        bytes.extend_from_slice(self.texts.as_bytes());
        bytes.extend_from_slice(&checksum(&bytes).to_le_bytes());
        bytes
    }
}

/// Reads numbers and texts in the order in which they were added.
#[derive(Clone, Debug, Default)]
pub(crate) struct Decoder<'a> {
    numbers: &'a [u8],
    texts: &'a str,
}

impl<'a> Decoder<'a> {
    /// Opens a parcel that [`Encoder::seal`] made.
    pub(crate) fn open(parcel: &'a [u8]) -> Result<Self> {
        let (bytes, sum) = parcel.split_last_chunk::<8>().ok_or_else(broken)?;
        let (head, body) = bytes.split_first_chunk::<5>().ok_or_else(broken)?;
        let [version, length @ ..] = head;
        if checksum(bytes) != u64::from_le_bytes(*sum) || *version != VERSION {
            return Err(broken());
        }
        let length = u32::from_le_bytes(*length) as usize;
        let (numbers, texts) = body.split_at_checked(length).ok_or_else(broken)?;
        Ok(Self { numbers, texts: std::str::from_utf8(texts).map_err(|_| broken())? })
    }

    /// Whether everything was read.
    pub(crate) fn is_done(&self) -> bool {
        self.numbers.is_empty()
    }

    /// The next byte.
    pub(crate) fn byte(&mut self) -> Result<u8> {
        let (byte, rest) = self.numbers.split_first().ok_or_else(broken)?;
        self.numbers = rest;
        Ok(*byte)
    }

    /// The next number.
    pub(crate) fn number(&mut self) -> Result<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(broken())
    }

    /// The next number that counts or indexes something.
    pub(crate) fn size(&mut self) -> Result<usize> {
        usize::try_from(self.number()?).map_err(|_| broken())
    }

    /// The next number that may be negative.
    pub(crate) fn signed(&mut self) -> Result<i64> {
        let number = self.number()?;
        Ok((number >> 1).cast_signed() ^ -((number & 1).cast_signed()))
    }

    /// The next text.
    pub(crate) fn text(&mut self) -> Result<&'a str> {
        let length = self.size()?;
        let (text, rest) = self.texts.split_at_checked(length).ok_or_else(broken)?;
        self.texts = rest;
        Ok(text)
    }
}

/// What every decoding failure says.
pub(crate) fn broken() -> StoreError {
    StoreError::damaged("a parcel of rows does not decode")
}

/// Tells a flipped bit or a torn page from what was written. SQLite itself keeps no checksums.
pub(crate) fn checksum(bytes: &[u8]) -> u64 {
    let mix = |sum: u64, word: u64| (sum ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    let (words, rest) = bytes.as_chunks::<8>();
    let sum = words.iter().fold(bytes.len() as u64, |sum, word| mix(sum, u64::from_le_bytes(*word)));
    rest.iter().fold(sum, |sum, byte| mix(sum, u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_goes_in_comes_out(rows in proptest::collection::vec((any::<u64>(), any::<i64>(), "\\PC{0,9}"), 0..9)) {
            let mut encoder = Encoder::default();
            for (number, signed, text) in &rows {
                encoder.number(*number);
                encoder.signed(*signed);
                encoder.text(text);
            }
            let parcel = encoder.seal();
            let mut decoder = Decoder::open(&parcel).unwrap();
            for (number, signed, text) in &rows {
                prop_assert_eq!(decoder.number().unwrap(), *number);
                prop_assert_eq!(decoder.signed().unwrap(), *signed);
                prop_assert_eq!(decoder.text().unwrap(), text);
            }
            prop_assert!(decoder.is_done());
            prop_assert!(decoder.byte().is_err() && decoder.number().is_err() && decoder.text().is_err());
        }

        #[test]
        fn a_flipped_bit_or_a_cut_is_noticed(text in "\\PC{1,40}", at in any::<prop::sample::Index>(), bit in 0..8) {
            let mut encoder = Encoder::default();
            encoder.text(&text);
            let parcel = encoder.seal();
            prop_assert!(Decoder::open(&parcel[..at.index(parcel.len())]).is_err());
            let mut flipped = parcel.clone();
            flipped[at.index(parcel.len())] ^= 1_u8 << bit;
            prop_assert!(Decoder::open(&flipped).is_err());
        }

        #[test]
        fn any_bytes_end_in_a_value_or_an_error(numbers in proptest::collection::vec(any::<u8>(), 0..40), texts in "\\PC{0,9}") {
            let mut decoder = Decoder { numbers: &numbers, texts: &texts };
            while !decoder.is_done() {
                if decoder.text().is_err() {
                    break;
                }
            }
        }
    }
}
