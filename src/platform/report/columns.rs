//! Finds the heading of a report and which of its columns is which. Headings are compared without case, spaces, signs and
//! whatever stands in brackets at their end; what is missing is named with what the file has.

use super::book::letters;
use super::record::{Found, Record, Table};
use super::{ColumnMap, ReportRules, refused};
use crate::domain::csv::unguarded;
use crate::domain::problem::Problem;
use crate::domain::term::TermColumn;

/// Which cell each column is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Columns {
    at: Vec<(TermColumn, usize)>,
    /// The headings as the file writes them.
    headings: Vec<String>,
    /// The file is what `unbid terms list --format csv` printed: its cells are guarded against spreadsheets.
    own: bool,
    /// The currency that a heading of money names in brackets, such as `Spend (USD)`.
    pub currency: Option<String>,
}

/// In how many rows the heading is looked for: some files begin with the report's name and days.
const ROWS_LOOKED_AT: usize = 30;

impl Columns {
    /// The cell of a column.
    pub(super) fn get<'r>(&self, record: &'r Record, column: TermColumn) -> Option<&'r str> {
        let (_, at) = self.at.iter().find(|(known, _)| *known == column)?;
        let cell = Some(record.get(*at)).filter(|cell| !cell.is_empty())?;
        Some(if self.own { unguarded(cell) } else { cell })
    }

    /// A column as people find it in the file; in a tab by its letters too.
    pub(super) fn named(&self, column: TermColumn, in_tab: bool) -> Option<String> {
        let (_, at) = self.at.iter().find(|(known, _)| *known == column)?;
        let heading = self.headings.get(*at).map_or("", |heading| heading.trim());
        Some(if in_tab { format!("column {} ({heading})", letters(*at)) } else { format!("column {heading}") })
    }

    /// How many days after a click orders are counted, where their heading says so: `7 Day Total Orders (#)`,
    /// `purchases14d`.
    pub(super) fn days_of_orders(&self) -> Option<u16> {
        let (_, at) = self.at.iter().find(|(known, _)| *known == TermColumn::Orders)?;
        let heading = key(self.headings.get(*at)?);
        let (before, rest) = heading.split_at(heading.find(|c: char| c.is_ascii_digit())?);
        let digits = &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())];
        let days = digits.parse().ok().filter(|days| (1..=30).contains(days))?;
        let after = &rest[digits.len()..];
        let said = matches!(after, "d" | "days") || (before.is_empty() && after.starts_with("day"));
        said.then_some(days)
    }

    /// How many cells the heading has.
    pub(super) fn width(&self) -> usize {
        self.headings.len()
    }

    pub(super) fn has(&self, column: TermColumn) -> bool {
        self.at.iter().any(|(known, _)| *known == column)
    }

    fn missing(&self) -> Vec<TermColumn> {
        use TermColumn::{Campaign, CampaignId, Clicks, Impressions, Orders, Sales, Spend, Term};
        let mut missing: Vec<TermColumn> = [Term, Impressions, Clicks, Spend, Orders, Sales]
            .into_iter()
            .filter(|column| !self.has(*column))
            .collect();
        if !self.has(Campaign) && !self.has(CampaignId) {
            missing.push(Campaign);
        }
        missing
    }
}

/// The headings of `unbid terms list`, so that what was printed can be loaded again, whatever the platform calls them.
const OWN: &[(TermColumn, &str)] = &[
    (TermColumn::Term, "term"),
    (TermColumn::CampaignId, "campaign_id"),
    (TermColumn::Campaign, "campaign_name"),
    (TermColumn::AdGroupId, "ad_group_id"),
    (TermColumn::AdGroup, "ad_group_name"),
    (TermColumn::From, "from"),
    (TermColumn::To, "to"),
    (TermColumn::Impressions, "impressions"),
    (TermColumn::Clicks, "clicks"),
    (TermColumn::Spend, "spend"),
    (TermColumn::Orders, "orders"),
    (TermColumn::Sales, "sales"),
    (TermColumn::Currency, "currency"),
];

/// A heading that was found.
#[derive(Debug)]
pub(super) struct Heading {
    pub columns: Columns,
    /// What stood before it, line by line.
    pub preamble: Vec<String>,
}

/// Why a file has none.
#[derive(Debug)]
pub(super) struct Lacks {
    /// How many columns the row that comes nearest to one lacks.
    pub missing: usize,
    pub problem: Problem,
}

/// Finds the heading, and brings what stood before it. The outer error is about the file as a whole.
pub(super) fn find(
    rules: &ReportRules,
    map: &ColumnMap,
    table: &mut dyn Table,
    record: &mut Record,
) -> Result<Result<Heading, Lacks>, Problem> {
    let mut preamble = Vec::new();
    let mut best: Option<(Columns, Vec<String>)> = None;
    for _ in 0..ROWS_LOOKED_AT {
        match table.next(record)? {
            Found::End => break,
            Found::Bad(..) => continue,
            Found::Record(_) => {}
        }
        let mut columns = columns(rules, map, record);
        columns.own &= table.is_delimited();
        if columns.missing().is_empty() {
            return Ok(Ok(Heading { columns, preamble }));
        }
        if best.as_ref().is_none_or(|(known, _)| columns.at.len() > known.at.len()) {
            best = Some((columns, record.cells().map(str::to_owned).collect()));
        }
        // A sign between the cells of a line that is no row may be one of its words.
        let cells: Vec<&str> = record.cells().filter(|cell| !cell.is_empty()).collect();
        preamble.push(cells.join(", "));
    }
    let (columns, headings) = best.unwrap_or_default();
    let problem = lacks(rules, map, &columns, &headings);
    Ok(Err(Lacks { missing: columns.missing().len(), problem }))
}

fn columns(rules: &ReportRules, map: &ColumnMap, record: &Record) -> Columns {
    let headings: Vec<String> = record.cells().map(key).collect();
    let place =
        |wanted: &str| headings.iter().position(|heading| !heading.is_empty() && *heading == key(wanted));
    let mut columns = Columns::default();
    for (column, mapped) in map {
        columns.at.extend(place(mapped).map(|at| (*column, at)));
    }
    for (column, known) in rules.headings {
        if !map.contains_key(column) {
            columns.at.extend(known.iter().find_map(|heading| place(heading)).map(|at| (*column, at)));
        }
    }
    let ours = OWN.iter().filter(|(_, heading)| !heading.ends_with("_name"));
    columns.own = place("account").is_some() && ours.clone().all(|(_, heading)| place(heading).is_some());
    if columns.own && map.is_empty() {
        columns.at = OWN.iter().filter_map(|(column, heading)| Some((*column, place(heading)?))).collect();
    }
    columns.currency = columns
        .at
        .iter()
        .filter(|(column, _)| matches!(column, TermColumn::Spend | TermColumn::Sales))
        .find_map(|(_, at)| bracketed_code(record.get(*at)));
    columns.headings = record.cells().map(str::to_owned).collect();
    columns
}

/// A heading as it is compared: `7 Day Total Orders (#) ` is `7daytotalorders`.
fn key(heading: &str) -> String {
    let bare = match heading.trim_end().strip_suffix(')').and_then(|rest| rest.rsplit_once('(')) {
        Some((before, _)) if !before.trim().is_empty() => before,
        _ => heading,
    };
    bare.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The currency code in brackets at a heading's end.
fn bracketed_code(heading: &str) -> Option<String> {
    let (_, code) = heading.trim_end().strip_suffix(')')?.rsplit_once('(')?;
    let is_code = code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase());
    is_code.then(|| code.to_owned())
}

/// The most headings of a file that an error names.
const MOST_NAMED: usize = 40;

fn lacks(rules: &ReportRules, map: &ColumnMap, columns: &Columns, headings: &[String]) -> Problem {
    let missing = columns.missing();
    let says: Vec<&str> = missing.iter().map(|column| column.says()).collect();
    let looked = |column: &TermColumn| {
        let headings = match (map.get(column), rules.headings.iter().find(|(known, _)| known == column)) {
            (Some(mapped), _) => mapped.clone(),
            (None, Some((_, known))) => known.iter().take(4).copied().collect::<Vec<_>>().join(", "),
            (None, None) => String::new(),
        };
        format!("{}: looked for {headings}", column.says())
    };
    let mut detail: Vec<String> = missing.iter().map(looked).collect();
    let there: Vec<&str> =
        headings.iter().map(String::as_str).filter(|cell| !cell.is_empty()).take(MOST_NAMED).collect();
    detail.push(if there.is_empty() {
        "the file has no heading".to_owned()
    } else {
        format!("the file has {}", there.join(", "))
    });
    let first: &str = missing.first().map_or("term", Into::into);
    refused(format!("The file has no column for {}; is it the {}?", says.join(", "), rules.title))
        .detail(detail.join("; "))
        .hint(format!(
            "If it is, name its headings in the configuration: [terms.columns.ACCOUNT], {first} = \"…\"."
        ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_compared_by_their_letters() {
        for (heading, is) in [
            ("7 Day Total Orders (#)", "7daytotalorders"),
            ("14 Day Total Sales ", "14daytotalsales"),
            ("Campaign Name (Informational only)", "campaignname"),
            ("searchTerm", "searchterm"),
            ("cpc_ad_fees_listingsite_currency", "cpcadfeeslistingsitecurrency"),
            ("(none)", "none"),
            ("Ausgaben", "ausgaben"),
        ] {
            assert_eq!(key(heading), is);
        }
    }

    #[test]
    fn the_heading_of_orders_tells_within_how_many_days_they_come() {
        for (heading, days) in [
            ("7 Day Total Orders (#)", Some(7)),
            ("14 Day Total Orders (#)", Some(14)),
            ("purchases14d", Some(14)),
            ("attributedOrders14days", Some(14)),
            ("Orders", None),
            ("cpc_attributed_sales", None),
            ("orders 2026", None),
            ("90 Day Orders", None),
        ] {
            let columns = Columns {
                at: vec![(TermColumn::Orders, 0)],
                headings: vec![heading.to_owned()],
                ..Columns::default()
            };
            assert_eq!(columns.days_of_orders(), days, "{heading}");
        }
    }

    #[test]
    fn only_codes_in_brackets_are_currencies() {
        assert_eq!(bracketed_code("Spend (EUR)").as_deref(), Some("EUR"));
        for none in ["Orders (#)", "Spend", "Spend (net)", "Spend (ROAS)"] {
            assert_eq!(bracketed_code(none), None, "{none}");
        }
    }
}
