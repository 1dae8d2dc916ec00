//! One call as a platform's handler sees it: its number, the world's time, and the faults that concern handlers.
//! `pipeline.rs` puts it into the request's extensions (`Extension<Call>`).

use compact_str::CompactString;

use super::faults::{Effects, Kind, Verdict};

/// The call being handled.
#[derive(Debug, Clone)]
pub struct Call {
    /// Its number in the request log; negatives keep it. 0 is no request at all.
    pub id: u32,
    /// Seconds since 1970 in the world's calendar (noon of its day, and a second more with every call).
    pub world_time: i64,
    pub(super) effects: Effects,
    acting: Option<Kind>,
}

impl Call {
    pub(super) fn new(id: u32, world_time: i64, verdict: &Verdict) -> Self {
        Self { id, world_time, effects: verdict.effects, acting: verdict.acting.clone() }
    }

    /// No request: the world's beginning, and changes behind the client's back.
    pub(super) fn none(world_time: i64) -> Self {
        Self { id: 0, world_time, effects: Effects::default(), acting: None }
    }

    /// Fault `reject_items`: whether the item at this place (from 0) of the batch has to fail.
    pub fn rejects(&self, index: usize) -> bool {
        matches!(self.acting, Some(Kind::RejectItems { every }) if (index + 1).is_multiple_of(every))
    }

    /// Fault `accept_duplicates`: an equal negative is stored a second time.
    pub fn accepts_duplicates(&self) -> bool {
        self.effects.accept_duplicates
    }

    /// The text to store: as it came, or folded under fault `normalise`.
    pub fn stored_text(&self, text: &str) -> CompactString {
        if self.effects.normalise {
            CompactString::from(text.trim().to_lowercase())
        } else {
            CompactString::from(text)
        }
    }

    /// Fault `reorder_items`: turns a list of results around.
    pub fn reorder<T>(&self, results: &mut [T]) {
        if self.effects.reorder {
            results.reverse();
        }
    }

    /// Fault `repeat_page`: the same page and the same way on, for ever.
    pub fn repeats_page(&self) -> bool {
        matches!(self.acting, Some(Kind::RepeatPage))
    }

    /// Fault `expire_token`: the token that came with this call has to be taken as expired from now on.
    pub fn expires_token(&self) -> bool {
        matches!(self.acting, Some(Kind::ExpireToken))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_third_item_fails() {
        let verdict = Verdict { acting: Some(Kind::RejectItems { every: 3 }), ..Verdict::default() };
        let call = Call::new(1, 0, &verdict);
        let failed: Vec<usize> = (0..7).filter(|&index| call.rejects(index)).collect();
        assert_eq!(failed, [2, 5]);
        assert!(!Call::none(0).rejects(2));
    }

    #[test]
    fn text_is_stored_as_it_came_unless_normalised() {
        assert_eq!(Call::none(0).stored_text(" Free X "), " Free X ");
        let effects = Effects { normalise: true, ..Effects::default() };
        let call = Call::new(1, 0, &Verdict { effects, ..Verdict::default() });
        assert_eq!(call.stored_text(" Free X "), "free x");
    }
}
