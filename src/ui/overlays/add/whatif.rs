//! What the form says of search terms: beside each line what it would block, in all what the lines would, and the list
//! of those terms. Asked of the shell with every change, so that no key waits for it.

use super::{AddForm, Field};
use crate::domain::negative::{Kind, State};
use crate::domain::simulate::{Answer, Question};
use crate::ui::canvas::{Line, counted};
use crate::ui::data::Data;
use crate::ui::part::{Available, Cx};
use crate::ui::theme::Role;
use crate::ui::whatif::{MOST, dates, join, line};

impl AddForm {
    /// Whether it can be known what the lines would block.
    fn asks(&self) -> bool {
        self.sort.kind != Kind::Brand && self.sort.state == State::Enabled
    }

    /// Whether there are too many lines at places to ask them one by one.
    fn is_long(&self) -> bool {
        self.sheet.size() > MOST
    }

    /// Asks what the lines would block, where that can be known: all of them, or of a long list those around the cursor.
    pub(super) fn wonder(&mut self, cx: &mut Cx) {
        let all = 0..self.sheet.entries.len();
        let asked = if self.is_long() { self.around() } else { all };
        let questions = if self.asks() { self.questions(asked) } else { Vec::new() };
        self.whatif.ask(cx, questions);
    }

    /// Asks what a long list would block in all. The shell makes the questions: there may be very many.
    pub(super) fn sum_up(&mut self, cx: &mut Cx) {
        let grid = (self.asks() && self.is_long() && self.sheet.size() <= super::sheet::MOST)
            .then(|| self.sheet.grid(self.sort));
        self.whatif.sum_up(cx, grid);
    }

    /// The lines around the cursor, as many as can be asked one by one. In steps, so that not every move asks anew.
    fn around(&self) -> std::ops::Range<usize> {
        let len = self.sheet.entries.len();
        let most = MOST / self.sheet.targets.len().max(1);
        if most == 0 {
            // Even one line has too many places.
            return 0..0;
        }
        let at = self.sheet.entries.partition_point(|entry| entry.row < self.lines.cursor().0);
        let step = (most / 2).max(1);
        let first = (at / step * step).saturating_sub(step / 2);
        first..(first + most).min(len)
    }

    fn questions(&self, entries: std::ops::Range<usize>) -> Vec<Question> {
        let places = |entry: usize| (0..self.sheet.targets.len()).map(move |target| (entry, target));
        entries.flat_map(places).map(|(entry, target)| self.question(entry, target)).collect()
    }

    fn question(&self, entry: usize, target: usize) -> Question {
        let new = self.sheet.new_negative(entry, target, self.sort);
        Question::of_new(&self.sheet.targets[target].account, &new)
    }

    /// What a line would block, over all its places; `None` until that is known, and where it would not be staged.
    pub(super) fn answer(&self, entry: usize) -> Option<Answer> {
        if self.sheet.tally(entry).stage == 0 {
            return None;
        }
        let questions = (0..self.sheet.targets.len()).map(|target| self.question(entry, target));
        let answers: Option<Vec<&Answer>> = questions.map(|question| self.whatif.of(&question)).collect();
        join(answers?)
    }

    /// What is said of a line: what the platform's rules say, unless it is fine, and what it would block.
    pub(super) fn said(&self, data: &Data, entry: usize, role: Role) -> Line {
        let judged = self.sheet.says(entry, data, self.overlay()).swap_remove(0);
        let answer = self.answer(entry).filter(|answer| answer.days.is_some());
        match answer {
            None => Line::of(judged, role),
            Some(answer) if judged == "fine" => line(&answer.parts(), data),
            Some(answer) => Line::of(judged, role)
                .put(format!(" {} ", data.theme.symbols.dot), Role::Dim)
                .join(line(&answer.parts(), data)),
        }
    }

    /// The title above what is said: the days that the money is of.
    pub(super) fn said_title(&self, data: &Data) -> String {
        let dot = data.theme.symbols.dot;
        match self.whatif.days() {
            Some(period) => format!("As you type {dot} terms {}", dates(period, data)),
            None if self.whatif.problem().is_some() => {
                format!("As you type {dot} search terms cannot be read")
            }
            None if self.whatif.is_answered() => "As you type; search terms are not loaded".to_owned(),
            None => "As you type".to_owned(),
        }
    }

    /// What a narrow form says behind the words of a line: of which days the money is.
    pub(super) fn said_of(&self, data: &Data, entry: usize) -> Option<String> {
        let answer = self.answer(entry)?;
        Some(match answer.days {
            Some(period) => format!("terms {}", dates(period, data)),
            None => "no search terms loaded".to_owned(),
        })
    }

    /// What all lines would block together, a row that two of them block once.
    pub(super) fn in_all(&self, data: &Data) -> Line {
        let mut all = Line::new();
        if self.sheet.entries.len() < 2 {
            return all;
        }
        for total in self.whatif.totals() {
            let before = if all.0.is_empty() { "all: " } else { "; " };
            all = all.put(before, Role::Dim).join(line(&total.parts(), data));
        }
        all
    }

    /// Whether there are terms to list.
    pub(super) fn can_list(&self) -> Available {
        match (self.whatif.is_answered(), self.is_long(), self.under_cursor()) {
            (false, false, _) => Available::no("Nothing is typed yet"),
            // The terms of many thousand lines are no list to read.
            (_, true, None) => Available::no("Go to a line that blocks something"),
            _ => self.whatif.can_list(),
        }
    }

    /// The line under the cursor, where it would block something.
    fn under_cursor(&self) -> Option<usize> {
        let under = self.sheet.entry_at(self.lines.cursor().0).filter(|_| self.focus == Field::Text);
        under.filter(|entry| self.answer(*entry).is_some_and(|answer| !answer.is_nothing()))
    }

    /// Asks for the terms of the line under the cursor, or of all lines where it would block none.
    pub(super) fn list_terms(&mut self, cx: &mut Cx) {
        let (questions, what) = match self.under_cursor() {
            Some(entry) => {
                (self.questions(entry..entry + 1), self.sheet.entries[entry].text.shown().to_string())
            }
            None => (self.questions(0..self.sheet.entries.len()), counted(self.sheet.entries.len(), "line")),
        };
        self.listing.ask(cx, what, questions);
    }
}
