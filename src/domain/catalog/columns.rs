//! The columns: texts in one arena with a lower-cased copy only where it differs, native ids as numbers,
//! small enums in a byte. No knowledge of what the rows mean; [`builder`](super::builder) fills them.

use compact_str::CompactString;
use rustc_hash::FxHashMap;

use super::super::negative::{Kind, MatchType, State};

/// Strings one after the other, by number.
#[derive(Clone, Default)]
pub(super) struct Arena {
    bytes: String,
    ends: Vec<u32>,
}

impl Arena {
    /// Adds a text; an empty one in its place, and false, when 4 GiB are full.
    pub(super) fn push(&mut self, text: &str) -> bool {
        let fits = u32::try_from(self.bytes.len() + text.len()).is_ok();
        if fits {
            self.bytes.push_str(text);
        }
        self.ends.push(self.bytes.len() as u32);
        fits
    }

    pub(super) fn get(&self, at: usize) -> &str {
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.bytes[start..self.ends[at] as usize]
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Adds all texts of another one, of which all are known to fit.
    fn append(&mut self, other: &Self) {
        let before = self.bytes.len() as u32;
        self.bytes.push_str(&other.bytes);
        self.ends.extend(other.ends.iter().map(|end| before + end));
    }

    pub(super) fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

/// Appends the text as filters compare it: every character lower-cased by itself, nothing else.
pub(crate) fn fold_into(raw: &str, out: &mut String) {
    let start = out.len();
    if raw.is_ascii() {
        out.push_str(raw);
        out[start..].make_ascii_lowercase();
    } else {
        out.extend(raw.chars().flat_map(char::to_lowercase));
    }
}

/// Whether a text is surely its own lower case: ASCII without capitals, as nearly all are. Reads all bytes rather than
/// stopping at the first odd one, which is many at a time.
fn is_folded(raw: &str) -> bool {
    raw.bytes().fold(0, |odd, byte| odd | byte & 0x80 | u8::from(byte.is_ascii_uppercase())) == 0
}

/// The text as filters compare it.
pub(crate) fn fold(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    fold_into(raw, &mut out);
    out
}

/// What stands between two texts of [`Texts`], so that few searches can span them.
const BETWEEN: char = '\n';

/// A column of texts: lower-cased in one string that can be searched in one pass, and as they came where that differs.
#[derive(Default)]
pub(super) struct Texts {
    folded: String,
    /// Where each text starts; the next one's start less one is its end.
    starts: Vec<u32>,
    /// The rows whose text is not its own lower case, ascending, and their texts.
    odd_rows: Vec<u32>,
    odd: Arena,
}

impl Texts {
    /// Makes room for so many more texts with so many bytes, line feeds among them.
    pub(super) fn reserve(&mut self, rows: usize, bytes: usize) {
        self.folded.reserve(bytes);
        self.starts.reserve(rows);
    }

    /// The length of all texts together, line feeds among them.
    pub(super) fn bytes(&self) -> usize {
        self.folded.len()
    }

    /// What the column takes of the 4 GiB that there are: columns fit into one while their weights together do.
    pub(super) fn weight(&self) -> usize {
        self.folded.len() + self.odd.bytes.len()
    }

    /// Adds all texts of another column, which are known to fit.
    pub(super) fn append(&mut self, other: &Self) {
        let (bytes, rows) = (self.folded.len() as u32, self.starts.len() as u32);
        self.folded.push_str(&other.folded);
        self.starts.extend(other.starts.iter().map(|start| bytes + start));
        self.odd_rows.extend(other.odd_rows.iter().map(|row| rows + row));
        self.odd.append(&other.odd);
    }

    /// Adds a text; an empty one in its place, and false, when 4 GiB are full.
    pub(super) fn push(&mut self, raw: &str) -> bool {
        // Lower-casing makes a text longer at times, never three times as long.
        let fits = self.folded.len() + 3 * raw.len() + 1 < u32::MAX as usize;
        let raw = if fits { raw } else { "" };
        let start = self.folded.len();
        let row = self.starts.len() as u32;
        self.starts.push(start as u32);
        if is_folded(raw) {
            self.folded.push_str(raw);
        } else {
            fold_into(raw, &mut self.folded);
            if self.folded[start..] != *raw {
                self.odd_rows.push(row);
                self.odd.push(raw);
            }
        }
        self.folded.push(BETWEEN);
        fits
    }

    /// Where the text of a row starts in [`Texts::folded_all`]; for the row past the last, where the last one ends.
    pub(super) fn start(&self, row: usize) -> usize {
        self.starts.get(row).map_or(self.folded.len(), |start| *start as usize)
    }

    pub(super) fn folded(&self, row: usize) -> &str {
        &self.folded[self.start(row)..self.start(row + 1) - BETWEEN.len_utf8()]
    }

    /// All folded texts, each followed by a line feed.
    pub(super) fn folded_all(&self) -> &str {
        &self.folded
    }

    /// Where every row's text starts.
    pub(super) fn starts(&self) -> &[u32] {
        &self.starts
    }

    pub(super) fn raw(&self, row: usize) -> &str {
        match self.odd_rows.binary_search(&(row as u32)) {
            Ok(at) => self.odd.get(at),
            Err(_) => self.folded(row),
        }
    }

    pub(super) fn shrink(&mut self) {
        self.folded.shrink_to_fit();
        self.starts.shrink_to_fit();
        self.odd_rows.shrink_to_fit();
        self.odd.shrink();
    }
}

/// Native ids: plain numbers as numbers, anything else in an arena.
#[derive(Default)]
pub(super) struct Ids {
    packed: Vec<u64>,
    odd: Arena,
}

/// Marks a packed id that is a number in the arena of odd ids.
const ODD: u64 = 1 << 63;

/// The number that an id is the plain decimal form of, when it has at most 18 digits.
pub(super) fn as_number(id: &str) -> Option<u64> {
    let bytes = id.as_bytes();
    let plain = matches!(bytes.len(), 1..=18) && (bytes[0] != b'0' || bytes.len() == 1);
    if !plain {
        return None;
    }
    bytes.iter().try_fold(0, |sum, b| b.is_ascii_digit().then(|| sum * 10 + u64::from(b - b'0')))
}

impl Ids {
    pub(super) fn push(&mut self, id: &str) {
        let packed = as_number(id).unwrap_or_else(|| {
            self.odd.push(id);
            ODD | (self.odd.len() - 1) as u64
        });
        self.packed.push(packed);
    }

    /// Adds all ids of another column.
    pub(super) fn append(&mut self, other: &Self) {
        let before = self.odd.len() as u64;
        self.packed.extend(other.packed.iter().map(|id| if id & ODD == 0 { *id } else { id + before }));
        self.odd.append(&other.odd);
    }

    /// The rows with this id, ascending, found by reading all.
    pub(super) fn rows_of(&self, id: &str) -> Vec<u32> {
        let rows = (0_u32..).zip(&self.packed);
        match as_number(id) {
            Some(number) => rows.filter(|(_, packed)| **packed == number).map(|(row, _)| row).collect(),
            None => rows
                .filter(|(_, packed)| **packed & ODD != 0 && self.odd.get((**packed & !ODD) as usize) == id)
                .map(|(row, _)| row)
                .collect(),
        }
    }

    /// All rows in the order of [`Ids::compare`], those with the same id ascending.
    pub(super) fn order(&self) -> Vec<u32> {
        // Numbers and rows as one number each: quicker to sort than by looking up.
        let mut keyed: Vec<u128> =
            (0_u32..).zip(&self.packed).map(|(row, id)| u128::from(*id) << 32 | u128::from(row)).collect();
        keyed.sort_unstable();
        let numbers = keyed.partition_point(|key| key >> 32 < u128::from(ODD));
        let mut order: Vec<u32> = keyed.into_iter().map(|key| key as u32).collect();
        order[numbers..].sort_unstable_by(|&a, &b| self.compare(a as usize, b as usize).then(a.cmp(&b)));
        order
    }

    /// Adds the id of another column's row.
    pub(super) fn push_from(&mut self, other: &Self, row: usize) {
        let packed = other.packed[row];
        if packed & ODD == 0 {
            self.packed.push(packed);
        } else {
            self.push(other.odd.get((packed & !ODD) as usize));
        }
    }

    pub(super) fn reserve(&mut self, rows: usize) {
        self.packed.reserve(rows);
    }

    pub(super) fn get(&self, row: usize) -> CompactString {
        let packed = self.packed[row];
        if packed & ODD == 0 {
            compact_str::ToCompactString::to_compact_string(&packed)
        } else {
            CompactString::new(self.odd.get((packed & !ODD) as usize))
        }
    }

    pub(super) fn is(&self, row: usize, id: &str) -> bool {
        let packed = self.packed[row];
        if packed & ODD == 0 {
            as_number(id) == Some(packed)
        } else {
            self.odd.get((packed & !ODD) as usize) == id
        }
    }

    /// Orders as numbers first by value, then the others as texts.
    pub(super) fn compare(&self, a: usize, b: usize) -> std::cmp::Ordering {
        let (a, b) = (self.packed[a], self.packed[b]);
        if a & b & ODD == 0 {
            return a.cmp(&b);
        }
        self.odd.get((a & !ODD) as usize).cmp(self.odd.get((b & !ODD) as usize))
    }

    /// How a row's id stands to the one looked for, in the order of [`Ids::compare`].
    pub(super) fn compare_to(&self, row: usize, id: &str) -> std::cmp::Ordering {
        let packed = self.packed[row];
        match (packed & ODD == 0, as_number(id)) {
            (true, Some(number)) => packed.cmp(&number),
            (true, None) => std::cmp::Ordering::Less,
            (false, Some(_)) => std::cmp::Ordering::Greater,
            (false, None) => self.odd.get((packed & !ODD) as usize).cmp(id),
        }
    }

    pub(super) fn shrink(&mut self) {
        self.packed.shrink_to_fit();
        self.odd.shrink();
    }
}

/// Words that repeat, each kept once.
#[derive(Default)]
pub(super) struct Words {
    list: Vec<CompactString>,
    known: FxHashMap<CompactString, u32>,
    last: u32,
}

impl Words {
    pub(super) fn number(&mut self, word: &str) -> u32 {
        if self.list.get(self.last as usize).is_some_and(|last| last == word) {
            return self.last;
        }
        self.last = if let Some(known) = self.known.get(word) {
            *known
        } else {
            let number = self.list.len() as u32;
            self.list.push(CompactString::new(word));
            self.known.insert(CompactString::new(word), number);
            number
        };
        self.last
    }

    /// Takes another one's words in: their numbers here, by their numbers there.
    pub(super) fn take_in(&mut self, other: &Self) -> Vec<u32> {
        other.list.iter().map(|word| self.number(word)).collect()
    }

    pub(super) fn get(&self, number: u32) -> &str {
        &self.list[number as usize]
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, &str)> {
        self.list.iter().enumerate().map(|(at, word)| (at as u32, word.as_str()))
    }
}

/// Kind, match type and state of a negative in one byte.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Packed(u8);

impl Packed {
    pub(super) fn new(kind: Kind, match_type: Option<MatchType>, state: State) -> Self {
        let kind = match kind {
            Kind::Keyword => 0,
            Kind::Product => 1,
            Kind::Brand => 2,
        };
        let matched = match match_type {
            None => 0,
            Some(MatchType::Exact) => 1,
            Some(MatchType::Phrase) => 2,
        };
        let state = match state {
            State::Enabled => 0,
            State::Paused => 1,
            State::Archived => 2,
        };
        Self(kind | matched << 2 | state << 4)
    }

    pub(super) fn kind(self) -> Kind {
        match self.0 & 3 {
            0 => Kind::Keyword,
            1 => Kind::Product,
            _ => Kind::Brand,
        }
    }

    pub(super) fn match_type(self) -> Option<MatchType> {
        match self.0 >> 2 & 3 {
            0 => None,
            1 => Some(MatchType::Exact),
            _ => Some(MatchType::Phrase),
        }
    }

    pub(super) fn state(self) -> State {
        match self.0 >> 4 & 3 {
            0 => State::Enabled,
            1 => State::Paused,
            _ => State::Archived,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn a_byte_holds_every_combination() {
        for kind in Kind::iter() {
            for match_type in [None, Some(MatchType::Exact), Some(MatchType::Phrase)] {
                for state in State::iter() {
                    let packed = Packed::new(kind, match_type, state);
                    assert_eq!((packed.kind(), packed.match_type(), packed.state()), (kind, match_type, state));
                }
            }
        }
    }

    #[test]
    fn only_plain_numbers_are_packed_as_numbers() {
        assert_eq!(as_number("281474976710657"), Some(281_474_976_710_657));
        for odd in ["", "007", "+1", "-1", "1e3", "1234567890123456789", "a1", "１"] {
            assert_eq!(as_number(odd), None, "{odd}");
        }
    }

    proptest! {
        #[test]
        fn texts_and_ids_come_back_as_they_went_in(rows in proptest::collection::vec(("\\PC{0,12}|[a-zA-Z \n]{0,6}", "[0-9]{1,20}|[a-z0-9-]{0,5}"), 0..20)) {
            let (mut texts, mut ids) = (Texts::default(), Ids::default());
            for (text, id) in &rows {
                prop_assert!(texts.push(text));
                ids.push(id);
            }
            for (at, (text, id)) in rows.iter().enumerate() {
                prop_assert_eq!(texts.raw(at), text);
                prop_assert_eq!(texts.folded(at), &text.chars().flat_map(char::to_lowercase).collect::<String>());
                prop_assert_eq!(&ids.get(at), id);
                for (other, (_, id)) in rows.iter().enumerate() {
                    prop_assert_eq!(ids.is(at, id), ids.get(at) == *id);
                    prop_assert_eq!(ids.compare(at, other), ids.compare_to(at, id));
                }
            }
        }
    }
}
