//! The only place that knows REST. One folder per platform, with the same file names in each; the
//! registry below has one line per platform, and nothing else names one.

pub mod http;
pub mod traits;

pub use traits::{Connection, Platform};
