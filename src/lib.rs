//! unbid: every negative of Amazon Ads, eBay Promoted Listings and Sam's Club ads on one screen.
//!
//! A pure core turns messages into model changes and effect values; a thin async shell executes the
//! effects; a pure view paints the model; each platform's REST details live in one folder.
//!
//! ```text
//! main -> cli -+-> runtime -+-> engine -+-> platform --+
//!              |            |           `-> store -----+-> domain
//!              |            `-> ui --------------------'
//!              `-> engine, config                         config <- cli, runtime, platform
//! sandbox -> nothing of ours                              sandbox <- cli (demo, sandbox) and tests only
//! ```
//!
//! Arrows only point right; `tests/architecture.rs` keeps them. `domain` and `ui` do no IO, await
//! nothing and read no clock. `engine` names no platform. `sandbox` shares nothing with the client,
//! because whatever both shared they would get wrong together.

pub mod cli;
pub mod config;
pub mod domain;
pub mod engine;
pub mod platform;
pub mod runtime;
pub mod sandbox;
pub mod secrets;
pub mod store;
pub mod ui;
