//! `cargo xtask test`: every check, in the order in which they are quick to fail.

use crate::shell::{self, Result, step};

/// How much to check.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Everything.
    Full,
    /// What takes seconds.
    Quick,
}

pub fn run(_extent: Extent) -> Result {
    step("fmt", || {
        shell::run(shell::cargo().args(["fmt", "--all", "--check"]))
    })
}
