//! Compiles the crate to its three WebAssembly modules, binds two of them and shrinks all.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use crate::npm;
use crate::shell::{self, Result};
use crate::toolchain::{self, TARGET, Toolchain};

/// Whether to spend time on size.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// As published.
    Release,
    /// Without `wasm-opt`, for quick loops.
    Dev,
}

/// One WebAssembly module made from the crate.
pub struct Artefact {
    /// The name of its files: `client` gives `client.wasm`.
    pub name: &'static str,
    features: &'static str,
    /// Folders and files of `src` that are no part of it.
    without: &'static [&'static str],
    /// The emulator goes for speed, the others for size; the hash, most of a signature, goes for speed in all three
    /// (`Cargo.toml`).
    opt_level: &'static str,
    /// Flags for the last step, in which all crates are optimised as one.
    codegen: &'static [&'static str],
    /// Whether wasm-bindgen makes its JavaScript; otherwise its exports are used as they are.
    pub bound: bool,
}

/// What the package carries.
pub const ARTEFACTS: [Artefact; 3] = [
    Artefact {
        name: "client",
        features: "client",
        without: &["emulator", "signer.rs"],
        opt_level: "s",
        // Inlining less takes 3 KB of gzip, and costs 2 % of a signature's time.
        codegen: &["-C", "llvm-args=-inline-threshold=8"],
        bound: true,
    },
    Artefact {
        name: "emulator",
        features: "emulator",
        without: &["client", "signer.rs"],
        opt_level: "3",
        codegen: &[],
        bound: true,
    },
    Artefact {
        name: "sign",
        features: "signer",
        without: &["api", "client", "emulator"],
        opt_level: "s",
        // The deepest it goes is 12 KB, for JSON text of 128 levels; the usual megabyte is memory that a page would keep.
        codegen: &["-C", "link-arg=-zstack-size=65536"],
        bound: false,
    },
];

/// A finished module.
pub struct Built {
    pub artefact: &'static Artefact,
    pub wasm: Vec<u8>,
    /// The JavaScript that binds it, where it has some.
    pub glue: Option<Vec<u8>>,
}

/// Builds all artefacts; those whose inputs are unchanged come from the last build.
pub fn build(mode: Mode) -> Result<Vec<Built>> {
    let toolchain = Toolchain::find_or_set_up()?;
    // The dependencies must lie in the registry folder before their paths can be remapped.
    shell::run(shell::cargo().args(["fetch", "--quiet", "--locked"]))?;
    let flags = toolchain::remap_flags()?;
    let built = |artefact| {
        one(
            artefact,
            mode,
            &toolchain,
            &flags,
            &stamp(artefact, &toolchain, &flags)?,
        )
    };
    ARTEFACTS.iter().map(built).collect()
}

fn one(
    artefact: &'static Artefact,
    mode: Mode,
    toolchain: &Toolchain,
    flags: &[String],
    stamp: &str,
) -> Result<Built> {
    let folder = work_folder().join(artefact.name);
    let compiled = folder.join("compiled.wasm");
    let stamp_file = folder.join("stamp");
    // Cargo keeps one file for all three, so it would recompile each of them every time.
    if std::fs::read(&stamp_file).is_ok_and(|last| last == stamp.as_bytes()) && compiled.exists() {
        println!("{}: unchanged", artefact.name);
    } else {
        println!("{}: compiling", artefact.name);
        compile(artefact, toolchain, flags, &compiled)?;
        if artefact.bound {
            bind(artefact, &compiled, &folder)?;
        } else {
            shell::write(&folder.join("bound.wasm"), &shell::read(&compiled)?)?;
        }
        shell::write(&stamp_file, stamp.as_bytes())?;
    }
    let bound = folder.join("bound.wasm");
    let wasm = match mode {
        Mode::Release => shell::read(&optimise(&bound, &folder)?)?,
        Mode::Dev => shell::read(&bound)?,
    };
    let glue = if artefact.bound {
        Some(shell::read(&folder.join("bound.js"))?)
    } else {
        None
    };
    Ok(Built {
        artefact,
        wasm,
        glue,
    })
}

fn compile(artefact: &Artefact, toolchain: &Toolchain, flags: &[String], to: &Path) -> Result {
    let mut cargo = toolchain.cargo(flags);
    cargo
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", artefact.opt_level)
        .args([
            "rustc",
            "--quiet",
            "--locked",
            "--release",
            "--package",
            "qingcloud-wasm",
            "--lib",
        ])
        .args(["--crate-type", "cdylib", "--target", TARGET, "--target-dir"])
        .arg(target_folder())
        .args(["--no-default-features", "--features", artefact.features])
        // JavaScript puts it back where a full stack has ended a call in the middle of the module.
        .args(["--", "-C", "link-arg=--export=__stack_pointer"])
        .args(artefact.codegen);
    shell::run(&mut cargo)?;
    let made = target_folder()
        .join(TARGET)
        .join("release/qingcloud_wasm.wasm");
    shell::write(to, &shell::read(&made)?)
}

/// Runs wasm-bindgen: `bound.wasm` and `bound.js` in `folder`.
fn bind(artefact: &Artefact, compiled: &Path, folder: &Path) -> Result {
    let sentence = |error| {
        format!(
            "wasm-bindgen failed on the {} module: {error:#}.",
            artefact.name
        )
    };
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(compiled)
        .out_name("bound")
        .web(true)
        .map_err(sentence)?
        // Bundlers would follow the default path and copy a file that nobody loads.
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .typescript(false);
    let output = folder.join("bindgen");
    shell::empty(&output)?;
    bindgen.generate(&output).map_err(sentence)?;
    shell::write(
        &folder.join("bound.js"),
        &shell::read(&output.join("bound.js"))?,
    )?;
    shell::write(
        &folder.join("bound.wasm"),
        &shell::read(&output.join("bound_bg.wasm"))?,
    )
}

/// Runs `wasm-opt`, unless it has seen the same bytes last time.
fn optimise(bound: &Path, folder: &Path) -> Result<PathBuf> {
    let (seen, optimised) = (folder.join("seen.wasm"), folder.join("optimised.wasm"));
    let input = shell::read(bound)?;
    if optimised.exists() && std::fs::read(&seen).is_ok_and(|last| last == input) {
        return Ok(optimised);
    }
    let mut wasm_opt = npm::node("pkg", "node_modules/binaryen/bin/wasm-opt");
    // Nobody reads who made a module and for which features, and gzip hardly shrinks such words.
    wasm_opt.args(["-Oz", "--strip-producers", "--strip-target-features"]);
    wasm_opt.arg(bound).arg("-o").arg(&optimised);
    shell::run(&mut wasm_opt)?;
    shell::write(&seen, &input)?;
    Ok(optimised)
}

/// Everything that a compiled module depends on, as one number.
fn stamp(artefact: &Artefact, toolchain: &Toolchain, flags: &[String]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    toolchain.describe()?.hash(&mut hasher);
    flags.hash(&mut hasher);
    let root = shell::root();
    let mut files = vec![
        root.join("Cargo.toml"),
        root.join("Cargo.lock"),
        root.join("build.rs"),
    ];
    files.extend(["wasm.rs", "toolchain.rs"].map(|name| root.join("xtask/src").join(name)));
    let src = root.join("src");
    let is_part = |file: &PathBuf| {
        !artefact
            .without
            .iter()
            .any(|other| file.starts_with(src.join(other)))
    };
    files.extend(shell::files_below(&src)?.into_iter().filter(is_part));
    files.sort();
    for file in files.into_iter().filter(|file| file.exists()) {
        file.strip_prefix(&root).unwrap_or(&file).hash(&mut hasher);
        shell::read(&file)?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn target_folder() -> PathBuf {
    shell::root().join(std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

fn work_folder() -> PathBuf {
    target_folder().join("package")
}
