//! What `cargo xtask` does with the catalogue: bring new facts in.

mod curate;
mod import;
mod layout;

use std::path::{Path, PathBuf};

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

/// `src/catalogue` of this checkout.
fn source_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask has a parent folder")
        .join("src/catalogue")
}
