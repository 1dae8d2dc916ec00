//! Where things stand: one computation that `update` (for scroll offsets) and `view` (for painting) share.

use ratatui::layout::Rect;

/// The least that the screens are made for.
pub const LEAST: (u16, u16) = (60, 16);
/// From this width on, Browse shows the tree beside the rows.
pub const WIDE: u16 = 100;

/// The fixed parts of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Product, trail, badge, age of the data.
    pub header: Rect,
    /// The screens, with counts.
    pub tabs: Rect,
    /// The screen itself.
    pub body: Rect,
    /// The hints.
    pub footer: Rect,
}

/// Whether there is room for any screen.
pub fn fits(size: (u16, u16)) -> bool {
    size.0 >= LEAST.0 && size.1 >= LEAST.1
}

/// The fixed parts for a size.
pub fn frame(size: (u16, u16)) -> Frame {
    let (width, height) = size;
    let line = |y: u16| Rect::new(0, y.min(height), width, 1.min(height.saturating_sub(y)));
    Frame {
        header: line(0),
        tabs: line(1),
        body: Rect::new(0, 2.min(height), width, height.saturating_sub(3)),
        footer: line(height.saturating_sub(1)),
    }
}

/// A rectangle of at most this size in the middle of another.
pub fn centred(outer: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(outer.width), height.min(outer.height));
    Rect::new(outer.x + (outer.width - width) / 2, outer.y + (outer.height - height) / 2, width, height)
}

/// The first rows of an area, and the rest.
pub fn split_top(area: Rect, height: u16) -> (Rect, Rect) {
    let height = height.min(area.height);
    (Rect { height, ..area }, Rect { y: area.y + height, height: area.height - height, ..area })
}

/// All but the last rows of an area, and those.
pub fn split_bottom(area: Rect, height: u16) -> (Rect, Rect) {
    let height = height.min(area.height);
    split_top(area, area.height - height)
}

/// The first columns of an area, and the rest.
pub fn split_left(area: Rect, width: u16) -> (Rect, Rect) {
    let width = width.min(area.width);
    (Rect { width, ..area }, Rect { x: area.x + width, width: area.width - width, ..area })
}

/// The n-th row of an area; empty below its end.
pub fn row(area: Rect, n: u16) -> Rect {
    if n < area.height { Rect { y: area.y + n, height: 1, ..area } } else { Rect { height: 0, ..area } }
}

/// An area without this many columns at its left and right.
pub fn inset(area: Rect, columns: u16) -> Rect {
    let columns = columns.min(area.width / 2);
    Rect { x: area.x + columns, width: area.width - 2 * columns, ..area }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_never_leave_the_screen() {
        for width in 0..12 {
            for height in 0..12 {
                let screen = Rect::new(0, 0, width, height);
                let f = frame((width, height));
                for part in
                    [f.header, f.tabs, f.body, f.footer, centred(screen, 5, 5), split_bottom(screen, 3).1]
                {
                    assert_eq!(part.intersection(screen).area(), part.area(), "{width}x{height}: {part:?}");
                }
            }
        }
    }
}
