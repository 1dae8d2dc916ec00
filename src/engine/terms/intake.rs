//! The way in for a report, whoever reads it: names become ids where the snapshot knows them, one currency is kept, what
//! is set aside is counted with its reasons, and nothing is visible before the end.

use std::sync::Arc;

use crate::domain::account::{AccountName, Identity};
use crate::domain::catalog::{Catalog, PlaceFinder};
use crate::domain::money::Currency;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::term::{Named, TermPeriod, TermRow};
use crate::domain::text::Text;
use crate::engine::Engine;
use crate::platform::report::{Line, Rejected};
use crate::store::{Aside, LoadedPeriod, Overlap, TermsWriter};

/// The most rows of one report: what is more is no report, or would not fit into memory.
const MOST_ROWS: u64 = 20_000_000;
/// How many rejected lines, and how many unresolved names, are kept to be shown.
const MOST_SHOWN: usize = 20;

/// What came of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermsLoaded {
    /// The account's label.
    pub account: AccountName,
    /// The report as it is loaded now, with the counts of what was set aside.
    pub loaded: LoadedPeriod,
    /// How many older rows gave way.
    pub replaced: u64,
    /// The first lines that could not be read.
    pub rejected: Vec<Rejected>,
    /// The first campaigns and ad groups that the snapshot does not have.
    pub unresolved: Vec<String>,
}

/// Collects a report of one account. Dropping it leaves everything as it was.
pub struct TermsIntake {
    engine: Engine,
    account: AccountName,
    catalog: Arc<Catalog>,
    finder: PlaceFinder,
    writer: TermsWriter,
    currency: Option<Currency>,
    aside: Aside,
    rejected: Vec<Rejected>,
    unresolved: Vec<String>,
}

impl std::fmt::Debug for TermsIntake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TermsIntake")
            .field("account", &self.account)
            .field("rows", &self.writer.rows())
            .finish_non_exhaustive()
    }
}

impl Engine {
    /// Begins to take in a report of an account: rows of a file by [`TermsIntake::line`], rows that a platform gave by
    /// [`TermsIntake::row`].
    pub async fn begin_terms(&self, account: &AccountName) -> Result<TermsIntake, Problem> {
        let identity: Identity = self.known(account)?.clone();
        let catalog = self.catalog().await?;
        Ok(TermsIntake {
            engine: self.clone(),
            account: account.clone(),
            finder: PlaceFinder::new(&catalog, &identity),
            catalog,
            writer: self.store().begin_terms(&identity),
            currency: None,
            aside: Aside::default(),
            rejected: Vec::new(),
            unresolved: Vec::new(),
        })
    }

    /// The identity of an account, of one too that cannot be connected now.
    pub(super) fn known(&self, account: &AccountName) -> Result<&Identity, Problem> {
        let members = self.choose(std::slice::from_ref(account))?;
        let member = members.into_iter().find(|member| member.name == *account);
        match member.map(|member| (member.identity(), &member.link)) {
            Some((Some(identity), _)) => Ok(identity),
            Some((None, Err(problem))) => Err(problem.clone()),
            // Whoever is connected has an identity, and `choose` refuses names that no account has.
            _ => Err(Problem::new(ProblemKind::Usage, format!("There is no account {account}"))),
        }
    }
}

impl TermsIntake {
    /// Takes one line of a file.
    pub fn line(&mut self, line: Line) -> Result<(), Problem> {
        match line {
            Line::Row(row) => self.row(*row)?,
            Line::LeftOut(_) => self.aside.left_out += 1,
            Line::Rejected(line) => self.reject(line),
        }
        Ok(())
    }

    /// Takes one row. Rows in another currency than the first are set aside; too many rows are refused.
    pub fn row(&mut self, mut row: TermRow) -> Result<(), Problem> {
        let currency = self.currency.get_or_insert_with(|| row.currency.clone());
        if *currency != row.currency {
            let reason = format!("is in {}, the rows before are in {}", row.currency.code(), currency.code());
            self.reject(Rejected::new(0, reason));
            return Ok(());
        }
        if self.writer.rows() >= MOST_ROWS {
            return Err(Problem::new(ProblemKind::Usage, "The report has more than 20,000,000 rows")
                .hint("Take fewer days at a time."));
        }
        self.resolve(&mut row);
        self.writer.put([row]);
        Ok(())
    }

    /// Takes what a platform's report told beside its rows: the account's currency, and how many lines are no rows.
    pub fn told(&mut self, currency: Option<Currency>, left_out: u64, rejected: u64) {
        if self.currency.is_none() {
            self.currency = currency;
        }
        self.aside.left_out += left_out;
        self.aside.rejected += rejected;
    }

    /// Notes how many of the newest days may still lack orders, where the report tells.
    pub fn told_late(&mut self, days: Option<u16>) {
        self.writer.told_late(days);
    }

    /// How many rows were taken so far.
    pub fn rows(&self) -> u64 {
        self.writer.rows()
    }

    /// Counts a line that could not be read; the first ones are kept to be shown.
    pub fn reject(&mut self, line: Rejected) {
        self.aside.rejected += 1;
        if self.rejected.len() < MOST_SHOWN {
            self.rejected.push(line);
        }
    }

    /// Gives the ids of what is named, where the snapshot knows it.
    fn resolve(&mut self, row: &mut TermRow) {
        let Some(campaign) = self.finder.campaign(&row.campaign) else {
            let name = shown(&row.campaign, |id| id.shown().to_string());
            return self.unresolved(|| format!("campaign {name}"));
        };
        if matches!(row.campaign, Named::Name(_)) {
            row.campaign = Named::Id(self.catalog.campaign(campaign).id());
        }
        let Some(named) = &row.ad_group else { return };
        match self.finder.ad_group(&self.catalog, campaign, named) {
            Some(group) if matches!(named, Named::Name(_)) => {
                row.ad_group = Some(Named::Id(self.catalog.ad_group(group).id()));
            }
            Some(_) => {}
            None => {
                let name = shown(named, |id| id.shown().to_string());
                let campaign = self.catalog.campaign(campaign).name().to_string();
                self.unresolved(|| format!("ad group {name} of {campaign}"));
            }
        }
    }

    fn unresolved(&mut self, name: impl FnOnce() -> String) {
        self.aside.unresolved += 1;
        if self.unresolved.len() < MOST_SHOWN {
            let name = name();
            if !self.unresolved.contains(&name) {
                self.unresolved.push(name);
            }
        }
    }

    /// Makes the report visible. `days` are those that were asked for, where a report was; without them they are
    /// those of its rows. Refused (kind `Usage`) when it has neither, when no line of it could be read, and as
    /// [`TermsWriter::commit`] refuses.
    pub async fn commit(
        self,
        days: Option<TermPeriod>,
        source: Text,
        overlap: Overlap,
    ) -> Result<TermsLoaded, Problem> {
        let Self { engine, account, writer, currency, aside, rejected, unresolved, .. } = self;
        if writer.rows() == 0 && aside.rejected > 0 {
            let lines: Vec<String> = rejected.iter().take(3).map(Rejected::says).collect();
            return Err(Problem::new(ProblemKind::Usage, "No line of the report could be read")
                .detail(lines.join("; "))
                .hint("Check that it is the account's search-term report; map its columns if need be."));
        }
        let Some(days) = days.or_else(|| writer.days()) else {
            return Err(Problem::new(ProblemKind::Usage, "The report has no search terms")
                .hint("Name its days with --from and --to if there really were none."));
        };
        let now = engine.now();
        let known = engine.currency_of(&account).await?;
        let currency = currency.or(known).unwrap_or_else(|| Currency::new(""));
        let done = writer.commit(days, currency, source, aside, overlap, now).await?;
        Ok(TermsLoaded { account, loaded: done.loaded, replaced: done.replaced, rejected, unresolved })
    }
}

impl Engine {
    /// The currency of an account's loaded reports.
    pub(super) async fn currency_of(&self, account: &AccountName) -> Result<Option<Currency>, Problem> {
        let identity = self.known(account)?;
        let periods = self.store().term_periods(std::slice::from_ref(identity)).await?;
        Ok(periods.into_iter().map(|period| period.currency).find(|currency| !currency.code().is_empty()))
    }
}

fn shown<I>(named: &Named<I>, id: fn(&I) -> String) -> String {
    match named {
        Named::Id(raw) => id(raw),
        Named::Name(name) => name.shown().to_string(),
    }
}
