//! Some thousands of rows of search terms as one blob: each place is named once, each text once at its place, then
//! its rows day by day. What the rows mean is nothing to this file.

use jiff::civil::Date;

use crate::domain::ids::{AdGroupId, CampaignId};
use crate::domain::money::{Currency, Micros};
use crate::domain::term::{Figures, Named, TermPeriod, TermRow};
use crate::domain::text::Text;
use crate::store::codec::{Decoder, Encoder, broken};
use crate::store::convert::date;
use crate::store::error::Result;

/// Writes rows, sorting them first.
pub(crate) fn encode(rows: &mut [TermRow]) -> Vec<u8> {
    rows.sort_unstable_by(|a, b| order(a).cmp(&order(b)));
    let mut parcel = Encoder::default();
    for place in rows.chunk_by(|a, b| a.campaign == b.campaign && a.ad_group == b.ad_group) {
        let first = &place[0];
        put_named(&mut parcel, Some(&first.campaign), CampaignId::raw);
        put_named(&mut parcel, first.ad_group.as_ref(), AdGroupId::raw);
        parcel.number(place.chunk_by(|a, b| a.text == b.text).count() as u64);
        for text in place.chunk_by(|a, b| a.text == b.text) {
            parcel.text(text[0].text.raw());
            parcel.number(text.len() as u64);
            for row in text {
                put_row(&mut parcel, row);
            }
        }
    }
    parcel.seal()
}

type Key<'a> = ((u8, &'a str), (u8, &'a str), &'a str, Date, Date);

fn order(row: &TermRow) -> Key<'_> {
    (
        named(Some(&row.campaign), CampaignId::raw),
        named(row.ad_group.as_ref(), AdGroupId::raw),
        row.text.raw(),
        row.from,
        row.to,
    )
}

/// Nothing, an id or a name, as a byte and a text.
fn named<I>(named: Option<&Named<I>>, raw: fn(&I) -> &str) -> (u8, &str) {
    match named {
        None => (0, ""),
        Some(Named::Id(id)) => (1, raw(id)),
        Some(Named::Name(name)) => (2, name.raw()),
    }
}

fn put_named<I>(out: &mut Encoder, what: Option<&Named<I>>, raw: fn(&I) -> &str) {
    let (sort, text) = named(what, raw);
    out.byte(sort);
    if sort != 0 {
        out.text(text);
    }
}

fn put_row(out: &mut Encoder, row: &TermRow) {
    let days = (row.to - row.from).get_days();
    out.signed(number(row.from));
    out.signed(days.into());
    out.number(row.figures.impressions);
    out.number(row.figures.clicks);
    out.signed(row.figures.spend.0);
    out.number(row.figures.orders);
    out.signed(row.figures.sales.0);
}

/// Days since 1970-01-01.
fn number(day: Date) -> i64 {
    (day - Date::constant(1970, 1, 1)).get_days().into()
}

/// One row of a parcel, its texts borrowed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ParcelRow<'a> {
    pub campaign: Named<&'a str>,
    pub ad_group: Option<Named<&'a str>>,
    pub text: &'a str,
    pub days: TermPeriod,
    pub figures: Figures,
}

impl ParcelRow<'_> {
    /// The row as a value of its own.
    pub(crate) fn row(&self, currency: &Currency) -> TermRow {
        TermRow {
            campaign: owned(&self.campaign, |id| CampaignId::from(id)),
            ad_group: self.ad_group.as_ref().map(|named| owned(named, |id| AdGroupId::from(id))),
            text: self.text.into(),
            from: self.days.from,
            to: self.days.to,
            figures: self.figures,
            currency: currency.clone(),
        }
    }
}

fn owned<I>(named: &Named<&str>, id: fn(&str) -> I) -> Named<I> {
    match named {
        Named::Id(raw) => Named::Id(id(raw)),
        Named::Name(name) => Named::Name(name.clone()),
    }
}

/// What a reader of a parcel is told, in order.
pub(crate) trait Visitor {
    /// The rows that follow lie here.
    fn place(&mut self, campaign: Named<&str>, ad_group: Option<Named<&str>>);
    /// The rows that follow are of this text.
    fn text(&mut self, raw: &str);
    /// A row of the last place and text.
    fn row(&mut self, days: TermPeriod, figures: Figures) -> Result<()>;
}

/// Reads a parcel from its beginning to its end.
pub(crate) fn visit(parcel: &[u8], visitor: &mut impl Visitor) -> Result<()> {
    let mut from = Decoder::open(parcel)?;
    let mut days = Days::default();
    while !from.is_done() {
        let campaign = take_named(&mut from)?.ok_or_else(broken)?;
        let ad_group = take_named(&mut from)?;
        visitor.place(campaign, ad_group);
        for _ in 0..from.size()? {
            visitor.text(from.text()?);
            for _ in 0..from.size()? {
                let first = i32::try_from(from.signed()?).map_err(|_| broken())?;
                let more = i32::try_from(from.signed()?).map_err(|_| broken())?;
                let days = TermPeriod {
                    from: days.get(first)?,
                    to: days.get(first.checked_add(more).ok_or_else(broken)?)?,
                };
                let (impressions, clicks) = (from.number()?, from.number()?);
                let (spend, orders) = (Micros(from.signed()?), from.number()?);
                let sales = Micros(from.signed()?);
                visitor.row(days, Figures { impressions, clicks, spend, orders, sales })?;
            }
        }
    }
    Ok(())
}

/// The last day met: most rows share it with the one before.
#[derive(Default)]
struct Days(Option<(i32, Date)>);

impl Days {
    fn get(&mut self, number: i32) -> Result<Date> {
        match self.0 {
            Some((known, day)) if known == number => Ok(day),
            _ => {
                let day = date(number)?;
                self.0 = Some((number, day));
                Ok(day)
            }
        }
    }
}

fn take_named<'a>(from: &mut Decoder<'a>) -> Result<Option<Named<&'a str>>> {
    Ok(match from.byte()? {
        0 => None,
        1 => Some(Named::Id(from.text()?)),
        2 => Some(Named::Name(Text::from(from.text()?))),
        _ => return Err(broken()),
    })
}

/// Hands every row to a function, with its place and text.
pub(crate) fn each(parcel: &[u8], take: &mut dyn FnMut(&ParcelRow<'_>) -> Result<()>) -> Result<()> {
    struct Each<'f> {
        campaign: Named<String>,
        ad_group: Option<Named<String>>,
        text: String,
        take: &'f mut dyn FnMut(&ParcelRow<'_>) -> Result<()>,
    }
    fn kept(named: Named<&str>) -> Named<String> {
        match named {
            Named::Id(id) => Named::Id(id.to_owned()),
            Named::Name(name) => Named::Name(name),
        }
    }
    fn lent(named: &Named<String>) -> Named<&str> {
        match named {
            Named::Id(id) => Named::Id(id),
            Named::Name(name) => Named::Name(name.clone()),
        }
    }
    impl Visitor for Each<'_> {
        fn place(&mut self, campaign: Named<&str>, ad_group: Option<Named<&str>>) {
            self.campaign = kept(campaign);
            self.ad_group = ad_group.map(kept);
        }
        fn text(&mut self, raw: &str) {
            self.text.clear();
            self.text.push_str(raw);
        }
        fn row(&mut self, days: TermPeriod, figures: Figures) -> Result<()> {
            (self.take)(&ParcelRow {
                campaign: lent(&self.campaign),
                ad_group: self.ad_group.as_ref().map(lent),
                text: &self.text,
                days,
                figures,
            })
        }
    }
    visit(parcel, &mut Each { campaign: Named::Id(String::new()), ad_group: None, text: String::new(), take })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn any_named(text: &str, sort: u8) -> Named<String> {
        if sort == 0 { Named::Id(text.to_owned()) } else { Named::Name(text.into()) }
    }

    proptest! {
        #[test]
        fn rows_come_back_sorted_and_whole(
            rows in proptest::collection::vec(
                ((0..2_u8, "[a-c0-9]{1,3}"), (0..3_u8, "[a-c]{1,2}"), "\\PC{0,6}", (0..400_i32, 0..40_i32), (any::<u64>(), any::<i64>(), 0..9_u64)),
                0..30,
            ),
        ) {
            let mut rows: Vec<TermRow> = rows
                .into_iter()
                .map(|((named, campaign), (has, group), text, (from, days), (clicks, spend, orders))| {
                    let from = date(2026, 1, 1).checked_add(jiff::Span::new().days(from)).unwrap();
                    TermRow {
                        campaign: owned(&match any_named(&campaign, named) {
                            Named::Id(ref id) => Named::Id(id.as_str()),
                            Named::Name(name) => Named::Name(name),
                        }, |id| CampaignId::from(id)),
                        ad_group: match has {
                            0 => None,
                            1 => Some(Named::Id(group.as_str().into())),
                            _ => Some(Named::Name(group.as_str().into())),
                        },
                        text: text.as_str().into(),
                        from,
                        to: from.checked_add(jiff::Span::new().days(days)).unwrap(),
                        figures: Figures { clicks, spend: Micros(spend), orders, ..Figures::default() },
                        currency: Currency::new("USD"),
                    }
                })
                .collect();
            let parcel = encode(&mut rows);
            let mut back = Vec::new();
            each(&parcel, &mut |row| { back.push(row.row(&Currency::new("USD"))); Ok(()) }).unwrap();
            prop_assert_eq!(back, rows);
        }
    }

    #[test]
    fn a_parcel_that_was_cut_is_no_shorter_report() {
        let mut rows = [TermRow {
            campaign: Named::Id("1".into()),
            ad_group: None,
            text: "decaf".into(),
            from: date(2026, 9, 1),
            to: date(2026, 9, 1),
            figures: Figures::default(),
            currency: Currency::new("USD"),
        }];
        let parcel = encode(&mut rows);
        assert!(each(&parcel[..parcel.len() - 1], &mut |_| Ok(())).is_err());
    }
}
