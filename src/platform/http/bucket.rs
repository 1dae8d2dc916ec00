//! Pacing: at most [`AT_ONCE`] calls at a time, held while a platform says wait, and slowed to what the
//! platform was seen to take. No page prints the limits, and Amazon's move with its load ("Rate limiting",
//! Amazon Ads API documentation), so the rate is learned: none until the first refusal, then what was accepted
//! in the second before it, then now and then a little more.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::held;

/// Most calls of one bucket at once.
pub const AT_ONCE: usize = 4;

/// Limits are measured over this long: platforms count by the second.
const SECOND: Duration = Duration::from_secs(1);
/// Sends are spread over a little more than the measured window, for what the line adds or takes.
const MARGIN: f64 = 1.01;
/// Within a window, sends are at least this part of the even distance apart: room to catch up, no burst.
const SPREAD: f64 = 0.6;
/// Fewer accepted calls than this before a refusal say nothing about a rate.
const TELLING: usize = 5;
/// How long a measured rate is kept before a higher one is tried; doubles with each try that fails.
const PROBE: Duration = Duration::from_mins(1);
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

/// The right to send one call; gives its place back when dropped.
pub(super) struct Place {
    _permit: Option<OwnedSemaphorePermit>,
}

/// The pace of one key: an Amazon profile, an eBay credential, a Sam's consumer id.
pub(super) struct Bucket {
    places: Arc<Semaphore>,
    pace: Mutex<Pace>,
}

impl Default for Bucket {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(AT_ONCE)), pace: Mutex::default() }
    }
}

impl Bucket {
    /// Waits for one of the places, in order of asking.
    pub(super) async fn place(&self) -> Place {
        // The semaphore is never closed; were it, a call without a permit is better than none.
        Place { _permit: Arc::clone(&self.places).acquire_owned().await.ok() }
    }

    /// Takes the next turn if it has come; else says until when to wait before asking again.
    pub(super) fn turn(&self, now: Instant) -> Result<(), Instant> {
        held(&self.pace).turn(now)
    }

    /// Told of an answer that was not a refusal.
    pub(super) fn accepted(&self, started: Instant, now: Instant) {
        held(&self.pace).accepted(started, now);
    }

    /// Told of a refusal: nothing goes out before `now + wait`, and then slower.
    pub(super) fn refused(&self, started: Instant, now: Instant, wait: Duration) {
        held(&self.pace).refused(started, now, wait);
    }

    /// Nothing goes out before then.
    pub(super) fn hold_until(&self, until: Instant) {
        held(&self.pace).hold_until(until);
    }
}

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

#[derive(Default)]
struct Pace {
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
    fn turn(&mut self, now: Instant) -> Result<(), Instant> {
        if let Some(until) = self.hold.filter(|until| *until > now) {
            return Err(until);
        }
        if self.sent.back().is_some_and(|last| now.duration_since(*last) > FORGET) {
            self.limit = None;
        }
        let mut keep = 0;
        if let Some(limit) = &mut self.limit {
            let count = limit.rate.floor().max(1.0);
            let window = Duration::from_secs_f64(count / limit.rate * MARGIN);
            let apart = Duration::from_secs_f64(SPREAD / limit.rate);
            #[expect(clippy::cast_sign_loss, reason = "a count of one or more")]
            let whole = count as usize;
            keep = whole;
            let by_window = self.sent.len().checked_sub(keep).map(|first| self.sent[first] + window);
            let by_distance = self.sent.back().map(|last| *last + apart);
            if by_window.is_some_and(|at| at > now) {
                limit.pressed = true;
            }
            if let Some(at) = by_window.max(by_distance).filter(|at| *at > now) {
                return Err(at);
            }
        }
        while self.sent.len() > keep.max(1) {
            self.sent.pop_front();
        }
        self.sent.push_back(now);
        Ok(())
    }

    fn hold_until(&mut self, until: Instant) {
        self.hold = self.hold.max(Some(until));
    }

    fn accepted(&mut self, started: Instant, now: Instant) {
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

    fn refused(&mut self, started: Instant, now: Instant, wait: Duration) {
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

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use futures::future::join_all;
    use tokio::time::{sleep, sleep_until};

    use super::*;

    /// How a server counts.
    #[derive(Clone, Copy, Debug)]
    enum Counts {
        /// A bucket of one second's calls that fills evenly.
        Bucket,
        /// So many in each second since a point that lies anywhere.
        Seconds,
        /// So many in any second.
        Sliding,
    }

    struct Server {
        counts: Counts,
        per_second: f64,
        tokens: f64,
        last: Instant,
        window: Instant,
        used: f64,
        log: VecDeque<Instant>,
    }

    impl Server {
        fn new(counts: Counts, per_second: f64, phase: Duration) -> Self {
            let now = Instant::now();
            let window = now.checked_sub(phase).unwrap();
            Self { counts, per_second, tokens: per_second, last: now, window, used: 0.0, log: VecDeque::new() }
        }

        fn takes(&mut self) -> bool {
            let now = Instant::now();
            match self.counts {
                Counts::Bucket => {
                    let gained = (now - self.last).as_secs_f64() * self.per_second;
                    self.tokens = (self.tokens + gained).min(self.per_second);
                    self.last = now;
                    let fine = self.tokens >= 1.0;
                    self.tokens -= f64::from(u8::from(fine));
                    fine
                }
                Counts::Seconds => {
                    while now - self.window >= SECOND {
                        self.window += SECOND;
                        self.used = 0.0;
                    }
                    let fine = self.used < self.per_second;
                    self.used += f64::from(u8::from(fine));
                    fine
                }
                Counts::Sliding => {
                    while self.log.front().is_some_and(|first| now - *first >= SECOND) {
                        self.log.pop_front();
                    }
                    let fine = (self.log.len() as f64) < self.per_second;
                    if fine {
                        self.log.push_back(now);
                    }
                    fine
                }
            }
        }
    }

    /// Sends `calls` calls from many tasks; gives seconds and refusals.
    async fn run(server: &RefCell<Server>, calls: u32, latency: Duration) -> (f64, u32) {
        let (bucket, refusals) = (Bucket::default(), RefCell::new(0));
        let began = Instant::now();
        join_all((0..calls).map(async |_| {
            loop {
                let place = bucket.place().await;
                while let Err(until) = bucket.turn(Instant::now()) {
                    sleep_until(until).await;
                }
                let started = Instant::now();
                sleep(latency / 2).await;
                let fine = server.borrow_mut().takes();
                sleep(latency / 2).await;
                drop(place);
                if fine {
                    bucket.accepted(started, Instant::now());
                    break;
                }
                *refusals.borrow_mut() += 1;
                bucket.refused(started, Instant::now(), SECOND);
            }
        }))
        .await;
        (began.elapsed().as_secs_f64(), refusals.into_inner())
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_is_learned_from_one_refusal_and_nearly_used_up() {
        for counts in [Counts::Bucket, Counts::Seconds, Counts::Sliding] {
            for latency in [4, 50, 120] {
                for phase in [0, 150, 900] {
                    let server = Server::new(counts, 20.0, Duration::from_millis(phase));
                    let calls = 600;
                    let (seconds, refusals) =
                        run(&RefCell::new(server), calls, Duration::from_millis(latency)).await;
                    let share = f64::from(calls) / (seconds * 20.0);
                    let case =
                        format!("{counts:?} {latency} ms +{phase} ms: {seconds:.2} s, {share:.3}, {refusals}");
                    // A window that ends just after the start shows a rate that no window repeats: learned later.
                    let least = if matches!(counts, Counts::Seconds) && latency > 50 { 0.92 } else { 0.95 };
                    assert!(share >= least, "{case}");
                    assert!(f64::from(refusals) <= 0.05 * f64::from(calls), "{case}");
                }
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_refusal_four_go_at_once_and_nothing_is_slowed() {
        let server = Server::new(Counts::Bucket, 1e9, Duration::ZERO);
        let (seconds, refusals) = run(&RefCell::new(server), 400, Duration::from_millis(50)).await;
        assert_eq!(refusals, 0);
        assert!((5.0..5.2).contains(&seconds), "{seconds}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_that_rises_is_found_again() {
        let server = RefCell::new(Server::new(Counts::Bucket, 20.0, Duration::ZERO));
        let lift = async {
            sleep(10 * SECOND).await;
            server.borrow_mut().per_second = 1e6;
        };
        let ((seconds, _), ()) = tokio::join!(run(&server, 6_000, Duration::from_millis(50)), lift);
        // At 20 a second it would take 300 s.
        assert!(seconds < 200.0, "{seconds}");
    }

    #[tokio::test(start_paused = true)]
    async fn one_refusal_out_of_the_blue_leaves_the_pace_alone() {
        let bucket = Bucket::default();
        let start = Instant::now();
        assert_eq!(bucket.turn(start), Ok(()));
        bucket.refused(start, start, 2 * SECOND);
        assert_eq!(bucket.turn(start + SECOND), Err(start + 2 * SECOND));
        for _ in 0..100 {
            assert_eq!(bucket.turn(start + 2 * SECOND), Ok(()));
        }
    }
}
