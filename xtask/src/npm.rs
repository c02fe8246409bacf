//! The npm side: development dependencies as the lock file has them, and node scripts.

use std::path::Path;
use std::process::Command;

use crate::shell::{self, Result};

/// Left in node_modules to say which lock file it came from.
const STAMP: &str = ".lock-of-this-folder";

const NEEDS_NODE: &str =
    "Node.js 20 or newer with npm is needed: install it from your distribution or nodejs.org.";

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

/// Runs a script that `folder`'s package.json names.
pub fn script(folder: &str, name: &str) -> Result {
    shell::run(npm(&shell::root().join(folder))?.args(["run", "--silent", name]))
}

/// A command that runs `script` (relative to `folder`) with node, in `folder`.
pub fn node(folder: &str, script: &str) -> Command {
    let mut node = Command::new("node");
    node.arg(script).current_dir(shell::root().join(folder));
    node
}

fn npm(folder: &Path) -> Result<Command> {
    // The whole path, because npm is a script on Windows and would not be found by its name alone.
    let mut npm = Command::new(shell::which("npm").ok_or(NEEDS_NODE)?);
    npm.current_dir(folder);
    Ok(npm)
}

fn require_node() -> Result {
    if shell::which("node").is_none() {
        return Err(NEEDS_NODE.to_owned());
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
        Err(format!("{NEEDS_NODE} This one is {version}."))
    }
}

fn name(folder: &Path) -> String {
    folder
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
