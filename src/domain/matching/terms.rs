//! The other way round: many search terms by their words, so that what one more negative would block is found without
//! reading them all. Made once for the loaded terms; the add form asks it as somebody types.

use super::super::negative::Kind;
use super::super::term::asin_of;
use super::soft::{self, Reading, alike};
use super::verdict::within_any;
use super::words::{Soft, Words};
use super::{Pattern, Rules, Verdict, normal, tokens};

/// A term that a negative blocks, or may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hit {
    /// The term's number, in the order in which the terms were handed in.
    pub term: u32,
    /// How sure it is; never [`Verdict::No`].
    pub verdict: Verdict,
}

/// Terms by their words.
#[derive(Debug)]
pub struct TermIndex {
    rules: Rules,
    words: Words,
    /// The terms' words, one term after the other.
    tokens: Vec<u32>,
    ends: Vec<u32>,
    /// The terms that have a word, word by word, ascending, each once.
    having: Vec<u32>,
    starts: Vec<u32>,
    /// Which words could be read as a soft token: its key and a word, sorted.
    by_key: Vec<(u32, u32)>,
}

/// A negative, looked up word by word.
struct Asked<'p> {
    pattern: Pattern<'p>,
    /// Its words; `None` when some word is in no term.
    words: Option<Vec<u32>>,
    readings: Vec<Reading>,
    /// Per reading, per soft token, the words that are alike.
    ways: Vec<Vec<Vec<u32>>>,
}

impl TermIndex {
    /// Reads normalised terms; a million take about a third of a second.
    pub fn new<'t>(rules: Rules, terms: impl Iterator<Item = &'t str>) -> Self {
        let mut words = Words::default();
        let (mut all, mut ends) = (Vec::new(), Vec::with_capacity(terms.size_hint().0));
        for term in terms {
            all.extend(tokens(term).map(|token| words.number(token, Some(rules))));
            ends.push(all.len() as u32);
        }
        let mut index = Self {
            rules,
            words,
            tokens: all,
            ends,
            having: Vec::new(),
            starts: Vec::new(),
            by_key: Vec::new(),
        };
        index.count_words();
        index.read_words();
        index
    }

    fn count_words(&mut self) {
        let mut starts = vec![0_u32; self.words.len() + 1];
        self.each_word(|_, word| starts[word as usize + 1] += 1);
        for word in 1..starts.len() {
            starts[word] += starts[word - 1];
        }
        let mut having = vec![0; starts.last().map_or(0, |all| *all as usize)];
        let mut next = starts.clone();
        self.each_word(|term, word| {
            let at = &mut next[word as usize];
            having[*at as usize] = term;
            *at += 1;
        });
        (self.having, self.starts) = (having, starts);
    }

    /// Every word of every term, each once a term.
    fn each_word(&self, mut take: impl FnMut(u32, u32)) {
        for term in 0..self.ends.len() as u32 {
            let words = self.words_of(term);
            for (at, word) in words.iter().enumerate() {
                if !words[..at].contains(word) {
                    take(term, *word);
                }
            }
        }
    }

    fn read_words(&mut self) {
        for word in 0..self.words.len() as u32 {
            match self.words.soft(word) {
                Soft::Piece(piece) => self.by_key.push((self.words.key(piece), word)),
                Soft::Stop => {}
                Soft::Many => {
                    for reading in soft::readings(self.rules, self.words.text(word)) {
                        for piece in reading {
                            let piece = self.words.piece(&piece);
                            self.by_key.push((self.words.key(piece), word));
                        }
                    }
                }
            }
        }
        self.by_key.sort_unstable();
        self.by_key.dedup();
    }

    /// The number of terms.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no term.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// What the platform does.
    pub fn rules(&self) -> Rules {
        self.rules
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        let numbers =
            self.tokens.capacity() + self.ends.capacity() + self.having.capacity() + self.starts.capacity();
        self.words.bytes() + 4 * numbers + self.by_key.capacity() * size_of::<(u32, u32)>()
    }

    fn words_of(&self, term: u32) -> &[u32] {
        let at = term as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.tokens[start..self.ends[at] as usize]
    }

    fn text(&self, term: u32) -> String {
        self.words_of(term).iter().map(|word| self.words.text(*word)).collect::<Vec<_>>().join(" ")
    }

    fn having(&self, word: u32) -> &[u32] {
        &self.having[self.starts[word as usize] as usize..self.starts[word as usize + 1] as usize]
    }

    /// The words that could be read as a soft token with this key.
    fn with_key(&self, piece: &str) -> impl Iterator<Item = u32> + '_ {
        let key = self.words.key_of(piece);
        let from = key.map_or(self.by_key.len(), |key| self.by_key.partition_point(|(other, _)| *other < key));
        self.by_key[from..].iter().take_while(move |(other, _)| Some(*other) == key).map(|(_, word)| *word)
    }

    /// Every term that a negative blocks or may, by number.
    ///
    /// ```
    /// use unbid::domain::matching::{Pattern, Rules, TermIndex, Verdict};
    /// use unbid::domain::negative::MatchType::Phrase;
    /// let terms = ["best decaf pods", "green card", "decaf pod", "soda-pop"];
    /// let index = TermIndex::new(Rules { phrase: true, ..Rules::default() }, terms.into_iter());
    /// let found = index.blocked_by(Pattern::keyword(Phrase, "decaf pod"));
    /// assert_eq!((found[0].term, found[0].verdict), (0, Verdict::MayBlock));
    /// assert_eq!((found[1].term, found[1].verdict), (2, Verdict::Blocks));
    /// assert!(index.blocked_by(Pattern::keyword(Phrase, "car")).is_empty());
    /// assert_eq!(index.blocked_by(Pattern::keyword(Phrase, "pop")).len(), 1);
    /// ```
    pub fn blocked_by(&self, negative: Pattern<'_>) -> Vec<Hit> {
        let text = normal(negative.text);
        match negative.kind {
            Kind::Brand => Vec::new(),
            Kind::Product => self.blocked_by_product(&text),
            Kind::Keyword if negative.is_phrase() && !self.rules.phrase => Vec::new(),
            Kind::Keyword => self.blocked_by_keyword(negative, &text),
        }
    }

    fn blocked_by_product(&self, asin: &str) -> Vec<Hit> {
        let word = self.words.find(asin).filter(|_| self.rules.products && asin_of(asin).is_some());
        let terms = word.map_or(&[][..], |word| self.having(word)).iter();
        let whole = terms.filter(|term| self.words_of(**term).len() == 1);
        whole.map(|term| Hit { term: *term, verdict: Verdict::Blocks }).collect()
    }

    fn blocked_by_keyword(&self, pattern: Pattern<'_>, text: &str) -> Vec<Hit> {
        let asked = self.ask(pattern, text);
        let judge = |term: &u32| {
            let verdict = self.judge(&asked, *term);
            (verdict > Verdict::No).then_some(Hit { term: *term, verdict })
        };
        match self.lists(&asked).as_slice() {
            [] => Vec::new(),
            [one] => one.iter().filter_map(judge).collect(),
            several => {
                let mut terms: Vec<u32> = several.concat();
                terms.sort_unstable();
                terms.dedup();
                terms.iter().filter_map(judge).collect()
            }
        }
    }

    fn ask<'p>(&self, pattern: Pattern<'p>, text: &str) -> Asked<'p> {
        let words: Option<Vec<u32>> = tokens(text).map(|token| self.words.find(token)).collect();
        let readings = soft::readings(self.rules, text);
        let ways_of = |piece: &String| {
            let simple = self.with_key(piece).filter(|word| match self.words.soft(*word) {
                Soft::Piece(other) => alike(self.words.piece_text(other), piece),
                Soft::Stop | Soft::Many => false,
            });
            simple.collect()
        };
        let ways = readings.iter().map(|reading| reading.iter().map(ways_of).collect()).collect();
        Asked { pattern, words: words.filter(|words| !words.is_empty()), readings, ways }
    }

    /// Lists of terms among which are all that the negative may block: those of the rarest soft token of each reading.
    fn lists(&self, asked: &Asked<'_>) -> Vec<&[u32]> {
        let mut chosen: Vec<u32> = Vec::new();
        for reading in &asked.readings {
            let size =
                |piece: &&String| self.with_key(piece).map(|word| self.having(word).len()).sum::<usize>();
            chosen.extend(reading.iter().min_by_key(size).into_iter().flat_map(|piece| self.with_key(piece)));
        }
        // Stop words alone have no reading, and block what has just them.
        if asked.readings.is_empty() {
            chosen.extend(asked.words.iter().flatten().min_by_key(|word| self.having(**word).len()));
        }
        chosen.sort_unstable();
        chosen.dedup();
        chosen.into_iter().map(|word| self.having(word)).collect()
    }

    fn judge(&self, asked: &Asked<'_>, term: u32) -> Verdict {
        let words = self.words_of(term);
        if self.rules.products && words.len() == 1 && asin_of(self.words.text(words[0])).is_some() {
            return Verdict::No;
        }
        let phrase = asked.pattern.is_phrase();
        if let Some(own) = &asked.words
            && within(own, words, phrase, |own, word| own == word)
        {
            return asked.pattern.at_most();
        }
        let mut plain = [0_u32; 32];
        let mut length = 0;
        for &word in words {
            match self.words.soft(word) {
                Soft::Stop => {}
                Soft::Piece(_) if length < plain.len() => {
                    plain[length] = word;
                    length += 1;
                }
                Soft::Piece(_) | Soft::Many => return self.judge_readings(asked, term),
            }
        }
        let may = asked
            .ways
            .iter()
            .any(|ways| within(ways, &plain[..length], phrase, |way, word| way.contains(word)));
        if may { Verdict::MayBlock } else { Verdict::No }
    }

    fn judge_readings(&self, asked: &Asked<'_>, term: u32) -> Verdict {
        let terms = soft::readings(self.rules, &self.text(term));
        let phrase = asked.pattern.is_phrase();
        let may = asked.readings.iter().any(|reading| within_any(reading, &terms, phrase));
        if may { Verdict::MayBlock } else { Verdict::No }
    }
}

/// Whether what is asked for, token by token, is a term's words, or for a phrase a run of them.
fn within<A>(asked: &[A], words: &[u32], phrase: bool, same: impl Fn(&A, &u32) -> bool) -> bool {
    let equal = |run: &[u32]| run.len() == asked.len() && asked.iter().zip(run).all(|(a, b)| same(a, b));
    !asked.is_empty() && if phrase { words.windows(asked.len()).any(equal) } else { equal(words) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::negative::MatchType;
    use super::super::verdict;
    use super::*;

    const RULES: Rules = Rules { phrase: true, products: true, stop_words: &["of", "a"] };

    fn text(most: usize) -> impl Strategy<Value = String> {
        let token = prop_oneof![
            4 => "(ca|car|box|pod|berr)(s|es|ies|y|e)?",
            1 => "(a|of|b07yt8nvf9)",
            1 => "(ca|s)[-'](s|pod)?",
            1 => "(咖|啡|é){1,2}s?",
        ];
        proptest::collection::vec(token, 1..=most).prop_map(|tokens| tokens.join(" "))
    }

    proptest! {
        #[test]
        fn finds_what_single_verdicts_say(
            terms in proptest::collection::vec(text(4), 1..12),
            negatives in proptest::collection::vec((0..4_u8, text(3)), 1..8),
        ) {
            let index = TermIndex::new(RULES, terms.iter().map(String::as_str));
            for (sort, text) in &negatives {
                let (kind, match_type) = match sort {
                    0 => (Kind::Keyword, Some(MatchType::Exact)),
                    1 => (Kind::Keyword, Some(MatchType::Phrase)),
                    2 => (Kind::Keyword, None),
                    _ => (Kind::Product, None),
                };
                let pattern = Pattern { kind, match_type, text };
                let found = index.blocked_by(pattern);
                let all = (0..terms.len() as u32).map(|term| Hit { term, verdict: verdict(RULES, pattern, &terms[term as usize]) });
                prop_assert_eq!(found, all.filter(|hit| hit.verdict > Verdict::No).collect::<Vec<_>>(), "{:?}", pattern);
            }
        }
    }
}
