//! What the plan says of search terms: per addition what it would block, and in all. Asked of the shell when a plan
//! comes, so that no key waits for it.

use super::{PlanScreen, words};
use crate::domain::account::Identity;
use crate::domain::change::Change;
use crate::domain::negative::{Kind, State};
use crate::domain::plan::PlannedChange;
use crate::domain::simulate::{Answer, Question, Tone};
use crate::ui::canvas::Line;
use crate::ui::data::Data;
use crate::ui::part::{Available, Cx};
use crate::ui::theme::Role;
use crate::ui::whatif::{dates, line};

impl PlanScreen {
    /// Asks what the additions of the plan would block.
    pub(super) fn wonder(&mut self, cx: &mut Cx) {
        let plan = self.plan.value().filter(|_| !cx.data.staged.is_empty());
        let parts = plan.into_iter().flat_map(|plan| &plan.accounts);
        let questions = parts.flat_map(|part| {
            part.changes
                .iter()
                .filter(|one| one.problem.is_none())
                .filter_map(|one| question(&part.account, one))
        });
        let questions: Vec<Question> = questions.collect();
        self.whatif.ask(cx, questions);
    }

    /// What a change would block; `None` for what blocks nothing new, and until it is known.
    pub(super) fn answer(&self, account: &Identity, change: &PlannedChange) -> Option<&Answer> {
        let answer = self.whatif.of(&question(account, change)?)?;
        answer.days.is_some().then_some(answer)
    }

    /// Whether there are search terms to list for the change under the cursor.
    pub(super) fn can_list(&self) -> Available {
        let asked = self.row().and_then(|row| question(&row.account, &row.change));
        if asked.is_some() { self.whatif.can_list() } else { Available::no("This blocks nothing new") }
    }

    /// Lists the search terms that the change under the cursor would block.
    pub(super) fn list_terms(&mut self, cx: &mut Cx) {
        let Some(row) = self.row() else { return };
        let (what, question) = (words::text(&row.change.change), question(&row.account, &row.change));
        self.listing.ask(cx, what, question.into_iter().collect());
    }

    /// What all additions would block together; `None` where that is nothing to say.
    pub(super) fn total(&self, data: &Data) -> Option<Line> {
        let period = self.whatif.days()?;
        let dot = data.theme.symbols.dot;
        let mut said = Line::of(format!("terms {}", dates(period, data)), Role::Dim);
        for total in self.whatif.totals() {
            said = said.put(format!(" {dot} "), Role::Dim).join(line(&total.parts(), data));
        }
        (said.0.len() > 1).then_some(said)
    }
}

fn question(account: &Identity, change: &PlannedChange) -> Option<Question> {
    match &change.change {
        Change::Add { new } if new.state == State::Enabled && new.kind != Kind::Brand => {
            Some(Question::of_new(account, new))
        }
        // Switched on again it blocks what it blocked: all rows of its scope count.
        Change::SetState { target, to: State::Enabled } if target.kind != Kind::Brand => {
            Some(Question::of_existing(account, target, None))
        }
        _ => None,
    }
}

/// An answer for a narrow column: `blocks 31 terms, had 5 orders, $211.00`, and whether orders are at stake.
pub(super) fn brief(answer: &Answer) -> (String, bool) {
    let parts = answer.parts();
    let danger = parts.iter().any(|part| part.tone == Tone::Danger);
    // The money that was spent stands in the details; what was earned stays.
    let kept = parts.iter().filter(|part| !part.text.starts_with("cost ") && part.text != "0 orders");
    (kept.map(|part| part.text.as_str()).collect::<Vec<_>>().join(", "), danger)
}
