//! Pages and their tokens. A token is opaque, says from which id to go on and how many there are in all, and holds for its own list only.
//! Pages go by id, so that a page starts where the last one ended whatever is added or archived meanwhile.

use std::hash::{DefaultHasher, Hash, Hasher};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::super::call::Call;
use super::error::Refusal;
use super::filter::Listing;

/// The largest page, and the one given when no size is asked for: the spec says "defaults to max page size" and bounds
/// the arrays of answers at 1,000. Sizes beyond it are cut down.
pub const PAGE: usize = 1_000;

/// One page of a list.
#[derive(Debug, PartialEq, Eq)]
pub struct Page<'a, T> {
    /// Its rows.
    pub rows: Vec<&'a T>,
    /// The way on.
    pub next: Option<String>,
    /// How many rows the whole list had when its first page was given.
    pub total: u64,
}

/// Cuts the page that `listing` asks for. `from` gives the list's rows from an id on; it runs to its end only for a first page, which counts them.
///
/// # Errors
/// 400 for a token of another list.
pub fn cut<'a, T, I: Iterator<Item = &'a T>>(
    listing: &Listing,
    owner: (&str, &str),
    call: &Call,
    id: impl Fn(&T) -> u64,
    from: impl Fn(u64) -> I,
) -> Result<Page<'a, T>, Refusal> {
    let binding = digest(&(owner, &listing.filters));
    let (start, total) = match &listing.next_token {
        Some(token) => open(token, binding).ok_or_else(|| Refusal::token(token))?,
        None => (0, from(0).count() as u64),
    };
    let mut rows: Vec<&T> = from(start).take(listing.max_results + 1).collect();
    let mut next = rows.get(listing.max_results).map(|row| id(row));
    rows.truncate(listing.max_results);
    if call.repeats_page() {
        next = Some(start);
    }
    Ok(Page { rows, next: next.map(|next| seal(next, total, binding)), total })
}

fn digest(of: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

fn seal(start: u64, total: u64, binding: u64) -> String {
    let mut bytes = [0; 24];
    bytes[..8].copy_from_slice(&start.to_be_bytes());
    bytes[8..16].copy_from_slice(&total.to_be_bytes());
    bytes[16..].copy_from_slice(&digest(&(start, total, binding)).to_be_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn open(token: &str, binding: u64) -> Option<(u64, u64)> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok().filter(|bytes| bytes.len() == 24)?;
    let number = |place: usize| bytes[place..place + 8].iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    let (start, total) = (number(0), number(8));
    (number(16) == digest(&(start, total, binding))).then_some((start, total))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::amazon::resource::NEGATIVES;

    fn listing(json: &str) -> Listing {
        Listing::read(&NEGATIVES[0].list, json.as_bytes()).expect("a list request")
    }

    fn ids(body: &str, rows: &[u64]) -> Result<(Vec<u64>, Option<String>, u64), Refusal> {
        let from = |start| rows.iter().filter(move |id| **id >= start);
        let page = cut(&listing(body), ("/sp/x/list", "1"), &Call::none(0), |id| *id, from)?;
        Ok((page.rows.into_iter().copied().collect(), page.next, page.total))
    }

    #[test]
    fn pages_follow_each_other_while_rows_come_and_go() {
        let (first, next, total) = ids(r#"{"maxResults":2}"#, &[1, 2, 3, 4]).expect("page");
        assert_eq!((first, total), (vec![1, 2], 4));
        let body = format!(r#"{{"maxResults":2,"nextToken":"{}"}}"#, next.expect("more"));
        let (second, next, total) = ids(&body, &[2, 3, 5]).expect("page");
        assert_eq!((second, next, total), (vec![3, 5], None, 4));
    }

    #[test]
    fn a_token_holds_for_its_filters_and_untouched() {
        let (_, next, _) = ids(r#"{"maxResults":1}"#, &[1, 2]).expect("page");
        let token = next.expect("more");
        let other = format!(r#"{{"stateFilter":{{"include":["ENABLED"]}},"nextToken":"{token}"}}"#);
        assert_eq!(ids(&other, &[1, 2]), Err(Refusal::token(&token)));
        let forged = format!("A{}", &token[1..]);
        let forged = if forged == token { format!("B{}", &token[1..]) } else { forged };
        assert!(ids(&format!(r#"{{"nextToken":"{forged}"}}"#), &[1, 2]).is_err());
        assert!(ids(r#"{"nextToken":"nonsense"}"#, &[1, 2]).is_err());
    }
}
