//! Progress on stderr: one line per account, hidden when stderr is no terminal or `-q` is given. Paints what the
//! engine reports and decides nothing.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Session;
use crate::domain::account::AccountName;
use crate::engine::{
    ApplyEvent, ApplyStep, FetchCounts, FetchEvent, LOOKING_AGAIN, Progress, SyncCounts, SyncEvent,
    TermsProgress,
};
use crate::platform::http::Http;

/// Lines by account.
#[derive(Clone)]
struct Lines {
    all: MultiProgress,
    by_account: Arc<Mutex<HashMap<AccountName, ProgressBar>>>,
}

impl Lines {
    fn new(quiet: bool) -> Self {
        let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        Self { all: MultiProgress::with_draw_target(target), by_account: Arc::default() }
    }

    fn line(&self, account: &AccountName) -> ProgressBar {
        let mut lines = self.by_account.lock().unwrap_or_else(PoisonError::into_inner);
        lines.entry(account.clone()).or_insert_with(|| self.begin(account)).clone()
    }

    fn begin(&self, account: &AccountName) -> ProgressBar {
        let line = self.all.add(ProgressBar::new_spinner());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix}  {msg}") {
            line.set_style(style);
        }
        line.set_prefix(account.to_string());
        line.enable_steady_tick(Duration::from_millis(120));
        line
    }

    fn clear(&self) {
        // A line that cannot be cleared is on a terminal that is gone.
        let _ = self.all.clear();
    }
}

/// Progress of a refresh.
pub struct SyncProgress(Lines);

impl SyncProgress {
    /// Nothing is shown before the first event.
    pub fn new(quiet: bool) -> Self {
        Self(Lines::new(quiet))
    }

    /// Where the engine reports to.
    pub fn sink(&self) -> Progress<SyncEvent> {
        let lines = self.0.clone();
        Arc::new(move |event| match event {
            SyncEvent::Counted { account, counts } => lines.line(&account).set_message(counted(counts)),
            SyncEvent::Done(done) => lines.line(&done.account).finish_and_clear(),
        })
    }

    /// Takes the lines away.
    pub fn done(self) {
        self.0.clear();
    }
}

fn counted(counts: SyncCounts) -> String {
    format!("{} campaigns, {} ad groups, {} negatives", counts.campaigns, counts.ad_groups, counts.negatives)
}

/// Progress of a fetch of search terms.
pub struct FetchProgress(Lines);

impl FetchProgress {
    /// Nothing is shown before the first event.
    pub fn new(quiet: bool) -> Self {
        Self(Lines::new(quiet))
    }

    /// Where the engine reports to.
    pub fn sink(&self) -> Progress<FetchEvent> {
        let lines = self.0.clone();
        Arc::new(move |event| match event {
            FetchEvent::Counted { account, counts } => lines.line(&account).set_message(fetched(counts)),
            FetchEvent::Done(done) => lines.line(&done.account).finish_and_clear(),
        })
    }

    /// Takes the lines away.
    pub fn done(self) {
        self.0.clear();
    }
}

fn fetched(counts: FetchCounts) -> String {
    if counts.rows == 0 && counts.loaded == 0 {
        return format!("waiting for {} reports", counts.reports);
    }
    format!("{} of {} reports, {} search terms", counts.loaded, counts.reports, counts.rows)
}

/// Progress of a report's reading.
pub struct TermsProgressLine {
    bar: ProgressBar,
    size: Option<u64>,
}

impl TermsProgressLine {
    /// A line that knows how large the file is, if anybody does.
    pub fn new(quiet: bool, size: Option<u64>) -> Self {
        let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(size, target);
        let look = if size.is_some() { "{spinner} {percent:>3} %  {msg}" } else { "{spinner} {msg}" };
        if let Ok(style) = ProgressStyle::with_template(look) {
            bar.set_style(style);
        }
        Self { bar, size }
    }

    /// Where the engine reports to.
    pub fn sink(&self) -> Progress<TermsProgress> {
        let (bar, size) = (self.bar.clone(), self.size);
        Arc::new(move |at| {
            bar.set_position(size.map_or(at.bytes, |size| at.bytes.min(size)));
            let rejected = if at.rejected > 0 {
                format!(", {} lines could not be read", at.rejected)
            } else {
                String::new()
            };
            bar.set_message(format!("{} search terms{rejected}", at.rows));
        })
    }

    /// Takes the line away.
    pub fn done(self) {
        self.bar.finish_and_clear();
    }
}

/// Progress of a sending.
pub struct ApplyProgress {
    lines: Lines,
    told: Arc<Mutex<HashMap<AccountName, Told>>>,
    /// The platforms' names as people write them.
    titles: Arc<HashMap<AccountName, String>>,
}

/// What an account's line says.
#[derive(Clone, Default)]
struct Told {
    /// How far it is.
    step: String,
    /// Why it waits, and until when.
    wait: Option<String>,
}

impl ApplyProgress {
    /// Nothing is shown before the first event.
    pub fn new(session: &Session) -> Self {
        let titles =
            session.engine.members().iter().map(|member| (member.name.clone(), member.title().to_owned()));
        Self { lines: Lines::new(session.quiet), told: Arc::default(), titles: Arc::new(titles.collect()) }
    }

    /// Where the engine reports to.
    pub fn sink(&self) -> Progress<ApplyEvent> {
        let (lines, told, titles) = (self.lines.clone(), Arc::clone(&self.told), Arc::clone(&self.titles));
        Arc::new(move |event| {
            let account = &event.account;
            let say = |step: String, wait: Option<String>| {
                let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
                let one = told.entry(account.clone()).or_default();
                if !step.is_empty() {
                    one.step = step;
                }
                one.wait = wait;
                lines.line(account).set_message(one.says());
            };
            match event.what {
                ApplyStep::Began { changes, requests: 0, .. } => {
                    say(format!("{changes} changes without an answer"), None);
                }
                ApplyStep::Began { changes, requests, .. } => {
                    say(format!("{changes} changes, {requests} requests"), None);
                }
                ApplyStep::Reading { objects } => say(format!("reading {objects} once more"), None),
                ApplyStep::LookingAgain { until } => {
                    say(String::new(), Some(waits(LOOKING_AGAIN, until, None)));
                }
                ApplyStep::Sending { request, of, .. } => say(format!("request {request} of {of}"), None),
                ApplyStep::Throttled { until, .. } => {
                    say(String::new(), Some(waits(SLOW_DOWN, until, titles.get(account))));
                }
                ApplyStep::Settling { until, changes } => {
                    let until = time(until);
                    say(format!("no answer yet for {}, checking at {until}", changes.len()), None);
                }
                ApplyStep::Outcome { .. } => {}
                ApplyStep::Ended { .. } => lines.line(account).finish_and_clear(),
            }
        })
    }

    /// Runs a sending and shows meanwhile which of its calls wait, until when and why.
    pub async fn beside<T>(&self, http: &Http, sending: impl Future<Output = T>) -> T {
        tokio::select! {
            done = sending => done,
            never = self.follow(http) => match never {},
        }
    }

    async fn follow(&self, http: &Http) -> Infallible {
        let mut waiting = http.waiting();
        loop {
            if waiting.changed().await.is_err() {
                // The client is gone, and so will be the sending.
                return std::future::pending().await;
            }
            let calls = waiting.borrow_and_update().clone();
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            for (account, one) in told.iter_mut() {
                let call = calls.iter().filter(|call| call.account == *account).max_by_key(|call| call.until);
                one.wait = call.map(|call| waits(&call.why, call.until, self.titles.get(account)));
                self.lines.line(account).set_message(one.says());
            }
        }
    }

    /// Takes the lines away.
    pub fn done(self) {
        self.lines.clear();
    }
}

impl Told {
    fn says(&self) -> String {
        match &self.wait {
            Some(wait) => format!("{} · {wait} · ctrl-C stops", self.step),
            None => self.step.clone(),
        }
    }
}

/// What the client says of a call that the platform holds back.
const SLOW_DOWN: &str = "asked to slow down";

/// Why something waits, and until when: `throttled by Amazon until 14:02:10`.
fn waits(why: &str, until: Timestamp, title: Option<&String>) -> String {
    let title = title.map_or("the platform", String::as_str);
    let why = if why == SLOW_DOWN { format!("throttled by {title}") } else { why.to_owned() };
    format!("{why} until {}", time(until))
}

/// A time of day here.
fn time(at: Timestamp) -> String {
    at.to_zoned(TimeZone::system()).strftime("%H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_names_the_platform_the_time_and_the_way_out() {
        let until = "2026-10-01T14:02:10Z".parse().expect("a time");
        let title = "Amazon".to_owned();
        let told =
            Told { step: "request 2 of 3".to_owned(), wait: Some(waits(SLOW_DOWN, until, Some(&title))) };
        let said = told.says();
        assert!(said.starts_with("request 2 of 3 · throttled by Amazon until "), "{said}");
        assert!(said.ends_with(" · ctrl-C stops"), "{said}");
        assert!(
            waits("no connection, trying again", until, None).starts_with("no connection, trying again until")
        );
    }
}
