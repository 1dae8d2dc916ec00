//! Waits before an attempt: for its turn, and after a failure. The screen is told of any that is worth a word. How long
//! it is waited is decided in `retry` and by the bucket.

use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

use super::{Channel, WORTH_SHOWING, signed};
use crate::domain::problem::Problem;
use crate::platform::http::bucket::Place;
use crate::platform::http::log::WaitGuard;
use crate::platform::http::retry::{self, End};
use crate::platform::http::words;

impl Channel {
    /// Waits for a place and for the pace; an error says until when it would have to wait, when that is too long.
    pub(super) async fn turn(&self) -> Result<Place, Instant> {
        let place = self.bucket.place().await;
        loop {
            let now = Instant::now();
            let Err(until) = self.bucket.turn(now) else { return Ok(place) };
            let wait = until - now;
            if wait > retry::MOST_WAIT {
                return Err(until);
            }
            let _shown = (wait >= WORTH_SHOWING).then(|| self.show(wait, "asked to slow down"));
            sleep_until(until).await;
        }
    }

    /// Waits before the next attempt. What the platform asked for holds the whole bucket.
    pub(super) async fn wait(&self, kind: End, wait: Duration, asked: bool) {
        if kind == End::Throttled {
            // The bucket is held already, and `turn` shows it.
            return;
        }
        if asked {
            self.bucket.hold_until(Instant::now() + wait);
            return;
        }
        let why = match kind {
            End::Failed => "the platform failed, trying again",
            End::NotConnected => "no connection, trying again",
            _ => "the line broke, trying again",
        };
        let _shown = (wait >= WORTH_SHOWING).then(|| self.show(wait, why));
        sleep(wait).await;
    }

    pub(super) fn held(&self, until: Instant) -> Problem {
        let wait = until.saturating_duration_since(Instant::now());
        let at = self.http.now().saturating_add(signed(wait)).unwrap_or_default();
        words::held(self.setup.platform, &self.setup.account, at)
    }

    fn show(&self, wait: Duration, why: &str) -> WaitGuard<'_> {
        let now = self.http.now();
        self.http.log.show_wait(&self.setup.account, now.saturating_add(signed(wait)).unwrap_or(now), why)
    }
}
