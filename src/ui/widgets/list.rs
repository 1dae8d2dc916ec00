//! A cursor and a scroll offset over any number of rows; only the window is ever painted.

use crate::ui::action::Action;

/// Where a list stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListState {
    /// The row under the cursor.
    pub cursor: usize,
    /// The first row in sight.
    pub offset: usize,
    /// How many rows were in sight at the last layout; a page.
    pub page: usize,
}

impl ListState {
    /// Whether an action moves lists; [`act`](Self::act) then does it.
    pub fn moves(action: Action) -> bool {
        Self::default().act(action, 0)
    }

    /// Moves as an action asks, over a list of this length. False if the action is no movement.
    pub fn act(&mut self, action: Action, len: usize) -> bool {
        let page = self.page.max(1).cast_signed();
        match action {
            Action::Up => self.by(-1, len),
            Action::Down => self.by(1, len),
            Action::HalfUp => self.by(-(page / 2).max(1), len),
            Action::HalfDown => self.by((page / 2).max(1), len),
            Action::PageUp => self.by(-page, len),
            Action::PageDown => self.by(page, len),
            Action::Top => self.cursor = 0,
            Action::Bottom => self.cursor = len.saturating_sub(1),
            _ => return false,
        }
        true
    }

    /// Moves by some rows, not beyond the ends.
    pub fn by(&mut self, rows: isize, len: usize) {
        self.cursor = self.cursor.saturating_add_signed(rows).min(len.saturating_sub(1));
    }

    /// Scrolls by some rows and takes the cursor along.
    pub fn wheel(&mut self, rows: isize, len: usize) {
        let last = len.saturating_sub(self.page);
        self.offset = self.offset.saturating_add_signed(rows).min(last);
        let bottom = (self.offset + self.page.max(1)).saturating_sub(1);
        self.cursor = self.cursor.clamp(self.offset, bottom).min(len.saturating_sub(1));
    }

    /// Fits cursor and offset to a length and a height, a row of context kept where there is room.
    pub fn fit(&mut self, len: usize, height: usize) {
        self.page = height;
        self.cursor = self.cursor.min(len.saturating_sub(1));
        let margin = usize::from(height > 4);
        let low = (self.cursor + 1 + margin).saturating_sub(height).min(self.cursor);
        let high = self.cursor.saturating_sub(margin);
        self.offset = self.offset.clamp(low.min(high), high.max(low)).min(len.saturating_sub(height));
    }

    /// The rows in sight.
    pub fn window(&self, len: usize, height: usize) -> std::ops::Range<usize> {
        let start = self.offset.min(len);
        start..(start + height).min(len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(cursor: usize, len: usize, height: usize) -> ListState {
        let mut list = ListState { cursor, ..ListState::default() };
        list.fit(len, height);
        list
    }

    #[test]
    fn the_cursor_is_always_in_sight() {
        for len in 0..30 {
            for height in 0..12 {
                for cursor in 0..32 {
                    let list = at(cursor, len, height);
                    if len > 0 && height > 0 {
                        assert!(
                            list.window(len, height).contains(&list.cursor),
                            "{list:?} of {len} in {height}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn pages_and_ends() {
        let mut list = at(0, 100, 10);
        assert!(list.act(Action::PageDown, 100) && list.cursor == 10);
        assert!(list.act(Action::HalfDown, 100) && list.cursor == 15);
        assert!(list.act(Action::Bottom, 100) && list.cursor == 99);
        assert!(list.act(Action::Down, 100) && list.cursor == 99);
        assert!(list.act(Action::Top, 100) && list.cursor == 0);
        assert!(!list.act(Action::Add, 100));
        assert!(ListState::moves(Action::Top) && !ListState::moves(Action::Add));
    }

    #[test]
    fn the_wheel_takes_the_cursor_along() {
        let mut list = at(0, 100, 10);
        list.wheel(3, 100);
        assert_eq!((list.offset, list.cursor), (3, 3));
        list.wheel(-9, 100);
        assert_eq!((list.offset, list.cursor), (0, 3));
    }
}
