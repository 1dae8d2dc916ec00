//! What the report flows of all emulated platforms share: requested reports that take a moment, and the search-term
//! rows that go into their files. It knows no platform's words, limits or formats: those are in the platform's folder.

mod lines;

use std::io::Write as _;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::civil::Date;
use serde_json::Value;
use tokio::time::Instant;

pub use lines::{Line, Unit, lines};

use super::realm::Realm;

/// Until when a report only waits.
const WAITS: Duration = Duration::from_millis(100);
/// Until when it is being made. A platform takes minutes; nobody wants to wait for a sandbox.
const TAKES: Duration = Duration::from_millis(300);

/// How far a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It waits.
    Pending,
    /// It is being made.
    Processing,
    /// Its file is there.
    Done,
}

/// A requested report.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its number, from 1; the platform makes its ids of it.
    pub number: u64,
    /// Whose it is: an index into [`Realm::accounts`].
    pub account: usize,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// The request as the platform repeats it in its answers.
    pub asked: Value,
    /// Seconds since 1970 in the world's calendar.
    pub made: i64,
    began: Instant,
}

impl Job {
    /// How far it is now.
    pub fn stage(&self) -> Stage {
        match self.began.elapsed() {
            age if age < WAITS => Stage::Pending,
            age if age < TAKES => Stage::Processing,
            _ => Stage::Done,
        }
    }
}

/// The requested reports of a platform, oldest first.
#[derive(Debug, Default)]
pub struct Jobs {
    jobs: Vec<Job>,
    count: u64,
}

impl Jobs {
    /// Notes a request.
    pub fn add(&mut self, account: usize, (from, to): (Date, Date), asked: Value, made: i64) -> &Job {
        self.count += 1;
        self.jobs.push(Job { number: self.count, account, from, to, asked, made, began: Instant::now() });
        // One was just pushed.
        &self.jobs[self.jobs.len() - 1]
    }

    /// All, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Job> {
        self.jobs.iter()
    }

    /// One by its number.
    pub fn get(&self, number: u64) -> Option<&Job> {
        self.jobs.iter().find(|job| job.number == number)
    }

    /// Takes one out; false when there is none.
    pub fn remove(&mut self, number: u64) -> bool {
        let before = self.jobs.len();
        self.jobs.retain(|job| job.number != number);
        self.jobs.len() < before
    }
}

/// A number as a UUID, and back: the same requests get the same ids.
pub fn uuid_of(number: u64) -> String {
    uuid::Uuid::from_u64_pair(MARK, number).to_string()
}

/// The number in a UUID of ours.
pub fn number_of(uuid: &str) -> Option<u64> {
    let (mark, number) = uuid::Uuid::try_parse(uuid).ok()?.as_u64_pair();
    (mark == MARK).then_some(number)
}

/// The first half of every id here; its version and variant digits are those of a random UUID.
const MARK: u64 = 0x5d0e_41c7_a9b3_4f26;

/// A file as gzip packs it.
pub fn gzip(file: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory cannot fail.
    let _ = packed.write_all(file);
    packed.finish().unwrap_or_default()
}

/// Checks that a day is between `most` days before the world's today (or the real one, whichever is later) and that day;
/// reports tell of days that are over.
pub fn too_old(realm: &Realm, day: Date, most: i32) -> bool {
    realm.today.since(day).is_ok_and(|span| span.get_days() > most)
}

/// Whether a day is still to come, by the world's calendar and by the real one: a client that goes by its own clock asks
/// for days that the world has not reached, and there is nothing in them.
pub fn to_come(realm: &Realm, day: Date) -> bool {
    let real = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    day > realm.today.max(real)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_report_waits_is_made_and_is_there() {
        let mut jobs = Jobs::default();
        let day = jiff::civil::date(2026, 9, 1);
        let number = jobs.add(0, (day, day), Value::Null, 0).number;
        let stage = |jobs: &Jobs| jobs.get(number).map(Job::stage);
        assert_eq!(stage(&jobs), Some(Stage::Pending));
        tokio::time::advance(WAITS).await;
        assert_eq!(stage(&jobs), Some(Stage::Processing));
        tokio::time::advance(TAKES).await;
        assert_eq!(stage(&jobs), Some(Stage::Done));
        assert!(jobs.remove(number) && !jobs.remove(number));
        assert_eq!(jobs.add(0, (day, day), Value::Null, 0).number, 2, "numbers are not given twice");
    }

    #[test]
    fn ids_tell_their_numbers() {
        assert_eq!(number_of(&uuid_of(7)), Some(7));
        assert_eq!(number_of("7df1ef5d-45ba-40cc-b607-ff2148cf4f5e"), None);
        assert_eq!(number_of("nonsense"), None);
    }
}
