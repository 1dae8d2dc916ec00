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

/// How wide the clicks, the cost, the orders and the sales are together, with the sign and the gaps.
const FIGURES: usize = 45;
/// Room for a term: more is not given, less is never taken.
const TERM: std::ops::RangeInclusive<usize> = 12..=44;

/// The terms of some answers, to be read and copied. Of several negatives each is named.
pub fn terms(what: &str, names: &[Text], answers: &Answers, data: &Data) -> Overlay {
    let mut lines = Vec::new();
    let mut copies = String::new();
    let cut = data.theme.symbols.cut;
    let room = Pager::columns(data.size.0).saturating_sub(FIGURES).clamp(*TERM.start(), *TERM.end());
    for (at, answer) in answers.each.iter().enumerate().filter(|(_, answer)| !answer.is_nothing()) {
        if let Some(name) = names.get(at) {
            lines.push(Line::of(name.shown().to_string(), Role::Title));
        }
        lines.push(line(&answer.parts(), data));
        // Above the terms, where nothing cuts the dates off.
        let dated = answer.days.map_or_else(String::new, |period| format!("terms {}", dates(period, data)));
        lines.push(Line::of(
            format!(
                "  {} {:>8} {:>12} {:>7} {:>12}",
                fit(&dated, room, cut, false),
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
            let text = format!(
                "{sign} {} {:>8} {:>12} {:>7} {:>12}",
                fit(&one.term.shown().cow(), room, cut, false),
                count(usize::try_from(one.figures.clicks).unwrap_or(usize::MAX)),
                amount(one.figures.spend, currency),
                one.figures.orders,
                amount(one.figures.sales, currency)
            );
            lines.push(Line::of(text, role));
            if let Some(to) = &one.moves_to {
                let (campaign, group) = (to.campaign.shown(), to.ad_group.shown());
                let text = format!("    moves to {campaign} {} {group}", data.theme.symbols.trail);
                lines.push(Line::of(text, Role::Dim));
            }
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
