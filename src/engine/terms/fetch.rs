//! `terms fetch`: search terms from the platforms, all accounts side by side, each report visible as soon as it is whole.
//! What fails leaves the terms that were there. Reports that somebody imported stay as they are: their days are not asked
//! for; nor are days that were fetched when the platform had done with revising them. Changes nothing on a platform.

use std::collections::HashMap;
use std::time::Duration;

use futures::future::join_all;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::domain::account::AccountName;
use crate::domain::problem::Problem;
use crate::domain::term::TermPeriod;
use crate::domain::text::Text;
use crate::engine::{Engine, Member, Progress};
use crate::platform::traits::{TermsFetched, TermsWanted, Whole};
use crate::store::{LoadedPeriod, Overlap};

use super::intake::TermsIntake;

/// Where fetched reports say that they come from.
pub const FETCHED: &str = "the platform's report service";

/// How terms are fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FetchOptions {
    /// How many days.
    pub days: u16,
    /// The last day; `None` for the last one that is over where the account is.
    pub until: Option<Date>,
    /// Leave out accounts whose terms are whole and were fetched less than this ago.
    pub older_than: Option<Duration>,
    /// Also days whose figures are final.
    pub full: bool,
}

/// What came of one account so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FetchCounts {
    /// Reports that were asked for.
    pub reports: usize,
    /// Those that are loaded.
    pub loaded: usize,
    /// Rows that came.
    pub rows: u64,
    /// Lines that could not be read.
    pub rejected: u64,
    /// Lines that are no search terms.
    pub left_out: u64,
    /// Rows whose campaign or ad group the snapshot does not have.
    pub unresolved: u64,
}

/// Something that happened in a fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchEvent {
    /// Reports were asked for, or rows came.
    Counted {
        /// The account.
        account: AccountName,
        /// What came so far.
        counts: FetchCounts,
    },
    /// An account is done.
    Done(AccountFetch),
}

/// How an account came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchOutcome {
    /// Every report came.
    Fresh,
    /// Some did; of the others' days, the terms that were there stay.
    Partial(Vec<Problem>),
    /// Its terms were young enough.
    Skipped,
    /// None came; the terms that were there stay.
    Failed(Problem),
    /// It was stopped; what had come whole is loaded.
    Cancelled,
}

/// What came of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountFetch {
    /// The account.
    pub account: AccountName,
    /// What came.
    pub counts: FetchCounts,
    /// How it came out.
    pub outcome: FetchOutcome,
}

impl AccountFetch {
    /// Why it is not whole, if so.
    pub fn problems(&self) -> &[Problem] {
        match &self.outcome {
            FetchOutcome::Partial(problems) => problems,
            FetchOutcome::Failed(problem) => std::slice::from_ref(problem),
            FetchOutcome::Fresh | FetchOutcome::Skipped | FetchOutcome::Cancelled => &[],
        }
    }
}

impl Engine {
    /// Fetches the search terms of these accounts (none named: all), in the config's order. One that fails does not lose
    /// the others. An error means that nothing was tried: an account is not known.
    pub async fn fetch_terms(
        &self,
        accounts: &[AccountName],
        options: FetchOptions,
        progress: Progress<FetchEvent>,
        cancel: CancellationToken,
    ) -> Result<Vec<AccountFetch>, Problem> {
        let members = self.choose(accounts)?;
        let all = members.into_iter().map(|member| async {
            let mut run = Run {
                engine: self,
                account: &member.name,
                counts: FetchCounts::default(),
                under_way: HashMap::new(),
                problems: Vec::new(),
                progress: &progress,
            };
            let outcome = match run.fetch(member, options, &cancel).await {
                Ok(outcome) => outcome,
                Err(problem) => FetchOutcome::Failed(problem),
            };
            let done = AccountFetch { account: member.name.clone(), counts: run.counts, outcome };
            progress(FetchEvent::Done(done.clone()));
            done
        });
        Ok(join_all(all).await)
    }
}

/// The fetch of one account.
struct Run<'a> {
    engine: &'a Engine,
    account: &'a AccountName,
    counts: FetchCounts,
    /// Reports whose rows are coming.
    under_way: HashMap<TermPeriod, TermsIntake>,
    problems: Vec<Problem>,
    progress: &'a Progress<FetchEvent>,
}

impl Run<'_> {
    async fn fetch(
        &mut self,
        member: &Member,
        options: FetchOptions,
        cancel: &CancellationToken,
    ) -> Result<FetchOutcome, Problem> {
        let connection = member.link.clone()?;
        let identity = &connection.account().identity;
        let there = self.engine.store().term_periods(std::slice::from_ref(identity)).await?;
        let revised = connection.capabilities().revised_days.value;
        let young = |limit| is_young(&there, options.days, revised, self.engine.now(), limit);
        if options.older_than.is_some_and(young) {
            return Ok(FetchOutcome::Skipped);
        }
        let imported = there.iter().filter(|period| !is_fetched(period)).map(|period| period.days);
        let done = there.iter().filter(|_| !options.full).filter_map(|period| final_days(period, revised));
        let not = imported.chain(done).collect();
        let wanted = TermsWanted { days: options.days, until: options.until, not };
        let (sink, mut come) = mpsc::channel(32);
        // The sink goes with the asking, so that the parts end when it does.
        let asking = async {
            let end = connection.terms(&wanted, &sink).await;
            drop(sink);
            end
        };
        let taking = async {
            while let Some(part) = come.recv().await {
                self.take(part).await;
            }
        };
        let asked = tokio::select! {
            biased;
            () = cancel.cancelled() => return Ok(FetchOutcome::Cancelled),
            (asked, ()) = async { tokio::join!(asking, taking) } => asked,
        };
        asked?;
        let mut problems = std::mem::take(&mut self.problems);
        Ok(match (problems.len(), self.counts.loaded) {
            (0, _) => FetchOutcome::Fresh,
            // The first reason stands for all: the others are in the log.
            (_, 0) => FetchOutcome::Failed(problems.swap_remove(0)),
            _ => FetchOutcome::Partial(problems),
        })
    }

    async fn take(&mut self, part: TermsFetched) {
        let days = match &part {
            TermsFetched::Asked(reports) => {
                self.counts.reports = *reports;
                return self.tell();
            }
            TermsFetched::Rows(days, _) | TermsFetched::Whole(days, _) | TermsFetched::Failed(days, _) => *days,
        };
        let taken = match part {
            TermsFetched::Rows(_, rows) => self.rows(days, rows).await,
            TermsFetched::Whole(_, whole) => self.whole(days, whole).await,
            TermsFetched::Failed(_, problem) => Err(problem),
            TermsFetched::Asked(_) => Ok(()),
        };
        if let Err(problem) = taken {
            // What had come of it goes: the old rows of its days are whole, these are not.
            self.under_way.remove(&days);
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
        }
        self.tell();
    }

    async fn rows(&mut self, days: TermPeriod, rows: Vec<crate::domain::term::TermRow>) -> Result<(), Problem> {
        self.counts.rows += rows.len() as u64;
        let mut intake = self.intake(days).await?;
        rows.into_iter().try_for_each(|row| intake.row(row))?;
        self.under_way.insert(days, intake);
        Ok(())
    }

    async fn intake(&mut self, days: TermPeriod) -> Result<TermsIntake, Problem> {
        match self.under_way.remove(&days) {
            Some(intake) => Ok(intake),
            None => self.engine.begin_terms(self.account).await,
        }
    }

    async fn whole(&mut self, days: TermPeriod, whole: Whole) -> Result<(), Problem> {
        let mut intake = self.intake(days).await?;
        let known = whole.currency.is_some() || self.engine.currency_of(self.account).await?.is_some();
        if intake.rows() == 0 && !known {
            // Nothing came and nothing was there: nobody knows in what currency it would be.
            self.counts.loaded += 1;
            self.counts.left_out += whole.left_out;
            self.counts.rejected += whole.rejected;
            return Ok(());
        }
        intake.told(whole.currency, whole.left_out, whole.rejected);
        intake.told_late(whole.late_days);
        let loaded = intake.commit(Some(days), Text::new(FETCHED), Overlap::Replace).await?;
        let aside = loaded.loaded.aside;
        self.counts.loaded += 1;
        self.counts.rejected += aside.rejected;
        self.counts.left_out += aside.left_out;
        self.counts.unresolved += aside.unresolved;
        Ok(())
    }

    fn tell(&self) {
        (self.progress)(FetchEvent::Counted { account: self.account.clone(), counts: self.counts });
    }
}

/// Whether a report was fetched, not imported.
pub fn is_fetched(period: &LoadedPeriod) -> bool {
    period.source.raw() == FETCHED
}

/// Of a fetched period, the days whose figures were final when it was fetched: those after which the platform had had
/// `revised` days. They end with a week of their month, as reports of few days do, so that pieces come again whole and a
/// row that counts several days is not torn.
fn final_days(period: &LoadedPeriod, revised: u16) -> Option<TermPeriod> {
    let TermPeriod { from, to } = period.days;
    let fetched = period.loaded_at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let last = fetched.checked_sub(jiff::Span::new().days(i64::from(revised) + 1)).ok()?;
    if !is_fetched(period) || last < from {
        return None;
    }
    let mut end = last.min(to);
    while end < to && end.day() % 7 != 0 && end != end.last_of_month() {
        end = end.yesterday().ok()?;
    }
    (from <= end).then_some(TermPeriod { from, to: end })
}

/// Whether the newest days of terms are all there, and those that were not final were fetched less than `limit` ago.
fn is_young(there: &[LoadedPeriod], days: u16, revised: u16, now: Timestamp, limit: Duration) -> bool {
    let Some(last) = there.iter().map(|period| period.days.to).max() else { return false };
    let first = last.checked_sub(jiff::Span::new().days(i64::from(days).max(1) - 1)).unwrap_or(last);
    let newest = there.iter().filter(|period| period.days.to >= first);
    let mut next = None;
    let mut fetched = false;
    for period in newest {
        let gap = next.is_some_and(|next| period.days.from > next);
        let age = Duration::try_from(now.duration_since(period.loaded_at)).unwrap_or_default();
        let is_final = final_days(period, revised) == Some(period.days);
        if gap || (is_fetched(period) && age >= limit && !is_final) {
            return false;
        }
        fetched |= is_fetched(period);
        next = period.days.to.tomorrow().ok();
    }
    fetched
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{AdGroupId, CampaignId};
    use crate::domain::money::Currency;
    use crate::domain::problem::ProblemKind;
    use crate::domain::term::{Figures, Named, TermRow};
    use crate::engine::testing::{Fake, Rig};
    use crate::store::Aside;

    fn days(from: &str, to: &str) -> TermPeriod {
        TermPeriod { from: from.parse().unwrap(), to: to.parse().unwrap() }
    }

    fn rows(period: TermPeriod, texts: &[&str]) -> TermsFetched {
        let row = |text: &&str| TermRow {
            campaign: Named::Id(CampaignId::new("c1")),
            ad_group: Some(Named::Id(AdGroupId::new("g1"))),
            text: Text::new(*text),
            from: period.from,
            to: period.from,
            figures: Figures { clicks: 1, ..Figures::default() },
            currency: Currency::new("USD"),
        };
        TermsFetched::Rows(period, texts.iter().map(row).collect())
    }

    fn whole(period: TermPeriod) -> TermsFetched {
        TermsFetched::Whole(
            period,
            Whole { currency: Some(Currency::new("USD")), left_out: 2, rejected: 1, late_days: Some(14) },
        )
    }

    const OPTIONS: FetchOptions = FetchOptions { days: 60, until: None, older_than: None, full: false };

    async fn fetch(rig: &Rig, options: FetchOptions) -> AccountFetch {
        let done = rig
            .engine
            .fetch_terms(&[], options, std::sync::Arc::new(|_| {}), CancellationToken::new())
            .await
            .unwrap();
        done.into_iter().next().unwrap()
    }

    async fn loaded(rig: &Rig) -> Vec<String> {
        let periods = rig.engine.term_periods(&[]).await.unwrap();
        periods
            .iter()
            .map(|period| format!("{}: {} {}", period.days, period.rows, period.source.shown()))
            .collect()
    }

    fn failed(period: TermPeriod) -> TermsFetched {
        TermsFetched::Failed(
            period,
            Problem::new(ProblemKind::Server, "no report").detail("Row limit exceeded"),
        )
    }

    #[tokio::test]
    async fn reports_are_loaded_one_by_one_and_take_the_place_of_what_was_fetched() {
        let fake = Fake::new("acme", Vec::new());
        let rig = Rig::new(&[&fake]).await;
        let (august, begun) = (days("2026-08-02", "2026-08-31"), days("2026-09-01", "2026-09-29"));
        fake.world().terms = vec![
            TermsFetched::Asked(2),
            rows(begun, &["free"]),
            rows(august, &["cheap"]),
            rows(begun, &["bulk"]),
            whole(begun),
            whole(august),
        ];
        let done = fetch(&rig, OPTIONS).await;
        assert_eq!(done.outcome, FetchOutcome::Fresh);
        let FetchCounts { reports, loaded: came, rows: count, left_out, rejected, .. } = done.counts;
        assert_eq!((reports, came, count, left_out, rejected), (2, 2, 3, 4, 2));
        // A day later the month has one more, and its first report is fetched anew.
        let grown = days("2026-09-01", "2026-09-30");
        fake.world().terms = vec![TermsFetched::Asked(2), rows(grown, &["free"]), whole(grown), failed(august)];
        let done = fetch(&rig, OPTIONS).await;
        assert!(matches!(&done.outcome, FetchOutcome::Partial(why) if why[0].detail == "Row limit exceeded"));
        assert_eq!(
            loaded(&rig).await,
            [
                format!("2026-08-02 to 2026-08-31: 1 {FETCHED}"),
                format!("2026-09-01 to 2026-09-30: 1 {FETCHED}")
            ]
        );
    }

    #[tokio::test]
    async fn imported_days_are_not_asked_for() {
        let fake = Fake::new("acme", Vec::new());
        let rig = Rig::new(&[&fake]).await;
        let mut intake = rig.engine.begin_terms(&AccountName::new("acme")).await.unwrap();
        let period = days("2026-09-01", "2026-09-07");
        let TermsFetched::Rows(_, own) = rows(period, &["mine"]) else { unreachable!() };
        own.into_iter().try_for_each(|row| intake.row(row)).unwrap();
        intake.commit(Some(period), "report.csv".into(), Overlap::Refuse).await.unwrap();
        fetch(&rig, OPTIONS).await;
        assert_eq!(fake.world().term_wishes[0].not, [period]);
        assert_eq!(loaded(&rig).await, ["2026-09-01 to 2026-09-07: 1 report.csv"]);
    }

    #[tokio::test]
    async fn days_that_are_final_are_asked_for_only_in_full() {
        let fake = Fake::new("acme", Vec::new());
        let rig = Rig::new(&[&fake]).await;
        // Long before the rig's own day: no platform revises them any more.
        let period = days("2020-09-01", "2020-09-30");
        fake.world().terms = vec![rows(period, &["old"]), whole(period)];
        fetch(&rig, OPTIONS).await;
        fetch(&rig, OPTIONS).await;
        fetch(&rig, FetchOptions { full: true, ..OPTIONS }).await;
        let wishes: Vec<usize> = fake.world().term_wishes.iter().map(|wish| wish.not.len()).collect();
        assert_eq!(wishes, [0, 1, 0]);
        let terms = rig.engine.terms(&rig.engine.catalog().await.unwrap()).await.unwrap();
        assert_eq!(terms.accounts()[0].late_days, Some(14), "as the report told");
    }

    #[tokio::test]
    async fn a_report_that_breaks_off_leaves_what_was_there() {
        let fake = Fake::new("acme", Vec::new());
        let rig = Rig::new(&[&fake]).await;
        let period = days("2026-09-01", "2026-09-07");
        fake.world().terms = vec![rows(period, &["old", "older"]), whole(period)];
        fetch(&rig, OPTIONS).await;
        fake.world().terms = vec![rows(period, &["new"]), failed(period)];
        let done = fetch(&rig, OPTIONS).await;
        assert!(matches!(done.outcome, FetchOutcome::Failed(_)), "{done:?}");
        assert_eq!(loaded(&rig).await, [format!("2026-09-01 to 2026-09-07: 2 {FETCHED}")]);
    }

    #[tokio::test]
    async fn terms_that_are_young_and_whole_are_left_alone() {
        let fake = Fake::new("acme", Vec::new());
        let rig = Rig::new(&[&fake]).await;
        let period = days("2026-09-01", "2026-09-07");
        let daily = FetchOptions { older_than: Some(Duration::from_hours(24)), ..OPTIONS };
        fake.world().terms = vec![rows(period, &["free"]), whole(period)];
        assert_eq!(fetch(&rig, daily).await.outcome, FetchOutcome::Fresh);
        assert_eq!(fetch(&rig, daily).await.outcome, FetchOutcome::Skipped);
        assert_eq!(fetch(&rig, OPTIONS).await.outcome, FetchOutcome::Fresh);
    }

    #[test]
    fn a_gap_among_the_newest_days_makes_terms_old() {
        let now: Timestamp = "2026-10-01T12:00:00Z".parse().unwrap();
        let period = |from: &str, to: &str, at: &str, source: &str| LoadedPeriod {
            account: crate::domain::account::Identity {
                platform: crate::domain::ids::PlatformId::from_static("x"),
                origin: "".into(),
                native: "".into(),
            },
            days: days(from, to),
            currency: Currency::new("USD"),
            source: source.into(),
            loaded_at: at.parse().unwrap(),
            rows: 1,
            aside: Aside::default(),
            late_days: None,
        };
        // So many days that nothing is final.
        let young = |periods: &[LoadedPeriod]| is_young(periods, 30, 400, now, Duration::from_hours(24));
        let fresh = "2026-10-01T00:00:00Z";
        let old = "2026-09-01T00:00:00Z";
        let september = period("2026-09-08", "2026-09-30", fresh, FETCHED);
        assert!(!young(&[]));
        assert!(young(&[period("2026-09-01", "2026-09-07", fresh, FETCHED), september.clone()]));
        assert!(!young(&[period("2026-09-01", "2026-09-05", fresh, FETCHED), september.clone()]));
        assert!(!young(&[period("2026-09-01", "2026-09-07", old, FETCHED), september.clone()]));
        assert!(young(&[period("2026-09-01", "2026-09-07", old, "mine.csv"), september.clone()]));
        assert!(young(&[period("2026-07-01", "2026-07-07", old, FETCHED), september]));
        assert!(!young(&[period("2026-09-01", "2026-09-30", fresh, "mine.csv")]));
        // What was final when it was fetched does not age.
        let final_ones = [
            period("2026-09-01", "2026-09-21", "2026-09-30T00:00:00Z", FETCHED),
            period("2026-09-22", "2026-09-30", fresh, FETCHED),
        ];
        assert!(is_young(&final_ones, 30, 5, now, Duration::from_hours(24)));
        assert!(!is_young(&final_ones, 30, 9, now, Duration::from_hours(24)));
    }

    #[test]
    fn days_are_final_when_they_were_fetched_after_their_last_revision() {
        let period = |from: &str, to: &str, source: &str| LoadedPeriod {
            account: crate::domain::account::Identity {
                platform: crate::domain::ids::PlatformId::from_static("x"),
                origin: "".into(),
                native: "".into(),
            },
            days: days(from, to),
            currency: Currency::new("USD"),
            source: source.into(),
            loaded_at: "2026-10-01T12:00:00Z".parse().unwrap(),
            rows: 1,
            aside: Aside::default(),
            late_days: None,
        };
        let last = |from: &str, to: &str, revised| {
            final_days(&period(from, to, FETCHED), revised).map(|days| days.to.to_string())
        };
        // The first of October is three days after the last of those that are revised for three.
        assert_eq!(last("2026-09-01", "2026-09-27", 3).as_deref(), Some("2026-09-27"));
        assert_eq!(last("2026-09-01", "2026-09-28", 3).as_deref(), Some("2026-09-21"), "weeks stay whole");
        assert_eq!(last("2026-08-01", "2026-09-28", 30).as_deref(), Some("2026-08-31"), "so do months");
        assert_eq!(last("2026-09-22", "2026-09-28", 3), None);
        assert_eq!(last("2026-09-28", "2026-09-28", 3), None);
        assert_eq!(final_days(&period("2026-08-01", "2026-08-31", "report.csv"), 3), None);
    }
}
