//! What compares texts: [`normalise`](fn@normalise), [`verdict`](fn@verdict) of one negative on one text, and [`covers`]
//! of one negative by another. Whole tokens, in order, contiguous; never substrings. Names no platform: what differs
//! between them are [`Rules`], made of `Capabilities`.
//!
//! | Answer | When |
//! |---|---|
//! | [`Verdict::Blocks`] | certain: the normalised tokens say so |
//! | [`Verdict::MayBlock`] | only the [`soft`] readings say so (plural, accent, hyphen, stop words: not documented), or words of a script without spaces |
//! | [`Verdict::No`] | neither |

mod covers;
mod normalise;
mod rules;
pub mod soft;
mod verdict;

pub use covers::{Phrase, covers};
pub(in crate::domain) use normalise::is_normal;
pub use normalise::{normal, normalise, tokens};
pub use rules::Rules;
pub use verdict::{Pattern, Verdict, verdict};
