//! The soft half of a lookup: a term's soft tokens, hashed by the keys that plurals share, and each hit verified by
//! comparing soft tokens.

use std::borrow::Cow;

use super::super::Verdict;
use super::super::soft::{self, alike};
use super::super::words::{Shape, Soft, UNKNOWN, shape};
use super::{Blocker, BlockerIndex, GONE, PHRASE, PatternIx, longer, seed, short};

/// One soft token of a term: its key if some negative has it, and what it is.
struct Piece<'t> {
    key: Option<u32>,
    known: Option<u32>,
    text: Cow<'t, str>,
}

impl BlockerIndex {
    /// Adds what may block a term whose certain blockers are in `found` from `from` on. The term comes as its tokens, with
    /// the number of those that are known.
    pub(super) fn find_soft(&self, term: &[(u32, &str)], from: usize, found: &mut Vec<Blocker>) {
        let mut pieces: Vec<Piece> = Vec::with_capacity(term.len());
        for &(word, token) in term {
            let known = if word == UNKNOWN { None } else { Some(self.words.soft(word)) };
            match known {
                Some(Soft::Piece(piece)) => {
                    let text = Cow::Borrowed(self.words.piece_text(piece));
                    pieces.push(Piece { key: Some(self.words.key(piece)), known: Some(piece), text });
                }
                Some(Soft::Stop) => {}
                Some(Soft::Many) => return self.find_readings(term, from, found),
                None => match shape(self.rules(), token) {
                    Shape::Piece(text) => pieces.push(self.piece(text)),
                    Shape::Stop => {}
                    Shape::Many => return self.find_readings(term, from, found),
                },
            }
        }
        self.find_pieces(&pieces, from, found);
    }

    fn piece<'t>(&self, text: Cow<'t, str>) -> Piece<'t> {
        Piece { key: self.words.key_of(&text), known: None, text }
    }

    fn find_readings(&self, term: &[(u32, &str)], from: usize, found: &mut Vec<Blocker>) {
        let whole = term.iter().map(|(_, token)| *token).collect::<Vec<_>>().join(" ");
        for reading in soft::readings(self.rules(), &whole) {
            let pieces: Vec<Piece> = reading.into_iter().map(|text| self.piece(Cow::Owned(text))).collect();
            self.find_pieces(&pieces, from, found);
        }
    }

    fn find_pieces(&self, pieces: &[Piece], from: usize, found: &mut Vec<Blocker>) {
        let whole: Option<u64> =
            pieces.iter().try_fold(seed(false), |hash, piece| Some(longer(hash, piece.key?)));
        if let Some(hash) = whole.filter(|_| !pieces.is_empty()) {
            self.take_soft(short(hash), pieces, false, from, found);
        }
        for start in 0..pieces.len() {
            let Some(first) = pieces[start].key else { continue };
            let reach = self.soft_reach.get(first as usize).copied().map_or(0, usize::from);
            let mut hash = seed(true);
            for end in start..pieces.len().min(start + reach) {
                let Some(key) = pieces[end].key else { break };
                hash = longer(hash, key);
                self.take_soft(short(hash), &pieces[start..=end], true, from, found);
            }
        }
    }

    fn take_soft(&self, hash: u32, run: &[Piece], phrase: bool, from: usize, found: &mut Vec<Blocker>) {
        self.soft.each_from(self.soft.first(hash), hash, |pattern| {
            let pattern = PatternIx(pattern);
            let traits = self.heads[pattern.at()].traits;
            if traits.has(PHRASE) == phrase
                && !traits.has(GONE)
                && !found[from..].iter().any(|one| one.pattern == pattern)
                && self.reads_as(pattern, run)
            {
                found.push(Blocker { pattern, verdict: Verdict::MayBlock });
            }
        });
    }

    /// Whether some reading of a pattern has just these soft tokens, plurals aside.
    fn reads_as(&self, pattern: PatternIx, run: &[Piece]) -> bool {
        let mut at = run.iter();
        for &word in self.tokens_of(pattern) {
            match self.words.soft(word) {
                Soft::Piece(piece) => {
                    let Some(other) = at.next() else { return false };
                    if other.known != Some(piece) && !alike(self.words.piece_text(piece), &other.text) {
                        return false;
                    }
                }
                Soft::Stop => {}
                Soft::Many => return self.reads_somehow_as(pattern, run),
            }
        }
        at.next().is_none()
    }

    fn reads_somehow_as(&self, pattern: PatternIx, run: &[Piece]) -> bool {
        let text = self.text(pattern);
        soft::readings(self.rules(), &text).iter().any(|reading| {
            reading.len() == run.len() && reading.iter().zip(run).all(|(a, b)| alike(a, &b.text))
        })
    }
}
