//! What `cargo xtask` does with the catalogue: bring new facts in, write what other languages
//! read, and report.

#[allow(dead_code, reason = "the build script uses the rest")]
#[path = "../../../src/catalogue/build/mod.rs"]
mod build;
mod curate;
mod export;
mod import;
mod layout;
mod report;
mod typing_names;
mod typings;

use serde_json::Value;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// `catalogue`: prints the services and the size of the packed tables. `catalogue FOLDER`: writes
/// the generated files there.
///
/// # Errors
/// A sentence saying what cannot be read or written.
pub fn report(folder: Option<&str>) -> Result<(), String> {
    if let Some(folder) = folder {
        return write(Path::new(folder));
    }
    let source = build::source::read(&source_folder());
    print!("{}", report::services(&source));
    for (user, table) in report::tables(&source) {
        println!(
            "Packed table of the {user}: {} bytes, {} with gzip -9.",
            table.len(),
            gzip(&table)?
        );
    }
    Ok(())
}

/// How long `bytes` are after `gzip -9`.
fn gzip(bytes: &[u8]) -> Result<usize, String> {
    let failed = |error: std::io::Error| format!("gzip: {error}");
    let mut child = Command::new("gzip")
        .args(["-9", "-n", "-c"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let mut input = child.stdin.take().ok_or("gzip has no input")?;
    // Written beside the reading: a full pipe would stop both sides.
    std::thread::scope(|scope| {
        let writing = scope.spawn(move || input.write_all(bytes));
        let output = child.wait_with_output().map_err(failed)?;
        writing
            .join()
            .map_err(|_| "gzip: its input broke")?
            .map_err(failed)?;
        Ok(output.stdout.len())
    })
}

/// Writes what is generated from the catalogue into `out`, which is `pkg/dist`.
///
/// # Errors
/// The folder cannot be written.
pub fn write(out: &Path) -> Result<(), String> {
    let source = build::source::read(&source_folder());
    std::fs::create_dir_all(out).map_err(|error| format!("{}: {error}", out.display()))?;
    for (name, content) in [
        ("actions.d.ts", typings::typings(&source)),
        ("catalogue.json", export::json(&source)),
    ] {
        let file = out.join(name);
        std::fs::write(&file, content).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(())
}

/// Runs `import-catalogue REFERENCE_DIR`.
///
/// # Errors
/// A sentence saying which file or fact is wrong.
pub fn import(arguments: &[String]) -> Result<(), String> {
    let [reference] = arguments else {
        return Err("usage: cargo xtask import-catalogue REFERENCE_DIR".into());
    };
    let catalogue = source_folder();
    let curated = import::read(&catalogue.join("curated.json"))?;
    let files = import::convert(Path::new(reference), &curated)?;
    import::replace(&catalogue, &files)?;
    println!("{} files written", files.len());
    Ok(())
}

/// What a parameter is, in both languages; some words mean a filter in a read and something else
/// in other actions.
fn description<'a>(
    source: &'a build::source::Source,
    action: &Value,
    parameter: &Value,
) -> &'a Value {
    let name = build::source::text(&parameter["name"]);
    let filter = &source.descriptions["filters"][name];
    if action["class"] == "read" && filter.is_object() {
        return filter;
    }
    &source.descriptions["parameters"][name]
}

/// `src/catalogue` of this checkout.
fn source_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask has a parent folder")
        .join("src/catalogue")
}
