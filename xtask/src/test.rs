//! `cargo xtask test`: sets up what is missing, then every check, stopping at the first that fails.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::browsers;
use crate::npm;
use crate::pack;
use crate::shell::{self, Result, step};
use crate::toolchain::{TARGET, Toolchain};
use crate::wasm::Mode;

/// How much to check.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Everything.
    Full,
    /// Without lints for WebAssembly, browsers and the other runtimes.
    Quick,
}

/// Folders of `js-tests` whose tests start browsers and other runtimes.
const SLOW_FOLDERS: [&str; 3] = ["browser", "examples", "packaging"];

pub fn run(extent: Extent) -> Result {
    let start = Instant::now();
    step("Setting up", || set_up(extent))?;
    step("Formatting", || {
        shell::run(shell::cargo().args(["fmt", "--all", "--check"]))
    })?;
    step("Lints", || clippy(&mut shell::cargo()))?;
    step("Rust tests", rust_tests)?;
    step("Documentation tests", || {
        shell::run(shell::cargo().args(["test", "--quiet", "--locked", "--doc", "--all-features"]))
    })?;
    step("Documentation", || {
        // The maps in the modules' first lines name private modules too.
        let flags = "--deny warnings --allow rustdoc::private_intra_doc_links";
        shell::run(shell::cargo().env("RUSTDOCFLAGS", flags).args([
            "doc",
            "--quiet",
            "--locked",
            "--no-deps",
            "--all-features",
        ]))
    })?;
    step("The core without std", || {
        let mut cargo = shell::cargo();
        cargo.args([
            "rustc",
            "--quiet",
            "--locked",
            "--lib",
            "--crate-type",
            "rlib",
        ]);
        shell::run(cargo.arg("--no-default-features"))
    })?;
    if extent == Extent::Full {
        step("Lints for WebAssembly", wasm_clippy)?;
    }
    step("Building the package", || pack::build(Mode::Release))?;
    step("Building the explorer", crate::www::build)?;
    step("API reference", crate::reference::build)?;
    step("JavaScript tests", || {
        node_test(&shell::root().join("js-tests"))
    })?;
    for folder in test_folders()? {
        let name = folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if extent == Extent::Full || !SLOW_FOLDERS.contains(&name.as_str()) {
            step(&format!("JavaScript tests: {name}"), || node_test(&folder))?;
        }
    }
    println!(
        "\nEverything passed in {:.0} s.",
        start.elapsed().as_secs_f64()
    );
    Ok(())
}

fn set_up(extent: Extent) -> Result {
    npm::ensure("pkg")?;
    npm::ensure("js-tests")?;
    npm::ensure("www")?;
    npm::ensure("docs/reference")?;
    if extent == Extent::Full {
        browsers::ensure()?;
    }
    Toolchain::find_or_set_up().map(drop)
}

fn rust_tests() -> Result {
    let mut cargo = shell::cargo();
    if shell::succeeds(shell::cargo().args(["nextest", "--version"])) {
        cargo.args(["nextest", "run", "--cargo-quiet"]);
    } else {
        cargo.args(["test", "--quiet", "--lib", "--bins", "--tests"]);
    }
    shell::run(cargo.args(["--locked", "--workspace", "--all-features"]))
}

fn clippy(cargo: &mut Command) -> Result {
    cargo.args([
        "clippy",
        "--quiet",
        "--locked",
        "--workspace",
        "--all-targets",
        "--all-features",
    ]);
    shell::run(cargo.args(["--", "--deny", "warnings"]))
}

/// Looks at each module with the features it is built with; the other targets compile on the host only.
fn wasm_clippy() -> Result {
    let toolchain = Toolchain::find_or_set_up()?;
    for features in ["signer", "client,emulator"] {
        let mut clippy = toolchain.clippy()?;
        clippy.args([
            "--quiet",
            "--locked",
            "--lib",
            "--package",
            "qingcloud-wasm",
            "--target",
            TARGET,
        ]);
        clippy.args([
            "--no-default-features",
            "--features",
            features,
            "--",
            "--deny",
            "warnings",
        ]);
        shell::run(&mut clippy)?;
    }
    Ok(())
}

/// The folders of `js-tests` that hold tests, by name.
fn test_folders() -> Result<Vec<PathBuf>> {
    let js_tests = shell::root().join("js-tests");
    let folders = shell::list(&js_tests)?.into_iter();
    Ok(folders
        .filter(|path| path.is_dir() && tests_in(path).is_ok_and(|tests| !tests.is_empty()))
        .collect())
}

/// Runs the test files of one folder with node's own runner.
fn node_test(folder: &Path) -> Result {
    let js_tests = shell::root().join("js-tests");
    shell::run(
        Command::new("node")
            .arg("--test")
            .args(tests_in(folder)?)
            .current_dir(js_tests),
    )
}

fn tests_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let is_test = |path: &PathBuf| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().ends_with(".test.js"))
    };
    Ok(shell::list(folder)?.into_iter().filter(is_test).collect())
}
