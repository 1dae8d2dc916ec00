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
//! Arrows only point right; `tests/architecture.rs` reads the sources and keeps them. `domain` and `ui` do no IO,
//! await nothing and read no clock. `engine` names no platform. `sandbox` shares nothing with the client, because
//! whatever both shared they would get wrong together. `config` and `secrets` speak `domain`'s words (names, ids,
//! [`Problem`](domain::problem::Problem)s) and know nothing else of ours.
//!
//! # Where to start
//!
//! | To understand | Read |
//! |---|---|
//! | what is managed, and how it changes | [`domain::negative`], [`domain::change`], [`domain::plan`], [`domain::journal`] |
//! | what a platform allows | [`domain::capabilities`], then the `rules.rs` of a folder in [`platform`] |
//! | what a negative blocks, and what it would | [`domain::matching`]: `verdict` first; then [`domain::simulate`] |
//! | how a platform is talked to | [`platform::traits`], then [`platform::http`] for pace, retry and tokens |
//! | how a million rows fit on a screen | [`domain::catalog`], [`domain::filter`], `store::snapshot` |
//! | what people searched, and how reports of it are read | [`domain::term`], [`domain::sift`], [`platform::report`] |
//! | what is found wrong, and what mends it | [`domain::audit`]: `rule` first, then any rule's file |
//! | how a change is sent safely | [`engine`], `engine::apply`; what was cut off, `engine::apply::settle`; what is taken back, [`domain::change`] and `engine::undo` |
//! | the screen | [`ui`]: `msg` and `effect`, `update`, `part`; then [`runtime`], which carries effects out |
//! | the emulated platforms | [`sandbox`] |
//!
//! # A fourth platform
//!
//! One folder under `platform/` with the same file names as its neighbours, one under `sandbox/`, and one line in each
//! registry. Account checks, capability tables, forms, plans, contract tests and CLI values follow from those.
//!
//! # A change's life
//!
//! Staged (in the store, so that it survives a crash) → planned (saved with the exact requests and with what was seen of
//! each object) → sending (each request's intent is durable before its first byte goes out) → applied, already there,
//! rejected, unknown until a listing tells, drifted, or skipped. No code path sends anything else.

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
