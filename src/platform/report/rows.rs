//! Puts a row together from the cells of a record: place, days, figures, currency. What has no days of its own takes those
//! that the file, its name or the caller tells.

use std::sync::Arc;

use jiff::civil::Date;

use super::columns::{Columns, Heading};
use super::record::Record;
use super::value::{DateOrder, count, day, days_in, money};
use super::{Asked, Line, Rejected, ReportRules, refused};
use crate::domain::ids::{AdGroupId, CampaignId};
use crate::domain::money::Currency;
use crate::domain::problem::Problem;
use crate::domain::term::{Figures, Named, TermColumn, TermPeriod, TermRow};
use crate::domain::text::Text;

/// Reads rows by the columns that were found.
pub(super) struct Reader<'a> {
    rules: &'a ReportRules,
    columns: Columns,
    /// The days of rows that tell none.
    days: Option<TermPeriod>,
    currency: Option<Currency>,
    order: DateOrder,
    comma: bool,
    tab: Option<Arc<str>>,
}

impl<'a> Reader<'a> {
    /// A reader of rows under this heading. Refused when nothing says which days they are about.
    pub(super) fn new(
        rules: &'a ReportRules,
        asked: &Asked<'_>,
        heading: Heading,
        comma: bool,
        tab: Option<Arc<str>>,
    ) -> Result<Self, Problem> {
        let Heading { columns, preamble } = heading;
        let dated = columns.has(TermColumn::Date) || columns.has(TermColumn::From);
        let days = asked
            .days
            .or_else(|| preamble.iter().find_map(|line| days_in(line)))
            .or_else(|| days_in(&preamble.join(" ")))
            .or_else(|| days_in(asked.name));
        if !dated && days.is_none() {
            return Err(refused("The file does not say which days it covers")
                .detail("no column of days, none named above the heading or in the file's name")
                .hint("Name them: --from 2026-09-01 --to 2026-09-30."));
        }
        // A currency may be mapped to a code where no column tells it.
        let mapped = asked.columns.get(&TermColumn::Currency).filter(|text| {
            !columns.has(TermColumn::Currency)
                && text.len() == 3
                && text.bytes().all(|b| b.is_ascii_uppercase())
        });
        let currency = mapped
            .map(|code| Currency::new(code))
            .or_else(|| columns.currency.as_deref().map(Currency::new))
            .or_else(|| asked.currency.clone())
            .or_else(|| rules.currency.map(Currency::new));
        Ok(Self { rules, columns, days, currency, order: DateOrder::default(), comma, tab })
    }

    /// Reads one record; `None` for one without anything in it. An error is about the whole file.
    pub(super) fn line(&mut self, line: u64, record: &Record) -> Result<Option<Line>, Problem> {
        if record.is_blank() {
            return Ok(None);
        }
        let term = self.columns.get(record, TermColumn::Term).unwrap_or_default();
        if let Some(why) = self.no_term(term) {
            return Ok(Some(Line::LeftOut(why)));
        }
        match self.row(term, record) {
            Ok(Row::Whole(row)) => Ok(Some(Line::Row(row))),
            Ok(Row::NoCurrency) => Err(refused("The file does not say its currency")
                .detail(format!(
                    "line {line}: no column, no sign beside the amounts, and nothing loaded before"
                ))
                .hint("Name it in the configuration: [terms.columns.ACCOUNT], currency = \"USD\".")),
            Err(Wrong { column, reason }) => {
                let column = column.and_then(|column| self.columns.named(column, self.tab.is_some()));
                Ok(Some(Line::Rejected(Rejected { tab: self.tab.clone(), line, column, reason })))
            }
        }
    }

    fn no_term(&self, term: &str) -> Option<&'static str> {
        match term {
            // "Search term report", Amazon Ads API documentation: `*` stands for no search term.
            "" | "*" => Some("without a search term"),
            term => (self.rules.leaves_out)(term),
        }
    }

    fn row(&mut self, term: &str, record: &Record) -> Result<Row, Wrong> {
        let campaign = self
            .named(record, TermColumn::CampaignId, TermColumn::Campaign, |id| CampaignId::from(id))?
            .ok_or_else(|| Wrong::row("has no campaign"))?;
        let ad_group =
            self.named(record, TermColumn::AdGroupId, TermColumn::AdGroup, |id| AdGroupId::from(id))?;
        let days = self.days(record)?;
        let cell = |column| self.columns.get(record, column).unwrap_or_default();
        let number = |column| count(cell(column), self.comma).map_err(|reason| Wrong::cell(column, reason));
        let amount = |column| money(cell(column), self.comma).map_err(|reason| Wrong::cell(column, reason));
        let (spend, spent_in) = amount(TermColumn::Spend)?;
        let (sales, sold_in) = amount(TermColumn::Sales)?;
        let figures = Figures {
            impressions: number(TermColumn::Impressions)?,
            clicks: number(TermColumn::Clicks)?,
            spend,
            orders: number(TermColumn::Orders)?,
            sales,
        };
        if let (Some(spent), Some(sold)) = (spent_in, sold_in)
            && spent != sold
        {
            return Err(Wrong::row(format!("is in {spent} and {sold}")));
        }
        let told = self.columns.get(record, TermColumn::Currency).or(spent_in).or(sold_in);
        let currency = match (told, &self.currency) {
            (Some(code), _) => Currency::new(&code.to_uppercase()),
            (None, Some(known)) => known.clone(),
            (None, None) => return Ok(Row::NoCurrency),
        };
        let text = Text::from(term);
        Ok(Row::Whole(Box::new(TermRow {
            campaign,
            ad_group,
            text,
            from: days.from,
            to: days.to,
            figures,
            currency,
        })))
    }

    /// A campaign or ad group: by id where the row has one, else by name.
    fn named<I>(
        &self,
        record: &Record,
        id: TermColumn,
        name: TermColumn,
        make: fn(&str) -> I,
    ) -> Result<Option<Named<I>>, Wrong> {
        let by_id = self.columns.get(record, id).filter(|id| *id != "0");
        let by_name = || self.columns.get(record, name).map(|name| Named::Name(name.into()));
        match by_id {
            Some(rounded) if is_rounded(rounded) => by_name().map(Some).ok_or_else(|| {
                Wrong::cell(
                    id,
                    format!(
                        "{rounded} was an id before a spreadsheet rounded it; import the file as downloaded"
                    ),
                )
            }),
            Some(id) => Ok(Some(Named::Id(make(id)))),
            None => Ok(by_name()),
        }
    }

    fn days(&mut self, record: &Record) -> Result<TermPeriod, Wrong> {
        let mut day_of = |column| -> Result<Option<Date>, Wrong> {
            let read = |cell| day(cell, &mut self.order).map_err(|reason| Wrong::cell(column, reason));
            self.columns.get(record, column).map(read).transpose()
        };
        // The unambiguous one of both tells how the other is written.
        let (to, from) = (day_of(TermColumn::To)?, day_of(TermColumn::From)?);
        let one = day_of(TermColumn::Date)?;
        match (one, from, to) {
            (Some(day), ..) | (None, Some(day), None) => Ok(TermPeriod { from: day, to: day }),
            (None, Some(from), Some(to)) if from <= to => Ok(TermPeriod { from, to }),
            (None, Some(from), Some(to)) => {
                Err(Wrong::row(format!("ends on {to}, before it begins on {from}")))
            }
            _ => self.days.ok_or_else(|| Wrong::row("has no day")),
        }
    }
}

/// Why a row cannot be read, and the column that is to blame.
struct Wrong {
    column: Option<TermColumn>,
    reason: String,
}

impl Wrong {
    fn row(reason: impl Into<String>) -> Self {
        Self { column: None, reason: reason.into() }
    }

    fn cell(column: TermColumn, reason: String) -> Self {
        Self { column: Some(column), reason }
    }
}

/// Whether a spreadsheet took an id for a number and rounded it: `2.81475E+17`.
fn is_rounded(id: &str) -> bool {
    let Some((mantissa, exponent)) = id.split_once(['e', 'E']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let number = mantissa.replacen([',', '.'], "", 1);
    digits(&number) && digits(exponent.strip_prefix('+').unwrap_or(exponent))
}

enum Row {
    Whole(Box<TermRow>),
    NoCurrency,
}
