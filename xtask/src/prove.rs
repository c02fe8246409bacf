//! `cargo xtask prove <name>`: claims that take minutes to check.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::npm;
use crate::pack;
use crate::shell::{self, Result};
use crate::wasm::Mode;

/// Runs `js-tests/prove/<name>.mjs` against a fresh build, with the arguments that follow.
pub fn script(name: &str, arguments: &[&str]) -> Result {
    let script = format!("prove/{name}.mjs");
    if !shell::root().join("js-tests").join(&script).exists() {
        return Err(format!("there is nothing to prove by the name `{name}`."));
    }
    pack::build(Mode::Release)?;
    npm::ensure("js-tests")?;
    shell::run(npm::node("js-tests", &script).args(arguments))
}

/// Two clean builds in two folders give the same files, byte by byte.
pub fn reproducible() -> Result {
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
