//! Builds the explorer page.

use std::process::Command;

use crate::npm;
use crate::shell::{self, Result};

/// Fills `www/dist`; the package must have been built.
pub fn build() -> Result {
    npm::ensure("www")?;
    shell::run(
        Command::new("npm")
            .args(["run", "--silent", "build"])
            .current_dir(shell::root().join("www")),
    )
}
