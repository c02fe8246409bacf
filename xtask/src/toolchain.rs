//! Finds a way to compile for wasm32-unknown-unknown, or sets one up.
//!
//! In this order: a target that the toolchain already has; Debian's `rustc-web` with the sources of std,
//! which cargo then builds itself; `rustup target add`; as root on Debian, the two packages.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::debian;
use crate::shell::{self, Result};

pub const TARGET: &str = "wasm32-unknown-unknown";

const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CLIPPY: &str = "/usr/bin/cargo-clippy";
const DEBIAN_SOURCES: &str = "/usr/lib/rustlib/src/rust";

/// A way to compile for WebAssembly.
#[derive(Clone, Debug)]
pub enum Toolchain {
    /// The toolchain in use has the target's std.
    Installed,
    /// Debian's compiler; cargo builds std from Debian's sources and links with `linker`.
    DebianSources { linker: PathBuf },
}

impl Toolchain {
    /// The toolchain that is there; sets one up when there is none.
    pub fn find_or_set_up() -> Result<Toolchain> {
        if let Some(found) = find()? {
            return Ok(found);
        }
        println!("The Rust target {TARGET} is missing; setting it up.");
        let rustup = shell::which("rustup").is_some();
        if rustup
            && shell::run(Command::new("rustup").args(["target", "add", TARGET])).is_ok()
            && let Some(found) = find()?
        {
            return Ok(found);
        }
        if debian::is_root_here() {
            debian::install(&["rustc-web", "rust-web-src"])?;
            if let Some(found) = find()? {
                return Ok(found);
            }
        }
        Err(format!(
            "the Rust target {TARGET} is missing: run `rustup target add {TARGET}`, or on Debian \
             `apt-get install --no-install-recommends rustc-web rust-web-src`."
        ))
    }

    /// A cargo command that compiles for WebAssembly with `flags` given to every rustc call.
    ///
    /// Everything is said through the environment: a setting in `.cargo/config.toml` would also act on other builds.
    pub fn cargo(&self, flags: &[String]) -> Command {
        let mut cargo = shell::cargo();
        self.environment(&mut cargo);
        // V8 compiles a wrapper for every export with several results when a module starts, a millisecond for a client.
        let flags = [flags, &["-Ctarget-feature=-multivalue".into()]].concat();
        cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
        cargo
    }

    /// A `cargo clippy` for WebAssembly.
    pub fn clippy(&self) -> Result<Command> {
        let mut clippy = match self {
            Toolchain::Installed => shell::cargo(),
            Toolchain::DebianSources { .. } => {
                if !Path::new(DEBIAN_CLIPPY).exists() {
                    install_clippy()?;
                }
                // Called directly, because `cargo clippy` would take the clippy of the other toolchain.
                Command::new(DEBIAN_CLIPPY)
            }
        };
        self.environment(&mut clippy);
        clippy.arg("clippy");
        Ok(clippy)
    }

    /// One line that names the compiler and the way, for stamps and logs.
    pub fn describe(&self) -> Result<String> {
        Ok(match self {
            Toolchain::Installed => {
                format!("{}, std as installed", shell::output(rustc().arg("-V"))?)
            }
            Toolchain::DebianSources { .. } => {
                format!(
                    "{}, std from sources",
                    shell::output(Command::new(DEBIAN_RUSTC).arg("-V"))?
                )
            }
        })
    }

    fn environment(&self, command: &mut Command) {
        if let Toolchain::DebianSources { linker } = self {
            command
                .env("RUSTC", DEBIAN_RUSTC)
                // Debian's compiler is a stable one, and building std is not a stable feature.
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
                // A panic is a bug, so its text is not worth the room that its formatting takes.
                .env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size")
                .env("CARGO_UNSTABLE_PANIC_IMMEDIATE_ABORT", "true")
                .env("CARGO_PROFILE_RELEASE_PANIC", "immediate-abort")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
    }
}

/// Flags that take the builder's folders out of the module: panic messages name source files.
pub fn remap_flags() -> Result<Vec<String>> {
    let registry = cargo_home()?.join("registry/src");
    let sysroot = PathBuf::from(shell::output(rustc().args(["--print", "sysroot"]))?);
    // The last prefix that matches wins, so the registry's own folders follow their parent.
    let mut prefixes = vec![
        (shell::root(), "qingcloud-wasm"),
        (sysroot.join("lib/rustlib/src/rust"), "rust"),
        (PathBuf::from(DEBIAN_SOURCES), "rust"),
        (registry.clone(), "deps"),
    ];
    prefixes.extend(
        shell::list(&registry)?
            .into_iter()
            .map(|folder| (folder, "deps")),
    );
    Ok(prefixes
        .into_iter()
        .map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()))
        .collect())
}

fn find() -> Result<Option<Toolchain>> {
    // This prints a path and ends well even when nothing is there, so look inside.
    let libraries = shell::output(rustc().args(["--print", "target-libdir", "--target", TARGET]))?;
    if has_core(Path::new(&libraries)) {
        return Ok(Some(Toolchain::Installed));
    }
    let sources = Path::new(DEBIAN_SOURCES).join("library/Cargo.lock");
    if Path::new(DEBIAN_RUSTC).exists() && sources.exists() {
        return Ok(Some(Toolchain::DebianSources { linker: linker()? }));
    }
    Ok(None)
}

fn install_clippy() -> Result {
    if debian::is_root_here() {
        return debian::install(&["rust-web-clippy"]);
    }
    Err("clippy for Debian's compiler is missing: run `apt-get install --no-install-recommends rust-web-clippy`.".into())
}

fn has_core(libraries: &Path) -> bool {
    std::fs::read_dir(libraries).is_ok_and(|entries| {
        entries.flatten().any(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name.starts_with("libcore-") && name.ends_with(".rlib")
        })
    })
}

fn linker() -> Result<PathBuf> {
    let sysroot = shell::output(rustc().args(["--print", "sysroot"]))?;
    let version = shell::output(rustc().arg("-vV"))?;
    let host = version
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .unwrap_or_default();
    let rust_lld = Path::new(&sysroot)
        .join("lib/rustlib")
        .join(host)
        .join("bin/rust-lld");
    if rust_lld.exists() {
        return Ok(rust_lld);
    }
    shell::which("wasm-ld").ok_or_else(|| {
        "no linker for WebAssembly was found: run `apt-get install --no-install-recommends lld`.".to_owned()
    })
}

fn rustc() -> Command {
    Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc")))
}

fn cargo_home() -> Result<PathBuf> {
    if let Some(home) = std::env::var_os("CARGO_HOME") {
        return Ok(home.into());
    }
    std::env::home_dir()
        .map(|home| home.join(".cargo"))
        .ok_or_else(|| "the home folder is unknown: set CARGO_HOME.".to_owned())
}
