//! A box in the middle of the screen, over everything: what overlays are painted in.

use ratatui::layout::Rect;

use crate::ui::canvas::{Canvas, Line, Target};
use crate::ui::layout::{centred, inset};
use crate::ui::theme::Role;

/// Clears a box, borders it, makes its ground take the mouse, and yields the room inside.
pub fn dialog(canvas: &mut Canvas, screen: Rect, width: u16, height: u16, title: &str, right: &Line) -> Rect {
    let area = centred(screen, width, height);
    canvas.clear(area);
    canvas.hit(screen, Target::Nothing);
    let inner = canvas.pane(area, &Line::of(title, Role::Focus), right, true);
    inset(inner, 1)
}
