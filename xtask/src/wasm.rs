//! Compiles the crate to its WebAssembly modules, binds those that need it and shrinks all.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use crate::npm;
use crate::shell::{self, Result};
use crate::short_names;
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
    source: &'static Source,
    form: Form,
    /// The emulator goes for speed, the others for size.
    opt_level: &'static str,
}

/// What of the crate a module is made of.
struct Source {
    features: &'static str,
    /// Folders and files of `src` that are no part of it.
    without: &'static [&'static str],
    /// Flags for the last step, in which all crates are optimised as one.
    codegen: &'static [&'static str],
    /// Whether wasm-bindgen makes its JavaScript; otherwise its exports are used as they are.
    bound: bool,
}

/// Where a module has to run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Everywhere, older browsers too: Safari has had SIMD only since 16.4. It is made to be small.
    Portable,
    /// Where SIMD is known to be there. A signature takes a sixth less time.
    Simd,
}

impl Form {
    /// Flags for all crates.
    fn flags(self) -> [&'static str; 2] {
        match self {
            // The hash as a loop: 2 KB of gzip less.
            Form::Portable => ["--cfg", "sha2_backend_soft=\"compact\""],
            // For `sha2` this feature is the choice of its own code.
            Form::Simd => ["-C", "target-feature=+simd128"],
        }
    }
}

const CLIENT: Source = Source {
    features: "client",
    without: &["emulator", "signer.rs"],
    // Inlining less takes 3 KB of gzip, and costs 2 % of a signature's time.
    codegen: &["-C", "llvm-args=-inline-threshold=8"],
    bound: true,
};

const EMULATOR: Source = Source {
    features: "emulator",
    without: &["client", "signer.rs"],
    codegen: &[],
    bound: true,
};

const SIGN: Source = Source {
    features: "signer",
    without: &["api", "client", "emulator"],
    // The deepest it goes is 12 KB, for JSON text of 128 levels; the usual megabyte is memory that a page would keep.
    codegen: &["-C", "link-arg=-zstack-size=65536"],
    bound: false,
};

/// What the package carries.
pub const ARTEFACTS: [Artefact; 5] = [
    Artefact {
        name: "client",
        source: &CLIENT,
        form: Form::Portable,
        opt_level: "z",
    },
    Artefact {
        name: "sign",
        source: &SIGN,
        form: Form::Portable,
        opt_level: "z",
    },
    Artefact {
        name: "emulator",
        source: &EMULATOR,
        form: Form::Portable,
        opt_level: "3",
    },
    Artefact {
        name: "client-simd",
        source: &CLIENT,
        form: Form::Simd,
        opt_level: "s",
    },
    Artefact {
        name: "sign-simd",
        source: &SIGN,
        form: Form::Simd,
        opt_level: "s",
    },
];

impl Artefact {
    /// Whether browsers load it, as text too.
    pub fn is_portable(&self) -> bool {
        self.form == Form::Portable
    }
}

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
    let built = |artefact: &'static Artefact| {
        let form = artefact.form.flags().map(String::from);
        let flags = [&flags[..], &form[..]].concat();
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
    // Cargo keeps one file for all of them, so it would recompile each of them every time.
    if std::fs::read(&stamp_file).is_ok_and(|last| last == stamp.as_bytes()) && compiled.exists() {
        println!("{}: unchanged", artefact.name);
    } else {
        println!("{}: compiling", artefact.name);
        compile(artefact, toolchain, flags, &compiled)?;
        if artefact.source.bound {
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
    let glue = if artefact.source.bound {
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
        .args(["--no-default-features", "--features"])
        .arg(artefact.source.features)
        // JavaScript puts it back where a full stack has ended a call in the middle of the module.
        .args(["--", "-C", "link-arg=--export=__stack_pointer"])
        .args(artefact.source.codegen);
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
    let mut output = bindgen.generate_output().map_err(sentence)?;
    let renamed = short_names::shorten(&mut output);
    let to = folder.join("bindgen");
    shell::empty(&to)?;
    output.emit(&to).map_err(sentence)?;
    let glue = shell::read(&to.join("bound.js"))?;
    let glue = renamed.in_glue(&String::from_utf8_lossy(&glue))?;
    shell::write(&folder.join("bound.js"), glue.as_bytes())?;
    shell::write(
        &folder.join("bound.wasm"),
        &shell::read(&to.join("bound_bg.wasm"))?,
    )
}

/// How `wasm-opt` is called.
const WASM_OPT: [&str; 4] = [
    "-Oz",
    // What is added to an address may become the offset of its load: no address of ours is made by wrapping around.
    "--low-memory-unused",
    // Nobody reads who made a module and for which features, and gzip hardly shrinks such words.
    "--strip-producers",
    "--strip-target-features",
];

/// Runs `wasm-opt`, unless it was called like this on the same bytes last time.
fn optimise(bound: &Path, folder: &Path) -> Result<PathBuf> {
    let (seen, optimised) = (folder.join("seen"), folder.join("optimised.wasm"));
    let input = [WASM_OPT.concat().into_bytes(), shell::read(bound)?].concat();
    if optimised.exists() && std::fs::read(&seen).is_ok_and(|last| last == input) {
        return Ok(optimised);
    }
    let mut wasm_opt = npm::node("pkg", "node_modules/binaryen/bin/wasm-opt");
    wasm_opt.args(WASM_OPT).arg(bound).arg("-o").arg(&optimised);
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
    files.extend(
        ["wasm.rs", "toolchain.rs", "short_names.rs"].map(|name| root.join("xtask/src").join(name)),
    );
    let src = root.join("src");
    let is_part = |file: &PathBuf| {
        !artefact
            .source
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
