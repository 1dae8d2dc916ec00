//! Writes that lists do not show yet (fault `lag`), as on a platform that shows new items late.
//! The data itself is up to date in `realm.rs`; only lists ask here.

use std::collections::HashMap;

use compact_str::CompactString;
use tokio::time::Instant;

use super::faults::Lag;
use super::model::Pool;

/// A negative by pool and native id.
type Key = (Pool, u64);

#[derive(Debug)]
struct Shadow {
    until: Until,
    /// What lists still show: the state before the change, or nothing for one just made.
    before: Option<CompactString>,
}

#[derive(Debug, Clone, Copy)]
enum Until {
    /// Hidden while fewer lists than this were served.
    Lists(u64),
    /// Hidden before this instant.
    Instant(Instant),
}

/// All hidden writes of a platform.
#[derive(Debug, Default)]
pub struct Shadows {
    hidden: HashMap<Key, Shadow>,
    lists_served: u64,
}

impl Shadows {
    /// Hides a write. `before` is the state that it changed; none for a new negative.
    pub fn hide(&mut self, key: Key, before: Option<CompactString>, lag: Lag) {
        let until = match lag {
            Lag::Calls(calls) => Until::Lists(self.lists_served + calls),
            Lag::Time(time) => Until::Instant(Instant::now() + time),
        };
        // A change on top of a hidden one: lists go on showing what they showed.
        let shadow = self.hidden.entry(key).or_insert(Shadow { until, before });
        shadow.until = until;
    }

    /// A list begins: what was hidden for long enough comes out.
    pub fn begin_list(&mut self) {
        if self.hidden.is_empty() {
            return;
        }
        let (served, now) = (self.lists_served, Instant::now());
        self.hidden.retain(|_, shadow| match shadow.until {
            Until::Lists(lists) => served < lists,
            Until::Instant(instant) => now < instant,
        });
        self.lists_served += 1;
    }

    /// The state that lists show of a negative whose state is `now`; none while it is hidden as a whole.
    pub fn listed<'a>(&'a self, key: Key, now: &'a str) -> Option<&'a str> {
        if self.hidden.is_empty() {
            return Some(now);
        }
        self.hidden.get(&key).map_or(Some(now), |shadow| shadow.before.as_deref())
    }

    /// A negative is gone.
    pub fn forget(&mut self, key: Key) {
        self.hidden.remove(&key);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const KEY: Key = (Pool::GroupKeyword, 5);

    #[test]
    fn a_new_negative_stays_hidden_for_a_number_of_lists() {
        let mut shadows = Shadows::default();
        shadows.hide(KEY, None, Lag::Calls(2));
        for expected in [None, None, Some("on"), Some("on")] {
            shadows.begin_list();
            assert_eq!(shadows.listed(KEY, "on"), expected);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_change_shows_the_old_state_for_a_time() {
        let mut shadows = Shadows::default();
        shadows.hide(KEY, Some("on".into()), Lag::Time(Duration::from_millis(300)));
        shadows.hide(KEY, Some("off".into()), Lag::Time(Duration::from_millis(300)));
        shadows.begin_list();
        assert_eq!(shadows.listed(KEY, "archived"), Some("on"));
        tokio::time::advance(Duration::from_millis(300)).await;
        shadows.begin_list();
        assert_eq!(shadows.listed(KEY, "archived"), Some("archived"));
    }
}
