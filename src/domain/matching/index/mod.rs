//! Finds every negative that blocks a text, among a million: a hash of token runs. An exact negative is looked up by the
//! term's whole sequence, a phrase by each run of it; a hit is verified token by token. Soft readings ("may block") are
//! looked up likewise, by keys that two plurals share, and verified by reading both texts.
//!
//! Says nothing about scopes or states: who puts a negative in says that it is live, and joins scopes after. Grows and
//! shrinks one negative at a time (`insert`); `batch` runs many terms over all cores.

mod batch;
mod insert;
mod reading;
#[cfg(test)]
mod tests;

use std::ops::Range;

use compact_str::CompactString;
use rustc_hash::FxHashMap;

use super::super::term::asin_of;
use super::table::Table;
use super::words::{UNKNOWN, Words};
use super::{Rules, Verdict, normal, tokens};

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
