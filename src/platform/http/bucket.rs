//! Pacing: at most [`AT_ONCE`] calls of a key at a time, held while a platform says wait, and slowed to what
//! was seen to be taken (`pace`). A [`Host`] watches over the keys of one API host: where several are refused at
//! once, the limit is the host's, and its pace holds them all.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::held;
use super::pace::Pace;

/// Most calls of one bucket at once.
pub const AT_ONCE: usize = 4;

/// Two keys that are refused within this time are refused for the same reason.
const TOGETHER: Duration = Duration::from_secs(1);

/// A host's calls at once begin as one key's and grow to this many, so that a limit of the host is met by a few
/// calls and not by all keys' at once.
const MOST_OF_HOST: usize = 64;
/// They grow by one with so many answers: by an eighth with each round, so that few are under way when a limit of
/// a second's calls is met, and twenty are after some fourteen rounds.
const PER_PLACE: usize = 8;

/// The right to send one call; gives its places back when dropped.
pub(super) struct Place {
    _of_key: Option<OwnedSemaphorePermit>,
    _of_host: Option<OwnedSemaphorePermit>,
}

/// What all keys of one API host share.
pub(super) struct Host {
    places: Arc<Semaphore>,
    shared: Mutex<Shared>,
}

struct Shared {
    /// All calls of the host are counted; it limits only once `engaged`.
    pace: Pace,
    engaged: bool,
    /// Places that there are, and answers since the start.
    places: usize,
    answers: usize,
    /// The key that was refused last, and when.
    refused: Option<(usize, Instant)>,
}

impl Default for Host {
    fn default() -> Self {
        let shared =
            Shared { pace: Pace::default(), engaged: false, places: AT_ONCE, answers: 0, refused: None };
        Self { places: Arc::new(Semaphore::new(AT_ONCE)), shared: Mutex::new(shared) }
    }
}

impl Host {
    /// Takes the host's turn where its pace limits; whether it does.
    fn turn(&self, now: Instant) -> Result<bool, Instant> {
        let mut shared = held(&self.shared);
        if shared.engaged {
            shared.pace.turn(now)?;
        }
        Ok(shared.engaged)
    }

    fn accepted(&self, started: Instant, now: Instant) {
        let mut shared = held(&self.shared);
        shared.pace.accepted(started, now);
        shared.answers += 1;
        if shared.places < MOST_OF_HOST && shared.answers.is_multiple_of(PER_PLACE) {
            shared.places += 1;
            self.places.add_permits(1);
        }
    }

    /// Whether the refusal is the host's affair, and not the key's.
    fn refused(&self, key: usize, started: Instant, now: Instant, wait: Duration) -> bool {
        let mut shared = held(&self.shared);
        let before = shared.refused.replace((key, now));
        let other = before.is_some_and(|(last, at)| last != key && now.duration_since(at) <= TOGETHER);
        shared.engaged |= other;
        if shared.engaged {
            shared.pace.refused(started, now, wait);
        }
        shared.engaged
    }
}

/// One key: an Amazon profile, an eBay credential, a Sam's consumer id.
pub(super) struct Bucket {
    /// Tells it from the other keys of its host.
    key: usize,
    places: Arc<Semaphore>,
    pace: Mutex<Pace>,
    host: Arc<Host>,
}

impl Bucket {
    pub(super) fn new(key: usize, host: Arc<Host>) -> Self {
        Self { key, places: Arc::new(Semaphore::new(AT_ONCE)), pace: Mutex::default(), host }
    }

    /// Waits for one of the places, in order of asking.
    pub(super) async fn place(&self) -> Place {
        // The semaphores are never closed; were they, a call without a permit is better than none.
        let of_key = Arc::clone(&self.places).acquire_owned().await.ok();
        let of_host = Arc::clone(&self.host.places).acquire_owned().await.ok();
        Place { _of_key: of_key, _of_host: of_host }
    }

    /// Takes the next turn if it has come; else says until when to wait before asking again.
    pub(super) fn turn(&self, now: Instant) -> Result<(), Instant> {
        let mut pace = held(&self.pace);
        if let Some(until) = pace.opens(now) {
            return Err(until);
        }
        if self.host.turn(now)? {
            // The host's pace is what holds; what was learned before that was known is void.
            pace.forget();
        }
        pace.turn(now)
    }

    /// Told of an answer that was not a refusal.
    pub(super) fn accepted(&self, started: Instant, now: Instant) {
        held(&self.pace).accepted(started, now);
        self.host.accepted(started, now);
    }

    /// Told of a refusal: nothing goes out before `now + wait`, and then slower.
    pub(super) fn refused(&self, started: Instant, now: Instant, wait: Duration) {
        let shared = self.host.refused(self.key, started, now, wait);
        let mut pace = held(&self.pace);
        if shared {
            pace.forget();
            pace.hold_until(now + wait);
        } else {
            pace.refused(started, now, wait);
        }
    }

    /// Nothing goes out before then.
    pub(super) fn hold_until(&self, until: Instant) {
        held(&self.pace).hold_until(until);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::VecDeque;

    use futures::future::join_all;
    use tokio::time::{sleep, sleep_until};

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

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

    fn bucket() -> Bucket {
        Bucket::new(0, Arc::default())
    }

    /// Sends `calls` calls from many tasks; gives seconds and refusals.
    async fn run(server: &RefCell<Server>, calls: u32, latency: Duration) -> (f64, u32) {
        run_on(&bucket(), server, calls, latency).await
    }

    async fn run_on(bucket: &Bucket, server: &RefCell<Server>, calls: u32, latency: Duration) -> (f64, u32) {
        let refusals = RefCell::new(0);
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
                    // Windows give nothing back for a hold, and may look like a bucket for some seconds of this half
                    // minute.
                    let least = if matches!(counts, Counts::Bucket) { 0.95 } else { 0.8 };
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
        let bucket = bucket();
        let start = Instant::now();
        assert_eq!(bucket.turn(start), Ok(()));
        bucket.refused(start, start, 2 * SECOND);
        assert_eq!(bucket.turn(start + SECOND), Err(start + 2 * SECOND));
        for _ in 0..100 {
            assert_eq!(bucket.turn(start + 2 * SECOND), Ok(()));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_that_is_the_hosts_is_shared_by_its_keys() {
        let host = Arc::<Host>::default();
        let server = RefCell::new(Server::new(Counts::Bucket, 20.0, Duration::ZERO));
        let buckets: Vec<Bucket> = (0..5).map(|key| Bucket::new(key, Arc::clone(&host))).collect();
        let began = Instant::now();
        let latency = Duration::from_millis(50);
        let ends = join_all(buckets.iter().map(|bucket| run_on(bucket, &server, 60, latency))).await;
        let share = 300.0 / (began.elapsed().as_secs_f64() * 20.0);
        let refusals: u32 = ends.iter().map(|(_, refusals)| refusals).sum();
        assert!(share >= 0.95, "{share}");
        assert!(refusals <= 15, "{refusals}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_of_one_key_leaves_the_others_alone() {
        let host = Arc::<Host>::default();
        let [slow, fast] = [0, 1].map(|key| Bucket::new(key, Arc::clone(&host)));
        let tight = RefCell::new(Server::new(Counts::Bucket, 20.0, Duration::ZERO));
        let free = RefCell::new(Server::new(Counts::Bucket, 1e9, Duration::ZERO));
        let latency = Duration::from_millis(50);
        let ((_, refusals), (seconds, none)) =
            tokio::join!(run_on(&slow, &tight, 200, latency), run_on(&fast, &free, 400, latency));
        assert!(refusals > 0 && none == 0);
        assert!(seconds < 5.3, "{seconds}");
    }
}
