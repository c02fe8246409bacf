//! Turns `src/catalogue/*.json` into the static tables that `src/catalogue/mod.rs` reads.

#[path = "src/catalogue/build/mod.rs"]
mod catalogue;

use catalogue::{exceptions, facts, source, table};

use std::path::PathBuf;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/catalogue");
    let variable = |name| PathBuf::from(std::env::var_os(name).expect("cargo sets it"));
    let folder = variable("CARGO_MANIFEST_DIR").join("src/catalogue");
    let out = variable("OUT_DIR");
    let source = source::read(&folder);
    let write = |name: &str, content: &[u8]| {
        std::fs::write(out.join(name), content).expect("OUT_DIR is writable");
    };
    write("exceptions.rs", exceptions::rust(&source).as_bytes());
    let feature = |name| std::env::var_os(name).is_some();
    if feature("CARGO_FEATURE_CATALOGUE") {
        let table = table::pack(&source, feature("CARGO_FEATURE_EMULATOR"));
        write("table.rs", table.rust.as_bytes());
        write("facts.rs", facts::rust(&source).as_bytes());
        write("table.bin", &table.bytes);
    }
}
