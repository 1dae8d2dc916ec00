//! Offset paging: where the next pages lie. Pure. Of `next` only `limit` and `offset` are taken, never its
//! host; every list comes to an end, whatever a page claims.

use super::calls::Place;

/// More pages than any list here can have (10,000 campaigns of 500 ad groups, in pages of 10).
const MOST_PAGES: usize = 500_000;

/// What a page says of its list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// How many rows it brought.
    pub count: usize,
    /// How many rows the list has.
    pub total: Option<u64>,
    /// `next` as it came.
    pub next: Option<String>,
}

/// A page to be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Leg {
    /// Where it lies.
    pub place: Place,
    /// Where a neighbour begins that is asked for side by side; `None` for the last.
    pub until: Option<usize>,
    /// Whether it opens its list: then the rest is spread out, if the total is known.
    pub opens: bool,
    /// How many pages came before it one after another.
    pub behind: usize,
}

impl Leg {
    /// The first page of a list.
    pub fn first(limit: usize) -> Self {
        Self { place: Place { limit, offset: 0 }, until: None, opens: true, behind: 0 }
    }

    /// The pages to ask for after this one; the error says why the list cannot be followed.
    pub fn after(&self, told: &Told) -> Result<Vec<Self>, String> {
        let Some(next) = &told.next else { return Ok(Vec::new()) };
        let reached = self.place.offset.saturating_add(told.count);
        let total = told.total.and_then(|total| usize::try_from(total).ok());
        if told.count == 0 || total.is_some_and(|total| reached >= total) {
            return Ok(Vec::new());
        }
        let next = place(next, Place { limit: self.place.limit, offset: reached });
        if next.offset <= self.place.offset {
            return Err(format!("page at {} names a next page at {}", self.place.offset, next.offset));
        }
        if self.until.is_some_and(|until| next.offset >= until) {
            return Ok(Vec::new());
        }
        if self.behind >= MOST_PAGES {
            return Err(format!("no end after {MOST_PAGES} pages"));
        }
        match total {
            Some(total) if self.opens => self.spread(next, total),
            _ => Ok(vec![Self { place: next, opens: false, behind: self.behind + 1, ..*self }]),
        }
    }

    /// The rest of a list whose length is known, all pages at once.
    fn spread(&self, next: Place, total: usize) -> Result<Vec<Self>, String> {
        let step = next.limit.min(next.offset - self.place.offset).max(1);
        if (total - next.offset.min(total)).div_ceil(step) > MOST_PAGES {
            return Err(format!("claims {total} rows"));
        }
        let offsets: Vec<usize> =
            (next.offset..total.max(next.offset.saturating_add(1))).step_by(step).collect();
        Ok(offsets
            .iter()
            .enumerate()
            .map(|(at, offset)| Self {
                place: Place { limit: next.limit, offset: *offset },
                until: offsets.get(at + 1).copied(),
                opens: false,
                behind: at + 1,
            })
            .collect())
    }
}

/// `limit` and `offset` of a `next` address; what it lacks is as expected.
fn place(next: &str, expected: Place) -> Place {
    let query = next.split_once('?').map_or("", |(_, query)| query);
    let number = |name: &str| {
        let pair = query.split(['&', '#']).filter_map(|pair| pair.split_once('=')).find(|(n, _)| *n == name)?;
        pair.1.parse::<usize>().ok()
    };
    Place {
        limit: number("limit").filter(|limit| (1..=expected.limit).contains(limit)).unwrap_or(expected.limit),
        offset: number("offset").unwrap_or(expected.offset),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(count: usize, total: Option<u64>, next: &str) -> Told {
        Told { count, total, next: (!next.is_empty()).then(|| next.to_owned()) }
    }

    fn offsets(legs: &[Leg]) -> Vec<(usize, Option<usize>)> {
        legs.iter().map(|leg| (leg.place.offset, leg.until)).collect()
    }

    #[test]
    fn the_first_page_opens_all_others_at_once() {
        let legs = Leg::first(500).after(&told(500, Some(1_700), "https://h/x?limit=500&offset=500")).unwrap();
        assert_eq!(offsets(&legs), [(500, Some(1_000)), (1_000, Some(1_500)), (1_500, None)]);
        assert!(legs.iter().all(|leg| leg.place.limit == 500));
    }

    #[test]
    fn only_limit_and_offset_are_taken_from_next() {
        let legs =
            Leg::first(500).after(&told(10, None, "https://evil.example/?a=b&offset=10&limit=10#x")).unwrap();
        assert_eq!(legs[0].place, Place { limit: 10, offset: 10 });
        let wild = Leg::first(500).after(&told(10, None, "https://h/?offset=10&limit=999999999")).unwrap();
        assert_eq!(wild[0].place.limit, 500);
        let far = Leg::first(500).after(&told(10, Some(20), &format!("?offset={}", usize::MAX))).unwrap();
        assert!(far.iter().all(|leg| leg.after(&told(5, None, "more")).is_err()), "{far:?}");
        let bare = Leg::first(500).after(&told(10, None, "more")).unwrap();
        assert_eq!(bare[0].place, Place { limit: 500, offset: 10 });
    }

    #[test]
    fn a_list_ends_without_next_on_an_empty_page_and_at_its_total() {
        for end in [told(5, Some(9), ""), told(0, Some(9), "?offset=5"), told(9, Some(9), "?offset=9")] {
            assert_eq!(Leg::first(10).after(&end).unwrap(), []);
        }
    }

    #[test]
    fn a_page_that_names_itself_or_an_earlier_one_is_an_error() {
        let leg = Leg { place: Place { limit: 10, offset: 20 }, opens: false, ..Leg::first(10) };
        for offset in [0, 10, 20] {
            assert!(leg.after(&told(10, None, &format!("?offset={offset}"))).is_err(), "{offset}");
        }
    }

    #[test]
    fn a_list_without_end_is_given_up() {
        let leg = Leg { behind: MOST_PAGES, opens: false, ..Leg::first(10) };
        assert!(leg.after(&told(10, None, "?offset=10")).is_err());
        assert!(Leg::first(10).after(&told(10, Some(u64::MAX >> 1), "?offset=10&limit=10")).is_err());
    }

    #[test]
    fn a_short_page_in_the_middle_is_filled_up_to_its_neighbour() {
        let leg = Leg { until: Some(1_000), opens: false, ..Leg::first(500) };
        let leg = Leg { place: Place { limit: 500, offset: 500 }, ..leg };
        let rest = leg.after(&told(200, Some(2_000), "?limit=500&offset=700")).unwrap();
        assert_eq!(offsets(&rest), [(700, Some(1_000))]);
        let done = leg.after(&told(500, Some(2_000), "?limit=500&offset=1000")).unwrap();
        assert_eq!(done, []);
    }
}
