//! The npm side: development dependencies as the lock file has them, and node scripts.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shell::{self, Result};

/// Left in node_modules to say which lock file it came from.
const STAMP: &str = ".lock-of-this-folder";

/// Brings `folder`'s node_modules in line with its lock file; does nothing when it is already.
pub fn ensure(folder: &str) -> Result {
    let folder = shell::root().join(folder);
    let lock = shell::read(&folder.join("package-lock.json"))?;
    let stamp = folder.join("node_modules").join(STAMP);
    if std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    require_node()?;
    println!(
        "Installing the development dependencies of {}.",
        name(&folder)
    );
    shell::run(
        Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund"])
            .current_dir(&folder),
    )?;
    shell::write(&stamp, &lock)
}

/// A command that runs `script` (relative to `folder`) with node, in `folder`.
pub fn node(folder: &str, script: &str) -> Command {
    let mut node = Command::new("node");
    node.arg(script).current_dir(shell::root().join(folder));
    node
}

/// The program `name` that an npm package in `folder` brings.
pub fn program(folder: &str, name: &str) -> PathBuf {
    shell::root()
        .join(folder)
        .join("node_modules/.bin")
        .join(name)
}

fn require_node() -> Result {
    let hint = "Node.js 20 or newer with npm is needed: install it from your distribution or https://nodejs.org/.";
    if shell::which("node").is_none() || shell::which("npm").is_none() {
        return Err(hint.to_owned());
    }
    let version = shell::output(Command::new("node").arg("--version"))?;
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|text| text.parse::<u32>().ok());
    if major.is_some_and(|major| major >= 20) {
        Ok(())
    } else {
        Err(format!("{hint} This one is {version}."))
    }
}

fn name(folder: &Path) -> String {
    folder
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
