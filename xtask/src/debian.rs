//! Installing distribution packages, where this is a Debian and we may.

use std::path::Path;
use std::process::Command;

use crate::shell::{self, Result};

/// Whether packages can be installed without asking anybody: root, on a Debian.
pub fn is_root_here() -> bool {
    Path::new("/etc/debian_version").exists()
        && shell::which("apt-get").is_some()
        && shell::output(Command::new("id").arg("-u")).is_ok_and(|user| user == "0")
}

/// Installs `packages` with nothing that they merely recommend.
pub fn install(packages: &[&str]) -> Result {
    shell::run(Command::new("apt-get").args(["update", "-q"]))?;
    shell::run(
        Command::new("apt-get")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(["install", "-q", "-y", "--no-install-recommends"])
            .args(packages),
    )
}
