//! `unbid history`: the journal's operations, or one of them with its changes, the exact requests and the answers.
//! Secrets stand as `***`: the journal never had them.

use std::io::{self, Write};

use super::args::HistoryArgs;
use super::output::{self, Cells, Format};
use super::{Exit, Session};
use crate::domain::problem::Problem;
use crate::domain::text::shown;
use crate::engine::{OperationView, PastChangeView, PastView};

/// Prints the operations, or one of them.
pub async fn run(session: &Session, args: HistoryArgs) -> Result<Exit, Problem> {
    let format = args.output.format;
    let Some(name) = &args.operation else {
        let entries = session.engine.history(&session.accounts, args.limit.unwrap_or(usize::MAX)).await?;
        if entries.is_empty() && format == Format::Table {
            if !session.quiet {
                eprintln!("Nothing was sent yet.");
            }
            return Ok(Exit::Done);
        }
        output::rows(&session.engine.arrange(&entries)?, format, session.color)?;
        return Ok(Exit::Done);
    };
    let id = session.engine.find_operation(name).await?;
    let view = session.engine.arrange_past(&session.engine.past(id).await?).await?;
    match format {
        Format::Table => table(&view, session)?,
        Format::Csv => output::cells(&view.changes, true, false)?,
        format => output::document(&view, format)?,
    }
    Ok(Exit::Done)
}

/// The longest piece of an answer that the table shows; JSON has all of it.
const MOST_OF_AN_ANSWER: usize = 160;

fn table(view: &PastView, session: &Session) -> Result<(), Problem> {
    let head = |out: &mut dyn Write| -> io::Result<()> {
        let one = &view.operation;
        let (account, began) = (&one.account, local(one.began));
        writeln!(out, "Operation {}  {account}  {began}  {}  {}", one.number, shown(&one.who), result(one))?;
        writeln!(out, "id {}  plan {}  {}\n", one.operation, one.plan, state(one))
    };
    head(&mut io::stdout().lock()).or_else(output::unheard)?;
    output::cells(&view.changes, false, session.color)?;
    let tail = |out: &mut dyn Write| -> io::Result<()> {
        writeln!(out)?;
        for one in &view.requests {
            let status = one.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
            let n = one.request.changes.len();
            let s = if n == 1 { "" } else { "s" };
            let request = &one.request;
            writeln!(
                out,
                "{}  {}  {} {}  {n} change{s}  {status}",
                one.number,
                local(one.intended),
                request.method,
                shown(&request.url)
            )?;
            if let Some(answer) = &one.answer {
                let line: String = answer.split_whitespace().collect::<Vec<_>>().join(" ");
                let cut = line.floor_char_boundary(MOST_OF_AN_ANSWER);
                let more = if cut < line.len() { " …" } else { "" };
                writeln!(out, "   {}{more}", shown(&line[..cut]))?;
            }
        }
        Ok(())
    };
    tail(&mut io::stdout().lock()).or_else(output::unheard)?;
    if !session.quiet {
        eprintln!("--format json has every request and answer, whole");
    }
    Ok(())
}

/// A time of day as people here read it.
fn local(at: jiff::Timestamp) -> String {
    at.to_zoned(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// What came of an operation, counted.
fn result(one: &OperationView) -> String {
    let counts = [
        (one.applied, "applied"),
        (one.already, "already there"),
        (one.rejected, "rejected"),
        (one.unknown, "unknown"),
        (one.drifted, "drifted"),
        (one.skipped, "not sent"),
    ];
    let said: Vec<String> =
        counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    if said.is_empty() { "nothing known".to_owned() } else { said.join(", ") }
}

/// Its state, and what it took back or was taken back by.
fn state(one: &OperationView) -> String {
    let numbers = |all: &[u64]| all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let mut said = vec![match one.pid {
        Some(pid) => format!("being sent by pid {pid}"),
        None => one.state.to_owned(),
    }];
    if !one.takes_back.is_empty() {
        said.push(format!("takes back {}", numbers(&one.takes_back)));
    }
    if !one.taken_back_by.is_empty() {
        said.push(format!("taken back by {}", numbers(&one.taken_back_by)));
    }
    said.join(", ")
}

impl Cells for OperationView {
    const HEADINGS: &'static [&'static str] =
        &["number", "account", "began", "who", "result", "state", "operation"];

    const KEYS: &'static [&'static str] = &[
        "number",
        "operation",
        "plan",
        "account",
        "platform",
        "origin",
        "who",
        "began",
        "ended",
        "state",
        "applied",
        "already",
        "rejected",
        "unknown",
        "drifted",
        "skipped",
        "takes_back",
        "taken_back_by",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.number.to_string(),
            self.account.as_str().to_owned(),
            local(self.began),
            self.who.clone(),
            result(self),
            state(self),
            self.operation.clone(),
        ]
    }

    fn record(&self) -> Vec<String> {
        let numbers = |all: &[u64]| all.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let mut cells = vec![
            self.number.to_string(),
            self.operation.clone(),
            self.plan.clone(),
            self.account.as_str().to_owned(),
            self.platform.to_string(),
            self.origin.clone(),
            self.who.clone(),
            self.began.to_string(),
            self.ended.map(|at| at.to_string()).unwrap_or_default(),
            self.state.to_owned(),
        ];
        let counts = [self.applied, self.already, self.rejected, self.unknown, self.drifted, self.skipped];
        cells.extend(counts.iter().map(ToString::to_string));
        cells.extend([numbers(&self.takes_back), numbers(&self.taken_back_by)]);
        cells
    }
}

impl Cells for PastChangeView {
    const HEADINGS: &'static [&'static str] = &[
        "number",
        "action",
        "text",
        "match",
        "campaign",
        "ad group",
        "to",
        "outcome",
        "id",
        "code",
        "message",
        "taken back by",
    ];

    fn cells(&self) -> Vec<String> {
        let raw = |text: &Option<crate::domain::text::Text>| {
            text.as_ref().map(|text| text.raw().to_owned()).unwrap_or_default()
        };
        let row = &self.change.row;
        vec![
            self.change.number.to_string(),
            self.change.action.to_owned(),
            row.text.raw().to_owned(),
            row.match_type.map(|match_type| match_type.to_string()).unwrap_or_default(),
            raw(&row.campaign_name),
            raw(&row.ad_group_name),
            self.change.to.map(|to| to.to_string()).unwrap_or_default(),
            self.outcome.to_string(),
            self.id.clone().unwrap_or_default(),
            self.code.clone().unwrap_or_default(),
            self.message.clone().unwrap_or_default(),
            self.taken_back_by.map(|number| number.to_string()).unwrap_or_default(),
        ]
    }
}
