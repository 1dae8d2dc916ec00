//! Mutated input at every door: each platform's answers and report files, the configuration, the keymap, the ignored
//! findings, the filter language, cells of CSV, what the store keeps as JSON. What counts is that each ends in a value or
//! an error. A few hundred cases run with the others; `UNBID_FUZZ_SECONDS` keeps each target going that long, and says
//! how much it tried.

mod files;
mod kept;
mod mutate;
mod replies;
mod typed;

use std::time::{Duration, Instant};

use unbid::domain::problem::Problem;
use unbid::domain::text::is_harmless;

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
    println!("fuzz {name}: {case} cases in {} s", began.elapsed().as_secs());
}

/// Nothing that an error says steers a terminal, and it says something.
#[track_caller]
fn assert_tame(case: u64, problem: &Problem) {
    let said = problem.to_string();
    assert!(!problem.title.is_empty(), "case {case}: {problem:?}");
    assert!(said.chars().all(|c| c == '\n' || is_harmless(c)), "case {case}: {said:?}");
}
