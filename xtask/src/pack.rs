//! Fills `pkg/dist`: the modules, their glue, their text, then what node makes of the hand-written sources.

use crate::npm;
use crate::shell::{self, Result};
use crate::text;
use crate::wasm::{self, Mode};

/// `cargo xtask build`.
pub fn build(mode: Mode) -> Result {
    npm::ensure("pkg")?;
    let built = wasm::build(mode)?;
    let dist = shell::root().join("pkg/dist");
    shell::empty(&dist)?;
    for module in &built {
        let name = module.artefact.name;
        shell::write(&dist.join(format!("{name}.wasm")), &module.wasm)?;
        shell::write(
            &dist.join(format!("{name}-text.js")),
            text::module(&module.wasm).as_bytes(),
        )?;
        if let Some(glue) = &module.glue {
            shell::write(&dist.join(format!("{name}.js")), glue)?;
        }
    }
    shell::run(&mut npm::node("pkg", "build.mjs"))
}
