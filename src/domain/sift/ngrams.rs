//! Runs of one to four words with the sums of the lines they stand in: what is common to waste that no single term shows.
//! A run counts once for each line. Runs of a single line are left out, and cost no memory: a first pass counts roughly.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::catalog::{Cancel, EntryIx, Scope, TextIx};
use super::super::matching::tokens;
use super::super::money::Currency;
use super::super::term::Figures;
use super::{SiftQuery, Sifter, TermLine, View};

/// The most words of a run.
pub const WORDS: usize = 4;

/// A run of words.
#[derive(Clone, Debug, PartialEq)]
pub struct Ngram {
    /// The words, as terms have them.
    pub text: String,
    /// How many words.
    pub words: usize,
    /// In how many lines it stands.
    pub lines: usize,
    /// What those count together.
    pub figures: Figures,
    /// In which currency.
    pub currency: Option<Currency>,
}

/// Runs of words, the costliest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ngrams {
    /// The runs.
    pub runs: Vec<Ngram>,
    /// How many lines were looked at.
    pub lines: usize,
    /// How many runs were left out of the end of the list.
    pub left_out: usize,
}

/// The longest list.
const MOST: usize = 10_000;
/// Buckets of the rough count.
const BUCKETS: usize = 1 << 22;

struct Sum {
    lines: usize,
    figures: Figures,
    currency: Option<Currency>,
    text: TextIx,
    from: u16,
    words: u16,
}

impl Sifter {
    /// The runs of the lines of a query that stand in two or more of them; `None` when cancelled.
    pub fn ngrams(&self, query: &SiftQuery, cancel: &Cancel) -> Option<Ngrams> {
        let mut rough = vec![0_u8; BUCKETS];
        let mut hashes = Vec::new();
        self.each(query, cancel, |line, hit| {
            if hit {
                self.runs(line, &mut hashes, |hash, _, _| {
                    let bucket = &mut rough[hash as usize % BUCKETS];
                    *bucket = bucket.saturating_add(1);
                });
            }
        })?;
        self.sum(query, cancel, 2, |hash| rough[hash as usize % BUCKETS] > 1)
    }

    /// The runs of one line's term, with what they count in the whole account; `None` when cancelled.
    pub fn ngrams_of(&self, entry: EntryIx, cancel: &Cancel) -> Option<Ngrams> {
        let line = self.line(entry);
        let (mut wanted, mut hashes) = (FxHashSet::default(), Vec::new());
        self.runs(&line, &mut hashes, |hash, _, _| _ = wanted.insert(hash));
        let scope = Scope::Account(self.account_of(&line));
        let query = SiftQuery { scope, view: View::All, ..SiftQuery::default() };
        self.sum(&query, cancel, 1, |hash| wanted.contains(&hash))
    }

    fn sum(
        &self,
        query: &SiftQuery,
        cancel: &Cancel,
        least: usize,
        wanted: impl Fn(u64) -> bool,
    ) -> Option<Ngrams> {
        let mut sums: FxHashMap<u64, Sum> = FxHashMap::default();
        let (mut hashes, mut lines) = (Vec::new(), 0);
        self.each(query, cancel, |line, hit| {
            if !hit {
                return;
            }
            lines += 1;
            let currency = self.currency_of(line);
            self.runs(line, &mut hashes, |hash, from, words| {
                if !wanted(hash) {
                    return;
                }
                // Sums never mix currencies: the same words in another one are another run.
                let key = currency.map_or(hash, |currency| mix(hash, code(currency)));
                let sum = sums.entry(key).or_insert_with(|| Sum {
                    lines: 0,
                    figures: Figures::default(),
                    currency: currency.cloned(),
                    text: line.text,
                    from: from as u16,
                    words: words as u16,
                });
                sum.lines += 1;
                sum.figures += line.figures;
            });
        })?;
        let mut kept: Vec<Sum> = sums.into_values().filter(|sum| sum.lines >= least).collect();
        kept.sort_unstable_by_key(|sum| {
            (std::cmp::Reverse(sum.figures.spend), std::cmp::Reverse(sum.words), sum.text, sum.from)
        });
        let left_out = kept.len().saturating_sub(MOST);
        kept.truncate(MOST);
        let runs = kept.into_iter().map(|sum| self.ngram(sum)).collect();
        Some(Ngrams { runs, lines, left_out })
    }

    fn ngram(&self, sum: Sum) -> Ngram {
        let words = usize::from(sum.words);
        let all = tokens(self.terms.text(sum.text));
        let run: Vec<&str> = all.skip(usize::from(sum.from)).take(words).collect();
        Ngram { text: run.join(" "), words, lines: sum.lines, figures: sum.figures, currency: sum.currency }
    }

    /// Hands over every distinct run of a line's term: hash, first word, number of words. Products have none.
    fn runs(&self, line: &TermLine, hashes: &mut Vec<u64>, mut take: impl FnMut(u64, usize, usize)) {
        if self.asin(line).is_some() {
            return;
        }
        hashes.clear();
        let words: Vec<u64> = tokens(self.terms.text(line.text)).map(hash_of).collect();
        // A search of more words than that is no search; its first ones count.
        let words = &words[..words.len().min(usize::from(u16::MAX))];
        for from in 0..words.len() {
            let mut hash = 0;
            for (at, word) in words[from..].iter().take(WORDS).enumerate() {
                hash = mix(hash, *word);
                if !hashes.contains(&hash) {
                    hashes.push(hash);
                    take(hash, from, at + 1);
                }
            }
        }
    }
}

fn hash_of(word: &str) -> u64 {
    use std::hash::Hasher;
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(word.as_bytes());
    hasher.finish()
}

fn code(currency: &Currency) -> u64 {
    hash_of(currency.code())
}

/// Joins two hashes; 64 bits are enough to tell some millions of runs apart.
fn mix(hash: u64, next: u64) -> u64 {
    (hash.rotate_left(23) ^ next).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(17)
}
