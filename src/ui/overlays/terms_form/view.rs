//! How the form looks: two choices, what the terms cost and sold, each with what is said of it, the button.

use ratatui::layout::Rect;

use super::{Field, TermsForm};
use crate::domain::judge::Advice;
use crate::domain::negative::MatchType;
use crate::domain::simulate::Question;
use crate::domain::term::TermPeriod;
use crate::domain::text::shown;
use crate::ui::canvas::{Canvas, Line, Target, count, counted, cut};
use crate::ui::data::Data;
use crate::ui::layout::row;
use crate::ui::theme::Role;
use crate::ui::whatif;
use crate::ui::widgets::dialog::dialog;

/// How many lines the form lists.
const LISTED: usize = 8;

/// Paints the form.
pub(super) fn paint(form: &TermsForm, data: &Data, canvas: &mut Canvas, screen: Rect) {
    let n = form.lines.len();
    let title =
        format!("Add {} as {}", counted(n, "search term"), if n == 1 { "a negative" } else { "negatives" });
    let listed = form.size().min(LISTED) as u16;
    let width = screen.width.saturating_sub(4).min(104);
    let inner = dialog(canvas, screen, width, listed + 10, &title, &Line::new());
    radio(form, data, canvas, row(inner, 0), Field::Match);
    radio(form, data, canvas, row(inner, 1), Field::To);
    let days = form.lines.iter().map(|line| form.sifter.days(line.entry));
    let days = days.reduce(TermPeriod::join);
    let days = days.map_or_else(String::new, |days| {
        format!(" {} terms {}", data.theme.symbols.dot, whatif::dates(days, data))
    });
    canvas.line(row(inner, 3), &Line::of(format!("{}{days}", form.sums()), Role::Text));
    let symbols = data.theme.symbols;
    for (at, (account, new, judgement)) in form.all().take(LISTED).enumerate() {
        let (sign, role) = match judgement.advice() {
            Advice::Stage if judgement.cautions.is_empty() => (symbols.ok, Role::Good),
            Advice::Stage => ("!", Role::Warn),
            Advice::SetState { .. } => ("~", Role::Warn),
            Advice::Refuse => (symbols.failed, Role::Bad),
            _ => ("=", Role::Dim),
        };
        let room = usize::from(inner.width) / 2;
        let text = shown(new.text.raw()).to_string();
        let line = Line::of(format!("{sign} "), role)
            .put(cut(&text, room, symbols.cut).into_owned(), Role::Text)
            .put("  ", Role::Text);
        let answer = form.whatif.of(&Question::of_new(account, new));
        let line = match answer.filter(|_| judgement.advice() == Advice::Stage) {
            Some(answer) => line.join(whatif::line(&answer.parts(), data)),
            None => line.put(TermsForm::says(data, account, judgement), Role::Dim),
        };
        canvas.line(row(inner, 5 + at as u16), &line);
    }
    let more = form.size().saturating_sub(LISTED);
    if more > 0 {
        canvas.line(row(inner, 5 + listed), &Line::of(format!("and {} more", count(more)), Role::Dim));
    }
    let button = match &form.judged {
        Some(_) => format!("[ Stage {} ]", count(form.gather(data).0.add.len())),
        None => "judging".to_owned(),
    };
    let place = row(inner, 7 + listed);
    let here = form.field() == Field::Stage;
    let role = if here { Role::Cursor } else { Role::Accent };
    let cursor = if here { symbols.cursor } else { " " };
    let took = canvas.line(place, &Line::of(format!("{cursor}{button}"), role));
    canvas.hit(Rect { width: took, ..place }, Target::Item(0, 2));
}

fn radio(form: &TermsForm, data: &Data, canvas: &mut Canvas, area: Rect, field: Field) {
    let here = form.field() == field;
    let choices: [(String, bool); 2] = if field == Field::Match {
        [
            ("exact".to_owned(), form.match_type == MatchType::Exact),
            ("phrase".to_owned(), form.match_type == MatchType::Phrase),
        ]
    } else {
        let own = if form.lines.len() == 1 { "its ad group" } else { "each at its own ad group" };
        let campaign = if form.lines.len() == 1 { "its campaign" } else { "each at its campaign" };
        [(own.to_owned(), !form.to_campaign), (campaign.to_owned(), form.to_campaign)]
    };
    let label = if field == Field::Match { "Match" } else { "To" };
    let cursor = if here { data.theme.symbols.cursor } else { " " };
    let mut line = Line::of(format!("{cursor}{label:<7}"), if here { Role::Focus } else { Role::Dim });
    for (text, on) in choices {
        let mark = match (on, data.theme.ascii) {
            (true, false) => "(•) ",
            (true, true) => "(*) ",
            (false, _) => "( ) ",
        };
        line = line.put(format!("{mark}{text}   "), if on { Role::Text } else { Role::Dim });
    }
    canvas.line(area, &line);
    let item = usize::from(field == Field::To);
    canvas.hit(area, Target::Item(0, item));
}
