//! Everything a person can ask for: its id, title, group, whether it writes, whether it is dangerous.
//! Keys are not here: they are in `assets/keymap.toml`. Whether it can be done now: [`available`](super::available).

use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// What a person asks for. Its id in the keymap is its name in kebab case.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Display, EnumString, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "kebab-case")]
#[expect(missing_docs, reason = "each variant's title stands once, in `info`")]
pub enum Action {
    Up,
    Down,
    HalfUp,
    HalfDown,
    PageUp,
    PageDown,
    Top,
    Bottom,
    Left,
    Right,
    Open,
    Back,
    NextPane,
    PrevPane,
    ColumnsLeft,
    ColumnsRight,
    GoBrowse,
    GoTerms,
    GoAudit,
    GoPlan,
    GoHistory,
    GoLog,
    GoAccounts,
    Filter,
    Palette,
    Help,
    Sort,
    SortReverse,
    Mark,
    MarkRange,
    MarkInvert,
    Add,
    Edit,
    Toggle,
    Remove,
    Undo,
    Redo,
    CopyTo,
    Fix,
    Ignore,
    Narrow,
    StageForm,
    BlockedTerms,
    NextView,
    Words,
    Review,
    MatchExact,
    MatchPhrase,
    Send,
    Pick,
    DropChange,
    Requests,
    RetryFailed,
    Settle,
    StopSending,
    Copy,
    CopyRows,
    Refresh,
    RefreshAll,
    Check,
    AddAccount,
    FetchTerms,
    StopSync,
    Mouse,
    Quit,
    QuitNow,
}

/// Where an action stands in the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Display, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "title_case")]
pub enum Group {
    /// Moving about.
    Move,
    /// Screens.
    Screens,
    /// Finding.
    Find,
    /// Marking rows.
    Mark,
    /// What stages; nothing is sent.
    Change,
    /// The plan, and sending it.
    Send,
    /// Copying and refreshing.
    Data,
    /// The program itself.
    Program,
}

/// What is known of an action whatever the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Info {
    /// What it does, for help and palette.
    pub title: &'static str,
    /// A word or two, for the footer.
    pub short: &'static str,
    /// Where it stands in the help.
    pub group: Group,
    /// It stages or sends: off in read-only mode.
    pub writes: bool,
    /// It sends, or loses something: never on a control key.
    pub danger: bool,
}

impl Info {
    const fn new(group: Group, short: &'static str, title: &'static str) -> Self {
        Self { title, short, group, writes: false, danger: false }
    }

    const fn writes(mut self) -> Self {
        self.writes = true;
        self
    }

    const fn danger(mut self) -> Self {
        self.danger = true;
        self
    }
}

impl Action {
    /// What it does, in a word, where a form or a dialog is in front of the screen.
    pub fn short_in_front(self) -> &'static str {
        match self {
            Self::Open => "accept",
            Self::NextPane => "next",
            Self::Down => "move",
            _ => self.info().short,
        }
    }

    /// Its title, group and flags.
    pub const fn info(self) -> Info {
        use Group::{Change, Data, Find, Move, Program, Screens};
        match self {
            Self::Up => Info::new(Move, "up", "Up"),
            Self::Down => Info::new(Move, "down", "Down"),
            Self::HalfUp => Info::new(Move, "half up", "Half a page up"),
            Self::HalfDown => Info::new(Move, "half down", "Half a page down"),
            Self::PageUp => Info::new(Move, "page up", "A page up"),
            Self::PageDown => Info::new(Move, "page down", "A page down"),
            Self::Top => Info::new(Move, "top", "To the first row"),
            Self::Bottom => Info::new(Move, "end", "To the last row"),
            Self::Left => Info::new(Move, "campaigns", "Left: close the node, or to the campaigns"),
            Self::Right => Info::new(Move, "right", "Right: open the node, or to the negatives"),
            Self::Open => Info::new(Move, "open", "Open, drill in, accept"),
            Self::Back => Info::new(Move, "back", "Back: close, clear the filter, leave"),
            Self::NextPane => Info::new(Move, "pane", "Next pane or field, the footer's hints among them"),
            Self::PrevPane => Info::new(Move, "pane back", "Previous pane or field"),
            Self::ColumnsLeft => Info::new(Move, "columns", "Scroll the columns left"),
            Self::ColumnsRight => Info::new(Move, "columns", "Scroll the columns right"),
            Self::GoBrowse => Info::new(Screens, "browse", "Browse accounts, campaigns, negatives"),
            Self::GoTerms => Info::new(Screens, "terms", "Search terms"),
            Self::GoAudit => Info::new(Screens, "audit", "Audit"),
            Self::GoPlan => Info::new(Screens, "plan", "Plan: what would be sent"),
            Self::GoHistory => Info::new(Screens, "history", "History of what was sent"),
            Self::GoLog => Info::new(Screens, "log", "Log of requests and errors"),
            Self::GoAccounts => Info::new(Screens, "accounts", "Accounts and their state"),
            Self::Filter => Info::new(Find, "filter", "Filter the rows"),
            Self::Palette => Info::new(Find, "palette", "Find any action or place"),
            Self::Help => Info::new(Find, "help", "All keys of this screen"),
            Self::Sort => Info::new(Find, "sort", "Sort by a column"),
            Self::SortReverse => Info::new(Find, "reverse", "Reverse the order"),
            Self::Mark => Info::new(Group::Mark, "mark", "Mark the row and move down"),
            Self::MarkRange => Info::new(Group::Mark, "range", "Mark a range: here to there"),
            Self::MarkInvert => Info::new(Group::Mark, "invert", "Invert the marks among the filtered rows"),
            Self::Add => Info::new(Change, "add", "Add negatives").writes(),
            Self::Edit => Info::new(Change, "edit", "Edit the negative").writes(),
            Self::Toggle => Info::new(Change, "on/off", "Switch on or off").writes(),
            Self::Remove => Info::new(Change, "remove", "Remove; on a staged row: unstage").writes(),
            Self::Undo => Info::new(Change, "undo", "Take back: the last staging, else what was sent").writes(),
            Self::Redo => Info::new(Change, "redo", "Stage again what was taken back").writes(),
            Self::CopyTo => Info::new(Change, "copy to", "Copy the marked to other scopes").writes(),
            Self::Fix => Info::new(Change, "fix", "Stage the fix of the finding").writes(),
            Self::Ignore => {
                Info::new(Change, "ignore", "Ignore the finding, with a reason; or take that back").writes()
            }
            Self::Narrow => Info::new(Find, "account", "Only one account, or all"),
            Self::StageForm => Info::new(Change, "stage", "Stage what the form holds").writes(),
            Self::BlockedTerms => Info::new(Change, "blocked terms", "The search terms that would be blocked"),
            Self::NextView => Info::new(Find, "view", "The next saved view: waste or open, all"),
            Self::Words => Info::new(Find, "words", "Runs of one to four words, with their sums"),
            Self::Review => Info::new(Group::Mark, "reviewed", "Mark as reviewed, or put off, with a reason"),
            Self::MatchExact => Info::new(Change, "exact", "Make it an exact negative"),
            Self::MatchPhrase => Info::new(Change, "phrase", "Make it a phrase negative"),
            Self::Send => {
                Info::new(Group::Send, "send", "Send the picked changes, or this account's").writes().danger()
            }
            Self::Pick => Info::new(Group::Send, "pick", "Pick the change for sending"),
            Self::DropChange => Info::new(Group::Send, "drop", "Drop the change from staging").writes(),
            Self::Requests => Info::new(Group::Send, "requests", "The exact requests"),
            Self::RetryFailed => {
                Info::new(Group::Send, "retry failed", "Stage just the failed ones again").writes()
            }
            Self::Settle => Info::new(Group::Send, "settle", "Ask what became of changes without an answer"),
            Self::StopSending => Info::new(Group::Send, "stop", "Stop after the request in flight").danger(),
            Self::Copy => Info::new(Data, "copy", "Copy the value"),
            Self::CopyRows => Info::new(Data, "copy rows", "Copy the marked rows, or this one, as CSV"),
            Self::Refresh => Info::new(Data, "refresh", "Refresh this account from its platform"),
            Self::RefreshAll => Info::new(Data, "refresh all", "Refresh every account"),
            Self::Check => Info::new(Data, "check", "Check that this account can be reached and used"),
            Self::AddAccount => Info::new(Data, "add account", "How to add an account"),
            Self::FetchTerms => Info::new(Data, "fetch terms", "Fetch the search terms of every account"),
            Self::StopSync => Info::new(Data, "stop refresh", "Stop refreshing and fetching"),
            Self::Mouse => Info::new(Program, "mouse", "Mouse on or off (off: the terminal selects text)"),
            Self::Quit => Info::new(Program, "quit", "Back, or quit at the root"),
            Self::QuitNow => Info::new(Program, "quit", "Quit; staged changes are kept"),
        }
    }

    /// Its id in the keymap.
    pub fn id(self) -> &'static str {
        self.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sends_is_dangerous_and_writes() {
        let info = Action::Send.info();
        assert!(info.writes && info.danger);
        assert!(!Action::Copy.info().writes);
    }

    #[test]
    fn ids_are_kebab_case_and_read_back() {
        for action in Action::VARIANTS {
            assert_eq!(action.id().parse(), Ok(*action));
        }
        assert_eq!(Action::HalfDown.id(), "half-down");
    }
}
