//! A large account's searches for the matching benchmark: terms of one to eight words, spread as real ones are
//! (Zipf-Mandelbrot over 50,000 words), and distinct negatives, half of them taken from terms that somebody searched.
//! Other data would give other ratios: the order of the draws is part of the distribution.

use std::collections::HashSet;

/// `SplitMix64`.
struct Rng(u64);

impl Rng {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    #[expect(clippy::cast_sign_loss, reason = "a fraction is not negative")]
    fn below(&mut self, n: usize) -> usize {
        (self.fraction() * n as f64) as usize
    }
}

const WORDS: usize = 50_000;
/// How many terms in a hundred have at most one word, two words, and so on.
const LENGTHS: [usize; 8] = [8, 28, 54, 74, 86, 93, 97, 100];

fn vocabulary(rng: &mut Rng) -> Vec<String> {
    let starts = [
        "b", "c", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w", "z", "br", "ch",
        "cl", "dr", "gr", "pl", "sh", "st", "tr", "",
    ];
    let vowels = ["a", "e", "i", "o", "u", "ai", "ea", "oo"];
    let ends = ["", "", "", "n", "r", "s", "t", "l", "ck", "m", "x"];
    let units = ["oz", "ml", "ct", "in", "pk", "v", "w", ""];
    let mut seen = HashSet::new();
    let mut words: Vec<String> = Vec::with_capacity(WORDS);
    while words.len() < WORDS {
        let sized = words.len() % 37 == 36;
        let syllables = 1 + rng.below(3) + usize::from(words.len() > 2_000);
        let mut word = String::new();
        for _ in 0..syllables {
            word.push_str(starts[rng.below(starts.len())]);
            word.push_str(vowels[rng.below(vowels.len())]);
            word.push_str(ends[rng.below(ends.len())]);
        }
        if sized {
            word = format!("{}{}", rng.below(500), units[rng.below(8)]);
        }
        if word.len() > 1 && seen.insert(word.clone()) {
            words.push(word);
        } else if sized {
            let other = format!("{}x{}", rng.below(3_000), words.len());
            if seen.insert(other.clone()) {
                words.push(other);
            }
        }
    }
    words
}

/// A negative: whether it is a phrase, and its text.
pub type Negative = (bool, String);

/// Terms and two sets of negatives.
pub struct Searches {
    /// The terms, each followed by a line feed.
    pub texts: String,
    /// Where each term begins; one more at the end.
    pub starts: Vec<usize>,
    /// A hundred thousand negatives, then a million, in sizes as asked.
    pub negatives: Vec<Vec<Negative>>,
}

impl Searches {
    /// A term.
    pub fn term(&self, at: usize) -> &str {
        &self.texts[self.starts[at]..self.starts[at + 1] - 1]
    }

    /// The number of terms.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }
}

/// Makes so many terms, and sets of negatives of these sizes.
pub fn searches(terms: usize, sizes: &[usize]) -> Searches {
    let mut rng = Rng(42);
    let words = vocabulary(&mut rng);
    let mut sum = 0.0;
    let weights: Vec<f64> = (0..WORDS)
        .map(|rank| {
            sum += (rank as f64 + 2.7).powf(1.05).recip();
            sum
        })
        .collect();
    let word = |rng: &mut Rng| {
        let at = rng.fraction() * sum;
        weights.partition_point(|weight| *weight < at).min(WORDS - 1) as u32
    };
    let length = |rng: &mut Rng| {
        let at = rng.below(100);
        LENGTHS.iter().take_while(|most| at >= **most).count() + 1
    };
    let mut all: Vec<Vec<u32>> = Vec::with_capacity(terms);
    for _ in 0..terms {
        let length = length(&mut rng);
        all.push((0..length).map(|_| word(&mut rng)).collect());
    }
    let text = |term: &[u32]| term.iter().map(|at| words[*at as usize].as_str()).collect::<Vec<_>>().join(" ");
    let mut out = Searches { texts: String::new(), starts: vec![0], negatives: Vec::new() };
    for term in &all {
        out.texts.push_str(&text(term));
        out.texts.push('\n');
        out.starts.push(out.texts.len());
    }
    for size in sizes {
        let mut seen: HashSet<Negative> = HashSet::with_capacity(*size);
        let mut chosen = Vec::with_capacity(*size);
        while chosen.len() < *size {
            let phrase = rng.fraction() < 0.6;
            let from_term = rng.fraction() < 0.5;
            let term: Vec<u32> = if from_term {
                let source = &all[rng.below(terms)];
                if phrase {
                    let length = 1 + rng.below(4.min(source.len()));
                    let start = rng.below(source.len() - length + 1);
                    source[start..start + length].to_vec()
                } else {
                    source.clone()
                }
            } else {
                let length = if phrase { 1 + rng.below(4) } else { length(&mut rng) };
                (0..length).map(|_| word(&mut rng)).collect()
            };
            // No head words as one-word phrases, and few of the tail.
            if term.len() == 1 && (term[0] < 500 || !(term[0] * 7_919).is_multiple_of(20)) && phrase {
                continue;
            }
            let negative = (phrase, text(&term));
            if seen.insert(negative.clone()) {
                chosen.push(negative);
            }
        }
        out.negatives.push(chosen);
        // Draws that other columns of the same world take.
        for _ in 0..*size {
            for n in [2_000, 3, 20_000, 20, 12, 28] {
                rng.below(n);
            }
        }
    }
    out
}
