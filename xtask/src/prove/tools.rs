//! Cargo's helpers that only proofs need, in one version each, installed into `target/`.

use std::path::PathBuf;
use std::process::Command;

use crate::shell::{self, Result};

/// A program that crates.io has.
pub struct Tool {
    name: &'static str,
    version: &'static str,
}

impl Tool {
    pub const FUZZ: Tool = Tool {
        name: "cargo-fuzz",
        version: "0.13.2",
    };
    pub const MUTANTS: Tool = Tool {
        name: "cargo-mutants",
        version: "27.1.0",
    };
    pub const COVERAGE: Tool = Tool {
        name: "cargo-llvm-cov",
        version: "0.9.1",
    };
    pub const DENY: Tool = Tool {
        name: "cargo-deny",
        version: "0.20.2",
    };

    /// Installs the program unless this version is there; gives its place.
    pub fn ensure(&self) -> Result<PathBuf> {
        let tools = shell::root().join("target/tools");
        let program = tools
            .join("bin")
            .join(self.name)
            .with_extension(std::env::consts::EXE_EXTENSION);
        let installed = shell::read(&tools.join(".crates.toml")).unwrap_or_default();
        let entry = format!("\"{} {} ", self.name, self.version);
        if program.is_file() && String::from_utf8_lossy(&installed).contains(&entry) {
            return Ok(program);
        }
        println!(
            "Installing {} {} into target/tools.",
            self.name, self.version
        );
        let mut install = shell::cargo();
        install
            .args(["install", "--quiet", "--locked", "--root"])
            .arg(&tools);
        shell::run(install.args([self.name, "--version", self.version]))?;
        Ok(program)
    }
}

/// The major version of the compiler's LLVM.
pub fn llvm_version() -> Result<String> {
    let text = shell::output(Command::new("rustc").args(["--version", "--verbose"]))?;
    let version = text
        .lines()
        .find_map(|line| line.strip_prefix("LLVM version: "));
    let major = version.and_then(|version| version.split('.').next());
    major
        .map(str::to_owned)
        .ok_or_else(|| "rustc does not tell the version of its LLVM.".to_owned())
}
