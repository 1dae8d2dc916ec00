//! Everything that can go wrong around unbid, and everybody who may wish it ill: replies, texts, disks, processes,
//! secrets. One binary, because the modules share the sandbox; each module names the promise that it tries to break.

#[path = "../support/mod.rs"]
mod support;

mod corpus;
mod damage;
mod disk;
mod fuzz;
mod identity;
mod instances;
mod replies;
mod roles;
mod secrets;
mod signals;
mod texts;
mod tls;
