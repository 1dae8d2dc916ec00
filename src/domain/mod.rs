//! The words of the business, pure: no IO, no clock, nothing of the other modules.
//!
//! Start at [`negative`] for what the product is about, [`change`] and [`plan`] for how it changes,
//! [`capabilities`] for what a platform allows, [`catalog`] for a million of them in memory.

pub mod account;
pub mod audit;
pub mod campaign;
pub mod capabilities;
pub mod catalog;
pub mod change;
pub mod clock;
pub mod csv;
pub mod filter;
pub mod ids;
pub mod journal;
pub mod judge;
pub mod keyword;
pub mod matching;
pub mod money;
pub mod negative;
pub mod plan;
pub mod problem;
pub mod request;
pub mod sift;
pub mod simulate;
pub mod term;
pub mod text;
mod words;
