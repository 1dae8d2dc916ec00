//! What the report flows of all platforms share: days cut into reports, pauses between looks, what was asked for in this
//! process, rows handed on. Knows no platform: how a report is asked for is in its folder; files are read by `report`.

use std::collections::HashMap;
use std::io::Read;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::{Buf, Bytes};
use flate2::read::MultiGzDecoder;
use jiff::Span;
use jiff::civil::Date;
use tokio::time::{Instant, sleep};

use super::report::{self, ColumnMap, Line, ReportRules};
use super::traits::{TermsFetched, TermsSink, TermsWanted, Whole};
use crate::domain::money::Currency;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::term::TermPeriod;

/// How many rows go on at once.
const ROWS: usize = 1_000;

/// The days that are wanted, in pieces of at most `most` days. Pieces end with their month, and within it at multiples of
/// `most`, so that the same pieces come again on another day and take their old rows' place. `oldest` is the first day
/// that the platform still has.
pub fn pieces(wanted: &TermsWanted, last: Date, oldest: Date, most: i8) -> Vec<TermPeriod> {
    let back = Span::new().days(i64::from(wanted.days).max(1) - 1);
    let mut from = last.checked_sub(back).unwrap_or(oldest).max(oldest);
    let mut pieces = Vec::new();
    while from <= last {
        let step = most.max(1);
        let part = (from.day() - 1) / step + 1;
        let month = from.last_of_month();
        let to =
            Date::new(from.year(), from.month(), part.saturating_mul(step).min(month.day())).unwrap_or(month);
        let to = to.min(last);
        without(TermPeriod { from, to }, &wanted.not, &mut pieces);
        let Ok(next) = to.tomorrow() else { break };
        from = next;
    }
    pieces
}

/// The days of a piece that are not among those unwanted.
fn without(piece: TermPeriod, not: &[TermPeriod], into: &mut Vec<TermPeriod>) {
    let Some(other) = not.iter().find(|other| other.overlaps(piece)) else { return into.push(piece) };
    if let Ok(to) = other.from.yesterday()
        && piece.from <= to
    {
        without(TermPeriod { from: piece.from, to }, not, into);
    }
    if let Ok(from) = other.to.tomorrow()
        && from <= piece.to
    {
        without(TermPeriod { from, to: piece.to }, not, into);
    }
}

/// Pauses between looks at a report that is being made: each twice the last, to a most, until patience ends.
pub struct Pauses {
    next: Duration,
    most: Duration,
    until: Instant,
}

impl Pauses {
    /// From now on: the first pause, the longest, and how long in all.
    pub fn new(first: Duration, most: Duration, patience: Duration) -> Self {
        Self { next: first, most, until: Instant::now() + patience }
    }

    /// Waits once. An error says that the report takes too long.
    pub async fn wait(&mut self, platform: &str) -> Result<(), Problem> {
        if Instant::now() >= self.until {
            return Err(Problem::new(ProblemKind::Server, format!("{platform} does not finish the report"))
                .detail("it was asked for hours ago and is still being made")
                .hint(
                    "Try again later: it is looked for under the same number as long as this program runs.",
                ));
        }
        sleep(self.next).await;
        self.next = (self.next * 2).min(self.most);
        Ok(())
    }
}

/// Reports that were asked for in this process, by days: asking again would make the same report twice, or be refused.
#[derive(Debug, Default)]
pub struct Asked(Mutex<HashMap<TermPeriod, String>>);

impl Asked {
    fn held(&self) -> MutexGuard<'_, HashMap<TermPeriod, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The report of these days.
    pub fn get(&self, days: TermPeriod) -> Option<String> {
        self.held().get(&days).cloned()
    }

    /// Notes the report of these days.
    pub fn put(&self, days: TermPeriod, id: &str) {
        self.held().insert(days, id.to_owned());
    }

    /// The report of these days has come, or will never come.
    pub fn forget(&self, days: TermPeriod) {
        self.held().remove(&days);
    }
}

/// A report's file, and what is known of it beside its bytes.
pub struct File {
    /// The platform's name as people write it.
    pub platform: &'static str,
    /// What its reports are like.
    pub rules: &'static ReportRules,
    /// The days that it was asked for.
    pub days: TermPeriod,
    /// Its bytes, packed or not.
    pub bytes: Bytes,
    /// Headings that are known for certain, because they were asked for by name.
    pub columns: ColumnMap,
    /// The account's currency, if anybody said.
    pub currency: Option<Currency>,
}

/// Reads a report's file off the async threads, and puts its rows into the sink.
pub async fn hand_on(file: File, sink: &TermsSink) -> Result<(), Problem> {
    let (platform, days, to) = (file.platform, file.days, sink.clone());
    let read = tokio::task::spawn_blocking(move || rows(&file, &to)).await;
    let why = match read {
        Ok(Ok(whole)) => {
            // Nobody listening is no failure of ours.
            let _ = sink.send(TermsFetched::Whole(days, whole)).await;
            return Ok(());
        }
        Ok(Err(problem)) => format!("{}: {}", problem.title, problem.detail),
        Err(_) => "reading it broke off".to_owned(),
    };
    Err(Problem::new(ProblemKind::Reply, format!("{platform}'s report of {days} cannot be understood"))
        .detail(why)
        .hint("Try again; if it stays, the platform may have changed its reports."))
}

fn rows(file: &File, to: &TermsSink) -> Result<Whole, Problem> {
    let mut whole = Whole { currency: file.currency.clone(), ..Whole::default() };
    if is_empty_list(&file.bytes) {
        return Ok(whole);
    }
    let known = report::Asked {
        name: "",
        days: Some(file.days),
        currency: file.currency.clone(),
        columns: file.columns.clone(),
    };
    let mut chunk = Vec::with_capacity(ROWS);
    // An error of the sink means that nobody listens any more: what follows goes nowhere either.
    whole.late_days = report::read(file.rules, file.bytes.clone().reader(), &known, &mut |line| {
        match line {
            Line::Row(row) => {
                whole.currency.get_or_insert_with(|| row.currency.clone());
                chunk.push(*row);
            }
            Line::LeftOut(_) => whole.left_out += 1,
            Line::Rejected(_) => whole.rejected += 1,
        }
        if chunk.len() == ROWS {
            let _ = to.blocking_send(TermsFetched::Rows(file.days, std::mem::take(&mut chunk)));
        }
        Ok(())
    })?;
    if !chunk.is_empty() {
        let _ = to.blocking_send(TermsFetched::Rows(file.days, chunk));
    }
    Ok(whole)
}

/// Whether a file is a JSON list of nothing: it has no heading either, and is a report all the same.
fn is_empty_list(file: &Bytes) -> bool {
    let mut begin = Vec::new();
    let unpacked: Box<dyn Read> = if file.starts_with(&[0x1f, 0x8b]) {
        Box::new(MultiGzDecoder::new(file.clone().reader()))
    } else {
        Box::new(file.clone().reader())
    };
    // One that cannot be read is found out where it is read to its end.
    let _ = unpacked.take(64).read_to_end(&mut begin);
    begin.into_iter().filter(|byte| !byte.is_ascii_whitespace()).eq(*b"[]")
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn days(from: &str, to: &str) -> TermPeriod {
        TermPeriod { from: day(from), to: day(to) }
    }

    fn cut(count: u16, not: &[TermPeriod], most: i8) -> Vec<String> {
        let wanted = TermsWanted { days: count, until: None, not: not.to_vec() };
        pieces(&wanted, day("2026-09-30"), day("2026-07-01"), most).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn pieces_end_with_their_months() {
        assert_eq!(cut(60, &[], 31), ["2026-08-02 to 2026-08-31", "2026-09-01 to 2026-09-30"]);
        assert_eq!(cut(0, &[], 31), ["2026-09-30 to 2026-09-30"]);
        assert_eq!(cut(1_000, &[], 31).first().map(String::as_str), Some("2026-07-01 to 2026-07-31"));
        let weeks = cut(40, &[], 7);
        assert_eq!(
            weeks[..3],
            ["2026-08-22 to 2026-08-28", "2026-08-29 to 2026-08-31", "2026-09-01 to 2026-09-07"]
        );
        assert_eq!(weeks.last().map(String::as_str), Some("2026-09-29 to 2026-09-30"));
    }

    #[test]
    fn days_that_are_not_wanted_are_left_out() {
        let not = [days("2026-09-05", "2026-09-10"), days("2026-09-20", "2026-10-20")];
        assert_eq!(cut(30, &not, 31), ["2026-09-01 to 2026-09-04", "2026-09-11 to 2026-09-19"]);
        assert!(cut(5, &not, 31).is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_grow_to_their_most_and_end() {
        let mut pauses = Pauses::new(Duration::from_secs(1), Duration::from_secs(3), Duration::from_secs(10));
        let began = Instant::now();
        let mut count = 0;
        while pauses.wait("X").await.is_ok() {
            count += 1;
        }
        assert_eq!((count, began.elapsed()), (5, Duration::from_secs(12)));
    }

    #[test]
    fn a_list_of_nothing_is_a_report() {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(b" []\n").unwrap();
        for (file, empty) in [
            (packed.finish().unwrap(), true),
            (b"[]".to_vec(), true),
            (b"[{}]".to_vec(), false),
            (b"".to_vec(), false),
            (vec![0x1f, 0x8b, 8, 0], false),
        ] {
            assert_eq!(is_empty_list(&file.into()), empty);
        }
    }
}
