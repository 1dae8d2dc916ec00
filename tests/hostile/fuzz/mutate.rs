//! Changes that break readers: bytes, texts, and documents where they are documents. Repeatable by number.

use serde_json::{Value, json};

use crate::corpus;

/// A series of numbers that is the same each time (splitmix64).
#[derive(Clone)]
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).expect("below a usize")
    }

    pub fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
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
pub fn bytes_changed(dice: &mut Dice, bytes: &mut Vec<u8>, other: &[u8]) {
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
        _ => json!(dice.of(&corpus::SHORT)),
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

/// A document or its bytes, changed.
pub fn changed(dice: &mut Dice, seed: &[u8], other: &[u8]) -> Vec<u8> {
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

/// A text changed, as text.
pub fn text_changed(dice: &mut Dice, seed: &str, other: &str) -> String {
    let mut bytes = seed.as_bytes().to_vec();
    bytes_changed(dice, &mut bytes, other.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}
