//! Fault lists out of a seed: every kind of fault that the sandbox knows, alone and together. The same seed gives the
//! same list; a shorter list is a beginning of a longer one, so that a failing case can be made smaller.

use serde_json::{Value, json};

/// `SplitMix64`: repeatable on every machine.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ 0x9e37_79b9_7f4a_7c15)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let at = self.below(from.len() as u64);
        &from[usize::try_from(at).expect("an index")]
    }
}

/// So many fault rules out of a seed, on top of `accept_duplicates`, which hides no double send. What is written may
/// stay hidden from lists for up to `lag_ms`.
pub fn chaos(seed: u64, rules: usize, lag_ms: u64) -> Vec<Value> {
    let mut dice = Dice::new(seed);
    let mut list = vec![json!({"kind": "accept_duplicates"})];
    list.extend((0..rules).map(|_| rule(&mut dice, lag_ms)));
    list
}

fn rule(dice: &mut Dice, lag_ms: u64) -> Value {
    let mut rule = kind(dice, lag_ms);
    if dice.below(3) > 0 {
        rule["platform"] = json!(dice.pick(&["amazon", "ebay", "sams"]));
    }
    // Lists are POSTs on Amazon, so that the verb alone does not tell a write.
    if dice.below(2) == 0 {
        rule["method"] = json!(dice.pick(&["POST", "POST", "PUT", "GET"]));
    }
    if dice.below(2) == 0 {
        rule["probability"] = json!(f64::from(u32::try_from(dice.below(40)).expect("small") + 2) / 100.0);
        rule["seed"] = json!(dice.below(1_000_000));
    } else {
        rule["after"] = json!(dice.below(6));
        rule["times"] = json!(1 + dice.below(4));
    }
    rule
}

fn kind(dice: &mut Dice, lag_ms: u64) -> Value {
    match dice.below(22) {
        0..3 => json!({"kind": "drop_after"}),
        3..5 => json!({"kind": "drop_before"}),
        5 => json!({"kind": "status", "status": 429, "retry_after": dice.below(8)}),
        6 => json!({"kind": "status", "status": *dice.pick(&[500, 502, 503, 504, 408])}),
        7 => json!({"kind": "status", "status": *dice.pick(&[400, 401, 403, 404, 409, 413, 418])}),
        8 => {
            let words = ["Thu, 01 Oct 2026 00:00:07 GMT", "soon", "-5", "", "600", "1e300", "86401"];
            json!({"kind": "status", "status": 429, "retry_after": dice.pick(&words)})
        }
        9 => json!({"kind": "delay", "ms": *dice.pick(&[1, 400, 5_000, 119_000, 130_000])}),
        10 => json!({"kind": "lag", "ms": dice.below(lag_ms + 1)}),
        11 | 12 => json!({"kind": "reject_items", "every": 1 + dice.below(4)}),
        13 => json!({"kind": "reorder_items"}),
        14 => json!({"kind": "normalise"}),
        15 => json!({"kind": "expire_token"}),
        16 => json!({"kind": "html_error", "status": *dice.pick(&[200, 403, 502, 503])}),
        17 => json!({"kind": "truncate_body"}),
        18 => json!({"kind": "bad_json"}),
        19 => json!({"kind": "slow_body", "bytes_per_second": 20 + dice.below(100_000)}),
        20 => json!({"kind": "repeat_page"}),
        _ => match dice.below(2) {
            0 => json!({"kind": "throttle", "per_second": 1 + dice.below(20)}),
            _ => json!({"kind": "latency", "ms": dice.below(700)}),
        },
    }
}
