//! What compares texts: [`normalise`](fn@normalise), [`verdict`](fn@verdict) of one negative on one text, [`covers`] of
//! one negative by another. For many at once, [`BlockerIndex`] finds every negative that blocks a text, and
//! [`TermIndex`] every text that a negative blocks. Whole tokens, in order, contiguous; never substrings. Names no
//! platform: what differs between them are [`Rules`], made of `Capabilities`.
//!
//! | Answer | When |
//! |---|---|
//! | [`Verdict::Blocks`] | certain: the normalised tokens say so |
//! | [`Verdict::MayBlock`] | only the [`soft`] readings say so (plural, accent, hyphen, stop words: not documented), or words of a script without spaces |
//! | [`Verdict::No`] | neither |

mod covers;
mod index;
mod normalise;
mod packed;
mod rules;
pub mod soft;
mod table;
mod terms;
mod verdict;
mod words;

pub use covers::{Phrase, covers};
pub use index::{Blocker, BlockerIndex, Depth, Found, PatternIx, TermTokens};
pub(in crate::domain) use normalise::is_normal;
pub use normalise::{normal, normalise, tokens};
pub use rules::Rules;
pub use terms::{Hit, TermIndex};
pub use verdict::{Pattern, Verdict, verdict};
