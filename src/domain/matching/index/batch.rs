//! Many terms at once, over all cores: a chunk of terms is cut into tokens, all its runs are hashed, all their slots
//! are read (so that the cache misses overlap), and only then is anything compared.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::super::super::term::asin_of;
use super::super::packed::{Packed, WINDOW, each_token};
use super::super::tokens;
use super::super::words::UNKNOWN;
use super::{Blocker, BlockerIndex, Depth, GONE, Head, PHRASE, PatternIx};

/// What blocks each of many terms.
#[derive(Clone, Debug, Default)]
pub struct Found {
    ends: Vec<u32>,
    blockers: Vec<Blocker>,
}

impl Found {
    /// The number of terms.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no term.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// What blocks a term, or may.
    pub fn of(&self, term: usize) -> &[Blocker] {
        let start = if term == 0 { 0 } else { self.ends[term - 1] as usize };
        &self.blockers[start..self.ends[term] as usize]
    }

    /// All of them, term by term.
    pub fn all(&self) -> &[Blocker] {
        &self.blockers
    }

    fn append(&mut self, other: &Self) {
        let before = self.blockers.len() as u32;
        self.ends.extend(other.ends.iter().map(|end| end + before));
        self.blockers.extend_from_slice(&other.blockers);
    }
}

/// Terms as numbers of an index's words; good for that index, whatever is put in or taken out later.
#[derive(Clone, Debug, Default)]
pub struct TermTokens {
    tokens: Vec<u32>,
    ends: Vec<u32>,
}

impl TermTokens {
    /// The number of terms.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no term.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    fn range(&self, term: usize) -> std::ops::Range<usize> {
        let start = if term == 0 { 0 } else { self.ends[term - 1] as usize };
        start..self.ends[term] as usize
    }
}

/// Terms a thread takes at a time: their runs fit the caches.
const CHUNK: usize = 512;

/// What a thread keeps from chunk to chunk.
#[derive(Default)]
struct Desk {
    words: Vec<u32>,
    ends: Vec<usize>,
    /// The terms, each followed by a space; then spaces enough to read a window anywhere.
    text: Vec<u8>,
    /// Where each token stands in them.
    spans: Vec<(u32, u32)>,
    packed: Vec<Packed>,
    slots: Vec<u64>,
    runs: Vec<Run>,
    run_ends: Vec<usize>,
    hits: Vec<Hit>,
    heads: Vec<Head>,
    firsts: Vec<u32>,
}

/// A run and a pattern with the same hash.
#[derive(Clone, Copy)]
struct Hit {
    run: u32,
    pattern: PatternIx,
}

/// A run of tokens of the chunk that some pattern may be.
#[derive(Clone, Copy, Default)]
struct Run {
    hash: u32,
    start: u32,
    length: u16,
    phrase: bool,
}

impl BlockerIndex {
    /// What blocks each of `count` normalised texts, on all cores; `None` once `stop` says so.
    pub fn find_all<'t>(
        &self,
        count: usize,
        text: impl Fn(usize) -> &'t str + Sync,
        stop: impl Fn() -> bool + Sync,
    ) -> Option<Found> {
        in_chunks(count, &stop, |terms, desk, found| {
            self.read_all(desk, terms.clone().map(&text));
            self.find_chunk(desk, terms.start, |term| Some(text(term)), found);
        })
    }

    /// Lays the words of some texts on the desk. Their slots are read all before any is looked at, so that the cache
    /// misses overlap.
    fn read_all<'t>(&self, desk: &mut Desk, texts: impl Iterator<Item = &'t str>) {
        let Desk { text, spans, packed, slots, words, ends, .. } = desk;
        text.clear();
        ends.clear();
        for one in texts {
            text.extend_from_slice(one.as_bytes());
            text.push(b' ');
            ends.push(text.len());
        }
        text.extend_from_slice(&[b' '; WINDOW]);
        spans.clear();
        packed.clear();
        slots.clear();
        each_token(text, |start, stop| {
            let token = Packed::at(&text[start..], stop - start);
            spans.push((start as u32, stop as u32));
            packed.push(token);
            slots.push(self.words.first(token));
        });
        words.clear();
        words.extend(spans.iter().zip(packed.iter()).zip(slots.iter()).map(|((span, packed), slot)| {
            self.words.find_from(*slot, *packed, &text[span.0 as usize..span.1 as usize])
        }));
        // From places in the text to places among the tokens.
        let mut at = 0;
        for end in ends {
            while spans.get(at).is_some_and(|(start, _)| (*start as usize) < *end) {
                at += 1;
            }
            *end = at;
        }
    }

    /// Makes terms known to the index's words, so that looking them up again needs no text.
    pub fn intern<'t>(&mut self, texts: impl Iterator<Item = &'t str>) -> TermTokens {
        let mut terms = TermTokens::default();
        for text in texts {
            for token in tokens(text) {
                let word = self.word(token);
                terms.tokens.push(word);
            }
            terms.ends.push(terms.tokens.len() as u32);
        }
        terms
    }

    /// As [`BlockerIndex::find_all`], for terms that [`BlockerIndex::intern`] made known.
    pub fn find_interned(&self, terms: &TermTokens, stop: impl Fn() -> bool + Sync) -> Option<Found> {
        in_chunks(terms.len(), &stop, |range, desk, found| {
            let first = terms.range(range.start).start;
            desk.ends.clear();
            desk.ends.extend(terms.ends[range.clone()].iter().map(|end| *end as usize - first));
            let last = terms.range(range.end - 1).end;
            desk.words.clear();
            desk.words.extend_from_slice(&terms.tokens[first..last]);
            self.find_chunk(desk, range.start, |_| None, found);
        })
    }

    /// Looks up a chunk whose words are on the desk. Its text is only needed where words are not known.
    fn find_chunk<'t>(
        &self,
        desk: &mut Desk,
        first: usize,
        text: impl Fn(usize) -> Option<&'t str>,
        found: &mut Found,
    ) {
        let Desk { words, ends, slots, runs, run_ends, hits, heads, firsts, .. } = desk;
        run_ends.clear();
        let (mut start, mut kept) = (0, 0);
        for &end in ends.iter() {
            let term = &words[start..end];
            // Room for every run; those that the filter lets go are written over by the next.
            let most = kept + term.len() * (term.len() + 1) / 2 + 1;
            if runs.len() < most {
                runs.resize(most * 2, Run::default());
            }
            if !self.certain.is_empty() {
                self.each_run(term, |run, phrase, hash| {
                    runs[kept] =
                        Run { hash, start: (start + run.start) as u32, length: run.len() as u16, phrase };
                    kept += usize::from(self.certain.may_have(hash));
                });
            }
            run_ends.push(kept);
            start = end;
        }
        // One kind of load after the other, each for the whole chunk, so that their cache misses overlap.
        slots.clear();
        slots.extend(runs[..kept].iter().map(|run| self.certain.first(run.hash)));
        hits.clear();
        for (at, (run, slot)) in runs[..kept].iter().zip(slots.iter()).enumerate() {
            self.certain.each_from(*slot, run.hash, |pattern| {
                hits.push(Hit { run: at as u32, pattern: PatternIx(pattern) });
            });
        }
        heads.clear();
        heads.extend(hits.iter().map(|hit| self.heads[hit.pattern.at()]));
        firsts.clear();
        firsts.extend(heads.iter().map(|head| self.tokens[head.start as usize]));
        let (mut start, mut hit) = (0, 0);
        for (at, (&end, &run_end)) in ends.iter().zip(run_ends.iter()).enumerate() {
            let from = found.blockers.len();
            let first_hit = hit;
            while hit < hits.len() && (hits[hit].run as usize) < run_end {
                hit += 1;
            }
            let asin = self.asin(&words[start..end], || text(first + at));
            if let Some(asin) = asin {
                self.find_product(asin, &mut found.blockers);
            } else {
                for ((one, head), token) in
                    hits[first_hit..hit].iter().zip(&heads[first_hit..hit]).zip(&firsts[first_hit..hit])
                {
                    let run = runs[one.run as usize];
                    let words = &words[run.start as usize..run.start as usize + usize::from(run.length)];
                    let sort = head.traits.has(PHRASE) == run.phrase && !head.traits.has(GONE);
                    if sort && words[0] == *token && self.tokens_of(one.pattern) == words {
                        let one = Blocker { pattern: one.pattern, verdict: head.traits.verdict() };
                        // A run that stands twice in a term blocks it once.
                        if !found.blockers[from..].contains(&one) {
                            found.blockers.push(one);
                        }
                    }
                }
                if self.depth == Depth::Soft {
                    let known = words[start..end].iter();
                    let term: Vec<(u32, &str)> = match text(first + at) {
                        Some(text) => known.copied().zip(tokens(text)).collect(),
                        None => known.map(|word| (*word, self.words.text(*word))).collect(),
                    };
                    self.find_soft(&term, from, &mut found.blockers);
                }
            }
            found.ends.push(found.blockers.len() as u32);
            start = end;
        }
    }

    /// The text of a term that is an ASIN, where those are the products' own.
    fn asin<'s>(&'s self, words: &[u32], text: impl FnOnce() -> Option<&'s str>) -> Option<&'s str> {
        let &[word] = words else { return None };
        if !self.rules.products {
            return None;
        }
        let text = if word == UNKNOWN { text()? } else { self.words.text(word) };
        asin_of(text).is_some().then_some(text)
    }
}

/// Cuts `count` items into chunks, has every core take one after the other, and puts the results in order.
fn in_chunks(
    count: usize,
    stop: &(impl Fn() -> bool + Sync),
    work: impl Fn(std::ops::Range<usize>, &mut Desk, &mut Found) + Sync,
) -> Option<Found> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut desk = Desk::default();
        let mut done: Vec<(usize, Found)> = Vec::new();
        while !stop() {
            let chunk = next.fetch_add(1, Ordering::Relaxed);
            let start = chunk * CHUNK;
            if start >= count {
                return Some(done);
            }
            let mut found = Found { ends: Vec::with_capacity(CHUNK), blockers: Vec::with_capacity(CHUNK) };
            work(start..count.min(start + CHUNK), &mut desk, &mut found);
            done.push((chunk, found));
        }
        None
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(count.div_ceil(CHUNK)).max(1);
    let mut parts: Vec<(usize, Found)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(worker)).collect();
        let own = worker();
        // A worker that panicked has said so; what is left of the result is not worth having.
        let others: Option<Vec<_>> = others.into_iter().map(|other| other.join().ok().flatten()).collect();
        Some(own?.into_iter().chain(others?.into_iter().flatten()).collect::<Vec<_>>())
    })?;
    parts.sort_unstable_by_key(|(chunk, _)| *chunk);
    let mut all = Found::default();
    all.ends.reserve_exact(count);
    all.blockers.reserve_exact(parts.iter().map(|(_, part)| part.blockers.len()).sum());
    for (_, part) in &parts {
        all.append(part);
    }
    Some(all)
}
