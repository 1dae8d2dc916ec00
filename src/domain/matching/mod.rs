//! What compares texts: [`normalise`](fn@normalise) and [`covers`]. Whole tokens, in order, contiguous; never substrings.
//! Names no platform: what differs between them comes from `Capabilities`.

mod covers;
mod normalise;

pub use covers::{Phrase, covers};
pub use normalise::{normalise, tokens};
