//! The search terms as a part of the screen: contexts, hints, what can be done and why not, and where each action, key
//! and answer goes. What they then do stands in [`super`].

use std::sync::Arc;

use crossterm::event::KeyEvent;
use ratatui::layout::Rect;

use super::{Terms, rows, view, words};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::sift::View;
use crate::ui::action::Action;
use crate::ui::canvas::{Canvas, Line, counted};
use crate::ui::data::{AccountNow, Data};
use crate::ui::effect::Effect;
use crate::ui::keymap::Context;
use crate::ui::msg::Reply;
use crate::ui::part::{Available, Changed, Cx, Part, Want};
use crate::ui::remote::{Remote, Ticket};
use crate::ui::theme::Role;
use crate::ui::widgets::list::ListState;
use crate::ui::widgets::table;

impl Part for Terms {
    fn contexts(&self, _: &Data) -> Vec<Context> {
        if self.lines.filter.typing { vec![Context::Filter] } else { vec![Context::Terms, Context::List] }
    }

    fn hints(&self, data: &Data) -> Vec<Action> {
        if self.lines.filter.typing {
            return vec![Action::Open, Action::Back];
        }
        if self.words.is_some() {
            return vec![Action::Open, Action::Back, Action::Copy];
        }
        let mut hints = vec![Action::Mark, Action::Add, Action::Review, Action::Filter, Action::NextView];
        if !data.staged.is_empty() {
            hints.extend([Action::GoPlan, Action::Undo]);
        }
        hints.extend([Action::Words, Action::Open, Action::Sort]);
        hints
    }

    fn available(&self, data: &Data, action: Action) -> Available {
        let loaded = || Available::when(data.terms.value().is_some(), "The search terms are still loading");
        match action {
            Action::Add | Action::Review => self.few(data),
            Action::Mark | Action::MarkRange | Action::MarkInvert => self.on_line(data),
            Action::CopyRows => match self.on_line(data) {
                Available::Ready if self.lines.marks.len() > rows::MOST_COPIED => {
                    Available::no("More than 1,000 lines: use `unbid terms list --format csv`")
                }
                other => other,
            },
            Action::Filter | Action::Sort | Action::SortReverse | Action::NextView | Action::Words => {
                if self.words.is_some() {
                    return Available::no("Go back to the search terms first (esc)");
                }
                loaded()
            }
            Action::Copy => {
                let there = self.words.as_ref().map_or(!self.lines.is_empty(), |words| !words.is_empty());
                Available::when(there, "There is nothing to copy")
            }
            Action::Left
            | Action::Right
            | Action::Open
            | Action::Back
            | Action::ColumnsLeft
            | Action::ColumnsRight => Available::Ready,
            _ => Available::when(ListState::moves(action), "Not on this screen"),
        }
    }

    fn act(&mut self, cx: &mut Cx, action: Action) {
        match action {
            Action::Open if self.lines.filter.typing => self.lines.filter.typing = false,
            Action::Back if self.lines.filter.typing => {
                self.lines.clear_filter();
                self.lines.query(cx);
            }
            Action::Back | Action::Left => self.back(cx),
            Action::Open | Action::Right => match self.words {
                Some(_) => self.terms_of_run(cx),
                None => self.open_term(cx),
            },
            Action::Filter => self.lines.filter.typing = true,
            Action::Sort => self.sort_menu(cx),
            Action::SortReverse => self.sort_by(cx, self.lines.order.column),
            Action::NextView => self.next_view(cx),
            Action::Words => self.open_words(cx),
            Action::Add => self.add(cx),
            Action::Review => self.review(cx),
            Action::Copy => self.copy(cx),
            Action::CopyRows => {
                let (csv, n) = self.lines.csv();
                cx.say(format!("Copied {} as CSV", counted(n, "line")));
                cx.emit(Effect::Copy(csv));
            }
            _ => match &mut self.words {
                Some(words) => {
                    let len = words.len();
                    words.list.act(action, len);
                }
                None => self.lines.act(action),
            },
        }
    }

    fn editing(&self) -> bool {
        self.lines.filter.typing
    }

    fn type_key(&mut self, cx: &mut Cx, key: KeyEvent) -> bool {
        let taken = self.lines.filter.key(key);
        if taken {
            self.lines.query(cx);
        }
        taken
    }

    fn paste(&mut self, cx: &mut Cx, text: &str) {
        if self.lines.filter.typing {
            self.lines.filter.paste(text);
            self.lines.query(cx);
        }
    }

    fn click(&mut self, _: &mut Cx, list: u8, item: usize) {
        match &mut self.words {
            Some(words) if list == words::LIST => words.list.cursor = item,
            _ => self.lines.put(item),
        }
    }

    fn wheel(&mut self, _: &mut Cx, _: u8, rows: isize) {
        if let Some(words) = &mut self.words {
            let len = words.len();
            words.list.wheel(rows, len);
        } else {
            let len = self.lines.len();
            self.lines.list.wheel(rows, len);
        }
    }

    fn reply(&mut self, cx: &mut Cx, ticket: Ticket, reply: &Result<Reply, Problem>) {
        match reply {
            Ok(Reply::Lines(found)) => {
                if self.lines.take(ticket, found) && self.lines.view == View::Waste {
                    self.waste = found.rows.total();
                }
            }
            Ok(Reply::Words(words)) => {
                if let Some(open) = &mut self.words {
                    open.take(ticket, Ok(Arc::clone(words)));
                }
            }
            Err(problem) => {
                let mut ours = self.lines.failed(ticket, problem);
                if let Some(open) = &mut self.words {
                    ours |= open.take(ticket, Err(problem.clone()));
                }
                if ours && problem.kind != ProblemKind::Cancelled {
                    cx.fail(problem.clone());
                }
            }
            Ok(_) => {}
        }
    }

    fn changed(&mut self, cx: &mut Cx, what: Changed) {
        match what {
            Changed::Terms => self.lines.query(cx),
            Changed::Staged => self.lines.unmark(),
            Changed::Catalog => self.words = None,
            Changed::Audit => {}
        }
    }

    fn shown(&mut self, cx: &mut Cx) {
        let failed = cx.data.terms.problem().is_some() && cx.data.terms.since().is_none();
        if matches!(cx.data.terms, Remote::Absent) || failed {
            cx.want(Want::LoadTerms);
        }
    }

    fn layout(&mut self, data: &Data, area: Rect) {
        let areas = view::areas(data, area);
        let height = table::rows_in(areas.table);
        let len = self.lines.len();
        self.lines.list.fit(len, height);
        if let Some(words) = &mut self.words {
            let len = words.len();
            words.list.fit(len, height);
        }
    }

    fn paint(&self, data: &Data, canvas: &mut Canvas, area: Rect) {
        view::paint(self, data, canvas, area);
    }

    fn trail(&self, _: &Data) -> Vec<String> {
        vec!["Search terms".to_owned()]
    }

    fn status(&self, _: &Data) -> Line {
        match (self.lines.range_len(), self.lines.marks.len()) {
            (Some(n), _) => Line::of(format!("range of {n}: v or space marks it"), Role::Mark),
            (None, 0) => Line::new(),
            (None, n) => Line::of(format!("{n} marked, {} hidden", self.lines.hidden()), Role::Mark),
        }
    }

    fn account<'d>(&self, data: &'d Data) -> Option<&'d AccountNow> {
        let (sifter, line) = self.lines.sifter().zip(self.lines.under_cursor())?;
        data.account(&sifter.catalog().account(sifter.account_of(&line)).identity)
    }

    fn waiting(&self, data: &Data) -> Option<std::time::Duration> {
        let words = self.words.as_ref().and_then(words::Words::since);
        words.or_else(|| self.lines.since()).or_else(|| data.terms.since())
    }
}
