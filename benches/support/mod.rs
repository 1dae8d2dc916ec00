//! A large account for benchmarks: a million negatives whose words are spread as in search terms (Zipf-Mandelbrot over
//! 50,000 words, one to eight words a term, half of the negatives taken from terms that somebody searched).

/// `SplitMix64`: the same world for the same seed, everywhere.
pub struct Rng(pub u64);

impl Rng {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
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
    let mut seen = std::collections::HashSet::new();
    let mut words = Vec::with_capacity(WORDS);
    while words.len() < WORDS {
        let sized = words.len() % 37 == 36;
        let syllables = 1 + rng.below(3) + usize::from(words.len() > 2_000);
        let mut word: String = (0..syllables)
            .map(|_| {
                [starts[rng.below(starts.len())], vowels[rng.below(vowels.len())], ends[rng.below(ends.len())]]
                    .concat()
            })
            .collect();
        if sized {
            word = format!("{}{}", rng.below(500), units[rng.below(8)]);
        }
        if word.len() < 2 || !seen.insert(word.clone()) {
            if !sized {
                continue;
            }
            word = format!("{}x{}", rng.below(3_000), words.len());
            if !seen.insert(word.clone()) {
                continue;
            }
        }
        words.push(word);
    }
    words
}

/// Distinct negatives: their texts one after the other, and which of them are phrases.
pub struct Negatives {
    /// All texts, each followed by a line feed.
    pub texts: String,
    /// Whether each is a phrase.
    pub phrases: Vec<bool>,
}

/// Makes `count` distinct negatives.
pub fn negatives(rng: &mut Rng, count: usize) -> Negatives {
    let words = vocabulary(rng);
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
    // Eight places a term, filled up with a word that is none.
    let mut terms = vec![[u32::MAX; 8]; count];
    for term in &mut terms {
        let length = length(rng);
        term[..length].fill_with(|| word(rng));
    }
    let mut out = Negatives { texts: String::new(), phrases: Vec::with_capacity(count) };
    let mut seen = std::collections::HashSet::with_capacity(count);
    while out.phrases.len() < count {
        let phrase = rng.fraction() < 0.6;
        let mut chosen = [u32::MAX; 8];
        let mut length = if phrase { 1 + rng.below(4) } else { length(rng) };
        if rng.fraction() < 0.5 {
            let term = terms[rng.below(count)];
            let whole = term.iter().take_while(|word| **word != u32::MAX).count();
            let start = if phrase {
                length = 1 + rng.below(4.min(whole));
                rng.below(whole - length + 1)
            } else {
                length = whole;
                0
            };
            chosen[..length].copy_from_slice(&term[start..start + length]);
        } else {
            chosen[..length].fill_with(|| word(rng));
        }
        // No head words as one-word phrases, and few of the tail.
        let bare = phrase && length == 1 && (chosen[0] < 500 || !(chosen[0] * 7_919).is_multiple_of(20));
        if bare || !seen.insert((phrase, chosen)) {
            continue;
        }
        for (at, word) in chosen[..length].iter().enumerate() {
            if at > 0 {
                out.texts.push(' ');
            }
            out.texts.push_str(&words[*word as usize]);
        }
        out.texts.push('\n');
        out.phrases.push(phrase);
    }
    out
}
