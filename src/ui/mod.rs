//! The screen, pure: messages in, effects out, a view that only reads. No IO, no clock, nothing awaited; of ours
//! it uses `domain` alone.
//!
//! Start at [`msg`] and [`effect`] for what the shell hands in and carries out, [`update`](mod@update) for what
//! happens between, [`part`] for what a screen or overlay is, [`screens::browse`] for a whole one. What an action
//! is called is in [`action`], its key in `assets/keymap.toml`, its colour in `assets/themes`.

pub mod action;
pub mod available;
pub mod canvas;
pub mod data;
pub mod effect;
#[cfg(test)]
mod gallery;
pub mod keymap;
pub mod layout;
pub mod meter;
pub mod model;
pub mod moment;
pub mod msg;
pub mod overlays;
pub mod part;
pub mod remote;
pub mod screens;
pub mod staging;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
pub mod theme;
pub mod toast;
pub mod update;
pub mod view;
pub mod whatif;
pub mod widgets;
