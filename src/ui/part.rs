//! What a screen and an overlay are to the rest: one trait, and [`Cx`], through which a part asks for what lies
//! outside it. A part changes only itself; everything else it wants is a [`Want`], carried out after it returns.

use std::collections::VecDeque;
use std::time::Duration;

use crossterm::event::KeyEvent;
use ratatui::layout::Rect;

use super::action::Action;
use super::canvas::{Canvas, Line};
use super::data::{AccountNow, Data};
use super::effect::{Effect, Sending, Staging};
use super::keymap::Context;
use super::msg::{Progress, Reply};
use super::overlays::Overlay;
use super::remote::{Ticket, Tickets};
use super::screens::ScreenId;
use super::toast::Toast;
use crate::domain::account::Identity;
use crate::domain::catalog::{Column, Scope};
use crate::domain::ids::OperationId;
use crate::domain::problem::Problem;
use crate::domain::term::{Review, ReviewKey};

/// Whether an action can be done now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Available {
    /// It can.
    Ready,
    /// It cannot; the reason is a sentence that ends without a full stop.
    Disabled(String),
}

impl Available {
    /// Not possible, for this reason.
    pub fn no(reason: impl Into<String>) -> Self {
        Self::Disabled(reason.into())
    }

    /// Possible if this holds, else not for this reason.
    pub fn when(holds: bool, reason: impl Into<String>) -> Self {
        if holds { Self::Ready } else { Self::no(reason) }
    }
}

/// Something that a part asks for and that lies outside it.
#[derive(Clone, Debug)]
pub enum Want {
    /// An order to the shell.
    Emit(Effect),
    /// Opens an overlay over everything.
    Open(Box<Overlay>),
    /// Closes the topmost overlay.
    Close,
    /// Goes to a screen.
    Go(ScreenId),
    /// Performs an action as if its key were pressed.
    Act(Action),
    /// Says something.
    Say(Toast),
    /// Brings every search term into memory, anew if they are there.
    LoadTerms,
    /// Remembers what was looked at among the search terms, or forgets it.
    Review(Vec<(ReviewKey, Option<Review>)>),
    /// Shows the findings of one account alone, or of all.
    NarrowAudit(Option<Identity>),
    /// Sorts the search terms by this column.
    SortTerms(crate::domain::sift::Column),
    /// Changes staging (and can be taken back with `u`), and says this when it is done.
    Stage(Box<Staging>, String),
    /// Shows this place in Browse.
    Focus(Scope),
    /// Sorts Browse by this column.
    Sort(Column),
    /// Sends what was confirmed of the plan in sight.
    Send(Box<Sending>),
    /// Shows an operation in History.
    Past(OperationId),
}

/// What a part gets while it handles something.
pub struct Cx<'a> {
    /// What the shell has told.
    pub data: &'a Data,
    pub(super) tickets: &'a mut Tickets,
    pub(super) wants: &'a mut VecDeque<Want>,
}

impl Cx<'_> {
    /// A new ticket.
    pub fn ticket(&mut self) -> Ticket {
        self.tickets.draw()
    }

    /// Asks for something.
    pub fn want(&mut self, want: Want) {
        self.wants.push_back(want);
    }

    /// Orders something from the shell.
    pub fn emit(&mut self, effect: Effect) {
        self.want(Want::Emit(effect));
    }

    /// Opens an overlay.
    pub fn open(&mut self, overlay: Overlay) {
        self.want(Want::Open(Box::new(overlay)));
    }

    /// Closes the topmost overlay.
    pub fn close(&mut self) {
        self.want(Want::Close);
    }

    /// Says something for a moment.
    pub fn say(&mut self, text: impl Into<String>) {
        self.want(Want::Say(Toast::note(text)));
    }

    /// Says what went wrong; it stays until dismissed.
    pub fn fail(&mut self, problem: Problem) {
        self.want(Want::Say(Toast::Failure(problem)));
    }

    /// Changes staging; `u` takes it back.
    pub fn stage(&mut self, staging: Staging, say: impl Into<String>) {
        self.want(Want::Stage(Box::new(staging), say.into()));
    }
}

/// Something in the data that has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// There is a newer snapshot.
    Catalog,
    /// Something was staged or unstaged.
    Staged,
    /// There are newer search terms.
    Terms,
    /// There is a newer audit, or findings were ignored.
    Audit,
}

/// A screen or an overlay.
#[expect(unused_variables, reason = "most parts need few of these")]
pub trait Part {
    /// Where its keys are looked up, innermost first; `Global` and `Always` are added for screens.
    fn contexts(&self, data: &Data) -> Vec<Context>;

    /// The actions that the footer shows, the most useful first.
    fn hints(&self, data: &Data) -> Vec<Action>;

    /// Whether it can do an action now; only asked for actions that are not the whole program's.
    fn available(&self, data: &Data, action: Action) -> Available;

    /// Does an action that is available.
    fn act(&mut self, cx: &mut Cx, action: Action);

    /// Whether a text field has focus: keys then go to [`Part::type_key`] first.
    fn editing(&self) -> bool {
        false
    }

    /// Takes a key into the text field with focus; false if it is none for it.
    fn type_key(&mut self, cx: &mut Cx, key: KeyEvent) -> bool {
        false
    }

    /// Takes pasted text.
    fn paste(&mut self, cx: &mut Cx, text: &str) {}

    /// An item of one of its lists was clicked.
    fn click(&mut self, cx: &mut Cx, list: u8, item: usize) {}

    /// The wheel turned over one of its lists.
    fn wheel(&mut self, cx: &mut Cx, list: u8, rows: isize) {}

    /// A request was answered, maybe another part's: look whether the ticket is awaited.
    fn reply(&mut self, cx: &mut Cx, ticket: Ticket, reply: &Result<Reply, Problem>) {}

    /// A request is under way, maybe another part's.
    fn progress(&mut self, cx: &mut Cx, ticket: Ticket, progress: &Progress) {}

    /// Something in the data has changed.
    fn changed(&mut self, cx: &mut Cx, what: Changed) {}

    /// It comes into sight.
    fn shown(&mut self, cx: &mut Cx) {}

    /// It goes out of sight.
    fn hidden(&mut self, cx: &mut Cx) {}

    /// How many panes `tab` goes through, and which one has focus.
    fn panes(&self, data: &Data) -> (usize, usize) {
        (1, 0)
    }

    /// Gives focus to a pane.
    fn focus_pane(&mut self, data: &Data, pane: usize) {}

    /// Sets scroll offsets for an area; the view paints into the same.
    fn layout(&mut self, data: &Data, area: Rect);

    /// Paints it.
    fn paint(&self, data: &Data, canvas: &mut Canvas, area: Rect);

    /// What the thing under the cursor means: the first lines of the help.
    fn about(&self, data: &Data) -> Vec<Line> {
        Vec::new()
    }

    /// Where the person is, for the header.
    fn trail(&self, data: &Data) -> Vec<String> {
        Vec::new()
    }

    /// What stands in the footer before the palette's hint, such as "12 marked, 3 hidden".
    fn status(&self, data: &Data) -> Line {
        Line::new()
    }

    /// The account that actions without another subject are about.
    fn account<'d>(&self, data: &'d Data) -> Option<&'d AccountNow> {
        None
    }

    /// Since when it waits for something that deserves a spinner.
    fn waiting(&self, data: &Data) -> Option<Duration> {
        None
    }
}
