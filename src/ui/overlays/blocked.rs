//! The search terms that a negative blocks or would, to be read and copied: what `ctrl-t` opens from the form, from
//! Browse and from the plan.

use crate::domain::matching::Verdict;
use crate::domain::money::amount;
use crate::domain::simulate::Answers;
use crate::domain::text::Text;
use crate::ui::canvas::{Line, count, fit};
use crate::ui::data::Data;
use crate::ui::overlays::Overlay;
use crate::ui::overlays::pager::{Content, Pager};
use crate::ui::theme::Role;
use crate::ui::whatif::{dates, line};

/// The terms of some answers, to be read and copied.
pub fn terms(what: &str, answers: &Answers, data: &Data) -> Overlay {
    let mut lines = Vec::new();
    let mut copies = String::new();
    for answer in answers.each.iter().filter(|answer| !answer.is_nothing()) {
        if let Some(period) = answer.days {
            let head = line(&answer.parts(), data);
            lines.push(head.put(format!("  terms {}", dates(period, data)), Role::Dim));
        }
        let cut = data.theme.symbols.cut;
        lines.push(Line::of(
            format!(
                "  {} {:>8} {:>12} {:>7} {:>12}",
                fit("search term", 44, cut, false),
                "clicks",
                "cost",
                "orders",
                "sales"
            ),
            Role::Dim,
        ));
        for one in &answer.terms {
            let currency = answer.currency.as_ref();
            let (sign, role) = match (one.verdict, one.figures.orders) {
                (Verdict::Blocks, 0) => (" ", Role::Text),
                (Verdict::Blocks, _) => ("!", Role::Bad),
                _ => ("?", Role::Warn),
            };
            let mut text = format!(
                "{sign} {} {:>8} {:>12} {:>7} {:>12}",
                fit(&one.term.shown().cow(), 44, cut, false),
                count(usize::try_from(one.figures.clicks).unwrap_or(usize::MAX)),
                amount(one.figures.spend, currency),
                one.figures.orders,
                amount(one.figures.sales, currency)
            );
            if let Some(to) = &one.moves_to {
                text = format!(
                    "{text}  moves to {} {} {}",
                    to.campaign.shown(),
                    data.theme.symbols.trail,
                    to.ad_group.shown()
                );
            }
            lines.push(Line::of(text, role));
            copies.push_str(one.term.raw());
            copies.push('\n');
        }
        let left = (answer.blocks + answer.may_block).saturating_sub(answer.terms.len());
        if left > 0 {
            lines.push(Line::of(format!("  and {} more", count(left)), Role::Dim));
        }
        lines.push(Line::new());
    }
    if lines.iter().any(|line| line.0.iter().any(|(text, _)| text.starts_with('?'))) {
        lines.push(Line::of("? may block (plural, accent, hyphen: not documented)", Role::Warn));
    }
    let title = format!("Search terms blocked by {}", Text::new(what).shown());
    Overlay::Pager(Pager::new(title, Content::Lines(lines)).copies(copies))
}
