//! Waits before an attempt: for its turn, and after a failure. The screen is told of any that is worth a word. How long
//! it is waited is decided in `retry` and by the bucket.

use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

use super::{Channel, signed};
use crate::domain::account::AccountName;
use crate::domain::problem::Problem;
use crate::platform::http::Http;
use crate::platform::http::bucket::Place;
use crate::platform::http::log::WaitGuard;
use crate::platform::http::retry::{self, End};
use crate::platform::http::words;

/// Waits shorter than this are not worth a word on the screen.
const WORTH_SHOWING: Duration = Duration::from_millis(500);

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
            let _shown = self.http.shown(&self.setup.account, wait, "asked to slow down");
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
        self.http.pause(&self.setup.account, wait, why).await;
    }

    pub(super) fn held(&self, until: Instant) -> Problem {
        let wait = until.saturating_duration_since(Instant::now());
        let at = self.http.now().saturating_add(signed(wait)).unwrap_or_default();
        words::held(self.setup.platform, &self.setup.account, at)
    }
}

impl Http {
    /// Waits before a call goes out again.
    pub(in crate::platform::http) async fn pause(&self, account: &AccountName, wait: Duration, why: &str) {
        let _shown = self.shown(account, wait, why);
        sleep(wait).await;
    }

    /// Shows a wait that is worth a word, until the guard goes.
    fn shown(&self, account: &AccountName, wait: Duration, why: &str) -> Option<WaitGuard<'_>> {
        let now = self.now();
        let until = now.saturating_add(signed(wait)).unwrap_or(now);
        (wait >= WORTH_SHOWING).then(|| self.log.show_wait(account, until, why))
    }
}
