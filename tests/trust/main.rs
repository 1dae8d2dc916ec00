//! Whether writes can be trusted: whatever fails, and wherever the process dies, each change is done once or not at
//! all, and the journal knows which. The engine runs against the sandbox's routers in one process, single-threaded,
//! on a paused clock that both share; `kill.rs` does the same to the real binary over real sockets.
//!
//! The sandbox accepts duplicates throughout: a platform that refuses them would hide a double send. Every test has
//! a small form that runs always. `UNBID_TRUST=full` makes all of them large (thousands of cases, 10,000 changes,
//! many kills; give it `--release` and some minutes), and then `cargo test --test trust -- --nocapture` prints
//! the figures.

#[path = "../support/mod.rs"]
mod support;

mod answers;
mod any;
mod crash;
#[cfg(unix)]
mod kill;
mod lag;
mod rig;
mod soak;
mod stop;
mod storms;
mod tokens;
mod truth;
mod undo;

/// Whether the large form is asked for.
fn full() -> bool {
    std::env::var("UNBID_TRUST").is_ok_and(|value| value == "full")
}
