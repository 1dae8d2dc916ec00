//! `unbid audit`: findings over the local snapshot. The same snapshot and settings print the same bytes. What a rule says
//! is `domain::audit`'s business; each format has a file of its own here.

mod document;
mod markdown;
mod sarif;

use std::io::{self, Write};
use std::path::PathBuf;

use jiff::civil::Date;

use super::args::{AuditArgs, AuditFormat};
use super::output::{self, Cells};
use super::{Exit, Session};
use crate::domain::account::AccountName;
use crate::domain::audit::{Counts, Finding, Severity};
use crate::domain::catalog::{AccountIx, Cancel};
use crate::domain::money::amount;
use crate::domain::problem::Problem;
use crate::engine::{AuditAsk, Audited, BASELINE_FILE, Baseline};

/// What is printed: an audit without what is ignored and what is hidden.
struct Shown<'a> {
    audited: &'a Audited,
    findings: Vec<&'a Finding>,
    counts: Counts,
    ignored: usize,
    /// Whether what is hidden by default is among the findings.
    all: bool,
    since: Option<Date>,
}

/// Audits and prints.
pub async fn run(session: &Session, args: AuditArgs) -> Result<Exit, Problem> {
    let baseline = match &args.baseline {
        Some(file) => Baseline::open(file)?,
        None => Baseline::load(&own_file(session))?,
    };
    let ask = AuditAsk {
        config: session.config.audit.clone(),
        rules: args.rule.clone(),
        accounts: session.accounts.clone(),
        since: args.since,
    };
    let audited = session.engine.audit(ask, Cancel::default()).await?;
    // Nobody has the word to stop it.
    let Some(audited) = audited else { return Ok(Exit::Failed) };
    let of_age: Vec<&Finding> =
        audited.report.findings.iter().filter(|finding| !baseline.has(finding.id)).collect();
    let ignored = audited.report.findings.len() - of_age.len();
    let counts = Counts::of(of_age.iter().copied());
    // A rule that is asked for by name shows what it has.
    let all = args.all || !args.rule.is_empty();
    let findings: Vec<&Finding> = of_age.into_iter().filter(|finding| all || !finding.info().hidden).collect();
    if let Some(file) = &args.write_baseline {
        write_baseline(file, &baseline, &findings)?;
    }
    let failed = args.fail_on.is_some_and(|least| findings.iter().any(|finding| finding.severity >= least));
    let shown = Shown { audited: &audited, findings, counts, ignored, all, since: args.since };
    print(&shown, args.format, session)?;
    if !session.quiet {
        say(&shown);
    }
    Ok(if failed { Exit::Found } else { Exit::Done })
}

/// The file of ignored findings that goes with this configuration and data folder.
pub fn own_file(session: &Session) -> PathBuf {
    session.config.baseline.clone().unwrap_or_else(|| session.data_dir.join(BASELINE_FILE))
}

/// Takes what is shown into the list of what is meant; reasons that stand there stay.
fn write_baseline(file: &std::path::Path, used: &Baseline, findings: &[&Finding]) -> Result<(), Problem> {
    let mut new = Baseline::load(file)?;
    if used.file() == file {
        new = used.clone();
    }
    for finding in findings {
        new.ignore(finding, "");
    }
    new.save()
}

fn print(shown: &Shown<'_>, format: AuditFormat, session: &Session) -> Result<(), Problem> {
    match format {
        AuditFormat::Table => {
            let lines: Vec<Line> = shown.findings.iter().map(|finding| Line::of(shown, finding)).collect();
            output::cells(&lines, false, session.color)
        }
        AuditFormat::Json => output::document(&document::of(shown), output::Format::Json),
        AuditFormat::Sarif => output::document(&sarif::of(shown), output::Format::Json),
        AuditFormat::Markdown => {
            let mut out = io::BufWriter::new(io::stdout().lock());
            markdown::write(&mut out, shown).and_then(|()| out.flush()).or_else(output::unheard)
        }
    }
}

fn say(shown: &Shown<'_>) {
    let Counts { error, warning, info, hidden } = shown.counts;
    let counted = |n: usize, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
    eprintln!(
        "{} in {}: {}, {}, {info} info",
        counted(shown.findings.len(), "finding"),
        counted(shown.audited.report.negatives, "negative"),
        counted(error, "error"),
        counted(warning, "warning"),
    );
    if hidden > 0 {
        eprintln!("{}", meant(hidden, shown.all));
    }
    if shown.ignored > 0 {
        eprintln!("{} ignored by the baseline", counted(shown.ignored, "finding"));
    }
    let report = &shown.audited.report;
    let since = shown.since.map(|day| format!(" that reach {day}")).unwrap_or_default();
    for (accounts, what) in [
        (
            &report.without_terms,
            format!("no search terms{since} are loaded (`unbid terms fetch` or `terms import`)"),
        ),
        (&report.without_positives, "positive keywords were never listed (`unbid sync`)".to_owned()),
    ] {
        if !accounts.is_empty() {
            let names: Vec<&str> = accounts.iter().map(|account| shown.account(*account).as_str()).collect();
            eprintln!("{}: {what}; rules that need them say nothing", names.join(", "));
        }
    }
}

/// What is said of findings that are hidden by default, and whether they were shown.
fn meant(hidden: usize, all: bool) -> String {
    if all {
        format!("{hidden} of them meant to be so (isolation, harvest)")
    } else {
        format!("{hidden} more meant to be so (isolation, harvest); --all shows them")
    }
}

impl Shown<'_> {
    fn account(&self, account: AccountIx) -> &AccountName {
        &self.audited.catalog.account(account).name
    }

    /// Ids of the negatives concerned, those that are gone among them.
    fn negatives(&self, finding: &Finding) -> Vec<String> {
        let there =
            finding.negatives.iter().map(|row| self.audited.catalog.negative(*row).id().raw().to_owned());
        there.chain(finding.gone.iter().map(|id| id.raw().to_owned())).collect()
    }

    fn keywords(&self, finding: &Finding) -> Vec<String> {
        finding.keywords.iter().map(|row| self.audited.positives.get(*row).id().raw().to_owned()).collect()
    }

    fn currency(&self, finding: &Finding) -> Option<&crate::domain::money::Currency> {
        self.audited.terms.account(finding.account)?.currency.as_ref()
    }
}

/// One line of the table.
struct Line([String; 6]);

impl Line {
    fn of(shown: &Shown<'_>, finding: &Finding) -> Self {
        let currency = shown.currency(finding);
        let (cost, sold) = finding.figures.map_or_else(Default::default, |figures| {
            (amount(figures.spend, currency), amount(figures.sales, currency))
        });
        Self([
            finding.severity.to_string(),
            finding.info().id.to_owned(),
            shown.account(finding.account).as_str().to_owned(),
            cost,
            sold,
            finding.message.clone(),
        ])
    }
}

impl Cells for Line {
    const HEADINGS: &'static [&'static str] = &["severity", "rule", "account", "cost", "sold", "finding"];

    fn cells(&self) -> Vec<String> {
        self.0.to_vec()
    }
}

impl AuditArgs {
    /// The severities by their words, for `--fail-on`.
    pub fn severity(text: &str) -> Result<Severity, String> {
        super::args::word(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_that_are_shown_are_not_said_to_be_hidden() {
        assert!(meant(4, false).contains("4 more") && meant(4, false).contains("--all shows them"));
        assert_eq!(meant(4, true), "4 of them meant to be so (isolation, harvest)");
    }
}
