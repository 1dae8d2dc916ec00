//! `unbid terms`: loads search-term reports from files and prints the rows that are loaded.

mod fetch;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::Serialize;

use super::args::{TermsCommand, TermsImportArgs, TermsListArgs};
use super::output::{self, Cells, Printer};
use super::progress::TermsProgressLine;
use super::{Exit, Session, interrupt};
use crate::domain::account::AccountName;
use crate::domain::ids::{AdGroupId, CampaignId};
use crate::domain::matching::normalise;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::term::{Named, TermPeriod, TermRow};
use crate::engine::{ReportFile, TermsLoaded};
use crate::store::Overlap;

/// Runs a command of `terms`.
pub async fn run(session: &Session, command: TermsCommand) -> Result<Exit, Problem> {
    match command {
        TermsCommand::Import(args) => import(session, args).await,
        TermsCommand::Fetch(args) => fetch::run(session, args).await,
        TermsCommand::List(args) => list(session, args).await,
    }
}

async fn import(session: &Session, args: TermsImportArgs) -> Result<Exit, Problem> {
    let account = one_account(session)?;
    let member = session.engine.choose(std::slice::from_ref(&account))?;
    let columns = member
        .first()
        .map(|member| session.config.terms.columns_of(&account, &member.platform))
        .unwrap_or_default();
    let (read, size) = open(&args.file)?;
    let days = match (args.from, args.to) {
        (Some(from), Some(to)) if from <= to => Some(TermPeriod { from, to }),
        (Some(_), Some(_)) => {
            return Err(Problem::new(ProblemKind::Usage, "--from is after --to"));
        }
        _ => None,
    };
    let name = args.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let overlap = if args.replace { Overlap::Replace } else { Overlap::Refuse };
    let file = ReportFile { name, read, days, columns, overlap };
    let line = TermsProgressLine::new(session.quiet, size);
    let loaded = session.engine.import_terms(&account, file, line.sink(), interrupt::token()).await;
    line.done();
    let loaded = loaded?;
    tell(&loaded, session.quiet);
    output::rows(&[Loaded::of(&loaded)], args.output.format, session.color)?;
    Ok(Exit::Done)
}

/// The account that is meant: the one named, or the only one there is.
fn one_account(session: &Session) -> Result<AccountName, Problem> {
    let members = session.engine.choose(&session.accounts)?;
    if let [only] = &members[..] {
        return Ok(only.name.clone());
    }
    let names: Vec<String> = members.iter().map(|member| member.name.to_string()).collect();
    Err(Problem::new(ProblemKind::Usage, "A report belongs to one account")
        .hint(format!("Name it with --account: {}.", names.join(", "))))
}

fn open(file: &Path) -> Result<(Box<dyn Read + Send>, Option<u64>), Problem> {
    if file == Path::new("-") {
        return Ok((Box::new(io::stdin()), None));
    }
    let opened = File::open(file).and_then(|opened| {
        let data = opened.metadata()?;
        if data.is_dir() { Err(io::ErrorKind::IsADirectory.into()) } else { Ok((opened, data.len())) }
    });
    let (opened, size) = opened.map_err(|error| {
        Problem::new(ProblemKind::Usage, "The file cannot be read")
            .detail(format!("{}: {error}", file.display()))
            .hint("Name a file that is there and that you may read.")
    })?;
    Ok((Box::new(opened), Some(size)))
}

/// What was set aside, on stderr: lines with their reasons, names that the snapshot does not know.
fn tell(loaded: &TermsLoaded, quiet: bool) {
    let aside = loaded.loaded.aside;
    for line in &loaded.rejected {
        eprintln!("unbid: {}", crate::domain::text::shown(&line.says()));
    }
    let more = aside.rejected - loaded.rejected.len() as u64;
    if more > 0 {
        eprintln!("unbid: and {more} more {} that could not be read", if more == 1 { "line" } else { "lines" });
    }
    if let Some(says) = unresolved(loaded).filter(|_| !quiet) {
        eprintln!("unbid: {says}");
    }
}

/// What is said of rows whose campaign or ad group the snapshot does not have.
fn unresolved(loaded: &TermsLoaded) -> Option<String> {
    let (rows, all) = (loaded.loaded.aside.unresolved, loaded.loaded.rows);
    let (says, kept) = match rows {
        0 => return None,
        1 => ("1 row names".to_owned(), "It is kept"),
        n => (format!("{n} rows name"), "They are kept"),
    };
    let names = loaded.unresolved.join(", ");
    let more = if loaded.unresolved.len() as u64 >= rows { "" } else { ", …" };
    let says = format!("{says} what the snapshot does not have: {names}{more}.");
    // One strange campaign may be new; where all are, the report is likelier another account's.
    Some(if rows == all {
        format!(
            "{says} That is every row: is the report really of {}? {kept}; `unbid sync` may bring what is missing, \
             and the right file for the same days takes their place.",
            loaded.account
        )
    } else {
        format!("{says} {kept}; `unbid sync` may bring it.")
    })
}

/// What came of a report.
#[derive(Serialize)]
struct Loaded<'a> {
    account: &'a str,
    from: String,
    to: String,
    rows: u64,
    replaced: u64,
    rejected: u64,
    left_out: u64,
    unresolved: u64,
    currency: &'a str,
}

impl<'a> Loaded<'a> {
    fn of(loaded: &'a TermsLoaded) -> Self {
        let period = &loaded.loaded;
        Self {
            account: loaded.account.as_str(),
            from: period.days.from.to_string(),
            to: period.days.to.to_string(),
            rows: period.rows,
            replaced: loaded.replaced,
            rejected: period.aside.rejected,
            left_out: period.aside.left_out,
            unresolved: period.aside.unresolved,
            currency: period.currency.code(),
        }
    }
}

impl Cells for Loaded<'_> {
    const HEADINGS: &'static [&'static str] =
        &["account", "from", "to", "rows", "replaced", "rejected", "left out", "unresolved", "currency"];

    fn cells(&self) -> Vec<String> {
        let numbers = [self.rows, self.replaced, self.rejected, self.left_out, self.unresolved];
        let mut cells = vec![self.account.to_owned(), self.from.clone(), self.to.clone()];
        cells.extend(numbers.iter().map(ToString::to_string));
        cells.push(self.currency.to_owned());
        cells
    }
}

async fn list(session: &Session, args: TermsListArgs) -> Result<Exit, Problem> {
    let members = session.engine.choose(&session.accounts)?;
    let (campaign, group) = (args.campaign.map(CampaignId::new), args.ad_group.map(AdGroupId::new));
    let text = args.text.as_deref().map(normalise).filter(|text| !text.is_empty());
    let wanted = |row: &TermRow| {
        campaign.as_ref().is_none_or(|id| row.campaign.id() == Some(id))
            && group.as_ref().is_none_or(|id| row.ad_group.as_ref().and_then(Named::id) == Some(id))
            && text.as_deref().is_none_or(|text| normalise(row.text.raw()).contains(text))
    };
    let mut printer = Printer::new(args.output.format, session.color);
    for member in members {
        let Some(identity) = member.identity() else { continue };
        let (to, mut rows) = tokio::sync::mpsc::channel(8);
        let reading = session.engine.store().each_term(identity, args.since, to);
        let print_all = async {
            while let Some(batch) = rows.recv().await {
                let batch: Vec<Line<'_>> = batch
                    .iter()
                    .filter(|row| wanted(row))
                    .map(|row| Line::of(member.name.as_str(), row))
                    .collect();
                printer.put(&batch)?;
            }
            Ok::<_, Problem>(())
        };
        let (read, put) = tokio::join!(reading, print_all);
        put.and(read)?;
    }
    printer.end::<Line<'_>>()?;
    Ok(Exit::Done)
}

/// One row as it is printed.
#[derive(Serialize)]
struct Line<'a> {
    account: &'a str,
    campaign_id: Option<&'a str>,
    ad_group_id: Option<&'a str>,
    /// Where the report told no id and the snapshot knows none.
    #[serde(skip_serializing_if = "Option::is_none")]
    campaign_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ad_group_name: Option<&'a str>,
    term: &'a str,
    impressions: u64,
    clicks: u64,
    spend: f64,
    orders: u64,
    sales: f64,
    currency: &'a str,
    from: String,
    to: String,
}

impl<'a> Line<'a> {
    fn of(account: &'a str, row: &'a TermRow) -> Self {
        fn name<I>(named: &Named<I>) -> Option<&str> {
            match named {
                Named::Id(_) => None,
                Named::Name(name) => Some(name.raw()),
            }
        }
        let figures = row.figures;
        Self {
            account,
            campaign_id: row.campaign.id().map(CampaignId::raw),
            ad_group_id: row.ad_group.as_ref().and_then(Named::id).map(AdGroupId::raw),
            campaign_name: name(&row.campaign),
            ad_group_name: row.ad_group.as_ref().and_then(name),
            term: row.text.raw(),
            impressions: figures.impressions,
            clicks: figures.clicks,
            spend: figures.spend.units(),
            orders: figures.orders,
            sales: figures.sales.units(),
            currency: row.currency.code(),
            from: row.from.to_string(),
            to: row.to.to_string(),
        }
    }
}

impl Cells for Line<'_> {
    const HEADINGS: &'static [&'static str] = &[
        "account",
        "campaign",
        "ad group",
        "term",
        "impressions",
        "clicks",
        "spend",
        "orders",
        "sales",
        "currency",
        "from",
        "to",
    ];

    /// The keys of the JSON row, so that one script reads both.
    const KEYS: &'static [&'static str] = &[
        "account",
        "campaign_id",
        "ad_group_id",
        "term",
        "impressions",
        "clicks",
        "spend",
        "orders",
        "sales",
        "currency",
        "from",
        "to",
    ];

    fn cells(&self) -> Vec<String> {
        let either = |id: Option<&str>, name: Option<&str>| id.or(name).unwrap_or_default().to_owned();
        vec![
            self.account.to_owned(),
            either(self.campaign_id, self.campaign_name),
            either(self.ad_group_id, self.ad_group_name),
            self.term.to_owned(),
            self.impressions.to_string(),
            self.clicks.to_string(),
            format!("{:.2}", self.spend),
            self.orders.to_string(),
            format!("{:.2}", self.sales),
            self.currency.to_owned(),
            self.from.clone(),
            self.to.clone(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::money::Currency;
    use crate::store::{Aside, LoadedPeriod};

    fn loaded(rows: u64, unresolved: u64, names: &[&str]) -> TermsLoaded {
        TermsLoaded {
            account: AccountName::new("acme"),
            loaded: LoadedPeriod {
                account: crate::domain::account::Identity {
                    platform: crate::domain::ids::PlatformId::from_static("x"),
                    origin: "".into(),
                    native: "".into(),
                },
                days: TermPeriod { from: date(2026, 9, 1), to: date(2026, 9, 30) },
                loaded_at: jiff::Timestamp::UNIX_EPOCH,
                rows,
                currency: Currency::new("USD"),
                source: "report.csv".into(),
                aside: Aside { unresolved, ..Aside::default() },
                late_days: None,
            },
            replaced: 0,
            rejected: Vec::new(),
            unresolved: names.iter().map(|&name| name.to_owned()).collect(),
        }
    }

    #[test]
    fn a_report_of_which_nothing_is_known_may_be_another_accounts() {
        assert_eq!(unresolved(&loaded(9, 0, &[])), None);
        assert_eq!(
            unresolved(&loaded(9, 1, &["campaign A"])).unwrap(),
            "1 row names what the snapshot does not have: campaign A. It is kept; `unbid sync` may bring it."
        );
        let some = unresolved(&loaded(9, 3, &["campaign A"])).unwrap();
        assert!(some.starts_with("3 rows name") && some.contains("campaign A, …. They are kept"), "{some}");
        let all = unresolved(&loaded(3, 3, &["campaign A"])).unwrap();
        assert!(all.contains("is the report really of acme?"), "{all}");
    }
}
