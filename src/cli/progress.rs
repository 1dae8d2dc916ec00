//! Progress on stderr: one line per account, hidden when stderr is no terminal or `-q` is given. Paints what the
//! engine reports and decides nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::domain::account::AccountName;
use crate::engine::{
    ApplyEvent, ApplyStep, FetchCounts, FetchEvent, Progress, SyncCounts, SyncEvent, TermsProgress,
};

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
pub struct ApplyProgress(Lines);

impl ApplyProgress {
    /// Nothing is shown before the first event.
    pub fn new(quiet: bool) -> Self {
        Self(Lines::new(quiet))
    }

    /// Where the engine reports to.
    pub fn sink(&self) -> Progress<ApplyEvent> {
        let lines = self.0.clone();
        Arc::new(move |event| {
            let line = lines.line(&event.account);
            match event.what {
                ApplyStep::Began { changes, requests, .. } => {
                    line.set_message(format!("{changes} changes, {requests} requests"));
                }
                ApplyStep::Reading { objects } => line.set_message(format!("reading {objects} once more")),
                ApplyStep::Sending { request, of, .. } => {
                    line.set_message(format!("request {request} of {of}"));
                }
                ApplyStep::Throttled { until, .. } => {
                    line.set_message(format!("throttled until {}", until.strftime("%H:%M:%S UTC")));
                }
                ApplyStep::Settling { until, changes } => {
                    let until = until.strftime("%H:%M:%S UTC");
                    line.set_message(format!("no answer yet for {}, checking at {until}", changes.len()));
                }
                ApplyStep::Outcome { .. } => {}
                ApplyStep::Ended { .. } => line.finish_and_clear(),
            }
        })
    }

    /// Takes the lines away.
    pub fn done(self) {
        self.0.clear();
    }
}
