//! Putting negatives in, one at a time or many: an equal one is found and keeps its number. Looking up is `mod`'s.

use compact_str::CompactString;

use super::super::super::negative::Kind;
use super::super::soft;
use super::super::words::Soft;
use super::super::{Pattern, Verdict, normal, tokens};
use super::{BlockerIndex, Depth, GONE, Head, PHRASE, PRODUCT, PatternIx, Traits, UNSURE, longer, seed, short};

impl BlockerIndex {
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
    pub(super) fn word(&mut self, token: &str) -> u32 {
        let soft = (self.depth == Depth::Soft).then_some(self.rules);
        let word = self.words.number(token, soft);
        if self.reach.len() < self.words.len() {
            self.reach.resize(self.words.len(), 0);
        }
        word
    }
}
