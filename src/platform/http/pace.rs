//! A rate that is learned: no page prints the limits, and Amazon's move with its load ("Rate limiting", Amazon
//! Ads API documentation). None until the first refusal, then what was accepted in the second before it, then now
//! and then a little more. Pure but for the instants that are handed in.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// Limits are measured over this long: platforms count by the second.
const SECOND: Duration = Duration::from_secs(1);
/// Sends are spread over a little more than the measured window, for what the line adds or takes.
const MARGIN: f64 = 1.01;
/// Within a window, sends are at least this part of the even distance apart: room to catch up, no burst.
const SPREAD: f64 = 0.6;
/// Fewer accepted calls than this before a refusal say nothing about a rate.
const TELLING: usize = 5;
/// How long a measured rate is kept before a higher one is tried; doubles with each try that fails.
const PROBE: Duration = Duration::from_secs(30);
/// The longest such time.
const MOST_PROBE: Duration = Duration::from_mins(16);
/// How long a rate is tried before the next raise.
const STEP: Duration = Duration::from_secs(3);
/// The factor of a raise.
const RAISE: f64 = 1.05;
/// A rate is forgotten after this long without a call.
const FORGET: Duration = Duration::from_mins(5);
/// The slowest rate: one call in ten seconds.
const SLOWEST: f64 = 0.1;

/// What was learned of the limit.
struct Limit {
    /// Calls a second.
    rate: f64,
    /// The last rate that lasted; a raise that fails comes back to it.
    proved: f64,
    /// Whether it was measured on enough calls.
    sure: bool,
    /// The second that was measured; late answers of it still count.
    measured: (Instant, Instant),
    /// When it was last set or raised.
    set: Instant,
    /// How long it is kept before a higher one is tried.
    patience: Duration,
    /// Whether calls had to wait for it since it was set.
    pressed: bool,
}

/// What one key, or one host, may send. The right to send is asked for and told of; nothing waits in here.
#[derive(Default)]
pub(super) struct Pace {
    hold: Option<Instant>,
    limit: Option<Limit>,
    /// When the latest calls were sent, accepted or not.
    sent: VecDeque<Instant>,
    /// When the latest accepted calls were sent.
    taken: VecDeque<Instant>,
    /// When the last refusal was acted on: calls sent before it belong to the same event.
    cut: Option<Instant>,
    /// When a refusal came that said nothing about a rate.
    vague: Option<Instant>,
}

impl Pace {
    /// Takes the next turn if it has come; else says until when to wait before asking again.
    pub(super) fn turn(&mut self, now: Instant) -> Result<(), Instant> {
        if let Some(until) = self.opens(now) {
            return Err(until);
        }
        while self.sent.len() > self.count().max(1) {
            self.sent.pop_front();
        }
        self.sent.push_back(now);
        Ok(())
    }

    /// How many calls go out in one window.
    fn count(&self) -> usize {
        #[expect(clippy::cast_sign_loss, reason = "a rate is above zero")]
        self.limit.as_ref().map_or(0, |limit| limit.rate.floor().max(1.0) as usize)
    }

    /// When the next turn comes; `None` when it has.
    pub(super) fn opens(&mut self, now: Instant) -> Option<Instant> {
        if let Some(until) = self.hold.filter(|until| *until > now) {
            return Some(until);
        }
        if self.sent.back().is_some_and(|last| now.duration_since(*last) > FORGET) {
            self.limit = None;
        }
        let count = self.count();
        let limit = self.limit.as_mut()?;
        let window = Duration::from_secs_f64(count as f64 / limit.rate * MARGIN);
        let apart = Duration::from_secs_f64(SPREAD / limit.rate);
        let by_window = self.sent.len().checked_sub(count).map(|first| self.sent[first] + window);
        let by_distance = self.sent.back().map(|last| *last + apart);
        if by_window.is_some_and(|at| at > now) {
            limit.pressed = true;
        }
        by_window.max(by_distance).filter(|at| *at > now)
    }

    /// Another pace has taken over: only the wait is kept.
    pub(super) fn give_up_limit(&mut self, until: Instant) {
        self.hold_until(until);
        self.limit = None;
        self.vague = None;
    }

    /// Nothing goes out before then.
    pub(super) fn hold_until(&mut self, until: Instant) {
        self.hold = self.hold.max(Some(until));
    }

    /// Told of an answer that was not a refusal.
    pub(super) fn accepted(&mut self, started: Instant, now: Instant) {
        self.taken.push_back(started);
        while self.taken.front().is_some_and(|first| now.duration_since(*first) > 2 * SECOND) {
            self.taken.pop_front();
        }
        let Some(limit) = &mut self.limit else { return };
        if limit.measured.0 < started && started <= limit.measured.1 {
            // Sent before the refused call came back, answered after it.
            limit.rate += 1.0;
            limit.proved = limit.rate;
            return;
        }
        let wait = if limit.sure { limit.patience } else { SECOND };
        if limit.pressed && started > limit.set && now.duration_since(limit.set) > wait {
            limit.proved = limit.rate;
            limit.rate *= if limit.sure { RAISE } else { 2.0 };
            limit.set = now;
            limit.pressed = false;
            // Going up is quick while it lasts; the first refusal brings back `proved` and more patience.
            limit.patience = limit.patience.min(STEP);
        }
    }

    /// Told of a refusal.
    pub(super) fn refused(&mut self, started: Instant, now: Instant, wait: Duration) {
        self.hold_until(now + wait);
        if self.cut.is_some_and(|cut| started <= cut) {
            return;
        }
        self.cut = Some(now);
        let from = started.checked_sub(SECOND).unwrap_or(started);
        let taken = self.taken.iter().filter(|sent| **sent > from).count();
        let measured = taken as f64;
        if let Some(limit) = &mut self.limit {
            let probing = limit.sure && limit.rate > limit.proved;
            limit.rate = if probing {
                limit.proved
            } else if measured < limit.rate {
                measured.max(limit.rate * 0.7)
            } else {
                limit.rate * 0.97
            };
            limit.rate = limit.rate.max(SLOWEST);
            limit.proved = limit.rate;
            limit.sure |= taken >= TELLING;
            limit.patience = if probing { (limit.patience.max(PROBE) * 2).min(MOST_PROBE) } else { PROBE };
            limit.set = now;
            limit.pressed = false;
            // The rate in force shaped what was measured, so late answers add nothing.
            limit.measured = (now, now);
            return;
        }
        let again = self.vague.is_some_and(|before| now.duration_since(before) < 10 * SECOND);
        if taken < TELLING && !again {
            // One refusal out of the blue: wait as told, and go on as before.
            self.vague = Some(now);
            return;
        }
        self.limit = Some(Limit {
            rate: measured.max(1.0),
            proved: measured.max(1.0),
            sure: taken >= TELLING,
            measured: (from, now),
            set: now,
            patience: PROBE,
            pressed: false,
        });
    }
}
