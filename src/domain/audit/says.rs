//! The words that findings are told in. Foreign text is harmless in them; money always has its dates.

use super::super::catalog::EntryIx;
use super::super::catalog::positives::PositiveIx;
use super::super::money::{Currency, amount};
use super::super::negative::{Kind, MatchType};
use super::super::term::{Figures, TermPeriod};
use super::super::text::shown;
use super::{Context, Desk, Twin};

/// How many of a list are named before the rest is counted.
const MOST_NAMED: usize = 3;

/// A text in quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", shown(text))
}

/// `"decaf" (phrase, Espresso › Beans)`.
pub(super) fn negative(desk: &Desk<'_>, twin: &Twin<'_>) -> String {
    let place = desk.cx.place(desk.campaign(), desk.group_of(twin));
    format!("{} ({}, {place})", text_of(desk, twin), sort(twin.kind, twin.match_type))
}

/// Its text as the platform has it.
pub(super) fn text_of(desk: &Desk<'_>, twin: &Twin<'_>) -> String {
    let standing = desk.standing(twin);
    let raw = standing.first().map_or(&*twin.text, |row| {
        let negative = desk.cx.catalog().negative(*row);
        negative.brand_name_raw().unwrap_or(negative.text_raw())
    });
    quoted(raw)
}

/// `exact`, `phrase`, `ASIN`, `brand`.
pub(super) fn sort(kind: Kind, match_type: Option<MatchType>) -> &'static str {
    match (kind, match_type) {
        (Kind::Keyword, Some(MatchType::Exact)) => "exact",
        (Kind::Keyword, Some(MatchType::Phrase)) => "phrase",
        (Kind::Keyword, None) => "keyword",
        (Kind::Product, _) => "ASIN",
        (Kind::Brand, _) => "brand",
    }
}

/// `1 keyword`, `2 keywords`.
pub(super) fn counted(n: usize, one: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") }
}

/// Some of a list, and how many more there are.
pub(super) fn some(named: impl ExactSizeIterator<Item = String>) -> String {
    let more = named.len().saturating_sub(MOST_NAMED);
    let first: Vec<String> = named.take(MOST_NAMED).collect();
    let first = first.join(", ");
    if more == 0 { first } else { format!("{first} and {more} more") }
}

/// Positives: text, match type and where.
pub(super) fn positives(cx: &Context<'_>, rows: &[PositiveIx]) -> String {
    some(rows.iter().map(|row| {
        let one = cx.positives().get(*row);
        let match_type: &str = one.match_type().into();
        let group = cx.catalog().ad_group(one.ad_group_ix());
        format!("{} ({match_type}, {})", quoted(one.text()), cx.place(group.campaign().ix(), Some(group.ix())))
    }))
}

/// Search terms with what they sold, the first ones.
pub(super) fn sellers(cx: &Context<'_>, currency: Option<&Currency>, terms: &[(EntryIx, Figures)]) -> String {
    some(terms.iter().map(|(entry, figures)| {
        let text = cx.terms().text(cx.terms().text_of(cx.terms().first_of(*entry)));
        format!("{} {}", quoted(text), amount(figures.sales, currency))
    }))
}

/// `cost $48.10, 0 orders` or `cost $48.10, had 5 orders, $211.00`, with the dates.
pub(super) fn money(figures: Figures, currency: Option<&Currency>, days: Option<TermPeriod>) -> String {
    let orders = match figures.orders {
        0 => "0 orders".to_owned(),
        1 => format!("had 1 order, {}", amount(figures.sales, currency)),
        n => format!("had {n} orders, {}", amount(figures.sales, currency)),
    };
    let days = match days {
        None => String::new(),
        Some(TermPeriod { from, to }) if from == to => format!(" ({from})"),
        Some(days) => format!(" ({days})"),
    };
    format!("cost {}, {orders}{days}", amount(figures.spend, currency))
}
