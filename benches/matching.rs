//! Which negatives block a million search terms: the token-run index beside aho-corasick (contiguous NFA, overlapping,
//! tokens padded), a model of random loads, and for one new negative a `memmem` pass. Each side runs in turns in one
//! process, and the table gives ratios. `cargo bench --bench matching -- small` runs a tenth of it by hand;
//! `taskset -c 0` gives the figures of one core.

#[path = "support/searches.rs"]
mod searches;

use std::hint::black_box;
use std::time::{Duration, Instant};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use memchr::memmem::Finder;
use searches::{Negative, Searches};
use unbid::domain::matching::{BlockerIndex, Depth, Found, Pattern, Rules, TermIndex};
use unbid::domain::negative::MatchType;

const RULES: Rules = Rules { phrase: true, products: false, stop_words: &[] };
/// Random loads that a term takes: 3.6 tokens and 9.8 runs of them.
const LOADS_A_TERM: f64 = 13.4;

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let done = black_box(work());
    (start.elapsed(), done)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
}

fn pattern((phrase, text): &Negative) -> Pattern<'_> {
    Pattern::keyword(if *phrase { MatchType::Phrase } else { MatchType::Exact }, text)
}

fn build(negatives: &[Negative], depth: Depth) -> BlockerIndex {
    let mut index = BlockerIndex::new(RULES, depth);
    index.reserve(negatives.len());
    black_box(index.insert_all(negatives.iter().map(pattern)));
    index
}

fn find(index: &BlockerIndex, world: &Searches) -> Found {
    match index.find_all(world.len(), |at| world.term(at), || false) {
        Some(found) => found,
        None => unreachable!("nobody stops it"),
    }
}

/// Pairs of a term and a negative, counted, and a sum that depends on each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Pairs {
    count: usize,
    sum: u64,
}

impl Pairs {
    fn take(&mut self, term: usize, negative: usize) {
        self.count += 1;
        self.sum = self.sum.wrapping_add((term as u64 + 1).wrapping_mul(negative as u64 + 1));
    }

    fn of(found: &Found) -> Self {
        let mut pairs = Self::default();
        for term in 0..found.len() {
            for one in found.of(term) {
                pairs.take(term, one.pattern.at());
            }
        }
        pairs
    }
}

/// What stands around a term, so that a pattern of all of it is the whole term.
const EDGE: char = '\u{1}';

fn build_aho(negatives: &[Negative]) -> AhoCorasick {
    let padded = negatives
        .iter()
        .map(|(phrase, text)| if *phrase { format!(" {text} ") } else { format!("{EDGE} {text} {EDGE}") });
    let built = AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::ContiguousNFA))
        .match_kind(MatchKind::Standard)
        .build(padded);
    match built {
        Ok(automaton) => automaton,
        Err(error) => unreachable!("a million patterns fit: {error}"),
    }
}

fn find_aho(automaton: &AhoCorasick, world: &Searches) -> Pairs {
    let mut pairs = Pairs::default();
    let mut haystack = String::new();
    let mut found: Vec<usize> = Vec::new();
    for term in 0..world.len() {
        haystack.clear();
        haystack.push(EDGE);
        haystack.push(' ');
        haystack.push_str(world.term(term));
        haystack.push(' ');
        haystack.push(EDGE);
        found.clear();
        for hit in automaton.find_overlapping_iter(&haystack) {
            let negative = hit.pattern().as_usize();
            // A run that stands twice in a term blocks it once.
            if !found.contains(&negative) {
                found.push(negative);
                pairs.take(term, negative);
            }
        }
    }
    pairs
}

/// Independent random loads from 32 MiB a second, on all cores: what bounds a lookup by hash.
fn loads_a_second() -> f64 {
    const LOADS: usize = 20_000_000;
    let table: Vec<u64> = (0..1_u64 << 22).map(|n| n.wrapping_mul(0x9E37_79B9_7F4A_7C15)).collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let work = |seed: u64| {
        let (mut at, mut sum) = (seed, 0_u64);
        for _ in 0..LOADS {
            at = at.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
            sum = sum.wrapping_add(table[(at >> 42) as usize]);
        }
        black_box(sum);
    };
    let times = (0..5).map(|_| {
        let (time, ()) = timed(|| {
            std::thread::scope(|scope| {
                for thread in 0..threads as u64 {
                    scope.spawn(move || work(thread + 1));
                }
            });
        });
        time
    });
    (LOADS * threads) as f64 / median(times.collect()).as_secs_f64()
}

fn against_aho(world: &Searches, negatives: &[Negative], rounds: usize) {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let (mut builds, mut runs) = (Vec::new(), Vec::new());
    let mut bytes = (0, 0);
    for round in 0..rounds {
        let (built, index) = timed(|| build(negatives, Depth::Certain));
        let (ran, found) = timed(|| find(&index, world));
        ours.push(built + ran);
        builds.push(built);
        runs.push(ran);
        let pairs = Pairs::of(&found);
        bytes.0 = index.bytes();
        drop((index, found));
        let (built, automaton) = timed(|| build_aho(negatives));
        let (ran, their_pairs) = timed(|| find_aho(&automaton, world));
        theirs.push(built + ran);
        bytes.1 = automaton.memory_usage();
        assert_eq!(pairs, their_pairs, "both find the same");
        if round == 0 {
            eprintln!(
                "{} negatives: {} pairs; aho-corasick builds in {built:.2?}, runs in {ran:.2?}, {} MB",
                negatives.len(),
                pairs.count,
                bytes.1 >> 20
            );
        }
    }
    let (ours, theirs) = (median(ours), median(theirs));
    eprintln!(
        "  index: builds in {:.2?}, runs in {:.2?} ({:.1} M terms/s), {} MB with its tokens: {:.2} of the memory",
        median(builds),
        median(runs.clone()),
        world.len() as f64 / median(runs).as_secs_f64() / 1e6,
        bytes.0 >> 20,
        bytes.0 as f64 / bytes.1 as f64
    );
    eprintln!(
        "  build and run together: {ours:.2?} against {theirs:.2?} = {:.1} times faster",
        ratio(theirs, ours)
    );
}

fn interned(world: &Searches, negatives: &[Negative], loads: f64) {
    let mut index = build(negatives, Depth::Certain);
    let (took, terms) = timed(|| index.intern((0..world.len()).map(|at| world.term(at))));
    let times = (0..7).map(|_| timed(|| index.find_interned(&terms, || false)).0);
    let rate = world.len() as f64 / median(times.collect()).as_secs_f64();
    let model = loads / LOADS_A_TERM;
    eprintln!(
        "  interned terms (in {took:.2?}): {:.1} M terms/s; random loads would allow {:.1} M: {:.2} of them",
        rate / 1e6,
        model / 1e6,
        rate / model
    );
    let (built, soft) = timed(|| build(negatives, Depth::Soft));
    let (ran, found) = timed(|| find(&soft, world));
    eprintln!(
        "  with soft readings: builds in {built:.2?}, runs in {ran:.2?}, {} MB, {} pairs",
        soft.bytes() >> 20,
        found.all().len()
    );
}

/// One new negative against all terms, beside a pass over their texts; and a thousand.
fn preview(world: &Searches, negatives: &[Negative]) {
    let (built, index) = timed(|| TermIndex::new(RULES, (0..world.len()).map(|at| world.term(at))));
    eprintln!("terms by word: made in {built:.2?}, {} MB", index.bytes() >> 20);
    let mut ratios: Vec<(f64, Duration, Duration, &str)> = Vec::new();
    for negative in negatives.iter().step_by(negatives.len() / 300) {
        let ours = median((0..3).map(|_| timed(|| index.blocked_by(pattern(negative)).len()).0).collect());
        let finder = Finder::new(negative.1.as_str());
        let pass = (0..3).map(|_| timed(|| finder.find_iter(world.texts.as_bytes()).count()).0);
        let pass = median(pass.collect());
        ratios.push((ratio(ours, pass), ours, pass, negative.1.as_str()));
    }
    ratios.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (what, (ratio, ours, pass, text)) in
        [("median", ratios[ratios.len() / 2]), ("worst", ratios[ratios.len() - 1])]
    {
        eprintln!(
            "  one new negative, {what}: {ours:.2?} beside a pass of {pass:.2?} = {ratio:.3} (\"{text}\")"
        );
    }
    let slowest = ratios.iter().map(|(_, ours, ..)| *ours).max().unwrap_or_default();
    // The words that most terms have, as phrases: nobody harvests them, but somebody may type them.
    let head = negatives.iter().filter(|(phrase, _)| *phrase).step_by(97).take(2_000);
    let worst = head.flat_map(|(_, text)| text.split(' ')).map(|word| {
        let one = (true, word.to_owned());
        let (ours, hits) = timed(|| index.blocked_by(pattern(&one)).len());
        let finder = Finder::new(word);
        let (pass, _) = timed(|| finder.find_iter(world.texts.as_bytes()).count());
        (hits, ours, pass)
    });
    if let Some((hits, ours, pass)) = worst.max_by_key(|(hits, ..)| *hits) {
        eprintln!(
            "  slowest of 300: {slowest:.2?}; the commonest word ({hits} terms): {ours:.2?} beside {pass:.2?} = {:.2}",
            ratio(ours, pass)
        );
    }
    let thousand: Vec<&Negative> = negatives.iter().step_by(negatives.len() / 1_000).take(1_000).collect();
    let times = (0..5)
        .map(|_| timed(|| thousand.iter().map(|one| index.blocked_by(pattern(one)).len()).sum::<usize>()).0);
    eprintln!("  a thousand new negatives at once: {:.2?}", median(times.collect()));
}

fn main() {
    let small = std::env::args().any(|argument| argument == "small");
    let (terms, sizes) = if small { (100_000, [10_000, 100_000]) } else { (1_000_000, [100_000, 1_000_000]) };
    let world = searches::searches(terms, &sizes);
    let loads = loads_a_second();
    eprintln!(
        "{terms} terms, {} threads, {:.0} M random loads/s",
        std::thread::available_parallelism().map_or(1, usize::from),
        loads / 1e6
    );
    for (negatives, rounds) in world.negatives.iter().zip([9, 1]) {
        against_aho(&world, negatives, rounds);
        interned(&world, negatives, loads);
    }
    preview(&world, &world.negatives[0]);
}
