//! Words by number: the tokens of negatives and, once interned, of search terms; with each token what it is in soft
//! readings. Knows nothing of negatives.

use super::packed::Packed;
use super::table::Table;
use super::{Rules, soft};

/// Stands for a token that is not known.
pub(super) const UNKNOWN: u32 = u32::MAX;

/// Strings by number, each once.
#[derive(Clone, Debug, Default)]
pub(super) struct Strings {
    bytes: String,
    ends: Vec<u32>,
    packed: Vec<Packed>,
    table: Table,
}

impl Strings {
    #[inline]
    pub(super) fn get(&self, number: u32) -> &str {
        let at = number as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.bytes[start..self.ends[at] as usize]
    }

    /// Whether a number stands for a string.
    #[inline]
    fn is(&self, number: u32, packed: Packed, text: &[u8]) -> bool {
        self.packed[number as usize] == packed && (packed.is_whole() || self.get(number).as_bytes() == text)
    }

    #[inline]
    pub(super) fn find(&self, text: &str) -> Option<u32> {
        let (packed, text) = (Packed::of(text.as_bytes()), text.as_bytes());
        self.table.find(packed.hash(), |number| self.is(number, packed, text))
    }

    /// The number of a string, and whether it is new.
    pub(super) fn number(&mut self, text: &str) -> (u32, bool) {
        let packed = Packed::of(text.as_bytes());
        let hash = packed.hash();
        if let Some(known) = self.table.find(hash, |number| self.is(number, packed, text.as_bytes())) {
            return (known, false);
        }
        let number = self.ends.len() as u32;
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len() as u32);
        self.packed.push(packed);
        self.table.insert(hash, number);
        (number, true)
    }

    fn bytes(&self) -> usize {
        let lists = self.ends.capacity() * size_of::<u32>() + self.packed.capacity() * size_of::<Packed>();
        self.bytes.capacity() + lists + self.table.bytes()
    }
}

/// What a token is in soft readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Soft {
    /// One soft token, by number.
    Piece(u32),
    /// Left out.
    Stop,
    /// Several, or several readings.
    Many,
}

/// Tokens by number.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    tokens: Strings,
    /// Per token; empty where no soft readings are asked for.
    soft: Vec<Soft>,
    pieces: Strings,
    /// Per piece, the number of its key.
    key_of: Vec<u32>,
    keys: Strings,
}

impl Words {
    #[inline]
    pub(super) fn find(&self, token: &str) -> Option<u32> {
        self.tokens.find(token)
    }

    /// The slot where a token would stand: read for many before any is looked at.
    #[inline]
    pub(super) fn first(&self, token: Packed) -> u64 {
        self.tokens.table.first(token.hash())
    }

    /// The number of a token whose first slot is read, or [`UNKNOWN`].
    #[inline]
    pub(super) fn find_from(&self, first: u64, packed: Packed, token: &[u8]) -> u32 {
        let hash = packed.hash();
        let number = (first as u32).wrapping_sub(1);
        // Nearly always the first slot is its own.
        if (first >> 32) as u32 == hash && first != 0 && self.tokens.is(number, packed, token) {
            return number;
        }
        let mut found = UNKNOWN;
        self.tokens.table.each_from(first, hash, |number| {
            if self.tokens.is(number, packed, token) {
                found = number;
            }
        });
        found
    }

    pub(super) fn text(&self, token: u32) -> &str {
        self.tokens.get(token)
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.ends.len()
    }

    /// The number of a token; with `soft` also what it is in soft readings.
    pub(super) fn number(&mut self, token: &str, soft: Option<Rules>) -> u32 {
        let (number, new) = self.tokens.number(token);
        if let Some(rules) = soft.filter(|_| new) {
            let what = match shape(rules, token) {
                Shape::Piece(piece) => Soft::Piece(self.piece(&piece)),
                Shape::Stop => Soft::Stop,
                Shape::Many => Soft::Many,
            };
            self.soft.push(what);
        }
        number
    }

    pub(super) fn soft(&self, token: u32) -> Soft {
        self.soft[token as usize]
    }

    /// The number of a soft token.
    pub(super) fn piece(&mut self, piece: &str) -> u32 {
        let (number, new) = self.pieces.number(piece);
        if new {
            let (key, _) = self.keys.number(soft::key(piece));
            self.key_of.push(key);
        }
        number
    }

    /// The number of a soft token's key.
    pub(super) fn key(&self, piece: u32) -> u32 {
        self.key_of[piece as usize]
    }

    /// The number of the key of a soft token that need not be known itself.
    pub(super) fn key_of(&self, piece: &str) -> Option<u32> {
        let key = soft::key(piece);
        self.keys.find(key)
    }

    pub(super) fn piece_text(&self, piece: u32) -> &str {
        self.pieces.get(piece)
    }

    pub(super) fn bytes(&self) -> usize {
        let strings = self.tokens.bytes() + self.pieces.bytes() + self.keys.bytes();
        strings + self.soft.capacity() * size_of::<Soft>() + self.key_of.capacity() * size_of::<u32>()
    }
}

/// What a token is in soft readings, before it has a number.
pub(super) enum Shape<'a> {
    /// One soft token.
    Piece(std::borrow::Cow<'a, str>),
    /// Left out.
    Stop,
    /// Several, or several readings.
    Many,
}

pub(super) fn shape(rules: Rules, token: &str) -> Shape<'_> {
    let many = |c: char| soft::is_mark(c) || soft::is_spaceless(c);
    if token.chars().any(many) {
        return Shape::Many;
    }
    let bare = soft::without_accents(token);
    // Taking an accent away may leave a stop word or nothing at all.
    if bare.is_empty() || rules.stop_words.contains(&&*bare) { Shape::Stop } else { Shape::Piece(bare) }
}
