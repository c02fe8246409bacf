//! Fills `pkg/dist`: the modules, their glue, their text, then what node makes of the hand-written sources.

use crate::catalogue;
use crate::licences;
use crate::npm;
use crate::shell::{self, Result};
use crate::text;
use crate::wasm::{self, Mode};

/// Documents of the project that npm shows and ships only from the package's own folder.
const DOCUMENTS: [&str; 4] = ["CHANGELOG.md", "LICENSE", "README.md", "README.zh-CN.md"];

/// `cargo xtask build`.
pub fn build(mode: Mode) -> Result {
    npm::ensure("pkg")?;
    let built = wasm::build(mode)?;
    let dist = shell::root().join("pkg/dist");
    shell::empty(&dist)?;
    catalogue::write(&dist)?;
    for module in &built {
        let name = module.artefact.name;
        shell::write(&dist.join(format!("{name}.wasm")), &module.wasm)?;
        if module.artefact.is_portable() {
            let text = text::module(&module.wasm);
            shell::write(&dist.join(format!("{name}-text.js")), text.as_bytes())?;
        }
        if let Some(glue) = &module.glue {
            shell::write(&dist.join(format!("{name}.js")), glue)?;
        }
    }
    shell::write(
        &dist.join("third-party.txt"),
        licences::notice()?.as_bytes(),
    )?;
    copy_documents()?;
    shell::run(&mut npm::node("pkg", "build.mjs"))
}

/// The documents, and the pages that the first of them links to.
fn copy_documents() -> Result {
    let (from, to) = (shell::root(), shell::root().join("pkg"));
    shell::empty(&to.join("docs"))?;
    let pages = shell::list(&from.join("docs"))?.into_iter();
    let pages = pages.filter(|page| page.extension().is_some_and(|ending| ending == "md"));
    for document in DOCUMENTS
        .map(|name| from.join(name))
        .into_iter()
        .chain(pages)
    {
        let name = document.strip_prefix(&from).unwrap_or(&document);
        shell::write(&to.join(name), &shell::read(&document)?)?;
    }
    Ok(())
}
