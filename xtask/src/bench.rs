//! `cargo xtask bench [rounds]`: builds the package, then measures it against what a user would pick instead. Prints a
//! table for each subject, and writes nothing.

use crate::browsers;
use crate::npm;
use crate::pack;
use crate::shell::{self, Result};
use crate::wasm::Mode;

/// The scripts of `js-tests/bench`, a subject each.
const SCRIPTS: [&str; 7] = [
    "machine", "sign", "call", "cold", "memory", "size", "browsers",
];

/// Runs every script; `rounds` is how often each candidate has its turn.
pub fn run(rounds: &str) -> Result {
    if !rounds.parse().is_ok_and(|count: u32| count > 0) {
        return Err(format!("`{rounds}` is not a number of rounds."));
    }
    npm::ensure("js-tests")?;
    npm::ensure("js-tests/bench")?;
    browsers::ensure()?;
    pack::build(Mode::Release)?;
    println!();
    for script in SCRIPTS {
        shell::run(npm::node("js-tests", &format!("bench/{script}.mjs")).arg(rounds))?;
    }
    Ok(())
}
