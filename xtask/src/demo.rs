//! `cargo xtask demo`: the package at work, offline.

use crate::npm;
use crate::pack;
use crate::shell::{self, Result};
use crate::wasm::Mode;

/// What follows the calls.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// Serve the explorer until interrupted.
    Serve,
    /// Nothing.
    End,
}

/// Builds the package (and the explorer, when it is served), then runs the demonstration.
pub fn run(then: Then) -> Result {
    pack::build(Mode::Release)?;
    let mut demo = npm::node("js-tests", "demo.mjs");
    if then == Then::Serve {
        demo.arg("--serve");
    }
    shell::run(&mut demo)
}
