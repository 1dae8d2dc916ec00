//! `unbid simulate`: what negatives would block among the loaded search terms. Stages and sends nothing.

use super::args::SimulateArgs;
use super::output::{self, Cells, Format};
use super::{Exit, Session};
use crate::domain::ids::{AdGroupId, CampaignId};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::Text;
use crate::engine::{Simulate, SimulateView, Simulated, SimulatedTerm, Wanted};

/// Prints the verdicts.
pub async fn run(session: &Session, args: SimulateArgs) -> Result<Exit, Problem> {
    let asked = Simulate { accounts: session.accounts.clone(), since: args.since, wanted: wanted(&args)? };
    let view = session.engine.simulate(asked).await?;
    if !session.quiet {
        for note in &view.notes {
            eprintln!("{}", crate::domain::text::shown(note));
        }
        let since = args.since.map(|day| format!(" that reach {day}")).unwrap_or_default();
        for without in unloaded(&view) {
            eprintln!(
                "No search terms of {without}{since} are loaded. `unbid terms fetch` and `unbid terms import` load them."
            );
        }
    }
    match args.output.format {
        Format::Table => table(&view, session.color)?,
        Format::Csv => output::cells(&lines(&view), true, false)?,
        Format::Json => output::document(&view, Format::Json)?,
        Format::Ndjson => view.verdicts.iter().try_for_each(|one| output::document(one, Format::Ndjson))?,
    }
    Ok(Exit::Done)
}

fn wanted(args: &SimulateArgs) -> Result<Wanted, Problem> {
    if args.staged {
        return Ok(Wanted::Staged);
    }
    let usage = |title: &str| Problem::new(ProblemKind::Usage, title);
    if args.texts.is_empty() {
        return Err(
            usage("There is nothing to simulate").hint("Name texts, or --staged for the staged additions.")
        );
    }
    let match_type = args
        .match_type
        .ok_or_else(|| usage("How do they match?").hint("Use --match exact or --match phrase."))?;
    Ok(Wanted::Texts {
        match_type,
        texts: args.texts.iter().map(|text| Text::new(text.as_str())).collect(),
        campaign: args.campaign.clone().map(CampaignId::new),
        ad_group: args.ad_group.clone().map(AdGroupId::new),
    })
}

/// The accounts asked about of which there are no terms to look at, each once.
fn unloaded(view: &SimulateView) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for one in view.verdicts.iter().filter(|one| one.from.is_none()) {
        let name = one.account.to_string();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The verdicts in a table, and the terms of the only one.
fn table(view: &SimulateView, color: bool) -> Result<(), Problem> {
    output::cells(&view.verdicts, false, color)?;
    match view.verdicts.as_slice() {
        [one] if !one.terms.is_empty() => {
            println!();
            output::cells(&lines(view), false, color)
        }
        _ => Ok(()),
    }
}

impl Cells for Simulated {
    const HEADINGS: &'static [&'static str] = &["account", "text", "match", "terms of", "what it would do"];

    fn cells(&self) -> Vec<String> {
        let days = self.from.zip(self.to).map(|(from, to)| format!("{from} to {to}"));
        vec![
            self.account.as_str().to_owned(),
            self.text.raw().to_owned(),
            self.match_type.map(|one| one.to_string()).unwrap_or_default(),
            days.unwrap_or_default(),
            self.says.clone(),
        ]
    }
}

/// A term with the negative that blocks it.
struct TermLine<'a>(&'a Simulated, &'a SimulatedTerm);

fn lines(view: &SimulateView) -> Vec<TermLine<'_>> {
    view.verdicts.iter().flat_map(|one| one.terms.iter().map(move |term| TermLine(one, term))).collect()
}

impl Cells for TermLine<'_> {
    const HEADINGS: &'static [&'static str] =
        &["term", "verdict", "impressions", "clicks", "cost", "orders", "sales", "currency", "goes on at"];
    const KEYS: &'static [&'static str] = &[
        "account",
        "text",
        "match",
        "term",
        "verdict",
        "impressions",
        "clicks",
        "spend",
        "orders",
        "sales",
        "currency",
        "moves_to",
    ];

    fn cells(&self) -> Vec<String> {
        let Self(one, term) = self;
        vec![
            term.term.raw().to_owned(),
            term.verdict.to_owned(),
            term.impressions.to_string(),
            term.clicks.to_string(),
            format!("{:.2}", term.spend),
            term.orders.to_string(),
            format!("{:.2}", term.sales),
            one.currency.as_ref().map(|currency| currency.code().to_owned()).unwrap_or_default(),
            term.moves_to.clone().unwrap_or_default(),
        ]
    }

    fn record(&self) -> Vec<String> {
        let Self(one, _) = self;
        let mut record = vec![
            one.account.as_str().to_owned(),
            one.text.raw().to_owned(),
            one.match_type.map(|one| one.to_string()).unwrap_or_default(),
        ];
        record.extend(self.cells());
        record
    }
}
