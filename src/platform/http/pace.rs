//! A rate that is learned: no page prints the limits, and Amazon's move with its load ("Rate limiting", Amazon
//! Ads API documentation). None until the first refusal, then what a bucket must have gained to give what was accepted
//! before it, then now and then a little more. Pure but for the instants that are handed in.

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
/// A hold leaves this part of what a bucket of one second gains meanwhile to be sent on top of the pace.
const CREDIT: f64 = 0.9;
/// How long accepted calls are remembered: what came before tells no more of the limit.
const KEPT: Duration = Duration::from_secs(4);
/// How long a measured rate is kept before a higher one is tried; doubles with each try that fails.
const PROBE: Duration = Duration::from_secs(8);
/// The same where a refusal costs what a hold does not give back.
const PROBE_WINDOWED: Duration = Duration::from_secs(30);
/// The longest such time.
const MOST_PROBE: Duration = Duration::from_secs(20);
/// The longest such time where a refusal costs more.
const MOST_PROBE_WINDOWED: Duration = Duration::from_mins(16);
/// How long a rate is tried before the next raise.
const STEP: Duration = Duration::from_secs(3);
/// The factor of a raise.
const RAISE: f64 = 1.25;
/// The same where a refusal costs what a hold does not give back.
const RAISE_WINDOWED: f64 = 1.05;
/// A rate is forgotten after this long without a call.
const FORGET: Duration = Duration::from_mins(5);
/// The slowest rate: one call in ten seconds.
const SLOWEST: f64 = 0.1;

/// How a platform counts calls.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counts {
    /// By a bucket that fills while nothing is sent: a hold costs nothing.
    Bucket,
    /// By windows of time: what a hold lets pass is lost.
    Windows,
}

/// What was learned of the limit.
struct Limit {
    /// Calls a second.
    rate: f64,
    /// The last rate that lasted; a raise that fails comes back to it.
    proved: f64,
    /// Whether it was measured on enough calls.
    sure: bool,
    /// What was accepted in the second before the first refusal: a window's limit is no higher.
    most: f64,
    /// The time that was measured; late answers of it still count, each for so much.
    measured: (Instant, Instant),
    each: f64,
    /// When it was last set or raised.
    set: Instant,
    /// When the last refusal came, and how many calls were accepted since.
    refused: Instant,
    since: u32,
    /// Raises that failed one after the other.
    failed: u32,
    /// Raises that lasted one after the other.
    lasted: u32,
    /// Whether the last change was a raise.
    raised: bool,
    /// What may be sent on top of the window after a hold: gateways mostly count by a bucket that fills meanwhile.
    credit: f64,
    /// When it was last used.
    credited: Option<Instant>,
    /// How the platform counts, as far as was seen.
    counts: Counts,
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
        let window = self.window_opens().is_some_and(|at| at > now);
        if let Some(limit) = self.limit.as_mut().filter(|_| window) {
            limit.credit -= 1.0;
            limit.credited = Some(now);
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
        let by_window = self.window_opens();
        let limit = self.limit.as_mut()?;
        let by_distance = self.sent.back().map(|last| *last + Duration::from_secs_f64(SPREAD / limit.rate));
        let full = by_window.is_some_and(|at| at > now);
        limit.pressed |= full;
        let spend = full && limit.credit >= 1.0;
        by_window.filter(|_| !spend).max(by_distance).filter(|at| *at > now)
    }

    /// When the window has room for one more.
    fn window_opens(&self) -> Option<Instant> {
        let (limit, count) = (self.limit.as_ref()?, self.count());
        let window = Duration::from_secs_f64(count as f64 / limit.rate * MARGIN);
        self.sent.len().checked_sub(count).map(|first| self.sent[first] + window)
    }

    /// Another pace has taken over: only a wait is kept.
    pub(super) fn forget(&mut self) {
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
        while self.taken.front().is_some_and(|first| now.duration_since(*first) > KEPT) {
            self.taken.pop_front();
        }
        let Some(limit) = &mut self.limit else { return };
        if limit.measured.0 < started && started <= limit.measured.1 {
            // Sent before the refused call, answered after it.
            limit.most += 1.0;
            limit.rate += limit.each;
            limit.proved = limit.rate;
            return;
        }
        limit.since += 1;
        let wait = match (limit.sure, limit.raised) {
            (false, _) => SECOND,
            (true, true) => STEP,
            (true, false) => limit.patience(),
        };
        if limit.pressed && started > limit.set && now.duration_since(limit.set) > wait {
            limit.proved = limit.rate;
            if limit.raised {
                // The last raise has lasted: going up gets quicker while it does.
                limit.failed = 0;
                limit.lasted += 1;
            }
            let raise = if limit.counts == Counts::Windows { RAISE_WINDOWED } else { RAISE };
            limit.rate *= if limit.sure { raise.powf(f64::from(limit.lasted + 1)).min(2.0) } else { 2.0 };
            limit.raised = true;
            limit.set = now;
            limit.pressed = false;
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
            limit.refused(taken, now, wait);
            return;
        }
        let again = self.vague.is_some_and(|before| now.duration_since(before) < 10 * SECOND);
        if taken < TELLING && !again {
            // One refusal out of the blue: wait as told, and go on as before.
            self.vague = Some(now);
            return;
        }
        let (rate, since) = self.gained(started);
        let each = 1.0 / (1.0 + started.saturating_duration_since(since).as_secs_f64());
        self.limit = Some(Limit {
            rate,
            proved: rate,
            sure: taken >= TELLING,
            most: measured,
            measured: (since, started),
            each,
            set: now,
            refused: now,
            since: 0,
            failed: 0,
            lasted: 0,
            raised: false,
            credit: credit(rate, wait),
            credited: None,
            counts: Counts::Bucket,
            pressed: false,
        });
    }

    /// What a bucket of one second must have gained in a second to give what was accepted before this time, and since
    /// when: it gave no more than it held in the beginning, a second's gain, and gained since.
    fn gained(&self, until: Instant) -> (f64, Instant) {
        let mut most = (1.0_f64, until);
        let before = self.taken.iter().rev().filter(|sent| **sent <= until);
        for (count, since) in (1..).zip(before) {
            let rate = f64::from(count) / (1.0 + until.duration_since(*since).as_secs_f64());
            if rate >= most.0 {
                most = (rate, *since);
            }
        }
        most
    }
}

/// What a bucket of one second gains during a hold.
fn credit(rate: f64, wait: Duration) -> f64 {
    rate * wait.min(SECOND).as_secs_f64() * CREDIT
}

impl Limit {
    /// How long the rate is kept before a higher one is tried.
    fn patience(&self) -> Duration {
        let (first, most) = match self.counts {
            Counts::Windows => (PROBE_WINDOWED, MOST_PROBE_WINDOWED),
            Counts::Bucket => (PROBE, MOST_PROBE),
        };
        (first * 2_u32.pow(self.failed.min(8))).min(most)
    }

    /// Told of a refusal that is not one event with the last; `taken` calls were accepted in the second before.
    fn refused(&mut self, taken: usize, now: Instant, wait: Duration) {
        let measured = taken as f64;
        let on_credit = self.credited.is_some_and(|at| now.duration_since(at) < SECOND + SECOND / 2);
        let lasted = now.duration_since(self.refused).as_secs_f64();
        let gained = f64::from(self.since) / lasted;
        if on_credit && !self.raised && self.counts == Counts::Bucket && gained > self.rate * 0.9 {
            // A bucket, empty at the last refusal and now, that gains a little less than was thought.
            self.rate = self.rate.min(gained);
        } else if on_credit && !self.raised && self.counts == Counts::Bucket {
            // A bucket would have gained it: these are windows, which gave no more than they take in the beginning.
            self.counts = Counts::Windows;
            self.rate = measured.min(self.most).max(self.rate);
        } else if self.raised {
            self.rate = self.proved;
            self.failed += 1;
        } else if measured < self.rate {
            self.rate = measured.max(self.rate * 0.7);
        } else {
            self.rate *= 0.97;
        }
        self.rate = self.rate.max(SLOWEST);
        self.proved = self.rate;
        self.sure |= taken >= TELLING;
        self.raised = false;
        self.lasted = 0;
        self.credit = if self.counts == Counts::Windows { 0.0 } else { credit(self.rate, wait) };
        self.credited = None;
        self.set = now;
        self.refused = now;
        self.since = 0;
        self.pressed = false;
        // The rate in force shaped what was measured, so late answers add nothing.
        self.measured = (now, now);
    }
}
