//! `cargo xtask prove reproducible`: anybody can make the published bytes again.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shell::{self, Result};

/// Two clean builds in two folders give the same files, byte by byte.
pub fn run() -> Result {
    // Names of different length, so that a path that slipped in would move everything behind it.
    let folders =
        ["one", "another-folder"].map(|name| shell::root().join("target/reproducible").join(name));
    for folder in &folders {
        println!("Building a copy in {}.", folder.display());
        copy_sources(folder)?;
        let mut build = shell::cargo();
        build
            .args(["xtask", "build"])
            .current_dir(folder)
            .env_remove("CARGO_TARGET_DIR");
        shell::run(&mut build)?;
    }
    let [one, another] = folders.map(|folder| folder.join("pkg/dist"));
    let files = shell::files_below(&one)?;
    if files.len() != shell::files_below(&another)?.len() {
        return Err("the two builds gave different files.".to_owned());
    }
    for file in &files {
        let name = file.strip_prefix(&one).unwrap_or(file);
        if shell::read(file)? != shell::read(&another.join(name))? {
            return Err(format!(
                "the two builds gave different bytes in {}.",
                name.display()
            ));
        }
    }
    println!(
        "\nTwo clean builds in two folders gave the same {} files.",
        files.len()
    );
    Ok(())
}

/// Copies what git knows and what it would add, as it is now.
fn copy_sources(to: &Path) -> Result {
    shell::empty(to)?;
    let mut git = Command::new("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(shell::root());
    for name in shell::output(&mut git)?.lines() {
        let from: PathBuf = shell::root().join(name);
        if from.exists() {
            shell::write(&to.join(name), &shell::read(&from)?)?;
        }
    }
    Ok(())
}
