//! Finds every negative that blocks a text, among a million: a hash of token runs. An exact negative is looked up by the
//! term's whole sequence, a phrase by each run of it; a hit is verified token by token. Soft readings ("may block") are
//! looked up likewise, by keys that two plurals share, and verified by reading both texts.
//!
//! Says nothing about scopes or states: who puts a negative in says that it is live, and joins scopes after. Grows and
//! shrinks one negative at a time. `batch` runs many terms over all cores.

mod batch;
mod reading;
#[cfg(test)]
mod tests;

use std::ops::Range;

use compact_str::CompactString;
use rustc_hash::FxHashMap;

use super::super::negative::Kind;
use super::super::term::asin_of;
use super::soft;
use super::table::Table;
use super::words::{Soft, UNKNOWN, Words};
use super::{Pattern, Rules, Verdict, normal, tokens};

pub use self::batch::{Found, TermTokens};

/// A distinct pattern in an index; negatives that are equal but for their place share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PatternIx(pub u32);

impl PatternIx {
    /// The number as an index.
    pub fn at(self) -> usize {
        self.0 as usize
    }
}

/// A pattern that blocks a text, or may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Blocker {
    /// Which.
    pub pattern: PatternIx,
    /// How sure it is; never [`Verdict::No`].
    pub verdict: Verdict,
}

/// How far an index looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// What the normalised tokens say: half the memory, and for a phrase of a script without spaces less than all.
    Certain,
    /// Soft readings too.
    Soft,
}

/// What is to be known of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Traits(u8);

const PHRASE: u8 = 1;
const UNSURE: u8 = 2;
const PRODUCT: u8 = 4;
const GONE: u8 = 8;

impl Traits {
    fn has(self, bit: u8) -> bool {
        self.0 & bit != 0
    }

    fn verdict(self) -> Verdict {
        if self.has(UNSURE) { Verdict::MayBlock } else { Verdict::Blocks }
    }
}

/// A pattern: where its tokens stand, and what is to be known of it; in one place, for one load.
#[derive(Clone, Copy, Debug)]
struct Head {
    start: u32,
    length: u16,
    traits: Traits,
}

/// The index.
#[derive(Clone, Debug)]
pub struct BlockerIndex {
    rules: Rules,
    depth: Depth,
    words: Words,
    /// Per word, the length of the longest phrase that begins with it.
    reach: Vec<u8>,
    /// The patterns' tokens, one pattern after the other.
    tokens: Vec<u32>,
    heads: Vec<Head>,
    certain: Table,
    soft: Table,
    /// Per key of a soft token, the length of the longest soft phrase that begins with it.
    soft_reach: Vec<u8>,
    products: FxHashMap<CompactString, PatternIx>,
    /// Words of the pattern that is being put in.
    desk: Vec<u32>,
}

/// Where hashes of token runs begin: exact patterns and phrases never meet.
const EXACT_SEED: u64 = 0x51_7C_C1_B7_27_22_0A_95;
const PHRASE_SEED: u64 = 0x2545_F491_4F6C_DD1D;

fn seed(phrase: bool) -> u64 {
    if phrase { PHRASE_SEED } else { EXACT_SEED }
}

/// The hash of a run made longer by one token.
#[inline]
fn longer(hash: u64, token: u32) -> u64 {
    (hash.rotate_left(23) ^ u64::from(token)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// What a table takes of a run's hash.
#[inline]
fn short(hash: u64) -> u32 {
    (hash >> 32) as u32
}

impl BlockerIndex {
    /// An empty index.
    pub fn new(rules: Rules, depth: Depth) -> Self {
        Self {
            rules,
            depth,
            words: Words::default(),
            reach: Vec::new(),
            tokens: Vec::new(),
            heads: Vec::new(),
            certain: Table::filtered(),
            soft: Table::default(),
            soft_reach: Vec::new(),
            products: FxHashMap::default(),
            desk: Vec::new(),
        }
    }

    /// Makes room for so many patterns.
    pub fn reserve(&mut self, patterns: usize) {
        self.certain.reserve(patterns);
        if self.depth == Depth::Soft {
            self.soft.reserve(patterns);
        }
        // A little more than three tokens each, as searches have.
        self.tokens.reserve_exact(patterns * 13 / 4);
        self.heads.reserve_exact(patterns);
    }

    /// The number of patterns ever put in; their numbers are below it.
    pub fn len(&self) -> usize {
        self.heads.len()
    }

    /// Whether no pattern was ever put in.
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    /// Bytes held, the texts of the patterns (as numbers of words) among them.
    pub fn bytes(&self) -> usize {
        let lists = self.tokens.capacity() * size_of::<u32>() + self.heads.capacity() * size_of::<Head>();
        let reach = self.reach.capacity() + self.soft_reach.capacity();
        let rest = reach + self.certain.bytes() + self.soft.bytes();
        self.words.bytes() + lists + rest + self.products.len() * size_of::<(CompactString, PatternIx)>()
    }

    /// Puts a negative in and gives its pattern, the same for an equal one. `None` for what can block nothing: a brand,
    /// an empty text, a sort of negative that the platform does not have.
    pub fn insert(&mut self, negative: Pattern<'_>) -> Option<PatternIx> {
        let text = normal(negative.text);
        match negative.kind {
            Kind::Brand => None,
            Kind::Product => (self.rules.products && !text.is_empty()).then(|| self.insert_product(&text)),
            Kind::Keyword if negative.is_phrase() && !self.rules.phrase => None,
            Kind::Keyword => self.insert_keyword(&negative, &text),
        }
    }

    fn insert_product(&mut self, text: &str) -> PatternIx {
        // `normal` lower-cases, as reports do.
        if let Some(known) = self.products.get(text).copied() {
            self.heads[known.at()].traits.0 &= !GONE;
            return known;
        }
        let pattern = self.push(self.tokens.len(), 0, PRODUCT);
        self.products.insert(CompactString::new(text), pattern);
        pattern
    }

    /// Ends a pattern whose tokens have been pushed from `start` on.
    fn push(&mut self, start: usize, length: u16, traits: u8) -> PatternIx {
        let pattern = PatternIx(self.heads.len() as u32);
        self.heads.push(Head { start: start as u32, length, traits: Traits(traits) });
        pattern
    }

    fn insert_keyword(&mut self, negative: &Pattern<'_>, text: &str) -> Option<PatternIx> {
        let mut words = std::mem::take(&mut self.desk);
        words.clear();
        let hash = self.read(negative, text, &mut words);
        let pattern = self.put(negative, text, &words, hash);
        self.desk = words;
        pattern
    }

    /// Puts many negatives in, and gives their patterns as [`BlockerIndex::insert`] does: a batch is read first and all
    /// its slots are looked at, so that their cache misses overlap.
    pub fn insert_all<'p>(
        &mut self,
        negatives: impl IntoIterator<Item = Pattern<'p>>,
    ) -> Vec<Option<PatternIx>> {
        const BATCH: usize = 64;
        let mut negatives = negatives.into_iter();
        let mut found = Vec::with_capacity(negatives.size_hint().0);
        let (mut words, mut read) = (Vec::new(), Vec::with_capacity(BATCH));
        loop {
            words.clear();
            read.clear();
            for negative in negatives.by_ref().take(BATCH) {
                let start = words.len();
                let text = normal(negative.text);
                let plain = negative.kind == Kind::Keyword && (self.rules.phrase || !negative.is_phrase());
                let hash = if plain { self.read(&negative, &text, &mut words) } else { 0 };
                read.push((negative, text, start..words.len(), hash, plain));
            }
            if read.is_empty() {
                return found;
            }
            std::hint::black_box(
                read.iter().map(|one| self.certain.first(one.3)).fold(0, |sum, slot| sum ^ slot),
            );
            for (negative, text, range, hash, plain) in &read {
                found.push(if *plain {
                    self.put(negative, text, &words[range.clone()], *hash)
                } else {
                    self.insert(*negative)
                });
            }
        }
    }

    /// Appends the words of a keyword negative, and gives their hash.
    fn read(&mut self, negative: &Pattern<'_>, text: &str, words: &mut Vec<u32>) -> u32 {
        let mut hash = seed(negative.is_phrase());
        for token in tokens(text) {
            let word = self.word(token);
            hash = longer(hash, word);
            words.push(word);
        }
        short(hash)
    }

    fn put(&mut self, negative: &Pattern<'_>, text: &str, words: &[u32], hash: u32) -> Option<PatternIx> {
        // More words than any platform takes block nothing either.
        let length = u16::try_from(words.len()).ok().filter(|length| *length > 0)?;
        let phrase = if negative.is_phrase() { PHRASE } else { 0 };
        let unsure = if negative.at_most() == Verdict::Blocks { 0 } else { UNSURE };
        let known = self.certain.find(hash, |pattern| {
            let same = self.heads[pattern as usize].traits.0 & !GONE == phrase | unsure;
            same && self.tokens_of(PatternIx(pattern)) == words
        });
        if let Some(known) = known {
            self.heads[known as usize].traits.0 &= !GONE;
            return Some(PatternIx(known));
        }
        if phrase != 0 {
            let reach = &mut self.reach[words[0] as usize];
            *reach = (*reach).max(u8::try_from(length).unwrap_or(u8::MAX));
        }
        let start = self.tokens.len();
        self.tokens.extend_from_slice(words);
        let pattern = self.push(start, length, phrase | unsure);
        self.certain.insert(hash, pattern.0);
        if self.depth == Depth::Soft {
            self.insert_soft(pattern, text);
        }
        Some(pattern)
    }

    fn insert_soft(&mut self, pattern: PatternIx, text: &str) {
        let mut keys: Vec<u32> = Vec::new();
        for at in self.range(pattern) {
            match self.words.soft(self.tokens[at]) {
                Soft::Piece(piece) => keys.push(self.words.key(piece)),
                Soft::Stop => {}
                Soft::Many => return self.insert_readings(pattern, text),
            }
        }
        self.insert_keys(pattern, &keys);
    }

    fn insert_readings(&mut self, pattern: PatternIx, text: &str) {
        let mut known: Vec<Vec<u32>> = Vec::new();
        for reading in soft::readings(self.rules, text) {
            let mut keys = Vec::with_capacity(reading.len());
            for piece in &reading {
                let piece = self.words.piece(piece);
                keys.push(self.words.key(piece));
            }
            if !known.contains(&keys) {
                self.insert_keys(pattern, &keys);
                known.push(keys);
            }
        }
    }

    fn insert_keys(&mut self, pattern: PatternIx, keys: &[u32]) {
        let Some(&start) = keys.first() else { return };
        let phrase = self.heads[pattern.at()].traits.has(PHRASE);
        let hash = keys.iter().fold(seed(phrase), |hash, key| longer(hash, *key));
        self.soft.insert(short(hash), pattern.0);
        if phrase {
            let at = start as usize;
            if self.soft_reach.len() <= at {
                self.soft_reach.resize(at + 1, 0);
            }
            self.soft_reach[at] = self.soft_reach[at].max(u8::try_from(keys.len()).unwrap_or(u8::MAX));
        }
    }

    /// The number of a token, made if it has none.
    fn word(&mut self, token: &str) -> u32 {
        let soft = (self.depth == Depth::Soft).then_some(self.rules);
        let word = self.words.number(token, soft);
        if self.reach.len() < self.words.len() {
            self.reach.resize(self.words.len(), 0);
        }
        word
    }

    /// Takes a pattern out. Put in again, it has the same number.
    pub fn remove(&mut self, pattern: PatternIx) {
        self.heads[pattern.at()].traits.0 |= GONE;
    }

    /// What the platform does.
    pub fn rules(&self) -> Rules {
        self.rules
    }

    /// A keyword pattern's text, normalised; a product's is not kept and gives an empty one.
    pub fn text(&self, pattern: PatternIx) -> String {
        self.tokens_of(pattern).iter().map(|word| self.words.text(*word)).collect::<Vec<_>>().join(" ")
    }

    fn range(&self, pattern: PatternIx) -> Range<usize> {
        let head = self.heads[pattern.at()];
        head.start as usize..head.start as usize + usize::from(head.length)
    }

    #[inline]
    fn tokens_of(&self, pattern: PatternIx) -> &[u32] {
        &self.tokens[self.range(pattern)]
    }

    /// Everything that blocks a text or may, the certain ones first, else in no order.
    ///
    /// ```
    /// use unbid::domain::matching::{BlockerIndex, Depth, Pattern, Rules, Verdict};
    /// use unbid::domain::negative::MatchType::{Exact, Phrase};
    /// let rules = Rules { phrase: true, ..Rules::default() };
    /// let mut index = BlockerIndex::new(rules, Depth::Soft);
    /// let decaf = index.insert(Pattern::keyword(Phrase, "Decaf")).unwrap();
    /// let pod = index.insert(Pattern::keyword(Exact, "decaf pod")).unwrap();
    /// index.insert(Pattern::keyword(Phrase, "caf"));
    /// let found = index.find("decaf pods");
    /// assert_eq!((found[0].pattern, found[0].verdict), (decaf, Verdict::Blocks));
    /// assert_eq!((found[1].pattern, found[1].verdict), (pod, Verdict::MayBlock));
    /// assert_eq!(found.len(), 2);
    /// index.remove(decaf);
    /// assert_eq!(index.find("decaf").len(), 0);
    /// ```
    pub fn find(&self, text: &str) -> Vec<Blocker> {
        let mut found = Vec::new();
        self.find_normal(&normal(text), &mut found);
        found
    }

    /// As [`BlockerIndex::find`] for a normalised text, added to what is in `found`.
    fn find_normal(&self, term: &str, found: &mut Vec<Blocker>) {
        if self.rules.products && asin_of(term).is_some() {
            return self.find_product(term, found);
        }
        let from = found.len();
        let words: Vec<(u32, &str)> =
            tokens(term).map(|token| (self.words.find(token).unwrap_or(UNKNOWN), token)).collect();
        let numbers: Vec<u32> = words.iter().map(|(word, _)| *word).collect();
        self.each_run(&numbers, |run, phrase, hash| {
            self.take(self.certain.first(hash), hash, &numbers[run], phrase, from, found);
        });
        if self.depth == Depth::Soft {
            self.find_soft(&words, from, found);
        }
    }

    fn find_product(&self, term: &str, found: &mut Vec<Blocker>) {
        let known = self.products.get(term).filter(|pattern| !self.heads[pattern.at()].traits.has(GONE));
        found.extend(known.map(|pattern| Blocker { pattern: *pattern, verdict: Verdict::Blocks }));
    }

    /// Every run of a term's tokens that a pattern could be: for exact ones the whole, for phrases each that some
    /// phrase is long enough for. Gives the run, whether it is for phrases, and its hash.
    #[inline]
    fn each_run(&self, term: &[u32], mut run: impl FnMut(Range<usize>, bool, u32)) {
        let mut whole = seed(false);
        let mut known = !term.is_empty();
        for (start, &first) in term.iter().enumerate() {
            if first == UNKNOWN {
                known = false;
                continue;
            }
            whole = longer(whole, first);
            let most = start + usize::from(self.reach[first as usize]);
            let mut hash = seed(true);
            for (end, &word) in (start + 1..).zip(&term[start..most.min(term.len())]) {
                if word == UNKNOWN {
                    break;
                }
                hash = longer(hash, word);
                run(start..end, true, short(hash));
            }
        }
        if known {
            run(0..term.len(), false, short(whole));
        }
    }

    /// Takes the patterns that have exactly these tokens, each once.
    #[inline]
    fn take(&self, first: u64, hash: u32, run: &[u32], phrase: bool, from: usize, found: &mut Vec<Blocker>) {
        self.certain.each_from(first, hash, |pattern| {
            let pattern = PatternIx(pattern);
            let traits = self.heads[pattern.at()].traits;
            if traits.has(PHRASE) == phrase && !traits.has(GONE) && self.tokens_of(pattern) == run {
                let one = Blocker { pattern, verdict: traits.verdict() };
                // A run that stands twice in a term blocks it once.
                if !found[from..].contains(&one) {
                    found.push(one);
                }
            }
        });
    }
}
