//! Queries over the lines: a saved view, the filter language with figures, an order, the sums of what is shown.

use std::sync::Arc;

use strum::{EnumString, IntoStaticStr, VariantArray};

use super::super::catalog::{Cancel, EntryIx, Scope};
use super::super::filter::{Field, Fielded, Filter, Value};
use super::super::matching::Verdict;
use super::super::money::Currency;
use super::super::term::Figures;
use super::{By, Sifter, TermLine};

/// A saved view: which lines are worth a look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, VariantArray)]
pub enum View {
    /// New since the last look, not blocked, settled, without orders.
    #[default]
    Waste,
    /// All of them.
    All,
}

impl View {
    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Waste => "waste",
            Self::All => "all",
        }
    }

    /// What it shows, in words.
    pub fn says(self) -> &'static str {
        match self {
            Self::Waste => "new since the last look, not blocked, settled, no orders",
            Self::All => "every search term",
        }
    }

    fn has(self, line: &TermLine) -> bool {
        let blocked = line.blocked.is_some_and(|blocked| blocked.verdict == Verdict::Blocks);
        match self {
            Self::Waste => {
                line.figures.orders == 0 && line.figures.clicks > 0 && line.settled && line.new && !blocked
            }
            Self::All => true,
        }
    }
}

/// What lines are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, VariantArray, EnumString, IntoStaticStr)]
pub enum Column {
    /// The text.
    Term,
    /// Campaign and ad group.
    Where,
    /// How often an ad was shown.
    Impressions,
    /// How often it was clicked.
    Clicks,
    /// What that cost.
    #[default]
    Spend,
    /// How many orders came of it.
    Orders,
    /// What they were worth.
    Sales,
    /// What blocks it.
    Blocked,
}

impl Column {
    /// What it is called.
    pub fn title(self) -> &'static str {
        self.into()
    }

    /// Whether figures are sorted: then the largest come first.
    pub fn is_figure(self) -> bool {
        !matches!(self, Self::Term | Self::Where | Self::Blocked)
    }
}

/// A column and a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// The column.
    pub column: Column,
    /// The largest, or the last of the alphabet, first.
    pub down: bool,
}

impl Default for Order {
    fn default() -> Self {
        Self::by(Column::default())
    }
}

impl Order {
    /// A column in the direction that one mostly wants.
    pub fn by(column: Column) -> Self {
        Self { column, down: column.is_figure() }
    }
}

/// Which lines are wanted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SiftQuery {
    /// Of which part of the snapshot.
    pub scope: Scope,
    /// Of which saved view.
    pub view: View,
    /// Which of them.
    pub filter: Filter,
    /// In which order.
    pub order: Order,
}

/// The result of a query. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct LineRows {
    entries: Arc<Vec<u32>>,
    total: usize,
    sums: Vec<(Option<Currency>, Figures)>,
}

impl LineRows {
    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many there would be without the filter.
    pub fn total(&self) -> usize {
        self.total
    }

    /// The line at a place.
    pub fn get(&self, at: usize) -> Option<EntryIx> {
        self.entries.get(at).map(|entry| EntryIx(*entry))
    }

    /// All lines in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = EntryIx> + '_ {
        self.entries.iter().map(|entry| EntryIx(*entry))
    }

    /// The place of a line.
    pub fn position(&self, entry: EntryIx) -> Option<usize> {
        self.entries.iter().position(|known| *known == entry.0)
    }

    /// What they count together, currency by currency.
    pub fn sums(&self) -> &[(Option<Currency>, Figures)] {
        &self.sums
    }
}

/// How many lines are read between two looks at [`Cancel`].
const STRIDE: u32 = 4_096;

impl Sifter {
    /// The lines of a query; `None` when cancelled.
    pub fn query(&self, query: &SiftQuery, cancel: &Cancel) -> Option<LineRows> {
        let mut total = 0;
        let mut sums: Vec<(Option<Currency>, Figures)> = Vec::new();
        let mut kept: Vec<(i64, u32)> = Vec::new();
        self.each(query, cancel, |line, hit| {
            total += 1;
            if hit {
                let currency = self.currency_of(line);
                match sums.iter_mut().find(|(known, _)| known.as_ref() == currency) {
                    Some((_, sum)) => *sum += line.figures,
                    None => sums.push((currency.cloned(), line.figures)),
                }
                kept.push((Self::sort_key(line, query.order.column), line.entry.0));
            }
        })?;
        let down = query.order.down;
        match query.order.column {
            Column::Term => {
                let text =
                    |entry: u32| self.terms.text(self.terms.text_of(self.terms.first_of(EntryIx(entry))));
                kept.sort_unstable_by(|(_, a), (_, b)| {
                    let order = text(*a).cmp(text(*b)).then(a.cmp(b));
                    if down { order.reverse() } else { order }
                });
            }
            _ if down => kept.sort_unstable_by_key(|(key, entry)| (std::cmp::Reverse(*key), *entry)),
            _ => kept.sort_unstable(),
        }
        if cancel.is_cancelled() {
            return None;
        }
        let entries = Arc::new(kept.into_iter().map(|(_, entry)| entry).collect());
        Some(LineRows { entries, total, sums })
    }

    /// Hands over every line of scope and view, and whether the filter lets it through; `None` when cancelled.
    pub(super) fn each(
        &self,
        query: &SiftQuery,
        cancel: &Cancel,
        mut take: impl FnMut(&TermLine, bool),
    ) -> Option<()> {
        let mut tester = query.filter.tester();
        for (at, entry) in (0_u32..).zip(self.entries_in(query.scope)) {
            if at % STRIDE == 0 && cancel.is_cancelled() {
                return None;
            }
            let line = self.line(EntryIx(entry));
            if query.view.has(&line) {
                let hit = tester.is_empty() || tester.hits(&Seen { sifter: self, line: &line });
                take(&line, hit);
            }
        }
        Some(())
    }

    fn sort_key(line: &TermLine, column: Column) -> i64 {
        let count = |figure: u64| i64::try_from(figure).unwrap_or(i64::MAX);
        match column {
            Column::Term => 0,
            // Entries stand by campaign and ad group already.
            Column::Where => line.entry.0.into(),
            Column::Impressions => count(line.figures.impressions),
            Column::Clicks => count(line.figures.clicks),
            Column::Spend => line.figures.spend.0,
            Column::Orders => count(line.figures.orders),
            Column::Sales => line.figures.sales.0,
            Column::Blocked => match line.blocked {
                None => 0,
                Some(blocked) => 1 + i64::from(blocked.verdict == Verdict::Blocks),
            },
        }
    }
}

/// A line as a filter sees it.
struct Seen<'a> {
    sifter: &'a Sifter,
    line: &'a TermLine,
}

impl Fielded for Seen<'_> {
    fn texts(&self, accept: &mut dyn FnMut(&str) -> bool) -> bool {
        accept(self.sifter.terms.text(self.line.text))
    }

    fn value(&self, field: Field) -> Value<'_> {
        let (line, figures) = (self.line, self.line.figures);
        match field {
            Field::Text => Value::Text(self.sifter.terms.text(line.text).into()),
            Field::Kind if self.sifter.asin(line).is_some() => Value::Words(&["product", "asin"]),
            Field::Kind => Value::Words(&["keyword"]),
            Field::Impressions => Value::Number(figures.impressions as f64),
            Field::Clicks => Value::Number(figures.clicks as f64),
            Field::Spend => Value::Number(figures.spend.units()),
            Field::Orders => Value::Number(figures.orders as f64),
            Field::Sales => Value::Number(figures.sales.units()),
            Field::Blocked => Value::Words(match line.blocked {
                None => &["no"],
                Some(blocked) => match (blocked.by, blocked.verdict) {
                    (By::Staged(_), _) => &["staged"],
                    (_, Verdict::Blocks) => &["yes"],
                    _ => &["maybe"],
                },
            }),
            Field::New => yes_or_no(line.new),
            Field::Settled => yes_or_no(line.settled),
            _ => self.sifter.catalog.field_of_place(line.campaign, line.ad_group, field),
        }
    }
}

fn yes_or_no(yes: bool) -> Value<'static> {
    Value::Words(if yes { &["yes"] } else { &["no"] })
}
