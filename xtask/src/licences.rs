//! The notice of what others wrote and the package carries, with the licence texts that this asks for.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::shell::{self, Result};
use crate::toolchain::TARGET;

/// The text for packages that name it in their manifest and carry no copy (SPDX, without its first line).
const MIT: &str = "\
Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the \"Software\"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
";

/// A package whose code ends up in ours.
struct Part {
    name: String,
    version: String,
    licence: String,
    folder: PathBuf,
}

/// The text of `dist/third-party.txt`.
///
/// Whatever may be used under Apache-2.0 is, because that text comes with the package anyway.
pub fn notice() -> Result<String> {
    let mut parts = rust_parts()?;
    parts.push(npm_part("yaml")?);
    let (apache, others): (Vec<&Part>, Vec<&Part>) =
        parts.iter().partition(|part| part.may_be_apache());

    let mut text = String::from(
        "This package carries code of the packages below.\n\n\
         Used under the Apache License 2.0, whose text is in the file LICENSE:\n\n  The Rust standard library\n",
    );
    for part in apache {
        text.push_str(&format!("  {} {}\n", part.name, part.version));
    }
    for part in others {
        text.push_str(&format!(
            "\n{0}\n{1} {2} ({3})\n\n",
            "-".repeat(80),
            part.name,
            part.version,
            part.licence
        ));
        text.push_str(&part.licence_text()?);
    }
    Ok(text)
}

impl Part {
    fn may_be_apache(&self) -> bool {
        self.licence.contains("Apache-2.0") && !self.licence.contains("AND")
    }

    fn licence_text(&self) -> Result<String> {
        let mut text = String::new();
        for file in shell::list(&self.folder)? {
            let name = file
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .to_uppercase();
            let is_licence = name.starts_with("LICENSE")
                || name.starts_with("LICENCE")
                || name.starts_with("COPYING");
            if is_licence && file.is_file() {
                text.push_str(String::from_utf8_lossy(&shell::read(&file)?).trim());
                text.push('\n');
            }
        }
        if text.is_empty() && self.licence == "MIT" {
            return Ok(format!(
                "Copyright (c) the authors of {}\n\n{MIT}",
                self.name
            ));
        }
        if text.is_empty() {
            return Err(format!(
                "{} {} has no licence text to ship.",
                self.name, self.version
            ));
        }
        Ok(text)
    }
}

/// What cargo links into the modules, without build scripts and procedural macros.
fn rust_parts() -> Result<Vec<Part>> {
    let tree = shell::output(
        shell::cargo()
            .args([
                "tree",
                "--locked",
                "--package",
                "qingcloud-wasm",
                "--target",
                TARGET,
            ])
            .args([
                "--no-default-features",
                "--features",
                "client,emulator,signer",
            ])
            .args([
                "--edges",
                "normal,no-proc-macro",
                "--prefix",
                "none",
                "--format",
                "{p}",
            ])
            .current_dir(shell::root()),
    )?;
    let linked: BTreeSet<(&str, &str)> = tree
        .lines()
        .filter_map(|line| line.split_once(" v"))
        .map(|(name, rest)| (name, first_word(rest)))
        .collect();

    let metadata = shell::output(
        shell::cargo()
            .args([
                "metadata",
                "--locked",
                "--all-features",
                "--format-version",
                "1",
            ])
            .current_dir(shell::root()),
    )?;
    let metadata: Value = serde_json::from_str(&metadata)
        .map_err(|error| format!("cargo's metadata cannot be read: {error}."))?;
    let packages = metadata["packages"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let parts = packages.iter().filter(|package| {
        // Our own package has no source; the licence of everything else must be told.
        let id = (text_of(&package["name"]), text_of(&package["version"]));
        !package["source"].is_null() && linked.contains(&id)
    });
    Ok(parts
        .map(|package| part(package, Path::new(text_of(&package["manifest_path"]))))
        .collect())
}

/// A package of pkg's development dependencies that is bundled into an entry.
fn npm_part(name: &str) -> Result<Part> {
    let manifest = shell::root()
        .join("pkg/node_modules")
        .join(name)
        .join("package.json");
    let package = serde_json::from_slice(&shell::read(&manifest)?)
        .map_err(|error| format!("{} cannot be read: {error}.", manifest.display()))?;
    Ok(part(&package, &manifest))
}

fn part(package: &Value, manifest: &Path) -> Part {
    Part {
        name: text_of(&package["name"]).to_owned(),
        version: text_of(&package["version"]).to_owned(),
        licence: text_of(&package["license"]).to_owned(),
        folder: manifest.parent().unwrap_or(manifest).to_path_buf(),
    }
}

fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn first_word(text: &str) -> &str {
    text.split(' ').next().unwrap_or_default()
}
