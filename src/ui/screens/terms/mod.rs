//! Search terms: what people searched before an ad was shown, what it cost and brought, whether it is blocked and by what.
//! Opens on what is waste. This file has the state and what is done to it; `part` takes actions and keys, [`view`]
//! paints, [`rows`] keeps the result of the query, [`words`] the runs of words.

pub mod marks;
mod part;
pub mod rows;
#[cfg(test)]
mod tests;
pub mod view;
pub mod words;

use strum::VariantArray;

use self::rows::Lines;
use self::words::Words;
use crate::domain::sift::{Column, View};
use crate::domain::text::shown;
use crate::ui::canvas::counted;
use crate::ui::data::Data;
use crate::ui::effect::{Effect, WordsWanted};
use crate::ui::overlays::Overlay;
use crate::ui::overlays::menu::{Item, Menu};
use crate::ui::overlays::review::ReviewForm;
use crate::ui::overlays::terms_form::TermsForm;
use crate::ui::part::{Available, Cx, Want};

/// The most lines that one action is about.
const MOST_AT_ONCE: usize = 10_000;

/// The state of the screen.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// The lines.
    pub lines: Lines,
    /// Runs of words, instead of the lines while they are open.
    pub words: Option<Words>,
    /// How many lines were waste when that was last looked up.
    waste: usize,
}

impl Terms {
    /// How many lines are waste, as far as it is known.
    pub fn waste(&self) -> usize {
        self.waste
    }

    /// Sorts by a column; the column it is sorted by already turns round.
    pub fn sort_by(&mut self, cx: &mut Cx, column: Column) {
        self.lines.sort_by(column);
        self.lines.query(cx);
    }

    /// Why nothing can be done with lines now.
    fn on_line(&self, data: &Data) -> Available {
        if self.words.is_some() {
            return Available::no("Go back to the search terms first (esc)");
        }
        if data.terms.value().is_none() {
            return Available::no("The search terms are still loading");
        }
        Available::when(!self.lines.is_empty(), "There is no search term here")
    }

    fn few(&self, data: &Data) -> Available {
        match self.on_line(data) {
            Available::Ready if self.lines.marks.len() > MOST_AT_ONCE => {
                Available::no("More than 10,000 are marked: mark fewer at a time")
            }
            other => other,
        }
    }

    fn add(&mut self, cx: &mut Cx) {
        let Some(sifter) = self.lines.sifter().cloned() else { return };
        let form = TermsForm::new(cx, sifter, self.lines.subjects());
        cx.open(Overlay::Terms(Box::new(form)));
    }

    fn review(&mut self, cx: &mut Cx) {
        cx.open(Overlay::Review(ReviewForm::new(self.lines.keys())));
        self.lines.unmark();
    }

    fn next_view(&mut self, cx: &mut Cx) {
        let at = View::VARIANTS.iter().position(|view| *view == self.lines.view).unwrap_or(0);
        self.lines.view = View::VARIANTS[(at + 1) % View::VARIANTS.len()];
        cx.say(format!("{}: {}", self.lines.view.title(), self.lines.view.says()));
        self.lines.query(cx);
    }

    /// The runs of words of all lines in sight.
    fn open_words(&mut self, cx: &mut Cx) {
        let wanted = WordsWanted::Lines(self.lines.wanted());
        let title = format!("Words of {}", counted(self.lines.len(), "search term"));
        self.ask_words(cx, wanted, title);
    }

    /// The runs of words of the term under the cursor.
    fn open_term(&mut self, cx: &mut Cx) {
        let (Some(sifter), Some(line)) = (self.lines.sifter(), self.lines.under_cursor()) else { return };
        let text = shown(sifter.terms().written(line.text)).to_string();
        let wanted = WordsWanted::Term(sifter.key(line.entry));
        self.ask_words(cx, wanted, format!("Words of \"{text}\", in the whole account"));
    }

    fn ask_words(&mut self, cx: &mut Cx, wanted: WordsWanted, title: String) {
        let ticket = cx.ticket();
        let in_sight = matches!(wanted, WordsWanted::Lines(_));
        self.words = Some(Words::new(title, in_sight, ticket, cx.data.clock.monotonic));
        cx.emit(Effect::SumWords(ticket, Box::new(wanted)));
    }

    /// The terms in which a run of words stands: those among which it was counted.
    fn terms_of_run(&mut self, cx: &mut Cx) {
        let Some(words) = &self.words else { return };
        let Some(run) = words.under_cursor() else { return };
        let mut text = format!("\"{}\"", run.text.replace('"', ""));
        if words.in_sight && self.lines.is_filtered() {
            text = format!("{} {text}", self.lines.filter.text());
        } else if !words.in_sight {
            self.lines.view = View::All;
        }
        self.words = None;
        self.lines.filter_by(&text);
        self.lines.query(cx);
    }

    fn back(&mut self, cx: &mut Cx) {
        if self.words.take().is_some() || self.lines.end_range() {
            return;
        }
        if self.lines.is_filtered() {
            self.lines.clear_filter();
            self.lines.query(cx);
        } else if !self.lines.marks.is_empty() {
            self.lines.unmark();
        } else if self.lines.view != View::default() {
            self.lines.view = View::default();
            self.lines.query(cx);
        }
    }

    fn sort_menu(&self, cx: &mut Cx) {
        let order = self.lines.order;
        let items = Column::VARIANTS.iter().map(|column| Item {
            label: column.title().to_owned(),
            note: if *column == order.column { "now; again turns it round".to_owned() } else { String::new() },
            wants: vec![Want::SortTerms(*column)],
        });
        let at = Column::VARIANTS.iter().position(|column| *column == order.column).unwrap_or(0);
        cx.open(Overlay::Menu(Menu::new("Sort by", items.collect(), at)));
    }

    fn copy(&self, cx: &mut Cx) {
        let text = match (&self.words, self.lines.sifter().zip(self.lines.under_cursor())) {
            (Some(words), _) => words.under_cursor().map(|run| run.text.clone()),
            (None, Some((sifter, line))) => Some(sifter.terms().written(line.text).to_owned()),
            (None, None) => None,
        };
        if let Some(text) = text {
            cx.say(format!("Copied: {}", shown(&text)));
            cx.emit(Effect::Copy(text));
        }
    }
}
