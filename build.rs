//! Turns `src/catalogue/*.json` into the static tables that `src/catalogue/mod.rs` reads.

#[path = "src/catalogue/build/exceptions.rs"]
mod exceptions;
#[path = "src/catalogue/build/source.rs"]
mod source;

use std::path::PathBuf;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/catalogue");
    let variable = |name| PathBuf::from(std::env::var_os(name).expect("cargo sets it"));
    let folder = variable("CARGO_MANIFEST_DIR").join("src/catalogue");
    let out = variable("OUT_DIR");
    let source = source::read(&folder);
    std::fs::write(out.join("exceptions.rs"), exceptions::rust(&source))
        .expect("OUT_DIR is writable");
}
