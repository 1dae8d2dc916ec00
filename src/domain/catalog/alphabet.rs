//! Rows by text. Eight bytes of a text at a time and the row's number make one number, so that sorting rarely touches
//! the texts; the order of all rows is made on two threads. What else rows are sorted by is in [`order`](super::order).

use std::sync::OnceLock;

use super::columns::Texts;

/// Fewer rows than this are compared by their texts at once.
const FEW: usize = 24;
/// Texts that are the same for so many bytes are compared by the rest of them.
const DEEP: usize = 256;
/// From how many rows on a second thread is worth its start.
const WORTH_A_THREAD: usize = 30_000;
/// How many texts tell where the middle is.
const SAMPLE: usize = 512;

/// All rows in text order.
pub(super) struct TextOrder {
    rows: Vec<u32>,
    /// The place of each row in it.
    place: OnceLock<Vec<u32>>,
}

impl TextOrder {
    /// Sorts all rows by text, then by number.
    pub(super) fn new(texts: &Texts) -> Self {
        let all = 0..texts.starts().len() as u32;
        let rows = if all.len() < WORTH_A_THREAD {
            let mut rows: Vec<u32> = all.collect();
            sort(texts, &mut rows);
            rows
        } else {
            let middle = middle(texts);
            let half = |upper: bool| {
                let keys = all.clone().map(|row| key(texts, row, 0));
                let mut keys: Vec<u128> = keys.filter(|key| (*key >= middle) == upper).collect();
                sort_keys(texts, &mut keys, 0);
                keys.into_iter().map(row_of).collect::<Vec<u32>>()
            };
            std::thread::scope(|threads| {
                let upper = threads.spawn(|| half(true));
                let mut rows = half(false);
                // A panic of the other thread is this one's too.
                rows.extend(upper.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
                rows
            })
        };
        Self { rows, place: OnceLock::new() }
    }

    /// Every row.
    pub(super) fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// Brings some rows, each named once, into this order: in one pass over all.
    pub(super) fn pick(&self, rows: &mut Vec<u32>) {
        let place = self.place.get_or_init(|| {
            let mut place = vec![0; self.rows.len()];
            for (at, &row) in (0..).zip(&self.rows) {
                place[row as usize] = at;
            }
            place
        });
        let mut there = vec![0_u64; self.rows.len().div_ceil(64)];
        for &row in rows.iter() {
            let place = place[row as usize];
            there[place as usize / 64] |= 1 << (place % 64);
        }
        rows.clear();
        for (at, &word) in there.iter().enumerate() {
            let mut word = word;
            while word != 0 {
                rows.push(self.rows[at * 64 + word.trailing_zeros() as usize]);
                word &= word - 1;
            }
        }
    }
}

/// Sorts some rows by text, then by number.
pub(super) fn sort(texts: &Texts, rows: &mut [u32]) {
    let mut keys: Vec<u128> = rows.iter().map(|row| key(texts, *row, 0)).collect();
    sort_keys(texts, &mut keys, 0);
    for (row, key) in rows.iter_mut().zip(keys) {
        *row = row_of(key);
    }
}

/// Eight bytes of a row's text, what is not there as zeros, and its number.
fn key(texts: &Texts, row: u32, from: usize) -> u128 {
    let text = texts.folded(row as usize).as_bytes().get(from..).unwrap_or_default();
    let head = text.first_chunk::<8>().copied().unwrap_or_else(|| {
        let mut head = [0; 8];
        head[..text.len()].copy_from_slice(text);
        head
    });
    u128::from(u64::from_be_bytes(head)) << 32 | u128::from(row)
}

fn row_of(key: u128) -> u32 {
    key as u32
}

/// A key that about half of all keys are below, and that texts with the same eight bytes are on one side of.
fn middle(texts: &Texts) -> u128 {
    let rows = texts.starts().len();
    let mut keys: Vec<u128> =
        (0..rows as u32).step_by(rows.div_ceil(SAMPLE)).map(|row| key(texts, row, 0)).collect();
    keys.sort_unstable();
    keys.get(keys.len() / 2).map_or(0, |key| key >> 32 << 32)
}

/// Sorts keys that were made from this byte of the texts on; all before it is the same.
fn sort_keys(texts: &Texts, keys: &mut [u128], from: usize) {
    keys.sort_unstable();
    for same in keys.chunk_by_mut(|a, b| a >> 32 == b >> 32) {
        let longest = |keys: &[u128]| keys.iter().map(|key| texts.folded(row_of(*key) as usize).len()).max();
        if same.len() == 1 {
        } else if same.len() < FEW || from >= DEEP || longest(same).is_none_or(|most| most <= from + 8) {
            let rest = |key: u128| &texts.folded(row_of(key) as usize).as_bytes()[from..];
            same.sort_unstable_by(|&a, &b| rest(a).cmp(rest(b)).then(a.cmp(&b)));
        } else {
            for one in same.iter_mut() {
                *one = key(texts, row_of(*one), from + 8);
            }
            sort_keys(texts, same, from + 8);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn column(texts: &[String]) -> Texts {
        let mut column = Texts::default();
        for text in texts {
            assert!(column.push(text));
        }
        column
    }

    /// Texts that are alike for long, that end early, and that hold what fills up the shorter ones.
    fn texts() -> impl Strategy<Value = Vec<String>> {
        let text =
            (0_usize..40, "[ab\u{0}é ]{0,12}").prop_map(|(same, rest)| "a".repeat(same * 8 % 41) + &rest);
        proptest::collection::vec(text, 0..200)
    }

    proptest! {
        #[test]
        fn rows_are_sorted_as_their_texts_are(texts in texts()) {
            let column = column(&texts);
            let mut wanted: Vec<u32> = (0..texts.len() as u32).collect();
            wanted.sort_by_key(|row| &texts[*row as usize]);
            let order = TextOrder::new(&column);
            prop_assert_eq!(order.rows(), &wanted);
            let mut odd: Vec<u32> = (0..texts.len() as u32).rev().filter(|row| row % 3 != 0).collect();
            let mut picked = odd.clone();
            sort(&column, &mut odd);
            order.pick(&mut picked);
            wanted.retain(|row| row % 3 != 0);
            prop_assert_eq!(&odd, &wanted);
            prop_assert_eq!(&picked, &wanted);
        }
    }

    #[test]
    fn two_threads_make_the_order_that_one_would() {
        let text = |n: u32| match n % 5 {
            0 => "the same everywhere".to_owned(),
            1 => format!("the same {}", n % 7),
            _ => format!("{:x} text", n.wrapping_mul(2_654_435_761)),
        };
        let texts: Vec<String> = (0..WORTH_A_THREAD as u32 + 5).map(text).collect();
        let order = TextOrder::new(&column(&texts));
        let mut wanted: Vec<u32> = (0..texts.len() as u32).collect();
        wanted.sort_by_key(|row| &texts[*row as usize]);
        assert!(order.rows() == wanted);
    }
}
