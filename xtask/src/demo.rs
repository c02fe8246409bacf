//! `cargo xtask demo`: the package at work, offline.

use crate::npm;
use crate::pack;
use crate::shell::{self, Result};
use crate::wasm::Mode;
use crate::www;

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
    let mut demo = npm::node("pkg", "demo.mjs");
    if then == Then::Serve {
        www::build()?;
        demo.arg("--serve");
    }
    shell::run(&mut demo)
}
