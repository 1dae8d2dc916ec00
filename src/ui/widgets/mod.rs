//! What screens and overlays are made of. Each widget is a small state that `update` moves and a function that
//! paints it; none knows what it shows.

pub mod bits;
pub mod details;
pub mod dialog;
pub mod filter_line;
pub mod input;
pub mod list;
pub mod notice;
pub mod table;
