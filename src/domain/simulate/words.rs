//! Answers in words, part by part, so that a screen can colour what is at stake: "blocks 14 terms", "cost $212.40",
//! "0 orders", "3 may block". Money never stands without its dates nearby: [`days`] has them.

use jiff::civil::Date;

use super::super::money::{Currency, amount};
use super::super::term::{Figures, TermPeriod};
use super::{Answer, Total};

/// What a part of an answer is to the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// As it is.
    Plain,
    /// Beside the point.
    Dim,
    /// Not sure.
    Doubt,
    /// Orders are at stake.
    Danger,
}

/// A part of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The words.
    pub text: String,
    /// What they are to the reader.
    pub tone: Tone,
}

fn part(text: impl Into<String>, tone: Tone) -> Part {
    Part { text: text.into(), tone }
}

fn counted(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

fn orders(n: u64) -> String {
    if n == 1 { "1 order".to_owned() } else { format!("{n} orders") }
}

fn had(figures: &Figures, currency: Option<&Currency>) -> String {
    format!("had {}, {}", orders(figures.orders), amount(figures.sales, currency))
}

/// Days as people say them, the year only where it is another one than the clock's: `19 Sep–14 Nov`.
///
/// ```
/// use unbid::domain::{simulate::days, term::TermPeriod};
/// let period = TermPeriod { from: "2026-09-19".parse().unwrap(), to: "2026-11-14".parse().unwrap() };
/// assert_eq!(days(period, "2026-11-21".parse().unwrap()), "19 Sep–14 Nov");
/// assert_eq!(days(period, "2027-01-02".parse().unwrap()), "19 Sep 2026–14 Nov 2026");
/// ```
pub fn days(period: TermPeriod, today: Date) -> String {
    let day =
        |day: Date| day.strftime(if day.year() == today.year() { "%-d %b" } else { "%-d %b %Y" }).to_string();
    if period.from == period.to {
        day(period.from)
    } else {
        format!("{}–{}", day(period.from), day(period.to))
    }
}

impl Answer {
    /// The answer, part by part. Without loaded terms it says so, and no money.
    pub fn parts(&self) -> Vec<Part> {
        if self.days.is_none() {
            return vec![part("no search terms loaded", Tone::Dim)];
        }
        if self.is_nothing() {
            return vec![part("blocks no loaded search term", Tone::Dim)];
        }
        let currency = self.currency.as_ref();
        let mut parts = Vec::new();
        if self.blocks > 0 {
            parts.push(part(format!("blocks {}", counted(self.blocks, "term")), Tone::Plain));
            parts.push(part(format!("cost {}", amount(self.cost(), currency)), Tone::Plain));
            parts.extend(self.order_parts());
        }
        if self.may_block > 0 {
            let mut text = format!("{} may block", self.may_block);
            if self.may.orders > 0 {
                text = format!("{text} ({})", had(&self.may, currency));
            }
            parts.push(part(text, Tone::Doubt));
        }
        parts
    }

    fn order_parts(&self) -> Vec<Part> {
        if self.blocked.orders == 0 {
            // The newest days of a report cannot say that nothing was bought.
            return vec![if self.fresh {
                part("0 orders so far", Tone::Dim)
            } else {
                part("0 orders", Tone::Plain)
            }];
        }
        let mut parts = Vec::new();
        if self.lost_orders() > 0 {
            parts.push(part(had(&self.blocked, self.currency.as_ref()), Tone::Danger));
        }
        match self.moves.as_slice() {
            [] => {}
            [(place, served), others @ ..] => {
                let to = format!("{} › {}", place.campaign.shown(), place.ad_group.shown());
                let verb = if *served == 1 { "moves" } else { "move" };
                parts.push(part(format!("{} {verb} to {to}", orders(*served)), Tone::Plain));
                let rest: u64 = others.iter().map(|(_, orders)| orders).sum();
                if rest > 0 {
                    parts.push(part(format!("{rest} more elsewhere"), Tone::Plain));
                }
            }
        }
        parts
    }

    /// The answer in one line, its parts put together with `between`.
    pub fn says(&self, between: &str) -> String {
        self.parts().into_iter().map(|part| part.text).collect::<Vec<_>>().join(between)
    }
}

impl Total {
    /// The sum in words, part by part.
    pub fn parts(&self) -> Vec<Part> {
        let currency = self.currency.as_ref();
        let mut parts = Vec::new();
        if self.blocks > 0 {
            parts.push(part(format!("blocks {}", counted(self.blocks, "term")), Tone::Plain));
            parts.push(part(format!("cost {}", amount(self.blocked.spend, currency)), Tone::Plain));
            match self.blocked.orders {
                0 => parts.push(part("0 orders", Tone::Plain)),
                all if all > self.moved => parts.push(part(had(&self.blocked, currency), Tone::Danger)),
                _ => {}
            }
            if self.moved > 0 {
                let verb = if self.moved == 1 { "moves" } else { "move" };
                parts.push(part(format!("{} {verb} elsewhere", orders(self.moved)), Tone::Plain));
            }
        }
        if self.may_block > 0 {
            parts.push(part(format!("{} may block", self.may_block), Tone::Doubt));
        }
        parts
    }
}
