//! Mutated input at every door: each platform's answers, the configuration, the keymap, the filter language. What
//! counts is that each ends in a value or an error. A few hundred cases run with the others; `UNBID_FUZZ_SECONDS` keeps
//! each target going that long, and says how much it tried.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use unbid::config::Config;
use unbid::domain::csv::{guarded, unguarded};
use unbid::domain::filter::Filter;
use unbid::domain::negative::State;
use unbid::domain::request::Response;
use unbid::domain::text::{is_harmless, shown};
use unbid::platform::http::{Transport, TransportError, WireRequest};
use unbid::platform::traits::{Pending, Scope};
use unbid::platform::{Platform, registry};
use unbid::sandbox::Options;
use unbid::ui::keymap::Keymap;

use crate::corpus;
use crate::support::{Bench, keyword, list, planned, spot};

/// A series of numbers that is the same each time (splitmix64).
#[derive(Clone)]
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).expect("below a usize")
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// Pieces that break readers.
const PIECES: [&[u8]; 28] = [
    b"\0",
    b"\xff",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\x1b]0;x\x07",
    "\u{202e}".as_bytes(),
    "\u{e0041}".as_bytes(),
    b"\r\n",
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"null",
    b"true",
    b"-1",
    b"0",
    b"1e999",
    b"18446744073709551616",
    b"9223372036854775807",
    b"-9223372036854775809",
    b"2026-13-45",
    b"\\ud800",
    b"#",
    b"/(((a{99}){99}){99})/",
];

/// Changes bytes without knowing what they mean.
fn bytes_changed(dice: &mut Dice, bytes: &mut Vec<u8>, other: &[u8]) {
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len() + 1);
        match dice.below(6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            1 => drop(bytes.splice(at..at, dice.of(&PIECES).iter().copied())),
            2 => drop(bytes.drain(at..(at + dice.below(40)).min(bytes.len()))),
            3 => {
                let part = bytes[at..(at + dice.below(200)).min(bytes.len())].to_vec();
                bytes.splice(at..at, part);
            }
            4 => bytes.truncate(at),
            _ => {
                let from = dice.below(other.len() + 1);
                let part = &other[from..(from + dice.below(300)).min(other.len())];
                bytes.splice(at..at, part.iter().copied());
            }
        }
    }
}

/// Values that no schema expects.
fn odd(dice: &mut Dice) -> Value {
    match dice.below(14) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1),
        3 => json!(u64::MAX),
        4 => json!(1.5e300),
        5 => json!(""),
        6 => json!([]),
        7 => json!({}),
        8 => json!([[[[[]]]]]),
        9 => json!({"a": {"a": {"a": null}}}),
        10 => json!("9999-99-99T99:99:99Z"),
        11 => json!("x".repeat(70_000)),
        12 => json!(i64::MIN),
        _ => {
            let texts = corpus::texts();
            json!(texts[dice.below(texts.len() - 1)])
        }
    }
}

/// Changes a document where it is a document: values, keys, lengths.
fn json_changed(dice: &mut Dice, value: &mut Value) {
    if dice.below(6) == 0 {
        *value = odd(dice);
        return;
    }
    match value {
        Value::Array(items) if !items.is_empty() => match dice.below(5) {
            0 => {
                let at = dice.below(items.len());
                let copy = items[at].clone();
                items.push(copy);
            }
            1 => drop(items.remove(dice.below(items.len()))),
            _ => {
                let at = dice.below(items.len());
                json_changed(dice, &mut items[at]);
            }
        },
        Value::Object(map) if !map.is_empty() => {
            let keys: Vec<String> = map.keys().cloned().collect();
            let key = dice.of(&keys).clone();
            match dice.below(6) {
                0 => drop(map.remove(&key)),
                1 => {
                    let moved = map.remove(&key).unwrap_or_default();
                    map.insert(dice.of(&keys).clone(), moved);
                }
                _ => {
                    if let Some(inner) = map.get_mut(&key) {
                        json_changed(dice, inner);
                    }
                }
            }
        }
        other => *other = odd(dice),
    }
}

fn changed(dice: &mut Dice, seed: &[u8], other: &[u8]) -> Vec<u8> {
    if dice.below(2) == 0
        && let Ok(mut value) = serde_json::from_slice::<Value>(seed)
    {
        for _ in 0..=dice.below(3) {
            json_changed(dice, &mut value);
        }
        return value.to_string().into_bytes();
    }
    let mut bytes = seed.to_vec();
    bytes_changed(dice, &mut bytes, other);
    bytes
}

/// Goes on for some cases, or as long as the environment says; tells how many it were.
fn cases(name: &str, few: u64, mut one: impl FnMut(u64)) {
    let seconds = std::env::var("UNBID_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok());
    let (began, mut case) = (Instant::now(), 0);
    let over = |case: u64| match seconds {
        Some(seconds) => began.elapsed() >= Duration::from_secs(seconds),
        None => case >= few,
    };
    while !over(case) {
        one(case);
        case += 1;
    }
    println!("{name}: {case} cases in {} s", began.elapsed().as_secs());
}

type Answers = HashMap<String, Vec<Response>>;

/// The kind of call: its path without ids.
fn kind(url: &str) -> String {
    let path = url.splitn(4, '/').nth(3).unwrap_or_default();
    path.split('?')
        .next()
        .unwrap_or_default()
        .split('/')
        .filter(|part| !part.starts_with(|c: char| c.is_ascii_digit()))
        .collect::<Vec<_>>()
        .join("/")
}

/// Records what a sandbox answers.
struct Recorder {
    inner: Arc<dyn Transport>,
    answers: Arc<Mutex<Answers>>,
}

impl Transport for Recorder {
    fn send(&self, request: WireRequest) -> Pending<'_, Result<Response, TransportError>> {
        let kind = kind(&request.url);
        Box::pin(async move {
            let response = self.inner.send(request).await?;
            let mut answers = self.answers.lock().unwrap();
            let all = answers.entry(kind).or_default();
            if all.len() < 4 && response.body.len() < 200_000 {
                all.push(response.clone());
            }
            Ok(response)
        })
    }
}

/// Answers with what was recorded, changed.
struct Mutant {
    answers: Answers,
    state: Mutex<(Dice, usize)>,
}

/// More calls than any listing of the small world makes.
const MOST_CALLS: usize = 4_000;

impl Transport for Mutant {
    fn send(&self, request: WireRequest) -> Pending<'_, Result<Response, TransportError>> {
        let kind = kind(&request.url);
        let mut state = self.state.lock().unwrap();
        state.1 += 1;
        assert!(state.1 < MOST_CALLS, "{kind}: no end after {MOST_CALLS} calls");
        let dice = &mut state.0;
        let all: Vec<&Response> = self.answers.values().flatten().collect();
        let own = self.answers.get(&kind).filter(|own| !own.is_empty());
        let mut response = match own {
            Some(own) if dice.below(20) > 0 => dice.of(own).clone(),
            _ => (*dice.of(&all)).clone(),
        };
        let token = kind.ends_with("token");
        if dice.below(if token { 30 } else { 3 }) == 0 {
            let other = dice.of(&all).body.clone();
            response.body = changed(dice, &response.body, &other).into();
        }
        if dice.below(if token { 60 } else { 12 }) == 0 {
            response.status = *dice.of(&[200, 201, 204, 207, 302, 400, 401, 403, 404, 409, 429, 500, 503]);
        }
        if dice.below(12) == 0 {
            for (_, value) in &mut response.headers {
                let mut bytes = value.clone().into_bytes();
                bytes_changed(dice, &mut bytes, b"https://evil.example/1");
                *value = String::from_utf8_lossy(&bytes).into_owned();
            }
        }
        Box::pin(std::future::ready(Ok(response)))
    }
}

/// One target: everything that a platform folder reads.
fn replies_of(platform: &'static dyn Platform, few: u64) {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .expect("a runtime")
    };
    let answers: Arc<Mutex<Answers>> = Arc::default();
    let recorded = Arc::clone(&answers);
    let bench = Bench::through(Options::default(), |inner| Arc::new(Recorder { inner, answers: recorded }));
    let (spot, targets) = runtime().block_on(async {
        let connection = bench.connect(platform);
        let scope = Scope { keywords: true, ..Scope::SNAPSHOT };
        let all = list(&*connection, &scope).await.expect("a listing");
        let spot = spot(&*connection).await;
        let adds =
            ["fuzz a", "fuzz b", "fuzz a"].map(|text| keyword(&*connection, &spot, text, State::Enabled));
        let changes = planned(adds);
        for request in connection.prepare(&changes) {
            connection.send(&request).await.expect("an answer");
        }
        connection.check().await;
        connection.brands("a").await.expect("brands");
        let targets: Vec<_> = all.negatives.into_values().take(5).collect();
        connection.read_back(&targets).await.expect("read back");
        (spot, targets)
    });
    let answers = answers.lock().unwrap().clone();
    cases(&platform.id().to_string(), few, |case| {
        let mutant = Mutant { answers: answers.clone(), state: Mutex::new((Dice(case), 0)) };
        let config = bench.accounts(platform)[0].clone();
        let http = unbid::platform::http::Http::new(Arc::new(mutant), Arc::new(jiff::Timestamp::now));
        runtime().block_on(async {
            let connection = unbid::platform::connect(&config, &http).expect("the sandbox's own account");
            let scope = Scope {
                keywords: case % 3 == 0,
                campaigns: (case % 4 == 0).then(|| vec![spot.campaign.clone()]),
                ..Scope::SNAPSHOT
            };
            let problems = match list(&*connection, &scope).await {
                Ok(all) => all.failures,
                Err(problem) => vec![problem],
            };
            for problem in problems {
                assert!(
                    problem.to_string().chars().all(|c| c == '\n' || is_harmless(c)),
                    "case {case}: {problem:?}"
                );
            }
            let adds =
                ["fuzz a", "fuzz b", "fuzz c"].map(|text| keyword(&*connection, &spot, text, State::Enabled));
            let changes = planned(adds);
            for request in connection.prepare(&changes) {
                if let Ok(response) = connection.send(&request).await {
                    let said = connection.read(&request, &changes, &response);
                    assert!(
                        said.iter().all(|(number, _)| request.changes.contains(number)),
                        "case {case}: {said:?}"
                    );
                }
            }
            // Errors and values alike: there must be an end.
            drop(connection.read_back(&targets).await);
            drop(connection.brands("a").await);
            drop(connection.check().await);
        });
    });
}

#[test]
fn replies_of_amazon() {
    replies_of(registry()[0], 40);
}

#[test]
fn replies_of_ebay() {
    replies_of(registry()[1], 40);
}

#[test]
fn replies_of_sams_club() {
    replies_of(registry()[2], 40);
}

/// A text changed, as text.
fn text_changed(dice: &mut Dice, seed: &str, other: &str) -> String {
    let mut bytes = seed.as_bytes().to_vec();
    bytes_changed(dice, &mut bytes, other.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn configurations() {
    let bench = Bench::small();
    let own = std::fs::read_to_string(&bench.config.file).expect("the config");
    let seeds = [own.as_str(), include_str!("../../assets/config.toml")];
    cases("configuration", 300, |case| {
        let mut dice = Dice(case);
        let text = text_changed(&mut dice, seeds[case as usize % 2], seeds[(case as usize + 1) % 2]);
        match Config::parse(&text, Path::new("/etc/unbid/config.toml")) {
            Ok(config) => {
                for account in &config.accounts {
                    if let Err(problem) = unbid::platform::check(account) {
                        assert!(!problem.detail.is_empty(), "case {case}: {problem}");
                    }
                }
            }
            Err(problem) => {
                let said = problem.to_string();
                assert!(said.contains("/etc/unbid/config.toml:"), "case {case}: {said}");
                assert!(said.chars().all(|c| c == '\n' || is_harmless(c)), "case {case}: {said:?}");
            }
        }
    });
}

#[test]
fn keymaps() {
    let own = include_str!("../../assets/keymap.toml");
    cases("keymap", 300, |case| {
        let mut dice = Dice(case);
        let text = text_changed(&mut dice, own, own);
        if let Err(problem) = Keymap::parse(&text) {
            assert!(
                problem.to_string().chars().all(|c| c == '\n' || is_harmless(c)),
                "case {case}: {problem:?}"
            );
        }
    });
}

#[test]
fn filters() {
    let seeds = [
        "decaf !match:exact \"free shipping\"",
        "spend>10 clicks>=9 orders:0",
        "~fre /regex[a-z]+/ !/(x|y){2,3}/",
        "since>=2026-10 id:123456 state:on",
        "campaign:\"a b\" ad_group:x staged:add kind:product",
        "match:phrase text:/a b/ !~ab \"open",
    ];
    cases("filter", 3_000, |case| {
        let mut dice = Dice(case);
        let seed = *dice.of(&seeds);
        let other = *dice.of(&seeds);
        let text = text_changed(&mut dice, seed, other);
        let filter = Filter::parse(&text);
        assert_eq!(filter.source(), text, "case {case}");
        if let Some(problem) = filter.problem() {
            assert!(
                problem.at <= text.len() && text.is_char_boundary(problem.at),
                "case {case}: {problem:?} in {text:?}"
            );
        }
        assert!(filter.narrows(&filter) || filter.problem().is_some() || !filter.is_empty(), "case {case}");
        assert!(filter.remark().is_none_or(|remark| !remark.is_empty()), "case {case}");
        drop(filter.tester());
    });
}

#[test]
fn cells_and_shown_texts() {
    let seeds = corpus::texts();
    let seeds = &seeds[..seeds.len() - 1];
    cases("cells", 1_000, |case| {
        let mut dice = Dice(case);
        let (seed, other) = (dice.of(seeds).clone(), dice.of(seeds).clone());
        let text = text_changed(&mut dice, &seed, &other);
        assert!(shown(&text).cow().chars().all(is_harmless), "case {case}: {text:?}");
        assert_eq!(unguarded(&guarded(&text)), text, "case {case}");
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record([guarded(&text).as_ref(), "x"]).expect("a Vec takes all");
        let bytes = writer.into_inner().expect("flushed");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&bytes[..]);
        let record = reader.records().next().expect("a record").expect("that is read");
        assert_eq!(unguarded(&record[0]), text, "case {case}");
    });
}
